"""A canvas that is a projection of the sky, and how it relates to the plane of the reference."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from orchestrator.runtime.serialization import storable

if TYPE_CHECKING:
    from astropy.wcs import WCS

__all__ = ["SkyGrid", "from_cards"]

FloatArray = NDArray[np.float64]

# Grids whose WCS are kept, and sets of places, of at most this size.
KEPT = 16
MOST_KEPT = 2**19


@storable()
@dataclass(frozen=True)
class SkyGrid:
    """``grid`` are the FITS cards, as text, of the WCS of the canvas; ``plane`` those of the gnomonic plane of the reference,
    whose pixels are those of the reference without the distortion of its lens. Pixels count from 0. ``magnification``: pixels of
    the canvas per pixel of the plane, along a side at the reference points."""

    grid: str
    plane: str
    magnification: float

    @property
    def wcs(self) -> WCS:
        """The WCS of the canvas, a copy."""
        return from_cards(self.grid)

    def to_plane(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Places on the plane of pixels of the canvas, arrays of one shape; NaN where there is none."""
        if x.size > MOST_KEPT:
            return _moved(_wcs(self.grid), _wcs(self.plane), x, y)
        # The same pixels are asked for by frame after frame.
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        found = _kept(self, x.tobytes(), y.tobytes()).reshape(2, *x.shape).copy()
        return found[0], found[1]

    def from_plane(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Pixels of the canvas of places on the plane, arrays of one shape; NaN where there is none."""
        return _moved(_wcs(self.plane), _wcs(self.grid), x, y)


@lru_cache(maxsize=KEPT)
def _kept(sky: SkyGrid, x: bytes, y: bytes) -> FloatArray:
    """Places (2, n) on the plane of pixels of the canvas (float64)."""
    return np.stack(_moved(_wcs(sky.grid), _wcs(sky.plane), np.frombuffer(x), np.frombuffer(y)))


def _moved(one: WCS, other: WCS, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    places = np.stack([np.ravel(x), np.ravel(y)], axis=1)
    known = np.isfinite(places).all(axis=1)
    found = np.full(places.shape, np.nan)
    if known.any():
        sky = one.wcs_pix2world(places[known], 0)
        seen = np.isfinite(sky).all(axis=1)
        there = np.full(sky.shape, np.nan)
        if seen.any():
            there[seen] = other.wcs_world2pix(sky[seen], 0)
        found[known] = there
    shape = np.shape(x)
    return found[:, 0].reshape(shape), found[:, 1].reshape(shape)


def from_cards(cards: str) -> WCS:
    """The WCS that FITS cards, as text, describe; a copy."""
    return _wcs(cards).deepcopy()


@lru_cache(maxsize=KEPT)
def _wcs(cards: str) -> WCS:
    from astropy.io import fits
    from astropy.wcs import WCS  # slow to load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return WCS(fits.Header.fromstring(cards, sep="\n"), naxis=2)
