"""Deconvolution against a known scene: light is kept, no rings, noise stays, and the PSF is measured on stars."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.derived.psf_groups import psf_groups
from tilecore.detect.psf_image import measure_psf
from tilecore.detect.stars import aperture_flux, detect
from tilecore.stack.deconvolution import Deconvolution, Exposure, enough_steps, gaussian_psf, misfit

FloatArray = NDArray[np.float64]
SIDE = 120
# Places and light of stars that are far from each other; noise of a pixel, variance per unit of light.
STARS = [(30.3, 31.8, 40_000.0), (89.5, 30.2, 9000.0), (31.7, 90.4, 2000.0), (88.1, 88.6, 15_000.0), (60.2, 60.4, 60_000.0)]
SIGMA, SHOT = 4.0, 0.05


def moffat(x: FloatArray, y: FloatArray, fwhm: float, beta: float, stretch: float) -> FloatArray:
    """A profile of unit light, integrated over pixels."""
    alpha2 = fwhm**2 / 4 / (2 ** (1 / beta) - 1)
    total = np.zeros(np.broadcast_shapes(x.shape, y.shape))
    for dx in (-0.375, -0.125, 0.125, 0.375):
        for dy in (-0.375, -0.125, 0.125, 0.375):
            r2 = ((x + dx) ** 2 * stretch + (y + dy) ** 2 / stretch) / alpha2
            total += (beta - 1) / np.pi / alpha2 * (1 + r2) ** -beta / 16
    return total


def seen(fwhm: float, beta: float, stretch: float) -> FloatArray:
    y, x = np.mgrid[:SIDE, :SIDE].astype(float)
    return np.asarray(sum(f * moffat(x - sx, y - sy, fwhm, beta, stretch) for sx, sy, f in STARS))


def psf(fwhm: float, beta: float, stretch: float, finer: int) -> NDArray[np.float32]:
    axis = np.arange(-20 * finer, 20 * finer + 1) / finer
    image = moffat(axis[None, :], axis[:, None], fwhm, beta, stretch)
    return np.asarray(image * finer**2 / image.sum(), np.float32)


def exposure(shape: tuple[float, float, float], rng: np.random.Generator, finer: int) -> Exposure:
    light = seen(*shape)
    variance = SIGMA**2 + SHOT * light
    noisy = light + rng.normal(0, np.sqrt(variance))
    return Exposure(noisy.astype(np.float32), (1 / (variance + (0.005 * light) ** 2)).astype(np.float32), psf(*shape, finer))


@pytest.mark.parametrize(("seed", "shapes"), [(1, ((3.2, 3.5, 1.0),)), (2, ((3.6, 2.8, 1.3),)),
                                              (3, ((2.8, 3.5, 1.0), (4.2, 3.0, 0.8)))])
def test_light_is_kept_without_rings(seed: int, shapes: tuple[tuple[float, float, float], ...]) -> None:
    rng = np.random.default_rng(seed)
    exposures = [exposure(s, rng, 2) for s in shapes]
    made = Deconvolution(exposures, 2)
    for _ in range(60):
        made.step()
    image = made.image(gaussian_psf(2.0, 6, 2), shapes[0][0])
    weights = [e.weight for e in exposures]
    mean = np.asarray(sum(e.light * w for e, w in zip(exposures, weights, strict=True)) / sum(weights))
    noise = SIGMA / np.sqrt(len(shapes))
    y, x = np.mgrid[:SIDE, :SIDE]
    for sx, sy, light in STARS:
        distance = np.hypot(x - sx, y - sy)
        around = image[distance < 13]
        error = 0.01 + 2.5 * np.sqrt(noise**2 * around.size + SHOT * light) / light
        assert around.sum() == pytest.approx(light, rel=error)
        rings = [image[(distance >= r) & (distance < r + 1)].mean() for r in np.arange(1.0, 12.0)]
        assert min(rings) > -noise
    fwhm = [np.median(detect(np.asarray(i, np.float32) / 65535)["fwhm"]) for i in (image, mean)]
    assert fwhm[0] < 0.75 * fwhm[1]
    sky = np.min([np.hypot(x - sx, y - sy) for sx, sy, _ in STARS], axis=0) > 16
    assert image[sky].std() == pytest.approx(mean[sky].std(), rel=0.08)


def test_more_steps_are_asked_for_only_while_halves_explain_each_other_better() -> None:
    rng = np.random.default_rng(5)
    one, other = (exposure((3.2, 3.5, 1.0), rng, 1) for _ in range(2))
    made, curve = Deconvolution([one]), []
    for _ in range(40):
        made.step()
        curve.append(misfit(made, [other]))
    assert curve[0] > 3 * curve[-1] and curve[-1] < 1.5
    steps = enough_steps(np.array(curve))
    assert 5 < steps <= 40 and curve[steps - 1] <= 1.01 * min(curve)
    assert enough_steps(np.array([3.0, 2.0, 1.0, 1.5])) == 3
    with pytest.raises(ValueError, match="one size"):
        Deconvolution([one, Exposure(one.light[:50], one.weight[:50], one.psf)])


def test_pixels_without_weight_are_left_out() -> None:
    rng = np.random.default_rng(6)
    good = exposure((3.2, 3.5, 1.0), rng, 1)
    light, weight = good.light.copy(), good.weight.copy()
    light[20:24, 70:74], weight[20:24, 70:74] = 60_000, 0
    images = []
    for e in (Exposure(light, weight, good.psf), good):
        made = Deconvolution([e])
        for _ in range(15):
            made.step()
        images.append(made.image(gaussian_psf(2.0, 6), 3.2))
    assert np.abs(images[0] - images[1])[20:24, 70:74].max() < 10 * SIGMA


def test_the_psf_of_a_stack_of_different_frames() -> None:
    rng = np.random.default_rng(3)
    places = np.stack(np.meshgrid(np.arange(25, 300, 42.0), np.arange(25, 300, 42.0)), -1).reshape(-1, 2)
    places = places + rng.uniform(-3, 3, places.shape)
    y, x = np.mgrid[:320, :320].astype(float)
    light = np.zeros((320, 320))
    for sx, sy in places:
        box = np.s_[int(sy) - 20: int(sy) + 21, int(sx) - 20: int(sx) + 21]
        light[box] += rng.uniform(8e3, 4e4) * (moffat(x[box] - sx, y[box] - sy, 2.8, 3.5, 1.2)
                                               + moffat(x[box] - sx, y[box] - sy, 4.2, 3.5, 1.2)) / 2
    variance = (25 + 0.05 * light).astype(np.float32)
    image = (light + rng.normal(0, np.sqrt(variance))).astype(np.float32)
    found = measure_psf(image, variance, detect(image / 65535), 2)
    stamp = found.at(160, 160)
    half = len(stamp) // 2
    axis = np.arange(-half, half + 1) / 2
    true = (moffat(axis[None, :], axis[:, None], 2.8, 3.5, 1.2) + moffat(axis[None, :], axis[:, None], 4.2, 3.5, 1.2)) / 2
    assert found.stars > 20 and np.abs(stamp - true).max() < 0.02 * true.max() and stamp.sum() == pytest.approx(4, rel=1e-3)
    aperture = aperture_flux(np.ascontiguousarray(stamp[::2, ::2]), np.array([half / 2]), np.array([half / 2]), 6.0)
    assert 0.85 < aperture[0] < 1.01
    with pytest.raises(ValueError, match="0 stars"):
        measure_psf(image, np.zeros_like(variance), detect(image / 65535))


def test_frames_are_grouped_where_their_seeing_differs() -> None:
    assert [len(g) for g in psf_groups(np.linspace(3.0, 3.4, 30))] == [30]
    groups = psf_groups(np.r_[np.linspace(2.5, 3, 12), np.linspace(4, 5, 12), np.nan])
    assert len(groups) == 3 and sorted(np.concatenate(groups).tolist()) == list(range(25)) and groups[0].max() < 12
    assert len(psf_groups(np.array([2.0, 4.0, 5.0]))) == 1
