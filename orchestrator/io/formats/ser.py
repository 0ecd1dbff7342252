"""SER, the videos of planetary and live-stacking programs: every frame of the file is a frame of the session.

Source: "SER format description version 3" (H. Wilkens, 2014): a header of 178 bytes, the frames one after the other, and their
times. The flag of the byte order is written in the opposite sense by most programs; the pixels decide.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.io.formats.cards import add_card, image_header, time_card
from orchestrator.io.frame_path import file_of, number_in_file
from orchestrator.io.image_layout import FULL_SCALE, ImageLayout, stamp_of
from orchestrator.message import Message

__all__ = ["NAME", "SUFFIXES", "header_and_layout", "pixels", "recorded_frames"]

NAME = "SER"
SUFFIXES = (".ser",)
SIGNATURE = b"LUCAM-RECORDER"
HEADER = struct.Struct("<14s7i40s40s40s2q")
# Colours by ColorID: mosaics by their pattern, RGB and BGR with three values for each pixel.
MONO, PATTERNS, COLOURS = 0, {8: "RGGB", 9: "GRBG", 10: "GBRG", 11: "BGGR"}, {100: "RGB", 101: "BGR"}
# Ticks of the times: 100 ns since the year 1.
TICKS_PER_MICROSECOND = 10
# The order of bytes in which neighbouring samples differ less is the right one, if they differ by this factor.
CLEARLY_SMOOTHER = 2.0


@dataclass(frozen=True)
class _File:
    """The header of a file. ``stated`` frames were announced, ``complete`` ones are there; ``saturation`` in stored units."""

    shape: tuple[int, ...]
    sample: str
    channels: str
    pattern: str
    stated: int
    complete: int
    saturation: int | None
    instrument: str
    telescope: str
    started: int

    @property
    def frame_bytes(self) -> int:
        return int(np.prod(self.shape)) * np.dtype(self.sample).itemsize


def recorded_frames(path: Path) -> tuple[int, int]:
    """The number of complete frames in a file, and the number that its header states."""
    found = _file(path, stamp_of(path.stat()))
    return found.complete, found.stated


def header_and_layout(path: Path) -> tuple[fits.Header, ImageLayout]:
    """Header and layout of a frame."""
    file, index = file_of(path), number_in_file(path) or 0
    stamp = stamp_of(file.stat())
    found = _file(file, stamp)
    if not 0 <= index < found.complete:
        raise InputError(Message("{file} has {complete} complete frames, no number {index}.", file=file,
                                 complete=found.complete, index=index + 1), "Copy it again.")
    bitpix = 8 * np.dtype(found.sample).itemsize
    header = image_header(found.shape, bitpix)
    add_card(header, "BAYERPAT", found.pattern)
    add_card(header, "SATURATE", found.saturation, "largest value of the camera's bits")
    add_card(header, "INSTRUME", found.instrument)
    add_card(header, "TELESCOP", found.telescope)
    time_card(header, _time(file, found, index), "of the frame (UTC)")
    unit = 1 / 255 if bitpix == 8 else 1 / FULL_SCALE
    return header, ImageLayout(file, found.shape, bitpix, 1.0, 0.0, HEADER.size + index * found.frame_bytes, unit, stamp,
                               sample=found.sample, channels=found.channels)


def pixels(path: Path) -> NDArray[np.generic]:
    """The stored samples of a frame, (rows, columns) or (3, rows, columns)."""
    layout = header_and_layout(path)[1]
    with layout.path.open("rb") as stream:
        stream.seek(layout.data_offset)
        raw = np.fromfile(stream, layout.dtype, int(np.prod(layout.shape)))
    if not layout.channels:
        return raw.reshape(layout.shape)
    planes = raw.reshape(*layout.shape[-2:], 3).transpose(2, 0, 1)
    return np.ascontiguousarray(planes[::-1] if layout.channels == "BGR" else planes)


@lru_cache(maxsize=64)
def _file(path: Path, stamp: tuple[int, int]) -> _File:
    with path.open("rb") as stream:
        start = stream.read(HEADER.size)
        if len(start) < HEADER.size or not start.startswith(SIGNATURE):
            raise ValueError("it does not start with LUCAM-RECORDER" if len(start) >= len(SIGNATURE) else "it is empty")
        (_, _, colour, big_endian, columns, rows, depth, stated, _, instrument, telescope,
         _, started) = HEADER.unpack(start)
        if colour not in (MONO, *PATTERNS, *COLOURS):
            raise ValueError(Message("its ColorID is {colour}; mono, Bayer mosaics, RGB and BGR can be read", colour=colour))
        if not 1 <= depth <= 16:
            raise ValueError(Message("its PixelDepthPerPlane is {depth}", depth=depth))
        shape = (3, rows, columns) if colour in COLOURS else (rows, columns)
        image_header(shape, 16)  # refuses sizes that no frame has
        count, size = int(np.prod(shape)), 1 if depth <= 8 else 2
        # A recorder that was interrupted leaves 0, or more frames than it wrote.
        there = (stamp[0] - HEADER.size) // (count * size)
        complete = min(stated, there) if stated > 0 else there
        if complete < 1:
            raise ValueError("it ends before its first frame does")
        stream.seek(HEADER.size + (complete // 2) * count * size)
        frame = np.fromfile(stream, np.uint8 if size == 1 else "<u2", count).reshape(-1, shape[-1])
    sample = "|u1" if size == 1 else _byte_order(frame, big_endian != 0)
    largest = int(frame.view(sample).max()) if frame.size else 0
    # Some programs shift samples of fewer bits to the top of the 16: then the depth is not that of the values.
    saturation = 2**depth - 1 if 8 < depth < 16 and largest < 2**depth else None
    return _File(shape, sample, COLOURS.get(colour, ""), PATTERNS.get(colour, ""), max(stated, 0), complete, saturation,
                 _text(instrument), _text(telescope), started)


def _byte_order(frame: NDArray[np.uint16], flag: bool) -> str:
    """The type of the samples of a frame. Most programs set the flag, LittleEndian in the description, for big-endian files."""
    steps = [float(np.mean(np.abs(np.diff(values.astype(np.int32), axis=-1)))) for values in (frame, frame.byteswap())]
    if max(steps) > CLEARLY_SMOOTHER * min(steps):
        return "<u2" if steps[0] < steps[1] else ">u2"
    return ">u2" if flag else "<u2"


def _time(path: Path, file: _File, index: int) -> datetime | None:
    """When a frame was taken (UTC): from the trailer of the file, or the start of the recording; None if neither is a time."""
    ticks = file.started
    if 0 < file.stated == file.complete:
        with path.open("rb") as stream:
            stream.seek(HEADER.size + file.stated * file.frame_bytes + 8 * index)
            stored = stream.read(8)
        ticks = struct.unpack("<q", stored)[0] if len(stored) == 8 else ticks
    try:
        time = datetime(1, 1, 1) + timedelta(microseconds=ticks // TICKS_PER_MICROSECOND)
    except OverflowError:
        return None
    return time if time.year >= 1970 else None


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("ascii", "replace").strip()
