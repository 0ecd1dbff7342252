"""A live stack of a mosaic of two by two panels: its geometry, flux and sky against the truth, in several orders of arrival."""

from __future__ import annotations

import importlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from scipy.spatial import cKDTree

from fixtures.judge import fit_stars, star_photometry
from fixtures.mosaic_judge import judge
from fixtures.mosaics import Mosaic, shoot
from orchestrator import RunConfig, WatchOptions, watch
from orchestrator.live import panels as panels_module
from orchestrator.live.state import LiveState
from orchestrator.pipeline.result import RunResult
from orchestrator.simulation.truth import SimulationTruth, transform_points
from tests.end_to_end.test_mosaic import APART, HEIGHT, MOSAIC, WIDTH, border_steps

SMALL = {**MOSAIC, "n_frames": 16, "n_stars": 450, "n_dark": 4, "n_flat": 4, "n_bias": 4}
SETTINGS = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "output": {"report": False, "preview": False}}


@pytest.fixture(scope="module")
def source(simulated, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    return simulated("tiny_mono", **SMALL)


def arrive(source: Path, folder: Path, order: Sequence[int], since: int = 0) -> None:
    """The lights ``order`` (numbers of the truth) of a session come, one after the other."""
    for name in ("darks", "flats", "biases"):
        shutil.copytree(source / name, folder / name, dirs_exist_ok=True)
    (folder / "lights").mkdir(exist_ok=True)
    lights = sorted((source / "lights").iterdir())
    for k, i in enumerate(order, since):
        target = folder / "lights" / lights[i].name
        shutil.copyfile(lights[i], target)
        os.utime(target, (1e9 + k, 1e9 + k))


def watched(folder: Path, runs: Path, **options: Any) -> tuple[RunResult, dict[str, Any]]:
    result = watch(folder, RunConfig.model_validate(SETTINGS), WatchOptions(**{"every": 8, "poll": 0.05, "idle": 0.1} | options),
                   runs_dir=runs, run_id="live")
    return result, json.loads((runs / "live" / "artifacts" / "live.json").read_text())


def clear_stars(truth: SimulationTruth, reference: int, origin: np.ndarray, shape: tuple[int, int]
                ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number and place on the canvas of bright stars that no frame saturates and no neighbour disturbs."""
    x, y = (p - o for p, o in zip(truth.stars_in(reference), origin, strict=True))
    flux, tree = truth.star_flux[:, 0], cKDTree(np.stack([x, y], 1))
    inside = (x > 20) & (y > 20) & (x < shape[1] - 21) & (y < shape[0] - 21) & (flux > 6_000) & ~truth.saturated()
    alone = np.array([s for s in np.flatnonzero(inside)
                      if flux[tree.query_ball_point([x[s], y[s]], 12)].sum() < 1.004 * flux[s]])
    return alone, x[alone], y[alone]


def accept(result: RunResult, live: dict[str, Any], truth: SimulationTruth, panels: int) -> None:
    """Geometry of the panels, and places and fluxes of stars in the picture, against the truth."""
    rows = live["panels"]
    assert [r["reason"] for r in rows] == [""] * panels
    number = [truth.lights.index(r["reference"]) for r in rows]
    # Ghosting: where panels put the same points of the sky.
    u, v = (a.ravel() for a in np.meshgrid(np.linspace(0, WIDTH - 1, 17), np.linspace(0, HEIGHT - 1, 13)))
    ghosts = []
    for i, one in zip(number, rows, strict=True):
        for j, other in zip(number, rows, strict=True):
            there = np.array(transform_points(np.linalg.inv(truth.matrices[j]) @ truth.matrices[i], u, v))
            shared = ((there > 0) & (there < np.array([[WIDTH - 1], [HEIGHT - 1]]))).all(axis=0)
            if i != j and shared.any():
                a = transform_points(np.array(one["matrix"]), u[shared], v[shared])
                b = transform_points(np.array(other["matrix"]), *there[:, shared])
                ghosts.append(np.hypot(a[0] - b[0], a[1] - b[1]))
    assert np.percentile(np.concatenate(ghosts), 95) < 0.2, [g.max() for g in ghosts]
    image = fits.getdata(result.products["stacked"])
    origin = np.array(live["canvas_origin"])
    index, x, y = clear_stars(truth, number[0], origin, image.shape)
    found = fit_stars(image, x, y, float(truth.fwhm.mean()))
    assert len(index) > 40
    off = np.hypot(found["x"] - x, found["y"] - y)
    assert np.percentile(off, 95) < 0.2, np.percentile(off, [50, 95, 100])
    scale, true = np.array([r["scale"][0] for r in rows]), truth.transparency[number]
    assert np.abs(scale / true * true[0] - 1).max() < 0.02, (scale, true / true[0])
    # The light of the stars in each quarter, relative to the truth, against that of all.
    flux = star_photometry(image, x, y, 3.0 * float(truth.fwhm.mean()))
    where = (x > image.shape[1] / 2).astype(int) + 2 * (y > image.shape[0] / 2)
    each = np.bincount(where, flux) / np.bincount(where, truth.star_flux[index, 0])
    assert np.abs(each / each.mean() - 1).max() < 0.02, each
    steps = border_steps(image)
    assert np.abs(steps).max() < 0.01 * 600, steps
    count, variance = (fits.getdata(result.products[name]) for name in ("coverage", "variance"))
    assert (count > 0).mean() > 0.9 and np.array_equal(count > 0, np.isfinite(variance))
    assert np.median(count[count > 0]) == pytest.approx(16 / panels, abs=0.5)


@pytest.mark.parametrize("depth", [4, 1])
def test_the_picture_grows_while_panels_come(source, tmp_path: Path, depth: int) -> None:  # type: ignore[no-untyped-def]
    """Panel after panel, and one light of each in turn."""
    folder, truth = source
    order = np.arange(16) if depth == 4 else np.arange(16).reshape(4, 4).T.ravel()
    session = tmp_path / "session"
    session.mkdir()
    arrive(folder, session, order.tolist())
    result, live = watched(session, tmp_path)
    assert result.statistics.frames_stacked == 16 and not result.warnings, result.warnings
    shape = np.array(fits.getdata(result.products["stacked"]).shape)
    assert np.abs(shape - (1 + 2 * APART) * np.array([HEIGHT, WIDTH])).max() < 16
    accept(result, live, truth, 4)


def test_panels_that_touch_nothing_join_later_also_after_a_restart(
        source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    folder, truth = source
    monkeypatch.setattr(panels_module, "HELD", 0.0)  # one panel in memory
    held, use = [], panels_module.Panels.use

    def counted(self: panels_module.Panels, panel: panels_module.Panel) -> LiveState:
        state = use(self, panel)
        held.append(sum(p.state.stack is not None for p in self.begun))
        return state

    monkeypatch.setattr(panels_module.Panels, "use", counted)
    session = tmp_path / "session"
    session.mkdir()
    # The first and the third panel share a corner of some 16 % by 16 %: too few stars.
    arrive(folder, session, [*range(4), *range(8, 12)])
    result, live = watched(session, tmp_path)
    assert [r["reason"] for r in live["panels"]] == ["", "it shares no stars with the other panels yet"]
    assert fits.getdata(result.products["stacked"]).shape == (HEIGHT, WIDTH)
    page = (tmp_path / "live" / "artifacts" / "live.html").read_text(encoding="utf-8")
    assert "panel 2 is not shown" in page
    assert [w for w in result.warnings if w.startswith("panel 2 (4 lights from ") and "is not in the picture" in w]
    arrive(folder, session, range(4, 8), 8)  # the second panel touches both
    result, live = watched(session, tmp_path)
    assert [r["reason"] for r in live["panels"]] == [""] * 3
    assert not result.warnings, result.warnings
    arrive(folder, session, range(12, 16), 12)
    monkeypatch.setattr(importlib.import_module("orchestrator.live.watch"), "FEW_TIES", 10_000)
    result, live = watched(session, tmp_path)
    assert sum("stars of other panels place panel" in w for w in result.warnings) == 4
    assert result.statistics.frames_stacked == 16 and set(held) == {1}
    accept(result, live, truth, 4)


def test_a_lens_is_taken_out_of_the_panels_of_a_live_stack(tmp_path: Path) -> None:
    """A lens that moves stars by a pixel at the corners: stars of all panels are where the true sky has them."""
    truth = shoot(Mosaic(depth=3, seed=3, distortion=0.004, density=600.0), tmp_path / "session" / "lights")
    for k, shot in enumerate(truth.shots):
        os.utime(shot.path, (1e9 + k, 1e9 + k))
    result, live = watched(tmp_path / "session", tmp_path, every=12)
    assert [p["reason"] for p in live["panels"]] == [""] * 4
    first = next(s for s in truth.shots if s.path.name == Path(live["panels"][0]["reference"]).name)
    # The canvas is the plane of the first panel, without the lens.
    plane = WCS(naxis=2)
    plane.wcs.crpix, plane.wcs.crval, plane.wcs.cd = (
        first.wcs.wcs.crpix - live["canvas_origin"], first.wcs.wcs.crval, first.wcs.wcs.cd)
    plane.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    pixels = np.atleast_3d(fits.getdata(result.products["stacked"]).T).T.astype(np.float64) * 65535
    found = judge(pixels, truth, lambda ra, dec: plane.wcs_world2pix(ra, dec, 0))
    assert found.stars > 60 and found.position[0] < 0.1 and found.position[1] < 0.3, str(found)
    assert (found.steps[:, 0] < 0.2).all(), str(found)
