"""The level at which a camera clips, from its lights."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from fixtures.judge import good_stars, star_photometry
from orchestrator import RunConfig, WatchOptions, run, watch
from orchestrator.engines.no_data import NoData
from orchestrator.engines.saturation import saturation_levels
from orchestrator.io.saturation_card import card_level
from orchestrator.session.headers import frame_info
from orchestrator.session.model import FrameInfo, Role
from orchestrator.simulation import PRESETS, simulate
from orchestrator.simulation.truth import SimulationTruth

FULL = 65535


def light(**changes: Any) -> FrameInfo:
    return replace(FrameInfo(Path("a.fit"), Role.LIGHT, (10, 10), camera="A"), **changes)


def top(adu: int, pixels: int) -> NoData:
    return NoData(None, 0.0, 0.0, adu / FULL, pixels)


def test_the_value_at_which_the_pixels_of_several_lights_pile_up_is_the_level() -> None:
    lights = [light()] * 4
    level = saturation_levels(lights, [top(4095, 3), top(4095, 9), top(3011, 1), None], 0.004)
    assert level == pytest.approx([0.95 * (4095 / FULL - 0.004)] * 4)


@pytest.mark.parametrize("tops", [
    [top(65535, 30), top(65535, 20)], [top(65520, 30), top(65520, 20)],  # 16 bits, and 12 bits scaled to them
    [top(4095, 3), top(4001, 9)], [top(4095, 1), top(4095, 1)],  # the brightest star of a light, and by chance of another
    [top(4095, 3), top(4095, 9), top(9000, 1)]])
def test_other_largest_values_are_not(tops: list[NoData]) -> None:
    assert saturation_levels([light()] * len(tops), tops, 0.004) == [0.95] * len(tops)


@pytest.mark.parametrize(("cards", "tops", "level"), [
    ([4095.0, 4095.0], [top(4095, 3), top(4001, 1)], 4095),  # only one light shows it
    ([4095.0, 4095.0], [top(3000, 1), top(2900, 1)], 4095),
    ([16383.0, 16383.0], [top(4095, 3), top(4095, 9)], 4095),  # the pixels show a lower one
    ([4095.0, 4095.0], [top(9000, 1), top(3000, 1)], None),  # a pixel is above it
    ([4001.0, 3902.0], [top(4001, 1), top(3902, 1)], None),  # the largest value of each light
    ([4095.0, None], [top(3000, 1), top(2900, 1)], None), ([-1.0, -1.0], [top(3000, 1), top(2900, 1)], None),
    ([65535.0, 65535.0], [top(3000, 1), top(2900, 1)], None)])
def test_headers_name_it_unless_the_pixels_contradict(cards: list[float | None], tops: list[NoData], level: int | None) -> None:
    lights = [light(saturation=card) for card in cards]
    expected = 0.95 if level is None else 0.95 * (level / FULL - 0.004)
    assert saturation_levels(lights, tops, 0.004) == pytest.approx([expected] * 2)


def test_the_unit_of_floats_is_not_known_and_their_cards_are_not_used() -> None:
    lights = [light(saturation=4095.0, bitpix=-32)] * 2
    assert saturation_levels(lights, [top(3000, 1), top(2900, 1)], 0.0) == [0.95] * 2


@pytest.mark.parametrize("card", ["SATURATE", "MAXADU", "DATAMAX"])
def test_the_card_is_read(card: str) -> None:
    assert frame_info(Path("a.fit"), fits.Header([(card, 4095)]), Role.LIGHT, (10, 10)).saturation == 4095


@pytest.mark.parametrize(("value", "level"), [
    (None, 0.95), (0.06, 0.06), (4095, 4095 / FULL), (65535, 0.95), (0, 0.95), ("x", 0.95)])
def test_the_level_of_a_picture(value: object, level: float) -> None:
    assert card_level(fits.Header([("SATURATE", value)] if value is not None else [])) == pytest.approx(level)


def test_each_camera_has_its_own() -> None:
    lights = [light(camera=c) for c in "AABB"]
    level = saturation_levels(lights, [top(4095, 3), top(4095, 3), top(65535, 4), top(65535, 4)], 0.0)
    assert level == pytest.approx([0.95 * 4095 / FULL] * 2 + [0.95] * 2)


def clipped_session(folder: Path, short: tuple[int, ...]) -> SimulationTruth:
    """Lights of a camera of 12 bits; in those of ``short`` the light is a quarter, as after a quarter of the exposure."""
    config = replace(PRESETS["tiny_mono"], width=300, height=240, n_flat=0, n_dark=0, n_bias=0, n_stars=45, flux_min=15_000.0,
                     flux_max=150_000.0, transparency_min=1.0, sky_min=100.0, sky_max=110.0, vignetting=0.0, bias=100.0,
                     bias_structure=0.0, dark_current=0.0, hot_pixels=0, cold_pixels=0)
    truth = simulate(config, folder)
    for i, name in enumerate(truth.lights):
        with fits.open(folder / "lights" / name, mode="update") as file:
            if i in short:
                signal = file[0].data.astype(np.float64) - 100
                file[0].data = np.rint(100 + signal / 4).astype(np.uint16)
                file[0].header["EXPTIME"] = 7.5
            file[0].data = np.minimum(file[0].data, 4095)
    return truth


def test_stars_that_unscaled_long_exposures_clip_have_the_light_of_the_short_ones(tmp_path: Path) -> None:
    short = (1, 3, 5, 7)
    truth = clipped_session(tmp_path / "s", short)
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "input": {"min_frames": 3},
                                       "calibration": {"synthetic_bias": 100, "fixed_pattern": "none"},
                                       "output": {"report": False, "preview": False},
                                       "registration": {"reference": truth.lights[3]}, "canvas": {"extent": "reference"}})
    result = run(tmp_path / "s", config, runs_dir=tmp_path / "runs")
    assert result.error is None, result.error
    bright_stars_have_their_light(fits.getdata(result.products["stacked"]), truth, 3)
    long = 0.95 * (4095 - 100) / FULL / 4  # on the scale of the short exposures, of which one is the reference
    assert fits.getheader(result.products["stacked"])["SATURATE"] == pytest.approx(long, rel=0.05)


def bright_stars_have_their_light(image: np.ndarray, truth: SimulationTruth, reference: int) -> None:
    index, x, y = good_stars(truth, reference, shape=image.shape)
    found = star_photometry(image, x, y, 7.0) / truth.star_flux[index, 0]
    bright = truth.star_flux[index, 0] > 60_000
    assert bright.sum() >= 3 and np.median(found[bright]) == pytest.approx(np.median(found[~bright]), rel=0.02)
    assert found[bright].min() > 0.95 * np.median(found[~bright])


@pytest.mark.parametrize("short", [(6, 7), (0, 1), (2, 7)])
def test_a_live_stack_takes_the_cores_of_stars_from_unclipped_lights_whichever_comes_first(
        short: tuple[int, ...], tmp_path: Path) -> None:
    truth = clipped_session(tmp_path / "s", short)
    for k, name in enumerate(truth.lights):
        os.utime(tmp_path / "s" / "lights" / name, (1e9 + k, 1e9 + k))  # they come in the order of their names
    config = RunConfig.model_validate({"engine": {"name": "native"}, "output": {"report": False, "preview": False},
                                       "calibration": {"synthetic_bias": 100, "fixed_pattern": "none"}})
    result = watch(tmp_path / "s", config, WatchOptions(poll=0.05, idle=0.1), runs_dir=tmp_path / "runs")
    assert result.statistics.frames_stacked == len(truth.lights)
    bright_stars_have_their_light(fits.getdata(result.products["stacked"]), truth,
                                  truth.lights.index(str(result.statistics.reference)))
