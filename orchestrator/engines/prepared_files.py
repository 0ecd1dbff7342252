"""Copies of calibration frames in the run's work folder, with another scale or row order, or without outliers in few frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.engines.frame_levels import Measured
from orchestrator.engines.native.masters import BAND_BYTES
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import FULL_SCALE
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Reading, Role
from tilecore.calibrate.consistency import few_frame_outliers, temporal_noise

__all__ = ["Change", "Changed", "changed_files", "write_master"]

FOLDER = "prepared"
# Rows that give the noise between two frames.
NOISE_ROWS = 64
# Cards that no longer hold for a copy.
STALE_CARDS = ("BZERO", "BSCALE", "BLANK", "ROWORDER")


@dataclass(frozen=True)
class Change:
    """Change of the pixels of some frames: a factor, and a mirroring ("top to bottom", "left to right", "both ways")."""

    scale: float = 1.0
    mirror: str = ""

    def apply(self, data: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.mirror in ("top to bottom", "both ways"):
            data = data[..., ::-1, :]
        if self.mirror in ("left to right", "both ways"):
            data = data[..., ::-1]
        return np.ascontiguousarray(data if self.scale == 1.0 else data * np.float32(self.scale), np.float32)


@dataclass(frozen=True)
class Changed:
    """The frames to use, and the share of their pixels that were outliers."""

    frames: list[Measured]
    share: float = 0.0


def write_master(context: RunContext, role: Role, data: NDArray[np.float32]) -> Path:
    """Write a prepared master, 1.0 = 65535 ADU."""
    path = context.work / FOLDER / f"prepared_{role.value}.fit"
    path.parent.mkdir(parents=True, exist_ok=True)
    fits_io.write(path, np.asarray(data, np.float32), fits.Header({"PROGRAM": "orchestrate"}))
    return path


def changed_files(context: RunContext, role: Role, frames: Sequence[Measured], few: int, change: Change) -> Changed:
    """The frames, as copies where they must change: by ``change``, or to replace outliers if there are two to ``few`` frames."""
    comparable = 2 <= len(frames) <= few and len({f.info.exposure for f in frames if role is not Role.FLAT}) <= 1
    outliers = _outliers(role, frames, min(context.band_budget, BAND_BYTES)) if comparable else None
    if change == Change() and outliers is None:
        return Changed(list(frames))
    folder = context.work / FOLDER  # no folder of raw frames has this name, so that files may be written to it
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    for number, frame in enumerate(frames):
        context.check()
        data = frame.layout.read()
        if outliers is not None:
            data[outliers.where[number]] = outliers.values[number]
        path = folder / f"{role.value}_{number}_{frame.info.path.stem}.fit"
        _write(path, change.apply(data), frame)
        layout = fits_io.image_layout(path, scratch=True)
        copies.append(replace(frame, info=replace(frame.info, path=path, bitpix=layout.bitpix, decompress=False,
                                                   reading=Reading()), layout=layout))
    return Changed(copies, 0.0 if outliers is None else outliers.share)


@dataclass(frozen=True)
class _Outliers:
    """For each frame the (rows, columns) of its outliers and the values of the others there; their share of all pixels."""

    where: list[tuple[NDArray[np.int64], ...]]
    values: list[NDArray[np.float32]]
    share: float


def _outliers(role: Role, frames: Sequence[Measured], band_bytes: int) -> _Outliers | None:
    """Outliers of a few frames, None if there are none."""
    medians = np.array([f.levels.median for f in frames], np.float32) / np.float32(FULL_SCALE)
    if np.any(medians <= 0) and role is Role.FLAT:
        return None
    # Flats fade, darks warm up: frames are compared at the level of the first.
    factors = medians[0] / medians if role is Role.FLAT else np.ones(len(frames), np.float32)
    shifts = np.zeros(len(frames), np.float32) if role is Role.FLAT else medians - medians[0]
    *planes, rows, columns = frames[0].layout.shape
    wide = (slice(None), *(None for _ in (*planes, rows, columns)))

    def read(first: int, last: int) -> NDArray[np.float32]:
        level: NDArray[np.float32] = np.stack([f.layout.read(first, last) for f in frames]) * factors[wide] - shifts[wide]
        return level

    band = int(np.clip(band_bytes // (16 * len(frames) * columns * (planes[0] if planes else 1)), 1, rows))
    middle = read(rows // 2, rows // 2 + min(band, NOISE_ROWS))
    noise = max(temporal_noise(middle[0], middle[1]), 0.5 / FULL_SCALE)
    where: list[list[NDArray[np.int64]]] = [[] for _ in frames]
    values: list[list[NDArray[np.float32]]] = [[] for _ in frames]
    for first in range(0, rows, band):
        mask, usual = few_frame_outliers(read(first, first + band), float(medians[0]), noise)
        for k in range(len(frames)):
            at = np.argwhere(mask[k])
            values[k].append((usual[mask[k]] + shifts[k]) / factors[k])
            at[:, -2] += first
            where[k].append(at)
    places = [np.concatenate(w) for w in where]
    count = sum(len(p) for p in places)
    if not count:
        return None
    share = count / (len(frames) * float(np.prod(frames[0].layout.shape)))
    return _Outliers([tuple(p.T) for p in places], [np.concatenate(v).astype(np.float32) for v in values], share)


def _write(path: Path, data: NDArray[np.float32], frame: Measured) -> None:
    """Write whole ADU as 16 bits, as raw frames are, else float."""
    header = frame_files.read_header(frame.info.path)
    for card in STALE_CARDS:
        header.pop(card, None)
    header["PROGRAM"] = "orchestrate"
    adu = data.astype(np.float64) * FULL_SCALE
    whole = np.rint(adu)
    if frame.layout.bitpix == 16 and np.all(np.abs(adu - whole) < 0.02) and whole.min() >= 0 and whole.max() <= FULL_SCALE:
        fits_io.write(path, whole.astype(np.uint16), header)
    else:
        fits_io.write(path, data, header)
