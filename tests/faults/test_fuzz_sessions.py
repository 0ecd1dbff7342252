"""A short fuzzing of sessions; python -m tests.faults.fuzz runs the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fuzz import fuzz


@pytest.mark.slow
def test_mutated_sessions_are_stacked_rightly_or_refused(tmp_path: Path) -> None:
    assert fuzz(24, 1, tmp_path, report=lambda _: None) == []
