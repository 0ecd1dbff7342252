"""Calibrated and registered lights as files: numpy and Siril make the same of them as the run did."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator import RunConfig, scan
from orchestrator.engines.siril.sequence_file import format_seq, parse_seq
from orchestrator.pipeline.result import RunResult
from orchestrator.tools.process import Command, run_process
from orchestrator.tools.siril.cli import SirilProgram, siril_environment

# Pixels at the border, where frames fade in.
RIM = 24
PLAIN = {"input": {"min_frames": 3}, "astrometry": {"solver": "none"}, "canvas": {"extent": "reference"},
         "normalization": {"mode": "none"}, "weights": {"mode": "uniform"}, "stacking": {"rejection": "none", "trails": False},
         "bge": {"enabled": False}, "pcc": {"enabled": False},
         "output": {"calibrated": True, "registered": True, "report": False}}


@pytest.fixture(scope="module", params=["native", "siril"])
def result(request: pytest.FixtureRequest, simulated, finished) -> RunResult:
    folder, _ = simulated("tiny_mono", n_frames=5, n_dark=4, n_flat=4, n_bias=4)
    found: RunResult = finished(folder, PLAIN | {"engine": {"name": request.param}})
    return found


def images(folder: Path, pattern: str = "light_*.fit") -> NDArray[np.float32]:
    return np.array([fits.getdata(path) for path in sorted(folder.glob(pattern))])


def inner(data: NDArray[np.float32]) -> NDArray[np.float32]:
    return data[..., RIM:-RIM, RIM:-RIM]


def test_the_mean_of_registered_frames_is_the_stack(result: RunResult) -> None:
    frames = inner(images(result.directory / "outputs/registered"))
    assert len(frames) == 5 and (frames != 0).all()
    assert np.abs(frames.mean(axis=0) - inner(fits.getdata(result.products["stacked"]))).max() * 65535 < 0.01


def test_calibrated_frames_are_light_less_dark_over_flat(result: RunResult, simulated) -> None:
    folder, _ = simulated("tiny_mono", n_frames=5, n_dark=4, n_flat=4, n_bias=4)
    outputs = result.directory / "outputs"
    found = images(outputs / "calibrated")
    dark, flat = (fits.getdata(outputs / f"calibration/master_{kind}.fit") for kind in ("dark", "flat"))
    lights = np.array([fits.getdata(path) for path in sorted((folder / "lights").glob("*.fit"))], np.float32) / 65535
    ratio = (lights - dark) / flat / found  # the scale of the flat; replaced pixels are others
    assert np.mean(np.abs(ratio / np.median(ratio) - 1) < 1e-3) > 0.98
    header = fits.getheader(sorted((outputs / "calibrated").glob("*.fit"))[0])
    assert header["CALSTAT"] == "BDF" and header["EXPTIME"] == 30
    session = scan([outputs / "calibrated"], RunConfig.model_validate({"input": {"min_frames": 3}})).session
    assert len(session.lights) == 5


def test_siril_registers_the_calibrated_frames_as_the_run_did(result: RunResult, siril: SirilProgram, tmp_path: Path) -> None:
    outputs, work = result.directory / "outputs", tmp_path / "work"
    shutil.copytree(outputs / "calibrated", work)
    text = (work / "light_.seq").read_text()
    assert format_seq(parse_seq(text)).split("R0", 1)[1] == text.split("R0", 1)[1], "read as it was written"
    script, settings, home = tmp_path / "apply.ssf", tmp_path / "siril.ini", tmp_path / "home"
    script.write_text("requires 1.4.0\nseqapplyreg light_ -interp=lanczos4 -framing=current\n")
    settings.write_text("")
    home.mkdir()
    done = run_process(Command([siril.path, "-i", settings, "-d", work, "-s", script], env=siril_environment(home)),
                       log=tmp_path / "log.txt", tool="siril-cli", timeout=120)
    assert done.returncode == 0, done.last_lines
    ours, theirs = inner(images(outputs / "registered")), inner(images(work, "r_light_*.fit"))
    assert theirs.shape == ours.shape
    moved = inner(images(outputs / "calibrated"))
    assert all(np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.998 for a, b in zip(ours, theirs, strict=True))
    assert min(np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(ours, moved, strict=True)) < 0.9, "the frames were apart"
