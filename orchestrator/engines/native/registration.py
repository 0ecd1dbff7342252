"""Registration of the native engine: detect stars, choose a reference, match the stars of each frame to it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import SCALE_TOLERANCE, CalibrationResult, Frame, FrameSet, fitted_model, saturation_of
from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.anchors import Anchoring, solver_of_lights
from orchestrator.engines.native.overlap import MIN_SHARED, MOSAIC_SPREAD, Found, pointing_spread, shares_enough
from orchestrator.engines.native.pointing import cameras_of, pointing_of
from orchestrator.engines.native.shared_lens import with_shared_lens
from orchestrator.engines.native.sky_registration import Lights, OnSky, register_on_sky
from orchestrator.engines.reference_exposure import unclipped_candidates
from orchestrator.engines.reference_gain import of_main_gain
from orchestrator.errors import ConfigError, InputError
from orchestrator.message import Message
from orchestrator.runtime.cache import key_of
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Session
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import detection_image
from tilecore.register import align, align_fallback
from tilecore.register.lens import Lens

__all__ = ["frame_of", "match_all", "match_limits", "match_two", "pixel_scales", "points_apart", "reference_scores",
           "register_native", "without_strays"]

logger = logging.getLogger(__name__)

# Candidates tried as the reference, best score first.
REFERENCES_TRIED = 3
# Share of the frames that must register for a candidate to be accepted at once.
ENOUGH_REGISTERED = 0.6
# Factor by which the score of a more central frame must exceed that of the reference to replace it.
BETTER_SCORE = 1.05
# Relative error of the focal lengths in headers: how far the scale between two telescopes may be off.
FOCAL_LENGTH_ERROR = 0.05
# Fewest stars of a frame that can be matched.
MIN_STARS = 4
# Stars beyond this multiple of the median count do not raise the score: noise and hot pixels may be counted too.
STAR_COUNT_CAP = 1.5
# Share of the score lost per session length of distance (in frames) from the middle of the session.
TIME_PENALTY = 0.1
# Share of the score lost per frame diagonal of distance from the median pointing.
DISTANCE_PENALTY = 2
# Smallest factor that remains of the score of a distant frame.
MIN_DISTANCE_FACTOR = 0.01
# Points along each side of a frame by which a transform is reduced to a simpler one.
GRID = 5

def register_native(session: Session, calibrated: CalibrationResult,
                    context: RunContext) -> tuple[FrameSet, list[FrameMeasurement | None]]:
    """Transforms of all lights to a reference, and the measurement of each light."""
    measurements, reasons = _measure_all(session, calibrated, context)
    scales = pixel_scales(session)
    scores = reference_scores(session, measurements, scales, context)
    if not scores:
        first = next(iter(reasons.values()), "no light shows enough stars")
        raise InputError(Message("No light of {session} can serve as the reference: {first}.", session=session.name,
                                 first=first),
                         "Check that the lights show stars (orchestrate scan).")
    _, limits = match_limits(context)

    def on_sky() -> OnSky | None:
        return register_on_sky(Lights(session, measurements, reasons, scales, scores, _anchoring(session, calibrated, context)),
                               limits, context)

    sky = on_sky() if points_apart(session) else None
    if sky is None or not _is_mosaic(sky.found, session, sky.reference):
        reference, found, other = _to_one_reference(session, calibrated, measurements, reasons, scales, scores,
                                                    on_sky if sky is None else lambda: sky, context)
        sky = other if other is not None and _is_mosaic(other.found, session, other.reference) else None
    settings = context.config.registration
    if sky is not None:
        reference = _most_central(session, sky.found, scores, sky.reference)
        found = sky.relative_to(reference)
        for warning in sky.warnings:
            context.warn(warning)
    elif settings.transform == "auto":
        sky = with_shared_lens(found, [m.stars if m else None for m in measurements], cameras_of(session.lights, scales),
                               reference, lambda what: context.progress(0, 1, f"geometry: {what}"))
        found = found if sky is None else sky.found
    logger.info("Reference: %s", session.lights[reference].path)
    logger.info("%d of %d lights registered, transform %s", _registered(found), len(found), settings.transform)
    for info, result in zip(session.lights, found, strict=True):
        if isinstance(result, str):
            logger.info("%s is not registered: %s", info.path, result)
    lenses = sky.lenses if sky is not None else [None] * len(found)
    if sky is not None and fitted_model(settings.transform) not in ("auto", "homography"):
        found = [f if isinstance(f, str) else in_model(f, lenses[i], lenses[reference], _size(session, i),
                                                       fitted_model(settings.transform)) for i, f in enumerate(found)]
        lenses = [None] * len(found)
    frames = tuple(replace(frame_of(i, session, calibrated, result, lens), wcs="" if sky is None else sky.wcs(i))
                   for i, (result, lens) in enumerate(zip(found, lenses, strict=True)))
    shape = _size(session, reference)
    channels = 3 if len(session.shape) == 3 else 1
    return FrameSet(frames, reference, shape, session.cfa if channels == 1 else None, channels, "native",
                    held_out=sky.solution.cross_check if sky is not None else float("nan"),
                    anchors=() if sky is None or sky.anchors is None else sky.anchors.lights), measurements


def points_apart(session: Session) -> bool:
    """Whether the lights point as far apart as the panels of a mosaic do, by their headers."""
    return pointing_of(session.lights, cameras_of(session.lights, pixel_scales(session))).spread > MOSAIC_SPREAD


def _anchoring(session: Session, calibrated: CalibrationResult, context: RunContext) -> Anchoring | None:
    """What plate solves lights of a mosaic; None if that is switched off, or nothing that can do it is installed."""
    which = context.config.mosaic.solve
    if which == "none" or context.config.input.workflow == "master_tiles":
        return None
    solver = solver_of_lights(calibrated.readers, session.cfa, context)
    return None if solver is None else Anchoring(session.lights, solver, context, which)


def _is_mosaic(found: Found, session: Session, reference: int) -> bool:
    members = [(f.matrix, _size(session, i)) for i, f in enumerate(found) if isinstance(f, align.Alignment)]
    if not members:
        return False
    return max(pointing_spread([m for m, _ in members], [s for _, s in members], _size(session, reference))) > MOSAIC_SPREAD


def _to_one_reference(session: Session, calibrated: CalibrationResult, measurements: list[FrameMeasurement | None],
                      reasons: dict[int, str], scales: NDArray[np.float64], scores: dict[int, float],
                      on_sky: Callable[[], OnSky | None], context: RunContext) -> tuple[int, Found, OnSky | None]:
    """The reference, the transforms that match each light to it, and the solution on the sky where one was needed: if lights
    with stars do not match the reference, or point elsewhere. If that is a mosaic, the rest is left to it."""
    best: tuple[int, Found] | None = None
    sky: OnSky | None = None
    searched = False
    for reference in sorted(scores, key=lambda i: (-scores[i], i))[:REFERENCES_TRIED]:
        found = match_all(measurements, reasons, scales, reference, context)
        if not searched and (_is_mosaic(found, session, reference) or any(_should_match(f, m) for f, m in zip(
                without_strays(session, found, reference), measurements, strict=True))):
            searched, sky = True, on_sky()
            if sky is not None and _is_mosaic(sky.found, session, sky.reference):
                return reference, found, sky
        logger.debug("Reference candidate %s: score %.3f", session.lights[reference].path.name, scores[reference])
        if best is None or _registered(found) > _registered(best[1]):
            best = (reference, found)
        if _registered(found) >= ENOUGH_REGISTERED * len(found):
            break
    assert best is not None
    reference, found = best
    central = _most_central(session, found, scores, reference)
    if central != reference:
        other = match_all(measurements, reasons, scales, central, context)
        if _registered(other) >= _registered(found):
            reference, found = central, other
    found, tied = _filled(session, found, sky, reference)
    found = _with_fallbacks(session, calibrated, measurements, found, scales, reference, context)
    return reference, _in_time(session, without_strays(session, found, reference, tied), reference), sky


def _should_match(found: align.Alignment | str, measurement: FrameMeasurement | None) -> bool:
    return isinstance(found, str) and measurement is not None and measurement.star_count >= MIN_STARS


def _filled(session: Session, found: Found, sky: OnSky | None, reference: int) -> tuple[Found, frozenset[int]]:
    """The transforms, and those from the sky of lights that did not match the reference themselves, with their indices."""
    if sky is None or isinstance(sky.found[reference], str):
        return found, frozenset()
    lost = {i for i, f in enumerate(without_strays(session, found, reference)) if isinstance(f, str)}
    others = {i: f for i, f in enumerate(sky.relative_to(reference)) if i in lost and isinstance(f, align.Alignment)}
    base = sky.lenses[reference]
    # The other transforms are between pixels, not ideal ones.
    return [f if i not in others else others[i] if base is None and sky.lenses[i] is None
            else in_model(others[i], sky.lenses[i], base, _size(session, i), "homography") for i, f in enumerate(found)], \
        frozenset(others)


def in_model(found: align.Alignment, lens: Lens | None, base: Lens | None, shape: tuple[int, int],
             model: str) -> align.Alignment:
    """The transform of a frame of ``shape`` as one of a simpler model, without lenses; what is lost is added to the residual."""
    x, y = np.meshgrid(np.linspace(0, shape[1] - 1, GRID), np.linspace(0, shape[0] - 1, GRID))
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    target = align.apply(found.matrix, points if lens is None else lens.ideal(points))
    if base is not None:
        target = base.on_frame(target)
    good = np.isfinite(target).all(axis=1)
    matrix = align.fit(points[good], target[good], np.ones(int(good.sum())), model)
    lost = np.hypot(*(align.apply(matrix, points[good]) - target[good]).T)
    return replace(found, matrix=matrix, model=model, residual=float(np.hypot(found.residual, np.sqrt(np.mean(lost**2)))))


def _size(session: Session, index: int) -> tuple[int, int]:
    """(rows, columns) of a light."""
    rows, columns = session.lights[index].shape[-2:]
    return rows, columns


def pixel_scales(session: Session) -> NDArray[np.float64]:
    """(N,) pixel scale of each light relative to the finest, from the headers; ones if the headers lack it or all are equal.
    If they contain no sizes of pixels, it follows the binning."""
    for known in ([i.scale for i in session.lights], [i.pixel_size for i in session.lights],
                  [float(i.binning[0]) for i in session.lights]):
        sizes = np.array([np.nan if k is None else k for k in known], np.float64)
        if np.isfinite(sizes).all() and sizes.min() > 0:
            ratio = sizes / sizes.min()
            return ratio if ratio.max() > 1 + SCALE_TOLERANCE else np.ones(len(ratio))
    return np.ones(len(session.lights))


def _registered(found: Found) -> int:
    return sum(isinstance(f, align.Alignment) for f in found)


def frame_of(index: int, session: Session, calibrated: CalibrationResult, result: align.Alignment | str,
           lens: Lens | None) -> Frame:
    info, reader = session.lights[index], calibrated.readers[index]
    if isinstance(result, str):
        return Frame(index, info, reader, None, result, saturation=saturation_of(reader))
    return Frame(index, info, reader, result.matrix, "", result.residual, result.inliers,
                 f"{result.method}, {result.model}", saturation_of(reader), lens)


def _measure_all(session: Session, calibrated: CalibrationResult,
                 context: RunContext) -> tuple[list[FrameMeasurement | None], dict[int, str]]:
    reasons = dict(calibrated.reasons)
    found: list[FrameMeasurement | None] = [None] * len(session.lights)
    readable = [(i, r) for i, r in enumerate(calibrated.readers) if r is not None]
    measured = measure_frames(context, [r for _, r in readable], session.cfa, "finding stars")
    for (index, _), item in zip(readable, measured, strict=True):
        if isinstance(item, str):
            reasons[index] = item
        else:
            found[index] = item
    return found, reasons


def reference_scores(session: Session, measurements: list[FrameMeasurement | None], scales: NDArray[np.float64],
                     context: RunContext) -> dict[int, float]:
    """Score of each light as a reference: many stars, small FWHM, round stars, near the middle of the session.

    With several cameras only frames with the finest pixels are candidates, since their detail would be lost on coarser pixels;
    with several exposures those that clip little.
    """
    wanted = context.config.registration.reference
    if wanted != "auto":
        for i, info in enumerate(session.lights):
            found = measurements[i]
            if found is not None and (found.star_count >= MIN_STARS if wanted == "first"
                                      else info.path.as_posix().endswith("/" + wanted)):
                return {i: 1.0}
        raise ConfigError(Message("registration.reference: no usable light is named {wanted!r}.", wanted=wanted),
                          Message("Lights are named like {lights!r}.", lights=session.lights[0].path.name))
    usable = [i for i, m in enumerate(measurements) if m is not None and m.star_count >= MIN_STARS and np.isfinite(m.fwhm)]
    finest = min((scales[i] for i in usable), default=1.0)
    usable = [i for i in usable if scales[i] < (1 + SCALE_TOLERANCE) * finest]
    if not usable:
        return {}
    usable = of_main_gain(session.lights, usable)
    usable = _unclipped(session, measurements, usable)
    known = [m for i in usable if (m := measurements[i]) is not None]
    stars, fwhm, roundness = (np.array([(m.star_count, m.fwhm, m.roundness) for m in known], np.float64)).T
    merit = np.sqrt(np.minimum(stars / np.median(stars), STAR_COUNT_CAP)) * np.median(fwhm) / fwhm * roundness
    middle = np.abs(np.array(usable) - (len(session.lights) - 1) / 2) / max(len(session.lights), 1)
    return {i: float(score) for i, score in zip(usable, merit * (1 - TIME_PENALTY * middle), strict=True)}


def _unclipped(session: Session, measurements: list[FrameMeasurement | None], usable: list[int]) -> list[int]:
    """Those of the ``usable`` lights in whose scale the stack can hold the light that longer exposures clip."""
    known = [m for i in usable if (m := measurements[i]) is not None]
    exposure = np.array([session.lights[i].exposure or np.nan for i in usable], np.float64)
    chosen = unclipped_candidates(exposure, np.array([m.clipped for m in known]), np.array([m.star_count for m in known]))
    return [i for i, good in zip(usable, chosen.tolist(), strict=True) if good]


def _corners(session: Session, index: int) -> NDArray[np.float64]:
    h, w = _size(session, index)
    return np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], np.float64)


def _most_central(session: Session, found: Found, scores: dict[int, float], reference: int) -> int:
    """The light with the best score when its distance from the median pointing counts too."""
    size = float(np.hypot(*_size(session, reference)))
    mapped = {}
    for i, f in enumerate(found):
        if isinstance(f, align.Alignment):
            corners = align.apply(f.matrix, _corners(session, i))
            # After a meridian flip the field is the same but its corners are swapped.
            mapped[i] = corners if f.matrix[0, 0] + f.matrix[1, 1] >= 0 else np.roll(corners, 2, axis=0)
    middle = np.median(np.array(list(mapped.values())), axis=0)
    away = {i: float(np.hypot(*(m - middle).T).mean()) / size for i, m in mapped.items()}
    total = {i: scores[i] * max(1 - DISTANCE_PENALTY * away[i], MIN_DISTANCE_FACTOR) for i in mapped if i in scores}
    best = max(total, key=lambda i: (total[i], -i))
    return best if total[best] > BETTER_SCORE * total[reference] else reference


def match_limits(context: RunContext) -> tuple[str, align.Limits]:
    """The transform to fit, and what it must meet."""
    settings = context.config.registration
    return fitted_model(settings.transform), align.Limits(settings.min_inliers, settings.max_residual, settings.max_scale_change)


def _measured(measurements: list[FrameMeasurement | None], index: int) -> FrameMeasurement:
    """The measurement of a light that was measured, as the reference always is. ValueError for any other."""
    found = measurements[index]
    if found is None:
        raise ValueError(f"light {index} was not measured")
    return found


def match_all(measurements: list[FrameMeasurement | None], reasons: dict[int, str], scales: NDArray[np.float64],
              reference: int, context: RunContext) -> Found:
    """Match the star pattern of every light to that of the reference."""
    base, limits = _measured(measurements, reference), match_limits(context)

    def one(index: int) -> align.Alignment | str:
        context.check()
        m = measurements[index]
        if index == reference:
            return align.Alignment(np.eye(3), 0.0, base.star_count, base.star_count, "identity", "reference")
        if m is None:
            return reasons.get(index, "it cannot be read")
        return match_two(m, base, float(scales[index] / scales[reference]), limits, context)

    found: Found = []
    with ThreadPoolExecutor(context.workers) as pool:
        for done, item in enumerate(pool.map(one, range(len(measurements))), 1):
            found.append(item)
            context.progress(done, len(measurements), "matching stars")
    return found


def match_two(m: FrameMeasurement, base: FrameMeasurement, larger: float, limits: tuple[str, align.Limits],
               context: RunContext) -> align.Alignment | str:
    """The transform of a light to another, from the cache if it is there; otherwise the reason why there is none.

    ``larger`` is the pixel scale of the light divided by that of the other.
    """
    key = key_of("transforms", _stars_id(m), _stars_id(base), {"transform": limits[0], **asdict(limits[1])}, larger)
    result: align.Alignment | str | None = context.cache.get("transforms", key) if context.cache is not None else None
    if result is None:
        try:
            result = _match(m.stars, base.stars, larger, limits)
        except align.AlignmentError as error:
            result = str(error)
        if context.cache is not None:
            context.cache.put("transforms", key, result)
    return result


def _match(stars: NDArray[np.void], base: NDArray[np.void], larger: float, limits: tuple[str, align.Limits]) -> align.Alignment:
    """The transform from ``stars`` to ``base``; the pixels of ``stars`` are ``larger`` times those of ``base`` on the sky."""
    if larger == 1:
        return align.match(stars, base, *limits)
    scaled = stars.copy()
    shift = (larger - 1) / 2  # integer positions are pixel centres
    scaled["x"], scaled["y"] = larger * stars["x"] + shift, larger * stars["y"] + shift
    # Focal lengths in headers are nominal values.
    transform, own = limits
    wide = replace(own, max_scale_change=max(own.max_scale_change, FOCAL_LENGTH_ERROR))
    found = align.match(scaled, base, transform, wide)
    return replace(found, matrix=found.matrix @ np.array([[larger, 0, shift], [0, larger, shift], [0, 0, 1]]))


def _stars_id(measurement: FrameMeasurement) -> str:
    return hashlib.sha256(measurement.stars.tobytes()).hexdigest()


def _with_fallbacks(session: Session, calibrated: CalibrationResult, measurements: list[FrameMeasurement | None],
                    found: Found, scales: NDArray[np.float64], reference: int, context: RunContext) -> Found:
    """Register lights whose star patterns did not match by their pixels."""
    base, limits = _measured(measurements, reference), match_limits(context)
    image: NDArray[np.float32] | None = None

    def pixels(index: int) -> NDArray[np.float32]:
        reader = calibrated.readers[index]
        if reader is None:
            raise ValueError(f"{session.lights[index].path} cannot be read")
        return detection_image(reader.read(), session.cfa)

    result: Found = []
    for index, (m, now) in enumerate(zip(measurements, found, strict=True)):
        if isinstance(now, str) and m is not None and m.star_count >= MIN_STARS and calibrated.readers[index] is not None \
                and _size(session, index) == _size(session, reference) and scales[index] == scales[reference]:
            context.progress(index, len(found), "matching the pixels of frames whose stars do not match")
            try:
                image = pixels(reference) if image is None else image
                now = align_fallback.from_images(pixels(index), image, m.stars, base.stars, *limits)
            except (align.AlignmentError, InputError):
                pass  # the first reason, from the star matching, is the most useful one
        result.append(now)
    return result


def without_strays(session: Session, found: Found, reference: int, tied: frozenset[int] = frozenset()) -> Found:
    """Reject transforms that move a frame off the canvas: frames that hardly overlap the reference and are not ``tied`` to it
    through other frames."""
    checked: Found = []
    for index, result in enumerate(found):
        if isinstance(result, align.Alignment) and index not in tied and not shares_enough(
                result.matrix, _size(session, index), _size(session, reference)):
            result = Message("it shares less than {min_shared:.0f} % of the field with the reference",
                             min_shared=100 * MIN_SHARED)
        checked.append(result)
    return checked


def _in_time(session: Session, found: Found, reference: int) -> Found:
    """Reject transforms based on few stars that contradict those of the frames before and after."""
    known = [f if isinstance(f, align.Alignment) else None for f in found]
    nights, fits = np.array(session.night_of), np.ones(len(found), np.bool_)
    for night in np.unique(nights):  # pointing, rotation and scale may differ between nights
        members = np.flatnonzero(nights == night)
        of = [known[i] for i in members]
        fits[members] = align.consistent_in_time([k.matrix if k else None for k in of], [k.inliers if k else 0 for k in of],
                                                 _size(session, int(members[0])))
    return [f if isinstance(f, str) or good or i == reference
            else Message("its position, from {inliers} stars only, contradicts the frames before and after it",
                         inliers=f.inliers)
            for i, (f, good) in enumerate(zip(found, fits, strict=True))]
