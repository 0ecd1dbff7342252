"""Bad pixels, warm pixels, columns and glow found in the lights, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.calibrate import fixed_pattern as pattern

H, W, M = 120, 150, 48
NOISE = 10.0


def lights(cfa: bool, sensor: np.ndarray, *, speed: float = 2.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """M lights (M, H, W) with drifting stars and a sky that changes, and one of them without noise or sensor."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:H, :W]
    first = rng.uniform((-100, 0), (W, H), (60, 2))
    flux = np.exp(rng.uniform(np.log(300), np.log(20_000), 60))
    out = np.empty((M, H, W), np.float32)
    scene = np.zeros((H, W))
    for i in range(M):
        scene = np.zeros((H, W))
        for (cx, cy), f in zip(first + np.array([speed * i, 0.4 * speed * i]), flux, strict=True):
            scene += f / (2 * np.pi * 1.4**2) * np.exp(-0.5 * ((x - cx) ** 2 + (y - cy) ** 2) / 1.4**2)
        sky = (400 + 5 * i) * (1 + 0.1 * x / W)
        if cfa:
            sky = sky * np.where((y % 2 == 0) & (x % 2 == 0), 0.7, 1.0)
        out[i] = sky + scene + sensor + rng.normal(0, NOISE, (H, W))
    return out, scene


def found(frames: np.ndarray, cfa: bool, **settings: bool) -> tuple[pattern.FixedPattern, np.ndarray]:
    levels = np.stack([pattern.sky_levels(f, cfa=cfa) for f in frames])
    rest = np.stack([f - pattern.sky_rows(s, 0, H, (H, W), cfa=cfa) for f, s in zip(frames, levels, strict=True)])
    seen = pattern.temporal_statistics(rest, NOISE)
    parts = pattern.PatternParts(**settings)
    return pattern.fixed_pattern(seen, levels, cfa=cfa, hot_sigma=5, cold_sigma=5, parts=parts), seen.plain


@pytest.mark.parametrize("cfa", [False, True])
def test_what_stays_on_the_sensor_is_found_and_little_else(cfa: bool) -> None:
    rng = np.random.default_rng(5)
    places = rng.choice(H * W, 260, replace=False)
    hot, warm = places[:60], places[60:]
    sensor = np.zeros(H * W)
    sensor[hot], sensor[warm] = 800.0, 25.0
    columns = 4 * rng.normal(size=W)
    sensor = sensor.reshape(H, W) + columns
    result, _ = found(lights(cfa, sensor)[0], cfa)
    bad = result.bad.ravel() > 0
    assert bad[hot].all() and bad.sum() <= 61
    rest = np.where(bad, 0, (sensor - result.frame).ravel())
    assert abs(np.median(rest[warm])) < 3 and np.median(sensor.ravel()[warm]) > 20
    alone = np.setdiff1d(np.arange(H * W), places)
    left = np.where(bad.reshape(H, W), np.nan, rest.reshape(H, W))
    # A column is known to the noise of a light over the root of its pixels and of the lights.
    level = np.nanmedian(left, axis=0)
    assert (level[2:] - level[:-2]).std() < 0.25 * (columns[2:] - columns[:-2]).std()
    # Elsewhere nothing comes in that would be felt beside the noise of one light.
    pixels = result.frame - np.median(result.frame, axis=0)
    assert pixels.ravel()[alone].std() < 0.05 * NOISE


@pytest.mark.parametrize("nebula", [0, 200])
def test_columns_are_found_beside_one_another_too(nebula: float) -> None:
    """Smooth structure is subtracted before the search for columns; the part that columns share with their neighbours must stay.

    Of that the difference between even and odd columns would become a colour of the sky, the rest bands in its brightness.
    """
    rng = np.random.default_rng(7)
    h, w = 240, 400
    columns = 4 * rng.normal(size=w)
    y, x = np.mgrid[:h, :w]
    glow = nebula * np.exp(-((x - 170) ** 2 + (y - 110) ** 2) / 2 / 25**2)
    median = (glow + columns + rng.normal(0, NOISE / 6, (h, w))).astype(np.float32)
    seen = pattern.TemporalStatistics(median, np.full((h, w), NOISE, np.float32), median, np.full((h, w), M, np.int16))
    result = pattern.fixed_pattern(seen, np.zeros((M, 4, 4, 7)), cfa=True, hot_sigma=5, cold_sigma=5,
                                   parts=pattern.PatternParts(pixels=False))

    def mean(line: np.ndarray, n: int) -> np.ndarray:
        return np.convolve(line, np.ones(n) / n, "valid")

    left = columns - np.median(result.frame, axis=0)
    for share, most in ((lambda c: mean(c[::2] - c[1::2], 8), 0.33), (lambda c: mean(c, 12)[6:-6] - mean(c, 24), 0.2)):
        assert share(left).std() < most * share(columns).std()


