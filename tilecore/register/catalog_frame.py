"""A star catalog as a frame of a camera without errors, so that one adjustment joins it with the frames of the lights.

The axes of the sky are those of the catalog, with the third one reversed if the lights show the sky mirrored: rotations do not
mirror (:mod:`tilecore.register.camera`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tilecore.detect.stars import STAR_DTYPE
from tilecore.register.align import mutual_pairs, positions
from tilecore.register.camera import Camera, fit_rotation

__all__ = ["CatalogFrame", "PlateSolution", "SolvedFrame", "catalog_frame", "matched_stars", "solved_frame"]

FloatArray = NDArray[np.float64]

MIRROR = np.diag([1.0, 1.0, -1.0])
# Angle (radians) from the middle up to which stars are on the gnomonic plane of a catalog.
LARGEST_ANGLE = np.radians(60.0)
# Distance (px) up to which a star of a light is that of the catalog by the solution of the light alone.
MATCHED = 4.0


@dataclass(frozen=True)
class PlateSolution:
    """A solution of a frame: pixels ``points`` (n, 2) and their unit vectors ``vectors`` (n, 3) of right ascension and
    declination; catalog stars of the field, ``stars`` (m, 3), brightest first, and the ``places`` (m, 2), px, that the solution
    gives them."""

    points: FloatArray
    vectors: FloatArray
    stars: FloatArray
    places: FloatArray


@dataclass(frozen=True)
class SolvedFrame:
    """A plate-solved frame as a camera: ``focal`` (px), ``rotation`` (3x3) of its axes to those of the sky, ``mirrored``: whether
    it shows the sky as FITS images with the first row at the bottom do, east to the left of north."""

    focal: float
    rotation: FloatArray
    mirrored: bool

    def sky(self, vectors: FloatArray) -> FloatArray:
        """Unit vectors (n, 3) of right ascension and declination in the axes of the sky, and the reverse."""
        return vectors @ MIRROR if self.mirrored else vectors


@dataclass(frozen=True)
class CatalogFrame:
    """The frame of a catalog: its camera, its exact rotation (3x3) to the sky, and its stars
    (:data:`tilecore.detect.stars.STAR_DTYPE`)."""

    camera: Camera
    rotation: FloatArray
    stars: NDArray[np.void]


def solved_frame(shape: tuple[int, int], solution: PlateSolution) -> SolvedFrame:
    """The camera without distortion that is nearest to a solution of a frame of ``shape`` (rows, columns)."""
    points, vectors = solution.points, solution.vectors
    middle = vectors.mean(axis=0)
    middle /= np.linalg.norm(middle)
    east = np.cross([0.0, 0.0, 1.0], middle)
    east = east / np.linalg.norm(east) if np.linalg.norm(east) > 1e-9 else np.array([0.0, 1.0, 0.0])
    north = np.cross(middle, east)
    flat = vectors @ np.stack([east, north], axis=1) / (vectors @ middle)[:, None]
    design = np.column_stack([points, np.ones(len(points))])
    matrix = np.linalg.lstsq(design, flat, rcond=None)[0][:2]
    determinant = float(np.linalg.det(matrix))
    found = SolvedFrame(float(1 / np.sqrt(abs(determinant))), np.eye(3), determinant < 0)
    own = Camera(shape, found.focal).directions(points)
    return replace(found, rotation=fit_rotation(own, found.sky(vectors), np.ones(len(points))))


def catalog_frame(like: SolvedFrame, vectors: FloatArray, error: float) -> tuple[CatalogFrame, NDArray[np.bool_]]:
    """The frame of catalog stars ``vectors`` (n, 3), known to ``error`` (radians), and which of them it shows (n,): those within
    60 degrees of its middle, which is that of the stars. It has the focal length of a solved frame."""
    seen = like.sky(vectors)
    axis = seen.mean(axis=0)
    axis /= np.linalg.norm(axis)
    # The axes of the frame turned so that the third one leads to the middle of the stars.
    across = like.rotation[:, 0] - axis * (axis @ like.rotation[:, 0])
    first = across / np.linalg.norm(across)
    rotation = np.stack([first, np.cross(axis, first), axis], axis=1)
    cosine = seen @ axis
    kept = cosine > np.cos(LARGEST_ANGLE)
    reach = int(np.ceil(like.focal * np.tan(np.arccos(cosine[kept].min()))))
    camera = Camera((2 * reach + 1, 2 * reach + 1), like.focal)
    table = np.zeros(int(kept.sum()), STAR_DTYPE)
    table["x"], table["y"] = camera.project(seen[kept] @ rotation).T
    # Away from the middle the plane is stretched.
    table["snr"] = cosine[kept] ** 2 / (error * like.focal)
    return CatalogFrame(camera, rotation, table), kept


def matched_stars(table: NDArray[np.void], places: FloatArray) -> NDArray[np.int64]:
    """(k, 2) rows of a table of stars, and of the ``places`` (n, 2) of catalog stars in the frame, that are the same stars."""
    finite = np.where(np.isfinite(places), places, -1e9)
    own, other = mutual_pairs(positions(table), finite, MATCHED)
    return np.stack([own, other], axis=1)
