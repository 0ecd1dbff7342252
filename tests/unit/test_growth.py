"""What a frame costs does not depend on the number of frames: operations are counted for N and for 2 N."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orchestrator import RunConfig, run
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.native.fixed_pattern import lights_examined
from orchestrator.errors import Cancelled
from orchestrator.report.model import FrameRow
from orchestrator.report.shown import MOST_SHOWN, envelope, frames_shown, thinned
from orchestrator.session.calibration_groups import group_lights
from orchestrator.session.calibration_matching import Pool
from orchestrator.session.flat_sets import flat_sets
from orchestrator.session.masters import split_masters
from orchestrator.session.matching import split_lights
from orchestrator.session.model import Exclusion, FrameInfo, Role
from orchestrator.session.nights import scan_session
from orchestrator.stacking import field_geometry
from orchestrator.stacking.sittings import comparable, turned_apart
from tilecore.stack import psf_overlap, weights

# Largest factor for twice the frames; N log N grows by 2.2 at most from 100 on.
LEVEL = 2.2
START = datetime(2024, 3, 1, 20)


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list with one number: how often two frames were compared or a frame was hashed."""
    count = [0]
    equal, digest = FrameInfo.__eq__, FrameInfo.__hash__

    def counted_equal(self: FrameInfo, other: object) -> bool:
        count[0] += 1
        return bool(equal(self, other))

    def counted_hash(self: FrameInfo) -> int:
        count[0] += 1
        return digest(self)

    monkeypatch.setattr(FrameInfo, "__eq__", counted_equal)
    monkeypatch.setattr(FrameInfo, "__hash__", counted_hash)
    return count


def info(role: Role, i: int, **facts: object) -> FrameInfo:
    return FrameInfo(Path(f"/s/{role.value}s/{i:05d}.fit"), role, (100, 120), **{  # type: ignore[arg-type]
        "exposure": 30.0, "gain": 100.0, "time": START + timedelta(seconds=40 * i), "object": "M 31" if i % 2 else "m31",
        "camera": "A", **facts})


def scanned(count: int) -> None:
    """Lights of two objects and several temperatures, flats of two filters, rotations and cameras, dark-flats, masters."""
    config = RunConfig()
    lights = [info(Role.LIGHT, i, filter="L", temperature=float(-10 + 8 * (i % 3))) for i in range(count)]
    best, _ = split_lights(lights, config, [], [])
    half = count // 2
    flats = [info(Role.FLAT, i, filter="L" if i % 2 else "R", rotation=float(i % 40), camera="A" if i % 3 else "B",
                  exposure=1 + i % 7) for i in range(half)]
    darkflats = [info(Role.DARKFLAT, i, exposure=1 + i % 7) for i in range(half)]
    darks = [info(Role.DARK, i, temperature=float(-10 + 8 * (i % 3)), camera="A" if i % 3 else "B") for i in range(half)]
    excluded: list[Exclusion] = []
    group_lights(best, Pool({Role.FLAT: flats, Role.DARK: darks, Role.DARKFLAT: darkflats}, {}, {}), config)
    flat_sets(flats, darkflats)
    split_masters([info(Role.DARK, i) for i in range(half)])
    assert not excluded and len(best) == count


@pytest.mark.parametrize("work", [scanned], ids=lambda w: w.__name__)
def test_comparisons_of_frames_grow_with_their_number(work: Callable[[int], None], comparisons: list[int]) -> None:
    work(100)
    first = comparisons[0]
    work(200)
    assert comparisons[0] - first <= LEVEL * max(first, 100)


def frame_set(count: int, places: np.ndarray | None = None) -> FrameSet:
    def matrix(i: int) -> np.ndarray:
        found = np.eye(3)
        found[:2, 2] = (0, 0) if places is None else places[i]
        return found

    class Reader:
        shape = (100, 120)

    frames = tuple(Frame(i, info(Role.LIGHT, i), Reader(), matrix(i)) for i in range(count))  # type: ignore[arg-type]
    return FrameSet(frames, 0, (100, 120), None, 1, "native")


def test_the_usable_frames_are_selected_once() -> None:
    frames = frame_set(50)
    assert frames.usable is frames.usable and frames.reference_position == 0


def test_panels_are_found_without_a_table_of_all_pairs() -> None:
    """The panels of a mosaic, with one more: those that all pairs of frames give."""
    r = np.random.default_rng(1)
    places = np.repeat(r.normal(0, 90, (9, 2)), 30, axis=0) + r.normal(0, 9, (270, 2))
    frames = frame_set(len(places), places)
    found = field_geometry.panels_of(frames)
    share = places / np.array([120, 100])
    near = (np.abs(share[:, None] - share) < field_geometry.PANEL_REACH).all(axis=2)
    middle = np.full(len(share), -1)
    while (free := middle < 0).any():
        leader = int(np.argmax(np.where(free, (near & free).sum(axis=1), 0)))
        middle[free & near[leader]] = leader
    leaders = np.unique(middle)
    nearest = np.abs(share[:, None] - share[leaders]).max(axis=2).argmin(axis=1)
    assert len(leaders) > 5
    for k in np.unique(nearest):
        assert len(set(found[nearest == k])) == 1
    assert len(set(found)) == len(leaders)


