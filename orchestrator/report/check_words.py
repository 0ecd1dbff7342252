"""Names of the checks and criteria of a run, and notes to their pictures."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CHECKS", "CRITERIA", "LOWER_LIMITS", "CheckWords"]

# Names of the criteria of VALIDATION, and those whose limit is a lower one.
CRITERIA = {
    "fwhm_growth": "FWHM relative to the plain mean",
    "noise_growth": "Noise relative to the plain mean",
    "seam_score": "Seam score",
    "flux_scatter_mag": "Scatter of star fluxes (mag)",
    "flux_drift_mag": "Drift of star fluxes over the field (mag)",
    "information_point": "Information kept on stars (model)",
    "information_extended": "Information kept on extended light (model)",
    "effective_frames": "Effective frames relative to those that cover the tile"}
LOWER_LIMITS = ("information_point", "information_extended", "effective_frames")


class CheckWords(NamedTuple):
    """Title of a check, and a note that explains its picture."""

    title: str
    picture: str


# The checks of every run (orchestrator.checks), in their order.
CHECKS: dict[str, CheckWords] = {
    "star_light": CheckWords("Stars keep their light",
                             "Flux of bright stars in the stack relative to the calibrated frames, against their brightness."),
    "calibration": CheckWords("Calibration is plausible", "Sky of the calibrated lights in the middle and in the corners."),
    "geometry": CheckWords("Frames place stars at the same point",
                           "Distance between the places that pairs of frames give to the same stars."),
    "scale": CheckWords("Brightness and colour of single frames",
                        "Star fluxes in single frames relative to the stack, measured independently of the normalization."),
    "halves": CheckWords("Half-stacks agree",
                         "Noise measured on the difference of two half-stacks, in units of the expected noise."),
    "rejection": CheckWords("Rejection is plausible", "Share of the samples rejected at each place."),
    "sky_surface": CheckWords("The sky is one surface", "Level of the stack in small areas, in units of the noise of a pixel."),
}
