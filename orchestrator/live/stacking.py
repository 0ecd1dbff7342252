"""Addition of registered lights to the running sums: weighted per tile, compared with one another or with the current mean."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.live.frame_history import FrameHistory, HistoryEntry, sampled
from orchestrator.live.state import Base, LiveState
from orchestrator.session.model import Session
from orchestrator.stacking.canvas import Block
from orchestrator.stacking.sky_correction import SkyCorrection
from orchestrator.stacking.state import RunState
from orchestrator.stacking.weighted_mean import StackJob, rejection_masks, shot_noise, sky_level, trail_lines
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.trails import recurring, trail_mask
from tilecore.stack.grid import axis_windows
from tilecore.stack.reject import RejectionRule, ShotNoise, grow
from tilecore.stack.running_mean import FEWEST, TileValues, add, outliers

__all__ = ["Normalised", "Share", "frame_set", "stack_first", "stack_next"]

logger = logging.getLogger(__name__)

Mask = NDArray[np.uint8]

# Number of previous frames whose lines are used to recognise lines that belong to the scene.
LINES_KEPT = 100


@dataclass(frozen=True)
class Normalised:
    """A registered light scaled to the reference: ``pixels`` (C, h, w), ``valid`` (h, w), the ``scale`` (C,) by which they were
    divided, the ``surface`` (C, m, m) and ``correction`` that were subtracted, the ``flux`` (2, n) of the stars of the reference
    and of the light."""

    frame: Frame
    measurement: FrameMeasurement
    pixels: NDArray[np.float32]
    valid: NDArray[np.float32]
    scale: NDArray[np.float64]
    surface: NDArray[np.float64]
    correction: SkyCorrection
    flux: NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """Contribution of a light to the stack: its ``weight`` in the median tile of the first channel, the fraction of its pixels
    that was ``rejected``, and its ``trails`` on the channel grid."""

    weight: float
    rejected: float
    trails: list[list[float]]


def frame_set(session: Session, reference: Frame, frame: Frame) -> FrameSet:
    """The reference and one frame."""
    channels = 3 if len(session.shape) == 3 else 1
    shape = (int(session.shape[-2]), int(session.shape[-1]))
    return FrameSet((reference, frame), 0, shape, session.cfa if channels == 1 else None, channels, "native")


def stack_first(state: LiveState, config: RunConfig, lights: list[Normalised]) -> list[Share]:
    """Add the first lights, compared with one another as in a run. Sets ``state.history``."""
    base, _ = state.begun
    logger.info("Live stack begun: %d frames, reference %s", len(lights), base.reference.info.path.name)
    local = config.weights.local
    # In the history the reference comes first.
    is_reference = [light.frame.info.path == base.reference.info.path for light in lights]
    place = [0 if own else k + 1 - sum(is_reference[:k]) for k, own in enumerate(is_reference)]
    reference = HistoryEntry(base.reference, base.measurement, np.ones(len(base.plan.channels)),
                             lights[0].flux[0] if lights else np.empty(0), SkyCorrection(), 0)
    history = FrameHistory.of(base.plan, base.grid, reference, local=local)
    for light, k in zip(lights, place, strict=True):
        if k:
            history = history.joined(_history(base, light, k, local=local))
    state.history = history
    weights = history.weights(config, base.plan.step)[:, place]
    noise = np.stack([history.noise(k) for k in place], 1)
    lines = [_lines(base, light) for light in lights]
    masks = _first_masks(base, config, lights, lines, weights, noise)
    return [_add_to_stack(state, light, weights[:, k], noise[:, k], [mask[k] for mask in masks], lines[k])
            for k, light in enumerate(lights)]


def _first_masks(base: Base, config: RunConfig, lights: list[Normalised], lines: list[NDArray[np.float64]],
                 weights: NDArray[np.float64], noise: NDArray[np.float64]) -> list[Mask]:
    """Rejection masks (n, h, w) of each channel, as in a run of these lights with ``weights`` and ``noise`` (C, n, ty, tx)."""
    sigma = noise.astype(np.float32)
    shot, sky = _limits(base)
    scene = recurring(lines, base.plan.channel_shape)
    job = StackJob(
        base.plan, tuple(n.frame for n in lights), np.stack([1 / n.scale for n in lights], 1).astype(np.float32),
        np.stack([n.surface for n in lights], 1), (SkyCorrection(),) * len(lights), weights.astype(np.float32),
        sigma, np.median(sigma, axis=(2, 3)),
        base.grid, config.stacking, tuple(sky), tuple(shot), tuple(t[~s] for t, s in zip(lines, scene, strict=True)),
        np.zeros((len(lights), base.grid.n_y, base.grid.n_x), np.bool_))
    cube, valid = np.stack([n.pixels for n in lights], 1), np.stack([n.valid for n in lights])
    height, width = base.plan.channel_shape
    return rejection_masks(job, np.arange(len(lights)), cube, valid, Block(0, height, 0, width))


def stack_next(state: LiveState, config: RunConfig, light: Normalised) -> Share:
    """Add one more light, compared with the current mean."""
    (base, stack), history = state.begun, state.compared
    settings, number = config.stacking, len(state.stacked)
    new = _history(base, light, number, local=config.weights.local)
    together = history.joined(new)
    weights, noise = together.weights(config, base.plan.step)[:, -1], new.noise(0)
    state.history = sampled(together, number)
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
            rule = RejectionRule(low=settings.sigma_low, high=settings.sigma_high,
                                 contrast_tolerance=settings.contrast_tolerance)
            mask = outliers(stack, c, pixels, light.valid, _values(base, weights[c], noise[c]), rule, ShotNoise(shot[c], sky[c]))
            mask = grow(mask[None], settings.grow, min_survivors=0)[0]
        if trail is not None:
            mask |= trail.astype(np.uint8)
        masks.append(mask & enough.astype(np.uint8))
    return _add_to_stack(state, light, weights, noise, masks, lines)


def _history(base: Base, light: Normalised, number: int, *, local: bool) -> FrameHistory:
    entry = HistoryEntry(light.frame, light.measurement, light.scale, light.flux[1], light.correction, number)
    return FrameHistory.of(base.plan, base.grid, entry, local=local)


def _lines(base: Base, light: Normalised) -> NDArray[np.float64]:
    return trail_lines(base.plan, light.frame, light.measurement.trails)


def _limits(base: Base) -> tuple[list[float], list[float]]:
    """Shot noise and sky level of the reference for each channel, see :func:`tilecore.stack.reject.reject`."""
    state = RunState(())
    state.frames, state.plan = frame_set(base.session, base.reference, base.reference), base.plan
    state.measurements = (base.measurement,)
    channels = range(len(base.plan.channels))
    return [shot_noise(state, c, np.array([0])) for c in channels], [sky_level(state, c) for c in channels]


def _values(base: Base, weight: NDArray[np.float64], noise: NDArray[np.float64]) -> TileValues:
    return TileValues(weight, noise, axis_windows(base.grid))


def _add_to_stack(state: LiveState, light: Normalised, weights: NDArray[np.float64], noise: NDArray[np.float64],
                  masks: list[Mask], lines: NDArray[np.float64]) -> Share:
    base, stack = state.begun
    lost = sum(add(stack, c, pixels, light.valid, _values(base, weights[c], noise[c]), masks[c])
               for c, pixels in enumerate(light.pixels))
    seen = weights[0][weights[0] > 0]
    share = Share(float(np.median(seen)) if seen.size else 0.0, lost / light.pixels.size, lines.tolist())
    logger.debug("%s added: weight %.3g, %.3f %% of its pixels rejected, %d trails", light.frame.info.path.name, share.weight,
                 100 * share.rejected, len(share.trails))
    return share
