"""Sky of frames that do not all overlap, from the overlaps of pairs, for all frames at once (METHODS 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import block_diag, csr_matrix, diags, hstack, identity
from scipy.sparse.linalg import LinearOperator, cg

from tilecore.numerics.robust_surface import HUBER_K, robust_weights, surface_terms
from tilecore.numerics.statistics import mad_sigma

__all__ = ["SkySamples", "common_surfaces"]

FloatArray = NDArray[np.float64]

# Rounds of reweighting.
ROUNDS = 6
# Penalty on slopes of the frames, as a share of their samples that are off by the same amount: it decides only what the overlaps
# leave open, a plane over the whole mosaic. Slopes that were held back would leave steps at the borders.
SLOPE_PENALTY = 1e-5
# The same for the vignetting that all frames share.
PATTERN_PENALTY = 1e-5
# Order of the polynomials that describe that vignetting.
PATTERN_ORDER = 4
# Polynomials are of an order below this.
MAX_ORDER = 10
# Side of the cells in which frames are a cluster, in units of a frame.
CLUSTER = 0.5
# Relative residual at which the solution has converged, and the iterations after which it ends in any case.
RESIDUAL, MOST_ITERATIONS = 1e-7, 200
# A vignetting is believed if it explains this many times what the Bayesian information criterion asks for.
PATTERN_EVIDENCE = 2.0


@dataclass(frozen=True)
class SkySamples:
    """M samples of the sky of N frames, ordered by frame and place.

    Attributes
    ----------
    count : N.
    frame, place : (M,) number of the frame, and of the place.
    value : (M,) level of the sky.
    x, y : (P,) the places.
    pattern : (M, T) patterns that vignetting without a flat may have in the frame there; T may be 0.
    """

    count: int
    frame: NDArray[np.int64]
    place: NDArray[np.int64]
    value: FloatArray
    x: FloatArray
    y: FloatArray
    pattern: NDArray[np.float32]

    @classmethod
    def of(cls, sky: FloatArray, x: FloatArray, y: FloatArray, pattern: NDArray[np.float32] | None = None) -> SkySamples:
        """The samples of skies (N, P), NaN where a frame has no data; ``pattern`` (N, P, T)."""
        frame, place = np.nonzero(np.isfinite(sky))
        patterns = np.zeros((len(frame), 0), np.float32) if pattern is None else pattern[frame, place]
        return cls(len(sky), frame, place, sky[frame, place], x, y, patterns)

    def by_frame(self, values: FloatArray) -> FloatArray:
        """(N, ...) sums of values (M, ...)."""
        bounds, result = self.bounds(), np.zeros((self.count, *values.shape[1:]))
        any_of = bounds[1:] > bounds[:-1]
        if any_of.any():
            result[any_of] = np.add.reduceat(values, bounds[:-1][any_of], axis=0)
        return result

    def by_place(self, values: FloatArray) -> FloatArray:
        """(P,) sums of values (M,)."""
        return np.asarray(np.bincount(self.place, values, len(self.x)), np.float64)

    def bounds(self) -> NDArray[np.int64]:
        """(N + 1,) where the samples of each frame begin, and the end."""
        return np.searchsorted(self.frame, np.arange(self.count + 1))

    def surfaces(self, terms: FloatArray) -> FloatArray:
        """(M,) polynomials (N, terms) of the frames in the order of :func:`surface_terms` at their samples."""
        result, x, y = np.zeros(len(self.frame)), self.x[self.place], self.y[self.place]
        order = next(k for k in range(MAX_ORDER) if len(surface_terms(k)) == terms.shape[1])
        for k, (i, j) in enumerate(surface_terms(order)):
            result += terms[self.frame, k] * x**i * y**j
        return result

    def medians(self, values: FloatArray, least: int) -> FloatArray:
        """(P,) medians over the frames of values (M,); NaN at places with fewer than ``least`` of them."""
        ordered = values[np.lexsort((values, self.place))]
        number = np.bincount(self.place, minlength=len(self.x))
        first = np.cumsum(number) - number
        enough = number >= least
        low, high = (np.minimum(first + k, max(len(values) - 1, 0))[enough] for k in ((number - 1) // 2, number // 2))
        result = np.full(len(self.x), np.nan)
        result[enough] = 0.5 * (ordered[low] + ordered[high])
        return result


def common_surfaces(samples: SkySamples, reference: int, order: int) -> FloatArray:
    """Polynomials (N, terms) in the order of :func:`surface_terms` whose subtraction brings all frames to a common sky.

    The common sky is free at each place; the slopes of the frames are as small as their overlaps allow, and the reference keeps
    its level in its middle. The strengths of the patterns, the same for all frames, are fitted too, and the polynomials are then
    of order :data:`PATTERN_ORDER`.
    """
    seen, place = np.unique(samples.place, return_inverse=True)
    samples = replace(samples, place=place.ravel(), x=samples.x[seen], y=samples.y[seen])
    frame = samples.frame
    number = samples.by_frame(np.ones(len(frame)))
    x, y = samples.x[samples.place], samples.y[samples.place]
    # About the middle of each frame level and slope are independent, which makes the system well conditioned.
    u, v = (p - (samples.by_frame(p) / np.maximum(number, 1))[frame] for p in (x, y))
    local = np.stack([u**i * v**j for i, j in surface_terms(order)], 1)
    scale = np.sqrt(samples.by_frame(local**2) / np.maximum(number, 1)[:, None])
    scale = np.maximum(scale, 1e-12)
    local /= scale[frame]
    size = np.sqrt(np.einsum("mt,mt->t", samples.pattern, samples.pattern, dtype=np.float64) / max(len(frame), 1))
    pattern = samples.pattern / np.maximum(size, 1e-30)
    system = _Skies(samples, local, scale, pattern, SLOPE_PENALTY * number[:, None]
                    * np.array([i + j > 0 for i, j in surface_terms(order)]))
    plain = _fitted(replace(system, pattern=pattern[:, :0]))
    fit = plain
    if pattern.shape[1]:
        shaded = _fitted(system)
        if _better(plain, shaded, system.shared, pattern.shape[1]):
            fit = shaded
    fitted = fit.surface
    if number[reference]:
        fitted -= float(fitted[frame == reference].mean())
    return _as_polynomials(samples, fitted, order, max(order, PATTERN_ORDER if fit is not plain else 0))


@dataclass(frozen=True)
class _Fit:
    """``surface`` (M,) of the frames, the ``rest`` (M,) that it leaves, and its usual size, ``spread``."""

    surface: FloatArray
    rest: FloatArray
    spread: float


def _fitted(system: _Skies) -> _Fit:
    """The robust fit of a system to its samples."""
    samples = system.samples
    weights, found = np.ones(len(samples.value)), np.zeros(system.size)
    rest, spread = np.zeros(len(weights)), 0.0
    for _ in range(ROUNDS):
        found = system.solve(weights, found)
        rest = samples.value - system.surface(found)
        rest -= (samples.by_place(weights * rest) / np.maximum(samples.by_place(weights), 1e-30))[samples.place]
        spread = max(mad_sigma(rest[system.shared], 0.0) if system.shared.any() else 0.0, 1e-12)
        weights = robust_weights(rest / spread, "huber")
    return _Fit(system.surface(found), rest, spread)


def _better(plain: _Fit, shaded: _Fit, shared: NDArray[np.bool_], terms: int) -> bool:
    """Whether the fit with ``terms`` of vignetting explains the ``shared`` samples clearly better than the one without."""
    without, within = (float(np.sum(_loss(fit.rest[shared] / shaded.spread))) for fit in (plain, shaded))
    return bool(without - within > PATTERN_EVIDENCE * terms * np.log(max(int(shared.sum()), 1)))


def _loss(scaled: FloatArray) -> FloatArray:
    """Twice Huber's loss: squares of small residuals, and a linear function of large ones."""
    size = np.abs(scaled)
    return np.asarray(np.where(size < HUBER_K, size**2, HUBER_K * (2 * size - HUBER_K)))


