"""The functions that the window uses: descriptions of settings, a quick look at frames, before and after."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import (
    InputError,
    Project,
    RunConfig,
    Setting,
    before_and_after,
    check_project,
    check_settings,
    load_project,
    look_at,
    map_overlay,
    maps_of,
    move_project,
    picture_of,
    project_settings,
    read_value,
    run,
    save_project,
    scan,
    scores,
    setting_sections,
)
from orchestrator.gui.worker_pictures import PICTURE_TASKS

SETTINGS = [s for section in setting_sections() for s in section.settings] + list(project_settings())


def test_every_setting_has_a_help_text_and_its_default_can_be_typed() -> None:
    def typed(setting: Setting) -> object:
        return read_value(str(setting.default).lower() if isinstance(setting.default, bool) else str(setting.default), setting)

    assert SETTINGS and not [s.key for s in SETTINGS if not s.help]
    simple = [s for s in SETTINGS if s.default is not None and not isinstance(s.default, list | dict)]
    assert simple and not [(s.key, typed(s)) for s in simple if typed(s) != s.default]


def test_every_section_has_a_help_text() -> None:
    assert [s.key for s in setting_sections()] == list(RunConfig.model_fields) and all(s.help for s in setting_sections())


def test_a_problem_is_reported_at_its_setting() -> None:
    assert check_settings({}) == {}
    found = check_settings({"stacking": {"sigma_low": -1, "rejection": "x"}, "metrics": {"background_weight": 0.5},
                            "pcc": {"wavelengths": [1, 2]}, "astrometry": {"ra": 10.0}})
    assert set(found) == {"stacking.sigma_low", "stacking.rejection", "metrics", "pcc.wavelengths", "astrometry"}
    assert set(check_project({"name": "x", "final": {"mirror": "y"}})) == {"final.mirror"}


def test_a_moved_project_finds_its_nights(tmp_path: Path) -> None:
    night = tmp_path / "a" / "night"
    night.mkdir(parents=True)
    project = Project.model_validate({"name": "x", "nights": [{"path": "night"}], "root": tmp_path / "a"})
    move_project(project, tmp_path / "b")
    again = load_project(save_project(project))
    assert again.folder(again.nights[0]) == night


def test_sharp_frames_score_better_and_a_broken_one_does_not_affect_the_others(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    lights = scan([folder], RunConfig()).session.lights
    broken = tmp_path / "broken.fit"
    broken.write_bytes(lights[0].path.read_bytes()[:9000])
    looks = scores([look_at(info) for info in lights] + [look_at(type(lights[0])(broken, lights[0].role, lights[0].shape))])
    assert looks[-1].trouble and looks[-1].score is None
    good = looks[:-1]
    order = np.argsort([(look.fwhm or 0) * (look.noise or 0) for look in good])
    assert list(np.argsort([-(look.score or 0) for look in good])) == list(order)
    assert all(look.picture is not None and look.picture.std() > 5 for look in good)


def test_before_and_after_are_on_the_same_pixels_and_the_stack_is_smoother(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
    result = run(folder, config, runs_dir=tmp_path, run_id="a")
    mean, stack, _ = before_and_after(result.directory)
    assert mean.shape == stack.shape and np.corrcoef(mean.ravel(), stack.ravel())[0, 1] > 0.95
    frame, same, note = before_and_after(result.directory, "light_00003.fit")
    assert frame.shape == same.shape and "by its stars" in note
    # The sky of one frame is noisier; the stars are at the same positions.
    assert np.percentile(frame, 60) - np.percentile(frame, 20) > np.percentile(same, 60) - np.percentile(same, 20)
    bright = same >= np.percentile(same, 99.5)
    assert frame[bright].mean() > 2 * frame[~bright].mean()
    with pytest.raises(InputError, match="no light named"):
        before_and_after(result.directory, "other.fit")
    shown = picture_of(result.products["stacked"])
    assert shown.dtype == np.uint8 and shown.shape == fits.getdata(result.products["stacked"]).shape


def test_a_closer_look_at_a_finished_run(simulated, finished, tmp_path: Path) -> None:
    """Maps, ranked frames, and the stack of another program: a copy that is upside down, half as bright and on other pixels."""
    folder, _ = simulated("tiny_mono")
    result = finished(folder, {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "runtime": {"keep_arrays": True}})
    assert maps_of(result.directory) == ["coverage", "weights", "rejected", "noise", "background", "residuals"]
    residuals = map_overlay(result.directory, "residuals")
    assert residuals.pixels.shape[2] == 4 and (residuals.low, residuals.high) == (-5, 5)
    sky = np.median(residuals.pixels[..., :3].reshape(-1, 3), axis=0)
    assert np.abs(sky - np.array([33, 145, 140])).max() < 40  # the middle of the colours: no difference
    rows = PICTURE_TASKS["rank_frames"]({"directory": str(result.directory), "box": [20, 30, 40, 50]}, print, threading.Event())
    assert len(rows) == result.statistics.frames_used and sum(r["share"] for r in rows) == pytest.approx(1, abs=0.01)
    image, header = fits.getdata(result.directory / "outputs" / "stacked.fits", header=True)
    turned = {"TOP-DOWN": "BOTTOM-UP", "BOTTOM-UP": "TOP-DOWN"}[str(header["ROWORDER"])]
    fits.writeto(tmp_path / "other.fits", 0.5 * np.roll(image[::-1], (3, -4), (0, 1)), fits.Header({"ROWORDER": turned}))
    before, after, note = before_and_after(result.directory, other=tmp_path / "other.fits")
    assert before.shape == after.shape and "other.fits" in note and "by its stars" in note
    inner = (slice(12, -12), slice(12, -12))
    assert np.corrcoef(before[inner].ravel(), after[inner].ravel())[0, 1] > 0.97
    bright = after[inner] >= np.percentile(after[inner], 98)
    assert abs(int(np.median(before[inner][bright])) - int(np.median(after[inner][bright]))) < 20
