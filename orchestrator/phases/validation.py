"""VALIDATION: the checks of every run, and the stack compared with the plain mean of the same frames (METHODS 13).

Products are not changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.checks.keep_advice import keep_advice
from orchestrator.checks.remedies import Step, remedy
from orchestrator.checks.run import run_checks
from orchestrator.checks.stack_stars import detect_in_parts
from orchestrator.config.settings import RunConfig
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.channels import green_channel
from orchestrator.stacking.state import RunState
from tilecore.detect.stars import DetectionSettings, aperture_flux
from tilecore.numerics.parts import Computed
from tilecore.stack import weights as tile_weights
from tilecore.stack.checks import FluxChanges, flux_changes, noise_at_scales, seam_score, usual_noise

__all__ = ["Criterion", "Validation"]

FloatArray = NDArray[np.float64]

# Sizes of sources for which the information kept is computed: FWHM in units of that of the PSF.
SOURCES = {"point": 0.0, "small": 2.0, "extended": 8.0}
# Least SNR of stars whose fluxes are compared.
PHOTOMETRY_SNR = 50.0
# Radius of their apertures in units of the FWHM.
APERTURE_FWHM = 2.0
# Least SNR of stars whose shapes are compared.
SHAPE_SNR = 20.0
# Distance in px within which stars of both images are the same star.
MATCH_RADIUS = 1.0
# FWHM in px that is assumed where none was measured.
DEFAULT_FWHM = 3.0
# Index of the scale at which the noise is compared (4 px): not affected by interpolation.
NOISE_SCALE = 2


@dataclass(frozen=True)
class Criterion:
    """One check of ``value`` against ``limit``, with the ``reason`` and the ``remedy`` for a failure."""

    name: str
    value: float
    limit: float
    failed: bool
    reason: str
    remedy: str

    @property
    def text(self) -> Message:
        """The reason and what to try."""
        return Message("{reason}: try {remedy}", reason=self.reason, remedy=self.remedy)

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Measured:
    """Measurements of the stack and the plain mean. Lengths in full-resolution pixels, noise in the unit of the pixels.

    Attributes
    ----------
    noise, noise_plain : (C, scales).
    information : source size -> (C, ty, tx) fraction of the information kept.
    effective : (C, ty, tx) effective number of frames.
    share : median over the tiles of ``effective`` divided by the number of frames that cover the tile.
    seen : (ty, tx) tiles that at least one frame covers; only these count.
    fwhm_frames : median over the frames and tiles.
    """

    fwhm: float
    fwhm_plain: float
    noise: FloatArray
    noise_plain: FloatArray
    seam: float
    fluxes: FluxChanges
    information: dict[str, FloatArray]
    effective: FloatArray
    share: float
    seen: NDArray[np.bool_]
    fwhm_frames: float = float("nan")

    def kept(self, source: str) -> float:
        """Fraction of the information on a source that is kept in the median tile."""
        return float(np.median(self.information[source][..., self.seen]))

    @property
    def noise_growth(self) -> float:
        """Noise relative to that of the plain mean, in the channel with the largest ratio."""
        plain = self.noise_plain[:, NOISE_SCALE]
        known = plain > 0
        return float(np.max(self.noise[known, NOISE_SCALE] / plain[known])) if known.any() else float("nan")


class Validation(Phase):
    name = "VALIDATION"
    settings = ("validation", "reconstruction.method", "registration.transform", "stacking.exclude")
    uses = ("session", "calibrated", "frames", "measurements", "plan", "stack", "uniform", "grid", "slots", "weights", "area",
            "transparency", "noise", "overlap", "left_out", "blocked", "rejected_by_frame", "scale_check")
    after = ("NORMALIZATION",)
    makes = ("failed_criteria",)
    pixels = True

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        green = green_channel(state.plan.channels)
        stars = detect_in_parts(state.stack.mean[green], state.stack.count[green], _most_stars(state))
        found = measure(state, green, stars)
        criteria = evaluate(found, context.config, state.usable)
        checked = run_checks(context, state, stars)
        failed = [*(c.text for c in checked.failed), *(c.text for c in criteria if c.failed)]
        state.failed_criteria = tuple(failed)
        noise = float(np.median([usual_noise(v) for v in state.stack.variance]))
        kept = min(checked.information.value, 1.0)  # a nan stays one
        summary = {"noise_adu": noise * FULL_SCALE, "information_kept": kept, "information_kept_model": found.kept("point"),
                   "equivalent_frames": kept * state.usable, "seam_score": found.seam, "failed": failed,
                   "checks": {c.name: c.status for c in checked.checks}}
        write_json(context.artifacts / "validation.json", {
            **summary, **_report(found, state.usable), "criteria": [asdict(c) for c in criteria]})
        statistics = state.statistics
        statistics.fwhm_px, statistics.plain_mean_fwhm_px = round(found.fwhm, 3), round(found.fwhm_plain, 3)
        statistics.noise_adu, statistics.noise_over_plain_mean = round(noise * FULL_SCALE, 3), round(found.noise_growth, 3)
        statistics.information_kept, statistics.equivalent_frames = round(kept, 3), round(kept * state.usable, 1)
        statistics.information_kept_model = round(found.kept("point"), 3)
        statistics.flux_scatter_mag, statistics.flux_drift_mag = round(found.fluxes.scatter, 4), round(found.fluxes.drift, 4)
        statistics.seam_score = round(found.seam, 3)
        # Frames of different panels cannot take each other's place.
        advice = keep_advice(state.weights[green], state.transparency[green], np.where(
            state.overlap > 0, state.noise[green], np.inf), np.sqrt(state.area)) if state.slots.is_full else None
        if advice is not None:
            context.warn(advice.text)
        for reason in failed:
            context.warn(Message("Validation: {reason}", reason=reason))
        return PhaseResult("validation_failed" if failed else "ok", summary)


def _most_stars(state: RunState) -> int:
    """As many stars for each frame's area of a mosaic as are detected in a frame: those left out would count as sky."""
    fields = np.prod(state.plan.shape) / np.prod(state.frames.shape)
    return DetectionSettings().max_stars * max(round(float(fields)), 1)


