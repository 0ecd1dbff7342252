"""Tile grid, local metrics, weights, rejection and reconstruction of astronomical frames, in numpy and numba."""

import numba

# The kernels spell out neighbouring pixels; the compiler packs them into vectors only when asked to.
numba.config.SLP_VECTORIZE = 1
