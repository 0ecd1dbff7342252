"""Sittings: diagnoses, rates and canvases do not mix nights, telescopes and exposures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from orchestrator.engines.base import Frame, FrameReader, FrameSet
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.best_reference import (
    clearer_reference,
    shorter_reference,
    with_best_reference,
    with_clear_reference,
    with_finest_reference,
    with_unclipped_reference,
)
from orchestrator.stacking.canvas_extent import CanvasArea, plan_canvas
from orchestrator.stacking.field_geometry import field_rotation
from orchestrator.stacking.frame_information import frame_information
from orchestrator.stacking.frame_scores import score_frames
from orchestrator.stacking.sittings import comparable, sittings
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import STAR_DTYPE
from tilecore.register import align

SHAPE = (120, 200)
START = datetime(2025, 3, 1, 20)
RANDOM = np.random.default_rng(5)
SKY_STARS = RANDOM.uniform([20, 20], [180, 100], (40, 2))


def frame(index: int, minutes: float | None, angle: float = 0.0, scale: float = 1.0, **info: object) -> Frame:
    """A frame turned about its middle."""
    c, s = scale * np.cos(np.radians(angle)), scale * np.sin(np.radians(angle))
    matrix = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    middle = (np.array(SHAPE[::-1]) - 1) / 2
    matrix[:2, 2] = middle - matrix[:2, :2] @ middle
    time = None if minutes is None else START + timedelta(minutes=minutes)
    described = FrameInfo(Path(f"{index:03d}.fit"), Role.LIGHT, SHAPE, time=time, exposure=10.0, camera="S50")
    return Frame(index, replace(described, **info), cast(FrameReader, SimpleNamespace(shape=SHAPE)), matrix)  # type: ignore[arg-type]


def frame_set(frames: list[Frame], reference: int = 0) -> FrameSet:
    return FrameSet(tuple(frames), reference, SHAPE, None, 1, "native")


def measured(one: Frame, light: float, noise: float = 1e-3, fwhm: float = 3.0) -> FrameMeasurement:
    places = align.apply(np.linalg.inv(one.transform), SKY_STARS)
    stars = np.zeros(len(places), STAR_DTYPE)
    stars["x"], stars["y"], stars["fwhm"], stars["roundness"] = *places.T, fwhm, 0.95
    stars["flux"] = light * np.linspace(1, 2, len(places))
    return cast(FrameMeasurement, SimpleNamespace(stars=stars, star_count=len(stars), fwhm=fwhm, wfwhm=fwhm, roundness=0.95,
                                                  trails=(), noise=np.array([noise])))


def diagnosed(frames: list[Frame], light: np.ndarray, fwhm: np.ndarray | float = 3.0) -> dict[str, list[int]]:
    """Condition -> frames. The light scatters by 1 %, the FWHM by 2 %."""
    n, r = len(frames), np.random.default_rng(1)
    widths = np.broadcast_to(fwhm, n) * r.normal(1, 0.02, n)
    known = [measured(f, 1.0, fwhm=float(w)) for f, w in zip(frames, widths, strict=True)]
    levels = {name: np.ones((1, n)) for name in ("background", "noise", "quality", "score")}
    levels["transparency"] = (light * r.normal(1, 0.01, n))[None]
    found: dict[str, list[int]] = {}
    for i, score in enumerate(score_frames(frames, known, levels, SHAPE, comparable(frames).tolist())):
        for condition in score.conditions:
            found.setdefault(condition.name, []).append(i)
    return found


def fading(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Light and FWHM of a night whose second half dews up."""
    since = np.clip(np.arange(n) - n // 2, 0, None)
    return 10 ** (-0.4 * 0.05 * since), 3.0 * (1 + 0.012 * since)


def test_dew_is_found_in_any_order_of_the_files_and_a_rising_target_is_not_dew() -> None:
    light, fwhm = fading(40)
    for order in (np.arange(40), np.arange(40)[::-1], np.random.default_rng(2).permutation(40)):
        frames = [frame(i, 2.0 * order[i]) for i in range(40)]
        dew = diagnosed(frames, light[order], fwhm[order])
        assert set(dew) == {"dew"} and {int(order[i]) for i in dew["dew"]} > set(range(30, 40))
        rising = diagnosed([frame(i, 80 - 2.0 * order[i]) for i in range(40)], light[order], fwhm[order])
        assert set(rising) == {"haze"}
    untimed = diagnosed([frame(i, None) for i in range(40)], light, fwhm)
    assert set(untimed) == {"haze"}, "without times nobody knows whether the light fell"


def test_exposures_nights_and_telescopes_are_not_compared_with_each_other() -> None:
    """Each differs in light and FWHM as clouds, dew and a lost focus would."""
    half = np.repeat([0, 1], 12)
    minutes = np.arange(24) * 2.0
    light, fwhm = np.where(half, 0.4, 1.0), np.where(half, 4.5, 3.0)
    short = [frame(i, minutes[i], exposure=4.0 if half[i] else 10.0) for i in range(24)]
    nights = [frame(i, minutes[i] + 1440 * half[i]) for i in range(24)]
    scopes = [frame(i, minutes[i], telescope="A" if half[i] else "B") for i in range(24)]
    scaled = [frame(i, minutes[i], scale=1.02 if half[i] else 1.0) for i in range(24)]
    twins = [frame(i, minutes[i], angle=121.0 * half[i]) for i in range(24)]  # two of one model, their headers are equal
    mixed = [frame(i, minutes[i // 2 + 12 * (i % 2)], exposure=4.0 if half[i] else 10.0) for i in range(24)]
    for frames in (short, nights, scopes, scaled, twins, mixed):
        assert diagnosed(frames, light, fwhm) == {}
        clouded = light.copy()
        clouded[[3, 15, 16]] *= 0.4
        assert diagnosed(frames, clouded, fwhm).get("clouds") == [3, 15, 16]
        blurred = fwhm.copy()
        blurred[18:22] *= 1.7
        assert diagnosed(frames, light, blurred).get("focus") == [18, 19, 20, 21]
    assert diagnosed([frame(i, minutes[i]) for i in range(24)], light, fwhm), "of one sitting it would be a condition"


@pytest.mark.parametrize(("angles", "minutes", "count"), [
    (np.linspace(0, 60, 40), np.arange(40) * 4.0, 1),                                 # alt-az
    (np.r_[np.linspace(0, 10, 20), np.linspace(30, 40, 20)], np.r_[np.arange(20), 80 + np.arange(20)] * 2.0, 1),  # a pause
    (np.linspace(170, 190, 40), np.arange(40) * 4.0, 1),                              # through 180 degrees
    (np.repeat([0.0, 180.0], 20), np.arange(40) * 4.0, 1),                            # a meridian flip
    (np.tile([179.0, -179.0], 20), np.arange(40) * 0.2, 1),
    (np.repeat([0.0, 25.0], 20), np.arange(40) * 4.0, 2),                             # the camera was turned
    (np.tile([0.0, 121.0], 20), np.arange(40) * 0.2, 2),                              # two telescopes at once
    (np.zeros(40), np.r_[np.arange(20), 720 + np.arange(20)] * 2.0, 2),               # two nights
    (np.repeat([0.0, 121.0], 20), None, 2)])
def test_sittings_end_where_no_mount_turns(angles: np.ndarray, minutes: np.ndarray | None, count: int) -> None:
    frames = [frame(i, None if minutes is None else minutes[i], a) for i, a in enumerate(angles)]
    assert len(set(sittings(frames).tolist())) == count


def test_the_rate_of_the_rotation_is_that_of_one_telescope_in_one_night() -> None:
    two = [frame(i, 0.2 * i, 0.001 * i if i < 4 else 121.0) for i in range(6)]
    found = field_rotation(frame_set(two))
    assert found.mode == "equatorial" and found.span < 0.1 and found.apart == pytest.approx(59, abs=0.1)
    assert found.rate is not None and found.rate < 1 and found.is_large
    folded = field_rotation(frame_set([frame(i, 4.0 * i, (179.0, -179.0)[i % 2]) for i in range(10)]))
    assert max(folded.span, folded.apart) < 2.1
    night = [frame(i, 4.0 * i, 1.0 * i) for i in range(20)]
    after = [frame(20 + i, 1440 + 4.0 * i, 70 + 1.0 * i) for i in range(20)]
    found = field_rotation(frame_set(night + after))
    assert found.mode == "alt_az" and found.span == pytest.approx(19, abs=0.01) and found.rate == pytest.approx(15, abs=0.1)


def two_scopes(reference: int) -> tuple[FrameSet, list[FrameMeasurement]]:
    """4 frames of 10 s, and 2 of 20 s turned by 121 degrees with a slightly larger share of the information."""
    frames = [frame(i, 0.2 * i) for i in range(4)] + [frame(i, 0.2 * i, 121.0, exposure=20.0) for i in (4, 5)]
    back = np.linalg.inv(frames[reference].transform)
    frames = [replace(f, matrix=back @ f.transform) for f in frames]
    known = [measured(f, 1.0 if i < 4 else 2.0, 1e-3 if i < 4 else 1.35e-3) for i, f in enumerate(frames)]
    return frame_set(frames, reference), known


@pytest.mark.parametrize("reference", [0, 3, 5])
def test_the_canvas_follows_the_information_and_not_the_number_of_frames(reference: int) -> None:
    frames, known = two_scopes(reference)
    information = frame_information(frames, known)
    assert information[4] / information[0] == pytest.approx(4 / 1.35**2, rel=1e-6)
    best = with_best_reference(frames, known, [0] * 6)
    assert best.reference in (4, 5), "the telescope with most information gives the orientation"
    assert np.allclose(best.frames[best.reference].transform, np.eye(3))
    area = CanvasArea("union", 2.5, 0.5, information=tuple(frame_information(best, known).tolist()))
    plan = plan_canvas(best, "mono", area, 0, "lanczos4", "")
    (x, y), (rows, columns) = plan.origin, plan.shape
    assert max(abs(x), abs(y)) <= 2 and abs(rows - SHAPE[0]) <= 4 and abs(columns - SHAPE[1]) <= 4, "the whole reference field"
    by_count = plan_canvas(best, "mono", CanvasArea("union", 2.5, 0.5), 0, "lanczos4", "")
    assert by_count.shape[0] * by_count.shape[1] < 0.7 * SHAPE[0] * SHAPE[1]


def test_ordinary_sessions_keep_their_reference() -> None:
    frames = frame_set([frame(i, 4.0 * i, 0.5 * (i % 3)) for i in range(8)], 2)
    known = [measured(f, 1.0 + 0.2 * i) for i, f in enumerate(frames.frames)]
    assert with_best_reference(frames, known, [0] * 8) is frames
    turning = frame_set([frame(i, 4.0 * i, 1.5 * i) for i in range(30)], 2)
    known = [measured(f, 1.0 + 0.1 * i) for i, f in enumerate(turning.frames)]
    assert with_best_reference(turning, known, [0] * 30) is turning, "an alt-az night is one sitting"


@pytest.mark.parametrize(("fine", "changed"), [(3, True), (1, False)])
def test_the_reference_has_the_finest_pixels_that_several_frames_have(fine: int, changed: bool) -> None:
    frames = frame_set([frame(i, 4.0 * i, scale=0.6 if i >= 8 - fine else 1.0) for i in range(8)], 2)
    known = [measured(f, 1.0) for f in frames.frames]
    chosen = with_finest_reference(frames, known)
    assert (chosen.reference >= 8 - fine) is changed and (chosen is frames) is not changed
    assert chosen.frames[chosen.reference].scale == pytest.approx(1.0) and with_finest_reference(chosen, known) is chosen
    if changed:
        assert chosen.frames[0].scale == pytest.approx(1 / 0.6)


def test_a_sitting_of_coarser_pixels_does_not_give_the_orientation() -> None:
    frames = frame_set([frame(i, 0.2 * i) for i in range(2)] + [frame(i, 0.2 * i, 121.0, scale=1.5) for i in range(2, 8)])
    known = [measured(f, 1.0) for f in frames.frames]
    assert with_best_reference(frames, known, [0] * 8) is frames


@pytest.mark.parametrize(("clipped", "short"), [(400, True), (3, False)])
def test_a_reference_that_clips_what_shorter_exposures_record_is_replaced(clipped: int, short: bool) -> None:
    # The reference of Siril: one of the long exposures, which show most stars.
    frames = frame_set([frame(i, 4.0 * i, 0.5 * i, exposure=10.0 if i < 4 else 120.0) for i in range(9)], 6)
    frames = replace(frames, frames=tuple(replace(f, matrix=np.linalg.inv(frames.frames[6].transform) @ f.transform)
                                          for f in frames.frames), engine="siril")
    known = [measured(f, 1.0) for f in frames.frames]
    for one, m in zip(frames.frames, known, strict=True):
        cast(SimpleNamespace, m).clipped = clipped if one.info.exposure == 120 else 0
    chosen = with_unclipped_reference(frames, known)
    assert (chosen.reference < 4) is short and (chosen is frames) is not short
    assert np.allclose(chosen.frames[chosen.reference].transform, np.eye(3))
    assert with_unclipped_reference(chosen, known) is chosen
    fixed = replace(frames, registered_pixels=True)
    assert with_unclipped_reference(fixed, known) is fixed, "the pixels are on the canvas of their reference"
    assert (shorter_reference(fixed, known) is not None) is short


def test_a_hazy_reference_is_replaced_by_a_clear_frame_that_is_comparable() -> None:
    light = [0.6, 0.66, 1.0, 0.98, 0.97, 0.7, 2.0, 0.62]
    frames = frame_set([frame(i, 4.0 * i, 0.2 * i, exposure=20.0 if i == 6 else 10.0) for i in range(8)], 1)
    frames = replace(frames, frames=tuple(replace(f, matrix=np.linalg.inv(frames.frames[1].transform) @ f.transform)
                                          for f in frames.frames))
    known = [measured(f, a) for f, a in zip(frames.frames, light, strict=True)]
    chosen = with_clear_reference(frames, known)
    assert chosen.reference in (2, 3, 4) and np.allclose(chosen.frames[chosen.reference].transform, np.eye(3))
    assert with_clear_reference(chosen, known) is chosen and clearer_reference(chosen, known) is None
    fixed = replace(frames, registered_pixels=True)
    assert with_clear_reference(fixed, known) is fixed
    clearer = clearer_reference(fixed, known)
    assert clearer is not None and clearer[0].index in (2, 3, 4) and clearer[1] == pytest.approx(0.67, abs=0.02)
    even = [measured(f, 0.95 + 0.01 * i) for i, f in enumerate(frames.frames)]
    assert with_clear_reference(frames, even) is frames


def test_frames_without_common_stars_count_by_their_exposure() -> None:
    frames = frame_set([frame(0, 0), frame(1, 1, exposure=20.0)])
    known = [measured(f, 1.0) for f in frames.frames]
    known[1] = cast(FrameMeasurement, SimpleNamespace(**{**vars(known[1]), "stars": np.zeros(0, STAR_DTYPE)}))
    information = frame_information(frames, known)
    assert information[1] / information[0] == pytest.approx(4)
