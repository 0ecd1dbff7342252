"""What appears in short stacks and is not a star of the deep stack."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from tilecore.detect.detection import find_objects
from tilecore.numerics.statistics import mad_sigma

__all__ = ["Transient", "TransientSearch"]

FloatImage = NDArray[np.float32]

# Significance of a detection in one image: the filtered image has 0.27 of the noise of a pixel.
THRESHOLD = 5.5 * 0.27
# Images in which it must be, distance (FWHM) within which it is the same, and from a star within which it is the star.
LEAST_IMAGES = 2
SAME, NEAR_STAR = 0.7, 1.0
# Light of the deep stack (sigma of a pixel of an image) from which the error of its PSF is measured.
BRIGHT = 20.0
LEAST_EXCESS = 0.02
# Share of the images in which an object may be; more often it belongs to the deep stack.
MOST = 0.5


@dataclass(frozen=True)
class Transient:
    """At ``x``, ``y`` in the images ``first`` to ``last`` (from 0), seen in ``images`` of them, with the largest ``flux`` and its
    ``significance``."""

    x: float
    y: float
    first: int
    last: int
    images: int
    flux: float
    significance: float

    def on_stack(self, step: int, centre: tuple[float, float]) -> Transient:
        """The same in pixels of the stack."""
        return replace(self, x=self.x * step + centre[0], y=self.y * step + centre[1])


class TransientSearch:
    """Compares images, one after the other, with a deep stack ``light`` (h, w) of ``stars`` of FWHM ``width``."""

    def __init__(self, light: FloatImage, stars: NDArray[np.void], width: float) -> None:
        self._light, self._width = light, width
        self._stars = np.stack([stars["x"], stars["y"]], 1)
        # A star that is a little wider in an image leaves light around it.
        self._reach = ndimage.maximum_filter(np.maximum(light, 0), 2 * int(np.ceil(width / 2)) + 1)
        self._detections: list[NDArray[np.float64]] = []

    def add(self, image: FloatImage, variance: FloatImage) -> None:
        """Search an image (h, w) above the sky; ``variance`` of its pixels, 0 without data."""
        rest = image - self._light
        known = variance > 0
        if known.any():
            rest = rest - np.median(rest[known])
        noise = np.sqrt(np.where(known, variance, np.inf)).astype(np.float32)
        bright = known & (self._light > BRIGHT * noise)
        excess = max(mad_sigma(rest[bright] / self._light[bright], 0.0), LEAST_EXCESS) if bright.any() else LEAST_EXCESS
        error = np.hypot(noise, np.float32(3 * excess) * self._reach)
        clear = np.where(known, rest / error, 0).astype(np.float32)
        found = find_objects(clear, 1.0, THRESHOLD)
        rows = np.zeros((len(found), 4))
        for k, (x, y) in enumerate(zip(found["x"], found["y"], strict=True)):
            r, c = (int(np.clip(round(float(v)), 0, n - 1)) for v, n in ((y, clear.shape[0]), (x, clear.shape[1])))
            half = int(np.ceil(self._width))
            box = np.s_[max(r - half, 0): r + half + 1, max(c - half, 0): c + half + 1]
            flux = float(rest[box].sum())
            rows[k] = x, y, flux, flux / max(float(np.sqrt((error[box][np.isfinite(error[box])] ** 2).sum())), 1e-30)
        self._detections.append(rows)

    def found(self) -> list[Transient]:
        """What was seen at one place in several images, most significant first."""
        counts = [len(d) for d in self._detections]
        rows = np.concatenate([*self._detections, np.zeros((0, 4))])
        image = np.repeat(np.arange(len(counts)), counts)
        if not len(rows):
            return []
        places = rows[:, :2]
        # Detections that are linked through neighbours are one object.
        tree, free = cKDTree(places), np.ones(len(rows), np.bool_)
        transients = []
        for first in np.argsort(-rows[:, 3], kind="stable"):
            if not free[first]:
                continue
            near = np.array(tree.query_ball_point(places[first], SAME * self._width))
            near = near[free[near]]
            free[near] = False
            seen = np.unique(image[near])
            if not LEAST_IMAGES <= len(seen) <= max(MOST * len(counts), LEAST_IMAGES) or self._is_star(places[first]):
                continue
            weight = np.maximum(rows[near, 2], 1e-30)
            x, y = np.average(places[near], axis=0, weights=weight)
            transients.append(Transient(float(x), float(y), int(seen.min()), int(seen.max()), len(seen),
                                        float(rows[near, 2].max()), float(rows[near, 3].max())))
        return transients

    def _is_star(self, place: NDArray[np.float64]) -> bool:
        return bool(len(self._stars)) and bool(np.hypot(*(self._stars - place).T).min() < NEAR_STAR * self._width)
