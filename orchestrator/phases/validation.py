"""VALIDATION: the stack against the plain mean of the same frames (METHODS 13). Never touches products."""

from __future__ import annotations

import cv2
import numpy as np

from orchestrator.phases.state import Phase, PhaseResult, RunState
from orchestrator.run.artifacts import write_json
from orchestrator.run.context import RunContext
from tilecore import weights as tile_weights
from tilecore.stars import detect
from tilecore.validate import seam_score

__all__ = ["Validation"]


class Validation(Phase):
    name = "VALIDATION"
    settings = ("validation", "reconstruction.method")
    uses = ("frames", "plan", "stack", "uniform", "grid", "weights", "area", "transparency", "noise")
    makes = ("failed_criteria",)

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        plan, settings = state.plan, context.config.validation
        assert plan is not None and state.stack is not None and state.uniform is not None
        assert state.grid is not None and state.weights is not None and state.area is not None
        assert state.transparency is not None and state.noise is not None
        channel = plan.channels.index("G" if "G" in plan.channels else "G1" if "G1" in plan.channels else plan.channels[0])
        mean, uniform = state.stack.mean[channel], state.uniform[channel]
        # A drizzled stack may have a grid of its own.
        finer = mean.shape[0] / uniform.shape[0]
        ours, plain = detect(mean), detect(uniform)
        fwhm, fwhm_plain = _fwhm(ours) * plan.step / finer, _fwhm(plain) * plan.step
        if mean.shape != uniform.shape:
            mean = cv2.resize(mean, uniform.shape[::-1], interpolation=cv2.INTER_AREA)
        sigma = np.sqrt(np.maximum(state.stack.variance[channel], 0))
        noise = float(np.median(sigma[sigma > 0])) if np.any(sigma > 0) else 0.0
        seam = seam_score(mean - uniform, state.grid, max(noise, 1e-9))
        fwhm_tiles = np.sqrt(state.area * 2 * np.log(2) / np.pi)
        kept = float(np.median(tile_weights.information_kept(
            state.weights[channel], state.transparency[channel], state.noise[channel], fwhm_tiles)))
        failed = []
        # Drops of finite size make undersampled stars wider than interpolation does: that is the choice of drizzle.
        judged = context.config.reconstruction.method != "drizzle" and np.isfinite(fwhm) and np.isfinite(fwhm_plain)
        if judged and fwhm > settings.max_fwhm_growth * fwhm_plain:
            failed.append(f"FWHM {fwhm:.2f} px, that of the plain mean is {fwhm_plain:.2f} px")
        if kept < settings.min_information:
            failed.append(f"the weights keep {kept:.2f} of the information, {settings.min_information} is asked for: "
                          "try --set weights.mode=psf_snr")
        if seam > settings.max_seam:
            failed.append(f"seam score {seam:.2f} above {settings.max_seam}: try --set weights.local=false")
        state.failed_criteria = tuple(failed)
        summary = {"fwhm_px": fwhm, "fwhm_plain_mean_px": fwhm_plain, "noise_adu": noise * 65535,
                   "information_kept": kept, "equivalent_frames": kept * state.usable, "seam_score": float(seam),
                   "failed": failed}
        write_json(context.artifacts / "validation.json", summary)
        state.statistics["FWHM of the stack (px)"] = round(fwhm, 3)
        state.statistics["FWHM of the plain mean (px)"] = round(fwhm_plain, 3)
        state.statistics["noise of the stack (ADU)"] = round(noise * 65535, 3)
        state.statistics["seam score"] = round(float(seam), 3)
        for reason in failed:
            context.warn(f"Validation: {reason}")
        return PhaseResult("validation_failed" if failed else "ok", summary)


def _fwhm(stars: np.ndarray) -> float:
    good = stars[~stars["saturated"] & (stars["snr"] > 20)]
    return float(np.median(good["fwhm"])) if len(good) else float("nan")
