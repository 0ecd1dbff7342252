"""Brightness of frames that do not all overlap, from the stars that pairs share, for all frames at once (METHODS 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from tilecore.numerics.robust_surface import robust_weights
from tilecore.numerics.statistics import mad_sigma

__all__ = ["CommonScale", "SharedFluxes", "common_scale", "group_errors"]

FloatArray = NDArray[np.float64]

# Least and largest relative error of the flux of a star without noise: flat field, pixel phase.
RATIO_ERROR = (0.001, 0.1)
# Signal-to-noise over all frames below which a star does not count.
LEAST_SNR = 10.0
# Signal-to-noise of single fluxes from which the fit starts.
STARTING_SNR = 5.0
# Rounds of reweighting.
SCALE_ROUNDS = 12
# The first of them use Huber's weights, which exclude nothing, so that the usual deviation is known before outliers are excluded.
GENTLE_ROUNDS = 4
# Rounds after which the error model is fitted.
MODEL_ROUNDS = 2
# Squared residuals (sigma^2) up to which fluxes count for the error model.
CORE = 16


@dataclass(frozen=True)
class SharedFluxes:
    """M fluxes of stars in frames: numbers of the ``frame`` and of the ``star`` (M,), ``flux`` (M,) and its ``variance`` (M,) by
    the noise of the sky; ``frames`` is the number of frames."""

    frame: NDArray[np.int64]
    star: NDArray[np.int64]
    flux: FloatArray
    variance: FloatArray
    frames: int

    @property
    def stars(self) -> int:
        """Number of stars."""
        return int(self.star.max()) + 1 if len(self.star) else 0


@dataclass(frozen=True)
class CommonScale:
    """``scale`` (N,) is the brightness of stars in each frame relative to the reference; ``used`` (N,) the number of stars that
    determine it, 0 for frames that are not tied to the reference. ``weight`` and ``rest`` (M,) belong to the fluxes: the inverse
    variance of the logarithm, and its residual. ``excess`` is the ratio of the variance to that of the weights."""

    scale: FloatArray
    used: NDArray[np.int64]
    weight: FloatArray
    rest: FloatArray
    excess: float


def common_scale(shared: SharedFluxes, reference: int) -> CommonScale:
    """Brightness of the stars of each frame relative to the reference.

    A flux is the product of a factor of the frame and one of the star, determined by robust least squares over all fluxes: a
    frame that shares no star with the reference is tied to it through others. The fluxes themselves are fitted, not their
    logarithms, so that faint stars count without bias; their errors beyond the noise of the sky (photon noise of the star, a
    share of the flux) are estimated from the residuals. The scale of the reference is 1, as is that of frames without ties.
    """
    n, count = shared.frames, shared.stars
    frame, star = shared.frame, shared.star
    known = _usable(shared)
    frames, stars = _start(shared, known)
    photons, share = 0.0, RATIO_ERROR[0] ** 2
    weight, rest, excess = np.zeros(len(frame)), np.zeros(len(frame)), 1.0
    for turn in range(SCALE_ROUNDS):
        logarithm = frames[frame] + stars[star]
        expected = np.exp(logarithm)
        with np.errstate(invalid="ignore"):
            rest = np.where(known, shared.flux / expected - 1, 0)
        if turn >= MODEL_ROUNDS:
            # The fit absorbs a part of the residuals.
            absorbed = (weight / np.maximum(np.bincount(star, weight, count), 1e-30)[star]
                        + weight / np.maximum(np.bincount(frame, weight, n), 1e-30)[frame])
            photons, share = _error_model(shared, expected, rest**2 / np.maximum(1 - absorbed, 0.1), known, photons, share)
        prior = np.where(known, 1 / (shared.variance / expected**2 + photons / expected + share), 0)
        scaled = rest * np.sqrt(prior)
        spread = max(mad_sigma(scaled[known], 0.0) if known.any() else 0.0, 1.0)
        weight = prior * robust_weights(scaled / spread, "huber" if turn < GENTLE_ROUNDS else "tukey")
        excess = spread**2
        # The logarithm, linearised about the expected flux: the fixed point is that of the fluxes.
        values = logarithm + np.clip(rest, -1, 1)
        frames = _two_way(csr_matrix((weight, (frame, star)), shape=(n, count)), csr_matrix((weight * values, (frame, star)),
                          shape=(n, count)), frames)
        stars = (np.bincount(star, weight * (values - frames[frame]), count)
                 / np.maximum(np.bincount(star, weight, count), 1e-30))
    carried = (weight > 0) & (np.bincount(star[weight > 0], minlength=count)[star] > 1)
    tied = _tied(csr_matrix((np.ones(int(carried.sum())), (frame[carried], star[carried])), shape=(n, count)), reference)
    used = np.where(tied, np.bincount(frame[carried], minlength=n), 0)
    # A frame with neither stars nor ties has no finite factor.
    scale = np.where(tied, np.exp(np.clip(frames - frames[reference], -20, 20)), 1.0)
    return CommonScale(scale, used.astype(np.int64), np.where(carried, weight, 0.0), rest, excess)


def _usable(shared: SharedFluxes) -> NDArray[np.bool_]:
    """(M,): fluxes of stars that are measured in two frames or more, and that stand out of the noise in all of them together."""
    count, star = shared.stars, shared.star
    good = np.isfinite(shared.flux) & np.isfinite(shared.variance) & (shared.variance > 0)
    precision = np.where(good, 1 / np.where(good, shared.variance, 1), 0)
    flux = np.bincount(star, np.where(good, shared.flux, 0) * precision, count)
    snr = flux / np.sqrt(np.maximum(np.bincount(star, precision, count), 1e-300))
    enough = (snr > LEAST_SNR) & (np.bincount(star[good], minlength=count) > 1)
    return np.asarray(good & enough[star])


def _start(shared: SharedFluxes, known: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Logarithms of the factors of frames (N,) and stars (S,), from fluxes that stand out of the noise by themselves."""
    n, count = shared.frames, shared.stars
    clear = known & (shared.flux > STARTING_SNR * np.sqrt(np.where(known, shared.variance, 1)))
    values = np.log(np.where(clear, shared.flux, 1))
    weight = np.where(clear, 1 / (np.where(clear, shared.variance / np.where(clear, shared.flux, 1) ** 2, 0) + 1e-4), 0)
    weights, weighted = (csr_matrix((w, (shared.frame, shared.star)), shape=(n, count)) for w in (weight, weight * values))
    frames = _two_way(weights, weighted, np.zeros(n))
    flux = np.where(known, shared.flux * np.exp(-frames[shared.frame]), 0)
    mean = np.bincount(shared.star, flux, count) / np.maximum(np.bincount(shared.star[known], minlength=count), 1)
    floor = max(float(np.median(mean[mean > 0])) if (mean > 0).any() else 1.0, 1e-30) * 1e-3
    return frames, np.log(np.maximum(mean, floor))


