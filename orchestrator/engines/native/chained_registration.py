"""Frames of a mosaic that share too little with the reference, registered through frames that share more with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tilecore.register import align
from tilecore.register.joint_adjustment import adjust_jointly

__all__ = ["LEAST_SHARED", "MOSAIC_SPREAD", "Found", "agreeing", "chain", "pointing_spread", "rebased", "shares_enough"]

Found = list[align.Alignment | str]
Shapes = Sequence[tuple[int, int]]
Match = Callable[[int, int], align.Alignment | str]

# Frames whose centres spread over more than this part of a frame, along either side, are panels of a mosaic.
MOSAIC_SPREAD = 1 / 3
# Frames that others are matched to lie so far apart, in frames: none is tried in vain that another stands for.
ANCHOR_SPACING = 0.25
# A frame is matched to so many of them in a round, those nearest in time first.
TRIES = 8
# Frames must share so much of their field with the one that they are matched to.
LEAST_SHARED = 0.05


def _centre(matrix: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    return align.apply(matrix, np.array([[(shape[1] - 1) / 2, (shape[0] - 1) / 2]]))[0]


def pointing_spread(matrices: Sequence[NDArray[np.float64]], shapes: Shapes, shape: tuple[int, int]) -> tuple[float, float]:
    """Over which part of a frame of ``shape`` (rows, columns) the centres spread, in x and y; a few strays do not count."""
    centres = np.array([_centre(m, s) for m, s in zip(matrices, shapes, strict=True)])
    low, high = np.percentile(centres, [5, 95], axis=0)
    return float((high - low)[0] / shape[1]), float((high - low)[1] / shape[0])


def shares_enough(matrix: NDArray[np.float64], shape: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a frame that ``matrix`` maps into another shares enough of that one's field."""
    (h, w), (rows, columns) = other, shape
    mapped = align.apply(matrix, np.array([[0, 0], [columns - 1, 0], [columns - 1, rows - 1], [0, rows - 1]], np.float64))
    shared = np.clip(np.minimum(mapped.max(axis=0), [w, h]) - np.maximum(mapped.min(axis=0), 0), 0, None)
    return bool(shared.prod() >= LEAST_SHARED * w * h)


def chain(found: Found, shapes: Shapes, usable: NDArray[np.bool_], reference: int, match: Match,
          workers: int) -> tuple[Found, frozenset[int]]:
    """Match frames that have no transform yet to frames that have one, until no more join.

    Parameters
    ----------
    found : what matching to the reference gave for each frame.
    shapes : (rows, columns) of the frames, in order of time.
    usable : (N,) frames that may be matched to: they have stars, and pixels as fine as the reference's.
    match : the transform of a frame to another, or why there is none.

    Returns
    -------
    The transforms, and the frames that are tied to the reference, directly or through others; none where no frame joined.
    Where all frames point as the reference does, nothing is tried.
    """
    result = list(found)
    tied = {i for i, f in enumerate(result) if isinstance(f, align.Alignment)
            and shares_enough(f.matrix, shapes[i], shapes[reference])}
    anchors, tried = [reference], {i: {reference} for i in range(len(result))}
    first = len(tied)
    with ThreadPoolExecutor(workers) as pool:
        while True:
            _add_anchors(anchors, result, shapes, [i for i in sorted(tied) if usable[i]], reference)
            places = tuple(anchors)

            def join(index: int, places: tuple[int, ...] = places) -> tuple[int, align.Alignment] | None:
                near = sorted((a for a in places if a not in tried[index]), key=lambda a: (abs(a - index), a))[:TRIES]
                for anchor in near:
                    tried[index].add(anchor)
                    one = match(index, anchor)
                    if isinstance(one, align.Alignment) and shares_enough(one.matrix, shapes[index], shapes[anchor]):
                        return anchor, one
                return None

            waiting = [i for i in range(len(result)) if i not in tied and set(places) - tried[i]]
            joined = [(i, j) for i, j in zip(waiting, pool.map(join, waiting), strict=True) if j is not None]
            for index, (anchor, one) in joined:
                base = result[anchor]
                assert isinstance(base, align.Alignment)
                matrix = base.matrix @ one.matrix
                result[index] = replace(one, matrix=matrix / matrix[2, 2], residual=float(np.hypot(one.residual, base.residual)),
                                        method=f"{one.method}, through other frames")
                tied.add(index)
            if not waiting:
                break
    return (result, frozenset(tied)) if len(tied) > first else (list(found), frozenset())


def _add_anchors(anchors: list[int], found: Found, shapes: Shapes, candidates: list[int], reference: int) -> None:
    """Add frames that lie away from all anchors, the nearest to the reference first."""
    size = np.array(shapes[reference][::-1], float)

    def place(index: int) -> NDArray[np.float64]:
        known = found[index]
        assert isinstance(known, align.Alignment)
        return np.asarray(_centre(known.matrix, shapes[index]) / size)

    middle = place(reference)
    known = [place(a) for a in anchors]
    for index in sorted(candidates, key=lambda i: (float(np.abs(place(i) - middle).max()), i)):
        here = place(index)
        if all(np.abs(here - other).max() > ANCHOR_SPACING for other in known):
            anchors.append(index)
            known.append(here)


def rebased(found: Found, reference: int) -> Found:
    """The same transforms, to another of the frames."""
    base = found[reference]
    assert isinstance(base, align.Alignment)
    back = np.linalg.inv(base.matrix)

    def turned(one: align.Alignment) -> align.Alignment:
        matrix = back @ one.matrix
        return replace(one, matrix=matrix / matrix[2, 2])

    result: Found = [turned(f) if isinstance(f, align.Alignment) else f for f in found]
    result[reference] = align.Alignment(np.eye(3), 0.0, base.inliers, base.matched, "identity", "reference")
    return result


def agreeing(found: Found, tables: Sequence[NDArray[np.void] | None], shapes: Shapes, reference: int, transform: str,
             min_inliers: int, max_residual: float) -> Found:
    """Where frames are panels of a mosaic: their transforms, fitted to one another all at once; those that do not fit are
    refused. Else as they are."""
    members = [i for i, f in enumerate(found) if isinstance(f, align.Alignment)]
    known = [f for f in found if isinstance(f, align.Alignment)]
    if max(pointing_spread([k.matrix for k in known], [shapes[i] for i in members], shapes[reference])) <= MOSAIC_SPREAD:
        return found
    # From the reference outwards, so that places are known before frames that lie on them.
    middle = _centre(np.eye(3), shapes[reference])
    away = [float(np.hypot(*(_centre(k.matrix, shapes[i]) - middle))) for i, k in zip(members, known, strict=True)]
    order = sorted(range(len(members)), key=lambda k: (away[k], k))
    members, known = [members[k] for k in order], [known[k] for k in order]
    stars = [t for i in members if (t := tables[i]) is not None]
    assert len(stars) == len(members)
    result = list(found)
    for index, one in zip(members, adjust_jointly(stars, known, members.index(reference), transform, min_inliers), strict=True):
        result[index] = one if one.residual < max_residual else (
            f"its stars are {one.residual:.2f} px off those of the frames beside it, {max_residual:g} px is the limit")
    return result
