"""A sample of `python -m tests.faults.damaged_files`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.damaged_files import WRITERS, check

# Files of each format; the script damages a thousand.
SAMPLE = 12


@pytest.mark.parametrize("name", WRITERS)
def test_damaged_files_are_read_or_named(tmp_path: Path, name: str) -> None:
    found = list(check(name, SAMPLE, 1, tmp_path))
    assert [(number, problem) for number, _, problem in found if problem] == []
    assert len(found) == SAMPLE
