"""Ten functions that stack frames with defaults: numpy arrays in, numpy arrays out, checked at the door.

They are the names of the package: ``tilecore.register_frames(frames)``. Frames are (N, h, w) in any real dtype; results are
float32. The modules below have more choices, and the same mathematics for blocks of large images (docs/METHODS.md).
The examples need ``import numpy as np`` and ``import tilecore``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tilecore.calibrate.masters import calibrate_rows, combine_masters, flat_divisor
from tilecore.detect.metrics import FrameMeasurement, measure
from tilecore.detect.stars import DetectionSettings, aperture_flux, detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.register.align import PARAMETERS, AlignmentError, match
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
    frames : array_like of shape (N, h, w)
        Biases, darks, or flats of the same level.
    sigma : float
        Threshold of the rejection in units of the noise.

    Returns
    -------
    ndarray of shape (h, w), float32
        In the unit of the frames.

    Raises
    ------
    ValueError
        A shape does not fit, or ``sigma`` is not positive.
    TypeError
        The dtype is not one of real numbers.

    Examples
    --------
    >>> biases = np.random.default_rng(1).normal(500, 5, (20, 16, 16))
    >>> biases[3, 8, 8] = 60000  # a cosmic ray
    >>> master = tilecore.make_master(biases)
    >>> master.shape, bool(abs(master[8, 8] - 500) < 5)
    ((16, 16), True)
    """
    return combine_masters(_array("frames", frames, 3), _positive("sigma", sigma))


def calibrate_frames(frames: ArrayLike, *, dark: ArrayLike | None = None, flat: ArrayLike | None = None,
                     pattern: str | None = None) -> FloatCube:
    """(light - dark) / flat, the flat normalised to its mean.

    Parameters
    ----------
    frames : array_like of shape (N, h, w)
        Lights.
    dark : array_like of shape (h, w), optional
        Master dark of the same exposure, with the bias; or a master bias.
    flat : array_like of shape (h, w), optional
        Master flat without bias or dark.
    pattern : str, optional
        CFA pattern such as "RGGB"; each colour of the flat is then normalised by itself. None for mono.

    Returns
    -------
    ndarray of shape (N, h, w), float32
        In the unit of the frames.

    Raises
    ------
    ValueError
        A shape does not fit, or ``pattern`` is not a pattern.
    TypeError
        A dtype is not one of real numbers.

    Examples
    --------
    >>> lights = np.full((3, 4, 4), 1500)
    >>> flat = np.full((4, 4), 20000)
    >>> tilecore.calibrate_frames(lights, dark=np.full((4, 4), 500), flat=flat)[0, 0, 0].item()
    1000.0
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
    image : array_like of shape (h, w)
        With or without its sky.
    sigma : float
        Threshold in units of the noise of a pixel.
    max_stars : int
        The brightest are kept.
    saturation : float
        Level from which a star counts as saturated, in the unit of the image.

    Returns
    -------
    ndarray of :data:`tilecore.detect.stars.STAR_DTYPE`
        ``x``, ``y`` and ``fwhm`` in pixels, ``flux``, ``snr`` and others; x and y are 0 at the centre of the first pixel.

    Raises
    ------
    ValueError
        The shape does not fit, or ``sigma`` or ``max_stars`` is not positive.
    TypeError
        The dtype is not one of real numbers.

    Examples
    --------
    >>> y, x = np.mgrid[:64, :64]
    >>> image = np.random.default_rng(1).normal(100, 5, (64, 64)) + 2000 * np.exp(-((x - 30.5) ** 2 + (y - 20) ** 2) / 5)
    >>> stars = tilecore.find_stars(image)
    >>> stars["x"].round(1).tolist(), stars["y"].round(1).tolist()
    ([30.5], [20.0])
    """
    settings = DetectionSettings(_positive("sigma", sigma), int(_positive("max_stars", max_stars)), float(saturation))
    return detect(_array("image", image, 2), settings)


