"""Time and memory of sparse mosaics. Run by hand: python tests/bench/sparse.py FOLDER [PANELS ...]

Three frames of 300 x 200 px for each panel of a staircase, so that most of the canvas is empty; a memory budget of 512 MiB.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Pixel scale (arcsec), and pixel size (um) and focal length (mm) that give it.
SCALE, PIXEL, FOCAL = 2.0, 3.8, 391.9
# Panels are apart by this share of a frame; dithers reach this far (px).
APART, DITHER = 0.72, 4.0
# Stars of a frame, the level of its sky and of the camera's offset (ADU), and the FWHM (px).
STARS, SKY, OFFSET, FWHM = 150, 400.0, 500.0, 2.8
STAMP = 9
FRAMES = 3
OPTIONS = ("runtime.cache=false", "runtime.workers=1", "registration.max_mosaic_growth=100000")


def staircase(panels: int, apart: float = APART) -> list[tuple[float, float]]:
    """Places (x, y) of panels in units of a frame: a step to the right, a step up, and so on."""
    return [(apart * ((k + 1) // 2), apart * (k // 2)) for k in range(panels)]


def write_frames(folder: Path, places: list[tuple[float, float]], frames: int, shape: tuple[int, int] = (200, 300), *,
                 seed: int = 1, first: int = 0) -> list[Path]:
    """Write ``frames`` lights of each panel to ``folder/lights``; returns the files. Places are in units of a frame.

    The stars of a piece of sky are always the same, and so are the pixels of a frame with the same number, whatever else is in
    the session; the numbers of a panel begin at ``first``.
    """
    lights, files = folder / "lights", []
    lights.mkdir(parents=True, exist_ok=True)
    for panel, place in enumerate(places):
        for number in range(first, first + frames):
            rng = np.random.default_rng([seed, panel, number])
            middle = np.radians(SCALE / 3600) * (np.array(place) * shape[::-1] + rng.uniform(-DITHER, DITHER, 2))
            ra, dec = 1.0 - middle[0], middle[1]
            path = lights / f"light_{panel:03d}_{number:03d}.fits"
            header = fits.Header()
            header["RA"], header["DEC"] = np.degrees(ra), np.degrees(dec)
            header["FOCALLEN"], header["XPIXSZ"], header["YPIXSZ"] = FOCAL, PIXEL, PIXEL
            header["EXPTIME"], header["GAIN"], header["INSTRUME"], header["IMAGETYP"] = 60.0, 100, "Simulated", "Light Frame"
            moment = datetime(2026, 1, 1, 20) + timedelta(seconds=61 * (panel + number * len(places)))
            header["DATE-OBS"] = moment.isoformat()
            fits.PrimaryHDU(_pixels(rng, ra, dec, shape, seed), header).writeto(path, overwrite=True)
            files.append(path)
    return files


def _pixels(rng: np.random.Generator, ra: float, dec: float, shape: tuple[int, int], seed: int) -> NDArray[np.uint16]:
    height, width = shape
    image = np.full(shape, SKY * rng.uniform(0.8, 1.2))
    x, y, flux = _stars(ra, dec, shape, seed)
    alpha = FWHM / (2 * np.sqrt(2 ** (1 / 3.5) - 1))
    flux = flux * rng.uniform(0.85, 1.0)
    for sx, sy, f in zip(x, y, flux, strict=True):
        x0, x1 = max(int(sx) - STAMP, 0), min(int(sx) + STAMP + 2, width)
        y0, y1 = max(int(sy) - STAMP, 0), min(int(sy) + STAMP + 2, height)
        if x0 < x1 and y0 < y1:
            r2 = (np.arange(y0, y1)[:, None] - sy) ** 2 + (np.arange(x0, x1) - sx) ** 2
            image[y0:y1, x0:x1] += f * 2.5 / (np.pi * alpha**2) * (1 + r2 / alpha**2) ** -3.5
    noisy = rng.poisson(image) + OFFSET + rng.normal(0, 3, shape)
    return np.clip(np.rint(noisy), 0, 65535).astype(np.uint16)


def _stars(ra: float, dec: float, shape: tuple[int, int], seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Places and fluxes of the stars in and around a frame: those of the cells (a frame large) of the sky that it touches."""
    height, width = shape
    pixel = np.radians(SCALE / 3600)
    cell_x, cell_y = width * pixel, height * pixel
    # RA decreases to the right.
    column, row = int(np.floor((1.0 - ra) / cell_x)), int(np.floor(dec / cell_y))
    found = []
    for j in range(row - 1, row + 3):
        for i in range(column - 1, column + 3):
            rng = np.random.default_rng([seed, 7, j + 10_000, i + 10_000])
            flux = 2000.0 * (1 - rng.random(STARS)) ** (-1 / 0.9)
            found.append(np.stack([1.0 - (i + rng.random(STARS)) * cell_x, (j + rng.random(STARS)) * cell_y,
                                   np.minimum(flux, 2e5)]))
    a, d, flux = np.concatenate(found, axis=1)
    # Gnomonic projection about the middle of the frame.
    cosine = np.sin(dec) * np.sin(d) + np.cos(dec) * np.cos(d) * np.cos(a - ra)
    xi = np.cos(d) * np.sin(a - ra) / cosine
    eta = (np.cos(dec) * np.sin(d) - np.sin(dec) * np.cos(d) * np.cos(a - ra)) / cosine
    return (width - 1) / 2 - xi / pixel, (height - 1) / 2 + eta / pixel, flux


def main() -> None:
    base = Path(sys.argv[1])
    for panels in map(int, sys.argv[2:] or ("4", "16", "64")):
        session = base / f"panels{panels}"
        if not session.exists():
            write_frames(session, staircase(panels), FRAMES)
        measured = Path(__file__).with_name("measured_run.py")
        done = subprocess.run([sys.executable, str(measured), str(session), str(base / "runs"), f"panels{panels}", *OPTIONS],
                              capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.strip().splitlines()[-1])
        print(f"{panels} panels: {found['kib'] / 1024:.0f} MiB at most; ms a frame: " + ", ".join(
            f"{phase} {1e3 * seconds / (FRAMES * panels):.0f}" for phase, seconds in found["seconds"].items() if seconds > 1),
            flush=True)


if __name__ == "__main__":
    main()
