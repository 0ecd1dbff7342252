"""Transparency from star fluxes (METHODS 1), and clouds that the polynomial surface of the sky of a frame does not follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, maximum_filter, minimum_filter

from tilecore.numerics.robust_surface import evaluate_surface, weighted_median
from tilecore.numerics.statistics import mad_sigma, median_of_known

__all__ = ["FRAMES_OF_CLEAR_SKY", "clear_sky", "cloud_of", "contrast_of", "fill_unknown", "mean_shape",
           "residual_clouds", "transparency"]

FloatArray = NDArray[np.float64]

# Sky above a surface up to which nothing is subtracted, in units of the noise of a pixel or of half the contrast of the scene.
FAINT_CLOUD = 0.3
# Sky above a surface from which all of it is subtracted, in the same units.
CLOUD = 0.6
# Share of the samples of a frame above CLOUD from which the frame is corrected.
CLOUDED_SHARE = 0.05
# Positions at which the shapes of skies are compared.
SHAPE_PLACES = 64
# Frames of which the median is the sky without clouds.
FRAMES_OF_CLEAR_SKY = 3
# Relative error of the flux ratio of a star without noise (flat field, pixel phase): no star may outweigh all others.
RATIO_ERROR = 0.01
# Ratios farther from their median than this (sigma) are clipped.
CLIP = 3
# Ratios within this (sigma) of the median make the mean.
CORE = 2
# Rounds of clipping.
ROUNDS = 5


def transparency(flux: FloatArray, reference: FloatArray, snr: FloatArray | None = None) -> tuple[float, int, float]:
    """Brightness of the stars of a frame relative to the reference.

    ``flux`` and ``reference`` are (n,) fluxes of the same stars, NaN where not measured; ``snr`` (n,) is that of their
    ratio (default: that of shot noise). Returns the clipped, weighted median of the ratios refined by the mean of its
    core, the number of stars used and the relative scatter; (1, 0, nan) without stars.
    """
    good = np.isfinite(flux) & np.isfinite(reference) & (reference > 0) & (flux > 0)
    if not good.any():
        return 1.0, 0, float("nan")
    ratio = flux[good] / reference[good]
    weight = np.sqrt(reference[good]) if snr is None else 1 / (RATIO_ERROR**2 + 1 / np.maximum(snr[good], 1) ** 2)
    for _ in range(ROUNDS):
        center = weighted_median(ratio, weight)
        scatter = mad_sigma(ratio, center)
        keep = np.abs(ratio - center) <= max(CLIP * scatter, 1e-9)
        if keep.all() or keep.sum() < 3:
            break
        ratio, weight = ratio[keep], weight[keep]
    center = weighted_median(ratio, weight)
    # The weighted mean of the core is more accurate than the median.
    inner = np.abs(ratio - center) <= CORE * max(mad_sigma(ratio, center), 1e-9)
    value = float(np.average(ratio[inner], weights=weight[inner]))
    return value, len(ratio), scatter / value if value else float("nan")


def mean_shape(surfaces: FloatArray, noise: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Coefficients (terms,) of the mean of the skies of N frames relative to that of a reference, without its level.

    ``surfaces`` (N, terms) are fitted to differences from the sky of the reference, so all have its errors. If they are
    subtracted the stack has the sky of a single frame; if this mean is added again, the mean of all skies. ``noise`` (N,) of the
    frames gives their weights; the mean over the positions ``x``, ``y`` is 0. Frames whose sky has another shape than the median
    of all count less, so that clouds do not enter the mean: by 1 / (1 + (d / s)^2), where d is the rms of the difference and s
    that of the closest quarter of the frames.
    """
    some = slice(None, None, max(len(x) // SHAPE_PLACES, 1))
    shapes = np.stack([evaluate_surface(surface, x[some], y[some]) for surface in surfaces])
    shapes -= shapes.mean(axis=1, keepdims=True)
    other = np.sqrt(np.mean((shapes - np.median(shapes, axis=0)) ** 2, axis=1))
    usual = max(float(np.percentile(other, 25)), 1e-30)
    mean = np.average(surfaces, axis=0, weights=noise**-2.0 / (1 + (other / usual) ** 2))
    mean[0] -= float(evaluate_surface(mean, x, y).mean())
    return np.asarray(mean)


def clear_sky(rest: FloatArray) -> FloatArray:
    """Sky without clouds, from the sky of N frames above their surfaces (N, ...).

    NaN where fewer than three frames have data; 0 everywhere if there are fewer than three frames.
    """
    if len(rest) < FRAMES_OF_CLEAR_SKY:
        return np.zeros(rest.shape[1:])
    seen = np.isfinite(rest)
    return np.where(seen.sum(axis=0) >= FRAMES_OF_CLEAR_SKY, median_of_known(rest, seen), np.nan)


def residual_clouds(rest: FloatArray, noise: FloatArray, scene: FloatArray) -> FloatArray:
    """Light of clouds to subtract from frames besides their surfaces (N, gy, gx); 0 in frames without clouds.

    ``rest`` (N, gy, gx) are samples of the sky above the surfaces, NaN where unknown: these become the nearest known value.
    ``noise`` (N,) is that of a pixel, ``scene`` (gy, gx) the light that all frames share: where it changes from sample to sample,
    so do the samples of frames that record it at other positions. Where three frames or more have data their median is the
    clear sky, whichever the reference is. Errors of the samples, and effects of bright stars on them, are not clouds.
    """
    contrast, rest = contrast_of(scene), rest - clear_sky(rest)
    found = [cloud_of(sky, float(sigma), contrast) for sky, sigma in zip(rest, noise, strict=True)]
    return np.array([np.zeros(contrast.shape) if cloud is None else cloud for cloud in found])


def contrast_of(scene: FloatArray) -> FloatArray:
    """How much a scene (gy, gx), NaN where unknown, changes around each sample."""
    scene = fill_unknown(scene)
    return np.asarray(maximum_filter(scene, 3) - minimum_filter(scene, 3))


def cloud_of(sky: FloatArray, sigma: float, contrast: FloatArray) -> FloatArray | None:
    """The clouds (gy, gx) of one frame, see :func:`residual_clouds`, from its ``sky`` above the clear one; None if it has none.
    ``sigma`` is the noise of a pixel, ``contrast`` (gy, gx) that of the scene."""
    known, unit = np.isfinite(sky), np.maximum(sigma, contrast / 2)
    if (np.abs(sky) > CLOUD * unit).sum() <= CLOUDED_SHARE * known.sum():
        return None
    cloud = fill_unknown(sky)
    return np.asarray(cloud * np.clip((np.abs(cloud) / unit - FAINT_CLOUD) / (CLOUD - FAINT_CLOUD), 0, 1))


def fill_unknown(samples: FloatArray) -> FloatArray:
    """Samples with the nearest known value in place of NaN; zeros when none is known."""
    known = np.isfinite(samples)
    if not known.any():
        return np.zeros(samples.shape)
    return np.asarray(samples[tuple(distance_transform_edt(~known, return_distances=False, return_indices=True))])