def _error_model(shared: SharedFluxes, expected: FloatArray, squared: FloatArray, known: NDArray[np.bool_], photons: float,
                 share: float) -> tuple[float, float]:
    """Variance of relative fluxes beyond the noise of the sky: ``photons`` over the flux, and the constant ``share``."""
    sky = np.where(known, shared.variance, 0) / expected**2
    prior = 1 / np.maximum(sky + photons / expected + share, 1e-30)
    core = known & (squared * prior < CORE)
    if core.sum() < 10:
        return photons, share
    design = np.stack([1 / expected[core], np.ones(int(core.sum()))], 1) * prior[core, None]
    found = np.linalg.lstsq(design, (squared - sky)[core] * prior[core], rcond=None)[0]
    return max(float(found[0]), 0.0), float(np.clip(found[1], RATIO_ERROR[0] ** 2, RATIO_ERROR[1] ** 2))


def _two_way(weights: csr_matrix, weighted: csr_matrix, start: FloatArray) -> FloatArray:
    """Terms f (N,) of the frames that minimise sum w (values - f - s)^2 over f and the terms s of the columns.

    ``weighted`` (N, S) are weights times values; ``start`` (N,) is where the iteration starts.
    """
    column = np.maximum(np.asarray(weights.sum(axis=0)).ravel(), 1e-30)
    row = np.asarray(weights.sum(axis=1)).ravel()
    across = weights.T.tocsr()
    # Frames without ties keep their start.
    ridge = 1e-12 * max(float(row.max(initial=0.0)), 1e-12)

    def apply(f: FloatArray) -> FloatArray:
        f = f.ravel()
        return np.asarray(row * f - weights @ ((across @ f) / column) + ridge * f)

    right = np.asarray(weighted.sum(axis=1)).ravel() - weights @ (np.asarray(weighted.sum(axis=0)).ravel() / column)
    size = len(row)
    found, _ = cg(LinearOperator((size, size), matvec=apply, dtype=np.float64), right, x0=start, rtol=1e-10, maxiter=500)
    return np.asarray(found, np.float64)


