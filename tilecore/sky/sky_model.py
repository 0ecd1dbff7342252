"""Smooth surfaces through sky samples: polynomial, smoothing spline, radial basis functions, masked mesh (METHODS 11).

Every model is fitted to samples at pixels ``x``, ``y`` (n,) with ``value`` (n,) and evaluates at any pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, RBFInterpolator, RectBivariateSpline

from tilecore.numerics.robust_surface import evaluate_surface, fit_surface, robust_weights
from tilecore.numerics.statistics import mad_sigma

__all__ = ["Kernel", "Loss", "ModelSpec", "Samples", "Surface", "family", "fit_model", "render", "render_rows"]

FloatArray = NDArray[np.float64]
Surface = Callable[[FloatArray, FloatArray], FloatArray]
Method = Literal["polynomial", "spline", "rbf", "mesh"]
Kernel = Literal["thin_plate", "multiquadric", "gaussian"]
Loss = Literal["tukey", "huber"]

# Intervals of the penalised spline along the longer side: finer than any sky gradient, coarser than most nebulae.
SPLINE_INTERVALS = 10
# Reach of the multiquadric and the Gaussian in units of half the longer side.
RBF_REACH = 0.5
# Step (px) of the grid on which the model is evaluated before it is interpolated: it is smooth on the scale of the samples.
RENDER_STEP = 16
# Samples that a node of the mesh must have within its Gaussian weights.
MESH_NEIGHBOURS = 11


@dataclass(frozen=True)
class Samples:
    """Sky levels ``value`` (n,) at pixels ``x``, ``y`` (n,) of an image of ``shape`` (rows, columns)."""

    x: FloatArray
    y: FloatArray
    value: FloatArray
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.value)

    def take(self, chosen: NDArray[np.bool_]) -> Samples:
        """The ``chosen`` (n,) samples."""
        return Samples(self.x[chosen], self.y[chosen], self.value[chosen], self.shape)


@dataclass(frozen=True)
class ModelSpec:
    """One candidate. ``order`` is that of the polynomial; the other methods model the residual from it, because they do not
    extrapolate. ``smoothing`` is lambda of spline and RBF, or the width of the mesh in cells.
    """

    method: Method = "polynomial"
    order: int = 2
    loss: Loss = "tukey"
    kernel: Kernel = "thin_plate"
    smoothing: float = 0.1

    @property
    def stiffness(self) -> float:
        """Larger for smoother models, to decide between ties; comparable within a family, and roughly between families."""
        if self.method == "polynomial":
            return 10.0 - self.order
        return {"spline": 5.0, "rbf": 4.0, "mesh": 3.0}[self.method] + 0.1 * float(np.log10(self.smoothing))

    def describe(self) -> dict[str, object]:
        """The method and the parameters that apply to it."""
        if self.method == "polynomial":
            return {"method": self.method, "order": self.order, "loss": self.loss}
        name = "width" if self.method == "mesh" else "smoothing"
        extra: dict[str, object] = {"kernel": self.kernel} if self.method == "rbf" else {}
        return {"method": self.method, "order": self.order, **extra, name: self.smoothing}


def family(spec: ModelSpec, *, every: bool = False) -> list[ModelSpec]:
    """The candidates that an autotune from ``spec`` tries, ``spec`` first; of ``every`` method or of its own only."""
    found = [spec]
    methods: tuple[Method, ...] = ("polynomial", "spline", "rbf", "mesh") if every else (spec.method,)
    for method in methods:
        if method == "polynomial":
            # A constant is among them: a flat sky stays as it is.
            found += [replace(spec, method="polynomial", order=order) for order in range(5)]
        elif method == "mesh":
            found += [replace(spec, method="mesh", smoothing=width) for width in (4.0, 3.0, 2.0, 1.5)]
        elif method == "spline":
            found += [replace(spec, method="spline", smoothing=s) for s in (100.0, 10.0, 1.0, 0.1, 0.01)]
        else:
            kernels: tuple[Kernel, ...] = ("thin_plate", "multiquadric", "gaussian") if every else (spec.kernel,)
            found += [replace(spec, method="rbf", kernel=k, smoothing=s) for k in kernels for s in (10.0, 1.0, 0.1, 0.01)]
    return list(dict.fromkeys(found))


def fit_model(samples: Samples, spec: ModelSpec) -> Surface:
    """The surface through the samples. Raises ValueError with fewer than three of them."""
    if len(samples) < 3:
        raise ValueError(f"{len(samples)} sky samples do not determine a surface, 3 are needed")
    half = max(samples.shape) / 2
    middle = ((samples.shape[1] - 1) / 2, (samples.shape[0] - 1) / 2)
    # Both axes share one scale, else the smoothness of a model would depend on direction.
    u, v = (samples.x - middle[0]) / half, (samples.y - middle[1]) / half
    level = float(np.median(samples.value))
    spread = max(float(np.ptp(samples.value)), 1e-12)
    z = (samples.value - level) / spread
    trend = _polynomial(u, v, z, spec)
    if spec.method == "polynomial":
        return lambda x, y: level + spread * trend((x - middle[0]) / half, (y - middle[1]) / half)
    local = {"spline": _spline, "rbf": _rbf, "mesh": _mesh}[spec.method](u, v, z - trend(u, v), samples, spec)

    def evaluate(x: FloatArray, y: FloatArray) -> FloatArray:
        px, py = (x - middle[0]) / half, (y - middle[1]) / half
        return level + spread * (trend(px, py) + local(px, py))

    return evaluate


def _polynomial(u: FloatArray, v: FloatArray, z: FloatArray, spec: ModelSpec) -> Surface:
    """A robust polynomial (:func:`tilecore.numerics.robust_surface.fit_surface`)."""
    coefficients = fit_surface(u, v, z, spec.order, spec.loss)
    return lambda x, y: evaluate_surface(coefficients, x, y)


def _spline(u: FloatArray, v: FloatArray, z: FloatArray, samples: Samples, spec: ModelSpec) -> Surface:
    """A penalised tensor product of cubic B-splines (Eilers & Marx 1996, Statist. Sci. 11, 89), fitted by IRLS.

    The penalty is on second differences of the coefficients, so that a plane costs nothing and gaps are bridged.
    """
    aspect = samples.shape[0] / samples.shape[1]
    counts = (max(round(SPLINE_INTERVALS * min(1.0, 1 / aspect)), 4), max(round(SPLINE_INTERVALS * min(1.0, aspect)), 4))
    knots = [_knots(samples.shape[1 - k] / max(samples.shape), counts[k]) for k in (0, 1)]
    n = [len(k) - 4 for k in knots]
    rows = _bases(u, knots[0])[:, None, :] * _bases(v, knots[1])[:, :, None]
    design = rows.reshape(len(u), -1)
    # Scaled by samples per coefficient, so that the meaning of lambda does not depend on the number of cells.
    strength = spec.smoothing * len(u) / design.shape[1]
    second = [np.diff(np.eye(k), 2, axis=0) for k in n]
    first = [np.diff(np.eye(k), 1, axis=0) for k in n]
    penalty = np.kron(np.eye(n[1]), second[0].T @ second[0]) + np.kron(second[1].T @ second[1], np.eye(n[0]))
    penalty += 2 * np.kron(first[1].T @ first[1], first[0].T @ first[0])
    weights = np.ones(len(u))
    for _ in range(10):
        left = (design * weights[:, None]).T @ design + strength * penalty + 1e-9 * np.eye(design.shape[1])
        coefficients = np.linalg.solve(left, design.T @ (weights * z))
        rest = z - design @ coefficients
        updated = robust_weights(rest / max(mad_sigma(rest, 0.0), 1e-9), spec.loss)
        if updated.sum() < 3 or np.allclose(updated, weights, atol=1e-4):
            break
        weights = updated

    def evaluate(x: FloatArray, y: FloatArray) -> FloatArray:
        x, y = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        grid = coefficients.reshape(n[1], n[0])
        left_, right = _bases(y.ravel(), knots[1]), _bases(x.ravel(), knots[0])
        return np.asarray(np.einsum("ij,ij->i", left_ @ grid, right).reshape(x.shape))

    return evaluate


def _knots(half: float, intervals: int) -> FloatArray:
    """Knots of cubic B-splines from -half to half, three beyond each end."""
    step = 2 * half / intervals
    return np.asarray(-half + step * np.arange(-3, intervals + 4))


def _bases(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Cubic B-splines (n, k) at x, positions clipped to the knots' span."""
    inside = np.clip(x, knots[3], np.nextafter(knots[-4], -np.inf))
    return np.asarray(BSpline.design_matrix(inside, knots, 3).toarray())


