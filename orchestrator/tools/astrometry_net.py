"""astrometry.net: how solve-field and its index files are found, how a star list is solved, how an index is built.

Manual: https://astrometry.net/doc/readme.html
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.table import Table
from numpy.typing import NDArray

from orchestrator.catalogs.stars import StarTable
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.tools.process import run_process

__all__ = ["SolveFieldProbe", "build_index", "find_index_builder", "find_solve_field", "index_files", "index_folders",
           "solve_field", "without_linear_sip"]

PROBE_TIMEOUT = 60.0
BUILDERS = ("build-astrometry-index", "build-index")
CONFIGURATIONS = ("/etc/astrometry.cfg", "/usr/local/astrometry/etc/astrometry.cfg", "/opt/homebrew/etc/astrometry.cfg")
USUAL_FOLDERS = ("/usr/share/astrometry", "/usr/local/astrometry/data", "/usr/local/share/astrometry",
                 "/opt/homebrew/share/astrometry")
_VERSION = re.compile(r"^(\d+(?:\.\d+)+)")


@dataclass(frozen=True)
class SolveFieldProbe:
    """``path`` of solve-field, ``version`` such as (0, 98), ``text`` as it names itself."""

    path: Path
    version: tuple[int, ...]
    text: str


def find_solve_field(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> SolveFieldProbe:
    """solve-field as configured, or on PATH.

    Raises
    ------
    ToolMissing : there is none, or it does not tell its version.
    """
    environ = os.environ if environ is None else environ
    found = explicit or shutil.which("solve-field", path=environ.get("PATH", ""))
    if found is None:
        raise ToolMissing("solve-field was not found on PATH.", "Install astrometry.net.", tool="solve-field")
    lines: list[str] = []
    done = run_process([found, "--version"], tool="solve-field", timeout=PROBE_TIMEOUT, on_line=lines.append)
    match = next((m for line in lines if (m := _VERSION.match(line))), None)
    if match is None:
        raise ToolMissing(f"{found} does not tell its version (exit status {done.returncode}).", "Install it again.",
                          tool="solve-field", last_lines=done.last_lines)  # fmt: skip
    version = tuple(int(part) for part in match[1].split("."))
    return SolveFieldProbe(Path(found), version, f"solve-field {match[1]}")


def index_folders(explicit: Path | None = None, own: Path | None = None) -> list[Path]:
    """Folders with index files: as configured, those of astrometry.cfg, the usual ones, our own."""
    named = []
    for configuration in map(Path, CONFIGURATIONS):
        if configuration.is_file():
            named += re.findall(r"^\s*add_path\s+(\S+)", configuration.read_text("utf-8", "replace"), re.MULTILINE)
    folders = [explicit] if explicit else [*map(Path, named), *map(Path, USUAL_FOLDERS), *([own] if own else [])]
    return list(dict.fromkeys(f for f in folders if index_files(f)))


def index_files(folder: Path) -> list[Path]:
    """The index files in a folder, by name."""
    return sorted(folder.glob("index*.fits")) if folder.is_dir() else []


def solve_field(probe: SolveFieldProbe, folder: Path, x: NDArray[np.float64], y: NDArray[np.float64], flux: NDArray[np.float64],
                shape: tuple[int, int], indexes: Sequence[Path], *, log: Path, ra: float | None = None, dec: float | None = None,
                radius: float = 180.0, scale: tuple[float, float] = (0.1, 180.0), sip_order: int = 0,
                timeout: float | None = None, cancel: threading.Event | None = None) -> tuple[fits.Header, Table] | None:
    """WCS cards from a list of stars, and the stars matched; None when there is no match.

    Parameters
    ----------
    folder : scratch, for this attempt alone. x, y : 0-based pixels, (n,). shape : (rows, columns) of the image.
    indexes : folders with index files. scale : least and largest, arcsec a pixel. sip_order : 0 for no distortion.

    Returns
    -------
    header; table with ``field_x``, ``field_y`` (1-based), ``index_ra``, ``index_dec`` and more.

    Raises
    ------
    ToolError : solve-field failed otherwise.
    """
    for old in folder.glob("field.*"):
        old.unlink()
    # FITS counts pixels from 1. Saying where the stars are saves astrometry.net's own detection and its Python scripts.
    Table({"X": x + 1.0, "Y": y + 1.0, "FLUX": flux}).write(folder / "field.xyls", format="fits")
    lines = [f"add_path {i}" for i in indexes]
    (folder / "astrometry.cfg").write_text("\n".join([*lines, "autoindex", ""]), "utf-8")
    command: list[str | Path] = [
        probe.path, folder / "field.xyls", "--config", folder / "astrometry.cfg", "--dir", folder, "--out", "field",
        "--overwrite", "--no-plots", "--width", str(shape[1]), "--height", str(shape[0]), "--x-column", "X", "--y-column", "Y",
        "--sort-column", "FLUX", "--no-remove-lines", "--uniformize", "0", "--crpix-center",
        "--scale-units", "arcsecperpix", "--scale-low", f"{scale[0]:.4f}", "--scale-high", f"{scale[1]:.4f}",
        "--new-fits", "none", "--index-xyls", "none", "--rdls", "none", "--match", "none", "--temp-dir", folder]
    if timeout is not None:
        command += ["--cpulimit", str(max(1, int(timeout)))]
    command += ["--tweak-order", str(max(sip_order, 1))]
    if ra is not None and dec is not None and radius < 180:
        command += ["--ra", f"{ra:.6f}", "--dec", f"{dec:.6f}", "--radius", f"{radius:g}"]
    done = run_process(command, log=log, tool="solve-field", cwd=folder, timeout=timeout, cancel=cancel)
    solution = folder / "field.wcs"
    if not (folder / "field.solved").is_file() or not solution.is_file():
        if done.returncode:
            raise ToolError(f"solve-field failed (exit status {done.returncode}).", f"See {log}.", tool="solve-field", log=log,
                            last_lines=done.last_lines, returncode=done.returncode)
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header, matched = fits.getheader(solution), Table.read(folder / "field.corr", format="fits")
    except Exception as error:  # astropy raises many kinds for files that are not whole
        raise ToolError(f"solve-field left no whole solution: {error}.", "Is the disk full?", tool="solve-field", log=log,
                        last_lines=done.last_lines) from error
    return (header if sip_order > 1 else without_linear_sip(header)), matched


def without_linear_sip(header: fits.Header) -> fits.Header:
    """The same linear WCS with its tuning, written as a SIP polynomial of order 1, folded into CD and CRPIX."""
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


def find_index_builder(environ: Mapping[str, str] | None = None) -> Path:
    """The program that builds index files.

    Raises
    ------
    ToolMissing : there is none on PATH.
    """
    environ = os.environ if environ is None else environ
    found = next((p for n in BUILDERS if (p := shutil.which(n, path=environ.get("PATH", "")))), None)
    if found is None:
        raise ToolMissing(f"{BUILDERS[0]} was not found on PATH.", "Install astrometry.net.", tool=BUILDERS[0])
    return Path(found)


def build_index(stars: StarTable, target: Path, preset: int, *, log: Path, timeout: float | None = None,
                cancel: threading.Event | None = None) -> None:
    """Build an index of quads from stars; minutes for the whole sky.

    Parameters
    ----------
    preset : size of the quads, 2 * sqrt(2)**preset arcmin; a field is solved by quads of a tenth of its size and more.

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
                                     "-I", str(9000 + preset)]
        done = run_process(command, log=log, tool=builder.name, timeout=timeout, cancel=cancel)
        if done.returncode or not part.is_file():
            raise ToolError(f"{builder.name} made no index (exit status {done.returncode}).", f"See {log}.", tool=builder.name,
                            log=log, last_lines=done.last_lines, returncode=done.returncode)
        part.replace(target)
    finally:
        for scratch in (table, part):
            scratch.unlink(missing_ok=True)
