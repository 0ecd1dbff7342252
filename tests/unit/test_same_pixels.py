"""Images of reports are made in strips: they are those of the whole image."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.io import frames
from orchestrator.report import same_pixels
from tilecore.cfa.mosaic import superpixel


def test_a_raw_frame_is_reduced_in_strips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.random.default_rng(1).integers(0, 60_000, (101, 143)).astype(np.uint16)
    fits.writeto(tmp_path / "a.fits", pixels)
    layout = frames.image_layout(tmp_path / "a.fits")
    raw = layout.read()
    cells = superpixel(raw[:100, :142], "RGGB")
    np.testing.assert_array_equal(same_pixels.small_frame(layout, None), raw)
    np.testing.assert_array_equal(same_pixels.small_frame(layout, "RGGB"), cells)
    monkeypatch.setattr(same_pixels, "SIDE", 18)
    monkeypatch.setattr(same_pixels, "STRIP", 4)
    found = same_pixels.small_frame(layout, "RGGB")
    np.testing.assert_allclose(found, cells[:, :, :70].reshape(3, 25, 2, 35, 2).mean(axis=(2, 4)), rtol=1e-5)
    whole = same_pixels.small_frame(layout, None)
    np.testing.assert_allclose(whole, raw[:100, :140].reshape(25, 4, 35, 4).mean(axis=(1, 3)), rtol=1e-5)
