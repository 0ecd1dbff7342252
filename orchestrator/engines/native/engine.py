"""The native engine: masters and calibration with numpy and numba, registration on stars. Needs no external program."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.bad_pixels import bad_from_dark
from orchestrator.engines.base import NO_FLATS, CalibrationResult, FrameSet
from orchestrator.engines.calibrated_flats import needs_own_dark_flats, with_calibrated_flats
from orchestrator.engines.calibration_check import checked
from orchestrator.engines.native.fixed_pattern import NO_DARKS, Cleaning, pattern_from_lights, read_clean
from orchestrator.engines.native.kept_masters import master_pixels, master_rows, strips, typical_level
from orchestrator.engines.native.masters import master_from, plain_layout, synthetic_level
from orchestrator.engines.native.registration import register_native
from orchestrator.engines.no_data import filled, find_no_data, no_data_of_lights, no_data_warnings
from orchestrator.engines.prepared_calibration import Prepared, prepare
from orchestrator.engines.saturation import saturation_levels
from orchestrator.engines.scaled_dark import scaled_dark
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import ImageLayout
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.serialization import storable
from orchestrator.session.model import FrameInfo, Role, Session
from tilecore.calibrate import masters as calibrate
from tilecore.detect.metrics import FrameMeasurement

__all__ = ["CalibratedReader", "NativeEngine", "with_no_data"]

logger = logging.getLogger(__name__)


@storable()
@dataclass(frozen=True)
class CalibratedReader:
    """Calibrates the rows of a light while they are read. The result does not depend on how the rows are split.

    ``bad`` and ``pattern`` are the maps of bad pixels and fixed pattern, ``pedestal`` a constant bias (1.0 = 65535 ADU).
    ``blank`` is the mask of pixels without data, which get the level of their surroundings (engines/no_data.py).
    ``saturation`` is the level from which calibrated pixels are not linear (engines/saturation.py).
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
    blank: Path | None = None
    saturation: float = 0.95

    @property
    def shape(self) -> tuple[int, ...]:
        return self.layout.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> NDArray[np.float32]:
        cleaning = Cleaning(self.bad, self.pattern, self.cfa)
        return read_clean(self._calibrated, self.shape[-2], cleaning, row_start, row_stop)

    def _calibrated(self, first: int, last: int) -> NDArray[np.float32]:
        rows = self._subtracted_and_divided(first, last)
        return rows if self.blank is None else filled(rows, self.blank, first, self._subtracted_and_divided)

    def _subtracted_and_divided(self, first: int, last: int) -> NDArray[np.float32]:
        out = np.empty((*self.shape[:-2], last - first, self.shape[-1]), np.float32)
        for a, b in strips(self.shape, first, last):
            out[..., a - first: b - first, :] = self._strip(a, b)
        return out

    def _strip(self, first: int, last: int) -> NDArray[np.float32]:
        data = self.layout.read(first, last)
        dark = master_rows(self.dark, first, last) if self.dark else None
        if self.bias and self.dark_scale != 1.0 and dark is not None:
            bias = master_rows(self.bias, first, last)
            data, dark = data - bias, dark - bias
        flat = master_rows(self.flat, first, last) if self.flat else None
        return calibrate.calibrate_rows(data, dark, flat, self.dark_scale, self.pedestal)


def with_no_data(reader: CalibratedReader, context: RunContext) -> CalibratedReader:
    """The reader of a single light with the mask of its pixels without data. InputError if it has no data."""
    return replace(reader, blank=find_no_data(reader.layout, context).path)


@storable(())
@dataclass
class NativeEngine:
    """Stage one without external programs. :meth:`register` sets ``measurements``, one per light, for reuse in later phases."""

    name: str = "native"
    measurements: list[FrameMeasurement | None] | None = field(default=None)

    def calibrate(self, session: Session, context: RunContext) -> CalibrationResult:
        prepared = prepare(session, context)
        return checked(self._calibrate(prepared), prepared, context)

    def _calibrate(self, prepared: Prepared) -> CalibrationResult:
        session, context, complete = prepared.session, prepared.context, prepared.complete
        settings, shape, cfa = context.config.calibration, session.shape, session.cfa
        masters: dict[str, Path] = {}
        warnings: list[str] = []

        def make(role: Role, subtract: Path | None = None, level: float = 0.0) -> Path | None:
            path = master_from(flats if role is Role.FLAT else session, role, context, shape, subtract=subtract, pedestal=level)
            if path is not None:
                masters[role.value] = path
            return path

        level = synthetic_level(settings.synthetic_bias)
        bias = make(Role.BIAS)
        dark = make(Role.DARK)
        if dark is not None:
            dark = scaled_dark(dark, bias, level, session.dark_ratio)
        flats, own = session, needs_own_dark_flats(session)
        darkflat = None if own else make(Role.DARKFLAT)
        if own:
            flats = with_calibrated_flats(session, context, lambda part, place: master_from(part, Role.DARKFLAT, place, shape),
                                          bias, level)
            flat = make(Role.FLAT)
        else:
            flat = make(Role.FLAT, subtract=darkflat or bias, level=0.0 if darkflat or bias else level)
        if dark is None and "dark" not in complete:
            warnings.append(NO_DARKS)
        if flat is None and "flat" not in complete:
            warnings.append(NO_FLATS)
        if flat is not None and darkflat is None and bias is None and not (level or own or "flat offset" in complete):
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
                    base = master_rows(bias, middle.start, middle.stop)
                    scale = calibrate.dark_scale(layout.read(middle.start, middle.stop) - base,
                                                 master_rows(dark, middle.start, middle.stop) - base)
                readers.append(CalibratedReader(layout, dark or bias, divisor, None, cfa is not None,
                                                0.0 if dark or bias else level, scale, bias))
            except InputError as error:
                readers.append(None)
                reasons[index] = error.message
        subtracted = dark or bias
        offset = typical_level(subtracted) if subtracted else level
        readers = self._with_no_data(session.lights, readers, offset, reasons, warnings, context)
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

    def _with_no_data(self, lights: Sequence[FrameInfo], readers: list[CalibratedReader | None], offset: float,
                      reasons: dict[int, str], warnings: list[str], context: RunContext) -> list[CalibratedReader | None]:
        """The readers with the masks of pixels without data, and the levels at which they clip; ``offset`` is that subtracted."""
        layouts = [None if r is None else r.layout for r in readers]
        found, unusable = no_data_of_lights(layouts, context)
        reasons |= unusable
        warnings += no_data_warnings(layouts, found)
        levels = saturation_levels(lights, found, offset)
        return [None if r is None or n is None else replace(r, blank=n.path, saturation=level)
                for r, n, level in zip(readers, found, levels, strict=True)]

    def _divisor(self, flat: Path, context: RunContext, cfa: str | None, equalize: bool) -> Path:
        divisor = calibrate.flat_divisor(master_pixels(flat), pattern=cfa, equalize=equalize)
        path = context.calibration / "flat_divisor.fit"
        fits_io.write(path, divisor, None)
        return path

    def register(self, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
        frames, self.measurements = register_native(session, calibrated, context)
        return frames
