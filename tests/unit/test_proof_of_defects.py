"""No light of the sky is taken for a defect of the sensor, and single pixels are recognised even if the sky stands still."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.calibrate.proof_of_defects import Evidence, Suspects, evidence, neighbour_ratio

H, W = 60, 80
NOISE = 10.0
STARS = 25
COLOURS = np.array([[0.25, 1.0, 0.8], [0.9, 0.8, 0.25], [0.7, 1.0, 0.7]])  # blue, red and white stars, before white balance


def moffat(y: np.ndarray, x: np.ndarray, fwhm: float) -> np.ndarray:
    """A star of unit flux (Moffat, beta 3), integrated over pixels."""
    width = fwhm / 2 / np.sqrt(2 ** (1 / 3) - 1)
    offsets = (np.arange(3) - 1) / 3
    values = [(1 + ((y + b) ** 2 + (x + a) ** 2) / width**2) ** -3 for a in offsets for b in offsets]
    return np.mean(values, axis=0) * 2 / np.pi / width**2


def frames(fwhm: float, moves: np.ndarray, cfa: bool, *, flux: tuple[float, float] = (3e3, 3e5), seed: int = 0) -> np.ndarray:
    """Lights (M, H, W) with noise; ``moves`` (M, 2) of the sky, rows and columns."""
    rng = np.random.default_rng(seed)
    places = rng.uniform((6, 6), (H - 6, W - 6), (STARS, 2))
    fluxes = np.exp(rng.uniform(*np.log(flux), STARS))
    y, x = np.mgrid[:H, :W]
    colour = (y % 2) + (x % 2)  # RGGB
    out = rng.normal(0, NOISE, (len(moves), H, W))
    for k, move in enumerate(moves):
        for (row, column), f, kind in zip(places + move, fluxes, np.arange(STARS) % 3, strict=True):
            near = np.s_[max(int(row) - 12, 0): int(row) + 13, max(int(column) - 12, 0): int(column) + 13]
            star = f * moffat(y[near] - row, x[near] - column, fwhm)
            star = star * COLOURS[kind][colour[near]] if cfa else star
            out[k][near] += star + rng.normal(0, np.sqrt(star))
    return out.astype(np.float32)


def everywhere(lights: np.ndarray, fwhm: float, cfa: bool) -> Evidence:
    """Evidence of each pixel but those at the border, as if all of them stood out."""
    rows, columns = (a.ravel() for a in np.mgrid[2: H - 2, 2: W - 2])
    excess = np.maximum(np.median(lights, axis=0)[rows, columns], 5 * NOISE).astype(np.float32)
    return evidence(lights, Suspects(rows, columns, np.full(len(rows), NOISE, np.float32), excess), fwhm, cfa=cfa)


def place(row: int, column: int) -> int:
    return (row - 2) * (W - 4) + column - 2


MOVES = {"still": np.zeros(2), "jitter": np.full(2, 0.5), "dither": np.full(2, 3.0), "one axis": np.array([0, 5.0])}


@pytest.mark.parametrize("cfa", [False, True])
@pytest.mark.parametrize("fwhm", [1.4, 2.0, 3.0, 5.0])
def test_no_star_is_a_defect_however_the_sky_moves(fwhm: float, cfa: bool) -> None:
    rng = np.random.default_rng(1)
    for number, reach in enumerate(MOVES.values()):
        for count in (8, 20):
            lights = frames(fwhm, rng.uniform(-1, 1, (count, 2)) * reach, cfa, seed=number)
            found = everywhere(lights, fwhm, cfa)
            bright = np.median(lights, axis=0)[2: H - 2, 2: W - 2].ravel() > 5 * NOISE
            assert not (found.proved & bright).any()
            # Noise alone passes for a defect where the pixel is not even brighter than the sky.
            assert found.proved.mean() < 0.01


@pytest.mark.parametrize("cfa", [False, True])
def test_single_pixels_are_proved_though_the_sky_stands_still(cfa: bool) -> None:
    lights = frames(2.0, np.zeros((12, 2)), cfa, flux=(1e2, 1e3))
    hot = [(10, 11), (20, 30), (21, 30), (40, 50), (40, 51), (50, 20)]  # a pair in a column, one in a row
    for pixel in hot:
        lights[:, *pixel] += 40 * NOISE
    found = everywhere(lights, 2.0, cfa)
    assert all(found.proved[place(*pixel)] for pixel in hot)


def test_a_hot_pixel_under_a_star_is_proved_once_the_star_moves_away() -> None:
    still, moving = np.zeros((24, 2)), np.random.default_rng(4).uniform(-4, 4, (24, 2))
    for moves, proved in ((still, False), (moving, True)):
        y, x = np.mgrid[:H, :W]
        lights = np.random.default_rng(2).normal(0, NOISE, (24, H, W)).astype(np.float32)
        for k, (dy, dx) in enumerate(moves):
            lights[k] += (2e4 * moffat(y - 30 - dy, x - 40 - dx, 2.0)).astype(np.float32)
        lights[:, 31, 40] += 60 * NOISE
        found = everywhere(lights, 2.0, False)
        assert found.proved[place(31, 40)] == proved and not found.proved[place(30, 40)]


def test_pixels_darker_than_the_sky_and_pixels_that_switch_are_proved() -> None:
    lights = frames(2.5, np.zeros((20, 2)), False, flux=(1e2, 1e3))
    lights[:, 10, 10] -= 10 * NOISE
    lights[::3, 20, 20] += 80 * NOISE
    lights[1::3, 20, 20] += 80 * NOISE
    rows, columns = np.array([10, 20]), np.array([10, 20])
    suspects = Suspects(rows, columns, np.full(2, NOISE, np.float32), np.array([-10, 80], np.float32) * np.float32(NOISE))
    assert evidence(lights, suspects, 2.5, cfa=False).proved.all()


def test_the_ratio_is_that_of_a_sharp_star_on_a_pixel() -> None:
    y, x = np.mgrid[-2:3, -2:3]
    sigma = 1.4 / 2.3548
    offsets = (np.arange(41) - 20) / 41
    pixel = np.mean([np.exp(-((y + b) ** 2 + (x + a) ** 2) / 2 / sigma**2) for a in offsets for b in offsets], axis=0)
    assert abs(neighbour_ratio(1.4) - pixel[2, 3] / pixel[2, 2]) < 1e-3
