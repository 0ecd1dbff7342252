"""The star that was clicked, and what is shown over a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.api.overlays import map_overlay, maps_of, sky_lines_of
from orchestrator.api.star_facts import star_at
from orchestrator.errors import InputError

H, W, FWHM, BETA = 300, 400, 3.2, 3.5
STARS = ((120.3, 80.6, 2000.0), (300.0, 200.0, 30000.0), (128.0, 92.0, 800.0))
NOISE = 6.0


def solved() -> fits.Header:
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.6847, "CRVAL2": 41.2688, "CRPIX1": 200.5, "CRPIX2": 150.5,
             "CD1_1": -0.008, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 0.008, "ROWORDER": "BOTTOM-UP"}
    return fits.Header(cards)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Stack with three stars of known flux (ADU), maps, as a run has them."""
    v, u = np.mgrid[:H, :W].astype(float)
    offsets = np.linspace(-0.4, 0.4, 5)
    width = FWHM**2 / (4 * (2 ** (1 / BETA) - 1))
    image = 400 + np.random.default_rng(0).normal(0, NOISE, (3, H, W))
    for x, y, flux in STARS:
        profile = sum((1 + ((u + dx - x) ** 2 + (v + dy - y) ** 2) / width) ** -BETA for dy in offsets for dx in offsets)
        image += flux * (BETA - 1) / (np.pi * width) * profile / len(offsets) ** 2
    folder = tmp_path / "run" / "outputs"
    folder.mkdir(parents=True)
    (folder.parent / "config.yaml").write_text("")
    fits.writeto(folder / "stacked_rgb.fits", (image / 65535).astype(np.float32), solved())
    frames = np.full((3, H, W), 12, np.float32)
    frames[:, 150:] = 20
    fits.writeto(folder / "coverage.fits", frames, fits.Header({"ROWORDER": "BOTTOM-UP"}))
    fits.writeto(folder / "rejected.fits", np.where(frames == 20, 2, 0).astype(np.float32))
    fits.writeto(folder / "variance.fits", np.full((3, H, W), (NOISE / 65535) ** 2, np.float32))
    return folder


def test_a_star_has_its_light_size_place_and_frames(outputs: Path) -> None:
    for x, y, flux in STARS[:2]:
        found = star_at(outputs / "stacked_rgb.fits", x + 2, y - 2)
        assert found is not None and (found.x, found.y) == (pytest.approx(x, abs=0.2), pytest.approx(y, abs=0.2))
        # The noise of the aperture is NOISE times the root of its area.
        error = NOISE * np.sqrt(np.pi * (2 * FWHM) ** 2)
        assert len(found.fluxes) == 3 and found.fluxes == pytest.approx([flux] * 3, abs=4 * error, rel=0.02)
        assert found.fwhm_px == pytest.approx(FWHM, rel=0.03)
        assert found.fwhm_arcsec == pytest.approx(28.8 * found.fwhm_px, rel=0.01)
        assert (found.frames, found.rejected) == ((20, 2) if y >= 150 else (12, 0))
        assert found.position is not None and found.position.startswith(("00h3", "00h4")) and not found.saturated
    faint, bright = (star_at(outputs / "stacked_rgb.fits", *star[:2]) for star in STARS[:2])
    assert bright.snr > 5 * faint.snr > 50 and star_at(outputs / "stacked_rgb.fits", 30, 250) is None
    close = star_at(outputs / "stacked_rgb.fits", 128, 92)
    assert close is not None and close.x == pytest.approx(128, abs=0.5)  # the nearer of two


def test_maps_are_upright_colours_with_their_range(outputs: Path) -> None:
    run = outputs.parent
    assert maps_of(run) == ["coverage", "rejected", "noise"]
    coverage = map_overlay(run, "coverage")
    assert (coverage.low, coverage.high, coverage.unit) == (12, 20, "frames") and coverage.pixels.shape == (H, W, 4)
    top, bottom = coverage.pixels[10, 10], coverage.pixels[-10, 10]
    assert top[0] > 200 > bottom[0] and 0 < top[3] < 255  # stored bottom up: the upper half has more frames, yellow
    assert map_overlay(run, "noise").high == pytest.approx(NOISE, rel=1e-3)
    for name in ("weights", "residuals", "x"):
        with pytest.raises(InputError, match=r"no map|plain mean"):
            map_overlay(run, name)


def test_grid_and_objects_are_drawn_where_the_wcs_places_them(outputs: Path) -> None:
    lines = sky_lines_of(outputs / "stacked_rgb.fits")
    (m31,) = (line for line in lines if line.label.startswith("M 31"))
    # Upright: its centre is a little right of and below the middle of the field, the ellipse 3 degrees long.
    x, y = m31.points.mean(axis=0)
    assert m31.is_object and abs(x - 200) < 4 and abs(y - 150) < 4
    length = np.hypot(*np.ptp(m31.points, axis=0))
    assert 2.5 < length * 0.008 < 4 and {line.is_object for line in lines} == {True, False}
    assert {"+41d"} <= {line.label for line in lines}
    fits.writeto(outputs / "plain.fits", np.zeros((20, 20), np.float32))
    with pytest.raises(InputError, match="no coordinates"):
        sky_lines_of(outputs / "plain.fits")
