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
from orchestrator.io.fits import image_layout
from orchestrator.session.discovery import ScanReport, scan
from orchestrator.session.folders import role_of_folder
from orchestrator.session.headers import memory_pattern, role_from_name
from orchestrator.session.model import Role
from orchestrator.session.nights import scan_each_night
from orchestrator.session.row_order import as_read

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


@pytest.mark.parametrize(("odd", "word"), [({"shape": (40, 64)}, "64x40"), ({"FILTER": "Ha"}, "Ha"),
                                           ({"XBINNING": 2}, "binning"), ({"BAYERPAT": "RGGB"}, "RGGB")])
def test_an_odd_light_is_left_out_with_the_reason(tmp_path: Path, odd: dict[str, Any], word: str) -> None:
    for i in range(3):
        frame(tmp_path / "lights" / f"{i}.fit", **{"GAIN": 100} | ({"FILTER": "L"} if "FILTER" in odd else {}))
    frame(tmp_path / "lights" / "odd.fit", **{"GAIN": 100} | odd)
    session = look(tmp_path).session
    assert len(session.lights) == 3
    assert [e.path.name for e in session.excluded] == ["odd.fit"] and word in session.excluded[0].reason
    # Another camera can be stacked with this one, in a project; a mosaic and mono frames, or two filters, cannot.
    assert ("orchestrate project" in session.excluded[0].remedy) == bool({"shape", "XBINNING"} & set(odd))


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
        frame(tmp_path / "darks" / f"a{i}.fit", EXPTIME=30, CCD_TEMP=5, GAIN=100)
        frame(tmp_path / "darks" / f"b{i}.fit", EXPTIME=300, CCD_TEMP=5, GAIN=100)
    frame(tmp_path / "darks" / "c.fit", EXPTIME=60, shape=(40, 40))
    session = look(tmp_path).session
    assert len(session.frames[Role.DARK]) == 3
    text = " ".join(session.warnings)
    assert "30 s" in text and "5 C" in text


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


@pytest.mark.parametrize(("names", "role"), [
    ("lights lights2 Lights-03 lights_Ha LIGHTS_2026-10-01 light_60s Lights_b", Role.LIGHT),
    ("darks60s dark_180.0s Darks_2", Role.DARK), ("flats_L flat_OIII Flats-2026-10-01", Role.FLAT),
    ("dark_flats flat_darks_2 darkflats_Ha", Role.DARKFLAT), ("bias_1 Offsets2", Role.BIAS),
    ("dark_nebula flat_field lightcurves lightroom zero-point biased darkroom2 M31", None)])
def test_folders_of_parts_nights_exposures_and_filters_have_the_role_of_their_word(names: str, role: Role | None) -> None:
    assert {name: role_of_folder(name) for name in names.split()} == dict.fromkeys(names.split(), role)


def test_lights_of_another_bit_depth_than_most_are_left_out(tmp_path: Path) -> None:
    for i in range(6):
        data = RANDOM.normal(500 if i < 5 else 900, 20, (48, 64)).astype("u2")
        path = tmp_path / "lights" / f"{i}.fit"
        path.parent.mkdir(exist_ok=True)
        # 14 bits, two of them shifted to 16; the last one has another step by chance, and another sky.
        fits.writeto(path, data << 2 if i in (1, 3) else data * 2 if i == 5 else data, fits.Header({"EXPTIME": 60, "GAIN": 1}))
    report = look(tmp_path)
    assert {i.path.stem for i in report.session.lights} == {"0", "2", "4", "5"}
    assert all("multiples of 4" in e.reason and "bit depth" in e.reason for e in report.exclusions)


def test_masters_in_a_folder_of_their_own_are_used(tmp_path: Path) -> None:
    for i in range(4):
        frame(tmp_path / "lights" / f"{i}.fit", EXPTIME=60)
    for name in ("masterDark_60s", "masterFlat_L", "masterLight_L", "notes"):
        frame(tmp_path / "masters" / f"{name}.fit", EXPTIME=60)
    report = look(tmp_path)
    used = {role: i.path.stem for role, i in report.session.all_masters}
    assert used == {Role.DARK: "masterDark_60s", Role.FLAT: "masterFlat_L"}
    assert {e.path.stem for e in report.exclusions} == {"masterLight_L", "notes"}


def test_a_session_is_named_by_the_folder_above_lights(tmp_path: Path) -> None:
    for i in range(3):
        frame(tmp_path / "M 31" / "lights" / f"{i}.fit")
    assert look(tmp_path / "M 31" / "lights").session.name == look(tmp_path / "M 31").session.name == "M 31"


def of_camera(folder: Path, name: str, count: int, **cards: Any) -> None:
    for i in range(count):
        frame(folder / "lights" / f"{name}_{i}.fit", **{"INSTRUME": name, "GAIN": 100, "FOCALLEN": 400, "XPIXSZ": 3.76} | cards)


@pytest.mark.parametrize("other", [{"INSTRUME": "Two", "shape": (40, 64)}, {"INSTRUME": "Two", "XPIXSZ": 2.9},
                                   {"FOCALLEN": 600, "shape": (40, 64)}, {"TELESCOP": "Refractor", "shape": (40, 64)}])
def test_two_cameras_or_telescopes_are_stacked_together(tmp_path: Path, other: dict[str, Any]) -> None:
    of_camera(tmp_path, "One", 5, TELESCOP="Newton")
    of_camera(tmp_path, "more", 4, **{"INSTRUME": "One"} | other)
    session = look(tmp_path).session
    assert len(session.lights) == 9 and not session.excluded
    assert any("several cameras or telescopes: 5 of One" in note for note in session.notes)


