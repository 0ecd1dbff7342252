"""Fields of real stars: an image of a position on the sky as a camera would take it, with its true WCS.

``stars.csv`` contains real stars to V = 11 around :data:`FIELDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.psf import StarProfile, add_stars

__all__ = ["FIELDS", "SkyField", "project", "real_stars", "render", "sky_field", "true_wcs"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SkyField:
    """An image to draw. Angles in degrees, lengths in pixels, signals in ADU.

    ``scale`` is in arcsec per pixel; ``rotation`` turns north from up towards east; ``mirrored`` swaps east and west (as
    a star diagonal does, or rows counted from the top). ``distortion`` is the radial displacement, in pixels, at the
    corner. A star of magnitude ``mag_zero`` has a total flux of 1 ADU. ``faint`` is the number of added stars that are in no
    catalog.
    """

    ra: float
    dec: float
    scale: float = 2.0
    width: int = 1600
    height: int = 1200
    rotation: float = 20.0
    mirrored: bool = False
    distortion: float = 0.0
    fwhm: float = 2.8
    sky: float = 1000.0
    noise: float = 12.0
    mag_zero: float = 22.0
    faint: int = 60
    seed: int = 1


# Both hemispheres, both poles, across RA 0, in and outside the Milky Way; 1 to 6 arcsec per pixel.
FIELDS = (
    SkyField(83.8, -5.4, 2.0), SkyField(300.0, 22.7, 1.5, rotation=-75), SkyField(10.0, -89.3, 4.0, rotation=130),
    SkyField(120.0, 89.2, 5.0), SkyField(0.05, 60.0, 1.2, 2400, 1800, mirrored=True), SkyField(359.9, -30.0, 5.0, rotation=180),
    SkyField(266.0, -29.0, 1.5), SkyField(192.8, 41.1, 6.0, rotation=-5), SkyField(150.0, -60.0, 1.0, 2400, 1800, rotation=45),
    SkyField(201.0, -43.0, 4.0, mirrored=True), SkyField(56.87, 24.1, 3.0), SkyField(10.7, 41.3, 2.5, rotation=90),
    SkyField(280.0, -6.0, 1.5, rotation=-120), SkyField(104.0, -10.0, 1.0, 2400, 1800),
)  # fmt: skip


@cache
def real_stars() -> tuple[Array, Array, Array, Array]:
    """Right ascension and declination in degrees, V, and B-V (NaN where unknown) of the stars in ``stars.csv``, each (n,)."""
    with (resources.files("orchestrator.simulation") / "stars.csv").open("r", encoding="utf-8") as stream:
        table = np.genfromtxt(stream, delimiter=",", names=True, skip_header=1)
    return table["ra"], table["dec"], table["vmag"], table["bv"]


def sky_field(config: SimulationConfig) -> SkyField:
    """The sky field of a simulated session: its reference frame, with north up if rows count from the bottom."""
    scale = 206.264806 * config.pixel_size / config.focal_length
    return SkyField(config.ra, config.dec, scale, config.width, config.height, rotation=0.0, mirrored=False)


def true_wcs(field: SkyField) -> WCS:
    """Gnomonic projection about the image centre, without the distortion; FITS convention."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [field.ra, field.dec]
    wcs.wcs.crpix = [(field.width + 1) / 2, (field.height + 1) / 2]
    c, s = np.cos(np.radians(field.rotation)), np.sin(np.radians(field.rotation))
    east = 1 if field.mirrored else -1
    wcs.wcs.cd = field.scale / 3600 * np.array([[east * c, s], [-east * s, c]])
    wcs.pixel_shape = (field.width, field.height)
    return wcs


def project(field: SkyField, ra: Array, dec: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Pixel positions (0-based) of stars, and which of them are on the image."""
    angle = np.sin(np.radians(dec)) * np.sin(np.radians(field.dec))
    angle = angle + np.cos(np.radians(dec)) * np.cos(np.radians(field.dec)) * np.cos(np.radians(ra - field.ra))
    near = angle > 0.5  # the opposite hemisphere projects to the same plane
    x, y = np.full(len(ra), -1e9), np.full(len(ra), -1e9)
    if near.any():
        x[near], y[near] = true_wcs(field).wcs_world2pix(ra[near], dec[near], 0)
    cx, cy = (field.width - 1) / 2, (field.height - 1) / 2
    r2 = ((x - cx) ** 2 + (y - cy) ** 2) / (cx**2 + cy**2)
    stretch = 1 + field.distortion * np.minimum(r2, 4) / np.hypot(cx, cy)
    x, y = cx + (x - cx) * stretch, cy + (y - cy) * stretch
    seen = (x > -10) & (y > -10) & (x < field.width + 9) & (y < field.height + 9)
    return x, y, seen


def render(field: SkyField, stars: tuple[Array, Array, Array] | None = None) -> NDArray[np.uint16]:
    """The image (height, width), uint16. ``stars``: ra, dec, magnitude, each (n,); those of ``stars.csv`` if None."""
    ra, dec, mag = real_stars()[:3] if stars is None else stars
    x, y, seen = project(field, ra, dec)
    rng = np.random.default_rng(field.seed)
    x = np.concatenate([x[seen], rng.uniform(0, field.width, field.faint)])
    y = np.concatenate([y[seen], rng.uniform(0, field.height, field.faint)])
    mag = np.concatenate([mag[seen], rng.uniform(11.2, 13.5, field.faint)])
    image = np.full((field.height, field.width), field.sky)
    add_stars(image, x, y, 10 ** (-0.4 * (mag - field.mag_zero))[:, None], np.full(len(x), field.fwhm),
              profile=StarProfile(beta=3.5))
    image += rng.standard_normal(image.shape) * np.sqrt(field.noise**2 + np.maximum(image - field.sky, 0) / 2)
    return np.asarray(np.clip(np.rint(image), 0, FULL_SCALE), np.uint16)
