"""The reference among registered frames. Where they are turned against each other, as those of two telescopes, it should be one
of the sitting that contributes most, because the canvas has its orientation; one with fine pixels, which the stack has; of
several exposures, one that clips little; and a clear frame, because the stack has its flux scale."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import SCALE_TOLERANCE, Frame, FrameSet
from orchestrator.engines.reference_exposure import unclipped_candidates
from orchestrator.engines.reference_gain import of_main_gain
from orchestrator.stacking.field_geometry import LARGE_ROTATION
from orchestrator.stacking.frame_information import frame_information, relative_light
from orchestrator.stacking.sittings import OTHER_SCALE, SAME_EXPOSURE, axis_angles, sittings, turned_apart
from tilecore.detect.metrics import FrameMeasurement

__all__ = ["clearer_reference", "shorter_reference", "with_best_reference", "with_clear_reference", "with_finest_reference",
           "with_unclipped_reference"]

logger = logging.getLogger(__name__)

# Information of the best sitting, in units of that of the reference's, from which the reference is changed.
BETTER = 1.05
# Quantile of the light of the frames that stands for the clearest, as in the diagnosis of clouds.
CLEAREST = 0.9
# Frames with finer pixels from which one of them becomes the reference.
LEAST_FINE = 2
# Light of the reference, relative to the clearest frames, below which it is hazy, ...
HAZY = 0.9
# ... and that of the frames that may replace it.
CLEAR = 0.95


def with_best_reference(frames: FrameSet, measurements: Sequence[FrameMeasurement], nights: Sequence[int]) -> FrameSet:
    """The frames, with a reference of the sitting with most information if that sitting is turned against the reference."""
    usable = frames.usable
    if frames.registered_pixels or turned_apart(axis_angles(usable)) <= LARGE_ROTATION:
        return frames
    sitting, information = sittings(usable, nights), frame_information(frames, measurements)
    total = np.bincount(sitting, information)
    total[np.setdiff1d(sitting, sitting[_finest(usable)])] = 0
    best, here = int(np.argmax(total)), frames.reference_position
    angles = axis_angles(usable)
    middle = int(np.flatnonzero(sitting == best)[0])
    if total[best] < BETTER * total[sitting[here]] or turned_apart(angles[[here, middle]]) <= LARGE_ROTATION:
        return frames
    chosen = _most_central(usable, measurements, np.flatnonzero(sitting == best))
    logger.info("Reference: %s instead of %s, of the sitting with %.0f %% of the information", usable[chosen].info.path.name,
                usable[here].info.path.name, 100 * total[best] / total.sum())
    return rebased(frames, usable[chosen])


def with_finest_reference(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> FrameSet:
    """The frames, with a reference of the finest pixels that several frames have: the stack has the pixels of its reference, and
    coarser ones would lose detail. Headers may not show which are finer; the transforms do."""
    usable = frames.usable
    members = _finest(usable)
    if frames.registered_pixels or frames.reference_position in members or len(members) < LEAST_FINE:
        return frames
    chosen = usable[_most_central(usable, measurements, members)]
    logger.info("Reference: %s instead of %s, whose pixels are %.2f times as large", chosen.info.path.name,
                usable[frames.reference_position].info.path.name, 1 / chosen.scale)
    return rebased(frames, chosen)


def _finest(usable: Sequence[Frame]) -> NDArray[np.int64]:
    """The positions of the frames with the finest pixels."""
    scale = np.array([f.scale for f in usable])
    return np.flatnonzero(scale < (1 + SCALE_TOLERANCE) * scale.min())


def with_unclipped_reference(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> FrameSet:
    """The frames, with a reference of a shorter exposure if theirs clips light that the shorter one records.

    Engines that choose a reference by its stars alone prefer the long exposure, and the stack has the scale of the reference.
    Pixels that are on the canvas of their reference keep it.
    """
    chosen = None if frames.registered_pixels else shorter_reference(frames, measurements)
    return frames if chosen is None else rebased(frames, chosen)


def shorter_reference(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> Frame | None:
    """The frame that should be the reference because the reference clips light that it records; None if there is none."""
    usable = frames.usable
    members = of_main_gain([f.info for f in usable], _finest(usable).tolist())
    good = unclipped_candidates(np.array([usable[i].info.exposure or np.nan for i in members], np.float64),
                                np.array([measurements[i].clipped for i in members]),
                                np.array([measurements[i].star_count for i in members]))
    candidates = np.array(members)[good]
    here = frames.reference_position
    # A reference that is not a member was chosen for another reason.
    if here in candidates or here not in members:
        return None
    chosen = usable[_most_central(usable, measurements, candidates)]
    logger.info("Reference: %s instead of %s, which clips more light", chosen.info.path.name, usable[here].info.path.name)
    return chosen


def with_clear_reference(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> FrameSet:
    """The frames, with a clear reference if theirs is hazy. Pixels that are on the canvas of their reference keep it."""
    clearer = None if frames.registered_pixels else clearer_reference(frames, measurements)
    if clearer is None:
        return frames
    chosen, light = clearer
    logger.info("Reference: %s instead of %s, which has %.0f %% of the light of the clearest frames", chosen.info.path.name,
                frames.frames[frames.reference].info.path.name, 100 * light)
    return rebased(frames, chosen)


def clearer_reference(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> tuple[Frame, float] | None:
    """The frame that should be the reference because the reference is hazy, and the light of the reference relative to the
    clearest frames; None if the reference is clear."""
    light, here = _light(frames, measurements), frames.reference_position
    clear = np.flatnonzero(light >= CLEAR)
    if light[here] >= HAZY or not len(clear):
        return None
    return frames.usable[_most_central(frames.usable, measurements, clear)], float(light[here])


def _light(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> NDArray[np.float64]:
    """(N,) light of the stars relative to the clearest frames; NaN for frames whose light is not comparable with that of the
    reference, because of their instrument, exposure or field."""
    usable, reference = frames.usable, frames.usable[frames.reference_position]
    light = relative_light(frames, measurements)
    light[[not _alike(f, reference) for f in usable]] = np.nan
    light[frames.reference_position] = 1.0
    return np.asarray(light / np.nanquantile(light, CLEAREST))


def _alike(frame: Frame, reference: Frame) -> bool:
    a, b = frame.info, reference.info
    same = all(getattr(a, name) == getattr(b, name) for name in ("camera", "telescope", "binning", "gain", "filter", "shape"))
    return same and abs(frame.scale - reference.scale) <= OTHER_SCALE and (
        a.exposure == b.exposure or bool(a.exposure and b.exposure and abs(a.exposure / b.exposure - 1) <= SAME_EXPOSURE))


def rebased(frames: FrameSet, reference: Frame) -> FrameSet:
    """The frames with the same transforms relative to another reference."""
    back = np.linalg.inv(reference.transform)

    def relative(frame: Frame) -> Frame:
        if frame.matrix is None:
            return frame
        matrix = back @ frame.matrix
        return replace(frame, matrix=matrix / matrix[2, 2])

    return replace(frames, frames=tuple(relative(f) for f in frames.frames), reference=reference.index, shape=reference.shape)


def _most_central(usable: Sequence[Frame], measurements: Sequence[FrameMeasurement], members: NDArray[np.int64]) -> int:
    """The frame nearest to the middle of its sitting, among the better half by number and size of the stars."""
    score = np.array([np.nan_to_num(measurements[i].star_count / measurements[i].fwhm**2) for i in members])
    good = members[score >= np.median(score)]
    places = np.array([usable[i].on_plane((np.array([usable[i].shape[::-1]]) - 1) / 2)[0] for i in members])
    middle = np.median(places, axis=0)
    distance = np.hypot(*(places - middle).T)
    return int(min(good, key=lambda i: float(distance[np.flatnonzero(members == i)[0]])))
