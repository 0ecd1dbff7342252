"""A short soak; `make soak` runs the long one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.soak import soak


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.slow
def test_sessions_in_a_row_with_random_faults_leave_nothing_behind(tmp_path: Path) -> None:
    assert soak(5, 11, tmp_path) == []