def test_faint_light_does_not_hide_a_warm_pixel_from_many_lights() -> None:
    """Light that is far below the noise of a light is not a star, however clearly the median of many lights shows it."""
    y, x = np.mgrid[:H, :W]
    median = np.random.default_rng(3).normal(0, 0.04 * NOISE, (H, W)).astype(np.float32)
    for row, column in ((30, 40), (60, 100)):
        median += np.float32(0.28 * NOISE) * np.exp(-((x - column) ** 2 + (y - row) ** 2) / 12).astype(np.float32)
    median[30, 40] += 0.45 * NOISE
    seen = pattern.TemporalStatistics(median, np.full((H, W), NOISE, np.float32), median, np.full((H, W), 1000, np.int16))
    frame = pattern.fixed_pattern(seen, np.zeros((1000, 1, 2, 3)), cfa=False, hot_sigma=5, cold_sigma=5,
                                  parts=pattern.PatternParts(lines=False)).frame
    assert abs(frame[30, 40] - 0.45 * NOISE) < 0.15 * NOISE and abs(frame[60, 100]) < 0.1 * NOISE


def test_a_clean_sensor_adds_no_noise() -> None:
    result, _ = found(lights(False, np.zeros((H, W)))[0], False)
    assert not result.bad.any()
    assert result.frame.std() < 0.02 * NOISE


def test_stars_that_stand_still_are_told() -> None:
    for speed, expected in ((0.0, 1.0), (2.0, 0.0)):
        frames, scene = lights(False, np.zeros((H, W)), speed=speed)
        result, median = found(frames, False)
        rows, columns = np.nonzero(scene[5:-5, 5:-5] > 500)
        stars = np.zeros(len(rows), [("x", float), ("y", float)])
        stars["x"], stars["y"] = columns + 5, rows + 5
        assert abs(pattern.stationary_share(median, scene.astype(np.float32), stars) - expected) < 0.1
        # Light around a star distinguishes it from a bad pixel, wherever it is.
        assert not result.bad.any()


def test_few_lights_show_bad_pixels_alone() -> None:
    sensor = np.zeros((H, W))
    sensor[40, 50], sensor[60, 70] = 500, 30
    result, _ = found(lights(False, sensor)[0][::8], False)
    assert result.bad[40, 50] and result.bad.sum() <= 2 and not result.frame.any()


@pytest.mark.parametrize("shape", [(131, 150), (128, 149)])
@pytest.mark.parametrize("cfa", [False, True])
def test_the_sky_of_a_slope_is_the_slope_at_any_rows(shape: tuple[int, int], cfa: bool) -> None:
    y, x = np.mgrid[:shape[0], :shape[1]].astype(np.float32)
    slope = 100 + 0.3 * x - 0.2 * y
    levels = pattern.sky_levels(slope, cfa=cfa)
    for first, stop in ((0, shape[0]), (17, 40), (shape[0] - 3, shape[0])):
        np.testing.assert_allclose(pattern.sky_rows(levels, first, stop, shape, cfa=cfa), slope[first:stop], atol=0.8)


def test_glow_from_the_border_is_found_and_what_shines_in_the_middle_is_not() -> None:
    y, x = np.mgrid[:384, :512]
    glow = 60 * np.exp(-np.hypot(x - 512, y - 190) / 80)
    nebula = 40 * np.exp(-((x - 180) ** 2 + (y - 190) ** 2) / 2 / 30**2)
    rng = np.random.default_rng(1)
    frames = [(300 + i + glow + nebula + rng.normal(0, 5, glow.shape)).astype(np.float32) for i in range(16)]
    levels = np.stack([pattern.sky_levels(f, cfa=False) for f in frames])
    rest = np.stack([f - pattern.sky_rows(s, 0, 384, (384, 512), cfa=False) for f, s in zip(frames, levels, strict=True)])
    seen = pattern.temporal_statistics(rest, 5)
    result = pattern.fixed_pattern(seen, levels, cfa=False, hot_sigma=5, cold_sigma=5, parts=pattern.PatternParts(glow=True))
    left = glow - result.frame
    assert left.std() < 0.25 * glow.std()
    assert abs(result.frame[190, 180] - np.median(result.frame)) < 8


def test_a_warm_pixel_is_seen_beside_a_star_that_passes_slowly() -> None:
    """Near the centre of a rotation stars cover a pixel for half of the session."""
    rng = np.random.default_rng(2)
    y, x = np.mgrid[:H, :W]
    sensor = np.zeros((H, W))
    pixels = [(20 + 10 * k, 40 + 10 * k) for k in range(8)]
    for row, column in pixels:
        sensor[row, column] = 30
    frames = np.empty((128, H, W), np.float32)
    for i in range(len(frames)):
        frames[i] = 400 + sensor + rng.normal(0, NOISE, (H, W))
        for row, column in pixels:
            frames[i] += 3000 * np.exp(-((x - column + 0.09 * (i - 90)) ** 2 + (y - row - 0.4) ** 2) / 3)
    result, _ = found(frames, False)
    left = np.array([sensor[p] - result.frame[p] for p in pixels])
    assert not result.bad.any() and np.abs(left).max() < 10 and abs(left.mean()) < 3
    # Of the stars themselves nothing is taken.
    assert np.abs(np.where(sensor > 0, 0, result.frame)).max() < NOISE
