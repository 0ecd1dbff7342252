"""Background extraction: its parts, its checks and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.api.single_image import bge_file
from orchestrator.cli.main import cli
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, InputError, ToolMissing
from orchestrator.phases.background import remove_gradient
from orchestrator.simulation.psf import add_stars
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.graxpert import find_graxpert
from tilecore.detect.stars import detect
from tilecore.sky import background_extraction as bge
from tilecore.sky.sky_model import ModelSpec, Samples, fit_model, render
from tilecore.sky.sky_tiles import tile_levels


def field(seed: int = 0, slope: float = 200.0, shape: tuple[int, int] = (320, 400)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    image = np.zeros(shape)
    n = 60
    x, y = rng.uniform(8, shape[1] - 8, n), rng.uniform(8, shape[0] - 8, n)
    add_stars(image, x, y, rng.uniform(2000, 60000, n), np.full(n, 3.0))
    image += 500 + slope * np.arange(shape[1]) / shape[1] + rng.normal(0, 4, shape)
    return (image / 65535).astype(np.float32)


def test_levels_are_those_of_the_sky_for_any_quantile_and_noise() -> None:
    rng = np.random.default_rng(3)
    plane = rng.normal(0.01, 0.001, (512, 512)).astype(np.float32)
    plane[:, 256:] = rng.normal(0.01, 0.003, (512, 256))
    mask = np.zeros(plane.shape, np.uint8)
    for quantile in (None, 0.1, 0.2, 0.4):
        levels = tile_levels(plane, mask, 64, quantile)
        # Noise three times as high must not look like another sky.
        assert np.abs(levels[:, :4].mean() - 0.01) < 5e-5 and np.abs(levels[:, 4:].mean() - 0.01) < 1e-4
    faint = plane + (rng.random(plane.shape) < 0.1) * rng.exponential(0.004, plane.shape)
    low = tile_levels(faint.astype(np.float32), mask, 64, 0.1)[:, :4].mean()
    assert abs(low - 0.01) < 0.8 * abs(np.median(faint[:, :256]) - 0.01)  # faint stars lift the median more


def test_hidden_tiles_have_no_level() -> None:
    mask = np.zeros((128, 128), np.uint8)
    mask[:64] = 1
    levels = tile_levels(np.ones((128, 128), np.float32), mask, 64, None)
    assert np.isnan(levels[0]).all() and (levels[1] == 1).all()


def test_render_is_the_surface_itself() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 300, 80), rng.uniform(0, 200, 80)
    samples = Samples(x, y, np.cos(x / 90) + np.sin(y / 70), (200, 300))
    for method in ("polynomial", "spline", "rbf", "mesh"):
        surface = fit_model(samples, ModelSpec(method, 3))  # type: ignore[arg-type]
        image = render(surface, (200, 300))
        yy, xx = np.mgrid[0:200:7, 0:300:11].astype(float)
        np.testing.assert_allclose(image[::7, ::11], surface(xx, yy), atol=2e-3)
    with pytest.raises(ValueError, match="2 sky samples"):
        fit_model(samples.take(np.arange(80) < 2), ModelSpec())


def test_a_flat_sky_is_left_flat() -> None:
    image = field(slope=0)
    mask, _ = bge.object_mask(image, np.ones(image.shape, bool))
    found = bge.extract(image, mask, ModelSpec())
    assert found.spec.order == 0 and np.ptp(found.model) < 1e-7


def test_the_checks_refuse_a_model_that_follows_the_stars_or_roughens_the_sky() -> None:
    image = field()
    mask, stars = bge.object_mask(image, np.ones(image.shape, bool))
    found = bge.extract(image, mask, ModelSpec())
    good = bge.check(image, found.corrected(image, mask >= 0), mask, found.tiles, stars)
    assert not good.failed and good.stars >= 20 and good.star_scatter_mmag < 1
    eaten = image.copy()
    for n, star in enumerate(detect(image, structured=True)):  # every second star loses a per cent
        if n % 2:
            y, x = int(star["y"]), int(star["x"])
            eaten[y - 3: y + 4, x - 3: x + 4] = 0.99 * image[y - 3: y + 4, x - 3: x + 4]
    assert any("star flux ratios" in f for f in bge.check(image, eaten, mask, found.tiles, stars).failed)
    rough = image + (0.002 * np.sin(np.arange(400) / 15)).astype(np.float32)
    assert any("rms of the sky would rise" in f for f in bge.check(image, rough, mask, found.tiles, stars).failed)


@pytest.mark.parametrize(("slope", "worth"), [(2.0, False), (200.0, True)])
def test_only_a_declined_model_that_can_be_seen_is_worth_a_warning(slope: float, worth: bool, tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    # The noise of a pixel is 4 ADU: in an ordinary stack a plane of 2 ADU often makes the tiles rougher by chance.
    monkeypatch.setattr(bge, "check", lambda *args: bge.Checks(1.0, 2.0, 20, 0.1, ("the rms of the sky would rise",)))
    result = remove_gradient(field(slope=slope), RunConfig(), ToolEnvironment(tmp_path, tmp_path, tmp_path))
    assert "rms of the sky would rise" in result.declined
    assert result.report["below_noise"] is not worth and result.report["channels"]["L"]["visible"] is worth


@pytest.mark.parametrize("what", ["tiny", "empty", "all hidden"])
def test_too_little_sky_is_told_and_the_image_kept(what: str, tmp_path: Path) -> None:
    image = {"tiny": field(shape=(48, 48)), "empty": np.zeros((200, 200), np.float32), "all hidden": field()}[what]
    if what == "all hidden":
        image[40:] = 0
        image[:, 60:] = 0
    result = remove_gradient(image, RunConfig(), ToolEnvironment(tmp_path, tmp_path, tmp_path))
    assert "sky" in result.declined and result.image is image


def test_the_command_writes_image_model_and_report(tmp_path: Path) -> None:
    source = tmp_path / "my stack.fits"
    header = fits.Header({"OBJECT": "M 1", "CTYPE1": "RA---TAN", "CRVAL1": 12.0})
    fits.writeto(source, field(), header)
    before = source.read_bytes()
    assert cli.main(["bge", "--json", str(source)], standalone_mode=False) == 0
    assert source.read_bytes() == before
    out, model = (fits.getdata(tmp_path / f"my stack_bge{e}.fits").astype(np.float32) for e in ("", "_model"))
    report = json.loads((tmp_path / "my stack_bge.json").read_text())
    np.testing.assert_allclose(field() - out, model - np.float32(report["channels"]["L"]["pedestal_adu"] / 65535), atol=1e-6)
    kept = fits.getheader(tmp_path / "my stack_bge.fits")
    assert kept["OBJECT"] == "M 1" and kept["CTYPE1"] == "RA---TAN" and "background" in str(kept["HISTORY"])
    with pytest.raises(ConfigError, match="already exists"):
        bge_file(source)
    with pytest.raises(ConfigError, match="input itself"):
        bge_file(source, output=source, force=True)
    with pytest.raises(InputError, match="does not exist"):
        bge_file(tmp_path / "nothing.fits")
    fits.writeto(tmp_path / "mosaic.fits", field(), fits.Header({"BAYERPAT": "RGGB"}))
    with pytest.raises(InputError, match="mosaic"):
        bge_file(tmp_path / "mosaic.fits")


GRAXPERT = """#!{python}
import sys
from astropy.io import fits
import numpy as np
assert sys.argv[1:4] == ["-cli", "-cmd", "background-extraction"], sys.argv
source, target = sys.argv[4], sys.argv[sys.argv.index("-output") + 1]
data = fits.getdata(source)
if data.min() < 0 or data.max() > 1:  # as the program does
    data = (data - data.min()) / (data.max() - data.min())
