"""Which lights show one field of the sky, and which field a run stacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, find_fields, find_filters, scan
from orchestrator.errors import InputError
from orchestrator.session import fields as sky
from orchestrator.session.model import FrameInfo, Role

# A frame of 1.2 x 0.8 degrees.
SHAPE, PIXEL, FOCAL = (480, 720), 5.0, 171.887
SIDES = (1.2, 0.8)


def pointings(name: str | None, places: list[tuple[float, float] | None], each: int = 3, **more: Any) -> list[FrameInfo]:
    return [FrameInfo(Path(f"{name}_{k}_{i}.fit"), Role.LIGHT, SHAPE, object=name, sky_position=place,
                      **{"pixel_size": PIXEL, "focal_length": FOCAL} | more)
            for k, place in enumerate(places) for i in range(each)]


def shown(*groups: list[FrameInfo]) -> dict[str, int]:
    return {f.name: len(f.lights) for f in sky.find_fields([i for g in groups for i in g])}


M31, M33 = (10.68, 41.27), (23.46, 30.66)


def test_objects_apart_are_fields_of_their_own_and_dithers_are_not() -> None:
    dithers = pointings("M 31", [(M31[0] + 0.01 * k, M31[1] - 0.01 * k) for k in range(20)], 1)
    assert shown(dithers, pointings("M33", [M33])) == {"M 31": 20, "M33": 3}
    assert shown(dithers) == {"M 31": 20}
    # Equal names at different places are counted, in order of the first lights.
    same = pointings("SIM", [(60.0, 35.0)]), pointings("SIM", [(63.5, 36.5)])
    assert shown(*same) == {"SIM-1": 3, "SIM-2": 3}
    one, two = sky.find_fields([*same[0], *same[1]])
    assert one.centre == pytest.approx((60, 35)) and two.centre == pytest.approx((63.5, 36.5))


@pytest.mark.parametrize("names", [["M31 panel 1", "M31 panel 2", "M31 panel 3", "M31 panel 4"],
                                   ["M31_1-1", "M31_2-1", "M31_1-2", "M31_2-2"], ["M 31"] * 4, [None] * 4, ["a", "b", "c", "d"]])
@pytest.mark.parametrize("angle", [0, 40])
def test_adjacent_panels_are_one_field(names: list[str | None], angle: float) -> None:
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    offsets = [(0.88 * SIDES[0] * i, 0.88 * SIDES[1] * j) for j in range(2) for i in range(2)]
    panels = [pointings(n, [(50 + (c * x - s * y) / np.cos(np.radians(60)), 60 + s * x + c * y)])
              for n, (x, y) in zip(names, offsets, strict=True)]
    assert list(shown(*panels).values()) == [12]
    # Across RA 0 and without a scale too.
    moved = [pointings(n, [((x + 359.5) % 360, y)], focal_length=None) for n, (x, y) in zip(names, offsets, strict=True)]
    assert list(shown(*moved).values()) == [12]


def test_a_long_row_of_overlapping_frames_is_one_field() -> None:
    drift = [(100 + 0.3 * k, 20.0) for k in range(60)]
    assert list(shown(pointings("drift", drift, 1)).values()) == [60]


def test_the_name_of_a_field_leaves_out_the_number_of_a_panel() -> None:
    assert shown(pointings("M31 panel 1", [M31]), pointings("M31 panel 2", [(M31[0] + 1, M31[1])])) == {"M31": 6}
    assert shown(pointings("M31 panel 1", [M31])) == {"M31 panel 1": 3}


@pytest.mark.parametrize(("focal", "apart", "count"), [(None, 4.0, 1), (None, 9.0, 2), (FOCAL, 4.0, 2), (10.0, 9.0, 1)])
def test_fields_are_told_apart_by_their_size(focal: float | None, apart: float, count: int) -> None:
    frames = [i for ra in (80.0, 80 + apart) for i in pointings("x", [(ra, 0.0)], focal_length=focal)]
    assert len(shown(frames)) == count


def test_lights_without_a_position_follow_their_name_or_the_largest_field() -> None:
    placed = pointings("M 31", [M31], 5), pointings("M 33", [M33], 3)
    assert shown(*placed, pointings("m33", [None], 2), pointings(None, [None], 2)) == {"M 31": 7, "M 33": 5}
    # 0, 0 is what programs write that do not know the position.
    assert shown(*placed, pointings(None, [(0, 0)], 2)) == {"M 31": 7, "M 33": 3}
    assert shown(pointings("M 31", [None]), pointings("M 33", [None])) == {"M 31": 3, "M 33": 3}
    assert shown(pointings("M31_1-1", [None]), pointings("M31_2-1", [None])) == {"M31": 6}
    assert shown(pointings("Sh 2-1", [None]), pointings("Sh 2-9", [None])) == {"Sh 2-1": 3, "Sh 2-9": 3}
    assert shown(pointings(None, [None], 4)) == {"": 4}


def lights(folder: Path, name: str, place: tuple[float, float], **counts: int) -> None:
    """``counts`` lights of each filter (``none``: without one)."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, count in counts.items():
        for i in range(count):
            header = fits.Header({"OBJECT": name, "RA": place[0], "DEC": place[1], "EXPTIME": 60.0, "GAIN": 100, "FOCALLEN": 400,
                                  "XPIXSZ": 3.76})
            header.update({} if kind == "none" else {"FILTER": kind})
            fits.writeto(folder / f"{name}_{place[0]:.1f}_{kind}_{i}.fit",
                         np.random.default_rng(i).poisson(900, (40, 48)).astype(np.uint16), header)


