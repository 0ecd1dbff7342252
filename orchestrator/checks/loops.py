"""Closure of loops of panels: the displacements that neighbours measure against each other add up to nothing around a loop.

Each displacement is measured on the stars of one pair alone; a match that drags panels, a wrong focal length or a lens that is
not corrected leaves loops open, whatever residual the adjustment of all frames reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["Link", "Loop", "open_loops"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Link:
    """Two panels that share stars: the mean displacement (2,) of those of ``one`` from those of ``other`` and its error (px)."""

    one: int
    other: int
    displacement: FloatArray
    error: float


@dataclass(frozen=True)
class Loop:
    """The ``panels`` of a loop in their order, the length of the sum of the displacements around it, and its error (px)."""

    panels: tuple[int, ...]
    closure: float
    error: float


def open_loops(links: Sequence[Link]) -> list[Loop]:
    """A loop for each link that is not in the tree of the best links: it and the path between its panels in the tree."""
    tree: dict[int, dict[int, Link]] = {}
    loops = []
    for link in sorted(links, key=lambda k: k.error):
        path = _path(tree, link.one, link.other)
        if path is None:
            for a, b in ((link.one, link.other), (link.other, link.one)):
                tree.setdefault(a, {})[b] = link
            continue
        total, variance = -link.displacement, link.error**2
        for a, b in pairwise(path):
            step = tree[a][b]
            total = total + (step.displacement if step.one == a else -step.displacement)
            variance += step.error**2
        loops.append(Loop(tuple(path), float(np.hypot(*total)), float(np.sqrt(variance))))
    return loops


def _path(tree: dict[int, dict[int, Link]], start: int, stop: int) -> list[int] | None:
    """The panels from ``start`` to ``stop`` along the tree; None if it does not join them."""
    before = {start: start}
    ahead = [start]
    while ahead:
        at = ahead.pop()
        for panel in tree.get(at, {}):
            if panel not in before:
                before[panel] = at
                ahead.append(panel)
    if stop not in before:
        return None
    path = [stop]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]
