"""A simulated comet among stars: two stacks, each free of the other."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from orchestrator.derived.comet import CometWish, make_comet
from orchestrator.derived.motion import Position
from orchestrator.derived.moving import find_moving
from orchestrator.errors import ConfigError, InputError
from orchestrator.simulation.camera import _add_changes
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.truth import SimulationTruth
from tests.conftest import stacked_natively
from tilecore.detect.stars import aperture_flux

FloatArray = NDArray[np.float64]
# Pixels over which a trail is averaged.
LENGTH = 15

SESSION = SimulationConfig(width=300, height=240, n_frames=14, n_stars=120, flux_min=1500.0, seeing_min=2.6, seeing_max=3.4,
                           dither=3.0, exposure=60.0, n_bias=4, n_dark=4, n_flat=4, transparency_min=0.85,
                           moving=((150.0, 120.0, 170.0, 60.0, 20_000.0, 20_000.0),), coma_fwhm=10.0)


@pytest.fixture(scope="module")
def comet_run(simulated: Callable[..., tuple[Path, SimulationTruth]],
              tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    session, truth = simulated(SESSION)
    run = stacked_natively(session, tmp_path_factory.mktemp("comet")).directory
    return run, (truth, make_comet(run))


def expected(truth: SimulationTruth, reference: int) -> FloatArray:
    """The light of the comet without noise, the nucleus in the middle of the image, as transparent as the reference."""
    side, middle = 121, 60.0
    image, row = np.zeros((side, side)), truth.config.moving[0]
    for i in range(truth.n_frames):
        matrix = np.eye(3)
        matrix[:2, 2] = truth.moving_at(i)[0] - row[:2]
        config = replace(truth.config, width=side, height=side, moving=((middle, middle, *row[2:]),))
        at = replace(truth, config=config, transparency=np.ones(truth.n_frames), matrices=np.array([matrix] * truth.n_frames))
        _add_changes(image, at, i, np.zeros((2, 2), np.int64))
    return image / truth.n_frames * truth.transparency[reference]


def line(image: FloatArray, middle: FloatArray, direction: FloatArray, aside: float) -> float:
    steps = np.arange(LENGTH) - (LENGTH - 1) / 2
    x, y = (middle + steps[:, None] * direction + aside * np.array([-direction[1], direction[0]])).T
    return float(map_coordinates(image, [y, x], order=1, cval=np.nan).mean())


def trails(image: FloatArray, variance: FloatArray, places: FloatArray, direction: FloatArray) -> FloatArray:
    """Light along lines at places in units of the noise of its mean, beyond that beside them."""
    found = [(line(image, p, direction, 0) - np.median([line(image, p, direction, a) for a in (-12, -10, -8, 8, 10, 12)]))
             / np.sqrt(line(variance, p, direction, 0) / LENGTH) for p in places]
    return np.array([f for f in found if np.isfinite(f)])


def test_each_stack_is_free_of_the_other(comet_run: tuple[Path, Any]) -> None:
    run, (truth, result) = comet_run
    facts = result.facts
    registration = json.loads((run / "artifacts" / "registration.json").read_text())
    names = [Path(f["file"]).name for f in registration["frames"]]
    reference = names.index(Path(registration["reference"]).name)
    assert facts["found_by"] == "detection" and np.abs(np.array(facts["speed_px_per_hour"]) - [170, 60]).max() < 1.5
    comet, variance, stars = (np.asarray(fits.getdata(result.files[n]), np.float64) for n in ("comet", "comet_variance", "stars"))
    x, y = facts["place_px"]
    radius = 2.5 * facts["psf_fwhm_px"]
    true = expected(truth, reference)
    wanted = aperture_flux(true.astype(np.float32), np.array([60.0]), np.array([60.0]), radius)[0]
    found = aperture_flux((comet * 65535).astype(np.float32), np.array([x]), np.array([y]), radius)[0]
    assert found == pytest.approx(wanted, rel=0.02)
    # Trails of stars away from the comet: their mean and their scatter beyond the noise are below 1 sigma.
    shift = np.array([x, y]) - np.linalg.inv(truth.matrices[reference])[:2] @ [*truth.config.moving[0][:2], 1]
    places = np.stack(truth.stars_in(reference), 1) + shift
    far = np.hypot(*(places - [x, y]).T) > 50
    image = np.where(variance > 0, comet, np.nan)
    direction = np.array(facts["speed_px_per_hour"]) / facts["rate_px_per_hour"]
    rng = np.random.default_rng(1)
    blank = trails(image, variance, rng.uniform([20, 20], [280, 220], (800, 2)), direction)
    noise = 1.4826 * np.median(np.abs(blank))
    left = trails(image, variance, places[far], direction) / noise
    bright = trails(image, variance, places[far & (truth.star_flux[:, 0] > 20_000)], direction) / noise
    assert len(left) > 50 and len(bright) > 5
    assert abs(left.mean()) < 0.4 and np.sqrt(max((left**2).mean() - 1, 0)) < 1 and abs(bright.mean()) < 1
    assert fits.getheader(result.files["comet"])["PSFFWHM"] == pytest.approx(facts["psf_fwhm_px"], abs=0.01)
    rows = list(csv.DictReader(result.files["track"].open()))
    assert len(rows) == 14 and float(rows[-1]["x_px"]) - float(rows[0]["x_px"]) == pytest.approx(170 * 13 * 62 / 3600, abs=0.7)
    assert result.files["combined"].is_file() and result.files["picture"].is_file() and stars.shape == comet.shape


def test_the_star_stack_is_that_of_a_session_without_a_comet(comet_run: tuple[Path, Any], tmp_path: Path,
                                                             simulated: Callable[..., tuple[Path, SimulationTruth]]) -> None:
    run, (_, result) = comet_run
    plain = stacked_natively(simulated(SESSION, moving=())[0], tmp_path).directory
    without = np.asarray(fits.getdata(plain / "outputs" / "stacked.fits"), np.float64)
    stars, before = (np.asarray(fits.getdata(p), np.float64) for p in (result.files["stars"], run / "outputs" / "stacked.fits"))
    assert without.shape == stars.shape
    x, y = (round(v) for v in result.facts["place_px"])
    box = np.s_[y - 30: y + 31, x - 30: x + 31]

    def left(image: FloatArray) -> float:
        rest = (image - without) * 65535
        return float(np.abs((rest - np.median(rest))[box].sum()))

    light = 40_000 * 0.9
    assert left(before) > 0.3 * light and left(stars) < 0.16 * light


def test_positions_and_lists_of_moving_objects(comet_run: tuple[Path, Any]) -> None:
    run, (truth, _) = comet_run
    objects = find_moving(run)
    assert len(objects) == 1 and objects[0].x_per_hour == pytest.approx(170, abs=3) and objects[0].flux_adu > 5000
    assert (run / "derived" / "moving" / "moving.csv").read_text().count("\n") == 2

    def at(i: int, error: float) -> Position:
        x, y, _ = np.linalg.inv(truth.matrices[i]) @ [*truth.moving_at(i)[0], 1]
        return Position(truth.lights[i], f"{x + error:.1f},{y - error:.1f}")

    given = make_comet(run, CometWish((at(0, 1.5), at(13, -1.0)))).facts
    assert given["found_by"] == "positions" and given["track_scatter_px"] < 0.3
    assert np.abs(np.array(given["speed_px_per_hour"]) - [170, 60]).max() < 1.5
    with pytest.raises(ConfigError, match="Two positions"):
        make_comet(run, CometWish((at(0, 0),)))
    with pytest.raises(ConfigError, match="cannot be read"):
        make_comet(run, CometWish((at(0, 0), Position(truth.lights[5], "here"))))
    with pytest.raises(InputError, match="0 of the lights have the cards"):
        make_comet(run, CometWish(cards=("OBJRA", "OBJDEC")))
