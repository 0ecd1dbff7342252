"""The least memory with which a session can be processed, known before the run."""

from __future__ import annotations

from orchestrator.message import Message
from orchestrator.runtime.memory import PROGRAM
from orchestrator.session.model import Session

__all__ = ["memory_needed", "memory_stated", "memory_warning"]

# Arrays of the size of a channel of a frame, float32, that the most demanding phase holds at once with the smallest blocks, for
# one channel and for three; measured with tests/bench/memory.py on frames of 6 and 24 megapixels.
HELD = {1: 8, 3: 11}
# Further ones for the bands of drizzle.
DRIZZLE_HELD = 2
MIB = 2**20


def memory_needed(session: Session, method: str) -> int:
    """Bytes of resident memory below which a run of the session cannot stay, whatever its budget. ``method`` is
    ``reconstruction.method``."""
    rows, columns = session.shape[-2:]
    colour = session.cfa is not None or len(session.shape) == 3
    held = HELD[3 if colour else 1] + (DRIZZLE_HELD if method == "drizzle" else 0)
    return PROGRAM + held * 4 * rows * columns


def memory_stated(session: Session, method: str, budget: int) -> str:
    """The budget and what the session needs at least, for people."""
    needed = memory_needed(session, method)
    return Message("Memory: the budget is {budget:.0f} MiB, the session needs at least {needed} MiB.", budget=budget / MIB,
                   needed=-(-needed // MIB))


def memory_warning(session: Session, method: str, budget: int) -> str:
    """A warning if the budget is below what the session needs, "" if it is not."""
    needed = memory_needed(session, method)
    if budget >= needed:
        return ""
    rows, columns = session.shape[-2:]
    return Message("runtime.memory_budget is {budget:.0f} MiB; a session of frames of {columns} x {rows} pixels needs "
                   "{needed:.0f} MiB ({program:.0f} MiB for the program, the rest for pictures in work). The run will exceed "
                   "the budget: set it to at least {needed2} MiB.", budget=budget / MIB, columns=columns, rows=rows,
                   needed=needed / MIB, program=PROGRAM / MIB, needed2=-(-needed // MIB))
