"""Compiled code gives the same bytes in a process that compiles it and in one that loads it from numba's cache."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tilecore
from tilecore.numerics.compiled import by_rows

MEASURE = """
import hashlib, numpy as np
from tilecore.detect import metrics
found = metrics._mesh(np.random.default_rng(1).random((270, 480), dtype=np.float32), 64)
print(hashlib.sha256(b"".join(a.tobytes() for a in found)).hexdigest())
"""


def test_reordered_sums_are_inlined_by_force() -> None:
    """A function whose sums may be reordered exists twice, on its own and in its caller, and the copies round differently; which
    one runs depends on what was compiled and what was loaded. Only what Python calls may do without."""
    called_from_python = {"_sums"}
    for path in Path(tilecore.__file__).parent.rglob("*.py"):
        for options, name in re.findall(r"^@njit\((.*fastmath.*)\)\ndef (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert "forceinline=True" in options or 'inline="always"' in options or name in called_from_python, (path.name, name)


@pytest.mark.slow
def test_a_measurement_does_not_depend_on_the_cache_of_compiled_code(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    results = {subprocess.run([sys.executable, "-c", MEASURE], env=environment, capture_output=True, text=True, check=True).stdout
               for _ in range(2)}
    assert len(results) == 1


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("rows", [0, 1, 7])
def test_bands_of_rows_are_the_whole_once(rows: int, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numba.get_num_threads", lambda: threads)
    counts = np.zeros(rows, int)

    def kernel(first: int, stop: int, step: int) -> None:
        counts[first:stop] += step

    by_rows(kernel, rows, 3)
    assert (counts == 3).all()


def test_an_error_in_a_band_is_raised() -> None:
    def kernel(first: int, stop: int) -> None:
        raise ValueError(f"{first}")

    with pytest.raises(ValueError, match="0"):
        by_rows(kernel, 4)
