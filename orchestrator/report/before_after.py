"""One raw frame beside the stack, on the same pixels and with the same stretch."""

from __future__ import annotations

import logging
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import OrchestrateError
from orchestrator.io import frames as frame_files
from orchestrator.io.atomic import whole_file
from orchestrator.report.files import RunFiles
from orchestrator.report.images import PICTURE_QUALITY, picture
from orchestrator.report.model import Picture
from orchestrator.report.same_pixels import aligned_by_stars, small, small_frame, stack_of, stretched
from tilecore.register.align import AlignmentError

__all__ = ["before_after_pictures", "keep_before_after", "like_stack"]

logger = logging.getLogger(__name__)

# Files of the pair in the artifacts of a run.
NAMES = ("before.jpg", "after.jpg")


def like_stack(path: Path, pattern: str | None, stack: NDArray[np.float32]) -> NDArray[np.float32]:
    """The pixels of a raw frame with as many planes as ``stack`` (h, w) or (3, h, w); a mosaic of colours at half its size, large
    frames smaller.

    Raises InputError if the frame cannot be read.
    """
    with frame_files.opened(path) as frame:
        raw = small_frame(frame, pattern if len(frame.shape) == 2 else None)
    if raw.ndim == 3 and stack.ndim == 2 and pattern:
        raw = raw[1]
    elif raw.ndim == 2 and stack.ndim == 3:
        raw = np.repeat(raw[None], 3, axis=0)
    return raw


def keep_before_after(directory: Path) -> None:
    """Make the pair for the report and keep it in the artifacts; a report that is made later does without the raw frames.

    Nothing is made if the reference frame cannot be read, shows too few stars or belongs to a run of several parts, or if the
    files cannot be written: the report does without.
    """
    files = RunFiles(directory)
    reference = str(files.json("registration").get("reference_file") or "")
    layout = stack_of(files)
    if layout is None or not Path(reference).is_file():
        return
    try:
        stack = small(layout)
        frame = aligned_by_stars(like_stack(Path(reference), files.json("scan_input").get("cfa"), stack), stack)
        upright = bool(files.json("registration").get("top_down", True))
        for name, pixels in zip(NAMES, reversed(stretched([stack, frame])), strict=True):
            shown = np.ascontiguousarray(pixels if upright else pixels[::-1])
            _, data = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, PICTURE_QUALITY])
            with whole_file(directory / "artifacts" / name) as stream:
                stream.write(data.tobytes())
    except (AlignmentError, OrchestrateError, OSError, ValueError) as error:
        logger.info("No picture of one frame beside the stack: %s", error)


def before_after_pictures(files: RunFiles) -> tuple[Picture, ...]:
    """The pair that was kept, or nothing."""
    paths = [files.directory / "artifacts" / name for name in NAMES]
    words = (("One frame", "One raw frame, the reference."), ("The stack", "The stack of all frames."))
    found = (picture(path, *title_and_alt) for path, title_and_alt in zip(paths, words, strict=True) if path.is_file())
    pair = tuple(p for p in found if p is not None)
    same = len(pair) == 2 and (pair[0].width, pair[0].height) == (pair[1].width, pair[1].height)
    return pair if same else ()
