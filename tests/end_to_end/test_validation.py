"""VALIDATION in whole runs: thresholds, status, exit code, and products that stay."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import RunConfig, run
from orchestrator.checks.record import CHECKS
from orchestrator.cli.main import cli
from orchestrator.errors import ExitCode
from orchestrator.report.check_words import CHECKS as CHECK_WORDS
from orchestrator.stacking import weighted_mean

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


def test_every_run_makes_the_seven_checks_and_measures_the_information(simulated, tmp_path: Path) -> None:
    session, _ = simulated("tiny_osc")
    result = run(session, RunConfig.model_validate(BASE), runs_dir=tmp_path)
    found = json.loads((result.directory / "artifacts" / "checks.json").read_text())
    assert [c["name"] for c in found["checks"]] == list(CHECKS)
    assert {c["status"] for c in found["checks"]} == {"passed"}
    assert all(c["figure"]["kind"] in ("map", "curve") for c in found["checks"])
    page = (result.directory / "artifacts" / "report.html").read_text("utf-8")
    assert all(words.title in page for words in CHECK_WORDS.values())


def test_a_rejection_that_takes_the_cores_of_stars_is_named(simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is in the stacking, which all other estimates of the run share."""
    session, _ = simulated("tiny_mono")
    outliers = weighted_mean._outliers

    def eats_cores(job, channel, group, cube, valid):
        mask = outliers(job, channel, group, cube, valid)
        high = cube > np.median(cube) + 40 * np.median(job.typical_noise[channel])
        mask[: len(group) // 2] |= high[: len(group) // 2].astype(np.uint8)
        faded = cube[len(group) // 2:]
        faded[high[len(group) // 2:]] *= 0.8
        return mask

    monkeypatch.setattr(weighted_mean, "_outliers", eats_cores)
    result = run(session, RunConfig.model_validate({**BASE, "runtime": {"workers": 1}}), runs_dir=tmp_path)
    assert result.status == "validation_failed"
    found = {c["name"]: c for c in json.loads((result.directory / "artifacts" / "checks.json").read_text())["checks"]}
    assert found["star_light"]["status"] == "failed" and "in the stack" in found["star_light"]["cause"]
    assert any(found["star_light"]["cause"][1:] in w for w in result.warnings)
