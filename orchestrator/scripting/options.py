"""The options of the standalone Siril scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from orchestrator.config.section import Positive, Section
from orchestrator.config.settings import Calibration, RunConfig
from orchestrator.engines.base import fitted_model
from orchestrator.errors import ConfigError

__all__ = ["ScriptOptions"]

REJECTION = {"percentile": "p", "sigma": "s", "median": "m", "winsorized": "w", "linear_fit": "l", "gesd": "g", "mad": "a"}
INTERPOLATION = {"lanczos4": "la", "lanczos3": "la", "bicubic": "cu", "bilinear": "li", "nearest": "ne"}
FRAMING = {"auto": "current", "reference": "current", "union": "max", "intersection": "min"}
WEIGHTS: dict[str, str] = {"uniform": "none", "snr": "noise"}
# Siril has no photometric scale: "addscale" scales by the noise, which is higher in the reference because it is not resampled.
NORMALIZATION = {"photometric": "add", "background": "add", "none": "none"}
# For these two Siril's thresholds (low, high) are fractions, not sigmas.
SHARES = {"percentile": (0.2, 0.1), "gesd": (0.3, 0.05)}


class ScriptOptions(Section):
    """How the scripts register and stack. The defaults are those of an `orchestrate` run, as far as Siril has an equivalent."""

    calibration: Calibration = Calibration()
    registration: Literal["1-pass", "2-pass"] = Field("2-pass", description="2-pass finds the best reference first.")
    transform: Literal["shift", "similarity", "affine", "homography"] = "similarity"
    min_pairs: int = Field(8, ge=3, description="Star pairs that a frame must have with the reference.")
    max_stars: int = Field(500, ge=100, le=2000, description="Brightest stars used.")
    reference: str = Field("auto", description="auto, or the reference light: its file name, preceded by "
                           "as many folders as make it unique.")
    framing: Literal["current", "min", "max", "cog"] = Field("current", description="Area of the sky that the stack shows.")
    interpolation: Literal["lanczos4", "lanczos3", "bicubic", "bilinear", "nearest"] = "lanczos4"
    drizzle: bool = False
    scale: float = Field(1.0, ge=0.1, le=3, description="drizzle: output pixels per frame pixel, along each axis.")
    pixfrac: float = Field(0.9, gt=0, le=1, description="drizzle: size of the drop, in frame pixels.")
    kernel: Literal["square", "turbo", "point", "gaussian", "lanczos2", "lanczos3"] = "square"
    rejection: Literal["none", "percentile", "sigma", "median", "winsorized", "linear_fit", "gesd", "mad"] = "winsorized"
    low: Positive = Field(4.0, description="Low threshold in sigma (percentile and gesd: a fraction).")
    high: Positive = Field(3.5, description="High threshold in sigma (percentile and gesd: a fraction).")
    normalization: Literal["none", "add", "mul", "addscale", "mulscale"] = Field(
        "add", description="add equalizes the sky and keeps the scale of the fluxes; addscale and mulscale scale by the noise.")
    weights: Literal["none", "noise", "nbstars", "wfwhm"] = "wfwhm"
    bits32: bool = Field(True, description="Result in 32-bit floating point; false: 16-bit integers.")
    compression: Literal["none", "rice", "gzip1", "gzip2"] = Field(
        "none", description="Compression of intermediate frames; off with drizzle, which cannot read them.")
    compress_result: bool = Field(False, description="Compress the result too; with a quantization above 0 that is lossy.")
    quantization: int = Field(16, ge=0, le=256, description="Quantization levels of the noise in compressed frames.")
    packing: Literal["none", "auto", "fitseq", "ser"] = Field(
        "auto", description="Store more than pack_above frames in one file: systems limit the number of open files. "
        "auto: fitseq.")
    pack_above: int = Field(2000, ge=1, description="Windows may stop Siril at 2048 open files.")
    copy_frames: bool = Field(False, description="Copy the raw frames instead of linking to them.")
    mirror: bool = Field(False, description="Flip the result vertically (mirrorx -bottomup).")
    channels: dict[str, str] = Field({}, description="Filter of each channel; default: the usual letters.")
    palette: str | dict[str, dict[str, float]] = Field("auto", description="How the stacks of several filters are combined.")
    templates: Path | None = Field(None, description="Folder with custom templates.")

    @model_validator(mode="after")
    def _goes_together(self) -> ScriptOptions:
        if self.registration == "1-pass" and self.framing != "current":
            raise ValueError(f"framing {self.framing} needs registration 2-pass")
        if self.rejection in SHARES and max(self.low, self.high) > 1:
            raise ValueError(f"rejection {self.rejection} takes fractions (0 to 1) as low and high, "
                             f"not {self.low:g} and {self.high:g}")  # fmt: skip
        return self

    @classmethod
    def of(cls, config: RunConfig | None = None, **changes: Any) -> ScriptOptions:
        """The options closest to a configuration. ``changes`` take precedence, except those that are None.

        Raises
        ------
        ConfigError : invalid values, or values that cannot be combined.
        """
        config = config or RunConfig()
        registration, stacking = config.registration, config.stacking
        rejection = stacking.rejection
        given = {name: value for name, value in changes.items() if value is not None}
        thresholds = SHARES.get(given.get("rejection", rejection), (stacking.sigma_low, stacking.sigma_high))
        values = {
            "calibration": config.calibration, "min_pairs": max(4, registration.min_inliers),
            "transform": "similarity" if registration.transform == "auto" else fitted_model(registration.transform),
            "max_stars": min(2000, max(100, registration.max_stars)), "reference": registration.reference,
            "framing": FRAMING[config.canvas.extent], "interpolation": registration.interpolation,
            "drizzle": config.reconstruction.method == "drizzle", "scale": min(3.0, config.reconstruction.scale),
            "pixfrac": config.reconstruction.pixfrac, "kernel": config.reconstruction.kernel, "rejection": rejection,
            "low": thresholds[0], "high": thresholds[1], "normalization": NORMALIZATION[config.normalization.mode],
            "weights": WEIGHTS.get(config.weights.mode, "wfwhm"), "templates": config.engine.siril.templates,
            "palette": config.output.palette,
            **given}  # fmt: skip
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}".lstrip(": ").replace("Value error, ", "")
                                for e in error.errors())
            raise ConfigError(f"The options of the scripts: {reasons}.", "See `orchestrate script --help`.") from None

    @property
    def interp(self) -> str:
        return INTERPOLATION[self.interpolation]

    @property
    def rejection_words(self) -> str:
        return "none" if self.rejection == "none" else f"{REJECTION[self.rejection]} {self.low:g} {self.high:g}"

    @property
    def norm_word(self) -> str:
        return "-nonorm" if self.normalization == "none" else f"-norm={self.normalization}"

    @property
    def weight_word(self) -> str:
        """With a leading blank."""
        return "" if self.weights == "none" else f" -weight={self.weights}"

    @property
    def compresses(self) -> bool:
        return self.compression != "none" and not self.drizzle

    @property
    def drizzled_gain(self) -> float:
        """The factor that restores the brightness of the frames in a drizzled stack."""
        return 1 / self.scale**2 if self.drizzle else 1.0