def _tied(used: csr_matrix, reference: int) -> NDArray[np.bool_]:
    """(N,): frames that are tied to the reference through stars; ``used`` (N, S)."""
    rows, columns = used.nonzero()
    n, count = used.shape
    graph = csr_matrix((np.ones(len(rows)), (rows, columns + n)), shape=(n + count, n + count))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label[:n] == label[reference])


def group_errors(shared: SharedFluxes, found: CommonScale, group: NDArray[np.int64], reference: int,
                 sensitivity: FloatArray, covariance: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Relative error (K,) of the scale of each group of frames against that of the group ``reference``, and the number of stars
    each shares with other groups.

    It is the larger of the error by the weights and that by the residuals of the stars, all residuals of a star taken as one
    (they share its colour, its neighbours, its place on the sensor), plus the uncertainty of the PSF of each frame:
    ``sensitivity`` (M, T) of the logarithm of the fluxes to its T parameters, ``covariance`` (N, T, T) of these. NaN for groups
    that are not tied to the reference.
    """
    groups, stars = int(group.max()) + 1, shared.stars

    def total(values: FloatArray) -> csr_matrix:
        """(K, S) sums over the frames of a group, times the weights; a star is in few groups."""
        return csr_matrix((found.weight / found.excess * values, (group[shared.frame], shared.star)), shape=(groups, stars))

    def sums(matrix: csr_matrix, axis: int) -> FloatArray:
        return np.asarray(matrix.sum(axis=axis), np.float64).ravel()

    weight, rest = total(np.ones(len(shared.frame))), total(found.rest)
    weight.eliminate_zeros()
    column, row = sums(weight, 0), sums(weight, 1)
    common = weight.getnnz(axis=0) > 1
    across = csr_matrix((weight > 0) @ diags(common.astype(np.float64)))
    across.eliminate_zeros()
    error = np.full(groups, np.nan)
    tied = np.flatnonzero(_tied(across, reference))
    others = tied[tied != reference]
    error[reference] = 0.0
    if len(others):
        share = csr_matrix(weight @ diags(1 / np.maximum(column, 1e-30)))
        inverse = np.linalg.inv((np.diag(row) - (share @ weight.T).toarray())[np.ix_(others, others)])
        # The effect of a star on a group is proportional to its deviation from its mean over all groups.
        off = rest - share @ diags(sums(rest, 0))
        pull = csr_matrix(off @ diags(common.astype(np.float64)))[others]
        few = np.maximum(common.sum(), 2) / (np.maximum(common.sum(), 2) - 1)
        seen = np.diag(inverse @ (few * (pull @ pull.T).toarray()) @ inverse)
        psf, terms = np.zeros(len(others)), [total(s) for s in sensitivity.T]
        for k in tied:
            own = [t[k] for t in terms]
            response = np.stack([-(share @ t.T).toarray().ravel() for t in own], 1)  # (K, T)
            response[k] += [t.sum() for t in own]
            inside = group == k
            spread = covariance[inside].sum(axis=0) / inside.sum() ** 2
            effect = inverse @ response[others]
            psf += np.einsum("kt,tu,ku->k", effect, spread, effect)
        error[others] = np.sqrt(np.maximum(np.diag(inverse), seen) + psf)
    return error, np.asarray(across.getnnz(axis=1), np.int64)