if {fails}:
    sys.exit("no model")
slope = {slope} / 65535 * np.arange(data.shape[-1]) / data.shape[-1]
fits.writeto(target + ".fits", (data - slope).astype(np.float32))
"""


@pytest.mark.parametrize("case", ["works", "fails", "missing"])
def test_graxpert_is_driven_by_its_command_line_and_checked_like_any_other(case: str, tmp_path: Path) -> None:
    """An imitation that speaks GraXpert's command line: the program itself downloads its model."""
    import sys

    program = tmp_path / "graxpert"
    if case != "missing":
        program.write_text(GRAXPERT.format(python=sys.executable, fails=case == "fails", slope=200))
        program.chmod(0o755)
    image = np.stack([field(), field(1), field(2)])
    image[:, 5, 5], image[:, 9, 9] = -0.001, 1.2
    config = RunConfig.model_validate({"bge": {"method": "graxpert", "graxpert": str(program)}})
    result = remove_gradient(image, config, ToolEnvironment(tmp_path / "work", tmp_path, tmp_path))
    assert not result.declined
    if case == "works":
        assert not result.report["fallback"] and result.report["channels"]["G"]["rms_after_adu"] < 1
        assert np.ptp(result.model[1]) * 65535 == pytest.approx(200, rel=0.01)
    else:
        assert {"fails": "GraXpert failed", "missing": "is not an executable file"}[case] in result.report["fallback"]
        assert result.report["method"] == "polynomial" and result.report["channels"]["G"]["rms_after_adu"] < 1
    with pytest.raises(ToolMissing, match="not found"):
        find_graxpert(None, {"PATH": str(tmp_path / "nothing")})
