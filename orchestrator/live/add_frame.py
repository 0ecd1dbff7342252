"""Registration and normalisation of measured lights, and their addition to a live stack."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.engines.native.engine import CalibratedReader
from orchestrator.engines.native.registration import match_all, without_strays
from orchestrator.errors import InputError
from orchestrator.live.arrivals import Stamp
from orchestrator.live.frame_history import FrameHistory
from orchestrator.live.stacking import Normalised, Share, frame_set, stack_first, stack_next
from orchestrator.live.state import Base, LiveState, StackedFrame
from orchestrator.message import Message
from orchestrator.report.wording import live_blocked_warning
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.channels import noise_by_channel
from orchestrator.stacking.frame_reading import FrameNormalization, Warping, read_block
from orchestrator.stacking.frame_sky import frame_skies
from orchestrator.stacking.photometric_scale import haze_over, photometric_scale
from orchestrator.stacking.sky_correction import sky_corrections
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.numerics.robust_surface import surface_matrix
from tilecore.resample.warp import Slot

__all__ = ["MeasuredLight", "add_first", "add_next"]

logger = logging.getLogger(__name__)

# Fraction of the starlight of the reference below which a frame is left out (clouds).
MIN_STARLIGHT = 0.3
# Fraction of the usual star count below which a frame is left out (clouds).
MIN_STARS = 0.25


@dataclass(frozen=True)
class MeasuredLight:
    """A light that was read and measured, but not yet added."""

    info: FrameInfo
    stamp: Stamp
    id: str
    reader: CalibratedReader
    measurement: FrameMeasurement

    def stacked(self, share: Share, transparency: float) -> StackedFrame:
        """Its entry in the state after it was added to the stack."""
        return StackedFrame(str(self.info.path), self.stamp, self.id, "", self.info.time.isoformat() if self.info.time else "",
                     self.info.exposure or 0.0, share.weight, self.measurement.fwhm, self.measurement.star_count, transparency,
                     share.rejected, share.trails, blocked=share.blocked)

    def left_out(self, reason: str) -> StackedFrame:
        """Its entry in the state if it is left out."""
        return StackedFrame(str(self.info.path), self.stamp, self.id, reason)


def add_first(state: LiveState, context: RunContext, lights: list[MeasuredLight]) -> None:
    """Add the first lights, compared with one another."""
    found = [_normalised(state, context, light) for light in lights]
    for light, result in zip(lights, found, strict=True):
        _log(light, result)
    shares = iter(stack_first(state, context.config, [n for n in found if isinstance(n, Normalised)]))
    known = any(f.blocked for f in state.stacked)
    added = [light.left_out(n) if isinstance(n, str) else light.stacked(next(shares), float(np.mean(n.scale)))
             for light, n in zip(lights, found, strict=True)]
    state.frames += added
    _report_blocked(context, added, known=known)


def add_next(state: LiveState, context: RunContext, light: MeasuredLight) -> None:
    """Add one more light, compared with the current mean."""
    found = _normalised(state, context, light)
    _log(light, found)
    known = any(f.blocked for f in state.stacked)
    state.frames.append(light.left_out(found) if isinstance(found, str) else
                        light.stacked(stack_next(state, context.config, found), float(np.mean(found.scale))))
    _report_blocked(context, state.frames[-1:], known=known)


def _report_blocked(context: RunContext, frames: list[StackedFrame], *, known: bool) -> None:
    """Report frames that have no weight in parts without stars: the first of them in a warning, unless one is ``known``."""
    found = [f for f in frames if f.blocked]
    for frame in found:
        logger.info("%s shows no stars in %.0f %% of the stack and has no weight there", frame.path, 100 * frame.blocked)
    if found and not known:
        context.warn(live_blocked_warning([(Path(f.path).name, f.blocked) for f in found]))


def _log(light: MeasuredLight, result: Normalised | str) -> None:
    if isinstance(result, str):
        logger.info("%s is refused: %s", light.info.path, result)
    else:
        logger.info("%s is accepted: FWHM %.2f px, %d stars", light.info.path, light.measurement.fwhm,
                    light.measurement.star_count)


def _normalised(state: LiveState, context: RunContext, light: MeasuredLight) -> Normalised | str:
    """The light on the canvas, scaled to the reference, or the reason why it cannot be used."""
    base, _ = state.begun
    usual = float(np.median([f.stars for f in state.stacked] or [base.measurement.star_count]))
    if light.measurement.star_count < MIN_STARS * usual:
        return Message("clouds: {star_count} stars detected, {usual:.0f} are usual", star_count=light.measurement.star_count,
                       usual=usual)
    try:
        matrix = _matrix(base, context, light)
        return matrix if isinstance(matrix, str) else _on_canvas(base, context, light, matrix, state.history)
    except InputError as error:  # the file was removed or changed in the meantime
        return error.message


def _exposures_of_reference(base: Base, info: FrameInfo) -> float:
    """The exposure time of a light in units of that of the reference; 1 if either is not known."""
    known = base.reference.info.exposure
    return info.exposure / known if info.exposure and known else 1.0


def _matrix(base: Base, context: RunContext, light: MeasuredLight) -> NDArray[np.float64] | str:
    """The transform to the reference, or the reason why there is none."""
    pair = replace(base.session, frames={**base.session.frames, Role.LIGHT: (base.reference.info, light.info)})
    found = without_strays(pair, match_all([base.measurement, light.measurement], {}, np.ones(2), 0, context), 0)[1]
    return Message("it cannot be registered: {found}", found=found) if isinstance(found, str) else found.matrix


def _on_canvas(base: Base, context: RunContext, light: MeasuredLight, matrix: NDArray[np.float64],
               history: FrameHistory | None) -> Normalised | str:
    frame = Frame(1, light.info, light.reader, matrix, saturation=light.reader.saturation)
    frames, plan = frame_set(base.session, base.reference, frame), base.plan
    state = RunState(())
    state.frames, state.plan, state.measurements = frames, plan, (base.measurement, light.measurement)
    scale, flux, haze = np.ones((len(plan.channels), 2)), np.empty((2, 0)), np.zeros((1, 1, 1), np.float32)
    error = np.zeros(2)
    settings = context.config.normalization
    if settings.mode == "photometric":
        by_stars = photometric_scale(context, state, frames, plan, 0)
        scale, flux, error = by_stars.scale, by_stars.flux, by_stars.error
        if history is not None:  # haze is measured against other lights; the first ones have none
            haze = haze_over(plan, base.reference, base.measurement, np.vstack([history.flux, flux[1:]]), len(history.flux))
    starlight = scale[:, 1].min() / _exposures_of_reference(base, light.info)
    if starlight < MIN_STARLIGHT:
        return Message("clouds: {starlight:.0f} % of the starlight of the reference", starlight=100 * starlight)
    order = settings.surface_order if settings.mode != "none" else -1
    skies = frame_skies(context, frames, plan, state.measurements, scale, order)
    surface = np.array([surface_matrix(s) for s in skies.surfaces[:, 1]])
    block = Block(0, plan.channel_shape[0], 0, plan.channel_shape[1])
    pixels = np.empty((len(plan.channels), 1, *block.shape), np.float32)
    valid = np.empty((1, *block.shape), np.float32)
    noise = noise_by_channel(plan, light.measurement.noise)
    normalization = FrameNormalization((1 / scale[:, 1]).astype(np.float32), surface)
    read_block(plan, frame, block, normalization, Slot(pixels, valid, 0), Warping(noise=noise))
    [correction] = sky_corrections(skies.clouds[1:], haze, skies.clear)
    correction.apply(block, plan.channel_shape, pixels[:, 0], valid[0])
    return Normalised(frame, light.measurement, pixels[:, 0], valid[0], scale[:, 1], surface, correction, flux, float(error[1]))
