"""Chained registration: frames of a mosaic with too little overlap with the reference are registered through other frames."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tilecore.register import align
from tilecore.register.joint_adjustment import adjust_jointly

__all__ = ["MIN_SHARED", "MOSAIC_SPREAD", "Found", "chain", "jointly_adjusted", "pointing_spread", "rebased", "shares_enough"]

logger = logging.getLogger(__name__)

# The transform of each frame, or the reason why there is none.
Found = list[align.Alignment | str]
Shapes = Sequence[tuple[int, int]]
Match = Callable[[int, int], align.Alignment | str]

# Spread of the frame centres, as a fraction of the frame size along either axis, above which the frames form a mosaic.
MOSAIC_SPREAD = 1 / 3
# Minimum distance between anchors (frames that others are matched to), as a fraction of the frame size.
ANCHOR_SPACING = 0.25
# Anchors tried per frame and round, nearest in time first.
TRIES = 8
# Fraction of the field that a frame must share with the frame it is matched to.
MIN_SHARED = 0.05
# Percentiles of the frame centres between which the spread is measured, so that a few strays do not count.
SPREAD_PERCENTILES = (5, 95)


def _centre(matrix: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """(x, y) of the centre of a frame of ``shape`` (rows, columns), mapped by ``matrix``."""
    centre: NDArray[np.float64] = align.apply(matrix, np.array([[(shape[1] - 1) / 2, (shape[0] - 1) / 2]]))[0]
    return centre


def pointing_spread(matrices: Sequence[NDArray[np.float64]], shapes: Shapes, shape: tuple[int, int]) -> tuple[float, float]:
    """Spread of the frame centres in x and y, as fractions of a frame of ``shape`` (rows, columns); a few strays are ignored."""
    centres = np.array([_centre(m, s) for m, s in zip(matrices, shapes, strict=True)])
    low, high = np.percentile(centres, SPREAD_PERCENTILES, axis=0)
    return float((high - low)[0] / shape[1]), float((high - low)[1] / shape[0])


def shares_enough(matrix: NDArray[np.float64], shape: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a frame of ``shape``, mapped by ``matrix`` onto a frame of shape ``other``, covers at least MIN_SHARED of it."""
    (h, w), (rows, columns) = other, shape
    mapped = align.apply(matrix, np.array([[0, 0], [columns - 1, 0], [columns - 1, rows - 1], [0, rows - 1]], np.float64))
    shared = np.clip(np.minimum(mapped.max(axis=0), [w, h]) - np.maximum(mapped.min(axis=0), 0), 0, None)
    return bool(shared.prod() >= MIN_SHARED * w * h)


def chain(found: Found, shapes: Shapes, usable: NDArray[np.bool_], reference: int, match: Match,
          workers: int) -> tuple[Found, frozenset[int]]:
    """Match frames without a transform to frames that have one, until no further frame can be added.

    Parameters
    ----------
    found : result of matching each frame to the reference.
    shapes : (rows, columns) of the frames, in order of time.
    usable : (N,) frames that may serve as anchors: they have stars, and pixels as fine as those of the reference.
    match : returns the transform of a frame to another, or the reason why there is none.

    Returns
    -------
    The transforms, and the frames tied to the reference, directly or through others; an empty set if no frame was added.
    If all frames have the pointing of the reference, nothing is tried.
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
                base = _registered(result, anchor)
                matrix = base.matrix @ one.matrix
                result[index] = replace(one, matrix=matrix / matrix[2, 2], residual=float(np.hypot(one.residual, base.residual)),
                                        method=f"{one.method}, through other frames")
                tied.add(index)
            if not waiting:
                break
    if len(tied) > first:
        logger.info("%d frames matched through other frames, %d anchors", len(tied) - first, len(anchors))
    return (result, frozenset(tied)) if len(tied) > first else (list(found), frozenset())


def _registered(found: Found, index: int) -> align.Alignment:
    """The transform of a registered frame. ValueError for any other."""
    one = found[index]
    if isinstance(one, str):
        raise ValueError(f"frame {index} is not registered: {one}")
    return one


def _add_anchors(anchors: list[int], found: Found, shapes: Shapes, candidates: list[int], reference: int) -> None:
    """Add candidates that are at least ANCHOR_SPACING from every anchor, nearest to the reference first."""
    size = np.array(shapes[reference][::-1], float)

    def place(index: int) -> NDArray[np.float64]:
        return np.asarray(_centre(_registered(found, index).matrix, shapes[index]) / size)

    middle = place(reference)
    known = [place(a) for a in anchors]
    for index in sorted(candidates, key=lambda i: (float(np.abs(place(i) - middle).max()), i)):
        here = place(index)
        if all(np.abs(here - other).max() > ANCHOR_SPACING for other in known):
            anchors.append(index)
            known.append(here)


def rebased(found: Found, reference: int) -> Found:
    """The same transforms relative to another frame."""
    base = _registered(found, reference)
    back = np.linalg.inv(base.matrix)

    def relative(one: align.Alignment) -> align.Alignment:
        matrix = back @ one.matrix
        return replace(one, matrix=matrix / matrix[2, 2])

    result: Found = [relative(f) if isinstance(f, align.Alignment) else f for f in found]
    result[reference] = align.Alignment(np.eye(3), 0.0, base.inliers, base.matched, "identity", "reference")
    return result


def jointly_adjusted(found: Found, tables: Sequence[NDArray[np.void] | None], shapes: Shapes, reference: int, transform: str,
                     min_inliers: int, max_residual: float) -> Found:
    """The transforms of a mosaic after a joint adjustment of all frames; frames that do not fit are rejected.

    Transforms of frames that are not a mosaic are returned unchanged. ``tables`` holds the stars of each frame.
    """
    members = [i for i, f in enumerate(found) if isinstance(f, align.Alignment)]
    known = [f for f in found if isinstance(f, align.Alignment)]
    if max(pointing_spread([k.matrix for k in known], [shapes[i] for i in members], shapes[reference])) <= MOSAIC_SPREAD:
        return found
    logger.info("Joint adjustment of the %d registered frames of a mosaic", len(members))
    # From the reference outwards, so that the positions of stars are known before the frames that need them.
    middle = _centre(np.eye(3), shapes[reference])
    away = [float(np.hypot(*(_centre(k.matrix, shapes[i]) - middle))) for i, k in zip(members, known, strict=True)]
    order = sorted(range(len(members)), key=lambda k: (away[k], k))
    members, known = [members[k] for k in order], [known[k] for k in order]
    stars = [t for i in members if (t := tables[i]) is not None]
    assert len(stars) == len(members)
    result = list(found)
    for index, one in zip(members, adjust_jointly(stars, known, members.index(reference), transform, min_inliers), strict=True):
        result[index] = one if one.residual < max_residual else (
            f"its stars are {one.residual:.2f} px off those of the adjacent frames, {max_residual:g} px is the limit")
    return result
