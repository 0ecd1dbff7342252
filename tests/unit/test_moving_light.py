"""A line of light is a trail if no other frame has it; ghosts and spikes of a turning field are left out where they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from orchestrator.checks.rejection import rejection
from orchestrator.checks.star_sample import StarSample
from orchestrator.engines.base import Frame, FrameReader
from orchestrator.session.model import FrameInfo, Role
from orchestrator.simulation.psf import add_stars
from orchestrator.stacking.moving_light import MovingLight, moving_light
from orchestrator.stacking.sittings import sittings
from orchestrator.stacking.state import Stack
from tests.unit.test_line_evidence import part, spike, star
from tests.unit.test_trails import NOISE, SHAPE
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import detect
from tilecore.detect.trails import search_lines, trail_mask

MIDDLE = (np.array(SHAPE[::-1]) - 1) / 2
Y, X = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
SATELLITE = (-20.0, 400.0, 660.0, 300.0)
# Place of the bright star in the frame of the reference.
STAR = (220.0, 150.0)
FIELD = np.random.default_rng(8).uniform([[0], [0]], [[640], [480]], (2, 60))
Drawing = Callable[[np.ndarray, np.ndarray], np.ndarray]


def session(turns: np.ndarray, shifts: np.ndarray, drawing: Drawing, trail_in: int) -> list[MovingLight]:
    """Frames turned (degrees) and shifted, in which ``drawing`` adds to the image what belongs to the bright star's place."""
    frames, measured = [], []
    for i, (turn, shift) in enumerate(zip(np.radians(turns), shifts, strict=True)):
        matrix = np.eye(3)  # frame -> canvas
        matrix[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
        matrix[:2, 2] = MIDDLE - matrix[:2, :2] @ (MIDDLE + shift)
        place = (np.linalg.inv(matrix) @ [*STAR, 1])[:2]
        image = 0.01 + np.random.default_rng(i).normal(0, NOISE, SHAPE)
        x, y, _ = np.linalg.inv(matrix) @ np.vstack([FIELD, np.ones(FIELD.shape[1])])
        add_stars(image, x, y, np.full(len(x), 0.1), np.full(len(x), 3.0))
        image = drawing(star(image, *place, 50), place)
        if i == trail_in:
            image = part(image, SATELLITE, 2.0)
        image = np.minimum(image, 1).astype(np.float32)
        stars = detect(image)
        lines = search_lines(image, 0.01, NOISE, stars)
        measured.append(cast(FrameMeasurement, SimpleNamespace(trails=lines.trails, other_light=lines.others, stars=stars,
                                                               line_map=lines.signal)))
        reader = cast(FrameReader, SimpleNamespace(shape=SHAPE))
        frames.append(Frame(i, FrameInfo(Path(f"{i}.fit"), Role.LIGHT, SHAPE), reader, matrix))
    assert not sittings(frames).any()
    return moving_light(frames, measured)


def fan(image: np.ndarray, _place: np.ndarray) -> np.ndarray:
    """Rays of the glow of a sensor, from its right edge."""
    angle, r = np.degrees(np.arctan2(Y - 100, 650 - X)), np.hypot(650 - X, Y - 100)
    rays = np.sum([np.exp(-(((angle - a) / 1.5) ** 2)) for a in (-10, 12, 30)], axis=0)
    return np.asarray(image + 10 * NOISE * rays * np.exp(-r / 120))


def column(image: np.ndarray, _place: np.ndarray) -> np.ndarray:
    image[:, 400:402] += 3 * NOISE
    return image


def filament(image: np.ndarray, place: np.ndarray) -> np.ndarray:
    """A line of the sky that crosses the frame; the field is not turned."""
    return part(image, (-100, place[1] + 80, 740, place[1] + 180), 4.0)


def spikes(image: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Four spikes, too strong to be distinguished from trails in one frame."""
    return spike(spike(image, *place, 200, 45), *place, 200, 135)


DITHERS = np.random.default_rng(1).uniform(-12, 12, (7, 2))


@pytest.mark.parametrize(("drawing", "turned"), [(fan, 0.0), (column, 0.0), (filament, 0.0), (spikes, 0.0), (spikes, 20.0)])
def test_lines_that_other_frames_have_are_no_trails_and_a_satellite_is_one(drawing: Drawing, turned: float) -> None:
    found = session(np.linspace(0, turned, 7), DITHERS, drawing, 3)
    assert [len(one.trails) for one in found] == [0, 0, 0, 1, 0, 0, 0]
    x, y = found[3].trails[0][[0, 2]], found[3].trails[0][[1, 3]]
    assert np.interp(320, *(np.sort(x), y[np.argsort(x)])) == pytest.approx(350, abs=3)


def test_a_ghost_is_left_out_in_every_frame_and_forms_no_trails() -> None:
    def ghost(image: np.ndarray, place: np.ndarray) -> np.ndarray:
        r = np.hypot(X - place[0] - 120, Y - place[1] - 70)
        return np.asarray(image + 8 * NOISE * ((r < 26) & (r > 14)))

    turns = np.linspace(-20, 20, 9)
    found = session(turns, np.zeros((9, 2)), ghost, 4)
    assert [len(one.trails) for one in found] == [0, 0, 0, 0, 1, 0, 0, 0, 0]
    for one, turn in zip(found, np.radians(turns), strict=True):
        back = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) @ (np.array(STAR) - MIDDLE) + MIDDLE
        r = np.hypot(X - back[0] - 120, Y - back[1] - 70)
        mask = trail_mask(one.others, 0, SHAPE[0], 0, SHAPE[1])
        assert mask[(r < 24) & (r > 16)].mean() > 0.9 and mask.sum() < 3 * ((r < 26) & (r > 14)).sum()
    still = session(np.zeros(7), DITHERS / 6, ghost, 2)
    assert not any(len(one.others) for one in still), "it does not move against the sky"


def test_light_that_no_frame_is_without_is_not_left_out() -> None:
    """A ghost that stays on the sensor while the field drifts by less than its size covers its place of the sky in all frames."""
    def ghost(image: np.ndarray, place: np.ndarray) -> np.ndarray:
        return np.asarray(image + 8 * NOISE * (np.hypot(X - 400, Y - 300) < 26))

    # At +-45 px a typical place is covered in a bit more than half of the frames: enough are without it.
    near, some, far = (session(np.zeros(9), np.stack([np.linspace(-s, s, 9), np.zeros(9)], 1), ghost, 4) for s in (20, 45, 120.0))
    assert not any(len(one.others) for one in near) and all(len(one.others) for one in (*some, *far))


def test_the_check_of_rejection_knows_moving_ghosts() -> None:
    """Many samples lost over 4 % of the field are suspicious, unless a ghost moved through it; over 13 % they always are."""
    count = np.full((1, 120, 160), 20.0, np.float32)
    lost = np.zeros_like(count)
    lost[:, 50:74, 60:92] = 8
    stack = cast(Stack, SimpleNamespace(count=count, rejected=lost))
    sample = cast(StarSample, SimpleNamespace(x=np.zeros(0)))
    assert rejection(stack, None, (), sample).status == "failed"
    assert rejection(stack, None, (), sample, ghosts=True).status == "passed"
    lost[:, 20:100, 60:92] = 8
    assert rejection(stack, None, (), sample, ghosts=True).status == "failed"
