"""A HiPS of an image with a WCS, for sky atlases."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from orchestrator.errors import InputError, RunError, ToolMissing
from orchestrator.io import fits as fits_io
from orchestrator.io.raw_guard import refuse_folder
from orchestrator.io.wcs_header import read_wcs
from orchestrator.message import Message
from orchestrator.version import install_command

__all__ = ["export_hips"]

COLOURS = ("red", "green", "blue")


def export_hips(source: Path, folder: Path) -> int:
    """Write an image with a WCS as a HiPS (Hierarchical Progressive Survey, IVOA 1.0) of FITS tiles in ICRS coordinates.

    Of a colour image there is one for each colour, in the subfolders red, green and blue. Pixels are interpolated bilinearly;
    places without data are NaN. Returns the number of tiles.

    Raises
    ------
    InputError : the image has no WCS. RunError : the folder exists, or cannot be written. ToolMissing : reproject is missing.
    """
    from astropy.utils.exceptions import AstropyWarning

    try:
        from reproject import reproject_interp
        from reproject.hips import reproject_to_hips
    except ImportError as error:
        raise ToolMissing("A HiPS needs the package reproject.", install_command("reproject")) from error
    wcs = read_wcs(fits_io.read_header(source))
    if wcs is None:
        raise InputError(Message("{source} has no WCS.", source=source), "Plate solve it: orchestrate solve FILE.")
    if folder.exists():
        raise RunError(Message("{folder} exists already.", folder=folder), "Give a folder that does not exist.")
    refuse_folder(folder)
    data = fits_io.image_layout(source).read()
    planes = {folder: data} if data.ndim == 2 else {folder / c: p for c, p in zip(COLOURS, data, strict=True)}
    covered = (data != 0) if data.ndim == 2 else (data != 0).any(axis=0)
    try:
        for place, plane in planes.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", AstropyWarning)
                warnings.simplefilter("ignore", RuntimeWarning)  # of tiles without data
                reproject_to_hips((np.where(covered, plane, np.float32(np.nan)), wcs), coord_system_out="equatorial",
                                  reproject_function=reproject_interp, output_directory=str(place),
                                  properties=_properties(source, place))
    except OSError as error:
        raise RunError(Message("{filename} could not be written: {strerror}.", filename=error.filename or folder,
                               strerror=error.strerror or error),
                       "Check the disk and the permissions of the folder.") from error
    return sum(1 for _ in folder.rglob("Npix*.fits"))


def _properties(source: Path, place: Path) -> dict[str, str]:
    header = fits_io.read_header(source)
    colour = f", {place.name}" if place.name in COLOURS else ""
    return {"creator_did": f"ivo://orchestrate/{source.stem}", "obs_title": f"{header.get('OBJECT') or source.stem}{colour}"}
