"""A running Siril that executes scripts itself, instead of a siril-cli that is started for each of them.

Siril reports only whether a command succeeded; its output goes to its own console. The outputs of a script decide, as
always, and whoever needs the text that Siril prints uses siril-cli (``find_siril(..., read_output=True)``).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from orchestrator.errors import Cancelled
from orchestrator.io.worker_protocol import WorkerChannel
from orchestrator.tools.process import Completed

__all__ = ["ChannelSiril", "RunningSiril", "running_siril", "send_script", "working_inside"]

# Commands that are not sent: the version was checked at the start, and the number of threads cannot be read to restore it.
NOT_SENT = ("requires", "setcpu")


class RunningSiril(Protocol):
    """A Siril that executes commands: ``version`` as numbers, ``text`` as its name in logs."""

    @property
    def version(self) -> tuple[int, ...]: ...

    @property
    def text(self) -> str: ...

    def execute(self, folder: Path, commands: Sequence[str]) -> tuple[int, str]:
        """Execute commands in ``folder`` until one fails: (number of successes, why the next one failed or "")."""


class ChannelSiril:
    """A running Siril that is reached through another program, which answers on a channel."""

    version = (1, 4)

    def __init__(self, channel: WorkerChannel, text: str = "the running Siril") -> None:
        self._channel, self.text = channel, text

    def execute(self, folder: Path, commands: Sequence[str]) -> tuple[int, str]:
        """See :class:`RunningSiril`. Raises Cancelled if the other program has ended."""
        answer = self._channel.request(script=list(commands), folder=str(folder))
        if answer is None:
            raise Cancelled("Siril has ended, or has stopped the script.")
        return int(answer["done"]), str(answer["why"])


_running: RunningSiril | None = None


@contextlib.contextmanager
def working_inside(siril: RunningSiril) -> Iterator[None]:
    """Inside this context ``siril`` executes all scripts of this process."""
    global _running
    _running, before = siril, _running
    try:
        yield
    finally:
        _running = before


def running_siril() -> RunningSiril | None:
    """The Siril inside which this process works, None if there is none."""
    return _running


def send_script(siril: RunningSiril, script: Path, workdir: Path, log: Path, lines: list[str],
                cancel: threading.Event | None) -> Completed:
    """Have a checked script executed in ``workdir``; a failure is added to ``lines`` in the format of siril-cli.

    Raises
    ------
    Cancelled : ``cancel`` was set; Siril has finished its current command.
    """
    started = time.monotonic()
    numbered = [(n, line) for n, line in enumerate(script.read_text(encoding="utf-8").split("\n"), 1)
                if line.strip() and not line.startswith("#") and line.split()[0].lower() not in NOT_SENT]
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"# {siril.text}: {script} in {workdir}; the output of Siril is in its console\n")
        stream.flush()
        done, why = siril.execute(workdir, [line for _, line in numbered])
        stream.writelines(f"{line}\n" for _, line in numbered[:done])
        if why:
            number, line = numbered[done]
            lines.append(f"log: Error in line {number} ('{line}'): {why}")
            stream.write(lines[-1] + "\n")
    if cancel is not None and cancel.is_set():
        raise Cancelled("Siril was stopped: the run was cancelled.")
    return Completed(1 if why else 0, time.monotonic() - started, tuple(lines))
