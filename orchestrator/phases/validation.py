"""VALIDATION: the stack against the plain mean of the same frames (METHODS 13). Never touches products."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.config.settings import RunConfig
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from tilecore.detect.stars import aperture_flux, detect
from tilecore.stack import weights as tile_weights
from tilecore.stack.checks import FluxChanges, flux_changes, noise_at_scales, seam_score

__all__ = ["Criterion", "Validation"]

FloatArray = NDArray[np.float64]

# Sizes of sources for which the information kept is told, FWHM in units of that of the PSF.
SOURCES = {"point": 0.0, "small": 2.0, "extended": 8.0}
# Stars whose fluxes are compared are so far above the noise, in circles of so many FWHM.
PHOTOMETRY_SNR, APERTURE_FWHM = 50.0, 2.0
# Stars whose shapes are compared; those of both pictures within so many pixels are the same.
SHAPE_SNR, SAME_STAR = 20.0, 1.0
# Index into the scales of the noise (4 px): beyond the reach of interpolation.
JUDGED_SCALE = 2


@dataclass(frozen=True)
class Criterion:
    """One check: ``value`` against ``limit``; where it fails, what is wrong and what to try."""

    name: str
    value: float
    limit: float
    failed: bool
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.reason}: try {self.remedy}"


@dataclass(frozen=True)
class Measured:
    """What is measured of stack and plain mean. Lengths in full-resolution pixels, noise in the pixels' unit.

    ``noise``, ``noise_plain`` (C, scales); ``information`` source size -> (C, ty, tx); ``effective`` (C, ty, tx);
    ``share`` the median of that over the frames that see the tile; ``seen`` (ty, tx) the tiles that any frame sees, others
    do not count.
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

    def kept(self, source: str) -> float:
        """Share of the information on a source kept in the median tile."""
        return float(np.median(self.information[source][..., self.seen]))

    @property
    def noise_growth(self) -> float:
        """Noise over that of the plain mean, the worst channel."""
        plain = self.noise_plain[:, JUDGED_SCALE]
        known = plain > 0
        return float(np.max(self.noise[known, JUDGED_SCALE] / plain[known])) if known.any() else float("nan")


