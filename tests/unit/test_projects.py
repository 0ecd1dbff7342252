"""Project files, what is found wrong with a project, palettes, and the finished files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from click.testing import CliRunner

from orchestrator import (
    Finding,
    add_nights,
    exclude,
    find_nights,
    load_project,
    new_project,
    resume,
    resume_project,
    run_project,
    save_project,
    scan_project,
    validate_project,
)
from orchestrator.cli.main import cli
from orchestrator.combination.palettes import coefficients, suggest_channels
from orchestrator.errors import ConfigError, ExitCode, InputError, RunError
from orchestrator.project import validate as validation
from orchestrator.project.model import Project
from orchestrator.project.results import file_name, mirrored
from orchestrator.session.headers import frame_info
from orchestrator.session.master_library import name_from_header
from orchestrator.session.model import FrameInfo, Reading, Role, Session
from orchestrator.session.nights import incompatibility
from orchestrator.session.one_pattern import nights_with_one_pattern

USUAL: dict[str, Any] = {"EXPTIME": 60.0, "GAIN": 100, "OFFSET": 50, "CCD-TEMP": -10.0, "INSTRUME": "ASI2600MM Pro",
                         "XBINNING": 1, "YBINNING": 1, "DATE-OBS": "2025-01-15T20:00:00"}


def frames(folder: Path, count: int = 3, shape: tuple[int, int] = (40, 48), **cards: Any) -> None:
    """Small frames with the usual header, and cards that differ (``CCD_TEMP`` stands for CCD-TEMP)."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(list(str(folder).encode()))
    for i in range(count):
        header = fits.Header({**USUAL, **{k.replace("_", "-"): v for k, v in cards.items()}})
        fits.writeto(folder / f"{folder.name.lower()}_{i}.fit", rng.integers(400, 600, shape).astype(np.uint16), header)


def night(folder: Path, **cards: Any) -> Path:
    for name in ("LIGHTS", "DARKS", "FLATS", "BIASES"):
        frames(folder / name, **cards)
    return folder


def project_of(root: Path, count: int = 2) -> Project:
    for k in range(1, count + 1):
        night(root / f"Session {k}")
    return new_project(root)


def levels(found: list[Finding], where: str) -> str:
    return " | ".join(f"{f.level}: {f.message} {f.remedy}" for f in found if f.where == where)


def test_folders_of_lights_alone_are_nights_those_of_darks_and_of_stacks_are_none(tmp_path: Path) -> None:
    frames(tmp_path / "M 31_sub")
    frames(tmp_path / "2025-01-15")
    frames(tmp_path / "library", IMAGETYP="Dark Frame")
    frames(tmp_path / "Dark 10 s")
    frames(tmp_path / "M 31", count=1)
    (tmp_path / "M 31" / "m 31_0.fit").rename(tmp_path / "M 31" / "Stacked_12_M 31.fit")
    assert [p.name for p in find_nights(tmp_path)] == ["2025-01-15", "M 31_sub"]
    assert find_nights(tmp_path / "M 31_sub") == []  # a session, not a folder of nights


def test_nights_are_found_in_natural_order_and_the_file_is_short(tmp_path: Path) -> None:
    for k in (1, 2, 10):
        night(tmp_path / f"Session {k}")
    frames(tmp_path / "2024" / "autumn" / "lights")
    frames(tmp_path / "runs" / "old" / "lights")
    frames(tmp_path / "Session 1" / "process" / "lights")
    project = new_project(tmp_path, "M 31")
    assert [n.name for n in project.nights] == ["autumn", "Session 1", "Session 2", "Session 10"]
    lines = [x for x in (tmp_path / "project.yaml").read_text().splitlines() if not x.startswith("#")]
    assert lines[:4] == ["version: 2", "name: M 31", "nights:", "- path: 2024/autumn"] and len(lines) == 11
    with pytest.raises(ConfigError, match="is already a project"):
        new_project(tmp_path)
    with pytest.raises(ConfigError, match="is a night itself"):
        new_project(tmp_path / "Session 1")


