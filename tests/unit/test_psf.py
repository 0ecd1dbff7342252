"""The PSF model against profiles drawn pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.simulation.psf import GAUSSIAN, StarProfile, add_stars, psf_stamp
from tilecore.detect.psf import OTF_STEP, PsfModel, effective_area, moffat_otf, otf_table, shape_of
from tilecore.detect.stars import STAR_DTYPE, detect


@pytest.mark.parametrize("beta", [2.0, 2.5, 3.5, 5.0])
def test_the_transform_is_that_of_the_drawn_profile(beta: float) -> None:
    size, fwhm = 256, 5.0
    drawn = np.fft.fft2(np.fft.ifftshift(psf_stamp(size, fwhm, StarProfile(beta=beta)))).real
    k = np.fft.fftfreq(size)
    pixel = np.sinc(k)[:, None] * np.sinc(k)[None, :]
    model = moffat_otf(np.hypot(k[:, None], k[None, :]), fwhm, beta) * pixel
    # The stamp ends at its border, the model does not: what is lost there shows at the lowest frequencies.
    assert np.abs(model - drawn / drawn[0, 0])[4:-4, 4:-4].max() < 0.01 if beta > 2 else True
    assert np.abs(model - drawn)[10:60, 10:60].max() < 0.005


def test_the_table_is_the_function() -> None:
    s = np.linspace(0, 6, 1000)
    table = otf_table(3.5)
    assert np.abs(np.interp(s, np.arange(len(table)) * OTF_STEP, table) - moffat_otf(s, 1.0, 3.5)).max() < 1e-5
    assert table[0] == 1 and moffat_otf(np.array([0.0]), 3.0, 3.5)[0] == 1


@pytest.mark.parametrize("beta", [2.5, 3.5, 40.0])
def test_the_effective_area_is_one_over_the_sum_of_squares(beta: float) -> None:
    stamp = psf_stamp(128, 8.0, StarProfile(beta=beta) if beta < 30 else StarProfile(GAUSSIAN))
    assert effective_area(np.array(8.0), beta) == pytest.approx(1 / (stamp**2).sum(), rel=0.03)


def drawn_field(n: int, ellipticity: float, angle: float, seed: int = 0) -> np.ndarray:
    r = np.random.default_rng(seed)
    image = np.zeros((600, 800))
    x, y = r.uniform(20, 780, n), r.uniform(20, 580, n)
    add_stars(image, x, y, r.uniform(0.3, 3, n), 2.6 + 1.2 * x / 800, profile=StarProfile(ellipticity=ellipticity, angle=angle))
    return (image + r.normal(0.01, 2e-4, image.shape)).astype(np.float32)


def test_the_model_follows_width_and_elongation_over_the_field() -> None:
    stars = detect(drawn_field(120, 0.2, 0.5))
    model = PsfModel.fit(stars[~stars["saturated"]], (600, 800))
    x, y = np.array([100.0, 400, 700]), np.array([100.0, 300, 500])
    assert model.fwhm(x, y) == pytest.approx(2.6 + 1.2 * x / 800, rel=0.04)
    assert model.roundness(x, y) == pytest.approx(0.8, abs=0.04)
    e1, e2 = model.elongation(x, y)
    assert 0.5 * np.arctan2(e2, e1) == pytest.approx(0.5, abs=0.1)
    assert 2.8 < model.beta < 4.5
    fwhm, roundness = shape_of(model.tensor(x, y))
    assert fwhm == pytest.approx(model.fwhm(x, y)) and roundness == pytest.approx(model.roundness(x, y))
    # A turn by a right angle turns the tensor along.
    turn = np.array([[0.0, -1], [1, 0]])
    assert shape_of(turn @ model.tensor(x, y) @ turn.T)[1] == pytest.approx(roundness)


def test_few_stars_give_a_constant_and_none_the_fallback() -> None:
    stars = np.zeros(4, STAR_DTYPE)
    stars["x"], stars["y"], stars["fwhm"], stars["roundness"], stars["beta"] = range(4), range(4), 3.1, 1.0, np.nan
    everywhere = np.array([0.0, 500.0])
    assert PsfModel.fit(stars, (600, 800)).fwhm(everywhere, everywhere) == pytest.approx(3.1)
    none = PsfModel.fit(stars[:0], (600, 800), fallback=2.9)
    assert none.fwhm(everywhere, everywhere) == pytest.approx(2.9) and none.roundness(everywhere, everywhere) == pytest.approx(1)


def test_one_wild_star_does_not_bend_the_surface() -> None:
    stars = detect(drawn_field(120, 0.0, 0.0))
    clean = PsfModel.fit(stars, (600, 800))
    wild = stars.copy()
    wild["fwhm"][5], wild["roundness"][5] = 30, 0.1
    bent = PsfModel.fit(wild, (600, 800))
    x, y = np.meshgrid(np.linspace(30, 770, 9), np.linspace(30, 570, 7))
    assert np.abs(bent.fwhm(x, y) / clean.fwhm(x, y) - 1).max() < 0.02
