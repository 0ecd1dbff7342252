"""Noise against the number of frames, where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.stacking.noise_vs_frames import _halves, _sizes, noise_of_halves


def test_noise_of_all_from_halves() -> None:
    """White noise, stars and a gradient in all frames: the noise of the weighted mean comes out, whatever the scene."""
    rng = np.random.default_rng(5)
    scene = np.where(rng.uniform(size=(160, 640)) < 0.01, 5.0, 0.0) + np.linspace(0, 3, 640)
    sigma = rng.uniform(0.5, 2, 12)
    frames = scene + rng.normal(size=(12, 160, 640)) * sigma[:, None, None]
    frames[0, 80] += 50  # a trail
    weights = (1 / sigma**2).astype(np.float32)
    weighted = (frames * weights[:, None, None]).astype(np.float32)
    a, b = _halves(weights, 12, rng)
    assert sorted([*a, *b]) == list(range(12))
    assert weights[a].sum() == pytest.approx(weights[b].sum(), rel=0.3)
    found = noise_of_halves(weighted, weights, a, b, np.ones((160, 640), bool))
    assert found == pytest.approx(1 / np.sqrt(weights.sum()), rel=0.05)


def test_what_is_not_covered_is_not_measured() -> None:
    covered = np.zeros((32, 32), bool)
    assert np.isnan(noise_of_halves(np.ones((4, 32, 32), np.float32), np.ones(4, np.float32), np.array([0, 1]), np.array([2, 3]),
                                    covered))
    assert np.isnan(noise_of_halves(np.ones((4, 32, 32), np.float32), np.zeros(4, np.float32), np.array([0, 1]), np.array([2, 3]),
                                    ~covered))


@pytest.mark.parametrize("count", [6, 7, 16, 40, 500])
def test_sizes_rise_to_all(count: int) -> None:
    sizes = _sizes(count)
    assert sizes == sorted(set(sizes)) and sizes[0] == 4 and sizes[-1] == count
