"""Reading and writing of FITS."""

from __future__ import annotations

import errno
import gzip
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.errors import InputError, RunError
from orchestrator.io import fits as fits_io

RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "i4", "f4", "f8"])
def test_rows_are_those_that_astropy_reads(tmp_path: Path, dtype: str) -> None:
    data = RANDOM.integers(0, 200, (40, 30)).astype(dtype)
    if dtype.startswith("f"):
        data = data / 300
    path = tmp_path / "a.fit"
    fits.writeto(path, data)
    unit = {"u1": 255.0, "f4": 1.0, "f8": 1.0}.get(dtype, 65535.0)
    read = fits_io.image_layout(path).read(7, 31)
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, fits.getdata(path)[7:31] / unit, rtol=1e-6)


def test_float_frames_in_adu_are_brought_to_the_same_unit(tmp_path: Path) -> None:
    fits.writeto(tmp_path / "a.fit", np.full((40, 40), 6553.5, np.float32))
    assert fits_io.image_layout(tmp_path / "a.fit").read().max() == pytest.approx(0.1)


def test_colour_planes_and_missing_values_are_read(tmp_path: Path) -> None:
    data = RANDOM.random((3, 40, 30)).astype(np.float32)
    data[1, 2, 3], data[2, 5, 5] = np.nan, np.inf
    fits.writeto(tmp_path / "a.fit", data)
    read = fits_io.image_layout(tmp_path / "a.fit").read(0, 10)
    assert read.shape == (3, 10, 30) and read[1, 2, 3] == 0 and read[2, 5, 5] == 0
    assert np.array_equal(read[0], data[0, :10])


@pytest.mark.parametrize("kind", ["gz", "fz"])
def test_compressed_frames_hold_the_same_pixels(tmp_path: Path, kind: str) -> None:
    data = RANDOM.integers(0, 60000, (64, 48)).astype("u2")
    plain = tmp_path / "a.fit"
    fits.writeto(plain, data, fits.Header({"EXPTIME": 12.0}))
    packed = tmp_path / f"a.fit.{kind}"
    if kind == "gz":
        packed.write_bytes(gzip.compress(plain.read_bytes()))
    else:
        fits.CompImageHDU(data, fits.Header({"EXPTIME": 12.0}), compression_type="RICE_1").writeto(packed)
    assert fits_io.read_header(packed)["EXPTIME"] == 12.0
    again = fits_io.decompress(packed, tmp_path / "plain")
    assert np.array_equal(fits_io.image_layout(again).read(), fits_io.image_layout(plain).read())


def test_a_card_that_violates_the_standard_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.fit"
    fits.writeto(path, np.zeros((40, 40), "u2"), fits.Header({"DATE-OBS": "2025-01-01T00:00:00", "GAIN": 5}))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"DATE-OBS")
    raw[at: at + 80] = b"DATE-OBS= 2025-01-01T00:00:00 no quotes".ljust(80)
    path.write_bytes(raw)
    assert fits_io.read_header(path)["GAIN"] == 5


@pytest.mark.parametrize("content", [b"", b"hello", b"SIMPLE  =                    T" + b" " * 100])
def test_other_files_are_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.fit"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"bad\.fit"):
        fits_io.image_layout(path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.fit"
    fits.writeto(path, np.zeros((100, 100), "u2"))
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(InputError, match="truncated"):
        fits_io.image_layout(path)


def test_a_file_is_written_completely_or_not_at_all(tmp_path: Path) -> None:
    data = RANDOM.random((20, 30)).astype(np.float32)
    fits_io.write(tmp_path / "out.fits", data, fits.Header({"OBJECT": "M 31"}))
    assert np.array_equal(fits.getdata(tmp_path / "out.fits"), data)
    assert [p.name for p in tmp_path.iterdir()] == ["out.fits"]


def test_an_array_on_disk_is_writable_zeros_and_leaves_nothing(tmp_path: Path) -> None:
    picture = fits_io.array_on_disk(tmp_path, (3, 40, 50))
    assert picture.dtype == np.float32 and not picture.any()
    picture[1] = 2
    assert picture.sum() == 2 * 40 * 50 and not list(tmp_path.iterdir())


def test_a_full_disk_is_reported_before_the_array_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(RunError, match="disk is full"):
        fits_io.array_on_disk(tmp_path, (10, 10))
