"""Frames joined by their pairs: which matches are believed, and the rotation of each frame.

Groups of frames are merged, best supported first, where several matches between them agree: the cycle through two of them closes.
A single match joins two groups only on strong evidence. Matches that contradict the result are dropped, not their frames.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tilecore.register.align import CERTAIN_INLIERS
from tilecore.register.camera import Camera
from tilecore.register.sky_match import Edge

__all__ = ["Joined", "join", "rim_of"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# A cycle closes if it misses by less than this (px, and share of the half-diagonal); a lens that is not known yet opens it.
CLOSED = 4.0
CLOSED_SHARE = 0.015
# A single match needs this multiple of the stars that a match needs otherwise.
STRONG = 2.0
# Matches between two groups that are compared with each other, those with most stars.
COMPARED = 40
# Single matches that are excluded at most, and how many are tried for each.
ROUNDS = 6
SUSPECTS = 8
# Frames of a part that is named when a single match joins it.
LEAST_PART = 2


@dataclass(frozen=True)
class Joined:
    """``group`` (N,) of each frame, ``rotation`` (N, 3, 3) from the axes of the frame to those of its group. ``contradicting``
    are the matches that were dropped; ``bridges`` those that alone join two parts, with the frames on the second one's side."""

    group: IntArray
    rotation: FloatArray
    contradicting: tuple[Edge, ...] = ()
    bridges: tuple[tuple[Edge, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class _Merge:
    """A match by which two groups were merged, and whether no other one supported it."""

    edge: Edge
    single: bool


def rim_of(camera: Camera) -> FloatArray:
    """(5, 3) directions of the middle and the corners of a frame."""
    h, w = camera.shape
    return camera.directions(np.array([camera.centre, [0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], np.float64))


def join(edges: Sequence[Edge], cameras: Sequence[Camera], plausible: Callable[[Edge], bool | None],
         report: Callable[[], None] = lambda: None) -> Joined:
    """The groups of frames that matches join.

    Parameters
    ----------
    cameras : the camera of each frame.
    plausible : whether a match agrees with the pointing that is expected; None if nothing is expected.
    report : called now and then.
    """
    rims = [rim_of(c) for c in cameras]
    allowed = [(CLOSED + CLOSED_SHARE * c.radius) / c.focal for c in cameras]
    kept = list(edges)
    joined, merges = _merged(kept, rims, allowed, plausible, report)
    wrong = _contradicting(edges, joined, rims, allowed)
    for _ in range(ROUNDS):
        # A single match by which others, that agree with each other, are wrong: is all more consistent without it?
        for merge in _suspects(merges, [e for e in kept if joined.group[e.one] == joined.group[e.other]], wrong, len(cameras)):
            fewer = [e for e in kept if e is not merge.edge]
            other, others = _merged(fewer, rims, allowed, plausible, report)
            left = _contradicting(edges, other, rims, allowed)
            if len(left) < len(wrong) and len(np.unique(other.group)) <= len(np.unique(joined.group)):
                kept, joined, merges, wrong = fewer, other, others, left
                break
        else:
            break
    believed = [e for e in edges if joined.group[e.one] == joined.group[e.other] and not any(e is w for w in wrong)]
    return replace(joined, contradicting=tuple(wrong), bridges=_bridges(merges, believed, len(cameras), report))


def _contradicting(edges: Sequence[Edge], joined: Joined, rims: Sequence[FloatArray], allowed: Sequence[float]) -> list[Edge]:
    """The matches within groups that miss the places found."""
    return [e for e in edges if joined.group[e.one] == joined.group[e.other]
            and _misses(e, joined.rotation, rims) > 2 * allowed[e.other]]


def _misses(edge: Edge, rotation: FloatArray, rims: Sequence[FloatArray]) -> float:
    """Largest angle between the places that a match and the rotations give to the rim of its second frame."""
    known = rotation[edge.one].T @ rotation[edge.other]
    return float(np.linalg.norm(rims[edge.other] @ (known - edge.rotation).T, axis=1).max())


def _merged(edges: Sequence[Edge], rims: Sequence[FloatArray], allowed: Sequence[float],
            plausible: Callable[[Edge], bool | None], report: Callable[[], None]) -> tuple[Joined, list[_Merge]]:
    """The groups after all merges, best supported first, and these."""
    count = len(rims)
    group, rotation = np.arange(count), np.repeat(np.eye(3)[None], count, axis=0)
    merges: list[_Merge] = []
    while True:
        between: dict[tuple[int, int], list[Edge]] = {}
        for e in edges:
            a, b = int(group[e.one]), int(group[e.other])
            if a != b:
                between.setdefault((min(a, b), max(a, b)), []).append(e if a < b else e.reversed)
        found = []
        for key in sorted(between):
            report()
            found.append((*_agreed(between[key], rotation, rims, allowed, plausible), key))
        grown: set[int] = set()
        gone: set[int] = set()
        for _, edge, agreeing, (a, b) in sorted((f for f in found if f[0] > 0), key=lambda f: (-f[0], f[3])):
            if a in gone or b in gone | grown:
                continue
            grown.add(a)
            gone.add(b)
            # The frames of b turn to the axes of a.
            members = group == b
            rotation[members] = rotation[edge.one] @ edge.rotation @ rotation[edge.other].T @ rotation[members]
            group[members] = a
            merges.append(_Merge(edge, agreeing == 1))
        if not gone:
            return Joined(np.asarray(group, np.int64), rotation), merges


def _agreed(edges: Sequence[Edge], rotation: FloatArray, rims: Sequence[FloatArray], allowed: Sequence[float],
            plausible: Callable[[Edge], bool | None]) -> tuple[int, Edge, int]:
    """The stars of the matches between two groups that agree with the best supported one, that one, and the number of these
    matches; no stars if that is not evidence enough."""
    edges = sorted(edges, key=lambda e: (-len(e.pairs), e.one, e.other))[:COMPARED]
    turns = np.array([rotation[e.one] @ e.rotation @ rotation[e.other].T for e in edges])
    best, support, number = edges[0], 0, 0
    for e, turn in zip(edges, turns, strict=True):
        off = np.linalg.norm((turns - turn) @ rotation[e.other] @ rims[e.other].T, axis=1).max(axis=1)
        agreeing = [f for f, miss in zip(edges, off.tolist(), strict=True) if miss < allowed[e.other]]
        stars = sum(len(f.pairs) for f in agreeing)
        if stars > support:
            best, support, number = e, stars, len(agreeing)
    if number == 1 and not _is_strong(best, plausible(best)):
        return 0, best, number
    return support, best, number


def _is_strong(edge: Edge, plausible: bool | None) -> bool:
    """Whether a single match joins two groups."""
    if plausible is not None:
        return plausible or len(edge.pairs) >= 2 * max(CERTAIN_INLIERS, STRONG * edge.needed)
    return len(edge.pairs) >= max(CERTAIN_INLIERS, STRONG * edge.needed)


def _cut_edges(ends: NDArray[np.int64], count: int) -> set[frozenset[int]]:
    """The pairs of ``ends`` (2, M) without which a part of ``count`` nodes would come apart (Tarjan 1974, IPL 2:160)."""
    around: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for k, (a, b) in enumerate(ends.T.tolist()):
        around[a].append((b, k))
        around[b].append((a, k))
    order, lowest = [-1] * count, [0] * count
    found: set[frozenset[int]] = set()
    clock = 0
    for root in range(count):
        if order[root] >= 0:
            continue
        order[root] = lowest[root] = clock
        clock += 1
        path = [(root, -1, iter(around[root]))]
        while path:
            node, via, others = path[-1]
            for other, edge in others:
                if edge == via:
                    continue
                if order[other] < 0:
                    order[other] = lowest[other] = clock
                    clock += 1
                    path.append((other, edge, iter(around[other])))
                    break
                lowest[node] = min(lowest[node], order[other])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                    if lowest[node] > order[above]:
                        found.add(frozenset((above, node)))
    return found


def _sides(merges: Sequence[_Merge], without: _Merge, count: int) -> NDArray[np.bool_]:
    """(N,) the frames on the side of the second frame of a merge when it is taken back."""
    kept = [m.edge for m in merges if m is not without]
    rows, columns = [e.one for e in kept], [e.other for e in kept]
    graph = sparse.coo_matrix((np.ones(len(kept)), (rows, columns)), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label == label[without.edge.other])


def _suspects(merges: Sequence[_Merge], edges: Sequence[Edge], wrong: Sequence[Edge], count: int) -> list[_Merge]:
    """Single matches that joined two parts between which more matches contradict than agree, the most contradicted first."""
    found = []
    bad = np.array([any(e is w for w in wrong) for e in edges], np.bool_)
    ends = np.array([(e.one, e.other) for e in edges], np.int64).reshape(-1, 2).T
    for merge in merges if wrong else ():
        if merge.single:
            side = _sides(merges, merge, count)
            crossing = bad[side[ends[0]] != side[ends[1]]]
            excess = 2 * int(crossing.sum()) - len(crossing)
            if excess > 0:
                found.append((excess, merge))
    return [m for _, m in sorted(found, key=lambda f: (-f[0], f[1].edge.one, f[1].edge.other))][:SUSPECTS]


def _bridges(merges: Sequence[_Merge], believed: Sequence[Edge], count: int,
             report: Callable[[], None]) -> tuple[tuple[Edge, tuple[int, ...]], ...]:
    """The single matches that no other match supports in the end, where both parts are groups of frames."""
    result = []
    ends = np.array([(e.one, e.other) for e in believed], np.int64).reshape(-1, 2).T
    known, alone = {id(e) for e in believed}, _cut_edges(ends, count)
    for merge in merges:
        report()
        # What others go around is not a bridge: of thousands of merges a few are left to look at.
        if merge.single and (id(merge.edge) not in known or frozenset((merge.edge.one, merge.edge.other)) in alone):
            side = _sides(merges, merge, count)
            if (side[ends[0]] != side[ends[1]]).sum() == 1:
                part = np.flatnonzero(side)
                if len(part) >= LEAST_PART:
                    result.append((merge.edge, tuple(part.tolist())))
    return tuple(result)
