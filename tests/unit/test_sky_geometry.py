"""Frames on the sky: cameras, matches, groups of frames, and the adjustment of all of them, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestrator.engines.native.registration import in_model
from tilecore.detect.stars import STAR_DTYPE
from tilecore.register.align import Alignment, Limits, apply
from tilecore.register.bundle import (
    CAUCHY,
    FACTOR_PRIOR,
    Geometry,
    Observations,
    _step,
    adjust,
    camera_covariance,
    residuals,
    robust_scale,
    star_directions,
)
from tilecore.register.bundle import _linear as linear
from tilecore.register.camera import BASES, MODELS, Camera, basis_values, fit_rotation, homography, turned
from tilecore.register.lens_evidence import bending, lens_error
from tilecore.register.pair_graph import _cut_edges, join
from tilecore.register.sky_match import Edge, match_frames, sky_stars
from tilecore.register.sky_solution import best_model

SHAPE = (480, 720)


def rotation(x: float, y: float, z: float) -> np.ndarray:
    return turned(np.eye(3)[None], np.array([[x, y, z]]))[0]


def panels(camera: Camera, across: int, down: int, depth: int, stars: int, random: np.random.Generator, noise: float = 0.05,
           overlap: float = 0.15) -> tuple[np.ndarray, Observations]:
    """Rotations of the frames of a mosaic, and what they see of ``stars`` at random places."""
    h, w = camera.shape
    step = np.array([w, h]) * (1 - overlap) / camera.focal
    places = [((i - (across - 1) / 2) * step[0], (j - (down - 1) / 2) * step[1]) for j in range(down) for i in range(across)]
    places = np.repeat(places, depth, axis=0) + random.normal(0, 10 / camera.focal, (across * down * depth, 2))
    none = np.zeros(len(places))
    turns = turned(np.repeat(np.eye(3)[None], len(places), 0), np.column_stack([-places[:, 1], places[:, 0], none]))
    turns = turned(turns, np.column_stack([none, none, random.normal(0, 0.02, len(places))]))
    width = np.array([across * w, down * h]) / camera.focal * 0.6
    sky = np.column_stack([random.uniform(-1, 1, (stars, 2)) * width, np.ones(stars)])
    sky /= np.linalg.norm(sky, axis=1, keepdims=True)
    frame, star, pixel = [], [], []
    for i, turn in enumerate(turns):
        ideal = camera.project(sky @ turn)
        seen = ideal if camera.lens is None else camera.lens.on_frame(np.nan_to_num(ideal, nan=-1e4))
        own = np.flatnonzero((seen > 0).all(axis=1) & (seen < np.array([w, h]) - 1).all(axis=1))
        frame.append(np.full(len(own), i))
        star.append(own)
        pixel.append(seen[own] + random.normal(0, noise, (len(own), 2)))
    frames, number = np.concatenate(frame), np.concatenate(star)
    shared = np.bincount(number)[number] > 1
    return turns, Observations(frames, number, np.concatenate(pixel), np.full(len(frames), noise)).part(shared)


def beginning(camera: Camera, turns: np.ndarray, random: np.random.Generator, model: str = "none", off: float = 2.0) -> Geometry:
    """A start that is a few px off, without a lens."""
    rough = turned(turns, random.normal(0, off / camera.focal, (len(turns), 3)))
    rough[0] = turns[0]
    start = Camera(camera.shape, camera.focal, model, (0.0,) * len(MODELS[model]))
    return Geometry((start,), np.zeros(len(turns), np.int64), rough, np.zeros((len(turns), 3)))


def errors(found: Geometry, camera: Camera, turns: np.ndarray) -> np.ndarray:
    """(N,) largest distance (px) between the places of the corners of each frame on the plane of the first, and the true ones."""
    h, w = camera.shape
    corners = np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1], [w / 2, h / 2]])
    own = found.cameras[0]
    return np.array([np.hypot(*(apply(found.matrix(i, 0), own.ideal(corners))
                                - apply(homography(camera, turns[0], camera, turns[i]), camera.ideal(corners))).T).max()
                     for i in range(len(turns))])


@given(st.floats(300, 1e5), st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.floats(-3, 3)))
@settings(max_examples=40, deadline=None)
def test_the_homography_of_two_frames_leads_through_the_sky(focal: float, turn: tuple[float, float, float]) -> None:
    one, other = Camera(SHAPE, focal), Camera((300, 400), 0.7 * focal)
    first, second = rotation(0.1, -0.05, 0.3), rotation(0.1, -0.05, 0.3) @ rotation(*turn)
    pixels = np.array([[0.0, 0.0], [399, 10], [200, 299]])
    through = one.project(other.directions(pixels) @ second.T @ first)
    assert np.allclose(apply(homography(one, first, other, second), pixels), through, atol=1e-6 * focal / 300)
    k1, k2 = one.matrix, other.matrix
    expected = k1 @ first.T @ second @ np.linalg.inv(k2)
    assert np.allclose(homography(one, first, other, second), expected / expected[2, 2])


def test_functions_of_a_lens_are_its_derivatives() -> None:
    pixels = np.random.default_rng(0).uniform(0, 400, (20, 2))
    for model, names in MODELS.items():
        values = basis_values(Camera(SHAPE, 1e4), pixels, names)
        factors = tuple(np.linspace(0.5, 2, len(names)))
        moved = Camera(SHAPE, 1e4, model, factors).ideal(pixels) - pixels
        assert np.allclose(moved, values @ np.array(factors), atol=1e-9) and set(names) <= set(BASES)


def test_a_rotation_is_found_from_directions() -> None:
    random = np.random.default_rng(2)
    source = random.normal(size=(7, 3))
    source /= np.linalg.norm(source, axis=1, keepdims=True)
    turn = rotation(0.3, -1.2, 2.0)
    assert np.allclose(fit_rotation(source, source @ turn.T, np.ones(7)), turn)
    assert np.allclose(turn @ turn.T, np.eye(3)) and np.isclose(np.linalg.det(turn), 1)


@pytest.mark.parametrize("strained", [False, True])
def test_derivatives_are_those_of_the_residuals(strained: bool) -> None:
    random = np.random.default_rng(3)
    camera = Camera(SHAPE, 1500.0, "radial", (2.0,))
    turns, seen = panels(camera, 2, 1, 1, 60, random)
    geometry = Geometry((camera,), np.zeros(2, np.int64), turns, random.normal(0, 1e-3, (2, 3)))
    stars = star_directions(geometry, seen)
    slope, small = linear(geometry, seen, stars, strained), 1e-7
    for k in range(3):
        change = np.zeros((2, 3))
        change[:, k] = small
        moved = Geometry((camera,), geometry.camera_of, turned(turns, change), geometry.strain)
        numeric = (residuals(moved, seen, stars) - residuals(geometry, seen, stars)) / small
        assert np.allclose(numeric, slope.frame[:, :, k], rtol=1e-3, atol=0.5)
        if strained:
            moved = Geometry((camera,), geometry.camera_of, turns, geometry.strain + change)
            numeric = (residuals(moved, seen, stars) - residuals(geometry, seen, stars)) / small
            assert np.allclose(numeric, slope.frame[:, :, 3 + k], atol=1e-3)
    changed = (Camera(SHAPE, 1500.0 * np.exp(small), "radial", (2.0,)), Camera(SHAPE, 1500.0, "radial", (2.0 + small,)))
    for k, other in enumerate(changed):
        moved = Geometry((other,), geometry.camera_of, turns, geometry.strain)
        numeric = (residuals(moved, seen, stars) - residuals(geometry, seen, stars)) / small
        assert np.allclose(numeric, slope.camera[:, :, k], rtol=1e-3, atol=1e-2)


def test_both_ways_to_eliminate_give_the_same_step() -> None:
    """With 20 frames of 4 stars the frames are eliminated, with 60 stars the stars; the step solves the full normal equations."""
    random = np.random.default_rng(4)
    camera = Camera(SHAPE, 5e3)
    for depth, stars in ((20, 12), (3, 120)):
        turns, seen = panels(camera, 1, 1, depth, stars, random)
        geometry = beginning(camera, turns, random)
        places = star_directions(geometry, seen)
        slopes = linear(geometry, seen, places, False)
        weight = 1 / seen.error**2
        step = _step(geometry, seen, slopes, weight, 0, [(5e3, 0.05)], len(places))
        full = np.zeros((2 * len(seen.frame), 3 * depth + 2 * len(places) + 1))
        for n, (i, s) in enumerate(zip(seen.frame, seen.star, strict=True)):
            full[2 * n: 2 * n + 2, 3 * i: 3 * i + 3] = slopes.frame[n]
            full[2 * n: 2 * n + 2, 3 * depth + 2 * s: 3 * depth + 2 * s + 2] = slopes.star[n]
            full[2 * n: 2 * n + 2, -1] = slopes.camera[n, :, 0]
        prior = np.concatenate([[1e18] * 3, np.full(3 * depth - 3, (5e3 / 1e4) ** 2), np.ones(2 * len(places)), [0.05**-2]])
        normal = full.T @ (np.repeat(weight, 2)[:, None] * full) + np.diag(prior)
        right = full.T @ (np.repeat(weight, 2) * slopes.residual.ravel())
        expected = -np.linalg.solve(normal, right)
        found = np.concatenate([step.frames.ravel(), step.stars.ravel(), step.cameras.ravel()])
        assert np.allclose(found, expected, rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_lens_and_focal_length_of_a_wide_mosaic_are_found(seed: int) -> None:
    random = np.random.default_rng(seed)
    camera = Camera(SHAPE, 2000.0, "radial", (3.0,))
    turns, seen = panels(camera, 3, 2, 4, 900, random)
    start = beginning(camera, turns, random)
    start = Geometry((Camera(SHAPE, 1.04 * camera.focal),), start.camera_of, start.rotations, start.strain)
    found, strained = best_model(adjust(start, seen, 0, [(1.04 * camera.focal, 0.05)]), seen, 0, [(1.04 * camera.focal, 0.05)])
    assert found.cameras[0].model == "radial" and not strained
    assert found.cameras[0].factors[0] == pytest.approx(3.0, rel=0.05)
    assert found.cameras[0].focal == pytest.approx(camera.focal, rel=1e-3)
    assert np.median(errors(found, camera, turns)) < 0.3 and 0.7 < found.scale < 1.1


def test_the_scale_of_a_small_field_stays_as_expected_and_nothing_collapses() -> None:
    random = np.random.default_rng(5)
    camera = Camera(SHAPE, 2e5)
    turns, seen = panels(camera, 1, 1, 12, 60, random)
    found, strained = best_model(beginning(camera, turns, random), seen, 0, [(2e5, 0.05)])
    assert found.cameras[0].model == "none" and not strained and found.cameras[0].focal == pytest.approx(2e5, rel=0.02)
    assert errors(found, camera, turns).max() < 0.15


def test_the_error_of_a_lens_is_the_scatter_of_its_fits() -> None:
    """Over many draws of the noise; the focal length, which is not determined, does not bend the picture."""
    camera = Camera(SHAPE, 5e4, "radial", (2.0,))
    claimed, found = [], []
    for seed in range(12):
        random = np.random.default_rng(seed)
        turns, seen = panels(camera, 1, 1, 10, 80, random)
        geometry = adjust(beginning(camera, turns, random, "radial"), seen, 0, [(5e4, 0.05)])
        claimed.append(lens_error(geometry, seen, 0, [(5e4, 0.05)])[0])
        found.append(bending(geometry.cameras[0]))
    true = bending(camera)
    assert np.sqrt(np.mean((np.array(found) - true) ** 2)) == pytest.approx(np.median(claimed), rel=0.5)
    covariance = camera_covariance(geometry, seen, 0, [(5e4, 0.05)])
    assert covariance.shape == (1, 2, 2) and np.sqrt(covariance[0, 0, 0]) == pytest.approx(0.05, rel=0.2)


@pytest.mark.parametrize(("depth", "stars"), [(40, 20), (4, 60)])
def test_the_covariance_of_a_camera_is_a_block_of_the_inverse_of_all_equations(depth: int, stars: int) -> None:
    """Where frames are more numerous they are eliminated, where stars are the stars."""
    random = np.random.default_rng(depth)
    camera = Camera(SHAPE, 2e3, "radial", (2.0,))
    turns, seen = panels(camera, 1, 1, depth, stars, random)
    geometry = Geometry((camera,), np.zeros(depth, np.int64), turns, np.zeros((depth, 3)))
    found = camera_covariance(geometry, seen, 0, [(2e3, 0.05)])[0]
    places = star_directions(geometry, seen)
    slopes, off = linear(geometry, seen, places, False), np.hypot(*residuals(geometry, seen).T)
    scale = robust_scale(residuals(geometry, seen), seen.error)
    weight = np.repeat(1 / (scale * seen.error) ** 2 / (1 + (off / (CAUCHY * scale * seen.error)) ** 2), 2)
    full = np.zeros((2 * len(seen.frame), 3 * depth + 2 * len(places) + 2))
    for n, (i, s) in enumerate(zip(seen.frame, seen.star, strict=True)):
        rows = slice(2 * n, 2 * n + 2)
        full[rows, 3 * i: 3 * i + 3], full[rows, 3 * depth + 2 * s: 3 * depth + 2 * s + 2] = slopes.frame[n], slopes.star[n]
        full[rows, -2:] = slopes.camera[n]
    prior = np.concatenate([[1e18] * 3, np.full(3 * depth - 3, (2e3 / 1e4) ** 2), np.ones(2 * len(places)),
                            [0.05**-2, (FACTOR_PRIOR * camera.radius) ** -2.0]])
    root = 1 / np.sqrt(np.diag(full.T @ (weight[:, None] * full)) + prior)
    inverse = np.linalg.inv(root[:, None] * (full.T @ (weight[:, None] * full) + np.diag(prior)) * root) * root[:, None] * root
    assert np.allclose(found, inverse[-2:, -2:], rtol=1e-3)


def test_wrong_stars_do_not_matter() -> None:
    random = np.random.default_rng(6)
    camera = Camera(SHAPE, 2e4)
    turns, seen = panels(camera, 2, 2, 4, 500, random)
    wrong = random.random(len(seen.frame)) < 0.05
    pixel = np.where(wrong[:, None], seen.pixel + random.uniform(-3, 3, seen.pixel.shape), seen.pixel)
    found = adjust(beginning(camera, turns, random), Observations(seen.frame, seen.star, pixel, seen.error), 0, [(2e4, 0.05)])
    assert errors(found, camera, turns).max() < 0.15


def test_frames_with_flexure_get_strains() -> None:
    """Frames of a night are compressed by refraction, differently as the field sinks."""
    random = np.random.default_rng(7)
    camera = Camera(SHAPE, 2e4)
    turns, seen = panels(camera, 1, 1, 12, 120, random)
    low = np.linspace(0, 8e-4, 12)
    middle = np.array(camera.centre)
    pixel = middle + (seen.pixel - middle) * np.stack([np.ones(len(seen.frame)), 1 - low[seen.frame]], axis=1)
    found, strained = best_model(beginning(camera, turns, random), Observations(seen.frame, seen.star, pixel, seen.error), 0,
                                 [(2e4, 0.05)])
    assert strained and found.scale < 1.1
    stretch = found.strain[:, 0] - found.strain[:, 1]  # along y
    assert np.allclose(stretch - stretch[0], low, atol=1.2e-4)


def table(pixel: np.ndarray, snr: float = 50.0) -> np.ndarray:
    stars = np.zeros(len(pixel), STAR_DTYPE)
    stars["x"], stars["y"], stars["snr"], stars["flux"] = *pixel.T, snr, 1.0
    return stars


def test_fields_of_20_degrees_that_share_a_seventh_match_and_others_do_not() -> None:
    random = np.random.default_rng(8)
    camera = Camera(SHAPE, 2063.0)
    turns, seen = panels(camera, 2, 1, 1, 900, random, 0.1)
    stars = [sky_stars(camera, table(seen.pixel[seen.frame == i])) for i in range(2)]
    lone = sky_stars(camera, table(random.uniform(0, 480, (150, 2))))
    edge = match_frames([stars[0], stars[1], lone], 0, 1, Limits())
    assert edge is not None and len(edge.pairs) > 20
    middle = camera.directions(np.array([camera.centre]))
    off = middle @ (edge.rotation - turns[0].T @ turns[1]).T
    assert np.linalg.norm(off) * camera.focal < 1.0
    assert match_frames([stars[0], stars[1], lone], 0, 2, Limits()) is None
    assert match_frames([stars[0], stars[1], lone], 2, 1, Limits()) is None


def edge(one: int, other: int, turns: np.ndarray, stars: int, wrong: np.ndarray | None = None) -> Edge:
    turn = turns[one].T @ turns[other]
    return Edge(one, other, turn if wrong is None else turn @ wrong, np.zeros((stars, 2), np.int64), 8)


@given(st.floats(-0.02, 0.02), st.floats(-300, 300))
@settings(max_examples=20, deadline=None)
def test_a_transform_between_ideal_pixels_as_one_between_pixels(turn: float, shift: float) -> None:
    """A shift of ideal pixels with a lens is nearly a shift of pixels; what is lost is in the residual."""
    lens = Camera(SHAPE, 1e4, "radial", (2.0,)).lens
    c, s = np.cos(turn), np.sin(turn)
    found = Alignment(np.array([[c, -s, shift], [s, c, 5.0], [0, 0, 1]]), 0.1, 20, 20, "rotation, lens", "")
    points = np.array([[100.0, 100.0], [600, 400], [360, 240]])
    assert lens is not None
    expected = lens.on_frame(apply(found.matrix, lens.ideal(points)))
    for model, allowed in (("homography", 0.6), ("shift", 20.0)):
        one = in_model(found, lens, lens, SHAPE, model)
        assert one.residual >= 0.1 and one.model == model
        assert np.hypot(*(apply(one.matrix, points) - expected).T).max() < allowed
    plain = in_model(found, None, None, SHAPE, "similarity")
    assert np.allclose(plain.matrix, found.matrix) and plain.residual == pytest.approx(0.1)


def test_cycles_tell_chance_matches_from_true_ones() -> None:
    random = np.random.default_rng(9)
    camera = Camera(SHAPE, 2e4)
    turns, _ = panels(camera, 3, 2, 3, 60, random)
    per = [list(range(3 * p, 3 * p + 3)) for p in range(6)]
    edges = [edge(a, b, turns, 60) for own in per for a, b in ((own[0], own[1]), (own[1], own[2]))]
    touching = ((0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5))
    edges += [edge(per[p][k], per[q][k], turns, 12) for p, q in touching for k in range(3)]
    chance = edge(per[0][0], per[5][0], turns, 80, rotation(0.01, 0.02, 0.3))
    joined = join([chance, *edges], [camera] * 18, lambda e: None)
    assert len(set(joined.group.tolist())) == 1 and joined.contradicting == (chance,) and not joined.bridges
    relative = joined.rotation[0].T @ joined.rotation
    assert np.allclose(relative, turns[0].T @ turns, atol=1e-9)


def test_a_single_match_joins_groups_on_strong_evidence_only_and_is_named() -> None:
    random = np.random.default_rng(10)
    camera = Camera(SHAPE, 2e4)
    turns, _ = panels(camera, 2, 1, 3, 60, random)
    within = [edge(a, b, turns, 60) for a, b in ((0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5))]
    weak, strong = edge(2, 3, turns, 10), edge(2, 3, turns, 30)
    assert len(set(join([*within, weak], [camera] * 6, lambda e: None).group.tolist())) == 2
    assert len(set(join([*within, weak], [camera] * 6, lambda e: True).group.tolist())) == 1, "the pointing agrees"
    assert len(set(join([*within, strong], [camera] * 6, lambda e: False).group.tolist())) == 2, "the pointing contradicts"
    joined = join([*within, strong], [camera] * 6, lambda e: None)
    assert len(set(joined.group.tolist())) == 1 and [b[0] for b in joined.bridges] == [strong]
    again = join([*within, strong, edge(1, 4, turns, 12)], [camera] * 6, lambda e: None)
    assert not again.bridges, "a second match agrees"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_pairs_that_alone_hold_parts_together(seed: int) -> None:
    """Against the definition: without such a pair there is one part more. Pairs that occur twice hold each other."""
    random = np.random.default_rng(seed)
    ends = random.integers(0, 40, (2, 45))
    ends = ends[:, ends[0] != ends[1]]
    ends = np.concatenate([ends, ends[:, :3]], axis=1)

    def parts(pairs: np.ndarray) -> int:
        graph = coo_matrix((np.ones(pairs.shape[1]), tuple(pairs)), shape=(40, 40))
        return int(connected_components(graph, directed=False)[0])

    expected = {frozenset(ends[:, k].tolist()) for k in range(ends.shape[1]) if parts(np.delete(ends, k, axis=1)) > parts(ends)}
    assert _cut_edges(ends, 40) == expected and len(expected) > 3
