"""The command line of ASTAP: how it and its star databases are found, and how an image is solved.

Manual: https://www.hnsky.org/astap.htm#astap_command_line
"""

from __future__ import annotations

import math
import os
import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from astropy.io import fits

from orchestrator.catalogs.astap import AstapDatabase, find_databases
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.message import Message
from orchestrator.tools.probe import FoundTool, ToolProbe
from orchestrator.tools.process import Command, run_process
from orchestrator.tools.solving import SolveRequest

__all__ = ["MAX_STARS", "AstapOptions", "astap_databases", "choose_database", "data_folders", "find_astap", "solve_astap"]

# Variables that name a folder of star databases; the others are known from programs that call ASTAP.
DATA_VARIABLES = ("ASTAP_DATA_DIR", "ASTAP_STAR_DB", "ASTAP_DATABASE")
# Default of ASTAP's option -s.
MAX_STARS = 500
DEGREES_PER_HOUR = 15
# Cards of a solution, with its distortion.
_SOLUTION = re.compile(r"(A|B|AP|BP)_(ORDER|\d_\d)|(CTYPE|CRPIX|CRVAL)[12]|CD\d_\d")
# Numbers of a solution in the .ini; the rest of that file is text.
INI_WCS = ("CRPIX1", "CRPIX2", "CRVAL1", "CRVAL2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")


