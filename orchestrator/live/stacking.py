"""How registered lights go into the running sums: weighed tile by tile, compared with one another or with the mean so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.live.frame_history import Known, sampled
from orchestrator.live.state import Base, LiveState
from orchestrator.session.model import Session
from orchestrator.stacking.canvas import Block
from orchestrator.stacking.sky_correction import Veil
from orchestrator.stacking.state import RunState
from orchestrator.stacking.weighted_mean import StackJob, rejection_masks, shot_noise, sky_level, trail_lines
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.trails import recurring, trail_mask
from tilecore.stack.grid import axis_windows
from tilecore.stack.reject import RejectionRule, ShotNoise, grow
from tilecore.stack.running_mean import FEWEST, TileValues, add, outliers

__all__ = ["Normalised", "Share", "frame_set", "stack_first", "stack_next"]

Mask = NDArray[np.uint8]

# Lines of so many frames before tell whether one belongs to the scene.
LINES_KEPT = 100


@dataclass(frozen=True)
class Normalised:
    """A registered light as bright as the reference: ``pixels`` (C, h, w), ``valid`` (h, w), ``scale`` (C,) by which they were
    divided, ``surface`` (C, m, m) and ``veil`` that were taken off, ``flux`` (2, n) of the stars of the reference and its own."""

    frame: Frame
    measurement: FrameMeasurement
    pixels: NDArray[np.float32]
    valid: NDArray[np.float32]
    scale: NDArray[np.float64]
    surface: NDArray[np.float64]
    veil: Veil
    flux: NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """What became of a light in the stack: its ``weight`` in the median tile of the first channel, the share of its pixels that
    was ``rejected``, and its ``trails`` on the channel grid."""

    weight: float
    rejected: float
    trails: list[list[float]]


def frame_set(session: Session, reference: Frame, frame: Frame) -> FrameSet:
    """A frame beside the reference."""
    channels = 3 if len(session.shape) == 3 else 1
    shape = (int(session.shape[-2]), int(session.shape[-1]))
    return FrameSet((reference, frame), 0, shape, session.cfa if channels == 1 else None, channels, "native")


def stack_first(state: LiveState, config: RunConfig, lights: list[Normalised]) -> list[Share]:
    """The first lights, compared with one another as in a run. ``state.known`` is set."""
    base, stack = state.base, state.stack
    assert base is not None and stack is not None
    local = config.weights.local
    # In the order of what is known the reference is the first.
    itself = [light.frame.info.path == base.reference.info.path for light in lights]
    place = [0 if own else k + 1 - sum(itself[:k]) for k, own in enumerate(itself)]
    known = Known.of(base.plan, base.grid, base.reference, base.measurement, np.ones(len(base.plan.channels)),
                     lights[0].flux[0] if lights else np.empty(0), Veil(), 0, local=local)
    for light, k in zip(lights, place, strict=True):
        if k:
            known = known.joined(_known(base, light, k, local=local))
    state.known = known
    weights = known.weights(config, base.plan.step)[:, place]
    noise = np.stack([known.noise(k) for k in place], 1)
    lines = [_lines(base, light) for light in lights]
    masks = _first_masks(base, config, lights, lines, weights, noise)
    return [_into(state, light, weights[:, k], noise[:, k], [mask[k] for mask in masks], lines[k])
            for k, light in enumerate(lights)]


def _first_masks(base: Base, config: RunConfig, lights: list[Normalised], lines: list[NDArray[np.float64]],
                 weights: NDArray[np.float64], noise: NDArray[np.float64]) -> list[Mask]:
    """For each channel (n, h, w) what a run of these lights, with ``weights`` and ``noise`` (C, n, ty, tx), leaves out."""
    sigma = noise.astype(np.float32)
    shot, sky = _limits(base)
    scene = recurring(lines, base.plan.channel_shape)
    job = StackJob(
        base.plan, tuple(n.frame for n in lights), np.stack([1 / n.scale for n in lights], 1).astype(np.float32),
        np.stack([n.surface for n in lights], 1), (Veil(),) * len(lights), weights.astype(np.float32),
        sigma, np.median(sigma, axis=(2, 3)),
        base.grid, config.stacking, tuple(sky), tuple(shot), tuple(t[~s] for t, s in zip(lines, scene, strict=True)),
        np.zeros((len(lights), base.grid.n_y, base.grid.n_x), np.bool_))
    cube, valid = np.stack([n.pixels for n in lights], 1), np.stack([n.valid for n in lights])
    height, width = base.plan.channel_shape
    return rejection_masks(job, np.arange(len(lights)), cube, valid, Block(0, height, 0, width))


def stack_next(state: LiveState, config: RunConfig, light: Normalised) -> Share:
    """One more light, compared with the mean so far."""
    base, stack, known = state.base, state.stack, state.known
    assert base is not None and stack is not None and known is not None
    settings, number = config.stacking, len(state.stacked)
    new = _known(base, light, number, local=config.weights.local)
    together = known.joined(new)
    weights, noise = together.weights(config, base.plan.step)[:, -1], new.noise(0)
    state.known = sampled(together, number)
    lines = _lines(base, light)
    before = [np.array(f.trails, np.float64).reshape(-1, 5) for f in state.stacked[-LINES_KEPT:]]
    crossed = lines[~recurring([*before, lines], base.plan.channel_shape)[-1]]
    height, width = base.plan.channel_shape
    trail = trail_mask(crossed, 0, height, 0, width) if len(crossed) else None
    masks = []
    shot, sky = _limits(base)
    for c, pixels in enumerate(light.pixels):
        mask: Mask = np.zeros(pixels.shape, np.uint8)
        enough = stack.count[c] >= max(settings.min_survivors, FEWEST)
        if settings.rejection != "none":
            rule = RejectionRule(low=settings.low, high=settings.high, contrast_tolerance=settings.contrast)
            mask = outliers(stack, c, pixels, light.valid, _values(base, weights[c], noise[c]), rule, ShotNoise(shot[c], sky[c]))
            mask = grow(mask[None], settings.grow, min_survivors=0)[0]
        if trail is not None:
            mask |= trail.astype(np.uint8)
        masks.append(mask & enough.astype(np.uint8))
    return _into(state, light, weights, noise, masks, lines)


def _known(base: Base, light: Normalised, number: int, *, local: bool) -> Known:
    return Known.of(base.plan, base.grid, light.frame, light.measurement, light.scale, light.flux[1], light.veil, number,
                    local=local)


def _lines(base: Base, light: Normalised) -> NDArray[np.float64]:
    return trail_lines(base.plan, light.frame, light.measurement.trails)


def _limits(base: Base) -> tuple[list[float], list[float]]:
    """For each channel the shot noise and the sky of the reference, see :func:`tilecore.stack.reject.reject`."""
    state = RunState((), frames=frame_set(base.session, base.reference, base.reference), measurements=(base.measurement,),
                     plan=base.plan)
    channels = range(len(base.plan.channels))
    return [shot_noise(state, c, np.array([0])) for c in channels], [sky_level(state, c) for c in channels]


def _values(base: Base, weight: NDArray[np.float64], noise: NDArray[np.float64]) -> TileValues:
    return TileValues(weight, noise, axis_windows(base.grid))


def _into(state: LiveState, light: Normalised, weights: NDArray[np.float64], noise: NDArray[np.float64], masks: list[Mask],
          lines: NDArray[np.float64]) -> Share:
    base, stack = state.base, state.stack
    assert base is not None and stack is not None
    lost = sum(add(stack, c, pixels, light.valid, _values(base, weights[c], noise[c]), masks[c])
               for c, pixels in enumerate(light.pixels))
    seen = weights[0][weights[0] > 0]
    return Share(float(np.median(seen)) if seen.size else 0.0, lost / light.pixels.size, lines.tolist())
