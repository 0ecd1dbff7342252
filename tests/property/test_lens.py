"""The distortion of a lens: radial terms against the closed form, and the inverse."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.wcs import WCS, Sip
from hypothesis import given
from hypothesis import strategies as st

from tilecore.register.lens import Lens

POINTS = np.array([[0.0, 0.0], [359.5, 239.5], [719.0, 479.0], [12.25, 400.5], [700.0, 3.0]])


@given(k=st.lists(st.floats(-0.02, 0.02), min_size=1, max_size=3), x=st.floats(300, 420), y=st.floats(200, 280))
def test_radial_terms_lengthen_the_distance_from_the_centre(k: list[float], x: float, y: float) -> None:
    centre, radius = np.array([x, y]), 432.0
    away = POINTS - centre
    square = (away**2).sum(axis=1) / radius**2
    expected = centre + away * (1 + sum(f * square ** (n + 1) for n, f in enumerate(k)))[:, None]
    np.testing.assert_allclose(Lens.radial((x, y), radius, *k).ideal(POINTS), expected, atol=1e-9)


@given(k=st.floats(-0.05, 0.05), seed=st.integers(0, 1000))
def test_places_on_the_frame_invert_ideal_places(k: float, seed: int) -> None:
    terms = Lens.radial((350.0, 260.0), 432.0, k).terms
    terms[0, 0, 2] += np.random.default_rng(seed).normal(0, 0.5)
    lens = Lens((350.0, 260.0), 432.0, terms)
    np.testing.assert_allclose(lens.on_frame(lens.ideal(POINTS)), POINTS, atol=1e-6)


def test_the_polynomial_is_that_of_sip() -> None:
    a, b = np.zeros((4, 4)), np.zeros((4, 4))
    a[3, 0], a[1, 2], a[2, 0], b[0, 3], b[2, 1], b[1, 1] = 1e-8, 1e-8, 3e-7, 1e-8, 1e-8, -2e-7
    wcs = WCS(naxis=2)
    wcs.sip = Sip(a, b, None, None, [361.0, 241.0])
    wcs.wcs.crpix = [361.0, 241.0]
    scale = 432.0 ** (np.arange(4)[:, None] + np.arange(4)[None, :])
    lens = Lens((360.0, 240.0), 432.0, np.stack([(a * scale).T, (b * scale).T]))
    np.testing.assert_allclose(lens.ideal(POINTS), wcs.sip_pix2foc(POINTS + 1, 1) + np.array([360.0, 240.0]), atol=1e-6)


def test_a_place_that_no_pixel_shows_is_not_a_number() -> None:
    lens = Lens.radial((360.0, 240.0), 432.0, -0.5)  # folds the field back at 0.82 of the radius
    assert np.isnan(lens.on_frame(np.array([[360.0 + 400.0, 240.0]]))).all()


def test_the_largest_displacement_is_at_the_rim() -> None:
    assert Lens.radial((360.0, 240.0), 432.0, 0.004).largest == pytest.approx(0.004 * 432)
