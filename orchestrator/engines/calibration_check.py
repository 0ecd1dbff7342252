"""Whether calibrated lights are plausible: their levels in the middle and the corners, and the vignetting left in them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, FrameReader
from orchestrator.engines.calibration_findings import CalibrationFinding, LightLevels
from orchestrator.engines.frame_levels import coarse, strip_blocks
from orchestrator.engines.native.masters import plain_layout
from orchestrator.engines.prepared_calibration import Prepared
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Role
from tilecore.calibrate.consistency import VignettingLeft, structure_left, turned_flat, vignetting_left
from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = ["checked", "light_levels"]

logger = logging.getLogger(__name__)

# Rows of a strip at the top, in the middle and at the bottom of a light, and the share of the rows left out at the borders.
STRIP = 16
BORDER = 0.03
# Share of the columns in a corner.
CORNER = 0.125
# A calibrated sky is wrong below minus this many times the noise of a pixel, and this share of what was subtracted.
NEGATIVE_NOISE = 1.0
NEGATIVE_SHARE = 0.02
# Lights from which the vignetting left is measured.
LIGHTS = 5
# Power of the flat left in the sky, and the share of the sky's variation that it explains, where too much was corrected: no
# object is brighter in all corners.
OVERCORRECTED = -0.12
OVERCORRECTED_EXPLAINED = 0.75
# The same where too little was corrected: a nebula in the middle may look similar.
UNDERCORRECTED = 0.4
UNDERCORRECTED_EXPLAINED = 0.92
# Least variation of the sky for either, as a share of it and in units of the noise of a pixel.
LEAST_VARIATION = 0.06
LEAST_VARIATION_NOISE = 0.5
# Range of the factor by which a sky follows a dark whose structure the lights do not have: -1, divided by the flat; and the least
# share of the sky's variation that it explains.
LEAK_SLOPE = (-2.0, -0.6)
LEAK_EXPLAINED = 0.9
PLACES = ("the middle", "the top left", "the top right", "the bottom left", "the bottom right")


def checked(result: CalibrationResult, prepared: Prepared, context: RunContext) -> CalibrationResult:
    """The result with what was found before and after the calibration; lights that must not be used have no reader."""
    readers = tuple(None if i in prepared.left_out else r for i, r in enumerate(result.readers))
    levels = _all_levels(readers, context, cfa=prepared.session.cfa is not None)
    findings = [*result.findings, *prepared.findings]
    # Where a cause is known, its effect is not reported as another.
    if not any(f.failed for f in findings):
        findings += (_negative(levels, result, prepared, context) or _vignetting(readers, result, prepared)
                     or _leak(levels, readers, result, prepared))
    for finding in findings[len(prepared.findings):]:
        logger.info("Calibrated lights: %s", finding)
    return replace(result, readers=readers, reasons=result.reasons | prepared.left_out, findings=tuple(findings),
                   levels=tuple(levels))


def light_levels(index: int, reader: FrameReader, *, cfa: bool) -> LightLevels:
    """The levels of one calibrated light, from three strips of its rows."""
    rows, columns = reader.shape[-2:]
    side, strip = max(int(CORNER * columns) // 2 * 2, 2), min(STRIP, rows // 2 * 2)
    starts = [int(s) // 2 * 2 for s in (BORDER * rows, rows / 2 - strip / 2, rows - BORDER * rows - strip)]
    top, middle, bottom = (reader.read(s, s + strip) * np.float32(FULL_SCALE) for s in starts)
    edge = int(BORDER * columns) // 2 * 2
    inner = middle[..., columns // 3 // 2 * 2: max(columns * 2 // 3, 2)]
    right = (columns - edge - side) // 2 * 2
    corners = tuple(_medians(part[..., first: first + side], cfa=cfa) for part in (top, bottom) for first in (edge, right))
    step = 2 if cfa else 1
    differences = np.abs(inner[..., step:] - inner[..., :-step])
    sample = np.concatenate([part.ravel() for part in (top, middle, bottom)])
    return LightLevels(index, _medians(inner, cfa=cfa), corners, float(MAD_TO_SIGMA * np.median(differences) / np.sqrt(2)),
                       float(np.mean(sample < 0)))


def _medians(part: NDArray[np.float32], *, cfa: bool) -> tuple[float, ...]:
    if part.ndim == 3:
        return tuple(float(np.median(plane)) for plane in part)
    planes = [part[y::2, x::2] for y in (0, 1) for x in (0, 1)] if cfa else [part]
    return tuple(float(np.median(plane)) for plane in planes)


def _all_levels(readers: Sequence[FrameReader | None], context: RunContext, *, cfa: bool) -> list[LightLevels]:
    def one(item: tuple[int, FrameReader | None]) -> LightLevels | None:
        context.check()
        index, reader = item
        try:
            return None if reader is None else light_levels(index, reader, cfa=cfa)
        except InputError:  # reported when the light is measured
            return None

    with ThreadPoolExecutor(max(1, context.workers)) as pool:
        return [found for found in pool.map(one, enumerate(readers)) if found is not None]


def _places(levels: Sequence[LightLevels]) -> NDArray[np.float64]:
    """Median over the lights of the levels (places, channels)."""
    return np.asarray(np.median([[light.centre, *light.corners] for light in levels], axis=0), float)


def _negative(levels: Sequence[LightLevels], result: CalibrationResult, prepared: Prepared,
              context: RunContext) -> list[CalibrationFinding]:
    """A calibrated sky far below zero."""
    if not levels:
        return []
    places, noise = _places(levels), float(np.median([light.noise for light in levels]))
    kind = next((kind for kind in ("dark", "bias") if kind in result.masters), "")
    level = prepared.context.config.calibration.synthetic_bias or 0.0
    below = _place_medians(result.masters[kind]) if kind else np.full(len(PLACES), level)
    lowest = places.min(axis=1)
    excess = lowest + np.maximum(NEGATIVE_NOISE * noise, NEGATIVE_SHARE * np.abs(below))
    raw = _raw_medians(prepared, context)
    if raw is not None:
        excess[raw <= 0] = 0  # pixels without data
    place = int(np.argmin(excess))
    if excess[place] >= 0:
        return []
    limit = float(lowest[place] - excess[place])
    files = tuple(info.path for info in prepared.session.frames.get(Role(kind), ())) if kind else ()
    if kind and Role(kind) in prepared.session.masters:
        files = (prepared.session.masters[Role(kind)].path,)
    share = float(np.median([light.negative_share for light in levels]))
    before = Message(" There the raw lights are at {raw:.0f} ADU", raw=raw[place]) if raw is not None else ""
    what = Message(", the {kind} at {below:.0f} ADU.", kind=kind,
                   below=below[place]) if before and kind else "." if before else ""
    return [CalibrationFinding(
        "negative_sky", "failed", float(lowest[place]), limit, files,
        Message("The calibrated lights are below zero: median {lowest:.0f} ADU in {places} (limit {limit:.0f} ADU), "
                "{share:.0f} % of their pixels are negative.{before}{what}", lowest=lowest[place], places=PLACES[place],
                limit=limit, share=100 * share, before=before, what=what),
        Message("The {kind} does not belong to these lights, or light reached it: give {kind2} frames of the same camera, "
                "gain, offset and exposure, taken in the dark.", kind=kind or "bias level", kind2=kind or "bias"))]


def _place_medians(path: Path) -> NDArray[np.float64]:
    found = light_levels(0, fits_io.image_layout(path, scratch=True), cfa=False)
    return np.array([np.median(place) for place in (found.centre, *found.corners)])


def _raw_medians(prepared: Prepared, context: RunContext) -> NDArray[np.float64] | None:
    """Levels of the middle light as it was written, at the same places."""
    info = prepared.session.lights[len(prepared.session.lights) // 2]
    try:
        found = light_levels(0, plain_layout(info, context.work), cfa=False)
    except InputError:
        return None
    return np.array([np.median(place) for place in (found.centre, *found.corners)])


def _vignetting(readers: Sequence[FrameReader | None], result: CalibrationResult, prepared: Prepared) -> list[CalibrationFinding]:
    """A sky that still follows the flat, or its inverse."""
    usable = [r for r in readers if r is not None]
    if "flat" not in result.masters or not usable:
        return []
    cfa = prepared.session.cfa is not None
    chosen = [usable[i] for i in np.unique(np.linspace(0, len(usable) - 1, LIGHTS).round().astype(int))]
    try:
        blocks = np.median([strip_blocks(reader, cfa=cfa) for reader in chosen], axis=0)
    except InputError:
        return []
    flat = coarse(fits_io.image_layout(result.masters["flat"], scratch=True).read(), cfa=cfa)
    if blocks.shape[0] != flat.shape[0]:
        return []
    sky, shape = (np.median(a / np.median(np.abs(a), axis=(1, 2), keepdims=True), axis=0) for a in (blocks, flat))
    level = float(np.median(blocks))
    noise = float(np.median([light_levels(0, reader, cfa=cfa).noise for reader in chosen[:1]]))
    least = max(LEAST_VARIATION, LEAST_VARIATION_NOISE * noise / max(level, 1e-9))
    files = tuple(info.path for info in prepared.session.frames.get(Role.FLAT, ()))
    if Role.FLAT in prepared.session.masters:
        files = (prepared.session.masters[Role.FLAT].path,)
    candidates = [found for a in (shape, shape[::-1]) if (found := vignetting_left(sky, a)) is not None]
    left = max(candidates, key=lambda found: found.explained, default=None)
    if left is None or not _follows(left) or abs(left.slope) * left.contrast < least:
        turned = turned_flat(sky, shape)
        return [] if turned is None or turned[1].contrast < least else [_turned(*turned, files)]
    over, varies = left.slope < 0, abs(left.slope) * left.contrast
    return [CalibrationFinding(
        "vignetting_left", "failed", left.slope, OVERCORRECTED if over else UNDERCORRECTED, files,
        Message("The calibrated sky follows the {over}flat: it varies by {varies:.0f} % over the frame (power {slope:.2f} of "
                "the flat, {explained:.0f} % of the variation explained).", over=Message("inverse of the ") if over else "",
                varies=100 * varies, slope=left.slope, explained=100 * left.explained),
        _offset_remedy(result) if over else
        "The flats do not belong to these lights, or contain an offset: check their bias or dark-flats.")]


def _turned(turn: str, left: VignettingLeft, files: tuple[Path, ...]) -> CalibrationFinding:
    return CalibrationFinding(
        "flat_turned", "doubted", left.contrast, LEAST_VARIATION, files,
        Message("The flats may be {turn} against the lights: the calibrated sky varies by {contrast:.0f} % over the frame, as "
                "the flat in that orientation divided by the flat does ({explained:.0f} % of the variation explained).",
                turn=turn, contrast=100 * left.contrast, explained=100 * left.explained),
        "If the camera was turned between them, give flats of its position during the lights, or turn the flats.")


def _offset_remedy(result: CalibrationResult) -> str:
    if not {"dark", "bias"} & set(result.masters):
        return "The bias is left in the lights: give darks or bias frames, or --set calibration.synthetic_bias=ADU."
    return "An offset is left in the lights, or they were divided by a flat before: check darks and biases."


def _leak(levels: Sequence[LightLevels], readers: Sequence[FrameReader | None], result: CalibrationResult,
          prepared: Prepared) -> list[CalibrationFinding]:
    """A sky that has the inverse of the structure of the dark: light that reached the darks, and not the lights."""
    usable = [r for r in readers if r is not None]
    if "dark" not in result.masters or not usable or not levels:
        return []
    cfa = prepared.session.cfa is not None
    chosen = [usable[i] for i in np.unique(np.linspace(0, len(usable) - 1, LIGHTS).round().astype(int))]
    try:
        sky = np.median([strip_blocks(reader, cfa=cfa) for reader in chosen], axis=0).mean(axis=0)
    except InputError:
        return []
    dark = coarse(fits_io.image_layout(result.masters["dark"], scratch=True).read(), cfa=cfa).mean(axis=0) * FULL_SCALE
    left = structure_left(sky, dark)
    noise = float(np.median([light.noise for light in levels]))
    lost = 0.0 if left is None else -left.slope * left.contrast
    if left is None or not LEAK_SLOPE[0] < left.slope < LEAK_SLOPE[1] or left.explained < LEAK_EXPLAINED or lost < max(
            LEAST_VARIATION * float(np.median(sky)), LEAST_VARIATION_NOISE * noise):
        return []
    files = tuple(info.path for info in prepared.session.frames.get(Role.DARK, ()))
    if Role.DARK in prepared.session.masters:
        files = (prepared.session.masters[Role.DARK].path,)
    return [CalibrationFinding(
        "dark_leak", "failed", left.slope, LEAK_SLOPE[1], files,
        Message("The calibrated sky has the inverse of the structure of the darks: it varies by {lost:.0f} ADU over the frame, "
                "{slope:.2f} times the darks ({explained:.0f} % of the variation explained). The lights do not have it.",
                lost=lost, slope=left.slope, explained=100 * left.explained),
        "Light reached the darks, or they belong to another camera mode: take them again in the dark.")]


def _follows(left: VignettingLeft) -> bool:
    return (left.slope < OVERCORRECTED and left.explained > OVERCORRECTED_EXPLAINED) or (
        left.slope > UNDERCORRECTED and left.explained > UNDERCORRECTED_EXPLAINED)
