"""Measuring the lights, as units of work that any executor can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestrator.engines.base import FrameReader
from orchestrator.errors import InputError
from orchestrator.run.context import RunContext
from orchestrator.run.executor import Job
from tilecore.metrics import FrameMeasurement, measure

__all__ = ["MeasureJob", "measure_frames"]


@dataclass(frozen=True)
class MeasureJob(Job):
    """What all frames share; ``trails``: look for them."""

    cfa: str | None
    sigma: float
    max_stars: int
    saturation: float
    trails: bool


def measure_frames(context: RunContext, readers: Sequence[FrameReader], cfa: str | None,
                   message: str, saturation: float = 0.95) -> Iterator[FrameMeasurement | str]:
    """What each frame tells of itself, or why it cannot be read."""
    settings = context.config.registration
    job = MeasureJob(cfa, settings.detection_sigma, settings.max_stars, saturation, context.config.stacking.trails,
                     check=context.check)
    for done, found in enumerate(context.executor.frames(_measure, job, readers), 1):
        context.progress(done, len(readers), message)
        yield found


def _measure(job: MeasureJob, reader: FrameReader, threads: int) -> FrameMeasurement | str:
    job.stop_if_asked()
    try:
        return measure(reader.read(), job.cfa, sigma=job.sigma, max_stars=job.max_stars, saturation=job.saturation,
                       trails=job.trails)
    except InputError as error:
        return error.message
    except MemoryError:
        raise
    except Exception as error:  # pixels that no detector expects must cost this frame only
        return f"it cannot be measured ({type(error).__name__}: {error})"
