"""Each light is calibrated with the masters of its own exposure, gain, binning and night by both engines.

The frames have no noise, and their true sky is known at every pixel."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import CalibrationResult, Engine
from orchestrator.engines.calibrate_groups import calibrate_groups
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.engines.siril.engine import SirilEngine
from orchestrator.io.fits import FULL_SCALE
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.discovery import scan
from orchestrator.session.model import Session
from orchestrator.tools.siril.cli import SirilProgram

SHAPE = (72, 96)
NIGHT = datetime(2026, 10, 1, 20)
SKY = 12.0  # ADU per second at gain 100
ROWS, COLUMNS = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float64)
# ADU per second: amplifier glow at the right, and a gradient.
DARK = 2 + 150 * np.exp(-(((COLUMNS - SHAPE[1]) / 20) ** 2)) + ROWS / 40
BIAS = 400 + COLUMNS / 4
VIGNETTING = 1 - 0.3 * ((ROWS / SHAPE[0] - 0.5) ** 2 + (COLUMNS / SHAPE[1] - 0.5) ** 2)


def dust(x: float, y: float) -> NDArray[np.float64]:
    return VIGNETTING * (1 - 0.15 * (np.hypot(COLUMNS - x, ROWS - y) < 6))


class Folder:
    """Writes frames: ``photons`` (ADU at gain 100) times the flat, dark current, gain and offset."""

    def __init__(self, root: Path) -> None:
        self.root, self.count = root, 0

    def add(self, role: str, number: int, photons: float, seconds: float, *, gain: float = 100, binning: int = 1,
            flat: NDArray[np.float64] = VIGNETTING, time: datetime = NIGHT, **cards: Any) -> None:
        for _ in range(number):
            self.count += 1
            signal = (photons * flat + DARK * seconds) * gain / 100
            pixels = signal + BIAS + (gain - 100) / 2
            if binning > 1:
                pixels = pixels.reshape(SHAPE[0] // binning, binning, SHAPE[1] // binning, binning).mean(axis=(1, 3))
            header = fits.Header([("IMAGETYP", role), ("EXPTIME", seconds), ("GAIN", gain), ("CCD-TEMP", -10.0),
                                  ("XPIXSZ", 3.76 * binning), ("XBINNING", binning), ("YBINNING", binning),
                                  ("DATE-OBS", (time + timedelta(seconds=self.count)).isoformat())])
            header.update({k.replace("_", "-"): v for k, v in cards.items()})
            path = self.root / ("biases" if role == "Bias" else f"{role.lower()}s") / f"{self.count:03d}.fit"
            path.parent.mkdir(parents=True, exist_ok=True)
            fits.writeto(path, np.clip(np.round(pixels), 0, FULL_SCALE).astype(np.uint16), header)


@pytest.fixture(params=["native", "siril"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "native":
        return NativeEngine()
    program: SirilProgram = request.getfixturevalue("siril")
    return SirilEngine(program)


def calibrated(engine: Engine, root: Path, tmp_path: Path, **calibration: Any) -> tuple[Session, CalibrationResult]:
    config = RunConfig.model_validate({"calibration": {"cosmetic": False, "fixed_pattern": "none"} | calibration})
    session, run = scan([root], config).session, tmp_path / "run"
    (run / "logs").mkdir(parents=True)
    (run / ".lock").touch()  # a run directory
    return session, calibrate_groups(engine, session, RunContext(config, run, EventLog(None), 2**30, 2))


def skies(session: Session, result: CalibrationResult) -> list[float]:
    """Worst relative error of the sky of each calibrated light; the level is in its own gain."""
    errors = []
    for info, reader in zip(session.lights, result.readers, strict=True):
        assert reader is not None
        pixels = reader.read().astype(np.float64) * FULL_SCALE
        level = np.median(pixels)
        truth = SKY * (info.exposure or 0) * (info.gain or 0) / 100
        assert abs(level / truth - 1) < 0.15  # the flat is normalised to its centre
        errors.append(float(np.abs(pixels / level - 1).max()))
    return errors


def test_two_exposures_gains_and_binnings(engine: Engine, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "s")
    for seconds, gain, binning in ((120.0, 100, 1), (30.0, 100, 1), (120.0, 200, 1), (120.0, 100, 2)):
        folder.add("Light", 3, SKY * seconds, seconds, gain=gain, binning=binning)
        folder.add("Dark", 3, 0, seconds, gain=gain, binning=binning)
    for binning in (1, 2):
        folder.add("Bias", 3, 0, 0.0, binning=binning)
        folder.add("Flat", 3, 25000, 1.0, binning=binning)
    session, result = calibrated(engine, folder.root, tmp_path)
    assert {g.name for g in session.groups} == {"bin1_gain100_120s", "bin1_gain100_30s", "bin1_gain200_120s", "bin2_gain100_120s"}
    assert max(skies(session, result)) < 0.01
    assert "dark_bin1_gain100_30s" in result.masters and not result.reasons


def test_flats_have_dark_flats_of_their_exposure(engine: Engine, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "s")
    folder.add("Light", 3, SKY * 60, 60.0)
    folder.add("Dark", 3, 0, 60.0)
    for seconds, count in ((20.0, 3), (1.0, 8)):
        folder.add("Flat", 3, 25000, seconds)
        folder.add("Darkflat", count, 0, seconds)
    session, result = calibrated(engine, folder.root, tmp_path)
    assert max(skies(session, result)) < 0.005 and not session.warnings


def test_flats_of_each_night(engine: Engine, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "s")
    later = NIGHT + timedelta(days=60)
    for time, flat in ((NIGHT, dust(30, 20)), (later, dust(60, 50))):
        folder.add("Light", 3, SKY * 60, 60.0, flat=flat, time=time)
        folder.add("Flat", 3, 25000, 1.0, flat=flat, time=time + timedelta(hours=9))
    folder.add("Dark", 3, 0, 60.0)
    folder.add("Bias", 3, 0, 0.0)
    session, result = calibrated(engine, folder.root, tmp_path)
    assert len(session.groups) == 2 and max(skies(session, result)) < 0.01


def test_darks_of_another_exposure_are_scaled(engine: Engine, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "s")
    folder.add("Light", 3, SKY * 60, 60.0)
    folder.add("Dark", 3, 0, 150.0)
    folder.add("Bias", 3, 0, 0.0)
    folder.add("Flat", 3, 25000, 1.0)
    session, result = calibrated(engine, folder.root, tmp_path)
    assert max(skies(session, result)) < 0.01 and any("scaled by 0.4" in note for note in session.notes)


def test_a_missing_flat_is_reported_by_both_engines(engine: Engine, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "s")
    folder.add("Light", 3, SKY * 60, 60.0)
    folder.add("Dark", 3, 0, 60.0)
    assert any(text.startswith("No flats") for text in calibrated(engine, folder.root, tmp_path)[1].warnings)
