"""Simulates the sessions of a benchmark and lets each program stack them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from orchestrator.benchmark.judge import information_of
from orchestrator.benchmark.programs import Program
from orchestrator.benchmark.session import BenchSession
from orchestrator.benchmark.table import Row
from orchestrator.errors import RunError
from orchestrator.simulation import simulate

__all__ = ["bench", "disk_needed"]

# Disk that a session and one program's files take, in bytes per pixel of the lights: raw 2, calibrated and registered float
# copies of three channels 12 each, and products.
BYTES_A_PIXEL = 30


def disk_needed(session: BenchSession) -> int:
    """Bytes that the session and the program with the largest files take at most."""
    width, height = session.size
    return BYTES_A_PIXEL * width * height * session.frames


def bench(sessions: Sequence[BenchSession], programs: Sequence[Program], folder: Path,
          note: Callable[[str], None] = lambda _: None) -> Iterator[Row]:
    """Rows of the table as they are measured. Everything in ``folder`` is deleted as soon as it is not needed.

    Raises
    ------
    RunError : the disk is too small for a session.
    ToolError : a program failed.
    """
    for number, session in enumerate(sessions):
        needed, free = disk_needed(session), shutil.disk_usage(folder).free
        if needed > free:
            raise RunError(f"{session.name} need {needed / 1e9:.0f} GB of disk; {folder} has {free / 1e9:.0f} GB.",
                                "Choose another folder with --work, or fewer frames.")
        place = folder / f"session{number}"
        note(f"Simulating {session.name} ...")
        truth = simulate(session.config, place)
        for k, program in enumerate(programs):
            note(f"{program.name}: {session.name} ...")
            own = folder / f"program{k}"
            done = program.stack(place, own, mono=session.mono)
            yield Row(session, program.name, done.spent, information_of(done.path, truth))
            shutil.rmtree(own)
        shutil.rmtree(place)