def _windows_folders(environ: Mapping[str, str]) -> list[Path]:
    return [Path(environ[v]) / "astap" for v in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA") if environ.get(v)]


def _usual_places(environ: Mapping[str, str]) -> list[Path]:
    if sys.platform == "win32":
        return _windows_folders(environ)
    if sys.platform == "darwin":
        return [Path("/Applications/ASTAP.app/Contents/MacOS"), Path("/usr/local/bin"), Path("/opt/homebrew/bin")]
    return [Path("/opt/astap"), Path("/usr/local/bin"), Path("/usr/bin"), Path.home() / ".local/bin"]


PROBE = ToolProbe(
    name="ASTAP",
    tool="astap",
    # The command line first. The program with a window takes -h too, but fails without a display.
    executables=("astap_cli", "astap-cli", "astap"),
    remedy="Install astap_cli, or correct its path (astrometry.astap).",
    # The first is ours; the others are known from programs that call ASTAP.
    variables=("ASTAP_CLI", "ASTAP_EXE", "ASTAP_BIN", "ASTAP_PATH"),
    places=_usual_places,
    version_option="-h",
    version_pattern=re.compile(r"ASTAP.*version\s+(?:CLI-)?(?P<version>\S+)"),
)


def find_astap(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> FoundTool:
    """The first ASTAP that answers: as configured, ASTAP_CLI (_EXE, _BIN, _PATH), PATH, the usual folders.

    Raises
    ------
    ToolMissing : there is none.
    """
    return PROBE.find(explicit, environ)


def data_folders(program: Path | None, explicit: Path | None = None, environ: Mapping[str, str] | None = None,
                 own: Path | None = None) -> list[Path]:
    """Existing folders that may hold star databases: the configured one alone, else those of the variables, beside the program,
    the usual ones, and ``own``, the one that this program writes."""
    environ = os.environ if environ is None else environ
    named = [Path(environ[v]) for v in DATA_VARIABLES if environ.get(v)]
    named = [p.parent if p.is_file() or (not p.is_dir() and p.parent != Path()) else p for p in named]
    usual = [Path("/usr/share/astap/data"), Path("/opt/astap"), Path("/usr/local/opt/astap"), Path("/usr/local/share/astap/data")]
    if sys.platform == "win32":
        usual = _windows_folders(environ)
    beside = [program.parent, program.resolve().parent] if program else []
    folders = [explicit] if explicit else [*named, *beside, *usual, *([own] if own else [])]
    return list(dict.fromkeys(f for f in folders if f.is_dir()))


def astap_databases(folders: list[Path]) -> list[AstapDatabase]:
    """The databases in these folders, the deepest of each folder first."""
    return [database for folder in folders for database in find_databases(folder)]


def choose_database(databases: list[AstapDatabase], height: float | None, name: str | None = None) -> AstapDatabase:
    """The database for a field of ``height`` degrees: the one called ``name``, else the first with large enough cells, else the
    first of those with the largest cells.

    Raises
    ------
    ToolMissing : there is none.
    """
    if name is not None:
        databases = [d for d in databases if d.name == name.lower()]
    if not databases:
        raise ToolMissing(Message("No ASTAP star database{name} was found.", name=f" {name}" if name else ""),
                          "Install one (https://www.hnsky.org/astap.htm#star_database), set its folder with "
                          "astrometry.astap_data, or write one with `orchestrate catalog write`.", tool="astap")  # fmt: skip
    fitting = [d for d in databases if height is None or height <= d.layout.widest_field]
    return fitting[0] if fitting else max(databases, key=lambda d: d.layout.widest_field)


@dataclass(frozen=True)
class AstapOptions:
    """Options of one search.

    Parameters
    ----------
    height : of the image in degrees; None lets ASTAP try several.
    downsample : factor of binning before detection; 0 lets ASTAP choose.
    thorough : more overlap of the search windows.
    max_stars : brightest stars of the image to use.
    """

    height: float | None = None
    downsample: int = 0
    thorough: bool = False
    max_stars: int = MAX_STARS


def solve_astap(astap: FoundTool, image: Path, database: AstapDatabase, request: SolveRequest,
                options: AstapOptions) -> fits.Header | None:
    """WCS cards of an image, None if ASTAP finds no match.

    The result is read from the .ini file: the exit status is 1 for any failure, and 0 when the program crashed.

    Parameters
    ----------
    image : 16-bit FITS without pedestal, in its own folder.

    Raises
    ------
    ToolError : ASTAP left no result (it crashed), or reports an error other than too few stars.
    """
    ini, wcs = image.with_suffix(".ini"), image.with_suffix(".wcs")
    for old in (ini, wcs):
        old.unlink(missing_ok=True)
    area, log = request.area, request.log
    command: list[str | Path] = [
        astap.path, "-f", image, "-d", database.folder, "-D", database.name, "-ra", f"{area.ra / DEGREES_PER_HOUR:.6f}",
        "-spd", f"{area.dec + 90:.6f}", "-r", f"{area.radius:g}", "-fov", f"{options.height or 0:.5f}",
        "-z", str(options.downsample), "-s", str(options.max_stars), "-o", image.with_suffix(""), "-wcs"]
    if request.sip:
        command.append("-sip")
    if options.thorough:
        command += ["-speed", "slow"]
    done = run_process(Command(command, image.parent), log=log, tool="astap", timeout=request.timeout, cancel=request.cancel)
    try:
        result = _read_ini(ini)
    except OSError:
        raise ToolError(Message("ASTAP left no result for {image} (exit status {returncode}).", image=image.name,
                                returncode=done.returncode), Message("See {log}.", log=log), tool="astap",
                        log=log, last_lines=done.last_lines, returncode=done.returncode) from None
    if result.get("PLTSOLVD", "F")[:1] != "T":
        reason = result.get("ERROR", "")
        if reason and "not enough stars" not in reason.lower():
            raise ToolError(Message("ASTAP: {value} ({folder}).", value=reason.rstrip("."),
                                    folder=database.folder / database.name), Message("See {log}.",
                                                                                                         log=log), tool="astap",
                            log=log, last_lines=done.last_lines)
        return None
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN", "DEC--TAN"
    try:
        numbers = {key: float(result[key]) for key in INI_WCS}
    except (KeyError, ValueError):
        numbers = {}
    if not numbers or not all(math.isfinite(n) for n in numbers.values()):
        raise ToolError(Message("The result of ASTAP for {image} is incomplete: {ini} lacks numbers.", image=image.name,
                                ini=ini.name), "Is the disk full?",
                        tool="astap", log=log, last_lines=done.last_lines)  # fmt: skip
    header.update(numbers)
    if request.sip:
        header.update(_sip_cards(wcs))
    return header


def _read_ini(path: Path) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in path.read_text("utf-8", "replace").splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _sip_cards(path: Path) -> dict[str, object]:
    """The cards of the solution in a .wcs file; the others there are copied from the image, with comments of any length."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = fits.Header.fromstring(path.read_bytes().decode("ascii", "replace"))
        return {k: header[k] for k in header if _SOLUTION.fullmatch(k)}
