"""Which conspicuous pixels cannot be light of the sky: narrower than any star, or darker than the sky.

A light is the sky seen through the PSF: whatever is up there, and however it moves, each frame is a sum of PSFs with positive
factors. For a PSF with the ratio ``p`` of the pixel beside the peak to the peak, at least (stars between pixels only have more
light in the neighbours), this holds for every such sum, with the mean N of two or four neighbours and the value C of a pixel:

    N - p C >= 0          p = [Phi(3/2s) - Phi(1/2s)] / [2 Phi(1/2s) - 1]         (Gaussian of sigma s integrated over pixels)

and with p^2 for the diagonal neighbours. A hot pixel violates it; so its median over time is negative for a hot pixel and cannot
be for stars, nebulae or clusters, moving or not. Beside a pixel of a mosaic there are other colours: there p is lowered by the
least ratio of colours that stars have. The sky adds light only, so a pixel far below the sky is a defect too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tilecore.numerics.statistics import MEDIAN_ERROR

__all__ = ["BROADEST", "NARROWEST", "Evidence", "Suspects", "evidence", "neighbour_ratio"]

FloatImage = NDArray[np.float32]
FloatArray = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

# Least and largest FWHM (px, before integration over the pixel) of the PSF that is assumed: optics form no sharper stars, and a
# broader PSF is not needed to recognise a single pixel.
NARROWEST, BROADEST = 0.7, 2.5
# FWHM of a Gaussian over its sigma: sqrt(8 ln 2).
SIGMA_TO_FWHM = 2.3548
# Least light of a star in one colour of a mosaic as a share of that in the colour beside it, before white balance. Very red
# stars (B - V = 2) have 0.2 to 0.3.
LEAST_COLOUR = 0.2
# A violation counts from this many errors, ...
CERTAIN = 3.0
# ... and from this share of what a single pixel with dark neighbours would show.
LEAST_VIOLATION = 0.5
# Fewest lights of which some are selected.
FEWEST_TO_SELECT = 4
# Share of the lights in which a pixel that stays on the sensor must have half its usual excess.
PERSISTENT = 0.9


@dataclass(frozen=True)
class Suspects:
    """Pixels to examine, each (n,): their ``rows`` and ``columns``, the ``noise`` of one light there, and their ``excess`` over
    their neighbours of the same colour in the temporal median."""

    rows: Places
    columns: Places
    noise: FloatImage
    excess: FloatImage


@dataclass(frozen=True)
class Evidence:
    """What the lights show of each suspect (n,). ``proved``: no light of the sky explains it. ``likely``: it is narrower than a
    star, within the noise, and stays on the sensor in nearly all lights; proved if the sky is known to move."""

    proved: Flags
    likely: Flags


def neighbour_ratio(fwhm: float) -> float:
    """Value of the pixel beside the peak of a star over that of the peak: the least over all positions of the star."""
    sigma = fwhm / SIGMA_TO_FWHM
    inner = ndtr(0.5 / sigma)
    return float((ndtr(1.5 / sigma) - inner) / (2 * inner - 1))


def evidence(lights: FloatImage, suspects: Suspects, fwhm: float, *, cfa: bool) -> Evidence:
    """Examine the ``suspects``, whose rows and columns are those of ``lights`` (M, h, w) without their sky and smooth light.

    ``fwhm`` (px) is that of the sharpest stars, before integration over the pixel.
    """
    centre, sides, corners = _surroundings(lights, suspects)
    ratio = neighbour_ratio(float(np.clip(fwhm, NARROWEST, BROADEST)))
    beside = np.float32(0.5) * (sides[0] + sides[1])
    share = ratio * LEAST_COLOUR if cfa else ratio
    # Defects may be next to one another: neighbours of one kind are enough.
    tests = [_Test([_Group(beside, 4, share)], centre)] + [_Test([_Group(side, 2, share)], centre) for side in sides]
    if not cfa:
        diagonal = _Group(corners, 4, ratio**2)
        tests += [_Test([_Group(beside, 4, share), diagonal], centre), _Test([diagonal], centre)]
    hot = suspects.excess > 0
    narrow = [t.proves(suspects.noise) for t in tests]
    dark_corners = np.median(corners - LEAST_VIOLATION * ratio**2 * centre, axis=0) < 0
    # In a mosaic one pair of neighbours may have the colour that a star lacks: then its diagonal neighbours are lit.
    single = narrow[0] | (np.any(narrow, axis=0) & (dark_corners | (not cfa)))
    level = np.median(centre, axis=0)
    error = MEDIAN_ERROR / np.sqrt(len(lights)) * suspects.noise
    dark = ~hot & (level + CERTAIN * error < 0) & (level < LEAST_VIOLATION * suspects.excess)
    lit = np.mean(centre > 0.5 * np.abs(suspects.excess), axis=0)
    likely = hot & (lit >= PERSISTENT) & np.any([t.suggests() for t in tests], axis=0)
    return Evidence((hot & single) | dark, likely)


def _surroundings(lights: FloatImage, suspects: Suspects) -> tuple[FloatImage, tuple[FloatImage, FloatImage], FloatImage]:
    """Of each suspect in each light (M, n): its value; the means of the two pixels beside it and of those above and below; the
    mean of the four diagonal ones. Rows and columns are mirrored at the border."""
    h, w = lights.shape[1:]

    def at(dy: int, dx: int) -> FloatImage:
        y, x = suspects.rows + dy, suspects.columns + dx
        return np.asarray(lights[:, np.where((y < 0) | (y >= h), suspects.rows - dy, y),
                                 np.where((x < 0) | (x >= w), suspects.columns - dx, x)], np.float32)

    half, quarter = np.float32(0.5), np.float32(0.25)
    corners = quarter * (at(-1, -1) + at(-1, 1) + at(1, -1) + at(1, 1))
    return at(0, 0), (half * (at(0, -1) + at(0, 1)), half * (at(-1, 0) + at(1, 0))), corners


class _Group(NamedTuple):
    """Neighbours in each light (M, n): the ``mean`` of ``pixels`` of them, and the least ``share`` of the value of the pixel that
    light of the sky gives them."""

    mean: FloatImage
    pixels: int
    share: float


class _Test:
    """The inequality for some groups of neighbours, weighted for the best ratio of signal to noise."""

    def __init__(self, groups: Sequence[_Group], centre: FloatImage) -> None:
        weights = np.array([g.pixels * g.share for g in groups])
        weights /= weights.sum()
        self._least = np.float32(sum(k * g.share for k, g in zip(weights, groups, strict=True)))
        self._centre = centre
        self._around = np.sum([np.float32(k) * g.mean for k, g in zip(weights, groups, strict=True)], axis=0, dtype=np.float32)
        self._around_noise = float(np.sqrt(sum(k**2 / g.pixels for k, g in zip(weights, groups, strict=True))))
        self._noise = float(np.hypot(self._around_noise, self._least))

    def proves(self, noise: FloatImage) -> Flags:
        """Whether the pixel cannot be light of the sky: over all lights; over those in which it is brightest (it may switch
        between two states); over those with the darkest surroundings (a star may be near it in the others)."""
        m = len(self._centre)
        proved = self._violated(np.arange(m)[:, None], noise, 0.0)
        if m < FEWEST_TO_SELECT:
            return proved
        # The selected values are off by their noise, the median of the half or third by less than one sigma.
        brightest = np.argsort(self._centre, axis=0)[m // 2:]
        darkest = np.argsort(self._around, axis=0)[: -(-m // 3)]
        return np.asarray(proved | self._violated(brightest, noise, float(self._least))
                          | self._violated(darkest, noise, self._around_noise))

    def suggests(self) -> Flags:
        """Whether a defect is likelier than a star."""
        return np.asarray(np.median(self._around - np.float32(LEAST_VIOLATION) * self._least * self._centre, axis=0) < 0)

    def _violated(self, lights: Places, noise: FloatImage, selection: float) -> Flags:
        """Whether the inequality is violated in the median of some ``lights`` (k, n), which were selected with an error of
        ``selection`` times the noise."""
        around, centre = (np.take_along_axis(a, lights, axis=0) for a in (self._around, self._centre))
        margin = (CERTAIN * MEDIAN_ERROR * self._noise / np.sqrt(len(lights)) + selection) * noise
        short = np.median(around - self._least * centre, axis=0) + margin < 0
        return np.asarray(short & (np.median(around - np.float32(LEAST_VIOLATION) * self._least * centre, axis=0) < 0))
