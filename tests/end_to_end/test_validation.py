"""VALIDATION in whole runs: thresholds, status, exit code, and products that stay."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import RunConfig, run
from orchestrator.cli.main import cli
from orchestrator.errors import ExitCode

BASE = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}}
STRICT = {"max_fwhm_growth": 0.01, "max_noise_growth": 0.01, "max_seam": 1e-9, "max_flux_scatter": 1e-9, "max_flux_drift": 1e-9,
          "min_information": 1.0, "min_information_extended": 1.0, "min_effective_share": 1.0}


@pytest.mark.parametrize("preset", ["tiny_mono", pytest.param("tiny_osc", marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", ["best", "quality", "snr", "psf_snr", "uniform"])
def test_good_runs_pass_in_every_mode(simulated, tmp_path: Path, preset: str, mode: str) -> None:
    session, _ = simulated(preset)
    result = run(session, RunConfig.model_validate({**BASE, "weights": {"mode": mode}}), runs_dir=tmp_path)
    assert result.status == "ok", result.warnings
    told = json.loads((result.directory / "artifacts" / "validation.json").read_text())
    assert len(told["criteria"]) == 8 and not any(c["failed"] for c in told["criteria"])
    channels = len(told["noise_by_scale_adu"])
    assert all(len(told["information"][size]["tiles"]) == channels for size in ("point", "small", "extended"))
    if mode == "uniform":
        assert told["fluxes"]["scatter"] < 0.002 and told["fwhm_px"] == pytest.approx(told["fwhm_plain_mean_px"], rel=0.02)


def test_a_miss_is_told_with_reasons_and_the_products_stay(simulated, tmp_path: Path) -> None:
    session, _ = simulated("tiny_mono")
    good = run(session, RunConfig.model_validate(BASE), runs_dir=tmp_path, run_id="good")
    file = tmp_path / "strict.yaml"
    file.write_text(json.dumps({**BASE, "validation": STRICT}), "utf-8")
    done = CliRunner().invoke(cli, ["run", str(session), "--config", str(file), "--runs-dir", str(tmp_path), "--run-id", "strict",
                                    "--json"], standalone_mode=False)
    told = json.loads(done.stdout)
    assert done.return_value == ExitCode.VALIDATION_FAILED == told["exit_code"] and told["status"] == "validation_failed"
    assert told["error"] is None
    reasons = [w for w in told["warnings"] if w.startswith("Validation:")]
    assert len(reasons) >= 5 and all("try --set" in r for r in reasons)
    assert set(told["products"]) == set(good.products)
    for name in ("stacked", "variance", "stacked_bge"):
        assert np.array_equal(fits.getdata(told["products"][name]), fits.getdata(good.products[name]))
