"""The matrix of docs/FAULTS.md, fault x phase, each cell a test: python -m tests.faults.matrix > docs/FAULTS.md"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestrator.pipeline.registry import PHASES

__all__ = ["Fault", "cells", "document", "faults"]

NAMES = tuple(p.name for p in PHASES)
MATRIX: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text("utf-8"))


@dataclass(frozen=True)
class Fault:
    """A fault, its consequences, what is kept, and the test that provokes it, with its parameters in each phase."""

    fault: str
    happens: str
    kept: str
    test: str
    phases: dict[str, str]


def faults() -> dict[str, Fault]:
    """The columns of the matrix by letter."""
    found = {}
    for key, values in MATRIX["in_phases"].items():
        phases = {name: name for name in NAMES} if values["phases"] == "all" else values["phases"]
        found[key] = Fault(**{**values, "phases": phases})
    return found


def cells() -> list[str]:
    """The pytest ids, relative to tests/faults, in the matrix."""
    named = [f"{fault.test}[{parameters}]" if parameters else fault.test for fault in faults().values()
             for parameters in fault.phases.values()]
    return named + [other["test"] for part in ("elsewhere", "input") for other in MATRIX[part]]


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def document() -> str:
    """docs/FAULTS.md."""
    known = faults()
    where = "test in `tests/faults`"
    matrix = _table(["phase", *known], [[name, *(key if name in f.phases else "" for key, f in known.items())] for name in NAMES])
    legend = _table(["column", "fault", "consequence", "kept", where],
                    [[key, f.fault, f.happens, f.kept, f"`{f.test}`"] for key, f in known.items()])
    others, given = (_table(["fault", "consequence", where], [[o["fault"], o["happens"], f"`{o['test']}`"] for o in MATRIX[part]])
                     for part in ("elsewhere", "input"))
    return "\n".join([INTRODUCTION, matrix, "", legend, "", EMPTY, "## Other faults", "", others, "", INPUT, given, CLOSE])


EMPTY = """An empty cell means that the fault cannot occur in this phase, or has no effect beyond that shown by another cell of
the column. External programs run in CALIBRATION, REGISTRATION and ASTROMETRY (and in DEBAYER, BGE and PCC if Siril is selected;
these fall back to the native method).
"""

INTRODUCTION = """# Behaviour on errors

Each cell of this table is a test that provokes the fault for real: processes are killed, disks are full, files are damaged. This
page is generated from the tests (`python -m tests.faults.matrix > docs/FAULTS.md`), and a test checks that every cell refers to
an existing test.

General rules: raw folders are never written to; a file gets its final name only when it is complete; the programs that a killed
process started are ended with it; a message names the file, the problem and the remedy; a fault of a frame affects only that
frame, and a fault of a program only that program if there is an alternative.
"""

INPUT = """## Input that is wrong, and results that are wrong

What the frames contain is compared with what their headers, names and siblings state ([CALIBRATION.md](CALIBRATION.md)); the
checks of every run end it as `validation_failed` where the result is not what the frames show ([VALIDATION.md](VALIDATION.md)).
`python -m tests.faults.fuzz` mutates thousands of small sessions, `python -m tests.faults.damaged_files` damages a thousand
files of each format.
"""

CLOSE = """
## Implementation

- **Children of a killed process.** Every external program runs in its own process group. A small shell beside it waits on a pipe
  that only the orchestrator holds open; when the orchestrator ends unexpectedly, the shell kills the group. On Windows a program
  that is running when the orchestrator is killed runs to its end. Worker processes watch their parent.
- **Frames that change.** Size and modification time of a frame are recorded when its header is read, and checked at each reading.
- **Damaged calibration frames.** 64 rows distributed over a frame are checked for NaN pixels and for rows with a single value.
- **Clocks.** Durations are measured by a monotonic clock; whether an output is new is decided by its inode and times, not by
  comparing them with the clock.

## Soak test

    make soak                                          50 sessions in a row, each with a random fault
    python -m tests.faults.soak --sessions 200 --seed 7 --keep FOLDER

After each session: no process, lock, temporary or partial file is left, the raw folder is unchanged, the exit code and the JSON
agree, and no traceback was shown. At the end a run without faults must give the same bits as at the beginning."""


if __name__ == "__main__":
    print(document())
