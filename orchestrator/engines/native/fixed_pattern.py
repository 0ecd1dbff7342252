"""Bad pixels and fixed pattern measured on the lights themselves, when there are no darks or the settings request it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Calibration
from orchestrator.engines.bad_pixels import MAX_BAD_SHARE, read_bad_pixels, write_bad_pixels
from orchestrator.engines.base import FrameReader
from orchestrator.engines.native.kept_masters import master_rows, strips
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.rundir.directory import file_hash
from orchestrator.runtime.cache import key_of, pixels_id
from orchestrator.runtime.context import RunContext
from tilecore.calibrate import fixed_pattern as pattern
from tilecore.calibrate import masters as calibrate
from tilecore.calibrate.proof_of_defects import NARROWEST, Suspects, evidence
from tilecore.detect.stars import DetectionSettings, detect, detection_image

__all__ = ["MIN_LIGHTS", "NO_DARKS", "Cleaning", "PatternFiles", "clean_files", "lights_examined", "pattern_from_lights",
           "read_clean", "uses_lights"]

logger = logging.getLogger(__name__)

# Rows around a bad pixel that its correction reads (two periods of the CFA mosaic).
COSMETIC_HALO = 4
# Fewest lights from which a fixed pattern can be measured.
MIN_LIGHTS = 3
# Up to this number all lights are examined for a pattern; of more, the largest number that is this times a power of the step.
FEW_LIGHTS = 64
MORE_LIGHTS = 1.25
# Largest share of the star flux left in the temporal median. Above it the sky has moved too little over the sensor:
# at 0.09, stars lost 7 mmag to the pattern.
MAX_STARS_LEFT = 0.05
# Memory for a band of rows of all lights.
BAND_BYTES = 256 * 2**20
# Stars, brightest first, on which that share is measured.
STARS_COMPARED = 100
# Lights, evenly spaced, in which conspicuous pixels are examined at most.
EXAMINED_LIGHTS = 64
# Quantile of the FWHM of the stars of a light that is taken for the sharpest, and the factor by which those of other lights may
# be sharper.
SHARPEST = 0.1
SHARPER = 0.85
NO_DARKS = "No darks: bad pixels and fixed pattern are taken from the lights; amp glow stays (calibration.fixed_pattern)."


@dataclass(frozen=True)
class PatternFiles:
    """Files in ``outputs/calibration`` (None if nothing was found), the figures of the search, and warnings for the user."""

    bad: Path | None = None
    pattern: Path | None = None
    details: dict[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cleaning:
    """Cleaning of a calibrated light: first the ``pattern`` is subtracted, then ``bad`` pixels are replaced."""

    bad: Path | None
    pattern: Path | None
    cfa: bool


def read_clean(read: Callable[[int, int], NDArray[np.float32]], rows: int, cleaning: Cleaning, row_start: int,
               row_stop: int | None) -> NDArray[np.float32]:
    """Cleaned rows of a light with ``rows`` rows; ``read(first, last)`` returns calibrated rows. Colour frames are unchanged."""
    stop = rows if row_stop is None else min(row_stop, rows)
    halo = COSMETIC_HALO if cleaning.bad else 0
    first, last = max(row_start - halo, 0), min(stop + halo, rows)
    data = read(first, last)
    if data.ndim == 2 and cleaning.pattern:
        for a, b in strips(data.shape, first, last):
            data[a - first: b - first] -= master_rows(cleaning.pattern, a, b)
    if data.ndim == 2 and cleaning.bad:
        bad = read_bad_pixels(cleaning.bad)
        rows_in, columns_in = bad.within(first, last)
        calibrate.correct_bad_pixels(data, bad.mask[first:last], cfa=cleaning.cfa, places=(rows_in - first, columns_in))
    return np.ascontiguousarray(data[..., row_start - first: stop - first, :])


def clean_files(layouts: Sequence[fits_io.ImageLayout], cleaning: Cleaning, context: RunContext) -> None:
    """Clean calibrated lights (float32) in place. The files belong to the run, which rebuilds them if it is interrupted."""
    if not layouts or not (cleaning.bad or cleaning.pattern):
        return

    def one(layout: fits_io.ImageLayout) -> None:
        context.check()
        fits_io.overwrite(layout, read_clean(layout.read, layout.shape[-2], cleaning, 0, None))

    with ThreadPoolExecutor(min(context.workers, context.frames_at_once(layouts[0].shape))) as pool:
        for done, _ in enumerate(pool.map(one, layouts), 1):
            context.progress(done, len(layouts), "cleaning the lights")


def uses_lights(settings: Calibration, *, dark: bool) -> bool:
    """Whether bad pixels or a fixed pattern are measured on the lights."""
    return _wanted(settings, dark) != "none" or (settings.cosmetic and not dark)


def _wanted(settings: Calibration, dark: bool) -> str:
    return settings.fixed_pattern if settings.fixed_pattern != "auto" else "none" if dark else "lines"


def lights_examined(count: int, most: int) -> list[int]:
    """The lights of ``count`` from which the pattern is measured, at most ``most``, evenly spaced.

    Of many, the last fifth at most is not among them: a few more lights at the end of a session change neither the map of its bad
    pixels nor, with it, all measurements.
    """
    if count > FEW_LIGHTS:
        steps = int(np.log(count / FEW_LIGHTS) / np.log(MORE_LIGHTS) + 1e-9)
        count = int(FEW_LIGHTS * MORE_LIGHTS**steps)
    return [int(i) for i in np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))]


def pattern_from_lights(readers: Sequence[FrameReader | None], context: RunContext, *, cfa: bool, dark: bool) -> PatternFiles:
    """Bad pixels (if there is no dark) and fixed pattern of the lights of ``readers``, calibrated but not cleaned."""
    settings = context.config.calibration
    wanted, cosmetic = _wanted(settings, dark), settings.cosmetic and not dark
    usable = [r for r in readers if r is not None]
    if not uses_lights(settings, dark=dark) or len(usable) < MIN_LIGHTS or len(usable[0].shape) != 2:
        return PatternFiles()
    chosen = [usable[i] for i in lights_examined(len(usable), settings.pattern_lights)]
    bad_path, pattern_path = context.calibration / "bad_pixels.fit", context.calibration / "fixed_pattern.fit"
    key, kept = _key(chosen, context, cfa, dark), None
    if context.cache is not None and key:
        kept = context.cache.get("masters", key)
        if kept is not None and context.cache.get_file("masters", key + "-bad", bad_path) and context.cache.get_file(
                "masters", key + "-pattern", pattern_path):
            return _files(bad_path, pattern_path, kept, cosmetic)
    found, still = _find(chosen, context, cfa, wanted)
    details = _details(found, still, len(chosen), context)
    write_bad_pixels(bad_path, found.bad if details["bad_pixels"] else np.zeros_like(found.bad), found.noise)
    fits_io.write(pattern_path, found.frame if details["used"] else np.zeros_like(found.frame), None)
    if context.cache is not None and key:
        context.cache.put_file("masters", key + "-bad", bad_path)
        context.cache.put_file("masters", key + "-pattern", pattern_path)
        context.cache.put("masters", key, details)
    return _files(bad_path, pattern_path, details, cosmetic)


def _key(chosen: Sequence[FrameReader], context: RunContext, cfa: bool, dark: bool) -> str:
    """Cache key of the pattern; "" if a file cannot be read."""
    settings = context.config.calibration
    names = ("dark", "flat", "bias", "pedestal", "dark_scale")
    with contextlib.suppress(OSError, AttributeError):
        parts = [getattr(chosen[0], name, None) for name in names]
        masters = [file_hash(p) if isinstance(p, Path) else p for p in parts]
        pixels = [pixels_id(r.layout) for r in chosen]  # type: ignore[attr-defined]
        return key_of("pattern 4", pixels, masters, cfa, dark, settings.fixed_pattern, settings.hot_sigma, settings.cold_sigma)
    return ""


def _find(chosen: Sequence[FrameReader], context: RunContext, cfa: bool, wanted: str) -> tuple[pattern.FixedPattern, float]:
    """The pattern, and the share of the star flux of a light that is left in the temporal median."""
    settings = context.config.calibration
    shape = chosen[0].shape[0], chosen[0].shape[1]

    def sky(reader: FrameReader) -> NDArray[np.float64]:
        context.check()
        return pattern.sky_levels(reader.read(), cfa=cfa)

    with ThreadPoolExecutor(min(context.workers, context.frames_at_once(shape))) as pool:
        levels = np.stack(list(pool.map(sky, chosen)))
        lights = _Lights(chosen, levels, cfa, pool, context)
        middle = lights.one(len(chosen) // 2)
        noise = calibrate.excess_noise(calibrate.local_excess(middle, cfa=cfa))
        parts = [pattern.temporal_statistics(rows, noise, (start - first, first + rows.shape[1] - stop))
                 for start, stop, first, rows in lights.bands("fixed pattern")]
        names = [f.name for f in fields(pattern.TemporalStatistics)]
        seen = pattern.TemporalStatistics(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))
        found = pattern.outliers(seen, len(chosen), cfa=cfa, hot_sigma=settings.hot_sigma, cold_sigma=settings.cold_sigma)
        proved, likely = _examine(lights, found, pattern.background_light(seen.plain, cfa=cfa), middle)
    still = _still(middle, seen.plain, proved.astype(np.uint8), cfa, context)
    if still <= MAX_STARS_LEFT:
        proved |= likely & ~found.lit & ~found.starry
    return pattern.fixed_pattern(
        seen, levels, cfa=cfa, hot_sigma=settings.hot_sigma, cold_sigma=settings.cold_sigma, proved=(found, proved),
        parts=pattern.PatternParts(wanted in ("pixels", "lines", "all"), wanted in ("lines", "all"), wanted == "all")), still


@dataclass(frozen=True)
class _Lights:
    """Lights without their skies (``levels``), read in parallel."""

    readers: Sequence[FrameReader]
    levels: NDArray[np.float64]
    cfa: bool
    pool: ThreadPoolExecutor
    context: RunContext

    def one(self, index: int, first: int = 0, stop: int | None = None) -> NDArray[np.float32]:
        """Rows of one light."""
        h, w = self.readers[index].shape[:2]
        stop = h if stop is None else stop
        return self.readers[index].read(first, stop) - pattern.sky_rows(self.levels[index], first, stop, (h, w), cfa=self.cfa)

    def some(self, count: int) -> _Lights:
        """At most ``count`` of the lights, evenly spaced."""
        chosen = np.unique(np.linspace(0, len(self.readers) - 1, min(count, len(self.readers))).round().astype(int))
        return replace(self, readers=[self.readers[i] for i in chosen], levels=self.levels[chosen])

    def bands(self, message: str) -> Iterator[tuple[int, int, int, NDArray[np.float32]]]:
        """Bands of rows of all lights: the rows start:stop, the first row read, and the pixels (M, rows, w) of these rows and of
        one more on each side."""
        h, w = self.readers[0].shape[:2]
        count = len(self.readers)
        band = int(np.clip(min(self.context.band_budget, BAND_BYTES) // (4 * w * count), 2, h))
        for start in range(0, h, band):
            first, last = max(start - 1, 0), min(start + band + 1, h)
            lights = np.empty((count, last - first, w), np.float32)
            for k, part in enumerate(self.pool.map(lambda k, a=first, b=last: self.one(k, a, b), range(count))):
                lights[k] = part
            yield start, min(start + band, h), first, lights
            self.context.progress(min(start + band, h), h, message)


def _examine(lights: _Lights, found: pattern.Outliers, background: NDArray[np.float32],
             middle: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which outliers (h, w) are proved to be defects, and which are if the sky moves; ``middle`` is one of the lights."""
    proved, likely = np.zeros(found.beyond.shape, np.bool_), np.zeros(found.beyond.shape, np.bool_)
    if not found.beyond.any():
        return proved, likely
    fwhm = _sharpest(middle, lights.cfa)
    for start, stop, first, rows in lights.some(EXAMINED_LIGHTS).bands("bad pixels"):
        y, x = np.nonzero(found.beyond[start:stop])
        rows -= background[first: first + rows.shape[1]]
        at = y + start, x
        suspects = Suspects(y + start - first, x, found.usual[at], found.excess[at])
        seen = evidence(rows, suspects, fwhm, cfa=lights.cfa)
        proved[at], likely[at] = seen.proved, seen.likely
    return proved, likely


