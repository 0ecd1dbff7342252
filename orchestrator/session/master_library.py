"""The library: a folder of masters shared by sessions and projects, matched by their headers and named after them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.raw_guard import raw_folder_of
from orchestrator.message import Message
from orchestrator.session.headers import frame_info, role_from_text
from orchestrator.session.model import FrameInfo, Role
from orchestrator.session.row_order import row_order_card
from orchestrator.session.shared_calibration import Spare
from tilecore.cfa.mosaic import flip_vertical

__all__ = ["library_folder", "library_masters", "name_from_header", "save_to_library"]


def library_folder(config: RunConfig) -> Path | None:
    """``calibration.library``, else the folder in the environment variable ORCHESTRATE_MASTERS, else None."""
    if config.calibration.library is not None:
        return config.calibration.library.expanduser()
    named = os.environ.get("ORCHESTRATE_MASTERS")
    return Path(named).expanduser() if named else None


def library_masters(config: RunConfig) -> list[Spare]:
    """The masters of the library, newest first, so that the newest of several matches is used.

    Raises
    ------
    InputError : the folder does not exist, and ``calibration.save_to_library`` is off.
    """
    folder = library_folder(config)
    if folder is None or (not folder.exists() and config.calibration.save_to_library):
        return []
    if not folder.is_dir():
        raise InputError(Message("calibration.library: {folder} is not a folder.",
                                 folder=folder), "Correct the path, or leave the setting out.")
    found: list[FrameInfo] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and frame_files.is_frame(p)):
        try:
            header = frame_files.read_header(path)
            role = role_from_text(str(header.get("IMAGETYP") or header.get("FRAME") or path.name))
            compressed = frame_files.is_packed(path)
            shape = fits_io.image_shape(path, header)
            if role in (None, Role.LIGHT):
                continue
            found.append(frame_info(path, header, role, shape, compressed=compressed))
        except InputError:  # unreadable files are skipped
            continue
    found.sort(key=lambda i: i.path.name)
    found.sort(key=lambda i: i.time.isoformat() if i.time else "", reverse=True)
    return [Spare(role, Message("the library {folder}", folder=folder), tuple(i for i in found if i.role is role), master=True)
            for role in (Role.BIAS, Role.DARK, Role.FLAT, Role.DARKFLAT) if any(i.role is role for i in found)]


def name_from_header(info: FrameInfo, kind: str) -> str:
    """A file name without extension, such as "master_dark_ASI2600MM_g100_o50_bin1_60s_-10C_20250115"; ``kind`` comes first."""
    parts = [kind, info.camera]
    parts += [info.filter] if info.role in (Role.FLAT, Role.LIGHT) else []
    parts += [f"g{info.gain:g}" if info.gain is not None else None, f"o{info.offset:g}" if info.offset is not None else None,
              f"bin{info.binning[0]}" if info.binning[0] == info.binning[1] else f"bin{info.binning[0]}x{info.binning[1]}"]
    if info.role is not Role.BIAS and info.exposure is not None:
        parts.append(f"{info.exposure:g}s")
    if info.role is Role.DARK and info.temperature is not None:
        parts.append(f"{round(info.temperature)}C")
    if info.role is Role.FLAT and info.rotation is not None:
        parts.append(f"rot{round(info.rotation)}")
    parts.append(f"{info.time:%Y%m%d}" if info.time else None)
    return "_".join(re.sub(r"[^\w.+-]+", "-", p) for p in parts if p)


def save_to_library(folder: Path, role: Role, master: Path, frames: Sequence[FrameInfo]) -> Path | None:
    """Copy a master made of ``frames`` into the library, under a name made from their headers. Existing files are kept.

    Returns the file, None if one of that name exists. Raises RunError if the folder is not writable.
    """
    first = frames[0]
    target = folder / f"{name_from_header(first, f'master_{role.value}')}.fit"
    if target.exists():
        return None
    raw = raw_folder_of(folder.resolve())
    if raw is not None and any(role_from_text(p.name) is Role.LIGHT for p in raw.parent.iterdir() if p.is_dir()):
        raise RunError(Message("The library {folder} is in the session {parent}, to which nothing is written.", folder=folder,
                               parent=raw.parent),
                       "Correct calibration.library.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(Message("The library {folder} cannot be created: {strerror}.", folder=folder,
                               strerror=error.strerror), "Correct calibration.library.") from error
    fits_io.write(target, np.asarray(fits_io.image_layout(master).read(), np.float32), _header(role, frames), guarded=False)
    return target


def _header(role: Role, frames: Sequence[FrameInfo]) -> fits.Header:
    first = frames[0]
    header = fits.Header()
    header["IMAGETYP"] = (f"Master {role.value.title()}", "kind of frame")
    header["STACKCNT"] = (len(frames), "frames combined")
    temperatures = [i.temperature for i in frames if i.temperature is not None]
    for key, value in (("EXPTIME", first.exposure), ("GAIN", first.gain), ("OFFSET", first.offset),
                       ("CCD-TEMP", float(np.median(temperatures)) if temperatures else None), ("INSTRUME", first.camera),
                       ("FILTER", first.filter), ("ROTATANG", first.rotation),
                       ("DATE-OBS", first.time.isoformat(timespec="seconds") if first.time else None)):
        if value is not None:
            header[key] = value
    row_order_card(header, first)
    if first.cfa:  # the pattern is named from the top of the picture
        header["BAYERPAT"] = first.cfa if first.top_down else flip_vertical(first.cfa, first.shape[-2])
    header["XBINNING"], header["YBINNING"] = first.binning
    header["PROGRAM"] = "orchestrate"
    return header
