"""What is installed and what is missing, with the way out: ``orchestrate doctor``."""

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
from orchestrator.tools.siril.cli import find_siril

__all__ = ["ToolReport", "report"]

# (name for people, module, distribution)
PACKAGES = (
    ("numpy", "numpy", "numpy"), ("scipy", "scipy", "scipy"), ("numba", "numba", "numba"),
    ("OpenCV", "cv2", "opencv-python-headless"), ("sep", "sep", "sep"), ("astropy", "astropy", "astropy"),
    ("photutils", "photutils", "photutils"), ("pydantic", "pydantic", "pydantic"),
)  # fmt: skip
# Not needed: they solve fields without another program.
SOLVERS = (("faster-astap", "faster_astap", "faster-astap"), ("astrometry", "astrometry", "astrometry"))
LEAST_MEMORY = 2 << 30


@dataclass(frozen=True)
class ToolReport:
    """One thing looked at. ``needed`` tells whether the program works without it."""

    name: str
    path: Path | None
    version: str
    ok: bool
    message: str
    remedy: str = ""
    needed: bool = False


def report(siril: Path | None = None, astap: Path | None = None) -> list[ToolReport]:
    """All that the program uses: Python and its packages, external programs, memory, cores. Never raises."""
    programs = [
        _program("Siril", "the native engine does its work", lambda: _found(find_siril(siril))),
        _program("ASTAP", "it solves fields; others can", lambda: _found(find_astap(astap))),
        _program("GraXpert", "backgrounds have native methods", lambda: (find_graxpert(), "", "")),
        _program("astrometry.net", "it solves fields; others can", lambda: _found(find_solve_field())),
    ]
    solvers = [_solver(*names) for names in SOLVERS]
    return [_python(), *(_package(*names) for names in PACKAGES), *programs, *solvers, _memory(), _cores()]


def _python() -> ToolReport:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return ToolReport("Python", Path(sys.executable), version, sys.version_info >= (3, 11), "", "", True)


def _package(name: str, module: str, distribution: str) -> ToolReport:
    try:
        found = importlib.import_module(module)
    except Exception as error:  # a broken binary package raises anything
        return ToolReport(name, None, "", False, f"cannot be imported: {error}", f"pip install {distribution}", True)
    try:
        version = metadata.version(distribution)
    except metadata.PackageNotFoundError:
        version = str(getattr(found, "__version__", ""))
    return ToolReport(name, Path(str(found.__file__)).parent, version, True, "", "", True)


def _solver(name: str, module: str, distribution: str) -> ToolReport:
    """Looked up, not imported: a broken solver must not end the report."""
    spec = importlib.util.find_spec(module)
    if spec is None:
        return ToolReport(name, None, "", False, "is not installed. Not needed: it solves fields; others can.",
                          f"pip install {distribution}")
    return ToolReport(name, Path(str(spec.origin)).parent, metadata.version(distribution), True, "")


def _found(probe: object) -> tuple[Path, str, str]:
    version = ".".join(str(part) for part in probe.version)  # type: ignore[attr-defined]
    return probe.path, version, probe.text  # type: ignore[attr-defined]


def _program(name: str, without: str, find: Callable[[], tuple[Path, str, str]]) -> ToolReport:
    try:
        path, version, text = find()
    except ToolError as error:
        return ToolReport(name, None, "", False, f"{error.message} Not needed: {without}.", error.remedy)
    return ToolReport(name, path, version, True, text)


def _memory() -> ToolReport:
    memory = psutil.virtual_memory()
    text = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"
    enough = memory.available >= LEAST_MEMORY
    remedy = "" if enough else "Close other programs, or lower runtime.memory_budget."
    return ToolReport("Memory", None, "", enough, text, remedy, True)


def _cores() -> ToolReport:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ToolReport("Cores", None, "", True, f"{usable} usable of {os.cpu_count()}", "", True)