def _rbf(u: FloatArray, v: FloatArray, z: FloatArray, samples: Samples, spec: ModelSpec) -> Surface:
    """Radial basis functions on a plane, with smoothing lambda > 0."""
    name = {"thin_plate": "thin_plate_spline"}.get(spec.kernel, spec.kernel)
    model = RBFInterpolator(np.stack([u, v], 1), z, kernel=name, epsilon=1 / RBF_REACH, degree=1, smoothing=spec.smoothing)

    def evaluate(x: FloatArray, y: FloatArray) -> FloatArray:
        x, y = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        return np.asarray(model(np.stack([x.ravel(), y.ravel()], 1)).reshape(x.shape))

    return evaluate


def _mesh(u: FloatArray, v: FloatArray, z: FloatArray, samples: Samples, spec: ModelSpec) -> Surface:
    """Planes fitted about each node with Gaussian weights, wider where samples are masked, joined by a bicubic spline."""
    aspect = samples.shape[0] / samples.shape[1]
    area = 4 * min(aspect, 1 / aspect)
    cell = np.sqrt(area / len(z))
    half = (min(1.0, 1 / aspect), min(1.0, aspect))
    nodes = [np.linspace(-h, h, max(int(np.ceil(2 * h / cell)) + 1, 4)) for h in half]
    gx, gy = (a.ravel() for a in np.meshgrid(nodes[0], nodes[1]))
    distance2 = (gx[:, None] - u) ** 2 + (gy[:, None] - v) ** 2
    width = np.full(len(gx), spec.smoothing * cell)
    # Over a masked nebula the nearest samples are far: the weights are widened until a node has enough of them.
    reach = np.sqrt(np.sort(distance2, axis=1)[:, min(MESH_NEIGHBOURS, len(z) - 1)])
    weights = np.exp(-0.5 * distance2 / np.maximum(width, 0.6 * reach)[:, None] ** 2)
    terms = np.stack([np.ones_like(distance2), u - gx[:, None], v - gy[:, None]], -1)
    left = np.einsum("gs,gsi,gsj->gij", weights, terms, terms) + 1e-12 * np.eye(3)
    right = np.einsum("gs,gsi,s->gi", weights, terms, z)
    levels = np.linalg.solve(left, right[..., None])[:, 0, 0].reshape(len(nodes[1]), len(nodes[0]))
    spline = RectBivariateSpline(nodes[1], nodes[0], levels)
    return lambda x, y: np.asarray(spline.ev(*np.broadcast_arrays(y, x)))


