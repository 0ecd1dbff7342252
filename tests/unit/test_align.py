"""Alignment on star tables: right transforms are found, wrong ones are refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.simulation.psf import add_stars
from tilecore.detect.stars import STAR_DTYPE
from tilecore.register import align
from tilecore.register.align import AlignmentError, Limits, apply, consistent_in_time, match
from tilecore.register.align_fallback import end_points, from_images

FIELD = (752, 580)
Points = NDArray[np.float64]


def table(xy: Points, flux: NDArray[np.float64]) -> NDArray[np.void]:
    stars = np.zeros(len(xy), STAR_DTYPE)
    stars["x"], stars["y"], stars["flux"], stars["snr"] = xy[:, 0], xy[:, 1], flux, 20 * flux
    stars["fwhm"], stars["roundness"] = 3.0, 0.9
    return stars[np.argsort(-flux, kind="stable")]


def similarity(degrees: float, x: float, y: float, size: tuple[int, int] = FIELD) -> Points:
    """Rotation about the field's centre, then a shift."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    centre = (np.array(size) - 1) / 2
    matrix[:2, 2] = centre - matrix[:2, :2] @ centre + [x, y]
    return matrix


def views(count: int, matrix: Points, *, spurious: float = 0.0, noise: float = 0.05, seed: int = 0,
          size: tuple[int, int] = FIELD) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """Star tables of a frame and its reference, both cut from one sky; ``matrix`` maps frame to reference."""
    rng = np.random.default_rng(seed)
    sky, flux = rng.uniform(-1, 2, (9 * count, 2)) * size, rng.pareto(1, 9 * count) + 1
    tables = []
    for points in (apply(np.linalg.inv(matrix), sky), sky):
        inside = ((points > 5) & (points < np.array(size) - 5)).all(1)
        extra = int(spurious * inside.sum())
        xy = np.concatenate([points[inside] + rng.normal(0, noise, (inside.sum(), 2)), rng.uniform(0, 1, (extra, 2)) * size])
        tables.append(table(xy, np.concatenate([flux[inside] * rng.lognormal(0, 0.1, inside.sum()), rng.pareto(1, extra) + 1])))
    return tables[0], tables[1]


def error(found: Points, truth: Points, size: tuple[int, int] = FIELD) -> float:
    """Rms distance over the field of two transforms, in pixels."""
    grid = np.stack(np.meshgrid(np.linspace(0, size[0], 9), np.linspace(0, size[1], 9)), -1).reshape(-1, 2)
    return float(np.sqrt(((apply(found, grid) - apply(truth, grid)) ** 2).sum(1).mean()))


@pytest.mark.parametrize(("count", "degrees", "spurious"),
                         [(15, 0.3, 0), (20, 180, 0), (20, 1, 0.3), (80, 37, 0.3), (300, -179, 0.3)])
def test_frames_are_aligned_at_any_rotation_with_few_stars_and_with_false_detections(
        count: int, degrees: float, spurious: float) -> None:
    for seed in range(5):
        truth = similarity(degrees, 14.3, -6.1)
        found = match(*views(count, truth, spurious=spurious, seed=seed))
        assert error(found.matrix, truth) < 0.25
        assert found.residual < 0.2 and found.inliers >= 5


def test_many_stars_give_a_hundredth_of_a_pixel() -> None:
    truth = similarity(0.7, 3.2, -8.8)
    found = match(*views(300, truth))
    assert error(found.matrix, truth) < 0.02
    assert found.model == "similarity"


@pytest.mark.parametrize("count", [15, 60, 200, 500])
@pytest.mark.parametrize("size", [(200, 160), (752, 580)])
def test_unrelated_fields_are_refused_however_dense_they_are(count: int, size: tuple[int, int]) -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        a, b = (table(rng.uniform(0, 1, (count, 2)) * size, rng.pareto(1, count) + 1) for _ in range(2))
        with pytest.raises(AlignmentError):
            match(a, b)


@pytest.mark.parametrize("hot", [20, 60, 120])
def test_fixed_hot_pixels_do_not_vote_the_identity_through(hot: int) -> None:
    truth = similarity(0.0, 11.3, -7.2)
    frame, reference = views(60, truth, seed=4)
    rng = np.random.default_rng(5)
    fixed = table(rng.uniform(0, 1, (hot, 2)) * FIELD, rng.pareto(1, hot) + 1)
    joined = [np.concatenate([t, fixed]) for t in (frame, reference)]
    found = match(*(t[np.argsort(-t["flux"], kind="stable")] for t in joined))
    assert error(found.matrix, truth) < 0.1


def test_a_field_that_stands_still_is_the_identity() -> None:
    frame, reference = views(80, np.eye(3), noise=0.25)
    assert error(match(frame, reference).matrix, np.eye(3)) < 0.2


def test_the_model_grows_only_when_the_stars_ask_for_it() -> None:
    shear = similarity(0.2, 2, 3)
    shear[0, 1] += 0.004
    found = match(*views(200, shear))
    assert found.model == "affine" and error(found.matrix, shear) < 0.05
    tilt = similarity(0.2, 2, 3)
    tilt[2, 0] = 6e-6
    found = match(*views(300, tilt))
    assert found.model == "homography" and error(found.matrix, tilt) < 0.05


