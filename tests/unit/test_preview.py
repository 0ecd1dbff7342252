"""Previews: stretches, profiles, annotation. What they show, not how they look."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from astropy.wcs import WCS
from PIL import Image, ImageCms
from pydantic import ValidationError

from orchestrator.config.settings import RunConfig
from orchestrator.report import preview as preview_module
from orchestrator.report.overlay import annotate, objects_in_field
from orchestrator.report.preview import Look, asinh_stretch, autostretch, develop, icc_profile, two_stage_stretch, write_preview
from tilecore.colour import MATRICES, apply_matrix, bayer_compensation, neutral_background, saturate, scnr


def linear(sky: tuple[float, float, float] = (0.01, 0.02, 0.015)) -> np.ndarray:
    """(3, 200, 240): a sky that is not grey and an orange square, 0.2 0.1 0.05 above it."""
    rng = np.random.default_rng(2)
    image = rng.normal(0, 0.0005, (3, 200, 240)) + np.array(sky)[:, None, None]
    image[:, 80:120, 100:140] += np.array([0.2, 0.1, 0.05])[:, None, None]
    return image.astype(np.float32)


def test_autostretch_puts_the_background_at_the_target() -> None:
    unlinked, linked = autostretch(linear()), autostretch(linear(), linked=True)
    assert np.abs(np.median(unlinked.reshape(3, -1), axis=1) - 0.25).max() < 0.01
    sky = np.median(linked.reshape(3, -1), axis=1)
    assert sky[0] < sky[2] < sky[1], "one curve for all channels shows what colour the sky has"
    assert unlinked.min() >= 0 and unlinked.max() <= 1


@pytest.mark.parametrize("linked", [False, True])
def test_asinh_keeps_the_ratios_of_the_channels(linked: bool) -> None:
    image = linear((0.01, 0.01, 0.01))
    picture = asinh_stretch(image, linked=linked)
    assert np.median(picture) == pytest.approx(0.15, abs=0.02)
    square = picture[:, 85:115, 105:135].mean(axis=(1, 2))
    # The black point is a few sigma below the sky: 1 % of the square.
    np.testing.assert_allclose(square / square[1], [2.0, 1.0, 0.5], rtol=0.03)
    bright = asinh_stretch(np.clip(image * 6, 0, 1), linked=linked)[:, 85:115, 105:135].mean(axis=(1, 2))
    assert bright.max() <= 1 and bright[0] > 1.3 * bright[1] > 1.5 * bright[2], "the brightest pixels stay orange"


def test_empty_and_mono_images_have_pictures() -> None:
    for stretch in ("natural", "autostretch", "asinh"):
        assert np.isfinite(develop(np.zeros((3, 20, 20), np.float32), Look(stretch))).all()  # type: ignore[arg-type]
        assert develop(linear()[0], Look(stretch, scnr=1, saturation=2)).shape == (200, 240)  # type: ignore[arg-type]


def test_colours_of_previews_are_mixed_as_asked() -> None:
    image = np.array([[0.2, 0.5], [0.6, 0.5], [0.4, 0.5]], np.float32).reshape(3, 1, 2)
    np.testing.assert_allclose(scnr(image)[:, 0, 0], [0.2, 0.3, 0.4], rtol=1e-6)
    np.testing.assert_allclose(scnr(image, 0.5)[1, 0], [0.45, 0.5], rtol=1e-6)
    np.testing.assert_allclose(scnr(image, method="maximum")[1, 0], [0.4, 0.5], rtol=1e-6)
    np.testing.assert_allclose(saturate(image, 0.0)[:, 0, 0], 0.4, rtol=1e-6)
    vivid = saturate(image, 10.0)[:, 0, 0]
    assert vivid.min() >= 0 and vivid.max() <= 1 and vivid.mean() == pytest.approx(0.4, rel=1e-5)
    mixed = apply_matrix(image, np.array([[1.5, -0.5, 0], [0, 1, 0], [0, -0.25, 1.25]]))
    np.testing.assert_allclose(mixed[:, 0, 1], 0.5, rtol=1e-6)
    np.testing.assert_allclose(mixed[:, 0, 0], [0.0, 0.6, 0.35], atol=1e-6)
    with pytest.raises(ValueError, match="sum to 1"):
        apply_matrix(image, np.eye(3) * 2)
    with pytest.raises(ValidationError, match="add up to 1"):
        RunConfig.model_validate({"output": {"preview_matrix": [[1, 1, 0], [0, 1, 0], [0, 0, 1]]}})


@pytest.mark.parametrize("mono", [False, True])
def test_files_carry_a_profile_that_colour_management_understands(mono: bool, tmp_path: Path) -> None:
    image = linear()[0] if mono else linear()
    shown = write_preview(tmp_path / "p.png", tmp_path / "p.tif", image, top_down=False)
    for name in ("p.png", "p.tif"):
        with Image.open(tmp_path / name) as picture:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
            assert profile.profile.xcolor_space.strip() == ("GRAY" if mono else "RGB")
    read = cv2.imread(str(tmp_path / "p.png"), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(read if mono else read[..., ::-1], shown)
    fine = tifffile.imread(tmp_path / "p.tif")
    assert fine.dtype == np.uint16 and np.abs(fine / 257 - shown).max() <= 0.51
    upright = develop(image, Look())[..., ::-1, :]
    np.testing.assert_allclose(shown / 255, upright if mono else np.moveaxis(upright, 0, -1), atol=0.003)


def test_the_profile_is_srgb() -> None:
    """A ramp through our profile and through littleCMS's own sRGB comes out the same."""
    ours, theirs = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile(True))), ImageCms.createProfile("sRGB")
    ramp = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    moved = ImageCms.profileToProfile(Image.fromarray(ramp), ours, theirs)
    assert moved is not None and np.abs(np.asarray(moved).astype(int) - ramp).max() <= 1


