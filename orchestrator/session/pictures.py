"""Of files in one folder that show the same frame in several formats, only one is a frame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestrator.io import fits as fits_io
from orchestrator.io.frames import format_name, stem_of
from orchestrator.session.model import Exclusion

__all__ = ["without_pictures"]

# Of files with the same name without suffix, that of the first format is the frame, the others are copies of it.
ORDER = ("FITS", "camera raw", "XISF", "SER", "TIFF")
PICTURE = ("it is a TIFF picture beside frames of another format", "Move it into a folder of its own to use it.")


def without_pictures(paths: Sequence[Path], excluded: list[Exclusion]) -> list[Path]:
    """The frames of a folder without copies of them in another format, and without TIFF files beside frames of other formats,
    which are added to ``excluded``."""
    if all(fits_io.is_fits(p) for p in paths):
        return list(paths)
    ranks = {p: ORDER.index(format_name(p)) for p in paths}
    best: dict[str, int] = {}
    for path, rank in ranks.items():
        best[stem_of(path)] = min(rank, best.get(stem_of(path), rank))
    kept = [p for p in paths if ranks[p] == best[stem_of(p)]]
    frames = [p for p in kept if format_name(p) != "TIFF"]
    if not frames:
        return kept
    excluded += [Exclusion(p, *PICTURE) for p in kept if format_name(p) == "TIFF"]
    return frames
