"""Demosaicing: every method on every pattern, against closed forms and other programs' code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from astropy.io import fits
from scipy.ndimage import gaussian_filter

from orchestrator import RunConfig, run
from orchestrator.simulation.psf import add_stars
from tilecore.cfa import mosaic as cfa

# What OpenCV calls a pattern is that of its second row and column.
OPENCV_VNG = {"RGGB": cv2.COLOR_BayerBG2RGB_VNG, "BGGR": cv2.COLOR_BayerRG2RGB_VNG, "GRBG": cv2.COLOR_BayerGB2RGB_VNG,
              "GBRG": cv2.COLOR_BayerGR2RGB_VNG}


def mosaic_of(rgb: np.ndarray, pattern: str) -> np.ndarray:
    y, x = np.mgrid[: rgb.shape[1], : rgb.shape[2]]
    return np.take_along_axis(rgb, cfa.color_map(pattern)[y % 2, x % 2][None], 0)[0]


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """(3, 80, 101): structure that the colours share, and some of their own."""
    rng = np.random.default_rng(0)
    own = np.stack([gaussian_filter(rng.random((80, 101)), 1.5) for _ in range(3)])
    return (0.3 * own + gaussian_filter(rng.random((80, 101)), 1.2)).astype(np.float32)


@pytest.mark.parametrize("pattern", cfa.PATTERNS)
@pytest.mark.parametrize("method", cfa.METHODS)
def test_constants_and_grey_ramps_are_exact_and_measured_pixels_stay(method: str, pattern: str, picture: np.ndarray) -> None:
    y, x = np.mgrid[:24, :31].astype(np.float32)
    flat = np.stack([np.full_like(x, v) for v in (0.3, 0.2, 0.1)])
    np.testing.assert_allclose(cfa.demosaic(mosaic_of(flat, pattern), pattern, method), flat, atol=1e-6)
    ramp = np.stack([0.01 * x + 0.005 * y] * 3)
    inner = (slice(None), slice(10, -10), slice(10, -10))
    np.testing.assert_allclose(cfa.demosaic(mosaic_of(ramp, pattern), pattern, method)[inner], ramp[inner], atol=1e-5)
    mosaic = mosaic_of(picture, pattern)
    out = cfa.demosaic(mosaic, pattern, method)
    assert out.shape == picture.shape and np.isfinite(out).all()
    np.testing.assert_array_equal(mosaic_of(out, pattern), mosaic)


@pytest.mark.parametrize("method", ["malvar", "menon", "vng"])
def test_stars_of_the_usual_colour_have_no_coloured_rims(method: str) -> None:
    colours, white = (0.5, 1.0, 0.7), np.zeros((40, 40))
    add_stars(white, np.array([19.7]), np.array([20.2]), np.array([50.0]), np.array([2.2]))
    star = np.stack([c * white for c in colours]).astype(np.float32)
    without, balanced = (cfa.demosaic(mosaic_of(star, "RGGB"), "RGGB", method, b) for b in ((1.0, 1.0, 1.0), colours))
    wrong, right = (np.abs(out[0] / 0.5 - out[1]).max() for out in (without, balanced))
    assert right < 0.75 * wrong
    neutral = cfa.demosaic(mosaic_of(np.stack([white] * 3).astype(np.float32), "RGGB"), "RGGB", method)
    np.testing.assert_allclose(balanced, neutral * np.array(colours)[:, None, None], atol=2e-5)


REFERENCE = """
import sys
import numpy as np
from colour_demosaicing import demosaicing_CFA_Bayer_Malvar2004, demosaicing_CFA_Bayer_Menon2007
mosaics = np.load(sys.argv[1])
found = {}
for pattern in mosaics:
    found[pattern + "menon"] = np.moveaxis(demosaicing_CFA_Bayer_Menon2007(mosaics[pattern], pattern), -1, 0)
    found[pattern + "malvar"] = np.moveaxis(demosaicing_CFA_Bayer_Malvar2004(mosaics[pattern], pattern), -1, 0)
