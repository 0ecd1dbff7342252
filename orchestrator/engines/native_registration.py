"""Registration of the native engine: stars of each frame, a reference, a transform accepted on the stars."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, Frame, FrameReader, FrameSet
from orchestrator.errors import ConfigError, InputError
from orchestrator.run.context import RunContext
from orchestrator.session.model import Session
from tilecore import align
from tilecore.metrics import FrameMeasurement, measure
from tilecore.stars import detection_image

__all__ = ["register_native"]

# Candidates tried as the reference, best first, until one takes along most frames.
REFERENCES_TRIED = 3
ENOUGH = 0.6


def register_native(session: Session, calibrated: CalibrationResult,
                    context: RunContext) -> tuple[FrameSet, list[FrameMeasurement | None]]:
    """Transforms of all lights to a reference, and what was measured of each light on the way."""
    measurements, reasons = _measure_all(session, calibrated, context)
    order = _reference_order(session, measurements, context)
    best: tuple[int, list[align.Alignment | str]] | None = None
    for reference in order[:REFERENCES_TRIED]:
        found = _align_all(session, calibrated, measurements, reasons, reference, context)
        good = sum(isinstance(f, align.Alignment) for f in found)
        if best is None or good > sum(isinstance(f, align.Alignment) for f in best[1]):
            best = (reference, found)
        if good >= ENOUGH * len(found):
            break
    if best is None:
        first = next(iter(reasons.values()), "no light could be read")
        raise InputError(f"No light of {session.name} can serve as the reference: {first}.",
                         "Check that the lights show stars (orchestrate scan).")
    reference, found = best
    found = _without_strays(session, found, context)
    frames = tuple(_frame(i, session, calibrated, result) for i, result in enumerate(found))
    shape = (int(session.shape[-2]), int(session.shape[-1]))
    channels = 3 if len(session.shape) == 3 else 1
    return FrameSet(frames, reference, shape, session.cfa if channels == 1 else None, channels, "native"), measurements


def _frame(index: int, session: Session, calibrated: CalibrationResult, result: align.Alignment | str) -> Frame:
    info, reader = session.lights[index], calibrated.readers[index]
    if isinstance(result, str):
        return Frame(index, info, reader, None, result)
    return Frame(index, info, reader, result.matrix, "", result.residual, result.inliers,
                 f"{result.method}, {result.model}")


def _measure_all(session: Session, calibrated: CalibrationResult,
                 context: RunContext) -> tuple[list[FrameMeasurement | None], dict[int, str]]:
    settings = context.config.registration
    reasons = dict(calibrated.reasons)

    def one(index: int) -> FrameMeasurement | None:
        context.check()
        reader = calibrated.readers[index]
        if reader is None:
            return None
        try:
            return measure(reader.read(), session.cfa, sigma=settings.detection_sigma, max_stars=settings.max_stars)
        except InputError as error:
            reasons[index] = error.message
            return None

    found: list[FrameMeasurement | None] = []
    with ThreadPoolExecutor(context.workers) as pool:
        for done, item in enumerate(pool.map(one, range(len(session.lights))), 1):
            found.append(item)
            context.progress(done, len(session.lights), "finding stars")
    return found, reasons


def _reference_order(session: Session, measurements: list[FrameMeasurement | None], context: RunContext) -> list[int]:
    """Lights from the best reference down: many stars, sharp, round, and in the middle of the session."""
    wanted = context.config.registration.reference
    if wanted != "auto":
        for i, info in enumerate(session.lights):
            if info.path.name == wanted and measurements[i] is not None:
                return [i]
        raise ConfigError(f"registration.reference: no usable light is named {wanted!r}.",
                          f"Lights are named like {session.lights[0].path.name!r}.")
    usable = [i for i, m in enumerate(measurements) if m is not None and m.star_count >= 4 and np.isfinite(m.fwhm)]
    if not usable:
        return []
    known = [m for i in usable if (m := measurements[i]) is not None]
    stars, fwhm, roundness = (np.array([(m.star_count, m.fwhm, m.roundness) for m in known], np.float64)).T
    middle = np.abs(np.array(usable) - (len(session.lights) - 1) / 2) / max(len(session.lights), 1)
    # A drifting mount is centred in the middle of its session: that frame shares most sky with the others.
    score = np.sqrt(stars / np.median(stars)) * np.median(fwhm) / fwhm * roundness * (1 - 0.5 * middle)
    return [usable[i] for i in np.argsort(-score, kind="stable")]


def _align_all(session: Session, calibrated: CalibrationResult, measurements: list[FrameMeasurement | None],
               reasons: dict[int, str], reference: int, context: RunContext) -> list[align.Alignment | str]:
    settings = context.config.registration
    base = measurements[reference]
    assert base is not None
    limits = {"transform": settings.transform, "min_inliers": settings.min_inliers,
              "max_residual": settings.max_residual, "max_scale_change": settings.max_scale_change}
    image: NDArray[np.float32] | None = None

    def pixels(index: int) -> NDArray[np.float32]:
        reader: FrameReader | None = calibrated.readers[index]
        assert reader is not None
        return detection_image(reader.read(), session.cfa)

    found: list[align.Alignment | str] = []
    for index, m in enumerate(measurements):
        context.progress(index, len(measurements), "matching stars")
        if index == reference:
            found.append(align.Alignment(np.eye(3), 0.0, base.star_count, base.star_count, "identity", "reference"))
            continue
        if m is None:
            found.append(reasons.get(index, "it cannot be read"))
            continue
        try:
            found.append(align.match(m.stars, base.stars, **limits))  # type: ignore[arg-type]
            continue
        except align.AlignmentError as error:
            reason = str(error)
        try:
            if image is None:
                image = pixels(reference)
            found.append(align.from_images(pixels(index), image, m.stars, base.stars, **limits))  # type: ignore[arg-type]
        except align.AlignmentError:
            found.append(reason)
    return found


def _without_strays(session: Session, found: list[align.Alignment | str], context: RunContext) -> list[align.Alignment | str]:
    """Refuse transforms that take a frame off the canvas: they share next to nothing with the reference."""
    h, w = session.shape[-2:]
    corners = np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], np.float64)
    checked: list[align.Alignment | str] = []
    for result in found:
        if isinstance(result, align.Alignment):
            mapped = align.apply(result.matrix, corners)
            low, high = mapped.min(axis=0), mapped.max(axis=0)
            shared = np.clip(np.minimum(high, [w, h]) - np.maximum(low, 0), 0, None)
            if shared.prod() < 0.05 * w * h:
                result = "it shares less than 5 % of the field with the reference"
        checked.append(result)
    return checked
