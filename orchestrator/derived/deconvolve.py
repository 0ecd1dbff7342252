"""A sharper picture of a finished run, apart from its stack: ``orchestrate deconvolve RUN``.

Groups of frames with similar PSFs are stacked; the scene that explains all of these stacks, each with its own PSF and variance,
is drawn with a smaller PSF. Each group has two halves: the steps end where the scene of one half explains the other half best.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.derived.deconvolve_files import write_products
from orchestrator.derived.deconvolve_tiles import DeconvolutionJob, Half, cross_validated, deconvolved
from orchestrator.derived.finished_run import FinishedRun, open_run
from orchestrator.derived.psf_groups import GroupStack, group_stacks, psf_groups, whole_stack
from orchestrator.derived.star_model import BRIGHTEST
from orchestrator.errors import ConfigError, InputError
from orchestrator.runtime.events import Listener
from orchestrator.stacking.channels import picture_of
from orchestrator.stacking.weighted_mean import StackJob
from tilecore.detect.psf_image import PsfImage, measure_psf
from tilecore.detect.stars import DetectionSettings, detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.stack.deconvolution import enough_steps
from tilecore.stack.proper_coadd import make_layout

__all__ = ["DeconvolveResult", "DeconvolveWish", "make_deconvolved"]

FloatImage = NDArray[np.float32]

# FWHM of the PSF with which the scene is drawn, as a share of that of the stack, and the least (px) that pixels show.
USUAL_SHARE, LEAST_FWHM = 0.6, 1.8
# FWHM (px) of a stack below which pixels, not the seeing, limit it; and up to which the scene has two values along a pixel.
LEAST_STACK_FWHM, FINE_FWHM = 2.2, 6.0
# Most steps, if the halves do not end them.
MOST_STEPS = 100
# Share of the level of clipping from which a star is left as it is.
NEAR_CLIPPING = 0.85
# A neighbour within that many FWHM with more than this share of the light makes a star unsuitable for the PSF.
ALONE, NEIGHBOUR = 4.0, 0.2
# Radius of the discs under which the smooth light is sought, and the blur before (sigma), in FWHM; sigma of a pixel above it.
FLOOR_REACH, FLOOR_BLUR, FLOOR_NOISE = 4.0, 0.6, 0.5
LEAST_STARS = 5


@dataclass(frozen=True)
class DeconvolveWish:
    """``fwhm`` (px) of the PSF with which the scene is drawn, by default 0.6 of that of the stack, at least 1.8; ``steps``
    instead of those found by cross-validation."""

    fwhm: float | None = None
    steps: int | None = None


@dataclass(frozen=True)
class DeconvolveResult:
    """``files`` by name; ``facts`` as in deconvolve.json."""

    files: dict[str, Path]
    facts: dict[str, Any]


def make_deconvolved(directory: Path, wish: DeconvolveWish | None = None, *, listeners: tuple[Listener, ...] = (),
                     cancel: threading.Event | None = None) -> DeconvolveResult:
    """Deconvolve the frames of a finished run, in its folder ``derived/deconvolve``.

    Raises
    ------
    InputError : the run cannot be used, or has too few stars. ConfigError : the wished FWHM is not below that of the stack.
    """
    wish = wish or DeconvolveWish()
    with open_run(directory, listeners=listeners, cancel=cancel) as run:
        job, stack, rejections = whole_stack(run)
        picture = picture_of(job.plan, stack.mean)
        clipped = _clipped(job, picture)
        measured = {f.index: m.fwhm for f, m in zip(run.state.frames.usable, run.state.measurements, strict=True)}
        groups = psf_groups(np.array([measured[f.index] for f in job.frames], np.float64))
        pairs = group_stacks(run, job, rejections, groups)
        if any(not len(half.frames) for pair in pairs for half in pair):
            raise InputError(f"{run.directory.name} has {len(job.frames)} frame in its stack.", "At least two are needed.")
        stars = _good_stars(run, pairs, clipped)
        width = float(np.median(stars["fwhm"]))
        target = _target(wish, width)
        finer = 2 if width < FINE_FWHM else 1
        work = _work(run, pairs, (stars, clipped), (target, finer))
        found = cross_validated(run.context, work, stars, wish.steps or MOST_STEPS)
        steps = wish.steps or enough_steps(found.curve)
        work = replace(work, steps=steps)
        sharp = deconvolved(run.context, work, picture.shape)
        return DeconvolveResult(*write_products(run, picture, sharp, (work, found.after(run.context, work), clipped)))


def _clipped(job: StackJob, picture: FloatImage) -> NDArray[np.bool_]:
    """(h, w) pixels of the stack that are near the level at which frames clip."""
    level = NEAR_CLIPPING * float(np.median([[f.saturation * s for f, s in zip(job.frames, scale, strict=True)]
                                             for scale in job.scale]))
    return np.asarray((picture >= level).reshape(-1, *picture.shape[-2:]).any(axis=0))


def _good_stars(run: FinishedRun, pairs: list[tuple[GroupStack, GroupStack]], clipped: NDArray[np.bool_]) -> NDArray[np.void]:
    """Stars of the mean of the groups that are alone and not clipped, brightest first."""
    mean = np.mean([h.light.reshape(-1, *h.light.shape[-2:]).mean(axis=0) for pair in pairs for h in pair], axis=0)
    stars = detect(mean.astype(np.float32), DetectionSettings(sigma=7, max_stars=2000, saturation=BRIGHTEST))
    places, flux = np.stack([stars["x"], stars["y"]], 1), stars["flux"]
    wide = float(np.median(stars["fwhm"])) if len(stars) else 3.0
    around = cv2.dilate(clipped.astype(np.uint8), np.ones((2 * int(2 * wide) + 1,) * 2, np.uint8)) > 0
    inside = np.rint(places).astype(int)
    good = ~stars["saturated"] & np.isfinite(stars["fwhm"]) & ~around[inside[:, 1], inside[:, 0]] & (stars["snr"] > 20)
    for i in np.flatnonzero(good):
        near = np.hypot(*(places - places[i]).T) < ALONE * wide
        near[i] = False
        good[i] = not (flux[near] > NEIGHBOUR * flux[i]).any()
    if good.sum() < LEAST_STARS:
        raise InputError(f"{int(good.sum())} stars of {run.directory.name} are alone, not clipped and bright enough to measure "
                         f"the PSF; {LEAST_STARS} are needed.", "A deeper stack or a wider crop of the field has more stars.")
    return np.asarray(stars[good])


def _target(wish: DeconvolveWish, width: float) -> float:
    if width < LEAST_STACK_FWHM:
        raise InputError(f"The stars of the stack have a FWHM of {width:.2f} px: its pixels limit it, not the seeing.",
                         "Use reconstruction.method: drizzle with dithered frames instead.")
    if wish.fwhm is None:
        return max(USUAL_SHARE * width, LEAST_FWHM)
    if not LEAST_FWHM <= wish.fwhm < width:
        raise ConfigError(f"--fwhm {wish.fwhm:g} is not between {LEAST_FWHM} px, which pixels can show, and the {width:.2f} px "
                          "of the stack.", f"Leave it out for {max(USUAL_SHARE * width, LEAST_FWHM):.2f} px.")
    return wish.fwhm


def _work(run: FinishedRun, pairs: list[tuple[GroupStack, GroupStack]], places: tuple[NDArray[np.void], NDArray[np.bool_]],
          drawn: tuple[float, int]) -> DeconvolutionJob:
    stars, clipped = places
    target, finer = drawn
    halves: list[tuple[Half, Half]] = []
    width = float(np.median(stars["fwhm"]))
    floor = _floor(pairs, width)
    for pair in pairs:
        lights, variances = (np.array([getattr(h, name).reshape(-1, *h.light.shape[-2:]) for h in pair])
                             for name in ("light", "variance"))
        weight = np.divide(1, variances, out=np.zeros_like(variances), where=variances > 0)
        total = weight.sum(axis=0)
        lights = np.where(weight > 0, lights - floor, 0)
        both = np.divide((lights * weight).sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
        psfs = tuple(_psf(run, light, np.divide(1, w, out=np.zeros_like(w), where=w > 0), stars, finer)
                     for light, w in zip(both, total, strict=True))
        one, other = (Half(light, w, psfs, len(h.frames)) for light, w, h in zip(lights, weight, pair, strict=True))
        halves.append((one, other))
    shape = (clipped.shape[0], clipped.shape[1])
    layout = make_layout(shape, width)
    return DeconvolutionJob(tuple(halves), clipped, layout, target, finer, check=run.context.check)


def _floor(pairs: list[tuple[GroupStack, GroupStack]], width: float) -> FloatImage:
    """(C, h, w) the sky and the light that is smooth on the scale of some stars: only what is above it is deconvolved, as x >= 0
    could not follow a sky below zero."""
    light = np.mean([h.light.reshape(-1, *h.light.shape[-2:]) for pair in pairs for h in pair], axis=0).astype(np.float32)
    side = 2 * int(np.ceil(FLOOR_REACH * width)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    found = []
    for channel in light:
        smooth = cv2.GaussianBlur(channel, (0, 0), FLOOR_BLUR * width)
        low = cv2.GaussianBlur(cv2.morphologyEx(smooth, cv2.MORPH_OPEN, disc), (0, 0), FLOOR_REACH * width / 2)
        above = (smooth - low)[channel != 0]
        # Noise makes the lowest values lower than the sky, by as much as the sky is above them.
        for _ in range(3):
            level = float(np.median(above))
            above = above[above <= level + 2 * mad_sigma(np.minimum(above, level), level)]
        # A positive scene that followed the sky itself would follow its noise.
        found.append(low + level + FLOOR_NOISE * mad_sigma((channel - smooth)[channel != 0]))
    return np.array(found, np.float32)


def _psf(run: FinishedRun, light: FloatImage, variance: FloatImage, stars: NDArray[np.void], finer: int) -> PsfImage:
    """The PSF of a stack, on stars whose shapes are measured again in it."""
    own = detect(light, DetectionSettings(sigma=7, max_stars=2000, saturation=BRIGHTEST))
    near = [int(np.argmin(np.hypot(own["x"] - s["x"], own["y"] - s["y"]))) for s in stars] if len(own) else []
    kept = [k for k, s in zip(near, stars, strict=False) if np.hypot(own["x"][k] - s["x"], own["y"][k] - s["y"]) < s["fwhm"] / 2]
    chosen = own[np.unique(kept)] if kept else own[:0]
    try:
        return measure_psf(light, variance, chosen[np.isfinite(chosen["fwhm"])], finer)
    except ValueError as error:
        raise InputError(f"The PSF of {run.directory.name} cannot be measured: {error}.",
                         "A deeper stack or a wider crop of the field has more stars.") from error
