"""Rejection of outliers: the kernels against a slow twin, and what must and must not be rejected."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from tilecore.stack.grid import AxisWindows
from tilecore.stack.reject import METHODS, RejectionRule, ShotNoise, _reject, grow, local_contrast, reject
from tilecore.stack.weighted_mean import combine

NOISE = 0.001
CLIPPING = [m for m in METHODS if m not in ("none", "percentile")]


def sky(n: int, shape: tuple[int, int] = (24, 24), seed: int = 0, noise: float = NOISE) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.01, noise, (n, *shape)).astype(np.float32)


def sigmas(n: int, noise: float = NOISE) -> np.ndarray:
    return np.full(n, noise, np.float32)


def everywhere(cube: np.ndarray) -> np.ndarray:
    return np.ones(cube.shape, np.float32)


# --- the slow twin --------------------------------------------------------------------------------------------------------


def weighted_median(v: np.ndarray, weight: np.ndarray) -> float:
    """The place where the weight of the values below is that of those above."""
    order = np.argsort(v)
    below = np.cumsum(weight[order]) - weight[order] / 2
    return float(v[order][np.searchsorted(below + weight[order] / 2, weight.sum() / 2)])


def clipped(v: np.ndarray, scale: np.ndarray, method: str, low: float, high: float, median: float,
            weight: np.ndarray) -> np.ndarray:
    """True = rejected, at one pixel."""
    bad = (v - median > high * scale) | (v - median < -low * scale)
    for _ in range(5):
        alive = ~bad
        center: np.ndarray | float = median
        if method == "sigma" and alive.any():
            center = np.average(v[alive], weights=weight[alive])
        elif method == "winsorized" and alive.any():
            center = np.average(np.clip(v, median - 1.5 * scale, median + 1.5 * scale)[alive], weights=weight[alive])
        elif method == "linear_fit":
            order = np.argsort(v)
            rank = np.concatenate([[0], np.cumsum(alive[order])[:-1]])
            inside = alive[order]
            line = np.polyfit(rank[inside], v[order][inside], 1) if inside.sum() > 1 else [0, v[order][inside].sum()]
            center = np.empty(len(v))
            center[order] = np.polyval(line, rank)
        updated = (v - center > high * scale) | (v - center < -low * scale)
        if (updated == bad).all():
            break
        bad = updated
    return bad


def gesd(v: np.ndarray, scale: np.ndarray, low: float, high: float) -> np.ndarray:
    left, removed, outliers = list(range(len(v))), [], 0
    for step in range(min(int(0.3 * len(v)), len(v) - 3)):
        m = len(left)
        mean, spread = v[left].mean(), np.sqrt(max(v[left].var(ddof=1), (scale[left] ** 2).mean()))
        t = [student.ppf(norm.cdf(k), m - 2) for k in (low, high)]
        critical = [(m - 1) * x / np.sqrt((m - 2 + x * x) * m) for x in t]
        ratio = [(v[i] - mean) / critical[1] if v[i] > mean else (mean - v[i]) / critical[0] for i in left]
        worst = int(np.argmax(ratio))
        removed.append(left.pop(worst))
        if ratio[worst] > spread:
            outliers = step + 1
    bad = np.zeros(len(v), bool)
    bad[removed[:outliers]] = True
    return bad


def percentile(v: np.ndarray, low: float, high: float) -> np.ndarray:
    order, n = np.argsort(v), len(v)
    bad = np.zeros(n, bool)
    bad[order[: int(n * low / 100 + 0.5)]] = True
    bad[order[n - int(n * high / 100 + 0.5):]] = True
    return bad


def twin(cube: np.ndarray, valid: np.ndarray, sigma: np.ndarray, method: str, low: float, high: float,
         least: int = 3) -> np.ndarray:
    mask = np.zeros(cube.shape, np.uint8)
    uneven = sigma.max() > 2 * sigma.min()
    for y, x in np.ndindex(cube.shape[1:]):
        good = np.flatnonzero((valid[:, y, x] > 0) & np.isfinite(cube[:, y, x]))
        v, noise = cube[good, y, x].astype(float), sigma[good].astype(float)
        if len(v) < 3:
            continue
        unit = noise if uneven else np.ones(len(v))
        median = weighted_median(v, 1 / noise) if uneven else float(np.median(v))
        mad = 1.4826 * np.median(np.abs(v - median) / unit) * unit
        scale = np.maximum(noise, mad * max(1 - 1.17 / np.sqrt(len(v)), 0))
        if method == "percentile":
            bad = percentile(v, low, high)
        elif method == "gesd":
            bad = gesd(v, scale, low, high)
        else:
            bad = clipped(v, scale, method, low, high, median, unit**-2.0)
        if (~bad).sum() >= least:
            mask[good[bad], y, x] = 1
    return mask


@pytest.mark.parametrize("method", [m for m in METHODS if m != "none"])
@pytest.mark.parametrize(("n", "most"), [(3, 1.3), (8, 1.3), (25, 1.3), (8, 20), (25, 20)])
def test_each_method_agrees_with_its_slow_twin(method: str, n: int, most: float) -> None:
    r = np.random.default_rng(n)
    cube = sky(n, (14, 15), seed=n)
    cube += np.where(r.random(cube.shape) < 0.1, r.normal(0, 0.02, cube.shape), 0).astype(np.float32)
    valid = (r.random(cube.shape) < 0.9).astype(np.float32)
    cube[r.random(cube.shape) < 0.02] = np.nan
    sigma = r.uniform(0.7, most, n).astype(np.float32) * np.float32(NOISE)
    low, high = (20, 10) if method == "percentile" else (3.0, 2.5)
    found = reject(cube, valid, sigma, RejectionRule(method=method, low=low, high=high, contrast_tolerance=0))
    expected = twin(cube, valid, sigma, method, low, high)
    assert np.array_equal(found, expected)
    assert found.any() == (n > 3)  # three values: three survivors are asked for


# --- what must go ---------------------------------------------------------------------------------------------------------


def trail(shape: tuple[int, int], height: float) -> np.ndarray:
    """A satellite's trail with wings, FWHM 3 px."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    distance = (y - 0.4 * x - 8) / np.hypot(1, 0.4)
    return (height * np.exp(-0.5 * (distance / 1.27) ** 2)).astype(np.float32)


