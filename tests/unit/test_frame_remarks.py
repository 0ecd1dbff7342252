"""Remarks about raw frames: transparency from the stars alone, and what differs from the other frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from orchestrator import FrameLook, frame_remarks, transparencies


def night(count: int = 40, **changes: dict[int, float]) -> list[FrameLook]:
    """Looks of a night whose values scatter by a few percent; ``changes``: of each quantity, the factor of some frames."""
    rng = np.random.default_rng(3)
    stars = np.sort(rng.pareto(1.2, 60) + 1)[::-1] * 1000
    usual = {"fwhm": 3.0, "roundness": 0.9, "background": 500.0, "noise": 20.0, "stars": 60.0}
    found = []
    for number in range(count):
        values = {k: v * (1 + 0.02 * rng.standard_normal()) * changes.get(k, {}).get(number, 1) for k, v in usual.items()}
        light = changes.get("light", {}).get(number, 1.0)
        seen = stars * light * (1 + 0.01 * rng.standard_normal(60))
        seen = np.sort(seen[(seen > 900) & (rng.random(60) > 0.02)])[::-1][:40]  # faint ones, and some at the border, are missed
        found.append(FrameLook(Path(f"{number}.fit"), int(values["stars"]), values["fwhm"], values["roundness"],
                               values["background"], values["noise"], rates=tuple(map(float, seen))))
    return found


def test_transparency_is_that_of_the_star_light_whatever_stars_are_missing() -> None:
    clouds = {4: 0.7, 17: 0.4, 30: 0.9}
    light = transparencies(night(light=clouds))
    for number, value in enumerate(light):
        assert value == pytest.approx(clouds.get(number, 1.0), abs=0.1), number
    assert transparencies([FrameLook(Path("a")), FrameLook(Path("b"), rates=(1.0, 2.0))]) == [None, None]
    assert transparencies([]) == []


@pytest.mark.parametrize(("kind", "factor"), [("fwhm", 1.5), ("roundness", 0.7), ("background", 2.0), ("noise", 1.6),
                                              ("stars", 0.4)])
def test_a_frame_that_is_worse_than_the_others_has_a_remark_with_the_usual_value(kind: str, factor: float) -> None:
    looks = night(**{kind: {7: factor}})
    found = frame_remarks(looks, transparencies(looks))
    assert [(r.kind, pytest.approx(r.usual * factor, rel=0.1) == r.value) for r in found[7]] == [(kind, True)]
    assert not any(f for number, f in enumerate(found) if number != 7)
    better = night(**{kind: {7: 1 / factor}})
    assert not any(frame_remarks(better, transparencies(better)))


def test_clouds_are_a_remark_and_a_whole_night_of_changing_sky_is_not() -> None:
    looks = night(light={9: 0.5})
    assert [r.kind for r in frame_remarks(looks, transparencies(looks))[9]] == ["transparency"]
    rising = night(background={n: 1 + n / 10 for n in range(40)})  # the moon rises: a trend, and no frame stands out
    assert not any(frame_remarks(rising, transparencies(rising)))
    few = night(4, fwhm={1: 3.0})
    assert not any(frame_remarks(few, transparencies(few))), "too few frames to know what is usual"
