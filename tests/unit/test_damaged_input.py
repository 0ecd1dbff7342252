"""Damaged files: packed frames, checksums in headers, entries of the session cache, checkpoints."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.pipeline.checkpoint import SCHEMA, opened, sealed
from orchestrator.runtime.cache import Cache
from orchestrator.session.checksums import has_wrong_sum, without_wrong_sums
from orchestrator.session.model import FrameInfo, Role, Session

SHAPE = (48, 64)


def pixels(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(900, 1100, SHAPE).astype(np.uint16)


def flip(path: Path, at: int, bit: int = 1) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= bit
    path.write_bytes(raw)


# --- packed frames


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    fits.writeto(plain := tmp_path / "light.fits", pixels())
    path = tmp_path / "light.fits.gz"
    path.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    return path


@pytest.mark.parametrize("at", [-8, -6, -1000, -1500, -2500])
@pytest.mark.parametrize("read", [lambda path: fits_io.decompress(path, path.parent / "work"), fits_io.check_packed])
def test_a_frame_whose_checksum_is_wrong_is_refused(packed: Path, at: int, read: Callable[[Path], object]) -> None:
    flip(packed, at)
    with pytest.raises(InputError, match=r"light\.fits\.gz"):
        read(packed)
    assert not list((packed.parent / "work").glob("*"))


def test_a_whole_frame_passes_with_data_after_it(packed: Path) -> None:
    plain = gzip.decompress(packed.read_bytes())
    for after in (b"", bytes(5000), gzip.compress(b"another member")):
        packed.write_bytes(gzip.compress(plain) + after if after[:2] == b"\x1f\x8b" else gzip.compress(plain + after))
        fits_io.check_packed(packed)
        unpacked = fits_io.decompress(packed, packed.parent / "work")
        assert np.array_equal(fits.getdata(unpacked), pixels())


@pytest.mark.parametrize("cut", [1, 8, 300, 3000])
def test_a_truncated_frame_is_refused(packed: Path, cut: int) -> None:
    packed.write_bytes(packed.read_bytes()[:-cut])
    with pytest.raises(InputError, match=r"light\.fits\.gz"):
        fits_io.check_packed(packed)


@pytest.mark.parametrize("axes", [(40000, 30000), (60000 * 40000,)])
def test_a_small_file_that_describes_gigabytes_is_refused_at_once(tmp_path: Path, axes: tuple[int, ...]) -> None:
    cards = [("SIMPLE", True), ("BITPIX", 16), ("NAXIS", len(axes)), *((f"NAXIS{i + 1}", n) for i, n in enumerate(axes)),
             ("EXTEND", True)]
    header = fits.Header(cards).tostring(padding=True).encode()
    path = tmp_path / "bomb.fits.gz"
    body = gzip.compress(bytes(1 << 22), 9)
    path.write_bytes(gzip.compress(header) + body * (2400 << 20 >> 22))  # 2.4 GB, as many members
    began = time.monotonic()
    with pytest.raises(InputError, match=r"bomb\.fits\.gz"):
        fits_io.read_header(path)
    assert time.monotonic() - began < 2


def test_zeros_without_end_after_an_image_are_refused_soon(packed: Path) -> None:
    packed.write_bytes(packed.read_bytes() + gzip.compress(bytes(1 << 22), 9) * 2000)  # 8 GB
    began = time.monotonic()
    with pytest.raises(InputError, match="after its image"):
        fits_io.check_packed(packed)
    assert time.monotonic() - began < 10


# --- DATASUM


def frame(path: Path, seed: int, role: Role = Role.LIGHT, *, sum_: bool = True) -> FrameInfo:
    hdu = fits.PrimaryHDU(pixels(seed))
    if sum_:
        hdu.add_checksum()
    hdu.writeto(path)
    return FrameInfo(path, role, SHAPE)


def session(folder: Path, count: int = 6, *, sum_: bool = True) -> Session:
    lights = tuple(frame(folder / f"l{k}.fit", k, sum_=sum_) for k in range(count))
    return Session((folder,), "S", {Role.LIGHT: lights, Role.DARK: (frame(folder / "d.fit", 50, Role.DARK),)})


def checked(found: Session, least: int = 3) -> Session:
    return without_wrong_sums(found, 2, least, lambda: None)


def test_a_sum_is_that_of_astropy_and_of_any_size(tmp_path: Path) -> None:
    for k, data in enumerate((np.arange(7, dtype=np.uint8).reshape(1, 7), np.full((300, 300), -1, np.int32),
                              np.random.default_rng(3).normal(size=(3, 50, 60)).astype(np.float32))):
        hdu = fits.PrimaryHDU(data)
        hdu.add_checksum()
        hdu.writeto(path := tmp_path / f"{k}.fits")
        assert has_wrong_sum(path) is False
        flip(path, 2880 + 3)
        assert has_wrong_sum(path) is True
    fits.writeto(tmp_path / "none.fits", pixels())
    assert has_wrong_sum(tmp_path / "none.fits") is None


def test_one_damaged_light_is_left_out_and_named(tmp_path: Path) -> None:
    found = session(tmp_path)
    assert checked(found) == found
    flip(tmp_path / "l2.fit", 5000)
    result = checked(found)
    assert [i.path.name for i in result.lights] == ["l0.fit", "l1.fit", "l3.fit", "l4.fit", "l5.fit"]
    (left_out,) = result.excluded
    assert left_out.path == tmp_path / "l2.fit" and "DATASUM" in left_out.reason and not result.warnings


def test_sums_that_a_program_did_not_update_are_a_warning(tmp_path: Path) -> None:
    found = session(tmp_path)
    for k in range(4):
        flip(tmp_path / f"l{k}.fit", 5000)
    result = checked(found)
    assert len(result.lights) == 6 and not result.excluded
    assert len(result.warnings) == 1 and "4 of 6" in result.warnings[0] and "l0.fit" in result.warnings[0]


def test_a_light_is_not_left_out_if_too_few_remain(tmp_path: Path) -> None:
    found = session(tmp_path, 3)
    flip(tmp_path / "l2.fit", 5000)
    result = checked(found)
    assert len(result.lights) == 3 and "l2.fit" in result.warnings[0]


def test_a_changed_header_alone_is_no_damage(tmp_path: Path) -> None:
    found = session(tmp_path)
    with fits.open(tmp_path / "l1.fit", mode="update") as file:
        file[0].header["OBJECT"] = "M 31"
    assert checked(found) == found


def test_damaged_tiles_of_a_packed_frame_are_found(tmp_path: Path) -> None:
    fits.CompImageHDU(pixels(), compression_type="RICE_1").writeto(path := tmp_path / "l.fits.fz", checksum=True)
    assert has_wrong_sum(path) is False
    flip(path, path.stat().st_size - 2880 + 100)
    assert has_wrong_sum(path) is True


# --- the session cache


def test_a_flipped_bit_anywhere_in_an_entry_is_found(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    value = (np.arange(30.0), "text", 3)
    cache.put("scores", "k", value)
    path = tmp_path / ".session-cache" / "scores" / "k.npz"
    whole = path.read_bytes()
    assert cache.get("scores", "k")[1:] == value[1:] and not cache.damaged
    for at in range(0, len(whole), 7):
        path.write_bytes(whole)
        flip(path, at, 1 << at % 8)
        assert cache.get("scores", "k") is None
        assert cache.damaged.pop() == path and not path.exists()
    for cut in (1, 20, 40, len(whole)):
        path.write_bytes(whole[:-cut])
        assert cache.get("scores", "k") is None and cache.damaged.pop() == path
    assert cache.get("scores", "k") is None and not cache.damaged  # missing is not damaged


def test_a_damaged_master_is_dropped_and_named(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "runs")
    fits.writeto(master := tmp_path / "master.fit", pixels())
    cache.put_file("masters", "k", master)
    assert cache.get_file("masters", "k", tmp_path / "copy.fit")
    assert (tmp_path / "copy.fit").read_bytes() == master.read_bytes()
    entry = tmp_path / "runs" / ".session-cache" / "masters" / "k.fit"
    flip(entry, 4000)
    assert not cache.get_file("masters", "k", tmp_path / "other.fit")
    assert not list(tmp_path.glob("other*")) and cache.damaged == [entry] and not entry.exists()


# --- checkpoints


def test_a_changed_number_in_a_checkpoint_is_found() -> None:
    content = {"schema": SCHEMA, "seconds": 1.25, "fields": {"a": [1, 2.5e-7, None, "µ"]}}
    raw = sealed(content)
    assert opened(raw) == content
    assert opened(json.dumps(content).encode()) == content  # of an earlier program
    with pytest.raises(ValueError, match="checksum"):
        opened(raw.replace(b"1.25", b"1.35"))
