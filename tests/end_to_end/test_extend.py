"""Lights that are added to a finished run: only they are stacked, and the result is close to that of a stack of all."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import resume, run
from orchestrator.config.load import load_config
from orchestrator.io import fits as fits_io
from orchestrator.phases.registration import NOT_EXTENDED
from orchestrator.stacking import extension

NATIVE = load_config(overrides=["engine.name=native", "astrometry.solver=none", "bge.enabled=false", "pcc.enabled=false",
                                "output.report=false", "registration.reference=light_00007.fit"])
EXTEND = ["stacking.extend=true"]
COUNT, ADDED = 12, 2


def stacked(folder: Path, name: str = "stacked") -> np.ndarray:
    return fits_io.image_layout(folder / "outputs" / f"{name}.fits").read()


@pytest.fixture
def session(simulated, tmp_path: Path) -> tuple[Path, list[Path]]:
    """A session without its last lights, one of which has an aircraft, and those."""
    folder = Path(shutil.copytree(simulated("tiny_mono", n_frames=COUNT + ADDED)[0], tmp_path / "session"))
    others = tmp_path / "later"
    others.mkdir()
    lights = sorted((folder / "lights").iterdir())
    later = [Path(shutil.move(p, others / p.name)) for p in (lights[3], lights[-1])]
    with fits.open(later[1], mode="update") as file:
        file[0].data[50:53, 20:60] += 3000
    return folder, later


def test_added_lights_are_added_to_the_stack(session: tuple[Path, list[Path]], tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    folder, later = session
    made = run(folder, NATIVE, runs_dir=tmp_path, run_id="one").directory
    before = stacked(made)
    for light in later:  # one is in the midst of the others
        shutil.copy(light, folder / "lights" / light.name)
    read: list[int] = []
    reconstruct = extension.reconstruct
    monkeypatch.setattr(extension, "reconstruct", lambda context, job, **more: (
        read.append(len(job.frames)), reconstruct(context, job, **more))[1])
    result = resume(made, overrides=EXTEND)
    assert result.error is None and result.statistics.frames_added == ADDED and read == [ADDED]
    assert result.statistics.frames_stacked == COUNT + ADDED
    whole = run(folder, NATIVE, runs_dir=tmp_path, run_id="two").directory
    noise = np.sqrt(np.median(stacked(whole, "variance")))
    difference, change = stacked(made) - stacked(whole), before - stacked(whole)
    assert np.std(difference) < 0.3 * noise < np.std(change)
    assert abs(np.median(difference)) < 0.03 * noise
    assert np.median(stacked(made, "variance") / stacked(whole, "variance")) == pytest.approx(1, abs=0.02)
    assert np.mean(stacked(made, "coverage") == stacked(whole, "coverage")) > 0.99
    assert stacked(made, "rejected").sum() > 60  # the aircraft
    assert resume(made).ran == ()
    assert resume(made, overrides=["stacking.extend=false"]).statistics.frames_added is None
    np.testing.assert_array_equal(stacked(made), stacked(whole))


def test_a_light_of_the_stack_that_has_gone_makes_all_be_stacked(session: tuple[Path, list[Path]], tmp_path: Path) -> None:
    folder, later = session
    made = run(folder, NATIVE, runs_dir=tmp_path, run_id="one").directory
    shutil.copy(later[0], folder / "lights" / later[0].name)
    next((folder / "lights").iterdir()).unlink()
    notes: list[str] = []
    result = resume(made, overrides=EXTEND, listeners=(lambda e: notes.append(str(e.get("message"))),))
    assert result.error is None and result.statistics.frames_added is None and NOT_EXTENDED in notes
    whole = run(folder, NATIVE, runs_dir=tmp_path, run_id="two").directory
    np.testing.assert_array_equal(stacked(made), stacked(whole))
