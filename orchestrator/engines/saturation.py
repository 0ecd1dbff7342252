"""The level at which the lights of a camera clip: 65535 ADU, or less for 12 and 14 bits that were not scaled to 16."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.engines.no_data import NoData
from orchestrator.io.fits import FULL_SCALE
from orchestrator.session.model import FrameInfo

__all__ = ["saturation_levels"]

# Share of the level at which a camera clips from which its pixels are not linear.
LINEAR = 0.95
# Clipping level (1.0 = 65535 ADU) from which it is that of 16 bits.
FULL = 0.99
# Fewest lights that share their largest value, and fewest pixels of each that have it: neither happens by chance.
LEAST_LIGHTS = 2
LEAST_PIXELS = 2
# BITPIX of files whose numbers are ADU.
SCALED_BITS = 16
# Excess of a pixel over a level (a factor) that is rounding.
ROUNDING = 1 + 1e-6


def saturation_levels(lights: Sequence[FrameInfo], found: Sequence[NoData | None], offset: float) -> list[float]:
    """The level (1.0 = 65535 ADU) of each calibrated light from which its pixels are not linear.

    The largest value of a light at which pixels pile up, and which other lights of the camera share, is where the camera clips.
    Where no such value is found, it is the level that the headers of all lights of the camera name, unless a pixel is above it.
    ``offset`` is the level that the calibration subtracts, in the same unit.
    """
    known: dict[tuple[object, ...], list[tuple[FrameInfo, NoData]]] = {}
    for info, one in zip(lights, found, strict=True):
        if one is not None:
            known.setdefault(_camera(info), []).append((info, one))
    levels = {camera: _clipping_level([n for _, n in own], _named([i for i, _ in own])) for camera, own in known.items()}
    return [LINEAR if (level := levels.get(_camera(info), 1.0)) >= FULL else LINEAR * max(level - offset, 0.0) or LINEAR
            for info in lights]


def _camera(info: FrameInfo) -> tuple[object, ...]:
    return info.camera, info.gain, info.binning, info.bitpix


def _named(lights: Sequence[FrameInfo]) -> float:
    """The level at which the lights of a camera clip according to their headers; 1 if these do not name one. Some programs
    write the largest value of each frame (DATAMAX), which differs."""
    named = {info.saturation for info in lights if info.bitpix == SCALED_BITS and info.reading.unit is None}
    level = named.pop() if len(named) == 1 else None
    return 1.0 if level is None or level <= 0 else min(level / FULL_SCALE, 1.0)


def _clipping_level(lights: Sequence[NoData], named: float) -> float:
    """The level at which the lights of a camera clip, from their pixels or as ``named`` by headers; 1 if not known."""
    level = max(one.top for one in lights)
    clipped = [one for one in lights if one.top == level and one.at_top >= LEAST_PIXELS]
    if len(clipped) >= LEAST_LIGHTS:
        return level
    return named if level <= named * ROUNDING else 1.0
