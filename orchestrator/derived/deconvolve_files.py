"""Files of a deconvolved picture: the picture, what was measured on it, and the curve of the cross-validation."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.derived.deconvolve_tiles import CrossValidation, DeconvolutionJob, Half
from orchestrator.derived.finished_run import FinishedRun
from orchestrator.derived.motion import stack_wcs
from orchestrator.derived.pictures import write_row
from orchestrator.derived.plots import plot, write_plots
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from tilecore.detect.psf import aperture_share
from tilecore.detect.stars import DetectionSettings, aperture_flux, detect, sky_ring
from tilecore.numerics.statistics import mad_sigma
from tilecore.stack.checks import noise_at_scales

__all__ = ["write_products"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Radius (FWHM of the stack) about clipped pixels in which the stack is kept, and over which it fades out.
KEPT, FADE = 2.0, 1.0
# Signal-to-noise of the stars of which the FWHM of the picture is the median; limits of the classes in the table.
CLEAR = 50.0
CLASSES = (10.0, 20.0, 50.0, 200.0, float("inf"))
# Radius (FWHM of the stack) of the aperture in which light is compared, and the distance to the next star.
APERTURE, ALONE = 3.0, 7.0
# Sides (px) of the squares on which the noise is compared, and signal-to-noise (of a pixel) from which a pixel is not sky.
SCALES = (1, 2, 4, 8)
SKY = 3.0
# Side (px) of the part that the picture shows.
PART = 240


def write_products(run: FinishedRun, picture: FloatImage, sharp: FloatImage,
                   how: tuple[DeconvolutionJob, CrossValidation, NDArray[np.bool_]]) -> tuple[dict[str, Path], dict[str, Any]]:
    """Write the picture: the stack ``picture`` with the scene ``sharp`` in place of its light: the files by name, facts."""
    job, validation, clipped = how
    light = _mean_light(job).reshape(picture.shape)
    width = _width(job)
    product = np.where(picture != 0, picture + (1 - _kept(clipped, width)) * (sharp - light), 0).astype(np.float32)
    facts = _facts(job, validation, (light, light + product - picture), clipped)
    folder = run.folder("deconvolve")
    header = run.header(product, "deconvolved picture; for measurements use the stack")
    found = stack_wcs(run.directory)
    if found is not None and found[1] == product.shape[-2:]:
        header.update(found[0].to_header(relax=True))
    for card, name, what in (("PSFFWHM", "fwhm_px", f"[px] measured on stars of S/N above {CLEAR:g}"),
                             ("STKFWHM", "fwhm_of_stack_px", "[px] the same of the stack")):
        if facts[name] is not None:
            header[card] = (round(facts[name], 3), what)
    files = {"picture": folder / "deconvolved.fits", "plot": folder / "cross_validation.svg",
             "before_after": folder / "before_after.png", "facts": folder / "deconvolve.json"}
    fits_io.write(files["picture"], product, header)
    steps = np.arange(1, len(validation.curve) + 1, dtype=np.float64)
    shown = steps >= min(facts["steps"], 5)
    write_plots(files["plot"], [plot(f"one half explained by the scene of the other; {facts['steps']} steps are used", "steps",
                                     "mean of (d - P x)^2 / v", (steps[shown], validation.curve[shown], None),
                                     marked=(steps == facts["steps"])[shown])])
    box = _part(light)
    write_row(files["before_after"], [np.ascontiguousarray(i[box]) for i in (picture, product)],
              top_down=run.state.session.lights[0].top_down)
    write_json(files["facts"], facts)
    return files, facts


def _mean_light(job: DeconvolutionJob) -> FloatImage:
    """(C, h, w) the weighted mean of all halves, without their errors of the PSF."""
    return _mean_of([h for pair in job.groups for h in pair], (slice(None),))


def _mean_of(halves: list[Half], box: tuple[slice, ...]) -> FloatImage:
    total = np.asarray(sum(h.weight[box] for h in halves))
    light = np.asarray(sum(h.weight[box] * h.light[box] for h in halves))
    return np.asarray(np.divide(light, total, out=np.zeros_like(total), where=total > 0), np.float32)


def _width(job: DeconvolutionJob) -> float:
    return float(np.mean([p.model.fallback for one, _ in job.groups for p in one.psfs]))


def _kept(clipped: NDArray[np.bool_], width: float) -> FloatImage:
    """(h, w) 1 about clipped pixels, fading out."""
    if not clipped.any():
        return np.zeros(clipped.shape, np.float32)
    distance = cv2.distanceTransform((~clipped).astype(np.uint8), cv2.DIST_L2, 5)
    ramp = np.clip((KEPT + FADE - distance / width) / FADE, 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), np.float32)


def _part(light: FloatImage) -> tuple[Any, ...]:
    """The part of a picture about its brightest place that is shown."""
    mean = cv2.GaussianBlur(light.reshape(-1, *light.shape[-2:]).mean(axis=0), (0, 0), PART / 8)
    y, x = np.unravel_index(int(np.argmax(mean)), mean.shape)
    y0, x0 = (int(np.clip(v - PART // 2, 0, max(n - PART, 0))) for v, n in zip((y, x), mean.shape, strict=True))
    return (..., slice(y0, y0 + PART), slice(x0, x0 + PART))


def _facts(job: DeconvolutionJob, validation: CrossValidation, lights: tuple[FloatImage, FloatImage],
           clipped: NDArray[np.bool_]) -> dict[str, Any]:
    width = _width(job)
    before, after = (np.ascontiguousarray(i.reshape(-1, *i.shape[-2:]).mean(axis=0)) for i in lights)
    away = _kept(clipped, width) == 0
    old, new = (_stars(i, away) for i in (before, after))
    table = [{"snr_from": low, "snr_to": high if np.isfinite(high) else None, "stars": int(_between(new, low, high).sum()),
              "fwhm_of_stack_px": _median_of(old, "fwhm", low, high), "fwhm_px": _median_of(new, "fwhm", low, high)}
             for low, high in pairwise(CLASSES)]
    beta = float(np.mean([p.model.beta for one, _ in job.groups for p in one.psfs]))
    ratio = _flux_ratios(before, after, old, (width, beta))
    return {"groups": [{"frames": one.frames + other.frames, "fwhm_px": float(np.mean([p.model.fallback for p in one.psfs])),
                        "stars_of_psf": [p.stars for p in one.psfs]} for one, other in job.groups],
            "steps": job.steps, "drawn_with_fwhm_px": job.target,
            "fwhm_px": _median_of(new, "fwhm", CLEAR), "roundness": _median_of(new, "roundness", CLEAR),
            "fwhm_of_stack_px": _median_of(old, "fwhm", CLEAR), "roundness_of_stack": _median_of(old, "roundness", CLEAR),
            "fwhm_by_snr": table, "flux_ratio": {"stars": len(ratio), "median": float(np.median(ratio)) if len(ratio) else None,
                                                 "scatter": float(mad_sigma(ratio)) if len(ratio) > 2 else None},
            "noise": _noise(job, validation), "cross_validation": np.round(validation.curve, 5).tolist()}


def _stars(image: FloatImage, away: NDArray[np.bool_]) -> NDArray[np.void]:
    """Stars of an image (h, w), without those where it was left as it is."""
    found = detect(image, DetectionSettings(max_stars=2000))
    found = found[~found["saturated"] & np.isfinite(found["fwhm"])]
    return np.asarray(found[away[np.rint(found["y"]).astype(int), np.rint(found["x"]).astype(int)]])


def _between(stars: NDArray[np.void], low: float, high: float) -> NDArray[np.bool_]:
    return np.asarray((stars["snr"] >= low) & (stars["snr"] < high))


def _median_of(stars: NDArray[np.void], name: str, low: float, high: float = float("inf")) -> float | None:
    """The median of a measured value of stars with a signal-to-noise in a range; None without any."""
    chosen = stars[name][_between(stars, low, high)]
    return float(np.median(chosen)) if len(chosen) else None


def _flux_ratios(before: FloatImage, after: FloatImage, stars: NDArray[np.void], shape: tuple[float, float]) -> FloatArray:
    """Light of clear stars that are alone in the picture over that in the stack, in one aperture; ``shape``: FWHM and exponent of
    the PSF of the stack."""
    width, beta = shape
    places = np.stack([stars["x"], stars["y"]], 1)
    alone = [np.sort(np.hypot(*(places - p).T))[1:2].min(initial=np.inf) > ALONE * width for p in places]
    chosen = stars[np.array(alone, np.bool_) & (stars["snr"] > CLEAR)]
    radius = APERTURE * width
    one, other = (aperture_flux(i, chosen["x"], chosen["y"], radius) for i in (before, after))
    # The wings of the wider stars are beyond the aperture.
    one = one / aperture_share(np.array(width), beta, radius, sky_ring(radius))
    good = np.isfinite(one) & np.isfinite(other) & (one > 0)
    return np.asarray(other[good] / one[good])


def _noise(job: DeconvolutionJob, validation: CrossValidation) -> dict[str, Any]:
    """The noise of the sky in squares of some sizes over that of the stack, from the halves of the sample."""
    assert validation.halves is not None
    tile = validation.tiles[0]
    block = job.core(tile)
    box = (slice(None), slice(block.y0, block.y1), slice(block.x0, block.x1))
    found = []
    for c, drawn in enumerate(validation.halves):
        sides = [_mean_of([pair[k] for pair in job.groups], box) for k in (0, 1)]
        light, noise = (sides[0] + sides[1])[c] / 2, (sides[0] - sides[1])[c] / 2
        clear = cv2.GaussianBlur(light, (0, 0), 1) > SKY * mad_sigma(noise)
        sky = 1 - cv2.dilate(clear.astype(np.uint8), np.ones((2 * int(_width(job)) + 1,) * 2, np.uint8))
        made = (drawn[0] - drawn[1]) / 2
        found.append(noise_at_scales(made, sky, SCALES) / noise_at_scales(noise, sky, SCALES))
    ratio = np.nanmean(found, axis=0)
    return {"squares_px": list(SCALES), "ratio_to_stack": [round(float(r), 4) if np.isfinite(r) else None for r in ratio]}
