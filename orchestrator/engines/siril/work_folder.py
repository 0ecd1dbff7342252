"""Siril's work folders: frames under safe names, and a file that maps them to their originals."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import InputError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.message import Message
from orchestrator.session.model import FrameInfo, Reading
from orchestrator.session.row_order import as_read, row_order_card
from orchestrator.tools.siril.cli import Expected
from orchestrator.tools.siril.script import safe_name
from tilecore.calibrate.no_data import fill_rows, no_data_mask
from tilecore.cfa.mosaic import flip_vertical

__all__ = ["empty_folder", "expect_frames", "link", "stage", "stage_masters", "unusable_reason", "user_master"]

# BZERO of unsigned 16-bit images, which Siril reads directly; all others are rewritten as float, 1.0 = 65535 ADU.
_UNSIGNED = 32768.0


def empty_folder(folder: Path) -> Path:
    """Recreate the folder empty: Siril never replaces an old .seq file, and reads every frame that it finds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def link(source: Path, target: Path) -> None:
    """Make ``target`` a symbolic link to ``source``, else a hard link, else a copy."""
    source = source.absolute()
    for method in (os.symlink, os.link, shutil.copyfile):
        try:
            method(source, target)
            return
        except (OSError, NotImplementedError):
            if target.is_symlink() or target.exists():
                raise
            if method is shutil.copyfile:
                raise


def stage(frames: Sequence[FrameInfo], folder: Path, base: str, check: Callable[[], None] = lambda: None, *,
          work: Path | None = None) -> None:
    """Link or rewrite frames as ``base_00001.fit`` ... in ``folder``, and record their origins in ``base_origin.json``.

    A single frame is staged twice, since Siril has no sequences of one image; the mean of both is the frame itself. Frames that
    are unpacked are linked to their copies in ``work``; without it the copies are in ``folder`` itself.

    Raises
    ------
    InputError : a frame cannot be read.
    """
    doubled = [*frames, frames[0]] if len(frames) == 1 else list(frames)
    origin: dict[str, str] = {}
    for number, frame in enumerate(doubled, 1):
        check()
        name = safe_name(base, number)
        _stage_one(frame, folder / name, work if frame.decompress else None)  # others have no copy there that is used again
        origin[name] = str(frame.path)
    text = json.dumps(origin, indent=1, ensure_ascii=True)
    (folder / f"{base}_origin.json").write_text(text, encoding="utf-8")


def _stage_one(frame: FrameInfo, target: Path, work: Path | None) -> None:
    as_stored = frame.reading == Reading()
    written = not frame_files.is_plain_fits(frame.path)
    if as_stored and not written and frame.bitpix == 16 and fits_io.image_layout(frame.path).bzero == _UNSIGNED:
        link(frame.path, target)
        return
    plain = frame.path
    if written:
        plain = frame_files.plain_copy(plain, work) if work else frame_files.as_fits(plain, target.parent / "plain")
    layout = as_read(frame, fits_io.image_layout(plain))
    if as_stored and layout.bitpix == 16 and layout.bzero == _UNSIGNED:
        if work:
            link(plain, target)
        else:
            plain.replace(target)
        return
    header = fits_io.read_header(plain)
    for key in ("BZERO", "BSCALE", "BLANK"):
        header.pop(key, None)
    row_order_card(header, frame)
    if frame.reading.trimmed != (0, 0) and frame.cfa is not None:  # named from the top of the picture
        header["BAYERPAT"] = frame.cfa if frame.top_down else flip_vertical(frame.cfa, frame.shape[-2])
        for key in ("XBAYROFF", "YBAYROFF"):
            header.pop(key, None)
    fits_io.write(target, _without_gaps(layout), header)
    if written and not work:
        plain.unlink()


def _without_gaps(layout: fits_io.ImageLayout) -> NDArray[np.float32]:
    """The pixels of a frame; those without data have the level of their row, since Siril would take them for dark pixels."""
    data = layout.read(keep_nan=True)
    missing = no_data_mask(data)
    if missing.any() and not missing.all():
        fill_rows(data, missing)
    return np.nan_to_num(data, copy=False, nan=0.0, posinf=0.0, neginf=0.0)


def stage_masters(masters: dict[str, Path], folder: Path) -> dict[str, str]:
    """Link masters into ``folder``; returns kind -> name for the script, without the extension, as Siril expects it."""
    for kind, path in masters.items():
        link(path, folder / f"master_{kind}.fit")
    return {kind: f"master_{kind}" for kind in masters}


def unusable_reason(frame: FrameInfo, shape: tuple[int, ...]) -> str:
    """Why Siril cannot use the frame, "" if it can. A single bad frame would end the whole script."""
    try:
        if frame.decompress:
            frame_files.check_packed(frame.path)
            return ""
        layout = as_read(frame, frame_files.image_layout(frame.path))
    except OrchestrateError as error:
        return error.message
    if layout.shape != shape:
        return Message("its size {shape} is not that of the others {shape2}", shape=layout.shape, shape2=shape)
    return ""


def expect_frames(folder: Path, base: str, numbers: Sequence[int], shape: tuple[int, ...]) -> tuple[Expected, ...]:
    """The frames that a step must write: each at least as large as its pixels in 32 bits."""
    size = int(np.prod(shape)) * 4
    return tuple(Expected(folder / safe_name(base, number), size, image=True) for number in numbers)


def user_master(frame: FrameInfo, target: Path, shape: tuple[int, ...]) -> Path:
    """Write a master given by the user to ``target``, as float32 with 1.0 = 65535 ADU.

    Raises
    ------
    InputError : the master cannot be read, or its size differs from that of the lights.
    """
    plain = frame_files.as_fits(frame.path, target.parent / "plain") if frame.decompress else None
    data = as_read(frame, fits_io.image_layout(plain) if plain else frame_files.image_layout(frame.path)).read()
    if plain is not None:
        shutil.rmtree(target.parent / "plain", ignore_errors=True)
    if data.shape != shape:
        raise InputError(Message("The master {frame} has the size {shape}, the lights have {shape2}.", frame=frame.path,
                                 shape=data.shape, shape2=shape),
                         "Give a master of the same camera and binning.")  # fmt: skip
    fits_io.write(target, data)
    return target
