"""The programs of the benchmark, each started as a user would: masters, calibration, registration, stack."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from orchestrator.benchmark.spent import Spent, watch_children
from orchestrator.errors import ToolError, ToolMissing
from orchestrator.simulation import PRESETS, simulate
from orchestrator.tools.process import Command, run_process
from orchestrator.tools.python_process import python_environment, python_module
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, find_siril, run_script
from orchestrator.version import install_command

__all__ = ["Orchestrate", "Program", "Seiza", "Siril", "Stacked", "installed_peers"]

ROLES = ("biases", "darks", "flats", "lights")
# The steps of Siril's own scripts for sessions with bias, dark and flat, with weights and rejection.
SIRIL_SCRIPT = """requires 1.4.0
cd biases
link bias -out=../process
cd ../process
stack bias rej 3 3 -nonorm -out=../masters/bias
cd ../darks
link dark -out=../process
cd ../process
stack dark rej 3 3 -nonorm -out=../masters/dark
cd ../flats
link flat -out=../process
cd ../process
calibrate flat -bias=../masters/bias
stack pp_flat rej 3 3 -norm=mul -out=../masters/flat
cd ../lights
link light -out=../process
cd ../process
calibrate light -dark=../masters/dark -flat=../masters/flat -cc=dark{colour}
register pp_light -2pass
seqapplyreg pp_light
stack r_pp_light rej 3 3 -norm=addscale -output_norm{equal} -weight=wfwhm -out=../result
"""


@dataclass(frozen=True)
class Stacked:
    """A stack (FITS), and what it took."""

    path: Path
    spent: Spent


class Program(ABC):
    """A program that stacks a session. ``name`` is its row of the table."""

    name: str

    @abstractmethod
    def stack(self, session: Path, folder: Path, *, mono: bool) -> Stacked:
        """Stack ``session`` in the new ``folder``. ToolError if the program fails."""


@dataclass
class Orchestrate(Program):
    """The native engine with a method of reconstruction. ``overrides``: settings, ``section.key=value``."""

    method: str
    overrides: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.name = f"orchestrate, {self.method}"

    def stack(self, session: Path, folder: Path, *, mono: bool) -> Stacked:
        chosen = (f"reconstruction.method={self.method}", "astrometry.solver=none", "bge.enabled=false", "pcc.enabled=false",
                  *self.overrides)
        words = python_module("orchestrator", "run", session, "--engine", "native", "--runs-dir", folder, "--run-id", "run",
                              "--no-cache", "--progress", "none", *(word for o in chosen for word in ("--set", o)))
        folder.mkdir(parents=True)
        log = folder / "orchestrate.log"
        with watch_children(folder) as spent:
            done = run_process(Command(words, env=python_environment()), log=log, tool="orchestrate")
        product = folder / "run" / "outputs" / ("stacked.fits" if mono else "stacked_rgb.fits")
        if done.returncode or not product.exists():
            raise ToolError(f"orchestrate failed: {' '.join(done.last_lines[-3:])}", f"See {log}.", tool="orchestrate", log=log)
        return Stacked(product, spent)

    def prepare(self, folder: Path, *, mono: bool) -> None:
        """Stack a tiny session once, so that the kernels are compiled."""
        simulate(PRESETS["tiny_mono" if mono else "tiny_osc"], folder / "tiny")
        self.stack(folder / "tiny", folder / "first", mono=mono)
        for name in ("tiny", "first"):
            shutil.rmtree(folder / name)


@dataclass
class Siril(Program):
    """Siril's script for a session with masters."""

    program: SirilProgram

    def __post_init__(self) -> None:
        self.name = f"Siril {'.'.join(map(str, self.program.version or ()))}"

    def stack(self, session: Path, folder: Path, *, mono: bool) -> Stacked:
        for name in ("masters", "process"):
            (folder / name).mkdir(parents=True)
        for role in ROLES:
            (folder / role).mkdir()
            for file in sorted((session / role).iterdir()):
                os.link(file, folder / role / file.name)
        script = folder / "stack.ssf"
        script.write_text(SIRIL_SCRIPT.format(colour="" if mono else " -cfa -equalize_cfa -debayer",
                                              equal="" if mono else " -rgb_equal"), encoding="utf-8")
        result = folder / "result.fit"
        with watch_children(folder) as spent:
            run_script(self.program, ScriptJob(script, folder, folder / "siril.log", (Expected(result, image=True),)))
        return Stacked(result, spent)


@dataclass
class Seiza(Program):
    """seiza (https://pypi.org/project/seiza/) with equal weights, which is its default."""

    def __post_init__(self) -> None:
        self.name = f"seiza {version('seiza')}"

    def stack(self, session: Path, folder: Path, *, mono: bool) -> Stacked:
        folder.mkdir(parents=True)
        log, result = folder / "seiza.log", folder / "result.fits"
        words = python_module("orchestrator.benchmark.seiza_process", session, folder, result)
        with watch_children(folder) as spent:
            done = run_process(Command(words, env=python_environment()), log=log, tool="seiza")
        if done.returncode or not result.exists():
            raise ToolError(f"seiza failed: {' '.join(done.last_lines[-3:])}", f"See {log}.", tool="seiza", log=log)
        return Stacked(result, spent)


def installed_peers() -> tuple[list[Program], list[str]]:
    """The other programs that are installed, and for each that is not, how to get it."""
    found: list[Program] = []
    missing: list[str] = []
    try:
        found.append(Siril(find_siril(read_output=True)))
    except ToolMissing as error:
        missing.append(f"{error.message} {error.remedy}")
    try:
        if find_spec("seiza") is None:
            raise PackageNotFoundError("seiza")
        found.append(Seiza())
    except PackageNotFoundError:
        missing.append(f"seiza is not installed: {install_command('seiza')}")
    return found, missing