def test_empty_nights_can_be_made(tmp_path: Path) -> None:
    made = CliRunner().invoke(cli, ["project", "new", str(tmp_path / "new"), "--nights", "2"])
    assert made.exit_code == 0
    assert sorted(p.name for p in (tmp_path / "new" / "Session 2").iterdir()) == ["BIASES", "DARKS", "FLATS", "LIGHTS"]
    found = validate_project(load_project(tmp_path / "new"))
    assert [f.where for f in found if f.level == "error"] == ["Session 1", "Session 2"]
    assert "No lights were found" in levels(found, "Session 1") and "use: false" in levels(found, "Session 1")


def test_what_is_not_known_is_kept_and_the_folder_can_move(tmp_path: Path) -> None:
    project_of(tmp_path / "a")
    file = tmp_path / "a" / "project.yaml"
    file.write_text(file.read_text() + "observatory: {site: Calern, bortle: 4}\n" "settings:\n  stacking: {sigma_high: 3}\n")
    text = file.read_text().replace("  name: Session 2\n", "  name: 2025-01-15\n  moon: full\n")
    file.write_text(text)
    moved = (tmp_path / "a").rename(tmp_path / "b")
    project = load_project(moved)
    save_project(project)
    again = load_project(moved / "project.yaml")
    assert again.model_extra == {"observatory": {"site": "Calern", "bortle": 4}}
    assert again.nights[1].model_extra == {"moon": "full"}
    assert again.nights[1].name == "2025-01-15" and again.settings == {"stacking": {"sigma_high": 3}}
    assert [n.session is not None and len(n.session.lights) for n in scan_project(again)] == [3, 3]


def test_older_versions_are_migrated_and_a_newer_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "project.yaml"
    file.write_text("version: 1\nname: old\nsessions: [one, {path: two, use: false}]\nconfig: {bge: {order: 3}}\nmirror: true\n")
    project = load_project(tmp_path)
    assert [(n.name, n.use) for n in project.nights] == [("one", True), ("two", False)]
    assert project.version == 2 and project.settings == {"bge": {"order": 3}} and project.final.mirror == "bottomup"
    file.write_text("version: 3\nname: new\nnights: []\n")
    with pytest.raises(ConfigError, match="is a project of version 3; this program supports version 2 and older") as told:
        load_project(tmp_path)
    assert "newer version of orchestrate" in told.value.remedy


@pytest.mark.parametrize(("text", "word"), [
    ("name: a\nnights: [{path: x, name: n}, {path: y, name: N}]", "two nights are named 'N'"),
    ("name: a\nnights: [{name: n}]", "project.yaml:2: nights.0.path"), ("name: [1", "not YAML"), ("- 1\n", "sections"),
    ("name: a\nfinal: {mirror: up}", "final.mirror is 'up'"), ("version: x\n", "version is 'x'")])
def test_a_wrong_file_is_told_with_its_place(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "project.yaml").write_text(text)
    with pytest.raises(ConfigError, match=word):
        load_project(tmp_path)


def test_a_json_project_of_another_tool_is_imported(tmp_path: Path) -> None:
    night(tmp_path / "Session 1")
    night(tmp_path / "Session 2")
    content = {
        "projectName": "Veil", "theme": "dark", "version": "7.1", "sigma_low": 2.5, "options": {"pixfrac": 0.8, "threads": 4},
        "sessions": ["Session 1", {"lights": "Session 2\\LIGHTS", "darks": "Session 1/DARKS", "label": "second", "enabled": False,
                                   "moon": 0.4}]}
    (tmp_path / "veil.json").write_text(json.dumps(content))
    project = new_project(tmp_path / "new", source=tmp_path / "veil.json")
    assert project.name == "Veil" and [(n.name, n.use) for n in project.nights] == [("Session 1", True), ("second", False)]
    again = load_project(tmp_path / "new")
    assert again.settings == {"stacking": {"sigma_low": 2.5}, "reconstruction": {"pixfrac": 0.8}}
    assert (again.model_extra or {})["theme"] == "dark" and (again.model_extra or {})["options"] == {"threads": 4}
    assert again.nights[1].settings["calibration"]["dark_master"] == "Session 1/DARKS"
    assert again.folder(again.nights[1]) == tmp_path / "Session 2" and again.nights[1].model_extra == {"moon": 0.4}
    for text, word in (("{", "not JSON"), ("[]", "not an object"), ("{}", "contains no nights"),
                       ('{"nights": [{"x": 1}]}', "has no folder")):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(ConfigError, match=word):
            load_project(tmp_path / "bad.json")


