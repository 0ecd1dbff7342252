"""The calibrated and the registered lights of a run as FITS files, for other programs."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.siril.sequence_file import SeqImage, Sequence, file_matrix, format_seq
from orchestrator.errors import ConfigError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.atomic import whole_file
from orchestrator.io.wcs_header import WCS_CARDS
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.executor import Job
from orchestrator.session.row_order import row_order_card
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import noise_by_channel, picture_of
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.frame_reading import FrameNormalization, Warping, read_block
from orchestrator.stacking.master_tiles import covered_part
from orchestrator.stacking.state import RunState
from tilecore.cfa.mosaic import flip_vertical
from tilecore.resample.warp import Slot

__all__ = ["write_frame_files"]

# Beginning of the names, which Siril reads as a sequence: light_00001.fit is the first light of the session.
NAME = "light_"
# Cards that no longer hold: scale of the samples, checksums, position of the CFA pattern.
STALE = ("BZERO", "BSCALE", "BLANK", "CHECKSUM", "DATASUM", "XBAYROFF", "YBAYROFF", "BAYERPAT", "DATAMIN", "DATAMAX", "BUNIT")
STRUCTURE = ("SIMPLE", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "NAXIS3", "EXTEND", "XTENSION", "PCOUNT", "GCOUNT")
# Letters of CALSTAT by the master that was used.
CALIBRATION = {"bias": "B", "dark": "D", "flat": "F"}


@dataclass(frozen=True)
class _FilesJob(Job):
    """``folder``: that of the files; ``status``: CALSTAT; ``crop``: registered frames are cut to the part that they cover;
    ``noise``: (channels,) of a pixel by index of the frame, from which steep cores are recognized."""

    folder: Path
    frames: FrameSet
    plan: CanvasPlan
    status: str
    crop: bool = False
    noise: dict[int, NDArray[np.float64]] = field(default_factory=dict)


def write_frame_files(context: RunContext, state: RunState) -> dict[str, int]:
    """Write what ``output.calibrated`` and ``output.registered`` ask for; the number of files by folder.

    ``outputs/calibrated`` has each light that can be read, on its own pixels, and ``light_.seq``, with which Siril registers them
    as this run did. ``outputs/registered`` has the lights that could be registered, on the canvas, neither normalised nor
    weighted; CFA mosaics are demosaiced as the canvas requires, and pixels without data are 0. Both are float32, 1.0 = 65535 ADU.

    Raises
    ------
    ConfigError : the engine exports registered frames only. RunError : a file cannot be written.
    """
    output, frames, written = context.config.output, state.frames, {}
    status = "".join(letter for kind, letter in CALIBRATION.items() if kind in state.calibrated.masters)
    if output.calibrated:
        if frames.registered_pixels:
            raise ConfigError("output.calibrated cannot be combined with engine.siril.output: frames.",
                              "Set engine.siril.output to transforms, or use output.registered.")
        job = _FilesJob(context.folder("outputs/calibrated"), frames, state.plan, status, check=context.check)
        readable = [f for f in frames.frames if f.reader is not None]
        written["calibrated"] = _write_all(context, _write_calibrated, job, readable)
        _write_sequence(context, job.folder, frames, readable)
    if output.registered:
        crop = bool(panels_of(frames).any())
        noise = {frame.index: noise_by_channel(state.plan, measured.noise)
                 for frame, measured in zip(frames.usable, state.measurements, strict=True)}
        job = _FilesJob(context.folder("outputs/registered"), frames, state.plan, status, crop, noise, check=context.check)
        written["registered"] = _write_all(context, _write_registered, job, list(frames.usable))
    return written


def _write_all(context: RunContext, function: Callable[[_FilesJob, Frame, int], bool], job: _FilesJob,
               frames: list[Frame]) -> int:
    _check_disk(job, frames)
    at_once = context.frames_at_once((3, *job.plan.shape))
    made = 0
    for done, written in enumerate(context.executor.frames(function, job, frames, at_once=at_once), 1):
        made += written
        context.progress(done, len(frames), Message("writing {folder} frames", folder=job.folder.name))
    return made


def _check_disk(job: _FilesJob, frames: list[Frame]) -> None:
    """RunError if the files do not fit on the disk."""
    colours = 3 if job.frames.channels == 3 or len(job.plan.channels) > 1 else 1
    on_canvas = job.folder.name == "registered" and not job.crop
    needed = sum(4 * colours * math.prod(job.plan.shape if on_canvas else frame.shape) for frame in frames) / 2**30
    if (free := shutil.disk_usage(job.folder).free / 2**30) < needed:
        raise RunError(Message("{folder} has {free:.1f} GiB free, its {count} frames need {needed:.1f} GiB.",
                               folder=job.folder, free=free, count=len(frames), needed=needed),
                       Message("Free some space, or set output.{folder} to false.", folder=job.folder.name))


def _name(frame: Frame) -> str:
    return f"{NAME}{frame.index + 1:05d}.fit"


def _write_calibrated(job: _FilesJob, frame: Frame, threads: int) -> bool:
    job.stop_if_asked()
    data = frame.pixels.read()
    header = _header(frame, job.status, f"calibrated from {frame.info.path.name}")
    if job.frames.channels == 1 and frame.info.cfa is not None:
        header["BAYERPAT"] = frame.info.cfa if frame.info.top_down else flip_vertical(frame.info.cfa, data.shape[-2])
    fits_io.write(job.folder / _name(frame), data, header)
    return True


def _write_registered(job: _FilesJob, frame: Frame, threads: int) -> bool:
    job.stop_if_asked()
    plan = job.plan
    part = covered_part(plan, (frame,)) if job.crop else Block(0, plan.channel_shape[0], 0, plan.channel_shape[1])
    if part is None:
        return False
    channels = len(plan.channels)
    cube, valid = np.zeros((channels, 1, *part.shape), np.float32), np.zeros((1, *part.shape), np.float32)
    as_it_is = FrameNormalization(np.ones(channels, np.float32), np.zeros((channels, 1, 1)))
    read_block(plan, frame, part, as_it_is, Slot(cube, valid, 0), Warping(noise=job.noise[frame.index]))
    data = _without_gaps(picture_of(plan, cube[:, 0]), valid[0])
    header = _header(frame, job.status, f"registered from {frame.info.path.name}")
    finer = plan.step if plan.mode == "last" else 1
    header["LTV1"] = (-float(part.x0 * finer), "[px] of this file minus pixel of the stack")
    header["LTV2"] = (-float(part.y0 * finer), "[px] of this file minus pixel of the stack")
    for key in ("XPIXSZ", "YPIXSZ"):  # a superpixel is two pixels wide
        if key in header:
            header[key] = float(header[key]) * plan.step / finer
    fits_io.write(job.folder / _name(frame), data, header)
    return True


def _without_gaps(data: NDArray[np.float32], valid: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture with 0 where the frame has no data; demosaicing spreads pixels into such places."""
    finer = data.shape[-1] // valid.shape[-1]
    known = np.kron(valid > 0, np.ones((finer, finer), np.bool_)) if finer > 1 else valid > 0
    return np.ascontiguousarray(np.where(known, data, np.float32(0)))


