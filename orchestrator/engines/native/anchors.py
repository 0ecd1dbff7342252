"""Lights that are plate solved before a mosaic is registered: one for each pointing, the best one, or all of them."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameReader
from orchestrator.engines.native.pointing import UNKNOWN_FOCAL_ERROR, Cameras, Pointing, position_of
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo
from tilecore.detect.stars import detection_image
from tilecore.register.catalog_frame import CatalogFrame, PlateSolution, SolvedFrame, catalog_frame, matched_stars, solved_frame
from tilecore.register.pair_graph import Joined
from tilecore.register.sky_match import Edge, SkyStars, sky_stars

__all__ = ["Anchoring", "Anchors", "Solver", "solver_of_lights"]

logger = logging.getLogger(__name__)

FloatArray = NDArray[np.float64]

# Distance from an anchor, as a share of the smaller side of a frame, within which no other light is solved.
SPACING = 0.75
# Stars that a light needs to be solved.
LEAST_STARS = 12
# Lights that are solved at once, as far as the limits of the solvers allow: the same for any number of workers.
AT_ONCE = 2
# Lights of one pointing that are tried, and lights in all without any success.
TRIES = 3
HOPELESS = 4
# Catalog stars in common with a solved light at least, and catalog stars used, as a multiple of those in the light.
LEAST_MATCHED = 6
CATALOG_STARS = 2
# Error of positions in catalogs (arcsec): the steps of ASTAP's databases and some years of proper motion.
CATALOG_ERROR = 0.15
# Relative error of focal lengths that follow from solutions.
FOCAL_ERROR = 0.01


class Solver(Protocol):
    """Plate solves a light, given a position (RA, Dec in degrees) and scale (arcsec per px) if they are known, else None. Several
    threads may call it at once."""

    def __call__(self, light: int, position: tuple[float, float] | None, scale: float | None) -> PlateSolution | None: ...


@dataclass(frozen=True)
class Anchors:
    """Catalog stars of the solved ``lights`` as further frames: ``stars``, ``tables`` and exact ``rotations`` (k, 3, 3) of these
    frames, and ``edges``, their matches with the lights, after which they are counted. ``mirrored``: whether the axes of the sky
    are those of right ascension and declination with the third one reversed."""

    lights: tuple[int, ...]
    stars: tuple[SkyStars, ...]
    tables: tuple[NDArray[np.void], ...]
    rotations: FloatArray
    edges: tuple[Edge, ...]
    mirrored: bool


@dataclass
class Anchoring:
    """Solves lights. ``solved`` and ``failed`` are those that were tried; ``frames`` the solved ones as cameras."""

    lights: Sequence[FrameInfo]
    solver: Solver
    context: RunContext
    which: Literal["anchors", "all"] = "anchors"
    solved: dict[int, PlateSolution] = field(default_factory=dict)
    frames: dict[int, SolvedFrame] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)

    def run(self, joined: Joined, stars: Sequence[SkyStars], quality: FloatArray, cameras: Cameras,
            pointing: Pointing) -> tuple[Cameras, Pointing]:
        """Solve the lights that are chosen from groups of lights; the cameras and pointings with what that shows.

        ``quality`` (N,): lights with the largest one are preferred.
        """
        def solved(light: int) -> PlateSolution | None:
            scale = None
            if cameras.errors[cameras.of[light]] < UNKNOWN_FOCAL_ERROR:
                scale = float(np.degrees(3600 / stars[light].camera.focal))
            return self.solver(light, self._hint(light, joined, pointing), scale)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for lights in self._candidates(joined, stars, quality, pointing):
                self.context.progress(len(self.solved), len(self.lights), "plate solving lights of the mosaic")
                for light, found in zip(lights, list(pool.map(solved, lights)), strict=True):
                    self._take(light, found, stars[light].camera.shape)
                if not self.solved and len(self.failed) >= HOPELESS:
                    logger.info("%d lights could not be plate solved; the mosaic is registered on its stars alone",
                                len(self.failed))
                    break
        if not self.solved:
            return cameras, pointing
        return self._solved_cameras(cameras), self._solved_pointing(pointing, joined, stars)

    def _take(self, light: int, found: PlateSolution | None, shape: tuple[int, int]) -> None:
        """Put a solution to the others, unless its image would be mirrored and theirs are not."""
        frame = None if found is None else solved_frame(shape, found)
        if found is None or frame is None or any(f.mirrored != frame.mirrored for f in self.frames.values()):
            self.failed.append(light)
        else:
            self.solved[light], self.frames[light] = found, frame

    def _candidates(self, joined: Joined, stars: Sequence[SkyStars], quality: FloatArray,
                    pointing: Pointing) -> Iterator[list[int]]:
        """The lights to solve, those at once together: the best one of each pointing, and others of it where that fails. The
        first solution leads to the others, so it is awaited."""
        sizes = np.bincount(joined.group)
        left = deque(sorted((i for i, s in enumerate(stars) if len(s.pixel) >= LEAST_STARS),
                            key=lambda i: (sizes[joined.group[i]] < 2, -quality[i], i)))
        while left:
            batch: list[int] = []
            later: list[int] = []
            while left and len(batch) < (AT_ONCE if self.solved else 1):
                i = left.popleft()
                if self.which == "all":
                    batch.append(i)
                elif not self._near(i, list(self.solved), joined, stars, pointing) \
                        and self._near(i, self.failed, joined, stars, pointing) < TRIES:
                    (later if self._near(i, batch, joined, stars, pointing) else batch).append(i)
            left.extendleft(reversed(later))
            if batch:
                yield batch

    @staticmethod
    def _near(light: int, others: Sequence[int], joined: Joined, stars: Sequence[SkyStars], pointing: Pointing) -> int:
        """The number of others that point to the same place: in its group, or by the headers if it matches no other light."""
        camera = stars[light].camera
        reach = SPACING * min(camera.shape) / camera.focal
        alone = bool((joined.group == joined.group[light]).sum() < 2)
        count = 0
        for j in others:
            if joined.group[j] == joined.group[light]:
                count += bool(np.linalg.norm(joined.rotation[j][:, 2] - joined.rotation[light][:, 2]) < reach)
            elif alone:
                count += bool(pointing.between(j, light) < reach)
        return count

    def _hint(self, light: int, joined: Joined, pointing: Pointing) -> tuple[float, float] | None:
        """Where a light points: by a solved one of its group, else its header if headers are right, else any solved one."""
        for j, frame in self.frames.items():
            if joined.group[j] == joined.group[light]:
                axis = frame.rotation @ joined.rotation[j].T @ joined.rotation[light][:, 2]
                return position_of(frame.sky(axis[None])[0])
        wrong = [j for j, frame in self.frames.items() if np.isfinite(away := self._away(j, frame, pointing))
                 and away > pointing.diagonal[j]]
        if np.isfinite(pointing.vectors[light, 0]) and not wrong:
            return position_of(pointing.vectors[light])
        if self.frames:
            frame = next(iter(self.frames.values()))
            return position_of(frame.sky(frame.rotation[:, 2][None])[0])
        return None

    @staticmethod
    def _away(light: int, frame: SolvedFrame, pointing: Pointing) -> float:
        """Angle (radians) between where a light points and its header; NaN if that has no position."""
        axis = frame.sky(frame.rotation[:, 2][None])[0]
        return float(2 * np.arcsin(np.clip(np.linalg.norm(axis - pointing.vectors[light]) / 2, 0, 1)))

    def _solved_cameras(self, cameras: Cameras) -> Cameras:
        """The cameras with the focal lengths of the solutions, where these differ from the headers'."""
        found, errors = list(cameras.cameras), list(cameras.errors)
        for k, camera in enumerate(found):
            own = [frame.focal for i, frame in self.frames.items() if cameras.of[i] == k]
            if own:
                found[k], errors[k] = replace(camera, focal=float(np.median(own))), FOCAL_ERROR
        return replace(cameras, cameras=tuple(found), errors=tuple(errors))

    def _solved_pointing(self, pointing: Pointing, joined: Joined, stars: Sequence[SkyStars]) -> Pointing:
        """The pointings of the lights whose groups have a solved one."""
        vectors = pointing.vectors.copy()
        diagonal = np.array([2 * np.arctan(s.camera.radius / s.camera.focal) for s in stars])
        for i in range(len(vectors)):
            same = [j for j in self.frames if joined.group[j] == joined.group[i]]
            if same:
                j = min(same, key=lambda j: float(np.linalg.norm(joined.rotation[j][:, 2] - joined.rotation[i][:, 2])))
                frame = self.frames[j]
                axis = frame.rotation @ joined.rotation[j].T @ joined.rotation[i][:, 2]
                vectors[i] = frame.sky(axis[None])[0]
        return Pointing(vectors, diagonal)

    def anchors(self, tables: Sequence[NDArray[np.void]], cameras: Cameras) -> Anchors | None:
        """The catalog stars of the solved lights as frames, one for each group of lights whose fields touch; None if no light has
        enough of them."""
        usable: dict[int, NDArray[np.int64]] = {}
        for i, light in self.solved.items():
            pairs = matched_stars(tables[i], light.places)
            if len(pairs) >= LEAST_MATCHED:
                usable[i] = pairs
        edges: list[Edge] = []
        found: list[CatalogFrame] = []
        for members in _touching(list(usable), self.frames, cameras):
            like = self.frames[members[0]]
            stars = np.zeros((0, 3))
            for i in members:
                own = self.solved[i].stars[: max(CATALOG_STARS * len(tables[i]), usable[i][:, 1].max() + 1)]
                stars = np.concatenate([stars, own])
            stars = np.unique(stars, axis=0)
            frame, kept = catalog_frame(like, stars, np.radians(CATALOG_ERROR / 3600))
            known = {s.tobytes(): k for k, s in enumerate(stars[kept])}
            number = len(self.lights) + len(found)
            for i in members:
                rows = [(row, known[key]) for row, star in usable[i].tolist()
                        if (key := self.solved[i].stars[star].tobytes()) in known]
                edges.append(Edge(i, number, self.frames[i].rotation.T @ frame.rotation, np.array(rows, np.int64).reshape(-1, 2),
                                  LEAST_MATCHED))
            found.append(frame)
        if not found:
            return None
        return Anchors(tuple(sorted(usable)), tuple(sky_stars(f.camera, f.stars) for f in found), tuple(f.stars for f in found),
                       np.array([f.rotation for f in found]), tuple(edges), next(iter(self.frames.values())).mirrored)


def _touching(lights: Sequence[int], frames: dict[int, SolvedFrame], cameras: Cameras) -> list[list[int]]:
    """The lights in groups whose fields touch each other."""
    reach = {i: float(np.arctan(cameras.cameras[cameras.of[i]].radius / frames[i].focal)) for i in lights}
    groups: list[list[int]] = []
    for i in lights:
        near = [g for g in groups if any(np.linalg.norm(frames[i].rotation[:, 2] - frames[j].rotation[:, 2])
                                         < reach[i] + reach[j] for j in g)]
        groups = [g for g in groups if g not in near] + [[i, *(j for g in near for j in g)]]
    return groups


def solver_of_lights(readers: Sequence[FrameReader | None], cfa: str | None, context: RunContext) -> Solver | None:
    """The installed solvers, for calibrated lights; None if there is none with a star catalog."""
    # Imported here: astropy.coordinates takes longer to load than a small session takes to stack.
    from orchestrator.astrometry.light import light_solver

    solver = light_solver(context)
    if solver is None:
        return None

    def solve(light: int, position: tuple[float, float] | None, scale: float | None) -> PlateSolution | None:
        reader = readers[light]
        return None if reader is None else solver(detection_image(reader.read(), cfa), position, scale)

    return solve
