"""Guided lights without darks: their stars are not bad pixels, and the pixels that are bad are found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from orchestrator.config.settings import RunConfig
from orchestrator.engines.bad_pixels import read_bad_pixels
from orchestrator.engines.native.fixed_pattern import PatternFiles, pattern_from_lights
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog

H, W, COUNT = 160, 200, 20
NOISE = 20 / 65535
PEAK = 300  # in units of the noise, of the brightest stars
HOT = 40


@dataclass(frozen=True)
class Light:
    """A calibrated light in memory."""

    pixels: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.pixels.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
        return self.pixels[row_start:row_stop].copy()


def lights(fwhm: float, dither: float, cfa: bool) -> tuple[list[Light], np.ndarray, np.ndarray]:
    """Lights whose sky moves by up to ``dither`` px, the hot pixels (H, W), and a mask of the stars."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:H, :W]
    colour = np.array([0.7, 1.0, 0.5])[(y % 2) + (x % 2)] if cfa else np.ones((H, W))
    places, peaks = rng.uniform((8, 8), (H - 8, W - 8), (30, 2)), PEAK * np.geomspace(1, 0.1, 30)
    hot, stars = np.zeros((H, W)), np.zeros((H, W), bool)
    while (hot > 0).sum() < HOT:
        row, column = rng.integers(2, (H - 2, W - 2))
        if np.hypot(*(places - (row, column)).T).min() > 8:
            hot[row, column] = rng.uniform(40, 300)
    for place in places:
        stars |= np.hypot(y - place[0], x - place[1]) < 6
    frames = []
    for dy, dx in rng.uniform(-dither, dither, (COUNT, 2)):
        light = hot + rng.normal(0, 1, (H, W)) + 15 * colour
        for (row, column), peak in zip(places, peaks, strict=True):
            light += peak * colour * np.exp(-4 * np.log(2) * ((y - row - dy) ** 2 + (x - column - dx) ** 2) / fwhm**2)
        frames.append(Light((NOISE * light).astype(np.float32)))
    return frames, hot > 0, stars


def search(tmp_path: Path, frames: list[Light], cfa: bool) -> PatternFiles:
    context = RunContext(RunConfig(), tmp_path, EventLog(tmp_path / "events.jsonl"), 1 << 30, 2)
    return pattern_from_lights(frames, context, cfa=cfa, dark=False)


@pytest.mark.parametrize(("fwhm", "dither", "cfa"), [(1.7, 1.0, False), (2.5, 1.0, True), (2.5, 2.0, True), (3.0, 0.0, True),
                                                     (2.0, 12.0, False)])
def test_hot_pixels_are_found_and_stars_are_left(fwhm: float, dither: float, cfa: bool, tmp_path: Path) -> None:
    frames, hot, stars = lights(fwhm, dither, cfa)
    found = search(tmp_path, frames, cfa)
    assert found.bad is not None
    bad = read_bad_pixels(found.bad).mask > 0
    assert bad[hot].all()
    assert not (bad & stars).any() and (bad & ~hot).sum() <= 1
    # Where the sky stands still the report names what was done.
    assert found.details["declined"] == (dither < 10)
    assert any("narrower than any star" in text for text in found.warnings) == (dither < 10)


def test_few_guided_lights_are_warned_about_too(tmp_path: Path) -> None:
    frames, hot, stars = lights(2.0, 0.3, False)
    found = search(tmp_path, frames[:8], False)
    assert found.bad is not None and not (read_bad_pixels(found.bad).mask[stars]).any()
    assert read_bad_pixels(found.bad).mask[hot].all()
    assert any("narrower than any star" in text for text in found.warnings)
