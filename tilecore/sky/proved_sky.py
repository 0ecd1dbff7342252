"""Whether a model of the sky follows a gradient or the light of objects that fill the field (METHODS 11).

A gradient is smooth on the scale of the field: what a low polynomial leaves of it is noise. Nebulae have structure on all
scales, so that what is left is structure again. An object that is itself smooth is brighter than its surroundings; light
pollution and moonlight grow towards one side of the field instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma
from tilecore.sky.background_extraction import Extraction, NewImage, refit
from tilecore.sky.halo import bright_objects, object_light_error
from tilecore.sky.sky_model import ModelSpec, fit_model
from tilecore.sky.sky_tiles import at_tiles

__all__ = ["Doubt", "Evidence", "Proved", "evidence", "is_vignetting", "prove"]

FloatArray = NDArray[np.float64]
# Why a model is not proved: what is left over has structure; it is brightest inside the field; it is stronger than the sky; the
# sky is seen in a small part of the field; it is not known well enough behind an object.
Doubt = Literal["structure", "hump", "amplitude", "little_sky", "behind_objects"]

# Share of the rms of a curved model that the structure left on the sky tiles may have. Simulated power laws leave 0.1 to 0.8,
# gradients over star fields 0.02 or less (tests/bench/backgrounds.py).
CURVED_STRUCTURE = 0.05
# The same for a plane, which removes the slope of the structure with that of the sky.
PLANE_STRUCTURE = 0.1
# Range of a plane that may be subtracted, relative to the hump of the curved model: the side of an object is a slope, too.
PLANE_OVER_HUMP = 4.0
# Largest hump, relative to the range of the plane, that still is a curved gradient. An object is curved downwards in all
# directions; what is curved along one direction, or is a saddle, may be more. ROUND is the largest ratio of the curvatures.
SLIGHT_HUMP = 0.1
SLIGHT_RIDGE = 0.3
ROUND = 5.0
# Hump, relative to the sky level, up to which the accuracy of flats is an explanation.
FLAT_ERROR = 0.003
# Share of the tiles that must be sky for a curved model: elsewhere it is extrapolated over the objects.
LEAST_SKY = 0.25
# The same for models of third and higher order behind objects that are brighter than the range of the model.
LEAST_SKY_BEHIND = 0.45
# Standard error of the share of the light of large objects that a curved model takes: three of them are 2 %.
LIGHT_ERROR = 0.0067
# Largest range of a model, relative to the sky level: a gradient is a part of the sky. A plane that is nowhere below zero has at
# most twice its mean.
LARGEST_RANGE = 1.0
LARGEST_PLANE_RANGE = 2.0
# Vignetting: distance of the brightest point from the centre (half the longer side = 1), ratio of the curvatures along both axes,
# relative difference between the channels, and share of the sky level that can be missing.
VIGNETTING_OFFSET = 0.15
VIGNETTING_RATIO = 1.4
VIGNETTING_COLOUR = 0.15
VIGNETTING_DEPTH = 0.5
# Relative difference between the channels if a slope has moved the brightest point away from the centre.
OFF_CENTRE_COLOUR = 0.05
# Standard errors of the covariance that noise alone may reach.
CHANCE_SIGMA = 2.0
# Residuals are limited to this many robust sigma before their covariance is taken.
LIMIT_SIGMA = 4.0


@dataclass(frozen=True)
class Evidence:
    """Figures about a model of the sky, in its unit.

    Attributes
    ----------
    structure : rms of what is left on the tiles of sky and is common to neighbouring tiles, so it is not noise.
    model_rms, model_range : rms and peak-to-peak range of the model.
    plane_range : range of the plane within the model.
    hump : by how much the curvature makes the centre brighter than the darkest border; 0 for a bowl.
    centre : stationary point of the curvature (x, y) from the middle of the field, half the longer side = 1.
    ratio : larger curvature divided by the smaller one; infinite for a saddle.
    """

    structure: float
    model_rms: float
    model_range: float
    plane_range: float
    hump: float
    centre: tuple[float, float]
    ratio: float

    @property
    def structure_ratio(self) -> float:
        """Structure left, relative to the model."""
        return self.structure / max(self.model_rms, 1e-12)

    def in_units(self, unit: float) -> dict[str, float]:
        """The levels, times ``unit``, for a report."""
        return {"structure_adu": unit * self.structure, "model_rms_adu": unit * self.model_rms,
                "plane_adu": unit * self.plane_range, "hump_adu": unit * self.hump}


@dataclass(frozen=True)
class Proved:
    """The extraction that may be subtracted, None if none may; why the ``first`` model was not, "" if it is the one."""

    extraction: Extraction | None
    doubt: Doubt | None
    first: Evidence


def evidence(found: Extraction) -> Evidence:
    """The figures of a model and of what it leaves."""
    shape = found.model.shape
    surface = at_tiles(fit_model(found.samples, found.spec), shape)
    u, v, half = _axes(surface.shape, shape)
    terms = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], -1).reshape(-1, 6)
    c = np.linalg.lstsq(terms, surface.ravel(), rcond=None)[0]
    plane = float(2 * (abs(c[1]) * half[0] + abs(c[2]) * half[1]))
    corner = np.array([(s * half[0], t * half[1]) for s in (-1, 0, 1) for t in (-1, 0, 1)])
    quadratic = corner[:, 0]**2 * c[3] + corner[:, 0] * corner[:, 1] * c[4] + corner[:, 1]**2 * c[5]
    hessian = np.array([[2 * c[3], c[4]], [c[4], 2 * c[5]]])
    low, high = np.linalg.eigvalsh(hessian)
    concave = high < 0
    x, y = np.linalg.solve(hessian, -c[1:3]) if concave else (np.inf, np.inf)
    return Evidence(_structure(np.where(found.tiles, found.levels - surface, np.nan)), float(np.std(surface)),
                    float(np.ptp(surface)), plane, float(max(0.0, -quadratic.min())), (float(x), float(y)),
                    float(low / high) if concave else np.inf)


def _axes(tiles: tuple[int, ...], shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray, tuple[float, float]]:
    """Positions (ty, tx) of the tiles from the middle, half the longer side = 1, and half the sides in that unit."""
    longer = max(shape)
    half = (shape[1] / longer, shape[0] / longer)
    y, x = (h * (2 * (np.arange(n) + 0.5) / n - 1) for h, n in zip(half[::-1], tiles, strict=True))
    u, v = np.meshgrid(x, y)
    return u, v, half


def _structure(rest: FloatArray) -> float:
    """Square root of the covariance of neighbouring tiles (ty, tx); NaN = not used. Noise of tiles does not contribute."""
    known = np.isfinite(rest)
    if not known.any():
        return 0.0
    centre = float(np.median(rest[known]))
    limit = LIMIT_SIGMA * max(mad_sigma(rest[known], centre), 1e-12)
    z = np.clip(rest - centre, -limit, limit)
    products = np.concatenate([(z[1:] * z[:-1]).ravel(), (z[:, 1:] * z[:, :-1]).ravel()])
    products = products[np.isfinite(products)]
    # The mean product of independent values is 0 with this standard error.
    chance = CHANCE_SIGMA * float(np.mean(z[known] ** 2)) / np.sqrt(max(len(products), 1))
    return float(np.sqrt(max(products.mean() - chance, 0.0))) if len(products) else 0.0


def is_vignetting(figures: list[Evidence], levels: list[float]) -> bool:
    """Whether the curvature of three channels is that of a missing flat: round and in proportion to the sky levels.

    An object that fills the field has a colour that the sky does not have. A gradient moves the brightest point away from the
    centre; the proportion must then be closer. In one channel alone this cannot be decided.
    """
    if len(figures) < 3 or min(levels) <= 0:
        return False
    relative = [f.hump / level for f, level in zip(figures, levels, strict=True)]
    centred = all(np.hypot(*f.centre) <= VIGNETTING_OFFSET for f in figures)
    alike = max(relative) - min(relative) <= (VIGNETTING_COLOUR if centred else OFF_CENTRE_COLOUR) * np.mean(relative)
    return bool(alike and max(relative) <= VIGNETTING_DEPTH and all(f.ratio <= VIGNETTING_RATIO for f in figures))


def _doubt(found: Extraction, figures: Evidence, vignetting: bool) -> Doubt | None:
    """Why the model may not be subtracted, None if it may."""
    if figures.model_range <= 0 or (found.spec.method == "polynomial" and found.spec.order == 0):
        return None
    curved = _is_curved(found.spec)
    if figures.structure_ratio > (CURVED_STRUCTURE if curved else PLANE_STRUCTURE):
        return "structure"
    slight = SLIGHT_HUMP if figures.ratio < ROUND else SLIGHT_RIDGE
    if curved and not vignetting and figures.hump > max(slight * figures.plane_range, FLAT_ERROR * found.pedestal):
        return "hump"
    if curved and found.tiles.sum() < _least_sky(found) * np.isfinite(found.levels).sum():
        return "little_sky"
    if curved and not vignetting and object_light_error(found) > LIGHT_ERROR:
        return "behind_objects"
    largest = LARGEST_RANGE if curved else LARGEST_PLANE_RANGE
    return "amplitude" if found.pedestal > 0 and figures.model_range > largest * found.pedestal else None


def _least_sky(found: Extraction) -> float:
    """Share of the tiles that must be sky for a curved model."""
    flexible = found.spec.method != "polynomial" or found.spec.order > 2
    return LEAST_SKY_BEHIND if flexible and len(bright_objects(found)) else LEAST_SKY


def prove(channels: list[Extraction], mask: NDArray[np.uint8], *, flats: bool | None = None,
          new: NewImage | None = None) -> list[Proved]:
    """What may be subtracted from each channel: the model itself, else a plane, else nothing.

    ``mask`` is that of the extraction; ``flats``: whether the image was divided by flats, None if that is not known; ``new``
    makes the arrays of models.
    """
    figures = [evidence(f) for f in channels]
    vignetting = flats is not True and is_vignetting(figures, [f.pedestal for f in channels])
    doubts = [_doubt(f, e, vignetting) for f, e in zip(channels, figures, strict=True)]
    # Channels share their gradient and their objects: where one needs a plane, a curved model would colour the sky of the others.
    shared = next((d for d in doubts if d is not None), None)
    out = []
    for found, figure in zip(channels, figures, strict=True):
        doubt = _doubt(found, figure, vignetting) or (shared if _is_curved(found.spec) else None)
        if doubt is None:
            out.append(Proved(found, None, figure))
            continue
        out.append(Proved(_plane(found, figure, doubt, mask, new) if _is_curved(found.spec) else None, doubt, figure))
    return out


def _plane(found: Extraction, figures: Evidence, doubt: Doubt, mask: NDArray[np.uint8],
           new: NewImage | None) -> Extraction | None:
    """A plane instead of a curved model; None where it can be the side of the same object."""
    plane = refit(found, replace(ModelSpec(), order=1, loss=found.spec.loss), mask, new)
    flat = evidence(plane)
    # What a plane leaves of a hump is the hump itself, which is limited below.
    allowed = (None, "structure") if doubt == "hump" else (None,)
    likely = _doubt(plane, flat, False) in allowed and flat.plane_range >= PLANE_OVER_HUMP * figures.hump
    return plane if likely else None


def _is_curved(spec: ModelSpec) -> bool:
    return spec.method != "polynomial" or spec.order > 1
