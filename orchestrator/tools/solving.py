"""The input of every plate solver: the part of the sky to search, a star list, and the limits of one search."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIP_ORDER", "SearchArea", "SolveRequest", "StarList"]

# Order of the distortion polynomials that are requested from solvers.
SIP_ORDER = 3
# Radius in degrees that covers the whole sky.
WHOLE_SKY = 180.0
# Smallest and largest scale to search, as factors of the expected one.
SCALE_FACTORS = (0.75, 1.33)
# Scales to search without an expected one, arcsec per pixel: from a long telescope to a photographic lens.
ANY_SCALE = (0.3, 60.0)


@dataclass(frozen=True)
class SearchArea:
    """A circle on the sky, and the expected scale.

    Parameters
    ----------
    ra, dec : centre in degrees.
    radius : in degrees, 180 for the whole sky.
    scale : arcsec per pixel, None if unknown.
    """

    ra: float
    dec: float
    radius: float
    scale: float | None

    @property
    def blind(self) -> bool:
        """Whether the area is the whole sky."""
        return self.radius >= WHOLE_SKY

    @property
    def scale_range(self) -> tuple[float, float]:
        """Smallest and largest scale to search, arcsec per pixel."""
        return (self.scale * SCALE_FACTORS[0], self.scale * SCALE_FACTORS[1]) if self.scale else ANY_SCALE


@dataclass(frozen=True)
class SolveRequest:
    """One search by one solver.

    Parameters
    ----------
    area : the part of the sky to search.
    log : file to which the output of the solver is appended.
    sip : whether a distortion is fitted too.
    timeout : seconds, None for no limit.
    cancel : when set, the solver is stopped.
    """

    area: SearchArea
    log: Path
    sip: bool = False
    timeout: float | None = None
    cancel: threading.Event | None = None


@dataclass(frozen=True, eq=False)
class StarList:
    """Detected stars, brightest first: ``x``, ``y`` in 0-based pixels and ``flux``, (n,) each; ``shape`` is that of the image."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    flux: NDArray[np.float64]
    shape: tuple[int, int]
