"""Check that rejection is plausible: by frame, by place and by brightness."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from orchestrator.checks.record import Check, Problem, not_measured, passed_or_failed
from orchestrator.checks.star_sample import StarSample
from orchestrator.message import Message
from orchestrator.stacking.state import Stack
from tilecore.numerics.parts import Box, Computed, Pixels, parts, thinned

__all__ = ["rejection"]

# Largest share of the samples that may be rejected in the sky, in a frame, and in the cores of stars.
SKY_LIMIT = 0.05
FRAME_LIMIT = 0.15
CORE_LIMIT = 0.15
# Share of the field (in cells) with more than PLACE_LIMIT rejected samples.
PLACE_LIMIT = 0.25
PLACE_SHARE = 0.02
# The same where ghosts were found that move through the field (orchestrator.stacking.moving_light), which cross many places.
PLACE_SHARE_GHOSTS = 0.1
# Radius (px of the channel grid) of a core.
CORE = 1.5
LEAST_STARS = 8
# Usual width (px) of the region that is rejected along a trail.
TRAIL_WIDTH = 16
# Usual number of samples that are rejected at a cosmic ray: the kernel that brings it to the canvas spreads it over 8 x 8 px.
HIT_AREA = 64
# Cells (rows, columns) of the map.
MAP = (24, 32)
# Median count of frames below which shares are too coarse.
LEAST_FRAMES = 5


def rejection(stack: Stack, by_frame: NDArray[np.float64] | None, files: tuple[str, ...],
              sample: StarSample, *, ghosts: bool = False, trails: int = 0, hits: NDArray[np.float64] | None = None) -> Check:
    """``by_frame`` (N,) is the share of the samples of each stacked frame that was rejected, None where only part of the stack is
    new; ``files`` are the names of these frames; ``ghosts``: whether moving ghosts or spikes were left out;
    ``trails``: number of trails that were left out over their full width; ``hits`` (N,): cosmic rays per pixel of each frame."""
    if stack.count.shape != stack.rejected.shape or _usual_count(stack) < LEAST_FRAMES:
        return not_measured("rejection", Message("fewer than {least_frames} frames", least_frames=LEAST_FRAMES))
    share = Computed(stack.count.shape[1:], lambda part: _share(stack, part))
    pixels, samples, sums = 0, 0.0, 0.0
    for part in parts(share.shape):
        count = stack.count[:, *part.inside].max(axis=0)
        pixels, samples = pixels + int(np.count_nonzero(count)), samples + float(count.sum(dtype=np.float64))
        sums += float(share[part.inside].sum(dtype=np.float64))
    total = sums / pixels
    problems = []
    # The samples that trails of full length and cosmic rays cover are rejected for a reason that is established.
    struck = np.zeros(len(files)) if hits is None else HIT_AREA * hits
    usual = float(struck.mean()) if struck.size else 0.0
    limit = SKY_LIMIT + usual + trails * TRAIL_WIDTH * math.hypot(*share.shape) / samples
    if total > limit:
        problems.append(Problem(total, limit, Message("{total:.1f} % of all samples are rejected", total=100 * total),
                                "Compare with --set stacking.rejection=none; see rejected.fits for the places."))
    if by_frame is not None:
        for k in np.flatnonzero(by_frame > FRAME_LIMIT + struck)[:5]:
            problems.append(Problem(float(by_frame[k]), FRAME_LIMIT + float(struck[k]),
                                    Message("{by_frame:.0f} % of {files} is rejected", by_frame=100 * by_frame[k],
                                            files=files[int(k)]),
                                    Message("Leave the frame out: --exclude {files}.", files=files[int(k)]), (files[int(k)],)))
    cells = _cells(share)
    crowded = PLACE_LIMIT + usual
    where = float((cells > crowded).mean())
    allowed = PLACE_SHARE_GHOSTS if ghosts else PLACE_SHARE
    if where > allowed:
        problems.append(Problem(where / allowed * crowded, crowded,
                                Message("more than {crowded:.0f} % of the samples are rejected in {where:.0f} % of the field",
                                        crowded=100 * crowded, where=100 * where),
                                "Trails do not cross one place in many frames: compare with --set stacking.trails=false."))
    cores = _cores(share, sample)
    if cores is not None and cores > CORE_LIMIT and cores > 3 * total:
        problems.append(Problem(cores, CORE_LIMIT,
                                Message("{cores:.0f} % of the samples in the cores of bright stars are rejected, {total:.1f} % "
                                        "elsewhere", cores=100 * cores, total=100 * total),
                                "The frames differ in sharpness or registration: leave the worst out with --keep, or raise "
                                "stacking.sigma_high."))
    value, limit = (cores, CORE_LIMIT) if cores and cores / CORE_LIMIT > total / SKY_LIMIT else (total, SKY_LIMIT)
    return passed_or_failed("rejection", "of the samples", value, limit, problems,
                            {"kind": "map", "values": np.round(100 * cells, 3).tolist(), "unit": "%"},
                            {"total": total, "cores": cores, "files": list(files),
                             "by_frame": None if by_frame is None else np.round(by_frame, 5).tolist()})


def _usual_count(stack: Stack) -> float:
    """Median number of frames of the places that any covers, of a sample of rows if the stack is large; 0 if none does."""
    count = np.max([thinned(c) for c in stack.count], axis=0)
    covered = count[count > 0]
    return float(np.median(covered)) if covered.size else 0.0


def _share(stack: Stack, part: Box) -> NDArray[np.float32]:
    """Share of the samples of each pixel of a part that was rejected, 0 where there are none."""
    count, lost = stack.count[:, *part].max(axis=0), stack.rejected[:, *part].mean(axis=0)
    return np.where(count > 0, lost / np.maximum(count, 1), 0)


def _cells(share: Pixels) -> NDArray[np.float32]:
    """Means of the cells of the map."""
    sides = [min(n, m) for n, m in zip(share.shape, MAP, strict=True)]
    rows, columns = (np.linspace(0, n, m + 1).astype(int) for n, m in zip(share.shape, sides, strict=True))
    return np.array([[share[y0:y1, x0:x1].mean() for x0, x1 in pairwise(columns)] for y0, y1 in pairwise(rows)], np.float32)


def _cores(share: Pixels, sample: StarSample) -> float | None:
    """Median over the stars of the share rejected in the core; None with too few stars."""
    if len(sample.x) < LEAST_STARS:
        return None
    reach = max(round(CORE * sample.finer), 1)
    values = []
    for x, y in zip(*sample.on_channel(0), strict=True):
        c, r = round(float(x)), round(float(y))
        cut = share[max(r - reach, 0): r + reach + 1, max(c - reach, 0): c + reach + 1]
        if cut.size:
            values.append(float(cut.mean()))
    return float(np.median(values)) if len(values) >= LEAST_STARS else None
