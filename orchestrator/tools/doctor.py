"""Which packages and programs are installed, which are missing, and how to get them: ``orchestrate doctor``."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

from orchestrator.errors import ToolError
from orchestrator.tools.astap import find_astap
from orchestrator.tools.astrometry_net import find_solve_field
from orchestrator.tools.graxpert import find_graxpert
from orchestrator.tools.probe import FoundTool
from orchestrator.tools.siril.cli import find_siril
from orchestrator.version import install_command

__all__ = ["ToolReport", "report"]

# Required packages: (name in the report, module, distribution).
PACKAGES = (
    ("numpy", "numpy", "numpy"), ("scipy", "scipy", "scipy"), ("numba", "numba", "numba"),
    ("OpenCV", "cv2", "opencv-python-headless"), ("sep", "sep", "sep"), ("astropy", "astropy", "astropy"),
    ("photutils", "photutils", "photutils"), ("pydantic", "pydantic", "pydantic"),
)  # fmt: skip
# Optional packages that solve fields without another program.
SOLVERS = (("faster-astap", "faster_astap", "faster-astap"), ("astrometry", "astrometry", "astrometry"))
OTHER_SOLVERS = "other solvers can be used"
OLDEST_PYTHON = (3, 11)
# Bytes of free memory below which the report warns.
LEAST_MEMORY = 2 << 30


@dataclass(frozen=True)
class ToolReport:
    """One item of the report. ``needed``: whether the program cannot work without it."""

    name: str
    path: Path | None
    version: str
    ok: bool
    message: str
    remedy: str = ""
    needed: bool = False


def report(siril: Path | None = None, astap: Path | None = None) -> list[ToolReport]:
    """Everything that the program uses: Python and its packages, external programs, memory, cores. Never raises.

    Parameters
    ----------
    siril, astap : configured paths; None searches for the programs.
    """
    programs = [
        _program("Siril", "the native engine replaces it", lambda: find_siril(siril)),
        _program("ASTAP", OTHER_SOLVERS, lambda: find_astap(astap)),
        _program("GraXpert", "native methods extract backgrounds", find_graxpert),
        _program("astrometry.net", OTHER_SOLVERS, find_solve_field),
    ]
    solvers = [_solver(*names) for names in SOLVERS]
    return [_python(), *(_package(*names) for names in PACKAGES), *programs, *solvers, _memory(), _cores()]


def _python() -> ToolReport:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return ToolReport("Python", Path(sys.executable), version, sys.version_info >= OLDEST_PYTHON, "", "", True)


def _package(name: str, module: str, distribution: str) -> ToolReport:
    try:
        found = importlib.import_module(module)
    except Exception as error:  # a broken binary package raises anything
        return ToolReport(name, None, "", False, f"cannot be imported: {error}", install_command(distribution), True)
    try:
        version = metadata.version(distribution)
    except metadata.PackageNotFoundError:
        version = str(getattr(found, "__version__", ""))
    return ToolReport(name, Path(str(found.__file__)).parent, version, True, "", "", True)


def _solver(name: str, module: str, distribution: str) -> ToolReport:
    """Located, not imported: a broken solver must not end the report."""
    spec = importlib.util.find_spec(module)
    if spec is None:
        return ToolReport(name, None, "", False, f"is not installed. Not needed: {OTHER_SOLVERS}.", install_command(distribution))
    return ToolReport(name, Path(str(spec.origin)).parent, metadata.version(distribution), True, "")


def _program(name: str, without: str, find: Callable[[], FoundTool]) -> ToolReport:
    """An external program; ``without`` states why the project works without it."""
    try:
        found = find()
    except ToolError as error:
        return ToolReport(name, None, "", False, f"{error.message} Not needed: {without}.", error.remedy)
    return ToolReport(name, found.path, ".".join(str(part) for part in found.version), True, found.text)


def _memory() -> ToolReport:
    memory = psutil.virtual_memory()
    text = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"
    enough = memory.available >= LEAST_MEMORY
    remedy = "" if enough else "Close other programs, or lower runtime.memory_budget."
    return ToolReport("Memory", None, "", enough, text, remedy, True)


def _cores() -> ToolReport:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ToolReport("Cores", None, "", True, f"{usable} usable of {os.cpu_count()}", "", True)