def test_a_missing_folder_and_an_empty_night_are_errors_and_can_be_left_out(tmp_path: Path) -> None:
    project = project_of(tmp_path, 3)
    (tmp_path / "Session 2").rename(tmp_path / "away")
    for path in (tmp_path / "Session 3" / "LIGHTS").iterdir():
        path.unlink()
    found = validate_project(project)
    assert f"error: The folder {tmp_path / 'Session 2'} does not exist." in levels(found, "Session 2")
    assert "error: No lights were found" in levels(found, "Session 3") and "use: false" in levels(found, "Session 3")
    assert "looks like a night" in levels(found, "nights")
    with pytest.raises(InputError, match=r"Session 2: The folder .* does not exist\. \(1 more"):
        run_project(tmp_path)
    assert not (tmp_path / "runs").exists()
    for n in project.nights[1:]:
        n.use = False
    assert not [f for f in validate_project(project) if f.level == "error"]
    save_project(project)
    told = CliRunner().invoke(cli, ["project", "validate", str(tmp_path)])
    assert told.exit_code == 0 and "The project can be run." in told.stdout


def test_two_cameras_are_told_and_colours_that_cannot_be_one_channel_are_refused(tmp_path: Path) -> None:
    night(tmp_path / "1")
    night(tmp_path / "2", shape=(60, 80), INSTRUME="Other Camera", XPIXSZ=3.76)
    project = new_project(tmp_path)
    told = levels(validate_project(project), "nights")
    assert "warning: The nights come from several cameras: ASI2600MM Pro (48x40): 1; Other Camera (80x60): 2." in told
    night(tmp_path / "3", BAYERPAT="RGGB", INSTRUME="Other Camera")
    add_nights(project, [tmp_path / "3"])
    told = levels(validate_project(project), "nights")
    assert "error: The night 1 has mono frames (ASI2600MM Pro), 3 has colour (RGGB) ones (Other Camera)" in told
    project.nights = project.nights[:1]
    night(tmp_path / "4", ROWORDER="BOTTOM-UP")
    add_nights(project, [tmp_path / "4"])
    assert "error: The row order (ROWORDER) of 4 is opposite" in levels(validate_project(project), "nights")


def test_darks_that_do_not_fit_are_told_and_those_of_another_night_taken(tmp_path: Path) -> None:
    night(tmp_path / "1")
    frames(tmp_path / "2" / "LIGHTS", EXPTIME=300.0)
    frames(tmp_path / "2" / "DARKS", EXPTIME=60.0)
    project = new_project(tmp_path)
    told = levels(validate_project(project), "2")
    assert "The darks are 60 s, the lights 300 s" in told and "3 flat frames of the night 1 are used" in told
    frames(tmp_path / "1" / "DARKS" / "long", EXPTIME=300.0)
    told = levels(validate_project(project), "2")
    assert "note: 3 dark frames of the night 1 are used (gain 100, 300 s, -10 C)" in told and "The darks are" not in told
    session = scan_project(project)[1].session
    assert session is not None and {i.exposure for i in session.frames[Role.DARK]} == {300.0}
    project.settings = {"input": {"share_calibration": False}}
    assert "The darks are 60 s" in levels(validate_project(project), "2")


