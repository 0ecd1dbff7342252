"""What is known of a field before it is solved: position and scale, from the settings, the header, the object's name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from astropy.io import fits
from astropy.wcs import WCS

from orchestrator.catalogs.objects import object_position
from orchestrator.config.postprocessing import Astrometry
from orchestrator.io.wcs_header import read_wcs
from orchestrator.session.headers import frame_info
from orchestrator.session.model import Role

__all__ = ["Guess", "Hints", "guesses", "read_hints"]

ARCSEC = 206.264806  # arcsec of 1 um at 1 mm
WHOLE_SKY = 180.0


@dataclass(frozen=True)
class Hints:
    """``ra``, ``dec`` in degrees, ``scales`` in arcsec a pixel (the likeliest first); where each came from."""

    ra: float | None
    dec: float | None
    scales: tuple[float, ...]
    position_from: str = ""
    scale_from: str = ""


@dataclass(frozen=True)
class Guess:
    """One search: about (``ra``, ``dec``) within ``radius`` degrees, 180 for the whole sky; ``scale`` None when unknown."""

    ra: float
    dec: float
    radius: float
    scale: float | None

    @property
    def blind(self) -> bool:
        return self.radius >= WHOLE_SKY


def read_hints(header: fits.Header, shape: tuple[int, int], settings: Astrometry) -> Hints:
    """Position and scale, the settings first, then the header (also an old WCS), then the object's name."""
    info = frame_info(Path("image.fits"), header, Role.LIGHT, shape)
    ra, dec, position_from = settings.ra, settings.dec, "settings"
    if ra is None and info.sky_position is not None and -90 <= info.sky_position[1] <= 90:
        (ra, dec), position_from = info.sky_position, "header"
    if ra is None and (known := object_position(info.object or "")) is not None:
        (ra, dec), position_from = known, f"object {info.object}"
    scales, scale_from = _scales(header, settings, info.pixel_size, info.focal_length, info.binning[0])
    if ra is None or dec is None:
        return Hints(None, None, scales, "", scale_from)
    return Hints(float(ra) % 360, float(dec), scales, position_from, scale_from)


def _scales(header: fits.Header, settings: Astrometry, pixel: float | None, focal: float | None,
            binning: int) -> tuple[tuple[float, ...], str]:
    if settings.scale is not None:
        return (settings.scale,), "settings"
    focal, size = settings.focal_length or focal, settings.pixel_size or pixel
    if focal and size and focal > 0 and size > 0:
        scale = ARCSEC * size / focal
        # Programs disagree whether XPIXSZ is the size before or after binning.
        scales = (scale, scale * binning) if binning > 1 and settings.pixel_size is None else (scale,)
        return scales, "focal length and pixel size"
    old = read_wcs(header)
    if old is not None:
        return (scale_of(old),), "WCS in the header"
    for key in ("SECPIX", "SECPIX1", "SCALE", "PIXSCALE"):
        value = header.get(key)
        if isinstance(value, int | float) and 0.01 < value < 3600:
            return (float(value),), key
    return (), ""


def scale_of(wcs: WCS) -> float:
    """Arcsec a pixel, the mean of both axes (from the area of a pixel)."""
    cd = wcs.pixel_scale_matrix
    return float(abs(cd[0, 0] * cd[1, 1] - cd[0, 1] * cd[1, 0]) ** 0.5 * 3600)


def guesses(hints: Hints, settings: Astrometry) -> list[Guess]:
    """The searches to make, one after the other: wider and wider about the hint, at last the whole sky."""
    found = []
    if hints.ra is not None and hints.dec is not None:
        radius = min(settings.radius, settings.max_radius)
        while True:
            found += [Guess(hints.ra, hints.dec, radius, scale) for scale in hints.scales or (None,)]
            if radius >= settings.max_radius:
                break
            radius = min(radius * 4, settings.max_radius)
    if settings.blind:
        found += [Guess(hints.ra or 0.0, hints.dec or 0.0, WHOLE_SKY, scale) for scale in hints.scales or (None,)]
    return found