def measure(state: RunState, green: int, stars: NDArray[np.void]) -> Measured:
    """Compare the stack with the plain mean; shapes and fluxes of stars in the channel ``green``, in which ``stars`` of the stack
    were detected."""
    plan, grid, stack, uniform, overlap = state.plan, state.grid, state.stack, state.uniform, state.overlap
    # A drizzled stack may have a finer grid.
    finer = stack.mean.shape[1] / uniform.shape[1]
    count, mean = (_fitted(a[green], uniform.shape[1:]) for a in (stack.count, stack.mean))
    plain = detect_in_parts(uniform[green], count, DetectionSettings().max_stars)
    fwhm, fwhm_plain = (plan.step * f for f in _fwhm_of_both(stars, plain, finer))
    fluxes = _fluxes(stack.mean[green], uniform[green], plain, finer)
    shape = uniform.shape[1:]
    noise, noise_plain = (np.array([noise_at_scales(_fitted(i, shape), _fitted(c, shape))
                                    for i, c in zip(images, stack.count, strict=True)]) for images in (stack.mean, uniform))
    # The difference of the two images isolates steps at the borders of tiles. Where the frames differ in exposure most of its
    # noise is that of the plain mean.
    own, of_plain = (max(float(np.nan_to_num(n[green, 0])), 1e-9) for n in (noise, noise_plain))
    difference = Computed(mean.shape, lambda part: mean[part] - uniform[green][part])
    seam = seam_score(difference, grid, own, max(own, of_plain), count)
    effective = tile_weights.effective_frames(state.weights).astype(np.float64)
    frames = np.count_nonzero(overlap > 0, axis=0)
    seen = frames > 0
    share = float(np.median(effective[..., seen] / frames[seen]))
    return Measured(fwhm, fwhm_plain, noise, noise_plain, float(seam), fluxes, _information(state), effective, share, seen,
                    plan.step * float(np.nanmedian(np.sqrt(state.area * 2 * np.log(2) / np.pi))))