@pytest.mark.parametrize(("count", "other", "word"), [
    (1, {"INSTRUME": "Two", "shape": (40, 64)}, "the only light of Two"),
    (5, {"INSTRUME": "One", "shape": (40, 64)}, "64x40"),  # a crop, a preview or a stack of the same camera
    (5, {"INSTRUME": "Two", "BAYERPAT": "RGGB"}, "RGGB"),
    (5, {"INSTRUME": "Guider", "shape": (40, 64), "FOCALLEN": 60}, "64x40")])
def test_strays_of_another_camera_do_not_spoil_the_stack(tmp_path: Path, count: int, other: dict[str, Any], word: str) -> None:
    of_camera(tmp_path, "One", 8)
    of_camera(tmp_path, "more", count, **other)
    session = look(tmp_path).session
    assert len(session.lights) == 8 and len(session.excluded) == count
    assert all(word in e.reason for e in session.excluded) and not any("several cameras" in n for n in session.notes)


@pytest.mark.parametrize("pattern", ["RGGB", "GRBG", "GBRG", "BGGR"])
@pytest.mark.parametrize("order", [{}, {"ROWORDER": "BOTTOM-UP"}])
def test_mosaics_of_two_colour_cameras_begin_alike(tmp_path: Path, pattern: str, order: dict[str, str]) -> None:
    """Every pixel that is read has the colour that the pattern of the session names; calibration frames fit their lights."""
    colours = {"R": 3000, "G": 2000, "B": 1000}
    of_camera(tmp_path, "One", 5, BAYERPAT="RGGB", shape=(48, 64), **order)
    for name, (rows, columns) in (("One", (48, 64)), ("Two", (40, 64))):
        for i in range(3):
            frame(tmp_path / "darks" / f"{name}_{i}.fit", INSTRUME=name, shape=(rows, columns), GAIN=100, **order)
    of_camera(tmp_path, "Two", 4, BAYERPAT=pattern, shape=(40, 64), **order)
    for path in (tmp_path / "lights").glob("Two*"):
        with fits.open(path, mode="update") as file:
            seen = file[0].data[::-1] if order else file[0].data
            for k, name in enumerate(pattern):
                seen[k // 2:: 2, k % 2:: 2] = colours[name] + RANDOM.integers(0, 100, (20, 32))
    session = look(tmp_path).session
    assert len(session.lights) == 9 and not session.excluded and len({i.cfa for i in session.lights}) == 1
    assert any("several cameras" in note for note in session.notes)
    two = [i for i in session.lights if i.camera == "Two"]
    data = as_read(two[0], image_layout(two[0].path)).read() * 65535
    assert data.shape == two[0].shape and two[0].cfa is not None
    for k, name in enumerate(two[0].cfa):
        assert np.abs(data[k // 2:: 2, k % 2:: 2] - colours[name] - 50).max() < 51
    part = as_read(two[0], image_layout(two[0].path)).read(3, 9) * 65535
    assert np.array_equal(part, data[3:9])
    group = next(g for g in session.groups if len(g.lights) == 4)
    assert {i.shape for i in group.frames[Role.DARK]} == {two[0].shape}
    assert any("Bayer pattern" in n and "4 lights of Two" in n for n in session.notes) == (two[0].reading.trimmed != (0, 0))


def test_two_patterns_of_one_camera_are_not_made_alike(tmp_path: Path) -> None:
    of_camera(tmp_path, "One", 6, BAYERPAT="RGGB")
    of_camera(tmp_path, "more", 4, INSTRUME="One", BAYERPAT="BGGR")
    session = look(tmp_path).session
    assert len(session.lights) == 6 and len(session.excluded) == 4 and all("BGGR" in e.reason for e in session.excluded)


def test_drizzle_stacks_the_lights_of_one_scale(tmp_path: Path) -> None:
    of_camera(tmp_path, "One", 5)
    of_camera(tmp_path, "Two", 4, XPIXSZ=2.9, shape=(40, 64))
    of_camera(tmp_path, "Three", 4, shape=(48, 60))
    session = look(tmp_path, reconstruction={"method": "drizzle"}).session
    assert {i.camera for i in session.lights} == {"One", "Three"}
    assert all("reconstruction.method mean" in e.remedy for e in session.excluded) and len(session.excluded) == 4


def test_each_camera_has_its_own_masters_and_one_without_darks_is_left_out(tmp_path: Path) -> None:
    of_camera(tmp_path, "One", 5)
    of_camera(tmp_path, "Two", 4, shape=(40, 64))
    for name, shape in (("One", (48, 64)), ("Two", (40, 64))):
        for i in range(3):
            frame(tmp_path / "darks" / f"{name}_{i}.fit", INSTRUME=name, shape=shape, GAIN=100)
    groups = {g.name: g for g in look(tmp_path).session.groups}
    assert {name: (len(g.lights), {i.camera for i in g.frames[Role.DARK]}) for name, g in groups.items()} == {
        "one": (5, {"One"}), "two": (4, {"Two"})}
    for i in range(3):
        (tmp_path / "darks" / f"Two_{i}.fit").unlink()
    session = look(tmp_path).session
    assert {i.camera for i in session.lights} == {"One"}
    assert any("camera Two" in e.reason for e in session.excluded)
