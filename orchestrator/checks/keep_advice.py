"""Whether leaving out the worst frames would keep more information than their weights do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.message import Message
from tilecore.stack.weights import information_kept

__all__ = ["KeepAdvice", "keep_advice"]

FloatArray = NDArray[np.floating]

# Least gain of information, relative to that of all frames, for which frames are worth leaving out.
LEAST_GAIN = 1.05
# Smallest share of the frames that is tried.
LEAST_SHARE = 0.3
# Fewest frames that are left.
LEAST_FRAMES = 5
# Tiles on which the information is computed.
TILES = 64


@dataclass(frozen=True)
class KeepAdvice:
    """Share of the frames to keep, and the share of the information on stars kept with all frames and with those only."""

    keep: float
    frames_left_out: int
    information_all: float
    information_kept: float

    @property
    def text(self) -> Message:
        """The advice as a sentence."""
        kept, whole = f"{self.information_kept:.2f}", f"{self.information_all:.2f}"
        return Message("Leaving out the {frames_left_out} worst frames would keep {kept} of the information on stars, with all "
                       "frames it is {whole}: --keep {keep:.2f}, or --set weights.mode=best.",
                       frames_left_out=self.frames_left_out, kept=kept, whole=whole, keep=self.keep)

    def __str__(self) -> str:
        return str(self.text)


def keep_advice(weights: FloatArray, transparency: FloatArray, noise: FloatArray, fwhm: FloatArray) -> KeepAdvice | None:
    """Compare subsets of the best frames with all frames.

    Parameters
    ----------
    weights, noise, fwhm : (N, ty, tx) of one channel; noise is infinite where a frame does not cover a tile, fwhm in px.
    transparency : (N,).

    None if no subset keeps clearly more than all frames.
    """
    n = len(weights)
    tiles = np.flatnonzero((weights > 0).any(axis=0).ravel())
    if n <= LEAST_FRAMES or not len(tiles):
        return None
    tiles = tiles[:: max(len(tiles) // TILES, 1)]
    w, sigma, width = (np.asarray(v, np.float64).reshape(n, -1)[:, None, tiles] for v in (weights, noise, fwhm))
    value = np.median(np.nan_to_num((transparency[:, None, None] / (sigma * width)) ** 2, nan=0.0), axis=(1, 2))
    order = np.argsort(-value)

    def kept(count: int) -> float:
        chosen = np.zeros(n, bool)
        chosen[order[:count]] = True
        return float(np.median(information_kept(np.where(chosen[:, None, None], w, 0), transparency, sigma, width)))

    whole = kept(n)
    counts = np.unique(np.linspace(max(LEAST_FRAMES, round(LEAST_SHARE * n)), n - 1, 12).round().astype(int))
    best = max(((kept(int(c)), int(c)) for c in counts), default=(0.0, n))
    if best[0] < LEAST_GAIN * whole:
        return None
    return KeepAdvice(best[1] / n, n - best[1], whole, best[0])
