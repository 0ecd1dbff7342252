"""Cameras on the sky: directions of pixels, projections of directions, and homographies between frames.

A frame is a camera turned to a place of the sky. Its ideal (undistorted) pixel q has the direction R K^-1 q with the rotation R
of the frame and K made of focal length and centre, so that two frames of the same sky are related by the homography
K_1 R_1^T R_2 K_2^-1 (Hartley & Zisserman 2004, section 8.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.register.lens import Lens

__all__ = ["BASES", "MODELS", "Camera", "basis_values", "fit_rotation", "homography", "turned"]

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]

# Highest power in the polynomials of a lens.
ORDER = 5


def _terms(*parts: dict[tuple[int, int], float]) -> NDArray[np.float64]:
    """(2, ORDER + 1, ORDER + 1) terms of :class:`Lens` from the factors of u^i v^j, for x and y."""
    result = np.zeros((2, ORDER + 1, ORDER + 1))
    for axis, part in enumerate(parts):
        for (i, j), factor in part.items():
            result[axis, j, i] = factor
    return result


def _monomials(order: int) -> dict[str, NDArray[np.float64]]:
    return {f"{axis}{order - j}{j}": _terms(*(({(order - j, j): 1.0}, {}) if axis == "x" else ({}, {(order - j, j): 1.0})))
            for axis in "xy" for j in range(order + 1)}


# The functions of which lenses are made, each a displacement of the order of 1 px at the radius per unit. To first order an
# optical centre beside the middle of the frame has the effect of the two functions "centre" (Brown 1966, Photogrammetric
# Engineering 32:444).
BASES: dict[str, NDArray[np.float64]] = {
    "radial 3": _terms({(3, 0): 1, (1, 2): 1}, {(2, 1): 1, (0, 3): 1}),
    "radial 5": _terms({(5, 0): 1, (3, 2): 2, (1, 4): 1}, {(4, 1): 1, (2, 3): 2, (0, 5): 1}),
    "centre x": _terms({(2, 0): 3, (0, 2): 1}, {(1, 1): 2}),
    "centre y": _terms({(1, 1): 2}, {(2, 0): 1, (0, 2): 3}),
    **_monomials(2), **_monomials(3)}

# Models of a lens, each more general than one before it.
MODELS: dict[str, tuple[str, ...]] = {
    "none": (),
    "radial": ("radial 3",),
    "radial, 2 terms": ("radial 3", "radial 5"),
    "radial, centre": ("radial 3", "centre x", "centre y"),
    "radial, 2 terms, centre": ("radial 3", "radial 5", "centre x", "centre y"),
    "polynomial": (*_monomials(2), *_monomials(3)),
    "polynomial, 5th order": (*_monomials(2), *_monomials(3), "radial 5")}


@dataclass(frozen=True)
class Camera:
    """A camera of frames of ``shape`` (rows, columns) with focal length ``focal`` (px), and the ``factors`` (px) of the functions
    in BASES that the ``model`` of its lens has."""

    shape: tuple[int, int]
    focal: float
    model: str = "none"
    factors: tuple[float, ...] = ()

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the middle of the frame, px."""
        return (self.shape[1] - 1) / 2, (self.shape[0] - 1) / 2

    @property
    def radius(self) -> float:
        """Half of the diagonal, px."""
        return float(np.hypot(*self.shape)) / 2

    @property
    def lens(self) -> Lens | None:
        if not any(self.factors):
            return None
        terms = np.sum([c * BASES[name] for name, c in zip(MODELS[self.model], self.factors, strict=True)], axis=0)
        return Lens(self.centre, self.radius, np.asarray(terms))

    @property
    def matrix(self) -> Matrix:
        """K (3x3): directions to ideal pixels."""
        return np.array([[self.focal, 0, self.centre[0]], [0, self.focal, self.centre[1]], [0, 0, 1]])

    def ideal(self, points: Points) -> Points:
        """The ideal places (n, 2) of pixels."""
        lens = self.lens
        return points if lens is None else lens.ideal(points)

    def directions(self, points: Points) -> Points:
        """Unit vectors (n, 3), in the axes of the frame, of pixels (n, 2)."""
        flat = (self.ideal(points) - np.array(self.centre)) / self.focal
        vectors = np.column_stack([flat, np.ones(len(flat))])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def project(self, vectors: Points) -> Points:
        """Ideal pixels (n, 2) of directions (n, 3) in the axes of the frame; NaN behind the camera."""
        with np.errstate(divide="ignore", invalid="ignore"):
            flat = np.where(vectors[:, 2:] > 0, vectors[:, :2] / vectors[:, 2:], np.nan)
        return np.asarray(np.array(self.centre) + self.focal * flat)


def basis_values(camera: Camera, points: Points, names: Sequence[str]) -> NDArray[np.float64]:
    """(n, 2, len(names)) displacements of pixels by each function."""
    u, v = ((points - np.array(camera.centre)) / camera.radius).T
    return np.stack([np.stack([np.polynomial.polynomial.polyval2d(v, u, t) for t in BASES[name]], axis=1) for name in names],
                    axis=2) if names else np.zeros((len(points), 2, 0))


def homography(one: Camera, rotation: Matrix, other: Camera, other_rotation: Matrix) -> Matrix:
    """3x3, from ideal pixels of the ``other`` camera to those of ``one``; rotations are from the axes of a frame to the sky."""
    matrix = one.matrix @ rotation.T @ other_rotation @ np.linalg.inv(other.matrix)
    return np.asarray(matrix / matrix[2, 2])


def turned(rotations: Matrix, vectors: Points) -> Matrix:
    """Rotations (n, 3, 3) times those about ``vectors`` (n, 3) by their length (Rodrigues)."""
    angle = np.linalg.norm(vectors, axis=1)[:, None, None]
    cross = np.zeros((len(vectors), 3, 3))
    x, y, z = vectors.T
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -z, y, -x
    cross -= cross.transpose(0, 2, 1)
    # sin a / a and (1 - cos a) / a^2 = (sin (a/2) / (a/2))^2 / 2; numpy's sinc has a factor pi.
    step = np.eye(3) + np.sinc(angle / np.pi) * cross + 0.5 * np.sinc(angle / 2 / np.pi) ** 2 * cross @ cross
    return np.asarray(rotations @ step)


def fit_rotation(source: Points, target: Points, weights: Points) -> Matrix:
    """The rotation (3x3) that turns the unit vectors ``source`` (n, 3) to ``target`` best (Kabsch 1976, Acta Cryst.
    A32:922). Stacks (k, n, 3) give (k, 3, 3)."""
    u, _, v = np.linalg.svd(np.swapaxes(target, -1, -2) @ (weights[..., None] * source))
    sign = np.ones(u.shape[:-1])
    sign[..., 2] = np.sign(np.linalg.det(u) * np.linalg.det(v))
    return np.asarray((u * sign[..., None, :]) @ v)