def _sharpest(light: NDArray[np.float32], cfa: bool) -> float:
    """FWHM (px) of the sharpest stars of a light without its sky, with a margin; hot pixels may be among them."""
    stars = detect(detection_image(light, "RGGB" if cfa else None), DetectionSettings(max_stars=STARS_COMPARED))
    widths = stars["fwhm"][~stars["saturated"] & np.isfinite(stars["fwhm"])]
    return SHARPER * float(np.quantile(widths, SHARPEST)) if len(widths) else NARROWEST


def _still(light: NDArray[np.float32], median: NDArray[np.float32], bad: NDArray[np.uint8], cfa: bool,
           context: RunContext) -> float:
    """Share of the stars of ``light`` that is left in the temporal ``median``."""
    left = median.copy()
    for image in (light, left):
        calibrate.correct_bad_pixels(image, bad, cfa=cfa)
    settings = DetectionSettings(sigma=context.config.registration.detection_sigma, max_stars=STARS_COMPARED)
    # Any CFA pattern will do: with the sky subtracted, stars are detected whatever the order of the colours.
    stars = detect(detection_image(light, "RGGB" if cfa else None), settings)
    return pattern.stationary_share(left, light, stars)


def _details(found: pattern.FixedPattern, still: float, lights: int, context: RunContext) -> dict[str, object]:
    share = float(found.bad.mean())
    if share > MAX_BAD_SHARE:
        context.warn(Message("{share:.1f} % of the pixels look bad: cosmetic correction is skipped.", share=100 * share))
    moved = not still > MAX_STARS_LEFT
    return {"lights": lights, "stars_left": round(still, 4), "used": bool(moved and np.any(found.frame)),
            "still": not moved, "declined": bool(not moved and lights >= pattern.ENOUGH_LIGHTS),
            "bad_pixels": int(found.bad.sum()) if share <= MAX_BAD_SHARE else 0, "doubtful_pixels": found.doubtful,
            "warm_pixels": found.warm,
            "columns_rms": found.columns, "rows_rms": found.rows, "glow": found.glow, "masked_share": round(found.masked, 5)}


