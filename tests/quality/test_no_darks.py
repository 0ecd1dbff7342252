"""An alt-az session without darks: turning lights draw no arcs of the sensor's pixels, and lose nothing by it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import median_filter

from fixtures.judge import good_stars, star_photometry
from orchestrator.io.fits import image_layout, write
from orchestrator.simulation import simulate
from orchestrator.simulation.camera import make_camera
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.simulator import frame_header
from orchestrator.simulation.truth import SimulationTruth, transform_points
from tests.quality.stacks import stack_onto

pytestmark = pytest.mark.slow
REFERENCE = 24
WINDOW = 15
SESSION = SimulationConfig(
    width=300, height=240, n_frames=48, rotation=60, drift=5, n_stars=160, flux_min=2000, hot_pixels=170, warm_pixels=2500,
    bias_structure=3, row_structure=1, exposure=10, sky_min=150, sky_max=250, seeing_field_variation=0)


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> tuple[SimulationTruth, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The same lights stacked with the sensor's true dark, without darks, and without darks or help."""
    folder = tmp_path_factory.mktemp("altaz")
    truth = simulate(SESSION, folder / "session")
    camera = make_camera(truth)
    dark = (camera.bias + camera.dark * SESSION.exposure / SESSION.gain) / 65535
    write(folder / "dark.fits", dark.astype(np.float32), frame_header(SESSION, "dark", 0, SESSION.exposure))
    made, noise = {}, {}
    for name, settings in {"dark": {"dark_master": str(folder / "dark.fits")}, "none": {},
                           "raw": {"fixed_pattern": "none", "cosmetic": False}}.items():
        result = stack_onto(REFERENCE, folder / "session", folder, name, calibration=settings)
        made[name] = image_layout(result.products["stacked"]).read() * 65535
        noise[name] = made[name] - median_filter(made[name], 5)
    return truth, made, noise


def along_arcs(truth: SimulationTruth, image: np.ndarray, pixels: np.ndarray, reference: int = REFERENCE) -> np.ndarray:
    """Means of the image over stretches of 15 px of the arcs that pixels of the sensor draw on the reference."""
    found = []
    for x, y, _ in pixels:
        path = np.array([transform_points(truth.matrix(i, reference), x, y) for i in range(truth.n_frames)])
        length = np.r_[0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
        steps = np.arange(0, length[-1], 1.0)
        u, v = (np.interp(steps, length, path[:, k]).round().astype(int) for k in (0, 1))
        inside = (u >= 6) & (v >= 6) & (u < image.shape[1] - 6) & (v < image.shape[0] - 6)
        values = np.where(inside, image[np.clip(v, 0, image.shape[0] - 1), np.clip(u, 0, image.shape[1] - 1)], np.nan)
        parts = [values[k: k + WINDOW] for k in range(0, len(values) - WINDOW + 1, WINDOW)]
        found += [np.nanmean(p) for p in parts if np.isfinite(p).sum() > 10]
    return np.array(found)


def test_no_arcs_are_left(stacks: tuple[SimulationTruth, dict[str, np.ndarray], dict[str, np.ndarray]]) -> None:
    truth, made, noise = stacks
    sigma = 1.4826 * float(np.median(np.abs(noise["dark"]))) / np.sqrt(WINDOW)
    rest = {}
    for name in ("none", "raw"):
        # Both stacks hold the same lights: their noise and their stars are not in the difference.
        difference = made[name] - made["dark"]
        rest[name] = np.abs(along_arcs(truth, difference - median_filter(difference, 41), truth.hot)) / sigma
    assert np.sqrt((rest["none"] ** 2).mean()) < 0.4 and np.quantile(rest["none"], 0.98) < 1.0
    assert np.sqrt((rest["raw"] ** 2).mean()) > 10 * np.sqrt((rest["none"] ** 2).mean())


def test_noise_and_fluxes_are_those_with_true_darks(
        stacks: tuple[SimulationTruth, dict[str, np.ndarray], dict[str, np.ndarray]]) -> None:
    truth, made, noise = stacks
    spread = {name: float(np.median(np.abs(image))) for name, image in noise.items()}
    assert spread["none"] < 1.01 * spread["dark"]
    _, x, y = good_stars(truth, REFERENCE, count=20)
    ratio = star_photometry(made["none"], x, y, 7.0) / star_photometry(made["dark"], x, y, 7.0)
    change = 2500 * np.log10(ratio)
    assert abs(np.median(change[:8])) < 1.5 and np.sqrt((change[:8] ** 2).mean()) < 5
