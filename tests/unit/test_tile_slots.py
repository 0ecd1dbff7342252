"""Slots of frames in tiles, compared with arrays that have a place for each frame in each tile."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.stack.grid import make_grid, touching
from tilecore.stack.tile_slots import TileSlots
from tilecore.stack.weights import (
    TileMeasurements,
    credible_noise,
    effective_frames,
    information_kept,
    tile_weights,
)

GRID = make_grid((900, 1400), 3.0, size_factor=16, min_size=32, max_divisor=6, overlap=0.3)
COUNT = 40


def boxes(seed: int) -> np.ndarray:
    """Frames of 200 x 300 px anywhere, two of them empty."""
    random = np.random.default_rng(seed)
    y, x = random.integers(0, 700, COUNT), random.integers(0, 1100, COUNT)
    found = np.stack([y, y + 200, x, x + 300], 1)
    found[[3, 17]] = 0
    return found


@pytest.fixture(params=[1, 2])
def slots(request: pytest.FixtureRequest) -> TileSlots:
    return TileSlots.of_boxes(boxes(request.param), GRID)


def in_slots(slots: TileSlots, values: np.ndarray, fill: float = np.nan) -> np.ndarray:
    """(K, ty, tx) of values (N, ty, tx)."""
    j, i = np.mgrid[0: slots.shape[0], 0: slots.shape[1]]
    return np.where(slots.frames >= 0, values[slots.frames, j, i], fill)


def reaches(slots: TileSlots) -> np.ndarray:
    """(N, ty, tx)."""
    return (slots.frames[None] == np.arange(COUNT)[:, None, None, None]).any(axis=1)


def test_a_frame_has_a_slot_in_the_tiles_that_touch_its_box() -> None:
    for seed in (1, 2):
        made = TileSlots.of_boxes(boxes(seed), GRID)
        expected = np.array([touching(GRID, *box) if box.any() else np.zeros(made.shape, bool) for box in boxes(seed)])
        assert (reaches(made) == expected).all()
        assert len(made.frames) == expected.sum(axis=0).max() < COUNT / 2
        for k in range(COUNT):
            rows, columns = made.window(k)
            assert expected[k, rows, columns].all() and expected[k, rows, columns].sum() == expected[k].sum()


def test_values_come_back_as_they_were_put(slots: TileSlots) -> None:
    random = np.random.default_rng(5)
    values = random.normal(size=(2, COUNT, *slots.shape))
    kept = np.full((2, *slots.values_shape), np.nan)
    for k in range(COUNT):
        slots.put(kept, k, values[(slice(None), k, *slots.window(k))])
    assert (np.isnan(kept[0]) == (slots.frames < 0)).all()
    for k in range(COUNT):
        assert (slots.of(kept, k) == values[(slice(None), k, *slots.window(k))]).all()
        whole = slots.whole(kept, k, -1.0)
        assert (whole == np.where(reaches(slots)[k], values[:, k], -1)).all()
    members, rows, columns = np.array([2, 5, 6, 11, 30]), np.arange(3, 9), np.arange(4, 7)
    expected = np.where(reaches(slots), values[1], 0)[np.ix_(members, rows, columns)]
    assert (slots.dense(kept[1], members, rows, columns) == expected).all()
    tile = np.array([4, 8]), np.array([5, 2])
    np.testing.assert_array_equal(slots.at(kept[0], 7, *tile), np.where(reaches(slots)[7], values[0, 7], np.nan)[tile])


def test_sums_and_medians_of_frames(slots: TileSlots) -> None:
    values = np.random.default_rng(6).normal(size=(COUNT, *slots.shape))
    kept, there = in_slots(slots, values), reaches(slots)
    np.testing.assert_allclose(slots.sums(kept), np.where(there, values, 0).sum(axis=(1, 2)), rtol=1e-12)
    medians = [np.median(v[t]) if t.any() else 0 for v, t in zip(values, there, strict=True)]
    np.testing.assert_allclose(slots.medians(kept), medians)
    above = kept > 1.5
    assert (slots.any(above) == (there & (values > 1.5)).any(axis=(1, 2))).all()
    assert (slots.all(kept > -2.5) == (~there | (values > -2.5)).all(axis=(1, 2))).all()
    by_frame = np.random.default_rng(7).normal(size=(3, COUNT))
    spread = slots.over_tiles(by_frame, np.nan)
    np.testing.assert_array_equal(spread[2], in_slots(slots, np.broadcast_to(by_frame[2][:, None, None], values.shape)))


def test_some_of_the_frames(slots: TileSlots) -> None:
    chosen = np.array([1, 4, 5, 20, 39])
    values = np.random.default_rng(8).normal(size=slots.values_shape)
    own = slots.of_frames(values, chosen)
    assert ((own == values) | ~np.isin(slots.frames, chosen)).all() and not own[~np.isin(slots.frames, chosen)].any()
    few = slots.only(chosen)
    for new, old in enumerate(chosen.tolist()):
        assert (few.of(slots.values_of(values, chosen), new) == slots.of(values, old)).all()


@pytest.mark.parametrize("mode", ["best", "snr", "psf_snr", "quality", "uniform"])
def test_weights_in_slots_are_those_of_all_frames(slots: TileSlots, mode: str) -> None:
    random, shape = np.random.default_rng(9), (COUNT, *slots.shape)
    there = reaches(slots) & (random.uniform(size=shape) > 0.05)
    noise, area = random.uniform(5, 9, shape), random.uniform(8, 20, shape)
    transparency, overall, quality = random.uniform(0.6, 1, COUNT), random.uniform(0.5, 2, COUNT), random.normal(size=shape)
    noise[2] = np.where(random.uniform(size=slots.shape) < 0.2, 0.5, noise[2])
    full = TileSlots.full(COUNT, slots.shape)
    own = full.over_tiles(full.medians(noise, there))[None]
    credible = credible_noise(noise[None], there, own)
    np.testing.assert_allclose(credible, credible_noise(noise[None], there))
    expected = tile_weights(mode, TileMeasurements(transparency, credible[0], area, overall, quality, there), 0.8)
    kept, seen = in_slots(slots, noise), in_slots(slots, there, False).astype(bool)
    own = slots.over_tiles(slots.medians(kept, seen))[None]
    sigma = credible_noise(kept[None], seen, own)[0]
    a = slots.over_tiles(transparency, 1.0)
    found = tile_weights(mode, TileMeasurements(a, sigma, in_slots(slots, area), slots.over_tiles(overall, 1.0),
                                                in_slots(slots, quality), seen), 0.8)
    assert found.exponent == pytest.approx(expected.exponent, abs=1e-6) and (found.fallback == expected.fallback).all()
    used = in_slots(slots, expected.weights, 0) * ~found.fallback
    np.testing.assert_allclose(found.weights * ~found.fallback, used, rtol=1e-5)
    tiles = there.any(axis=0)
    np.testing.assert_allclose(effective_frames(found.weights)[tiles], effective_frames(expected.weights)[tiles], rtol=1e-5)
    known = information_kept(found.weights, a, np.where(seen, sigma, np.inf), np.sqrt(in_slots(slots, area)))
    wanted = information_kept(expected.weights, transparency, np.where(there, credible[0], np.inf), np.sqrt(area))
    np.testing.assert_allclose(known[tiles], wanted[tiles], rtol=1e-5)


def test_frames_that_reach_all_tiles_have_their_own_place_everywhere() -> None:
    slots, values = TileSlots.full(5, (3, 4)), np.random.default_rng(3).normal(size=(2, 5, 3, 4))
    assert slots.is_full and slots.values_shape == (5, 3, 4)
    assert (slots.of(values, 2) == values[:, 2]).all() and (slots.whole(values, 4, 0) == values[:, 4]).all()
    assert (slots.dense(values[0], np.array([1, 3]), np.arange(2), np.arange(1, 4)) == values[0, [1, 3], :2, 1:]).all()
    few = slots.only(np.array([0, 3]))
    assert few.is_full and (few.of(slots.values_of(values, np.array([0, 3])), 1) == values[:, 3]).all()
    np.testing.assert_array_equal(slots.sums(values[0]), values[0].sum(axis=(1, 2)))
