"""ASTAP's command line: how it and its star databases are found, and how an image is solved.

Manual: https://www.hnsky.org/astap.htm#astap_command_line
"""

from __future__ import annotations

import math
import os
import re
import shutil
import sys
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from astropy.io import fits

from orchestrator.catalogs.astap import AstapDatabase, find_databases
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.tools.process import run_process

__all__ = ["AstapProbe", "astap_databases", "choose_database", "data_folders", "find_astap", "solve_astap"]

NAMES = ("astap_cli", "astap-cli", "astap")
# The command line first; the others are known from programs that call ASTAP.
EXE_VARIABLES = ("ASTAP_CLI", "ASTAP_EXE", "ASTAP_BIN", "ASTAP_PATH")
DATA_VARIABLES = ("ASTAP_DATA_DIR", "ASTAP_STAR_DB", "ASTAP_DATABASE")
_SOLUTION = re.compile(r"(A|B|AP|BP)_(ORDER|\d_\d)|(CTYPE|CRPIX|CRVAL)[12]|CD\d_\d")
# Numbers of a solution in the .ini; the rest of that file is text.
INI_WCS = ("CRPIX1", "CRPIX2", "CRVAL1", "CRVAL2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")
PROBE_TIMEOUT = 30.0
_VERSION = re.compile(r"ASTAP.*version\s+(?:CLI-)?(\S+)")


@dataclass(frozen=True)
class AstapProbe:
    """``path`` of the program, ``version`` such as (2025, 9, 29), ``text`` as it names itself."""

    path: Path
    version: tuple[int, ...]
    text: str


