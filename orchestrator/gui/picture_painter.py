"""The developed picture of a linear image, made in threads: an overview at once, then the tiles that are seen.

Threads compute with numpy, which lets the window's thread run meanwhile; nothing here takes longer than showing one tile.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage, QPixmap

from orchestrator import OrchestrateError, PictureRecipe, TiledPicture, default_recipe
from orchestrator.gui.background import Background

__all__ = ["PicturePainter", "image_of"]

Place = tuple[int, int, int]
# Tiles that are kept: of 1 MB each.
KEPT_TILES = 160


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """An image for the screen of (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA pixels."""
    pixels = np.ascontiguousarray(pixels)
    kinds = {2: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
    kind = kinds[2 if pixels.ndim == 2 else pixels.shape[2]]
    return QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], kind).copy()


class PicturePainter(QObject):
    """One linear image at a time. ``set_recipe`` may be called as often as a slider moves: only the last recipe is painted."""

    opened = Signal(object)  # the recipe saved beside the image, or the default
    refused = Signal(str)
    overview_ready = Signal(QImage, object)  # the picture, its histogram
    tile_ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self.picture: TiledPicture | None = None
        self.recipe = PictureRecipe()
        self._path = ""
        self._painting = self._again = False
        self._tiles: OrderedDict[Place, tuple[PictureRecipe, QPixmap]] = OrderedDict()
        self._asked: dict[Place, PictureRecipe] = {}

    def open(self, path: str) -> None:
        """Open an image; ``opened`` or ``refused`` follows."""
        self.close()
        self._path = path

        def work() -> Any:
            try:
                return TiledPicture(Path(path)), default_recipe(Path(path))
            except OrchestrateError as error:
                return str(error)

        self._background.do(work, lambda found: self._opened(path, found))

    def close(self) -> None:
        """Forget the image."""
        self._path, self.picture = "", None
        self._tiles.clear()
        self._asked.clear()

    def shut(self) -> None:
        """Wait for the threads: the window closes."""
        self.close()
        self._background.shut()

    def _opened(self, path: str, found: Any) -> None:
        if path != self._path:
            return
        if isinstance(found, str):
            self.refused.emit(found)
            return
        self.picture, self.recipe = found
        self.opened.emit(self.recipe)
        self._paint()

    @property
    def size(self) -> QSize:
        """Size of the picture in its own pixels; empty without an image."""
        return QSize(self.picture.shape[1], self.picture.shape[0]) if self.picture is not None else QSize()

    def set_recipe(self, recipe: PictureRecipe) -> None:
        """Paint by another recipe."""
        if recipe != self.recipe and self.picture is not None:
            self.recipe = recipe
            self._paint()

    def _paint(self) -> None:
        if self._painting:
            self._again = True
            return
        picture, recipe = self.picture, self.recipe
        if picture is None:
            return
        self._painting = True

        def work() -> Any:
            pixels, counts = picture.overview(recipe)
            return image_of(pixels), counts

        self._background.do(work, lambda made: self._painted(picture, *made))

    def _painted(self, picture: TiledPicture, image: QImage, counts: NDArray[np.int64]) -> None:
        self._painting = False
        if picture is self.picture:
            self.overview_ready.emit(image, counts)
        if self._again or picture is not self.picture:
            self._again = False
            self._paint()

    def tile(self, place: Place) -> QPixmap | None:
        """The tile at (level, row, column), or None until it is made and ``tile_ready`` follows; meanwhile one of an earlier
        recipe."""
        known = self._tiles.get(place)
        if known is not None:
            self._tiles.move_to_end(place)
        if (known is None or known[0] != self.recipe) and place not in self._asked and self.picture is not None:
            self._request(place, self.picture)
        return known[1] if known is not None else None

    def _request(self, place: Place, picture: TiledPicture) -> None:
        self._asked[place] = self.recipe

        def work() -> Any:
            if self.picture is not picture:
                return None
            recipe = self.recipe  # the one of now, not that of the request
            return recipe, image_of(picture.tile(*place, recipe))

        def then(made: Any) -> None:
            self._asked.pop(place, None)
            if made is None or picture is not self.picture:
                return
            self._tiles[place] = (made[0], QPixmap.fromImage(made[1]))
            while len(self._tiles) > KEPT_TILES:
                self._tiles.popitem(last=False)
            self.tile_ready.emit()

        self._background.do(work, then)