@pytest.mark.parametrize("method", CLIPPING)
@pytest.mark.parametrize("n", [6, 8, 15])
def test_a_trail_in_one_of_few_frames_is_gone(method: str, n: int) -> None:
    cube = sky(n, (60, 80), seed=n)
    streak = trail((60, 80), 0.05)
    cube[2] += streak
    mask = grow(reject(cube, everywhere(cube), sigmas(n), RejectionRule(method=method)), 1)
    core = streak > 0.012
    assert mask[2][core].mean() > 0.99
    kept = np.where(mask == 0, cube - 0.01, 0).sum(axis=0) / (mask == 0).sum(axis=0)
    # Without rejection the trail would stand there with 0.05 / n.
    assert kept[core].mean() < 0.5 * NOISE / np.sqrt(n) + 0.1 * 0.05 / n


@pytest.mark.parametrize("n", [5, 8])
def test_two_trails_that_cross_are_gone(n: int) -> None:
    cube = sky(n, (60, 80), seed=n)
    cube[1] += trail((60, 80), 0.05)
    cube[3] += trail((60, 80), 0.05)[:, ::-1]
    mask = reject(cube, everywhere(cube), sigmas(n), RejectionRule(min_survivors=3))
    for i, streak in ((1, trail((60, 80), 0.05)), (3, trail((60, 80), 0.05)[:, ::-1])):
        assert mask[i][streak > 0.02].mean() > 0.98


@pytest.mark.parametrize("n", [4, 6, 12])
def test_hot_and_cold_pixels_that_drift_over_the_scene_are_gone(n: int) -> None:
    cube = sky(n, (40, 40), seed=n)
    for i in range(n):
        cube[i, 5::7, 3 + i] += 0.3
        cube[i, 6::7, 20 + i] -= 0.02
    mask = reject(cube, everywhere(cube), sigmas(n))
    for i in range(n):
        assert mask[i, 5::7, 3 + i].all() and mask[i, 6::7, 20 + i].all()


