"""Whether the pixels of a frame are those of a colour mosaic: levels of the phases of a 2x2 (Bayer) or 6x6 (X-Trans) cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import MAD_TO_SIGMA, MEDIAN_ERROR

__all__ = ["MosaicEvidence", "mosaic_evidence"]

# Side (px) of the regions in which the phases are compared: even cells of 2 and 6.
REGION = 48
# Regions at most, spread over the frame.
MOST_REGIONS = 900
# Fewest regions that decide.
LEAST_REGIONS = 16
# Significance (standard errors) of a difference between phases.
SIGNIFICANT = 10.0
# Smaller differences, as a share of the level, are those of readout channels, not of colours.
LEAST_DIFFERENCE = 0.004
# The greens of a mosaic differ by less than this share of the largest difference between its colours.
GREEN_EQUALITY = 0.3
# Largest standard error of the phases, as a share of the level, with which the absence of a mosaic is shown.
CERTAIN_ABSENCE = 0.001
# Largest difference of the phases of a frame without a mosaic, in standard errors or as a share of the level.
ABSENT = 5.0
ABSENT_SHARE = 0.0005
# Share of the variance of the 36 phases that the colours of an X-Trans cell explain, and that a 2x2 cell does not.
EXPLAINED = 0.8
NOT_EXPLAINED = 0.6
# The 6x6 cell of X-Trans sensors.
X_TRANS = ("GBGGRG", "RGRBGB", "GBGGRG", "GRGGBG", "BGBRGR", "GRGGBG")


@dataclass(frozen=True)
class MosaicEvidence:
    """``kind``: "bayer", "x_trans", "none", or "" if the pixels do not decide. ``levels`` are the means of the phases (0, 0),
    (0, 1), (1, 0), (1, 1) in the unit of the pixels. ``greens``: the diagonal of the equal phases of a Bayer mosaic, "main"
    (0, 0) and (1, 1), or "anti" (0, 1) and (1, 0); ``error`` is the standard error of a level."""

    kind: Literal["bayer", "x_trans", "none", ""]
    levels: tuple[float, float, float, float]
    greens: Literal["main", "anti", ""] = ""
    error: float = float("nan")

    @property
    def patterns(self) -> tuple[str, ...]:
        """The Bayer patterns that the pixels allow."""
        return {"anti": ("RGGB", "BGGR"), "main": ("GRBG", "GBRG"), "": ()}[self.greens]


def mosaic_evidence(pixels: NDArray[np.float32]) -> MosaicEvidence:
    """Compare the phases of a frame (h, w) in many small regions; NaN and clipped values should not be among the pixels.

    A mosaic has two phases of equal level on a diagonal, the greens, and a third or fourth of another level. Columns or rows
    that are read through different amplifiers have equal phases beside each other instead.
    """
    cells = _regions(pixels)
    nothing = MosaicEvidence("", (0.0, 0.0, 0.0, 0.0))
    if len(cells) < LEAST_REGIONS:
        return nothing
    fine = np.stack([np.median(cells[:, y::6, x::6], axis=(1, 2)) for y in range(6) for x in range(6)], 1)
    level = float(np.median(fine))
    if not level > 0:
        return nothing
    if _is_x_trans(fine):
        return MosaicEvidence("x_trans", _levels(cells)[0])
    levels, error = _levels(cells)
    a, b, c, d = levels
    differences = {"anti": (abs(b - c), max(abs(a - (b + c) / 2), abs(d - (b + c) / 2))),
                   "main": (abs(a - d), max(abs(b - (a + d) / 2), abs(c - (a + d) / 2)))}
    greens: Literal["main", "anti"] = "anti" if differences["anti"][0] <= differences["main"][0] else "main"
    equal, other = differences[greens]
    if other > max(SIGNIFICANT * error, LEAST_DIFFERENCE * level) and equal < GREEN_EQUALITY * other:
        # With red and blue of one level both diagonals are equal, and either may be green.
        unequal = max(equal_other for equal_other, _ in differences.values()) > GREEN_EQUALITY * other
        return MosaicEvidence("bayer", levels, greens if unequal else "", error)
    spread = max(levels) - min(levels)
    absent = error < CERTAIN_ABSENCE * level and spread < max(ABSENT * error, ABSENT_SHARE * level)
    return MosaicEvidence("none" if absent else "", levels, "", error)


def _regions(pixels: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, REGION, REGION): regions spread over the frame, without those that have NaN."""
    rows, columns = pixels.shape[0] // REGION, pixels.shape[1] // REGION
    step = max(int(np.ceil(np.sqrt(rows * columns / MOST_REGIONS))), 1)
    cells = [pixels[y * REGION: (y + 1) * REGION, x * REGION: (x + 1) * REGION]
             for y in range(0, rows, step) for x in range(0, columns, step)]
    kept = [cell for cell in cells if np.isfinite(cell).all() and np.ptp(cell) > 0]
    return np.array(kept, np.float64).reshape(-1, REGION, REGION)


def _levels(cells: NDArray[np.float64]) -> tuple[tuple[float, float, float, float], float]:
    """The levels of the four phases of a 2x2 cell, and the standard error of their differences from the level of a region."""
    phases = np.stack([_middle(cells[:, y::2, x::2]) for y in (0, 1) for x in (0, 1)], 1)
    mean = phases.mean(axis=1, keepdims=True)
    relative = phases - mean
    middle = np.median(relative, axis=0)
    spread = MAD_TO_SIGMA * np.median(np.abs(relative - middle), axis=0)
    error = float(max(spread.max() / np.sqrt(len(cells)) * MEDIAN_ERROR, 1e-9))
    a, b, c, d = (float(v) for v in np.median(mean) + middle)
    return (a, b, c, d), error


def _middle(phase: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of the middle half of the values of each region: as robust as the median, without its steps in integers."""
    ordered = np.sort(phase.reshape(len(phase), -1), axis=1)
    n = ordered.shape[1]
    return np.asarray(ordered[:, n // 4: n - n // 4].mean(axis=1))


def _is_x_trans(fine: NDArray[np.float64]) -> bool:
    """Whether the 36 phases (n, 36) have the levels of an X-Trans cell, at any of its positions, and not those of a 2x2 cell."""
    relative = np.median(fine - fine.mean(axis=1, keepdims=True), axis=0)
    spread = MAD_TO_SIGMA * np.median(np.abs(fine - fine.mean(axis=1, keepdims=True) - relative))
    if relative.std() < max(SIGNIFICANT * spread / np.sqrt(len(fine)), LEAST_DIFFERENCE * abs(float(np.median(fine)))):
        return False
    cell = relative.reshape(6, 6)
    if _explained(cell, np.add.outer(2 * (np.arange(6) % 2), np.arange(6) % 2)) > NOT_EXPLAINED:
        return False
    colours = np.array([["RGB".index(c) for c in row] for row in X_TRANS])
    return any(_explained(cell, np.roll(colours, (y, x), (0, 1))) > EXPLAINED for y in range(6) for x in range(6))


def _explained(cell: NDArray[np.float64], classes: NDArray[np.int64]) -> float:
    """Share of the variance of a cell that the means of the classes explain."""
    left = sum(float(np.sum((cell[classes == c] - cell[classes == c].mean()) ** 2)) for c in np.unique(classes))
    total = float(np.sum((cell - cell.mean()) ** 2))
    return 1 - left / total if total > 0 else 0.0
