"""Demosaicing with the gains that fit the width of the stars: their width, the sky beside them, and the optimum itself."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.simulation.psf import add_stars
from tilecore.cfa import mosaic as cfa
from tilecore.cfa.gradient_gains import MALVAR, gradient_gains

PATTERN = "RGGB"
# The side of the cells is odd: the stars are on all sites of the pattern.
STARS, CELL = 144, 25


def stars_of_many_colours(fwhm: float, scatter: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """(3, h, w) stars without noise or sky, at any places on the pixels, and their positions (STARS, 2)."""
    rng = np.random.default_rng(3)
    side = int(np.sqrt(STARS))
    corner = CELL * np.stack(np.divmod(np.arange(STARS), side), axis=1)
    places = corner + CELL / 2 + rng.uniform(-0.5, 0.5, (STARS, 2))
    flux = np.maximum(1 + scatter * rng.standard_normal((3, STARS)), 0.2)
    out = np.zeros((3, side * CELL, side * CELL))
    for plane, own in zip(out, flux, strict=True):
        add_stars(plane, places[:, 1].copy(), places[:, 0].copy(), own, np.full(STARS, fwhm))
    return out, places


def demosaiced(truth: np.ndarray, fwhm: float | None) -> np.ndarray:
    y, x = np.mgrid[: truth.shape[1], : truth.shape[2]]
    mosaic = np.take_along_axis(truth, cfa.color_map(PATTERN)[y % 2, x % 2][None], 0)[0].astype(np.float32)
    return cfa.demosaic(mosaic, PATTERN, fwhm=fwhm).astype(np.float64)


@pytest.mark.parametrize("fwhm", [1.6, 2.4, 3.5, 5.0])
def test_stars_of_any_colour_are_nearer_to_the_truth_than_with_the_gains_for_photographs(fwhm: float) -> None:
    truth, _ = stars_of_many_colours(fwhm)
    photographs, stars = (demosaiced(truth, f) for f in (None, fwhm))
    for channel, share in enumerate((1.0, 0.9, 1.0)):
        before, now = (np.sqrt(np.mean((image - truth)[channel] ** 2)) for image in (photographs, stars))
        assert now < share * before
    # Dark pixels beside stars: there is no light below 0.
    assert stars.min() > 0.8 * min(photographs.min(), 0) - 1e-3


@pytest.mark.parametrize("fwhm", [2.4, 3.5, 5.0])
def test_green_stars_keep_their_width(fwhm: float) -> None:
    truth, places = stars_of_many_colours(fwhm)
    rows, columns = np.rint(places).astype(int).T
    # Light within 1.5 px of the centre: too much of it means stars that are too narrow.
    y, x = np.mgrid[-2:3, -2:3]
    near = np.hypot(y, x) < 1.6

    def core(image: np.ndarray) -> float:
        return float(np.mean([image[r - 2: r + 3, c - 2: c + 3][near].sum() for r, c in zip(rows, columns, strict=True)]))

    wanted = core(truth[1])
    assert abs(core(demosaiced(truth, fwhm)[1]) / wanted - 1) < 0.012
    assert core(demosaiced(truth, None)[1]) / wanted - 1 > 0.03


@pytest.mark.parametrize("fwhm", [1.5, 3.0])
def test_no_other_gains_are_better_for_stars(fwhm: float) -> None:
    """Brute force: the error grows with every gain that is moved."""
    truth, _ = stars_of_many_colours(fwhm)
    found = np.array(gradient_gains(fwhm))
    y, x = np.mgrid[: truth.shape[1], : truth.shape[2]]
    mosaic = np.take_along_axis(truth, cfa.color_map(PATTERN)[y % 2, x % 2][None], 0)[0]
    mosaic = mosaic + truth[1].max() / 200 * np.random.default_rng(4).standard_normal(mosaic.shape)

    def error(gains: np.ndarray) -> float:
        out = np.empty(truth.shape, np.float32)
        cfa._demosaic(np.pad(mosaic.astype(np.float32), 2, mode="reflect"), cfa.color_map(PATTERN), gains.astype(np.float32),
                      np.ones(3, np.float32), out)
        return float(np.sum((out - truth) ** 2))

    best = error(found)
    for k in range(5):
        for step in (-0.12, 0.12):
            moved = found.copy()
            moved[k] += step
            assert error(moved) > best
    assert error(np.array(MALVAR)) > best


def test_gains_of_extreme_widths_are_those_of_the_limits() -> None:
    assert gradient_gains(0.2) == gradient_gains(1.0) and gradient_gains(30.0) == gradient_gains(8.0)
    assert np.isfinite(gradient_gains(2.0)).all()
