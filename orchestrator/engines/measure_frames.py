"""Measuring the lights, one frame per unit of work for any executor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.engines.base import FrameReader, saturation_of
from orchestrator.engines.no_data import missing_rows
from orchestrator.errors import InputError
from orchestrator.message import Message
from orchestrator.rundir.directory import file_hash
from orchestrator.runtime.cache import key_of, pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from tilecore.calibrate.no_data import with_noise
from tilecore.detect.metrics import FrameMeasurement, measure, without_stars_at
from tilecore.detect.stars import DetectionSettings

__all__ = ["MeasureJob", "measure_frames"]


@dataclass(frozen=True)
class MeasureJob(Job):
    """Settings of the measurement, the same for all frames; ``trails``: whether trails are searched for."""

    cfa: str | None
    sigma: float
    max_stars: int
    trails: bool


def measure_frames(context: RunContext, readers: Sequence[FrameReader], cfa: str | None,
                   message: str) -> Iterator[FrameMeasurement | str]:
    """Measure each frame; yields the measurement, or the reason why the frame cannot be read.

    Measurements are taken from the session cache where it has them, and stored in it. ``message`` labels the progress.
    """
    settings = context.config.registration
    job = MeasureJob(cfa, settings.detection_sigma, settings.max_stars, context.config.stacking.trails, check=context.check)
    keys: list[str] = [""] * len(readers)
    known: list[FrameMeasurement | None] = [None] * len(readers)
    if (cache := context.cache) is not None:
        masters = {path: file_hash(path) for path in {p for reader in readers for p in _masters(reader)}}
        keys = list(context.executor.frames(_key, KeyJob(job, masters, check=context.check), readers))
        known = [cache.get("scores", key) if key else None for key in keys]
    unknown = [r for r, k in zip(readers, known, strict=True) if k is None]
    at_once = min((context.frames_at_once(s) for s in {r.shape for r in unknown}), default=1)
    measured = context.executor.frames(_measure, job, unknown, at_once=at_once)
    for done, (key, before) in enumerate(zip(keys, known, strict=True), 1):
        found = next(measured) if before is None else before
        if cache is not None and key and before is None and not isinstance(found, str):
            cache.put("scores", key, found)
        context.progress(done, len(readers), message)
        if not isinstance(found, str):
            context.measured(readers[done - 1], found, cfa)
        yield found


@dataclass(frozen=True)
class KeyJob(Job):
    """How the frames are measured, and the hash of each master that calibrates them."""

    measuring: MeasureJob
    masters: dict[Path, str]


def _masters(reader: FrameReader) -> list[Path]:
    return [p for name in ("dark", "flat", "bad", "bias", "pattern") if isinstance(p := getattr(reader, name, None), Path)]


def _key(job: KeyJob, reader: FrameReader, threads: int) -> str:
    """Cache key of a frame's measurement, from its pixels, its masters and the settings; "" if it cannot be read."""
    job.stop_if_asked()
    settings = [getattr(job.measuring, name) for name in ("cfa", "sigma", "max_stars", "trails")]
    calibration = [getattr(reader, name, None) for name in ("cfa", "pedestal", "dark_scale", "saturation")]
    masters = [job.masters.get(getattr(reader, name, None)) for name in ("dark", "flat", "bad", "bias", "pattern")]  # type: ignore[arg-type]
    try:
        return key_of("scores", pixels_id(reader.layout), masters, calibration, settings)  # type: ignore[attr-defined]
    except OSError:
        return ""


def _measure(job: MeasureJob, reader: FrameReader, threads: int) -> FrameMeasurement | str:
    job.stop_if_asked()
    try:
        settings = DetectionSettings(job.sigma, job.max_stars, saturation_of(reader))
        data, blank = reader.read(), getattr(reader, "blank", None)
        if not isinstance(blank, Path):
            return measure(data, job.cfa, settings, trails=job.trails)
        missing = missing_rows(blank, 0, data.shape[-2])
        found = measure(with_noise(data, missing), job.cfa, settings, trails=job.trails)
        return without_stars_at(found, missing)
    except InputError as error:
        return error.message
    except MemoryError:
        raise
    except Exception as error:  # unexpected pixel values must cost this frame only
        return Message("it cannot be measured ({name}: {error})", name=type(error).__name__, error=error)
