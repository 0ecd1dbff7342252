"""Check of the geometry: where two frames, or two panels of a mosaic, place the same stars.

The transforms in use must place all stars of both frames at the same point, everywhere in the field. A fifth of the stars that
two frames share is left out of a fit of what a frame may be moved by, and predicted from the others: if they are placed well
then, the frame is misplaced; if not, the transforms do not have the shape of the field. Loops of panels must close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.checks.field_cells import cell_of
from orchestrator.checks.loops import Link, Loop, open_loops
from orchestrator.checks.record import Check, Problem, not_measured, passed_or_failed
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.message import Message
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.field_geometry import panels_of
from tilecore.detect.metrics import FrameMeasurement
from tilecore.numerics.statistics import median_and_error
from tilecore.register.align import apply, fit

__all__ = ["geometry"]

FloatArray = NDArray[np.float64]

# Largest systematic distance (px of the canvas), beyond ERRORS standard errors, between the places that two frames give to the
# stars of a part of the field; the same between panels of a mosaic.
LIMIT = 0.4
PANEL_LIMIT = 0.6
# The scatter in a part of the field is mostly that of a wrong model, where it is one.
ERRORS = 2.5
# Stars farther apart are not taken for the same, in px.
MATCH_RADIUS = 3.0
# Least signal-to-noise ratio of the stars, and fewest stars that two frames must share.
LEAST_SNR = 15.0
LEAST_STARS = 10
# Fewest stars of a part of the field that two frames share (a cell of CELLS x CELLS).
CELLS = 3
# Cells of the map in each direction.
MAP = 8
LEAST_PER_CELL = 5
# Pairs of frames that are compared.
MOST_PAIRS = 60
# Distance (px) of predicted stars below which the transform has the shape of the field.
SHAPED = 0.25
# Every HELD_OUT-th star is predicted.
HELD_OUT = 5


@dataclass(frozen=True)
class Pair:
    """Two frames: median distance of predicted stars, largest systematic distance in a part of the field and its error (px);
    ``link`` has the panels of a mosaic and their mean displacement, None for frames of one panel. ``lens``: their transforms have
    one."""

    one: str
    other: str
    stars: int
    predicted: float
    systematic: float
    error: float
    lens: bool
    link: Link | None = None

    def as_row(self) -> dict[str, object]:
        return {"one": self.one, "other": self.other, "stars": self.stars, "predicted": self.predicted,
                "systematic": self.systematic, "error": self.error, "panels": self.link is not None}


def geometry(frames: FrameSet, measurements: Sequence[FrameMeasurement], plan: CanvasPlan, model: str) -> Check:
    """Compare the places of stars in pairs of frames; ``model`` is the transform that registration fits (auto: affine, or on the
    sky three angles for each frame and a lens for each camera)."""
    usable = frames.usable
    if frames.registered_pixels or len(usable) < 2:
        return not_measured("geometry", "the frames were registered by another program" if len(usable) > 1 else "one frame only")
    panels = panels_of(frames)
    names = [usable[int(np.flatnonzero(panels == k)[0])].info.path.name for k in np.unique(panels)]
    placed = [_placed(f, m, plan) for f, m in zip(usable, measurements, strict=True)]
    pairs: list[Pair] = []
    vectors: list[tuple[float, float, float, float]] = []
    for i, j in _pairs(panels, len(usable)):
        between = (int(panels[i]), int(panels[j])) if panels[i] != panels[j] else None
        found = _compare((usable[i], usable[j]), (placed[i], placed[j]), model, between, vectors)
        if found is not None:
            pairs.append(found)
    if not pairs:
        return not_measured("geometry", Message("no two frames share {least_stars} bright stars", least_stars=LEAST_STARS))
    loops = open_loops([p.link for p in pairs if p.link is not None])
    problems = [p for pair in pairs for p in _misplaced(pair, model)] + [p for loop in loops for p in _left_open(loop, names)]
    predicted = [p.predicted for p in pairs if np.isfinite(p.predicted)]
    return passed_or_failed(
        "geometry", "px", float(np.median([p.systematic for p in pairs])), LIMIT, problems[:5],
        {"kind": "map", "values": _map(vectors, plan.shape), "unit": "px"},
        {"pairs": [p.as_row() for p in pairs], "predicted_px": float(np.median(predicted)) if predicted else None,
         "held_out_px": frames.held_out if np.isfinite(frames.held_out) else None,
         "cross_panel_px": max((p.systematic for p in pairs if p.link is not None), default=None),
         "loops": [{"panels": [names[k] for k in loop.panels], "closure": loop.closure, "error": loop.error} for loop in loops],
         "loop_px": max((loop.closure for loop in loops), default=None)})


def _misplaced(pair: Pair, model: str) -> list[Problem]:
    """The problem of a pair whose stars are apart, with the remedy for its cause."""
    allowed = LIMIT if pair.link is None else PANEL_LIMIT
    beyond = max(pair.systematic - ERRORS * pair.error, 0.0)
    if beyond <= allowed:
        return []
    kind = Message("frames") if pair.link is None else Message("panels")
    what = Message("the {kind} of {one} and {other} place the same stars {systematic:.2f} px apart in a part of the field",
                   kind=kind, one=pair.one, other=pair.other, systematic=pair.systematic)
    remedy: str
    if np.isfinite(pair.predicted) and pair.predicted < SHAPED:
        remedy = Message("If one of the two is moved, they agree to {predicted:.2f} px: it is registered to wrong stars. Leave "
                         "it out with --exclude.", predicted=pair.predicted)
    elif model not in ("auto", "homography"):
        remedy = Message("The transform {model} cannot follow the field: use --set registration.transform=auto.", model=model)
    elif pair.lens or pair.link is not None:
        remedy = ("The geometry that was found does not follow the field, as where few stars are at its corners or where frames "
                  "of one camera differ (focus, rotator, flexure): leave out those that differ with --exclude, or stack them "
                  "separately.")
    else:
        remedy = "The transform does not follow the lens: try --set registration.transform=homography."
    return [Problem(beyond, allowed, what, remedy, (pair.one, pair.other))]


def _left_open(loop: Loop, names: list[str]) -> list[Problem]:
    beyond = loop.closure - ERRORS * loop.error
    allowed = PANEL_LIMIT * float(np.sqrt(len(loop.panels)))
    if beyond <= allowed:
        return []
    files = tuple(names[k] for k in loop.panels)
    cause = Message("the displacements of {count} panels around a loop (from {first} on) add up to {closure:.2f} px",
                    count=len(files), first=files[0], closure=loop.closure)
    return [Problem(beyond, allowed, cause, "One of these panels is registered to wrong stars: look at the picture where they "
                    "meet, and leave out the frames that are doubled there with --exclude.", files)]


def _placed(frame: Frame, measurement: FrameMeasurement, plan: CanvasPlan) -> tuple[FloatArray, FloatArray]:
    """(n, 2) positions of the bright stars in the frame and on the canvas (full resolution)."""
    stars = measurement.stars
    stars = stars[(stars["snr"] > LEAST_SNR) & ~stars["saturated"]]
    own = np.column_stack([stars["x"], stars["y"]]).astype(np.float64)
    return own, plan.on_canvas(frame, own) if len(own) else own


def _pairs(panels: NDArray[np.int64], count: int) -> list[tuple[int, int]]:
    """Pairs of frames: neighbours in time and distant ones of a panel, and one of each two panels."""
    chosen: dict[tuple[int, int], None] = {}
    for i in np.unique(np.linspace(0, count - 1, min(count, MOST_PAIRS // 3)).round().astype(int)):
        same = np.flatnonzero(panels == panels[i])
        at = int(np.searchsorted(same, i))
        for step in (1, len(same) // 2):
            j = same[(at + step) % len(same)]
            if i != j:
                chosen[(min(int(i), int(j)), max(int(i), int(j)))] = None
    kinds = np.unique(panels)
    if len(kinds) > 1:
        middle = [int(np.flatnonzero(panels == k)[np.count_nonzero(panels == k) // 2]) for k in kinds]
        for a in range(len(middle)):
            for b in range(a):
                chosen[(middle[b], middle[a])] = None
    return list(chosen)


def _compare(frames: tuple[Frame, Frame], placed: tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]],
             model: str, between: tuple[int, int] | None, vectors: list[tuple[float, float, float, float]]) -> Pair | None:
    """``placed``: the stars of both frames there and on the canvas; ``between``: the panels, None for one."""
    (one, other), (a, b) = frames, placed
    if len(a[1]) < LEAST_STARS or len(b[1]) < LEAST_STARS:
        return None
    distance, nearest = cKDTree(b[1]).query(a[1], distance_upper_bound=MATCH_RADIUS)
    _, back = cKDTree(a[1]).query(b[1])
    rows = np.flatnonzero(np.isfinite(distance))
    rows = rows[back[nearest[rows]] == rows]
    if len(rows) < LEAST_STARS:
        return None
    place, shift = a[1][rows], a[1][rows] - b[1][nearest[rows]]
    # Both in pixels of the first frame without its lens, where a plane, a sphere and a projection differ by nothing.
    there = apply(np.asarray(np.linalg.inv(one.transform), np.float64), other.on_plane(b[0][nearest[rows]]))
    bent = one.lens is not None or other.lens is not None or one.changes_area or other.changes_area or between is not None
    predicted = _predicted(one.ideal(a[0][rows]), there, "similarity" if bent else model)
    systematic, error = _systematic(place, shift, vectors)
    link = None
    if between is not None:
        middle, errors = np.array([median_and_error(d) for d in shift.T]).T
        link = Link(*between, middle, float(np.hypot(*errors)))
    return Pair(one.info.path.name, other.info.path.name, len(rows), predicted, systematic, error,
                one.lens is not None or other.lens is not None, link)


def _predicted(source: FloatArray, target: FloatArray, model: str) -> float:
    """Median distance (px) of the stars left out from where a fit to the others places them."""
    out = np.arange(len(source)) % HELD_OUT == 0
    kind = "affine" if model == "auto" else "shift" if model == "integer" else model
    if (~out).sum() < LEAST_STARS // 2 or not out.any():
        return float("nan")
    matrix = fit(source[~out], target[~out], np.ones(int((~out).sum())), kind)
    return float(np.median(np.hypot(*(apply(matrix, source[out]) - target[out]).T)))


def _systematic(place: FloatArray, shift: FloatArray,
                vectors: list[tuple[float, float, float, float]]) -> tuple[float, float]:
    """Length of the median shift in the part of the shared field where it is most significant, and its error."""
    # Squares: along a narrow overlap the displacement by a lens changes its sign.
    low, side = place.min(axis=0), float(np.ptp(place, axis=0).max()) + 1
    cell = cell_of(place[:, 0] - low[0], place[:, 1] - low[1], (side, side), CELLS)
    best = (0.0, 0.0)
    for k in np.unique(cell):
        members = cell == k
        if members.sum() < LEAST_PER_CELL:
            continue
        (dx, error_x), (dy, error_y) = (median_and_error(part) for part in shift[members].T)
        length, error = float(np.hypot(dx, dy)), float(np.hypot(error_x, error_y))
        vectors.append((*place[members].mean(axis=0).tolist(), length, error))
        if length - ERRORS * error > best[0] - ERRORS * best[1] or best == (0.0, 0.0):
            best = (length, error)
    return best


def _map(vectors: list[tuple[float, float, float, float]], shape: tuple[int, int]) -> list[list[float | None]]:
    """(MAP, MAP) median systematic distance over the field; None where nothing was measured."""
    if not vectors:
        return []
    found = np.array(vectors)
    cell = cell_of(found[:, 0], found[:, 1], shape, MAP)
    return [[round(float(np.median(found[at, 2])), 3) if (at := cell == r * MAP + c).any() else None for c in range(MAP)]
            for r in range(MAP)]
