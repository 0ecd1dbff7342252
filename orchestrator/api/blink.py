"""An animation of the registered frames of a session, which shows clouds, trails and jumps at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from orchestrator.errors import ConfigError, InputError
from orchestrator.io.atomic import whole_file
from orchestrator.stacking.frame_scores import FrameScore

__all__ = ["MOST_FRAMES", "SUFFIXES", "write_blink"]

SUFFIXES = {".gif": "GIF", ".png": "PNG", ".apng": "PNG", ".webp": "WEBP"}
# Maximum number of frames; more are thinned out evenly to keep the file small.
MOST_FRAMES = 200
# Magnification of the thumbnails.
MAGNIFICATION = 4
# Time per frame in ms.
FRAME_TIME = 180
# Height of the caption in pixels.
CAPTION = 14


def write_blink(path: Path, scores: Sequence[FrameScore], left_out: Sequence[str], thumbnails: Sequence[NDArray[np.uint8]],
                matrices: Sequence[NDArray[np.float64]], shape: tuple[int, int], *, top_down: bool = True) -> int:
    """Write an animated GIF, PNG or WebP of thumbnails (grey, all of one shape) registered to the reference; returns the number
    of frames in it.

    ``matrices`` map pixels of a frame of ``shape`` (rows, columns) to pixels of the reference. Frames that are left out have a
    dark caption.

    Raises
    ------
    ConfigError : the suffix of the file is not one of :data:`SUFFIXES`. InputError : there are no frames.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise ConfigError(f"--blink {path}: {path.suffix!r} is not an animation format.", f"Use {', '.join(SUFFIXES)}.")
    if not scores:
        raise InputError("There are no frames to show.", "See `orchestrate frames SESSION --scored`.")
    chosen = np.unique(np.linspace(0, len(scores) - 1, min(len(scores), MOST_FRAMES)).round().astype(int))
    pictures = [_picture(scores[i], left_out[i], thumbnails[i], matrices[i], shape, top_down) for i in chosen]
    options = {"duration": FRAME_TIME, "loop": 0, "save_all": True, "append_images": pictures[1:]}
    with whole_file(path) as stream:
        pictures[0].save(stream, kind, **options, **({"quality": 70} if kind == "WEBP" else {"optimize": True}))
    return len(pictures)


def _picture(score: FrameScore, left_out: str, thumbnail: NDArray[np.uint8], matrix: NDArray[np.float64],
             shape: tuple[int, int], top_down: bool) -> Image.Image:
    """The registered thumbnail with a line of text below."""
    rows, columns = thumbnail.shape
    # Thumbnail pixel -> frame pixel; pixel centres are at integers.
    sx, sy = shape[1] / columns, shape[0] / rows
    to_frame = np.array([[sx, 0, (sx - 1) / 2], [0, sy, (sy - 1) / 2], [0, 0, 1]])
    shrunk = np.linalg.inv(to_frame) @ matrix @ to_frame
    enlarge = np.array([[MAGNIFICATION, 0, (MAGNIFICATION - 1) / 2], [0, MAGNIFICATION, (MAGNIFICATION - 1) / 2], [0, 0, 1]])
    size = (columns * MAGNIFICATION, rows * MAGNIFICATION)
    moved = cv2.warpPerspective(thumbnail, enlarge @ shrunk, size, flags=cv2.INTER_LINEAR)
    moved = moved if top_down else moved[::-1]
    canvas = np.zeros((size[1] + CAPTION, size[0]), np.uint8)
    canvas[: size[1]] = moved
    image = Image.fromarray(canvas)
    remark = "left out" if left_out else ", ".join(c.name for c in score.conditions)
    text = f"{score.number}  FWHM {score.fwhm:.2f}  G {score.score:.2f}  {remark}"
    # The built-in font of Pillow only has Latin letters.
    ImageDraw.Draw(image).text((3, size[1] + 1), text.encode("ascii", "replace").decode(), fill=110 if left_out else 255)
    return image
