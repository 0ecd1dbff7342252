"""Scores of the frames of a session without a run: the phases of a run up to GLOBAL_METRICS, with the same cache."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.phases.metrics import frame_scores
from orchestrator.pipeline.registry import PHASES
from orchestrator.pipeline.runner import resolve_inputs
from orchestrator.report.wording import mount_of
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.resources import open_resources
from orchestrator.session.discovery import ScanReport, scan
from orchestrator.session.folders import check_roots
from orchestrator.stacking.frame_scores import FrameScore
from orchestrator.stacking.state import RunState

__all__ = ["SessionFrames", "list_frames", "score_session"]

logger = logging.getLogger(__name__)

LAST = "GLOBAL_METRICS"


@dataclass(frozen=True)
class SessionFrames:
    """The lights of a session and their scores.

    ``scores`` are those of the frames that could be registered, in order of time; ``left_out`` contains for each of them the
    reason why the selection excludes it ("" if it does not). ``refused`` are file and reason of the lights that a run would not
    use. ``thumbnails`` and ``matrices`` (frame to reference, 3x3) belong to ``scores``; ``shape`` is (rows, columns) of a frame.
    """

    report: ScanReport
    scores: tuple[FrameScore, ...] = ()
    left_out: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    thumbnails: tuple[NDArray[np.uint8], ...] = ()
    matrices: tuple[NDArray[np.float64], ...] = ()
    shape: tuple[int, int] = (0, 0)
    mount: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def kept(self) -> tuple[FrameScore, ...]:
        return tuple(s for s, why in zip(self.scores, self.left_out, strict=True) if not why)


def list_frames(roots: Sequence[Path], config: RunConfig) -> SessionFrames:
    """List the lights of a session from their headers only."""
    check_roots(roots)
    report = scan(roots, config)
    return SessionFrames(report, refused=tuple((str(e.path), e.reason) for e in report.exclusions))


def score_session(roots: Sequence[Path], config: RunConfig, *, runs_dir: Path = Path("runs"),
                  listeners: tuple[Listener, ...] = (), cancel: threading.Event | None = None) -> SessionFrames:
    """Measure, register and score the lights as in a run; the measurements go to the cache next to the runs in ``runs_dir``.

    Raises
    ------
    ConfigError, InputError : as for a run.
    """
    folders, config = resolve_inputs(roots, config)
    runs = Path(runs_dir).expanduser()
    with open_resources(config) as resources, tempfile.TemporaryDirectory(prefix="orchestrate_frames_") as scratch:
        context = RunContext(config, Path(scratch), EventLog(None, listeners), resources.budget, resources.workers,
                             cancel or threading.Event(), executor=resources.executor, cache=resources.cache(runs, config))
        state = RunState(folders)
        for phase in PHASES:
            context.check()
            context.events.phase = phase.name
            logger.info("%s: started", phase.name)
            phase.run(context, state)
            if phase.name == LAST:
                break
        if context.cache is not None:
            context.cache.trim(resources.cache_size)
        return _collected(state, context.events.warnings)


def _collected(state: RunState, warnings: list[str]) -> SessionFrames:
    frames, session, report = state.frames, state.session, state.scanned
    refused = [(str(e.path), e.reason) for e in session.excluded]
    refused += [(str(f.info.path), f.reason) for f in frames.frames if f.matrix is None or f.reader is None]
    logger.info("%d lights scored, %d not usable", len(frames.usable), len(refused))
    return SessionFrames(
        report, tuple(frame_scores(state)), state.left_out, tuple(refused), tuple(m.thumbnail for m in state.measurements),
        tuple(f.transform for f in frames.usable), frames.shape, mount_of(state.statistics),
        list(warnings))
