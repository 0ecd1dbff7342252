"""The geometry of frames that share stars: lens and strains where the stars require them, and a check on stars left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from tilecore.register.align import CENTROID_ERROR, SCORE_GAIN
from tilecore.register.bundle import Geometry, Observations, adjust, residuals, robust_scale
from tilecore.register.camera import MODELS
from tilecore.register.sky_match import Edge, SkyStars
from tilecore.register.tracks import Tracks, chosen_tracks, find_tracks

__all__ = ["Solution", "best_model", "extended", "score", "solve", "start_from_edges"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Stars per frame from which lens models are compared, and by which the result is determined.
COMPARED_STARS = 40
STARS = 100
# Radii (px) within which detections are the same star: after the adjustment on pairs of frames, and after that of the lens.
FIRST_RADIUS = 3.0
RADIUS = 1.5
# Pairs of stars per match of two frames in the first adjustment, and all of them together.
LEAST_PAIRS, MOST_PAIRS, ALL_PAIRS = 4, 20, 40_000
# Frames by which lens models are compared at most, and the movement (px) at which these adjustments and the first one end.
COMPARED_FRAMES = 250
ROUGHLY = 0.02
# Every HELD_OUT-th star is left out of the fit, if each of its frames has at least ENOUGH stars.
HELD_OUT = 5
ENOUGH = 40
# Residuals (sigma, and px) beyond which an observation is a mistake.
MISTAKE = 6.0
LEAST_MISTAKE = 0.3

Report = Callable[[str], None]


@dataclass(frozen=True)
class Solution:
    """``residual`` (M, 2) of the observations in ``tracks`` (px); ``held_out`` (M,) those of stars left out of the fit."""

    geometry: Geometry
    tracks: Tracks
    residual: FloatArray
    held_out: NDArray[np.bool_]

    def of_frame(self, frame: int) -> tuple[int, float]:
        """The number of the frame's stars that agree with other frames, and the rms of their distances (px)."""
        count, square = self._by_frame
        if frame >= len(count) or not count[frame]:
            return 0, np.inf
        return int(count[frame]), float(np.sqrt(square[frame] / count[frame]))

    @cached_property
    def _by_frame(self) -> tuple[IntArray, FloatArray]:
        """The number of stars of each frame, and the sum of their squared distances."""
        frame = self.tracks.seen.frame
        return np.bincount(frame).astype(np.int64), np.bincount(frame, (self.residual**2).sum(axis=1)).astype(np.float64)

    @property
    def cross_check(self) -> float:
        """Median distance (px) of the stars left out from where the other frames see them; NaN if there are none."""
        if not self.held_out.any():
            return float("nan")
        # The mean place contains the own one.
        count = np.bincount(self.tracks.seen.star[self.held_out])[self.tracks.seen.star[self.held_out]]
        alone = np.hypot(*self.residual[self.held_out].T) * count / np.maximum(count - 1, 1)
        return float(np.median(alone))


def score(geometry: Geometry, seen: Observations, strained: bool = False) -> float:
    """Bayesian information criterion: n log(mean square) + parameters log(n), for n free residuals."""
    length = np.hypot(*residuals(geometry, seen).T) / seen.error
    clipped = np.minimum(length, 4 * max(float(np.median(length)), 1e-6))
    frames = len(np.unique(seen.frame))
    free = max(2 * len(length) - 2 * int(seen.star.max() + 1) - 3 * frames, 2)
    parameters = sum(len(MODELS[c.model]) for c in geometry.cameras) + (3 * frames if strained else 0)
    return float(free * np.log(np.mean(clipped**2)) + parameters * np.log(free))