def _fitted(image: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """(h, w) on the grid of the plain mean."""
    if image.shape == shape:
        return image
    return np.asarray(cv2.resize(image, shape[::-1], interpolation=cv2.INTER_AREA), np.float32)


def _with_shape(stars: NDArray[np.void]) -> NDArray[np.void]:
    """Stars whose shape counts: those with a fitted profile. The widths of others, of the moments of their isophotes, decrease
    with their brightness."""
    good = stars[~stars["saturated"] & (stars["snr"] > SHAPE_SNR)]
    fitted = np.isfinite(good["beta"])
    return good[fitted] if fitted.any() else good


def _fwhm(stars: NDArray[np.void]) -> float:
    good = _with_shape(stars)
    return float(np.median(good["fwhm"])) if len(good) else float("nan")


def _fwhm_of_both(stack: NDArray[np.void], plain: NDArray[np.void], finer: float) -> tuple[float, float]:
    """Median FWHM of the stars found in both images, in pixels of the plain mean: the samples must be the same."""
    stack, plain = _with_shape(stack), _with_shape(plain)
    if not len(stack) or not len(plain):
        return _fwhm(stack) / finer, _fwhm(plain)
    places = np.column_stack([(stack["x"] + 0.5) / finer - 0.5, (stack["y"] + 0.5) / finer - 0.5])
    distance, nearest = cKDTree(places).query(np.column_stack([plain["x"], plain["y"]]))
    same = distance < MATCH_RADIUS
    if not same.any():
        return _fwhm(stack) / finer, _fwhm(plain)
    return float(np.median(stack["fwhm"][nearest[same]])) / finer, float(np.median(plain["fwhm"][same]))


def _fluxes(stack: NDArray[np.float32], plain: NDArray[np.float32], stars: NDArray[np.void], finer: float) -> FluxChanges:
    good = stars[~stars["saturated"] & (stars["snr"] > PHOTOMETRY_SNR)]
    x, y = good["x"].astype(np.float64), good["y"].astype(np.float64)
    radius = APERTURE_FWHM * (_fwhm(stars) if len(good) else DEFAULT_FWHM)
    return flux_changes(x, y, aperture_flux(stack, (x + 0.5) * finer - 0.5, (y + 0.5) * finer - 0.5, radius * finer),
                        aperture_flux(plain, x, y, radius), (plain.shape[0], plain.shape[1]))


def _information(state: RunState) -> dict[str, FloatArray]:
    """Fraction of the information kept on sources of several sizes, (C, ty, tx) each, from the measured noise and PSF."""
    fwhm = np.sqrt(state.area * 2 * np.log(2) / np.pi)
    known = np.where(state.overlap > 0, state.noise, np.inf)
    typical = float(np.median(fwhm[np.isfinite(fwhm)])) if np.isfinite(fwhm).any() else DEFAULT_FWHM
    return {name: np.array([tile_weights.information_kept(w, a, n, np.hypot(fwhm, size * typical))
                            for w, a, n in zip(state.weights, state.slots.over_tiles(state.transparency, 1), known, strict=True)])
            for name, size in SOURCES.items()}


def evaluate(found: Measured, config: RunConfig, frames: int) -> list[Criterion]:
    """All criteria, met or not. A value that could not be measured does not fail."""
    limits, method = config.validation, config.reconstruction.method
    point, extended = found.kept("point"), found.kept("extended")
    drift = max(found.fluxes.drift - 2 * found.fluxes.drift_error, 0) if np.isfinite(found.fluxes.drift) else float("nan")
    growth = found.fwhm / found.fwhm_plain
    worst = Message("--set selection.keep_fraction={keep_fraction:g} (the worst frames are left out)",
                    keep_fraction=0.8 * config.selection.keep_fraction)
    best, snr = Step("weights.mode", "best"), Step("weights.mode", "snr")
    sharp, uniform_field = Step("weights.mode", "psf_snr"), Step("weights.local", False)
    less_noise = Message("--set reconstruction.target_fwhm with a larger value") if method == "proper" else remedy(
        config, best, otherwise=worst)
    # Drizzle makes undersampled stars wider than interpolation does, and its noise is correlated differently.
    compared = method != "drizzle"

    def above(name: str, value: float, limit: float, reason: str, remedy: str, applies: bool = True) -> Criterion:
        return Criterion(name, value, limit, bool(applies and value > limit), Message("{reason}, the limit is {limit:g}",
                                                                                      reason=reason, limit=limit), remedy)

    def below(name: str, value: float, limit: float, reason: str, remedy: str) -> Criterion:
        return Criterion(name, value, limit, bool(value < limit), Message("{reason}, the minimum is {limit:g}", reason=reason,
                                                                          limit=limit), remedy)

    # The profile of a mean of sharp and wide stars has a narrow core: the plain mean of both may seem sharper than either.
    widened = compared and not found.fwhm < found.fwhm_frames
    return [
        above("fwhm_growth", growth, limits.max_fwhm_growth,
              Message("FWHM {fwhm:.2f} px is {growth:.2f} times that of the plain mean", fwhm=found.fwhm, growth=growth),
              Message("{remedy}, and check artifacts/registration.json for badly registered frames",
                      remedy=remedy(config, sharp, otherwise=worst)),
              widened),
        above("noise_growth", found.noise_growth, limits.max_noise_growth,
              Message("the noise is {noise_growth:.2f} times that of the plain mean",
                      noise_growth=found.noise_growth), less_noise, compared),
        above("seam_score", found.seam, limits.max_seam, Message("seam score {seam:.2f}: borders of tiles are visible in the "
                                                                 "sky", seam=found.seam),
              remedy(config, uniform_field, Step("tiles.overlap", 0.5), Step("tiles.min_size", 128, raised=True),
                     otherwise=worst)),
        above("flux_scatter_mag", found.fluxes.scatter, limits.max_flux_scatter,
              Message("star fluxes scatter by {scatter:.3f} mag relative to the plain mean", scatter=found.fluxes.scatter),
              remedy(config, Step("stacking.sigma_high", 5, "stars may be rejected", raised=True), uniform_field,
                     otherwise=worst)),
        above("flux_drift_mag", drift, limits.max_flux_drift,
              Message("star fluxes change over the field by {drift:.3f} mag relative to the plain mean",
                      drift=found.fluxes.drift),
              remedy(config, uniform_field, Step("normalization.surface_order", 1), otherwise=worst)),
        below("information_point", point, limits.min_information, Message("the weights keep {point:.2f} of the information on "
                                                                          "stars", point=point),
              remedy(config, best, uniform_field, otherwise=worst)),
        below("information_extended", extended, limits.min_information_extended,
              Message("the weights keep {extended:.2f} of the information on extended light", extended=extended),
              remedy(config, snr, otherwise=worst)),
        below("effective_frames", found.share, limits.min_effective_share,
              Message("a few frames dominate: in the median tile they count as {effective:.1f} of {frames}, {share:.2f} of "
                      "those that cover it", effective=np.median(found.effective[..., found.seen]), frames=frames,
                      share=found.share),
              remedy(config, snr, otherwise=worst)),
    ]


def _report(found: Measured, frames: int) -> dict[str, Any]:
    """The measurements behind the criteria, per channel and over the field."""
    def spread(values: FloatArray) -> dict[str, Any]:
        per_channel = [[float(np.min(c)), float(np.median(c)), float(np.max(c))] for c in values[..., found.seen]]
        return {"min_median_max_per_channel": per_channel, "tiles": np.round(values, 4)}

    return {
        "fwhm_px": found.fwhm, "fwhm_plain_mean_px": found.fwhm_plain, "fluxes": asdict(found.fluxes),
        "noise_by_scale_adu": found.noise * FULL_SCALE, "noise_by_scale_plain_mean_adu": found.noise_plain * FULL_SCALE,
        "information": {name: spread(values) for name, values in found.information.items()},
        "equivalent_frames_by_size": {name: found.kept(name) * frames for name in found.information},
        "effective_frames": spread(found.effective)}