class Validation(Phase):
    name = "VALIDATION"
    settings = ("validation", "reconstruction.method")
    uses = ("frames", "plan", "stack", "uniform", "grid", "weights", "area", "transparency", "noise",
            "overlap")
    makes = ("failed_criteria",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        found = measure(state)
        criteria = judge(found, context.config, state.usable)
        failed = [str(c) for c in criteria if c.failed]
        state.failed_criteria = tuple(failed)
        sigma = np.sqrt(np.maximum(state.stack.variance, 0)) if state.stack is not None else np.zeros(1)
        noise = float(np.median(sigma[sigma > 0])) if np.any(sigma > 0) else 0.0
        kept = found.kept("point")
        summary = {"noise_adu": noise * FULL_SCALE, "information_kept": kept, "equivalent_frames": kept * state.usable,
                   "seam_score": found.seam, "failed": failed}
        write_json(context.artifacts / "validation.json", {
            **summary, **_report(found, state.usable), "criteria": [asdict(c) for c in criteria]})
        state.statistics |= {
            "FWHM of the stack (px)": round(found.fwhm, 3), "FWHM of the plain mean (px)": round(found.fwhm_plain, 3),
            "noise of the stack (ADU)": round(noise * FULL_SCALE, 3),
            "noise, of that of the plain mean": round(found.noise_growth, 3),
            "information kept": f"{kept:.3f} (as {kept * state.usable:.1f} perfect frames of {state.usable})",
            "star fluxes against the plain mean (mag)": f"scatter {found.fluxes.scatter:.4f}, drift {found.fluxes.drift:.4f}",
            "seam score": round(found.seam, 3)}
        for reason in failed:
            context.warn(f"Validation: {reason}")
        return PhaseResult("validation_failed" if failed else "ok", summary)


def measure(state: RunState) -> Measured:
    """Stack and plain mean compared; shapes and fluxes of stars in the green channel."""
    plan, grid, stack, uniform = state.plan, state.grid, state.stack, state.uniform
    assert plan is not None and grid is not None and stack is not None and uniform is not None and state.weights is not None
    overlap = state.overlap
    assert overlap is not None
    green = plan.channels.index("G" if "G" in plan.channels else "G1" if "G1" in plan.channels else plan.channels[0])
    # A drizzled stack may have a grid of its own.
    finer = stack.mean.shape[1] / uniform.shape[1]
    stars, plain = detect(stack.mean[green]), detect(uniform[green])
    fwhm, fwhm_plain = (plan.step * f for f in _fwhm_of_both(stars, plain, finer))
    fluxes = _fluxes(stack.mean[green], uniform[green], plain, finer)
    covered = [_fitted(c, uniform.shape[1:]) > 0 for c in stack.count]
    means = [_fitted(m, uniform.shape[1:]) for m in stack.mean]
    noise, noise_plain = (np.array([noise_at_scales(i, c) for i, c in zip(images, covered, strict=True)])
                          for images in (means, uniform))
    # Across a line of a tile's border the difference of the two pictures shows the border alone.
    seam = seam_score(means[green] - uniform[green], grid, max(float(np.nan_to_num(noise[green, 0])), 1e-9))
    effective = tile_weights.effective_frames(state.weights).astype(np.float64)
    frames = np.count_nonzero(overlap > 0, axis=0)
    seen = frames > 0
    share = float(np.median(effective[..., seen] / frames[seen]))
    return Measured(fwhm, fwhm_plain, noise, noise_plain, float(seam), fluxes, _information(state), effective, share, seen)


def _fitted(image: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """(h, w) on the grid of the plain mean."""
    if image.shape == shape:
        return image
    return np.asarray(cv2.resize(image, shape[::-1], interpolation=cv2.INTER_AREA), np.float32)


def _fwhm(stars: NDArray[np.void]) -> float:
    good = stars[~stars["saturated"] & (stars["snr"] > SHAPE_SNR)]
    return float(np.median(good["fwhm"])) if len(good) else float("nan")


def _fwhm_of_both(ours: NDArray[np.void], plain: NDArray[np.void], finer: float) -> tuple[float, float]:
    """Median FWHM of the stars that both pictures show, in pixels of the plain mean: other stars would be another sample."""
    ours, plain = (s[~s["saturated"] & (s["snr"] > SHAPE_SNR)] for s in (ours, plain))
    if not len(ours) or not len(plain):
        return _fwhm(ours) / finer, _fwhm(plain)
    places = np.column_stack([(ours["x"] + 0.5) / finer - 0.5, (ours["y"] + 0.5) / finer - 0.5])
    distance, nearest = cKDTree(places).query(np.column_stack([plain["x"], plain["y"]]))
    same = distance < SAME_STAR
    if not same.any():
        return _fwhm(ours) / finer, _fwhm(plain)
    return float(np.median(ours["fwhm"][nearest[same]])) / finer, float(np.median(plain["fwhm"][same]))


def _fluxes(ours: NDArray[np.float32], plain: NDArray[np.float32], stars: NDArray[np.void], finer: float) -> FluxChanges:
    good = stars[~stars["saturated"] & (stars["snr"] > PHOTOMETRY_SNR)]
    x, y = good["x"].astype(np.float64), good["y"].astype(np.float64)
    radius = APERTURE_FWHM * (_fwhm(stars) if len(good) else 3.0)
    return flux_changes(x, y, aperture_flux(ours, (x + 0.5) * finer - 0.5, (y + 0.5) * finer - 0.5, radius * finer),
                        aperture_flux(plain, x, y, radius), (plain.shape[0], plain.shape[1]))


def _information(state: RunState) -> dict[str, FloatArray]:
    """Share of the information kept of sources of several sizes, (C, ty, tx) each: from noise and PSF as they were measured."""
    assert state.weights is not None and state.area is not None and state.transparency is not None and state.noise is not None
    assert state.overlap is not None
    fwhm = np.sqrt(state.area * 2 * np.log(2) / np.pi)
    known = np.where(state.overlap > 0, state.noise, np.inf)
    typical = float(np.median(fwhm[np.isfinite(fwhm)])) if np.isfinite(fwhm).any() else 3.0
    return {name: np.array([tile_weights.information_kept(w, a, n, np.hypot(fwhm, size * typical))
                            for w, a, n in zip(state.weights, state.transparency, known, strict=True)])
            for name, size in SOURCES.items()}


def judge(found: Measured, config: RunConfig, frames: int) -> list[Criterion]:
    """All criteria, those that hold too. What could not be measured does not fail."""
    limits, method = config.validation, config.reconstruction.method
    point, extended = found.kept("point"), found.kept("extended")
    drift = max(found.fluxes.drift - 2 * found.fluxes.drift_error, 0) if np.isfinite(found.fluxes.drift) else float("nan")
    growth = found.fwhm / found.fwhm_plain
    calmer = "--set reconstruction.target_fwhm with a larger value" if method == "proper" else "--set weights.mode=best"
    # Drops of finite size make undersampled stars wider than interpolation does, and noise of another kind: drizzle's choice.
    compared = method != "drizzle"

    def above(name: str, value: float, limit: float, reason: str, remedy: str, judged: bool = True) -> Criterion:
        return Criterion(name, value, limit, bool(judged and value > limit), f"{reason}, the limit is {limit:g}", remedy)

    def below(name: str, value: float, limit: float, reason: str, remedy: str) -> Criterion:
        return Criterion(name, value, limit, bool(value < limit), f"{reason}, at least {limit:g} is asked for", remedy)

    return [
        above("fwhm_growth", growth, limits.max_fwhm_growth,
              f"FWHM {found.fwhm:.2f} px is {growth:.2f} times that of the plain mean",
              "--set weights.mode=psf_snr, and look for badly registered frames in artifacts/registration.json", compared),
        above("noise_growth", found.noise_growth, limits.max_noise_growth,
              f"the noise is {found.noise_growth:.2f} times that of the plain mean", calmer, compared),
        above("seam_score", found.seam, limits.max_seam, f"seam score {found.seam:.2f}: tiles show in the sky",
              "--set weights.local=false, or --set tiles.overlap=0.5"),
        above("flux_scatter_mag", found.fluxes.scatter, limits.max_flux_scatter,
              f"star fluxes scatter by {found.fluxes.scatter:.3f} mag against the plain mean",
              "--set stacking.high=5 (stars may be rejected), or --set weights.local=false"),
        above("flux_drift_mag", drift, limits.max_flux_drift,
              f"star fluxes change over the field by {found.fluxes.drift:.3f} mag against the plain mean",
              "--set weights.local=false, and look at the flats"),
        below("information_point", point, limits.min_information, f"the weights keep {point:.2f} of the information on stars",
              "--set weights.mode=best"),
        below("information_extended", extended, limits.min_information_extended,
              f"the weights keep {extended:.2f} of the information on extended light", "--set weights.mode=snr"),
        below("effective_frames", found.share, limits.min_effective_share,
              f"a few frames dominate: in the median tile they count as {np.median(found.effective[..., found.seen]):.1f} "
              f"of {frames}, {found.share:.2f} of those that see it",
              "--set weights.mode=snr, or leave the worst frames out"),
    ]


def _report(found: Measured, frames: int) -> dict[str, Any]:
    """The numbers behind the criteria, per channel and over the field."""
    def spread(values: FloatArray) -> dict[str, Any]:
        per_channel = [[float(np.min(c)), float(np.median(c)), float(np.max(c))] for c in values[..., found.seen]]
        return {"min_median_max_per_channel": per_channel, "tiles": np.round(values, 4)}

    return {
        "fwhm_px": found.fwhm, "fwhm_plain_mean_px": found.fwhm_plain, "fluxes": asdict(found.fluxes),
        "noise_by_scale_adu": found.noise * FULL_SCALE, "noise_by_scale_plain_mean_adu": found.noise_plain * FULL_SCALE,
        "information": {name: spread(values) for name, values in found.information.items()},
        "equivalent_frames_by_size": {name: found.kept(name) * frames for name in found.information},
        "effective_frames": spread(found.effective)}
