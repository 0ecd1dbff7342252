"""The panels of a live stack, each the stack of the lights of one pointing, and the lights that wait to become one.

The state of the first panel is in the folder of the live stack, those of others are in ``panels/NUMBER`` below it. The stacks
that were used last are in memory, the others on disk.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np

from orchestrator.live.add_frame import MeasuredLight
from orchestrator.live.arrivals import Stamp
from orchestrator.live.placing import Field, Place
from orchestrator.live.state import FILE, LiveState, StackedFrame, load, save
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo
from tilecore.detect.metrics import FrameMeasurement
from tilecore.stack.running_mean import RunningStack

__all__ = ["PANELS", "Panel", "Panels", "Waiting"]

# Folder of the panels in that of the live stack.
PANELS = "panels"
# Waiting lights that messages name.
NAMED = 5
# Share of the memory budget that the stacks of panels may have.
HELD = 0.25


@dataclass(eq=False)
class Panel:
    """A stack of lights of one pointing. ``context`` has its folder; ``place`` is where it is in the mosaic, None before that is
    known; ``reason`` is why it is not in the picture, "" if it is; ``ties`` are its stars that other panels show; ``saved`` and
    ``shown`` are the numbers of its frames that were saved and that are in the picture."""

    number: int
    context: RunContext
    state: LiveState
    place: Place | None = None
    reason: str = ""
    ties: int = 0
    saved: int = 0
    shown: int = 0

    @property
    def lead(self) -> tuple[FrameInfo, FrameMeasurement]:
        base = self.state.begun_base
        return base.reference.info, base.measurement

    @property
    def started(self) -> bool:
        return self.state.base is not None

    @property
    def label(self) -> str:
        return f"panel {self.number}"

    @property
    def bytes_held(self) -> int:
        """Bytes of the stack in memory."""
        stack = self.state.stack
        return 0 if stack is None else sum(a.nbytes for a in vars(stack).values())


@dataclass(eq=False)
class Waiting:
    """Lights of one pointing that no panel shows. ``touches``: their stars agree with those of another field."""

    lights: list[MeasuredLight]
    touches: bool = False
    place: Place | None = field(default=None, init=False)

    @property
    def lead(self) -> tuple[FrameInfo, FrameMeasurement]:
        return self.lights[0].info, self.lights[0].measurement

    @property
    def started(self) -> bool:
        return False

    @property
    def label(self) -> str:
        return Message("the field of {info}", info=self.lights[0].info.path.name)


class Panels:
    """The panels of a live stack in the folder of ``context``, as last saved, and ``waiting`` lights.

    Raises
    ------
    RunError : a saved state cannot be read, or was written by another version of the program.
    """

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self.waiting: list[Waiting] = []
        self._all = [Panel(1, context, load(context.directory))]
        folders = (p for p in (context.directory / PANELS).glob("*") if p.name.isdecimal() and (p / FILE).is_file())
        for folder in sorted(folders, key=lambda p: int(p.name)):
            panel = Panel(int(folder.name), replace(context, directory=folder), load(folder))
            panel.state.stack = None  # read when it is needed
            self._all.append(panel)
        for panel in self._all:
            panel.saved = len(panel.state.frames)
        # In the order of their use, the last one last.
        self._recent = [*self._all[1:], self._all[0]]

    @property
    def begun(self) -> list[Panel]:
        """The panels that have a stack."""
        return [p for p in self._all if p.started]

    @property
    def last(self) -> Panel:
        """The panel that was used last; the first one, without a stack, before any has begun."""
        return self._recent[-1]

    @property
    def fields(self) -> list[Field]:
        """Everything a light can belong to, what was used last first."""
        return [*(p for p in reversed(self._recent) if p.started), *reversed(self.waiting)]

    @property
    def frames(self) -> list[StackedFrame]:
        """All frames that were processed, panel by panel."""
        return [f for p in self._all for f in p.state.frames]

    @property
    def stacked(self) -> list[StackedFrame]:
        return [f for p in self._all for f in p.state.stacked]

    @property
    def left_out(self) -> list[StackedFrame]:
        return [f for p in self._all for f in p.state.left_out]

    @property
    def others(self) -> dict[str, int]:
        """Number of frames of each filter that is not shown."""
        return dict(sum((Counter(p.state.others) for p in self._all), Counter()))

    @property
    def ids(self) -> dict[str, str]:
        """Identifier of the pixels -> path, for the frames in the stacks and those that wait."""
        return {k: v for p in self._all for k, v in p.state.ids.items()} | {
            light.id: str(light.info.path) for light in self.lights_waiting}

    @property
    def lights_waiting(self) -> list[MeasuredLight]:
        return [light for w in self.waiting for light in w.lights]

    @property
    def names_waiting(self) -> str:
        """The names of the first lights that wait, for messages; "" if none does."""
        names = [light.info.path.name for light in self.lights_waiting]
        return ", ".join(names[:NAMED]) + (" ..." if len(names) > NAMED else "")

    @property
    def usual_stars(self) -> float:
        """The number of stars that lights usually show; 0 without any."""
        known = [f.stars for f in self.stacked] + [light.measurement.star_count for light in self.lights_waiting]
        return float(np.median(known)) if known else 0.0

    def refuse(self, path: str, stamp: Stamp, reason: str, other: str = "") -> str:
        """Record that a file is left out; ``other`` is its filter if that is not shown."""
        self.last.state.frames.append(StackedFrame(path, stamp, reason=reason, other=other))
        return reason

    def use(self, panel: Panel) -> LiveState:
        """The state of a panel with its stack in memory; those that were not used for longest go to disk."""
        if panel.started and panel.state.stack is None:
            panel.state.stack = load(panel.context.directory).stack
        if panel in self._all:
            self._recent.remove(panel)
        else:
            self._all.append(panel)
        self._recent.append(panel)
        held = [p for p in self._recent if p.state.stack is not None]
        while len(held) > 1 and sum(p.bytes_held for p in held) > HELD * self._context.memory_budget:
            oldest = held.pop(0)
            self.save(oldest)
            oldest.state.stack = None
        return panel.state

    def new(self) -> Panel:
        """A panel without lights; it belongs to the live stack when it is used."""
        if not self._all[0].started:
            return self._all[0]
        number = self._all[-1].number + 1
        return Panel(number, replace(self._context, directory=self._context.folder(f"{PANELS}/{number}")), LiveState())

    def stack_of(self, panel: Panel) -> RunningStack:
        """The stack of a panel, which is read if it is on disk, and does not stay in memory then."""
        state = panel.state if panel.state.stack is not None else load(panel.context.directory)
        return state.begun[1]

    def save(self, panel: Panel) -> None:
        """Write the state of a panel, if it has changed."""
        if panel.state.stack is not None and len(panel.state.frames) != panel.saved:
            save(panel.state, panel.context.directory)
            panel.saved = len(panel.state.frames)

    def save_all(self) -> None:
        """Write all states that have changed."""
        for panel in self._all:
            self.save(panel)
