"""Sessions with good darks: bad pixels are gone from the stack, and stars lose nothing by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import median_filter

from fixtures.judge import good_stars, star_photometry
from orchestrator.io.fits import image_layout
from orchestrator.simulation import simulate
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.truth import SimulationTruth, transform_points
from tests.quality.stacks import stack_onto

REFERENCE = 8
SESSION = SimulationConfig(
    width=300, height=240, n_frames=24, pattern="RGGB", n_stars=130, flux_min=4000, drift=12, dither=5, rotation=0.4,
    hot_pixels=170, warm_pixels=2500, n_dark=16, sky_min=400, sky_max=500)


def stacked(folder: Path, name: str, **calibration: object) -> np.ndarray:
    """The stack in ADU, (3, h, w) or (h, w)."""
    result = stack_onto(REFERENCE, folder / "session", folder, name, calibration=calibration)
    return image_layout(result.products.get("stacked_rgb") or result.products["stacked"]).read() * 65535


def residues(image: np.ndarray, truth: SimulationTruth, pixels: np.ndarray) -> np.ndarray:
    """What stands out, in units of the noise, where these pixels of the sensor were in the reference; none near stars."""
    rest = image - median_filter(image, 5)
    x, y = truth.stars_in(REFERENCE)
    inside = (pixels > 6).all(axis=1) & (pixels[:, 0] < image.shape[1] - 7) & (pixels[:, 1] < image.shape[0] - 7)
    far = np.array([np.hypot(x - a, y - b).min() > 8 for a, b in pixels])
    columns, rows = pixels[inside & far].astype(int).T
    return rest[rows, columns] / (1.4826 * np.median(np.abs(rest)))


@pytest.mark.slow
def test_stars_are_as_bright_as_without_cosmetic_correction(tmp_path: Path) -> None:
    truth = simulate(SESSION, tmp_path / "session")
    with_it, without = stacked(tmp_path, "with"), stacked(tmp_path, "without", cosmetic=False)
    changes = []
    for channel in range(3):
        _, x, y = good_stars(truth, REFERENCE, channel=channel, count=10)
        fluxes, others = (star_photometry(image[channel], x, y, 7.0) for image in (with_it, without))
        changes.append(-2500 * np.log10(fluxes / others))
    change = np.concatenate(changes)
    # Without it the noise of the hot pixels is in the fluxes, by 2 to 5 mmag; a median has 1.25 times the error of a mean.
    error = 1.25 * change.std() / len(change) ** 0.5
    assert abs(np.median(change)) < 2 * error and abs(change.mean()) < 1.5 and change.std() < 5, change
    # Hot pixels leave nothing where the dither took them.
    for frame in (0, 12):
        path = np.stack(transform_points(truth.matrix(frame, REFERENCE), *truth.hot[:, :2].T), axis=-1).round()
        left = residues(with_it[1], truth, path)
        assert len(left) > 50 and np.sqrt((left**2).mean()) < 1.2 and np.abs(left).max() < 5


@pytest.mark.parametrize("mismatch", [1.0, pytest.param(1.25, marks=pytest.mark.slow)])
def test_no_hot_pixel_is_left_where_nothing_is_dithered(tmp_path: Path, mismatch: float) -> None:
    """Each pixel of the sensor is one of the stack; also where the darks were taken warmer than the lights."""
    still = SimulationConfig(**{**SESSION.__dict__, "pattern": None, "drift": 0.0, "dither": 0.0, "rotation": 0.0, "n_dark": 0})
    truth = simulate(still, tmp_path / "session")
    image = stacked(tmp_path, "still", dark_master=str(make_dark(truth, tmp_path, mismatch)))
    left = residues(image, truth, truth.hot[:, :2])
    assert len(left) > 50 and np.sqrt((left**2).mean()) < 1.5 and np.abs(left).max() < 5
    left = residues(image, truth, truth.warm[:, :2])
    assert np.sqrt((left**2).mean()) < 1.5


def make_dark(truth: SimulationTruth, folder: Path, warmer: float) -> Path:
    """A master dark without noise whose dark current is a given multiple of that of the lights."""
    from orchestrator.io.fits import write
    from orchestrator.simulation.camera import make_camera
    from orchestrator.simulation.simulator import frame_header

    config, camera = truth.config, make_camera(truth)
    dark = (camera.bias + warmer * camera.dark * config.exposure / config.gain) / 65535
    path = folder / "dark.fits"
    write(path, dark.astype(np.float32), frame_header(config, "dark", 0, config.exposure))
    return path
