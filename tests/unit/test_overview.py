"""What the start page shows, computed without a window."""

from __future__ import annotations

import copy
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import GOALS, Message, Project, RunConfig, add_nights, goal_of, project_overview, sample_picture, with_goal
from orchestrator.errors import ConfigError


def write(path: Path, exposure: float, **cards: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(list(str(path).encode()))  # frames that are equal are copies
    header = fits.Header([("EXPTIME", exposure), ("GAIN", 100), ("CCD-TEMP", -10.0), *cards.items()])
    fits.writeto(path, rng.normal(1000, 10, (40, 60)).astype(np.uint16), header)


def night(folder: Path, *, flats: bool = True, obj: str = "M 31", **cards: object) -> Path:
    """Lights through L (2 of 60 s) and R (1 of 30 s), darks and flats."""
    for number, (name, exposure) in enumerate((("L", 60), ("L", 60), ("R", 30))):
        write(folder / "lights" / f"light_{number}.fit", exposure, FILTER=name, OBJECT=obj, INSTRUME="ZWO ASI2600MM Pro", **cards)
    for number in range(2):
        write(folder / "darks" / f"dark_{number}.fit", 60)
        if flats:
            write(folder / "flats" / f"flat_{number}.fit", 1, FILTER="L")
    return folder


def project_of(root: Path, *nights: Path, **settings: object) -> Project:
    project = Project(name="test", root=root, settings={"input": {"min_frames": 2}, **settings})
    add_nights(project, list(nights))
    return project


def test_a_night_is_described_by_filter_time_device_and_calibration(tmp_path: Path) -> None:
    found = project_overview(project_of(tmp_path, night(tmp_path / "a")), tmp_path / "runs")
    one = found.nights[0]
    assert one.filters == (("L", 2, 120.0), ("R", 1, 30.0)) and one.shape == (40, 60) and one.cfa == ""
    assert one.camera == "ZWO ASI2600MM Pro" and Path(one.sample).name.startswith("light_")
    dark, flat = one.calibration[:2]
    assert (dark.role, dark.count, dark.exposures, dark.gains, dark.temperatures) == ("dark", 2, (60.0,), (100.0,), (-10.0,))
    assert (flat.role, flat.count, flat.filters, flat.origin) == ("flat", 2, ("L",), "night")
    assert found.forecast is not None and found.forecast.total_seconds > 0 and found.forecast.disk_needed > 0
    picture = sample_picture(Path(one.sample), tmp_path / "a", RunConfig(), 30)
    assert picture is not None and picture.shape == (20, 30) and picture.dtype == np.uint8
    assert sample_picture(tmp_path / "missing.fit", tmp_path, RunConfig(), 30) is None


def test_flats_of_another_night_are_named_and_missing_ones_are_a_finding_with_a_key(tmp_path: Path) -> None:
    nights = night(tmp_path / "a"), night(tmp_path / "b", flats=False)
    found = project_overview(project_of(tmp_path, *nights), tmp_path / "runs")
    assert [c.origin for n in found.nights for c in n.calibration if c.role == "flat"] == ["night", "a"]
    assert not [f for f in found.findings if f.key == "no_flat"]
    shutil.rmtree(tmp_path / "a" / "flats")
    found = project_overview(project_of(tmp_path, *nights), tmp_path / "runs")
    missing = [f for f in found.findings if f.key == "no_flat"]
    assert [f.where for f in missing] == ["a", "b"] and all(isinstance(f.message, Message) for f in missing)
    assert [c.count for c in found.nights[0].calibration if c.role == "flat"] == [0]
    # The remedy of the window: a folder of flats for this night alone.
    project = project_of(tmp_path, nights[0])
    project.nights[0].settings = {"calibration": {"flat_master": str(night(tmp_path / "other") / "flats")}}
    given = project_overview(project, tmp_path / "runs")
    flats = [c for c in given.nights[0].calibration if c.role == "flat"]
    assert [(c.count, Path(c.origin).name) for c in flats] == [(2, "flats")]
    assert not [f for f in given.findings if f.key == "no_flat"]


def test_several_objects_can_be_chosen_from_and_the_choice_is_heeded(tmp_path: Path) -> None:
    folder = night(tmp_path / "a", RA=10.0, DEC=41.0)
    for number in range(4):
        write(folder / "lights" / f"other_{number}.fit", 60, FILTER="L", OBJECT="M 42", RA=83.0, DEC=-5.0)
    project = project_of(tmp_path, folder)
    found = project_overview(project, tmp_path / "runs")
    assert found.nights[0].fields == (("M 42", 4), ("M 31", 3)) and "objects" in {f.key for f in found.findings}
    project.nights[0].settings = {"input": {"field": "M 31"}}
    chosen = project_overview(project, tmp_path / "runs")
    assert sum(count for _, count, _ in chosen.nights[0].filters) == 3 and "objects" not in {f.key for f in chosen.findings}


def test_errors_of_the_user_are_findings(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = project_overview(project_of(tmp_path, tmp_path / "empty"), tmp_path / "runs")
    assert found.nights[0].problem and [f.key for f in found.findings if f.level == "error"] == ["refused"]
    assert found.forecast is None
    wrong = project_overview(project_of(tmp_path, tmp_path / "empty", stacking={"nonsense": 1}), tmp_path / "runs")
    assert [f.key for f in wrong.findings] == ["settings"] and "nonsense" in wrong.findings[0].message


def test_a_goal_replaces_the_settings_of_the_other_goals_and_no_others() -> None:
    own = {"stacking": {"sigma_low": 5}, "runtime": {"workers": 1}}
    for goal in GOALS:
        settings = with_goal(own, goal)
        assert goal_of(settings) == goal
        RunConfig.model_validate(settings)
        assert with_goal(settings, "default") == own
    quick = with_goal(with_goal(own, "science"), "quick")
    assert "bge" not in quick and quick["weights"] == {"local": False}
    assert goal_of({"weights": {"mode": "snr"}, **own}) == "default" and goal_of({"bge": {"enabled": False}}) == ""
    with pytest.raises(ConfigError, match="no preset"):
        with_goal(own, "beauty")


def test_a_message_is_a_text_that_keeps_its_template() -> None:
    message = Message("{count} nights in {folder}", count=2, folder="/a")
    assert message == "2 nights in /a" and message.template == "{count} nights in {folder}"
    for same in (pickle.loads(pickle.dumps(message)), copy.deepcopy(message)):
        assert same == message and same.values == {"count": "2", "folder": "/a"}
