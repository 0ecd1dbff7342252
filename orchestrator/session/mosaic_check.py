"""The colour mosaic of lights: what their headers name, compared with what their pixels show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.session.headers import memory_pattern
from orchestrator.session.model import Exclusion, FrameInfo
from orchestrator.session.row_order import as_read
from tilecore.cfa.mosaic import PATTERNS
from tilecore.cfa.phases import MosaicEvidence, mosaic_evidence

__all__ = ["PatternSource", "with_seen_patterns"]

# Where the pattern of a frame comes from.
PatternSource = Literal["header", "device", "setting", "none"]
# Lights and flats of a kind whose pixels are examined.
EXAMINED_LIGHTS = 2
EXAMINED_FLATS = 1
X_TRANS_REMEDY = ("Debayer the calibrated frames in Siril (calibrate ... -debayer) and stack the colour frames; to stack the "
                  "mosaic as a grey picture: --set input.bayer_pattern=mono.")


def with_seen_patterns(lights: Sequence[FrameInfo], flats: Sequence[FrameInfo], sources: Mapping[Path, PatternSource],
                       excluded: list[Exclusion], notes: list[str], warnings: list[str]) -> list[FrameInfo]:
    """The lights with the pattern that their pixels confirm; those whose header and pixels contradict each other are excluded.

    A light without a pattern takes that of the other lights of its camera, if its pixels are such a mosaic. Without them it is
    excluded: stacked as mono it would become grey. A pattern that only the name of the device suggests is dropped if the pixels
    are not a mosaic.
    """
    kinds: dict[tuple[object, ...], list[FrameInfo]] = defaultdict(list)
    for info in lights:
        if len(info.shape) == 2:
            kinds[info.camera, info.shape, info.cfa, info.x_trans, sources.get(info.path, "none")].append(info)
    known = {(i.camera, i.shape): i.cfa for i in lights if i.cfa and sources.get(i.path) == "header"}
    changed: dict[Path, FrameInfo | None] = {}
    for group in kinds.values():
        first = group[0]
        source = sources.get(first.path, "none")
        if source == "setting" and first.cfa is None:  # mono was requested
            continue
        if first.x_trans:
            excluded += [Exclusion(i.path, "its header names an X-Trans mosaic of 6x6 pixels, which cannot be debayered here",
                                   X_TRANS_REMEDY) for i in group]
            changed |= dict.fromkeys([i.path for i in group])
            continue
        alike = [i for i in flats if (i.camera, i.shape) == (first.camera, first.shape)]
        seen = _evidence(group, alike)
        if seen is None:
            continue
        problem = _problem(first, seen, source)
        if source == "device" and seen.kind == "none":
            changed |= {i.path: replace(i, cfa=None) for i in group}
            notes.append(Message("The camera {camera} has a colour sensor, but the pixels of {count} lights ({first} ...) are "
                                 "not a mosaic: they are stacked as mono.", camera=first.camera or first.telescope,
                                 count=len(group), first=first.path.name))
        elif first.cfa is None and seen.kind == "bayer" and (pattern := known.get((first.camera, first.shape))) is not None and (
                pattern in seen.patterns or not seen.greens):
            changed |= {i.path: replace(i, cfa=pattern) for i in group}
            notes.append(Message("{count} lights without BAYERPAT ({first} ...) have the mosaic of the others of their camera: "
                                 "{pattern} is used.", count=len(group), first=first.path.name, pattern=pattern))
        elif problem and source == "setting":
            warnings.append(Message("{first}: {problem}. input.bayer_pattern is used.", first=first.path.name,
                                    problem=problem[0]))
        elif problem:
            excluded += [Exclusion(i.path, *problem) for i in group]
            changed |= dict.fromkeys([i.path for i in group])
    return [kept for i in lights if (kept := changed.get(i.path, i)) is not None]


def _problem(info: FrameInfo, seen: MosaicEvidence, source: PatternSource) -> tuple[str, str] | None:
    """The contradiction between the pattern of a frame and its pixels, and the remedy; None if there is none."""
    levels = " ".join(f"{level * FULL_SCALE:.0f}" for level in seen.levels)
    if seen.kind == "x_trans":
        return "its pixels are an X-Trans mosaic of 6x6 pixels, which cannot be debayered here", X_TRANS_REMEDY
    if seen.kind != "bayer" or (info.cfa is not None and (not seen.greens or info.cfa in seen.patterns)):
        return None
    fitting = _settings(info, seen)
    choice = Message("--set input.bayer_pattern={fitting}", fitting=" or ".join(fitting))
    if info.cfa is None:
        return (Message("its header names no Bayer pattern (BAYERPAT), but its pixels are a colour mosaic: the levels of the "
                        "four phases are {levels} ADU; stacked as mono it would be grey", levels=levels),
                Message("{choice}, as the manual of the camera names it; =mono stacks it as it is.", choice=choice))
    named = {"header": "its header", "device": "its device", "setting": "input.bayer_pattern"}.get(source, "its header")
    return (Message("{named} gives the pattern {cfa} (in the order of the file's rows), but in its pixels the green phases are "
                    "on the other diagonal: the levels of the four phases are {levels} ADU", named=named, cfa=info.cfa,
                    levels=levels),
            Message("{choice}, or correct BAYERPAT, ROWORDER or YBAYROFF in the files.", choice=choice))


def _settings(info: FrameInfo, seen: MosaicEvidence) -> list[str]:
    """The values of input.bayer_pattern that agree with the pixels of a frame."""
    header, rows = frame_files.read_header(info.path), info.shape[-2]
    fitting = [p for p in PATTERNS if not seen.greens or memory_pattern(header, rows, p) in seen.patterns]
    return fitting or list(PATTERNS)


def _evidence(lights: Sequence[FrameInfo], flats: Sequence[FrameInfo]) -> MosaicEvidence | None:
    """What the pixels of some lights and flats show; None if nothing is certain. A mosaic in one of them decides."""
    step = max(len(lights) // EXAMINED_LIGHTS, 1)
    found = [_examine(i) for i in (*lights[::step][:EXAMINED_LIGHTS], *flats[:EXAMINED_FLATS])]
    for kind in ("x_trans", "bayer"):
        if (sure := [e for e in found if e is not None and e.kind == kind]):
            # Flats and lights must agree where the greens are.
            return sure[0] if len({e.greens for e in sure if e.greens}) < 2 else None
    return found[0] if found and all(e is not None and e.kind == "none" for e in found) else None


def _examine(info: FrameInfo) -> MosaicEvidence | None:
    try:
        with frame_files.opened(info.path) as layout:
            return mosaic_evidence(as_read(info, layout).read(keep_nan=True))
    except (InputError, OSError):  # reported when the frame is used
        return None