np.savez(sys.argv[2], **found)
"""


def test_menon_and_malvar_equal_colour_demosaicing(picture: np.ndarray, tmp_path: Path) -> None:
    picture = picture[..., :100]  # the reference knows even sides only
    mosaics = {pattern: mosaic_of(picture, pattern) for pattern in cfa.PATTERNS}
    np.savez(tmp_path / "mosaics.npz", **mosaics)
    # In a process of its own: that package puts imitations of what it misses (matplotlib) among the modules.
    command = [sys.executable, "-W", "ignore", "-c", REFERENCE, tmp_path / "mosaics.npz", tmp_path / "found.npz"]
    subprocess.run(command, check=True)
    wanted = np.load(tmp_path / "found.npz")
    inner = (slice(None), slice(8, -8), slice(8, -8))
    for pattern, mosaic in mosaics.items():
        for method in ("menon", "malvar"):
            np.testing.assert_allclose(cfa.demosaic(mosaic, pattern, method)[inner], wanted[pattern + method][inner], atol=1e-6)


@pytest.mark.parametrize("pattern", cfa.PATTERNS)
def test_vng_is_like_opencvs_and_better_than_bilinear(pattern: str, picture: np.ndarray) -> None:
    mosaic = np.rint(255 * mosaic_of(picture, pattern) / picture.max()).astype(np.uint8)
    theirs = np.moveaxis(cv2.cvtColor(mosaic, OPENCV_VNG[pattern]), -1, 0).astype(float)
    ours = cfa.demosaic(mosaic.astype(np.float32), pattern, "vng")
    inner = (slice(None), slice(8, -8), slice(8, -8))
    # OpenCV rounds to bytes and shares gradients between neighbours.
    assert np.median(np.abs(ours - theirs)[inner]) <= 0.5 and np.percentile(np.abs(ours - theirs)[inner], 95) < 4
    truth = 255 * picture / picture.max()
    error = {m: np.sqrt(np.mean((cfa.demosaic(mosaic.astype(np.float32), pattern, m) - truth)[inner] ** 2)) for m in cfa.METHODS}
    assert max(error["vng"], error["menon"], error["malvar"]) < 0.6 * error["bilinear"]


@pytest.mark.parametrize("method", cfa.METHODS)
def test_the_pattern_moves_with_the_crop(method: str, picture: np.ndarray) -> None:
    mosaic = mosaic_of(picture, "RGGB")
    whole = cfa.demosaic(mosaic, "RGGB", method)
    for dy, dx in ((0, 1), (1, 0), (1, 1)):
        part = cfa.demosaic(mosaic[dy:, dx:], cfa.shift("RGGB", dx, dy), method)
        np.testing.assert_allclose(part[:, 12:-12, 12:-12], whole[:, dy:, dx:][:, 12:-12, 12:-12], atol=1e-6)


@pytest.mark.parametrize(("method", "tolerance"), [("malvar", 0.02), ("bilinear", 0.02), ("menon", 0.2), ("vng", 0.2)])
def test_the_light_of_stars_is_kept(method: str, tolerance: float) -> None:
    """The two that follow edges take colour differences for constant, which stars that are not white contradict."""
    rng = np.random.default_rng(5)
    x, y = (a.ravel() for a in np.meshgrid(np.arange(20, 300, 40), np.arange(20, 220, 40)))
    x, y = x + rng.uniform(-1, 1, x.size), y + rng.uniform(-1, 1, x.size)
    rgb = np.zeros((3, 240, 320))
    for c, share in enumerate((0.6, 1.0, 1.3)):
        add_stars(rgb[c], x, y, np.full(x.size, 20000 * share), np.full(x.size, 3.5))
    found = cfa.demosaic(mosaic_of(rgb, "GRBG").astype(np.float32), "GRBG", method)
    for n in range(x.size):
        box = (slice(None), slice(int(y[n]) - 14, int(y[n]) + 15), slice(int(x[n]) - 14, int(x[n]) + 15))
        np.testing.assert_allclose(found[box].sum(axis=(1, 2)), rgb[box].sum(axis=(1, 2)), rtol=tolerance)


@pytest.mark.parametrize("method", ["menon", "vng", "superpixel"])
def test_a_stacked_mosaic_becomes_colour_by_any_method(simulated, tmp_path: Path, method: str) -> None:
    folder, _ = simulated("tiny_osc")
    settings = {"engine": {"name": "native"}, "debayer": {"stage": "last", "method": method}, "pcc": {"enabled": False}}
    result = run(folder, RunConfig.model_validate(settings), runs_dir=tmp_path)
    assert result.error is None, result.error
    mosaic, rgb = (fits.getdata(result.products[n]).astype(np.float32) for n in ("stacked", "stacked_rgb"))
    pattern = fits.getheader(result.products["stacked"])["BAYERPAT"]
    headers = [fits.getheader(result.products[n]) for n in ("stacked", "stacked_rgb")]
    if method == "superpixel":
        assert rgb.shape == (3, mosaic.shape[0] // 2, mosaic.shape[1] // 2)
        assert headers[1]["XPIXSZ"] == 2 * headers[0]["XPIXSZ"]
    else:
        assert rgb.shape[1:] == mosaic.shape and headers[1]["XPIXSZ"] == headers[0]["XPIXSZ"]
        covered = fits.getdata(result.products["coverage"]) > 0
        np.testing.assert_allclose(mosaic_of(rgb, pattern)[covered], mosaic[covered], atol=1e-6)
    assert "BAYERPAT" not in headers[1]


@pytest.mark.parametrize("width", [6, 16, 21])
def test_narrow_mosaics_have_the_colours_of_a_part_of_a_wide_one(width: int) -> None:
    mosaic = np.random.default_rng(7).random((8, 60)).astype(np.float32)
    whole = cfa.demosaic(mosaic, "GBRG", balance=(0.6, 1.0, 0.8), fwhm=2.5)
    part = cfa.demosaic(mosaic[:, :width], "GBRG", balance=(0.6, 1.0, 0.8), fwhm=2.5)
    assert part.shape == (3, 8, width)
    np.testing.assert_array_equal(part[:, :, : width - 2], whole[:, :, : width - 2])
