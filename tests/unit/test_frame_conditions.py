"""Conditions of frames: clouds, dew, haze, focus and trailing are distinguished by their traces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tilecore.detect.frame_conditions import Series, common_direction, conditions

N = 60
RANDOM = np.random.default_rng(3)
DARKER = (0.4, 0.6, 0.3, 0.7, 0.5, 0.35, 0.65, 0.5, 0.3, 0.6)


def usual() -> Series:
    """A good night: small scatter, and the target sinks a little."""
    return Series(
        np.linspace(1.0, 0.9, N) * RANDOM.normal(1, 0.01, N), RANDOM.normal(200, 8, N), RANDOM.normal(3.0, 0.12, N),
        RANDOM.normal(0.93, 0.01, N), RANDOM.uniform(0, 180, N), RANDOM.uniform(0, 0.4, N))


def named(series: Series) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for i, some in enumerate(conditions(series)):
        for c in some:
            assert c.reason
            found.setdefault(c.name, set()).add(i)
    return found


def test_a_good_night_has_nothing_to_tell() -> None:
    assert named(usual()) == {}


def test_clouds_take_light_unsteadily() -> None:
    series = usual()
    light = series.transparency.copy()
    light[20:30] *= DARKER
    light[45] *= 0.4
    found = named(replace(series, transparency=light))
    assert found == {"clouds": {*range(20, 30), 45}}


def test_clouds_without_photometry_are_told_by_the_stars() -> None:
    series = usual()
    light, stars = series.transparency.copy(), series.stars.copy()
    light[10:14], stars[10:14] = np.nan, 20
    assert named(replace(series, transparency=light, stars=stars)) == {"clouds": {10, 11, 12, 13}}


def test_dew_takes_light_slowly_and_swells_the_stars_and_haze_does_not() -> None:
    series = usual()
    fade = np.where(np.arange(N) < 25, 1.0, 10 ** (-0.4 * 0.025 * np.clip(np.arange(N) - 25, 0, None)))
    wider = series.fwhm * np.where(np.arange(N) < 25, 1, 1 + 0.006 * np.clip(np.arange(N) - 25, 0, None))
    found = named(replace(series, transparency=series.transparency * fade, fwhm=wider))
    assert set(found) == {"dew"} and max(found["dew"]) == N - 1 and min(found["dew"]) > 28
    assert set(named(replace(series, transparency=series.transparency * fade))) == {"haze"}


def test_a_lost_focus_swells_the_stars_and_takes_no_light() -> None:
    series = usual()
    wide = series.fwhm.copy()
    wide[40:50] *= 1.6
    assert named(replace(series, fwhm=wide)) == {"focus": set(range(40, 50))}
    wide = series.fwhm.copy()
    wide[40] *= 1.6  # one frame of poor seeing is not a lost focus
    assert named(replace(series, fwhm=wide)) == {}


def test_trailing_draws_all_stars_out_in_one_direction() -> None:
    series = usual()
    roundness, agreement, angle = series.roundness.copy(), series.agreement.copy(), series.angle.copy()
    roundness[5:8], agreement[5:8], angle[5:8] = 0.6, 0.95, 40
    roundness[20] = 0.6  # drawn out in all directions: optics, not tracking
    changed = replace(series, roundness=roundness, agreement=agreement, angle=angle)
    assert named(changed) == {"trailing": {5, 6, 7}}
    assert named(replace(series, roundness=np.full(N, 0.6), agreement=np.full(N, 0.9))) == {}, "optics draw out every frame"


@pytest.mark.parametrize("angle", [3.0, 90.0, 177.0])
def test_axes_have_no_sense(angle: float) -> None:
    theta = np.radians(angle + RANDOM.normal(0, 5, 40)) + np.pi * RANDOM.integers(0, 2, 40)
    found, agreement = common_direction(theta, np.full(40, 0.7))
    assert abs((found - angle + 90) % 180 - 90) < 3 and agreement > 0.9
    assert common_direction(RANDOM.uniform(0, np.pi, 400), np.full(400, 0.7))[1] < 0.15
    assert common_direction(theta[:2], np.full(2, 0.7))[1] == 0


def test_few_frames_are_not_judged() -> None:
    one = np.ones(3)
    assert conditions(Series(one, one, one, one, one, one)) == [(), (), ()]
