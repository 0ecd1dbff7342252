"""The picture of several filters: what part of the stacks it shows, and one decision about the sky."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray

from orchestrator.combination.crop import crop_block, crop_header, shared_coverage
from orchestrator.combination.shared_background import level_with_others
from orchestrator.config.postprocessing import Bge
from orchestrator.config.settings import Canvas


def slanted() -> NDArray[np.bool_]:
    """A field of 300 x 400 turned a little: its borders are slanted by 6 px; a pixel within has no data."""
    y, x = np.mgrid[:300, :400]
    seen = (y > 4 + x / 70) & (y < 290 + x / 70) & (x > 8 - y / 60) & (x < 395 - y / 60)
    seen[100, 100] = False
    return np.asarray(seen)


def test_the_picture_ends_where_a_filter_does() -> None:
    seen = slanted()
    part = crop_block(seen, Canvas())
    inside = seen[part.y0: part.y1, part.x0: part.x1]
    assert (~inside).sum() == 1 and inside.size > 0.95 * seen.sum()
    for rows, columns in ((slice(part.y0 - 1, part.y1), slice(part.x0, part.x1)), (slice(part.y0, part.y1 + 1),
                          slice(part.x0, part.x1)), (slice(part.y0, part.y1), slice(part.x0 - 1, part.x1)),
                          (slice(part.y0, part.y1), slice(part.x0, part.x1 + 1))):
        assert (~seen[rows, columns]).sum() > 1, "no larger one is without gaps"
    assert crop_block(seen, Canvas(crop="none")).shape == (300, 400)
    assert crop_block(np.zeros((50, 60), bool), Canvas()).shape == (50, 60)


def test_a_mosaic_with_steps_keeps_all_its_panels() -> None:
    steps = np.zeros((300, 400), bool)
    steps[10:160, 20:220], steps[140:290, 180:380] = True, True
    part = crop_block(steps, Canvas())
    assert (part.y0, part.y1, part.x0, part.x1) == (10, 290, 20, 380)
    cut = crop_block(steps, Canvas(crop="coverage", min_coverage=0.8))
    assert steps[cut.y0: cut.y1, cut.x0: cut.x1].all() and cut.shape == (150, 200)


def test_a_share_of_the_frames_counts_for_each_filter() -> None:
    planes = [np.ones((40, 50), np.float32)] * 2
    counts = [np.full((40, 50), 10, np.float32), None, np.ones((20, 20), np.float32)]
    counts[0][:, :6] = 7  # type: ignore[index]
    assert not shared_coverage(planes, counts, 0.8)[:, :6].any() and shared_coverage(planes, counts, 0.8)[:, 6:].all()
    assert shared_coverage(planes, counts, 0.0).all()


def test_what_is_cut_keeps_its_place_on_the_sky() -> None:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.crpix = ["RA---TAN", "DEC--TAN"], [83.0, -5.0], [200.5, 150.5]
    wcs.wcs.cdelt = [-0.001, 0.001]
    header = wcs.to_header()
    before = wcs.all_pix2world([[60.0, 70.0]], 0)
    part = crop_block(slanted(), Canvas())
    crop_header(header, part)
    assert np.allclose(WCS(fits.Header(header)).all_pix2world([[60.0 - part.x0, 70.0 - part.y0]], 0), before)
    assert (header["LTV1"], header["LTV2"]) == (-part.x0, -part.y0)


@pytest.mark.parametrize("slope", [0.0, 0.004])
def test_a_filter_whose_sky_was_not_told_is_levelled_where_the_others_show_sky(slope: float) -> None:
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:320, :400]
    nebula = np.exp(-((x - 250) ** 2 + (y - 190) ** 2) / 50**2)
    planes = {c: (0.01 + 0.002 * k * nebula + rng.normal(0, 2e-4, x.shape)).astype(np.float32)
              for c, k in (("R", 5.0), ("G", 1.0), ("B", 1.0))}
    planes["R"] += (slope * (x / 400 - 0.5 + 0.6 * y / 320)).astype(np.float32)
    planes["B"][:7] = 0
    found, failed = level_with_others(planes, {"R": "objects fill the field"}, Bge())
    assert not failed and set(found) == {"R"}
    levelled, taken = found["R"]
    assert abs(taken - 1.6 * slope) < 0.05 * slope + 2e-5
    rest = levelled - 0.01 - 0.01 * nebula
    blocks = np.median(rest.reshape(8, 40, 10, 40), axis=(1, 3))
    assert np.ptp(blocks) < 0.02 * slope + 5e-5, "neither the gradient is left, nor is any of the nebula gone"
