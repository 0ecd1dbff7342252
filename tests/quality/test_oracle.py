"""The oracle is one: it keeps all information that its method can keep, and a wrong PSF costs it some."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from fixtures.oracle import oracle_stack
from fixtures.picture_judge import judge_picture, ring_dips
from orchestrator.simulation import SimulationConfig, simulate, twin

SESSION = SimulationConfig(width=256, height=256, n_frames=6, n_stars=90, flux_min=2000.0, flux_slope=0.45, flux_max=150_000.0,
                           seeing_min=2.2, seeing_max=4.2, drift=3.0, dither=2.0, seed=4)


def test_the_oracle_keeps_the_information_of_the_lights(tmp_path: Path) -> None:
    truth = simulate(SESSION, tmp_path / "a")
    simulate(twin(SESSION), tmp_path / "b")
    sharpest = int(np.argmin(truth.fwhm))
    wrong = replace(truth, fwhm=truth.fwhm[::-1])
    right, other = (judge_picture(*(oracle_stack(tmp_path / s, t, sharpest) for s in "ab"), truth, sharpest)
                    for t in (truth, wrong))
    assert 0.95 < right.information < 1.05 and other.information < right.information - 0.05
    assert right.roundness > 0.97 and right.dip > -1 and right.unevenness < 1.4


def test_a_dark_ring_is_a_dip() -> None:
    y, x = np.mgrid[:64, :64]
    r = np.hypot(x - 32, y - 32)
    ringed = np.exp(-(r**2) / 4) * 100 - 5.0 * ((r > 6) & (r < 8))
    at = np.array([32.0])
    assert ring_dips(ringed, at, at, 3.0, 1.0)[0] < -4 and ring_dips(ringed + 5.0 * (r < 8), at, at, 3.0, 1.0)[0] > -1
