"""What a run shows while it works: the measurements of its frames, and the mean of those that it has measured so far."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameReader
from orchestrator.errors import OrchestrateError
from orchestrator.report.preview import Look, develop, write_png
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import PROGRESS_INTERVAL
from orchestrator.stacking.state import RunState, Stack
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register import align

__all__ = ["GrowingPicture", "reduced"]

# Longest side of the picture (px), about.
SIDE = 900
# Share of the time that the picture may take, after the first frames.
SHARE = 0.05
FIRST_FRAMES = 3
# Frames that are reported in one event, at most; the rest follows in the next.
FRAMES_AT_ONCE = 200
FILE = "growing.png"


class GrowingPicture:
    """Adds measured frames to a small mean, registered by their stars to the first of them.

    It reads frames again that are in the cache of the system, in the time that :data:`SHARE` allows, and touches nothing that the
    run computes with. Frames that do not match the first (other panels of a mosaic, clouds) are left out.
    """

    def __init__(self, context: RunContext, state: RunState, clock: Callable[[], float] = time.monotonic) -> None:
        self._context, self._state, self._clock = context, state, clock
        self._began = self._reported = self._drawn = clock()
        self._spent = 0.0
        self._frames: list[dict[str, Any]] = []
        self._number = 0
        self._stars: NDArray[np.void] | None = None
        self._sum = np.zeros((0, 0, 0), np.float32)
        self._count = np.zeros((0, 0), np.float32)
        self.added = 0

    def add(self, reader: FrameReader, found: FrameMeasurement, cfa: str | None) -> None:
        """Take note of a measured frame. Never raises: a picture is not worth a run."""
        begin = self._clock()
        self._report(reader, found, begin)
        if self.added >= FIRST_FRAMES and self._spent > SHARE * (begin - self._began):
            return
        try:
            if self._add_to_mean(reader, found, cfa):
                self._draw()
        except (OrchestrateError, OSError, MemoryError, cv2.error):
            pass
        self._spent += self._clock() - begin

    def _report(self, reader: FrameReader, found: FrameMeasurement, now: float) -> None:
        self._number += 1
        noise, fwhm = float(np.mean(found.noise)), float(found.fwhm)
        known = math.isfinite(fwhm) and noise > 0
        layout = getattr(reader, "layout", None)
        self._frames.append({
            "number": self._number, "file": str(getattr(layout, "path", "")), "stars": int(found.star_count),
            "fwhm_px": round(fwhm, 3) if known else None, "noise": noise, "background": float(np.mean(found.background)),
            # Information on point sources, as in the scores of frames.
            "information": 1 / (fwhm * noise) ** 2 if known else None})
        if now - self._reported >= PROGRESS_INTERVAL or len(self._frames) >= FRAMES_AT_ONCE:
            self._send(now)

    def _send(self, now: float) -> None:
        if self._frames:
            self._context.events.emit("frames_measured", frames=self._frames, total=len(self._state.session.lights))
            self._frames, self._reported = [], now

    def _add_to_mean(self, reader: FrameReader, found: FrameMeasurement, cfa: str | None) -> bool:
        if self._stars is None:
            small, step = reduced(reader, cfa)
            self._stars, self._sum, self._count = found.stars, small, np.ones(small.shape[1:], np.float32)
            self.added = 1
            return True
        try:
            matrix = align.match(found.stars, self._stars, "similarity").matrix
        except align.AlignmentError:
            return False
        small, step = reduced(reader, cfa)
        if small.shape != self._sum.shape:
            return False
        # From pixels of the frame to those of the picture, whose centres are at (step - 1) / 2 + k step.
        scale = np.array([[step, 0, (step - 1) / 2], [0, step, (step - 1) / 2], [0, 0, 1]])
        moved = (np.linalg.inv(scale) @ matrix @ scale)[:2]
        size = (small.shape[2], small.shape[1])
        self._sum += np.stack([cv2.warpAffine(plane, moved, size) for plane in small])
        self._count += cv2.warpAffine(np.ones(size[::-1], np.float32), moved, size)
        self.added += 1
        return True

    def _draw(self) -> None:
        """Write the picture; for each frame at first, later at intervals."""
        now = self._clock()
        if self.added > FIRST_FRAMES and now - self._drawn < 2 * PROGRESS_INTERVAL:
            return
        self._drawn = now
        mean = self._sum / np.maximum(self._count, 1e-3)
        self._write(np.where(self._count > 0.5, mean, 0).astype(np.float32), self.added)

    def phase_ended(self, phase: str) -> None:
        """Report what is left to report, and show the stack as soon as it exists, without the steps that follow it."""
        self._send(self._clock())
        if phase == "TILE_RECONSTRUCTION":
            with suppress(OrchestrateError, OSError, MemoryError):
                self._show_stack(self._state.reconstruction)

    def _show_stack(self, stack: Stack) -> None:
        mean = np.asarray(stack.mean)
        step = max(round(max(mean.shape[-2:]) / SIDE), 1)
        self._write(np.nan_to_num(np.ascontiguousarray(mean[:, ::step, ::step], np.float32)), self._number)

    def _write(self, image: NDArray[np.float32], frames: int) -> None:
        picture = develop(image if len(image) == 3 else image[0], Look("natural", linked=False, level_sky=True))
        pixels = np.rint(255 * (np.moveaxis(picture, 0, -1) if picture.ndim == 3 else picture)).astype(np.uint8)
        top_down = self._state.session.lights[0].top_down
        path = self._context.artifacts / FILE
        write_png(path, np.ascontiguousarray(pixels if top_down else pixels[::-1]))
        self._context.events.emit("growing_picture", path=str(path), frames=frames, total=len(self._state.session.lights))


def reduced(reader: FrameReader, cfa: str | None) -> tuple[NDArray[np.float32], int]:
    """A frame as (channels, rows, columns) means of squares of ``step`` pixels (even for a mosaic), and ``step``. Rows are read a
    few at a time."""
    rows, columns = reader.shape[-2:]
    step = max(math.ceil(max(rows, columns) / SIDE), 1)
    if cfa is not None:
        step += step % 2
    at_once = max(1024 // step, 1) * step
    parts = [_means(reader.read(first, min(first + at_once, rows // step * step)), cfa, step)
             for first in range(0, rows // step * step, at_once)]
    return np.concatenate(parts, axis=1), step


def _means(data: NDArray[np.float32], cfa: str | None, step: int) -> NDArray[np.float32]:
    if cfa is None:
        return np.stack([_squares(plane, step) for plane in (data if data.ndim == 3 else data[None])])
    cells = {"R": [], "G": [], "B": []}  # type: dict[str, list[NDArray[np.float32]]]
    for position, letter in enumerate(cfa):
        cells[letter].append(_squares(data[position // 2:: 2, position % 2:: 2], step // 2))
    return np.stack([np.mean(cells[letter], axis=0, dtype=np.float32) for letter in "RGB"])


def _squares(plane: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    rows, columns = (n // step for n in plane.shape)
    return np.asarray(plane[: rows * step, : columns * step].reshape(rows, step, columns, step).mean(axis=(1, 3)), np.float32)
