"""What a live stack has come to: on the disk it is whole, so that a program that is killed goes on from there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.engines.base import Frame
from orchestrator.engines.native import CalibratedReader
from orchestrator.errors import RunError
from orchestrator.files import whole_file
from orchestrator.phases.canvas import CanvasPlan
from orchestrator.run.cache import DAMAGED
from orchestrator.run.codec import Arrays, decode, encode
from orchestrator.session.model import Session
from tilecore.metrics import FrameMeasurement
from tilecore.running import RunningStack

__all__ = ["Base", "LiveState", "Taken", "load", "save"]

FILE = "state.npz"


@dataclass(frozen=True)
class Taken:
    """A frame that was looked at: in the stack when ``reason`` is "". ``id`` names its pixels; ``weight`` is that of its first
    channel, 1 for the reference; ``rejected`` is a share of its pixels."""

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


@dataclass(frozen=True)
class Base:
    """What all frames share, fixed by the first ones: the session's masters in ``template``, the reference, the canvas."""

    session: Session
    template: CalibratedReader
    reference: Frame
    measurement: FrameMeasurement
    plan: CanvasPlan


@dataclass
class LiveState:
    base: Base | None = None
    stack: RunningStack | None = None
    frames: list[Taken] = field(default_factory=list)

    @property
    def stacked(self) -> list[Taken]:
        return [f for f in self.frames if not f.reason]

    @property
    def ids(self) -> dict[str, str]:
        """Path of the frame in the stack with those pixels."""
        return {f.id: f.path for f in self.stacked}


def save(state: LiveState, folder: Path) -> None:
    """Write all of it under one name, at once."""
    if state.base is None or state.stack is None:
        return
    arrays: Arrays = {}
    base = {f.name: encode(getattr(state.base, f.name), arrays, folder) for f in fields(Base)}
    text = json.dumps({"base": base, "frames": [asdict(f) for f in state.frames]})
    stack = {f"stack_{f.name}": getattr(state.stack, f.name) for f in fields(RunningStack)}
    with whole_file(folder / FILE) as stream:
        np.savez(stream, json=np.frombuffer(text.encode("ascii"), np.uint8), **arrays, **stack)  # type: ignore[arg-type]


def load(folder: Path) -> LiveState:
    """The state as it was saved last; an empty one before. RunError when it cannot be read."""
    path = folder / FILE
    if not path.exists():
        return LiveState()
    try:
        with np.load(path, allow_pickle=False) as file:
            content: dict[str, Any] = json.loads(file["json"].tobytes())
            arrays = {k: file[k] for k in file.files if k != "json"}
        base = Base(**{k: decode(v, arrays, folder) for k, v in content["base"].items()})
        stack = RunningStack(**{f.name: arrays[f"stack_{f.name}"] for f in fields(RunningStack)})
        frames = [Taken(**{**f, "stamp": tuple(f["stamp"])}) for f in content["frames"]]
    except DAMAGED as error:
        raise RunError(f"The state of the live stack {path} cannot be read: {error}.",
                       "Remove its folder, or choose another --run-id, to begin anew; the frames are all there.") from error
    return LiveState(base, stack, frames)
