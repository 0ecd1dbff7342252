"""Pictures on disk count as memory only while they are written or read."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from orchestrator.config.settings import RunConfig
from orchestrator.io import fits as fits_io
from orchestrator.io.mapped import mapping_of, release
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog

SIDE = 3000  # 36 MB per picture
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the pages of a process are counted the way of Linux")


def mapped_mib() -> float:
    """Memory of the process that belongs to files, MiB."""
    found = {line.split()[0]: int(line.split()[1]) for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]}
    return (found["Rss:"] - found["Anonymous:"]) / 1024


def test_an_array_in_memory_has_no_mapping() -> None:
    assert mapping_of(np.zeros(3)[1:]) is None and mapping_of(None) is None
    release(np.zeros(3))


@LINUX
def test_released_pages_keep_their_content(tmp_path: Path) -> None:
    array = fits_io.array_on_disk(tmp_path, (SIDE, SIDE))
    before = mapped_mib()
    array[:] = np.arange(SIDE, dtype=np.float32)
    assert mapped_mib() - before > 30
    release(array[10:, 5:].T)  # a view of a view
    assert mapped_mib() - before < 5
    assert np.array_equal(array[SIDE - 1], np.arange(SIDE, dtype=np.float32))


@LINUX
def test_a_picture_that_was_written_is_released(tmp_path: Path) -> None:
    array = fits_io.array_on_disk(tmp_path, (SIDE, SIDE))
    array[:] = 0.5
    before = mapped_mib()
    fits_io.write(tmp_path / "a.fits", array)
    assert before - mapped_mib() > 30
    assert (fits_io.image_layout(tmp_path / "a.fits").read() == 0.5).all() and (array == 0.5).all()


@LINUX
def test_the_pictures_of_a_run_stay_within_its_budget(tmp_path: Path) -> None:
    context = RunContext(RunConfig(), tmp_path, EventLog(None), 64 << 20, 1, threading.Event())
    before = mapped_mib()
    pictures = [context.picture((SIDE, SIDE)) for _ in range(6)]  # 216 MB
    most = 0.0
    for row in range(0, SIDE, 300):
        for picture in pictures:
            picture[row: row + 300] = row
        most = max(most, mapped_mib() - before)
        context.progress(row, SIDE)
    assert most < 64
    assert all((p[SIDE - 1] == SIDE - 300).all() for p in pictures)
    del pictures, picture
    gc.collect()
    context.release_mapped()  # mappings that are gone
