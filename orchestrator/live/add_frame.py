"""How measured lights are brought to the reference and into a live stack."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import Frame
from orchestrator.engines.native.engine import CalibratedReader
from orchestrator.engines.native.registration import match_all, without_strays
from orchestrator.errors import InputError
from orchestrator.live.arrivals import Stamp
from orchestrator.live.frame_history import Known
from orchestrator.live.stacking import Normalised, Share, frame_set, stack_first, stack_next
from orchestrator.live.state import Base, LiveState, Taken
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.canvas import Block
from orchestrator.stacking.frame_sky import frame_skies
from orchestrator.stacking.photometric_scale import haze_over, photometric_scale
from orchestrator.stacking.sky_correction import veils
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import FrameMeasurement
from tilecore.numerics.robust_surface import surface_matrix

__all__ = ["Arrived", "add_first", "add_next"]

# Less starlight than this share of the reference's, or fewer stars than this share of the usual number: clouds.
LEAST_LIGHT, LEAST_STARS = 0.3, 0.25


@dataclass(frozen=True)
class Arrived:
    """A light that was read and measured, and not added yet."""

    info: FrameInfo
    stamp: Stamp
    id: str
    reader: CalibratedReader
    measurement: FrameMeasurement

    def taken(self, share: Share, transparency: float) -> Taken:
        """How the state tells of it once it is in the stack."""
        return Taken(str(self.info.path), self.stamp, self.id, "", self.info.time.isoformat() if self.info.time else "",
                     self.info.exposure or 0.0, share.weight, self.measurement.fwhm, self.measurement.star_count, transparency,
                     share.rejected, share.trails)

    def refused(self, reason: str) -> Taken:
        """How the state tells of it when it is left out."""
        return Taken(str(self.info.path), self.stamp, self.id, reason)


def add_first(state: LiveState, context: RunContext, lights: list[Arrived]) -> None:
    """The first lights, compared with one another."""
    found = [_normalised(state, context, light) for light in lights]
    shares = iter(stack_first(state, context.config, [n for n in found if isinstance(n, Normalised)]))
    state.frames += [light.refused(n) if isinstance(n, str) else light.taken(next(shares), float(np.mean(n.scale)))
                     for light, n in zip(lights, found, strict=True)]


def add_next(state: LiveState, context: RunContext, light: Arrived) -> None:
    """One more light, compared with the mean so far."""
    found = _normalised(state, context, light)
    state.frames.append(light.refused(found) if isinstance(found, str) else
                        light.taken(stack_next(state, context.config, found), float(np.mean(found.scale))))


def _normalised(state: LiveState, context: RunContext, light: Arrived) -> Normalised | str:
    """The light on the canvas as bright as the reference, or why it cannot be used."""
    base = state.base
    assert base is not None
    usual = float(np.median([f.stars for f in state.stacked] or [base.measurement.star_count]))
    if light.measurement.star_count < LEAST_STARS * usual:
        return f"clouds: it shows {light.measurement.star_count} stars, usual are {usual:.0f}"
    try:
        matrix = _matrix(base, context, light)
        return matrix if isinstance(matrix, str) else _on_canvas(base, context, light, matrix, state.known)
    except InputError as error:  # it is gone, or was changed meanwhile
        return error.message


def _matrix(base: Base, context: RunContext, light: Arrived) -> NDArray[np.float64] | str:
    """The way to the reference, or why there is none."""
    pair = replace(base.session, frames={**base.session.frames, Role.LIGHT: (base.reference.info, light.info)})
    found = without_strays(pair, match_all([base.measurement, light.measurement], {}, np.ones(2), 0, context), 0)[1]
    return f"it cannot be registered: {found}" if isinstance(found, str) else found.matrix


def _on_canvas(base: Base, context: RunContext, light: Arrived, matrix: NDArray[np.float64],
               known: Known | None) -> Normalised | str:
    frame = Frame(1, light.info, light.reader, matrix)
    frames, plan = frame_set(base.session, base.reference, frame), base.plan
    state = RunState((), frames=frames, measurements=(base.measurement, light.measurement), plan=plan)
    scale, flux, haze = np.ones((len(plan.channels), 2)), np.empty((2, 0)), np.zeros((1, 1, 1), np.float32)
    settings = context.config.normalization
    if settings.mode == "photometric":
        by_stars = photometric_scale(context, state, frames, plan, 0)
        scale, flux = by_stars.scale, by_stars.flux
        if known is not None:  # haze shows against other lights, not against the first ones
            haze = haze_over(plan, base.reference, base.measurement, np.vstack([known.flux, flux[1:]]), len(known.flux))
    if scale[:, 1].min() < LEAST_LIGHT:
        return f"clouds: {100 * scale[:, 1].min():.0f} % of the starlight of the reference"
    order = settings.surface_order if settings.mode != "none" else -1
    skies = frame_skies(frames, plan, state.measurements, scale, 0, order)
    surface = np.array([surface_matrix(s) for s in skies.surfaces[:, 1]])
    block = Block(0, plan.channel_shape[0], 0, plan.channel_shape[1])
    pixels = np.empty((len(plan.channels), 1, *block.shape), np.float32)
    valid = np.empty((1, *block.shape), np.float32)
    plan.read_block(frame, block, (1 / scale[:, 1]).astype(np.float32), surface, pixels, valid, 0)
    [veil] = veils(skies.clouds[:, 1:], haze, skies.clear)
    veil.take_off(block, plan.channel_shape, pixels[:, 0], valid[0])
    return Normalised(frame, light.measurement, pixels[:, 0], valid[0], scale[:, 1], surface, veil, flux)
