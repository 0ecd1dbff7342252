"""The lens of lights of one field: it moves the same star differently in lights that are shifted or turned against each other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.native.overlap import Found
from orchestrator.engines.native.pointing import Cameras
from orchestrator.engines.native.sky_places import AT_ONCE, KNOWN, MOST_ADJUSTED, evenly_spread
from orchestrator.engines.native.sky_registration import OnSky, alignment_of
from tilecore.detect.stars import empty_stars
from tilecore.register.align import Alignment, apply, fit
from tilecore.register.bundle import Geometry
from tilecore.register.camera import Camera, fit_rotation
from tilecore.register.lens import Lens
from tilecore.register.lens_evidence import bending, lens_error
from tilecore.register.sky_solution import COMPARED_STARS, FIRST_RADIUS, Solution, best_model, extended, solve
from tilecore.register.tracks import Tracks, chosen_tracks, find_tracks

__all__ = ["with_shared_lens"]

logger = logging.getLogger(__name__)

Report = Callable[[str], None]

# Registered lights that are needed, and lights from which it is judged whether there is a lens.
LEAST_LIGHTS = 6
JUDGED = 40
# Movement (px) of the field below which a lens has no effect.
LEAST_MOVEMENT = 2.0
# Effect (px, 95th percentile) of a lens, beyond what homographies describe, from which it is used.
LEAST_EFFECT = 0.02
# Largest standard error (px) with which a lens that is used may bend the picture, and least bending in units of that error.
MOST_UNCERTAIN = 0.1
SIGNIFICANT = 5.0
# Points along each side of a frame where transforms are compared.
GRID = 9


def with_shared_lens(found: Found, tables: Sequence[NDArray[np.void] | None], cameras: Cameras, reference: int,
                     report: Report) -> OnSky | None:
    """The lights adjusted together with the lens of each camera; None if the stars show no lens, its effect is small, or they do
    not agree better with it. ``found`` are the transforms to the reference."""
    members = [i for i, f in enumerate(found) if isinstance(f, Alignment) and tables[i] is not None]
    matrices = {i: f.matrix for i, f in enumerate(found) if isinstance(f, Alignment)}
    if len(members) < LEAST_LIGHTS or _movement(matrices, members, cameras) < LEAST_MOVEMENT:
        return None
    stars = [t if t is not None else empty_stars() for t in tables]
    start = _start(matrices, cameras, reference)
    expected = [(c.focal, error) for c, error in zip(cameras.cameras, cameras.errors, strict=True)]
    report("lens")
    others = [i for i in members if i != reference]
    few = evenly_spread(others, JUDGED)
    tracks = find_tracks(start, stars, [reference, *few], FIRST_RADIUS)
    if not len(tracks.row):
        return None
    judged, _ = best_model(start, tracks.seen.part(chosen_tracks(tracks.seen, COMPARED_STARS)), reference, expected, strain=False)
    effect = max((_effect(judged, i, reference) for i in few), default=0.0)
    if effect < LEAST_EFFECT:
        return None
    adjusted = _of_each_camera(others, MOST_ADJUSTED, cameras)
    solution = solve(start, stars, [reference, *adjusted], expected, report)
    before, after = _scatter(solution.tracks, matrices), float(np.median(np.hypot(*solution.residual.T)))
    effect = max((_effect(solution.geometry, i, reference) for i in few), default=0.0)
    logger.info("A lens moves stars by up to %.3f px between lights; scatter of shared stars %.4f px with it, %.4f px without",
                effect, after, before)
    if not after < before or effect < LEAST_EFFECT:
        return None
    lenses = [solution.geometry.cameras[k].lens for k in cameras.of]
    strained = bool(solution.geometry.strain.any())
    errors = lens_error(solution.geometry, solution.tracks.seen.part(~solution.held_out), reference, expected, strained)
    bends = [bending(c) for c in solution.geometry.cameras]
    logger.info("The lens bends the picture by %s px, with a standard error of %s px", *(
        ", ".join(f"{v:.3f}" for v in values) for values in (bends, errors)))
    if any(e > min(MOST_UNCERTAIN, b / SIGNIFICANT) for b, e in zip(bends, errors, strict=True)):
        logger.info("The lens is not used: its error is too large")
        return None
    known = [reference, *_of_each_camera(adjusted, KNOWN, cameras)]
    solution = _with_others(solution, matrices, replace(cameras, cameras=solution.geometry.cameras), known,
                            sorted(set(others) - set(adjusted)), stars, expected, report)
    result: Found = []
    for i, one in enumerate(found):
        if isinstance(one, Alignment):
            new = alignment_of(solution, i, reference)
            # A light with few shared stars keeps its own match.
            alone = i != reference and new.inliers < one.inliers / 2
            one = _own_match(one, cameras, i, lenses, reference) if alone else new
        result.append(one)
    return OnSky(result, reference, solution, lenses, [])


def _of_each_camera(lights: Sequence[int], most: int, cameras: Cameras) -> list[int]:
    """About ``most`` of the lights: of each camera a share that is as large as that of its lights, evenly spread."""
    if len(lights) <= most:
        return list(lights)
    own = [[i for i in lights if cameras.of[i] == k] for k in np.unique(cameras.of[list(lights)])]
    return sorted(i for part in own for i in evenly_spread(part, max(most * len(part) // len(lights), LEAST_LIGHTS)))


def _with_others(solution: Solution, matrices: dict[int, NDArray[np.float64]], cameras: Cameras, known: Sequence[int],
                 others: Sequence[int], stars: Sequence[NDArray[np.void]], expected: Sequence[tuple[float, float]],
                 report: Report) -> Solution:
    """The solution with the lights that were not adjusted, of which ``matrices`` give the places; ``cameras`` have their lenses,
    the first of the ``known`` lights is the reference."""
    if not others:
        return solution
    start = _start(matrices, cameras, known[0])
    start = replace(start, rotations=solution.geometry.rotations[known[0]] @ start.rotations)
    groups = [(known, others[first: first + AT_ONCE]) for first in range(0, len(others), AT_ONCE)]
    return extended(solution, start, stars, groups, expected, report)


def _grid(camera: Camera) -> NDArray[np.float64]:
    h, w = camera.shape
    x, y = np.meshgrid(np.linspace(0, w - 1, GRID), np.linspace(0, h - 1, GRID))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _movement(matrices: dict[int, NDArray[np.float64]], members: Sequence[int], cameras: Cameras) -> float:
    """Range (px) of the places of the corners on the reference, the largest of all corners."""
    corners = [apply(matrices[i], _grid(cameras.cameras[cameras.of[i]])[[0, GRID - 1, -GRID, -1]]) for i in members]
    return float(np.hypot(*np.ptp(np.array(corners), axis=0).T).max())


def _start(matrices: dict[int, NDArray[np.float64]], cameras: Cameras, reference: int) -> Geometry:
    """The rotations nearest to the transforms."""
    base = cameras.cameras[cameras.of[reference]]
    rotations = np.repeat(np.eye(3)[None], len(cameras.of), axis=0)
    for i, matrix in matrices.items():
        points = _grid(cameras.cameras[cameras.of[i]])
        rotations[i] = fit_rotation(cameras.cameras[cameras.of[i]].directions(points), base.directions(apply(matrix, points)),
                                    np.ones(len(points)))
    return Geometry(cameras.cameras, cameras.of, rotations, np.zeros((len(cameras.of), 3)))


def _effect(geometry: Geometry, frame: int, reference: int) -> float:
    """What the lenses do between two frames beyond a homography: 95th percentile over the field that both share (px)."""
    own, base = (geometry.cameras[geometry.camera_of[i]] for i in (frame, reference))
    if own.lens is None and base.lens is None:
        return 0.0
    points = _grid(own)
    target = apply(geometry.matrix(frame, reference), own.ideal(points))
    target = target if base.lens is None else base.lens.on_frame(target)
    h, w = base.shape
    inside = (target >= 0).all(axis=1) & (target <= np.array([w, h]) - 1).all(axis=1)
    if inside.sum() < GRID:
        return 0.0
    matrix = fit(points[inside], target[inside], np.ones(int(inside.sum())), "homography")
    return float(np.percentile(np.hypot(*(apply(matrix, points[inside]) - target[inside]).T), 95))


def _scatter(tracks: Tracks, matrices: dict[int, NDArray[np.float64]]) -> float:
    """Median distance (px) of the observations from the mean places of their stars under given transforms."""
    seen = tracks.seen
    place = np.empty_like(seen.pixel)
    for i in np.unique(seen.frame):
        at = seen.frame == i
        place[at] = apply(matrices[int(i)], seen.pixel[at])
    weight = 1 / seen.error**2
    total = np.stack([np.bincount(seen.star, weight * p) for p in place.T], axis=1) / np.bincount(seen.star, weight)[:, None]
    return float(np.median(np.hypot(*(place - total[seen.star]).T)))


def _own_match(one: Alignment, cameras: Cameras, index: int, lenses: Sequence[Lens | None], reference: int) -> Alignment:
    """A transform between pixels as one between ideal pixels."""
    points = _grid(cameras.cameras[cameras.of[index]])
    target, lens, base = apply(one.matrix, points), lenses[index], lenses[reference]
    source = points if lens is None else lens.ideal(points)
    target = target if base is None else base.ideal(target)
    return replace(one, matrix=fit(source, target, np.ones(len(points)), "homography"))
