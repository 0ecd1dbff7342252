"""Exposures of 100 s and 1 s in one session: stars of up to 60 times the full scale of the long ones keep their light."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits

from orchestrator import RunConfig, run
from orchestrator.simulation.psf import StarProfile, add_stars

SIDE, FRAMES, RATIO = 288, 6, 100
PEDESTAL, NOISE, SKY, FULL = 300, 4.0, 800.0, 65535
PROFILE = StarProfile(radius=25.0)


def write_session(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Lights of both exposures, and biases. Returns x, y, flux (ADU of a long exposure) and peak (full scales) of the bright
    stars."""
    rng = np.random.default_rng(2)
    (folder / "lights").mkdir(parents=True)
    (folder / "bias").mkdir()
    x, y = (a.ravel() + rng.uniform(-4, 4, 16) for a in np.meshgrid(*2 * [np.linspace(38, SIDE - 38, 4)]))
    peak = rng.permutation(np.geomspace(0.03, 60, 16))
    flux = peak * FULL * 1.2 * 3.0**2
    fx, fy = rng.uniform(12, SIDE - 12, (2, 110))
    far = np.hypot(fx[:, None] - x, fy[:, None] - y).min(axis=1) > 22
    stars = (np.r_[x, fx[far]], np.r_[y, fy[far]], np.r_[flux, np.geomspace(3e3, 1.5e5, 110)[far]])
    cards = {"INSTRUME": "Sim", "GAIN": 100}
    for k in range(2 * FRAMES):
        share = 1.0 if k < FRAMES else 1 / RATIO
        dx, dy = rng.uniform(-3, 3, 2)
        light = np.full((SIDE, SIDE), SKY * share)
        add_stars(light, stars[0] + dx, stars[1] + dy, share * stars[2], np.full(stars[0].size, rng.uniform(2.6, 3.4)),
                  profile=PROFILE)
        pixels = rng.poisson(light) + rng.normal(PEDESTAL, NOISE, light.shape)
        header = fits.Header({**cards, "IMAGETYP": "Light", "EXPTIME": 100.0 * share, "DATE-OBS": f"2026-01-01T21:{k:02}:00"})
        fits.writeto(folder / "lights" / f"{'long' if share == 1 else 'short'}_{k:02}.fit",
                     np.clip(np.rint(pixels), 0, FULL).astype(np.uint16), header)
    for k in range(4):
        pixels = rng.normal(PEDESTAL, NOISE, (SIDE, SIDE))
        fits.writeto(folder / "bias" / f"bias_{k}.fit", np.rint(pixels).astype(np.uint16),
                     fits.Header({**cards, "IMAGETYP": "Bias", "EXPTIME": 0.0}))
    return x, y, flux, peak


def test_cores_from_short_exposures_are_linear_and_have_no_ring(tmp_path: Path) -> None:
    x, y, flux, peak = write_session(tmp_path / "session")
    config = RunConfig.model_validate({
        "engine": {"name": "native"}, "bge": {"enabled": False}, "astrometry": {"solver": "none"},
        "canvas": {"extent": "reference"}, "output": {"preview": False, "report": False}})
    result = run(tmp_path / "session", config, runs_dir=tmp_path / "runs")
    assert result.error is None
    image, header = fits.getdata(result.products["stacked"], header=True)
    image = image.astype(np.float64)
    # Pixels have the scale of a short exposure, in which no star is clipped.
    assert header["EXPTIME"] == 1.0 and image.max() < 0.95
    v, u = np.mgrid[:SIDE, :SIDE]
    shift = _shift(image, x, y, flux)
    kept, rings = [], []
    for px, py, f in zip(x + shift[0], y + shift[1], flux, strict=True):
        r = np.hypot(u - px, v - py)
        light = image - np.median(image[(r > 17) & (r < 22)])
        kept.append(light[r < 8].sum() * FULL * RATIO / f)
        # Light by rings: it falls from ring to ring, without a step where the exposures change.
        profile = np.array([light[(r >= a) & (r < a + 1)].mean() for a in range(9)])
        rings.append(np.diff(profile).max() / profile[0])
    # Stars that no frame clips give the scale; the light of the faint stars around disturbs the sky of fainter ones.
    kept, bright = np.array(kept) / np.median(np.array(kept)[(peak > 0.2) & (peak < 0.7)]), peak > 0.2
    # Errors without this: -59 % (scale from clipped stars), or down to -95 % (clipped in the scale of a long exposure).
    # The scale of the short exposures is known to 0.3 %: their stars below the clipped ones are faint.
    assert np.abs(kept[bright] - 1).max() < 0.01 and abs(np.median(kept[peak > 1.5]) - 1) < 0.007
    # Faint stars are those of the long exposures; -13 % where the noise of the short ones moves the centre of rejection.
    assert kept[~bright].min() > 0.96
    assert np.array(rings)[bright].max() < 5e-4


def _shift(image: np.ndarray, x: np.ndarray, y: np.ndarray, flux: np.ndarray) -> np.ndarray:
    """(x, y) of the stack's stars less those given, from the centroids of the brighter ones, which are within 4 px."""
    found = []
    for s in np.argsort(-flux)[:8]:
        column, row = round(x[s]), round(y[s])
        box = image[row - 12: row + 13, column - 12: column + 13] - np.median(image)
        cy, cx = np.unravel_index(np.argmax(box), box.shape)
        core = box[cy - 2: cy + 3, cx - 2: cx + 3]
        v, u = np.mgrid[-2:3, -2:3]
        found.append((column - 12 - x[s] + cx + (core * u).sum() / core.sum(),
                      row - 12 - y[s] + cy + (core * v).sum() / core.sum()))
    return np.median(found, axis=0)
