"""Lights of mosaics placed on the sky by catalog stars, against the true WCS of each (of astropy, TAN with SIP)."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, Literal, cast

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from fixtures.mosaics import pixels_of
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.native.anchors import Anchoring
from orchestrator.engines.native.registration import in_model
from orchestrator.engines.native.sky_registration import OnSky
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.sky_canvas import product_wcs, wcs_error
from tests.quality.test_sky_registration import Frames, mosaic
from tilecore.register.align import Alignment
from tilecore.register.catalog_frame import PlateSolution


def vectors(ra: np.ndarray, dec: np.ndarray) -> np.ndarray:
    a, d = np.radians(ra), np.radians(dec)
    return np.stack([np.cos(d) * np.cos(a), np.cos(d) * np.sin(a), np.sin(d)], axis=1)


class TrueSolver:
    """Solves lights from the truth, with errors of a plate solver: a scale that is off by 0.1 % and a shift of a pixel, and a
    catalog of which 5 % of the stars are some pixels away and every tenth star is missing. ``refused`` lights fail."""

    def __init__(self, frames: Frames, refused: set[int] | None = None) -> None:
        self.frames, self.refused = frames, refused or set()
        self.calls: list[int] = []
        self.hints: list[tuple[float, float] | None] = []
        random = np.random.default_rng(12)
        ra, dec, snr = frames.sky
        kept = random.random(len(ra)) > 0.1
        wrong = random.random(len(ra)) < 0.05
        scale = float(np.sqrt(abs(np.linalg.det(frames.truth[0].pixel_scale_matrix))))
        off = np.where(wrong[:, None], random.uniform(-4, 4, (len(ra), 2)), random.normal(0, 0.05, (len(ra), 2))) * scale
        self.ra, self.dec = (ra + off[:, 0] / np.cos(np.radians(dec)))[kept], (dec + off[:, 1])[kept]
        self.order = np.argsort(-snr[kept])

    def __call__(self, light: int, position: tuple[float, float] | None, scale: float | None) -> PlateSolution | None:
        self.calls.append(light)
        self.hints.append(position)
        if light in self.refused:
            return None
        true = self.frames.truth[light]
        h, w = self.frames.lights[light].shape
        x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, w - 1, 7), np.linspace(0, h - 1, 7)))
        seen = vectors(*true.all_pix2world(x, y, 0))
        stars = vectors(self.ra, self.dec)[self.order]
        near = stars @ seen.mean(axis=0) > np.cos(np.arccos((seen @ seen.mean(axis=0)).min()) * 1.1)
        places = np.stack(pixels_of(true, self.ra[self.order][near], self.dec[self.order][near]), axis=1)
        middle = np.array([w / 2, h / 2])
        return PlateSolution(np.stack([x, y], axis=1), seen, stars[near], (places - middle) * 1.001 + middle + [0.8, -0.6])


def anchoring(frames: Frames, solver: TrueSolver, which: Literal["anchors", "all"] = "anchors") -> Anchoring:
    context = cast(RunContext, SimpleNamespace(progress=lambda *a: None, check=lambda: None))
    return Anchoring(frames.lights, solver, context, which)


def errors(frames: Frames, found: OnSky) -> np.ndarray:
    """(N,) largest error (px) in each light of the places that its WCS gives."""
    result = []
    for i, true in enumerate(frames.truth):
        h, w = frames.lights[i].shape
        x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, w - 1, 9), np.linspace(0, h - 1, 9)))
        wcs = WCS(fits.Header.fromstring(found.wcs(i), sep="\n"))
        u, v = pixels_of(true, *wcs.all_pix2world(x, y, 0))
        result.append(float(np.hypot(u - x, v - y).max()))
    return np.array(result)


@pytest.mark.parametrize("distortion", [0.0, 0.001, 0.004, -0.004])
def test_every_light_is_placed_on_the_sky(distortion: float) -> None:
    frames = mosaic(11, 2, 2, 4, scale=5.0, density=420, distortion=distortion, shape=(300, 400))
    solver = TrueSolver(frames)
    found = frames.registered(anchoring(frames, solver))
    assert all(isinstance(f, Alignment) for f in found.found) and found.anchors is not None
    assert sorted(frames.panel[i] for i in solver.calls) == [0, 1, 2, 3]  # one for each pointing
    off = errors(frames, found)
    assert np.median(off) < 0.06 and off.max() < 0.15, off
    lens, focal = found.lenses[0], found.solution.geometry.cameras[0].focal
    assert focal == pytest.approx(206264.8 / 5, rel=2e-4)  # the overlaps alone leave 5 % open
    assert (lens is None) == (distortion == 0)
    assert lens is None or lens.largest == pytest.approx(abs(distortion) * 250, rel=0.15)


@pytest.mark.parametrize("distortion", [0.0, 0.02])
def test_fields_of_a_camera_lens_are_placed_on_the_sky(distortion: float) -> None:
    """2 x 2 panels of 20 x 13 degrees, 37 degrees wide in all, without and with a lens that moves corners by 9 px."""
    frames = mosaic(3, 2, 2, 3, scale=100.0, density=1.2, distortion=distortion, shape=(480, 720), overlap=0.15)
    found = frames.registered(anchoring(frames, TrueSolver(frames)))
    assert all(isinstance(f, Alignment) for f in found.found)
    assert errors(frames, found).max() < 0.15 and np.percentile(frames.ghosting(found.found, found.lenses), 95) < 0.05


def test_the_best_light_of_each_pointing_is_solved_and_others_where_it_fails() -> None:
    frames = mosaic(12, 2, 1, 5, scale=5.0, density=420, shape=(300, 400))
    for i, m in enumerate(frames.measured):
        m.stars["fwhm"] = 2.0 if i in (3, 8) else 3.0 + 0.01 * i
    solver = TrueSolver(frames)
    frames.registered(anchoring(frames, solver))
    assert sorted(solver.calls) == [3, 8]
    solver = TrueSolver(frames, refused={3})
    found = frames.registered(anchoring(frames, solver))
    assert solver.calls[0] in (3, 8) and {3, 8} < set(solver.calls) and len(solver.calls) == 3
    assert found.anchors is not None and 3 not in found.anchors.lights and len(found.anchors.lights) == 2
    solver = TrueSolver(frames)
    found = frames.registered(anchoring(frames, solver, "all"))
    assert sorted(solver.calls) == list(range(10)) and errors(frames, found).max() < 0.15


def test_lights_are_solved_two_at_once_after_the_first_one() -> None:
    """Whatever the threads do the same lights are solved, with the same hints; one that fails is replaced by another."""
    frames = mosaic(12, 3, 1, 2, scale=5.0, density=420, shape=(300, 400))
    together: list[int] = []
    running, lock, first = 0, threading.Lock(), threading.Event()

    class Slow(TrueSolver):
        def __call__(self, light: int, position: tuple[float, float] | None, scale: float | None) -> PlateSolution | None:
            nonlocal running
            with lock:
                running += 1
                together.append(running)
            if len(together) > 1:
                first.wait(0.2)  # for the other one
                if running > 1:
                    first.set()
            found = super().__call__(light, position, scale)
            with lock:
                running -= 1
            return found

    solver = Slow(frames)
    found = frames.registered(anchoring(frames, solver))
    assert together[0] == 1 and max(together) == 2 and len(solver.calls) == 3
    refused = solver.calls[1]
    again = Slow(frames, refused={refused})
    other = frames.registered(anchoring(frames, again))
    assert refused in again.calls and len(again.calls) == 4 and again.calls[0] == solver.calls[0]
    assert other.anchors is not None and len(other.anchors.lights) == 3 and found.anchors is not None


def test_without_a_solution_nothing_changes() -> None:
    frames = mosaic(13, 2, 1, 4, scale=5.0, density=420, shape=(300, 400))
    solver = TrueSolver(frames, refused=set(range(8)))
    before, after = frames.registered(), frames.registered(anchoring(frames, solver))
    assert len(solver.calls) == 4 and after.anchors is None and after.wcs(0) == ""
    for one, other in zip(before.found, after.found, strict=True):
        assert isinstance(one, Alignment) and isinstance(other, Alignment) and one.matrix.tobytes() == other.matrix.tobytes()


@pytest.mark.parametrize(("model", "most"), [("lens", 0.15), ("homography", 0.4), ("similarity", 0.6)])
def test_the_wcs_of_a_stack_follows_from_that_of_its_lights(model: str, most: float) -> None:
    """On the plane of the reference it has no SIP terms; where lights keep the lens, as far as they agree with each other."""
    frames = mosaic(18, 2, 1, 3, scale=5.0, density=420, distortion=0.004, shape=(300, 400))
    found, lights = frames.registered(anchoring(frames, TrueSolver(frames))), []
    for i, one in enumerate(found.found):
        assert isinstance(one, Alignment)
        lens, base = found.lenses[i], found.lenses[found.reference]
        one = one if model == "lens" else in_model(one, lens, base, (300, 400), model)
        reader = cast(Any, SimpleNamespace(shape=(300, 400)))
        lights.append(Frame(i, frames.lights[i], reader, one.matrix, lens=lens if model == "lens" else None, wcs=found.wcs(i)))
    stacked = FrameSet(tuple(lights), found.reference, (300, 400), None, 1, "native")
    plan = cast(CanvasPlan, SimpleNamespace(sky=None, shape=(500, 800), origin=(-40, 12)))
    result = product_wcs(plan, stacked, 1600)
    assert result is not None and (result.sip is None) == (model == "lens")
    off = []
    for light, true in zip(lights, frames.truth, strict=True):
        points = np.stack([a.ravel() for a in np.meshgrid(np.linspace(0, 399, 9), np.linspace(0, 299, 9))], axis=1)
        there = (light.on_plane(points) - plan.origin + 0.5) * 2 - 0.5
        off.append(np.hypot(*(np.stack(pixels_of(true, *result.all_pix2world(*there.T, 0)), axis=1) - points).T))
    assert np.sqrt(np.mean(np.square(off))) < most
    assert wcs_error(result, plan, stacked, 1600) == pytest.approx(2 * np.max(off), abs=0.25), "in pixels half as wide"


@pytest.mark.parametrize("how", ["wrong", "none"])
def test_headers_that_are_wrong_are_named_and_none_are_needed(how: str) -> None:
    frames = mosaic(14, 2, 2, 3, scale=5.0, density=420, shape=(300, 400))
    frames.without_headers(how)
    solver = TrueSolver(frames)
    found = frames.registered(anchoring(frames, solver))
    assert errors(frames, found).max() < 0.15
    warning = [w for w in found.warnings if "position in the header" in w]
    assert bool(warning) == (how == "wrong")
    assert how != "wrong" or ("light_0000.fit" in warning[0] and "9 more" in warning[0])
    # From the second one on the position of a solved light leads to the others.
    for light, hint in list(zip(solver.calls, solver.hints, strict=True))[1:]:
        assert hint is not None
        away = vectors(np.array([hint[0]]), np.array([hint[1]]))[0] @ vectors(*frames.truth[light].wcs.crval[:, None])[0]
        assert np.degrees(np.arccos(away)) < 2


def test_fields_that_share_too_few_stars_are_joined_if_they_touch() -> None:
    """Overlaps of 1 % hold hardly a star."""
    frames = mosaic(15, 2, 1, 4, scale=5.0, density=420, shape=(300, 400), overlap=0.01)
    for i, m in enumerate(frames.measured):
        inner = m.stars["x"] < 385 if frames.panel[i] == 1 else m.stars["x"] > 15
        m.stars = m.stars[inner]
    assert any(isinstance(f, str) for f in frames.registered().found)
    found = frames.registered(anchoring(frames, TrueSolver(frames)))
    assert all(isinstance(f, Alignment) for f in found.found) and errors(frames, found).max() < 0.2


def test_solved_fields_that_do_not_touch_stay_apart() -> None:
    frames, other = mosaic(16, 2, 1, 3, scale=5.0, density=420), mosaic(17, 1, 1, 3, scale=5.0, density=420)
    # The same stars three degrees to the east.
    east = 3 / np.cos(np.radians(35))
    for true, info, measured in zip(other.truth, other.lights, other.measured, strict=True):
        true.wcs.crval = true.wcs.crval + np.array([east, 0])
        true.wcs.set()
        frames.truth.append(true)
        frames.lights.append(FrameInfo(info.path.with_name("far_" + info.path.name), Role.LIGHT, info.shape, camera=info.camera,
                                       sky_position=(63.6, 35.0), pixel_size=info.pixel_size, focal_length=info.focal_length))
        frames.measured.append(measured)
        frames.panel.append(2)
    frames.sky = cast(Any, tuple(np.concatenate(p) for p in zip(
        frames.sky, (other.sky[0] + east, other.sky[1], other.sky[2]), strict=True)))
    found = frames.registered(anchoring(frames, TrueSolver(frames)))
    assert all(isinstance(f, Alignment) for f in found.found[:6])
    for reason in found.found[6:]:
        assert isinstance(reason, str) and "another field near RA 63.60" in reason
