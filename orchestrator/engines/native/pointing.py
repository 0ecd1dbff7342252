"""The geometry that the headers give: the cameras of the lights, and where each light points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.session.model import FrameInfo
from tilecore.register.camera import Camera

__all__ = ["Cameras", "Pointing", "cameras_of", "pointing_of", "position_of"]

# Relative error of a focal length in a header, and of the one that is assumed where there is none.
FOCAL_ERROR = 0.05
UNKNOWN_FOCAL_ERROR = 0.7
# Half of the diagonal (degrees) of a frame of unknown scale.
USUAL_FIELD = 0.5
# Pointings agree with a match within this share of the diagonal, and contradict it beyond the other.
AGREES = 0.25
CONTRADICTS = 1.5
# Percentiles of the pointings between which their spread is measured.
SPREAD_PERCENTILES = (5, 95)


@dataclass(frozen=True)
class Cameras:
    """The cameras as their headers describe them: frames of one camera, binning, focal length and size share its lens.

    ``of`` (N,) is the camera of each light; ``errors`` the relative deviation expected of each focal length.
    """

    cameras: tuple[Camera, ...]
    of: NDArray[np.int64]
    errors: tuple[float, ...]


def cameras_of(lights: Sequence[FrameInfo], scales: NDArray[np.float64]) -> Cameras:
    """The cameras of ``lights``; ``scales`` (N,) are their relative pixel scales, for lights without a focal length."""
    keys = [(i.camera or "", i.telescope or "", i.binning, round(i.scale or 0.0, 3), i.shape[-2:]) for i in lights]
    kinds = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    known = all(i.scale for i in lights)
    cameras = []
    for key in kinds:
        first = keys.index(key)
        shape = (lights[first].shape[-2], lights[first].shape[-1])
        radius = float(np.linalg.norm(lights[0].shape[-2:])) / 2
        arcsec = lights[first].scale
        focal = np.degrees(3600 / arcsec) if known and arcsec else \
            radius / np.tan(np.radians(USUAL_FIELD)) * scales[0] / scales[first]
        cameras.append(Camera(shape, float(focal)))
    error = FOCAL_ERROR if known else UNKNOWN_FOCAL_ERROR
    return Cameras(tuple(cameras), np.array([kinds[k] for k in keys], np.int64), (error,) * len(cameras))


@dataclass(frozen=True)
class Pointing:
    """``vectors`` (N, 3) of the middle of each light, NaN where the header has none; ``diagonal`` (N,) of its field (radians)."""

    vectors: NDArray[np.float64]
    diagonal: NDArray[np.float64]

    def agrees(self, one: int, other: int, angle: float) -> bool | None:
        """Whether the headers place two lights as far apart as ``angle`` (radians); None if they are unclear."""
        between = self.between(one, other)
        size = max(self.diagonal[one], self.diagonal[other])
        off = abs(between - angle) / size
        if not np.isfinite(off) or AGREES < off < CONTRADICTS:
            return None
        return bool(off <= AGREES)

    def between(self, one: int, other: int) -> float:
        """The angle (radians) between two lights; NaN if unknown."""
        return float(2 * np.arcsin(np.clip(np.linalg.norm(self.vectors[one] - self.vectors[other]) / 2, 0, 1)))

    @property
    def spread(self) -> float:
        """Spread of the pointings as a share of the diagonal, ignoring a few strays; 0 if they are not known."""
        known = np.isfinite(self.vectors[:, 0])
        if known.sum() < 2:
            return 0.0
        middle = np.median(self.vectors[known], axis=0)
        across = self.vectors[known] - middle
        _, _, axes = np.linalg.svd(across, full_matrices=False)
        low, high = np.percentile(across @ axes[0], SPREAD_PERCENTILES)
        return float((high - low) / np.median(self.diagonal[known]))


def pointing_of(lights: Sequence[FrameInfo], cameras: Cameras) -> Pointing:
    """The pointing of each light in its header, and the size of its field."""
    position = np.radians([i.sky_position or (np.nan, np.nan) for i in lights])
    ra, dec = position.T
    dec = np.where(np.abs(dec) <= np.pi / 2, dec, np.nan)
    vectors = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    sizes = np.array([2 * np.arctan(c.radius / c.focal) for c in cameras.cameras])
    return Pointing(vectors, sizes[cameras.of])


def position_of(vector: NDArray[np.float64]) -> tuple[float, float]:
    """Right ascension and declination (degrees) of a vector (3,)."""
    x, y, z = vector
    return float(np.degrees(np.arctan2(y, x)) % 360), float(np.degrees(np.arctan2(z, np.hypot(x, y))))
