"""No verb, option or function writes over a raw frame or into a folder of raw frames."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.io.raw_guard import RAW_FOLDER, raw_folder_of, refuse_raw
from orchestrator.session.folders import FOLDERS

# Option -> arguments; {} is the file, {run} any run directory, {session} the session, {stack} an image, {table} a star list.
FILES = {
    "run --save-transforms": ["run", "{session}", "--save-transforms", "{}"],
    "frames --save": ["frames", "{session}", "--save", "{}"],
    "frames --csv": ["frames", "{session}", "--csv", "{}"],
    "frames --blink": ["frames", "{session}", "--scored", "--blink", "{}"],
    "inspect -o": ["inspect", "{run}", "--at", "1,1", "-o", "{}"],
    "export --layers": ["export", "{run}", "--layers", "{}"],
    "export --astrobin": ["export", "{run}", "--astrobin", "{}"],
    "compare -o": ["compare", "{run}", "{run}", "-o", "{}"],
    "solve -o": ["solve", "{stack}", "-o", "{}"],
    "remove-background -o": ["remove-background", "{stack}", "--force", "-o", "{}"],
    "calibrate-color -o": ["calibrate-color", "{stack}", "--force", "-o", "{}"],
    "config init": ["config", "init", "{}"],
}
# Options that name a folder.
FOLDER_OPTIONS = {
    "run --runs-dir": ["run", "{session}", "--runs-dir", "{}"],
    "run --processed-dir": ["run", "{session}", "--layout", "dwarf", "--processed-dir", "{}"],
    "watch --runs-dir": ["watch", "{session}", "--runs-dir", "{}", "--idle", "0"],
    "script -o": ["script", "{session}", "-o", "{}"],
    "catalog write --folder": ["catalog", "write", "{table}", "--to", "astap", "--folder", "{}"],
    "project new": ["project", "new", "{}", "--nights", "1"],
    "simulate": ["simulate", "{}", "--preset", "tiny_mono"],
    "insiril install --folder": ["insiril", "install", "--folder", "{}"],
}


class Case:
    """A session with three lights and three darks, another one, and files outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        rng = np.random.default_rng(1)
        for name in ("S", "T"):
            for role in ("LIGHTS", "darks"):
                (folder / name / role).mkdir(parents=True)
                for k in (1, 2, 3):
                    header = fits.Header({"IMAGETYP": role[:-1].title(), "EXPTIME": 10.0})
                    fits.writeto(folder / name / role / f"f{k}.fit", rng.integers(900, 1100, (40, 50)).astype(np.uint16), header)
        self.session = folder / "S"
        self.light = folder / "T" / "LIGHTS" / "f1.fit"
        self.stack = folder / "stack.fits"
        fits.writeto(self.stack, rng.normal(0.1, 0.01, (3, 64, 64)).astype(np.float32))
        fits.writeto(foreign := folder / "foreign.fits", np.zeros((4, 4)))
        self.foreign = foreign
        self.table = folder / "stars.csv"
        self.table.write_text("ra,dec,mag\n" + "".join(f"{i},{i},{8 + i / 9}\n" for i in range(40)))

    def contents(self) -> dict[str, bytes]:
        return {str(p): p.read_bytes() for name in ("S", "T") for p in sorted((self.folder / name).rglob("*")) if p.is_file()}

    def refuses(self, arguments: list[str], target: Path) -> None:
        """The verb ends with an error that names the target; the sessions are unchanged."""
        before = self.contents()
        folders = sorted((self.folder / "T").rglob("*"))
        words = {"session": self.session, "run": self.folder / "run", "stack": self.stack, "table": self.table}
        with pytest.raises(OrchestrateError) as caught:
            cli.main([a.format(target, **words) for a in arguments], standalone_mode=False)
        assert str(target) in caught.value.message or str(target.resolve()) in caught.value.message
        assert self.contents() == before and sorted((self.folder / "T").rglob("*")) == folders


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.chdir(tmp_path)
    return Case(tmp_path)


def _symlink(case: Case) -> Path:
    (link := case.folder / "out.fits").symlink_to(case.light)
    return link


def _hard_link(case: Case) -> Path:
    os.link(case.light, link := case.folder / "out.fits")
    return link


def _new_file(case: Case) -> Path:
    return case.light.with_name("new.html")


def _linked_folder(case: Case) -> Path:
    (link := case.folder / "elsewhere").symlink_to(case.light.parent)
    return link / "new.json"


