"""Raw files of digital cameras, decoded by LibRaw: the numbers of the sensor as the camera stored them.

Nothing is subtracted (black level), multiplied (white balance), rotated (orientation) or interpolated: darks, flats and biases of
the same camera are calibrated as those of an astronomical camera are. Facts come from LibRaw and the EXIF of the file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.io.formats.cards import add_card, image_header
from orchestrator.io.formats.exif import Tags, add_exif, read_tags, sensor_facts
from orchestrator.io.image_layout import stamp_of
from orchestrator.message import Message
from orchestrator.version import install_command

if TYPE_CHECKING:
    import rawpy

__all__ = ["NAME", "SUFFIXES", "header_and_layout", "pixels"]

NAME = "camera raw"
SUFFIXES = (".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".sr2", ".dng", ".raf", ".orf", ".rw2", ".pef", ".srw", ".3fr",
            ".iiq", ".mef", ".mos", ".rwl", ".erf", ".kdc", ".dcr")
# Rows and columns of the mosaics: Bayer, and X-Trans of Fujifilm, whose pattern the session refuses with the way out.
MOSAICS = (2, 6)


def header_and_layout(path: Path) -> tuple[fits.Header, None]:
    """The header of a raw file; its pixels are packed.

    rawpy decodes all pixels before it gives the pattern and the levels: that is done once for the frames of a camera with the
    same size, exposure and ISO. A file whose pixels are damaged is therefore found when they are read.
    """
    return _header(path, stamp_of(path.stat())).copy(), None


@lru_cache(maxsize=4096)
def _header(path: Path, stamp: tuple[int, int]) -> fits.Header:
    tags = read_tags(path)
    with _opened(path) as raw:
        sensor = _sensor(path, raw, tags)
        header = image_header(sensor.shape, 16)
        add_card(header, "BAYERPAT", sensor.pattern, "of the visible pixels")
        add_card(header, "BLACKLEV", sensor.black, "[ADU] not subtracted")
        add_card(header, "SATURATE", sensor.white, "[ADU] white level of the camera")
    add_exif(header, tags)
    return header


class Sensor(NamedTuple):
    """What LibRaw knows of a sensor when it has decoded a frame: shape, pattern, black and white level in ADU."""

    shape: tuple[int, ...]
    pattern: str
    black: float | None
    white: int | None


# Sensors by the facts that are known without decoding.
_known: dict[tuple[object, ...], Sensor] = {}


def _sensor(path: Path, raw: rawpy.RawPy, tags: Tags) -> Sensor:
    camera = sensor_facts(tags)
    facts = (path.suffix.lower(), raw.sizes, raw.num_colors, raw.color_desc, camera)
    if camera is not None and facts in _known:
        return _known[facts]
    levels = raw.black_level_per_channel
    sensor = Sensor(_shape(raw), _pattern(path, raw), float(np.mean(levels)) if levels else None, int(raw.white_level) or None)
    _known[facts] = sensor
    return sensor


def pixels(path: Path) -> NDArray[np.uint16]:
    """The visible pixels of the sensor, (rows, columns), or (3, rows, columns) of a raw file with three colours per pixel."""
    with _opened(path) as raw:
        found = raw.raw_image_visible
        if found.ndim == 3:
            return np.ascontiguousarray(found[..., :3].transpose(2, 0, 1))
        return np.array(found)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[rawpy.RawPy]:
    try:
        import rawpy
    except ImportError:
        raise InputError(Message("{path} is a raw file of a camera, and the program that decodes them is not installed.",
                                 path=path),
                         install_command("rawpy")) from None
    with path.open("rb"):  # the reason why a file cannot be read is that of the system
        pass
    try:
        with rawpy.imread(str(path)) as raw:
            yield raw
    except rawpy.LibRawFileUnsupportedError as error:
        raise InputError(Message("{path} is not a raw file that LibRaw {libraw_version} knows.", path=path,
                                 libraw_version=".".join(map(str, rawpy.libraw_version))),
                         Message("Copy it again, or convert it to DNG; a new camera may need a newer rawpy ({value}).",
                                 value=install_command("rawpy"))) from error
    except rawpy.LibRawError as error:
        raise InputError(Message("{path} cannot be read as {name}: {error}.", path=path, name=NAME,
                                 error=_reason(error)), "Copy it again, or remove it.") from error


def _reason(error: Exception) -> str:
    """The message of LibRaw, which rawpy passes on as bytes, or as the text of bytes."""
    first = error.args[0] if error.args else error
    return (first.decode("ascii", "replace") if isinstance(first, bytes) else str(first)).removeprefix("b'").rstrip("'.")


def _shape(raw: rawpy.RawPy) -> tuple[int, ...]:
    sizes = raw.sizes
    shape = (sizes.height, sizes.width)
    return shape if raw.raw_pattern is not None or raw.num_colors == 1 else (3, *shape)


def _pattern(path: Path, raw: rawpy.RawPy) -> str:
    """The colours of the mosaic from its first visible pixel: 4 letters, or 36 of X-Trans."""
    if raw.num_colors == 1 or raw.raw_pattern is None:
        return ""
    size = len(raw.raw_pattern)
    if size not in MOSAICS or not set(raw.color_desc) <= set(b"RGB"):
        raise InputError(Message("{path} has a sensor with the colours {value}, which cannot be debayered here.", path=path,
                                 value=raw.color_desc.decode("ascii", "replace")),
                         "Develop it to linear 16-bit TIFF in another program.")
    top, left = raw.sizes.top_margin, raw.sizes.left_margin
    return "".join(chr(raw.color_desc[raw.raw_color(top + y, left + x)]) for y in range(size) for x in range(size))
