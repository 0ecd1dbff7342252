"""A first look at raw frames: what each tells of itself before anything is calibrated, and a picture of it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.session.model import FrameInfo
from tilecore.detect.metrics import measure
from tilecore.numerics.thumbnail import thumbnail

__all__ = ["FrameLook", "look_at", "scores"]

# Longest side of a frame's picture: a screen's, for blinking.
PICTURE_SIDE = 1200


@dataclass(frozen=True)
class FrameLook:
    """What a raw frame tells: lengths in px, levels in ADU (of 65535), None where it has too few stars.

    ``score`` is only known among the frames of a session (see :func:`scores`). ``picture`` is (rows, columns) uint8,
    stretched about the frame's own sky, upright. ``trouble`` says why nothing was measured.
    """

    path: Path
    stars: int | None = None
    fwhm: float | None = None
    roundness: float | None = None
    background: float | None = None
    noise: float | None = None
    score: float | None = None
    trouble: str = ""
    picture: NDArray[np.uint8] | None = None


def look_at(info: FrameInfo, side: int = PICTURE_SIDE) -> FrameLook:
    """Measure one raw frame and make a picture of it, at most ``side`` px wide and high; what is wrong is told in ``trouble``."""
    try:
        data = _pixels(info)
        found = measure(data, info.cfa, trails=False)
    except (OrchestrateError, OSError) as error:
        return FrameLook(info.path, trouble=str(error))
    except Exception as error:  # pixels that no detector expects must cost this frame only
        return FrameLook(info.path, trouble=f"It cannot be measured ({type(error).__name__}: {error}).")
    levels = [float(np.mean(v)) * fits_io.FULL_SCALE for v in (found.background, found.noise)]
    return FrameLook(info.path, int(found.star_count), _known(found.fwhm), _known(found.roundness), _known(levels[0]),
                     _known(levels[1]), picture=_picture(data, info.top_down, side))


def scores(looks: Sequence[FrameLook]) -> list[FrameLook]:
    """The looks with a score each: the information on point sources, 1 / (FWHM noise)^2, in per cent of a frame that had the
    sharpest stars and the lowest noise of all.

    It orders frames for a person's eye; the weights of a stack are made of calibrated pixels, tile by tile.
    """
    known = [look for look in looks if look.fwhm and look.noise]
    if not known:
        return list(looks)
    sharpest, quietest = min(k.fwhm or 0 for k in known), min(k.noise or 0 for k in known)
    return [replace(k, score=100 * (sharpest / k.fwhm * quietest / k.noise) ** 2) if k.fwhm and k.noise else k for k in looks]


def _pixels(info: FrameInfo) -> NDArray[np.float32]:
    if not info.decompress:
        return fits_io.image_layout(info.path).read()
    with tempfile.TemporaryDirectory(prefix="orchestrate-") as folder:
        return fits_io.image_layout(fits_io.decompress(info.path, Path(folder))).read()


def _picture(data: NDArray[np.float32], top_down: bool, side: int) -> NDArray[np.uint8]:
    h, w = data.shape[-2:]
    small = thumbnail(data, max(round(w * min(side / max(h, w), 1)), 1))
    return np.ascontiguousarray(small if top_down else small[::-1])


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
