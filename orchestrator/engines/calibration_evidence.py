"""Evidence in the pixels of darks, biases and lights together: shared warm pixels, mirrored frames, shared pattern."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.frame_levels import Measured
from tilecore.calibrate import masters as calibrate
from tilecore.calibrate.consistency import shared_warm_pixels

__all__ = ["WarmPixels", "shares_pattern", "warm_pixels"]

# Rows in the middle of a frame on which pixels are compared; smaller frames are read as a whole.
ROWS = 384
# Frames whose mean is compared.
FRAMES = 4
# Share of its warm pixels that a mirrored dark has in the lights, where the dark as it is has less than the other.
MIRRORED = 0.5
NOT_SHARED = 0.25
# Share below which lights do not have the warm pixels of a dark, also in units of its error.
ABSENT = 0.03
ABSENT_ERRORS = 3.0
# Errors by which the pattern of the bias must be found in a dark, and the least share of it.
PATTERN_ERRORS = 6.0
PATTERN_SHARE = 0.15
# Excess (noise) up to which pixels are part of the pattern; others are defects.
PATTERN_RANGE = 6.0

Image = NDArray[np.float32]
_FLIPS: dict[str, Callable[[Image], Image]] = {
    "top to bottom": lambda a: a[..., ::-1, :], "left to right": lambda a: a[..., ::-1],
    "both ways": lambda a: a[..., ::-1, ::-1]}


@dataclass(frozen=True)
class WarmPixels:
    """``share``: excess of the dark's warm pixels in the lights, as a factor of that in the dark, with its ``error``.

    ``mirrored`` names the mirroring of the dark after which its warm pixels are those of the lights, "" if none fits.
    """

    share: float
    mirrored: str = ""
    error: float = 0.0

    @property
    def missing(self) -> bool:
        """Whether the lights do not have them, and no mirroring explains it."""
        return not self.mirrored and self.share < max(ABSENT, ABSENT_ERRORS * self.error)


def warm_pixels(darks: Sequence[Measured], lights: Sequence[Measured], *, cfa: bool) -> WarmPixels | None:
    """Compare the warm pixels of darks and lights; None for colour frames or if there are too few such pixels."""
    dark, light = _excess(darks, cfa=cfa), _excess(lights, cfa=cfa)
    if dark is None or light is None or dark.shape != light.shape:
        return None
    noises = calibrate.excess_noise(dark), calibrate.excess_noise(light)
    found = shared_warm_pixels(dark, light, *noises)
    if found is None:
        return None
    share, error = found
    if abs(share) < NOT_SHARED:
        for name, flip in _FLIPS.items():
            other = shared_warm_pixels(np.ascontiguousarray(flip(dark)), light, *noises)
            if other is not None and other[0] > MIRRORED:
                return WarmPixels(share, name, error)
    return WarmPixels(share, "", error)


def shares_pattern(darks: Sequence[Measured], biases: Sequence[Measured], *, cfa: bool) -> bool:
    """Whether the fixed pattern of the bias is in the darks, which it is if they contain the bias and it has a pattern."""
    dark, bias = _excess(darks, cfa=cfa), _excess(biases, cfa=cfa)
    if dark is None or bias is None or dark.shape != bias.shape:
        return False
    noise_dark, noise_bias = calibrate.excess_noise(dark), calibrate.excess_noise(bias)
    some = (np.abs(dark) < PATTERN_RANGE * noise_dark) & (np.abs(bias) < PATTERN_RANGE * noise_bias)
    power = float(np.sum(bias[some].astype(np.float64) ** 2))
    if power <= 0:
        return False
    slope = float(np.sum(dark[some].astype(np.float64) * bias[some])) / power
    return slope > PATTERN_SHARE and slope > PATTERN_ERRORS * noise_dark / np.sqrt(power)


def _mean_rows(frames: Sequence[Measured]) -> Image | None:
    """Mean of the middle rows of a few frames; None for colour frames. The middle is symmetric, so that it can be mirrored."""
    chosen = [frames[i] for i in np.unique(np.linspace(0, len(frames) - 1, FRAMES).round().astype(int))] if frames else []
    if not chosen or len(chosen[0].layout.shape) != 2:
        return None
    rows = chosen[0].layout.shape[0]
    first = max(rows // 2 - ROWS // 2, 0) // 2 * 2
    return np.asarray(np.mean([f.layout.read(first, rows - first) for f in chosen], axis=0), np.float32)


def _excess(frames: Sequence[Measured], *, cfa: bool) -> Image | None:
    mean = _mean_rows(frames)
    return None if mean is None else calibrate.local_excess(mean, cfa=cfa)

