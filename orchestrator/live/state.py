"""The state of a live stack. It is written atomically, so that a program that was killed can resume from it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.engines.base import Frame
from orchestrator.engines.native.engine import CalibratedReader
from orchestrator.errors import RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits import ImageLayout
from orchestrator.live.frame_history import FrameHistory
from orchestrator.message import Message
from orchestrator.runtime.cache import DAMAGED
from orchestrator.runtime.serialization import Arrays, decode, encode
from orchestrator.session.model import Session
from orchestrator.stacking.canvas import CanvasPlan
from tilecore.detect.metrics import FrameMeasurement
from tilecore.stack.grid import TileGrid
from tilecore.stack.running_mean import RunningStack

__all__ = ["FILE", "FORMAT", "START_AGAIN", "WARM_UP", "Base", "LiveState", "StackedFrame", "load", "save"]

# Number of first frames that are compared with one another; later ones are compared with the mean.
WARM_UP = 6

FILE = "state.npz"
# Format of the state file; increased when its content changes.
FORMAT = 5
START_AGAIN = "To start again, remove its folder or choose another --run-id; the raw frames are not affected."


@dataclass(frozen=True)
class StackedFrame:
    """A frame that was processed: it is in the stack if ``reason`` is "". ``other`` is its filter if the stack shows another one:
    it is kept for the full run. ``id`` identifies its pixels; ``weight``, ``rejected`` and ``trails`` are those of
    :class:`orchestrator.live.stacking.Share`; the weight of the reference is 1. ``blocked`` is the share of the stack where it
    shows no stars and has no weight."""

    path: str
    stamp: tuple[int, int]
    id: str = ""
    reason: str = ""
    time: str = ""
    exposure: float = 0.0
    weight: float = 0.0
    fwhm: float = 0.0
    stars: int = 0
    transparency: float = 0.0
    rejected: float = 0.0
    trails: list[list[float]] = field(default_factory=list)
    other: str = ""
    blocked: float = 0.0


@dataclass(frozen=True)
class Base:
    """Data common to all frames, fixed by the first ones: the masters of the session in ``template`` (its file is a copy of the
    reference), whether there is a master ``dark``, the reference, the canvas, the tiles. ``bad`` and ``pattern`` were
    determined from the lights (:mod:`orchestrator.live.fixed_pattern`)."""

    session: Session
    template: CalibratedReader
    reference: Frame
    measurement: FrameMeasurement
    plan: CanvasPlan
    grid: TileGrid
    dark: bool
    bad: Path | None = None
    pattern: Path | None = None

    def reader(self, layout: ImageLayout) -> CalibratedReader:
        """A reader that calibrates and corrects a light."""
        return replace(self.template, layout=layout, bad=self.template.bad or self.bad, pattern=self.pattern)


@dataclass
class LiveState:
    """``history`` holds the frames with which the next one is compared; ``cleaned`` is the number of lights at the last update of
    the pattern."""

    base: Base | None = None
    stack: RunningStack | None = None
    history: FrameHistory | None = None
    frames: list[StackedFrame] = field(default_factory=list)
    cleaned: int = 0

    @property
    def begun_base(self) -> Base:
        """``base``, which exists from the first stacked frames on. RuntimeError before that."""
        if self.base is None:
            raise RuntimeError("the live stack has not begun: it has no reference yet")
        return self.base

    @property
    def begun(self) -> tuple[Base, RunningStack]:
        """``base`` and ``stack``, which exist from the first stacked frames on. RuntimeError before that."""
        if self.stack is None:
            raise RuntimeError("the live stack has not begun: it has no reference yet")
        return self.begun_base, self.stack

    @property
    def compared(self) -> FrameHistory:
        """``history``, which exists from the first stacked frames on. RuntimeError before that."""
        if self.history is None:
            raise RuntimeError("the live stack has not begun: it has no frame history yet")
        return self.history

    @property
    def stacked(self) -> list[StackedFrame]:
        return [f for f in self.frames if not f.reason]

    @property
    def left_out(self) -> list[StackedFrame]:
        """Frames that could not be used, without those of other filters."""
        return [f for f in self.frames if f.reason and not f.other]

    @property
    def others(self) -> dict[str, int]:
        """Number of frames of each filter that is not shown."""
        return dict(Counter(f.other for f in self.frames if f.other))

    @property
    def ids(self) -> dict[str, str]:
        """Identifier of the pixels -> path, for the frames in the stack."""
        return {f.id: f.path for f in self.stacked}


def save(state: LiveState, folder: Path) -> None:
    """Write the state atomically to one file."""
    if state.base is None or state.stack is None or state.history is None:
        return
    arrays: Arrays = {}
    base, history = ({f.name: encode(getattr(part, f.name), arrays, folder) for f in fields(part)}
                   for part in (state.base, state.history))
    text = json.dumps({"format": FORMAT, "base": base, "history": history, "cleaned": state.cleaned,
                       "frames": [asdict(f) for f in state.frames]})
    stack = {f"stack_{f.name}": getattr(state.stack, f.name) for f in fields(RunningStack)}
    with whole_file(folder / FILE) as stream:
        np.savez(stream, json=np.frombuffer(text.encode("ascii"), np.uint8), **arrays, **stack)  # type: ignore[arg-type]


def load(folder: Path) -> LiveState:
    """The state as last saved; an empty one if there is none.

    Raises
    ------
    RunError : it cannot be read, or was written by another version of the program.
    """
    path = folder / FILE
    if not path.exists():
        return LiveState()
    try:
        with np.load(path, allow_pickle=False) as file:
            content: dict[str, Any] = json.loads(file["json"].tobytes())
            if content.get("format", 1) != FORMAT:
                raise RunError(Message("The live stack {path} was written by another version of orchestrate.",
                                       path=path), START_AGAIN)
            arrays = {k: file[k] for k in file.files if k != "json"}
        base = Base(**{k: decode(v, arrays, folder) for k, v in content["base"].items()})
        history = FrameHistory(**{k: decode(v, arrays, folder) for k, v in content["history"].items()})
        stack = RunningStack(**{f.name: arrays[f"stack_{f.name}"] for f in fields(RunningStack)})
        frames = [StackedFrame(**{**f, "stamp": tuple(f["stamp"])}) for f in content["frames"]]
        return LiveState(base, stack, history, frames, int(content["cleaned"]))
    except DAMAGED as error:
        raise RunError(Message("The state of the live stack {path} cannot be read: {error}.", path=path,
                               error=error), START_AGAIN) from error
