"""The matrix of docs/FAULTS.md, fault x phase, each cell a test: python -m tests.faults.matrix > docs/FAULTS.md"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestrator.phases.registry import PHASES

__all__ = ["Fault", "cells", "document", "faults"]

NAMES = tuple(p.name for p in PHASES)
MATRIX: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text("utf-8"))


@dataclass(frozen=True)
class Fault:
    """A fault, what happens, what is kept, and the test that tries it, with its parameters in each phase."""

    fault: str
    happens: str
    kept: str
    test: str
    phases: dict[str, str]


def faults() -> dict[str, Fault]:
    """The columns of the matrix by their letters."""
    found = {}
    for key, values in MATRIX["in_phases"].items():
        phases = {name: name for name in NAMES} if values["phases"] == "all" else values["phases"]
        found[key] = Fault(**{**values, "phases": phases})
    return found


def cells() -> list[str]:
    """The pytest ids, from tests/faults, that the matrix names."""
    named = [f"{fault.test}[{parameters}]" if parameters else fault.test for fault in faults().values()
             for parameters in fault.phases.values()]
    return named + [other["test"] for other in MATRIX["elsewhere"]]


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def document() -> str:
    """docs/FAULTS.md."""
    known = faults()
    where = "test in `tests/faults`"
    matrix = _table(["phase", *known], [[name, *(key if name in f.phases else "" for key, f in known.items())] for name in NAMES])
    legend = _table(["", "fault", "what happens", "what is kept", where],
                    [[key, f.fault, f.happens, f.kept, f"`{f.test}`"] for key, f in known.items()])
    others = _table(["fault", "what happens", where], [[o["fault"], o["happens"], f"`{o['test']}`"] for o in MATRIX["elsewhere"]])
    return "\n".join([INTRODUCTION, matrix, "", legend, "", EMPTY, "## Faults of no phase", "", others, CLOSE])


EMPTY = """An empty cell: the fault cannot occur there, or does nothing that another cell of its column does not show. A program
is at work in CALIBRATION, REGISTRATION and ASTROMETRY (and in DEBAYER, BGE and PCC where Siril is chosen, which fall back to the
native method).
"""

INTRODUCTION = """# What happens when something goes wrong

Each cell of this table is a test that does it for real: processes are killed, disks are full, files are damaged. The page is
made from the tests (`python -m tests.faults.matrix > docs/FAULTS.md`), and a test holds that every cell names one that exists.

Rules that hold everywhere: raw folders are never written to; a file has its final name only when it is whole; whoever is killed
takes the programs that it started with it; a message names the file, what is wrong and what to do; a fault of a frame costs that
frame, a fault of a program costs that program where there is another way.
"""

CLOSE = """
## How it is done

- **Children of a killed process.** Every external program runs in a process group of its own. Beside it a small shell waits at a
  pipe that only the orchestrator holds; when the orchestrator ends without a word, the shell kills the group. On Windows a
  program that is at work when the orchestrator is killed goes on to its end. Worker processes watch their parent.
- **Frames that change.** Size and time of a frame are remembered when its header is read, and compared at each reading.
- **Damaged calibration frames.** 64 rows all over a frame are looked at: pixels that are no numbers, rows of a single value.
- **Clocks.** Durations are measured by a clock that cannot be set; whether an output is new is told by its inode and times,
  not by comparing them with the clock.

## Soak

    make soak                                          50 sessions in a row, each with a fault by chance
    python -m tests.faults.soak --sessions 200 --seed 7 --keep FOLDER

After each: no process, lock, temporary or half-written file is left, the raw folder is as it was, the exit code and the JSON
agree, and no traceback was shown. At the end a run without faults must give the same bits as at the beginning."""


if __name__ == "__main__":
    print(document())
