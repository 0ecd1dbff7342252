"""Previews: stretched images with an sRGB profile. The only stretched files of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from orchestrator.errors import RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.report.natural_stretch import apply_plan, plan_picture
from orchestrator.report.tone_curves import midtones
from orchestrator.session.headers import is_top_down
from tilecore.colour import apply_matrix, bayer_compensation, neutral_background, saturate, scnr
from tilecore.numerics.statistics import mad_sigma

__all__ = ["ASINH_BACKGROUND", "SHADOWS_CLIP", "TARGET_BACKGROUND", "Look", "asinh_stretch", "autostretch", "develop",
           "icc_profile", "picture_of", "two_stage_stretch", "write_png", "write_preview"]

# Black point relative to the median, in units of the scatter (as in PixInsight and Siril).
SHADOWS_CLIP = -2.8
# Rows that are stretched at once.
STRIP = 256
# Level of the sky background after the midtones stretch.
TARGET_BACKGROUND = 0.25
# Level of the sky background after the asinh stretch, which keeps colours up to the brightest stars.
ASINH_BACKGROUND = 0.15
# Compression of PNG files: higher levels take much longer and save little.
PNG_LEVEL = 1
# Most pixels of a PNG; the TIFF has all.
PNG_PIXELS = 1 << 26
# Pixels of a channel from which its background is measured.
SAMPLE = 1 << 20


@dataclass(frozen=True)
class Look:
    """Stretch and colours of a preview. They do not affect the linear products.

    ``linked``: one curve for all channels, which keeps the colours. ``scnr`` 0..1 removes green noise, ``saturation`` is a
    factor, ``matrix`` (3x3, rows sum to 1) mixes the linear colours. ``balance`` "background" makes the sky grey,
    "bayer" also the mean colour of the pixels above it. ``level_sky``: natural subtracts a smooth surface from the background.
    """

    stretch: Literal["natural", "autostretch", "asinh", "two_stage"] = "autostretch"
    linked: bool = False
    scnr: float = 0.0
    saturation: float = 1.0
    matrix: tuple[tuple[float, ...], ...] | None = None
    balance: Literal["none", "background", "bayer"] = "none"
    level_sky: bool = False


@cache
def icc_profile(colour: bool) -> bytes:
    """The ICC profile of a preview: sRGB for RGB images (``colour``), the sRGB tone curve for grey ones."""
    return resources.files("orchestrator.report").joinpath("data", "srgb.icc" if colour else "grey.icc").read_bytes()


def _shadows(channel: NDArray[np.float32]) -> tuple[float, float]:
    """Black point and median of the pixels with data, from a sample of them."""
    data = channel.ravel()[:: channel.size // SAMPLE | 1]
    data = data[data > 0]
    if not data.size:
        return 0.0, 0.0
    median = float(np.median(data))
    spread = mad_sigma(data, median)
    return float(np.clip(median + SHADOWS_CLIP * spread, 0, 1)), median


def _parameters(channel: NDArray[np.float32]) -> tuple[float, float]:
    """Shadows and midtones balance that map the background to the target (as in PixInsight and Siril)."""
    shadows, median = _shadows(channel)
    if median <= 0:
        return 0.0, 0.5
    x = max((median - shadows) / max(1 - shadows, 1e-9), 1e-6)
    balance = (TARGET_BACKGROUND - 1) * x / ((2 * TARGET_BACKGROUND - 1) * x - TARGET_BACKGROUND)
    # midtones(x, m) = target has the solution m = midtones(x, target) with the roles exchanged.
    return shadows, float(np.clip(balance, 1e-6, 1 - 1e-6))


def autostretch(image: NDArray[np.float32], *, linked: bool = False) -> NDArray[np.float32]:
    """(h, w) or (3, h, w) stretched to 0..1; ``linked`` uses one curve for all channels, which keeps the colours."""
    return _curved(image, _curves(image, linked=linked))


def _curves(image: NDArray[np.float32], *, linked: bool) -> list[tuple[float, float]]:
    """Shadows and midtones balance of each channel."""
    channels = image if image.ndim == 3 else image[None]
    parameters = [_parameters(c) for c in channels]
    if linked:
        parameters = [(float(np.mean([p[0] for p in parameters])), float(np.mean([p[1] for p in parameters])))] * len(channels)
    return parameters


def _curved(image: NDArray[np.float32], curves: list[tuple[float, float]]) -> NDArray[np.float32]:
    """An image, or some of its rows, with these curves."""
    channels = image if image.ndim == 3 else image[None]
    out = np.stack([midtones(np.clip((c - s) / max(1 - s, 1e-9), 0, 1), m)
                    for c, (s, m) in zip(channels, curves, strict=True)])
    return out if image.ndim == 3 else out[0]


def asinh_stretch(image: NDArray[np.float32], *, linked: bool = False) -> NDArray[np.float32]:
    """(h, w) or (3, h, w) stretched to 0..1 by asinh of the intensity, which preserves the ratios of the channels.

    Lupton et al. 2004 (PASP 116, 133). If the brightest channel of a pixel exceeds 1, all its channels are scaled. Black points
    are those of the channels, or their mean if ``linked``.
    """
    channels = image if image.ndim == 3 else image[None]
    shadows = [_shadows(c)[0] for c in channels]
    if linked:
        shadows = [float(np.mean(shadows))] * len(shadows)
    light = np.stack([np.clip((c - s) / max(1 - s, 1e-9), 0, 1) for c, s in zip(channels, shadows, strict=True)])
    intensity = light.mean(axis=0)
    present = intensity[intensity > 0]
    softening = _asinh_softening(float(np.median(present)) if present.size else 0.1)
    factor = np.arcsinh(softening * intensity) / np.arcsinh(softening) / np.maximum(intensity, 1e-9)
    out = light * factor
    out /= np.maximum(out.max(axis=0), 1)
    return np.asarray(out if image.ndim == 3 else out[0], np.float32)


def two_stage_stretch(image: NDArray[np.float32], *, linked: bool = False) -> NDArray[np.float32]:
    """(h, w) or (3, h, w) stretched to 0..1: asinh raises faint structures and keeps the colours, then one midtones curve for all
    channels sets background and contrast."""
    return autostretch(np.maximum(asinh_stretch(image, linked=linked), 0), linked=True)


def _asinh_softening(median: float) -> float:
    """beta for which asinh(beta median) / asinh(beta) is the target level of the background; bisection in log beta."""
    low, high = -2.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        value = np.arcsinh(10**middle * median) / np.arcsinh(10**middle)
        low, high = (middle, high) if value < ASINH_BACKGROUND else (low, middle)
    return float(10 ** ((low + high) / 2))


def develop(image: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    """The stretched image, 0..1, of a linear image (h, w) or (3, h, w)."""
    return next(part for _, part in _developed_rows(image, look, image.shape[-2]))


def _as_a_whole(image: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    image = _mixed(image, look)
    if look.stretch == "natural":
        return next(part for _, part in _natural_rows(image, look, image.shape[-2]))
    stretch = {"asinh": asinh_stretch, "two_stage": two_stage_stretch, "autostretch": autostretch}[look.stretch]
    return _finished(stretch(image, linked=look.linked), look)


def _mixed(image: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    """A linear image with the matrix and the balance of the look."""
    colour = image.ndim == 3
    if colour and look.matrix is not None:
        covered = (image != 0).any(axis=0)
        image = np.where(covered, np.maximum(apply_matrix(image, np.array(look.matrix)), 0), 0).astype(np.float32)
    if colour and look.balance != "none":
        image = neutral_background(image)
        if look.balance == "bayer":
            image = bayer_compensation(image)[0]
    return image


def _finished(picture: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    """A stretched image, or some of its rows, with the colours of the look."""
    colour = picture.ndim == 3
    picture = np.clip(picture, 0, 1)
    if colour and look.scnr > 0:
        picture = scnr(picture, look.scnr)
    if colour and look.saturation != 1:
        picture = np.clip(saturate(picture, look.saturation), 0, 1)
    return picture


def write_preview(png: Path, tif: Path, image: NDArray[np.float32], *, top_down: bool,
                  look: Look | None = None) -> NDArray[np.uint8]:
    """Write an 8-bit PNG and a 16-bit TIFF, upright: row 0 of ``image`` is at the top if ``top_down``. Returns the pixels of the
    PNG, which is smaller by :func:`reduction` along both sides."""
    colour, (rows, columns) = image.ndim == 3, image.shape[-2:]
    shape, factor = (rows, columns, 3) if colour else (rows, columns), reduction(rows, columns)
    small = np.empty((rows // factor, columns // factor, *shape[2:]), np.uint8)
    try:
        with whole_file(tif) as stream:
            # On disk: in memory it would be the largest array of this phase.
            wide = fits_io.array_on_disk(tif.parent, shape, np.uint16)
            for first, part in _developed_rows(image, look or Look(), STRIP // factor * factor):
                pixels = np.moveaxis(part, 0, -1) if colour else part
                for out, part_of, at in ((small, _reduced(pixels, factor), first // factor), (wide, pixels, first)):
                    length = len(part_of)
                    place = at if top_down else len(out) - at - length
                    out[place: place + length] = np.rint(
                        (part_of if top_down else part_of[::-1]) * np.iinfo(out.dtype).max)
            tifffile.imwrite(stream, wide, photometric="rgb" if colour else "minisblack", compression=None,
                             iccprofile=icc_profile(colour))
    except OSError as error:
        raise RunError(f"{tif} could not be written: {error.strerror or error}.", "Check the disk.") from error
    write_png(png, small)
    return small


def reduction(rows: int, columns: int) -> int:
    """The factor by which the sides of a PNG are smaller than those of an image: no viewer shows more pixels."""
    factor = 1
    while (rows // factor) * (columns // factor) > PNG_PIXELS:
        factor += 1
    return factor


def _reduced(pixels: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Means of squares of (rows, columns) or (rows, columns, 3); incomplete ones are left out."""
    if factor == 1:
        return pixels
    rows, columns = (n // factor for n in pixels.shape[:2])
    squares = pixels[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor, -1)
    return np.asarray(squares.mean(axis=(1, 3)).reshape(rows, columns, *pixels.shape[2:]), np.float32)


def _developed_rows(image: NDArray[np.float32], look: Look, strip: int = STRIP) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The developed image by strips of rows, each with its first row; as a whole where a pixel depends on others."""
    if look.stretch not in ("natural", "autostretch") or look.matrix is not None or look.balance != "none":
        yield 0, _as_a_whole(image, look)
    elif look.stretch == "natural":
        yield from _natural_rows(image, look, strip)
    else:
        curves = _curves(image, linked=look.linked)
        for first in range(0, image.shape[-2], strip):
            yield first, _finished(_curved(image[..., first: first + strip, :], curves), look)


def _natural_rows(image: NDArray[np.float32], look: Look, strip: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
    channels = image if image.ndim == 3 else image[None]
    plan = plan_picture(channels, balanced=look.linked, level_sky=look.level_sky)
    for first in range(0, image.shape[-2], strip):
        stop = min(first + strip, image.shape[-2])
        part = np.zeros_like(channels[:, first:stop]) if plan is None else apply_plan(channels, plan, first, stop)
        yield first, _finished(part if image.ndim == 3 else part[0], look)


def write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA as PNG with its ICC profile."""
    try:
        with whole_file(path) as stream:
            Image.fromarray(picture).save(stream, "PNG", icc_profile=icc_profile(picture.ndim == 3), compress_level=PNG_LEVEL)
    except OSError as error:
        raise RunError(f"{path} could not be written: {error.strerror or error}.", "Check the disk.") from error


def picture_of(path: Path) -> NDArray[np.uint8]:
    """A FITS image for display: (h, w) grey or (h, w, 3) RGB, upright, with the default stretch of previews.

    Raises InputError if the file is not an image.
    """
    top_down = is_top_down(fits_io.read_header(path))
    layout = replace(fits_io.image_layout(path), unit=1.0)  # numbers of frames are not scaled
    image = layout.read()
    picture = develop(image / max(float(image.max(initial=0)), 1.0), Look())
    picture = np.moveaxis(picture, 0, -1) if picture.ndim == 3 else picture
    return np.ascontiguousarray(np.rint(255 * (picture if top_down else picture[::-1])).astype(np.uint8))
