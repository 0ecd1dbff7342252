"""Background extraction where objects fill the field: what cannot be shown to be a gradient stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from orchestrator.config.settings import RunConfig
from orchestrator.phases.background import BackgroundResult, PictureFacts, _with_others, remove_gradient
from orchestrator.tools.environment import ToolEnvironment
from tilecore.sky import background_extraction as bge

HEIGHT, WIDTH, SKY = 360, 480, 1000.0
V, U = np.mgrid[:HEIGHT, :WIDTH] / np.array([HEIGHT, WIDTH])[:, None, None]
R = np.hypot(U - 0.5, (V - 0.5) * HEIGHT / WIDTH)
SLOPE = 0.8 * U + 0.2 * V


def clouds(seed: int, exponent: float = 3.0) -> np.ndarray:
    """Structure on all scales: power ~ frequency^-exponent, from 0 to 1."""
    n = 2 * WIDTH
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(n), np.fft.fftfreq(n)))
    frequency[0, 0] = np.inf
    field = np.fft.ifft2(frequency ** (-exponent / 2) * np.fft.fft2(np.random.default_rng(seed).normal(size=(n, n)))).real
    field = field[:HEIGHT, :WIDTH]
    return np.asarray((field - field.min()) / np.ptp(field))


def gaussian(fwhm: float) -> np.ndarray:
    return np.asarray(np.exp(-4 * np.log(2) * ((U - 0.45) ** 2 + ((V - 0.55) * HEIGHT / WIDTH) ** 2) / fwhm**2))


def noisy(light: np.ndarray, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return ((light + rng.normal(0, 5, light.shape) * np.sqrt(light / SKY)) / 65535).astype(np.float32)


def extract(image: np.ndarray, folder: Path, flats: bool | None = None, **settings: object) -> BackgroundResult:
    config = RunConfig.model_validate({"bge": settings})
    return remove_gradient(image, config, ToolEnvironment(folder, folder, folder), facts=PictureFacts(flats))


def kept(light: np.ndarray, other: np.ndarray, image: np.ndarray, result: BackgroundResult) -> float:
    """Share of an object's light that is left: the regression of the removed light, without the gradient ``other``, on it."""
    removed = (image.astype(np.float64) - result.image) * 65535
    removed = (removed - other) if np.ptp(removed) > 0 else removed
    centred = light - light.mean()
    return float(1 - (removed * centred).sum() / (centred**2).sum())


@pytest.mark.parametrize(("seed", "exponent", "brightness"), [(1, 2.5, 60), (1, 3.0, 600), (4, 3.0, 8000), (2, 2.0, 600)])
def test_clouds_keep_their_light(seed: int, exponent: float, brightness: float, tmp_path: Path) -> None:
    nebula = brightness * clouds(seed, exponent)
    image = noisy(SKY + nebula)
    result = extract(image, tmp_path)
    assert "structure" in result.declined or "objects fill the field" in result.declined
    assert result.image is image and kept(nebula, 0 * U, image, result) == 1


@pytest.mark.parametrize("width", [0.5, 0.7, 1.0])
def test_a_smooth_nebula_keeps_its_light(width: float, tmp_path: Path) -> None:
    for brightness in (30, 300):
        image = noisy(SKY + brightness * gaussian(width))
        result = extract(image, tmp_path)
        assert kept(brightness * gaussian(width), 0 * U, image, result) > 0.95, result.report["summary"]


def test_a_slope_goes_where_a_wide_nebula_is_fainter(tmp_path: Path) -> None:
    """The curved model would take 99 % of the nebula with it."""
    for brightness in (80, 100):
        nebula = brightness * gaussian(1.0)
        image = noisy(SKY + 400 * SLOPE + nebula)
        result = extract(image, tmp_path)
        assert result.report["planes"] == ["L"] and result.report["doubt"] == "hump"
        rest = 400 * SLOPE - (image - result.image) * 65535
        assert rest.std() < 0.1 * (400 * SLOPE).std() and kept(nebula, 400 * SLOPE, image, result) > 0.9


@pytest.mark.parametrize(("seed", "exponent", "brightness"), [(2, 3.0, 300), (2, 3.5, 300)])
def test_clouds_keep_their_light_over_a_gradient(seed: int, exponent: float, brightness: float, tmp_path: Path) -> None:
    """The plane or cubic within such clouds is light of the clouds: a gradient of similar strength cannot be distinguished."""
    nebula = brightness * clouds(seed, exponent)
    image = noisy(SKY + 400 * SLOPE + nebula)
    result = extract(image, tmp_path)
    assert result.declined and result.image is image


def test_channels_decline_together_if_the_light_of_stars_would_change() -> None:
    changed, fine, declined = (bge.Checks(1.0, 0.5, 9, 3.0, failed, stars)
                               for failed, stars in ((("stars",), True), ((), False), (("rms",), False)))
    assert _with_others([fine, changed, declined, fine]) == [0, 3] and _with_others([fine, declined]) == []


def test_a_galaxy_keeps_its_peak(tmp_path: Path) -> None:
    for size in (0.12, 0.25, 0.35):  # scale of an exponential disc
        galaxy = 2000 * np.exp(-np.hypot(U - 0.5, 1.8 * (V - 0.5) * HEIGHT / WIDTH) / size)
        image = noisy(SKY + galaxy)
        result = extract(image, tmp_path)
        removed = (image - result.image) * 65535
        at_peak = removed[HEIGHT // 2, WIDTH // 2] - removed[:20, :20].mean()
        assert abs(at_peak) < 0.02 * np.ptp(galaxy), (size, result.report["summary"])


@pytest.mark.slow
def test_vignetting_in_proportion_to_the_sky_is_removed_unless_there_were_flats(tmp_path: Path) -> None:
    """An object of the same shape has another colour than the sky."""
    dark = -(R**2) / (R**2).max()
    vignetted = np.stack([noisy(level * (1 + 0.3 * dark), c) for c, level in enumerate((900, 1000, 800))])
    result = extract(vignetted, tmp_path)
    assert not result.declined and not result.report["planes"]
    assert np.abs(np.diff([d["removed_adu"] for d in result.report["channels"].values()])).max() < 80
    assert extract(vignetted, tmp_path, flats=True).declined
    nebula = np.stack([noisy(level + k * (1 + dark), c) for c, (level, k) in enumerate(((900, 450), (1000, 210), (800, 300)))])
    assert extract(nebula, tmp_path).report["doubt"] == "hump"


def test_the_model_is_subtracted_all_the_same_if_that_is_asked_for(tmp_path: Path) -> None:
    image = noisy(SKY + 300 * gaussian(0.7))
    assert extract(image, tmp_path).declined
    assert extract(image, tmp_path, protect_objects=False).report["channels"]["L"]["removed_adu"] > 150
