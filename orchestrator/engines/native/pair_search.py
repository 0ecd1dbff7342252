"""The pairs of lights whose stars are matched: a constant number for each light, whatever their number.

Neighbours in time come first; they mostly show the same field. Groups of lights that these join are then matched to each other by
their representatives: those with most star patterns in common, and those near in pointing if the headers have it. Once the places
are known, each light is matched to neighbours all around it, so that cycles close.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.engines.native.anchors import Anchoring
from orchestrator.engines.native.pointing import Cameras, Pointing
from orchestrator.runtime.context import RunContext
from tilecore.register.align import LEAST_STARS, Limits
from tilecore.register.camera import Camera
from tilecore.register.pair_graph import Joined, join
from tilecore.register.sky_match import Edge, SkyStars, common_patterns, match_frames, match_freely, refined, sky_stars

__all__ = ["PairSearch"]

logger = logging.getLogger(__name__)

# Lights after each one that it is matched to, in order of time, until one matches.
IN_TIME = 2
# Distance within which at most ALIKE representatives of a group point, as a share of the smaller side of a frame.
SPACING = 0.25
ALIKE = 3
# Other groups to which each representative is matched, by common patterns and by pointing; patterns in common at least.
BY_PATTERN = 4
BY_POINTING = 3
LEAST_PATTERNS = 3
# Rounds in which groups are matched.
ROUNDS = 5
# Directions around a light in which a neighbour is matched, beyond SPACING; nearer ones show the same field.
SECTORS = 6
# Matches with unknown scale or lens: pairs of representatives that are tried for each group; largest change of scale.
FREE_TRIES = 3
FREE_STARS = 20
# Such matches that fail one after the other before the search ends; they are slow.
FREE_FAILURES = 20
FOCAL_CHANGE = 0.06
# Smallest FWHM (px) that makes a light better.
LEAST_FWHM = 1.0

Match = Callable[[int, int], Edge | None]


@dataclass
class PairSearch:
    """The search: ``edges`` are the matches so far, ``tried`` the pairs of lights that were tried. ``anchoring`` plate solves
    lights of the groups that neighbours in time form; what it finds replaces the pointings and focal lengths of the headers."""

    tables: Sequence[NDArray[np.void]]
    cameras: Cameras
    pointing: Pointing
    limits: Limits
    context: RunContext
    anchoring: Anchoring | None = None
    stars: list[SkyStars] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    tried: set[tuple[int, int]] = field(default_factory=set)
    free: set[tuple[int, int]] = field(default_factory=set)

    def run(self) -> Joined:
        """The groups of lights that belong together."""
        self._describe(self.cameras.cameras)
        usable = [i for i, s in enumerate(self.stars) if len(s.pixel) >= LEAST_STARS]
        waiting = list(range(len(usable)))
        for step in range(1, IN_TIME + 1):
            pairs = [(usable[k], usable[k + step]) for k in waiting if k + step < len(usable)]
            found = self._try(pairs, self._searched)
            matched = {e.one for e in found}
            waiting = [k for k in waiting if usable[k] not in matched]
        joined = self._joined()
        if self.anchoring is not None:
            self.cameras, self.pointing = self.anchoring.run(joined, self.stars, self._quality(), self.cameras, self.pointing)
            if self.anchoring.solved:
                self._describe(self.cameras.cameras)
        for _ in range(ROUNDS):
            pairs = self._between_groups(joined)
            found = self._try(pairs, self._searched)
            if not found and not self._freely(joined):
                break
            joined = self._joined()
        turn = joined.rotation
        self._try(self._around(joined), lambda a, b: refined(self.stars, a, b, turn[a].T @ turn[b], self.limits))
        logger.info("%d pairs of %d lights tried (%.1f a light), %d match", len(self.tried) + len(self.free), len(usable),
                    (len(self.tried) + len(self.free)) / max(len(usable), 1), len(self.edges))
        return self._joined()

    def _describe(self, cameras: Sequence[Camera]) -> None:
        self.stars = []
        for k, table in zip(self.cameras.of, self.tables, strict=True):
            self.stars.append(sky_stars(cameras[k], table))
            self.context.progress(len(self.stars), len(self.tables), "star patterns")

    def _quality(self) -> NDArray[np.float64]:
        """(N,) more for many and sharp stars."""
        sharp = [1 / max(float(np.median(t["fwhm"])), LEAST_FWHM) if len(t) else 0.0 for t in self.tables]
        return np.array([np.sqrt(len(t)) * s for t, s in zip(self.tables, sharp, strict=True)])

    def _joined(self) -> Joined:
        self.context.progress(0, 1, "joining matches")
        return join(self.edges, [s.camera for s in self.stars], self.plausible,
                    lambda: self.context.progress(0, 1, "joining matches"))

    def plausible(self, edge: Edge) -> bool | None:
        """Whether the pointings agree with a match; None if they are unclear. Matches with a catalog are those of a solution."""
        if max(edge.one, edge.other) >= len(self.tables):
            return True
        return self.pointing.agrees(edge.one, edge.other, float(np.arccos(np.clip(edge.rotation[2, 2], -1, 1))))

    def _searched(self, one: int, other: int) -> Edge | None:
        return match_frames(self.stars, one, other, self.limits)

    def _try(self, pairs: Iterable[tuple[int, int]], match: Match) -> list[Edge]:
        """The new matches among pairs of lights; each pair is tried once."""
        new = [p for p in dict.fromkeys((min(p), max(p)) for p in pairs) if p not in self.tried]
        self.tried.update(new)
        found = []
        with ThreadPoolExecutor(self.context.workers) as pool:
            for done, edge in enumerate(pool.map(lambda p: match(*p), new), 1):
                if edge is not None:
                    found.append(edge)
                self.context.progress(done, len(new), "matching stars")
        self.edges += found
        return found

    def _representatives(self, joined: Joined) -> list[int]:
        """Lights of each group such that all others of it point near ALIKE of them; those with most stars are preferred."""
        chosen: list[int] = []
        by_group: dict[int, list[NDArray[np.float64]]] = {}
        for i in sorted(range(len(self.stars)), key=lambda i: (-len(self.stars[i].pixel), i)):
            camera = self.stars[i].camera
            if len(self.stars[i].pixel) < LEAST_STARS:
                continue
            near = SPACING * min(camera.shape) / camera.focal
            own = by_group.setdefault(int(joined.group[i]), [])
            axis = joined.rotation[i][:, 2]
            if not own or (np.linalg.norm(np.array(own) - axis, axis=1) < near).sum() < ALIKE:
                own.append(axis)
                chosen.append(i)
        return sorted(chosen)

    def _between_groups(self, joined: Joined) -> list[tuple[int, int]]:
        """Pairs of representatives of different groups: with many patterns in common, or near in pointing."""
        chosen = self._representatives(joined)
        group = joined.group[chosen]
        if len(np.unique(group)) < 2:
            return []
        self.context.progress(0, 1, "common star patterns")
        apart = group[:, None] != group
        votes = np.where(apart, common_patterns(
            [self.stars[i] for i in chosen], lambda done: self.context.progress(done, len(chosen), "common star patterns")), -1)
        pairs = []
        for k, i in enumerate(chosen):
            self.context.progress(k, len(chosen), "common star patterns")
            best = [j for j in np.argsort(-votes[k], kind="stable").tolist() if votes[k, j] >= LEAST_PATTERNS]
            near = self._near(i, [chosen[j] for j in np.flatnonzero(apart[k])])
            pairs += [(i, j) for j in _one_per_group([chosen[j] for j in best], joined)[:BY_PATTERN]]
            pairs += [(i, j) for j in _one_per_group(near, joined)[:BY_POINTING]]
        return pairs

    def _near(self, light: int, others: Sequence[int]) -> list[int]:
        """The other lights whose fields touch that of a light according to the headers, nearest first."""
        index = np.array(others, np.int64)
        between = np.linalg.norm(self.pointing.vectors[index] - self.pointing.vectors[light], axis=1)
        near = between < (self.pointing.diagonal[light] + self.pointing.diagonal[index]) / 2
        return [int(j) for j in index[near][np.lexsort((index[near], between[near]))]]

    def _freely(self, joined: Joined) -> bool:
        """Match groups to others without a known scale and lens; True if that found anything. The focal length of a camera that
        differs from its header is corrected, and its lights may then be matched again."""
        chosen = self._representatives(joined)
        sizes = np.bincount(joined.group, minlength=len(joined.group))
        largest = int(sizes.argmax())
        found, failed = False, 0
        for i in sorted(chosen, key=lambda i: (-sizes[joined.group[i]], -len(self.stars[i].pixel), i)):
            if joined.group[i] == largest or len(self.stars[i].pixel) < FREE_STARS:
                continue
            others = [j for j in chosen if joined.group[j] != joined.group[i] and len(self.stars[j].pixel) >= FREE_STARS]
            near = self._near(i, others) or sorted(others, key=lambda j: (abs(j - i), j))
            for j in near[:FREE_TRIES]:
                if failed < FREE_FAILURES and (j, i) not in self.free:
                    matched = self._free_pair(j, i)
                    found, failed = found or matched, 0 if matched else failed + 1
        return found

    def _free_pair(self, one: int, other: int) -> bool:
        self.free.update({(one, other), (other, one)})
        self.context.progress(0, 1, "matching stars")
        a, b = (int(self.cameras.of[i]) for i in (one, other))
        change = FOCAL_CHANGE if a != b else self.limits.max_scale_change
        found = match_freely(self.stars, self.tables, one, other, replace(self.limits, max_scale_change=change))
        if found is None:
            return False
        edge, factor = found
        if a == b:
            self.edges.append(edge)
            return True
        # The scale of the smaller camera follows; its lights are matched again.
        cameras = list(self.cameras.cameras)
        cameras[b] = replace(cameras[b], focal=cameras[b].focal * factor)
        logger.info("The focal length of %s relative to that of %s is %.4f of that in the headers", b, a, factor)
        self.cameras = replace(self.cameras, cameras=tuple(cameras))
        self._describe(cameras)
        self.tried = {p for p in self.tried if self.cameras.of[p[0]] == self.cameras.of[p[1]]}
        better = refined(self.stars, one, other, edge.rotation, self.limits)
        if better is not None:
            self.edges.append(better)
        return True

    def _around(self, joined: Joined) -> list[tuple[int, int]]:
        """For each light, the nearest one of its group in each of SECTORS directions, and one that shows the same field."""
        axes = joined.rotation[:, :, 2]
        pairs = []
        for g in np.unique(joined.group):
            members = np.flatnonzero(joined.group == g)
            if len(members) < 3:
                continue
            tree = cKDTree(axes[members])
            for i in members:
                self.context.progress(int(i), len(axes), "neighbours")
                camera = self.stars[i].camera
                reach = 2 * np.sin(min(np.arctan(camera.radius / camera.focal) * 2, np.pi) / 2)
                near = members[sorted(tree.query_ball_point(axes[i], reach))]
                x, y, z = (axes[near] @ joined.rotation[i]).T
                away = np.hypot(x, y) / np.maximum(z, 1e-9) * camera.focal / min(camera.shape)
                sector = np.floor((np.arctan2(y, x) / (2 * np.pi) % 1) * SECTORS).astype(int)
                same = near[np.argsort(away, kind="stable")].tolist()
                pairs += [(int(i), j) for j in same if j != i and (min(i, j), max(i, j)) not in self.tried][:1]
                for s in range(SECTORS):
                    there = np.flatnonzero((sector == s) & (away > SPACING))
                    if len(there):
                        pairs.append((int(i), int(near[there[np.argmin(away[there])]])))
        return pairs


def _one_per_group(lights: Sequence[int], joined: Joined) -> list[int]:
    """The first light of each group."""
    return list({int(joined.group[i]): i for i in reversed(lights)}.values())[::-1]
