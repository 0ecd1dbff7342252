"""Measurements of one frame: sky, noise, structure, stars, and how its PSF changes over the field (METHODS 2, 5)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.cfa import mosaic as cfa_module
from tilecore.detect.psf import PsfModel
from tilecore.detect.stars import DetectionSettings, detect_with_hits, detection_image
from tilecore.detect.trails import LineSearch, search_lines
from tilecore.numerics.clipped_median import cell_edges, clipped_median_with, histogram_space, largest_cell
from tilecore.numerics.compiled import njit
from tilecore.numerics.selection import median_in_place
from tilecore.numerics.statistics import MAD_TO_SIGMA
from tilecore.numerics.thumbnail import thumbnail

__all__ = ["FrameMeasurement", "measure", "sample_mesh", "without_stars_at"]

FloatArray = NDArray[np.float64]

# Values of a cell from which its deviation is estimated before it is refined on all.
DEVIATION_SAMPLE = 64
# Pixels of a cell from which its noise is measured, to 3 %.
CELL_SAMPLE = 512
# Least side (px of a plane) of a cell.
LEAST_CELL = 16
# Signal-to-noise of stars that count for FWHM and roundness, and how many there must be, else all count.
GOOD_SNR = 15
GOOD_STARS = 5
# Noise of a cell is at least this share of the median over the field, and at least this level.
LEAST_NOISE_SHARE = 0.05
LEAST_NOISE = 1e-7
# Values beyond this many deviations do not count.
CLIP = 3
# Distance (px) from pixels without data within which a star is cut.
CUT_STAR = 5
# Deviation of a normal distribution that is cut at CLIP sigma.
CLIPPED_DEVIATION = 0.9866
# Variance of a second difference over that of a pixel: 1 + 4 + 1.
SECOND_DIFFERENCE_VARIANCE = 6.0


@dataclass(frozen=True)
class FrameMeasurement:
    """P planes: 1 (mono), 4 (mosaic, in order of memory) or 3 (colours). Levels are in the unit of the frame.

    ``background``, ``noise``, ``gradient`` are (P,) medians over the field of the meshes (P, my, mx);
    ``mesh_centers`` is (y, x) of the cells' centres in full-resolution pixels. ``gradient`` is the energy of the
    gradient above that of the noise. ``wfwhm`` is FWHM / roundness, which includes the cost of trailing. ``trails`` are those of
    :class:`tilecore.detect.trails.LineSearch`, like ``other_light`` and ``line_map``. ``thumbnail`` is a small stretched picture,
    rows as stored. ``clipped`` is the number of pixels at or above the saturation level, ``hits`` that of
    cosmic rays and hot pixels that were found beside the stars.
    """

    background: FloatArray
    noise: FloatArray
    gradient: FloatArray
    background_mesh: FloatArray
    noise_mesh: FloatArray
    gradient_mesh: FloatArray
    mesh_centers: tuple[FloatArray, FloatArray]
    stars: NDArray[np.void]
    star_count: int
    fwhm: float
    wfwhm: float
    roundness: float
    psf: PsfModel
    trails: FloatArray
    thumbnail: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    other_light: FloatArray = field(default_factory=lambda: np.zeros((0, 5)))
    line_map: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8))
    clipped: int = 0
    hits: int = 0


def measure(data: NDArray[np.float32], cfa: str | None, settings: DetectionSettings | None = None, *,
            stars: NDArray[np.void] | None = None, mesh: int = 64, trails: bool = True) -> FrameMeasurement:
    """Measure a calibrated frame, (h, w) or (3, h, w).

    Parameters
    ----------
    cfa : pattern of the mosaic in memory, None for mono and colour.
    settings : of the detection of stars.
    stars : the stars, if they are known (:data:`tilecore.detect.stars.STAR_DTYPE`); they are detected otherwise.
    mesh : side (px) of the cells of the meshes.
    trails : whether trails are searched.
    """
    image = detection_image(data, cfa)
    hits = 0
    if stars is None:
        mosaic = data if cfa is not None and data.ndim == 2 else None
        stars, hits = detect_with_hits(image, settings, mosaic=mosaic, cfa=cfa)
    step = 1
    if data.ndim == 3:
        planes = data
    elif cfa is None:
        planes = data[None]
    else:
        planes, step = cfa_module.split(data[: data.shape[0] // 2 * 2, : data.shape[1] // 2 * 2]), 2
    cells = [_mesh(np.ascontiguousarray(p), max(mesh // step, LEAST_CELL)) for p in planes]
    background, noise, gradient = (np.array([c[k] for c in cells]) for k in range(3))
    centers = (cells[0][3] * step + (step - 1) / 2, cells[0][4] * step + (step - 1) / 2)
    good = stars[~stars["saturated"] & (stars["snr"] > GOOD_SNR)]
    good = good if len(good) >= GOOD_STARS else stars
    fwhm = float(np.median(good["fwhm"])) if len(good) else float("nan")
    roundness = float(np.median(good["roundness"])) if len(good) else float("nan")
    level, spread, energy = (np.median(a.reshape(len(a), -1), axis=1) for a in (background, noise, gradient))
    # Green is interpolated, but for the sum along a line the noise of the planes of a mosaic is accurate enough.
    lines = search_lines(image, float(np.median(level)), float(np.median(spread)), stars) if trails else LineSearch()
    return FrameMeasurement(level, spread, energy, background, noise, gradient, centers, stars, len(stars), fwhm,
                            fwhm / max(roundness, 0.1) if len(good) else float("nan"), roundness,
                            PsfModel.fit(good, data.shape), lines.trails, thumbnail(data), lines.others, lines.signal,
                            int(np.count_nonzero(data >= np.float32((settings or DetectionSettings()).saturation))), hits)


def without_stars_at(found: FrameMeasurement, missing: NDArray[np.bool_]) -> FrameMeasurement:
    """A measurement without the stars at or beside pixels without data, ``missing`` (h, w): they are noise, or cut."""
    stars = found.stars
    near = np.ones((2 * CUT_STAR + 1, 2 * CUT_STAR + 1), np.uint8)
    wide = cv2.dilate(missing.astype(np.uint8), near)
    x, y = (np.clip(np.rint(stars[k]).astype(int), 0, n - 1) for k, n in (("x", wide.shape[1]), ("y", wide.shape[0])))
    kept = stars[wide[y, x] == 0]
    return replace(found, stars=kept, star_count=len(kept))


def _mesh(plane: NDArray[np.float32], cell: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Background, noise, gradient energy (my, mx) of cells, and the cells' centres along y and x."""
    h, w = plane.shape
    edges_y, edges_x = cell_edges(h, cell), cell_edges(w, cell)
    shape = (len(edges_y) - 1, len(edges_x) - 1)
    background: FloatArray = np.zeros(shape)
    noise: FloatArray = np.zeros(shape)
    energy: FloatArray = np.zeros(shape)
    space = np.empty(3 * largest_cell(edges_y, edges_x), np.float32)
    _cells(plane, edges_y, edges_x, space, background, noise, energy)
    floor = max(float(np.median(noise)) * LEAST_NOISE_SHARE, LEAST_NOISE)
    centers = [np.asarray(0.5 * (e[:-1] + e[1:] - 1), np.float64) for e in (edges_y, edges_x)]
    return background, np.maximum(noise, floor), energy, centers[0], centers[1]