def _dangling(case: Case) -> Path:
    (link := case.folder / "out.html").symlink_to(case.light.with_name("new.html"))
    return link


PLACES: dict[str, Callable[[Case], Path]] = {
    "light": lambda case: case.light, "symlink": _symlink, "hard link": _hard_link, "new file": _new_file,
    "linked folder": _linked_folder, "link to a new file": _dangling, "folder": lambda case: case.light.parent,
    "foreign image": lambda case: case.foreign,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("option", FILES)
def test_a_file_is_not_written_over_or_among_frames(case: Case, option: str, place: str) -> None:
    target = PLACES[place](case)
    if option == "frames --blink":
        target = target if place != "new file" else target.with_suffix(".gif")
    case.refuses(FILES[option], target)


@pytest.mark.parametrize("place", ["folder", "below", "link"])
@pytest.mark.parametrize("option", FOLDER_OPTIONS)
def test_no_folder_of_results_is_made_among_frames(case: Case, option: str, place: str) -> None:
    raw = case.light.parent
    (link := case.folder / "link").symlink_to(raw)
    case.refuses(FOLDER_OPTIONS[option], {"folder": raw, "below": raw / "results", "link": link / "results"}[place])


@pytest.mark.parametrize("option", ["run --save-transforms", "frames --csv", "run --processed-dir"])
def test_a_session_of_one_folder_is_not_written_to(case: Case, option: str) -> None:
    flat = case.folder / "M31"
    case.session.joinpath("LIGHTS").rename(flat)
    target = flat / "new"
    case.session = flat
    case.refuses((FILES | FOLDER_OPTIONS)[option], target)


def test_solving_does_not_change_a_raw_frame(case: Case) -> None:
    case.refuses(["solve", "{}"], case.light)


def test_every_role_folder_is_known() -> None:
    for names in FOLDERS.values():
        for name in names:
            assert RAW_FOLDER.fullmatch(name.replace("_", "").replace(" ", ""))


@pytest.mark.parametrize("name", ["f.fit.gz", "f.xisf", "f.ser", "f.nef", "f.fits.xz"])
def test_frames_of_other_formats_are_kept(tmp_path: Path, name: str) -> None:
    starts = {".gz": b"\x1f\x8b\x08", ".xisf": b"XISF0100", ".ser": b"LUCAM-RECORDER", ".nef": b"MM\x00*", ".xz": b"\xfd7zXZ"}
    path = tmp_path / name
    path.write_bytes(starts[path.suffix] + b"content")
    with pytest.raises(ConfigError), whole_file(path) as stream:
        stream.write(b"x")
    assert path.read_bytes().endswith(b"content")


def test_a_link_named_like_the_part_file_is_not_followed(tmp_path: Path) -> None:
    (victim := tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "out.json.part").symlink_to(victim)
    with whole_file(tmp_path / "out.json") as stream:
        stream.write(b"{}")
    assert victim.read_text() == "mine" and (tmp_path / "out.json").read_bytes() == b"{}"


def test_own_products_and_other_places_are_written(case: Case) -> None:
    for name in ("out.fits", "out.fits"):  # the second replaces a file of this program
        fits_io.write(case.folder / name, np.zeros((4, 4), np.float32), fits.Header({"PROGRAM": "orchestrate"}))
    (case.folder / "page.html").write_text("old")
    refuse_raw(case.folder / "page.html")
    run = case.folder / "runs" / "r"
    for part in ("checkpoints", "work/lights", "outputs"):
        (run / part).mkdir(parents=True)
    (run / ".lock").touch()
    for name in ("work/lights/pp_1.fit", "outputs/stacked.fits"):
        fits.writeto(run / name, np.zeros((4, 4)))
        refuse_raw(run / name)
    name = "DWARF_RAW_TELE_M 33_EXP_30_GAIN_60_2025"
    for parent, raw in (("processedData", False), ("rawData", True)):
        (folder := case.folder / parent / name / "stacked").mkdir(parents=True)
        fits.writeto(folder.parent / "f.fits", np.zeros((4, 4)))
        assert (raw_folder_of(folder) is not None) == raw
    refuse_raw(case.session / "notes.txt")
    archive = case.folder / "Lights" / "M31" / "runs"  # an archive of that name above a folder without frames
    archive.mkdir(parents=True)
    assert raw_folder_of(archive) is None
