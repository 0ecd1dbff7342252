"""Masters of the native engine, combined in bands of rows to bound the memory."""

from __future__ import annotations

import contextlib
import logging
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.engines.native.master_rows import mark_no_data
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import FULL_SCALE, ImageLayout
from orchestrator.message import Message
from orchestrator.rundir.directory import file_hash
from orchestrator.runtime.cache import key_of, pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.session.row_order import as_read, row_order_card
from tilecore.calibrate.masters import combine_masters
from tilecore.calibrate.no_data import fill_from_others
from tilecore.numerics.statistics import median

__all__ = ["combine", "master_from", "plain_layout", "synthetic_level"]

logger = logging.getLogger(__name__)

# Memory for a band of rows of all frames.
BAND_BYTES = 128 * 2**20


def synthetic_level(adu: float | None) -> float:
    """A synthetic bias in ADU, converted to pixel values (1.0 = 65535 ADU); 0 for None."""
    return (adu or 0.0) / FULL_SCALE


def master_from(session: Session, role: Role, context: RunContext, shape: tuple[int, ...], *,
                subtract: Path | None = None, pedestal: float = 0.0) -> Path | None:
    """Write the master of a role to ``outputs/calibration``, from the user's file or the session's frames; None without either.

    ``subtract`` (a master) and ``pedestal`` (a level) are subtracted from each raw flat, which is then scaled to the median of
    the first. A given master is complete (see :mod:`orchestrator.engines.prepared_calibration`).
    """
    target = context.calibration / f"master_{role.value}.fit"
    given = session.masters.get(role)
    if given is not None:
        data = plain_layout(given, context.work).read()
        if data.shape[-2:] != tuple(shape[-2:]):
            raise InputError(Message("The master {role} {given} has shape {shape}, the lights have {shape2}.", role=role.value,
                                     given=given.path, shape=data.shape, shape2=shape),
                             "Give a master of the same camera, binning and area.")
        _save(target, data, 1, given)
        logger.info("Master %s: the given file %s", role.value, given.path)
        return target
    layouts, infos = [], []
    for info in session.frames.get(role, ()):
        try:
            layout = plain_layout(info, context.work)
            # The pixels of compressed frames are read here for the first time.
            if info.decompress and (damage := fits_io.damage(layout)):
                raise InputError(f"{damage}.", "Copy it again, or retake it.")
            layouts.append(layout)
            infos.append(info)
        except InputError as error:
            context.warn(Message("{info} is not used: {error}", info=info.path, error=error.message))
    if not layouts:
        return None
    key = ""
    if context.cache is not None:
        with contextlib.suppress(OSError):  # reported when they are combined
            key = key_of("masters", role, [pixels_id(layout) for layout in layouts], subtract and file_hash(subtract), pedestal,
                         context.config.calibration.rejection_sigma, replace(infos[0], path=Path()))
            if context.cache.get_file("masters", key, target):
                logger.info("Master %s of %d frames, from the session cache: %s", role.value, len(layouts), target)
                return target
    base = fits_io.image_layout(subtract).read() if subtract is not None else None
    data = combine(layouts, role, context, base, pedestal)
    _save(target, data, len(layouts), infos[0])
    logger.info("Master %s made from %d frames: %s", role.value, len(layouts), target)
    if context.cache is not None and key:
        context.cache.put_file("masters", key, target)
    return target


def plain_layout(info: FrameInfo, work: Path) -> ImageLayout:
    """Layout of a frame, which is unpacked into ``work`` first if necessary."""
    if not frame_files.is_packed(info.path):
        return as_read(info, frame_files.image_layout(info.path))
    return as_read(info, fits_io.image_layout(frame_files.plain_copy(info.path, work), scratch=True))


def combine(layouts: list[ImageLayout], role: Role, context: RunContext, base: NDArray[np.float32] | None,
            pedestal: float) -> NDArray[np.float32]:
    """The mean of frames with winsorized rejection, less ``base`` and ``pedestal``; flats are scaled to equal medians."""
    rows, columns = layouts[0].shape[-2:]
    factors = np.ones(len(layouts))
    if role is Role.FLAT:
        # Twilight and light panels fade: flats are scaled to a common level before they are compared.
        levels = (flat.read(keep_nan=True) - (0 if base is None else base) for flat in layouts)
        medians = np.array([median(level[~np.isnan(level)]) - pedestal for level in levels])
        if np.any(medians <= 0):
            raise InputError(Message("The flats of {parent} are darker than their bias.", parent=layouts[0].path.parent),
                             "Check the exposure of the flats and calibration.synthetic_bias.")
        factors = medians[0] / medians
    values = len(layouts) * math.prod(layouts[0].shape[:-2]) * columns
    fitting = min(context.band_budget, BAND_BYTES) // (8 * values * context.workers)
    band = int(np.clip(min(fitting, -(-rows // (4 * context.workers))), 1, rows))
    starts = range(0, rows, band)
    raw = role is not Role.FLAT and all(layout.bitpix > 0 for layout in layouts)
    quantum = 1 / FULL_SCALE if raw else 0.0
    out = np.empty(layouts[0].shape, np.float32)
    masks: dict[int, NDArray[np.bool_]] = {}

    def one(start: int) -> None:
        context.check()
        stop = min(start + band, rows)
        stack = np.stack([layout.read(start, stop, keep_nan=True) for layout in layouts])
        mark_no_data(stack, layouts, start, masks)
        if base is not None:
            stack -= base[..., start:stop, :]
        if pedestal:
            stack -= np.float32(pedestal)
        stack *= factors.reshape(-1, *(1 for _ in layouts[0].shape)).astype(np.float32)
        flat = stack.reshape(len(layouts), -1, columns)  # the planes of colour frames one below the other
        fill_from_others(flat)
        mean = combine_masters(flat, context.config.calibration.rejection_sigma, quantum)
        out[..., start:stop, :] = mean.reshape(stack.shape[1:])

    with ThreadPoolExecutor(context.workers) as pool:
        for done, _ in enumerate(pool.map(one, starts), 1):
            context.progress(done, len(starts), f"master {role.value}")
    return out


def _save(path: Path, data: NDArray[np.float32], count: int, info: FrameInfo) -> None:
    header = fits.Header()
    header["IMAGETYP"] = (f"Master {info.role.value.title()}", "kind of frame")
    header["STACKCNT"] = (count, "frames combined")
    for key, value in (("EXPTIME", info.exposure), ("GAIN", info.gain), ("OFFSET", info.offset),
                       ("CCD-TEMP", info.temperature), ("INSTRUME", info.camera), ("FILTER", info.filter)):
        if value is not None:
            header[key] = value
    header["XBINNING"], header["YBINNING"] = info.binning
    row_order_card(header, info)
    header["PROGRAM"] = "orchestrate"
    fits_io.write(path, data, header)
