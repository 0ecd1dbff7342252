"""The measures of a result against pictures whose noise and fluxes are known."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.ndimage import gaussian_filter

from orchestrator import RunConfig
from orchestrator.phases.validation import Measured, evaluate
from tilecore.stack.checks import FluxChanges, flux_changes, noise_at_scales

RANDOM = np.random.default_rng(5)


def test_white_noise_is_the_same_at_every_scale_with_stars_and_gradients() -> None:
    image = RANDOM.normal(0, 3, (512, 640)).astype(np.float32)
    image += np.linspace(0, 500, 640, dtype=np.float32)
    for y, x in RANDOM.integers(8, 500, (60, 2)):
        image[y - 2: y + 3, x - 2: x + 3] += 4000
    assert noise_at_scales(image, np.ones(image.shape, bool)) == pytest.approx([3, 3, 3, 3], rel=0.12)


def test_smoothing_hides_noise_from_pixels_and_not_from_larger_squares() -> None:
    white = RANDOM.normal(0, 1, (1024, 1024)).astype(np.float32)
    smooth = gaussian_filter(white, 0.6).astype(np.float32)
    covered = np.ones(white.shape, bool)
    pixel, *_, large = noise_at_scales(smooth, covered)
    assert pixel < 0.6
    assert large == pytest.approx(1, abs=0.12)


def test_what_is_not_covered_does_not_count() -> None:
    image = RANDOM.normal(0, 2, (256, 256)).astype(np.float32)
    covered = np.ones(image.shape, bool)
    covered[:, 100:] = False
    image[~covered] = 0
    assert noise_at_scales(image, covered)[:2] == pytest.approx([2, 2], rel=0.1)
    assert np.isnan(noise_at_scales(image, np.zeros(image.shape, bool))).all()


def stars(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return RANDOM.uniform(0, 600, count), RANDOM.uniform(0, 400, count), 10 ** RANDOM.uniform(3, 5, count)


@pytest.mark.parametrize("scatter", [0.0, 0.01, 0.05])
@pytest.mark.parametrize("drift", [0.0, 0.04])
def test_scatter_and_drift_of_fluxes_are_told_apart(scatter: float, drift: float) -> None:
    x, y, flux = stars(400)
    change = RANDOM.normal(0, scatter, 400) + drift * x / 600 + 0.3
    found = flux_changes(x, y, flux * 10 ** (-0.4 * change), flux, (400, 600))
    assert found.stars == 400
    assert found.scatter == pytest.approx(scatter, rel=0.2, abs=1e-4)
    assert abs(found.drift - drift) < 3 * found.drift_error + 1e-6


def test_variable_stars_and_lost_ones_do_not_count() -> None:
    x, y, flux = stars(100)
    ours = flux.copy()
    ours[:5] *= 3
    ours[5:8] = np.nan
    found = flux_changes(x, y, ours, flux, (400, 600))
    assert found.stars == 97 and found.drift < 1e-6 and found.scatter < 1e-6
    assert np.isnan(flux_changes(x[:4], y[:4], ours[:4], flux[:4], (400, 600)).drift)


GOOD = {"fwhm": 3.0, "fwhm_plain": 3.0, "noise": np.ones((2, 4)), "noise_plain": np.ones((2, 4)), "seam": 0.1,
        "fluxes": FluxChanges(50, 0.01, 0.01, 0.001), "effective": np.full((2, 3, 3), 9.0), "share": 0.9,
        "seen": np.ones((3, 3), np.bool_),
        "information": {"point": np.full((2, 3, 3), 0.9), "small": np.full((2, 3, 3), 0.9), "extended": np.full((2, 3, 3), 0.9)}}


@pytest.mark.parametrize(("change", "name"), [
    ({"fwhm": 3.4}, "fwhm_growth"), ({"seam": 0.7}, "seam_score"),
    ({"noise": np.array([[1.0, 1, 1, 1], [1, 1, 1.4, 1]])}, "noise_growth"),
    ({"fluxes": FluxChanges(50, 0.08, 0.01, 0.001)}, "flux_scatter_mag"),
    ({"fluxes": FluxChanges(50, 0.01, 0.05, 0.001)}, "flux_drift_mag"),
    ({"information": {**GOOD["information"], "point": np.full((2, 3, 3), 0.4)}}, "information_point"),
    ({"information": {**GOOD["information"], "extended": np.full((2, 3, 3), 0.3)}}, "information_extended"),
    ({"effective": np.full((2, 3, 3), 0.8), "share": 0.08}, "effective_frames")])
def test_each_criterion_fails_alone_with_a_reason_and_what_to_try(change: dict[str, object], name: str) -> None:
    assert not any(c.failed for c in evaluate(Measured(**GOOD), RunConfig(), 10))
    failed = [c for c in evaluate(Measured(**{**GOOD, **change}), RunConfig(), 10) if c.failed]
    assert [c.name for c in failed] == [name]
    assert "try --set" in str(failed[0]) and f"{failed[0].limit:g}" in str(failed[0])


def test_what_cannot_be_measured_does_not_fail() -> None:
    nothing = {**GOOD, "fwhm": float("nan"), "noise": np.full((2, 4), np.nan), "fluxes": FluxChanges(0, *[float("nan")] * 3)}
    assert not any(c.failed for c in evaluate(Measured(**nothing), RunConfig(), 10))
    # A drift within its error is none.
    weak = {**GOOD, "fluxes": FluxChanges(9, 0.04, 0.06, 0.03)}
    assert not any(c.failed for c in evaluate(Measured(**weak), RunConfig(), 10))


@pytest.mark.parametrize("settings", [
    {}, {"weights": {"mode": "snr", "local": False}}, {"weights": {"mode": "psf_snr"}, "stacking": {"sigma_high": 5}},
    {"stacking": {"sigma_high": 9}, "weights": {"local": False}, "tiles": {"overlap": 0.25, "min_size": 256}},
    {"weights": {"mode": "best", "local": False}, "normalization": {"surface_order": 1}}])
def test_a_remedy_changes_a_setting(settings: dict[str, Any]) -> None:
    """No remedy names a value that is in force, the default ones included."""
    config = RunConfig.model_validate(settings)
    for criterion in evaluate(Measured(**GOOD), config, 10):
        assert criterion.remedy
        for section, name, value in re.findall(r"--set (\w+)\.(\w+)=([\w.]+)", criterion.remedy):
            changed = RunConfig.model_validate({section: {name: yaml.safe_load(value)}})
            assert getattr(getattr(changed, section), name) != getattr(getattr(config, section), name), criterion.remedy