def _files(bad: Path, frame: Path, details: dict[str, object], cosmetic: bool) -> PatternFiles:
    """The files that are used; the others are deleted."""
    keep_bad = cosmetic and bool(details["bad_pixels"])
    logger.info("Pattern of the sensor from %s lights: %s bad pixels, fixed pattern %s", details["lights"], details["bad_pixels"],
                "subtracted" if details["used"] else "not subtracted")
    for path, keep in ((bad, keep_bad), (frame, bool(details["used"]))):
        if not keep:
            path.unlink(missing_ok=True)
    warnings = _still_warnings(details, cosmetic)
    return PatternFiles(bad if keep_bad else None, frame if details["used"] else None, details, warnings)


def _still_warnings(details: dict[str, object], cosmetic: bool) -> tuple[str, ...]:
    """What a sky that stands still on the sensor prevents; nothing if it moved."""
    effects = ["no fixed pattern is subtracted"] if details["declined"] else []
    if cosmetic and details["still"] and details["doubtful_pixels"]:
        effects.append(Message("only pixels that are narrower than any star are replaced as bad ({bad_pixels}), others are "
                               "left to rejection", bad_pixels=details["bad_pixels"]))
    if not effects:
        return ()
    return (Message("The sky moves too little on the sensor to separate its structure from that of the sensor: {effects}. "
                    "Dither, or take darks.", effects=", and ".join(effects)),)
