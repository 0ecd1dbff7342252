"""Flats and the dark-flats that match them: by gain, offset and exposure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.session.model import FrameInfo

__all__ = ["FlatSet", "flat_sets", "nearest_dark_flats"]

# Relative difference of exposure up to which dark-flats belong to one set.
SAME_EXPOSURE = 0.02
# Exposure (s) below which dark-flats are not distinguished from biases: their dark current is negligible.
SHORTEST = 1e-3


@dataclass(frozen=True)
class FlatSet:
    """Flats (indices into those of the group), and the dark-flats that are subtracted from them."""

    flats: tuple[int, ...]
    darkflats: tuple[FrameInfo, ...]


def nearest_dark_flats(flat: FrameInfo, darkflats: Sequence[FrameInfo]) -> tuple[FrameInfo, ...]:
    """The dark-flats of the same gain and offset whose exposure is nearest to that of the flat (by ratio); all of them if the
    exposure is not known. Unknown gains and offsets match."""
    fitting = [d for d in darkflats if _equal(d.gain, flat.gain) and _equal(d.offset, flat.offset)]
    known = [d.exposure for d in fitting if d.exposure is not None]
    if flat.exposure is None or not known:
        return tuple(fitting)
    wanted = flat.exposure
    nearest = min(known, key=lambda e: (abs(math.log(max(e, SHORTEST) / max(wanted, SHORTEST))), e))
    return tuple(d for d in fitting if d.exposure is not None
                 and abs(d.exposure - nearest) <= SAME_EXPOSURE * max(nearest, SHORTEST))


def flat_sets(flats: Sequence[FrameInfo], darkflats: Sequence[FrameInfo]) -> tuple[FlatSet, ...]:
    """The flats grouped by the dark-flats that match them, in order of their first flat. Flats without any have an empty set."""
    kinds: dict[tuple[float | None, ...], list[int]] = {}
    for index, flat in enumerate(flats):
        kinds.setdefault((flat.gain, flat.offset, flat.exposure), []).append(index)
    found: dict[tuple[FrameInfo, ...], list[int]] = {}
    for members in kinds.values():
        found.setdefault(nearest_dark_flats(flats[members[0]], darkflats), []).extend(members)
    return tuple(FlatSet(tuple(sorted(members)), darks) for darks, members in found.items())


def _equal(one: float | None, other: float | None) -> bool:
    return one is None or other is None or one == other
