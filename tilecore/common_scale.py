"""Brightness and sky of frames that do not all overlap, from what pairs of them share, for all frames at once (METHODS 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from tilecore.normalize import robust_weights, surface_terms

__all__ = ["common_scale", "common_surfaces"]

FloatArray = NDArray[np.float64]

# Relative error of the flux of a star without noise.
RATIO_ERROR = 0.01
# Rounds of reweighting.
ROUNDS = 6
# Differences of slope between frames cost as much as so large a part of the samples off by the same amount.
SLOPE_PENALTY = 0.003


def common_scale(flux: FloatArray, noise: FloatArray, reference: int) -> tuple[FloatArray, NDArray[np.int64]]:
    """How bright the stars of each frame are, times those of the reference.

    ``flux`` (N, S) of the same stars in all frames, NaN where not measured; ``noise`` (N,) of a faint star's. The logarithms
    are the sum of one of the frame and one of the star, found by robust least squares over all of them: a frame that shares no
    star with the reference is tied to it through others. Returns (N,) scales and the number of stars that carry each; 0 for
    frames that nothing ties.
    """
    known = np.isfinite(flux) & (flux > 0)
    known[:, known.sum(axis=0) < 2] = False
    values = np.where(known, np.log(np.where(known, flux, 1)), 0)
    # From the star's usual flux, not that in the frame: else those that noise makes brighter would count more. No ratio is
    # better than 1 %, for flat field and pixel phase.
    usual = np.exp(values.sum(axis=0) / np.maximum(known.sum(axis=0), 1))
    prior = 1 / (RATIO_ERROR**2 + (noise[:, None] / usual) ** 2)
    weights = np.where(known, prior, 0)
    frames = np.zeros(len(flux))
    for _ in range(ROUNDS):
        frames = _two_way(values, weights, frames)
        stars = (weights * (values - frames[:, None])).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-30)
        scaled = (values - frames[:, None] - stars) * np.sqrt(prior)
        spread = max(1.4826 * float(np.median(np.abs(scaled[known]))) if known.any() else 0.0, 1e-9)
        weights = np.where(known, prior * robust_weights(scaled / spread, "tukey"), 0)
    tied = _tied(weights > 0, reference)
    used = np.where(tied, ((weights > 0) & (np.count_nonzero(weights > 0, axis=0) > 1)).sum(axis=1), 0)
    return np.where(tied, np.exp(frames - frames[reference]), 1.0), used.astype(np.int64)


def _two_way(values: FloatArray, weights: FloatArray, start: FloatArray) -> FloatArray:
    """(N,) terms f of the frames that minimise sum w (values - f - s)^2 over f and the terms s of the columns."""
    column = np.maximum(weights.sum(axis=0), 1e-30)
    row = weights.sum(axis=1)

    def apply(f: FloatArray) -> FloatArray:
        f = f.ravel()
        return np.asarray(row * f - weights @ ((weights.T @ f) / column) + 1e-12 * f)

    right = (weights * values).sum(axis=1) - weights @ ((weights * values).sum(axis=0) / column)
    size = len(row)
    found, _ = cg(LinearOperator((size, size), matvec=apply, dtype=np.float64), right, x0=start, rtol=1e-10, maxiter=500)
    return np.asarray(found, np.float64)


def _tied(used: NDArray[np.bool_], reference: int) -> NDArray[np.bool_]:
    """(N,): frames that are tied to the reference through stars; ``used`` (N, S)."""
    rows, columns = np.nonzero(used)
    size = sum(used.shape)
    graph = csr_matrix((np.ones(len(rows)), (rows, columns + len(used))), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label[: len(used)] == label[reference])


def common_surfaces(sky: FloatArray, x: FloatArray, y: FloatArray, reference: int, order: int) -> FloatArray:
    """Polynomials (N, terms) in the order of :func:`surface_terms` that bring the skies of all frames to a common one.

    ``sky`` (N, P) at the places ``x``, ``y`` (P,), NaN where a frame does not see them. The common sky is free at each place;
    the frames' slopes are as small as their overlaps allow, and the reference keeps its level in its middle.
    """
    terms = surface_terms(order)
    known = np.isfinite(sky)
    design = np.stack([x**i * y**j for i, j in terms], 1)
    # About the middle of each frame level and slope are independent, which makes the system well conditioned.
    middle = np.array([[x[k].mean(), y[k].mean()] if k.any() else [0.0, 0.0] for k in known])
    values = np.where(known, sky, 0)
    weights = known.astype(np.float64)
    found = np.zeros((len(sky), len(terms)))
    penalty = SLOPE_PENALTY * known.sum(axis=1)[:, None] * np.array([i + j > 0 for i, j in terms])
    local = np.stack([(x - middle[:, :1])**i * (y - middle[:, 1:])**j for i, j in terms], 2) * known[..., None]  # (N, P, terms)
    scale = np.sqrt((local**2).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1)[:, None, None], 1))
    local /= np.maximum(scale, 1e-12)
    for _ in range(ROUNDS):
        found = _smooth_two_way(values, weights, local, penalty, found)
        fitted = np.einsum("npt,nt->np", local, found)
        common = (weights * (values - fitted)).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-30)
        rest = np.where(known, values - fitted - common, 0)
        shared = known & (known.sum(axis=0) > 1)
        spread = max(1.4826 * float(np.median(np.abs(rest[shared]))) if shared.any() else 0.0, 1e-12)
        weights = np.where(known, robust_weights(rest / spread, "huber"), 0)
    result = np.zeros((len(sky), len(terms)))
    for n in range(len(sky)):  # back from each frame's middle
        if known[n].sum() >= len(terms):
            fitted = local[n][known[n]] @ found[n]
            result[n] = np.linalg.lstsq(design[known[n]], fitted, rcond=None)[0]
    level = float(local[reference, known[reference]].mean(axis=0) @ found[reference]) if known[reference].any() else 0.0
    result[known.any(axis=1), 0] -= level
    return result


def _smooth_two_way(values: FloatArray, weights: FloatArray, local: FloatArray, penalty: FloatArray,
                    start: FloatArray) -> FloatArray:
    """(N, terms): minimise sum w (values - local c - s)^2 + penalty c^2 over c and the terms s of the places."""
    column = np.maximum(weights.sum(axis=0), 1e-30)
    shape = start.shape

    def gradient(surface: FloatArray) -> FloatArray:
        rest = weights * (surface - (weights * surface).sum(axis=0) / column)
        return np.einsum("npt,np->nt", local, rest)

    def apply(c: FloatArray) -> FloatArray:
        c = c.reshape(shape)
        return np.asarray((gradient(np.einsum("npt,nt->np", local, c)) + penalty * c + 1e-9 * c).ravel())

    size = start.size
    found, _ = cg(LinearOperator((size, size), matvec=apply, dtype=np.float64), gradient(values).ravel(), x0=start.ravel(),
                  rtol=1e-9, maxiter=500)
    return np.asarray(found, np.float64).reshape(shape)
