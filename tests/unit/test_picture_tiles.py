"""Tiles of a picture on the screen are those of the exported one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.api import picture_tiles
from orchestrator.api.develop import develop
from orchestrator.api.picture_recipe import PictureRecipe
from orchestrator.api.picture_tiles import TiledPicture

H, W = 330, 410


@pytest.fixture(params=["TOP-DOWN", "BOTTOM-UP"])
def tiled(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[TiledPicture, np.ndarray]:
    monkeypatch.setattr(picture_tiles, "TILE", 128)
    monkeypatch.setattr(picture_tiles, "OVERVIEW", 64)
    v, u = np.mgrid[:H, :W]
    light = 0.3 * np.exp(-0.5 * ((u - 300) ** 2 + (v - 90) ** 2) / 20**2)
    image = (np.array([0.01, 0.02, 0.015])[:, None, None] + light).astype(np.float32)
    image += np.random.default_rng(0).normal(0, 3e-4, image.shape).astype(np.float32)
    fits.writeto(tmp_path / "a.fits", image, fits.Header({"ROWORDER": request.param}))
    return TiledPicture(tmp_path / "a.fits"), image


@pytest.mark.parametrize("stretch", ["natural", "asinh"])
def test_tiles_together_are_the_picture(tiled: tuple[TiledPicture, np.ndarray], stretch: str) -> None:
    picture, image = tiled
    recipe = PictureRecipe(stretch=stretch, saturation=1.2, black=0.01)
    rows = [np.concatenate([picture.tile(0, r, c, recipe) for c in range(4)], axis=1) for r in range(3)]
    whole = np.moveaxis(develop(image, recipe), 0, -1)
    whole = whole if picture.top_down else whole[::-1]
    assert np.abs(np.concatenate(rows).astype(int) - np.rint(255 * whole)).max() <= 1
    # Coarser levels show the same place: from the file (2), and kept ones.
    for level in (1, 2):
        tile = picture.tile(level, 0, 0, recipe)
        step = 2**level
        means = whole[: tile.shape[0] * step, : tile.shape[1] * step]
        means = means.reshape(tile.shape[0], step, tile.shape[1], step, 3).mean(axis=(1, 3))
        assert np.abs(tile / 255 - means).mean() < 0.03


def test_the_overview_and_its_histogram_follow_the_recipe(tiled: tuple[TiledPicture, np.ndarray]) -> None:
    picture, _ = tiled
    assert picture.levels == 4 and [picture.level_for(z) for z in (4, 1, 0.5, 0.3, 0.001)] == [0, 0, 1, 1, 3]
    plain, counts = picture.overview(PictureRecipe(stretch="midtones"))
    assert plain.shape == (H >> 3, W >> 3, 3) and counts.sum(axis=1).tolist() == [plain.shape[0] * plain.shape[1]] * 3
    assert all(abs(int(c.argmax()) - 64) < 8 for c in counts)  # the sky is at 1/4
    dark, same = picture.overview(PictureRecipe(stretch="midtones", black=0.2))
    assert dark.mean() < plain.mean() - 20 and (same == counts).all()
    other, _ = picture.overview(PictureRecipe(stretch="linear"))
    assert other.mean() < 20


def test_a_place_is_picked_in_the_picture_as_it_is_seen(tiled: tuple[TiledPicture, np.ndarray]) -> None:
    picture, image = tiled
    y = 90 if picture.top_down else H - 1 - 90
    assert picture.pick(300.2, y) == pytest.approx(image[:, 90, 300], rel=0.05)
    assert picture.pick(0, y)[1] == pytest.approx(0.02, rel=0.05)
