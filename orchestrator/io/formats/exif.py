"""The facts that cameras write into their files as EXIF: exposure, ISO, time, camera, lens.

Source: TIFF 6.0 and EXIF 2.32 (CIPA DC-008). Camera raw files are TIFF (CR2, NEF, ARW, DNG, PEF), TIFF with another magic number
(ORF, RW2), or contain such a structure (RAF in its preview, CR3 in the boxes CMT1 and CMT2).
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import isfinite, nan
from pathlib import Path
from typing import BinaryIO

from astropy.io import fits

from orchestrator.io.formats.cards import add_card, time_card
from orchestrator.message import Message

__all__ = ["Tags", "add_exif", "read_tags", "sensor_facts"]

Tags = dict[int, object]

MAKE, MODEL, EXIF_IFD, SUB_IFDS = 271, 272, 34665, 330
EXPOSURE, APERTURE, ISO, TIME, OFFSET, SUBSECONDS, FOCAL_LENGTH = 33434, 33437, 34855, 36867, 36881, 37521, 37386
# The mosaic of a sensor (its size, and its colours in TIFF and EXIF), and the levels of a DNG.
PATTERN_SIZE, PATTERN, PATTERN_EXIF, LINEARIZATION, BLACK_LEVEL, WHITE_LEVEL, SOFTWARE = (
    33421, 33422, 41730, 50712, 50714, 50717, 305)
SENSOR = (MAKE, MODEL, SOFTWARE, ISO, EXPOSURE, PATTERN_SIZE, PATTERN, PATTERN_EXIF, LINEARIZATION, BLACK_LEVEL, WHITE_LEVEL)
# Bytes of each value by TIFF type, and struct codes; type 5 and 10 are two numbers.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
CODES = {1: "B", 7: "B", 3: "H", 4: "I", 5: "II", 6: "b", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d"}
# Magic numbers after the mark of the byte order: TIFF, Panasonic RW2, Olympus ORF.
MAGIC = (42, 0x55, 0x4F52, 0x5352)
# Entries of a directory, and bytes of a value, after which a directory is given up.
MOST_ENTRIES, LONGEST_VALUE = 1000, 256
# Bytes at the start of a CR3 file that are searched for its boxes.
BOXES = 1 << 16


def read_tags(path: Path) -> Tags:
    """The tags of the first directory, of the EXIF directory and of the directories below; what cannot be read is missing."""
    tags: Tags = {}
    with contextlib.suppress(OSError, ValueError, struct.error), path.open("rb") as stream:
        for start in _structures(stream):
            _read_structure(stream, start, tags)
    return tags


def _structures(stream: BinaryIO) -> Iterator[int]:
    """The bytes at which TIFF structures begin."""
    head = stream.read(BOXES)
    if head.startswith(b"FUJIFILM"):
        at, size = struct.unpack(">II", head[84:92])  # the preview, a JPEG
        stream.seek(at)
        place = stream.read(min(size, BOXES)).find(b"Exif\0\0")
        if place >= 0:
            yield at + place + 6
    elif head[4:8] == b"ftyp":
        for name in (b"CMT1", b"CMT2"):
            if (place := head.find(name)) >= 0:
                yield place + 4
    else:
        yield 0


def _read_structure(stream: BinaryIO, start: int, tags: Tags) -> None:
    stream.seek(start)
    head = stream.read(8)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8 or struct.unpack(order + "H", head[2:4])[0] not in MAGIC:
        return
    first = struct.unpack(order + "I", head[4:])[0]
    own = _directory(stream, start, first, order)
    tags.update(own | tags)
    for below in (*_numbers(own.get(EXIF_IFD)), *_numbers(own.get(SUB_IFDS))):
        tags.update(_directory(stream, start, int(below), order) | tags)


def _directory(stream: BinaryIO, start: int, at: int, order: str) -> Tags:
    """The tags of a directory: text, a number, or some numbers."""
    stream.seek(start + at)
    count = struct.unpack(order + "H", stream.read(2))[0]
    if count > MOST_ENTRIES:
        raise ValueError(Message("a directory has {count} entries", count=count))
    entries = stream.read(12 * count)
    found: Tags = {}
    for k in range(len(entries) // 12):
        entry = entries[12 * k: 12 * k + 12]
        tag, kind, number = struct.unpack(order + "HHI", entry[:8])
        size = SIZES.get(kind, 0) * number
        if not 0 < size <= LONGEST_VALUE:
            continue
        if size <= 4:
            data = entry[8:8 + size]
        else:
            stream.seek(start + struct.unpack(order + "I", entry[8:])[0])
            data = stream.read(size)
        if len(data) == size and (value := _value(kind, data, order)) is not None:
            found[tag] = value
    return found


def _value(kind: int, data: bytes, order: str) -> object | None:
    """The value of an entry: text, an int, a float, or a tuple of several."""
    if kind == 2:
        return data.split(b"\0")[0].decode("ascii", "replace").strip()
    if kind not in CODES:
        return None
    numbers: list[float] = [v for part in struct.iter_unpack(order + CODES[kind], data) for v in part]
    if len(CODES[kind]) == 2:
        numbers = [a / b if b else nan for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def _numbers(value: object) -> tuple[float, ...]:
    """The numbers of a tag; none of text, of a missing one, and of a division by zero."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(v for v in values if isinstance(v, int | float) and isfinite(v))


def sensor_facts(tags: Tags) -> tuple[object, ...] | None:
    """What the frames of one camera with the same pattern and levels have in common: hashable; None of an unknown camera."""
    return tuple(tags.get(tag) for tag in SENSOR) if tags.get(MODEL) else None


def add_exif(header: fits.Header, tags: Tags) -> None:
    """The cards that the tags of a file give."""
    make, model = (str(tags.get(tag, "")).strip() for tag in (MAKE, MODEL))
    add_card(header, "INSTRUME", model if model.lower().startswith(make.split(" ")[0].lower()) else f"{make} {model}".strip())
    add_card(header, "EXPTIME", _number(tags.get(EXPOSURE)), "[s]")
    add_card(header, "ISOSPEED", _number(tags.get(ISO)))
    add_card(header, "FOCALLEN", _number(tags.get(FOCAL_LENGTH)) or None, "[mm] of the lens")
    add_card(header, "APERTURE", _number(tags.get(APERTURE)) or None, "f-number of the lens")
    time, is_utc = _time(tags)
    time_card(header, time, "(UTC)" if is_utc else "camera clock, time zone unknown")


def _number(value: object) -> float | None:
    """The first number of a tag: some cameras write two of ISO."""
    return next((float(v) for v in _numbers(value)), None)


def _time(tags: Tags) -> tuple[datetime | None, bool]:
    """The start of the exposure, and whether it is in UTC: EXIF has the local time, and in new cameras its offset."""
    try:
        time = datetime.strptime(str(tags.get(TIME, "")), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None, False
    digits = str(tags.get(SUBSECONDS, "")).strip()
    if digits.isdigit():
        time += timedelta(seconds=float(f"0.{digits}"))
    with contextlib.suppress(ValueError, OverflowError):
        zone = datetime.strptime(str(tags.get(OFFSET, "")), "%z").tzinfo
        return time.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None), True
    return time, False