def test_the_model_that_is_asked_for_is_the_one_fitted() -> None:
    truth = similarity(0.0, 5.5, -3.25)
    for model in ("shift", "similarity", "affine", "homography"):
        found = match(*views(120, truth), transform=model)
        assert found.model == model and error(found.matrix, truth) < 0.06


@pytest.mark.parametrize("model", ["shift", "similarity", "affine", "homography"])
def test_the_fit_is_exact_on_exact_points(model: str) -> None:
    rng = np.random.default_rng(2)
    source = rng.uniform(0, 500, (30, 2))
    matrix = np.eye(3)
    matrix[:2, 2] = [12.5, -3.75]
    if model != "shift":
        matrix[:2, :2] = similarity(3, 0, 0)[:2, :2]
    if model in ("affine", "homography"):
        matrix[0, 1] += 0.01
    if model == "homography":
        matrix[2, :2] = [1e-5, -2e-5]
    assert error(align.fit(source, apply(matrix, source), np.ones(30), model), matrix) < 1e-6


def test_another_scale_and_a_mirrored_frame_are_refused_with_the_reason() -> None:
    with pytest.raises(AlignmentError, match=r"scale differs by 2\.0 %"):
        align.accept(np.diag([1.02, 1.02, 1]), 50, 60, 0.1, 0.0, Limits())
    with pytest.raises(AlignmentError, match="mirrors"):
        align.accept(np.diag([1.0, -1.0, 1]), 50, 60, 0.1, 0.0, Limits())
    with pytest.raises(AlignmentError, match="px off"):
        align.accept(np.eye(3), 50, 60, 1.2, 0.0, Limits())


@pytest.mark.parametrize(("available", "chance", "needed"),
                         [(14, 0.0, 5), (24, 0.0, 8), (40, 0.0, 8), (200, 0.0, 40), (40, 1.0, 12)])
def test_inliers_must_be_enough_a_share_of_the_stars_and_more_than_chance(available: int, chance: float, needed: int) -> None:
    align.accept(np.eye(3), needed, available, 0.1, chance, Limits())
    with pytest.raises(AlignmentError, match=f"{needed} are needed"):
        align.accept(np.eye(3), needed - 1, available, 0.1, chance, Limits())


def test_too_few_stars_are_named() -> None:
    frame, reference = views(40, np.eye(3))
    with pytest.raises(AlignmentError, match="no stars"):
        match(frame[:0], reference)
    with pytest.raises(AlignmentError, match="only 3 stars"):
        match(frame[:3], reference)
    with pytest.raises(AlignmentError, match="reference has only 2"):
        match(frame, reference[:2])


def test_a_weak_frame_that_leaps_away_contradicts_its_neighbours_and_a_flip_does_not() -> None:
    drift = [similarity(0.1 * k, 2.0 * k, 1.0 * k) for k in range(10)]
    assert consistent_in_time(drift, [6] * 10, FIELD[::-1]).all()
    leap = [*drift[:4], similarity(40, 200, 10), *drift[5:]]
    assert consistent_in_time(leap, [6] * 10, FIELD[::-1]).tolist() == [k != 4 for k in range(10)]
    assert consistent_in_time(leap, [6, 6, 6, 6, 90, 6, 6, 6, 6, 6], FIELD[::-1]).all()
    flip = [*drift[:5], *(similarity(180, 0, 0) @ m for m in drift[5:])]
    assert consistent_in_time(flip, [6] * 10, FIELD[::-1]).all()
    assert consistent_in_time([None, *drift[:2]], [0, 6, 6], FIELD[::-1]).all()


def picture(stars: NDArray[np.void]) -> NDArray[np.float32]:
    image = np.zeros(FIELD[::-1])
    add_stars(image, stars["x"], stars["y"], 0.02 * np.minimum(stars["flux"], 50), np.full(len(stars), 3.0))
    return (image + 0.01 + np.random.default_rng(1).normal(0, 0.0003, image.shape)).astype(np.float32)


def test_image_fallbacks_find_the_transform_and_the_stars_accept_it() -> None:
    truth = similarity(0.5, 9.0, -4.0)
    frame, reference = views(60, truth, seed=2)
    found = from_images(picture(frame), picture(reference), frame, reference)
    assert error(found.matrix, truth) < 0.1
    assert found.method in ("image features", "phase correlation and ECC")


def test_image_fallbacks_do_not_take_the_identity_against_the_stars() -> None:
    frame, _ = views(60, np.eye(3), seed=2)
    _, other = views(60, np.eye(3), seed=9)
    nebula = np.full(FIELD[::-1], 0.2, np.float32) + np.linspace(0, 0.3, FIELD[0], dtype=np.float32)
    with pytest.raises(AlignmentError):
        from_images(nebula, nebula, frame, other)


def test_trailed_stars_are_aligned_by_their_ends() -> None:
    truth = similarity(0.4, 20.0, -12.0)
    frame, reference = views(50, truth, seed=3)
    frame["roundness"], frame["theta"] = 0.3, 0.7
    flat = np.full(FIELD[::-1], 0.01, np.float32)
    found = from_images(flat, flat, frame, reference)
    assert found.method == "ends of elongated stars" and error(found.matrix, truth) < 0.1
    left, right = end_points(frame)
    assert (left[:, 0] < right[:, 0]).all()
    assert np.allclose((left + right) / 2, np.stack([frame["x"], frame["y"]], 1))
