"""The judge of mosaics accepts a picture that is drawn from the truth, and sees each fault that is put into it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from fixtures.mosaic_judge import Judgement, judge
from fixtures.mosaics import WHITE, Mosaic, MosaicTruth, draw_stars, shoot, tangent

SHAPE = (380, 520)
NOISE = 6.0


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> MosaicTruth:
    """Two by two panels in colour with a nebula."""
    mosaic = Mosaic(depth=1, shape=(200, 280), cfa="GRBG", fwhm=(3.2, 2.8, 3.0), nebula=150.0, density=1000.0, dither=2.0)
    truth = shoot(mosaic, tmp_path_factory.mktemp("mosaic"))
    return replace(truth, shots=tuple(replace(s, fwhm=mosaic.fwhm) for s in truth.shots))


def drawn(truth: MosaicTruth, share: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A perfect picture (3, h, w) on the tangent plane, with ``share`` of the nebula, and the panel of each pixel."""
    plane = tangent(*truth.mosaic.center, truth.mosaic.scale, 0.0, SHAPE)
    x, y = plane.wcs_world2pix(truth.ra, truth.dec, 0)
    v, u = np.mgrid[: SHAPE[0], : SHAPE[1]]
    xi, eta = truth.plane().wcs_world2pix(*plane.wcs_pix2world(u.ravel(), v.ravel(), 0), 0)
    nebula = truth.nebula(-xi, eta).reshape(SHAPE)
    r = np.random.default_rng(2)
    stars = [draw_stars(SHAPE, x, y, truth.flux[c], truth.mosaic.fwhm[c]) for c in range(3)]
    image = [s + WHITE[c] * (500 + share * nebula) + r.normal(0, NOISE, SHAPE) for c, s in enumerate(stars)]
    return np.array(image), (u >= SHAPE[1] / 2).astype(int) + 2 * (v >= SHAPE[0] / 2)


def judged(truth: MosaicTruth, image: np.ndarray) -> Judgement:
    plane = tangent(*truth.mosaic.center, truth.mosaic.scale, 0.0, SHAPE)
    return judge(image, truth, lambda ra, dec: plane.wcs_world2pix(ra, dec, 0))


def test_a_perfect_picture_is_accepted(truth: MosaicTruth) -> None:
    found = judged(truth, drawn(truth)[0])
    assert found.position[0] < 0.06 and found.position[1] < 0.2, found
    assert (found.panel_rms < 4).all() and (found.steps[:, 0] < 0.16).all() and (found.steps[:, 1] < 0.5).all(), found
    assert found.nebula == pytest.approx(1, abs=0.01) and found.noise == pytest.approx(NOISE, rel=0.05), found
    # White noise of equal size in all channels, scaled to white.
    assert found.chroma == pytest.approx(np.hypot(np.hypot(1 / 0.7, 1), np.hypot(1 / 0.6, 1)), rel=0.1), found


def test_each_fault_is_seen(truth: MosaicTruth) -> None:
    image, panel = drawn(truth)
    sky = np.array(WHITE)[:, None, None] * 500
    brighter = np.where((panel == 3) & (np.arange(3) == 2)[:, None, None], 1.03, 1.0)
    found = judged(truth, sky + (image - sky) * brighter)
    assert found.panel_rms[2] > 8 and found.panel_rms[1] < 4, found
    v, u = np.mgrid[: SHAPE[0], : SHAPE[1]]
    plane = tangent(*truth.mosaic.center, truth.mosaic.scale, 0.0, SHAPE)
    a, b = truth.shots[1].wcs.wcs_world2pix(*plane.wcs_pix2world(u.ravel(), v.ravel(), 0), 0)
    inside = ((a > 0) & (b > 0) & (a < 280) & (b < 200)).reshape(SHAPE)
    stepped = judged(truth, image + 0.8 * NOISE * (inside & (np.arange(3) == 0)[:, None, None]))
    assert stepped.steps[0, 0] > 2 * stepped.steps[1, 0] and stepped.slope[0] > 0.5 > stepped.slope[1], stepped
    moved = np.where(panel == 0, [shift(p, (0.5, 0.5), order=3, mode="nearest") for p in image], image)
    assert judged(truth, moved).position[0] > 0.15
    assert judged(truth, drawn(truth, 0.95)[0]).nebula == pytest.approx(0.95, abs=0.01)
    blotches = np.array([(k != 1) * gaussian_filter(np.random.default_rng(k).normal(0, 60, SHAPE), 6) for k in range(3)])
    coloured = judged(truth, image + blotches)
    assert coloured.chroma > 1.2 * found.chroma and coloured.elsewhere[0, 0] > 2 * coloured.elsewhere[1, 0], coloured