def config(**settings: Any) -> RunConfig:
    return RunConfig.model_validate({"input": settings})


def test_a_scan_names_each_field_and_the_one_with_too_few_lights(tmp_path: Path) -> None:
    lights(tmp_path, "M31", M31, none=5)
    lights(tmp_path, "M33", M33, none=4)
    lights(tmp_path, "M45", (56.7, 24.1), none=2)
    found = find_fields([tmp_path], config())
    assert found.several and [(f.name, len(f.lights)) for f in found.stacked] == [("M31", 5), ("M33", 4)]
    assert "1: M31 (5 lights at RA 10.7, Dec +41.3 deg); 2: M33" in found.describe()
    assert [line for line in found.refusals() if "M45 is not stacked: it has 2 lights" in line]
    # One of them can be chosen, by name, number or object; then nothing else is left out without a word.
    for choice in ({"field": "M 33"}, {"field": 2}, {"object": "M33"}):
        assert not find_fields([tmp_path], config(**choice)).several
        session = scan([tmp_path], config(**choice)).session
        assert {i.object for i in session.lights} == {"M33"} and len(session.lights) == 4
        assert any("M31" in text for text in (*session.notes, *(e.reason for e in session.excluded)))
    session = scan([tmp_path], config(field="all")).session
    assert len(session.lights) == 11 and not session.excluded and not find_fields([tmp_path], config(field="all")).several
    with pytest.raises(InputError, match=r"no field is named 'M 1'") as refused:
        scan([tmp_path], config(field="M 1"))
    assert "2: M33" in refused.value.remedy


def test_one_field_with_enough_lights_is_an_ordinary_session(tmp_path: Path) -> None:
    lights(tmp_path, "M31", M31, none=5)
    lights(tmp_path, "M45", (56.7, 24.1), none=2)
    found = find_fields([tmp_path], config())
    assert not found.several and found.refusals()
    session = scan([tmp_path], config()).session
    assert len(session.lights) == 5 and {e.reason for e in session.excluded} == {"it shows M45, the session M31"}


def test_the_filters_of_a_field_are_those_of_its_lights(tmp_path: Path) -> None:
    lights(tmp_path, "M31", M31, L=5, R=3, G=3, B=3)
    lights(tmp_path, "M33", M33, L=2, R=6)
    assert [f.name for f in find_fields([tmp_path], config()).stacked] == ["M31", "M33"]
    filters = find_filters([tmp_path], config(field="M31"))
    assert {f.channel: f.lights for f in filters.stacked} == {"L": 5, "R": 3, "G": 3, "B": 3}
    assert all({i.object for i in f.report.session.lights} == {"M31"} for f in filters.stacked if f.report)
    assert not find_filters([tmp_path], config(field="M33")).several
