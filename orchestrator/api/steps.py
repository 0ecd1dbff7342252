"""The steps of a stack one by one, on arrays: list, read, debayer, align, combine, crop, balance, stretch, write.

Colour images are (3, h, w) float32, 1.0 = 65535 ADU; several frames are (N, h, w) or (N, 3, h, w). ``run`` does more: local
weights, photometric scales, checks. The functions of :mod:`tilecore` that are used here are described in docs/PYTHON.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.report import preview
from orchestrator.session.discovery import scan
from orchestrator.session.headers import memory_pattern
from orchestrator.stacking.field_geometry import largest_rectangle
from tilecore import colour
from tilecore.cfa import mosaic
from tilecore.face import (
    RejectionRule,
    measure_frame,
    normalize_frames,
    register_frames,
    stack_frames,
    warp_frames,
)

__all__ = ["AlignedFrames", "CombinedFrames", "align_frames", "asinh_stretch", "best_frames", "combine_frames",
           "crop_to_coverage", "debayer", "list_lights", "read_frame", "smooth", "white_balance", "write_image"]

Images = NDArray[np.float32]


@dataclass(frozen=True)
class AlignedFrames:
    """``frames`` (N, 3, h, w) or (N, h, w) on the pixels of the ``reference``; ``valid`` (N, h, w) is 0 without data, as it is
    for all pixels of a frame that could not be registered (``problems``: index and reason)."""

    frames: Images
    valid: Images
    reference: int
    problems: dict[int, str]


@dataclass(frozen=True)
class CombinedFrames:
    """``mean`` (3, h, w) or (h, w); ``count`` and ``rejected``, the frames with data and those left out, of each pixel."""

    mean: Images
    count: Images
    rejected: Images


def list_lights(session: str | Path) -> list[Path]:
    """The lights of a session folder, in order of time, as a run would find them.

    Raises
    ------
    InputError : the folder does not exist or has no lights.
    """
    config = RunConfig.model_validate({"input": {"min_frames": 1, "allow_emergency_mode": True}})
    return [info.path for info in scan([Path(session).expanduser()], config).session.lights]


def read_frame(path: str | Path) -> tuple[Images, fits.Header]:
    """Pixels, (h, w) or (3, h, w), and header of a frame in any format that can be read; BAYERPAT, if there is one, begins at the
    first pixel of the array. InputError if the file is damaged."""
    frame = Path(path).expanduser()
    with frame_files.opened(frame) as layout:
        pixels, header = layout.read(), frame_files.read_header(frame)
    if pixels.ndim == 2 and (pattern := memory_pattern(header, len(pixels))) is not None:
        header["BAYERPAT"] = pattern
        for key in ("XBAYROFF", "YBAYROFF"):
            header.remove(key, ignore_missing=True)
    return pixels, header


def debayer(frame: ArrayLike, pattern: str, method: str = "malvar") -> Images:
    """A CFA mosaic (h, w) in colour: (3, h, w) by malvar, bilinear, vng or menon, (3, h/2, w/2) by superpixel.

    ``pattern``, such as "RGGB", begins at the first pixel of the array. ValueError for an unknown pattern or method.
    """
    data = np.ascontiguousarray(frame, np.float32)
    return mosaic.superpixel(data, pattern) if method == "superpixel" else mosaic.demosaic(data, pattern, method)


def best_frames(frames: Sequence[ArrayLike], keep: float = 0.8) -> list[int]:
    """Indices of the best frames, a fraction ``keep`` of all and at least one, in their order: many stars, small FWHM."""
    if not 0 < keep <= 1:
        raise ValueError(f"keep is {keep}, expected a fraction above 0 and at most 1")
    measured = [measure_frame(_luminance(np.asarray(frame, np.float32))) for frame in frames]
    scores = np.array([m.star_count / m.fwhm**2 if np.isfinite(m.fwhm) and m.fwhm > 0 else 0.0 for m in measured])
    return sorted(np.argsort(-scores, kind="stable")[: max(1, round(keep * len(scores)))].tolist())


def align_frames(frames: ArrayLike, *, reference: int | None = None, transform: str = "auto") -> AlignedFrames:
    """Frames (N, h, w) or (N, 3, h, w) on the pixels of a reference, by default the one with the most stars.

    Colour frames are registered by the mean of their channels, each of which is then resampled with Lanczos-4. ``transform``:
    shift, similarity, affine, homography or auto. ValueError, TypeError: shapes do not fit, or there is no such reference.
    """
    cube = np.asarray(frames, np.float32)
    found = register_frames(np.stack([_luminance(frame) for frame in cube]), reference=reference, transform=transform)
    if cube.ndim == 3:
        pixels, valid = warp_frames(cube, found.matrices)
    else:
        warped = [warp_frames(cube[:, channel], found.matrices) for channel in range(cube.shape[1])]
        pixels, valid = np.stack([p for p, _ in warped], axis=1), warped[0][1]
    return AlignedFrames(pixels, valid, found.reference, found.problems)


def combine_frames(aligned: AlignedFrames, *, sigma: float = 3.0, max_iterations: int = 5) -> CombinedFrames:
    """The mean of aligned frames, normalized to the reference, without outliers; pixels without data do not count.

    A pixel is an outlier if it differs by more than ``sigma`` standard deviations; at most ``max_iterations`` rounds.
    """
    rule = RejectionRule("sigma", low=sigma, high=sigma, max_iterations=max_iterations)
    planes = aligned.frames[:, None] if aligned.frames.ndim == 3 else aligned.frames
    means, counts, rejected = [], [], []
    for channel in range(planes.shape[1]):
        one = np.ascontiguousarray(planes[:, channel])
        normal = normalize_frames(one, aligned.valid, reference=aligned.reference)
        stack = stack_frames(normal.frames, aligned.valid, rule=rule)
        sky = np.float32(normal.sky[aligned.reference])
        means.append(np.where(stack.count > 0, stack.mean + sky, np.float32(0)))
        counts.append(stack.count)
        rejected.append(stack.rejected)
    mean = np.stack(means) if aligned.frames.ndim == 4 else means[0]
    return CombinedFrames(mean, np.min(counts, axis=0).astype(np.float32), np.max(rejected, axis=0).astype(np.float32))


def crop_to_coverage(image: ArrayLike, count: ArrayLike, share: float = 0.8) -> Images:
    """The largest rectangle of an image in which each pixel has at least ``share`` of the largest number of frames.

    ``count`` (h, w) is that of :class:`CombinedFrames`. InputError if there is no such pixel.
    """
    data, frames = np.asarray(image, np.float32), np.asarray(count)
    box = largest_rectangle(frames >= share * frames.max()) if frames.max() > 0 else None
    if box is None:
        raise InputError("No pixel of the image has data.", "Check `problems` of the aligned frames.")
    y0, y1, x0, x1 = box
    return np.ascontiguousarray(data[..., y0:y1, x0:x1])


def white_balance(image: ArrayLike, method: str = "background") -> Images:
    """A linear colour image with a neutral sky (``background``), and also a neutral mean above the sky (``bayer``)."""
    data = np.ascontiguousarray(image, np.float32)
    if method not in ("background", "bayer"):
        raise ValueError(f"method is {method!r}, expected 'background' or 'bayer'")
    return colour.neutral_background(data if method == "background" else colour.bayer_compensation(data)[0])


def smooth(image: ArrayLike, sigma: float | Sequence[float]) -> Images:
    """An image smoothed with a Gaussian, ``sigma`` in px, one for all channels or one for each."""
    data = np.asarray(image, np.float32)
    if data.ndim == 2:
        return np.asarray(ndimage.gaussian_filter(data, float(np.asarray(sigma))), np.float32)
    each = np.broadcast_to(np.asarray(sigma, np.float64), (len(data),))
    return np.stack([ndimage.gaussian_filter(plane, float(s)) if s > 0 else plane for plane, s in zip(data, each, strict=True)])


def asinh_stretch(image: ArrayLike, *, linked: bool = True) -> Images:
    """A linear image stretched for the screen, 0 to 1; ``linked``: one curve for all channels, which keeps star colours."""
    return preview.asinh_stretch(np.ascontiguousarray(image, np.float32), linked=linked)


def write_image(path: str | Path, image: ArrayLike, header: fits.Header | None = None) -> Path:
    """Write an image, (h, w) or (3, h, w), as float32 FITS with checksums; cards of the pixels' structure are its own.

    Raises
    ------
    ConfigError : the file exists and is not one of this program, or is in a folder of raw frames.
    RunError : it cannot be written.
    """
    target = Path(path).expanduser()
    cards = fits.Header() if header is None else header.copy()
    for key in ("BZERO", "BSCALE", "BLANK", "BAYERPAT"):
        cards.remove(key, ignore_missing=True)
    cards["PROGRAM"] = "orchestrate"
    fits_io.write(target, np.ascontiguousarray(image, np.float32), cards)
    return target


def _luminance(frame: Images) -> Images:
    """The mean of the channels of a colour frame (3, h, w); a mono frame as it is."""
    return frame if frame.ndim == 2 else frame.mean(axis=0, dtype=np.float32)
