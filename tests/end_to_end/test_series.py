"""Products of one simulated session: light curves to their photon noise, a variable and a transient; a deconvolved picture."""

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
from click.testing import CliRunner
from PIL import Image

from orchestrator.cli.main import cli
from orchestrator.derived.deconvolve import DeconvolveWish, make_deconvolved
from orchestrator.derived.residuals import mid_times
from orchestrator.derived.series import SeriesWish, make_series
from orchestrator.errors import ConfigError, InputError
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.scene import plan
from orchestrator.simulation.truth import SimulationTruth
from tests.conftest import stacked_natively

PLAIN = SimulationConfig(width=150, height=130, n_frames=30, n_stars=45, flux_min=4000.0, flux_max=120_000.0, seeing_min=2.5,
                         seeing_max=3.3, dither=2.0, exposure=20.0, transparency_min=0.7, n_dark=3, n_bias=3, n_flat=3, seed=5)
# Frames with the transient.
FIRST, LAST = 12, 16


@pytest.fixture(scope="module")
def session(simulated: Callable[..., tuple[Path, SimulationTruth]], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run, its truth, the star that varies, and where a transient is on the scene."""
    truth = plan(PLAIN)
    x, y, flux = truth.star_x, truth.star_y, truth.star_flux[:, 0]
    apart = np.sort(np.hypot(x[:, None] - x, y[:, None] - y), axis=1)[:, 1]
    star = int(np.argmax(np.where((abs(x - 75) < 45) & (abs(y - 65) < 35) & (apart > 11) & (flux < 50_000), flux, 0)))
    places = np.stack(np.meshgrid(np.arange(30, 120, 3.0), np.arange(28, 102, 3.0)), -1).reshape(-1, 2)
    empty = places[np.argmax(np.hypot(*(places[:, None] - np.stack([x, y], 1)).transpose(2, 0, 1)).min(axis=1))]
    config = replace(PLAIN, variables=((float(star), 0.1, 260.0),), transients=((*empty.tolist(), 6000.0, FIRST, LAST),))
    folder, truth = simulated(config)
    return stacked_natively(folder, tmp_path_factory.mktemp("series")).directory, truth, star, empty


def on_stack(run: Path, truth: SimulationTruth, x: float, y: float) -> np.ndarray:
    registration = json.loads((run / "artifacts" / "registration.json").read_text())
    origin = json.loads((run / "artifacts" / "prewarp.json").read_text())["canvas_origin"]
    reference = [Path(f["file"]).name for f in registration["frames"]].index(registration["reference"])
    return np.asarray((np.linalg.inv(truth.matrices[reference]) @ [x, y, 1])[:2] - origin)


def test_a_variable_and_a_transient_among_single_frames(session: Any) -> None:
    run, truth, star, empty = session
    found = make_series(run, SeriesWish(every=1, stacks=False))
    curves = found.curves
    place = on_stack(run, truth, truth.star_x[star], truth.star_y[star])
    k = int(np.argmin(np.hypot(*(found.places - place).T)))
    assert curves.variable[k] and curves.variable.sum() == 1
    light = np.array([truth.light_of_stars(i)[star, 0] for i in range(30)])
    rest = curves.magnitude[k] + 2.5 * np.log10(light)
    noise = []  # of the best weights in each frame
    for i in range(30):
        psf, flux = truth.frame_psf(i, 75, 65, 31), light[i] * truth.transparency[i]
        sky = float(truth.frame_sigma(i, 75, 65)) ** 2
        noise.append(2.5 / np.log(10) / flux / np.sqrt((psf**2 / (sky + flux * psf)).sum()))
    assert np.std(rest) < 1.3 * np.sqrt(np.mean(np.square(noise)))
    assert len(found.transients) == 1 and (found.transients[0].first, found.transients[0].last) == (FIRST, LAST - 1)
    where = np.array([found.transients[0].x, found.transients[0].y])
    assert np.hypot(*(where - on_stack(run, truth, *empty))) < 0.5
    rows = list(csv.DictReader(found.files["light_curves"].open()))
    assert len(rows) == np.isfinite(curves.magnitude).sum() and float(rows[0]["mjd"]) == pytest.approx(60690.83, abs=0.02)
    with Image.open(found.files["animation"]) as animation:
        assert animation.n_frames == 30
    assert "variable" in found.files["plot"].read_text()


def test_short_stacks_are_on_the_grid_and_scale_of_the_run(session: Any) -> None:
    run, _, _, _ = session
    done = CliRunner().invoke(cli, ["series", str(run), "--every", "15"], standalone_mode=False)
    assert done.exception is None, done.exception
    stacks = sorted((run / "derived" / "series" / "stacks").glob("*.fits"))
    deep = fits.getdata(run / "outputs" / "stacked.fits")
    assert len(stacks) == 2 and "2 short stacks" in done.output
    images = [fits.getdata(p) for p in stacks]
    assert all(i.shape == deep.shape for i in images) and fits.getheader(stacks[0])["STACKCNT"] == 15
    bright = np.argsort(deep.ravel())[-60:]
    # The transient is in one of them, the star varies, and both are means of half of the frames.
    assert np.median(np.mean(images, axis=0).ravel()[bright] / deep.ravel()[bright]) == pytest.approx(1, abs=0.02)
    with pytest.raises(ConfigError, match="exclude each other"):
        make_series(run, SeriesWish(every=2, minutes=5))
    with pytest.raises(InputError, match="1 short stack"):
        make_series(run, SeriesWish(by_night=True))


def test_the_frames_of_each_night_are_stacked_together(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run, _, _, _ = session
    monkeypatch.setattr("orchestrator.derived.series.mid_times", lambda job: mid_times(job) + 24.0 * (np.arange(30) >= 20))
    (run / "derived" / "series" / "stacks").mkdir(parents=True, exist_ok=True)
    (run / "derived" / "series" / "stacks" / "0003.fits").write_bytes(b"of a longer series")
    found = make_series(run, SeriesWish(by_night=True))
    stacks = sorted((run / "derived" / "series" / "stacks").glob("*.fits"))
    assert len(found.times) == 2 and [fits.getheader(p)["STACKCNT"] for p in stacks] == [20, 10]


def test_a_deconvolved_picture_keeps_the_light_of_stars(session: Any) -> None:
    run, truth, _, _ = session
    before = (run / "outputs" / "stacked.fits").read_bytes()
    done = CliRunner().invoke(cli, ["deconvolve", str(run), "--json", "--steps", "25"], standalone_mode=False)
    assert done.exception is None, done.exception
    facts = json.loads(done.output)
    assert facts["steps"] == len(facts["cross_validation"]) == 25 and sum(g["frames"] for g in facts["groups"]) == 30
    assert facts["fwhm_px"] < 0.8 * facts["fwhm_of_stack_px"]
    assert facts["flux_ratio"]["median"] == pytest.approx(1, abs=0.015)
    assert facts["noise"]["ratio_to_stack"][0] == pytest.approx(1, abs=0.15)
    stack, sharp = (fits.getdata(p) for p in (run / "outputs" / "stacked.fits", facts["files"]["picture"]))
    assert (run / "outputs" / "stacked.fits").read_bytes() == before and stack.shape == sharp.shape
    header = fits.getheader(facts["files"]["picture"])
    assert header["PSFFWHM"] == pytest.approx(facts["fwhm_px"], abs=1e-3) and header["STKFWHM"] > header["PSFFWHM"]
    # No ring about the brightest star away from the border: nothing near it is below the sky about it.
    x, y = np.stack([on_stack(run, truth, a, b) for a, b in zip(truth.star_x, truth.star_y, strict=True)]).T
    inside = (abs(x - 75) < 45) & (abs(y - 65) < 35)
    k = int(np.argmax(np.where(inside, truth.star_flux[:, 0], 0)))
    rows, columns = np.mgrid[: sharp.shape[0], : sharp.shape[1]]
    distance = np.hypot(columns - x[k], rows - y[k])
    sigma = 1.4826 * np.median(np.abs(np.diff(stack, axis=1))) / np.sqrt(2)
    sky = np.median(sharp)
    assert min(sharp[(distance >= r) & (distance < r + 1)].mean() for r in range(1, 9)) > sky - sigma
    with pytest.raises(ConfigError, match="--fwhm 9"):
        make_deconvolved(run, DeconvolveWish(fwhm=9.0))
    assert (run / "derived" / "deconvolve" / "cross_validation.svg").read_text().count("<circle") > 20
