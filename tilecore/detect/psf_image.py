"""The PSF of a stack as an image: an elliptical Moffat profile that varies over the field, and what its stars have beyond it.

The stack of frames of different seeing is not a Moffat profile, so the profile alone leaves rings about bright stars. What is
left of the bright stars, at their places between the pixels, is averaged and added.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from tilecore.detect.psf import PsfModel

__all__ = ["PsfImage", "measure_psf"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Radius (FWHM) to which the profile is drawn, and to which stars are compared with it; the difference fades out.
REACH, COMPARED = 6.0, 3.0
# Most stars that are compared, and the fewest.
MOST_STARS, LEAST_STARS = 40, 3
# Points along a side of a pixel by which the profile is integrated over it.
POINTS = 4
# Deviation in units of its error from which a pixel of a star belongs to a neighbour, and rounds in which these are found.
CLIPPED, ROUNDS = 4.0, 3
# Range of the exponent of the profile; least and largest error of the light of a star in a pixel relative to it.
BETA_RANGE = (1.8, 12.0)
LEAST_EXCESS, LARGEST_EXCESS = 0.003, 0.05


class PsfImage(NamedTuple):
    """``model`` of the profile; ``correction`` (k, k) of it, ``finer`` points in a pixel, as part of the light of a star in a
    pixel; ``excess``: error of the light in a pixel relative to it; ``stars`` that were compared."""

    model: PsfModel
    correction: FloatImage
    finer: int
    excess: float
    stars: int

    def at(self, x: float, y: float) -> FloatImage:
        """The PSF (k, k) at a place of the image, ``finer`` points in a pixel, k odd, of sum ``finer ** 2``."""
        radius = int(np.ceil(REACH * self.model.fallback)) * self.finer
        axis = np.arange(-radius, radius + 1) / self.finer
        psf = _profile(self.model, (x, y), axis[None, :], axis[:, None])
        inner = (len(psf) - len(self.correction)) // 2
        psf[inner: len(psf) - inner, inner: len(psf) - inner] += self.correction
        psf = np.maximum(psf, 0)
        return np.asarray(psf * (self.finer**2 / psf.sum()), np.float32)


def measure_psf(light: FloatImage, variance: FloatImage, stars: NDArray[np.void], finer: int = 1) -> PsfImage:
    """The PSF of an image.

    Parameters
    ----------
    light, variance : (h, w) above the sky, and its variance, 0 without data.
    stars : measured stars (:data:`tilecore.detect.stars.STAR_DTYPE`) that are alone and not saturated.
    finer : points along the side of a pixel of the PSF.

    Raises
    ------
    ValueError : there are fewer than 3 stars that can be used.
    """
    model = PsfModel.fit(stars, light.shape)
    model = PsfModel(model.coefficients, model.covariance, model.size, model.fallback, float(np.clip(model.beta, *BETA_RANGE)))
    half = int(np.ceil(COMPARED * model.fallback))
    h, w = light.shape
    inside = (stars["x"] > half + 1) & (stars["y"] > half + 1) & (stars["x"] < w - half - 2) & (stars["y"] < h - half - 2)
    bright = stars[inside][np.argsort(-stars["flux"][inside], kind="stable")]
    found = [f for s in bright[: 2 * MOST_STARS] if (f := _compared(light, variance, model, s, (half, finer))) is not None]
    found = found[:MOST_STARS]
    if len(found) < LEAST_STARS:
        raise ValueError(f"{len(found)} stars can be used for the PSF; {LEAST_STARS} are needed")
    correction = _mean_rest(found)
    axis = np.arange(-half * finer, half * finer + 1) / finer
    ramp = np.clip(2 - np.hypot(axis[None, :], axis[:, None]) / (0.5 * half), 0, 1)
    return PsfImage(model, np.asarray(correction * ramp, np.float32), finer, _excess(found, correction, finer), len(found))


class _Star(NamedTuple):
    """``rest`` of a star beyond the profile, ``profile`` and ``noise`` (variance of a pixel), of unit flux, on fine points."""

    rest: FloatArray
    profile: FloatArray
    noise: float


def _compared(light: FloatImage, variance: FloatImage, model: PsfModel, star: np.void, size: tuple[int, int]) -> _Star | None:
    """A star less the profile that fits it best; None where there are no data."""
    half, finer = size
    x, y = float(star["x"]), float(star["y"])
    column, row = round(x), round(y)
    box = np.s_[row - half - 1: row + half + 2, column - half - 1: column + half + 2]
    pixels, noise = light[box].astype(np.float64), variance[box].astype(np.float64)
    if not (noise > 0).all():
        return None
    axis = np.arange(-half - 1, half + 2)
    profile = _profile(model, (x, y), axis[None, :] + column - x, axis[:, None] + row - y)
    columns, rows = (np.broadcast_to(a, profile.shape).ravel() for a in (axis[None, :], axis[:, None]))
    design = np.stack([profile.ravel(), np.ones(profile.size), columns, rows], 1)
    error = np.sqrt(noise.ravel())
    fitted, *_ = np.linalg.lstsq(design / error[:, None], pixels.ravel() / error, rcond=None)
    flux = float(fitted[0])
    if flux <= 0:
        return None
    rest = (pixels.ravel() - design @ fitted).reshape(profile.shape) / flux
    fine = np.arange(-half * finer, half * finer + 1) / finer
    yy, xx = np.meshgrid(fine + y - row + half + 1, fine + x - column + half + 1, indexing="ij")
    shifted = map_coordinates(rest, [yy, xx], order=3, mode="nearest")
    return _Star(shifted, _profile(model, (x, y), fine[None, :], fine[:, None]), float(np.median(noise)) / flux**2)


def _mean_rest(stars: list[_Star]) -> FloatArray:
    """The weighted mean of what is left of stars, without the pixels of their neighbours."""
    rests = np.array([s.rest for s in stars])
    error = np.array([s.noise + (LARGEST_EXCESS * s.profile) ** 2 for s in stars])
    weight = np.array([1 / (s.noise + float((LEAST_EXCESS * s.profile).var())) for s in stars])
    # No star decides alone.
    weight = np.minimum(weight, np.sort(weight)[-LEAST_STARS])[:, None, None]
    used = np.ones(rests.shape, np.bool_)
    for _ in range(ROUNDS):
        total = (weight * used).sum(axis=0)
        mean = (weight * used * rests).sum(axis=0) / np.maximum(total, 1e-30)
        used = (rests - mean) ** 2 < CLIPPED**2 * error
    return np.asarray(np.where(total > 0, mean, 0))


def _excess(stars: list[_Star], correction: FloatArray, finer: int) -> float:
    """Error of the corrected profile relative to the light of a star, beyond the noise: that of the best quarter of the stars,
    as neighbours and nebulae are left of the others."""
    found = []
    inner = slice(len(correction) // 4, -(len(correction) // 4))
    for s in stars:
        rest, profile = (a[inner, inner][::finer, ::finer] for a in (s.rest - correction, s.profile))
        found.append(max((rest**2).sum() - s.noise * rest.size, 0.0) / (profile**2).sum())
    return float(np.clip(np.sqrt(np.percentile(found, 25)), LEAST_EXCESS, LARGEST_EXCESS))


def _profile(model: PsfModel, place: tuple[float, float], dx: NDArray[np.floating], dy: NDArray[np.floating]) -> FloatArray:
    """The light of a star of unit flux at ``place`` in pixels whose centres are dx (1, w), dy (h, 1) px from it."""
    tensor = model.tensor(np.array(place[0]), np.array(place[1]))
    inverse = np.linalg.inv(tensor)
    width = 4 * (2 ** (1 / model.beta) - 1)
    offsets = (np.arange(POINTS) + 0.5) / POINTS - 0.5
    total = np.zeros(np.broadcast_shapes(dx.shape, dy.shape))
    for v in offsets:
        for u in offsets:
            x, y = dx + u, dy + v
            r2 = inverse[0, 0] * x * x + 2 * inverse[0, 1] * x * y + inverse[1, 1] * y * y
            total += (1 + width * r2) ** -model.beta
    area = np.pi * float(np.sqrt(np.linalg.det(tensor))) / width
    return np.asarray(total * (model.beta - 1) / area / POINTS**2)
