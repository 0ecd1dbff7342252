"""Transforms of lights from the WCS in their headers, for tiles of a mosaic that share too few stars."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from astropy.wcs import WCS
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, Frame, FrameSet, saturation_of
from orchestrator.io import frames as frame_files
from orchestrator.io.wcs_header import read_wcs
from orchestrator.session.model import FrameInfo, Session
from tilecore.register.align import apply, fit

__all__ = ["register_by_wcs"]

# Places along each axis of a light at which its WCS is read.
SAMPLES = 9
# Largest error (px, rms) with which a plane transform must describe two WCS.
MAX_MISFIT = 0.5


def register_by_wcs(session: Session, calibrated: CalibrationResult, matched: FrameSet) -> FrameSet | None:
    """The lights placed by their WCS, on the pixels of the reference of ``matched``, or of the first light with a WCS.

    Between gnomonic projections the transform is a homography without error; others are approximated by one. None if no more
    lights would be placed than are ``matched``.
    """
    solutions = [None if reader is None else read_wcs(frame_files.read_header(info.path))
                 for info, reader in zip(session.lights, calibrated.readers, strict=True)]
    known = [index for index, wcs in enumerate(solutions) if wcs is not None]
    if len(known) <= len(matched.usable):
        return None
    reference = matched.reference if matched.reference in known else known[0]
    target, target_wcs = session.lights[reference], solutions[reference]
    assert target_wcs is not None
    frames = []
    for index, (info, wcs) in enumerate(zip(session.lights, solutions, strict=True)):
        reader = calibrated.readers[index]
        frame = Frame(index, info, reader, reason=calibrated.reasons.get(index, ""), saturation=saturation_of(reader))
        frames.append(frame if reader is None else replace(frame, reason="its header has no WCS") if wcs is None else
                      _placed(frame, wcs, target, target_wcs))
    found = replace(matched, frames=tuple(frames), reference=reference, shape=(target.shape[-2], target.shape[-1]),
                    held_out=float("nan"))
    return found if len(found.usable) > len(matched.usable) else None


def _placed(frame: Frame, wcs: WCS, target: FrameInfo, target_wcs: WCS) -> Frame:
    rows, columns = frame.info.shape[-2:]
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, columns - 1, SAMPLES), np.linspace(0, rows - 1, SAMPLES)))
    sky = wcs.all_pix2world(np.stack([x, _in_file(frame.info, y)], axis=1), 0)
    there = np.asarray(target_wcs.all_world2pix(sky, 0, quiet=True), np.float64)
    if not np.isfinite(there).all():
        return replace(frame, reason=f"by its WCS it is far from {target.path.name}")
    there[:, 1] = _in_file(target, there[:, 1])
    here = np.stack([x, y], axis=1)
    matrix = fit(here, there, np.ones(len(here)), "homography")
    misfit = float(np.sqrt(np.mean(np.sum((apply(matrix, here) - there) ** 2, axis=1))))
    if misfit > MAX_MISFIT:
        return replace(frame, reason=f"its WCS and that of {target.path.name} differ by {misfit:.1f} px from a plane transform")
    return replace(frame, matrix=matrix, residual=misfit, method="WCS")


def _in_file(info: FrameInfo, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows as the WCS counts them, of rows as they are read, and the reverse."""
    return info.shape[-2] - 1 - y if info.reading.flipped else y
