"""Colour spaces of pictures: sRGB and Display P3, which shows more saturated reds and greens."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from orchestrator.report.preview import icc_profile

__all__ = ["ColourSpace", "profile_of", "to_display_p3"]

ColourSpace = Literal["srgb", "display-p3"]
FloatArray = NDArray[np.float64]

# Chromaticities x, y of red, green and blue, and of the white of both (D65). Sources: IEC 61966-2-1 (sRGB); SMPTE RP 431-2 with
# the white and the tone curve of sRGB (Display P3, https://www.color.org/chardata/rgb/DisplayP3.xalter).
SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
DISPLAY_P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
WHITE = (0.3127, 0.3290)


def _to_xyz(primaries: tuple[tuple[float, float], ...]) -> FloatArray:
    """Matrix (3, 3) from linear RGB to CIE XYZ; equal parts give the white (Lindbloom, RGB/XYZ matrices)."""
    columns = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in (*primaries, WHITE)]).T
    return np.asarray(columns[:, :3] * np.linalg.solve(columns[:, :3], columns[:, 3]))


def to_display_p3(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """A picture (3, h, w) in sRGB, 0..1, with the values that show the same colours in Display P3.

    Both have the same white and tone curve, so that grey stays as it is; every colour of sRGB is within Display P3.
    """
    matrix = np.linalg.solve(_to_xyz(DISPLAY_P3), _to_xyz(SRGB)).astype(np.float32)
    linear = np.where(picture <= 0.04045, picture / 12.92, ((np.maximum(picture, 0) + 0.055) / 1.055) ** 2.4).astype(np.float32)
    mixed = np.clip(np.einsum("ij,jhw->ihw", matrix, linear), 0, 1)
    curved = np.where(mixed <= 0.0031308, 12.92 * mixed, 1.055 * mixed ** np.float32(1 / 2.4) - 0.055)
    return np.asarray(curved, np.float32)


@cache
def profile_of(space: ColourSpace, colour: bool) -> bytes:
    """The ICC profile of pictures in a colour space; grey pictures (not ``colour``) have the tone curve of both."""
    if space == "srgb" or not colour:
        return icc_profile(colour)
    return resources.files("orchestrator.report").joinpath("data", "display_p3.icc").read_bytes()
