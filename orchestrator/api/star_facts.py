"""The star at a place of a finished stack: size, light, signal-to-noise, position, frames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.coordinates import SkyCoord
from astropy.wcs.utils import proj_plane_pixel_scales

from orchestrator.api.picture_source import open_linear
from orchestrator.colour.zero_point import ZeroPoints, total_fluxes
from orchestrator.errors import OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.wcs_header import read_wcs
from tilecore.detect.stars import DetectionSettings, detect, detection_image

__all__ = ["StarFacts", "star_at"]

# Half side (px) of the part of the image in which stars are searched: the noise is that of its pixels.
HALF = 96
# Distance (px) of a star from the place, at most; a bright star may be wider.
NEAR = 6.0
# Sigma from which a star counts.
DETECTION = 4.0


@dataclass(frozen=True)
class StarFacts:
    """``x``, ``y``: pixels of the stored image from 0. ``fluxes``: the light of each channel above the local sky, in ADU of the
    stack, measured in an aperture and corrected for the wings beyond it. ``snr`` is that of the mean of the channels. ``frames``:
    exposures with data there; ``rejected``: those of them that were rejected at the brightest pixel. ``magnitude`` and its
    standard error: if the colours were calibrated with a catalog; ``magnitude_band``: such as "V (Vega)". What is unknown is
    None."""

    x: float
    y: float
    fwhm_px: float
    fwhm_arcsec: float | None
    roundness: float
    fluxes: tuple[float, ...]
    peak: float
    snr: float
    saturated: bool
    frames: int | None
    rejected: int | None
    position: str | None
    magnitude: float | None = None
    magnitude_error: float | None = None
    magnitude_band: str | None = None


def star_at(image: Path, x: float, y: float) -> StarFacts | None:
    """The star nearest to column x and row y of an image as stored, or None if there is none within a few pixels.

    A few rows of the image are read. Raises InputError if it cannot be read.
    """
    pixels, _ = open_linear(image)
    planes = pixels if pixels.ndim == 3 else pixels[None]
    height, width = planes.shape[1:]
    x0, y0 = (int(np.clip(round(v) - HALF, 0, max(n - 2 * HALF, 0))) for v, n in ((x, width), (y, height)))
    part = np.asarray(planes[:, y0: y0 + 2 * HALF, x0: x0 + 2 * HALF], np.float32)
    stars = detect(detection_image(part if len(part) == 3 else part[0], None), DetectionSettings(sigma=DETECTION))
    if not len(stars):
        return None
    away = np.hypot(stars["x"] - (x - x0), stars["y"] - (y - y0))
    star = stars[int(away.argmin())]
    if away.min() > max(NEAR, float(star["fwhm"])):
        return None
    fluxes = [float(f) * FULL_SCALE for f in total_fluxes(part, stars[away.argmin():][:1])[:, 0]]
    header = frame_files.read_header(image)
    wcs, points = read_wcs(header), ZeroPoints.of(header)
    # The signal-to-noise ratio is that of the mean of the channels.
    noise = sum(fluxes) / max(float(star["snr"]), 1e-9) / max(len(fluxes), 1) ** 0.5
    magnitude = points.magnitude(fluxes, [noise] * len(fluxes)) if points is not None and not star["saturated"] else None
    found_x, found_y = x0 + float(star["x"]), y0 + float(star["y"])
    scale = None if wcs is None else float(np.sqrt(np.prod(proj_plane_pixel_scales(wcs.celestial)))) * 3600
    position = None
    if wcs is not None:
        ra, dec = (float(v) for v in wcs.celestial.all_pix2world(found_x, found_y, 0))
        position = SkyCoord(ra, dec, unit="deg").to_string("hmsdms", precision=1)
    frames, rejected = (_count(image.with_name(f"{name}.fits"), found_x, found_y, (height, width))
                        for name in ("coverage", "rejected"))
    return StarFacts(found_x, found_y, float(star["fwhm"]), None if scale is None else scale * float(star["fwhm"]),
                     float(star["roundness"]), tuple(fluxes), float(star["peak"]) * FULL_SCALE, float(star["snr"]),
                     bool(star["saturated"]), frames, rejected, position,
                     None if magnitude is None else magnitude[0], None if magnitude is None else magnitude[1],
                     None if points is None else f"{points.band} ({points.system})")


def _count(path: Path, x: float, y: float, shape: tuple[int, int]) -> int | None:
    """The value of a map of numbers of frames, the mean of its channels; None without a map of this size."""
    try:
        layout = fits_io.image_layout(path)
        if layout.shape[-2:] != shape:
            return None
        row = layout.read(round(y), round(y) + 1)
    except OrchestrateError:
        return None
    return round(float(np.mean(row[..., 0, round(x)]) / layout.unit))
