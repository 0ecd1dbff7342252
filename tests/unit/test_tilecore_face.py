"""The ten functions of tilecore alone: an example that works as printed, known truth, and shapes checked at the door."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tilecore
import tilecore.face
from tilecore.stack.reject import reject
from tilecore.stack.weighted_mean import TileMean

PAGE = Path(__file__).parents[2] / "docs" / "PYTHON.md"
RANDOM = np.random.default_rng(3)
SHIFTS = np.array([(0.0, 0.0), (3.4, -2.2), (-1.7, 4.6), (2.5, 2.5), (-4.0, -1.0), (0.5, -3.5)])
TRANSPARENCY = np.array([1.0, 0.8, 0.9, 1.1, 0.7, 1.0])
NOISE = 6.0


@pytest.fixture(scope="module")
def session() -> dict[str, Any]:
    """Six frames of 40 Gaussian stars with dark current, vignetting, shifts and transparency that are known; one trail."""
    height, width, n = 180, 220, 40
    x, y = RANDOM.uniform(20, width - 20, n), RANDOM.uniform(20, height - 20, n)
    flux = RANDOM.uniform(5e3, 4e4, n)
    rows, columns = np.mgrid[:height, :width]
    dark = 100 + RANDOM.exponential(4, (height, width))
    flat = 1 - 0.3 * ((columns - width / 2) ** 2 + (rows - height / 2) ** 2) / (width / 2) ** 2
    sigma = 1.4
    lights = []
    for (dx, dy), a in zip(SHIFTS, TRANSPARENCY, strict=True):
        sky = np.full((height, width), 300.0)
        for sx, sy, f in zip(x + dx, y + dy, flux, strict=True):
            sky += a * f / (2 * np.pi * sigma**2) * np.exp(-((columns - sx) ** 2 + (rows - sy) ** 2) / (2 * sigma**2))
        lights.append(sky * flat + dark + RANDOM.normal(0, NOISE, (height, width)))
    lights[2][90] += 4000  # a trail
    return {"lights": np.array(lights), "darks": dark + RANDOM.normal(0, NOISE, (8, height, width)), "flat": 5000 * flat,
            "x": x, "y": y, "flux": flux}


def test_the_example_of_the_page_gives_the_known_truth(session: dict[str, Any]) -> None:
    code = next(c for c in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S) if "import tilecore" in c)
    space = {name: session[name] for name in ("lights", "darks", "flat")}
    exec(code, space)
    found, stack = space["found"], space["stack"]
    origin = SHIFTS[found.reference]
    assert not found.problems and np.nanmax(found.residual) < 0.1
    expected = SHIFTS[found.reference] - SHIFTS
    assert np.abs(found.matrices[:, :2, 2] - expected).max() < 0.05
    stars = tilecore.find_stars(stack.mean)
    apart = np.hypot(session["x"][:, None] - session["x"], session["y"][:, None] - session["y"]) + 99 * np.eye(len(session["x"]))
    trail = 90 - SHIFTS[2, 1]  # beside a star, part of a trail is within the contrast that rejection tolerates
    alone = (apart.min(axis=1) > 12) & (np.abs(session["y"] - trail) > 6)
    assert alone.sum() > 10
    for sx, sy in zip(session["x"][alone] + origin[0], session["y"][alone] + origin[1], strict=True):
        if 25 < sx < 195 and 25 < sy < 155:
            assert np.hypot(stars["x"] - sx, stars["y"] - sy).min() < 0.1
    assert stack.rejected[88:93].max() >= 1 and abs(np.median(stack.mean)) < 1
    measured = tilecore.measure_frame(stack.mean)
    assert 2.8 < measured.fwhm < 3.8 and 0.3 * NOISE < measured.noise[0] < 0.7 * NOISE


def test_frames_get_the_brightness_of_the_reference(session: dict[str, Any]) -> None:
    lights = tilecore.calibrate_frames(session["lights"], dark=tilecore.make_master(session["darks"]), flat=session["flat"])
    found = tilecore.register_frames(lights, reference=0)
    cube, valid = tilecore.warp_frames(lights, found.matrices)
    normal = tilecore.normalize_frames(cube, valid)
    assert np.allclose(normal.transparency, TRANSPARENCY, rtol=0.02)
    weights = tilecore.weight_frames(normal.frames, valid)
    assert weights.mean() == pytest.approx(1) and np.argmax(weights) == np.argmax(TRANSPARENCY)


def test_the_mean_of_equal_frames_is_that_of_numpy() -> None:
    cube = RANDOM.normal(0, 5, (12, 30, 40))
    stack = tilecore.stack_frames(cube, weights=np.ones(12), noise=np.full(12, 5.0), rule=tilecore.RejectionRule("none"))
    assert np.allclose(stack.mean, cube.mean(axis=0), atol=1e-4) and np.allclose(stack.variance, 25 / 12, rtol=1e-5)
    assert (stack.count == 12).all() and not stack.rejected.any()
    weights = RANDOM.uniform(0.1, 2, 12)
    given = tilecore.stack_frames(cube, weights=weights, noise=np.full(12, 5.0), rule=tilecore.RejectionRule("none"))
    assert np.allclose(given.mean, np.average(cube, axis=0, weights=weights), atol=1e-4)


def test_an_outlier_is_rejected_and_a_frame_that_has_no_stars_is_named(session: dict[str, Any]) -> None:
    cube = RANDOM.normal(0, 5, (10, 20, 20))
    cube[4, 7, 9] = 500
    mask = tilecore.reject_outliers(cube)
    assert mask[4, 7, 9] == 1 and mask.mean() < 0.01
    lights = np.concatenate([session["lights"][:2], RANDOM.normal(300, NOISE, (1, 180, 220))])
    found = tilecore.register_frames(lights)
    assert list(found.problems) == [2] and np.isnan(found.matrices[2]).all()
    assert not tilecore.warp_frames(lights, found.matrices)[1][2].any()


CUBE = np.zeros((4, 16, 16))
WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: tilecore.make_master(CUBE[0]), ValueError, r"frames has the shape \(16, 16\), expected \(N, h, w\)"),
    (lambda: tilecore.make_master(CUBE, sigma=0), ValueError, "sigma is 0"),
    (lambda: tilecore.make_master([["a"]]), TypeError, "dtype"),
    (lambda: tilecore.calibrate_frames(CUBE, dark=np.zeros((16, 15))), ValueError, r"dark has the shape .* expected \(16, 16\)"),
    (lambda: tilecore.calibrate_frames(CUBE, flat=CUBE), ValueError, "flat has the shape"),
    (lambda: tilecore.calibrate_frames(CUBE, flat=CUBE[0], pattern="RGB"), ValueError, "pattern is 'RGB'"),
    (lambda: tilecore.find_stars(CUBE), ValueError, "image has the shape"),
    (lambda: tilecore.measure_frame(CUBE), ValueError, "image has the shape"),
    (lambda: tilecore.register_frames(CUBE, reference=4), ValueError, "reference is 4, there are 4 frames"),
    (lambda: tilecore.register_frames(CUBE.astype(complex)), TypeError, "complex"),
    (lambda: tilecore.warp_frames(CUBE, np.zeros((3, 3, 3))), ValueError, r"matrices has the shape \(3, 3, 3\)"),
    (lambda: tilecore.normalize_frames(CUBE, CUBE[:3]), ValueError, r"valid has the shape \(3, 16, 16\)"),
    (lambda: tilecore.weight_frames(CUBE[:0]), ValueError, "frames has the shape"),
    (lambda: tilecore.reject_outliers(CUBE, noise=np.ones(3)), ValueError, r"noise has the shape \(3,\), expected \(4,\)"),
    (lambda: tilecore.reject_outliers(CUBE, rule=tilecore.RejectionRule("best")), ValueError, "unknown rejection 'best'"),
    (lambda: tilecore.stack_frames(CUBE, weights=np.ones(5)), ValueError, "weights has the shape"),
    (lambda: tilecore.stack_frames(CUBE, CUBE[0]), ValueError, "valid has the shape"),
    (lambda: tilecore.stack_frames(CUBE, weights=[1, -1, 1, 1]), ValueError, r"weights\[1\] is -1"),
    (lambda: tilecore.stack_frames(CUBE, weights=[1, 1, 1, np.nan]), ValueError, r"weights\[3\] is nan"),
    (lambda: tilecore.reject_outliers(CUBE, noise=[1, 1, -2, 1]), ValueError, r"noise\[2\] is -2"),
    (lambda: tilecore.register_frames(CUBE, transform="best"), ValueError, "transform is 'best', expected auto, shift"),
    (lambda: tilecore.warp_frames(CUBE, np.zeros((4, 3, 3))), ValueError, r"matrices\[0\] is singular"),
    (lambda: tilecore.find_stars(CUBE[0], max_stars=0), ValueError, "max_stars is 0"),
    (lambda: reject(CUBE.astype("f4"), np.ones(CUBE.shape, "f4"), np.ones(2, "f4")), ValueError, r"sigma \(2,\)"),
    (lambda: reject(CUBE.astype("f4"), np.ones((4, 16, 1), "f4"), np.ones(4, "f4")), ValueError, r"valid \(4, 16, 1\)"),
    (lambda: TileMean(WINDOWS).add(CUBE, CUBE, np.zeros(CUBE.shape, "u1"), np.ones((3, 1, 1)), np.ones((4, 1, 1))), ValueError,
     r"weights \(3, 1, 1\)")]
WINDOWS = tilecore.face.AxisWindows(*(np.zeros((16, 1), d) for d in ("i4", "f4", "i4", "f4")))


@pytest.mark.parametrize(("call", "kind", "message"), WRONG)
def test_what_does_not_fit_is_named_at_the_door(call: Callable[[], Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_the_package_offers_the_names_of_its_face() -> None:
    assert tilecore.__all__ == tilecore.face.__all__ and set(tilecore.__all__) <= set(dir(tilecore))
    functions = [n for n in tilecore.__all__ if n.islower()]
    assert len(functions) == 10 and all(n in PAGE.read_text("utf-8") for n in functions)
    for name in functions:
        text = getattr(tilecore, name).__doc__
        assert "Parameters\n" in text and "Raises\n" in text, name
    with pytest.raises(AttributeError, match="nonsense"):
        _ = tilecore.nonsense


def test_the_examples_of_the_docstrings_run() -> None:
    found = doctest.testmod(tilecore.face, extraglobs={"np": np, "tilecore": tilecore})
    assert found.attempted > 20 and not found.failed
