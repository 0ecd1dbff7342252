"""A Siril that runs already and carries out scripts itself, instead of a siril-cli started for each of them.

Siril tells of a command only whether it succeeded; what it prints goes to its own console. So the outputs of a script
decide, as always, and what must be read from Siril's words is asked of siril-cli (``find_siril(..., words=True)``).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from orchestrator.errors import Cancelled
from orchestrator.tools.process import Completed

__all__ = ["RunningSiril", "carry_out", "running_siril", "working_inside"]

# Not sent: the version was checked at the start, and nobody can ask Siril for its number of threads to put it back.
LEFT_ALONE = ("requires", "setcpu")


class RunningSiril(Protocol):
    """Who carries out scripts: ``version`` as numbers, ``text`` as it is named in logs."""

    @property
    def version(self) -> tuple[int, ...]: ...

    @property
    def text(self) -> str: ...

    def carry_out(self, folder: Path, commands: Sequence[str]) -> tuple[int, str]:
        """Carry out commands in ``folder`` until one fails: (how many succeeded, why the next did not or "")."""


_running: RunningSiril | None = None


@contextlib.contextmanager
def working_inside(siril: RunningSiril) -> Iterator[None]:
    """All scripts of this process are carried out by ``siril`` meanwhile."""
    global _running
    _running, before = siril, _running
    try:
        yield
    finally:
        _running = before


def running_siril() -> RunningSiril | None:
    """The Siril inside which this process works, None when there is none."""
    return _running


def carry_out(siril: RunningSiril, script: Path, workdir: Path, log: Path, lines: list[str],
              cancel: threading.Event | None) -> Completed:
    """Carry out a checked script in ``workdir``; a failure is told in ``lines`` as siril-cli tells it.

    Raises
    ------
    Cancelled : ``cancel`` was set; Siril has finished the command that it was at.
    """
    started = time.monotonic()
    numbered = [(n, line) for n, line in enumerate(script.read_text(encoding="utf-8").split("\n"), 1)
                if line.strip() and not line.startswith("#") and line.split()[0].lower() not in LEFT_ALONE]
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"# {siril.text}: {script} in {workdir}; Siril's own words are in its console\n")
        stream.flush()
        done, why = siril.carry_out(workdir, [line for _, line in numbered])
        stream.writelines(f"{line}\n" for _, line in numbered[:done])
        if why:
            number, line = numbered[done]
            lines.append(f"log: Error in line {number} ('{line}'): {why}")
            stream.write(lines[-1] + "\n")
    if cancel is not None and cancel.is_set():
        raise Cancelled("Siril was stopped: the run was cancelled.")
    return Completed(1 if why else 0, time.monotonic() - started, tuple(lines))
