"""Where the pixels of a frame are on a grid of the canvas, and the reverse: the exact map, and what is interpolated from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.stacking.sky_grid import SkyGrid
from tilecore.resample.pixel_map import FAR, Orientation, PixelMap, orientation_of, pixel_map
from tilecore.resample.steep_cores import LocalMaps

__all__ = ["FrameMap"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class FrameMap:
    """The map between a frame and a grid whose pixel (x, y) is at ``start + step * (x, y)`` on the plane of the reference, or of
    the projection ``sky``.

    Places in the frame are counted in planes of it: pixel (u, v) of the frame is at ``((u, v) - first) / every`` of the plane.
    """

    frame: Frame
    start: tuple[float, float]
    step: int
    first: tuple[float, float] = (0.0, 0.0)
    every: int = 1
    sky: SkyGrid | None = None

    def to_frame(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Places in the plane of the frame of positions on the grid, arrays of one shape; NaN where the frame has none. Each is
        computed by itself, so that its last bit does not depend on the others."""
        px, py = self.step * x + self.start[0], self.step * y + self.start[1]
        if self.sky is not None:
            px, py = self.sky.to_plane(px, py)
        m = np.linalg.inv(self.frame.transform)
        with np.errstate(divide="ignore", invalid="ignore"):
            d = m[2, 0] * px + m[2, 1] * py + m[2, 2]
            d = np.where(d > 0, d, np.nan)  # behind the frame
            u, v = (m[0, 0] * px + m[0, 1] * py + m[0, 2]) / d, (m[1, 0] * px + m[1, 1] * py + m[1, 2]) / d
            places = self.frame.distorted(np.stack([u.ravel(), v.ravel()], axis=1))
        places = np.where((places > FAR).all(axis=1, keepdims=True), places, np.nan)
        u, v = places[:, 0].reshape(x.shape), places[:, 1].reshape(x.shape)
        return (u - self.first[0]) / self.every, (v - self.first[1]) / self.every

    def to_grid(self, u: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Positions on the grid of places (n,) in the plane of the frame."""
        x, y = self.frame.on_plane(np.stack([self.every * u + self.first[0], self.every * v + self.first[1]], axis=1)).T
        if self.sky is not None:
            x, y = self.sky.from_plane(x, y)
        return (x - self.start[0]) / self.step, (y - self.start[1]) / self.step

    def local(self, points: FloatArray) -> LocalMaps:
        """The map near places (n, 2) in the plane of the frame."""
        # Rounded (1e-6 px): the last bit of a product of matrices depends on the other points.
        x, y = (np.rint(v * 2.0**20) / 2.0**20 for v in self.to_grid(points[:, 0], points[:, 1]))
        steps = [np.stack(self.to_frame(x + dx, y + dy), 1) for dx, dy in ((-0.5, 0), (0.5, 0), (0, -0.5), (0, 0.5))]
        return LocalMaps(np.stack([x, y], 1), np.stack([steps[1] - steps[0], steps[3] - steps[2]], 2))

    def orientation(self, shape: tuple[int, int]) -> Orientation:
        """How a plane of ``shape`` is resampled."""
        return orientation_of(self.to_grid, shape)

    def block(self, shape: tuple[int, int], y0: int, y1: int, x0: int, x1: int) -> PixelMap:
        """The interpolated map for rows y0:y1 and columns x0:x1 of the grid to a plane of ``shape``."""
        return pixel_map(self.to_frame, self.orientation(shape), shape, y0, y1, x0, x1)
