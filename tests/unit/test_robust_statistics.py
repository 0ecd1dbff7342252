"""Statistics that several steps share, against samples of a normal distribution."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.numerics.statistics import median_and_error


def test_the_error_of_a_median_is_its_scatter_over_samples() -> None:
    samples = np.random.default_rng(0).normal(5, 2, (4000, 41))
    found = np.array([median_and_error(s) for s in samples])
    assert np.mean(found[:, 0]) == pytest.approx(5, abs=0.02)
    assert np.median(found[:, 1]) == pytest.approx(float(np.std(found[:, 0])), rel=0.05)
