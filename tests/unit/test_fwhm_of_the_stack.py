"""The FWHM of a stack with more stars than are fitted."""

from __future__ import annotations

import numpy as np

from orchestrator.phases.validation import _fwhm, _fwhm_of_both
from orchestrator.simulation.psf import add_stars
from tilecore.detect.stars import MAX_FITTED, detect

FWHM = 2.5


def test_faint_stars_whose_profile_is_not_fitted_do_not_narrow_it() -> None:
    r = np.random.default_rng(5)
    x, y = (a.ravel() + r.uniform(-3, 3, a.size) for a in np.meshgrid(np.arange(20.0, 620, 24), np.arange(20.0, 620, 24)))
    sky = np.zeros((640, 640))
    add_stars(sky, x, y, 10 ** r.uniform(-2.2, -0.2, len(x)), np.full(len(x), FWHM))
    stars = detect((sky + 1.5e-4 * r.standard_normal(sky.shape)).astype(np.float32))
    assert len(stars) > 2 * MAX_FITTED
    assert float(np.median(stars["fwhm"])) < 0.9 * FWHM
    assert abs(_fwhm(stars) / FWHM - 1) < 0.03
    assert np.allclose(_fwhm_of_both(stars, stars, 1.0), _fwhm(stars))