@pytest.mark.parametrize("method", ["sigma", "winsorized", "mad", "linear_fit"])
def test_a_frame_that_is_quieter_than_the_others_is_judged_by_its_own_noise(method: str) -> None:
    n = 9
    noise = np.full(n, NOISE, np.float32)
    noise[4] = 4 * NOISE
    cube = np.full((n, 8, 8), 0.01, np.float32) + np.random.default_rng(1).normal(0, 0.3 * NOISE, (n, 8, 8)).astype(np.float32)
    cube[3:5, 4, 4] += 9 * NOISE
    mask = reject(cube, everywhere(cube), noise, RejectionRule(method=method, contrast_tolerance=0))
    assert mask[3, 4, 4] == 1 and mask[4, 4, 4] == 0


# --- what must stay -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", CLIPPING)
@pytest.mark.parametrize("n", [4, 10, 40])
def test_noise_alone_is_hardly_ever_rejected(method: str, n: int) -> None:
    cube = sky(n, (80, 80), seed=n)
    assert reject(cube, everywhere(cube), sigmas(n), RejectionRule(method=method)).mean() < 1.5e-3


@pytest.mark.parametrize("method", ["sigma", "winsorized", "mad"])
@pytest.mark.parametrize(("good", "clouded"), [(9, 2), (8, 4), (5, 7), (20, 12)])
def test_good_frames_are_not_rejected_because_of_those_behind_clouds(method: str, good: int, clouded: int) -> None:
    n, r = good + clouded, np.random.default_rng(good)
    noise = np.concatenate([np.full(good, NOISE), NOISE * r.uniform(5, 30, clouded)]).astype(np.float32)
    cube = (0.01 + noise[:, None, None] * r.normal(0, 1, (n, 80, 80))).astype(np.float32)
    cube[0, 40, 40] += 12 * NOISE
    mask = reject(cube, everywhere(cube), noise, RejectionRule(method=method))
    assert mask[0, 40, 40] == 1
    assert mask.mean() < 1.5e-3


def test_values_that_scatter_more_than_the_measured_noise_are_not_torn_apart() -> None:
    # Thresholds of 3.5 sigma are 1.2 true ones here: by the measured noise alone a fifth would go.
    cube = sky(20, (60, 60), noise=3 * NOISE)
    assert reject(cube, everywhere(cube), sigmas(20), RejectionRule(contrast_tolerance=0)).mean() < 0.04


def test_nothing_is_rejected_by_none_or_among_two_frames() -> None:
    cube = sky(5)
    cube[0] += 1
    assert not reject(cube, everywhere(cube), sigmas(5), RejectionRule(method="none")).any()
    assert not reject(cube[:2], everywhere(cube[:2]), sigmas(2)).any()


def test_where_too_few_would_survive_nothing_is_rejected() -> None:
    cube = sky(4, (4, 4))
    cube[0, 1, 1] += 1
    assert reject(cube, everywhere(cube), sigmas(4), RejectionRule(min_survivors=3))[0, 1, 1] == 1
    assert reject(cube, everywhere(cube), sigmas(4), RejectionRule(min_survivors=4))[0, 1, 1] == 0
    valid = everywhere(cube)
    valid[3, 1, 1] = 0
    assert reject(cube, valid, sigmas(4), RejectionRule(min_survivors=3))[0, 1, 1] == 0


def test_the_shot_noise_of_a_bright_object_is_no_outlier() -> None:
    r = np.random.default_rng(3)
    gain = 1e-5  # variance per unit of signal
    scene = np.full((60, 60), 0.01)
    scene[20:40, 20:40] = 0.5
    cube = r.normal(scene, np.sqrt(NOISE**2 + gain * (scene - 0.01)), (15, 60, 60)).astype(np.float32)
    inside = np.s_[:, 22:38, 22:38]
    rule = RejectionRule(contrast_tolerance=0)
    with_shot = reject(cube, everywhere(cube), sigmas(15), rule, ShotNoise(gain))[inside].mean()
    assert with_shot < 1.5e-3
    assert reject(cube, everywhere(cube), sigmas(15), rule)[inside].mean() > 2 * with_shot


