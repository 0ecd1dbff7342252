"""The progress of a scan, reported to whoever started it; it may be stopped there."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Watch", "unwatched"]

# Called with the number of files done, their number, and what is done; it may raise to stop.
Watch = Callable[[int, int, str], None]


def unwatched(done: int, total: int, message: str) -> None:
    """No report."""
