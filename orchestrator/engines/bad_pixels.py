"""The map of bad pixels of the sensor, from the master dark, the lights it is subtracted from, and the master flat."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.engines.base import FrameReader
from orchestrator.engines.native.masters import BAND_BYTES, plain_layout
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo
from tilecore.calibrate import masters as calibrate
from tilecore.calibrate.repaired_pixels import on_steep_gradient

__all__ = ["MAX_BAD_SHARE", "BadPixels", "FoundInDark", "bad_from_dark", "doubtful_places", "read_bad_pixels",
           "write_bad_pixels"]

# Largest plausible share of bad pixels; above it the flagged pixels are assumed not to be defects.
MAX_BAD_SHARE = 0.05
# Fewest darks whose frame-to-frame spread shows restless pixels.
MIN_SPREAD_DARKS = 8
# Darks used for that spread at most, evenly spaced over those of the session.
MAX_SPREAD_DARKS = 16
# Share of the dark current, left in the lights or subtracted in excess, above which a warning is shown.
MISFIT_WARNING = 0.1
# Misfit below which the lights do not have the warm pixels of the dark: no difference of temperature leaves that few.
NOT_IN_LIGHTS = -0.9
# FITS card with the noise of one light.
NOISE_CARD = "NOISE"


@dataclass(frozen=True)
class BadPixels:
    """``mask`` (h, w) uint8, 1 = bad; ``rows`` and ``columns`` of the bad pixels in row-major order; ``noise`` of one light
    (1.0 = 65535 ADU)."""

    mask: NDArray[np.uint8]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    noise: float

    def within(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of the bad pixels in the rows ``first:last``."""
        part = slice(*np.searchsorted(self.rows, [first, last]))
        return self.rows[part], self.columns[part]


