"""Frames on disk in any format that the program reads: FITS, XISF, SER, TIFF, raw files of cameras.

Each frame has a header of FITS cards, whatever its format, and pixels that are either read by rows (:class:`ImageLayout`) or
packed; packed frames are first unpacked to a FITS file with :func:`as_fits`. A module of :mod:`orchestrator.io.formats` reads one
format; :class:`Format` lists what it defines.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io import fits_cube
from orchestrator.io.formats import camera_raw, ser, tiff, xisf
from orchestrator.io.formats.cards import as_stored
from orchestrator.io.frame_path import file_of, frame_path, number_in_file
from orchestrator.io.image_layout import ImageLayout, stamp_of
from orchestrator.message import Message

__all__ = ["Format", "as_fits", "check_packed", "format_name", "frames_in", "header_and_layout", "image_layout", "is_frame",
           "is_packed", "is_plain_fits", "opened", "pixel_bytes", "plain_copy", "read_header", "stem_of"]


class Format(Protocol):
    """A format other than FITS. The functions raise InputError with a remedy, or any other error with the reason."""

    @property
    def NAME(self) -> str:
        """The name of the format in messages."""

    @property
    def SUFFIXES(self) -> tuple[str, ...]:
        """Endings of the names of its files, in lower case."""

    def header_and_layout(self, path: Path) -> tuple[fits.Header, ImageLayout | None]:
        """The header, with BITPIX and NAXIS of the unpacked frame, and the layout; None if the pixels are packed."""

    def pixels(self, path: Path) -> NDArray[np.generic]:
        """The stored samples, (rows, columns) or (3, rows, columns)."""


FORMATS: tuple[Format, ...] = (camera_raw, xisf, ser, tiff)
_BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.SUFFIXES}


def _format_of(path: Path) -> Format | None:
    """The format of a file according to its suffix; None for FITS, as which files without a known suffix are read."""
    return _BY_SUFFIX.get(file_of(path).suffix.lower())


def is_frame(path: Path) -> bool:
    """Whether the name of a file has a suffix of a format that can be read."""
    return fits_io.is_fits(path) or path.suffix.lower() in _BY_SUFFIX


def format_name(path: Path) -> str:
    """The name of the format of a file or frame: FITS, XISF, SER, TIFF, camera raw."""
    known = _format_of(path)
    return "FITS" if known is None else known.NAME


def frames_in(path: Path) -> tuple[list[Path], str]:
    """The paths of the frames in a file, and a remark on those that are missing, "" if there are none.

    Raises
    ------
    InputError : the file of many frames is damaged.
    """
    if (known := _format_of(path)) is None:
        count = fits_cube.plane_count(path)
        return ([path] if count is None else [frame_path(path, k) for k in range(count)]), ""
    if known.NAME != ser.NAME:
        return [path], ""
    with _errors_named(path):
        complete, stated = ser.recorded_frames(path)
    remark = Message("{path} states {stated} frames and holds {complete}: those that are complete are used.", path=path,
                     stated=stated, complete=complete) if complete < stated else ""
    return [frame_path(path, k) for k in range(complete)], remark


def header_and_layout(path: Path) -> tuple[fits.Header, ImageLayout | None]:
    """The header of a frame, and its layout; None if its pixels are packed.

    Raises
    ------
    InputError : the file is damaged, or does not hold a frame of its format.
    """
    known, index = _format_of(path), number_in_file(path)
    if known is None and index is None:
        return fits_io.header_and_layout(path)
    with _errors_named(path):
        return fits_cube.header_and_layout(file_of(path), index or 0) if known is None else known.header_and_layout(path)


def read_header(path: Path) -> fits.Header:
    """The header of a frame. InputError as for :func:`header_and_layout`."""
    if _format_of(path) is None and number_in_file(path) is None:
        return fits_io.read_header(path)
    return header_and_layout(path)[0]


def image_layout(path: Path) -> ImageLayout:
    """The layout of a frame that is not packed. InputError if it is packed, or as for :func:`header_and_layout`."""
    if _format_of(path) is None and number_in_file(path) is None:
        return fits_io.image_layout(path)
    layout = header_and_layout(path)[1]
    if layout is None:
        raise InputError(Message("{path} is compressed.", path=path), "Unpack it first (orchestrator.io.frames.as_fits).")
    return layout


def is_packed(path: Path) -> bool:
    """Whether the pixels of a frame cannot be read by rows, by the content of the file; False for files that cannot be read."""
    if (known := _format_of(path)) is None:
        return fits_io.is_compressed(file_of(path))
    if known.NAME == camera_raw.NAME:
        return True
    try:
        status = file_of(path).stat()
        return _is_packed(path, (status.st_size, status.st_mtime_ns))
    except (OSError, InputError):
        return False


@lru_cache(maxsize=4096)
def _is_packed(path: Path, stamp: tuple[int, int]) -> bool:
    return header_and_layout(path)[1] is None


def is_plain_fits(path: Path) -> bool:
    """Whether a frame is the image of a FITS file that is not compressed."""
    return _format_of(path) is None and number_in_file(path) is None and not fits_io.is_compressed(path)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[ImageLayout]:
    """The layout of a frame; a packed frame is unpacked to a temporary folder for as long as it is open. InputError as for
    :func:`as_fits`."""
    if not is_packed(path):
        yield image_layout(path)
        return
    with tempfile.TemporaryDirectory(prefix="orchestrate-") as folder:
        yield fits_io.image_layout(as_fits(path, Path(folder)))


def as_fits(path: Path, folder: Path) -> Path:
    """Write a frame to ``folder`` as an uncompressed FITS file with its header.

    Raises
    ------
    InputError : the file is damaged or not an image, or memory is too small for it.
    RunError : the disk is full.
    """
    known, index = _format_of(path), number_in_file(path)
    if known is None and index is None:
        return fits_io.decompress(path, folder)
    target = folder / f"{path.name.replace('#', '_')}.fits"
    header, data = _unpacked(path)
    for card in ("BSCALE", "BZERO", "BLANK"):  # the values of a cube's plane are scaled
        header.remove(card, ignore_missing=True)
    folder.mkdir(parents=True, exist_ok=True)
    fits_io.write(target, np.ascontiguousarray(as_stored(data)), header, guarded=False)
    return target


def plain_copy(path: Path, work: Path) -> Path:
    """The uncompressed FITS file of a packed frame in the folder of a run; unpacked once for each state of the frame.

    Raises
    ------
    InputError, RunError : as for :func:`as_fits`.
    """
    with _errors_named(path):
        state = f"{path.absolute()} {stamp_of(file_of(path).stat())}"
    # Frames of different folders may have the same name.
    folder = work / f"plain-{hashlib.sha256(state.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"
    if found := next(folder.glob("*"), None):
        return found
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unpacking-", dir=work) as unpacking:  # a copy that has its name is whole
        plain = as_fits(path, Path(unpacking))
        folder.mkdir(exist_ok=True)
        return plain.replace(folder / plain.name)


def _unpacked(path: Path) -> tuple[fits.Header, NDArray[np.generic]]:
    """Header and stored samples of a frame that is not the image of a FITS file."""
    known, header = _format_of(path), read_header(path)
    with _errors_named(path):
        fits_io.check_memory(path, fits_io.UNPACKING_MEMORY * fits_io.data_size(header))
        found = fits_cube.pixels(file_of(path), number_in_file(path) or 0) if known is None else known.pixels(path)
    if found.shape != fits_io.image_shape(path, header):
        raise InputError(Message("{path} contains {shape} pixels, its header has {path2}.", path=path, shape=found.shape,
                                 path2=fits_io.image_shape(path, header)),
                         "Copy it again.")
    return header, found


def check_packed(path: Path) -> None:
    """Raise InputError if the pixels of a packed frame are damaged; nothing is written."""
    if _format_of(path) is None and number_in_file(path) is None:
        fits_io.check_packed(path)
    else:
        _unpacked(path)


def pixel_bytes(path: Path) -> tuple[Path, int, int]:
    """The file of a frame, and the part of it (first byte, number of bytes) that distinguishes the frame: its pixels in a file of
    many, else the whole file."""
    file = file_of(path)
    if file != path and (layout := header_and_layout(path)[1]) is not None:
        return file, layout.data_offset, int(np.prod(layout.shape)) * layout.dtype.itemsize
    return file, 0, file.stat().st_size


def stem_of(path: Path) -> str:
    """The name of a file without the suffix of its format, in lower case."""
    name = path.name.lower()
    suffix = next((s for s in sorted(fits_io.SUFFIXES, key=len, reverse=True) if name.endswith(s)), path.suffix.lower())
    return name.removesuffix(suffix)


@contextlib.contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    """Errors of a decoder, which raises whatever damaged bytes lead to, as InputError with the name of the file."""
    try:
        yield
    except OrchestrateError:
        raise
    except Exception as error:
        raise _unreadable(path, format_name(path), error) from error


def _unreadable(path: Path, name: str, error: Exception) -> InputError:
    reason = re.sub(r"\s+", " ", getattr(error, "strerror", None) or str(error) or type(error).__name__)
    return InputError(Message("{path} cannot be read as {name}: {value}.", path=path, name=name,
                              value=reason[:200].rstrip(".")), "Remove it or copy it again.")