def _as_polynomials(samples: SkySamples, fitted: FloatArray, least: int, order: int) -> FloatArray:
    """Polynomials (N, terms) through the surfaces (M,) at the samples, of ``order``, or down to ``least`` for few of them."""
    result = np.zeros((samples.count, len(surface_terms(order))))
    bounds = samples.bounds().tolist()
    for n in range(samples.count):
        first, last = bounds[n], bounds[n + 1]
        own = next((o for o in range(order, least - 1, -1) if last - first >= 2 * len(surface_terms(o))), None)
        if own is None:
            result[n, 0] = fitted[first:last].mean() if last > first else 0.0
            continue
        x, y = (p[samples.place[first:last]] for p in (samples.x, samples.y))
        design = np.stack([x**i * y**j for i, j in surface_terms(own)], 1)
        result[n, : design.shape[1]] = np.linalg.lstsq(design, fitted[first:last], rcond=None)[0]
    return result


@dataclass(frozen=True)
class _Skies:
    """Skies at the samples as terms c (N, T) of the frames times ``local`` (M, T), terms of the pattern (K,) times ``pattern``
    (M, K) that all frames have in common, and one term a place; ``penalty`` (N, T) on c squared. ``local`` are the powers of the
    distance from the middle of the frame over ``scale`` (N, T)."""

    samples: SkySamples
    local: FloatArray
    scale: FloatArray
    pattern: FloatArray
    penalty: FloatArray

    @property
    def size(self) -> int:
        return int(self.penalty.size + self.pattern.shape[1])

    @cached_property
    def shared(self) -> NDArray[np.bool_]:
        """(M,) samples of places of which there are several."""
        return np.asarray(np.bincount(self.samples.place, minlength=len(self.samples.x))[self.samples.place] > 1)

    def surface(self, terms: FloatArray) -> FloatArray:
        """(M,) without the terms of the places."""
        own, common = terms[: self.penalty.size].reshape(self.penalty.shape), terms[self.penalty.size:]
        return np.asarray(np.einsum("mt,mt->m", self.local, own[self.samples.frame]) + self.pattern @ common)

    @cached_property
    def clusters(self) -> csr_matrix:
        """(size, k): the terms of all frames by those of clusters, each a surface that the frames about one place have in common,
        and by those of the pattern."""
        samples, (count, terms) = self.samples, self.penalty.shape
        number = np.maximum(samples.by_frame(np.ones(len(samples.frame))), 1)
        x, y = samples.x[samples.place], samples.y[samples.place]
        middle = np.stack([samples.by_frame(p) / number for p in (x, y)], 1)
        # A uniform distribution is 3.5 times as wide as its standard deviation.
        spread = [samples.by_frame((p - m[samples.frame]) ** 2) / number for p, m in zip((x, y), middle.T, strict=True)]
        cell = np.maximum(CLUSTER * np.sqrt(12 * np.median(spread, axis=1)), 1e-9)
        cells, cluster = np.unique(np.floor(middle / cell).astype(np.int64), axis=0, return_inverse=True)
        cluster = cluster.ravel()
        dx, dy = (middle - (cells[cluster] + 0.5) * cell).T
        powers = surface_terms(next(k for k in range(MAX_ORDER) if len(surface_terms(k)) == terms))
        rows, columns, values = [], [], []
        for k, (i, j) in enumerate(powers):  # of the cluster, about its own middle
            for t, (p, q) in enumerate(powers):
                if p <= i and q <= j:
                    rows.append(np.arange(count) * terms + t)
                    columns.append(cluster * terms + k)
                    values.append(comb(i, p) * dx ** (i - p) * comb(j, q) * dy ** (j - q) * self.scale[:, t])
        own = csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
                         shape=(self.penalty.size, len(cells) * terms))
        return csr_matrix(block_diag((own, identity(self.pattern.shape[1]))))

    @cached_property
    def design(self) -> csr_matrix:
        """(M, k): the surfaces of the clusters and the pattern at the samples."""
        terms = self.penalty.shape[1]
        columns = self.samples.frame[:, None] * terms + np.arange(terms)
        own = csr_matrix((self.local.ravel(), columns.ravel(), np.arange(len(self.local) + 1) * terms),
                         shape=(len(self.local), self.penalty.size))
        return csr_matrix(hstack((own, csr_matrix(self.pattern))) @ self.clusters)

    def solve(self, weights: FloatArray, start: FloatArray) -> FloatArray:
        """The terms that minimise sum w (values - surface - s)^2 + penalty c^2 over them and the terms s of the places.

        Conjugate gradients, preconditioned on two levels: what the frames about one place have in common is solved exactly, so
        that the number of iterations does not grow with that of the panels.
        """
        samples = self.samples
        column = np.maximum(samples.by_place(weights), 1e-30)
        penalty = np.concatenate([self.penalty.ravel() + 1e-9,
                                  np.full(self.pattern.shape[1], PATTERN_PENALTY * float(weights.sum()))])

        def gradient(surface: FloatArray) -> FloatArray:
            rest = weights * (surface - (samples.by_place(weights * surface) / column)[samples.place])
            return np.concatenate([samples.by_frame(self.local * rest[:, None]).ravel(), rest @ self.pattern])

        def apply(terms: FloatArray) -> FloatArray:
            return np.asarray(gradient(self.surface(terms.ravel())) + penalty * terms.ravel())

        places = csr_matrix((weights, (samples.place, np.arange(len(weights)))), shape=(len(samples.x), len(weights)))
        together = places @ self.design
        normal = self.design.T @ self.design.multiply(weights[:, None]) - together.T @ diags(1 / column) @ together
        coarse = cho_factor(normal.toarray() + (self.clusters.T @ diags(penalty) @ self.clusters).toarray())
        alone = weights * (1 - weights / column[samples.place])
        diagonal = np.concatenate([samples.by_frame(self.local**2 * alone[:, None]).ravel(), alone @ self.pattern**2]) + penalty

        def precondition(rest: FloatArray) -> FloatArray:
            return np.asarray(rest.ravel() / diagonal + self.clusters @ cho_solve(coarse, self.clusters.T @ rest.ravel()))

        found, _ = cg(LinearOperator((self.size, self.size), matvec=apply, dtype=np.float64), gradient(samples.value),
                           x0=start, rtol=RESIDUAL, maxiter=MOST_ITERATIONS,
                           M=LinearOperator((self.size, self.size), matvec=precondition, dtype=np.float64))
        return np.asarray(found, np.float64)
