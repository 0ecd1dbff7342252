"""Bundle adjustment on the sphere: the rotations of all frames, and the focal length and lens of each camera, that place the
stars which frames share at the same point of the sky (as in Triggs et al. 2000, LNCS 1883:298).

Each observation is a star at a pixel of a frame. The residual is the ideal pixel less the projection of the star, in px of the
frame: residuals on the sky would shrink with the scale. Of the two kinds of unknowns that an observation has, a frame and a
star, the more numerous are eliminated exactly from the equations of a Gauss-Newton step (Schur complement).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import linalg as sparse_linalg

from tilecore.register.camera import MODELS, Camera, basis_values, homography, turned

__all__ = ["Geometry", "Observations", "adjust", "camera_covariance", "residuals", "robust_scale", "star_directions"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Steps at most, and the movement (px) below which the adjustment has settled.
STEPS = 12
SETTLED = 1e-3
# Largest change of the logarithm of a focal length in a step.
FOCAL_STEP = 0.3
# Times that a step is halved, unless it raises the cost by less than this share.
HALVED = 3
TOLERATED = 1e-6
# Residuals (sigma) that count half (Cauchy).
CAUCHY = 3.0
# Prior deviation of the factors of a lens, as a share of the radius, and of the strain of a frame.
FACTOR_PRIOR = 0.05
STRAIN_PRIOR = 3e-4
# Deviation (px) by which a frame without stars in common may turn; it keeps the equations regular.
LOOSE = 1e4
FIXED = 1e-9
# Unknowns up to which the equations are solved as a full matrix.
DENSE = 2500


@dataclass(frozen=True)
class Observations:
    """M observations: ``frame`` and ``star`` (M,), ``pixel`` (M, 2), ``error`` (M,) of the centroid in px."""

    frame: IntArray
    star: IntArray
    pixel: FloatArray
    error: FloatArray

    def part(self, kept: NDArray[np.bool_]) -> Observations:
        """The observations that are True; stars get new numbers."""
        _, star = np.unique(self.star[kept], return_inverse=True)
        return Observations(self.frame[kept], star.astype(np.int64), self.pixel[kept], self.error[kept])


@dataclass(frozen=True)
class Geometry:
    """``camera_of`` (N,) is the camera of each frame, ``rotations`` (N, 3, 3) turn the axes of a frame to those of the sky.

    ``strain`` (N, 3): change of scale, stretch along x against y, and stretch along the diagonals, of each frame, for what a
    rotation cannot describe (refraction, flexure); zeros unless the stars require it. ``scale`` is the robust deviation of the
    residuals in units of their errors. ``known`` are frames of a star catalog: their places on the sky, and their cameras, which
    no other frames have, are exact.
    """

    cameras: tuple[Camera, ...]
    camera_of: IntArray
    rotations: FloatArray
    strain: FloatArray
    scale: float = 1.0
    known: tuple[int, ...] = ()

    @property
    def free_cameras(self) -> list[int]:
        """The cameras whose focal length and lens are to be determined."""
        exact = set(self.camera_of[list(self.known)].tolist())
        return [k for k in range(len(self.cameras)) if k not in exact]

    def held(self, fixed: int) -> list[int]:
        """The frames that keep their rotations: the known ones, the ``fixed`` one if there are none."""
        return list(self.known) or [fixed]

    def matrix(self, frame: int, reference: int) -> FloatArray:
        """Homography (3x3) of ideal pixels of a frame to those of the reference."""
        one, other = self.cameras[self.camera_of[reference]], self.cameras[self.camera_of[frame]]
        matrix = (np.linalg.inv(self._strained(reference))
                  @ homography(one, self.rotations[reference], other, self.rotations[frame]) @ self._strained(frame))
        return np.asarray(matrix / matrix[2, 2])

    def _strained(self, frame: int) -> FloatArray:
        a, b, c = self.strain[frame]
        x, y = self.cameras[self.camera_of[frame]].centre
        linear = np.array([[1 + a + b, c], [c, 1 + a - b]])
        matrix = np.eye(3)
        matrix[:2, :2], matrix[:2, 2] = linear, np.array([x, y]) - linear @ np.array([x, y])
        return matrix

    def directions(self, frame: int, points: FloatArray) -> FloatArray:
        """Unit vectors (n, 3) on the sky of pixels (n, 2) of a frame."""
        camera = self.cameras[self.camera_of[frame]]
        ideal = camera.ideal(points) @ self._strained(frame)[:2, :2].T + self._strained(frame)[:2, 2]
        return np.asarray(replace(camera, factors=(), model="none").directions(ideal) @ self.rotations[frame].T)


@dataclass(frozen=True)
class _Linear:
    """Residuals (M, 2) and their derivatives by frame (M, 2, f), star (M, 2, 2) and the unknowns of the camera (M, 2, c)."""

    residual: FloatArray
    frame: FloatArray
    star: FloatArray
    camera: FloatArray


def _per_observation(geometry: Geometry, seen: Observations) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Strained ideal places relative to the centre (M, 2), the same without strain, and focal lengths (M,)."""
    ideal, focal = np.empty((len(seen.frame), 2)), np.empty(len(seen.frame))
    own = geometry.camera_of[seen.frame]
    for k, camera in enumerate(geometry.cameras):
        at = own == k
        ideal[at] = camera.ideal(seen.pixel[at]) - np.array(camera.centre)
        focal[at] = camera.focal
    a, b, c = geometry.strain[seen.frame].T
    x, y = ideal.T
    return np.stack([(1 + a + b) * x + c * y, c * x + (1 + a - b) * y], axis=1), ideal, focal


