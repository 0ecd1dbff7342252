"""What a session needs is stated before a run; a smaller budget is warned of with the number that is needed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from orchestrator.runtime.memory import PROGRAM
from orchestrator.runtime.memory_estimate import HELD, memory_needed, memory_stated, memory_warning
from orchestrator.session.model import Session

MIB = 2**20


def session(shape: tuple[int, ...], cfa: str | None = None) -> Session:
    return cast("Session", SimpleNamespace(shape=shape, cfa=cfa))


def test_the_need_grows_with_the_pixels_and_is_more_for_colour() -> None:
    small, large = memory_needed(session((2000, 3000)), "mean"), memory_needed(session((4000, 6000)), "mean")
    assert large - PROGRAM == 4 * (small - PROGRAM) and small - PROGRAM == HELD[1] * 24_000_000
    assert memory_needed(session((2000, 3000), "RGGB"), "proper") == memory_needed(session((3, 2000, 3000)), "mean") > small
    assert memory_needed(session((2000, 3000)), "drizzle") > small


@pytest.mark.parametrize("shape", [(2000, 3000), (4000, 6000)])
def test_a_budget_below_the_need_is_warned_of_with_one_that_is_enough(shape: tuple[int, int]) -> None:
    frames = session(shape, "RGGB")
    needed = -(-memory_needed(frames, "mean") // MIB)
    text = memory_warning(frames, "mean", 256 * MIB)
    assert f"at least {needed} MiB" in text and "256 MiB" in text and f"{shape[1]} x {shape[0]}" in text
    assert memory_warning(frames, "mean", (needed - 1) * MIB) and not memory_warning(frames, "mean", needed * MIB)


def test_budget_and_need_are_stated() -> None:
    text = memory_stated(session((2000, 3000)), "mean", 1024 * MIB)
    assert "1024 MiB" in text and f"{-(-memory_needed(session((2000, 3000)), 'mean') // MIB)} MiB" in text