def wcs_at(ra: float, dec: float, scale: float = 5.0, angle: float = 20, flip: int = 1) -> WCS:
    """Of an image of 500 x 700 pixels."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval, wcs.wcs.crpix = (ra, dec), [350.5, 250.5]
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    wcs.wcs.cd = scale / 3600 * np.array([[-c * flip, s], [s * flip, c]])
    return wcs


@pytest.mark.parametrize(("ra", "dec", "name"),
                         [(299.9016, 22.721, "M 27"), (10.6848, 41.2691, "M 31"), (83.8187, -5.3897, "M 42")])
@pytest.mark.parametrize("flip", [1, -1])
def test_objects_are_found_and_drawn_where_they_are(ra: float, dec: float, name: str, flip: int) -> None:
    wcs = wcs_at(ra, dec, flip=flip)
    found = {item.name: (x, y) for item, x, y in objects_in_field(wcs, (500, 700))}
    assert np.hypot(found[name][0] - 349.5, found[name][1] - 249.5) < 1
    for top_down in (True, False):
        drawn = annotate(np.zeros((500, 700), np.uint8), wcs, top_down=top_down)
        rows, columns = np.nonzero((drawn[..., 0] > 200) & (drawn[..., 2] < 140))  # the colour of objects
        assert len(rows) > 50 and drawn.shape == (500, 700, 3)
        if name == "M 27":  # 6.7 arcmin are 80 px
            left = columns < 349
            assert abs(columns[left].min() - 309) < 4 and abs(rows[left].mean() - 249.5) < 12


def test_the_overlay_is_turned_with_the_picture() -> None:
    """An object north of the centre: above it when north is up, below when the rows are turned over."""
    wcs = wcs_at(299.9016, 22.55, angle=0)
    item, _, y = next(f for f in objects_in_field(wcs, (500, 700)) if f[0].name == "M 27")
    assert item.common == "Dumbbell Nebula" and y > 300
    for top_down in (True, False):
        drawn = annotate(np.zeros((500, 700, 3), np.uint8), wcs, top_down=top_down)
        rows = np.nonzero((drawn[..., 0] > 200) & (drawn[..., 2] < 140))[0]
        assert (np.median(rows) > 300) == top_down


@pytest.mark.parametrize(("ra", "dec"), [(0.0, 89.7), (0.02, 10.0), (180.0, -89.9), (120.0, -60.0)])
def test_grids_are_drawn_near_poles_and_across_the_origin(ra: float, dec: float) -> None:
    wcs = wcs_at(ra, dec, scale=20.0)
    drawn = annotate(np.zeros((500, 700), np.uint8), wcs, top_down=True)
    rows, columns = np.nonzero(drawn[..., 2] > 150)
    assert 1000 < len(rows) < 60000
    lines = np.flatnonzero(np.bincount(columns, minlength=700) > 0)
    assert len(lines) > 300, "the grid covers the picture"


def test_the_background_becomes_grey_and_bayer_compensation_what_is_above_it() -> None:
    image = linear()
    image[:, :5] = 0
    grey = neutral_background(image)
    sky = np.median(grey[:, 6:70].reshape(3, -1), axis=1)
    assert np.ptp(sky) < 1e-4 and np.all(grey[:, :5] == 0), "pixels without data stay so"
    balanced, gains = bayer_compensation(grey)
    above = np.median(balanced[:, 85:115, 105:135].reshape(3, -1), axis=1) - sky
    assert np.ptp(above) < 0.01 * above[1] and gains[0] == pytest.approx(0.5, abs=0.01) and gains[2] == pytest.approx(2, abs=0.05)
    flat = np.full((3, 50, 50), 0.02, np.float32)
    assert bayer_compensation(flat)[1] == (1, 1, 1), "nothing rises above the sky"


@pytest.mark.parametrize("look", [Look("two_stage"), Look(balance="background", linked=True),
                                  Look("asinh", linked=True, balance="bayer")])
def test_looks_keep_the_range_and_leave_the_image_alone(look: Look) -> None:
    image = linear()
    before = image.copy()
    picture = develop(image, look)
    assert np.array_equal(image, before) and picture.min() >= 0 and picture.max() <= 1
    if look.balance != "none":
        assert np.ptp(np.median(picture.reshape(3, -1), axis=1)) < 0.02


def test_two_stages_set_the_sky_and_keep_the_order_of_colours() -> None:
    for image, linked in ((linear(), False), (neutral_background(linear()), True)):
        picture = two_stage_stretch(image, linked=linked)
        sky, square = np.median(picture.reshape(3, -1), axis=1), picture[:, 85:115, 105:135].mean(axis=(1, 2))
        assert sky == pytest.approx(0.25, abs=0.03) and square[0] > square[1] > square[2] > sky.max()


@pytest.mark.parametrize("name", MATRICES)
def test_named_matrices_keep_grey(name: str) -> None:
    grey = np.full((3, 4, 4), 0.3, np.float32)
    assert np.allclose(apply_matrix(grey, np.array(MATRICES[name])), grey)
    assert RunConfig.model_validate({"output": {"preview_matrix": name}}).output.preview_matrix == name
    with pytest.raises(ValidationError):
        RunConfig.model_validate({"output": {"preview_matrix": f"{name}er"}})


@pytest.mark.parametrize("look", [Look(), Look(linked=True, scnr=0.5, saturation=1.4), Look("asinh"),
                                  Look("natural", level_sky=True)])
@pytest.mark.parametrize("top_down", [True, False])
def test_strips_of_rows_give_the_picture_of_the_whole(tmp_path: Path, look: Look, top_down: bool) -> None:
    image = np.random.default_rng(3).gamma(2, 0.01, (3, 600, 40)).astype(np.float32)
    small = write_preview(tmp_path / "a.png", tmp_path / "a.tif", image, top_down=top_down, look=look)
    whole = np.moveaxis(develop(image, look), 0, -1)[:: 1 if top_down else -1]
    assert np.array_equal(small, np.rint(whole * 255).astype(np.uint8))
    assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), np.rint(whole * 65535).astype(np.uint16))


@pytest.mark.parametrize("top_down", [True, False])
def test_the_png_of_a_large_image_is_smaller(tmp_path: Path, top_down: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.random.default_rng(3).gamma(2, 0.01, (3, 601, 301)).astype(np.float32)
    whole = write_preview(tmp_path / "a.png", tmp_path / "a.tif", image, top_down=top_down)
    monkeypatch.setattr(preview_module, "PNG_PIXELS", 25_000)
    small = write_preview(tmp_path / "b.png", tmp_path / "b.tif", image, top_down=top_down)
    assert small.shape == (200, 100, 3) and preview_module.reduction(601, 301) == 3
    kept = (whole if top_down else whole[1:])[:600, :300].reshape(200, 3, 100, 3, 3)
    assert np.abs(small - kept.mean(axis=(1, 3))).max() < 1.1
    assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), tifffile.imread(tmp_path / "b.tif"))


def test_a_smaller_picture_is_annotated_at_the_same_places() -> None:
    wcs = wcs_at(83.8, -5.4)
    whole = annotate(np.zeros((500, 700), np.uint8), wcs, top_down=True)
    small = annotate(np.zeros((250, 350), np.uint8), wcs, top_down=True, factor=2)
    lines, again = (p.max(axis=2) > 60 for p in (whole[::2, ::2] | whole[1::2, 1::2], small))
    apart = cv2.distanceTransform((~lines).astype(np.uint8), cv2.DIST_L2, 5)
    # Text has another size relative to the picture.
    assert again.sum() > 500 and np.mean(apart[again] < 2) > 0.8