@pytest.mark.parametrize(("card", "fits_"), [({"GAIN": 120}, False), ({"OFFSET": 10}, False), ({"CCD_TEMP": -8.0}, True),
                                             ({"CCD_TEMP": -5.0}, False), ({"INSTRUME": "other"}, False),
                                             ({"EXPTIME": 60.5}, True), ({"XBINNING": 2, "YBINNING": 2}, False)])
def test_darks_are_shared_when_the_camera_was_set_alike(tmp_path: Path, card: dict[str, Any], fits_: bool) -> None:
    frames(tmp_path / "1" / "LIGHTS")
    night(tmp_path / "2", **card)
    session = scan_project(new_project(tmp_path))[0].session
    assert session is not None and (Role.DARK in session.frames) is fits_


def test_flats_belong_to_filter_and_rotator(tmp_path: Path) -> None:
    frames(tmp_path / "1" / "LIGHTS", FILTER="Ha", ROTATANG=359.5)
    frames(tmp_path / "2" / "LIGHTS", FILTER="Ha", ROTATANG=90.0)
    frames(tmp_path / "2" / "FLATS" / "a", FILTER="Ha", ROTATANG=0.0)
    frames(tmp_path / "2" / "FLATS" / "b", FILTER="Ha", ROTATANG=90.2)
    frames(tmp_path / "2" / "FLATS" / "c", FILTER="OIII", ROTATANG=90.0)
    one, two = (n.session for n in scan_project(new_project(tmp_path)))
    assert one is not None and {i.rotation for i in one.frames[Role.FLAT]} == {0.0}
    assert two is not None and {(i.rotation, i.filter) for i in two.frames[Role.FLAT]} == {(90.2, "Ha")}