def test_the_largest_angle_between_axes_is_that_of_all_pairs() -> None:
    r = np.random.default_rng(2)
    for n in (1, 2, 3, 30):
        for angles in (r.uniform(0, 180, n), (r.uniform(0, 180) + r.normal(0, 4, n)) % 180):
            apart = np.abs(angles[:, None] - angles) % 180
            assert turned_apart(angles) == pytest.approx(np.minimum(apart, 180 - apart).max(), abs=1e-9)


def test_sittings_of_many_frames_take_no_table_of_all_pairs() -> None:
    frames = frame_set(20_000)
    assert set(comparable(frames.usable, [0] * 20_000)) == {0}


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.7, 3.0])
def test_overlaps_of_psfs_from_nodes_are_those_of_all_pairs(spread: float) -> None:
    r = np.random.default_rng(3)
    area = np.exp(r.normal(2.5, spread, (3, 150)))
    vectors = r.random((3, 150)) * (r.random((3, 150)) > 0.2)
    direct = np.einsum("tj,tij->ti", vectors, 2 / (area[:, :, None] + area[:, None]))
    assert psf_overlap.overlap_products(vectors, area) == pytest.approx(direct, rel=1e-12)
    few = psf_overlap.DIRECT
    assert psf_overlap.overlap_products(vectors[:, :few].copy(), area[:, :few].copy()) == pytest.approx(
        np.einsum("tj,tij->ti", vectors[:, :few], 2 / (area[:, :few, None] + area[:, None, :few])), rel=1e-12)


def test_weights_do_not_jump_where_the_overlaps_are_interpolated(monkeypatch: pytest.MonkeyPatch) -> None:
    r = np.random.default_rng(4)
    n = psf_overlap.DIRECT + 20
    measured = weights.TileMeasurements(r.uniform(0.6, 1, n), r.uniform(1, 2, (n, 2, 3)), np.exp(r.normal(2.5, 0.4, (n, 2, 3))),
                                        np.ones(n), np.ones((n, 2, 3)), np.ones((n, 2, 3), np.bool_))
    interpolated = weights.tile_weights("best", measured, 0.9).weights
    monkeypatch.setattr(psf_overlap, "DIRECT", n)
    assert interpolated == pytest.approx(weights.tile_weights("best", measured, 0.9).weights, rel=1e-9)


def test_a_page_shows_the_extremes_of_each_quantity_and_some_frames_left_out() -> None:
    r = np.random.default_rng(5)
    rows = [FrameRow(i, f"{i}.fit", f"/{i}.fit", kept=i % 4 > 0, fwhm=float(r.normal(3, 0.1)),
                     background=r.normal(500, 9, 3).tolist(), stars=int(r.integers(80, 120))) for i in range(5000)]
    rows[2001].fwhm, rows[3001].stars, rows[4001].background = 9.0, 1, [5.0, 5.0, 5.0]
    shown = frames_shown(rows)
    assert {2001, 3001, 4001} <= set(shown) and shown == sorted(set(shown))
    assert 0.8 * MOST_SHOWN < len(shown) <= MOST_SHOWN
    out = [i for i in shown if not rows[i].kept]
    assert len(out) > 100 and max(np.diff(out)) < 100
    # In each tenth of the session the sharpest and the softest frame.
    for part in np.array_split([i for i in range(5000) if rows[i].kept], 10):
        widths = [rows[i].fwhm or 0 for i in part]
        assert {int(part[np.argmin(widths)]), int(part[np.argmax(widths)])} <= set(shown)
    assert frames_shown(rows[:300]) == list(range(300))
    assert frames_shown([]) == [] and thinned(0).tolist() == [] and thinned(3).tolist() == [0, 1, 2]
    line = r.normal(0, 1, 5000).tolist()
    line[77], line[78] = None, 30.0
    assert 78 in envelope(line) and 77 not in envelope(line) and len(envelope(line)) < 3 * MOST_SHOWN
    assert envelope(line[:9]) == list(range(9))
    assert thinned(5000)[[0, -1]].tolist() == [0, 4999]


def test_a_scan_reports_each_file_and_can_be_stopped(simulated: Any) -> None:
    folder, _ = simulated("tiny_mono")
    told: list[tuple[int, int, str]] = []
    scan_session([folder], RunConfig(), lambda *step: told.append(step))
    messages = {message: [s for s in told if s[2] == message] for _, _, message in told}
    assert {"reading headers", "looking at the lights", "reading the flat frames"} <= set(messages)
    assert [done for done, _, _ in messages["looking at the lights"]] == list(range(8))
    assert len(messages["reading headers"]) == messages["reading headers"][0][1] >= 20

    def stop(done: int, total: int, message: str) -> None:
        if done == 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        scan_session([folder], RunConfig(), stop)


def test_a_run_is_stopped_while_it_looks_for_filters(simulated: Any, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        run(folder, RunConfig(), runs_dir=tmp_path / "runs", cancel=cancel)
    assert not (tmp_path / "runs").exists()


def test_a_few_more_lights_do_not_change_which_are_examined_for_a_pattern() -> None:
    for count in (150, 200, 3000):
        kept = [lights_examined(count + more, 256) == lights_examined(count, 256) for more in range(1 + count // 100)]
        assert all(kept), count
    assert lights_examined(40, 256) == list(range(40)) and lights_examined(64, 256) == list(range(64))
    for count in range(3, 2000, 7):
        chosen = lights_examined(count, 256)
        assert 0.79 * count <= chosen[-1] + 1 <= count and len(chosen) <= 256 and len(chosen) >= min(0.79 * count, 250)
