"""Whether the compiled kernels of the mathematics are on disk: the first run after an installation or update compiles them."""

from __future__ import annotations

from typing import Any

__all__ = ["PREPARING", "kernels_ready"]

PREPARING = ("Preparing, once after an installation or update: kernels are compiled when a step first needs them, 1 to 2 minutes "
             "in all. `orchestrate warmup` does this beforehand.")


def kernels_ready() -> bool:
    """Whether numba has on disk what it compiled of warping, rejection and the mean, which every stack needs, from the present
    sources."""
    from tilecore.resample import warp
    from tilecore.stack import reject, weighted_mean

    kernels: tuple[Any, ...] = (warp._warp, reject._reject, weighted_mean._accumulate)
    # The index is empty if it is missing, or of another version of numba or of the source.
    return all(kernel._cache._cache_file._load_index() for kernel in kernels)