def star_directions(geometry: Geometry, seen: Observations) -> FloatArray:
    """(S, 3) mean directions of the stars."""
    strained, _, focal = _per_observation(geometry, seen)
    own = np.column_stack([strained / focal[:, None], np.ones(len(focal))])
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    vectors = np.einsum("nij,nj->ni", geometry.rotations[seen.frame], own) / seen.error[:, None] ** 2
    total = np.stack([np.bincount(seen.star, v) for v in vectors.T], axis=1)
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True))


def _tangents(stars: FloatArray) -> FloatArray:
    """(S, 3, 2) two directions across each star."""
    first = np.cross(stars, np.eye(3)[np.abs(stars).argmin(axis=1)])
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    return np.stack([first, np.cross(stars, first)], axis=2)


def _linear(geometry: Geometry, seen: Observations, stars: FloatArray, strained_too: bool) -> _Linear:
    strained, ideal, focal = _per_observation(geometry, seen)
    turn = geometry.rotations[seen.frame].transpose(0, 2, 1)
    x, y, z = np.einsum("nij,nj->ni", turn, stars[seen.star]).T
    place = focal[:, None] * np.stack([x / z, y / z], axis=1)
    zero = np.zeros_like(x)
    slope = np.stack([np.stack([1 / z, zero, -x / z**2], 1), np.stack([zero, 1 / z, -y / z**2], 1)], 1) * focal[:, None, None]
    cross = np.stack([np.stack([zero, -z, y], 1), np.stack([z, zero, -x], 1), np.stack([-y, x, zero], 1)], 1)
    by_frame = -slope @ cross
    if strained_too:
        u, v = ideal.T
        by_frame = np.concatenate([by_frame, np.stack([np.stack([u, u, v], 1), np.stack([v, -v, u], 1)], 1)], axis=2)
    by_star = -slope @ (turn @ _tangents(stars)[seen.star])
    widest = max(1 + len(MODELS[c.model]) for c in geometry.cameras)
    by_camera = np.zeros((len(x), 2, widest))
    by_camera[:, :, 0] = -place
    own = geometry.camera_of[seen.frame]
    for k, camera in enumerate(geometry.cameras):
        names, at = MODELS[camera.model], own == k
        by_camera[at, :, 1: 1 + len(names)] = basis_values(camera, seen.pixel[at], names)
    return _Linear(strained - place, by_frame, by_star, by_camera)


def residuals(geometry: Geometry, seen: Observations, stars: FloatArray | None = None) -> FloatArray:
    """(M, 2) distances (px) of the observations from the projections of the stars, by default of their mean places."""
    at = star_directions(geometry, seen) if stars is None else stars
    strained, _, focal = _per_observation(geometry, seen)
    own = np.einsum("nji,nj->ni", geometry.rotations[seen.frame], at[seen.star])
    return np.asarray(strained - focal[:, None] * own[:, :2] / own[:, 2:])


