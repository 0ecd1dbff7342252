"""The stars in an index file of astrometry.net, a catalog that comes with Debian packages (Tycho-2) and others."""

from __future__ import annotations

import warnings
from functools import lru_cache
from pathlib import Path

import numpy as np
from astropy.io import fits

from orchestrator.errors import InputError

__all__ = ["index_stars", "is_index"]


def is_index(path: Path) -> bool:
    """Whether a FITS file is an index of astrometry.net."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = fits.getheader(path)
        return "INDEXID" in header and "NSTARS" in header
    except OSError:
        return False


@lru_cache(maxsize=1)
def index_stars(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Right ascension and declination in degrees, and magnitudes if the index has them, (n,) each.

    The index stores a k-d tree of unit vectors, three 32-bit integers each; ``kdtree_range_stars`` holds the smallest and
    the largest value of each axis, and the scale.

    Raises
    ------
    InputError : the file is not an index of this kind.
    """
    try:
        with warnings.catch_warnings(), fits.open(path, memmap=True) as file:
            warnings.simplefilter("ignore")
            tables = {h.columns.names[0]: h for h in file[1:] if isinstance(h, fits.BinTableHDU) and h.columns.names}
            limits = tables["kdtree_range_stars"].data.view(np.uint8).tobytes()
            order = "<" if str(file[0].header["ENDIAN"]).startswith("04") else ">"
            least, scale = (v := np.frombuffer(limits, order + "f8"))[:3], v[6]
            raw = np.frombuffer(tables["kdtree_data_stars"].data.view(np.uint8).tobytes(), order + "u4").reshape(-1, 3)
            name = next((n for n in tables if "mag" in n.lower()), None)
            mag = None if name is None else np.asarray(tables[name].data[name], np.float64)
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is not a readable index file of astrometry.net ({error}).", "Install it again.") from error
    x, y, z = (least + raw / scale).T
    return np.degrees(np.arctan2(y, x)) % 360, np.degrees(np.arctan2(z, np.hypot(x, y))), mag
