"""Readers of calibrated lights for a run that has ended: from its own masters where they serve, else from the session."""

from __future__ import annotations

from pathlib import Path

from orchestrator.config.settings import Calibration
from orchestrator.engines.base import FrameReader
from orchestrator.engines.native.engine import CalibratedReader, NativeEngine
from orchestrator.engines.native.masters import plain_layout, synthetic_level
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Session

__all__ = ["is_there", "reopen"]


def reopen(session: Session, lights: list[FrameInfo], masters: Path | None, settings: Calibration, dark_scale: float,
           context: RunContext) -> list[FrameReader]:
    """One reader a light of ``lights``.

    ``masters`` is the folder of the native engine's masters; None (another engine, whose masters may lie the other way up)
    makes them anew from the session. Raises InputError for lights that are gone.
    """
    if masters is None:
        made = NativeEngine().calibrate(session, context)
        known = {info.path: reader for info, reader in zip(session.lights, made.readers, strict=True)}
        return [reader for info in lights if (reader := known[info.path]) is not None]

    def file(name: str) -> Path | None:
        path = masters / name
        return path if path.is_file() else None

    dark, bias = file("master_dark.fit"), file("master_bias.fit")
    cfa = session.cfa is not None
    bad = file("bad_pixels.fit") if settings.cosmetic else None
    level = 0.0 if dark or bias else synthetic_level(settings.synthetic_bias)
    return [CalibratedReader(plain_layout(info, context.work), dark or bias, file("flat_divisor.fit"), bad, cfa, level,
                             dark_scale, bias, file("fixed_pattern.fit")) for info in lights]


def is_there(reader: FrameReader | None) -> bool:
    """Whether the files that a reader reads still exist."""
    if reader is None:
        return False
    files = [getattr(reader, name, None) for name in ("dark", "flat", "bad", "bias", "pattern")]
    return all(p.is_file() for p in (reader.layout.path, *files) if isinstance(p, Path))  # type: ignore[attr-defined]
