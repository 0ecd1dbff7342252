"""Sky of frames that do not all overlap, from the overlaps of pairs, for all frames at once (METHODS 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, cg

from tilecore.numerics.robust_surface import robust_weights, surface_terms
from tilecore.numerics.statistics import mad_sigma

__all__ = ["common_surfaces"]

FloatArray = NDArray[np.float64]

# Rounds of reweighting.
ROUNDS = 6
# Penalty on slopes of the frames, as a share of their samples that are off by the same amount.
SLOPE_PENALTY = 0.003
# The same for the vignetting that all frames share.
PATTERN_PENALTY = 1e-5
# Order of the polynomials that describe that vignetting.
PATTERN_ORDER = 4


def common_surfaces(sky: FloatArray, x: FloatArray, y: FloatArray, reference: int, order: int,
                    pattern: NDArray[np.float32] | None = None) -> FloatArray:
    """Polynomials (N, terms) in the order of :func:`surface_terms` whose subtraction brings all frames to a common sky.

    ``sky`` (N, P) is given at the places ``x``, ``y`` (P,), NaN where a frame has no data. The common sky is free at each place;
    the slopes of the frames are as small as their overlaps allow, and the reference keeps its level in its middle. ``pattern``
    (N, P, T) are T patterns that vignetting without a flat may have in each frame; their strengths, the same for all frames, are
    fitted too, and the polynomials are then of order :data:`PATTERN_ORDER`.
    """
    known = np.isfinite(sky)
    # About the middle of each frame level and slope are independent, which makes the system well conditioned.
    middle = np.array([[x[k].mean(), y[k].mean()] if k.any() else [0.0, 0.0] for k in known])
    local = np.stack([(x - middle[:, :1])**i * (y - middle[:, 1:])**j for i, j in surface_terms(order)], 2) * known[..., None]
    scale = np.sqrt((local**2).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1)[:, None, None], 1))
    local /= np.maximum(scale, 1e-12)
    shared_part = np.zeros((*sky.shape, 0), np.float32) if pattern is None else pattern * known[..., None]
    size = np.sqrt(np.einsum("npt,npt->t", shared_part, shared_part, dtype=np.float64) / max(int(known.sum()), 1))
    shared_part = shared_part / np.maximum(size, 1e-30).astype(np.float32)
    system = _Skies(np.where(known, sky, 0), local, shared_part, SLOPE_PENALTY * known.sum(axis=1)[:, None]
                    * np.array([i + j > 0 for i, j in surface_terms(order)]))
    weights, found = known.astype(np.float64), np.zeros(system.size)
    for _ in range(ROUNDS):
        found = system.solve(weights, found)
        rest = np.where(known, system.values - system.surface(found), 0)
        rest -= (weights * rest).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-30)
        shared = known & (known.sum(axis=0) > 1)
        spread = max(mad_sigma(rest[shared], 0.0) if shared.any() else 0.0, 1e-12)
        weights = np.where(known, robust_weights(rest / spread, "huber"), 0)
    fitted = system.surface(found)
    if known[reference].any():
        fitted -= float(fitted[reference, known[reference]].mean())
    return _as_polynomials(fitted, known, x, y, order, max(order, PATTERN_ORDER if pattern is not None else 0))


def _as_polynomials(fitted: FloatArray, known: NDArray[np.bool_], x: FloatArray, y: FloatArray, least: int,
                    order: int) -> FloatArray:
    """Polynomials (N, terms) through surfaces (N, P) where ``known``, of ``order``, or down to ``least`` for few places."""
    result = np.zeros((len(fitted), len(surface_terms(order))))
    for n, k in enumerate(known):
        own = next((o for o in range(order, least - 1, -1) if k.sum() >= 2 * len(surface_terms(o))), None)
        if own is None:
            result[n, 0] = fitted[n, k].mean() if k.any() else 0.0
            continue
        design = np.stack([x[k]**i * y[k]**j for i, j in surface_terms(own)], 1)
        result[n, : design.shape[1]] = np.linalg.lstsq(design, fitted[n, k], rcond=None)[0]
    return result


@dataclass(frozen=True)
class _Skies:
    """Skies (N, P) as terms c (N, T) of the frames times ``local`` (N, P, T), terms of the pattern (K,) times ``pattern``
    (N, P, K) that all frames have in common, and one term a place; ``penalty`` (N, T) on c squared."""

    values: FloatArray
    local: FloatArray
    pattern: NDArray[np.float32]
    penalty: FloatArray

    @property
    def size(self) -> int:
        return int(self.penalty.size + self.pattern.shape[2])

    def surface(self, terms: FloatArray) -> FloatArray:
        """(N, P) without the terms of the places."""
        own, common = terms[: self.penalty.size].reshape(self.penalty.shape), terms[self.penalty.size:]
        return np.asarray(np.einsum("npt,nt->np", self.local, own) + self.pattern @ common)

    def solve(self, weights: FloatArray, start: FloatArray) -> FloatArray:
        """The terms that minimise sum w (values - surface - s)^2 + penalty c^2 over them and the terms s of the places."""
        column = np.maximum(weights.sum(axis=0), 1e-30)
        pattern_penalty = PATTERN_PENALTY * float(weights.sum())

        def gradient(surface: FloatArray) -> FloatArray:
            rest = weights * (surface - (weights * surface).sum(axis=0) / column)
            return np.concatenate([np.einsum("npt,np->nt", self.local, rest).ravel(),
                                   np.einsum("npt,np->t", self.pattern, rest)])

        def apply(terms: FloatArray) -> FloatArray:
            own = np.concatenate([(self.penalty.ravel() + 1e-9), np.full(self.pattern.shape[2], pattern_penalty)])
            return np.asarray(gradient(self.surface(terms.ravel())) + own * terms.ravel())

        # The terms of the pattern collect the samples of all frames: they are scaled so that the system is well conditioned.
        root = np.ones(self.size)
        root[self.penalty.size:] = 1 / np.sqrt(max(len(weights), 1))
        found, _ = cg(LinearOperator((self.size, self.size), matvec=lambda t: root * apply(root * t.ravel()), dtype=np.float64),
                      root * gradient(self.values), x0=start / root, rtol=1e-7, maxiter=500)
        return np.asarray(root * found, np.float64)
