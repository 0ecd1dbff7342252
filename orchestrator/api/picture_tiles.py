"""A picture in tiles, for a screen: of an image of any size only what is seen is developed, at the size at which it is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.api.develop import Developer
from orchestrator.api.picture_recipe import PictureRecipe
from orchestrator.api.picture_source import ImageWindow, open_linear, read_window

__all__ = ["TILE", "TiledPicture"]

Pixels = NDArray[np.uint8]
# Side of a tile on the screen, in pixels.
TILE = 512
# Longest side of the overview.
OVERVIEW = 1024
# Reductions from this one are kept in memory; larger ones are read from the file, tile by tile.
KEPT_FROM = 4
# Steps of the histogram.
BINS = 256
# Values of the picture that are sampled when a place is picked: a square of this half side.
PICK = 3


class TiledPicture:
    """A linear image and its reductions by 2, 4, 8 ...; level k is reduced by 2^k. Rows and columns are those of the picture,
    which is upright. All methods may be called from several threads.

    Raises InputError if the file is not an image.
    """

    def __init__(self, path: Path) -> None:
        image, self.top_down = open_linear(path)
        self.path, self.developer = path, Developer(image)
        self.shape, self.colour = self.developer.shape, self.developer.colour
        self.levels = 1
        while max(self.shape) >> (self.levels - 1) > OVERVIEW and min(self.shape) >> self.levels > 0:
            self.levels += 1
        self._kept = self._reductions()
        # Measured here, by the thread that opens the image, not by the first tile.
        _ = self.developer.sky
        self._stretched: tuple[PictureRecipe, NDArray[np.float32]] | None = None

    def _reductions(self) -> dict[int, NDArray[np.float32]]:
        found: dict[int, NDArray[np.float32]] = {}
        for level in range(self.levels):
            step = 1 << level
            if step < KEPT_FROM and level < self.levels - 1:
                continue
            above = found.get(level - 1)
            rows, columns = self.level_shape(level)
            found[level] = (read_window(self.developer.image, ImageWindow(0, rows, 0, columns, step)) if above is None else
                            read_window(above, ImageWindow(0, rows, 0, columns, 2)))
        return found

    def level_shape(self, level: int) -> tuple[int, int]:
        """Rows and columns at a level; pixels at the ends that do not fill one of the reduced pixels are left out."""
        return self.shape[0] >> level, self.shape[1] >> level

    def level_for(self, zoom: float) -> int:
        """The level to show at ``zoom`` screen pixels per pixel of the image: the coarsest with at least as many pixels."""
        return int(np.clip(np.floor(np.log2(1 / max(zoom, 1e-6))), 0, self.levels - 1))

    def tile(self, level: int, row: int, column: int, recipe: PictureRecipe) -> Pixels:
        """A tile of a level, (rows, columns, 3) or (rows, columns), at most TILE x TILE; ``row`` and ``column`` count tiles."""
        height, width = self.level_shape(level)
        top, left = row * TILE, column * TILE
        bottom, right = min(top + TILE, height), min(left + TILE, width)
        if not self.top_down:
            top, bottom = height - bottom, height - top
        window = ImageWindow(top, bottom, left, right, 1 << level)
        padded = window.padded(self.shape)
        if level in self._kept:
            pixels = self._kept[level][:, padded.top: padded.bottom, padded.left: padded.right]
        else:
            pixels = read_window(self.developer.image, padded)
        return self._upright(self.developer.develop(pixels, window, recipe))

    def overview(self, recipe: PictureRecipe) -> tuple[Pixels, NDArray[np.int64]]:
        """The coarsest level as a picture, and the histogram (C, 256) of its pixels with data before the levels of the recipe.

        Only the levels, green noise and saturation are computed again if nothing else of the recipe has changed.
        """
        stretch = recipe.without_finish()
        known = self._stretched
        level = self.levels - 1
        if known is None or known[0] != stretch:
            height, width = self.level_shape(level)
            window = ImageWindow(0, height, 0, width, 1 << level)
            known = self._stretched = (stretch, self.developer.develop(self._kept[level], window, stretch))
        data = (self._kept[level] != 0).any(axis=0)
        counts = np.stack([np.histogram(c[data], BINS, (0, 1))[0] for c in known[1]])
        return self._upright(self.developer.finish(known[1], recipe)), counts.astype(np.int64)

    def pick(self, x: float, y: float) -> tuple[float, ...]:
        """Median levels of the channels of the linear image around a place, for ``background_levels``."""
        row = round(y) if self.top_down else self.shape[0] - 1 - round(y)
        near = self.developer.image[:, max(row - PICK, 0): row + PICK + 1, max(round(x) - PICK, 0): round(x) + PICK + 1]
        return tuple(float(v) for v in np.median(near.reshape(len(near), -1), axis=1)) if near.size else ()

    def _upright(self, picture: NDArray[np.float32]) -> Pixels:
        pixels = np.rint(picture * 255).astype(np.uint8)
        pixels = pixels if self.top_down else pixels[:, ::-1]
        return np.ascontiguousarray(np.moveaxis(pixels, 0, -1) if self.colour else pixels[0])
