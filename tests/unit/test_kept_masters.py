"""Masters stay in memory where they fit; a light is the same either way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.engines.native import kept_masters
from orchestrator.engines.native.engine import CalibratedReader
from orchestrator.engines.native.kept_masters import keep_masters, master_pixels, master_rows, strips
from orchestrator.io import fits as fits_io

SHAPE = (900, 1400)


@pytest.fixture(autouse=True)
def _no_limit() -> Iterator[None]:
    keep_masters(None)
    yield
    keep_masters(None)


def written(path: Path, data: np.ndarray) -> Path:
    fits_io.write(path, data, fits.Header())
    return path


def test_strips_cover_the_rows_once() -> None:
    found = strips(SHAPE, 3, 900)
    assert len(found) > 1 and found[0][0] == 3 and found[-1][1] == 900
    assert all(a[1] == b[0] for a, b in pairwise(found))


def test_masters_that_do_not_fit_are_read_by_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    one, two = (written(tmp_path / name, rng.random(SHAPE, np.float32) * 9) for name in ("a.fit", "b.fit"))
    keep_masters(4 * SHAPE[0] * SHAPE[1])
    assert master_pixels(one) is master_pixels(one), "the first fits"
    assert master_pixels(two) is not master_pixels(two), "both do not"
    assert np.array_equal(master_rows(two, 10, 20), master_pixels(two)[10:20])
    assert np.array_equal(master_rows(one, 10, 20), master_pixels(one)[10:20])
    one.unlink()
    written(one, np.ones(SHAPE, np.float32))
    assert (master_rows(one, 0, 1) == 1).all(), "a file that changed is read again"


@pytest.mark.parametrize("scale", [1.0, 0.8])
def test_a_light_does_not_depend_on_where_the_masters_are(tmp_path: Path, scale: float) -> None:
    rng = np.random.default_rng(2)
    light = written(tmp_path / "light.fit", rng.integers(0, 65535, SHAPE, np.uint16))
    dark, flat, bias, pattern = (written(tmp_path / f"{n}.fit", rng.random(SHAPE, np.float32) + 0.5) for n in "dfbp")
    reader = CalibratedReader(fits_io.image_layout(light), dark, flat, None, False, 0.1, scale, bias, pattern)
    kept = reader.read()
    keep_masters(0)
    assert np.array_equal(reader.read(), kept) and np.array_equal(reader.read(100, 777), kept[100:777])
    assert not kept_masters._kept.masters
