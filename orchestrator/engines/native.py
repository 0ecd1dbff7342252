"""The native engine: masters and calibrated rows by numpy and numba, registration on stars. Needs no other program."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator import fits_io
from orchestrator.engines.base import CalibrationResult, FrameReader, FrameSet
from orchestrator.engines.native_masters import master_from, plain_layout, synthetic_level
from orchestrator.engines.native_registration import register_native
from orchestrator.errors import InputError
from orchestrator.fits_io import ImageLayout
from orchestrator.run.context import RunContext
from orchestrator.session.model import Role, Session
from tilecore import calibrate
from tilecore.metrics import FrameMeasurement

__all__ = ["CalibratedReader", "NativeEngine"]

# Correcting a bad pixel looks so many rows around it (two steps of the mosaic).
COSMETIC_HALO = 4
# Lights looked at for bad pixels when there are no darks.
LIGHTS_FOR_BAD_PIXELS = 12


def _master(path: Path) -> NDArray[np.float32]:
    """A master, read once a process unless the file changes."""
    return _read_master(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read_master(path: Path, changed: int) -> NDArray[np.float32]:
    return fits_io.image_layout(path).read()


def _bad_pixels(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Map of bad pixels, and their rows and columns, row after row."""
    return _read_bad_pixels(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read_bad_pixels(path: Path, changed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    bad = (fits_io.image_layout(path).read() > 0).astype(np.uint8)
    rows, columns = np.nonzero(bad)
    return bad, rows, columns


@dataclass(frozen=True)
class CalibratedReader:
    """Calibrates rows of a light while they are read; the same bytes however the rows are cut."""

    layout: ImageLayout
    dark: Path | None
    flat: Path | None
    bad: Path | None
    cfa: bool
    pedestal: float = 0.0
    dark_scale: float = 1.0
    bias: Path | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.layout.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> NDArray[np.float32]:
        rows = self.shape[-2]
        stop = rows if row_stop is None else min(row_stop, rows)
        halo = COSMETIC_HALO if self.bad else 0
        first, last = max(row_start - halo, 0), min(stop + halo, rows)
        data = self.layout.read(first, last)
        part = slice(first, last)
        dark = _master(self.dark)[..., part, :] if self.dark else None
        if self.bias and self.dark_scale != 1.0 and dark is not None:
            bias = _master(self.bias)[..., part, :]
            data, dark = data - bias, dark - bias
        flat = _master(self.flat)[..., part, :] if self.flat else None
        data = calibrate.calibrate_rows(data, dark, flat, self.dark_scale, self.pedestal)
        if self.bad and data.ndim == 2:
            bad, bad_rows, bad_columns = _bad_pixels(self.bad)
            some = slice(*np.searchsorted(bad_rows, [first, last]))
            calibrate.correct_bad_pixels(data, bad[part], cfa=self.cfa, places=(bad_rows[some] - first, bad_columns[some]))
        return np.ascontiguousarray(data[..., row_start - first: stop - first, :])


@dataclass
class NativeEngine:
    """``measurements`` is set by :meth:`register`: one for each light, so that they are not measured again."""

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
        for present, text in ((dark, "No darks: dark current and amp glow stay in the frames."),
                              (flat, "No flats: vignetting and dust stay in the frames.")):
            if present is None:
                warnings.append(text)
        if flat is not None and darkflat is None and bias is None and not level:
            warnings.append("Flats without bias or dark-flats: their offset makes the correction too weak. "
                            "Give bias frames, or --set calibration.synthetic_bias=ADU.")
        divisor = self._divisor(flat, context, cfa, settings.equalize_cfa) if flat else None
        readers: list[FrameReader | None] = []
        reasons: dict[int, str] = {}
        scale = 1.0
        for index, info in enumerate(session.lights):
            context.progress(index, len(session.lights), "opening the lights")
            try:
                layout = plain_layout(info, context.work)
                if settings.dark_scaling and dark and bias:
                    middle = slice(shape[0] // 4, shape[0] * 3 // 4)
                    base = _master(bias)[middle]
                    scale = calibrate.dark_scale(layout.read(middle.start, middle.stop) - base, _master(dark)[middle] - base)
                readers.append(CalibratedReader(layout, dark or bias, divisor, None, cfa is not None,
                                                0.0 if dark or bias else level, scale, bias))
            except InputError as error:
                readers.append(None)
                reasons[index] = error.message
        if settings.cosmetic and len(shape) == 2:
            bad = self._bad_pixels(dark, readers, context, cfa)
            masters["bad_pixels"] = bad
            readers = [r and CalibratedReader(r.layout, r.dark, r.flat, bad, r.cfa, r.pedestal, r.dark_scale, r.bias)  # type: ignore[attr-defined]
                       for r in readers]
        details: dict[str, object] = {"dark_scale": scale, "synthetic_bias_adu": settings.synthetic_bias}
        return CalibrationResult(masters, tuple(readers), reasons, tuple(warnings), details)

    def _divisor(self, flat: Path, context: RunContext, cfa: str | None, equalize: bool) -> Path:
        divisor = calibrate.flat_divisor(_master(flat), pattern=cfa, equalize=equalize)
        path = context.calibration / "flat_divisor.fit"
        fits_io.write(path, divisor, None)
        return path

    def _bad_pixels(self, dark: Path | None, readers: list[FrameReader | None], context: RunContext,
                    cfa: str | None) -> Path:
        """Map of bad pixels, from the master dark, or from lights spread over the session where there is none."""
        settings, mosaic = context.config.calibration, cfa is not None
        if dark is not None:
            bad = calibrate.bad_pixel_map(_master(dark), settings.hot_sigma, settings.cold_sigma, cfa=mosaic)
        else:
            usable = [r for r in readers if r is not None]
            chosen = usable[:: max(len(usable) // LIGHTS_FOR_BAD_PIXELS, 1)][:LIGHTS_FOR_BAD_PIXELS]
            if len(chosen) < 3:
                bad = np.zeros(usable[0].shape if usable else (1, 1), np.uint8)
            else:
                excess = np.stack([calibrate.local_excess(r.read(), cfa=mosaic) for r in chosen])
                bad = calibrate.bad_pixels_from_lights(excess, settings.hot_sigma, settings.cold_sigma, cfa=mosaic)
        share = float(bad.mean())
        if share > 0.05:
            context.warn(f"{100 * share:.1f} % of the pixels look bad: cosmetic correction is left out.")
            bad[:] = 0
        path = context.calibration / "bad_pixels.fit"
        fits_io.write(path, bad, None)
        return path

    def register(self, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet:
        frames, self.measurements = register_native(session, calibrated, context)
        return frames
