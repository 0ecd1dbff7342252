"""Session discovery: what belongs together, and what is reported of the rest."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.session.discovery import ScanReport, scan
from orchestrator.session.headers import memory_pattern, role_from_name
from orchestrator.session.model import Role
from orchestrator.session.nights import scan_each_night

RANDOM = np.random.default_rng(5)


def frame(path: Path, *, level: int = 500, shape: tuple[int, ...] = (48, 64), **cards: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    header = fits.Header()
    for key, value in cards.items():
        header[key.replace("_", "-")] = value
    fits.writeto(path, RANDOM.normal(level, 10, shape).astype("u2"), header)


def look(*roots: Path, **changes: Any) -> ScanReport:
    return scan(roots, RunConfig.model_validate(changes))


def counts(report: ScanReport) -> dict[str, int]:
    return {role.value: len(frames) for role, frames in report.session.frames.items()}


@pytest.mark.parametrize("names", [("lights", "darks", "flats", "biases"), ("LIGHT", "Dark", "FLATS", "Bias"),
                                   ("Lights", "DARKS", "flat", "offsets")])
def test_siril_folders_are_known_in_any_case_and_number(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name, n in zip(names, (4, 3, 3, 2), strict=True):
        for i in range(n):
            frame(tmp_path / name / f"{i}.fit")
    assert counts(look(tmp_path)) == {"light": 4, "dark": 3, "flat": 3, "bias": 2}


def test_a_flat_folder_is_told_apart_by_headers_then_names(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / f"a{i}.fit", IMAGETYP="Light Frame", EXPTIME=30)
        frame(tmp_path / f"b{i}.fits", FRAME="DARK", EXPTIME=30)
        frame(tmp_path / f"flat_{i}.fts")
    assert counts(look(tmp_path)) == {"light": 3, "dark": 3, "flat": 3}


def test_several_folders_and_a_folder_called_lights_are_sessions_too(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "one" / "lights" / f"{i}.fit")
        frame(tmp_path / "two" / f"{i}.fit")
    assert counts(look(tmp_path / "one", tmp_path / "two"))["light"] == 6
    assert counts(look(tmp_path / "one" / "lights"))["light"] == 3


def test_a_copy_of_a_light_is_left_out_and_another_light_of_the_same_second_is_not(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "lights" / f"{i}.fit", DATE_OBS="2025-01-15T20:00:00")
        frame(tmp_path / "lights" / f"no_time_{i}.fit")
    for name in ("0.fit", "no_time_1.fit"):
        (tmp_path / "lights" / "saved").mkdir(exist_ok=True)
        shutil.copyfile(tmp_path / "lights" / name, tmp_path / "lights" / "saved" / f"my {name}")
    session = look(tmp_path).session
    assert len(session.lights) == 6 and not any("saved" in str(i.path) for i in session.lights)
    assert {e.path.name for e in session.excluded} == {"my 0.fit", "my no_time_1.fit"}
    assert {e.reason for e in session.excluded} == {f"it is a copy of a light in {tmp_path / 'lights'}"}


def test_lights_that_another_night_has_too_are_left_out(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "one" / f"{i}.fit")
        frame(tmp_path / "two" / f"{i}.fit")
    shutil.copyfile(tmp_path / "one" / "1.fit", tmp_path / "two" / "once more.fit")
    shutil.copytree(tmp_path / "one", tmp_path / "three")
    nights = [{"name": n, "path": tmp_path / n} for n in ("one", "two", "three")]
    one, two, three = scan_each_night(RunConfig.model_validate({"input": {"nights": nights}}))
    assert one.report is not None and len(one.report.session.lights) == 3
    assert two.report is not None and [e.path.name for e in two.report.session.excluded] == ["once more.fit"]
    assert three.report is None and "copies of those of another night" in str(three.problem)


@pytest.mark.parametrize(("odd", "word"), [({"shape": (40, 64)}, "64x40"), ({"GAIN": 200}, "gain 200"), ({"FILTER": "Ha"}, "Ha"),
                                           ({"XBINNING": 2}, "binning"), ({"BAYERPAT": "RGGB"}, "RGGB")])
def test_an_odd_light_is_left_out_with_the_reason(tmp_path: Path, odd: dict[str, Any], word: str) -> None:
    for i in range(3):
        frame(tmp_path / "lights" / f"{i}.fit", **{"GAIN": 100} | ({"FILTER": "L"} if "FILTER" in odd else {}))
    frame(tmp_path / "lights" / "odd.fit", **{"GAIN": 100} | odd)
    session = look(tmp_path).session
    assert len(session.lights) == 3
    assert [e.path.name for e in session.excluded] == ["odd.fit"] and word in session.excluded[0].reason


def test_a_filter_is_read_from_the_file_name_and_can_be_chosen(tmp_path: Path) -> None:
    for i in range(4):
        frame(tmp_path / f"light_L_15000ms_{i}.fit")
        if i:
            frame(tmp_path / f"light_R_15000ms_{i}.fit")
    report = look(tmp_path)
    assert report.session.lights[0].filter == "L" and report.session.lights[0].exposure == 15
    assert any("input.filter" in w for w in report.session.warnings)
    assert {i.filter for i in look(tmp_path, input={"filter": "R"}).session.lights} == {"R"}
    with pytest.raises(InputError, match="Ha"):
        look(tmp_path, input={"filter": "Ha"})


@pytest.mark.parametrize(("cards", "rows", "pattern"), [
    ({"BAYERPAT": "RGGB"}, 10, "RGGB"), ({"BAYERPAT": "RGGB", "ROWORDER": "TOP-DOWN"}, 10, "RGGB"),
    ({"BAYERPAT": "RGGB", "ROWORDER": "BOTTOM-UP"}, 10, "GBRG"), ({"BAYERPAT": "RGGB", "ROWORDER": "BOTTOM-UP"}, 11, "RGGB"),
    ({"BAYERPAT": "RGGB", "YBAYROFF": 1}, 10, "GBRG"), ({"BAYERPAT": "RGGB", "XBAYROFF": 1}, 10, "GRBG"), ({}, 10, None)])
def test_the_pattern_in_memory_follows_row_order_and_offsets(cards: dict[str, Any], rows: int, pattern: str | None) -> None:
    assert memory_pattern(fits.Header(cards), rows) == pattern


def test_darks_that_do_not_fit_are_left_out_or_warned_of(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "lights" / f"{i}.fit", EXPTIME=60, CCD_TEMP=-10, GAIN=100)
        frame(tmp_path / "darks" / f"a{i}.fit", EXPTIME=30, CCD_TEMP=5, GAIN=50)
        frame(tmp_path / "darks" / f"b{i}.fit", EXPTIME=300, CCD_TEMP=5, GAIN=50)
    frame(tmp_path / "darks" / "c.fit", EXPTIME=60, shape=(40, 40))
    session = look(tmp_path).session
    assert len(session.frames[Role.DARK]) == 3
    text = " ".join(session.warnings)
    assert "30 s" in text and "5 C" in text and "gain 50" in text


def test_masters_given_as_file_or_folder_are_taken(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "s" / "lights" / f"{i}.fit")
        frame(tmp_path / "darks of may" / f"{i}.fit")
    frame(tmp_path / "bias.fit")
    session = look(tmp_path / "s", calibration={"bias_master": str(tmp_path / "bias.fit"),
                                                "dark_master": str(tmp_path / "darks of may")}).session
    assert session.masters[Role.BIAS].path.name == "bias.fit" and len(session.frames[Role.DARK]) == 3
    with pytest.raises(InputError, match="flat_master"):
        look(tmp_path / "s", calibration={"flat_master": str(tmp_path / "none.fit")})


def test_too_few_or_no_lights_end_with_what_was_found(tmp_path: Path) -> None:
    frame(tmp_path / "darks" / "1.fit")
    with pytest.raises(InputError, match="1 dark"):
        look(tmp_path)
    frame(tmp_path / "lights" / "1.fit")
    with pytest.raises(InputError, match="1 usable light, at least 3"):
        look(tmp_path)
    assert len(look(tmp_path, input={"allow_emergency_mode": True}).session.lights) == 1


def test_links_back_and_folders_named_twice_do_not_count_frames_twice(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "lights" / f"{i}.fit")
    (tmp_path / "lights" / "again").symlink_to(tmp_path / "lights")
    assert len(look(tmp_path, tmp_path / ".").session.lights) == 3


def test_what_is_no_regular_file_is_left_out(tmp_path: Path) -> None:
    import os

    for i in range(3):
        frame(tmp_path / "lights" / f"{i}.fit")
    os.mkfifo(tmp_path / "lights" / "pipe.fit")
    (tmp_path / "lights" / "dangling.fit").symlink_to(tmp_path / "nowhere.fit")
    session = look(tmp_path).session
    assert len(session.lights) == 3 and {e.path.name for e in session.excluded} == {"pipe.fit", "dangling.fit"}


@pytest.mark.parametrize(("name", "role"), [
    ("light_001.fit", Role.LIGHT), ("M31_Dark_60s.fit", Role.DARK), ("dark_flat_1.fit", Role.DARKFLAT),
    ("biases-3.fit", Role.BIAS), ("flat-dark-1.fit", Role.DARKFLAT), ("Light_Dark Shark_1.fit", Role.LIGHT),
    ("MasterFlat.fit", Role.FLAT), ("M31_1.fit", None)])
def test_the_first_word_that_names_a_role_counts(name: str, role: Role | None) -> None:
    assert role_from_name(name) is role


def test_a_session_is_named_by_the_folder_above_lights(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "M 31" / "lights" / f"{i}.fit")
    assert look(tmp_path / "M 31" / "lights").session.name == look(tmp_path / "M 31").session.name == "M 31"