def start_from_edges(geometry: Geometry, edges: Sequence[Edge], stars: Sequence[SkyStars], tables: Sequence[NDArray[np.void]],
                     fixed: int, focal: Sequence[tuple[float, float]], report: Report = lambda what: None) -> Geometry:
    """The geometry fitted to the pairs of stars of matched frames, with a radial lens if they require it. ``report`` is called
    with what is done, now and then."""
    def tick() -> None:
        report("pairs")

    most = int(np.clip(ALL_PAIRS // max(len(edges), 1), LEAST_PAIRS, MOST_PAIRS))
    pairs = [e.pairs[np.unique(np.linspace(0, len(e.pairs) - 1, min(most, len(e.pairs))).round().astype(int))] for e in edges]
    frame = np.concatenate([np.repeat([[e.one, e.other]], len(p), axis=0).ravel() for e, p in zip(edges, pairs, strict=True)])
    rows = np.concatenate([p.ravel() for p in pairs])
    pixel, snr = np.empty((len(frame), 2)), np.empty(len(frame))
    for i in np.unique(frame):
        tick()
        at = frame == i
        pixel[at] = np.stack([tables[i]["x"], tables[i]["y"]], axis=1)[rows[at]]
        snr[at] = stars[i].snr[rows[at]]
    seen = Observations(frame, np.repeat(np.arange(len(frame) // 2), 2), pixel, np.hypot(CENTROID_ERROR, 1 / np.maximum(snr, 1)))
    plain = adjust(geometry, seen, fixed, focal, settled=ROUGHLY, report=tick)
    bent = adjust(_with_model(plain, plain.free_cameras, "radial"), seen, fixed, focal, settled=ROUGHLY, report=tick)
    return bent if score(bent, seen) < score(plain, seen) - SCORE_GAIN else plain


def _with_model(geometry: Geometry, cameras: Sequence[int], model: str) -> Geometry:
    """The geometry with another lens model of some cameras; factors that both models have are kept."""
    def changed(k: int) -> tuple[float, ...]:
        old = dict(zip(MODELS[geometry.cameras[k].model], geometry.cameras[k].factors, strict=True))
        return tuple(old.get(name, 0.0) for name in MODELS[model])

    return replace(geometry, cameras=tuple(replace(c, model=model, factors=changed(k)) if k in cameras else c
                                           for k, c in enumerate(geometry.cameras)))


def best_model(geometry: Geometry, seen: Observations, fixed: int, focal: Sequence[tuple[float, float]], *,
               strain: bool = True, report: Callable[[], None] = lambda: None) -> tuple[Geometry, bool]:
    """The geometry with the lens model of each camera, and strains of all frames or none, that the information criterion prefers.
    Also returns whether there are strains."""
    plain = _with_model(geometry, geometry.free_cameras, "none")
    best = adjust(plain, seen, fixed, focal, settled=ROUGHLY, report=report)
    lowest = score(best, seen)
    for k in geometry.free_cameras:
        for model in list(MODELS)[1:]:
            trial = adjust(_with_model(best, [k], model), seen, fixed, focal, settled=ROUGHLY, report=report)
            found = score(trial, seen)
            if found < lowest - SCORE_GAIN:
                best, lowest = trial, found
            elif model == "radial":
                # Without the first term the others are not worth a try, unless the lens is not radial at all.
                trial = adjust(_with_model(best, [k], "polynomial"), seen, fixed, focal, settled=ROUGHLY, report=report)
                found = score(trial, seen)
                if found < lowest - SCORE_GAIN:
                    best, lowest = trial, found
                break
    strained = False
    if strain:
        trial = adjust(best, seen, fixed, focal, strained=True, settled=ROUGHLY, report=report)
        if score(trial, seen, True) < lowest - SCORE_GAIN:
            best, strained = trial, True
    return best, strained


def solve(start: Geometry, tables: Sequence[NDArray[np.void]], order: Sequence[int], focal: Sequence[tuple[float, float]],
          report: Report | None = None) -> Solution:
    """The geometry of the frames in ``order``: known ones, then the one that keeps its rotation if there are none, then the
    others, from neighbour to neighbour.

    Parameters
    ----------
    start : known to about FIRST_RADIUS where frames overlap.
    tables : stars of all frames (:data:`tilecore.detect.stars.STAR_DTYPE`).
    focal : for each camera the focal length (px) that is expected, and its relative deviation.
    report : called with what is done, now and then.
    """
    say, fixed = report or (lambda _: None), order[len(start.known)]
    ticks = [partial(say, what) for what in ("shared stars", "adjustment")]
    tracks = find_tracks(start, tables, order, FIRST_RADIUS, ticks[0])
    if not len(tracks.row):
        return Solution(start, tracks, np.zeros((0, 2)), np.zeros(0, np.bool_))
    say("lens")
    geometry, strained = _modelled(start, tracks, fixed, focal, say)
    tracks = find_tracks(geometry, tables, order, RADIUS, ticks[0])
    seen = tracks.seen
    out = _left_out(seen)
    fitted = chosen_tracks(seen, STARS) & ~out
    geometry = adjust(geometry, seen.part(fitted), fixed, focal, strained, report=ticks[1])
    residual = residuals(geometry, seen)
    wrong = _mistakes(residual, seen)
    fitted &= ~wrong
    geometry = adjust(geometry, seen.part(fitted), fixed, focal, strained, report=ticks[1])
    tracks = tracks if not wrong.any() else tracks.part(~wrong)
    kept = ~wrong
    count = np.bincount(seen.star[kept], minlength=int(seen.star.max()) + 1)
    kept &= count[seen.star] > 1
    return Solution(geometry, tracks, residuals(geometry, tracks.seen), out[kept])


def extended(solution: Solution, start: Geometry, tables: Sequence[NDArray[np.void]],
             groups: Sequence[tuple[Sequence[int], Sequence[int]]], focal: Sequence[tuple[float, float]],
             report: Report | None = None) -> Solution:
    """The solution with further frames: of each of the ``groups``, known frames and others, the others are fitted to the stars
    that they share with the known ones. The lens and all frames of the solution keep their places.

    ``start`` has the rotations of the further frames; all other arguments are those of :func:`solve`. A group must have a known
    frame of each of its cameras.
    """
    here = solution.geometry
    rotations, strain = here.rotations.copy(), here.strain.copy()
    parts, rows, residual, out = [solution.tracks.seen], [solution.tracks.row], [solution.residual], [solution.held_out]
    first = int(solution.tracks.seen.star.max(initial=-1)) + 1
    for known, frames in groups:
        members = np.array([*known, *frames])
        turns = np.concatenate([here.rotations[list(known)], start.rotations[list(frames)]])
        strains = np.concatenate([here.strain[list(known)], np.zeros((len(frames), 3))])
        # A geometry of these frames alone: what it takes does not depend on how many there are in all.
        cameras, camera_of = np.unique(here.camera_of[members], return_inverse=True)
        part = Geometry(tuple(here.cameras[k] for k in cameras), camera_of.ravel().astype(np.int64), turns, strains, here.scale,
                        tuple(range(len(known))))
        more = solve(part, [tables[i] for i in members.tolist()], range(len(members)), [focal[k] for k in cameras], report)
        new = np.arange(len(known), len(members))
        rotations[members[new]], strain[members[new]] = more.geometry.rotations[new], more.geometry.strain[new]
        seen, own = more.tracks.seen, more.tracks.seen.frame >= len(known)
        parts.append(Observations(members[seen.frame[own]], first + seen.star[own], seen.pixel[own], seen.error[own]))
        rows.append(more.tracks.row[own])
        residual.append(more.residual[own])
        out.append(np.zeros(int(own.sum()), np.bool_))
        first += int(seen.star.max(initial=-1)) + 1
    both = Observations(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("frame", "star", "pixel", "error")))
    return Solution(replace(here, rotations=rotations, strain=strain), Tracks(both, np.concatenate(rows)),
                    np.concatenate(residual), np.concatenate(out))


def _modelled(start: Geometry, tracks: Tracks, fixed: int, focal: Sequence[tuple[float, float]],
              say: Report) -> tuple[Geometry, bool]:
    """The geometry with the best models, which a part of the frames determines if there are many, and whether it has strains."""
    frames = np.unique(tracks.seen.frame)
    seen = tracks.seen.part(chosen_tracks(tracks.seen, COMPARED_STARS))
    every = -(-len(frames) // COMPARED_FRAMES)
    if every == 1:
        return best_model(start, seen, fixed, focal, report=partial(say, "lens"))
    few = tracks.part(np.isin(tracks.seen.frame, np.union1d(frames[::every], [*start.known, fixed])))
    judged, strained = best_model(start, few.seen.part(chosen_tracks(few.seen, COMPARED_STARS)), fixed, focal,
                                  report=partial(say, "lens"))
    cameras = tuple(replace(own, model=c.model, factors=c.factors) for own, c in zip(start.cameras, judged.cameras, strict=True))
    return adjust(replace(start, cameras=cameras), seen, fixed, focal, strained, settled=ROUGHLY,
                  report=partial(say, "adjustment")), strained


def _left_out(seen: Observations) -> NDArray[np.bool_]:
    """(M,) observations of every HELD_OUT-th star, where its frames have others enough."""
    have = np.bincount(seen.frame)
    least = np.full(int(seen.star.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, seen.star, have[seen.frame])
    out = (np.arange(len(least)) % HELD_OUT == HELD_OUT - 1) & (least >= ENOUGH)
    return np.asarray(out[seen.star])


def _mistakes(residual: FloatArray, seen: Observations) -> NDArray[np.bool_]:
    length = np.hypot(*residual.T)
    return np.asarray(length > np.maximum(MISTAKE * robust_scale(residual, seen.error) * seen.error, LEAST_MISTAKE))
