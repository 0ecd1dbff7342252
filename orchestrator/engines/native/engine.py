"""The native engine: masters and calibration with numpy and numba, registration on stars. Needs no external program."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.bad_pixels import bad_from_dark
from orchestrator.engines.base import CalibrationResult, FrameSet
from orchestrator.engines.native.fixed_pattern import NO_DARKS, Cleaning, master_pixels, pattern_from_lights, read_clean
from orchestrator.engines.native.masters import master_from, plain_layout, synthetic_level
from orchestrator.engines.native.registration import register_native
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import ImageLayout
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.serialization import storable
from orchestrator.session.model import Role, Session
from tilecore.calibrate import masters as calibrate
from tilecore.detect.metrics import FrameMeasurement

__all__ = ["CalibratedReader", "NativeEngine"]

logger = logging.getLogger(__name__)


@storable()
@dataclass(frozen=True)
class CalibratedReader:
    """Calibrates the rows of a light while they are read. The result does not depend on how the rows are split.

    ``bad`` and ``pattern`` are the maps of bad pixels and fixed pattern, ``pedestal`` a constant bias (1.0 = 65535 ADU).
    """

    layout: ImageLayout
    dark: Path | None
    flat: Path | None
    bad: Path | None
    cfa: bool
    pedestal: float = 0.0
    dark_scale: float = 1.0
    bias: Path | None = None
    pattern: Path | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.layout.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> NDArray[np.float32]:
        cleaning = Cleaning(self.bad, self.pattern, self.cfa)
        return read_clean(self._calibrated, self.shape[-2], cleaning, row_start, row_stop)

    def _calibrated(self, first: int, last: int) -> NDArray[np.float32]:
        data = self.layout.read(first, last)
        part = slice(first, last)
        dark = master_pixels(self.dark)[..., part, :] if self.dark else None
        if self.bias and self.dark_scale != 1.0 and dark is not None:
            bias = master_pixels(self.bias)[..., part, :]
            data, dark = data - bias, dark - bias
        flat = master_pixels(self.flat)[..., part, :] if self.flat else None
        return calibrate.calibrate_rows(data, dark, flat, self.dark_scale, self.pedestal)


@storable(())
@dataclass
class NativeEngine:
    """Stage one without external programs. :meth:`register` sets ``measurements``, one per light, for reuse in later phases."""

    name: str = "native"
    measurements: list[FrameMeasurement | None] | None = field(default=None)

    def calibrate(self, session: Session, context: RunContext) -> CalibrationResult:
        settings, shape, cfa = context.config.calibration, session.shape, session.cfa
        masters: dict[str, Path] = {}
        warnings: list[str] = []

        def make(role: Role, subtract: Path | None = None, level: float = 0.0) -> Path | None:
            path = master_from(session, role, context, shape, subtract=subtract, pedestal=level)
            if path is not None:
                masters[role.value] = path
            return path

        level = synthetic_level(settings.synthetic_bias)
        bias = make(Role.BIAS)
        dark = make(Role.DARK)
        darkflat = make(Role.DARKFLAT)
        flat = make(Role.FLAT, subtract=darkflat or bias, level=0.0 if darkflat or bias else level)
        if dark is None:
            warnings.append(NO_DARKS)
        if flat is None:
            warnings.append("No flats: vignetting and dust stay in the frames.")
        if flat is not None and darkflat is None and bias is None and not level:
            warnings.append("Flats without bias or dark-flats: their offset makes the correction too weak. "
                            "Give bias frames, or --set calibration.synthetic_bias=ADU.")
        divisor = self._divisor(flat, context, cfa, settings.equalize_cfa) if flat else None
        readers: list[CalibratedReader | None] = []
        reasons: dict[int, str] = {}
        scale = 1.0
        for index, info in enumerate(session.lights):
            context.progress(index, len(session.lights), "opening the lights")
            try:
                layout = plain_layout(info, context.work)
                if settings.dark_scaling and dark and bias:
                    middle = slice(shape[0] // 4, shape[0] * 3 // 4)
                    base = master_pixels(bias)[middle]
                    scale = calibrate.dark_scale(layout.read(middle.start, middle.stop) - base,
                                                 master_pixels(dark)[middle] - base)
                readers.append(CalibratedReader(layout, dark or bias, divisor, None, cfa is not None,
                                                0.0 if dark or bias else level, scale, bias))
            except InputError as error:
                readers.append(None)
                reasons[index] = error.message
        details: dict[str, object] = {"dark_scale": scale, "synthetic_bias_adu": settings.synthetic_bias}
        bad = None
        if dark and settings.cosmetic and len(shape) == 2:
            in_dark = bad_from_dark(dark, flat, session.frames.get(Role.DARK, ()), readers, context, cfa=cfa is not None)
            bad, details["bad_pixels"] = in_dark.path, in_dark.details
            logger.info("Bad pixels found in the master dark: %s", in_dark.details["bad_pixels"])
            warnings += in_dark.warnings
        found = pattern_from_lights(readers, context, cfa=cfa is not None, dark=dark is not None)
        warnings += found.warnings
        bad = bad or found.bad
        masters.update({name: path for name, path in (("bad_pixels", bad), ("fixed_pattern", found.pattern)) if path})
        logger.info("Calibration of %d lights with: %s; %d cannot be read", len(session.lights),
                    ", ".join(masters) or "no masters", len(reasons))
        cleaned = tuple(r and replace(r, bad=bad, pattern=found.pattern) for r in readers)
        if found.details:
            details["fixed_pattern"] = found.details
        return CalibrationResult(masters, cleaned, reasons, tuple(warnings), details)

    def _divisor(self, flat: Path, context: RunContext, cfa: str | None, equalize: bool) -> Path:
        divisor = calibrate.flat_divisor(master_pixels(flat), pattern=cfa, equalize=equalize)
        path = context.calibration / "flat_divisor.fit"
        fits_io.write(path, divisor, None)
        return path

    def register(self, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
        frames, self.measurements = register_native(session, calibrated, context)
        return frames
