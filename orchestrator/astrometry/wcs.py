"""Describes a WCS, and writes it to files."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning
from astropy.wcs import WCS

from orchestrator.errors import RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits_checksum import renew_checksum
from orchestrator.io.wcs_header import WCS_CARDS
from orchestrator.message import Message

__all__ = ["describe", "wcs_cards", "write_wcs"]

# Bytes that are copied at once.
CHUNK = 1 << 22


def wcs_cards(wcs: WCS, solver: str) -> fits.Header:
    """The cards for a file: CD matrix, and SIP if the WCS has one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AstropyWarning)
        made = wcs.to_header(relax=True)
    cards = fits.Header()
    cards["WCSAXES"] = (2, "axes of the sky")
    for i in (1, 2):
        kind = "gnomonic projection" if "-TAN" in wcs.wcs.ctype[i - 1] else "projection of the sky"
        cards[f"CTYPE{i}"] = (wcs.wcs.ctype[i - 1], kind + (", SIP distortion" if wcs.sip else ""))
        cards[f"CUNIT{i}"] = "deg"
        cards[f"CRPIX{i}"] = (float(wcs.wcs.crpix[i - 1]), "reference pixel")
        cards[f"CRVAL{i}"] = (float(wcs.wcs.crval[i - 1]), "[deg] at the reference pixel")
    for i, row in enumerate(wcs.pixel_scale_matrix, 1):
        for j, value in enumerate(row, 1):
            cards[f"CD{i}_{j}"] = (float(value), "[deg/px]")
    if "-TAN" not in wcs.wcs.ctype[0]:
        cards["LONPOLE"], cards["LATPOLE"] = float(wcs.wcs.lonpole), float(wcs.wcs.latpole)
    cards["RADESYS"], cards["EQUINOX"] = "ICRS", 2000.0
    for key in made:
        if re.fullmatch(r"(A|B|AP|BP)_(ORDER|\d_\d)", key):
            cards[key] = made[key]
    cards["PLTSOLVD"] = (True, f"plate solved: {solver}")
    return cards


def write_wcs(paths: Iterable[Path], cards: fits.Header) -> None:
    """Write a WCS to files and replace any that they have; pixels, other cards and other HDUs stay unchanged.

    Raises
    ------
    RunError : a file cannot be written; it is unchanged.
    """
    for path in paths:
        try:
            with warnings.catch_warnings(), fits.open(path, lazy_load_hdus=True) as file:
                warnings.simplefilter("ignore", AstropyWarning)
                image = next(h for h in file if h.header.get("NAXIS", 0) >= 2)
                image.verify("silentfix")
                place, header = image.fileinfo(), image.header
                for key in [k for k in header if WCS_CARDS.fullmatch(k)]:
                    header.remove(key, ignore_missing=True, remove_all=True)
                header.extend(cards.cards, update=True)
                renew_checksum(header)
                text = header.tostring().encode("ascii")
            # The pixels are copied as they are: products may be larger than memory.
            with path.open("rb") as source, whole_file(path, replaces=True) as stream:
                _copy(source, stream, 0, place["hdrLoc"])
                stream.write(text)
                _copy(source, stream, place["datLoc"], path.stat().st_size)
        except OSError as error:
            raise RunError(Message("The WCS could not be written to {path}: {strerror}.", path=path,
                                   strerror=error.strerror or error),
                           "Check the disk and the file's permissions.") from error


def _copy(source: IO[bytes], target: IO[bytes], first: int, stop: int) -> None:
    """Copy the bytes from ``first`` to ``stop`` of a file."""
    source.seek(first)
    left = stop - first
    while left and (part := source.read(min(left, CHUNK))):
        target.write(part)
        left -= len(part)


def describe(wcs: WCS, shape: tuple[int, int]) -> dict[str, Any]:
    """Centre, scale, orientation and size of a solved image of (rows, columns).

    ``rotation_deg`` is the position angle of the direction from the first row of the file to the last (0: north, 90: east);
    ``parity`` is "normal" if east is left with the last row on top.
    """
    rows, columns = shape
    x, y = (columns - 1) / 2, (rows - 1) / 2
    px, py = np.array([x, x, x + 1]), np.array([y, y + 1, y])
    sky = SkyCoord(*wcs.all_pix2world(px, py, 0), unit="deg")
    up, right = sky[0].separation(sky[1]).arcsec, sky[0].separation(sky[2]).arcsec
    angle, angle_right = (sky[0].position_angle(sky[i]).deg for i in (1, 2))
    scale = float(np.sqrt(up * right * abs(np.sin(np.radians(angle - angle_right)))))
    centre = sky[0]
    return {
        "ra_deg": float(centre.ra.deg), "dec_deg": float(centre.dec.deg),
        "centre": centre.to_string("hmsdms", sep=":", precision=1), "scale_arcsec_px": scale,
        "rotation_deg": float((angle + 180) % 360 - 180),
        "parity": "normal" if (angle - angle_right) % 360 < 180 else "mirrored",
        "field_deg": [columns * scale / 3600, rows * scale / 3600], "sip_order": int(wcs.sip.a_order) if wcs.sip else 0}
