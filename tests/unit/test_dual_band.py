"""H-alpha and [O III] from one colour image."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.colour.dual_band import split_lines
from orchestrator.session.filter_names import is_dual_band
from orchestrator.simulation.psf import add_stars

H, W = 320, 400
V, U = np.mgrid[:H, :W].astype(np.float64)
SKY = np.array([400.0, 700.0, 500.0])
# Red, green and blue of H-alpha and of [O III].
MIX = np.array([[1.0, 0.06], [0.11, 1.0], [0.04, 0.55]])


def blob(x: float, y: float, sigma: float) -> np.ndarray:
    return np.asarray(np.exp(-0.5 * ((U - x) ** 2 + (V - y) ** 2) / sigma**2))


def scene(noise: float = 8.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lines (h, w) in ADU and the image: nebulae that overlap in the middle, and stars in all channels."""
    rng = np.random.default_rng(4)
    ha, oiii = 1500 * blob(140, 160, 32), 1200 * blob(250, 160, 32)
    stars = np.zeros((H, W))
    add_stars(stars, rng.uniform(10, W - 10, 60), rng.uniform(10, H - 10, 60), rng.uniform(3e3, 1e5, 60), np.full(60, 3.0))
    light = np.tensordot(MIX, np.stack([ha, oiii]), axes=1) + np.array([0.7, 1.0, 0.8])[:, None, None] * stars
    image = SKY[:, None, None] + light + rng.normal(0, noise, (3, H, W))
    return ha, oiii, (image / 65535).astype(np.float32)


def test_lines_are_separated_with_the_cross_talk_that_was_measured() -> None:
    ha, oiii, image = scene()
    found = split_lines(image, 1.0)
    talk = found.report["crosstalk"]
    measured = [talk[n] for n in ("green_of_ha", "blue_of_ha", "red_of_oiii", "blue_of_oiii")]
    np.testing.assert_allclose(measured, [0.11, 0.04, 0.06, 0.55], atol=0.012)
    for true, other, plane, level in ((ha, oiii, found.ha, SKY[0]), (oiii, ha, found.oiii, SKY[1])):
        # Without stars: medians of blocks.
        seen = np.median((65535.0 * plane - level).reshape(H // 8, 8, W // 8, 8), axis=(1, 3)).ravel()
        parts = np.stack([p.reshape(H // 8, 8, W // 8, 8).mean(axis=(1, 3)).ravel() for p in (true, other)], 1)
        kept, leaked = np.linalg.lstsq(parts, seen, rcond=None)[0]
        assert abs(kept - 1) < 0.02 and abs(leaked) < 0.015
    assert np.ptp(np.median(65535 * found.hoo[:, :40, :40], axis=(1, 2))) < 3
    assert np.array_equal(found.hoo[1], found.hoo[2]) and np.array_equal(found.hoo[1], found.oiii)


def test_without_a_nebula_nothing_is_assumed() -> None:
    rng = np.random.default_rng(1)
    image = ((SKY[:, None, None] + rng.normal(0, 8, (3, H, W))) / 65535).astype(np.float32)
    found = split_lines(image, 1.0)
    assert found.report["blocks_measured"] == [0, 0] and found.report["crosstalk"]["green_of_ha"] == 0


@pytest.mark.parametrize(("name", "dual"), [
    ("L-eXtreme", True), ("Optolong L-Ultimate 3nm", True), ("Duo-Band", True), ("Dual Band", True), ("Ha+OIII", True),
    ("HaOIII", True), ("LP", False), ("Antlia ALP-T 5nm", True), ("OIII", False), ("Ha 7nm", False), ("L-Pro", False),
    ("L", False), ("IRCUT", False), ("SII+OIII", False), ("", False), (None, False)])
def test_names_of_dual_band_filters(name: str | None, dual: bool) -> None:
    assert is_dual_band(name) is dual
