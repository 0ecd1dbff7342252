"""The checks of a stack read it in parts: what they find does not depend on the size of the parts, and no image is in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from orchestrator.checks.halves import halves
from orchestrator.checks.rejection import rejection
from orchestrator.checks.sky_surface import sky_surface
from orchestrator.checks.stack_stars import detect_in_parts
from orchestrator.simulation.psf import add_stars
from orchestrator.stacking.state import Stack
from tilecore.detect.stars import detect
from tilecore.numerics import parts as parts_module
from tilecore.numerics.parts import Computed, parts
from tilecore.stack import checks as stack_checks
from tilecore.stack.checks import seam_score
from tilecore.stack.grid import TileGrid
from tilecore.stack.information import PointSources, measure_information
from tilecore.stack.sky_steps import StarLight, sky_steps

SHAPE = (640, 900)
NOISE, FLUX = 3e-4, 0.5
# The first panels are apart from the last: between them there are no data.
GAP = slice(300, 700)


@pytest.fixture(scope="module")
def made() -> tuple[Stack, NDArray[np.void], Any]:
    """A stack of two panels with stars, a step of the sky, and rejected pixels; its stars; and its sample of stars."""
    random = np.random.default_rng(5)
    x, y = (a.ravel() for a in np.meshgrid(np.arange(25.0, SHAPE[1], 50), np.arange(25.0, SHAPE[0], 50)))
    light = np.zeros(SHAPE)
    add_stars(light, x, y, np.full(len(x), FLUX), np.full(len(x), 3.0))
    image = 0.02 + light + NOISE * random.standard_normal(SHAPE)
    image[300:] += 2 * NOISE
    count = np.full(SHAPE, 12.0)
    count[:, GAP] = image[:, GAP] = 0
    planes = [image, np.where(count > 0, NOISE**2, 0), np.ones(SHAPE), count, np.where(image > 0.05, 1, 0),
              np.where(count > 0, NOISE * random.standard_normal(SHAPE), np.nan)]
    stack = Stack(*(p.astype(np.float32)[None] for p in planes))
    stars = detect_in_parts(stack.mean[0], stack.count[0], 500)
    seen = (x < GAP.start - 20) | (x > GAP.stop + 20)
    sample = SimpleNamespace(
        channel=0, finer=1.0, radius=6.0, radius_on_channel=6.0, light=StarLight(SHAPE, stars), x=x[seen], y=y[seen],
        plan=SimpleNamespace(registered_pixels=False, mode="mono"), on_channel=lambda channel: (x[seen], y[seen]))
    return stack, stars, sample


def in_small_parts(monkeypatch: pytest.MonkeyPatch, find: Callable[[], Any]) -> tuple[Any, Any]:
    """What is found in one part, and in many."""
    whole = find()
    monkeypatch.setattr(parts_module, "SIDE", 200)
    monkeypatch.setattr(stack_checks, "STRIP", 4000)
    return whole, find()


def test_parts_cover_an_image_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "SIDE", 200)
    times = np.zeros(SHAPE, int)
    random = np.random.default_rng(1)
    x, y = random.uniform(0, SHAPE[1] - 1, 200), random.uniform(0, SHAPE[0] - 1, 200)
    held = np.zeros(200, int)
    for part in parts(SHAPE, 7):
        times[part.inside] += 1
        held += part.holds(x, y)
        assert (times[part.around][part.own] == times[part.inside]).all() and max(times[part.around].shape) <= 214
    assert (times == 1).all() and (held == 1).all()


def test_stars_are_found_in_panels_that_cover_little_of_the_canvas(made: Any) -> None:
    stack, stars, sample = made
    near = np.hypot(stars["x"][:, None] - sample.x, stars["y"][:, None] - sample.y)
    assert (near.min(axis=0) < 0.1).all() and len(stars) == len(sample.x), "every star, and nothing at the borders of the panels"
    # The noise of all pixels, most of them empty, would be 0.
    empty = np.zeros((1200, 1200), np.float32)
    empty[:300, :300] = stack.mean[0, :300, :300]
    count = (empty > 0).astype(np.float32)
    assert len(detect(empty)) == 0 < len(detect_in_parts(empty, count, 500))


def test_stars_are_the_same_in_small_parts(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = made[0]
    whole, found = in_small_parts(monkeypatch, lambda: detect_in_parts(stack.mean[0], stack.count[0], 500))
    near = np.hypot(whole["x"][:, None] - found["x"], whole["y"][:, None] - found["y"])
    assert len(whole) == len(found) and (near.min(axis=0) < 0.05).all()
    assert np.median(found["fwhm"]) == pytest.approx(np.median(whole["fwhm"]), rel=0.01)


def test_light_of_stars_is_the_same_in_parts(made: Any) -> None:
    light = made[2].light
    whole = light[: SHAPE[0], : SHAPE[1]]
    assert 0.02 < whole.mean() < 0.5
    for part in parts(SHAPE, 3):
        np.testing.assert_array_equal(light[part.around], whole[part.around])


def test_checks_find_the_same_in_small_parts(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stack, stars, sample = made
    lines = np.array([[[20, 300.0], [280, 300]], [[720, 250], [880, 250]], [[20, 600], [280, 20]]])
    sky = Computed(SHAPE, lambda part: (stack.count[0][part] > 0) & ~sample.light[part])
    sources = PointSources(stars["x"], stars["y"], np.full(len(stars), FLUX), np.ones(len(stars), bool))

    def find() -> Any:
        check, lost = halves(stack, sample), rejection(stack, None, ("a",), sample)
        found = measure_information(stack.mean[0], stack.noise[0], sources, sample.light)
        return (check.value, check.details["core_difference"], check.details["flux_difference"], lost.value,
                lost.details["cores"], sky_steps(stack.mean[0], sky, lines).ravel(), found.value,
                seam_score(stack.mean[0], TileGrid(SHAPE, 200, 100, (0, 100, 300), (0, 200)), NOISE))

    whole, found = in_small_parts(monkeypatch, find)
    assert 0.9 < whole[0] < 1.1 and whole[3] > 0 and len(whole[6])
    assert abs(whole[5][0] / NOISE) == pytest.approx(2, abs=0.2) and abs(whole[5][2] / NOISE) < 0.2
    for one, other in zip(whole, found, strict=True):
        assert one == pytest.approx(other, rel=1e-4, abs=1e-6 * NOISE, nan_ok=True)


def test_no_check_holds_an_image(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stack, stars, sample = made
    big = Stack(*(np.tile(a, (1, 4, 4)) for a in (stack.mean, stack.variance, stack.weight, stack.count, stack.rejected,
                                                  stack.noise)))
    shape = big.mean.shape[1:]
    monkeypatch.setattr(parts_module, "SIDE", 300)
    monkeypatch.setattr(parts_module, "SAMPLE", 100_000)
    monkeypatch.setattr(stack_checks, "STRIP", 100_000)
    monkeypatch.setattr(stack_checks, "MOST_PIXELS", 100_000)
    sample = SimpleNamespace(**{**vars(sample), "light": StarLight(shape, stars)})
    frames = SimpleNamespace(channels=("L",), is_curved=lambda frame: False)
    tracemalloc.start()
    try:
        for check in (lambda: halves(big, sample), lambda: rejection(big, None, ("a",), sample),
                      lambda: sky_surface(big, frames, (), sample), lambda: detect_in_parts(big.mean[0], big.count[0], 500),  # type: ignore[arg-type]
                      lambda: seam_score(big.mean[0], TileGrid(shape, 200, 100, (0, 100), (0, 200)), NOISE)):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            check()
            # An image has 4 bytes a pixel; a mask of it one.
            assert tracemalloc.get_traced_memory()[1] - before < 0.8 * big.mean.size + (1 << 20)
    finally:
        tracemalloc.stop()
