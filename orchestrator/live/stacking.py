"""Addition of registered lights to the running sums: weighted per tile, compared with one another or with the current mean."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.live.clipped_mean import mark_clipped, with_unclipped
from orchestrator.live.frame_history import FrameHistory, HistoryEntry, sampled
from orchestrator.live.state import Base, LiveState
from orchestrator.session.model import Session
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.clipped_samples import Clipping, leave_out_clipped
from orchestrator.stacking.moving_light import is_permanent
from orchestrator.stacking.photometric_scale import star_positions
from orchestrator.stacking.sky_correction import SkyCorrection
from orchestrator.stacking.star_evidence import StarEvidence
from orchestrator.stacking.state import RunState
from orchestrator.stacking.weighted_mean import StackJob, rejection_masks, shot_noise, sky_level, trail_lines
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.psf import effective_area
from tilecore.detect.trails import recurring, trail_mask
from tilecore.stack.grid import axis_windows, only_in
from tilecore.stack.mixed_psf import MixedPsf, mixed_psf, pardon
from tilecore.stack.reject import RejectionRule, ShotNoise, grow
from tilecore.stack.running_mean import FEWEST, TileValues, add, outliers
from tilecore.stack.star_evidence import lost_stars
from tilecore.stack.tile_slots import TileSlots

__all__ = ["Normalised", "Share", "frame_set", "stack_first", "stack_next", "without_blocked"]

logger = logging.getLogger(__name__)

Mask = NDArray[np.uint8]

# Number of previous frames whose lines are used to recognise lines that belong to the scene.
LINES_KEPT = 100


@dataclass(frozen=True)
class Normalised:
    """A registered light scaled to the reference: ``pixels`` (C, h, w), ``valid`` (h, w), the ``scale`` (C,) by which they were
    divided, the ``surface`` (C, m, m) and ``correction`` that were subtracted, the ``flux`` (2, n) of the stars of the reference
    and of the light, the ``error`` of the latter, and the tiles without the stars that other lights show, ``blocked`` (ty, tx).
    """

    frame: Frame
    measurement: FrameMeasurement
    pixels: NDArray[np.float32]
    valid: NDArray[np.float32]
    scale: NDArray[np.float64]
    surface: NDArray[np.float64]
    correction: SkyCorrection
    flux: NDArray[np.float64]
    error: float = 0.0
    blocked: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Share:
    """Contribution of a light to the stack: its ``weight`` in the median tile of the first channel, the fraction of its pixels
    that was ``rejected``, its ``trails`` on the channel grid, and the share of the tiles in which it shows no stars,
    ``blocked``."""

    weight: float
    rejected: float
    trails: list[list[float]]
    blocked: float = 0.0


def frame_set(session: Session, reference: Frame, frame: Frame) -> FrameSet:
    """The reference and one frame."""
    channels = 3 if len(session.shape) == 3 else 1
    shape = (int(session.shape[-2]), int(session.shape[-1]))
    return FrameSet((reference, frame), 0, shape, session.cfa if channels == 1 else None, channels, "native")


def stack_first(state: LiveState, config: RunConfig, lights: list[Normalised]) -> list[Share]:
    """Add the first lights, compared with one another as in a run. Sets ``state.history``."""
    base, _ = state.begun
    logger.info("Live stack begun: %d frames, reference %s", len(lights), base.reference.info.path.name)
    lights = without_blocked(base, lights, np.empty((0, lights[0].flux.shape[1] if lights else 0)))
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
    masks, valid = _first_masks(base, config, lights, lines, weights, noise)
    lights = [replace(light, valid=own) for light, own in zip(lights, valid, strict=True)]
    return [_add_to_stack(state, light, weights[:, k], noise[:, k], [mask[k] for mask in masks], lines[k])
            for k, light in enumerate(lights)]


def _first_masks(base: Base, config: RunConfig, lights: list[Normalised], lines: list[NDArray[np.float64]],
                 weights: NDArray[np.float64], noise: NDArray[np.float64]) -> tuple[list[Mask], NDArray[np.float32]]:
    """Rejection masks (n, h, w) of each channel, as in a run of these lights with ``weights`` and ``noise`` (C, n, ty, tx), and
    the validity (n, h, w) of the lights without clipped samples."""
    sigma = noise.astype(np.float32)
    shot, sky = _limits(base)
    scene = recurring(lines, base.plan.channel_shape)
    fwhm, roundness = (np.array([getattr(n.measurement, name) for n in lights]) for name in ("fwhm", "roundness"))
    area = effective_area(fwhm / base.plan.step, base.measurement.psf.beta)
    job = StackJob(
        base.plan, tuple(n.frame for n in lights), np.stack([1 / n.scale for n in lights], 1).astype(np.float32),
        np.stack([n.surface for n in lights], 1), (SkyCorrection(),) * len(lights), weights.astype(np.float32),
        sigma, np.median(sigma, axis=(2, 3)),
        base.grid, config.stacking, tuple(sky), tuple(shot), tuple(t[~s] for t, s in zip(lines, scene, strict=True)),
        np.zeros((len(lights), base.grid.n_y, base.grid.n_x), np.bool_), mixed_psf(area, roundness),
        TileSlots.full(len(lights), (base.grid.n_y, base.grid.n_x)))
    cube, valid = np.stack([n.pixels for n in lights], 1), np.stack([n.valid for n in lights])
    height, width = base.plan.channel_shape
    group, whole = np.arange(len(lights)), Block(0, height, 0, width)
    leave_out_clipped(job.clipping(group), cube, valid, whole)
    return rejection_masks(job, group, cube, valid, whole), valid


def stack_next(state: LiveState, config: RunConfig, light: Normalised) -> Share:
    """Add one more light, compared with the current mean."""
    (base, stack), history = state.begun, state.compared
    settings, number = config.stacking, len(state.stacked)
    [light] = without_blocked(base, [light], history.flux)
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
    light = replace(light, valid=with_unclipped(stack, _clipping(base, light, sky), light.pixels, light.valid))
    psf = _compared_psf(together, base.plan.step)
    for c, pixels in enumerate(light.pixels):
        mask: Mask = np.zeros(pixels.shape, np.uint8)
        enough = stack.count[c] >= max(settings.min_survivors, FEWEST)
        if settings.rejection != "none":
            rule = RejectionRule(low=settings.sigma_low, high=settings.sigma_high,
                                 contrast_tolerance=settings.contrast_tolerance)
            found = outliers(stack, c, pixels, light.valid, _values(base, weights[c], noise[c]), rule, ShotNoise(shot[c], sky[c]))
            pardon(found[None], pixels[None], light.valid[None], stack.mean[c], np.array([np.median(noise[c])], np.float32), psf)
            mask = grow(found[None], settings.grow, min_survivors=0)[0]
        if trail is not None:
            mask |= trail.astype(np.uint8)
        masks.append(mask & enough.astype(np.uint8))
    return _add_to_stack(state, light, weights, noise, masks, lines)


def without_blocked(base: Base, lights: list[Normalised], earlier: NDArray[np.float64]) -> list[Normalised]:
    """The lights without the parts that show none of the stars that other lights show, ``earlier`` ones (N, n) among them."""
    stars = star_positions(base.plan, base.reference, base.measurement)
    flux = np.concatenate([earlier, *(light.flux[1:] for light in lights)])
    if flux.shape[1] != len(stars):  # without photometry
        return lights
    error = np.full(len(flux), max(light.error for light in lights))
    lost = lost_stars(flux, error, stars)[len(earlier):]
    tiles = StarEvidence.of_all(stars, lost).tiles(base.grid, TileSlots.full(len(lost), (base.grid.n_y, base.grid.n_x)))
    return [_without(base, light, own, gone == 1) if own.any() else light
            for light, own, gone in zip(lights, tiles, lost, strict=True)]


def _without(base: Base, light: Normalised, tiles: NDArray[np.bool_], lost: NDArray[np.bool_]) -> Normalised:
    """A light without its ``tiles`` (ty, tx) and ``lost`` (n,) stars."""
    height, width = base.plan.channel_shape
    out = only_in(base.grid, tiles, slice(0, height), slice(0, width))
    flux = light.flux.copy()
    flux[1, lost] = np.nan
    return replace(light, valid=np.where(out, 0, light.valid).astype(np.float32), flux=flux, blocked=tiles)


def _history(base: Base, light: Normalised, number: int, *, local: bool) -> FrameHistory:
    entry = HistoryEntry(light.frame, light.measurement, light.scale, light.flux[1], light.correction, number, light.blocked)
    return FrameHistory.of(base.plan, base.grid, entry, local=local)


def _lines(base: Base, light: Normalised) -> NDArray[np.float64]:
    before = [(base.reference, base.measurement)]
    lines = [line for line in light.measurement.trails if light.frame.info.path == base.reference.info.path
             or not is_permanent(line, light.frame, light.measurement, before, least=1)]
    return trail_lines(base.plan, light.frame, np.array(lines).reshape(-1, 5))


def _limits(base: Base) -> tuple[list[float], list[float]]:
    """Shot noise and sky level of the reference for each channel, see :func:`tilecore.stack.reject.reject`."""
    state = RunState(())
    state.frames, state.plan = frame_set(base.session, base.reference, base.reference), base.plan
    state.measurements = (base.measurement,)
    channels = range(len(base.plan.channels))
    return [shot_noise(state, c, np.array([0])) for c in channels], [sky_level(state, c) for c in channels]


def _clipping(base: Base, light: Normalised, sky: list[float]) -> Clipping:
    return Clipping(light.frame.saturation / light.scale[:, None], light.surface[:, None], tuple(sky), base.plan.channel_shape)


def _compared_psf(history: FrameHistory, step: int) -> MixedPsf:
    """The PSF of the last frame compared with those of the others."""
    area, roundness = (np.median(a, axis=(1, 2)) for a in (history.tiles.area(step), history.tiles.roundness))
    return mixed_psf(area, roundness).of(np.array([len(area) - 1]))


def _values(base: Base, weight: NDArray[np.float64], noise: NDArray[np.float64]) -> TileValues:
    return TileValues(weight, noise, axis_windows(base.grid))


def _add_to_stack(state: LiveState, light: Normalised, weights: NDArray[np.float64], noise: NDArray[np.float64],
                  masks: list[Mask], lines: NDArray[np.float64]) -> Share:
    base, stack = state.begun
    mark_clipped(stack, _clipping(base, light, _limits(base)[1]), light.pixels, light.valid)
    lost = sum(add(stack, c, pixels, light.valid, _values(base, weights[c], noise[c]), masks[c])
               for c, pixels in enumerate(light.pixels))
    seen = weights[0][weights[0] > 0]
    blocked = 0.0 if light.blocked is None else float(light.blocked.mean())
    share = Share(float(np.median(seen)) if seen.size else 0.0, lost / light.pixels.size, lines.tolist(), blocked)
    logger.debug("%s added: weight %.3g, %.3f %% of its pixels rejected, %d trails", light.frame.info.path.name, share.weight,
                 100 * share.rejected, len(share.trails))
    return share
