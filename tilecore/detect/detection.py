"""Objects above the sky: a matched filter, connected regions, and the peaks in them that are separated by a saddle.

The steps are those of SExtractor (Bertin & Arnouts 1996, A&AS 117:393). None of them holds Python's lock, so that many frames
are searched in parallel.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from tilecore.numerics.clipped_median import cell_edges, clipped_median_with, histogram_space, largest_cell
from tilecore.numerics.compiled import njit
from tilecore.numerics.statistics import mad_sigma

__all__ = ["OBJECT_DTYPE", "aperture_sums", "find_objects", "flatten", "refine_centers"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

OBJECT_DTYPE = np.dtype([(name, "f8") for name in ("x", "y", "a", "b", "theta", "flux", "peak")])

# Side (px) of the cells of the background.
CELL = 64
# Pixels of each cell that are read.
CELL_SAMPLE = 1024
# Pixels from which the noise of the frame is estimated.
NOISE_SAMPLE = 1 << 16
# Regions with fewer pixels above the threshold are not objects.
LEAST_PIXELS = 5
# Two peaks are two objects when the saddle between them is this share below the lower one, ...
SADDLE_SHARE = 0.25
# ... and this many sigma of a pixel (the noise of the filtered image is 0.27 sigma).
SADDLE_SIGMA = 1.0
# Pixels below this share of a peak do not count for its shape: they may belong to a neighbour, or to a trail.
FAINTEST = 0.03
# Largest number of peaks of one region that are separated, brightest first.
MOST_PEAKS = 64
# Largest number of peaks of a frame.
MOST_OBJECTS = 20000
# The filter: a Gaussian of 2.5 px FWHM (sigma 1.06 px), near enough to any real PSF.
_KERNEL = np.exp(-0.5 * (np.arange(-2, 3) / 1.06) ** 2)


def flatten(image: FloatImage, mask: NDArray[np.uint8] | None = None) -> tuple[FloatImage, float]:
    """The image (h, w) without its background, and the noise of a pixel, both in the unit of the image. ``mask`` (h, w): pixels
    that are not 0 are excluded from the noise, and 0 in the result."""
    h, w = image.shape
    edges_y, edges_x = cell_edges(h, CELL), cell_edges(w, CELL)
    levels = np.zeros((len(edges_y) - 1, len(edges_x) - 1))
    _levels(image, edges_y, edges_x, np.empty(largest_cell(edges_y, edges_x), np.float32), levels)
    flat = image - _between_cells(median_filter(levels, 3, mode="nearest"), h, w)
    step = max(flat.size // NOISE_SAMPLE, 1) | 1
    sample = flat.ravel()[::step]
    if mask is not None:
        sample = sample[mask.ravel()[::step] == 0]
        flat[mask > 0] = 0
    return flat, mad_sigma(sample) if sample.size else 0.0


def _between_cells(levels: FloatArray, h: int, w: int) -> FloatImage:
    """Levels of cells at each pixel (h, w), bicubic; a gradient continues beyond the centres of the outer cells."""
    rows, columns = levels.shape
    if min(rows, columns) < 2:
        return np.asarray(cv2.resize(levels.astype(np.float32), (w, h), interpolation=cv2.INTER_LINEAR))
    around = np.pad(levels, 1, mode="reflect", reflect_type="odd").astype(np.float32)
    top, left = round(h / rows), round(w / columns)
    size = (round((columns + 2) * w / columns), round((rows + 2) * h / rows))
    return np.asarray(cv2.resize(around, size, interpolation=cv2.INTER_CUBIC)[top: top + h, left: left + w])


@njit(cache=True, nogil=True)
def _levels(image: FloatImage, edges_y: NDArray[np.int64], edges_x: NDArray[np.int64], space: NDArray[np.float32],
            levels: FloatArray) -> None:
    """Fill ``levels`` (my, mx) with the clipped medians of a sample of each cell; ``space`` (n,) holds the pixels of a cell."""
    below = histogram_space()
    for j in range(levels.shape[0]):
        for i in range(levels.shape[1]):
            part = image[edges_y[j]: edges_y[j + 1], edges_x[i]: edges_x[i + 1]]
            step = max(int(np.sqrt(part.size / CELL_SAMPLE)), 1)
            rows, columns = (part.shape[0] + step - 1) // step, (part.shape[1] + step - 1) // step
            values = space[: rows * columns]
            n = 0
            for y in range(0, part.shape[0], step):
                # Neighbouring rows are sampled at different columns, so that both green planes of a mosaic are sampled.
                for x in range((y // step) % step, part.shape[1], step):
                    values[n] = part[y, x]
                    n += 1
            levels[j, i] = clipped_median_with(values[:n], below)


def find_objects(flat: FloatImage, noise: float, sigma: float) -> NDArray[np.void]:
    """Objects (:data:`OBJECT_DTYPE`) of ``flat`` (h, w) whose filtered light is above ``sigma`` times the ``noise`` of a pixel.

    x, y are barycentres, a and b the spreads along both axes (px), theta the angle of the long axis (radians).
    """
    snr = cv2.sepFilter2D(flat, cv2.CV_32F, _KERNEL, _KERNEL, borderType=cv2.BORDER_REFLECT)
    snr *= np.float32(1 / (noise * _KERNEL.sum() ** 2))
    runs, count = _regions(np.flatnonzero(snr > sigma), snr.shape[1])
    if not len(runs):
        return np.zeros(0, OBJECT_DTYPE)
    y, x, labels = (np.empty(MOST_OBJECTS, np.int64) for _ in range(3))
    found = _peaks(snr, runs, y, x, labels)
    y, x, labels = y[:found], x[:found], labels[:found]
    order = np.lexsort((-snr[y, x], labels))
    y, x, labels = y[order], x[order], labels[order]
    keep = np.zeros(found, np.uint8)
    _separate(snr, y, x, np.searchsorted(labels, np.arange(count + 1)), keep)
    y, x, labels = y[keep > 0], x[keep > 0], labels[keep > 0]
    sums = np.zeros((len(y), 7))
    _gather(flat, snr, runs, y, x, np.searchsorted(labels, np.arange(count + 1)), sums)
    return _shapes(sums, y, x)


@njit(cache=True, nogil=True)
def _regions(places: NDArray[np.int64], w: int) -> tuple[NDArray[np.int64], int]:
    """Connected regions of LEAST_PIXELS or more pixels among flat ``places``, in order, of an image ``w`` wide.

    Returns their runs of pixels, (n, 4) of row, first column, last column + 1 and number of the region from 0 on, and the number
    of regions. Pixels touch by sides or corners.
    """
    runs = np.empty((places.size, 4), np.int64)
    parent = np.arange(places.size)
    n = first = above = 0  # runs so far; the first one of this row, and of the row above
    i = 0
    while i < places.size:
        y, start = divmod(places[i], w)
        i += 1
        while i < places.size and places[i] == places[i - 1] + 1 and places[i] < (y + 1) * w:
            i += 1
        end = places[i - 1] - y * w + 1
        if n == first or y != runs[n - 1, 0]:
            above = first if n and y == runs[n - 1, 0] + 1 else n
            first = n
        runs[n, 0], runs[n, 1], runs[n, 2] = y, start, end
        while above < first and runs[above, 2] < start:
            above += 1
        j = above
        while j < first and runs[j, 1] <= end:
            one, other = _root(parent, j), _root(parent, n)
            parent[max(one, other)] = min(one, other)
            j += 1
        n += 1
    area = np.zeros(n, np.int64)
    for k in range(n):
        area[_root(parent, k)] += runs[k, 2] - runs[k, 1]
    number = np.full(n, -1, np.int64)
    kept = count = 0
    for k in range(n):
        root = _root(parent, k)
        if area[root] < LEAST_PIXELS:
            continue
        if number[root] < 0:
            number[root] = count
            count += 1
        runs[k, 3] = number[root]
        for column in range(4):
            runs[kept, column] = runs[k, column]
        kept += 1
    return runs[:kept].copy(), count


@njit(cache=True, nogil=True)
def _root(parent: NDArray[np.int64], k: int) -> int:
    """The root of k in a forest of disjoint sets; paths are halved."""
    while parent[k] != k:
        parent[k] = parent[parent[k]]
        k = parent[k]
    return k


@njit(cache=True, nogil=True)
def _peaks(snr: FloatImage, runs: NDArray[np.int64], ys: NDArray[np.int64], xs: NDArray[np.int64],
           labels: NDArray[np.int64]) -> int:
    """Fill in the pixels of regions that are higher than their eight neighbours, and the numbers of the regions; their count."""
    h, w = snr.shape
    n = 0
    for y, first, last, label in runs:
        if not 0 < y < h - 1:
            continue
        for x in range(max(first, 1), min(last, w - 1)):
            v = snr[y, x]
            if (v > snr[y - 1, x - 1] and v > snr[y - 1, x] and v > snr[y - 1, x + 1] and v > snr[y, x - 1]
                    and v >= snr[y, x + 1] and v >= snr[y + 1, x - 1] and v >= snr[y + 1, x] and v >= snr[y + 1, x + 1]):
                if n == ys.size:
                    return n
                ys[n], xs[n], labels[n] = y, x, label
                n += 1
    return n


@njit(cache=True, nogil=True)
def _separate(snr: FloatImage, ys: NDArray[np.int64], xs: NDArray[np.int64], starts: NDArray[np.int64],
          keep: NDArray[np.uint8]) -> None:
    """Mark the peaks of each region, brightest first, that a saddle separates from every brighter one."""
    for label in range(starts.size - 1):
        first, last = starts[label], min(starts[label + 1], starts[label] + MOST_PEAKS)
        for k in range(first, last):
            own = True
            v = snr[ys[k], xs[k]]
            for b in range(first, k):
                if keep[b] == 0:
                    continue
                dy, dx = ys[b] - ys[k], xs[b] - xs[k]
                steps = max(abs(dy), abs(dx))
                low = v
                for s in range(1, steps):
                    low = min(low, snr[ys[k] + int(np.rint(dy * s / steps)), xs[k] + int(np.rint(dx * s / steps))])
                if v - low < max(SADDLE_SHARE * v, SADDLE_SIGMA):
                    own = False
                    break
            keep[k] = 1 if own else 0


@njit(cache=True, nogil=True)
def _gather(flat: FloatImage, snr: FloatImage, runs: NDArray[np.int64], ys: NDArray[np.int64], xs: NDArray[np.int64],
            starts: NDArray[np.int64], sums: FloatArray) -> None:
    """Fill ``sums`` (n, 7) of f, f x, f y, f xx, f yy, f xy about each peak, and the largest f, over the pixels nearest to it."""
    for y, first, last, label in runs:
        for x in range(first, last):
            best, nearest = -1, 1 << 60
            for k in range(starts[label], starts[label + 1]):
                distance = (ys[k] - y) ** 2 + (xs[k] - x) ** 2
                if distance < nearest:
                    best, nearest = k, distance
            if best < 0 or snr[y, x] < FAINTEST * snr[ys[best], xs[best]]:
                continue
            f = max(flat[y, x], np.float32(0))
            dy, dx = y - ys[best], x - xs[best]
            s = sums[best]
            s[0] += f
            s[1] += f * dx
            s[2] += f * dy
            s[3] += f * dx * dx
            s[4] += f * dy * dy
            s[5] += f * dx * dy
            s[6] = max(s[6], f)


def _shapes(sums: FloatArray, y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.void]:
    """Objects from the sums of :func:`_gather` about the peaks at y, x."""
    bright = sums[:, 0] > 0
    sums, y, x = sums[bright], y[bright], x[bright]
    found = np.zeros(len(sums), OBJECT_DTYPE)
    total = sums[:, 0]
    mx, my = sums[:, 1] / total, sums[:, 2] / total
    xx, yy, xy = sums[:, 3] / total - mx**2, sums[:, 4] / total - my**2, sums[:, 5] / total - mx * my
    mean, spread = 0.5 * (xx + yy), np.sqrt(0.25 * (xx - yy) ** 2 + xy**2)
    found["x"], found["y"] = x + mx, y + my
    # Nothing is narrower than a pixel: its own variance is 1/12.
    found["a"], found["b"] = np.sqrt(np.maximum(mean + spread, 1 / 12)), np.sqrt(np.maximum(mean - spread, 1 / 12))
    found["theta"] = 0.5 * np.arctan2(2 * xy, xx - yy)
    found["flux"], found["peak"] = total, sums[:, 6]
    return found


@njit(cache=True, nogil=True)
def refine_centers(flat: FloatImage, x: FloatArray, y: FloatArray, sigma: float) -> None:
    """Barycentres (n,) under a Gaussian window of ``sigma`` px that follows them, in place (XWIN, YWIN of SExtractor)."""
    h, w = flat.shape
    reach = int(np.ceil(4 * sigma))
    for s in range(x.size):
        for _ in range(16):
            cx, cy = x[s], y[s]
            total = mx = my = 0.0
            for j in range(max(int(cy) - reach, 0), min(int(cy) + reach + 2, h)):
                for i in range(max(int(cx) - reach, 0), min(int(cx) + reach + 2, w)):
                    dx, dy = i - cx, j - cy
                    r2 = dx * dx + dy * dy
                    if r2 <= reach * reach:
                        f = flat[j, i] * np.exp(-0.5 * r2 / (sigma * sigma))
                        total += f
                        mx += f * dx
                        my += f * dy
            if total <= 0:
                break
            x[s], y[s] = cx + 2 * mx / total, cy + 2 * my / total
            if (x[s] - cx) ** 2 + (y[s] - cy) ** 2 < 1e-8:
                break


@njit(cache=True, nogil=True)
def aperture_sums(flat: FloatImage, x: FloatArray, y: FloatArray, radius: float, sums: FloatArray, areas: FloatArray) -> None:
    """Fill ``sums`` and ``areas`` (n,) of circles of ``radius`` px; pixels on the rim count by 5 x 5 points."""
    h, w = flat.shape
    for s in range(x.size):
        total = area = 0.0
        for j in range(max(int(y[s] - radius) - 1, 0), min(int(y[s] + radius) + 3, h)):
            for i in range(max(int(x[s] - radius) - 1, 0), min(int(x[s] + radius) + 3, w)):
                distance = np.hypot(i - x[s], j - y[s])
                if distance > radius + 0.75:
                    continue
                share = 1.0
                if distance > radius - 0.75:
                    inside = 0
                    for b in range(5):
                        for a in range(5):
                            dx, dy = i - x[s] + (a - 2) / 5, j - y[s] + (b - 2) / 5
                            inside += 1 if dx * dx + dy * dy <= radius * radius else 0
                    share = inside / 25
                total += share * flat[j, i]
                area += share
        sums[s], areas[s] = total, area
