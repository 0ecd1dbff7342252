"""A quick look at raw frames: measurements and a picture of each before any calibration."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import OrchestrateError
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.session.model import FrameInfo
from orchestrator.session.row_order import as_read
from tilecore.detect.metrics import measure
from tilecore.numerics.thumbnail import thumbnail

__all__ = ["FrameLook", "look_at", "picture_of_light", "scores"]

# Longest side (px) of a frame's picture: about that of a screen, for blinking.
PICTURE_SIDE = 1200
# Brightest stars whose fluxes are kept.
RATES = 40


@dataclass(frozen=True)
class FrameLook:
    """Measurements of a raw frame: lengths in px, levels in ADU (of 65535), None if it has too few stars.

    ``score`` is relative to the frames of a session (see :func:`scores`). ``picture`` is (rows, columns) uint8, upright,
    stretched around the sky level of the frame. ``trouble`` is the reason why nothing was measured. ``rates`` are the fluxes
    (ADU per second, per frame if the exposure is unknown) of the brightest stars, brightest first.
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
    rates: tuple[float, ...] = ()


def look_at(info: FrameInfo, side: int = PICTURE_SIDE) -> FrameLook:
    """Measure one raw frame and make a picture of at most ``side`` px width and height; errors are reported in ``trouble``."""
    try:
        data = _pixels(info)
        found = measure(data, info.cfa, trails=False)
    except (OrchestrateError, OSError) as error:
        return FrameLook(info.path, trouble=str(error))
    except Exception as error:  # unexpected pixel values must cost this frame only
        return FrameLook(info.path, trouble=Message("It cannot be measured ({name}: {error}).", name=type(error).__name__,
                                                    error=error))
    levels = [float(np.mean(v)) * FULL_SCALE for v in (found.background, found.noise)]
    rates = found.stars["flux"][:RATES] * FULL_SCALE / (info.exposure or 1)
    return FrameLook(info.path, int(found.star_count), _known(found.fwhm), _known(found.roundness), _known(levels[0]),
                     _known(levels[1]), picture=_picture(data, info.top_down, side), rates=tuple(float(r) for r in rates))


def picture_of_light(info: FrameInfo, side: int) -> NDArray[np.uint8]:
    """A picture of a raw frame of at most ``side`` px, (rows, columns), upright. Raises InputError if it cannot be read."""
    return _picture(_pixels(info), info.top_down, side)


def scores(looks: Sequence[FrameLook]) -> list[FrameLook]:
    """The looks with a score each: the information on point sources, 1 / (FWHM noise)^2, as a percentage of that of a frame with
    the smallest FWHM and the lowest noise of all.

    The score ranks frames for inspection; the weights of a stack are computed from calibrated pixels, tile by tile.
    """
    known = [look for look in looks if look.fwhm and look.noise]
    if not known:
        return list(looks)
    sharpest, quietest = min(k.fwhm or 0 for k in known), min(k.noise or 0 for k in known)
    return [replace(k, score=100 * (sharpest / k.fwhm * quietest / k.noise) ** 2) if k.fwhm and k.noise else k for k in looks]


def _pixels(info: FrameInfo) -> NDArray[np.float32]:
    with frame_files.opened(info.path) as layout:
        return as_read(info, layout).read()


def _picture(data: NDArray[np.float32], top_down: bool, side: int) -> NDArray[np.uint8]:
    h, w = data.shape[-2:]
    small = thumbnail(data, max(round(w * min(side / max(h, w), 1)), 1))
    return np.ascontiguousarray(small if top_down else small[::-1])


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
