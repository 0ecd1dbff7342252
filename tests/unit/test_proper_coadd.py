"""Proper co-addition against its own promises: flux, noise, PSF, no seams."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.judge import fit_stars, star_photometry
from orchestrator.simulation.psf import StarProfile, add_stars
from orchestrator.stacking.proper_coaddition import likely_tensor
from tilecore.detect.psf import PsfModel, otf_table, shape_of
from tilecore.detect.stars import STAR_DTYPE
from tilecore.stack.proper_coadd import Band, Layout, Target, common_target, make_layout, mean_fwhm, moffat_target, target_image

SHAPE = (260, 330)
BETA = 3.5


def coadd(frames: list[np.ndarray], fwhm: np.ndarray, noise: np.ndarray, target: Target | None = None,
          layout: Layout | None = None) -> tuple[np.ndarray, np.ndarray, Target]:
    """Frames with one PSF each; the image, the variance of its noise, the target."""
    layout = layout or make_layout(SHAPE, 3.0)
    rows, columns = len(layout.starts_y), len(layout.starts_x)
    tiles = rows * columns
    band = Band(layout, 0, rows)
    top, bottom = Band.rows_of(layout, 0, rows)
    right = max(layout.starts_x[-1] + layout.core + layout.pad - SHAPE[1], 0)
    tensor = np.array([np.broadcast_to(np.eye(2) * f**2, (tiles, 2, 2)) for f in fwhm])
    for f, frame in enumerate(frames):
        strip = np.pad(frame, ((-top, bottom - SHAPE[0]), (layout.pad, right)), mode="symmetric").astype(np.float32)
        band.add(strip, np.full(tiles, noise[f] ** -2.0), tensor[f], otf_table(BETA))
    weights = np.repeat(noise[:, None] ** -2.0, tiles, axis=1)
    target = target or common_target(tensor, weights, np.full(len(fwhm), BETA), 0.25)
    found, _, variance = band.finish(target)
    window_y, window_x = layout.windows()
    image, spread = np.zeros((SHAPE[0] + layout.core, SHAPE[1] + layout.core)), np.zeros(SHAPE)
    for t in range(tiles):
        j, i = divmod(t, columns)
        y, x = layout.starts_y[j], layout.starts_x[i]
        image[y: y + layout.core, x: x + layout.core] += found[t] * window_y[j][:, None] * window_x[i][None]
    spread[:] = np.median(variance)
    return image[: SHAPE[0], : SHAPE[1]], spread, target


def sky(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r = np.random.default_rng(seed)
    grid = np.array([(x, y) for x in range(40, 300, 44) for y in range(40, 230, 44)], np.float64)
    places = grid + r.uniform(-8, 8, grid.shape)
    return places[:, 0], places[:, 1], r.uniform(0.5, 2, len(places))


def frame(x: np.ndarray, y: np.ndarray, flux: np.ndarray, fwhm: float) -> np.ndarray:
    image = np.zeros(SHAPE)
    add_stars(image, x, y, flux, np.full(x.size, fwhm), profile=StarProfile(beta=BETA))
    return image


def test_a_constant_stays_and_the_windows_leave_no_seam() -> None:
    image, _, _ = coadd([np.full(SHAPE, 0.25), np.full(SHAPE, 0.25)], np.array([2.5, 4.0]), np.array([1e-3, 2e-3]))
    assert np.abs(image - 0.25).max() < 1e-6


@pytest.mark.parametrize("shape", [(260, 330), (40, 50), (100, 1000)])
def test_windows_sum_to_one_at_every_pixel(shape: tuple[int, int]) -> None:
    layout = make_layout(shape, 3.0)
    for windows, starts, length in zip(layout.windows(), (layout.starts_y, layout.starts_x), shape, strict=True):
        total = np.zeros(length + layout.core)
        for w, s in zip(windows, starts, strict=True):
            total[s: s + layout.core] += w
        assert np.abs(total[:length] - 1).max() < 1e-5


def test_star_fluxes_keep_their_ratios_to_a_millimagnitude_and_stars_look_alike() -> None:
    x, y, flux = sky(0)
    fwhm, noise = np.array([2.4, 3.0, 4.2]), np.array([1e-3, 0.8e-3, 1.2e-3])
    image, _, target = coadd([frame(x, y, flux, f) for f in fwhm], fwhm, noise)
    measured = star_photometry(image, x, y, 9.0) / flux
    assert 2.5 * np.log10(measured / np.median(measured)) == pytest.approx(0, abs=1e-3)
    assert np.median(measured) == pytest.approx(star_photometry(frame(x, y, flux, 3.0), x, y, 9.0)[0] / flux[0], abs=0.01)
    fits = fit_stars(image, x, y, 3.0)
    assert np.ptp(fits["fwhm"]) < 0.02
    assert np.hypot(fits["x"] - x, fits["y"] - y).max() < 0.01
    # Sharper than the plain mean of the three, wider than the sharpest.
    assert 2.4 < np.median(fits["fwhm"]) < mean_fwhm(fwhm, np.ones(3), np.full(3, BETA))
    assert target.fwhm == pytest.approx(np.median(fits["fwhm"]), abs=0.25)


def test_its_noise_is_what_the_variance_says_and_white() -> None:
    r = np.random.default_rng(1)
    fwhm, noise = r.uniform(2.4, 4.5, 12), r.uniform(0.7, 1.4, 12) * 1e-3
    image, variance, _ = coadd([r.normal(0, s, SHAPE) for s in noise], fwhm, noise)
    inner = image[30:-30, 30:-30]
    assert inner.std() == pytest.approx(np.sqrt(variance[0, 0]), rel=0.04)
    # No frequency is louder than that of the inverse-variance mean, which is the limit.
    power = np.abs(np.fft.fft2(inner)) ** 2 / inner.size
    assert power[2:20, 2:20].mean() < 1.15 / (noise**-2.0).sum()


def test_a_matched_filter_on_it_beats_the_weighted_mean() -> None:
    """Point-source information: peak of the matched filter over its noise, from the known transfer functions."""
    fwhm, noise = np.array([2.2, 2.6, 3.4, 4.6]), np.array([1.0, 1.0, 0.8, 0.6]) * 1e-3
    k = np.hypot(np.fft.fftfreq(64)[:, None], np.fft.fftfreq(64)[None, :])
    table = otf_table(BETA)
    otf = np.array([np.interp(k * f / 0.002, np.arange(len(table)), table) for f in fwhm])
    weight = noise**-2.0
    available = (weight[:, None, None] * otf**2).sum()
    mean = (weight[:, None, None] * otf).sum(axis=0) / weight.sum()
    of_mean = (mean**2).sum() * weight.sum()
    effective = np.sqrt((weight[:, None, None] * otf**2).sum(axis=0) / weight.sum())
    assert (effective**2).sum() * weight.sum() == pytest.approx(available)
    assert of_mean < 0.97 * available


def test_a_bright_star_does_not_ring() -> None:
    x, y, flux = np.array([160.0]), np.array([130.0]), np.array([50.0])
    fwhm, noise = np.array([2.6, 3.1, 3.9]), np.full(3, 1e-3)
    image, _, _ = coadd([frame(x, y, flux, f) for f in fwhm], fwhm, noise)
    assert image.min() > -2e-4 * image.max()


def test_a_round_target_of_a_given_width_is_met() -> None:
    x, y, flux = sky(0)
    fwhm, noise = np.array([2.4, 3.0]), np.array([1e-3, 1e-3])
    image, _, target = coadd([frame(x, y, flux, f) for f in fwhm], fwhm, noise, moffat_target(3.6, BETA))
    assert target.fwhm == pytest.approx(3.6, abs=0.1)
    assert np.median(fit_stars(image, x, y, 3.5)["fwhm"]) == pytest.approx(np.sqrt(3.6**2 - 0.46), abs=0.08)


def test_the_picture_of_the_target_has_unit_sum_and_its_width() -> None:
    picture = target_image(moffat_target(4.0, BETA), 65)
    assert picture.sum() == pytest.approx(1) and np.unravel_index(picture.argmax(), picture.shape) == (32, 32)
    row = picture[32]
    assert np.interp(0.5 * row.max(), row[32:40][::-1], np.arange(8)[::-1]) * 2 == pytest.approx(4.0, abs=0.15)


def test_the_noise_of_the_halves_is_that_of_the_image() -> None:
    """White noise in frames of different PSF: the variance of both is the one stated; a star is in the image only."""
    layout = make_layout(SHAPE, 3.0)
    rows, tiles = len(layout.starts_y), len(layout.starts_y) * len(layout.starts_x)
    fwhm = np.linspace(2.4, 4.0, 11)
    tensor = np.array([np.broadcast_to(np.eye(2) * f**2, (tiles, 2, 2)) for f in fwhm])
    target = common_target(tensor, np.ones((len(fwhm), tiles)), np.full(len(fwhm), BETA), 0.25)
    top, bottom = Band.rows_of(layout, 0, rows)
    right = max(layout.starts_x[-1] + layout.core + layout.pad - SHAPE[1], 0)
    for flux in (0.0, 3e4):
        r, band = np.random.default_rng(2), Band(layout, 0, rows)
        for k, width in enumerate(fwhm):
            frame = r.standard_normal(SHAPE)
            add_stars(frame, np.array([60.0]), np.array([70.0]), np.array([flux]), np.array([width]),
                      profile=StarProfile(beta=BETA))
            strip = np.pad(frame, ((-top, bottom - SHAPE[0]), (layout.pad, right)), mode="symmetric").astype(np.float32)
            band.add(strip, np.ones(tiles), tensor[k], otf_table(BETA), second=k % 2 == 1)
        image, noise, variance = band.finish(target)
        if flux:
            assert np.abs(image[0]).max() > 100
            assert np.abs(noise[0]).max() < 0.03 * np.abs(image[0]).max()
        else:
            for found in (image, noise):
                assert np.var(found) == pytest.approx(float(np.median(variance)), rel=0.04)


@pytest.mark.parametrize(("slope", "noise"), [(0.0, 0.15), (1.0, 0.02)])
def test_a_variation_of_the_width_counts_if_the_stars_show_it(slope: float, noise: float) -> None:
    random = np.random.default_rng(7)
    yy, xx = np.mgrid[30:370:5j, 30:370:5j]
    truth = 3 + slope * (xx / 400 - 0.5)
    plain, likely = [], []
    for _ in range(12):
        stars = np.zeros(45, STAR_DTYPE)
        stars["x"], stars["y"] = random.uniform(0, 400, (2, 45))
        stars["fwhm"] = 3 + slope * (stars["x"] / 400 - 0.5) + random.normal(0, noise, 45)
        stars["roundness"], stars["beta"] = 1, 3.5
        psf = PsfModel.fit(stars, (400, 400))
        for found, tensor in ((plain, psf.tensor(xx, yy)), (likely, likely_tensor(psf, xx, yy))):
            found.append(float(np.mean((shape_of(tensor)[0] - truth) ** 2)))
    assert np.mean(likely) < (0.6 if slope == 0 else 1.05) * np.mean(plain)