def test_the_shot_noise_counts_from_the_sky_that_is_given_so_that_blocks_agree() -> None:
    r = np.random.default_rng(4)
    scene = np.linspace(0.01, 0.5, 60)[:, None] * np.ones((60, 30))
    cube = r.normal(scene, np.sqrt(NOISE**2 + 1e-5 * scene), (12, 60, 30)).astype(np.float32)
    arguments = RejectionRule(contrast_tolerance=0.0), ShotNoise(5e-6, 0.01)
    whole = reject(cube, everywhere(cube), sigmas(12), *arguments)
    halves = [reject(part, everywhere(part), sigmas(12), *arguments) for part in (cube[:, :37], cube[:, 37:])]
    assert np.array_equal(whole, np.concatenate(halves, axis=1))
    assert whole.any()


def star(fwhm: float, x: float, y: float, shape: tuple[int, int], flux: float) -> np.ndarray:
    """A Moffat star (beta 3.5), its integral over the plane ``flux``."""
    beta = 3.5
    alpha = fwhm / (2 * np.sqrt(2 ** (1 / beta) - 1))
    yy, xx = np.mgrid[: shape[0], : shape[1]]
    return flux * (beta - 1) / (np.pi * alpha**2) * (1 + ((xx - x) ** 2 + (yy - y) ** 2) / alpha**2) ** -beta


def starfield(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, list[tuple[int, int]]]:
    """Frames of stars of many fluxes, seeing 2.2 to 4.5 px: cube, FWHM, positions."""
    r = np.random.default_rng(seed)
    shape = (120, 120)
    fwhm = np.linspace(2.2, 4.5, n)[r.permutation(n)]
    positions = [(20 + 40 * j, 20 + 40 * i) for j in range(3) for i in range(3)]
    fluxes = np.geomspace(1, 20, 9)
    dither = r.uniform(-0.4, 0.4, (9, 2))
    cube = sky(n, shape, seed=seed)
    for f in range(n):
        for (y, x), flux, (dy, dx) in zip(positions, fluxes, dither, strict=True):
            cube[f] += star(fwhm[f], x + dx, y + dy, shape, flux).astype(np.float32)
    return cube, fwhm, positions


@pytest.mark.parametrize("method", CLIPPING)
@pytest.mark.parametrize("n", [6, 15, 40])
def test_star_fluxes_agree_to_2_mmag_with_and_without_rejection_under_varying_seeing(method: str, n: int) -> None:
    cube, fwhm, positions = starfield(n, seed=n)
    mask = grow(reject(cube, everywhere(cube), sigmas(n), RejectionRule(method=method)), 1)
    weights = (1 / fwhm**2)[:, None, None]
    zero, one = np.zeros((120, 1), np.int32), np.ones((120, 1), np.float32)
    windows = AxisWindows(zero, one, zero, one)
    on, off = (combine(cube, everywhere(cube), m, weights, np.full((n, 1, 1), NOISE), windows).mean
               for m in (mask, np.zeros_like(mask)))
    for y, x in positions:
        part = np.s_[y - 9: y + 10, x - 9: x + 10]
        difference = 2500 * np.log10((on[part] - 0.01).sum() / (off[part] - 0.01).sum())
        assert abs(difference) < 2


def test_without_the_contrast_term_the_one_sharp_frame_loses_its_star_cores() -> None:
    cube = sky(15, (40, 40))
    for i in range(15):
        cube[i] += star(2.4 if i == 7 else 3.6, 20.2, 19.9, (40, 40), 5.0).astype(np.float32)
    core = np.s_[7, 19:22, 19:22]
    assert reject(cube, everywhere(cube), sigmas(15), RejectionRule(contrast_tolerance=0))[core].any()
    assert not reject(cube, everywhere(cube), sigmas(15))[core].any()


# --- data that is missing, growth -----------------------------------------------------------------------------------------


def test_pixels_without_data_are_neither_rejected_nor_evidence() -> None:
    cube = sky(8)
    cube[:3, 5, 5] = [np.nan, np.inf, -np.inf]
    valid = everywhere(cube)
    cube[3, 6, 6], valid[3, 6, 6] = 99, 0
    mask = reject(cube, valid, sigmas(8))
    assert not mask[:, 5, 5].any() and not mask[:, 6, 6].any()


def test_the_border_of_the_data_is_no_contrast() -> None:
    cube = sky(8) + np.float32(0.5)
    valid = everywhere(cube)
    valid[:, :, :10] = 0
    cube[:, :, :10] = 0
    cube[2, 7, 10] += 0.1
    assert reject(cube, valid, sigmas(8))[2, 7, 10] == 1


