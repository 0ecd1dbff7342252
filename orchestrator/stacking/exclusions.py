"""Frames that the user excludes from the stack (``stacking.exclude``): which tiles of which frames."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import ExcludedFrame
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.errors import ConfigError
from orchestrator.message import Message, counted
from orchestrator.report.wording import exclusion
from tilecore.stack.grid import TileGrid, touching
from tilecore.stack.tile_slots import TileSlots

if TYPE_CHECKING:
    from orchestrator.stacking.canvas import CanvasPlan

__all__ = ["excluded_tiles", "find_frame", "frames_left", "unique_name"]

# Fewest frames for a stack with rejection.
MIN_FRAMES = 2


def find_frame(frames: FrameSet, name: str) -> Frame:
    """The light with a name: a file name, with or without folders before it, or without its extension.

    Raises
    ------
    ConfigError : there is no such light, or more than one.
    """
    wanted = "/" + name.strip().lstrip("/")
    found = [f for f in frames.frames if f.info.path.as_posix().endswith(wanted)]
    found = found or [f for f in frames.frames if f.info.path.name.split(".")[0] == name.strip()]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(str(f.info.path) for f in found[:5])
        raise ConfigError(Message("{count} lights are named {name!r}: {several}.", count=len(found), name=name,
                                  several=several),
                          "Write the folder before the name, as FOLDER/FILE.")
    names = [f.info.path.name for f in frames.frames]
    near = difflib.get_close_matches(name.rpartition("/")[2], names, n=3, cutoff=0.5)
    raise ConfigError(Message("No light of this run is named {name!r}.", name=name),
                      f"Similar: {', '.join(near)}." if near else Message("Its lights are named like {names}.",
                                                                          names=names[0]) if names else "")


def unique_name(frames: FrameSet, frame: Frame) -> str:
    """The file name, preceded by as many folders as needed to make it unique among the lights."""
    parts = frame.info.path.parts
    others = [f.info.path.parts for f in frames.frames if f.index != frame.index]
    count = next((n for n in range(1, len(parts)) if all(o[-n:] != parts[-n:] for o in others)), len(parts))
    return "/".join(parts[-count:])


def excluded_tiles(entries: Sequence[ExcludedFrame], frames: FrameSet, plan: CanvasPlan, grid: TileGrid,
                   slots: TileSlots) -> NDArray[np.bool_]:
    """(K, ty, tx): the tiles of each usable frame, in its slot, whose window overlaps one of its excluded boxes.

    Raises
    ------
    ConfigError : there is no such frame, or a box is outside the canvas.
    """
    excluded = np.zeros(slots.values_shape, np.bool_)
    position = {f.index: i for i, f in enumerate(frames.usable)}
    height, width = plan.shape
    for entry in entries:
        index = find_frame(frames, entry.frame).index
        x0, y0, x1, y1 = entry.box or (0, 0, width, height)
        if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height:
            raise ConfigError(Message("{entry} is outside the stack of {width} x {height} pixels.", entry=exclusion(entry),
                                      width=width, height=height),
                              "Give pixels of the stack, counted from 0: x along its rows, y in the order of the file.")
        if index in position:  # frames that are not usable need no exclusion
            step = plan.step
            tiles = touching(grid, y0 // step, -(-y1 // step), x0 // step, -(-x1 // step))
            excluded |= tiles & (slots.frames == position[index])
    return excluded


def frames_left(excluded: NDArray[np.bool_], overlap: NDArray[np.floating]) -> int:
    """The smallest number of frames left in a tile from which one is excluded; ``overlap`` (K, ty, tx) is positive where a frame
    has data.

    Raises
    ------
    ConfigError : fewer than MIN_FRAMES frames are left.
    """
    touched = (excluded & (overlap > 0)).any(axis=0)
    if not touched.any():
        return len(excluded)
    least = int(((overlap > 0) & ~excluded).sum(axis=0)[touched].min())
    if least < MIN_FRAMES:
        frames = counted(least, "{count} frame", "{count} frames")
        raise ConfigError(Message("stacking.exclude leaves {frames} in a tile, {min_frames} are needed.", frames=frames,
                                  min_frames=MIN_FRAMES),
                          "Exclude fewer frames, or smaller boxes.")
    return least