def robust_scale(residual: FloatArray, error: FloatArray) -> float:
    """Deviation of the residuals in units of their errors, from the median of their length; at least 0.3."""
    return max(float(np.median(np.hypot(*residual.T) / error) / np.sqrt(2 * np.log(2))), 0.3)


def adjust(start: Geometry, seen: Observations, fixed: int, focal: Sequence[tuple[float, float]], strained: bool = False,
           settled: float = SETTLED, report: Callable[[], None] = lambda: None) -> Geometry:
    """The geometry that fits the observations best, with robust (Cauchy) weights.

    Parameters
    ----------
    start : rotations near enough for a linear step (some per cent of a frame); the models of its cameras are fitted.
    fixed : the frame that keeps its rotation if there are no known ones.
    focal : for each camera the focal length (px) that is expected, and its relative deviation.
    strained : fit ``Geometry.strain`` of each frame, too.
    settled : movement (px) of every corner in a step from which no other one is made.
    report : called in every step.
    """
    geometry, stars = start, star_directions(start, seen)
    for _ in range(STEPS):
        report()
        linear = _linear(geometry, seen, stars, strained)
        scale = robust_scale(linear.residual, seen.error)
        length = np.hypot(*linear.residual.T) / (CAUCHY * scale * seen.error)
        weight = 1 / (scale * seen.error) ** 2 / (1 + length**2)
        report()
        step = _step(geometry, seen, linear, weight, fixed, focal, len(stars))
        report()
        # Far from the solution, or where the equations are hardly linear, a part of the step is better than all of it.
        step = step.part(min(1.0, FOCAL_STEP / max(float(np.abs(step.cameras[:, 0]).max()), 1e-12)))
        for _ in range(HALVED):
            trial, places = _advanced(geometry, stars, step)
            off = np.hypot(*residuals(trial, seen, places).T) / (CAUCHY * scale * seen.error)
            if np.log1p(off**2).sum() <= np.log1p(length**2).sum() * (1 + TOLERATED):
                break
            step = step.part(0.5)
        moved = _moved(geometry, step)
        geometry, stars = trial, places
        if moved < settled:
            break
    return replace(geometry, scale=robust_scale(residuals(geometry, seen, stars), seen.error))


@dataclass(frozen=True)
class _Step:
    """Changes of the frames (N, f), of the stars (S, 2) and of the cameras (K, c)."""

    frames: FloatArray
    stars: FloatArray
    cameras: FloatArray

    def part(self, share: float) -> _Step:
        return _Step(share * self.frames, share * self.stars, share * self.cameras)


def _step(geometry: Geometry, seen: Observations, linear: _Linear, weight: FloatArray, fixed: int,
          focal: Sequence[tuple[float, float]], stars: int) -> _Step:
    """The Gauss-Newton step."""
    count, size = len(geometry.rotations), linear.frame.shape[2]
    parts = linear.camera.shape[2]
    frame_side, star_side, camera_side = _sides(geometry, seen, linear, fixed, focal, stars)
    if 2 * stars < size * count:
        frames, rest = _eliminated(frame_side, (star_side, camera_side), linear.residual, weight)
        return _Step(frames, rest[: 2 * stars].reshape(-1, 2), rest[2 * stars:].reshape(-1, parts))
    across, rest = _eliminated(star_side, (frame_side, camera_side), linear.residual, weight)
    return _Step(rest[: size * count].reshape(-1, size), across, rest[size * count:].reshape(-1, parts))


# Derivatives (M, 2, k), the block (M,) of each observation, and stiffness and pull (B, k) of the prior.
Side = tuple[FloatArray, IntArray, FloatArray, FloatArray]


