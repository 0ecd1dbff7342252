"""Writes files that appear under their name only when they are complete."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from orchestrator.io.raw_guard import refuse_raw

__all__ = ["sync_folder", "whole_file"]


@contextlib.contextmanager
def whole_file(path: Path, *, durable: bool = True, replaces: bool = False, guarded: bool = True) -> Iterator[BinaryIO]:
    """A stream whose content is at ``path`` after the block; if the block fails, the file at ``path`` is unchanged.

    Parameters
    ----------
    durable : wait until the content is on the disk. Without it a loss of power may leave a damaged file, which is enough for
        content that is checked when it is read.
    replaces : the FITS file at ``path`` is the one to change.
    guarded : refuse raw frames and their folders; the caller that sets it to False has checked the folder.

    Raises
    ------
    ConfigError : ``path`` is a raw frame or in a folder of raw frames (:func:`orchestrator.io.raw_guard.refuse_raw`).
    """
    part = path.with_name(path.name + ".part")
    if guarded:
        refuse_raw(path, replaces=replaces)
        refuse_raw(part)
    try:
        if part.is_symlink():
            part.unlink()  # else its target would be written
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power, if the system supports it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