def measure_frame(image: ArrayLike, *, pattern: str | None = None, trails: bool = False) -> FrameMeasurement:
    """Background, noise, stars, FWHM, roundness and PSF of a calibrated frame.

    Parameters
    ----------
    image : array_like of shape (h, w) or, in colour, (3, h, w)
        The frame.
    pattern : str, optional
        CFA pattern such as "RGGB" of a mosaic; None for mono and colour.
    trails : bool
        Whether trails of satellites are searched.

    Returns
    -------
    FrameMeasurement
        ``fwhm`` in pixels, ``background`` and ``noise`` of each channel in the unit of the image, and others.

    Raises
    ------
    ValueError
        A shape does not fit, or ``pattern`` is not a pattern.
    TypeError
        The dtype is not one of real numbers.

    Examples
    --------
    >>> frame = np.random.default_rng(1).normal(300, 12, (128, 128))
    >>> bool(abs(tilecore.measure_frame(frame).noise[0] - 12) < 1)
    True
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
    frames : array_like of shape (N, h, w)
        Calibrated frames.
    reference : int, optional
        Index of the reference; the frame with the most stars by default.
    transform : {"auto", "shift", "similarity", "affine", "homography"}
        The model; auto takes the one that fits best.

    Returns
    -------
    Registered
        A frame that cannot be registered raises nothing; see :attr:`Registered.problems`.

    Raises
    ------
    ValueError
        A shape does not fit, or there is no such reference or transform.
    TypeError
        The dtype is not one of real numbers.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> x0, y0 = random.uniform(15, 113, (2, 20, 1, 1))
    >>> y, x = np.mgrid[:128, :128]
    >>> def frame(shift):
    ...     stars = 2000 * np.exp(-((x - x0 - shift) ** 2 + (y - y0) ** 2) / 5)
    ...     return stars.sum(axis=0) + random.normal(100, 5, (128, 128))
    >>> found = tilecore.register_frames([frame(0), frame(3)], reference=0)
    >>> found.matrices[1, :2, 2].round(1).tolist()  # frame -> reference
    [-3.0, 0.0]
    """
    cube = _array("frames", frames, 3)
    if reference is not None and not 0 <= reference < len(cube):
        raise ValueError(f"reference is {reference}, there are {len(cube)} frames")
    if transform not in ("auto", *PARAMETERS):
        raise ValueError(f"transform is {transform!r}, expected auto, {', '.join(PARAMETERS)}")
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
    frames : array_like of shape (N, h, w)
        Calibrated frames.
    matrices : array_like of shape (N, 3, 3)
        Frame -> reference, as of :func:`register_frames`; a frame with NaN gets no valid pixels.

    Returns
    -------
    pixels : ndarray of shape (N, h, w), float32
        In the unit of the frames.
    valid : ndarray of shape (N, h, w), float32
        0 where a frame has no data.

    Raises
    ------
    ValueError
        A shape does not fit, or a matrix is singular.
    TypeError
        A dtype is not one of real numbers.

    Examples
    --------
    >>> frame = np.zeros((1, 32, 32))
    >>> frame[0, 10, 12] = 1000
    >>> shift = np.array([[[1, 0, 3], [0, 1, 0], [0, 0, 1]]])
    >>> pixels, valid = tilecore.warp_frames(frame, shift)
    >>> pixels[0, 10].argmax().item(), bool(valid[0, :, :2].any())
    (15, False)
    """
    cube = _array("frames", frames, 3)
    given = np.asarray(matrices, np.float64)
    if given.shape != (len(cube), 3, 3):
        raise ValueError(f"matrices has the shape {given.shape}, expected {(len(cube), 3, 3)}")
    known = np.asarray(np.isfinite(given).all(axis=(1, 2)))
    if (flat := np.flatnonzero(known)[np.linalg.det(given[known]) == 0]).size:
        raise ValueError(f"matrices[{flat[0]}] is singular")
    height, width = cube.shape[1:]
    pixels, valid = np.zeros(cube.shape, np.float32), np.zeros(cube.shape, np.float32)
    for index, (frame, matrix) in enumerate(zip(cube, given, strict=True)):
        if known[index]:
            pixels[index], valid[index] = warp_block(FrameRows(frame[None], (height, width)), np.linalg.inv(matrix),
                                                     Window(0, 0, height, width))
    return pixels, valid


def normalize_frames(frames: ArrayLike, valid: ArrayLike | None = None, *, reference: int = 0) -> Normalized:
    """Frames with the sky at 0 and stars as bright as in the reference.

    Parameters
    ----------
    frames : array_like of shape (N, h, w)
        On the same pixels.
    valid : array_like of shape (N, h, w), optional
        0 where a frame has no data; all pixels have data by default.
    reference : int
        Index of the frame whose brightness the others get.

    Returns
    -------
    Normalized
        The frames, and the sky and transparency of each.

    Raises
    ------
    ValueError
        A shape does not fit, or there is no such reference.
    TypeError
        A dtype is not one of real numbers.

    Examples
    --------
    >>> skies = np.random.default_rng(1).normal([[[100]], [[300]]], 5, (2, 32, 32))
    >>> tilecore.normalize_frames(skies).sky.round(-1).tolist()
    [100.0, 300.0]
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
    """Weights of normalised frames by their noise: 1 / sigma^2.

    Parameters
    ----------
    frames : array_like of shape (N, h, w)
        Normalised frames on the same pixels.
    valid : array_like of shape (N, h, w), optional
        0 where a frame has no data; all pixels have data by default.

    Returns
    -------
    ndarray of shape (N,), float64
        With unit mean; 0 for a frame without data.

    Raises
    ------
    ValueError
        A shape does not fit.
    TypeError
        The dtype is not one of real numbers.

    Examples
    --------
    >>> frames = np.random.default_rng(1).normal(0, [[[5]], [[10]]], (2, 64, 64))
    >>> good, poor = tilecore.weight_frames(frames)
    >>> round(good / poor)
    4
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
    frames : array_like of shape (N, h, w)
        Normalised frames on the same pixels; NaN and Inf count as no data.
    valid : array_like of shape (N, h, w), optional
        0 where a frame has no data; all pixels have data by default.
    noise : array_like of shape (N,), optional
        Standard deviation of a pixel of each frame; measured by default.
    rule : RejectionRule, optional
        Winsorized sigma clipping by default.

    Returns
    -------
    ndarray of shape (N, h, w), uint8
        1 = rejected. With fewer than three values at a pixel none is rejected.

    Raises
    ------
    ValueError
        A shape does not fit, a weight or noise is negative or NaN, or the method of the rule is not known.
    TypeError
        A dtype is not one of real numbers.

    Examples
    --------
    >>> frames = np.random.default_rng(1).normal(0, 5, (10, 16, 16))
    >>> frames[4, 7, 9] = 500
    >>> tilecore.reject_outliers(frames)[4, 7, 9].item()
    1
    """
    cube = _array("frames", frames, 3)
    known = np.ones(cube.shape, np.float32) if valid is None else _array("valid", valid, 3, cube.shape)
    sigma = _noise(cube, known) if noise is None else _not_negative("noise", noise, len(cube))
    return reject(cube, known, sigma.astype(np.float32), rule)


