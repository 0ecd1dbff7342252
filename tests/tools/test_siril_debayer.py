"""The real Siril demosaics stacked mosaics of every pattern; if it fails, the native method does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from scipy.ndimage import gaussian_filter

from orchestrator import RunConfig, run
from orchestrator.config.settings import SirilEngine
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.siril.cli import SirilProgram
from orchestrator.tools.siril.debayer import debayer
from tilecore.cfa import mosaic as cfa


@pytest.mark.parametrize("pattern", cfa.PATTERNS)
def test_colours_come_out_for_every_pattern(siril: SirilProgram, tmp_path: Path, pattern: str) -> None:
    rng = np.random.default_rng(0)
    smooth = np.stack([gaussian_filter(rng.random((80, 100)), 3) for _ in range(3)])
    rgb = (smooth * np.array([0.5, 0.3, 0.2])[:, None, None]).astype(np.float32)
    y, x = np.mgrid[:80, :100]
    mosaic = np.take_along_axis(rgb, cfa.color_map(pattern)[y % 2, x % 2][None], 0)[0]
    found = debayer(siril, mosaic, pattern, ToolEnvironment(tmp_path / "my work", tmp_path, tmp_path), SirilEngine())
    assert np.abs(found - rgb)[:, 8:-8, 8:-8].max() < 0.02
    # The measured pixels are those of the mosaic: nothing was turned over or exchanged.
    np.testing.assert_allclose(np.take_along_axis(found, cfa.color_map(pattern)[y % 2, x % 2][None], 0)[0], mosaic, atol=1e-6)


@pytest.mark.parametrize("works", [True, False])
def test_a_run_uses_siril_or_warns_that_it_could_not(simulated, siril: SirilProgram, tmp_path: Path, works: bool) -> None:
    folder, _ = simulated("tiny_osc", row_order="BOTTOM-UP")
    program = siril.path if works else tmp_path / "no-siril"
    settings = {"engine": {"name": "native", "siril": {"executable": str(program)}}, "bge": {"enabled": False},
                "debayer": {"stage": "last", "method": "siril"}, "pcc": {"enabled": False}}
    result = run(folder, RunConfig.model_validate(settings), runs_dir=tmp_path)
    assert result.error is None, result.error
    rgb = fits.getdata(result.products["stacked_rgb"]).astype(np.float32)
    mosaic, header = fits.getdata(result.products["stacked"]).astype(np.float32), fits.getheader(result.products["stacked_rgb"])
    named = fits.getheader(result.products["stacked"])["BAYERPAT"]
    ours = cfa.demosaic(mosaic, cfa.flip_vertical(named, mosaic.shape[0]), "malvar")
    covered = fits.getdata(result.products["coverage"]) > 0
    assert any("no-siril" in w for w in result.warnings) == (not works)
    assert f"demosaiced ({'siril' if works else 'malvar'})" in str(header["HISTORY"])
    difference = np.median(np.abs(rgb - ours)[:, covered])
    assert (0 < difference < 3e-4) if works else np.abs(rgb - ours)[:, covered].max() < 1e-6
