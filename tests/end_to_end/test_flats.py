"""Lights with the flats of another night, on which the dust was elsewhere: the residual flat, and the run that uses it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator.cli.main import cli
from orchestrator.derived.residual_flats import make_flats
from orchestrator.errors import InputError
from orchestrator.simulation.camera import make_camera
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.truth import SimulationTruth
from tests.conftest import stacked_natively

SESSION = SimulationConfig(width=200, height=160, n_frames=12, n_stars=35, dither=14.0, dust=4, vignetting=0.2, n_bias=3,
                           n_dark=4, n_flat=6, seed=3)


def test_dust_that_the_flats_do_not_have(simulated: Callable[..., tuple[Path, SimulationTruth]], tmp_path: Path) -> None:
    lights, truth = simulated(SESSION, night=1, other_dust=True)
    others, old = simulated(SESSION, n_frames=1)
    shutil.copytree(lights, tmp_path / "session", ignore=shutil.ignore_patterns("flats"))
    shutil.copytree(others / "flats", tmp_path / "session" / "flats")
    run = stacked_natively(tmp_path / "session", tmp_path / "runs").directory
    before = {p: p.read_bytes() for p in (run / "outputs").rglob("*.fit*")}
    done = CliRunner().invoke(cli, ["flats", str(run), "--json"], standalone_mode=False)
    assert done.exception is None, done.exception
    facts = json.loads(done.output)
    assert facts["worth_applying"] and facts["moving_light"] < 0.2 * facts["pattern_rms"]
    true = make_camera(truth).response / make_camera(old).response
    found = fits.getdata(facts["files"]["residual"])
    rest = found / np.median(found) / true * np.median(true) - 1
    # The stated error is that of half of the lights.
    assert facts["left_rms"] < 0.4 * facts["pattern_rms"] and np.sqrt(np.mean(rest**2)) < 1.3 * facts["left_rms"]
    master = fits.getdata(run / "outputs" / "calibration" / "master_flat.fit")
    ratio = fits.getdata(facts["files"]["flat"]) / (master * found)
    assert np.ptp(ratio) < 1e-4 * ratio.mean()
    assert all(p.read_bytes() == content for p, content in before.items()), "nothing is applied unasked"


def test_lights_that_are_hardly_dithered_are_refused(simulated: Callable[..., tuple[Path, SimulationTruth]],
                                                     tmp_path: Path) -> None:
    run = stacked_natively(simulated(SESSION, dither=1.0, n_frames=8)[0], tmp_path).directory
    with pytest.raises(InputError, match="px between their halves"):
        make_flats(run)
