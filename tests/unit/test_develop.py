"""Pictures of linear images: recipes, what they do to pixels, files with profiles."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile
import yaml
from astropy.io import fits
from click.testing import CliRunner
from PIL import Image, ImageCms

from orchestrator.api.colour_space import profile_of, to_display_p3
from orchestrator.api.develop import Developer, develop
from orchestrator.api.export_picture import export_picture
from orchestrator.api.picture_recipe import PictureRecipe, changed_recipe, default_recipe, load_recipe, recipe_beside, save_recipe
from orchestrator.api.picture_source import ImageWindow, open_linear, read_window
from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, InputError, OrchestrateError, RunError
from orchestrator.report.preview import Look
from orchestrator.report.preview import develop as preview
from tilecore.colour import scnr

H, W = 150, 190
V, U = np.mgrid[:H, :W]
SKY = np.array([0.012, 0.02, 0.016])[:, None, None]


def scene(noise: float = 4e-4) -> np.ndarray:
    """(3, h, w): a sky that is not grey, a reddish nebula, an empty corner."""
    light = np.exp(-0.5 * ((U - 120) ** 2 + (V - 70) ** 2) / 7**2) * np.array([0.3, 0.1, 0.15])[:, None, None]
    image = (SKY + light + np.random.default_rng(1).normal(0, noise, (3, H, W))).astype(np.float32)
    image[:, :10, :10] = 0
    return image


IMAGE = scene()
STRETCHES = ("natural", "midtones", "asinh", "ghs", "linear")


@pytest.mark.parametrize("stretch", STRETCHES)
def test_strips_windows_and_the_whole_are_the_same_picture(stretch: str) -> None:
    recipe = PictureRecipe(stretch=stretch, linked=False, scnr=0.5, saturation=1.3, level_sky=True, black=0.02, white=0.9)
    developer = Developer(IMAGE)
    whole = np.concatenate([p for _, p in developer.rows(recipe, strip=H)], axis=1)
    strips = np.concatenate([p for _, p in developer.rows(recipe, strip=37)], axis=1)
    assert whole.min() >= 0 and whole.max() <= 1 and not whole[:, :10, :10].any()
    np.testing.assert_allclose(strips, whole, atol=2e-6)
    np.testing.assert_allclose(developer.window(ImageWindow(40, 90, 60, 130), recipe), whole[:, 40:90, 60:130], atol=2e-6)
    grey = develop(IMAGE[1], recipe)
    assert grey.shape == (H, W) and grey.dtype == np.float32


def test_a_reduced_window_looks_like_the_picture_made_smaller() -> None:
    for stretch in STRETCHES:
        developer, recipe = Developer(scene(noise=1e-4)), PictureRecipe(stretch=stretch)
        whole = developer.window(ImageWindow(0, H, 0, W), recipe)[:, : H // 2 * 2, : W // 2 * 2]
        means = whole.reshape(3, H // 2, 2, W // 2, 2).mean(axis=(2, 4))
        small = developer.window(ImageWindow(0, H // 2, 0, W // 2, 2), recipe)
        assert np.abs(small - means)[:, 10:, 10:].mean() < 0.01, stretch


def test_the_natural_recipe_is_the_preview() -> None:
    for linked in (False, True):
        found = develop(IMAGE, PictureRecipe(linked=linked, level_sky=True))
        np.testing.assert_allclose(found, preview(IMAGE, Look("natural", linked=linked, level_sky=True)), atol=2e-5)


@pytest.mark.parametrize(("stretch", "level"), [("midtones", 0.25), ("asinh", 0.15), ("ghs", 0.15)])
@pytest.mark.parametrize("linked", [True, False])
def test_the_sky_is_grey_at_the_level_of_the_stretch(stretch: str, level: float, linked: bool) -> None:
    picture = develop(IMAGE, PictureRecipe(stretch=stretch, linked=linked))
    sky = np.median(picture[:, 20:140, 12:60].reshape(3, -1), axis=1)
    assert sky == pytest.approx([level] * 3, abs=0.02)


def test_the_background_is_neutral_kept_or_that_of_a_place() -> None:
    def sky(**changes: object) -> np.ndarray:
        return np.median(develop(IMAGE, PictureRecipe(stretch="linear", **changes))[:, 20:140, 12:60].reshape(3, -1), axis=1)

    assert np.ptp(sky()) < 1e-4 and sky().mean() == pytest.approx(SKY.mean(), abs=1e-4)
    assert sky(background="keep") == pytest.approx(SKY.ravel(), abs=1e-4)
    nebula = tuple(IMAGE[:, 70, 120].tolist())
    for stretch in ("natural", "linear", "asinh"):
        picture = develop(IMAGE, PictureRecipe(stretch=stretch, background="picked", background_levels=nebula))
        assert np.ptp(picture[:, 70, 120]) < 0.03, stretch


def test_levels_green_noise_and_saturation() -> None:
    plain = develop(IMAGE, PictureRecipe(stretch="midtones"))
    cut = develop(IMAGE, PictureRecipe(stretch="midtones", black=0.1, white=0.8))
    np.testing.assert_allclose(cut, np.clip((plain - 0.1) / 0.7, 0, 1), atol=1e-5)
    grey = develop(IMAGE, PictureRecipe(stretch="midtones", saturation=0))
    assert np.ptp(grey, axis=0).max() < 1e-6
    green = np.stack([np.full((4, 4), v, np.float32) for v in (0.2, 0.7, 0.4)])
    assert scnr(green)[:, 0, 0] == pytest.approx([0.2, 0.3, 0.4])  # average neutral: the mean of red and blue
    found = develop(IMAGE, PictureRecipe(stretch="midtones", linked=False, background="keep", scnr=1.0))
    assert (found[1] <= 0.5 * (found[0] + found[2]) + 1e-6).all()


def test_a_recipe_is_saved_beside_its_image_and_read_again(tmp_path: Path) -> None:
    image = tmp_path / "stacked.fits"
    recipe = PictureRecipe(stretch="ghs", symmetry=0.1, background="picked", background_levels=(0.1, 0.2, 0.3), saturation=1.5)
    save_recipe(recipe, recipe_beside(image))
    assert recipe_beside(image).name == "stacked.recipe.yaml" and default_recipe(image) == recipe
    assert yaml.safe_load(recipe_beside(image).read_text())["version"] == 1
    assert default_recipe(tmp_path / "stacked_rgb_pcc.fits").linked and not default_recipe(tmp_path / "stacked_rgb.fits").linked


@pytest.mark.parametrize(("text", "words"), [
    ("version: 2", "version 2"), ("stretch: gamma", "stretch: 'gamma'"), ("- a", "not a recipe"),
    ("black: 0.9\nwhite: 0.2", "below white"),
    ("background: picked", "background_levels"), ("saturations: 2", "saturations is not a setting"), ("a: [", "not YAML"),
    ("saturation: .nan", "saturation: nan"), ("stretch: ghs\nsymmetry: 0.1\nshadows: 0.2", "shadows <= symmetry")])
def test_a_wrong_recipe_is_refused_by_its_name_and_value(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "x.recipe.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_recipe(file)
    assert words in caught.value.message and str(file) in caught.value.message and caught.value.remedy
    with pytest.raises(ConfigError, match="KEY=VALUE"):
        changed_recipe(PictureRecipe(), ["stretch"])


def test_display_p3_has_other_values_for_the_same_colours() -> None:
    values = np.random.default_rng(0).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    values[0] = [[k, k, k] for k in range(50)]
    profiles = [ImageCms.ImageCmsProfile(io.BytesIO(profile_of(space, True))) for space in ("srgb", "display-p3")]
    wanted = ImageCms.profileToProfile(Image.fromarray(values), *profiles,
                                       renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)
    found = np.moveaxis(to_display_p3(np.moveaxis(values, -1, 0).astype(np.float32) / 255), 0, -1) * 255
    # LittleCMS, from the profiles alone; it rounds to 8 bits.
    assert np.abs(found - np.asarray(wanted)).max() < 1.6
    np.testing.assert_allclose(found[0], values[0], atol=0.01)
    red = to_display_p3(np.float32([1, 0, 0])[:, None, None]).ravel()
    assert red == pytest.approx([0.9175, 0.2003, 0.1386], abs=1e-3)  # https://www.w3.org/TR/css-color-4/#predefined-display-p3


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize("space", ["srgb", "display-p3"])
def test_files_are_upright_and_have_their_profile(tmp_path: Path, suffix: str, space: str) -> None:
    image = tmp_path / "stacked_rgb_pcc.fits"
    fits.writeto(image, IMAGE, fits.Header({"ROWORDER": "BOTTOM-UP"}))
    recipe, made = PictureRecipe(stretch="asinh", saturation=1.5), tmp_path / f"a{suffix}"
    export_picture(image, made, recipe, space=space)
    expected = develop(IMAGE, recipe)
    expected = np.moveaxis(to_display_p3(expected) if space == "display-p3" else expected, 0, -1)[::-1]
    if suffix == ".tif":
        found, name = tifffile.imread(made), tifffile.TiffFile(made).pages[0].iccprofile
        assert found.dtype == np.uint16 and np.abs(found / 65535 - expected).max() < 2e-5
    else:
        with Image.open(made) as picture:
            found, name = np.asarray(picture) / 255, picture.info["icc_profile"]
        assert np.abs(found - expected).mean() < (0.02 if suffix == ".jpg" else 0.0021)
    assert name == profile_of(space, True)
    with pytest.raises(RunError, match="exists already"):
        export_picture(image, made, recipe)
    for wrong, error in ((image, ConfigError), (tmp_path / "none" / "a.png", OrchestrateError)):
        with pytest.raises(error):
            export_picture(image, wrong, recipe, replace=True)


def test_images_are_mapped_and_values_that_are_not_numbers_are_no_data(tmp_path: Path) -> None:
    fits.writeto(tmp_path / "a.fits", IMAGE)
    mapped, top_down = open_linear(tmp_path / "a.fits")
    assert isinstance(mapped.base, np.memmap) and top_down
    np.testing.assert_array_equal(read_window(mapped, ImageWindow(1, 3, 2, 4, 10)),
                                  IMAGE[:, 10:30, 20:40].reshape(3, 2, 10, 2, 10).mean(axis=(2, 4), dtype=np.float32))
    broken = IMAGE.copy()
    broken[0, 5, 5] = np.nan
    fits.writeto(tmp_path / "b.fits", broken)
    assert open_linear(tmp_path / "b.fits")[0][0, 5, 5] == 0
    fits.writeto(tmp_path / "c.fits", (IMAGE * 60000).astype(np.uint16))
    np.testing.assert_allclose(open_linear(tmp_path / "c.fits")[0], IMAGE * 60000 / 65535, atol=2e-5)
    with pytest.raises(InputError, match="is not a file"):
        open_linear(tmp_path / "d.fits")
    with pytest.raises(InputError, match="not a picture"):
        Developer(np.zeros((2, 5, 5), np.float32))


def test_the_verb_writes_a_picture_and_its_recipe(tmp_path: Path) -> None:
    image = tmp_path / "stacked.fits"
    fits.writeto(image, IMAGE[1])
    call = ["develop", str(image), "-o", str(tmp_path / "a.png"), "--set", "stretch=ghs", "--save-recipe"]
    done = CliRunner().invoke(cli, call, standalone_mode=False)
    assert done.exception is None and "ghs, srgb, from stacked.fits" in done.output, done.output
    assert load_recipe(tmp_path / "stacked.recipe.yaml").stretch == "ghs"
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "L" and picture.size == (W, H)
    assert isinstance(CliRunner().invoke(cli, [*call, "--set", "stretch=x"], standalone_mode=False).exception, ConfigError)