def _sides(geometry: Geometry, seen: Observations, linear: _Linear, fixed: int, focal: Sequence[tuple[float, float]],
           stars: int) -> tuple[Side, Side, Side]:
    """The equations of the frames, of the stars and of the cameras, with the priors."""
    count, size = len(geometry.rotations), linear.frame.shape[2]
    widths = np.array([c.focal for c in geometry.cameras])[geometry.camera_of]
    stiff = np.repeat((widths / LOOSE)[:, None] ** 2, size, axis=1)
    pull = np.zeros((count, size))
    if size > 3:
        stiff[:, 3:], pull[:, 3:] = STRAIN_PRIOR**-2, geometry.strain / STRAIN_PRIOR**2
    stiff[geometry.held(fixed), :3] += FIXED**-2
    stiff[list(geometry.known)] = FIXED**-2
    parts, free = linear.camera.shape[2], geometry.free_cameras
    camera_stiff, camera_pull = np.full((len(geometry.cameras), parts), FIXED**-2), np.zeros((len(geometry.cameras), parts))
    for k, (camera, (expected, deviation)) in enumerate(zip(geometry.cameras, focal, strict=True)):
        if k not in free:
            continue
        camera_stiff[k, 0], camera_pull[k, 0] = deviation**-2, np.log(camera.focal / expected) / deviation**2
        factor = (FACTOR_PRIOR * camera.radius) ** -2.0
        own = np.array(camera.factors)
        camera_stiff[k, 1: 1 + len(own)], camera_pull[k, 1: 1 + len(own)] = factor, own * factor
    return ((linear.frame, seen.frame, stiff, pull),
            (linear.star, seen.star, np.full((stars, 2), 1.0), np.zeros((stars, 2))),
            (linear.camera, geometry.camera_of[seen.frame], camera_stiff, camera_pull))