@dataclass(frozen=True)
class FoundInDark:
    """The file of the map, the figures of the search, and warnings for the user."""

    path: Path
    details: dict[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def write_bad_pixels(path: Path, mask: NDArray[np.uint8], noise: float) -> None:
    """Write a map, with the ``noise`` of one light in its header."""
    header = fits.Header()
    if np.isfinite(noise):
        header[NOISE_CARD] = (noise, "of one light, 1.0 = 65535 ADU")
    fits_io.write(path, mask, header)


def read_bad_pixels(path: Path) -> BadPixels:
    """Read a map, once per process unless the file changes."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> BadPixels:
    mask = (fits_io.image_layout(path).read() > 0).astype(np.uint8)
    rows, columns = np.nonzero(mask)
    return BadPixels(mask, rows, columns, float(fits_io.read_header(path).get(NOISE_CARD, np.inf)))


def doubtful_places(reader: FrameReader, data: NDArray[np.float32], start: int, *,
                    mosaic: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the frame where ``data`` (its rows from ``start``) holds replaced values on a steep gradient."""
    path = getattr(reader, "bad", None)
    if path is None or data.ndim != 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    bad = read_bad_pixels(path)
    rows, columns = bad.within(start, start + len(data))
    steep = on_steep_gradient(data, rows - start, columns, 2 if mosaic else 1, bad.noise)
    return rows[steep], columns[steep]


def bad_from_dark(dark: Path, flat: Path | None, darks: Sequence[FrameInfo], readers: Sequence[FrameReader | None],
                  context: RunContext, *, cfa: bool) -> FoundInDark:
    """Find the bad pixels of a master dark, and of a master flat if there is one; write them to ``outputs/calibration``.

    ``darks`` are the raw frames of the master dark, if any; ``readers`` give the lights, calibrated but not cleaned. The noise is
    that of the first readable light, so that the map does not change when lights are added to a session or arrive one by one.
    """
    path = context.calibration / "bad_pixels.fit"
    light = next((r for r in readers if r is not None), None)
    darks = [darks[i] for i in np.unique(np.linspace(0, len(darks) - 1, MAX_SPREAD_DARKS).round().astype(int))] if darks else []
    settings = context.config.calibration
    excess = calibrate.local_excess(fits_io.image_layout(dark).read(), cfa=cfa)
    noise, misfit = _noise_and_misfit(excess, light, cfa)
    # Where the lights do not have the warm pixels at all, these do not measure the dark current that is left.
    left = 0.0 if misfit < NOT_IN_LIGHTS else misfit
    mask = calibrate.bad_pixel_map(excess, noise, settings.hot_sigma, settings.cold_sigma, misfit=left)
    if left and float(mask.mean()) > MAX_BAD_SHARE:  # too many to replace: what the wrong current leaves in them is reported
        mask = calibrate.bad_pixel_map(excess, noise, settings.hot_sigma, settings.cold_sigma)
    if len(darks) >= MIN_SPREAD_DARKS:
        mask |= calibrate.unstable_pixels(_spread(darks, context), noise, cfa=cfa)
    if flat is not None:
        mask |= calibrate.weak_pixels(fits_io.image_layout(flat).read(), cfa=cfa)
    details: dict[str, object] = {"noise_adu": noise * FULL_SCALE, "misfit": misfit, "share": float(mask.mean()),
                                  "bad_pixels": int(mask.sum())}
    if float(mask.mean()) > MAX_BAD_SHARE:
        mask[:], details["bad_pixels"] = 0, 0
    write_bad_pixels(path, mask, noise)
    return FoundInDark(path, details, _warnings(details))


def _noise_and_misfit(excess: NDArray[np.float32], light: FrameReader | None, cfa: bool) -> tuple[float, float]:
    """Noise of a light, and the share of the dark current that is left in it (positive) or subtracted in excess (negative).

    Rounded to two digits: a single pixel must not change the map, because all measurements of the lights depend on it.
    """
    if light is not None:
        with contextlib.suppress(InputError):  # reported when the light is measured
            rest = calibrate.local_excess(light.read(), cfa=cfa)
            noise, places = float(f"{calibrate.excess_noise(rest):.2g}"), calibrate.hot_pixels(excess)
            return noise, round(calibrate.dark_misfit(excess[places], rest[places], noise), 2)
    return 0.0, 0.0


def _spread(darks: Sequence[FrameInfo], context: RunContext) -> NDArray[np.float32]:
    """Spread of each pixel over the darks (h, w), computed in bands of rows."""
    layouts = [plain_layout(info, context.work) for info in darks]
    h, w = layouts[0].shape[-2:]
    band = int(np.clip(min(context.band_budget, BAND_BYTES) // (16 * w * len(layouts) * context.workers), 1, h))
    out = np.empty((h, w), np.float32)

    def one(first: int) -> None:
        context.check()
        out[first: first + band] = calibrate.dark_spread(np.stack([d.read(first, min(first + band, h)) for d in layouts]))

    with ThreadPoolExecutor(context.workers) as pool:
        list(pool.map(one, range(0, h, band)))
    return out


def _warnings(details: dict[str, object]) -> tuple[str, ...]:
    warnings = []
    share, misfit = float(str(details["share"])), float(str(details["misfit"]))
    if misfit < NOT_IN_LIGHTS:
        return (Message("The lights do not have the warm pixels of the dark ({misfit:.0f} % of their excess): the darks are of "
                        "another camera, or the lights were cleaned of hot pixels before. Give darks of this camera.",
                        misfit=100 * (1 + misfit)),)
    if share > MAX_BAD_SHARE:
        warnings.append(Message("{share:.1f} % of the pixels look bad: cosmetic correction is skipped.", share=100 * share))
    if abs(misfit) > MISFIT_WARNING:
        warnings.append(Message("The lights have {misfit:.0f} % {misfit2} dark current than their darks: warm pixels stay in "
                                "the frames. Take darks of the same temperature and exposure, or set calibration.fixed_pattern "
                                "to pixels.", misfit=100 * abs(misfit),
                                misfit2=Message("more") if misfit > 0 else Message("less")))
    return tuple(warnings)
