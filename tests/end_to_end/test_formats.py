"""The same session in every format: whatever that of lights, darks, flats, biases and dark-flats, the pixels are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator import RunConfig, run
from orchestrator.engines.base import Engine
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.engines.siril.engine import SirilEngine
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.discovery import scan
from tests.format_writers import rewrite, write_tiff, write_xisf

ROLES = ("lights", "darks", "flats", "biases", "darkflats")
FORMATS = ("xisf", "ser", "packed tiff", "lossless dng", "cube")
# Each format in each role, in as many sessions as there are formats.
SQUARE = [FORMATS[k:] + FORMATS[:k] for k in range(len(FORMATS))]
ENGINES: dict[str, Callable[[], Engine]] = {"native": NativeEngine, "siril": SirilEngine}


@pytest.fixture(scope="module")
def source(simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with the cards that every format can hold."""
    full, _ = simulated("tiny_osc", pattern="RGGB", n_frames=4, n_dark=4, n_flat=4, n_bias=4)
    bare = tmp_path_factory.mktemp("bare")
    for path in (p for role in ROLES for p in (full / role).glob("*.fit")):
        data, header = fits.getdata(path, header=True)
        (bare / path.parent.name).mkdir(exist_ok=True)
        kept = fits.Header({key: header[key] for key in ("INSTRUME", "DATE-OBS", "BAYERPAT")})
        fits.PrimaryHDU(data, kept).writeto(bare / path.parent.name / path.name)
    return bare


def session(source: Path, target: Path, formats: Sequence[str]) -> Path:
    """The session with the folders of the roles in these formats."""
    for role, name in zip(ROLES, formats, strict=True):
        if (source / role).is_dir():
            rewrite(source / role, target / role, name)
    return target


def settings(engine: str, **calibration: Any) -> RunConfig:
    return RunConfig.model_validate({"engine": {"name": engine}, "input": {"min_frames": 3}, "astrometry": {"solver": "none"},
                                     "calibration": calibration})


def calibrated(folder: Path, work: Path, engine: str, **calibration: Any) -> NDArray[np.float32]:
    """The calibrated lights."""
    config = settings(engine, **calibration)
    found = scan([folder], config).session
    context = RunContext(config, work, EventLog(None), 1 << 30, 1)
    made = ENGINES[engine]().calibrate(found, context)
    assert not made.reasons, made.reasons
    return np.stack([reader.read() for reader in made.readers if reader is not None])


def stacked(folder: Path, runs: Path, engine: str) -> NDArray[np.float32]:
    result = run(folder, settings(engine), runs_dir=runs)
    assert result.error is None and result.status == "ok", (result.error, result.warnings)
    return np.asarray(fits.getdata(result.products["stacked_rgb"]))


@pytest.mark.parametrize("formats", SQUARE, ids=" ".join)
def test_every_format_in_every_role(source: Path, tmp_path: Path, formats: Sequence[str]) -> None:
    mixed = session(source, tmp_path / "session", formats)
    before = {p: p.read_bytes() for p in mixed.rglob("*") if p.is_file()}
    found = calibrated(mixed, tmp_path / "mixed", "native")
    assert np.array_equal(found, calibrated(source, tmp_path / "fits", "native"))
    assert {p: p.read_bytes() for p in mixed.rglob("*") if p.is_file()} == before, "the raw folder was written to"


@pytest.mark.tool("siril-cli")
@pytest.mark.slow
@pytest.mark.parametrize("formats", SQUARE, ids=" ".join)
def test_siril_receives_every_format_in_every_role(source: Path, tmp_path: Path, siril: Path, formats: Sequence[str]) -> None:
    found = calibrated(session(source, tmp_path / "session", formats), tmp_path / "mixed", "siril")
    assert np.array_equal(found, calibrated(source, tmp_path / "fits", "siril"))


@pytest.mark.parametrize("engine", [pytest.param("native"), pytest.param("siril", marks=[pytest.mark.tool("siril-cli"),
                                                                                           pytest.mark.slow])])
def test_masters_are_taken_in_every_format(source: Path, tmp_path: Path, siril: Path, engine: str) -> None:
    """A master of PixInsight is XISF with values from 0 to 1, compressed or not."""
    darks = sorted((source / "darks").glob("*.fit"))
    data = np.mean([fits.getdata(p) for p in darks], axis=0, dtype=np.float32) / np.float32(65535)
    header = fits.getheader(darks[0])
    header["IMAGETYP"] = "Master Dark"
    fits.PrimaryHDU(data, header).writeto(tmp_path / "dark.fits")
    masters = [tmp_path / "dark.fits", write_tiff(tmp_path / "a.tif", data, header),
               write_xisf(tmp_path / "a.xisf", data, header),
               write_xisf(tmp_path / "b.xisf", data, header, codec="zstd", shuffle=True)]
    wanted, *others = [calibrated(source, tmp_path / f"work{k}", engine, dark_master=m) for k, m in enumerate(masters)]
    assert wanted.std() > 0 and all(np.array_equal(wanted, other) for other in others)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xisf", "ser", "tiff", "dng", "lossless dng"])
def test_the_stack_is_the_same_in_every_format(source: Path, finished, tmp_path: Path, name: str) -> None:
    reference = finished(source, settings("native").model_dump(mode="json", exclude_unset=True))
    found = stacked(session(source, tmp_path / "session", (name,) * len(ROLES)), tmp_path / "runs", "native")
    assert np.array_equal(found, fits.getdata(reference.products["stacked_rgb"]))


@pytest.mark.tool("siril-cli")
@pytest.mark.slow
def test_siril_makes_the_same_stack(source: Path, tmp_path: Path, siril: Path) -> None:
    found = stacked(session(source, tmp_path / "session", SQUARE[0]), tmp_path / "runs", "siril")
    assert np.array_equal(found, stacked(source, tmp_path / "runs", "siril"))