def stack_frames(frames: ArrayLike, valid: ArrayLike | None = None, *, weights: ArrayLike | None = None,
                 noise: ArrayLike | None = None, rule: RejectionRule | None = None) -> Combined:
    """The weighted mean of frames without outliers, its variance, and the number of frames.

    Parameters
    ----------
    frames : array_like of shape (N, h, w)
        Normalised frames on the same pixels.
    valid : array_like of shape (N, h, w), optional
        0 to 1, 0 where a frame has no data; all pixels have data by default.
    weights : array_like of shape (N,), optional
        1 / noise^2 by default.
    noise : array_like of shape (N,), optional
        Standard deviation of a pixel of each frame; measured from the differences of neighbouring pixels by default, which is
        too small for interpolated frames: pass that of the frames before.
    rule : RejectionRule, optional
        Winsorized sigma clipping by default; ``RejectionRule("none")`` rejects nothing.

    Returns
    -------
    Combined
        ``mean``, ``variance``, ``count``, ``rejected`` and others, each (h, w).

    Raises
    ------
    ValueError
        A shape does not fit, a weight or noise is negative or NaN, or the method of the rule is not known.
    TypeError
        A dtype is not one of real numbers.

    Examples
    --------
    >>> frames = np.random.default_rng(1).normal(0, 5, (25, 64, 64))
    >>> stack = tilecore.stack_frames(frames)
    >>> round(float(stack.mean.std())), round(float(np.sqrt(np.median(stack.variance))))
    (1, 1)
    """
    cube = _array("frames", frames, 3)
    known = np.ones(cube.shape, np.float32) if valid is None else _array("valid", valid, 3, cube.shape)
    count, height, width = cube.shape
    sigma = _noise(cube, known) if noise is None else _not_negative("noise", noise, count)
    chosen = (np.where(sigma > 0, 1 / np.maximum(sigma, np.finfo(float).tiny) ** 2, 0.0) if weights is None
              else _not_negative("weights", weights, count))
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


def _not_negative(name: str, given: ArrayLike, count: int) -> NDArray[np.float64]:
    """``given`` (N,) as float64, after a check that all are numbers of 0 or more."""
    found = _array(name, given, 1, (count,)).astype(np.float64)
    if (wrong := np.flatnonzero(~(np.isfinite(found) & (found >= 0)))).size:
        raise ValueError(f"{name}[{wrong[0]}] is {found[wrong[0]]:g}, expected a number of 0 or more")
    return found


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
