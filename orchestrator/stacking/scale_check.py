"""The scale of panels, nights or halves of a night, checked per channel with stars that did not determine it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameSet
from orchestrator.runtime.serialization import storable
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import by_channel, frame_planes
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import Photometry, aperture_flux, plane_radius
from tilecore.sky.scale_check import WIDE_FWHM, HeldOut, WideFluxes, held_out

__all__ = ["Compared", "FramePlanes", "ScaleCheck", "check_scale", "wide_radius"]

FloatArray = NDArray[np.float64]
# Scale (N,) of the frames in a plane, without the stars (S,) that are True.
ScaleWithout = Callable[[int, NDArray[np.bool_]], FloatArray]

# Smallest and largest radius (px) of the wide aperture.
MIN_RADIUS = 4.0
MAX_RADIUS = 20.0


@storable()
@dataclass(frozen=True)
class ScaleCheck:
    """For K groups of frames (panels of a mosaic, else nights, else halves of a night) and C channels.

    Attributes
    ----------
    first : (K) file name of the first frame of each group.
    residual : (C, K) relative difference of the brightness of stars in a group from that in the others, after scaling.
    error : (C, K) its standard error.
    stars : (C, K) number of stars that were compared; NaN residuals with fewer than 5.
    """

    first: tuple[str, ...]
    residual: FloatArray
    error: FloatArray
    stars: NDArray[np.int64]

    def as_rows(self) -> list[dict[str, object]]:
        """One row for each group, for normalization.json."""
        return [{"first": name, "residual": self.residual[:, k], "error": self.error[:, k], "stars": self.stars[:, k]}
                for k, name in enumerate(self.first)]

    def held_out(self, channel: int) -> HeldOut:
        """The result of one channel."""
        return HeldOut(self.residual[channel], self.error[channel], self.stars[channel])

    @property
    def worst(self) -> tuple[float, float] | None:
        """The residual with the greatest significance, and its error; None if nothing could be compared."""
        known = np.isfinite(self.residual) & (self.error > 0)
        if not known.any():
            return None
        c, k = np.unravel_index(np.nanargmax(np.where(known, np.abs(self.residual) / self.error, np.nan)), known.shape)
        return float(self.residual[c, k]), float(self.error[c, k])


def wide_radius(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> float:
    """Radius (px of the canvas) of the wide aperture; ``measurements`` of the usable frames."""
    fwhm = [m.fwhm * f.scale for f, m in zip(frames.usable, measurements, strict=True) if np.isfinite(m.fwhm)]
    return float(np.clip(WIDE_FWHM * max(fwhm, default=0.0), MIN_RADIUS, MAX_RADIUS))


@dataclass(frozen=True)
class FramePlanes:
    """The planes (h, w) of a frame, each without gaps in memory: colours, or the four of a ``mosaic`` in order of memory."""

    planes: tuple[NDArray[np.float32], ...]
    mosaic: bool

    @classmethod
    def of(cls, data: NDArray[np.float32], cfa: str | None) -> FramePlanes:
        """Those of the pixels ``data``, (h, w) or (C, h, w), of a frame with the pattern ``cfa``."""
        if data.ndim == 3 or cfa is None:
            return cls(tuple(np.ascontiguousarray(p) for p in (data if data.ndim == 3 else data[None])), False)
        return cls(tuple(np.ascontiguousarray(data[oy::2, ox::2]) for oy in (0, 1) for ox in (0, 1)), True)

    def fluxes(self, x: FloatArray, y: FloatArray, radius: float, flux: Photometry = aperture_flux) -> FloatArray:
        """(planes, n) aperture fluxes in each plane, NaN where the aperture leaves it; ``flux`` measures one plane. Places and
        ``radius`` are in px of the frame."""
        if not self.mosaic:
            return np.array([flux(p, x, y, radius) for p in self.planes])
        return np.array([flux(p, (x - k % 2) / 2, (y - k // 2) / 2, plane_radius(radius)) for k, p in enumerate(self.planes)])


@dataclass(frozen=True)
class Compared:
    """The frames whose scale is checked, and the groups (N,) to which they belong."""

    frames: FrameSet
    measurements: Sequence[FrameMeasurement]
    group: NDArray[np.int64]


def check_scale(plan: CanvasPlan, compared: Compared, radius: float, wide: Sequence[WideFluxes],
                scale_without: ScaleWithout) -> ScaleCheck:
    """Check the scale of groups of frames; ``wide`` has the fluxes in each plane within ``radius`` on the canvas."""
    frames, group = compared.frames, compared.group
    first = tuple(frames.usable[int(np.flatnonzero(group == k)[0])].info.path.name for k in range(int(group.max()) + 1))
    pixels = np.pi * (plane_radius(radius) if frames.cfa and frames.channels != 3 else radius) ** 2
    noise = np.array([m.noise * f.scale**2 for m, f in zip(compared.measurements, frames.usable, strict=True)]) * np.sqrt(pixels)
    found = [held_out(wide[k], noise[:, p], group, partial(scale_without, p)) for k, p in enumerate(frame_planes(frames))]
    residual, error, stars = (by_channel(plan, np.array([getattr(f, name) for f in found])) for name in
                              ("residual", "error", "stars"))
    return ScaleCheck(first, residual, error, stars.astype(np.int64))
