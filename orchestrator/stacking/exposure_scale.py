"""Transparency of frames of different exposures: what a long one clips a short one shows, and what a short one loses in its noise
a long one shows. Few stars are good in both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameSet
from orchestrator.engines.reference_exposure import groups_of
from tilecore.sky.normalize import transparency

__all__ = ["across_exposures", "exposure_groups"]

FloatArray = NDArray[np.float64]

# Signal-to-noise ratio in both of two exposures from which a star is compared, where there are enough of them.
GOOD = 10.0
# ... and where there are not.
FAINT = 3.0
# Stars that are enough.
ENOUGH = 8


def exposure_groups(frames: FrameSet) -> NDArray[np.int64] | None:
    """Number (N,) of the exposure of each usable frame; None if they do not differ, or one is not known."""
    exposure = np.array([f.info.exposure or np.nan for f in frames.usable], np.float64)
    return groups_of(exposure)


def across_exposures(flux: FloatArray, error: FloatArray, group: NDArray[np.int64], reference: int) -> list[tuple[float, int]]:
    """Transparency of N frames relative to frame ``reference``, and the number of stars that determine each.

    Frames of one exposure are compared with one another, by the stars that are bright there. The mean fluxes of two exposures,
    whose noise is less than that of a frame, are then compared by stars with a good signal in both.

    Parameters
    ----------
    flux : (N, n) fluxes of the same stars, NaN where a frame clips a star or does not show it.
    error : (N,) their error due to the noise of the sky.
    group : (N,) exposures.
    """
    own, used = np.ones(len(flux)), np.zeros(len(flux), np.int64)
    mean, noise = {}, {}
    for g in np.unique(group):
        members = np.flatnonzero(group == g)
        base = reference if group[reference] == g else int(members[np.argmax(np.isfinite(flux[members]).sum(axis=1))])
        for i in members:
            snr = _snr(flux[i], error[i], flux[base], error[base])
            own[i], used[i], _ = transparency(np.where(snr > FAINT, flux[i], np.nan), flux[base], snr)
        each, seen = flux[members] / own[members, None], np.isfinite(flux[members])
        count = seen.sum(axis=0)
        # Of stars that only some frames clip the others would be a selection.
        mean[g] = np.where(2 * count > len(members), np.where(seen, each, 0).sum(axis=0) / np.maximum(count, 1), np.nan)
        noise[g] = float(np.median(error[members] / own[members])) / np.sqrt(np.maximum(count, 1))
    here = group[reference]
    link = {here: (1.0, int(used[reference]))}
    for g in mean:
        if g != here:
            snr = _snr(mean[g], noise[g], mean[here], noise[here])
            least = GOOD if np.count_nonzero(snr > GOOD) >= ENOUGH else FAINT
            ratio, stars, _ = transparency(np.where(snr > least, mean[g], np.nan), mean[here], snr)
            link[g] = ratio, stars
    return [(float(own[i] * link[g][0]), int(min(used[i], link[g][1]))) for i, g in enumerate(group)]


def _snr(flux: FloatArray, error: FloatArray | float, other: FloatArray, other_error: FloatArray | float) -> FloatArray:
    """Signal-to-noise ratio (n,) of the ratio of two fluxes, 0 where one is not positive or not known."""
    good = np.isfinite(flux) & np.isfinite(other) & (flux > 0) & (other > 0)
    a, b = np.where(good, flux, 1.0), np.where(good, other, 1.0)
    relative = np.hypot(error / a, other_error / b)
    return np.where(good, 1 / np.maximum(relative, 1e-12), 0.0)
