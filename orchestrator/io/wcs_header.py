"""The astrometric solution in a FITS header, and angles on the sky."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

if TYPE_CHECKING:
    from astropy.wcs import WCS

__all__ = ["WCS_CARDS", "read_wcs", "separation"]

# All cards of a WCS, also obsolete ones: a mixture of two WCS would be worse than none.
WCS_CARDS = re.compile(
    r"WCSAXES|WCSNAME|(CTYPE|CRPIX|CRVAL|CUNIT|CDELT|CROTA)[123]|(CD|PC)[123]_[123]|PV\d_\d+|"
    r"(A|B|AP|BP)_(ORDER|DMAX|\d_\d)|LONPOLE|LATPOLE|RADESYS|RADECSYS|EQUINOX|SECPIX[12]?|PLTSOLVD")

_THIRD_AXIS = re.compile(r"(CTYPE|CRPIX|CRVAL|CUNIT|CDELT|CROTA)3|(CD|PC)(3_\d|\d_3)")


def read_wcs(header: fits.Header) -> WCS | None:
    """The celestial WCS of two axes in a header, None if it has no complete one."""
    cards = fits.Header()
    for key in header:
        if WCS_CARDS.fullmatch(key) and not _THIRD_AXIS.fullmatch(key):
            cards[key] = header[key]
    if not str(cards.get("CTYPE1", "")).startswith("RA--") or "CRVAL1" not in cards:
        return None
    cards["WCSAXES"] = 2
    from astropy.wcs import WCS  # slow to load

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wcs = WCS(cards)
            # astropy accepts a matrix of zeros
            good = wcs.has_celestial and 0 < abs(np.linalg.det(wcs.pixel_scale_matrix)) < 1
    except Exception:  # wcslib refuses inconsistent cards
        return None
    return wcs if good else None


def separation(ra: float, dec: float, ras: NDArray[np.float64], decs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angle in degrees between one position and others (haversine, exact for small angles)."""
    a, d, a0, d0 = np.radians(ras), np.radians(decs), np.radians(ra), np.radians(dec)
    h = np.sin((d - d0) / 2) ** 2 + np.cos(d) * np.cos(d0) * np.sin((a - a0) / 2) ** 2
    return np.asarray(np.degrees(2 * np.arcsin(np.sqrt(np.clip(h, 0, 1)))))
