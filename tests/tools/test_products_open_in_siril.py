"""Siril itself reads the products: size, channels, values, and which way up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, run
from orchestrator.tools.process import Command, run_process
from orchestrator.tools.siril.cli import SirilProgram, siril_environment


@pytest.mark.parametrize("row_order", ["TOP-DOWN", "BOTTOM-UP"])
def test_siril_loads_the_colour_stack_as_it_was_meant(simulated, siril: SirilProgram, tmp_path: Path, row_order: str) -> None:
    folder, _ = simulated("tiny_osc", row_order=row_order)
    result = run(folder, RunConfig.model_validate({"engine": {"name": "native"}}), runs_dir=tmp_path)
    assert result.error is None, result.error
    source = result.products["stacked_rgb"]
    ours, header = fits.getdata(source), fits.getheader(source)
    script, settings = tmp_path / "open.ssf", tmp_path / "siril.ini"
    settings.write_text("")
    home = tmp_path / "home"
    home.mkdir()
    script.write_text(f'requires 1.4.0\nload "{source}"\nsave reopened\nsavetif reopened -deflate\n')
    done = run_process(Command([siril.path, "-i", settings, "-d", tmp_path, "-s", script], env=siril_environment(home)),
                       log=tmp_path / "log.txt", tool="siril-cli", timeout=120)
    assert done.returncode == 0, done.last_lines
    again, again_header = fits.getdata(tmp_path / "reopened.fit"), fits.getheader(tmp_path / "reopened.fit")
    assert again.shape == ours.shape and again.shape[0] == 3
    assert np.abs(again - ours).max() < 1e-6
    assert again_header["ROWORDER"] == header["ROWORDER"] == row_order
    assert again_header["STACKCNT"] == header["STACKCNT"]
