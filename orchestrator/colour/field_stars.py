"""The usual colour of the stars of a field, where no catalog is at hand.

Measured on 3000 random fields of 1.2 degrees radius with 20 stars or more each, of all stars to V = 11 with B-V of the Tycho-2
catalog (Hoeg et al. 2000, A&A 355, L27): the median star of a field is bluer near the plane of the Galaxy, where hot stars are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["FieldColour", "field_colour"]

# North pole of the Galaxy (deg; ICRS).
POLE_RA, POLE_DEC = 192.85948, 27.12825
# Galactic latitudes (deg, without sign) and the median B-V of the stars of fields there.
LATITUDES = (1.5, 4.5, 8.0, 12.5, 20.0, 35.0, 60.0)
MEDIAN_BV = (0.48, 0.55, 0.645, 0.74, 0.775, 0.76, 0.70)
# Standard deviations of fields about the medians, without the noise of a small number of stars. Near the plane it is 0.115 too
# for stars to V = 11, but those of deeper pictures are behind more dust, which this table does not have.
SPREADS = (0.2, 0.2, 0.17, 0.115, 0.115, 0.115, 0.115)
# Where the position is not known.
ANY_BV, ANY_SPREAD = 0.71, 0.16


@dataclass(frozen=True)
class FieldColour:
    """Expected ``bv`` (mag) of the median star of a field, its standard error ``spread``, and the absolute Galactic ``latitude``
    (deg), None if the position is not known."""

    bv: float
    spread: float
    latitude: float | None


def field_colour(position: tuple[float, float] | None) -> FieldColour:
    """The usual colour of the median star of a field about ``position`` (right ascension and declination, deg; None: unknown)."""
    if position is None:
        return FieldColour(ANY_BV, ANY_SPREAD, None)
    ra, dec = np.radians(position[0] - POLE_RA), np.radians(position[1])
    pole = np.radians(POLE_DEC)
    latitude = float(np.degrees(np.arcsin(abs(np.sin(dec) * np.sin(pole) + np.cos(dec) * np.cos(pole) * np.cos(ra)))))
    return FieldColour(float(np.interp(latitude, LATITUDES, MEDIAN_BV)), float(np.interp(latitude, LATITUDES, SPREADS)), latitude)
