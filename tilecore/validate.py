"""Checks of a result (METHODS 13)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.grid import TileGrid

__all__ = ["seam_score"]


def seam_score(image: NDArray[np.float32], grid: TileGrid, noise: float) -> float:
    """Largest jump of (h, w) across a line where a tile begins or ends, in units of ``noise``.

    A jump is the median over the line of the difference between its two sides, less the usual such difference of
    lines in between (sky gradients), so that stars and noise do not count.
    """
    scores = [0.0]
    for data, starts in ((image, grid.starts_y), (image.T, grid.starts_x)):
        length = len(data)
        jumps = np.median(np.diff(data, axis=0), axis=1)
        if length < 8:
            continue
        borders = {s for start in starts for s in (start, start + grid.size) if 0 < s < length}
        usual = float(np.median(jumps))
        # The median of a noisy line is known to 1.25 sigma / sqrt(n): that much is no seam.
        chance = 3 * 1.25 * np.sqrt(2) * noise / np.sqrt(data.shape[1])
        scores += [max(abs(float(jumps[b - 1]) - usual) - chance, 0) for b in borders]
    return max(scores) / noise if noise > 0 else 0.0
