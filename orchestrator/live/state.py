"""What a live stack has come to: on the disk it is whole, so that a program that is killed goes on from there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame
from orchestrator.engines.native.engine import CalibratedReader
from orchestrator.errors import RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits import ImageLayout
from orchestrator.live.frame_history import Known
from orchestrator.runtime.cache import DAMAGED
from orchestrator.runtime.serialization import Arrays, decode, encode
from orchestrator.session.model import Session
from orchestrator.stacking.canvas import CanvasPlan
from tilecore.detect.metrics import FrameMeasurement
from tilecore.stack.grid import TileGrid
from tilecore.stack.running_mean import RunningStack

__all__ = ["ANEW", "FORMAT", "WARM_UP", "Base", "LiveState", "Taken", "load", "save", "told_of", "what_of_others"]

# Frames that are compared with one another before any is compared with their mean.
WARM_UP = 6

FILE = "state.npz"
# Changes with what is in the file.
FORMAT = 3
ANEW = "Remove its folder, or choose another --run-id, to begin anew; the frames are all there."


@dataclass(frozen=True)
class Taken:
    """A frame that was looked at: in the stack when ``reason`` is "". ``other`` is its filter where the stack shows another one:
    it is kept for the full run. ``id`` names its pixels; ``weight``, ``rejected`` and
    ``trails`` are those of :class:`orchestrator.live.stacking.Share`, the reference's weight is 1."""

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


@dataclass(frozen=True)
class Base:
    """What all frames share, fixed by the first ones: the session's masters in ``template`` (its file is a copy of the
    reference), whether there is a ``dark`` among them, the reference, the canvas, the tiles. ``bad`` and ``pattern`` were
    found in the lights (:mod:`orchestrator.live.fixed_pattern`)."""

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
        """Calibrates and cleans a light."""
        return replace(self.template, layout=layout, bad=self.template.bad or self.bad, pattern=self.pattern)


@dataclass
class LiveState:
    """``known`` are frames with which the next one is compared; the pattern was last taken from ``cleaned`` lights."""

    base: Base | None = None
    stack: RunningStack | None = None
    known: Known | None = None
    frames: list[Taken] = field(default_factory=list)
    cleaned: int = 0

    @property
    def stacked(self) -> list[Taken]:
        return [f for f in self.frames if not f.reason]

    @property
    def left_out(self) -> list[Taken]:
        """Frames that are bad, not those of other filters."""
        return [f for f in self.frames if f.reason and not f.other]

    @property
    def others(self) -> dict[str, int]:
        """Frames of the filters that are kept for the full run."""
        return dict(Counter(f.other for f in self.frames if f.other))

    @property
    def ids(self) -> dict[str, str]:
        """Path of the frame in the stack with those pixels."""
        return {f.id: f.path for f in self.stacked}


def told_of(others: Mapping[str, int]) -> str:
    """Filters that are not shown, in words."""
    return ", ".join(f"{name} ({count})" for name, count in others.items())


def what_of_others(config: RunConfig) -> str:
    """What becomes of lights of filters that the stack does not show."""
    return "left out by input.filter" if config.input.filter else "kept for the full run"


def save(state: LiveState, folder: Path) -> None:
    """Write all of it under one name, at once."""
    if state.base is None or state.stack is None or state.known is None:
        return
    arrays: Arrays = {}
    base, known = ({f.name: encode(getattr(part, f.name), arrays, folder) for f in fields(part)}
                   for part in (state.base, state.known))
    text = json.dumps({"format": FORMAT, "base": base, "known": known, "cleaned": state.cleaned,
                       "frames": [asdict(f) for f in state.frames]})
    stack = {f"stack_{f.name}": getattr(state.stack, f.name) for f in fields(RunningStack)}
    with whole_file(folder / FILE) as stream:
        np.savez(stream, json=np.frombuffer(text.encode("ascii"), np.uint8), **arrays, **stack)  # type: ignore[arg-type]


def load(folder: Path) -> LiveState:
    """The state as it was saved last; an empty one before.

    Raises
    ------
    RunError : it cannot be read, or another version of the program wrote it.
    """
    path = folder / FILE
    if not path.exists():
        return LiveState()
    try:
        with np.load(path, allow_pickle=False) as file:
            content: dict[str, Any] = json.loads(file["json"].tobytes())
            if content.get("format", 1) != FORMAT:
                raise RunError(f"The live stack {path} is of another version of orchestrate, which weighed frames otherwise.",
                               ANEW)
            arrays = {k: file[k] for k in file.files if k != "json"}
        base = Base(**{k: decode(v, arrays, folder) for k, v in content["base"].items()})
        known = Known(**{k: decode(v, arrays, folder) for k, v in content["known"].items()})
        stack = RunningStack(**{f.name: arrays[f"stack_{f.name}"] for f in fields(RunningStack)})
        frames = [Taken(**{**f, "stamp": tuple(f["stamp"])}) for f in content["frames"]]
        return LiveState(base, stack, known, frames, int(content["cleaned"]))
    except DAMAGED as error:
        raise RunError(f"The state of the live stack {path} cannot be read: {error}.", ANEW) from error
