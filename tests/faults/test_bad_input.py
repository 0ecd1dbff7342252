"""What people hand in by mistake: each is named, and what is good is still used."""

from __future__ import annotations

import gzip
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, ExitCode, InputError, RunError
from orchestrator.session.discovery import ScanReport, check_resources, scan
from orchestrator.session.model import Role

RANDOM = np.random.default_rng(8)


def frame(path: Path, *, level: float = 500, shape: tuple[int, ...] = (48, 64), **cards: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    header = fits.Header()
    for key, value in cards.items():
        header[key.replace("_", "-")] = value
    fits.writeto(path, RANDOM.normal(level, 10, shape).astype("u2"), header)
    return path


def frames(folder: Path, n: int = 4, **options: Any) -> list[Path]:
    return [frame(folder / f"frame_{i}.fit", **options) for i in range(n)]


def look(*roots: Path, **changes: Any) -> ScanReport:
    return scan(roots, RunConfig.model_validate(changes))


def only_excluded(report: ScanReport, lights: int = 4) -> str:
    """Reason and remedy of the one file left out."""
    assert len(report.session.lights) == lights
    assert len(report.exclusions) == 1, report.exclusions
    return f"{report.exclusions[0].reason} {report.exclusions[0].remedy}"


def damaged(path: Path, key: str, card: str) -> None:
    """One header card replaced by whatever ``card`` is."""
    raw = bytearray(path.read_bytes())
    at = raw.index(key.ljust(8).encode())
    raw[at: at + 80] = card.ljust(80).encode()
    path.write_bytes(raw)


@pytest.mark.parametrize(("content", "word"), [(b"", "empty"), (b"This is a text.", "cannot be read"),
                                               (b"SIMPLE  =                    T".ljust(2880), "no end"),
                                               (bytes(9000), "SIMPLE")])
def test_a_file_that_is_no_fits_is_left_out_by_name(tmp_path: Path, content: bytes, word: str) -> None:
    frames(tmp_path / "lights")
    (tmp_path / "lights" / "bad.fit").write_bytes(content)
    report = look(tmp_path)
    assert word in only_excluded(report) and report.exclusions[0].path.name == "bad.fit"


@pytest.mark.parametrize("card", ["NAXIS1  = 'abc'", "NAXIS1  = -64", "NAXIS1  = 999999999999", "NAXIS   = 7", "NAXIS   = 0",
                                  "BITPIX  = 12", "BITPIX  = 'x'", "BZERO   = 'x'", "BSCALE  = 0", "BSCALE  = NaN"])
def test_a_header_that_makes_no_sense_costs_that_file_only(tmp_path: Path, card: str) -> None:
    frames(tmp_path / "lights")
    damaged(frame(tmp_path / "lights" / "bad.fit"), card[:8].strip(), card)
    assert only_excluded(look(tmp_path))


@pytest.mark.parametrize("card", ["GAIN    = high", "EXPTIME = 'long'", "DATE-OBS= 2025-01-01T00:00:00", "GAIN    = 1.2.3",
                                  "\x00\x01"])
def test_a_card_that_cannot_be_read_costs_nothing_but_itself(tmp_path: Path, card: str) -> None:
    frames(tmp_path / "lights", GAIN=5, EXPTIME=3.0, DATE_OBS="2025-01-01T00:00:00", TELESCOP="T")
    for path in (tmp_path / "lights").iterdir():
        damaged(path, card[:8].strip() if card.isprintable() else "TELESCOP", card)
    assert len(look(tmp_path).session.lights) == 4


def test_truncated_files_are_left_out_packed_or_not(tmp_path: Path) -> None:
    for path in frames(tmp_path / "lights", 5):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    data = RANDOM.normal(500, 10, (200, 64)).astype("i2")
    fits.CompImageHDU(data, compression_type="RICE_1").writeto(tmp_path / "packed.fits.fz")
    for source, cut in ((tmp_path / "lights" / "frame_0.fit", 4000), (tmp_path / "lights" / "frame_1.fit.gz", 900),
                        (tmp_path / "packed.fits.fz", 5760)):
        target = tmp_path / "lights" / f"cut_{source.name}"
        target.write_bytes(source.read_bytes()[:-cut])
    (tmp_path / "packed.fits.fz").unlink()
    report = look(tmp_path)
    # The plain frames and their packed copies.
    assert len(report.session.lights) == 10
    assert {e.path.name for e in report.exclusions} == {"cut_frame_0.fit", "cut_frame_1.fit.gz", "cut_packed.fits.fz"}
    assert all("truncated" in e.reason and e.remedy for e in report.exclusions)


@pytest.mark.parametrize(("odd", "word"), [({"shape": (40, 60)}, "60x40"), ({"BAYERPAT": "BGGR"}, "BGGR"),
                                           ({"BAYERPAT": "RGGB", "ROWORDER": "BOTTOM-UP"}, "GBRG"),
                                           ({"shape": (3, 48, 64)}, "colour")])
def test_lights_of_another_size_or_pattern_are_never_mixed_in(tmp_path: Path, odd: dict[str, Any], word: str) -> None:
    frames(tmp_path / "lights", BAYERPAT="RGGB")
    frame(tmp_path / "lights" / "odd.fit", **odd)
    assert word in only_excluded(look(tmp_path))


def test_lights_that_are_all_debayered_are_stacked_and_it_is_told(tmp_path: Path) -> None:
    frames(tmp_path / "lights", shape=(3, 48, 64))
    report = look(tmp_path)
    assert report.session.cfa is None and any("three colours" in w for w in report.warnings)


def test_stretched_lights_are_left_out(tmp_path: Path) -> None:
    frames(tmp_path / "lights", 3)
    frame(tmp_path / "lights" / "bright.fit", level=40000)
    told = frame(tmp_path / "lights" / "history.fit")
    with fits.open(told, mode="update") as file:
        file[0].header["HISTORY"] = "Asinh Transformation: (stretch=100)"
    frame(tmp_path / "lights" / "beside.fit", level=14000)
    report = look(tmp_path)
    assert {e.path.name for e in report.exclusions} == {"bright.fit", "history.fit", "beside.fit"}
    for path in (tmp_path / "lights").glob("frame_*"):
        path.unlink()
    with pytest.raises(InputError):
        look(tmp_path)


def test_no_lights_tells_what_was_found_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no files of frames") as error:
        look(tmp_path)
    assert error.value.exit_code is ExitCode.INPUT_REFUSED and "lights" in error.value.remedy
    frames(tmp_path / "night one" / "lights")
    assert look(tmp_path).layout.startswith("folders of nights"), "one session inside is what is meant"
    frames(tmp_path / "target" / "night two" / "LIGHT")
    with pytest.raises(InputError) as error:
        look(tmp_path)
    assert all(str(tmp_path / p) in error.value.remedy for p in ("night one", "target/night two"))


def test_one_light_needs_the_emergency_mode(tmp_path: Path) -> None:
    frames(tmp_path / "lights", 1)
    with pytest.raises(InputError) as error:
        look(tmp_path)
    assert "1 usable light," in error.value.message and "allow_emergency_mode" in error.value.remedy
    assert len(look(tmp_path, input={"allow_emergency_mode": True}).session.lights) == 1


def test_two_objects_in_one_folder_are_told_apart(tmp_path: Path) -> None:
    frames(tmp_path / "lights", OBJECT="M 31", RA=10.7, DEC=41.3)
    frame(tmp_path / "lights" / "same place.fit", OBJECT="NGC 224", RA=10.8, DEC=41.3)
    frame(tmp_path / "lights" / "same name.fit", OBJECT="m31")
    frame(tmp_path / "lights" / "no name.fit")
    odd = [frame(tmp_path / "lights" / f"m42_{i}.fit", OBJECT="M 42", RA=83.8, DEC=-5.4) for i in range(3)]
    report = look(tmp_path)
    assert len(report.session.lights) == 7 and {e.path for e in report.exclusions} == set(odd)
    assert "input.field=M 42" in report.exclusions[0].remedy and any("M 42 (3 lights at" in w for w in report.warnings)
    for wanted in ({"object": "m42"}, {"field": "m42"}):
        assert {i.path for i in look(tmp_path, input=wanted).session.lights} == set(odd)


def test_a_library_of_darks_gives_those_that_fit(tmp_path: Path) -> None:
    frames(tmp_path / "lights", EXPTIME=60, CCD_TEMP=-10.0, GAIN=100)
    for name, exposure, temperature, gain in (("good", 59.99, -10.3, 100), ("warm", 60, 5, 100), ("long", 300, -10, 100),
                                              ("gain", 60, -10, 0)):
        frames(tmp_path / "darks" / name, 3, EXPTIME=exposure, CCD_TEMP=temperature, GAIN=gain)
    report = look(tmp_path)
    assert {i.path.parent.name for i in report.session.frames[Role.DARK]} == {"good"} and not report.warnings
    assert len(report.exclusions) == 9
    shutil.rmtree(tmp_path / "darks" / "good")
    assert {i.path.parent.name for i in look(tmp_path).session.frames[Role.DARK]} == {"warm"}
    assert any("5 C" in w and "-10 C" in w for w in look(tmp_path).warnings)


def test_darks_that_are_all_called_lights_are_believed_by_their_folder(tmp_path: Path) -> None:
    frames(tmp_path / "lights", IMAGETYP="Light Frame")
    darks = frames(tmp_path / "darks", 3, IMAGETYP="Light Frame")
    report = look(tmp_path)
    assert len(report.session.frames[Role.DARK]) == 3 and any("call them lights" in w for w in report.warnings)
    for path in darks:
        fits.setval(path, "IMAGETYP", value="Dark Frame")
    frame(tmp_path / "darks" / "stray.fit", IMAGETYP="Light Frame")
    assert "calls it a light" in only_excluded(look(tmp_path))


def test_dark_flats_among_the_flats_are_not_averaged_with_them(tmp_path: Path) -> None:
    frames(tmp_path / "lights")
    frames(tmp_path / "flats", 3, IMAGETYP="Flat Field")
    frames(tmp_path / "flats" / "dark", 3, IMAGETYP="DARKFLAT")
    frames_ = look(tmp_path).session.frames
    assert len(frames_[Role.FLAT]) == 3 and len(frames_[Role.DARKFLAT]) == 3


@pytest.mark.parametrize("name", ["master_dark.fit", "dark_stacked.fit", "stacked_dark.fit", "MasterDark_60s.fits"])
def test_a_master_among_the_darks_is_the_master_or_is_left_out(tmp_path: Path, name: str) -> None:
    frames(tmp_path / "lights")
    frame(tmp_path / "darks" / name)
    session = look(tmp_path).session
    assert session.masters[Role.DARK].path.name == name and Role.DARK not in session.frames
    frames(tmp_path / "darks", 3)
    assert "master" in only_excluded(look(tmp_path)) and len(look(tmp_path).session.frames[Role.DARK]) == 3


def test_flats_of_other_filters_only_are_told(tmp_path: Path) -> None:
    frames(tmp_path / "lights", FILTER="Ha")
    frames(tmp_path / "flats", 3, FILTER="R")
    report = look(tmp_path)
    assert Role.FLAT not in report.session.frames and any("Ha" in w for w in report.warnings)


def test_what_lies_beside_the_lights_is_told_and_not_used(tmp_path: Path) -> None:
    frames(tmp_path / "lights")
    frame(tmp_path / "lights" / "result_3600s.fit")
    frame(tmp_path / "lights" / ".hidden.fit")
    frame(tmp_path / "lights" / "process" / "pp_light_00001.fit")
    frame(tmp_path / "forgotten.fit")
    frame(tmp_path / "process" / "light_00001.fit")
    report = look(tmp_path)
    assert len(report.session.lights) == 4
    assert {e.path.name for e in report.exclusions} == {"result_3600s.fit", "forgotten.fit", "process"}


NAMES = ["two words.fit", "quote's.fit", 'double".fit', "#hash.fit", "Müller.fit", "new\nline.fit", "$HOME.fit", "-rf.fit"]


def test_odd_names_are_only_names(tmp_path: Path) -> None:
    for name in NAMES:
        frame(tmp_path / "it's #1\nÄ" / "lights" / name)
    report = look(tmp_path / "it's #1\nÄ")
    assert {i.path.name for i in report.session.lights} == set(NAMES) and not report.exclusions


def test_a_folder_that_may_not_be_read_costs_that_folder_only(tmp_path: Path) -> None:
    frames(tmp_path / "lights")
    frames(tmp_path / "darks", 3)
    listed = Path.iterdir

    def refuse(self: Path) -> Any:
        if self.name == "darks":
            raise PermissionError(13, "Permission denied", str(self))
        return listed(self)

    with mock.patch.object(Path, "iterdir", refuse):
        assert "Permission denied" in only_excluded(look(tmp_path))


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "refused"), [(1000, True), (120_000, False)])
def test_a_disk_that_is_nearly_full_is_told_before_the_run(tmp_path: Path, free: int, refused: bool) -> None:
    frames(tmp_path / "lights")
    session, config = look(tmp_path).session, RunConfig()
    with mock.patch("shutil.disk_usage", return_value=Usage(10**6, 0, free)):
        if refused:
            with pytest.raises(RunError, match="free") as error:
                check_resources(session, tmp_path / "runs" / "one", config)
            assert "--runs-dir" in error.value.remedy
        else:
            assert any("free" in w for w in check_resources(session, tmp_path / "runs" / "one", config))


