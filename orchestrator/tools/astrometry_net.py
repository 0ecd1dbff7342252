"""astrometry.net: how its programs and index files are found, how a star list is solved, how an index is built.

Manual: https://astrometry.net/doc/readme.html
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.table import Table

from orchestrator.catalogs.stars import StarTable
from orchestrator.errors import ToolError
from orchestrator.message import Message
from orchestrator.tools.probe import FoundTool, ToolProbe
from orchestrator.tools.process import Command, run_process
from orchestrator.tools.solving import SIP_ORDER, SolveRequest, StarList

__all__ = ["build_index", "find_index_builder", "find_solve_field", "index_files", "index_folders", "solve_field",
           "without_linear_sip"]

CONFIGURATIONS = ("/etc/astrometry.cfg", "/usr/local/astrometry/etc/astrometry.cfg", "/opt/homebrew/etc/astrometry.cfg")
USUAL_FOLDERS = ("/usr/share/astrometry", "/usr/local/astrometry/data", "/usr/local/share/astrometry",
                 "/opt/homebrew/share/astrometry")
# Numbers of the indexes that are built here: this plus the preset. astrometry.net's own series are below.
FIRST_INDEX = 9000

PROBE = ToolProbe(
    name="solve-field",
    tool="solve-field",
    executables=("solve-field",),
    remedy="Install astrometry.net, or correct the path of solve-field (astrometry.solve_field).",
    version_option="--version",
    version_pattern=re.compile(r"^(?P<version>\d+(?:\.\d+)+)"),
    text_prefix="solve-field ",
)
BUILDER_PROBE = ToolProbe(
    name="build-astrometry-index",
    tool="build-astrometry-index",
    executables=("build-astrometry-index", "build-index"),
    remedy="Install astrometry.net.",
)


def find_solve_field(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> FoundTool:
    """solve-field as configured, or on PATH.

    Raises
    ------
    ToolMissing : there is none, or it does not print its version.
    """
    return PROBE.find(explicit, environ)


def find_index_builder(environ: Mapping[str, str] | None = None) -> Path:
    """The program that builds index files.

    Raises
    ------
    ToolMissing : there is none on PATH.
    """
    return BUILDER_PROBE.find(environ=environ).path


def index_folders(explicit: Path | None = None, own: Path | None = None) -> list[Path]:
    """Folders with index files: the configured one alone, else those of astrometry.cfg, the usual ones, and ``own``, the one that
    this program writes."""
    named = []
    for configuration in map(Path, CONFIGURATIONS):
        if configuration.is_file():
            named += re.findall(r"^\s*add_path\s+(\S+)", configuration.read_text("utf-8", "replace"), re.MULTILINE)
    folders = [explicit] if explicit else [*map(Path, named), *map(Path, USUAL_FOLDERS), *([own] if own else [])]
    return list(dict.fromkeys(f for f in folders if index_files(f)))


def index_files(folder: Path) -> list[Path]:
    """The index files in a folder, sorted by name."""
    return sorted(folder.glob("index*.fits")) if folder.is_dir() else []


def solve_field(program: FoundTool, stars: StarList, folder: Path, indexes: Sequence[Path],
                request: SolveRequest) -> tuple[fits.Header, Table] | None:
    """WCS cards from a list of stars, and the matched stars; None if there is no match.

    Parameters
    ----------
    folder : scratch, for this search alone.
    indexes : folders with index files.

    Returns
    -------
    header; table with ``field_x``, ``field_y`` (1-based), ``index_ra``, ``index_dec`` and more.

    Raises
    ------
    ToolError : solve-field failed for another reason.
    """
    for old in folder.glob("field.*"):
        old.unlink()
    # FITS counts pixels from 1. A star list replaces the detection of astrometry.net and its Python scripts.
    Table({"X": stars.x + 1.0, "Y": stars.y + 1.0, "FLUX": stars.flux}).write(folder / "field.xyls", format="fits")
    lines = [f"add_path {i}" for i in indexes]
    (folder / "astrometry.cfg").write_text("\n".join([*lines, "autoindex", ""]), "utf-8")
    area, log = request.area, request.log
    (rows, columns), (low, high) = stars.shape, area.scale_range
    command: list[str | Path] = [
        program.path, folder / "field.xyls", "--config", folder / "astrometry.cfg", "--dir", folder, "--out", "field",
        "--overwrite", "--no-plots", "--width", str(columns), "--height", str(rows), "--x-column", "X", "--y-column", "Y",
        "--sort-column", "FLUX", "--no-remove-lines", "--uniformize", "0", "--crpix-center",
        "--scale-units", "arcsecperpix", "--scale-low", f"{low:.4f}", "--scale-high", f"{high:.4f}",
        "--new-fits", "none", "--index-xyls", "none", "--rdls", "none", "--match", "none", "--temp-dir", folder]
    if request.timeout is not None:
        command += ["--cpulimit", str(max(1, int(request.timeout)))]
    command += ["--tweak-order", str(SIP_ORDER if request.sip else 1)]
    if not area.blind:
        command += ["--ra", f"{area.ra:.6f}", "--dec", f"{area.dec:.6f}", "--radius", f"{area.radius:g}"]
    done = run_process(Command(command, folder), log=log, tool="solve-field", timeout=request.timeout, cancel=request.cancel)
    solution = folder / "field.wcs"
    if not (folder / "field.solved").is_file() or not solution.is_file():
        if done.returncode:
            raise ToolError(Message("solve-field failed (exit status {returncode}).",
                                    returncode=done.returncode), Message("See {log}.", log=log), tool="solve-field", log=log,
                            last_lines=done.last_lines, returncode=done.returncode)
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header, matched = fits.getheader(solution), Table.read(folder / "field.corr", format="fits")
    except Exception as error:  # astropy raises many kinds for incomplete files
        raise ToolError(Message("solve-field left an incomplete solution: {error}.",
                                error=error), "Is the disk full?", tool="solve-field", log=log,
                        last_lines=done.last_lines) from error
    return (header if request.sip else without_linear_sip(header)), matched


def without_linear_sip(header: fits.Header) -> fits.Header:
    """The same linear WCS with its SIP polynomial of order 1, which astrometry.net uses for tuning, folded into CD and CRPIX."""
    if header.get("A_ORDER", 0) > 1 or "A_ORDER" not in header:
        return header
    m = np.eye(2) + [[header.get(f"{p}_{k}", 0.0) for k in ("1_0", "0_1")] for p in "AB"]
    cd = np.array([[header["CD1_1"], header["CD1_2"]], [header["CD2_1"], header["CD2_2"]]]) @ m
    shift = -np.linalg.solve(m, [header.get("A_0_0", 0.0), header.get("B_0_0", 0.0)])
    out = fits.Header([("CTYPE1", "RA---TAN"), ("CTYPE2", "DEC--TAN")])
    for i in (1, 2):
        out[f"CRVAL{i}"], out[f"CRPIX{i}"] = header[f"CRVAL{i}"], header[f"CRPIX{i}"] + shift[i - 1]
        for j in (1, 2):
            out[f"CD{i}_{j}"] = cd[i - 1, j - 1]
    return out


def build_index(stars: StarTable, target: Path, preset: int, *, log: Path, timeout: float | None = None,
                cancel: threading.Event | None = None) -> None:
    """Build an index of quads from stars; this takes minutes for the whole sky.

    Parameters
    ----------
    preset : size of the quads, 2 * sqrt(2)**preset arcmin; a field needs quads of at least a tenth of its size.

    Raises
    ------
    ToolError : the program failed.
    """
    builder = find_index_builder()
    target.parent.mkdir(parents=True, exist_ok=True)
    table, part = target.with_suffix(".stars"), target.with_suffix(".part")
    Table({"RA": stars.ra, "DEC": stars.dec, "MAG": stars.mag}).write(table, format="fits", overwrite=True)
    try:
        command: list[str | Path] = [builder, "-i", table, "-o", part, "-P", str(preset), "-S", "MAG", "-E", "-M",
                                     "-I", str(FIRST_INDEX + preset)]
        done = run_process(command, log=log, tool=builder.name, timeout=timeout, cancel=cancel)
        if done.returncode or not part.is_file():
            raise ToolError(Message("{builder} made no index (exit status {returncode}).", builder=builder.name,
                                    returncode=done.returncode), Message("See {log}.", log=log), tool=builder.name,
                            log=log, last_lines=done.last_lines, returncode=done.returncode)
        part.replace(target)
    finally:
        for scratch in (table, part):
            scratch.unlink(missing_ok=True)
