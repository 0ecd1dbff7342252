"""Scores and weights of frames and tiles against their formulas written out."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.stack.weights import (
    TileMeasurements,
    effective_frames,
    global_quality,
    global_weight,
    information_kept,
    local_quality_star,
    local_quality_structure,
    robust_z,
    shrink,
    tile_weights,
)

AREA = 4 * np.pi / (8 * np.log(2))  # effective area of a Gaussian PSF in FWHM^2: 2.266


def frames(n: int = 12, tiles: tuple[int, int] = (2, 3), seed: int = 0) -> dict[str, np.ndarray]:
    r = np.random.default_rng(seed)
    fwhm = r.uniform(2.2, 4.5, (n, 1, 1)) * r.uniform(0.9, 1.1, (n, *tiles))
    return {"transparency": r.uniform(0.6, 1, n), "noise": r.uniform(0.5, 1.5, (n, *tiles)), "area": AREA * fwhm**2,
            "global_weight": np.exp(r.normal(0, 1, n)), "local_quality": r.normal(0, 1, (n, *tiles)),
            "valid": np.ones((n, *tiles), bool)}


def information_by_pixels(weights: np.ndarray, transparency: np.ndarray, noise: np.ndarray, fwhm: np.ndarray) -> float:
    """eta of one tile from PSFs drawn on a pixel grid."""
    x = np.arange(-24, 25)
    sigma = fwhm / np.sqrt(8 * np.log(2))
    psf = np.exp(-(x[None, :, None] ** 2 + x[None, None, :] ** 2) / (2 * sigma[:, None, None] ** 2))
    psf /= psf.sum(axis=(1, 2), keepdims=True)
    stacked = np.einsum("f,fyx->yx", weights, psf) / weights.sum()
    noise_squared = (weights**2 * noise**2 / transparency**2).sum() / weights.sum() ** 2
    available = (transparency**2 / noise**2 * (psf**2).sum(axis=(1, 2))).sum()
    return float((stacked**2).sum() / noise_squared / available)


def test_robust_scores_follow_median_and_mad() -> None:
    x = np.array([1.0, 2, 3, 4, 100])
    assert np.allclose(robust_z(x), (x - 3) / 1.4826)


def test_scores_of_equal_values_are_zero() -> None:
    assert np.array_equal(robust_z(np.full(7, 0.1)), np.zeros(7))


def test_an_unknown_value_scores_zero_and_leaves_the_others_alone() -> None:
    x = np.array([1.0, 2, 3, 4, 100])
    assert np.allclose(robust_z(np.append(x, np.nan)), np.append(robust_z(x), 0))
    assert np.array_equal(robust_z(np.full((4, 2), np.nan)), np.zeros((4, 2)))


def test_global_quality_prefers_dark_quiet_and_sharp_frames() -> None:
    b, s, e = np.array([3.0, 1, 2]), np.array([2.0, 1, 3]), np.array([5.0, 9, 7])
    q = global_quality(b, s, e, 0.4, 0.3, 0.3)
    expected = 0.4 * -robust_z(b) + 0.3 * -robust_z(s) + 0.3 * robust_z(e)
    assert np.allclose(q, expected)
    assert np.argmax(q) == 1


def test_global_quality_does_not_depend_on_the_units() -> None:
    r = np.random.default_rng(1)
    b, s, e = r.uniform(1, 2, (3, 9))
    assert np.allclose(global_quality(b, s, e, 0.4, 0.3, 0.3), global_quality(b * 1e-7, s * 1e-7, e * 1e-14, 0.4, 0.3, 0.3))


def test_adaptive_shares_follow_the_variance_of_the_scores_within_their_limits() -> None:
    flat, varied = np.ones(9), np.arange(1.0, 10)
    q = global_quality(flat, varied, flat, 0.4, 0.3, 0.3, adaptive=True)
    assert np.allclose(q, 0.7 / 0.9 * -robust_z(varied / 5))


def test_global_weight_is_the_exponential_of_the_clipped_quality() -> None:
    assert np.allclose(global_weight(np.array([-9.0, 0, 1, 9]), 0.5), np.exp([-1.5, 0, 0.5, 1.5]))


def test_local_qualities_follow_their_formulas() -> None:
    a, b, c = np.random.default_rng(2).uniform(1, 2, (3, 8, 2, 2))
    assert np.allclose(local_quality_star(a, b, c), -0.6 * robust_z(a) + 0.2 * robust_z(b) + 0.2 * robust_z(c), atol=1e-3)
    assert np.allclose(local_quality_structure(a, b), 0.7 * robust_z(a) - 0.3 * robust_z(b), atol=1e-3)


@pytest.mark.parametrize("mode", ["uniform", "snr", "psf_snr"])
def test_simple_modes_follow_their_formulas(mode: str) -> None:
    f = frames()
    found = tile_weights(mode, TileMeasurements(**f), min_information=0.7)
    squared = f["transparency"][:, None, None] ** 2 / f["noise"] ** 2
    expected = {"uniform": np.ones_like(squared), "snr": squared, "psf_snr": squared / f["area"]}[mode]
    ratio = found.weights / expected
    assert np.allclose(ratio, ratio.flat[0])
    assert np.isclose(np.median(found.weights.max(axis=0)), 1)
    assert not found.fallback.any() and found.exponent == 1


def test_quality_is_the_product_of_global_and_local_weight() -> None:
    f = frames()
    found = tile_weights("quality", TileMeasurements(**f), min_information=0.0)
    expected = f["global_weight"][:, None, None] * np.exp(np.clip(f["local_quality"], -3, 3))
    ratio = found.weights / expected
    assert np.allclose(ratio, ratio.flat[0]) and found.exponent == 1


def informed(n: int) -> dict[str, np.ndarray]:
    """Frames whose scores know of noise and PSF, as measured ones do."""
    f = frames(n)
    f["noise"] = np.broadcast_to(f["noise"].mean(axis=(1, 2), keepdims=True), f["noise"].shape).copy()
    signal = np.log(f["transparency"] / f["noise"][:, 0, 0])
    f["global_weight"] = np.exp(np.clip(2 * robust_z(signal), -3, 3))
    f["local_quality"] = robust_z(-np.log(f["area"]))
    return f


def kept_by(weights: np.ndarray, f: dict[str, np.ndarray]) -> float:
    return float(np.median(information_kept(weights, f["transparency"], f["noise"], np.sqrt(f["area"] / AREA))))


def test_the_cap_softens_the_exponent_just_so_far_that_the_information_is_kept() -> None:
    f = informed(30)
    full = tile_weights("quality", TileMeasurements(**f), min_information=0.0)
    found = tile_weights("quality", TileMeasurements(**f), min_information=0.7)
    assert kept_by(full.weights, f) < 0.6
    assert 0 < found.exponent < 1
    assert 0.7 <= kept_by(found.weights, f) < 0.701


def test_a_cap_that_no_exponent_meets_takes_the_one_that_keeps_most() -> None:
    f = informed(30)
    found = tile_weights("quality", TileMeasurements(**f), min_information=1.0)
    logarithm = np.log(f["global_weight"])[:, None, None] + np.clip(f["local_quality"], -3, 3)
    most = max(kept_by(np.exp(e * logarithm), f) for e in np.linspace(0, 1, 17))
    assert kept_by(found.weights, f) == pytest.approx(most, rel=1e-6)
    assert most > kept_by(np.ones_like(logarithm), f)


def test_information_kept_agrees_with_psfs_drawn_on_pixels() -> None:
    f = frames(9)
    fwhm = np.sqrt(f["area"] / AREA)
    weights = np.random.default_rng(3).uniform(0, 1, f["noise"].shape)
    found = information_kept(weights, f["transparency"], f["noise"], fwhm)
    expected = information_by_pixels(weights[:, 1, 2], f["transparency"], f["noise"][:, 1, 2], fwhm[:, 1, 2])
    assert found[1, 2] == pytest.approx(expected, rel=2e-3)


def test_frames_with_one_psf_lose_nothing_under_inverse_variance() -> None:
    f = frames()
    squared = f["transparency"][:, None, None] ** 2 / f["noise"] ** 2
    assert np.allclose(information_kept(squared, f["transparency"], f["noise"], np.full(f["noise"].shape, 3.0)), 1)


def test_best_is_the_leading_eigenvector_of_the_information_matrix() -> None:
    f = frames()
    found = tile_weights("best", TileMeasurements(**f), min_information=0.7).weights[:, 1, 1]
    root = f["transparency"] / f["noise"][:, 1, 1]
    area = f["area"][:, 1, 1]
    matrix = 2 / (area[:, None] + area[None]) * root[:, None] * root[None]
    vector = np.abs(np.linalg.eigh(matrix)[1][:, -1]) * root
    assert np.allclose(found / found.sum(), vector / vector.sum(), rtol=1e-6)


def test_no_other_weights_keep_more_than_best() -> None:
    f = frames(20)
    fwhm = np.sqrt(f["area"] / AREA)
    kept = {mode: information_kept(tile_weights(mode, TileMeasurements(**f), 0.7).weights, f["transparency"], f["noise"], fwhm)
            for mode in ("best", "psf_snr", "snr", "quality", "uniform")}
    assert all((kept["best"] >= other - 1e-9).all() for other in kept.values())
    assert np.median(kept["psf_snr"]) > np.median(kept["snr"]) > np.median(kept["uniform"])
    assert (kept["best"] <= 1).all()


@pytest.mark.parametrize("mode", ["uniform", "snr", "psf_snr", "best", "quality"])
def test_a_frame_without_data_in_a_tile_changes_nothing_for_the_others(mode: str) -> None:
    f = frames()
    without = {k: v[1:] for k, v in f.items()}
    f["valid"] = f["valid"].copy()
    f["valid"][0] = False
    f["noise"][0], f["area"][0] = np.nan, np.nan
    a, b = (tile_weights(mode, TileMeasurements(**m), min_information=0.5) for m in (f, without))
    assert (a.weights[0] == 0).all()
    assert np.allclose(a.weights[1:], b.weights, rtol=1e-6)


@pytest.mark.parametrize("mode", ["uniform", "snr", "psf_snr", "best", "quality"])
def test_where_all_weights_vanish_the_plain_mean_is_taken_and_said_so(mode: str) -> None:
    f = frames()
    f["valid"] = f["valid"].copy()
    f["valid"][:, 0] = False  # half the tiles: the others keep their scale
    found = tile_weights(mode, TileMeasurements(**f), min_information=0.5)
    assert found.fallback[0].all() and not found.fallback[1].any()
    assert (found.weights[:, 0] == 1).all()
    assert np.isclose(np.median(found.weights[:, 1].max(axis=0)), 1)


def test_an_unknown_mode_is_named() -> None:
    with pytest.raises(ValueError, match="fancy"):
        tile_weights("fancy", TileMeasurements(**frames()), min_information=0.5)


def test_shrinkage_takes_away_what_is_measurement_error() -> None:
    r = np.random.default_rng(4)
    error = np.full((3, 20, 20), 0.1)
    noise_only = 3 + r.normal(0, 0.1, error.shape)
    shrunk = shrink(noise_only, error)
    assert shrunk.std(axis=(1, 2)).max() < 0.3 * noise_only.std(axis=(1, 2)).min()
    assert np.allclose(shrunk.mean(axis=(1, 2)), noise_only.mean(axis=(1, 2)))


def test_shrinkage_brings_values_nearer_to_the_truth() -> None:
    r = np.random.default_rng(5)
    truth = 3 + r.normal(0, 0.2, (3, 20, 20))
    measured = truth + r.normal(0, 0.2, truth.shape)
    shrunk = shrink(measured, np.full(truth.shape, 0.2))
    assert ((shrunk - truth) ** 2).mean() < 0.65 * ((measured - truth) ** 2).mean()


def test_shrinkage_leaves_exact_values_alone_and_fills_unknown_ones() -> None:
    values = np.random.default_rng(6).normal(3, 1, (2, 4, 4))
    assert np.allclose(shrink(values, np.zeros(values.shape)), values)
    values[0, 0, 0] = np.nan
    assert shrink(values, np.zeros(values.shape))[0, 0, 0] == pytest.approx(np.nanmean(values[0]))


def test_effective_frames_of_equal_weights_is_their_number() -> None:
    assert np.allclose(effective_frames(np.ones((7, 2, 2))), 7)
    one = np.zeros((7, 1, 1))
    one[3] = 5
    assert np.allclose(effective_frames(one), 1)
