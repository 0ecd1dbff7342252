"""Large images in parts, so that what is computed from them is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Computed", "Part", "Pixels", "parts", "thinned"]

Box = tuple[slice, slice]

# Largest side (px) of a part.
SIDE = 2048
# Pixels of which a typical value is taken, in whole rows.
SAMPLE = 2**22


class Pixels(Protocol):
    """An image (h, w) of which parts are read: an array, or :class:`Computed`."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, part: Any, /) -> Any: ...


@dataclass(frozen=True)
class Computed:
    """An image of ``shape`` (h, w) whose parts are computed by ``of`` when they are read."""

    shape: tuple[int, ...]
    of: Callable[[Box], NDArray[Any]]

    def __getitem__(self, part: Box, /) -> NDArray[Any]:
        return self.of(part)


@dataclass(frozen=True)
class Part:
    """A rectangle of an image, ``inside``, and the one ``around`` it that a halo adds, cut at the border of the image."""

    inside: Box
    around: Box

    @property
    def own(self) -> Box:
        """``inside`` in pixels of ``around``."""
        (y, x), (top, left) = self.inside, (s.start for s in self.around)
        return slice(y.start - top, y.stop - top), slice(x.start - left, x.stop - left)

    def holds(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which places (n,) round to pixels of ``inside``."""
        rows, columns = self.inside
        column, row = np.rint(x), np.rint(y)
        return np.asarray((row >= rows.start) & (row < rows.stop) & (column >= columns.start) & (column < columns.stop))


def parts(shape: tuple[int, ...], halo: int = 0) -> Iterator[Part]:
    """Parts of about equal size, at most SIDE px wide and high, of an image of ``shape`` (h, w); ``halo`` px around them.

    They depend on the shape alone. An image that is not larger is one part.
    """
    rows, columns = (_cuts(n, SIDE) for n in shape)
    for y0, y1 in rows:
        for x0, x1 in columns:
            around = (slice(max(y0 - halo, 0), min(y1 + halo, shape[0])), slice(max(x0 - halo, 0), min(x1 + halo, shape[1])))
            yield Part((slice(y0, y1), slice(x0, x1)), around)


def _cuts(length: int, side: int) -> list[tuple[int, int]]:
    count = max(-(-length // side), 1)
    return [(k * length // count, (k + 1) * length // count) for k in range(count)]


def thinned(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Some rows of an image (h, w), at most about SAMPLE pixels, spread over it; all rows of a smaller one."""
    return image[:: max(-(-image.size // SAMPLE), 1)]