def test_a_cube_without_data_gives_an_empty_mask() -> None:
    assert not reject(np.full((5, 4, 4), np.nan, np.float32), np.ones((5, 4, 4), np.float32), sigmas(5)).any()
    assert reject(np.ones((5, 0, 4), np.float32), np.ones((5, 0, 4), np.float32), sigmas(5)).shape == (5, 0, 4)


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(ValueError, match="wishful"):
        reject(sky(4), everywhere(sky(4)), sigmas(4), RejectionRule(method="wishful"))


def test_the_mask_does_not_depend_on_the_number_of_threads() -> None:
    cube, _, _ = starfield(6, seed=2)
    most = numba.get_num_threads()
    masks = []
    for threads in {1, most}:
        numba.set_num_threads(threads)
        masks.append(reject(cube, everywhere(cube), sigmas(6), RejectionRule(low=2, high=2)))
    numba.set_num_threads(most)
    assert masks[0].any() and all(np.array_equal(masks[0], m) for m in masks)


def test_gesd_takes_a_share_and_a_significance_too() -> None:
    cube = sky(20, (40, 40))
    cube[4, 10, 10] += 0.05
    mask = reject(cube, everywhere(cube), sigmas(20), RejectionRule(method="gesd", low=0.3, high=0.05))
    assert mask[4, 10, 10] == 1 and mask.mean() < 0.005


def test_contrast_is_the_range_of_the_neighbourhood() -> None:
    image = np.arange(36, dtype=np.float32).reshape(6, 6)
    contrast = local_contrast(image)
    assert contrast[2, 2] == 14 and contrast[0, 0] == 7
    covered = np.ones((6, 6), bool)
    covered[3, 3] = False
    masked = local_contrast(np.where(covered, image, 1000).astype(np.float32), covered)
    assert masked[2, 2] == 13 and masked[3, 3] == 0


@pytest.mark.parametrize("method", ["sigma", "winsorized", "mad"])
@pytest.mark.parametrize("n", [3, 5, 9, 15])
def test_pixels_that_are_not_examined_have_no_outliers(monkeypatch, method: str, n: int) -> None:
    cube = sky(n, (40, 60), seed=n)
    r = np.random.default_rng(n)
    cube[r.random(cube.shape) < 0.02] += 6 * NOISE
    cube[r.random(cube.shape) < 0.02] = np.nan
    valid = (r.random(cube.shape) > 0.1).astype(np.float32)
    examined = []
    every = _reject.py_func

    def spy(first, stop, frames, extra, median, suspect, limits, critical, mask):
        examined.append(suspect.copy())
        suspect[:] = 1
        every(first, stop, frames, extra, median, suspect, limits, critical, mask)
    for low, high in ((4, 3.5), (2, 2), (1, 0.5)):
        rule = RejectionRule(method=method, low=low, high=high)
        with monkeypatch.context() as patched:
            patched.setattr("tilecore.stack.reject._reject", spy)
            expected = reject(cube, valid, sigmas(n), rule)
        assert np.array_equal(reject(cube, valid, sigmas(n), rule), expected) and expected.any() == (n > 3)
        assert low < 4 or examined[0].mean() < 0.5
        examined.clear()


def test_growth_widens_trails_and_leaves_single_pixels() -> None:
    mask = np.zeros((4, 20, 20), np.uint8)
    mask[0, 10, :] = 1
    mask[1, 4, 4] = 1
    grown = grow(mask, 2)
    assert grown[0, 8:13, 2:-2].all() and not grown[0, :8].any() and not grown[0, 13:].any()
    assert np.array_equal(grown[1:], mask[1:])
    assert grow(mask, 0) is mask


def test_growth_stops_where_too_few_frames_would_be_left() -> None:
    mask = np.zeros((3, 20, 20), np.uint8)
    mask[0, 9, :] = mask[1, 11, :] = 1
    valid = np.ones(mask.shape, np.float32)
    grown = grow(mask, 1, valid=valid, min_survivors=2)
    assert np.array_equal(grown[:, 10], mask[:, 10]) and grown[0, 8, 1:-1].all() and grown[1, 12, 1:-1].all()
    assert grow(mask, 1, valid=valid)[:2, 10, 1:-1].all()
    valid[2] = 0
    assert not grow(mask, 1, valid=valid)[:, 10].any()
