"""The information kept, measured on images whose information is known."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.simulation.psf import add_stars
from tilecore.detect.psf import DEFAULT_BETA, effective_area
from tilecore.stack.information import PointSources, clipped_variance, measure_information, noise_power

SHAPE = (300, 420)
FWHM = 3.0


def scene(fwhm: tuple[float, ...], weights: tuple[float, ...], sigma: float = 1.0,
          seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean of frames with white noise, and its noise from halves of them with other noise."""
    r = np.random.default_rng(seed)
    x, y = (a.ravel() + 0.3 for a in np.meshgrid(np.arange(40.0, 400, 55), np.arange(40.0, 280, 55)))
    image, noise = np.zeros(SHAPE), np.zeros(SHAPE)
    for width, weight in zip(fwhm, weights, strict=True):
        frame = sigma * r.standard_normal(SHAPE)
        add_stars(frame, x, y, np.full(len(x), 3e4), np.full(len(x), width))
        image += weight * frame
        noise += weight * sigma * r.standard_normal(SHAPE)
    return (image / sum(weights)).astype(np.float32), (noise / sum(weights)).astype(np.float32)


def sources(flux: float = 3e4) -> PointSources:
    x, y = (a.ravel() + 0.3 for a in np.meshgrid(np.arange(40.0, 400, 55), np.arange(40.0, 280, 55)))
    return PointSources(x, y, np.full(len(x), flux), np.ones(len(x), bool))


def test_white_noise_has_the_same_power_at_every_frequency() -> None:
    r = np.random.default_rng(1)
    power = noise_power((3 * r.standard_normal((400, 400))).astype(np.float32))
    assert power is not None
    assert np.median(power) == pytest.approx(9, rel=0.05) and power.std() < 1.5


def test_one_frame_has_the_information_of_its_psf_and_noise() -> None:
    image, noise = scene((FWHM,), (1.0,), 2.0)
    found = measure_information(image, noise, sources(), np.zeros(SHAPE, bool))
    psf = np.zeros((64, 64))
    add_stars(psf, np.array([32.0]), np.array([32.0]), np.array([1.0]), np.array([FWHM]))
    assert np.mean(found.value) == pytest.approx(float((psf**2).sum()) / 4, rel=0.03)
    area = float(effective_area(np.array(np.hypot(FWHM, 0.62)), DEFAULT_BETA))
    assert 1 / (4 * np.mean(found.value)) == pytest.approx(area, rel=0.05)
    assert found.stars > 20 and len(found.x) == len(found.value)


@pytest.mark.parametrize("weights", [(1.0, 1.0), (3.0, 1.0)])
def test_a_mean_of_frames_keeps_what_the_closed_form_states(weights: tuple[float, float]) -> None:
    """eta = sum |P_R|^2 / N_R over the sum of the frames, from the rendered PSFs."""
    image, noise = scene((2.4, 4.2), weights)
    value = float(np.mean(measure_information(image, noise, sources(), np.zeros(SHAPE, bool)).value))
    psf = np.zeros((2, 64, 64))
    for k, width in enumerate((2.4, 4.2)):
        add_stars(psf[k], np.array([32.0]), np.array([32.0]), np.array([1.0]), np.array([width]))
    w = np.array(weights) / sum(weights)
    expected = (np.tensordot(w, psf, 1) ** 2).sum() / (w**2).sum()
    assert value == pytest.approx(float(expected), rel=0.04)
    assert value < float((psf**2).sum())


def test_a_linear_filter_changes_nothing() -> None:
    image, noise = scene((FWHM, FWHM), (1.0, 1.0))
    kernel = np.zeros(SHAPE)
    kernel[0, 0], kernel[0, 1], kernel[1, 0] = 0.6, 0.25, 0.15

    def filtered(a: np.ndarray) -> np.ndarray:
        return np.fft.ifft2(np.fft.fft2(a) * np.fft.fft2(kernel)).real.astype(np.float32)

    none = np.zeros(SHAPE, bool)
    plain = measure_information(image, noise, sources(), none)
    other = measure_information(filtered(image), filtered(noise), sources(), none)
    assert np.mean(other.value) == pytest.approx(float(np.mean(plain.value)), rel=0.03)


def test_neighbours_are_subtracted() -> None:
    image, noise = scene((FWHM,), (1.0,))
    alone = float(np.mean(measure_information(image, noise, sources(), np.zeros(SHAPE, bool)).value))
    stars = sources()
    r = np.random.default_rng(3)
    beside = np.zeros(SHAPE)
    x, y = stars.x + r.uniform(7, 15, len(stars.x)), stars.y + r.uniform(-12, 12, len(stars.x))
    add_stars(beside, x, y, np.full(len(x), 5e3), np.full(len(x), FWHM))
    both = PointSources(np.append(stars.x, x), np.append(stars.y, y), np.append(stars.flux, np.full(len(x), 5e3)),
                        np.append(stars.usable, np.zeros(len(x), bool)))
    crowded = measure_information((image + beside).astype(np.float32), noise, both, np.zeros(SHAPE, bool))
    assert crowded.stars > 20
    assert np.mean(crowded.value) == pytest.approx(alone, rel=0.03)


def test_lost_light_is_lost_information() -> None:
    image, noise = scene((FWHM,), (1.0,))
    full = measure_information(image, noise, sources(), np.zeros(SHAPE, bool))
    # The frames state a flux of which the stack shows nine tenths.
    lost = measure_information(image, noise, sources(3e4 / 0.9), np.zeros(SHAPE, bool))
    assert np.mean(lost.value) == pytest.approx(0.81 * float(np.mean(full.value)), rel=0.01)


def test_too_few_stars_or_unknown_noise_are_not_measured() -> None:
    image, noise = scene((FWHM,), (1.0,))
    few = sources()
    few.usable[2:] = False
    assert not len(measure_information(image, noise, few, np.zeros(SHAPE, bool)).value)
    for unknown in (np.nan, 0.0):  # 0: where no frame has data
        assert not len(measure_information(image, np.full(SHAPE, unknown, np.float32), sources(), np.zeros(SHAPE, bool)).value)


@pytest.mark.parametrize("share", [0.0005, 0.002, 0.004])
def test_the_variance_of_clipped_noise(share: float) -> None:
    values = np.sort(np.abs(np.random.default_rng(0).standard_normal(2_000_000)))
    left = values[: round(len(values) * (1 - share))]
    assert clipped_variance(share) == pytest.approx(float(np.mean(left**2)), abs=0.002)
    assert clipped_variance(0.0) == 1.0 and clipped_variance(0.5) == clipped_variance(0.01)
