"""H-alpha and [O III] from the channels of a colour camera behind a dual-band filter (METHODS 12).

Red records H-alpha, green and blue record [O III], but each channel also records a few percent of the other line. Above the sky,
a pixel is ``(R, G, B) = H (1, g, b) + O (r, 1, s)``. The cross-talk is measured on the nebula itself: no place is darker in one
line than nothing, so the smallest ratios G/R and B/R where red is bright are those of H-alpha alone, and the smallest R/G where
green is bright is that of [O III] alone. If the nebula nowhere shows a line alone, these are upper limits; they are limited to
what sensors have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma

__all__ = ["CrossTalk", "line_images", "measure_crosstalk"]

FloatArray = NDArray[np.float64]

# Side (px) of the blocks whose means are compared.
BLOCK = 8
# Share of the pixels of a block that must be free of stars.
LEAST_FREE = 0.5
# Signal-to-noise of the blocks in which a ratio is measured, their number, and the quantile of the ratios that is taken.
LEAST_SNR = 25.0
LEAST_BLOCKS = 20
QUANTILE = 0.05
# Largest cross-talk of a sensor: the response of green to H-alpha, or of red to [O III], relative to the channel of the line.
LARGEST = 0.25
# Response of blue to [O III] relative to green, where it cannot be measured.
TYPICAL_BLUE = 0.6


@dataclass(frozen=True)
class CrossTalk:
    """``green_of_ha`` and ``blue_of_ha``: response to H-alpha relative to red; ``red_of_oiii`` and ``blue_of_oiii``: response to
    [O III] relative to green. ``measured``: numbers of blocks in which those of H-alpha and of [O III] were measured, 0: not."""

    green_of_ha: float
    blue_of_ha: float
    red_of_oiii: float
    blue_of_oiii: float
    measured: tuple[int, int]

    def matrix(self) -> FloatArray:
        """(3, 2): the response of red, green and blue to H-alpha and [O III]."""
        return np.array([[1.0, self.red_of_oiii], [self.green_of_ha, 1.0], [self.blue_of_ha, self.blue_of_oiii]])


def measure_crosstalk(light: NDArray[np.float32], mask: NDArray[np.uint8]) -> CrossTalk:
    """The cross-talk of light above the sky (3, h, w); ``mask`` (h, w) is 1 on stars and without data."""
    blocks = _blocks(light, mask)
    noise = np.array([max(mad_sigma(c[c < np.median(c)] - np.median(c), 0.0), 1e-12) if len(c) else 1.0 for c in blocks])
    red, green, blue = blocks
    ha, oiii = red > LEAST_SNR * noise[0], green > LEAST_SNR * noise[1]
    counts = tuple(int(n) if n >= LEAST_BLOCKS else 0 for n in (ha.sum(), oiii.sum()))
    green_of_ha, blue_of_ha = (_least_ratio(c[ha], red[ha]) if counts[0] else 0.0 for c in (green, blue))
    red_of_oiii = _least_ratio(red[oiii], green[oiii]) if counts[1] else 0.0
    blue_of_oiii = TYPICAL_BLUE
    if counts[1]:  # where green is hardly H-alpha
        pure = green[oiii] - green_of_ha * red[oiii]
        ratio = (blue[oiii] - blue_of_ha * red[oiii]) / np.maximum(pure, 1e-12)
        blue_of_oiii = float(np.clip(np.median(ratio[pure >= np.median(pure)]), 0.05, 1.5))
    return CrossTalk(green_of_ha, blue_of_ha, red_of_oiii, blue_of_oiii, (counts[0], counts[1]))


def _blocks(light: NDArray[np.float32], mask: NDArray[np.uint8]) -> FloatArray:
    """Means (3, n) of the free pixels of blocks."""
    h, w = (n // BLOCK * BLOCK for n in mask.shape)
    free = (mask[:h, :w] == 0).reshape(h // BLOCK, BLOCK, w // BLOCK, BLOCK)
    share = free.mean(axis=(1, 3))
    sums = [np.where(free, c[:h, :w].reshape(free.shape), 0).sum(axis=(1, 3), dtype=np.float64) for c in light]
    used = share >= LEAST_FREE
    return np.array([s[used] / (share[used] * BLOCK**2) for s in sums])


def _least_ratio(part: FloatArray, whole: FloatArray) -> float:
    return float(np.clip(np.quantile(part / whole, QUANTILE), 0, LARGEST))


def line_images(light: NDArray[np.float32], crosstalk: CrossTalk, noise: tuple[float, float, float]
                ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """H-alpha in units of red and [O III] in units of green (h, w each), from light above the sky (3, h, w).

    A weighted least-squares fit of both lines to the three channels; ``noise`` are the sigmas of a pixel. Linear in the light.
    """
    root = 1 / np.maximum(np.asarray(noise, np.float64), 1e-12)
    unmix = np.linalg.pinv(crosstalk.matrix() * root[:, None]) * root
    ha, oiii = (np.tensordot(row.astype(np.float32), light, axes=1) for row in unmix)
    return np.asarray(ha, np.float32), np.asarray(oiii, np.float32)
