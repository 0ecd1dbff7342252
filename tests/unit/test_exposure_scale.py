"""Transparency across exposures: from the stars that both show well, whichever exposure the reference has."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.stacking.exposure_scale import across_exposures
from orchestrator.stacking.photometric_scale import _clipped

LONG, SHORT = 6, 6
RATIO = 0.01
FULL = 60_000.0


def fluxes(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Fluxes (N, n) of long frames, then short ones, NaN where clipped; their errors, groups and true transparencies (N,)."""
    rng = np.random.default_rng(seed)
    stars = np.geomspace(3e3, 1e8, 80)
    truth = np.concatenate([rng.uniform(0.9, 1.1, LONG), RATIO * rng.uniform(0.9, 1.1, SHORT)])
    error = np.array([150.0] * LONG + [25.0] * SHORT)
    light = truth[:, None] * stars
    flux = rng.poisson(light) + error[:, None] * rng.standard_normal((LONG + SHORT, len(stars)))
    return np.where(light > 12 * FULL, np.nan, flux), error, np.repeat([1, 0], (LONG, SHORT)), truth


@pytest.mark.parametrize("reference", [2, LONG + 3])
def test_the_scale_is_right_for_a_long_and_for_a_short_reference(reference: int) -> None:
    flux, error, group, truth = fluxes()
    found = across_exposures(flux, error, group, reference)
    scale, used = (np.array(v) for v in zip(*found, strict=True))
    wanted = truth / truth[reference]
    assert np.abs(scale / wanted - 1).max() < 0.005 and used.min() >= 8
    # Frames of one exposure are known better relative to one another: by stars that the other exposure clips or loses.
    for g in (0, 1):
        own = scale[group == g] / wanted[group == g]
        assert np.ptp(own) / own.mean() < 0.004


def test_without_common_stars_the_number_says_so() -> None:
    flux, error, group, _ = fluxes()
    flux[group == 1, 30:] = np.nan
    flux[group == 0, :30] = np.nan
    found = across_exposures(flux, error, group, 0)
    assert all(used == 0 for _, used in found[LONG:]) and all(used > 8 for _, used in found[:LONG])


def test_stars_that_a_frame_clips_are_known_at_the_border_too() -> None:
    data = np.zeros((30, 40), np.float32)
    data[5, 8] = data[29, 39] = 0.96
    x, y = np.array([8.4, 12.0, 39.2, -5.0, np.nan]), np.array([4.6, 5.0, 28.9, 3.0, 2.0])
    np.testing.assert_array_equal(_clipped(data, x, y, 0.95), [True, False, True, False, False])
    np.testing.assert_array_equal(_clipped(np.stack([0 * data, data]), x, y, 0.95), [True, False, True, False, False])
