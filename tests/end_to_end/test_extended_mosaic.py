"""Lights that are added to a mosaic: only they and a few others of their panel are read, what they do not touch stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fixtures.mosaics import Mosaic, MosaicTruth, shoot
from orchestrator import resume, run
from orchestrator.config.load import load_config
from orchestrator.io import fits as fits_io
from orchestrator.phases.registration import NOT_EXTENDED
from orchestrator.stacking import extended_mosaic, extension
from tests.conftest import artifact

NATIVE = load_config(overrides=["engine.name=native", "astrometry.solver=none", "bge.enabled=false", "pcc.enabled=false",
                                "output.report=false", "calibration.cosmetic=false", "calibration.fixed_pattern=none",
                                "registration.reference=SimCam_0001.fits"])
EXTEND = ["stacking.extend=true"]
DEPTH = 4


def stacked(folder: Path, name: str = "stacked") -> np.ndarray:
    return fits_io.image_layout(folder / "outputs" / f"{name}.fits").read()


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MosaicTruth]:
    """2 x 2 panels of 4 lights with a lens, and the last light of each panel beside them."""
    folder = tmp_path_factory.mktemp("mosaic")
    truth = shoot(Mosaic(depth=DEPTH, scale=6.0, shape=(200, 280), density=1500.0, distortion=0.003, seed=3), folder / "session")
    (folder / "later").mkdir()
    for s in truth.shots[DEPTH - 1::DEPTH]:
        s.path.replace(folder / "later" / s.path.name)
    return folder, truth


def test_a_light_is_added_to_its_panel(shot: tuple[Path, MosaicTruth], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, truth = shot
    made = run(folder / "session", NATIVE, runs_dir=tmp_path, run_id="one").directory
    before = {name: stacked(made, name) for name in ("stacked", "coverage", "variance")}
    name = truth.shots[2 * DEPTH - 1].path.name
    (folder / "later" / name).replace(folder / "session" / name)
    read: list[int] = []
    scale, reconstruct = extended_mosaic.mosaic_scale, extension.reconstruct
    monkeypatch.setattr(extended_mosaic, "mosaic_scale", lambda context, state, frames, *more: (
        read.append(len(frames.usable)), scale(context, state, frames, *more))[1])
    monkeypatch.setattr(extension, "reconstruct", lambda context, job, **more: (
        read.append(len(job.frames)), reconstruct(context, job, **more))[1])
    result = resume(made, overrides=EXTEND)
    assert result.error is None and result.statistics.frames_added == 1 and read == [DEPTH, 1]
    touched = stacked(made, "coverage") != before["coverage"]
    assert 0.15 < touched.mean() < 0.5
    y, x = np.nonzero(touched)
    away = np.ones(touched.shape, bool)
    away[max(y.min() - 8, 0): y.max() + 9, max(x.min() - 8, 0): x.max() + 9] = False
    for product, old in before.items():
        np.testing.assert_array_equal(stacked(made, product)[away], old[away])
    whole = run(folder / "session", NATIVE, runs_dir=tmp_path, run_id="two").directory
    rows = {r["file"]: r["transparency"][0] for r in artifact(result, "normalization")["frames"]}  # type: ignore[union-attr]
    clear = {s.path.name: s.transparency for s in truth.shots}
    same = [n for n in rows if n != name and n in [s.path.name for s in truth.shots[DEPTH: 2 * DEPTH]]]
    error = np.log(rows[name] / clear[name]) - np.mean([np.log(rows[n] / clear[n]) for n in same])
    assert abs(error) < 0.015
    one, two = stacked(made), stacked(whole)
    assert one.shape == two.shape
    noise = np.sqrt(np.median(stacked(whole, "variance")[touched]))
    assert np.std(one[touched] - two[touched]) < 0.7 * np.std(before["stacked"][touched] - two[touched])
    assert abs(np.median(one[touched] - two[touched])) < 0.25 * noise  # the skies are solved again
    panels = artifact(result, "normalization")["panels"]
    assert sorted(p["frames"] for p in panels) == [3, 3, 3, 4]  # type: ignore[union-attr]
    # Many lights, and those that would change the mosaic, are not added.
    for path in list((folder / "later").iterdir()):
        path.replace(folder / "session" / path.name)
    notes: list[str] = []
    again = resume(made, overrides=EXTEND, listeners=(lambda e: notes.append(str(e.get("message"))),))
    assert again.error is None and again.statistics.frames_added is None and NOT_EXTENDED in notes
