"""The position and scale expected for a field, from the settings, the header and the object's name; the searches to make."""

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
from orchestrator.tools.solving import WHOLE_SKY, SearchArea

__all__ = ["Hints", "read_hints", "scale_of", "search_areas"]

# Arcsec of 1 um at a focal length of 1 mm.
ARCSEC_MM_PER_UM = 206.264806
# Factor between the radii of two searches.
GROWTH = 4
# Scales of a header outside of this are not believed, arcsec per pixel.
SMALLEST_SCALE = 0.01
LARGEST_SCALE = 3600


@dataclass(frozen=True)
class Hints:
    """The expected position and scale of a field.

    Parameters
    ----------
    ra, dec : degrees, None if unknown.
    scales : arcsec per pixel, the likeliest first.
    position_from, scale_from : the sources.
    """

    ra: float | None
    dec: float | None
    scales: tuple[float, ...]
    position_from: str = ""
    scale_from: str = ""


def read_hints(header: fits.Header, shape: tuple[int, int], settings: Astrometry) -> Hints:
    """Position and scale: from the settings, else the header (also an old WCS), else the name of the object."""
    info = frame_info(Path("image.fits"), header, Role.LIGHT, shape)
    ra, dec, position_from = settings.ra, settings.dec, "settings"
    if ra is None and info.sky_position is not None and -90 <= info.sky_position[1] <= 90:
        (ra, dec), position_from = info.sky_position, "header"
    if ra is None and (position := object_position(info.object or "")) is not None:
        (ra, dec), position_from = position, f"object {info.object}"
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
        scale = ARCSEC_MM_PER_UM * size / focal
        # Programs disagree on whether XPIXSZ is the size before or after binning.
        scales = (scale, scale * binning) if binning > 1 and settings.pixel_size is None else (scale,)
        return scales, "focal length and pixel size"
    old = read_wcs(header)
    if old is not None:
        return (scale_of(old),), "WCS in the header"
    for key in ("SECPIX", "SECPIX1", "SCALE", "PIXSCALE"):
        value = header.get(key)
        if isinstance(value, int | float) and SMALLEST_SCALE < value < LARGEST_SCALE:
            return (float(value),), key
    return (), ""


def scale_of(wcs: WCS) -> float:
    """Arcsec per pixel, the mean of both axes (from the area of a pixel)."""
    cd = wcs.pixel_scale_matrix
    return float(abs(cd[0, 0] * cd[1, 1] - cd[0, 1] * cd[1, 0]) ** 0.5 * 3600)


def search_areas(hints: Hints, settings: Astrometry) -> list[SearchArea]:
    """The searches to make, in order: wider and wider around the hint, then the whole sky."""
    areas = []
    if hints.ra is not None and hints.dec is not None:
        radius = min(settings.radius, settings.max_radius)
        while True:
            areas += [SearchArea(hints.ra, hints.dec, radius, scale) for scale in hints.scales or (None,)]
            if radius >= settings.max_radius:
                break
            radius = min(radius * GROWTH, settings.max_radius)
    if settings.blind:
        areas += [SearchArea(hints.ra or 0.0, hints.dec or 0.0, WHOLE_SKY, scale) for scale in hints.scales or (None,)]
    return areas
