"""The list of bad pixels: from the master dark, seen beside the lights that it is taken off, and from the master flat; kept as a
picture of the sensor."""

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
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo
from tilecore.calibrate import masters as calibrate
from tilecore.calibrate.repaired_pixels import on_steep_gradient

__all__ = ["MOST_BAD", "BadPixels", "FoundInDark", "bad_from_dark", "doubtful_places", "read_bad_pixels", "write_bad_pixels"]

# Larger shares of bad pixels are no bad pixels.
MOST_BAD = 0.05
# Darks from which restless pixels are taken.
FEWEST_DARKS, MOST_DARKS = 8, 16
# A dark that leaves so much of the dark current is worth a word.
MISFIT = 0.1
NOISE = "NOISE"


@dataclass(frozen=True)
class BadPixels:
    """``mask`` (h, w) uint8, 1 = bad; their rows and columns, row after row; the ``noise`` of one light (1.0 = 65535 ADU)."""

    mask: NDArray[np.uint8]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    noise: float

    def within(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of those in the rows first:last."""
        some = slice(*np.searchsorted(self.rows, [first, last]))
        return self.rows[some], self.columns[some]


@dataclass(frozen=True)
class FoundInDark:
    """The file, what was found in numbers, and what a person should know."""

    path: Path
    details: dict[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def write_bad_pixels(path: Path, mask: NDArray[np.uint8], noise: float) -> None:
    """Write the map, with the ``noise`` of one light in its header."""
    header = fits.Header()
    if np.isfinite(noise):
        header[NOISE] = (noise, "of one light, 1.0 = 65535 ADU")
    fits_io.write(path, mask, header)


def read_bad_pixels(path: Path) -> BadPixels:
    """A map, read once a process unless the file changes."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> BadPixels:
    mask = (fits_io.image_layout(path).read() > 0).astype(np.uint8)
    rows, columns = np.nonzero(mask)
    return BadPixels(mask, rows, columns, float(fits_io.read_header(path).get(NOISE, np.inf)))


def doubtful_places(reader: FrameReader, data: NDArray[np.float32], start: int, *,
                    mosaic: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the frame where ``data``, its rows from ``start`` on, hold replaced values on steep light."""
    path = getattr(reader, "bad", None)
    if path is None or data.ndim != 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    bad = read_bad_pixels(path)
    rows, columns = bad.within(start, start + len(data))
    steep = on_steep_gradient(data, rows - start, columns, 2 if mosaic else 1, bad.noise)
    return rows[steep], columns[steep]


def bad_from_dark(dark: Path, flat: Path | None, darks: Sequence[FrameInfo], readers: Sequence[FrameReader | None],
                  context: RunContext, *, cfa: bool) -> FoundInDark:
    """The bad pixels of a master dark, and of a master flat where there is one, in ``outputs/calibration``.

    ``darks`` are the frames that it was made of, where there are any; ``readers`` give the lights, calibrated but not cleaned.
    The first of them tells the noise: so the map stays as it is when lights are added to a session, or come one after the other.
    """
    path = context.calibration / "bad_pixels.fit"
    light = next((r for r in readers if r is not None), None)
    darks = [darks[i] for i in np.unique(np.linspace(0, len(darks) - 1, MOST_DARKS).round().astype(int))] if darks else []
    settings = context.config.calibration
    excess = calibrate.local_excess(fits_io.image_layout(dark).read(), cfa=cfa)
    noise, misfit = _seen_in_light(excess, light, cfa)
    mask = calibrate.bad_pixel_map(excess, noise, settings.hot_sigma, settings.cold_sigma, misfit=misfit)
    if len(darks) >= FEWEST_DARKS:
        mask |= calibrate.unstable_pixels(_spread(darks, context), noise, cfa=cfa)
    if flat is not None:
        mask |= calibrate.weak_pixels(fits_io.image_layout(flat).read(), cfa=cfa)
    details: dict[str, object] = {"noise_adu": noise * FULL_SCALE, "misfit": misfit, "share": float(mask.mean()),
                                  "bad_pixels": int(mask.sum())}
    if float(mask.mean()) > MOST_BAD:
        mask[:], details["bad_pixels"] = 0, 0
    write_bad_pixels(path, mask, noise)
    return _told(path, details)


def _seen_in_light(excess: NDArray[np.float32], light: FrameReader | None, cfa: bool) -> tuple[float, float]:
    """Noise of a light, and the share of the dark current that the dark leaves in it or takes off too much.

    To two digits: a pixel more or less must not change the map, on which all that is known of the lights depends.
    """
    if light is not None:
        with contextlib.suppress(InputError):  # told when it is measured
            rest = calibrate.local_excess(light.read(), cfa=cfa)
            noise, places = float(f"{calibrate.excess_noise(rest):.2g}"), calibrate.hot_pixels(excess)
            return noise, round(calibrate.dark_misfit(excess[places], rest[places], noise), 2)
    return 0.0, 0.0


def _spread(darks: Sequence[FrameInfo], context: RunContext) -> NDArray[np.float32]:
    layouts = [plain_layout(info, context.work) for info in darks]
    h, w = layouts[0].shape[-2:]
    band = int(np.clip(min(context.memory_budget // 4, BAND_BYTES) // (16 * w * len(layouts) * context.workers), 1, h))
    out = np.empty((h, w), np.float32)

    def one(first: int) -> None:
        context.check()
        out[first: first + band] = calibrate.dark_spread(np.stack([lay.read(first, min(first + band, h)) for lay in layouts]))

    with ThreadPoolExecutor(context.workers) as pool:
        list(pool.map(one, range(0, h, band)))
    return out


def _told(path: Path, details: dict[str, object]) -> FoundInDark:
    warnings = []
    share, misfit = float(str(details["share"])), float(str(details["misfit"]))
    if share > MOST_BAD:
        warnings.append(f"{100 * share:.1f} % of the pixels look bad: cosmetic correction is left out.")
    if abs(misfit) > MISFIT:
        warnings.append(f"The lights have {100 * abs(misfit):.0f} % {'more' if misfit > 0 else 'less'} dark current than their "
                        "darks: warm pixels stay in the frames. Take darks of the same temperature and exposure, or set "
                        "calibration.fixed_pattern to pixels.")
    return FoundInDark(path, details, tuple(warnings))
