"""The canvas: the common pixel grid of a stack, and where frames are on it.

The canvas is a window of the reference frame's pixel grid, larger or smaller than the frame. Its channels are sampled
on the *channel grid*: every canvas pixel for mono and colour frames, every second one for the four planes of a mosaic
(``debayer: last``) and for superpixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.runtime.serialization import storable
from orchestrator.stacking.frame_map import FrameMap
from orchestrator.stacking.sky_grid import SkyGrid
from tilecore.register.align import apply
from tilecore.resample.pixel_map import FAR

__all__ = ["CanvasPlan", "Mode", "canvas_of"]

Mode = Literal["mono", "last", "first", "superpixel", "rgb"]


@storable()
@dataclass(frozen=True)
class CanvasPlan:
    """The canvas and its channels.

    ``shape`` is (rows, columns) of the full-resolution canvas, ``origin`` (x, y) of its first pixel in the coordinates
    of the reference frame without the distortion of its lens, or of the projection ``sky``. ``step`` is 1 or 2: canvas
    pixels per channel pixel. ``centers`` holds for each channel the (x, y) canvas position of its channel pixel (0, 0).
    ``star_colours`` is the usual light of stars in red, green and blue, ``star_fwhm`` their width in px; for demosaicing.
    """

    mode: Mode
    shape: tuple[int, int]
    origin: tuple[int, int]
    cfa: str | None
    channels: tuple[str, ...]
    step: int
    centers: tuple[tuple[float, float], ...]
    feather: float
    interpolation: str
    registered_pixels: bool
    reason: str = ""
    sky: SkyGrid | None = None
    star_colours: tuple[float, float, float] = (1.0, 1.0, 1.0)
    star_fwhm: float | None = None

    @property
    def pattern(self) -> str:
        """``cfa`` of a canvas of mosaic frames. ValueError for any other."""
        if self.cfa is None:
            raise ValueError(f"the frames are not CFA mosaics (debayer: {self.mode})")
        return self.cfa

    @property
    def channel_shape(self) -> tuple[int, int]:
        """(rows, columns) of the channel grid."""
        return self.shape[0] // self.step, self.shape[1] // self.step

    def to_canvas(self, frame: Frame) -> NDArray[np.float64]:
        """3x3: frame pixel -> canvas pixel (full resolution)."""
        shift = np.array([[1, 0, -self.origin[0]], [0, 1, -self.origin[1]], [0, 0, 1]], np.float64)
        return shift @ frame.transform

    def channel_to_canvas(self, channel: int) -> NDArray[np.float64]:
        """3x3: channel pixel -> canvas pixel."""
        x, y = self.centers[channel]
        return np.array([[self.step, 0, x], [0, self.step, y], [0, 0, 1]], np.float64)

    def to_channel(self, frame: Frame) -> NDArray[np.float64]:
        """3x3: frame pixel -> pixel of the first channel's grid."""
        return np.asarray(np.linalg.inv(self.channel_to_canvas(0)) @ self.to_canvas(frame), np.float64)

    def is_curved(self, frame: Frame) -> bool:
        """Whether no 3x3 matrix maps the frame to the canvas."""
        return frame.lens is not None or self.sky is not None

    def scale_of(self, frame: Frame) -> float:
        """Canvas pixels, at full resolution, per pixel of a frame."""
        return frame.scale if self.sky is None else frame.scale * self.sky.magnification

    def on_canvas(self, frame: Frame, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Canvas pixels (n, 2), at full resolution, of pixels of a frame."""
        if self.sky is not None:
            return np.nan_to_num(np.stack(self.full_map(frame).to_grid(*points.T), axis=1), nan=FAR)
        return apply(self.to_canvas(frame), frame.ideal(points))

    def on_channel(self, frame: Frame, points: NDArray[np.float64], channel: int = 0) -> NDArray[np.float64]:
        """Pixels (n, 2) of the grid of a channel of pixels of a frame."""
        if self.sky is not None:
            return np.nan_to_num(np.stack(self.frame_map(frame, channel).to_grid(*points.T), axis=1), nan=FAR)
        matrix = np.asarray(np.linalg.inv(self.channel_to_canvas(channel)) @ self.to_canvas(frame), np.float64)
        return apply(matrix, frame.ideal(points))

    def from_plane(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels (n, 2) of the first channel's grid of points on the plane of the reference."""
        (x, y), (ox, oy) = self.centers[0], self.origin
        if self.sky is not None:
            points = np.nan_to_num(np.stack(self.sky.from_plane(*points.T), axis=1), nan=FAR)
        return np.asarray((points - [ox, oy] - np.array([x, y])) / self.step)

    def in_frame(self, frame: Frame, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels (n, 2) of a frame of canvas pixels at full resolution."""
        if self.sky is not None:
            return np.nan_to_num(np.stack(self.full_map(frame).to_frame(*points.T), axis=1), nan=FAR)
        return frame.distorted(apply(np.asarray(np.linalg.inv(self.to_canvas(frame)), np.float64), points))

    def positions_in_frame(self, frame: Frame, x: NDArray[np.float64], y: NDArray[np.float64],
                           channel: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Frame coordinates of channel-grid positions (x, y); far outside where the frame has none."""
        if self.is_curved(frame):
            u, v = self.frame_map(frame, channel).to_frame(*np.broadcast_arrays(x, y))
            return np.nan_to_num(u, nan=FAR), np.nan_to_num(v, nan=FAR)
        matrix = np.linalg.inv(self.to_canvas(frame)) @ self.channel_to_canvas(channel)
        u, v, w = (matrix[i, 0] * x + matrix[i, 1] * y + matrix[i, 2] for i in range(3))
        return u / w, v / w

    def slopes(self, frame: Frame, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., 2, 2) derivatives of the position on the first channel's grid by the place in the frame, at positions (x, y) of
        that grid."""
        if self.is_curved(frame):
            steps = [self.positions_in_frame(frame, x + dx, y + dy) for dx, dy in ((-0.5, 0), (0.5, 0), (0, -0.5), (0, 0.5))]
            left, right, above, below = (np.stack(s, -1) for s in steps)
            return np.linalg.inv(np.stack([right - left, below - above], -1))
        matrix = self.to_channel(frame)
        u, v = self.positions_in_frame(frame, x, y)
        w = matrix[2, 0] * u + matrix[2, 1] * v + matrix[2, 2]
        place = np.stack([x, y], -1)
        return np.asarray((matrix[:2, :2] - place[..., :, None] * matrix[2, :2]) / w[..., None, None])

    def frame_map(self, frame: Frame, channel: int = 0, first: tuple[float, float] = (0.0, 0.0), every: int = 1) -> FrameMap:
        """The map between a frame, or planes of it, and the grid of a channel."""
        x, y = self.centers[channel]
        return FrameMap(frame, (self.origin[0] + x, self.origin[1] + y), self.step, first, every, self.sky)

    def full_map(self, frame: Frame) -> FrameMap:
        """The map between a frame and the canvas at full resolution."""
        return FrameMap(frame, (float(self.origin[0]), float(self.origin[1])), 1, sky=self.sky)


def canvas_of(frames: FrameSet, mode: Mode, origin: tuple[int, int], shape: tuple[int, int], feather: float,
              interpolation: str, reason: str = "") -> CanvasPlan:
    """The canvas with a given shape and ``origin`` (x, y of its first pixel in the reference frame, both even for mosaics)."""
    channels, centers = _channels(mode, frames.cfa)
    return CanvasPlan(mode, shape, origin, frames.cfa, channels, 2 if mode in ("last", "superpixel") else 1, centers, feather,
                      interpolation, frames.registered_pixels, reason)


def _channels(mode: Mode, cfa: str | None) -> tuple[tuple[str, ...], tuple[tuple[float, float], ...]]:
    if mode == "mono":
        return ("L",), ((0.0, 0.0),)
    if mode == "last":
        if cfa is None:
            raise ValueError("debayer: last needs frames with a CFA pattern")
        green = iter(("G1", "G2"))
        names = tuple(c if c != "G" else next(green) for c in cfa)
        return names, ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
    center = (0.5, 0.5) if mode == "superpixel" else (0.0, 0.0)
    return ("R", "G", "B"), (center,) * 3
