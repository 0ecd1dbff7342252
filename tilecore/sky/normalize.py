"""Transparency from star fluxes (METHODS 1), and the clouds that the polynomial surface of a frame's sky does not follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, maximum_filter, minimum_filter

from tilecore.numerics.robust_surface import weighted_median
from tilecore.numerics.statistics import mad_sigma, median_of_known

__all__ = ["clear_sky", "clouds_left", "filled", "transparency"]

FloatArray = NDArray[np.float64]

# Sky beyond a surface, in units of the noise of a pixel or half the contrast of the scene: nothing is done below the first, all
# of it is taken off from the second on, and only in frames where so large a share of the samples is above that.
FAINT_CLOUD, CLOUD, CLOUDED_SHARE = 0.3, 0.6, 0.05
# Of so many frames the median is the sky without clouds.
FRAMES_OF_CLEAR_SKY = 3


def transparency(flux: FloatArray, reference: FloatArray, snr: FloatArray | None = None) -> tuple[float, int, float]:
    """How bright the stars of a frame are, times those of the reference.

    ``flux`` and ``reference`` are (n,) fluxes of the same stars, NaN where not measured; ``snr`` (n,) that of their
    ratio (default: of shot noise). Returns the clipped, weighted median of the ratios refined by the mean of its
    core, the number of stars used and the relative scatter; (1, 0, nan) without stars.
    """
    good = np.isfinite(flux) & np.isfinite(reference) & (reference > 0) & (flux > 0)
    if not good.any():
        return 1.0, 0, float("nan")
    ratio = flux[good] / reference[good]
    # A ratio that is good to 1 % is as good as it gets (flat field, pixel phase): no star may outweigh all others.
    weight = np.sqrt(reference[good]) if snr is None else 1 / (0.01**2 + 1 / np.maximum(snr[good], 1) ** 2)
    for _ in range(5):
        center = weighted_median(ratio, weight)
        scatter = mad_sigma(ratio, center)
        keep = np.abs(ratio - center) <= max(3 * scatter, 1e-9)
        if keep.all() or keep.sum() < 3:
            break
        ratio, weight = ratio[keep], weight[keep]
    center = weighted_median(ratio, weight)
    # The weighted mean of what is left is more exact than its median.
    inner = np.abs(ratio - center) <= 2 * max(mad_sigma(ratio, center), 1e-9)
    value = float(np.average(ratio[inner], weights=weight[inner]))
    return value, len(ratio), scatter / value if value else float("nan")


def clear_sky(rest: FloatArray) -> FloatArray:
    """What the sky of N frames over their surfaces (N, ...) is without clouds; NaN where fewer than three see it, and 0 of fewer
    than three frames."""
    if len(rest) < FRAMES_OF_CLEAR_SKY:
        return np.zeros(rest.shape[1:])
    seen = np.isfinite(rest)
    return np.where(seen.sum(axis=0) >= FRAMES_OF_CLEAR_SKY, median_of_known(rest, seen), np.nan)


def clouds_left(rest: FloatArray, noise: FloatArray, scene: FloatArray) -> FloatArray:
    """What is to be taken off frames besides their surfaces: ``rest`` (N, gy, gx), the sky over them, where it is a cloud.

    NaN where it is not known, which becomes what is nearest. ``noise`` (N,) is that of a pixel, ``scene`` (gy, gx) the light that
    all frames share: where it differs from sample to sample, so do the samples of frames that see it at other places. Of
    three frames or more that see a place the median is the clear sky, whichever is the reference. All 0 in frames without
    clouds: what bright stars do to samples of the sky, and their errors, are none.
    """
    result, rest = np.zeros(rest.shape), rest - clear_sky(rest)
    scene = filled(scene)
    contrast = maximum_filter(scene, 3) - minimum_filter(scene, 3)
    for sky, sigma, out in zip(rest, noise, result, strict=True):
        known, unit = np.isfinite(sky), np.maximum(sigma, contrast / 2)
        if (np.abs(sky) > CLOUD * unit).sum() > CLOUDED_SHARE * known.sum():
            cloud = filled(sky)
            out[:] = cloud * np.clip((np.abs(cloud) / unit - FAINT_CLOUD) / (CLOUD - FAINT_CLOUD), 0, 1)
    return result


def filled(samples: FloatArray) -> FloatArray:
    """NaN replaced by what is nearest; zeros when nothing is known."""
    known = np.isfinite(samples)
    if not known.any():
        return np.zeros(samples.shape)
    return np.asarray(samples[tuple(distance_transform_edt(~known, return_distances=False, return_indices=True))])
