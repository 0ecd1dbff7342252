"""Previews: stretched pictures with an sRGB profile. The only stretched files of a run."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray

from orchestrator.errors import RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.atomic import whole_file
from orchestrator.report.icc import icc_profile
from tilecore.colour import apply_matrix, bayer_compensation, neutral_background, saturate, scnr
from tilecore.numerics.statistics import mad_sigma

__all__ = ["Look", "asinh_stretch", "autostretch", "develop", "midtones", "picture_of", "two_stage_stretch", "write_png",
           "write_preview"]

SHADOWS_CLIP = -2.8
TARGET_BACKGROUND = 0.25
# An asinh stretch keeps colours to the brightest stars; the sky is put lower than by the midtones function.
ASINH_BACKGROUND = 0.15


@dataclass(frozen=True)
class Look:
    """How a linear image becomes a picture. None of it touches the linear products.

    ``linked``: one curve for all channels, which keeps the colours. ``scnr`` 0..1 takes green noise away, ``saturation`` is
    a factor, ``matrix`` (3x3, rows sum to 1) mixes the linear colours. ``balance`` "background" makes the sky grey,
    "bayer" the mean colour of what is above it as well.
    """

    stretch: Literal["autostretch", "asinh", "two_stage"] = "autostretch"
    linked: bool = False
    scnr: float = 0.0
    saturation: float = 1.0
    matrix: tuple[tuple[float, ...], ...] | None = None
    balance: Literal["none", "background", "bayer"] = "none"


def midtones(values: NDArray[np.float32], balance: float) -> NDArray[np.float32]:
    """Midtones transfer function: 0 -> 0, balance -> 1/2, 1 -> 1."""
    return np.asarray((balance - 1) * values / ((2 * balance - 1) * values - balance), np.float32)


def _shadows(channel: NDArray[np.float32]) -> tuple[float, float]:
    """Black point and median of the pixels with data."""
    data = channel[channel > 0]
    if not data.size:
        return 0.0, 0.0
    median = float(np.median(data))
    spread = mad_sigma(data, median)
    return float(np.clip(median + SHADOWS_CLIP * spread, 0, 1)), median


def _parameters(channel: NDArray[np.float32]) -> tuple[float, float]:
    """Shadows and midtones balance that put the background at the target (as PixInsight and Siril do)."""
    shadows, median = _shadows(channel)
    if median <= 0:
        return 0.0, 0.5
    x = max((median - shadows) / max(1 - shadows, 1e-9), 1e-6)
    balance = (TARGET_BACKGROUND - 1) * x / ((2 * TARGET_BACKGROUND - 1) * x - TARGET_BACKGROUND)
    # midtones(x, m) = target has the solution m = midtones(x, target) with the roles exchanged.
    return shadows, float(np.clip(balance, 1e-6, 1 - 1e-6))


def autostretch(image: NDArray[np.float32], *, linked: bool = False) -> NDArray[np.float32]:
    """(h, w) or (3, h, w) stretched to 0..1; ``linked`` uses one curve for all channels and so keeps the colours."""
    channels = image if image.ndim == 3 else image[None]
    parameters = [_parameters(c) for c in channels]
    if linked:
        parameters = [(float(np.mean([p[0] for p in parameters])), float(np.mean([p[1] for p in parameters])))] * len(channels)
    out = np.stack([midtones(np.clip((c - s) / max(1 - s, 1e-9), 0, 1), m)
                    for c, (s, m) in zip(channels, parameters, strict=True)])
    return out if image.ndim == 3 else out[0]


def asinh_stretch(image: NDArray[np.float32], *, linked: bool = False) -> NDArray[np.float32]:
    """(h, w) or (3, h, w) stretched to 0..1 by asinh of the intensity, so that the ratios of the channels stay.

    Lupton et al. 2004 (PASP 116, 133). A pixel whose brightest channel would pass 1 is scaled as a whole. Black points are
    those of the channels, or their mean when ``linked``.
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
    """(h, w) or (3, h, w) stretched to 0..1: asinh lifts what is faint and keeps the colours, then one midtones curve for all
    channels sets sky and contrast."""
    return autostretch(np.maximum(asinh_stretch(image, linked=linked), 0), linked=True)


