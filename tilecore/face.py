"""Ten functions that stack frames with defaults: numpy arrays in, numpy arrays out, checked at the door.

They are the names of the package: ``tilecore.register_frames(frames)``. Frames are (N, h, w) in any real dtype; results are
float32. The modules below have more choices, and the same mathematics for blocks of large images (docs/METHODS.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tilecore.calibrate.masters import calibrate_rows, combine_masters, flat_divisor
from tilecore.detect.metrics import FrameMeasurement, measure
from tilecore.detect.stars import DetectionSettings, aperture_flux, detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.register.align import AlignmentError, match
from tilecore.resample.warp import FrameRows, Window, warp_block
from tilecore.sky.normalize import transparency
from tilecore.stack.grid import AxisWindows
from tilecore.stack.reject import RejectionRule, reject
from tilecore.stack.weighted_mean import Combined, combine

__all__ = [
    "Combined", "FrameMeasurement", "Normalized", "Registered", "RejectionRule", "calibrate_frames", "find_stars", "make_master",
    "measure_frame", "normalize_frames", "register_frames", "reject_outliers", "stack_frames", "warp_frames", "weight_frames",
]

FloatImage = NDArray[np.float32]
FloatCube = NDArray[np.float32]

# Radius of the apertures that compare the brightness of frames, in FWHM.
APERTURE = 2.0


@dataclass(frozen=True)
class Registered:
    """``matrices`` (N, 3, 3) map pixels (x, y, 1) of each frame to the frame ``reference``; ``residual`` (N,) is the rms distance
    of the matched stars (px). Both are NaN for a frame that could not be registered, with the reason in ``problems``."""

    matrices: NDArray[np.float64]
    residual: NDArray[np.float64]
    reference: int
    problems: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Normalized:
    """``frames`` (N, h, w) = (X - sky) / transparency; ``sky`` (N,) in the unit of X, ``transparency`` (N,) relative to the
    reference."""

    frames: FloatCube
    sky: NDArray[np.float64]
    transparency: NDArray[np.float64]


def make_master(frames: ArrayLike, sigma: float = 3.0) -> FloatImage:
    """Mean of calibration frames with winsorized sigma clipping.

    Parameters
    ----------
    frames : (N, h, w) biases, darks, or flats that have the same level.
    sigma : threshold of the rejection.

    Returns
    -------
    (h, w) float32, in the unit of the frames.

    Raises
    ------
    ValueError, TypeError : the shape or dtype does not fit.
    """
    return combine_masters(_array("frames", frames, 3), _positive("sigma", sigma))


def calibrate_frames(frames: ArrayLike, *, dark: ArrayLike | None = None, flat: ArrayLike | None = None,
                     pattern: str | None = None) -> FloatCube:
    """(light - dark) / flat, the flat normalised to its mean.

    Parameters
    ----------
    frames : (N, h, w) lights.
    dark : (h, w) master dark of the same exposure, with the bias; or a master bias.
    flat : (h, w) master flat without bias or dark.
    pattern : CFA pattern such as "RGGB", None for mono; each colour of the flat is then normalised by itself.

    Returns
    -------
    (N, h, w) float32, in the unit of the frames.

    Raises
    ------
    ValueError, TypeError : a shape or dtype does not fit.
    """
    _check_pattern(pattern)
    lights = _array("frames", frames, 3)
    size = lights.shape[1:]
    master = None if dark is None else _array("dark", dark, 2, size)
    divisor = None if flat is None else flat_divisor(_array("flat", flat, 2, size), pattern=pattern, equalize=True)
    return np.stack([calibrate_rows(light, master, divisor) for light in lights])


def find_stars(image: ArrayLike, *, sigma: float = 5.0, max_stars: int = 500, saturation: float = np.inf) -> NDArray[np.void]:
    """Stars of an image, brightest first.

    Parameters
    ----------
    image : (h, w).
    sigma : threshold in units of the noise of a pixel.
    max_stars : the brightest are kept.
    saturation : level from which a star counts as saturated, in the unit of the image.

    Returns
    -------
    Table of :data:`tilecore.detect.stars.STAR_DTYPE` with ``x``, ``y`` and ``fwhm`` in pixels, ``flux``, ``snr``, ...; x and y
    are 0 at the centre of the first pixel.

    Raises
    ------
    ValueError, TypeError : the shape or dtype does not fit.
    """
    settings = DetectionSettings(_positive("sigma", sigma), int(max_stars), float(saturation))
    return detect(_array("image", image, 2), settings)


def measure_frame(image: ArrayLike, *, pattern: str | None = None, trails: bool = False) -> FrameMeasurement:
    """Background, noise, stars, FWHM, roundness and PSF of a calibrated frame.

    Parameters
    ----------
    image : (h, w), or (3, h, w) in colour.
    pattern : CFA pattern such as "RGGB" of a mosaic, None for mono and colour.
    trails : whether trails of satellites are searched.

    Raises
    ------
    ValueError, TypeError : the shape or dtype does not fit.
    """
    _check_pattern(pattern)
    found = np.asarray(image)
    if found.ndim == 3 and (len(found) != 3 or pattern is not None):
        raise ValueError(f"image has the shape {found.shape}, expected (h, w), or (3, h, w) without a pattern")
    return measure(_array("image", found, 3 if found.ndim == 3 else 2), pattern, trails=trails)


def register_frames(frames: ArrayLike, *, reference: int | None = None, transform: str = "auto") -> Registered:
    """The transform of each frame to a reference, from its stars.

    Parameters
    ----------
    frames : (N, h, w) calibrated frames.
    reference : index of the reference; the frame with the most stars by default.
    transform : shift, similarity, affine, homography, or auto: the one that fits best.

    Raises
    ------
    ValueError, TypeError : a shape or dtype does not fit, or there is no such reference. A frame that cannot be registered raises
        nothing; see :attr:`Registered.problems`.
    """
    cube = _array("frames", frames, 3)
    if reference is not None and not 0 <= reference < len(cube):
        raise ValueError(f"reference is {reference}, there are {len(cube)} frames")
    stars = [detect(frame, DetectionSettings(saturation=np.inf)) for frame in cube]
    chosen = int(np.argmax([len(s) for s in stars])) if reference is None else reference
    matrices, residual = np.full((len(cube), 3, 3), np.nan), np.full(len(cube), np.nan)
    problems: dict[int, str] = {}
    for index, found in enumerate(stars):
        if index == chosen:
            matrices[index], residual[index] = np.eye(3), 0.0
            continue
        try:
            aligned = match(found, stars[chosen], transform)
            matrices[index], residual[index] = aligned.matrix, aligned.residual
        except AlignmentError as error:
            problems[index] = str(error)
    return Registered(matrices, residual, chosen, problems)


def warp_frames(frames: ArrayLike, matrices: ArrayLike) -> tuple[FloatCube, FloatCube]:
    """Frames on the pixels of the reference, by Lanczos-4 interpolation.

    Parameters
    ----------
    frames : (N, h, w).
    matrices : (N, 3, 3), frame -> reference, as of :func:`register_frames`; a frame with NaN gets no valid pixels.

    Returns
    -------
    pixels, valid : (N, h, w) float32; ``valid`` is 0 where a frame has no data.

    Raises
    ------
    ValueError, TypeError : a shape or dtype does not fit.
    """
    cube = _array("frames", frames, 3)
    given = np.asarray(matrices, np.float64)
    if given.shape != (len(cube), 3, 3):
        raise ValueError(f"matrices has the shape {given.shape}, expected {(len(cube), 3, 3)}")
    height, width = cube.shape[1:]
    pixels, valid = np.zeros(cube.shape, np.float32), np.zeros(cube.shape, np.float32)
    for index, (frame, matrix) in enumerate(zip(cube, given, strict=True)):
        if np.isfinite(matrix).all():
            pixels[index], valid[index] = warp_block(FrameRows(frame[None], (height, width)), np.linalg.inv(matrix),
                                                     Window(0, 0, height, width))
    return pixels, valid


def normalize_frames(frames: ArrayLike, valid: ArrayLike | None = None, *, reference: int = 0) -> Normalized:
    """Frames with the sky at 0 and stars as bright as in the reference.

    Parameters
    ----------
    frames : (N, h, w) on the same pixels.
    valid : (N, h, w), 0 = no data; all by default.
    reference : index of the frame whose brightness the others get.

    Raises
    ------
    ValueError, TypeError : a shape or dtype does not fit.
    """
    cube = _array("frames", frames, 3)
    known = np.ones(cube.shape, np.float32) if valid is None else _array("valid", valid, 3, cube.shape)
    if not 0 <= reference < len(cube):
        raise ValueError(f"reference is {reference}, there are {len(cube)} frames")
    sky = np.array([np.median(f[v > 0]) if (v > 0).any() else 0.0 for f, v in zip(cube, known, strict=True)])
    stars = detect(cube[reference], DetectionSettings(saturation=np.inf))
    scale = np.ones(len(cube))
    if len(stars):
        x, y, radius = stars["x"].astype(float), stars["y"].astype(float), APERTURE * float(np.median(stars["fwhm"]))
        fluxes = [_fluxes(f, v, x, y, radius) for f, v in zip(cube, known, strict=True)]
        scale = np.array([transparency(flux, fluxes[reference])[0] for flux in fluxes])
    levels, factors = sky.astype(np.float32)[:, None, None], scale.astype(np.float32)[:, None, None]
    return Normalized(np.where(known > 0, (cube - levels) / factors, np.float32(0)), sky, scale)


def weight_frames(frames: ArrayLike, valid: ArrayLike | None = None) -> NDArray[np.float64]:
    """Weights (N,) of normalised frames by their noise: 1 / sigma^2, with unit mean; 0 for a frame without data.

    Parameters
    ----------
    frames : (N, h, w) normalised frames on the same pixels.
    valid : (N, h, w), 0 = no data; all by default.

    Raises
    ------
    ValueError, TypeError : a shape or dtype does not fit.
    """
    cube = _array("frames", frames, 3)
    sigma = _noise(cube, None if valid is None else _array("valid", valid, 3, cube.shape))
    weights = np.where(sigma > 0, 1 / np.maximum(sigma, np.finfo(float).tiny) ** 2, 0.0)
    return np.asarray(weights / weights.mean() if weights.any() else weights)


def reject_outliers(frames: ArrayLike, valid: ArrayLike | None = None, *, noise: ArrayLike | None = None,
                    rule: RejectionRule | None = None) -> NDArray[np.uint8]:
    """Which values are outliers: cosmic rays, satellites, hot pixels.

    Parameters
    ----------
    frames : (N, h, w) normalised frames on the same pixels; NaN and Inf count as no data.
    valid : (N, h, w), 0 = no data; all by default.
    noise : (N,) standard deviation of a pixel of each frame; measured by default.
    rule : winsorized sigma clipping by default.

    Returns
    -------
    (N, h, w) uint8, 1 = rejected. With fewer than three values at a pixel none is rejected.

    Raises
    ------
    ValueError, TypeError : a shape or dtype does not fit, or the method of the rule is not known.
    """
    cube = _array("frames", frames, 3)
    known = np.ones(cube.shape, np.float32) if valid is None else _array("valid", valid, 3, cube.shape)
    sigma = _noise(cube, known) if noise is None else _array("noise", noise, 1, (len(cube),))
    return reject(cube, known, sigma.astype(np.float32), rule)


def stack_frames(frames: ArrayLike, valid: ArrayLike | None = None, *, weights: ArrayLike | None = None,
                 noise: ArrayLike | None = None, rule: RejectionRule | None = None) -> Combined:
    """The weighted mean of frames without outliers, its variance, and the number of frames.

    Parameters
    ----------
    frames : (N, h, w) normalised frames on the same pixels.
    valid : (N, h, w), 0..1, 0 = no data; all by default.
    weights : (N,); 1 / noise^2 by default.
    noise : (N,) standard deviation of a pixel of each frame; measured from the differences of neighbouring pixels by default,
        which is too small for interpolated frames: pass that of the frames before.
    rule : winsorized sigma clipping by default; ``RejectionRule("none")`` rejects nothing.

    Raises
    ------
    ValueError, TypeError : a shape or dtype does not fit, or the method of the rule is not known.
    """
    cube = _array("frames", frames, 3)
    known = np.ones(cube.shape, np.float32) if valid is None else _array("valid", valid, 3, cube.shape)
    count, height, width = cube.shape
    sigma = _noise(cube, known) if noise is None else _array("noise", noise, 1, (count,)).astype(np.float64)
    chosen = (np.where(sigma > 0, 1 / np.maximum(sigma, np.finfo(float).tiny) ** 2, 0.0) if weights is None
              else _array("weights", weights, 1, (count,)).astype(np.float64))
    windows = AxisWindows(np.zeros((height, 1), np.int32), np.ones((height, 1), np.float32),
                          np.zeros((width, 1), np.int32), np.ones((width, 1), np.float32))
    mask = reject(cube, known, sigma.astype(np.float32), rule)
    return combine(cube, known, mask, chosen[:, None, None], sigma[:, None, None], windows)


def _array(name: str, given: ArrayLike, ndim: int, shape: tuple[int, ...] | None = None) -> NDArray[np.float32]:
    """``given`` as contiguous float32, after a check of its dtype, dimensions and ``shape``."""
    found = np.asarray(given)
    if found.dtype.kind not in "biuf":
        raise TypeError(f"{name} has the dtype {found.dtype}, expected real numbers")
    wanted = shape or {1: "(N,)", 2: "(h, w)", 3: "(N, h, w)"}[ndim]
    if found.ndim != ndim or 0 in found.shape or (shape is not None and found.shape != shape):
        raise ValueError(f"{name} has the shape {found.shape}, expected {wanted}")
    return np.ascontiguousarray(found, np.float32)


def _check_pattern(pattern: str | None) -> None:
    if pattern is not None and sorted(pattern) != ["B", "G", "G", "R"]:
        raise ValueError(f"pattern is {pattern!r}, expected four letters such as 'RGGB'")


def _positive(name: str, value: float) -> float:
    if not value > 0:
        raise ValueError(f"{name} is {value}, expected a number above 0")
    return float(value)


def _noise(cube: FloatCube, valid: FloatCube | None) -> NDArray[np.float64]:
    """Standard deviation (N,) of a pixel of each frame, from the differences of neighbours; 0 without data."""
    found = []
    for index, frame in enumerate(cube):
        both = np.isfinite(frame) if valid is None else np.isfinite(frame) & (valid[index] > 0)
        pairs = both[:, 1:] & both[:, :-1]
        found.append(mad_sigma((frame[:, 1:] - frame[:, :-1])[pairs].astype(np.float64)) / np.sqrt(2) if pairs.any() else 0.0)
    return np.array(found)


def _fluxes(frame: FloatImage, valid: FloatImage, x: NDArray[np.float64], y: NDArray[np.float64], radius: float
            ) -> NDArray[np.float64]:
    """Aperture fluxes (n,) of stars at x, y; NaN where the frame has no data."""
    flux = aperture_flux(frame, x, y, radius)
    rows, columns = (np.clip(np.round(v).astype(int), 0, s - 1) for v, s in zip((y, x), frame.shape, strict=True))
    return np.where(valid[rows, columns] > 0, flux, np.nan)