def _header(frame: Frame, status: str, what: str) -> fits.Header:
    """The cards of the light, without those that do not hold for its calibrated pixels."""
    source = frame_files.read_header(frame.info.path)
    header = fits.Header([card for card in source.cards
                          if card.keyword not in (*STRUCTURE, *STALE) and not WCS_CARDS.fullmatch(card.keyword)])
    row_order_card(header, frame.info)
    if status:
        header["CALSTAT"] = (status, "bias, dark, flat")
    header["HISTORY"] = what.encode("ascii", "backslashreplace").decode()
    return header


def _write_sequence(context: RunContext, folder: Path, frames: FrameSet, readable: list[Frame]) -> None:
    """Write ``light_.seq`` with the transforms, where these are all that brings the frames together."""
    path = folder / f"{NAME}.seq"
    path.unlink(missing_ok=True)
    if any(frame.lens is not None for frame in readable) or len({frame.shape for frame in readable}) > 1:
        context.events.emit("note", message=
                            Message("No {path} is written: sequences of Siril have no lenses, and frames of one size.",
                                    path=path.name))
        return
    height = frames.shape[0]
    images = tuple(SeqImage(f.index + 1, f.matrix is not None,
                            None if f.matrix is None else file_matrix(f.matrix, f.shape[0], height), 0.0, f.matched_stars)
                   for f in readable)
    reference = next((k for k, f in enumerate(readable) if f.index == frames.reference), 0)
    with whole_file(path) as stream:
        stream.write(format_seq(Sequence(NAME, reference, images), frames.channels).encode())