def render(surface: Surface, shape: tuple[int, int], out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """The surface at every pixel (rows, columns), float32: evaluated every RENDER_STEP pixels, bicubic between. It is written to
    ``out`` if that is given."""
    rows_of = render_rows(surface, shape)
    out = np.empty(shape, np.float32) if out is None else out
    for start in range(0, shape[0], 256):
        out[start: start + 256] = rows_of(start, min(start + 256, shape[0]))
    return out


def render_rows(surface: Surface, shape: tuple[int, int]) -> Callable[[int, int], NDArray[np.float32]]:
    """A function that returns the rows ``first`` to ``stop`` of :func:`render`, (stop - first, columns)."""
    h, w = shape
    y, x = (np.linspace(0, length - 1, max(int(np.ceil((length - 1) / RENDER_STEP)) + 1, 4)) for length in (h, w))
    coarse = surface(x[None, :] + 0 * y[:, None], y[:, None] + 0 * x[None, :])
    knots_y, knots_x, coefficients = RectBivariateSpline(y, x, coarse).tck
    # Each pixel of a row or column depends on four coefficients.
    rows, columns = (BSpline.design_matrix(np.arange(length, dtype=np.float64), knots, 3)
                     for length, knots in ((h, knots_y), (w, knots_x)))
    along = np.ascontiguousarray((columns @ coefficients.reshape(len(y), len(x)).T).T)
    return lambda first, stop: np.asarray(rows[first:stop] @ along, np.float32)
