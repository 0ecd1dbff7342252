"""The astrometric solution in a FITS header."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from astropy.io import fits

if TYPE_CHECKING:
    from astropy.wcs import WCS

__all__ = ["celestial_wcs"]


def celestial_wcs(header: fits.Header) -> WCS | None:
    """The image's celestial WCS (SIP included), None without one; pixels count from 0 in rows as the file has them."""
    if "CTYPE1" not in header or "CRVAL1" not in header:
        return None
    from astropy.wcs import WCS, FITSFixedWarning  # takes its time to load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FITSFixedWarning)
        try:
            wcs = WCS(header, naxis=2)
        except Exception:  # wcslib has many errors; a broken solution is none
            return None
    return wcs if wcs.has_celestial else None