def test_too_little_memory_is_told(tmp_path: Path) -> None:
    frames(tmp_path / "lights")
    with mock.patch("psutil.virtual_memory", return_value=mock.Mock(available=1000)):
        assert any("memory" in w for w in check_resources(look(tmp_path).session, tmp_path, RunConfig()))


@pytest.mark.parametrize(("text", "words"), [
    ("stacking:\n  rejecton: sigma\n", ("my.yaml:2", "stacking.rejecton", "stacking.rejection")),
    ("tiles:\n  overlap: 0.9\n", ("my.yaml:2", "0.9", "0.5")), ("tiles:\n  min_size: big\n", ("my.yaml:2", "big", "integer")),
    ("weights:\n  mode: quallity\n", ("my.yaml:2", "quallity", "'quality'")),
    ("tiles:\n  overlap: 0.1\n  overlap: 0.2\n", ("my.yaml:3", "twice", "line 2"))])
def test_settings_that_are_wrong_are_told_with_file_line_and_what_is_allowed(tmp_path: Path, text: str,
                                                                             words: tuple[str, ...]) -> None:
    (tmp_path / "my.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config([tmp_path / "my.yaml"])
    assert all(word in str(error.value) for word in words), str(error.value)
    assert error.value.exit_code is ExitCode.USAGE


def test_a_name_that_yaml_takes_for_a_number_is_a_name() -> None:
    assert load_config(overrides=["input.object=7000"]).input.object == "7000"
