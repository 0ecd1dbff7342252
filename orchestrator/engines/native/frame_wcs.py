"""The WCS of a light whose camera is placed on the sky."""

from __future__ import annotations

import numpy as np
from astropy.io import fits

from orchestrator.engines.native.pointing import position_of
from tilecore.register.bundle import Geometry

__all__ = ["wcs_of_frame"]

# Terms of a lens (px at its radius) below which they are not written.
LEAST_TERM = 1e-9


def wcs_of_frame(geometry: Geometry, frame: int, mirrored: bool) -> str:
    """The cards, as text, of the gnomonic WCS of the pixels of a frame, with its lens as SIP terms (Shupe et al. 2005,
    ASPC 347:491). ``mirrored``: whether the axes of the sky are those of right ascension and declination mirrored."""
    camera, rotation = geometry.cameras[geometry.camera_of[frame]], geometry.rotations[frame]
    if mirrored:
        rotation = np.diag([1.0, 1.0, -1.0]) @ rotation
    axis = rotation[:, 2]
    ra, dec = position_of(axis)
    east = np.array([-np.sin(np.radians(ra)), np.cos(np.radians(ra)), 0.0])
    north = np.cross(axis, east)
    # Degrees on the tangent plane by pixels without the distortion of the lens.
    a, b, c = geometry.strain[frame]
    matrix = np.degrees(np.stack([east, north]) @ rotation[:, :2] / camera.focal) @ np.array([[1 + a + b, c], [c, 1 + a - b]])
    lens = camera.lens
    header = fits.Header()
    header["WCSAXES"] = 2
    for i, (name, value) in enumerate((("RA---TAN", ra), ("DEC--TAN", dec))):
        header[f"CTYPE{i + 1}"] = name + ("" if lens is None else "-SIP")
        header[f"CUNIT{i + 1}"], header[f"CRVAL{i + 1}"] = "deg", value
        header[f"CRPIX{i + 1}"] = camera.centre[i] + 1
        for j in range(2):
            header[f"CD{i + 1}_{j + 1}"] = float(matrix[i, j])
    header["RADESYS"], header["EQUINOX"] = "ICRS", 2000.0
    if lens is not None:
        order = lens.terms.shape[1] - 1
        for name, terms in zip("AB", lens.terms, strict=True):
            header[f"{name}_ORDER"] = order
            for q, p in zip(*np.nonzero(np.abs(terms) > LEAST_TERM), strict=True):
                header[f"{name}_{p}_{q}"] = float(terms[q, p] / lens.radius ** int(p + q))
    return "\n".join(str(card) for card in header.cards)