def _eliminated(out: Side, rest: Sequence[Side], residual: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The step of the blocks ``out`` (B, k), which are eliminated, and of all others (P,)."""
    slope, block, stiff, pull = out
    size, blocks = slope.shape[2], len(stiff)
    root, jacobian, mixed, matrix = _reduced(out, rest, weight)
    weighted = slope * weight[:, None, None]
    own = pull + np.stack([np.bincount(block, v, blocks) for v in np.einsum("nri,nr->ni", weighted, residual).T], axis=1)
    right = np.concatenate([p.ravel() for *_, p in rest]) + jacobian.T @ (residual * weight[:, None]).ravel()
    scaled = np.einsum("bij,bj->bi", root, own)
    step = -_solved(matrix, right - mixed @ scaled.ravel())
    back = scaled + (mixed.T @ step).reshape(-1, size)
    return -np.einsum("bij,bi->bj", root, back), step


def _reduced(out: Side, rest: Sequence[Side],
             weight: FloatArray) -> tuple[FloatArray, sparse.csr_matrix, sparse.csr_matrix, sparse.csr_matrix]:
    """The equations of the blocks ``rest`` after those ``out`` (B, k) are eliminated: the roots (B, k, k) of the inverse of the
    blocks of ``out``, the derivatives by ``rest``, the mixed part, and the matrix (P, P)."""
    slope, block, stiff, _ = out
    size, blocks = slope.shape[2], len(stiff)
    weighted = slope * weight[:, None, None]
    squares = np.einsum("nri,nrj->nij", weighted, slope)
    normal = np.zeros((blocks, size, size))
    for i in range(size):
        for j in range(size):
            normal[:, i, j] = np.bincount(block, squares[:, i, j], blocks)
        normal[:, i, i] += stiff[:, i]
    # normal^-1 = root^T root
    root = np.linalg.inv(np.linalg.cholesky(normal))
    jacobian = sparse.hstack([_sparse(s, b, len(f)) for s, b, f, _ in rest], format="csr")
    mine = _sparse(np.einsum("nri,nji->nrj", weighted, root[block]), block, blocks)
    mixed = (jacobian.T @ mine).tocsr()
    matrix = (jacobian.T @ jacobian.multiply(np.repeat(weight, 2)[:, None]).tocsr() - mixed @ mixed.T
              + sparse.diags(np.concatenate([f.ravel() for _, _, f, _ in rest])))
    return root, jacobian, mixed, matrix


def camera_covariance(geometry: Geometry, seen: Observations, fixed: int, focal: Sequence[tuple[float, float]],
                      strained: bool = False) -> FloatArray:
    """Covariance (K, 1 + c, 1 + c) of the logarithm of the focal length and the factors (px) of the lens of each camera, after an
    adjustment with the same arguments (:func:`adjust`): a block of the inverse of its equations."""
    stars = star_directions(geometry, seen)
    linear = _linear(geometry, seen, stars, strained)
    scale = robust_scale(linear.residual, seen.error)
    weight = 1 / (scale * seen.error) ** 2 / (1 + (np.hypot(*linear.residual.T) / (CAUCHY * scale * seen.error)) ** 2)
    frame_side, star_side, camera_side = _sides(geometry, seen, linear, fixed, focal, len(stars))
    # As in a step, the more numerous unknowns are eliminated: the matrix of the others is full where all frames share stars.
    out, other = (frame_side, star_side) if 2 * len(stars) < frame_side[2].size else (star_side, frame_side)
    *_, matrix = _reduced(out, (other, camera_side), weight)
    count, parts = len(geometry.cameras), linear.camera.shape[2]
    last = np.arange(matrix.shape[0] - count * parts, matrix.shape[0])
    unit = np.zeros((matrix.shape[0], len(last)))
    unit[last, np.arange(len(last))] = 1
    inverse = _solved(matrix, unit)[last]
    return np.stack([inverse[k * parts: (k + 1) * parts, k * parts: (k + 1) * parts] for k in range(count)])


def _sparse(values: FloatArray, block: IntArray, blocks: int) -> sparse.csr_matrix:
    """(2 M, blocks k) matrix of derivatives (M, 2, k)."""
    count, rows, size = values.shape
    columns = np.broadcast_to((size * block[:, None] + np.arange(size))[:, None, :], values.shape)
    return sparse.csr_matrix((values.ravel(), columns.ravel(), np.arange(count * rows + 1) * size),
                             shape=(rows * count, blocks * size))


def _solved(matrix: sparse.csr_matrix, right: FloatArray) -> FloatArray:
    """The solutions, one for each column of ``right`` (P,) or (P, m), of symmetric equations, scaled to unit diagonal."""
    root = 1 / np.sqrt(matrix.diagonal())
    scaled = sparse.diags(root) @ matrix @ sparse.diags(root)
    root = root.reshape(-1, *(1,) * (right.ndim - 1))
    if len(right) <= DENSE:
        return np.asarray(root * linalg.solve(scaled.toarray(), root * right, assume_a="sym"))
    factors = sparse_linalg.splu(scaled.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
                                 options={"SymmetricMode": True})
    return np.asarray(root * factors.solve(root * right))


def _moved(geometry: Geometry, step: _Step) -> float:
    """Largest movement (px) of a corner by a step."""
    focal = np.array([c.focal for c in geometry.cameras])[geometry.camera_of]
    radius = np.array([c.radius for c in geometry.cameras])
    own = radius[geometry.camera_of]
    turn = step.frames
    parts = [focal * np.hypot(*turn[:, :2].T), own * np.abs(turn[:, 2]), own * np.abs(turn[:, 3:]).sum(axis=1),
             radius * np.abs(step.cameras[:, 0]), np.abs(step.cameras[:, 1:]).sum(axis=1)]
    return max(float(p.max(initial=0.0)) for p in parts)


def _advanced(geometry: Geometry, stars: FloatArray, step: _Step) -> tuple[Geometry, FloatArray]:
    """The geometry and the stars after a step."""
    strain = geometry.strain + step.frames[:, 3:] if step.frames.shape[1] > 3 else geometry.strain
    moved = tuple(replace(c, focal=float(c.focal * np.exp(change[0])),
                          factors=tuple(float(f + d) for f, d in zip(c.factors, change[1:], strict=False)))
                  for c, change in zip(geometry.cameras, step.cameras, strict=True))
    # With the focal lengths all angles change by a factor exp(-d), of which the step contains the part that is linear in d.
    axes = geometry.rotations[:, :, 2]
    middle = axes.mean(axis=0) / np.linalg.norm(axes.mean(axis=0))
    change = 0.0 if geometry.known else float(step.cameras[:, 0].mean())
    rest = change + np.exp(-change) - 1
    own = np.einsum("nji,nj->ni", geometry.rotations, _turns_from(middle, axes))
    places = stars + np.einsum("nij,nj->ni", _tangents(stars), step.stars) + rest * np.cross(_turns_from(middle, stars), stars)
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    return replace(geometry, rotations=turned(geometry.rotations, step.frames[:, :3] + rest * own), strain=strain,
                   cameras=moved), places


def _turns_from(middle: FloatArray, vectors: FloatArray) -> FloatArray:
    """(n, 3) the rotations that turn the unit vector ``middle`` to each of ``vectors``."""
    cross = np.cross(middle, vectors)
    sine = np.linalg.norm(cross, axis=1, keepdims=True)
    return np.asarray(cross * np.arctan2(sine, (vectors @ middle)[:, None]) / np.maximum(sine, 1e-12))