def test_read_only_storage_is_fine_for_nights_and_told_for_the_project(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_of(tmp_path)
    monkeypatch.setattr(validation.os, "access", lambda path, mode: Path(path) != tmp_path / "Session 1")
    found = validate_project(project)
    assert "note" in levels(found, "Session 1") and "read-only storage: that is fine" in levels(found, "Session 1")
    assert not [f for f in found if f.level == "error"]
    monkeypatch.setattr(validation.os, "access", lambda path, mode: False)
    assert "--runs-dir" in levels(validate_project(project), str(tmp_path))
    (tmp_path / "file").write_text("")
    project.root = tmp_path / "file"
    with pytest.raises(RunError, match="cannot be written") as told:
        save_project(project)
    assert "orchestrate project add" in told.value.remedy


def test_wrong_settings_are_told(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    project.settings = {"stacking": {"hihg": 3}}
    assert "unknown setting 'stacking.hihg'" in levels(validate_project(project), "settings")
    project.settings = {}
    project.nights[0].settings = {"stacking": {"sigma_high": 3}}
    assert "The night Session 1 has settings of 'stacking'" in levels(validate_project(project), "settings")
    project.nights[0].settings = {"calibration": {"dark_master": "Session 2/DARKS"}}
    session = scan_project(project)[0].session
    assert session is not None and {i.path.parent for i in session.frames[Role.DARK]} == {tmp_path / "Session 2" / "DARKS"}


def test_a_wrong_setting_of_a_project_names_its_file(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    project.settings = {"stacking": {"rejektion": "sigma"}}
    save_project(project)
    with pytest.raises(ConfigError, match="unknown setting") as error:
        run_project(tmp_path, dry_run=True)
    assert error.value.message.startswith(f"{tmp_path / 'project.yaml'}: ")


def run_of_version_01(directory: Path, record: str, **content: Any) -> Path:
    """The files of a run of version 0.1, with a setting that has another name now."""
    for name, text in (("config.yaml", "stacking: {low: 3.0}\n"), ("logs/run_events.jsonl", ""),
                       ("manifest.json", json.dumps({"versions": {"orchestrate": "0.1.0"}})),
                       (record, json.dumps({"schema": 1, "roots": ["/data/M 31"], "attempts": [], **content}))):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    return directory


def test_a_combination_of_version_01_is_refused_before_its_settings_are_read(tmp_path: Path) -> None:
    run = run_of_version_01(tmp_path / "r", "artifacts/combination.json", project="", channels=[])
    for use in (lambda: resume(run), lambda: exclude(run, ["a.fit"])):
        with pytest.raises(ConfigError, match=r"made by orchestrate 0\.1\.0; this version cannot read its record") as error:
            use()
        assert error.value.remedy == "Run the session again: orchestrate run '/data/M 31'"
        assert error.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(("record", "remedy"), [
    ("artifacts/combination.json", "Run the project again: orchestrate project run {root}"),
    ("checkpoints/run.json", "Run the session again: orchestrate run '/data/M 31'")])
@pytest.mark.parametrize("channels", [{}, {"L": "Lum"}])
def test_a_project_run_of_version_01_is_refused_before_its_settings_are_read(tmp_path: Path, record: str, remedy: str,
                                                                             channels: dict[str, str]) -> None:
    project = project_of(tmp_path)
    project.channels = channels
    save_project(project)
    kept = {"project": str(tmp_path), "channels": []} if "combination" in record else {}
    run_of_version_01(tmp_path / "runs" / "r", record, **kept)
    with pytest.raises(ConfigError, match=r"made by orchestrate 0\.1\.0; this version cannot read its") as error:
        resume_project(tmp_path)
    assert error.value.remedy == remedy.format(root=tmp_path)


def test_a_night_within_another_is_refused(tmp_path: Path) -> None:
    project = project_of(tmp_path, 1)
    add_nights(project, [tmp_path / "Session 1" / "LIGHTS"])
    assert "error: The nights Session 1 and LIGHTS share frames" in levels(validate_project(project), "nights")


def test_two_lights_are_too_few(tmp_path: Path) -> None:
    frames(tmp_path / "1" / "LIGHTS", count=2)
    assert "have 2 lights in total, 3 are needed" in levels(validate_project(new_project(tmp_path)), "nights")


def test_adding_tells_what_is_wrong(tmp_path: Path) -> None:
    project = project_of(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        add_nights(project, [tmp_path / "none"])
    with pytest.raises(InputError, match="already in the project, as night Session 2"):
        add_nights(project, [tmp_path / "Session 2"])
    night(tmp_path / "more" / "Session 1")
    assert add_nights(project, [tmp_path / "more" / "Session 1"])[0].name == "more Session 1"


def test_palettes_are_linear_combinations() -> None:
    assert coefficients("auto", ["S", "H", "O"]) == {"R": {"S": 1.0}, "G": {"H": 1.0}, "B": {"O": 1.0}}
    assert coefficients("hoo", ["H", "O"])["B"] == {"O": 1.0} and coefficients("auto", ["H"]) == {}
    lrgb = coefficients("auto", ["R", "G", "B", "L"])
    assert {c: sum(f.values()) for c, f in lrgb.items()} == pytest.approx(dict.fromkeys("RGB", 1.0))
    flux = {"R": 5.0, "G": 3.0, "B": 1.0, "L": 12.0}
    out = {c: sum(k * flux[o] for o, k in f.items()) for c, f in lrgb.items()}
    assert np.mean(list(out.values())) == pytest.approx(12) and out["R"] - out["B"] == pytest.approx(4)
    for palette, word in (("LHO", "'LHO' does not match"), ({"R": {"X": 1}, "G": {"H": 1}, "B": {"H": 1}}, "palette.R: X"),
                          ({"R": {"H": 1}}, "R, G and B are required")):
        with pytest.raises(ConfigError, match=word):
            coefficients(palette, ["H", "O"])  # type: ignore[arg-type]
    assert suggest_channels(["Lum", "Red", "H-alpha", "x"]) == {"R": "Red", "L": "Lum", "H": "H-alpha"}


def test_the_mirrored_picture_shows_the_same_sky() -> None:
    header = fits.Header({"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "CRVAL1": 10.0, "CRVAL2": 41.0, "CRPIX1": 30.0,
                          "CRPIX2": 25.0, "CD1_1": -4e-4, "CD1_2": 1e-4, "CD2_1": 2e-4, "CD2_2": 5e-4, "A_ORDER": 2, "B_ORDER": 2,
                          "A_2_0": 1e-5, "A_1_1": 2e-5, "A_0_2": -3e-5, "B_2_0": 4e-5, "B_1_1": -2e-5, "B_0_2": 1e-5})
    data = np.arange(40 * 60, dtype=np.float32).reshape(40, 60)
    image, turned = mirrored(data, header)
    assert turned["ROWORDER"] == "BOTTOM-UP" and np.array_equal(image, data[::-1])
    x, y = np.array([3.0, 50.0]), np.array([5.0, 33.0])
    before, after = WCS(header).all_pix2world(x, y, 0), WCS(turned).all_pix2world(x, 39 - y, 0)
    assert np.allclose(before, after, atol=1e-9)
    assert mirrored(image, turned)[0] is image, "one with the right orientation stays"


def test_names_are_made_from_headers(tmp_path: Path) -> None:
    info = frame_info(tmp_path / "x.fit", fits.Header({**USUAL, "FILTER": "Ha"}), Role.DARK, (40, 48))
    assert name_from_header(info, "master_dark") == "master_dark_ASI2600MM-Pro_g100_o50_bin1_60s_-10C_20250115"
    project = Project(name="M 31")
    header = fits.Header({**USUAL, "FILTER": "Ha"})
    assert file_name("{project}_{filter}_{camera}_{gain}_{binning}_{exposure}_{date}", project, header) == \
        "M_31_Ha_ASI2600MM_Pro_g100_bin1_60s_20250115"
    assert file_name("{project}_{filter}_x", project, fits.Header()) == "M_31_x"
    with pytest.raises(ConfigError, match=r"'\{moon\}' is invalid"):
        file_name("{moon}", project, header)


def test_nights_of_cameras_with_other_bayer_patterns_are_read_as_one() -> None:
    def night(name: str, camera: str, cfa: str | None, count: int, *, trimmed: tuple[int, int] = (0, 0)) -> Session:
        shape = (100 - 2 * trimmed[0], 120 - 2 * trimmed[1])
        infos = {role: tuple(FrameInfo(Path(f"{name}/{role.value}_{k}.fit"), role, shape, camera=camera, cfa=cfa,
                                       reading=Reading(trimmed=trimmed)) for k in range(count))
                 for role in (Role.LIGHT, Role.FLAT)}
        return Session((Path(name),), name, infos)

    first, second, third = nights_with_one_pattern([
        night("a", "One", "RGGB", 5), night("b", "Two", "GRBG", 3), night("c", "Three", "GBRG", 2, trimmed=(1, 0))])
    assert {i.cfa for s in (first, second, third) for infos in s.frames.values() for i in infos} == {"RGGB"}
    assert first.lights[0].reading.trimmed == (0, 0) and not first.notes
    assert {i.shape for infos in second.frames.values() for i in infos} == {(100, 118)}, "lights and flats alike"
    assert third.lights[0].reading.trimmed == (2, 0), "in addition to what its night leaves out"
    assert "CamTwo" not in str(second.notes) and "GRBG" in str(second.notes)
    assert incompatibility([first, second, third]) is None
    same = nights_with_one_pattern([night("a", "One", "RGGB", 5), night("b", "One", "GRBG", 3)])
    problem = incompatibility(same)
    assert problem is not None and "cannot be one channel" in problem[0], "one of the patterns of one camera is wrong"
    mono = incompatibility(nights_with_one_pattern([night("a", "One", "RGGB", 5), night("b", "Two", None, 3)]))
    assert mono is not None and "mono" in mono[0]
