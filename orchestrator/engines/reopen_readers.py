"""Readers of calibrated lights for a finished run: from the masters of the run if possible, otherwise from the session."""

from __future__ import annotations

from pathlib import Path

from orchestrator.config.settings import Calibration
from orchestrator.engines.base import FrameReader
from orchestrator.engines.native.engine import CalibratedReader, NativeEngine, with_no_data
from orchestrator.engines.native.masters import plain_layout, synthetic_level
from orchestrator.engines.scaled_dark import SCALED_DARK
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Session

__all__ = ["files_exist", "reopen"]


def reopen(session: Session, lights: list[FrameInfo], masters: Path | None, settings: Calibration, dark_scale: float,
           context: RunContext) -> list[FrameReader]:
    """One reader for each of ``lights``.

    ``masters`` is the folder of the native engine's masters. With None (another engine, whose masters may have the other row
    order) the masters are rebuilt from the session. Raises InputError for lights that no longer exist.
    """
    if masters is None:
        made = NativeEngine().calibrate(session, context)
        known = {info.path: reader for info, reader in zip(session.lights, made.readers, strict=True)}
        return [reader for info in lights if (reader := known[info.path]) is not None]

    def file(name: str) -> Path | None:
        path = masters / name
        return path if path.is_file() else None

    dark, bias = file(SCALED_DARK if session.dark_ratio != 1 else "master_dark.fit"), file("master_bias.fit")
    cfa = session.cfa is not None
    bad = file("bad_pixels.fit") if settings.cosmetic else None
    level = 0.0 if dark or bias else synthetic_level(settings.synthetic_bias)
    return [with_no_data(CalibratedReader(plain_layout(info, context.work), dark or bias, file("flat_divisor.fit"), bad, cfa,
                                          level, dark_scale, bias, file("fixed_pattern.fit")), context) for info in lights]


def files_exist(reader: FrameReader | None) -> bool:
    """Whether all files of a reader still exist."""
    if reader is None:
        return False
    files = [getattr(reader, name, None) for name in ("dark", "flat", "bad", "bias", "pattern", "blank")]
    return all(p.is_file() for p in (reader.layout.path, *files) if isinstance(p, Path))  # type: ignore[attr-defined]