@njit(cache=True, nogil=True)
def _cells(plane: NDArray[np.float32], edges_y: NDArray[np.int64], edges_x: NDArray[np.int64], space: NDArray[np.float32],
           background: FloatArray, noise: FloatArray, energy: FloatArray) -> None:
    """Fill background, noise and gradient energy (my, mx) of the cells; ``space`` (3 n,) holds n pixels and their differences."""
    value_space, second_space, below = space[: space.size // 3], space[space.size // 3:], histogram_space()
    for j in range(background.shape[0]):
        for i in range(background.shape[1]):
            part = plane[edges_y[j]: edges_y[j + 1], edges_x[i]: edges_x[i + 1]]
            h, w = part.shape
            # Some rows are enough for the noise; the level, whose errors add up over the field, uses all.
            step = max(int(h * w / CELL_SAMPLE + 0.5), 1)
            values = value_space[: h * w]
            for y in range(h):
                for x in range(w):
                    values[y * w + x] = part[y, x]
            m, gradient = _differences(part, step, second_space)
            background[j, i] = clipped_median_with(values, below)
            noise[j, i] = _deviation(second_space[:m]) / np.sqrt(SECOND_DIFFERENCE_VARIANCE)
            energy[j, i] = max(gradient - 4 * noise[j, i] ** 2, 0.0)


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"}, forceinline=True)
def _differences(part: NDArray[np.float32], step: int, second: NDArray[np.float32]) -> tuple[int, float]:
    """Second differences of every ``step``-th row, into ``second``; their number, and the mean energy of the gradient.

    Constant and slope drop out of second differences; their variance is 6 times the pixels'.
    """
    h, w = part.shape
    m = pairs = 0
    gradient = 0.0
    for y in range(0, h, step):
        line = part[y]
        for x in range(1, w - 1):
            second[m + x - 1] = line[x - 1] - 2 * line[x] + line[x + 1]
        m += w - 2
        if 0 < y < h - 1:
            before, after = part[y - 1], part[y + 1]
            for x in range(w):
                second[m + x] = before[x] - 2 * line[x] + after[x]
            m += w
        if y < h - 1:
            after = part[y + 1]
            row = np.float32(0)
            for x in range(w - 1):
                row += (after[x] - line[x]) ** 2 + (line[x + 1] - line[x]) ** 2
            gradient += float(row)
            pairs += w - 1
    return m, gradient / max(pairs, 1)


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"}, forceinline=True)
def _deviation(values: NDArray[np.float32]) -> float:
    """Robust standard deviation about zero, clipped so that stars do not count; it starts from a sample of the values."""
    step = max(values.size // DEVIATION_SAMPLE, 1)
    sample = np.empty((values.size + step - 1) // step, np.float32)
    for k in range(sample.size):
        sample[k] = abs(values[k * step])
    spread: float = MAD_TO_SIGMA * median_in_place(sample)
    for _ in range(3):
        total, n, limit = np.float32(0), np.float32(0), np.float32(CLIP * CLIP * spread * spread)
        for k in range(values.size):  # the compiler vectorises this form
            square = values[k] * values[k]
            inside = np.float32(1) if square < limit else np.float32(0)
            total += square * inside
            n += inside
        if n < 16:
            break
        spread = float(np.sqrt(total / n)) / CLIPPED_DEVIATION
    return spread


def sample_mesh(mesh: FloatArray, centers: tuple[FloatArray, FloatArray], x: FloatArray, y: FloatArray) -> FloatArray:
    """Meshes (P, my, mx) at positions x, y (n,), bilinear, constant beyond the outer centres: (P, n)."""
    fy, fx = _position(centers[0], y), _position(centers[1], x)
    y0, x0 = np.floor(fy).astype(int), np.floor(fx).astype(int)
    y1, x1 = np.minimum(y0 + 1, mesh.shape[1] - 1), np.minimum(x0 + 1, mesh.shape[2] - 1)
    ty, tx = fy - y0, fx - x0
    top = mesh[:, y0, x0] * (1 - tx) + mesh[:, y0, x1] * tx
    bottom = mesh[:, y1, x0] * (1 - tx) + mesh[:, y1, x1] * tx
    return np.asarray(top * (1 - ty) + bottom * ty)


def _position(centers: FloatArray, values: FloatArray) -> FloatArray:
    """Positions in units of cells."""
    return np.interp(values, centers, np.arange(len(centers), dtype=np.float64))
