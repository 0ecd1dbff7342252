"""Light of objects beyond what stands out of the sky, and how well a model of the sky is known behind an object (METHODS 11).

The halo of a galaxy has no end. What of it is on the tiles of sky would be taken for background, which would then be
too bright behind the galaxy. It is fitted together with the sky: profiles that fall with the elliptical distance from the object,
with factors that are not negative, beside a polynomial.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.optimize import nnls

from tilecore.numerics.robust_surface import robust_weights, surface_terms
from tilecore.numerics.statistics import mad_sigma
from tilecore.sky.background_extraction import Extraction, NewImage, Tuning, fitted_to, score
from tilecore.sky.sky_model import Surface, fit_model
from tilecore.sky.sky_tiles import at_tiles, tile_positions

__all__ = ["bright_objects", "object_light_error", "without_halos"]

FloatArray = NDArray[np.float64]

# Share of the tiles that an object must cover to have a halo that matters.
LEAST_SHARE = 0.01
# Profiles of a halo, of the elliptical distance in half the longer side: powers, and exponentials of these lengths.
POWERS = (1.0, 2.0, 3.0)
LENGTHS = (0.06, 0.12, 0.25)
# Distance below which the profiles are constant: halos are used outside of their objects only.
CORE = 0.05
# Orders of the polynomial beside the halos: a stiff one leaves them more light, a flexible one follows the gradient better.
ORDERS = (2, 3, 4)
# Standard errors by which the sky must be predicted better without a halo than with it.
MARGIN = 0.5
# Rounds in which the halos and the light of their objects determine each other, and of the robust fit in each.
ROUNDS, ROBUST_ROUNDS = 5, 6
# Squares along a side that are left out in turn for the error of a model behind an object.
LEFT_OUT = 4


def without_halos(found: Extraction, mask: NDArray[np.uint8], tuning: Tuning, new: NewImage | None = None) -> Extraction:
    """The extraction of levels from which the halos of large objects are subtracted, if the sky is predicted better without them
    (by half a standard error); else ``found``. ``mask`` is that of the extraction, ``new`` makes the arrays of models."""
    objects = _large_objects(found)
    if not len(objects):
        return found
    best, (least, error) = found, _held_out(found)
    least -= MARGIN * error
    for order in ORDERS:
        halo = _halos(found, objects, order)
        levels = np.where(found.tiles, found.levels - halo, found.levels)
        start = found.trials[0].spec if found.trials else found.spec
        candidate = fitted_to(levels, found.tiles, mask, start, tuning, new)
        missed = _held_out(candidate)[0]
        if missed < least:
            best, least = candidate, missed
    return best


def bright_objects(found: Extraction) -> NDArray[np.intp]:
    """Numbers of the tiles, row by row, of large objects that are brighter than the range of the model: fainter ones can be
    errors of the model itself."""
    surface = _surface(found)
    level = np.nan_to_num(found.levels.ravel() - surface)
    bright = [tiles for tiles in _large_objects(found) if level[tiles].max() > np.ptp(surface)]
    return np.concatenate([np.zeros(0, np.intp), *bright])


def object_light_error(found: Extraction) -> float:
    """Standard error of the share of the light of bright objects that a model takes or adds; 0 without such objects.

    Behind an object the model is extrapolated. It is fitted again without each of 16 squares of the field in turn (jackknife;
    Efron & Stein 1981, Ann. Statist. 9, 586); the changes, beside those in proportion to the model itself, are compared with
    the light of the objects.
    """
    inside = bright_objects(found)
    if not len(inside):
        return 0.0
    shape = found.model.shape
    surface = _surface(found)
    light = np.zeros(surface.size)
    light[inside] = np.clip(np.nan_to_num(found.levels.ravel()[inside] - surface[inside]), 0, None)
    design = np.stack([np.ones(light.size), light, surface - surface.mean()], 1)
    column, row = (np.minimum((p / n * LEFT_OUT).astype(int), LEFT_OUT - 1)
                   for p, n in ((found.samples.x, shape[1]), (found.samples.y, shape[0])))
    square = row * LEFT_OUT + column
    changes = []
    for one in np.unique(square):
        try:
            other = at_tiles(fit_model(found.samples.take(square != one), found.spec), (shape[0], shape[1])).ravel()
        except ValueError:
            return float("inf")
        changes.append(float(np.linalg.lstsq(design, other - surface, rcond=None)[0][1]))
    return float(np.sqrt((len(changes) - 1) * np.var(changes)))


def _large_objects(found: Extraction) -> list[NDArray[np.intp]]:
    """Numbers of the tiles, row by row, of each object that covers a hundredth of the field or more."""
    labels, count = label(np.isfinite(found.levels) & ~found.tiles, structure=np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    return [np.flatnonzero(labels == k + 1) for k in np.flatnonzero(sizes >= LEAST_SHARE * labels.size)]


def _held_out(found: Extraction) -> tuple[float, float]:
    """Error of predicted samples, and its standard error, in the unit of the plane."""
    trial = next((t for t in found.trials if t.spec == found.spec), None) or score(found.samples, found.spec)
    scale = max(mad_sigma(found.samples.value), 1e-12)  # that of the score
    return trial.held_out * scale, trial.error * scale


def _halos(found: Extraction, objects: list[NDArray[np.intp]], order: int) -> FloatArray:
    """Light (ty, tx) of the halos of ``objects`` on a sky that is a polynomial of ``order``."""
    shape, (rows, columns) = found.model.shape, found.levels.shape
    x, y = tile_positions((shape[0], shape[1]))
    half = max(shape) / 2
    u, v = x / half - 1, y / half - 1
    sky = found.tiles.ravel() & np.isfinite(found.levels.ravel())
    levels, surface = found.levels.ravel(), _surface(found)
    terms = np.stack([u**i * v**j for i, j in surface_terms(order)], 1)
    halo = np.zeros(u.size)
    for _ in range(ROUNDS):
        profiles = np.concatenate([np.zeros((u.size, 0)), *(
            _profiles(u, v, tiles, np.clip(levels[tiles] - surface[tiles], 0, None)) for tiles in objects)], axis=1)
        if not profiles.shape[1]:
            break
        smooth, factors = _fit(terms[sky], profiles[sky], levels[sky])
        before, halo, surface = halo, profiles @ factors, terms @ smooth
        if np.abs(halo - before)[sky].max() < 1e-3 * np.ptp(levels[sky]):
            break
    return halo.reshape(rows, columns)


def _surface(found: Extraction) -> FloatArray:
    model: Surface = fit_model(found.samples, found.spec)
    return at_tiles(model, (found.model.shape[0], found.model.shape[1])).ravel()


def _profiles(u: FloatArray, v: FloatArray, tiles: NDArray[np.intp], light: FloatArray) -> FloatArray:
    """Profiles (n, k) at u, v (n,) that fall with the distance from an object, whose centre and ellipse are those of the second
    moments of its ``light`` on its ``tiles``; no profile without light."""
    total = float(light.sum())
    if total <= 0:
        return np.zeros((u.size, 0))
    weights = light / total
    place = np.stack([u, v])
    from_centre = place - (place[:, tiles] @ weights)[:, None]
    moments = (from_centre[:, tiles] * weights) @ from_centre[:, tiles].T + 1e-6 * np.eye(2)
    ellipse = np.linalg.inv(moments) * np.sqrt(np.linalg.det(moments))  # keeps areas
    distance = np.maximum(np.sqrt(np.einsum("in,ij,jn->n", from_centre, ellipse, from_centre)), CORE)
    return np.stack([*((distance / CORE) ** -p for p in POWERS), *(np.exp(-distance / s) for s in LENGTHS)], 1)


def _fit(terms: FloatArray, profiles: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coefficients of the ``terms`` (n, m), and factors >= 0 of the ``profiles`` (n, k), that describe ``values`` (n,) robustly.

    What the terms explain is projected out, so that the factors follow from non-negative least squares alone.
    """
    scale = np.maximum(profiles.std(axis=0), 1e-12)
    weights = np.ones(len(values))
    for _ in range(ROBUST_ROUNDS):
        root = np.sqrt(weights)[:, None]
        basis = np.linalg.qr(terms * root)[0]
        known, wanted = profiles / scale * root, values * root[:, 0]
        factors = nnls(known - basis @ (basis.T @ known), wanted - basis @ (basis.T @ wanted))[0] / scale
        smooth = np.linalg.lstsq(terms * root, (values - profiles @ factors) * root[:, 0], rcond=None)[0]
        rest = values - terms @ smooth - profiles @ factors
        weights = robust_weights(rest / max(mad_sigma(rest, 0.0), 1e-12), "tukey")
    return smooth, factors
