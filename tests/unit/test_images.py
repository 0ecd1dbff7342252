"""Mosaics, warping and calibration against closed forms and slow twins."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.calibrate import masters as calibrate
from tilecore.cfa import mosaic as cfa
from tilecore.resample import separable_lanczos as straight
from tilecore.resample import warp

RANDOM = np.random.default_rng(11)


def similarity(angle: float, x: float, y: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, x], [s, c, y], [0, 0, 1]])


def mosaic_of(rgb: np.ndarray, pattern: str) -> np.ndarray:
    colors = cfa.color_map(pattern)
    y, x = np.mgrid[: rgb.shape[1], : rgb.shape[2]]
    return np.take_along_axis(rgb, colors[y % 2, x % 2][None], 0)[0]


@pytest.mark.parametrize("pattern", cfa.PATTERNS)
@pytest.mark.parametrize("method", ["malvar", "bilinear"])
def test_demosaicing_is_exact_on_constant_colour_and_on_ramps(pattern: str, method: str) -> None:
    y, x = np.mgrid[:24, :30].astype(np.float32)
    flat = np.stack([np.full_like(x, v) for v in (0.3, 0.2, 0.1)])
    np.testing.assert_allclose(cfa.demosaic(mosaic_of(flat, pattern), pattern, method), flat, atol=1e-6)
    ramp = np.stack([0.01 * x + 0.005 * y] * 3).astype(np.float32)
    inner = (slice(None), slice(3, -3), slice(3, -3))
    np.testing.assert_allclose(cfa.demosaic(mosaic_of(ramp, pattern), pattern, method)[inner], ramp[inner], atol=1e-5)


@pytest.mark.parametrize("pattern", cfa.PATTERNS)
def test_planes_and_superpixels_keep_their_colours(pattern: str) -> None:
    rgb = np.stack([np.full((8, 10), v, np.float32) for v in (0.5, 0.3, 0.1)])
    mosaic = mosaic_of(rgb, pattern)
    assert np.array_equal(cfa.merge(cfa.split(mosaic)), mosaic)
    np.testing.assert_allclose(cfa.superpixel(mosaic, pattern)[:, 0, 0], (0.5, 0.3, 0.1), rtol=1e-6)
    assert np.array_equal(mosaic_of(rgb, cfa.flip_vertical(pattern, 8)), mosaic[::-1])
    assert np.array_equal(mosaic_of(rgb, cfa.shift(pattern, 1, 1))[:-1, :-1], mosaic[1:, 1:])


def stars(shape: tuple[int, int], x: np.ndarray, y: np.ndarray, fwhm: float) -> np.ndarray:
    yy, xx = np.mgrid[: shape[0], : shape[1]]
    image = np.zeros(shape)
    for a, b in zip(x, y, strict=True):
        image += np.exp(-4 * np.log(2) * ((xx - a) ** 2 + (yy - b) ** 2) / fwhm**2)
    return image.astype(np.float32)


def warped(image: np.ndarray, matrix: np.ndarray, sampling: warp.Sampling | None = None) -> tuple[np.ndarray, np.ndarray]:
    """A frame on a canvas of its own size."""
    return warp.warp_block(warp.FrameRows(image[None], image.shape), matrix, warp.Window(0, 0, *image.shape), sampling)


@pytest.mark.parametrize("kernel", list(warp.KERNELS))
def test_a_constant_stays_that_constant_and_whole_shifts_copy(kernel: str) -> None:
    image = RANDOM.random((40, 50)).astype(np.float32)
    flat, valid = warped(np.full((40, 50), 0.37, np.float32), similarity(0.1, 1.3, -2.2), warp.Sampling(kernel))
    np.testing.assert_allclose(flat[valid > 0], 0.37, rtol=1e-6)
    moved, valid = warped(image, similarity(0, 3, -2), warp.Sampling(kernel))
    np.testing.assert_allclose(moved[2:, :47], image[:38, 3:], atol=1e-6)
    assert not valid[:2].any() and not valid[:, 47:].any()


@pytest.mark.parametrize("matrix", [similarity(0.004, 2.3, 1.7), similarity(0.1, 2.3, 1.7), similarity(np.pi - 0.03, 68, 57)])
def test_the_bytes_do_not_depend_on_the_block_or_on_the_rows_at_hand(matrix: np.ndarray) -> None:
    image = RANDOM.random((60, 70)).astype(np.float32)
    whole, valid = warped(image, matrix, warp.Sampling(feather=5))
    for y0, y1, x0, x1 in ((0, 13, 0, 70), (13, 60, 0, 31), (20, 44, 31, 70)):
        rows = warp.source_rows(matrix, y0, y1, x0, x1, (60, 70), 6)
        assert rows is not None
        part, good = warp.warp_block(warp.FrameRows(image[None, rows[0]: rows[1]], (60, 70), rows[0]), matrix,
                                     warp.Window(y0, x0, y1 - y0, x1 - x0), warp.Sampling(feather=5))
        assert np.array_equal(part, whole[y0:y1, x0:x1]) and np.array_equal(good, valid[y0:y1, x0:x1])


@pytest.mark.parametrize("matrix", [similarity(0.02, 1.37, -0.61), similarity(0.049, 1.37, -0.61),
                                    similarity(0.12, 11.37, -10.61), similarity(np.pi + 0.02, 207.3, 171.6)])
def test_warped_stars_keep_place_and_flux(matrix: np.ndarray) -> None:
    x, y = np.meshgrid(np.arange(35, 170, 30) + 0.3, np.arange(35, 130, 30) - 0.4)
    u, v, _ = matrix @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
    out, _ = warped(stars((170, 210), u, v, 3.0), matrix)
    for a, b in zip(x.ravel(), y.ravel(), strict=True):
        i, j = round(b), round(a)
        cut = out[i - 9: i + 10, j - 9: j + 10].astype(float)
        yy, xx = np.mgrid[i - 9: i + 10, j - 9: j + 10]
        assert abs((cut * xx).sum() / cut.sum() - a) < 0.02 and abs((cut * yy).sum() / cut.sum() - b) < 0.02
        assert abs(2.5 * np.log10(cut.sum() / (np.pi * 9 / (4 * np.log(2))))) < 1e-3


@pytest.mark.parametrize("turn", [0, np.pi])
def test_two_passes_give_what_one_of_all_taps_gives(turn: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """To 1e-3 of the brightest pixel for stars as sharp as sampling allows, and with the same noise."""
    y, x = np.mgrid[30:170:28, 30:210:28] + 0.37
    image = stars((200, 240), x.ravel(), y.ravel(), 2.2)
    noise = RANDOM.normal(size=(200, 240)).astype(np.float32)
    matrix = similarity(turn + 0.02, 241.3 if turn else 1.3, 197.2 if turn else -2.8)
    fast = [warped(a, matrix, warp.Sampling(feather=9)) for a in (image, noise)]
    monkeypatch.setattr(warp, "two_passes", lambda m: None)
    slow = [warped(a, matrix, warp.Sampling(feather=9)) for a in (image, noise)]
    assert not np.array_equal(fast[0][0], slow[0][0]) and np.abs(fast[0][0] - slow[0][0]).max() < 2e-3
    np.testing.assert_allclose(fast[0][1], slow[0][1], atol=1e-6)
    inside = slow[0][1] == 1
    assert fast[1][0][inside].std() == pytest.approx(slow[1][0][inside].std(), rel=2e-3)
    assert np.corrcoef(fast[1][0][inside], slow[1][0][inside])[0, 1] > 0.999


def test_the_kernel_is_lanczos_and_exact_at_whole_pixels() -> None:
    u = np.linspace(-0.5, 0.5, 501)
    parts = np.array([[np.polynomial.polynomial.polyval(u**2, p) for p in pair] for pair in straight.POLYNOMIALS])
    left, right = parts[:, 0] + u * parts[:, 1], parts[:, 0] - u * parts[:, 1]
    distance = np.abs(np.arange(-3, 5)[:, None] - (u + 0.5))
    lanczos = np.where(distance < 4, np.sinc(distance) * np.sinc(distance / 4), 0)
    np.testing.assert_allclose(np.concatenate([left[::-1], right]), lanczos / lanczos.sum(axis=0), atol=2e-7)


def test_validity_fades_in_from_the_border() -> None:
    _, valid = warped(np.ones((40, 40), np.float32), np.eye(3), warp.Sampling(feather=9))
    np.testing.assert_allclose(valid[20, :11], np.minimum((np.arange(11) + 1) / 10, 1), rtol=1e-5)


def test_calibration_is_its_formula() -> None:
    light, dark = RANDOM.random((2, 12, 18)).astype(np.float32)
    flat = (1 + 0.2 * RANDOM.random((12, 18))).astype(np.float32)
    divisor = calibrate.flat_divisor(flat, pattern=None, equalize=False)
    np.testing.assert_allclose(calibrate.calibrate_rows(light, dark, divisor), (light - dark) / (flat / flat[4:8, 6:12].mean()),
                               rtol=2e-6)


@pytest.mark.parametrize("pattern", cfa.PATTERNS)
def test_an_equalised_flat_takes_vignetting_and_leaves_colour(pattern: str) -> None:
    y, x = np.mgrid[:72, :90]
    vignette = (1 - 1e-4 * ((x - 45.0) ** 2 + (y - 36.0) ** 2)).astype(np.float32)
    rgb = np.stack([v * vignette for v in (0.2, 0.5, 0.3)])
    divisor = calibrate.flat_divisor(mosaic_of(rgb, pattern), pattern=pattern, equalize=True)
    ratio = divisor / vignette
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=2e-3)


def test_masters_reject_what_stands_out_and_average_few() -> None:
    stack = (RANDOM.normal(0.1, 0.001, (16, 20, 20))).astype(np.float32)
    stack[3, 5, 5] = 0.9
    others = np.delete(stack, 3, axis=0).mean(axis=0)
    np.testing.assert_allclose(calibrate.combine_masters(stack), others, atol=1e-3)
    assert abs(calibrate.combine_masters(stack)[5, 5] - 0.1) < 0.002
    np.testing.assert_allclose(calibrate.combine_masters(stack[:3]), stack[:3].mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize("mosaic", [False, True])
def test_bad_pixels_are_found_in_darks_and_mended_from_their_colour(mosaic: bool) -> None:
    dark = RANDOM.normal(0.01, 0.0005, (60, 60)).astype(np.float32)
    if mosaic:
        dark[::2, ::2] += 0.2
    places = [(10, 11), (31, 40), (50, 5)]
    for y, x in places:
        dark[y, x] += 0.05
    dark[20, 20] -= 0.01
    bad = calibrate.bad_pixel_map(calibrate.local_excess(dark, cfa=mosaic), 0.001, 5, 5)
    assert {tuple(p) for p in np.argwhere(bad)} >= {*places, (20, 20)} and bad.sum() <= 6
    calibrate.correct_bad_pixels(dark, bad, cfa=mosaic)
    for y, x in places:
        expected = 0.21 if mosaic and y % 2 == 0 and x % 2 == 0 else 0.01
        assert abs(dark[y, x] - expected) < 0.002


@pytest.mark.parametrize("pattern", ["RGGB", "BGGR", "GRBG", "GBRG"])
def test_the_green_alone_is_that_of_the_whole_demosaicing(pattern: str) -> None:
    mosaic = np.random.default_rng(0).random((21, 34)).astype(np.float32)
    np.testing.assert_allclose(cfa.green(mosaic, pattern), cfa.demosaic(mosaic, pattern, "bilinear")[1], rtol=1e-6)
