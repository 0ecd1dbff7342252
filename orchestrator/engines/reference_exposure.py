"""Which exposures may give the reference: the stack has the scale of the reference, and holds no value above its full scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["groups_of", "unclipped_candidates"]

# Ratio of exposures from which they are different.
DIFFERENT_EXPOSURE = 1.5
# Step of the scale on which exposures are the same.
SAME_EXPOSURE = 1.1
# Clipped pixels more than in the least clipped exposure, as a number and as a factor, up to which an exposure is as good.
MORE_PIXELS = 10
MORE = 1.2
# Stars of an exposure relative to the one with most, and least number, that a reference needs.
STAR_SHARE = 0.08
LEAST_STARS = 20


def groups_of(exposure: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Number (N,) of the exposure of each frame, in order of length, given their times (NaN: unknown); None if they hardly
    differ, or one is not known."""
    if not np.isfinite(exposure).all() or exposure.max() < DIFFERENT_EXPOSURE * exposure.min():
        return None
    return np.asarray(np.rint(np.log(exposure) / np.log(SAME_EXPOSURE)), np.int64)


def unclipped_candidates(exposure: NDArray[np.float64], clipped: NDArray[np.int64],
                         stars: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(N,) frames that may be the reference, given their ``exposure`` times (NaN: unknown), numbers of ``clipped`` pixels and of
    ``stars``.

    Where long exposures clip what shorter ones record, the reference is one of the longest that clip hardly more than the
    shortest: in the scale of a longer one the light that they clip would be above the full scale of the stack.
    """
    everything = np.ones(len(exposure), np.bool_)
    group = groups_of(exposure)
    if group is None:
        return everything
    numbers = np.unique(group)
    lost = np.array([np.median(clipped[group == g]) for g in numbers])
    seen = np.array([np.median(stars[group == g]) for g in numbers])
    able = seen >= max(STAR_SHARE * seen.max(), LEAST_STARS)
    if not able.any():
        return everything
    least = lost[able].min()
    good = able & (lost <= max(MORE * least, least + MORE_PIXELS))
    return np.asarray(group == numbers[good].max())
