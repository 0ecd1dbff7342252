"""Which calibration frames go with which lights: groups of exposures, gains, binnings, nights; flats and dark-flats."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.io.fits import FULL_SCALE, image_layout
from orchestrator.live.live_masters import OtherExposures, make_masters
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.calibration_groups import Grouped, group_lights
from orchestrator.session.calibration_matching import CALIBRATION_ROLES, Pool
from orchestrator.session.discovery import scan
from orchestrator.session.flat_sets import flat_sets
from orchestrator.session.matching import split_lights
from orchestrator.session.model import CalibrationGroup, Exclusion, FrameInfo, Role, Session
from orchestrator.session.shared_calibration import Spare

NIGHT = datetime(2026, 10, 1, 20)
USUAL: dict[str, Any] = {"shape": (48, 64), "exposure": 60.0, "gain": 100.0, "offset": 50.0, "temperature": -10.0, "time": NIGHT}


def frames(role: Role, count: int, name: str = "", **changes: Any) -> list[FrameInfo]:
    start = changes.pop("time", NIGHT)
    values = USUAL | changes
    return [FrameInfo(Path(f"/{role.value}s/{name}_{i:03d}.fit"), role, **(values | {"time": start + timedelta(seconds=70 * i)}))
            for i in range(count)]


def grouped(lights: list[FrameInfo], *others: list[FrameInfo], **settings: Any) -> Grouped:
    raw = {role: [i for part in others for i in part if i.role is role] for role in CALIBRATION_ROLES}
    return group_lights(lights, Pool(raw, {}, {}), RunConfig.model_validate(settings))


def names(group: CalibrationGroup, role: Role) -> set[str]:
    return {i.path.stem.rsplit("_", 1)[0] for i in group.frames.get(role, ())}


def test_an_ordinary_session_is_one_group_without_a_name() -> None:
    found = grouped(frames(Role.LIGHT, 4, "l"), frames(Role.DARK, 5, "d"), frames(Role.BIAS, 5, "b", exposure=0.0),
                    frames(Role.FLAT, 5, "f", exposure=1.0))
    (group,) = found.groups
    assert (group.name, group.lights, group.dark_ratio) == ("", (0, 1, 2, 3), 1.0)
    assert {role: len(infos) for role, infos in group.frames.items()} == {Role.BIAS: 5, Role.DARK: 5, Role.FLAT: 5}
    assert not found.warnings and not found.notes and not found.excluded


@pytest.mark.parametrize(("trait", "values", "titles"), [
    ("exposure", (30.0, 120.0), ("30s", "120s")), ("gain", (0.0, 100.0), ("gain0", "gain100")),
    ("offset", (10.0, 50.0), ("offset10", "offset50")), ("temperature", (-20.0, -5.0), ("-20C", "-5C"))])
def test_each_group_of_lights_gets_its_own_darks(trait: str, values: tuple[float, float], titles: tuple[str, str]) -> None:
    lights = [i for v in values for i in frames(Role.LIGHT, 3, f"l{v}", **{trait: v})]
    darks = [i for v in values for i in frames(Role.DARK, 6, f"d{v}", **{trait: v})]
    found = grouped(lights[::2] + lights[1::2], darks)
    assert sorted(g.name for g in found.groups) == sorted(titles) and not found.excluded and not found.warnings
    for group in found.groups:
        (dark,) = names(group, Role.DARK)
        assert {f"d{getattr(found.lights[i], trait)}" for i in group.lights} == {dark}
    assert sorted(i for g in found.groups for i in g.lights) == list(range(6))


def test_groups_with_the_same_frames_are_one() -> None:
    lights = frames(Role.LIGHT, 3, "short", exposure=30.0) + frames(Role.LIGHT, 3, "long", exposure=120.0)
    assert len(grouped(lights, frames(Role.FLAT, 5, "f", exposure=1.0)).groups) == 1
    assert len(grouped(lights).groups) == 1


def test_a_dark_of_another_exposure_is_scaled_with_a_bias_and_warned_of_without() -> None:
    lights, darks = frames(Role.LIGHT, 3, "l"), frames(Role.DARK, 5, "d", exposure=300.0)
    found = grouped(lights, darks, frames(Role.BIAS, 5, "b", exposure=0.0))
    assert found.groups[0].dark_ratio == pytest.approx(0.2) and not found.warnings and "scaled" in found.notes[0]
    assert grouped(lights, darks, calibration={"synthetic_bias": 500}).groups[0].dark_ratio == pytest.approx(0.2)
    (warning,) = grouped(lights, darks).warnings
    assert "darks are 300 s, the lights 60 s" in warning and "too much dark current" in warning
    (warning,) = grouped(lights, frames(Role.DARK, 5, "d", exposure=10.0)).warnings
    assert "darks are 10 s, the lights 60 s" in warning and "remains" in warning


def test_darks_of_another_gain_are_not_subtracted() -> None:
    lights, darks = frames(Role.LIGHT, 3, "l"), frames(Role.DARK, 5, "d", gain=200.0)
    found = grouped(lights, darks)
    assert not found.groups[0].frames and "darks have gain 200, the lights 100 (d_000.fit)" in found.warnings[0]
    assert all("gain 200" in e.reason and "gain 100" in e.remedy for e in found.excluded) and len(found.excluded) == 5
    with_bias = grouped(lights, darks, frames(Role.BIAS, 5, "b", exposure=0.0), frames(Role.FLAT, 5, "f"))
    assert set(with_bias.groups[0].frames) == {Role.BIAS, Role.FLAT}
    with pytest.raises(InputError, match="darks have gain 200, the lights 100") as error:
        grouped(lights, darks, frames(Role.FLAT, 5, "f"))
    assert "gain 100 and offset 50" in error.value.remedy
    named = group_lights(lights, Pool({Role.DARK: darks}, {}, {}, named=frozenset({Role.DARK})), RunConfig())
    assert len(named.groups[0].frames[Role.DARK]) == 5 and "because the settings name them" in named.warnings[0]


def test_lights_whose_offset_would_stay_are_left_out_with_the_reason() -> None:
    lights = frames(Role.LIGHT, 4, "l") + frames(Role.LIGHT, 2, "odd", gain=200.0)
    found = grouped(lights, frames(Role.DARK, 5, "d"))
    assert len(found.lights) == 4 and len(found.groups) == 1 and found.groups[0].lights == (0, 1, 2, 3)
    odd = [e for e in found.excluded if "odd" in e.path.name]
    assert len(odd) == 2 and "gain 200" in odd[0].reason
    assert len(grouped(lights).lights) == 6  # nothing is calibrated: all are alike


def test_flats_of_the_night_of_the_lights_are_taken() -> None:
    lights = frames(Role.LIGHT, 5, "l")
    same = frames(Role.FLAT, 4, "morning", time=NIGHT + timedelta(hours=9), filter="Ha")
    old = frames(Role.FLAT, 9, "june", time=NIGHT - timedelta(days=120), temperature=39.5)
    found = grouped(lights, same, old)
    assert names(found.groups[0], Role.FLAT) == {"morning"} and len(found.excluded) == 9
    assert "2026-06-03 at 39.5 C" in found.excluded[0].reason
    # Evening and morning of the night are one set; without flats of the night those nearest in time are used.
    evening = frames(Role.FLAT, 4, "evening", time=NIGHT - timedelta(hours=2))
    assert names(grouped(lights, same, evening).groups[0], Role.FLAT) == {"morning", "evening"}
    later = frames(Role.FLAT, 4, "later", time=NIGHT + timedelta(days=3))
    assert names(grouped(lights, later, old).groups[0], Role.FLAT) == {"later"}


def test_each_night_of_lights_gets_its_flats() -> None:
    lights = frames(Role.LIGHT, 3, "l1") + frames(Role.LIGHT, 3, "l2", time=NIGHT + timedelta(days=30))
    flats = [i for k, days in ((1, 0.3), (2, 30.3)) for i in frames(Role.FLAT, 4, f"f{k}", time=NIGHT + timedelta(days=days))]
    first, second = grouped(lights, flats).groups
    assert (names(first, Role.FLAT), first.lights) == ({"f1"}, (0, 1, 2))
    assert (names(second, Role.FLAT), second.lights) == ({"f2"}, (3, 4, 5))
    assert len(grouped(lights, flats[:4]).groups) == 1


def test_flats_without_times_are_chosen_by_temperature_and_unknown_nights_warned_of() -> None:
    bare = [replace(i, time=None) for i in frames(Role.LIGHT, 3, "l")]
    flats = frames(Role.FLAT, 4, "cold") + frames(Role.FLAT, 4, "hot", temperature=39.5)
    untimed = [replace(i, time=None) for i in flats]
    assert names(grouped(frames(Role.LIGHT, 3, "l"), untimed).groups[0], Role.FLAT) == {"cold"}
    dated = frames(Role.FLAT, 4, "old", time=NIGHT - timedelta(days=90)) + frames(Role.FLAT, 4, "new")
    found = grouped(bare, dated)
    assert names(found.groups[0], Role.FLAT) == {"new"} and "2026-10-01" in found.warnings[0]


def test_flats_follow_the_rotator_of_each_light() -> None:
    lights = frames(Role.LIGHT, 3, "l0", rotation=10.0) + frames(Role.LIGHT, 3, "l1", rotation=100.0)
    flats = frames(Role.FLAT, 4, "f0", rotation=10.2) + frames(Role.FLAT, 4, "f1", rotation=99.8)
    first, second = grouped(lights, flats).groups
    assert (names(first, Role.FLAT), names(second, Role.FLAT)) == ({"f0"}, {"f1"}) and first.name == "rot10"


def test_spellings_of_a_filter_match_and_other_filters_do_not() -> None:
    lights = frames(Role.LIGHT, 3, "l", filter="H-alpha 7nm")
    flats = [i for name in ("Ha", "Hb", "Ha+OIII") for i in frames(Role.FLAT, 3, name, filter=name)]
    assert names(grouped(lights, flats).groups[0], Role.FLAT) == {"Ha"}


def test_dark_flats_have_the_exposure_of_their_flats() -> None:
    flats = frames(Role.FLAT, 4, "f20", exposure=20.0)
    darkflats = frames(Role.DARKFLAT, 8, "df20", exposure=20.0) + frames(Role.DARKFLAT, 12, "df1", exposure=1.0)
    found = grouped(frames(Role.LIGHT, 3, "l"), flats, darkflats)
    assert names(found.groups[0], Role.DARKFLAT) == {"df20"} and not found.warnings
    assert {e.path.stem[:3] for e in found.excluded} == {"df1"} and "1 s" in found.excluded[0].reason
    both = flats + frames(Role.FLAT, 4, "f1", exposure=1.2)
    assert names(grouped(frames(Role.LIGHT, 3, "l"), both, darkflats).groups[0], Role.DARKFLAT) == {"df20", "df1"}
    sets = flat_sets(both, darkflats)
    assert [(s.flats, {d.exposure for d in s.darkflats}) for s in sets] == [((0, 1, 2, 3), {20.0}), ((4, 5, 6, 7), {1.0})]
    (warning,) = grouped(frames(Role.LIGHT, 3, "l"), flats, darkflats[8:]).warnings
    assert "dark-flats are 1 s, the flats 20 s" in warning
    assert not grouped(frames(Role.LIGHT, 3, "l"), both[4:], darkflats[8:]).warnings  # 0.2 s make no difference


def test_dark_flats_of_another_gain_are_not_subtracted_from_flats() -> None:
    found = grouped(frames(Role.LIGHT, 3, "l"), frames(Role.FLAT, 4, "f"), frames(Role.DARKFLAT, 4, "df", gain=0.0))
    assert Role.DARKFLAT not in found.groups[0].frames and "gain 0" in found.warnings[0] and "gain 100" in found.warnings[0]


def test_biases_of_the_gain_of_the_flats_replace_dark_flats() -> None:
    biases = frames(Role.BIAS, 4, "b100", exposure=0.0) + frames(Role.BIAS, 4, "b0", exposure=0.0, gain=0.0)
    (group,) = grouped(frames(Role.LIGHT, 3, "l"), frames(Role.FLAT, 4, "f", gain=0.0), biases).groups
    assert names(group, Role.BIAS) == {"b100"} and names(group, Role.DARKFLAT) == {"b0"}


def test_temperatures_are_mentioned_only_with_darks() -> None:
    lights = frames(Role.LIGHT, 6, "l") + frames(Role.LIGHT, 2, "warm", temperature=0.0)
    assert not grouped(lights).warnings and not grouped(lights, frames(Role.BIAS, 5, "b")).warnings
    (warning,) = grouped(lights, frames(Role.DARK, 5, "d")).warnings
    assert "-10 C" in warning and "2 lights (warm_000.fit ...) at 0 C" in warning and "darks at 0 C" in warning


def test_a_master_that_matches_is_better_than_raw_darks_that_do_not() -> None:
    lights = frames(Role.LIGHT, 3, "short", exposure=30.0) + frames(Role.LIGHT, 3, "long")
    pool = Pool({Role.DARK: frames(Role.DARK, 5, "d")}, {Role.DARK: frames(Role.DARK, 1, "master", exposure=30.0)}, {})
    short, long = group_lights(lights, pool, RunConfig()).groups
    assert short.masters[Role.DARK].path.stem == "master_000" and names(long, Role.DARK) == {"d"} and not long.masters


def test_gains_and_binnings_are_one_stack_and_other_areas_are_not() -> None:
    def kept(*parts: list[FrameInfo]) -> tuple[list[FrameInfo], list[Exclusion]]:
        excluded: list[Exclusion] = []
        return split_lights([i for p in parts for i in p], RunConfig(), excluded, [])[0], excluded

    main = frames(Role.LIGHT, 4, "l", pixel_size=3.76)
    binned = frames(Role.LIGHT, 3, "b", shape=(24, 32), binning=(2, 2), pixel_size=3.76)
    chosen, excluded = kept(main, frames(Role.LIGHT, 2, "g", gain=200.0, pixel_size=3.76), binned)
    assert len(chosen) == 9 and not excluded
    # A program that writes the size of the unbinned pixels is recognised by its equal values.
    assert {i.pixel_size for i in chosen if i.binning == (2, 2)} == {7.52} and chosen[0].pixel_size == 3.76
    assert len(kept(main, frames(Role.LIGHT, 3, "roi", shape=(24, 32)))[1]) == 3
    assert len(kept(main, frames(Role.LIGHT, 1, "bare", gain=None))[1]) == 1
    mosaics = [replace(i, cfa="RGGB") for i in (*main, *binned)]
    assert len(kept(mosaics)[1]) == 3


def test_a_part_of_a_session_has_the_lights_and_frames_of_its_group() -> None:
    lights = tuple(frames(Role.LIGHT, 3, "l"))
    group = CalibrationGroup("b", (0, 2), {Role.DARK: tuple(frames(Role.DARK, 2, "d"))}, {}, "", 0.5)
    session = Session((Path("/"),), "s", {Role.LIGHT: lights}, groups=(CalibrationGroup("a", (1,)), group))
    part = session.part(group)
    assert part.lights == (lights[0], lights[2]) and len(part.frames[Role.DARK]) == 2
    assert part.dark_ratio == 0.5 and len(part.calibration_groups) == 1 and session.dark_ratio == 1


def test_flats_are_borrowed_from_the_nearest_night() -> None:
    lights = frames(Role.LIGHT, 3, "l")
    spare = [Spare(Role.FLAT, f"the night {name}", tuple(frames(Role.FLAT, 4, name, time=NIGHT + timedelta(days=days))))
             for name, days in (("far", -60), ("near", 3))]
    (group,) = group_lights(lights, Pool({}, {}, {}, spare), RunConfig()).groups
    assert names(group, Role.FLAT) == {"near"}


def test_a_live_light_has_the_darks_of_its_exposure(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    current = random.gamma(2, 2, (48, 64))  # ADU per second
    kinds = [("light", 60, 100), ("light", 10, 40), *[("dark", 60, 0), ("dark", 10, 0)] * 4]
    for number, (kind, seconds, sky) in enumerate(kinds):
        path = tmp_path / "s" / f"{kind}s" / f"{number}.fit"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = 500 + sky + current * seconds + random.normal(0, 3, current.shape)
        fits.writeto(path, np.round(pixels).astype(np.uint16), fits.Header([("EXPTIME", seconds), ("GAIN", 100)]))
    settings = RunConfig.model_validate({"input": {"min_frames": 1}, "calibration": {"cosmetic": False}})
    context = RunContext(settings, tmp_path / "run", EventLog(None), 2**30, 1)
    first, second = scan([tmp_path / "s"], settings).session.lights
    masters = make_masters(tmp_path / "s", first, context)
    others = OtherExposures(tmp_path / "s", context)
    levels = []
    for info in (first, second):
        reader = replace(masters.template, layout=image_layout(info.path))
        levels.append(float(np.median(others.adapted(reader, info, masters).read())) * FULL_SCALE)
    assert levels == pytest.approx([100, 40], abs=2)
