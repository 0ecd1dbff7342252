"""Pictures to share: PNG, JPEG and 16-bit TIFF of a linear image, developed by a recipe, with an ICC profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from orchestrator.api.colour_space import ColourSpace, profile_of, to_display_p3
from orchestrator.api.develop import Developer
from orchestrator.api.picture_recipe import PictureRecipe
from orchestrator.api.picture_source import open_linear
from orchestrator.errors import ConfigError, RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file

__all__ = ["PICTURE_SUFFIXES", "export_picture"]

# Suffix of a picture -> its format and the type of its pixels.
PICTURE_SUFFIXES: dict[str, tuple[str, type[np.unsignedinteger[Any]]]] = {
    ".png": ("PNG", np.uint8), ".jpg": ("JPEG", np.uint8), ".jpeg": ("JPEG", np.uint8),
    ".tif": ("TIFF", np.uint16), ".tiff": ("TIFF", np.uint16)}
# Quality of JPEG files: no visible blocks around stars; colours are not subsampled.
JPEG_QUALITY = 95
# Longest side that JPEG allows.
JPEG_SIDE = 65535


def export_picture(source: Path, target: Path, recipe: PictureRecipe, *, space: ColourSpace = "srgb",
                   replace: bool = False) -> Path:
    """Write a picture of a linear FITS image, upright.

    Parameters
    ----------
    source : (rows, columns) or (3, rows, columns).
    target : PNG and JPEG have 8 bits, TIFF has 16 bits, by the suffix.
    space : the colours are converted to it, and its ICC profile is embedded.
    replace : replace an existing file.

    Raises
    ------
    InputError : the image cannot be read. ConfigError : the suffix is not that of a picture, or the image is too large for it.
    RunError : the file exists, or cannot be written.
    """
    if target.suffix.lower() not in PICTURE_SUFFIXES:
        raise ConfigError(f"{target} does not end with {', '.join(PICTURE_SUFFIXES)}.", "Give a file such as m31.png.")
    kind, sample = PICTURE_SUFFIXES[target.suffix.lower()]
    if target.exists() and not replace:
        raise RunError(f"{target} exists already.", "Give a file that does not exist.")
    image, top_down = open_linear(source)
    developer = Developer(image)
    if kind == "JPEG" and max(developer.shape) > JPEG_SIDE:
        raise ConfigError(f"{target}: a JPEG has at most {JPEG_SIDE} pixels per side, the image {max(developer.shape)}.",
                          "Write a PNG or TIFF.")
    try:
        with whole_file(target) as stream:
            pixels = _pixels(developer, recipe, space, sample, target.parent)
            pixels = pixels if top_down else pixels[::-1]
            profile = profile_of(space, developer.colour)
            if kind == "TIFF":
                tifffile.imwrite(stream, pixels, photometric="rgb" if developer.colour else "minisblack", iccprofile=profile,
                                 metadata=None)
            else:
                options = {"quality": JPEG_QUALITY, "subsampling": 0} if kind == "JPEG" else {}
                Image.fromarray(np.ascontiguousarray(pixels)).save(stream, kind, icc_profile=profile, **options)
    except OSError as error:
        raise RunError(f"{target} could not be written: {error.strerror or error}.",
                       "Check the folder, its permissions and the space on the disk.") from error
    return target


def _pixels(developer: Developer, recipe: PictureRecipe, space: ColourSpace, sample: type[np.unsignedinteger[Any]],
            folder: Path) -> NDArray[Any]:
    """The picture in rows as stored, (h, w) or (h, w, 3); on disk, because 16 bits of a large mosaic exceed the memory."""
    shape = (*developer.shape, 3) if developer.colour else developer.shape
    out = fits_io.array_on_disk(folder, shape, sample)
    largest = np.float32(np.iinfo(sample).max)
    for first, part in developer.rows(recipe):
        part = to_display_p3(part) if space == "display-p3" and developer.colour else part
        out[first: first + part.shape[1]] = np.rint((np.moveaxis(part, 0, -1) if developer.colour else part[0]) * largest)
    return out
