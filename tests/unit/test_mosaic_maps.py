"""Pictures of a mosaic: outlines and colours are where they belong, for both orders of rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from orchestrator.io import fits as fits_io
from orchestrator.report.mosaic_maps import coverage_picture, footprint_picture, panel_colour

SHAPE = (100, 160)
BOX = [[20, 10], [80, 10], [80, 60], [20, 60]]


def test_neighbouring_panels_have_different_colours() -> None:
    colours = np.array([panel_colour(k) for k in range(1, 30)], int)
    assert np.abs(np.diff(colours, axis=0)).sum(axis=1).min() > 60


@pytest.mark.parametrize("top_down", [True, False])
def test_an_outline_is_drawn_in_the_colour_of_its_panel(top_down: bool) -> None:
    found = footprint_picture({"canvas_shape": SHAPE, "frames": [{"panel": 3, "outline": BOX}]}, None, top_down=top_down)
    assert found.shape == (*SHAPE, 3)
    row = 10 if top_down else SHAPE[0] - 1 - 10
    assert np.abs(found[row, 30].astype(int) - panel_colour(3)).max() < 40
    assert not found[5 if top_down else SHAPE[0] - 6, 30].any() and not found[:, 120:].any()


def test_the_stack_is_behind_and_large_canvases_are_reduced() -> None:
    bright = np.full((50, 80), 200, np.uint8)
    found = footprint_picture({"canvas_shape": (3000, 4800), "frames": []}, bright, top_down=True)
    assert found.shape == (1000, 1600, 3) and (found == int(0.45 * 200)).all()


@pytest.mark.parametrize("top_down", [True, False])
def test_coverage_is_dark_where_few_and_yellow_where_most_frames_are(tmp_path: Path, top_down: bool) -> None:
    count = np.zeros(SHAPE, np.float32)
    count[:50, :80], count[:50, 80:] = 2, 12
    fits_io.write(tmp_path / "coverage.fits", count)
    found = coverage_picture(fits_io.image_layout(tmp_path / "coverage.fits"), top_down=top_down)
    assert found.shape[0] > SHAPE[0] and found.shape[1] == SHAPE[1]
    picture = found[:100] if top_down else found[:100][::-1]
    assert len(set(picture[80, 80].tolist())) == 1, "grey where there is no frame"
    few, most = picture[20, 20].astype(int), picture[20, 120].astype(int)
    assert most[0] > 200 and most[1] > 200 and most[2] < 120 and few.max() < 150
