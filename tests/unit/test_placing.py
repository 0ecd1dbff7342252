"""Where a light belongs among the panels of a live stack, from lists of stars with known offsets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from orchestrator.config.settings import RunConfig
from orchestrator.live.add_frame import MeasuredLight
from orchestrator.live.placing import Place, locate
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import STAR_DTYPE

SHAPE, SCALE = (300, 400), 4.0
CONTEXT = cast(RunContext, SimpleNamespace(config=RunConfig(), workers=1, cache=None, check=lambda: None,
                                           progress=lambda *a: None))


class Sky:
    """Stars (x, y) on a plane, of which lights show rectangles."""

    def __init__(self, density: float = 1e-3, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.place = self.random.uniform(-1500, 1500, (int(density * 3000**2), 2))
        self.snr = 10 ** self.random.uniform(1, 2.5, len(self.place))

    def light(self, x: float, y: float, header: tuple[float, float] | None = None, share: float = 1.0) -> MeasuredLight:
        """A light whose first pixel is at (x, y), and whose header claims the place ``header``, with a ``share`` of the stars."""
        own = self.place - (x, y)
        seen = ((own > 2) & (own < np.array(SHAPE[::-1]) - 3)).all(axis=1) & (self.random.random(len(own)) < share)
        table = np.zeros(int(seen.sum()), STAR_DTYPE)
        table["x"], table["y"] = (own[seen] + self.random.normal(0, 0.05, (len(table), 2))).T
        table["snr"] = table["flux"] = self.snr[seen]
        table = table[np.argsort(-table["snr"])]
        at = None if header is None else (header[0] * SCALE / 3600, header[1] * SCALE / 3600)
        info = FrameInfo(Path("light.fit"), Role.LIGHT, SHAPE, sky_position=at, pixel_size=SCALE, focal_length=206.265)
        measured = cast(FrameMeasurement, SimpleNamespace(stars=table, star_count=len(table)))
        return MeasuredLight(info, (0, 0), "", cast("object", None), measured)  # type: ignore[arg-type]


@dataclass(eq=False)
class Panel:
    light: MeasuredLight
    label: str
    started: bool = True
    place: Place | None = None

    @property
    def lead(self) -> tuple[FrameInfo, FrameMeasurement]:
        return self.light.info, self.light.measurement


def panel(sky: Sky, x: float, y: float, name: str, header: tuple[float, float] | None = None) -> Panel:
    matrix = np.array([[1.0, 0, x], [0, 1, y], [0, 0, 1]])
    return Panel(sky.light(x, y, header), name, place=Place(matrix, None))


@pytest.mark.parametrize("headers", [True, False])
def test_a_light_belongs_to_the_panel_whose_field_it_shows(headers: bool) -> None:
    sky = Sky()

    def header(x: float, y: float) -> tuple[float, float] | None:
        return (x, y) if headers else None

    panels = [panel(sky, x, y, f"{x} {y}", header(x, y)) for x, y in ((0, 0), (320, 0), (0, 240))]
    for x, y, home in ((5, -8, 0), (300, 10, 1), (20, 200, 2), (90, 60, 0)):
        found = locate(sky.light(x, y, header(x, y)), panels, 100, CONTEXT)
        assert found.home is panels[home] and not found.reason
    # Of a light between two panels the stars are known, but it is a field of its own.
    apart = locate(sky.light(160, -120, header(160, -120)), panels, 100, CONTEXT)
    assert apart.home is None and apart.touches and not apart.reason
    far = locate(sky.light(-900, 700, header(-900, 700)), panels, 100, CONTEXT)
    assert far.home is None and not far.touches and not far.reason


def test_stars_count_more_than_a_wrong_header() -> None:
    sky = Sky()
    panels = [panel(sky, 0, 0, "here", (0, 0)), panel(sky, 1000, 0, "there", (1000, 0))]
    found = locate(sky.light(6, 4, (1000, 0)), panels, 100, CONTEXT)
    assert found.home is panels[0] and not found.reason


def test_few_stars_do_not_count_more_than_a_header() -> None:
    sky = Sky(1.1e-4)
    panels = [panel(sky, 0, 0, "panel 1", (0, 0)), panel(sky, 1200, 0, "panel 2", (1200, 0))]
    found = locate(sky.light(6, 4, (1200, 0)), panels, 20, CONTEXT)
    assert found.home is None and "place it on panel 1, its header 2.4 fields away" in found.reason


def test_stars_that_name_two_places_are_refused() -> None:
    """The same few stars are where two panels are that are apart: one of the matches is chance."""
    sky = Sky(1.1e-4)
    panels = [panel(sky, 0, 0, "panel 1"), panel(sky, 0, 0, "panel 2")]
    panels[1].place = Place(np.array([[1.0, 0, 900], [0, 1, 0], [0, 0, 1]]), None)
    found = locate(sky.light(6, 4), panels, 20, CONTEXT)
    assert found.home is None and "place it on panel" in found.reason and ", at another place" in found.reason


def test_clouds_and_lights_without_a_match_where_they_should_have_one_are_refused() -> None:
    sky = Sky()
    panels = [panel(sky, 0, 0, "panel 1", (0, 0))]
    clouded = locate(sky.light(5, 5, None, share=0.02), panels, 100, CONTEXT)
    assert clouded.reason.startswith("clouds: ")
    other = Sky(seed=1).light(5, 5, (5, 5))
    assert locate(other, panels, 100, CONTEXT).reason.startswith("it cannot be registered: ")
    # Without a stack of that field nothing shows which of the two is wrong.
    panels[0].started = False
    assert not locate(other, panels, 100, CONTEXT).reason