def _asinh_softening(median: float) -> float:
    """beta for which asinh(beta median) / asinh(beta) is the target of the background; bisection in log beta."""
    low, high = -2.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        value = np.arcsinh(10**middle * median) / np.arcsinh(10**middle)
        low, high = (middle, high) if value < ASINH_BACKGROUND else (low, middle)
    return float(10 ** ((low + high) / 2))


def develop(image: NDArray[np.float32], look: Look) -> NDArray[np.float32]:
    """The picture, 0..1, of a linear image (h, w) or (3, h, w)."""
    colour = image.ndim == 3
    if colour and look.matrix is not None:
        covered = (image != 0).any(axis=0)
        image = np.where(covered, np.maximum(apply_matrix(image, np.array(look.matrix)), 0), 0).astype(np.float32)
    if colour and look.balance != "none":
        image = neutral_background(image)
        if look.balance == "bayer":
            image = bayer_compensation(image)[0]
    stretch = {"asinh": asinh_stretch, "two_stage": two_stage_stretch, "autostretch": autostretch}[look.stretch]
    picture = stretch(image, linked=look.linked)
    picture = np.clip(picture, 0, 1)
    if colour and look.scnr > 0:
        picture = scnr(picture, look.scnr)
    if colour and look.saturation != 1:
        picture = np.clip(saturate(picture, look.saturation), 0, 1)
    return picture


def write_preview(png: Path, tif: Path, image: NDArray[np.float32], *, top_down: bool,
                  look: Look | None = None) -> NDArray[np.uint8]:
    """8-bit PNG and 16-bit TIFF, upright: row 0 of ``image`` is at the top when ``top_down``. Returns what the PNG shows."""
    picture = develop(image, look or Look())
    if not top_down:
        picture = picture[..., ::-1, :]
    picture = np.moveaxis(picture, 0, -1) if picture.ndim == 3 else picture
    small = np.ascontiguousarray(np.rint(picture * 255).astype(np.uint8))
    write_png(png, small)
    colour = picture.ndim == 3
    try:
        with whole_file(tif) as stream:
            tifffile.imwrite(stream, np.ascontiguousarray(np.rint(picture * np.iinfo(np.uint16).max).astype(np.uint16)),
                             photometric="rgb" if colour else "minisblack", compression=None, iccprofile=icc_profile(colour))
    except OSError as error:
        raise RunError(f"{tif} could not be written: {error.strerror or error}.", "Check the disk.") from error
    return small


def write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    """(h, w) grey or (h, w, 3) RGB as PNG, with its profile in an iCCP chunk."""
    colour = picture.ndim == 3
    ok, encoded = cv2.imencode(".png", picture[..., ::-1] if colour else picture)
    if not ok:
        raise RunError(f"{path} could not be encoded.")
    raw = encoded.tobytes()
    body = b"iCCP" + b"ICC profile\x00\x00" + zlib.compress(icc_profile(colour), 9)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    header_end = 8 + 25  # the signature and IHDR; the profile must come before the pixels
    try:
        with whole_file(path) as stream:
            stream.write(raw[:header_end] + chunk + raw[header_end:])
    except OSError as error:
        raise RunError(f"{path} could not be written: {error.strerror or error}.", "Check the disk.") from error


def picture_of(path: Path) -> NDArray[np.uint8]:
    """A FITS image as a person sees it: (h, w) grey or (h, w, 3) RGB, upright, stretched as previews are.

    Raises InputError when it is no image.
    """
    top_down = str(fits_io.read_header(path).get("ROWORDER", "TOP-DOWN")).strip().upper() != "BOTTOM-UP"
    layout = replace(fits_io.image_layout(path), unit=1.0)  # counts of frames are no ADU
    image = layout.read()
    picture = develop(image / max(float(image.max(initial=0)), 1.0), Look())
    picture = np.moveaxis(picture, 0, -1) if picture.ndim == 3 else picture
    return np.ascontiguousarray(np.rint(255 * (picture if top_down else picture[::-1])).astype(np.uint8))
