"""Headers as chance and malice make them: a frame is used or left out by name; never a traceback."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator import RunConfig, run
from orchestrator.cli.main import cli
from orchestrator.errors import InputError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.session.discovery import scan

CONFIG = RunConfig()
CONFIG_NATIVE = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
FUZZ = settings(max_examples=150, deadline=None, derandomize=True,
                suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

KEYS = ["SIMPLE", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "NAXIS3", "EXTEND", "BSCALE", "BZERO", "BLANK", "XTENSION", "PCOUNT",
        "GCOUNT", "IMAGETYP", "FRAME", "EXPTIME", "EXPOSURE", "GAIN", "ISOSPEED", "OFFSET", "CCD-TEMP", "SET-TEMP", "XBINNING",
        "YBINNING", "FILTER", "INSTRUME", "TELESCOP", "OBJECT", "DATE-OBS", "RA", "DEC", "OBJCTRA", "OBJCTDEC", "CRVAL1",
        "CRVAL2", "XPIXSZ", "FOCALLEN", "BAYERPAT", "XBAYROFF", "YBAYROFF", "ROWORDER", "STACKCNT", "HISTORY", "COMMENT",
        "CONTINUE", "HIERARCH", "ZIMAGE", "ZNAXIS", "ZBITPIX", "END"]
NUMBERS = st.one_of(st.integers(-2, 70), st.integers(-2**70, 2**70), st.floats(width=32), st.floats()).map(str)
TEXTS = st.text(st.characters(codec="latin-1"), max_size=60)
VALUES = st.one_of(NUMBERS, TEXTS, TEXTS.map(lambda t: f"'{t}'"), st.sampled_from(
    ["T", "F", "NaN", "inf", "-inf", "1E999", "1D5", "'RGGB'", "'Light'", "'2025-02-30T99:99:99Z'", "'0001-01-01T00:00:00+14:00'",
     "'99 99 99'", "'nan nan'", "'-1e400:0'", "(1, 2)", "'&'", "''", "/", "= ="]))
CARDS = st.one_of(
    st.builds(lambda k, v: f"{k:8}= {v}", st.sampled_from(KEYS), VALUES),
    st.builds(lambda k, v: f"{k:8}{v}", st.sampled_from(KEYS), VALUES),
    st.text(st.characters(codec="latin-1"), max_size=80),
).map(lambda c: c[:80].ljust(80).encode("latin-1", "replace"))


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("fuzz") / "frame.fit"
    data = np.random.default_rng(1).normal(500, 10, (40, 48)).astype(np.uint16)
    header = fits.Header([("IMAGETYP", "Light"), ("EXPTIME", 30.0), ("GAIN", 100), ("CCD-TEMP", -10.0), ("OBJECT", "M 31"),
                          ("DATE-OBS", "2025-01-01T00:00:00"), ("RA", 10.7), ("DEC", 41.3), ("BAYERPAT", "RGGB"),
                          ("XBINNING", 1), ("FILTER", "L"), ("ROWORDER", "TOP-DOWN"), ("XPIXSZ", 3.8), ("FOCALLEN", 500)])
    fits.writeto(path, data, header)
    return path.read_bytes()


def replaced(raw: bytes, cards: list[tuple[int, bytes]]) -> bytes:
    """The frame with some of its cards replaced, by number."""
    out = bytearray(raw)
    for number, text in cards:
        at = 80 * (number % 36)
        out[at: at + 80] = text
    return bytes(out)


def look_at(path: Path) -> None:
    """All ways to read a frame: it can be read, or it is refused by name."""
    for read in (fits_io.read_header, fits_io.image_layout, lambda p: fits_io.image_layout(p).read(0, 4),
                 lambda p: fits_io.damage(fits_io.image_layout(p))):
        try:
            read(path)
        except InputError as error:
            assert path.name in str(error), error
            assert "\x00" not in str(error)


def scanned(path: Path) -> None:
    """In a session the frame is used, or named as not used."""
    try:
        report = scan((path.parent.parent,), CONFIG)
    except OrchestrateError as error:
        assert str(error)
        return
    used = {i.path for infos in report.session.frames.values() for i in infos} | {i.path for i in report.session.masters.values()}
    assert path in used or path in {e.path for e in report.exclusions}


@pytest.fixture
def folder(tmp_path: Path, frame: bytes) -> Path:
    lights = tmp_path / "session" / "lights"
    lights.mkdir(parents=True)
    for i in range(3):
        (lights / f"good_{i}.fit").write_bytes(frame)
    return lights


@FUZZ
@given(cards=st.lists(st.tuples(st.integers(0, 35), CARDS), min_size=1, max_size=4))
def test_a_header_with_any_cards_is_read_or_refused_by_name(folder: Path, frame: bytes, cards: list[tuple[int, bytes]]) -> None:
    path = folder / "odd.fit"
    path.write_bytes(replaced(frame, cards))
    look_at(path)
    scanned(path)


@FUZZ
@given(key=st.sampled_from(KEYS), value=VALUES)
def test_any_value_of_any_card_that_is_read_is_read_or_refused_by_name(folder: Path, frame: bytes, key: str, value: str) -> None:
    """The card takes the place of the one of that name, else of the last before END."""
    path, at = folder / "odd.fit", frame.find(key.ljust(8).encode() + b"=")
    number = at // 80 if at >= 0 else frame.index(b"END     ") // 80 - 1
    path.write_bytes(replaced(frame, [(number, f"{key:8}= {value}"[:80].ljust(80).encode("latin-1", "replace"))]))
    look_at(path)
    scanned(path)


@FUZZ
@given(at=st.integers(0, 12000), noise=st.binary(min_size=1, max_size=400), cut=st.integers(0, 14000))
def test_bytes_of_any_kind_are_read_or_refused_by_name(folder: Path, frame: bytes, at: int, noise: bytes, cut: int) -> None:
    path = folder / "odd.fit"
    path.write_bytes((frame[:at] + noise + frame[at + len(noise):])[:cut])
    look_at(path)
    scanned(path)


@pytest.mark.parametrize("ending", [".fit.gz", ".fits.fz", ".fts"])
@settings(FUZZ, max_examples=60)
@given(at=st.integers(0, 9000), noise=st.binary(min_size=1, max_size=200), cut=st.integers(2000, 20000))
def test_packed_files_with_damage_are_unpacked_or_refused_by_name(folder: Path, frame: bytes, ending: str, at: int, noise: bytes,
                                                                  cut: int) -> None:
    path = folder / f"odd{ending}"
    if ending == ".fits.fz":
        plain = folder.parent / "plain.fit"
        plain.write_bytes(frame)
        fits.CompImageHDU(fits.getdata(plain).astype(np.int16), compression_type="RICE_1").writeto(path, overwrite=True)
        whole = path.read_bytes()
    else:
        whole = gzip.compress(frame) if ending == ".fit.gz" else frame
    path.write_bytes((whole[:at] + noise + whole[at + len(noise):])[:cut])
    try:
        fits_io.read_header(path)
        if fits_io.is_compressed(path):
            fits_io.image_layout(fits_io.decompress(path, folder.parent / "work")).read()
    except InputError as error:
        assert path.stem in str(error)
    finally:
        shutil.rmtree(folder.parent / "work", ignore_errors=True)


@settings(FUZZ, max_examples=40)
@given(cards=st.lists(st.tuples(st.integers(0, 35), CARDS), min_size=1, max_size=3))
@pytest.mark.parametrize("command", [["scan"], ["bge"], ["solve", "--no-write", "--solver", "none"]])
def test_no_command_ends_in_a_traceback(folder: Path, frame: bytes, command: list[str], cards: list[tuple[int, bytes]]) -> None:
    path = folder / "odd.fit"
    path.write_bytes(replaced(frame, cards))
    for old in folder.glob("odd_bge*"):
        old.unlink()
    target = folder.parent if command == ["scan"] else path
    result = CliRunner().invoke(cli, [*command[:1], str(target), *command[1:]], standalone_mode=False)
    assert result.exception is None or isinstance(result.exception, OrchestrateError), repr(result.exception)
    if result.exception is not None and command != ["scan"]:
        assert "odd" in str(result.exception)


HARMLESS = ["EXPTIME", "GAIN", "CCD-TEMP", "FILTER", "INSTRUME", "TELESCOP", "OBJECT", "DATE-OBS", "RA", "DEC", "OBJCTRA",
            "XPIXSZ", "FOCALLEN", "HISTORY", "COMMENT", "OFFSET", "ROWORDER", "STACKCNT"]


@settings(FUZZ, max_examples=12)
@given(key=st.lists(st.sampled_from(HARMLESS), min_size=6, max_size=6), value=st.lists(VALUES, min_size=6, max_size=6))
@pytest.mark.slow
def test_a_run_of_lights_with_odd_cards_ends_in_words(simulated, tmp_path: Path, key: list[str], value: list[str]) -> None:
    folder, _ = simulated("tiny_mono", n_frames=4, n_bias=0, n_dark=0, n_flat=0)
    session = tmp_path / "session"
    shutil.rmtree(tmp_path, ignore_errors=True)
    shutil.copytree(folder, session)
    for path in (session / "lights").iterdir():
        raw = path.read_bytes()
        end = raw.index(b"END     ")
        cards = b"".join(f"{k:8}= {v}"[:80].ljust(80).encode("latin-1", "replace") for k, v in zip(key, value, strict=True))
        header = raw[:end] + cards + b"END".ljust(80)
        path.write_bytes(header.ljust(-(-len(header) // 2880) * 2880) + raw[-(-end // 2880) * 2880:])
    result = run(session, CONFIG_NATIVE, runs_dir=tmp_path / "runs")
    assert result.error is None or "Internal" not in str(result.error), result.error
    assert result.status in ("ok", "validation_failed") or str(result.error)
