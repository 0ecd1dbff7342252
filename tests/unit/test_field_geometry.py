"""Rotation of the field and coverage of the canvas, from transforms alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from orchestrator.config.settings import Canvas
from orchestrator.engines.base import Frame, FrameSet, in_whole_pixels
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.canvas_extent import CanvasArea, plan_canvas
from orchestrator.stacking.field_geometry import field_rotation, largest_rectangle, mosaic_of, seen_box, thin_panels

SHAPE = (120, 200)


class Reader:
    shape = SHAPE

    def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
        return np.zeros(SHAPE, np.float32)


def turned(angles: np.ndarray, minutes: np.ndarray | None = None, cfa: str | None = "RGGB", shift: float = 0.0) -> FrameSet:
    """Frames turned about their middle."""
    middle = np.array([(SHAPE[1] - 1) / 2, (SHAPE[0] - 1) / 2])
    frames = []
    for i, angle in enumerate(np.radians(angles)):
        matrix = np.eye(3)
        matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        matrix[:2, 2] = middle - matrix[:2, :2] @ middle + shift * i
        time = None if minutes is None else datetime(2025, 1, 1) + timedelta(minutes=float(minutes[i]))
        frames.append(Frame(i, FrameInfo(Path(f"{i}.fit"), Role.LIGHT, SHAPE, time=time), Reader(), matrix, residual=0.1))
    return FrameSet(tuple(frames), 0, SHAPE, cfa, 1, "native")


NOISE = np.random.default_rng(1).normal(0, 0.01, 40)


@pytest.mark.parametrize(("angles", "minutes", "mode", "span"), [
    (np.linspace(0, 60, 40) + NOISE, np.arange(40) * 4.0, "alt_az", 60),
    (np.linspace(0, 0.5, 40) + NOISE, np.arange(40) * 0.2, "alt_az", 0.5),
    (np.linspace(0, 0.3, 40) + NOISE, np.arange(40) * 4.0, "equatorial", 0.3),
    (NOISE, np.arange(40) * 0.2, "equatorial", 0.04),
    (np.where(np.arange(40) < 20, 0, 180) + NOISE, np.arange(40) * 4.0, "equatorial", 0.04),
    (np.where(np.arange(40) < 20, 0, 25) + NOISE, np.arange(40) * 4.0, "equatorial", 0.04),
    (np.tile(np.linspace(0, 40, 20), 2) + NOISE, np.concatenate([np.arange(20), 360 + np.arange(20)]) * 4.0, "alt_az", 40),
    (np.linspace(0, 60, 40), None, "alt_az", 60)])
def test_mounts_are_told_by_how_the_field_turns(angles: np.ndarray, minutes: np.ndarray | None, mode: str, span: float) -> None:
    found = field_rotation(turned(angles, minutes))
    assert found.mode == mode and found.span == pytest.approx(span, abs=0.06), found.text
    assert field_rotation(turned(angles, minutes), "equatorial").mode == "equatorial"


@settings(max_examples=60, deadline=None)
@given(arrays(np.bool_, st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_the_largest_rectangle_is_the_one_that_trying_all_finds(mask: np.ndarray) -> None:
    h, w = mask.shape
    areas = [(b - t) * (r - left) for t in range(h) for b in range(t + 1, h + 1) for left in range(w)
             for r in range(left + 1, w + 1) if mask[t:b, left:r].all()]
    found = largest_rectangle(mask)
    if not areas:
        assert found is None
    else:
        assert found is not None
        t, b, left, r = found
        assert mask[t:b, left:r].all() and (b - t) * (r - left) == max(areas)


@pytest.mark.parametrize("share", [0.5, 0.8, 1.0])
def test_a_canvas_cut_to_coverage_is_covered(share: float) -> None:
    frames = turned(np.linspace(-30, 30, 25))
    plan = plan_canvas(frames, "first", CanvasArea("union", 2.5, share), 0, "lanczos4", "")
    y, x = np.mgrid[0:plan.shape[0]:7, 0:plan.shape[1]:7].astype(float)
    count = np.zeros(x.shape, int)
    for frame in frames.frames:
        u, v = plan.positions_in_frame(frame, x, y)
        count += (u >= -0.5) & (v >= -0.5) & (u <= SHAPE[1] - 0.5) & (v <= SHAPE[0] - 0.5)
    assert count.min() >= share * 25 - 1
    whole = plan_canvas(frames, "first", CanvasArea("union", 2.5), 0, "lanczos4", "")
    assert 0.1 < plan.shape[0] * plan.shape[1] / (whole.shape[0] * whole.shape[1]) < 0.9


def test_whole_pixels_keep_the_mosaic_and_tell_what_they_cost() -> None:
    found = in_whole_pixels(turned(np.zeros(4), shift=1.4))
    shifts = np.array([f.matrix[:2, 2] for f in found.frames if f.matrix is not None])
    assert np.array_equal(shifts, np.array([[0, 0], [2, 2], [2, 2], [4, 4]])) and found.frames[1].residual > 0.8
    mono = in_whole_pixels(turned(np.zeros(4), shift=1.4, cfa=None))
    assert mono.frames[1].matrix is not None and mono.frames[1].matrix[0, 2] == 1


def test_the_crop_setting_gives_the_fraction_of_frames_that_must_cover_a_pixel() -> None:
    assert (Canvas().coverage, Canvas(crop="none", min_coverage=0.8).coverage) == (0, 0)
    assert Canvas(crop="coverage", min_coverage=0.8).coverage == 0.8
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Canvas(crop="coverage", min_coverage=3)
    with pytest.raises(ValueError, match=r"'crop: coverage' and 'min_coverage: 0\.7'"):
        Canvas.model_validate({"crop": "coverage 0.7"})


def pointing_at(places: list[tuple[float, float]], each: int) -> FrameSet:
    """``each`` frames, dithered by a few pixels, at each of the places (in frames)."""
    random = np.random.default_rng(3)
    frames = []
    for i in range(len(places) * each):
        matrix = np.eye(3)
        matrix[:2, 2] = np.array(places[i // each]) * SHAPE[::-1] + (random.uniform(-4, 4, 2) if i else 0)
        frames.append(Frame(i, FrameInfo(Path(f"{i}.fit"), Role.LIGHT, SHAPE), Reader(), matrix, residual=0.1))
    return FrameSet(tuple(frames), 0, SHAPE, None, 1, "native")


@pytest.mark.parametrize(("places", "each", "fields"), [
    ([(0, 0), (0.8, 0), (0.8, 0.8), (0, 0.8)], 6, (1.8, 1.8)), ([(0, 0), (0.9, 0), (1.8, 0)], 5, (2.8, 1)),
    ([(0.02 * i, 0) for i in range(40)], 1, (1.78, 1)), ([(0, 0), (0.2, 0.1)], 10, None),
    ([*[(0, 0)] * 40, (0.9, 0)], 1, None), ([(0, 0), (0.8, 0), (1.6, 0)], 1, None),
    ([(0, 0), (0.8, 0), (0.8, 0.8), (0, 0.8)], 2, (1.8, 1.8)), ([(0.3 * i, 0) for i in range(12)], 1, (3.7, 1))])
def test_a_mosaic_is_told_from_dithers_strays_and_single_frames(places: list[tuple[float, float]], each: int,
                                                                 fields: tuple[float, float] | None) -> None:
    frames = pointing_at(places, each)
    found = mosaic_of(frames)
    if fields is None:
        assert found is None
        return
    assert found is not None and found.fields == pytest.approx(fields, abs=0.1), found
    whole = plan_canvas(frames, "mono", CanvasArea("mosaic", 25), 0, "lanczos4", "")
    assert np.array(whole.shape[::-1]) / SHAPE[::-1] == pytest.approx(fields, abs=0.1)
    narrower = plan_canvas(frames, "mono", CanvasArea("mosaic", 25, margin=7), 0, "lanczos4", "")
    assert np.abs(np.array(whole.shape) - narrower.shape - 14).max() <= 1, "the first pixel is at even places"
    assert np.abs(np.array(narrower.origin) - whole.origin - 7).max() <= 1
    given = plan_canvas(frames, "mono", CanvasArea("mosaic", 25, box=(0, 0, 64, 48), margin=7), 0, "lanczos4", "")
    assert (given.shape, given.origin) == ((48, 64), (0, 0)), "the pixels of another run are not cut"
    cut = plan_canvas(frames, "mono", CanvasArea("mosaic", 1.5), 0, "lanczos4", "")
    assert cut.shape[0] * cut.shape[1] <= 1.5 * SHAPE[0] * SHAPE[1]


def test_a_thin_panel_is_kept_and_named_and_a_single_frame_is_not() -> None:
    deep = pointing_at([(0, 0), (0, 0.85)], 8)
    random = np.random.default_rng(9)

    def with_panel(count: int) -> FrameSet:
        more = []
        for i in range(count):
            matrix = np.eye(3)
            matrix[:2, 2] = np.array((0.85, 0)) * SHAPE[::-1] + random.uniform(-4, 4, 2)
            more.append(Frame(16 + i, FrameInfo(Path(f"thin_{i}.fit"), Role.LIGHT, SHAPE), Reader(), matrix, residual=0.1))
        return FrameSet((*deep.frames, *more), 0, SHAPE, None, 1, "native")

    for count, width in ((2, 1.85), (1, 1.0)):
        frames = with_panel(count)
        found = mosaic_of(frames)
        assert found is not None and found.fields == pytest.approx((width, 1.85), abs=0.08)
        ((depth, members),) = thin_panels(frames, found)
        assert depth == count and {f.info.path.stem[:4] for f in members} == {"thin"}
    assert thin_panels(with_panel(8), found) == []


def test_the_rim_of_a_deep_panel_ends_where_few_of_its_frames_reach() -> None:
    """Three frames are as good as none beside a hundred, but not beside eight."""
    for each, kept in ((100, False), (8, True)):
        frames = list(pointing_at([(0, 0), (0, 0.85)], each).frames)
        for k in range(3):  # shifted to the right by a tenth of a frame
            matrix = np.array([[1, 0, 0.1 * SHAPE[1]], [0, 1, 0], [0, 0, 1]])
            frames.append(Frame(2 * each + k, FrameInfo(Path(f"r{k}.fit"), Role.LIGHT, SHAPE), Reader(), matrix, residual=0.1))
        box = seen_box(tuple(frames))
        assert box is not None and (box[2] > 1.06 * SHAPE[1]) == kept