def find_astap(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> AstapProbe:
    """The first ASTAP that answers: as configured, ASTAP_CLI (_EXE, _BIN, _PATH), PATH, the usual folders.

    Raises
    ------
    ToolMissing : there is none.
    """
    environ = os.environ if environ is None else environ
    chosen = explicit or next((Path(environ[v]) for v in EXE_VARIABLES if environ.get(v)), None)
    if chosen is not None and chosen.is_dir():
        chosen = next((p for p in _programs_in(chosen) if p.is_file()), chosen)
    for path in (chosen,) if chosen else _candidates(environ):
        lines: list[str] = []
        # The window's program takes -h for help too; without a display it fails, and the next is tried.
        done = run_process([path, "-h"], tool="astap", timeout=PROBE_TIMEOUT, on_line=lines.append)
        match = next((m for line in lines if (m := _VERSION.search(line))), None)
        if match is not None:
            version = tuple(int(part) for part in re.findall(r"\d+", match[1]))
            return AstapProbe(path, version, match[0])
        if chosen:
            raise ToolMissing(f"{path} does not answer as ASTAP (exit status {done.returncode}).", "Correct its path.",
                              tool="astap", last_lines=done.last_lines)  # fmt: skip
    raise ToolMissing("ASTAP was not found (ASTAP_CLI, PATH, usual folders).", "Install astap_cli.", tool="astap")


def _candidates(environ: Mapping[str, str]) -> tuple[Path, ...]:
    found = [shutil.which(name, path=environ.get("PATH", "")) for name in NAMES]
    usual: dict[str, tuple[str, ...]] = {
        "win32": tuple(f"{environ[v]}/astap" for v in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA") if environ.get(v)),
        "darwin": ("/Applications/ASTAP.app/Contents/MacOS", "/usr/local/bin", "/opt/homebrew/bin")}
    folders = usual.get(sys.platform, ("/opt/astap", "/usr/local/bin", "/usr/bin", str(Path.home() / ".local/bin")))
    paths = [Path(p) for p in found if p] + [p for f in folders for p in _programs_in(Path(f))]
    return tuple(dict.fromkeys(path for path in paths if path.is_file()))


def _programs_in(folder: Path) -> list[Path]:
    return [folder / (name + (".exe" if sys.platform == "win32" else "")) for name in NAMES]


def data_folders(program: Path | None, explicit: Path | None = None, environ: Mapping[str, str] | None = None,
                 own: Path | None = None) -> list[Path]:
    """Folders that may hold star databases: as configured, variables, beside the program, the usual ones, our own."""
    environ = os.environ if environ is None else environ
    named = [Path(environ[v]) for v in DATA_VARIABLES if environ.get(v)]
    named = [p.parent if p.is_file() or (not p.is_dir() and p.parent != Path()) else p for p in named]
    usual = ["/usr/share/astap/data", "/opt/astap", "/usr/local/opt/astap", "/usr/local/share/astap/data"]
    if sys.platform == "win32":
        usual = [f"{environ[v]}/astap" for v in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA") if environ.get(v)]
    beside = [program.parent, program.resolve().parent] if program else []
    folders = [explicit] if explicit else [*named, *beside, *map(Path, usual), *([own] if own else [])]
    return list(dict.fromkeys(f for f in folders if f.is_dir()))


def astap_databases(folders: list[Path]) -> list[AstapDatabase]:
    """The databases in these folders; in each the deepest first."""
    return [database for folder in folders for database in find_databases(folder)]


def choose_database(databases: list[AstapDatabase], height: float | None, name: str | None = None) -> AstapDatabase:
    """The database for a field of ``height`` degrees: the one named, else the first whose cells are large enough.

    Raises
    ------
    ToolMissing : there is none.
    """
    if name is not None:
        databases = [d for d in databases if d.name == name.lower()]
    if not databases:
        raise ToolMissing(f"No ASTAP star database{f' {name}' if name else ''} was found.",
                          "Install one (https://www.hnsky.org/astap.htm#star_database), name its folder with "
                          "astrometry.astap_data, or write one with `orchestrate catalog write`.", tool="astap")  # fmt: skip
    fitting = [d for d in databases if height is None or height <= d.layout.widest_field]
    return (fitting or databases)[0]


def solve_astap(probe: AstapProbe, image: Path, database: AstapDatabase, *, log: Path, ra: float, dec: float, radius: float,
                height: float | None = None, downsample: int = 0, sip: bool = False, thorough: bool = False, max_stars: int = 500,
                timeout: float | None = None, cancel: threading.Event | None = None) -> fits.Header | None:
    """WCS cards of an image (16-bit FITS without pedestal, in a folder of its own), None when ASTAP finds no match.

    The verdict is read from the .ini: the exit status is 1 for any failure, and 0 when the program crashed.

    Parameters
    ----------
    ra, dec, radius : where to search, degrees. height : of the image, degrees; None lets ASTAP try.
    thorough : more overlap of the search windows. max_stars : brightest stars of the image to use.

    Raises
    ------
    ToolError : ASTAP left no verdict (it crashed), or names an error of its own.
    """
    ini, wcs = image.with_suffix(".ini"), image.with_suffix(".wcs")
    for old in (ini, wcs):
        old.unlink(missing_ok=True)
    command: list[str | Path] = [
        probe.path, "-f", image, "-d", database.folder, "-D", database.name, "-ra", f"{ra / 15:.6f}", "-spd", f"{dec + 90:.6f}",
        "-r", f"{radius:g}", "-fov", f"{height or 0:.5f}", "-z", str(downsample), "-s", str(max_stars),
        "-o", image.with_suffix(""), "-wcs"]
    if sip:
        command.append("-sip")
    if thorough:
        command += ["-speed", "slow"]
    done = run_process(command, log=log, tool="astap", cwd=image.parent, timeout=timeout, cancel=cancel)
    try:
        verdict = _read_ini(ini)
    except OSError:
        raise ToolError(f"ASTAP left no verdict on {image.name} (exit status {done.returncode}).", f"See {log}.", tool="astap",
                        log=log, last_lines=done.last_lines, returncode=done.returncode) from None
    if verdict.get("PLTSOLVD", "F")[:1] != "T":
        reason = verdict.get("ERROR", "")
        if reason and "not enough stars" not in reason.lower():
            raise ToolError(f"ASTAP: {reason.rstrip('.')} ({database.folder / database.name}).", f"See {log}.", tool="astap",
                            log=log, last_lines=done.last_lines)
        return None
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN", "DEC--TAN"
    try:
        numbers = {key: float(verdict[key]) for key in INI_WCS}
    except (KeyError, ValueError):
        numbers = {}
    if not numbers or not all(math.isfinite(n) for n in numbers.values()):
        raise ToolError(f"ASTAP's verdict on {image.name} is not whole: {ini.name} lacks numbers.", "Is the disk full?",
                        tool="astap", log=log, last_lines=done.last_lines)  # fmt: skip
    header.update(numbers)
    if sip:
        header.update(_sip_cards(wcs))
    return header


def _read_ini(path: Path) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in path.read_text("utf-8", "replace").splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _sip_cards(path: Path) -> dict[str, object]:
    """The distortion in a .wcs; the other cards there are a copy of the image's, with comments of any length."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = fits.Header.fromstring(path.read_bytes().decode("ascii", "replace"))
        return {k: header[k] for k in header if _SOLUTION.fullmatch(k)}
