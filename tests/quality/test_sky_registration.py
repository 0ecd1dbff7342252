"""Registration on the sky against the truth: star tables of frames on a sky of astropy's WCS (TAN with SIP), not of the program's
own cameras. Ghosting is the distance between the places that two frames give to the same point of the sky."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from astropy.wcs import WCS

from fixtures.mosaics import pixels_of, tangent
from orchestrator.engines.native import shared_lens, sky_places, sky_registration
from orchestrator.engines.native.anchors import Anchoring
from orchestrator.engines.native.pair_search import PairSearch
from orchestrator.engines.native.pointing import Cameras
from orchestrator.engines.native.shared_lens import with_shared_lens
from orchestrator.engines.native.sky_registration import Lights, OnSky, register_on_sky
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Role, Session
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import STAR_DTYPE
from tilecore.register.align import Alignment, Limits, apply, match
from tilecore.register.camera import Camera, turned
from tilecore.register.lens import Lens
from tilecore.register.sky_match import Edge, common_patterns, sky_stars

CENTRE = (60.0, 35.0)
Sky = tuple[np.ndarray, np.ndarray, np.ndarray]


def place(xi: float, eta: float) -> tuple[float, float]:
    """(RA, Dec) of a place on the tangent plane, in degrees."""
    ra, dec = tangent(*CENTRE, 3600, 0, (1, 1)).wcs_pix2world([-xi], [eta], 0)
    return float(ra[0]), float(dec[0])


def stars_on(width: float, height: float, density: float, random: np.random.Generator) -> Sky:
    """RA, Dec and signal-to-noise of stars on a field (degrees), ``density`` in a square degree."""
    count = int(width * height * density)
    xi, eta = random.uniform(-width / 2, width / 2, count), random.uniform(-height / 2, height / 2, count)
    ra, dec = tangent(*CENTRE, 3600, 0, (1, 1)).wcs_pix2world(-xi, eta, 0)
    return ra, dec, 10 ** random.uniform(0.9, 2.5, count)


class Frames:
    """Lights with known WCS, their panels, and the stars that each detects."""

    def __init__(self, sky: Sky, random: np.random.Generator) -> None:
        self.sky, self.random = sky, random
        self.truth: list[WCS] = []
        self.panel: list[int] = []
        self.lights: list[FrameInfo] = []
        self.measured: list[Any] = []

    def add(self, panel: int, xi: float, eta: float, scale: float, turn: float, shape: tuple[int, int], distortion: float = 0.0,
            camera: str = "one") -> None:
        random = self.random
        dither = random.normal(0, 8, 2) * scale / 3600
        true = tangent(*place(xi + dither[0], eta + dither[1]), scale, turn + random.normal(0, 0.3), shape, distortion)
        ra, dec, snr = self.sky
        (a, d), (east, north) = np.radians([ra, dec]), np.radians(true.wcs.crval)
        cosine = np.sin(d) * np.sin(north) + np.cos(d) * np.cos(north) * np.cos(a - east)
        near = np.flatnonzero(cosine > np.cos(np.radians(1.1 * np.hypot(*shape) * scale / 3600)))
        x, y = pixels_of(true, ra[near], dec[near])
        seen = (x > 5) & (y > 5) & (x < shape[1] - 6) & (y < shape[0] - 6) & (random.random(len(near)) < 0.93)
        own = near[seen]
        order = np.argsort(-snr[own] * random.normal(1, 0.1, len(own)))[:300]
        error = np.hypot(0.03, 1 / snr[own][order])
        table = np.zeros(len(order), STAR_DTYPE)
        table["x"] = x[seen][order] + error * random.normal(0, 1, len(order))
        table["y"] = y[seen][order] + error * random.normal(0, 1, len(order))
        table["snr"] = table["flux"] = snr[own][order]
        self.truth.append(true)
        self.panel.append(panel)
        pointing = true.wcs.crval + random.normal(0, 0.01, 2)
        self.lights.append(FrameInfo(Path(f"light_{len(self.lights):04d}.fit"), Role.LIGHT, shape, camera=camera,
                                     sky_position=(float(pointing[0]), float(pointing[1])), pixel_size=3.75,
                                     focal_length=3.75 * 206.265 / scale))
        self.measured.append(SimpleNamespace(stars=table))

    def without_headers(self, how: str) -> None:
        for i, info in enumerate(self.lights):
            wrong = (float(self.random.uniform(0, 360)), float(self.random.uniform(-80, 80))) if how == "wrong" else None
            self.lights[i] = FrameInfo(info.path, Role.LIGHT, info.shape, camera=info.camera, sky_position=wrong,
                                       pixel_size=info.pixel_size, focal_length=None if how == "none" else info.focal_length)

    def shuffle(self) -> None:
        order = self.random.permutation(len(self.lights))
        self.truth, self.panel, self.lights, self.measured = (
            [items[k] for k in order] for items in (self.truth, self.panel, self.lights, self.measured))

    def registered(self, anchoring: Anchoring | None = None, progress: Callable[..., None] = lambda *a: None) -> OnSky:
        scale = np.array([i.scale or 1.0 for i in self.lights])
        scores = {i: 1.0 for i in range(len(self.lights)) if scale[i] < 1.03 * scale.min()}
        session = Session((Path("x"),), "x", {Role.LIGHT: tuple(self.lights)})
        context = cast(RunContext, SimpleNamespace(workers=1, progress=progress, check=lambda: None))
        measured = cast(list[FrameMeasurement | None], self.measured)
        found = register_on_sky(Lights(session, measured, {}, scale / scale.min(), scores, anchoring), Limits(), context)
        assert found is not None
        return found

    def ghosting(self, found: Sequence[Alignment | str], lenses: Sequence[Lens | None], within: bool = False) -> np.ndarray:
        result = []
        for i, j in itertools.combinations(range(len(found)), 2):
            one, other = found[i], found[j]
            if isinstance(one, str) or isinstance(other, str) or (self.panel[i] == self.panel[j]) != within:
                continue
            h, w = self.lights[i].shape
            x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, w - 1, 13), np.linspace(0, h - 1, 9)))
            ra, dec = self.truth[i].all_pix2world(x, y, 0)
            u, v = pixels_of(self.truth[j], ra, dec)
            h, w = self.lights[j].shape
            shared = (u > 0) & (v > 0) & (u < w - 1) & (v < h - 1)
            if shared.any():
                result.append(np.hypot(*(on_canvas(one, lenses[i], x[shared], y[shared])
                                         - on_canvas(other, lenses[j], u[shared], v[shared])).T))
        return np.concatenate(result)


def on_canvas(one: Alignment, lens: Lens | None, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    points = np.stack([x, y], axis=1)
    return apply(one.matrix, points if lens is None else lens.ideal(points))


def mosaic(seed: int, across: int, down: int, depth: int, scale: float = 8.0, distortion: float = 0.0, density: float = 130.0,
           shape: tuple[int, int] = (400, 600), overlap: float = 0.14) -> Frames:
    random = np.random.default_rng(seed)
    w, h = shape[1] * scale / 3600, shape[0] * scale / 3600
    frames = Frames(stars_on(across * w * 1.1, down * h * 1.1, density, random), random)
    for p, (j, i) in enumerate(itertools.product(range(down), range(across))):
        for _ in range(depth):
            frames.add(p, (i - (across - 1) / 2) * w * (1 - overlap), (j - (down - 1) / 2) * h * (1 - overlap), scale, 2.0, shape,
                       distortion)
    return frames


def accept(frames: Frames, found: OnSky, used: int | None = None) -> None:
    ghost = frames.ghosting(found.found, found.lenses)
    assert sum(isinstance(f, Alignment) for f in found.found) == (len(frames.lights) if used is None else used)
    assert np.percentile(ghost, 95) < 0.1 and ghost.max() < 0.3, np.percentile(ghost, [50, 95, 100])


@pytest.mark.parametrize("distortion", [0.0, 0.001, 0.004])
@pytest.mark.parametrize("seed", [1, 2])
def test_panels_of_a_wide_mosaic_have_no_ghosts(seed: int, distortion: float) -> None:
    frames = mosaic(seed, 3, 3, 4, distortion=distortion)
    found = frames.registered()
    accept(frames, found)
    lens, radius = found.lenses[0], np.hypot(200, 300)
    assert (lens is None) == (distortion == 0)
    if lens is not None:
        assert lens.largest == pytest.approx(distortion * radius, rel=0.2)
    assert 0 < found.solution.cross_check < 0.15


ROW, SQUARE = [(i, 0) for i in range(5)], [(0, 0), (1, 0), (0, 1), (1, 1)]
LAYOUTS = {"L": [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0)], "plus": [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)], "row": ROW,
           "ring": [(i, j) for i in range(3) for j in range(3) if (i, j) != (1, 1)], "one deep": SQUARE}


@pytest.mark.parametrize(("layout", "centre"), [
    ("L", (60.0, 35.0)), ("L", (200.0, 89.3)), ("plus", (0.02, -20.0)), ("plus", (0.0, -89.99)), ("row", (200.0, 89.3)),
    ("ring", (0.02, -20.0)), ("ring", (0.0, -89.99)), ("one deep", (0.0, -89.99))])
def test_layouts_of_any_shape_anywhere_have_no_ghosts(layout: str, centre: tuple[float, float],
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """Across RA 0 and over the poles, where frames turn against one another as the mount follows the meridians."""
    monkeypatch.setattr(sys.modules[__name__], "CENTRE", centre)
    random, scale, shape, cells = np.random.default_rng(len(layout)), 6.0, (360, 480), LAYOUTS[layout]
    w, h = (n * scale / 3600 for n in shape[::-1])
    middle = np.mean(cells, axis=0)
    # Frames that are turned by any angle must overlap.
    apart = 0.6 * np.array([h, h]) if abs(centre[1]) > 80 else 0.86 * np.array([w, h])
    frames = Frames(stars_on(4.6 * w, 4.6 * h, 450, random), random)
    for panel, cell in enumerate(cells):
        for _ in range(9 if layout == "one deep" and not panel else 3):
            frames.add(panel, *((cell - middle) * apart), scale, 0.0, shape,
                       0.004 if layout in ("L", "ring") else 0.0)
    accept(frames, frames.registered())


@pytest.mark.parametrize("how", ["wrong", "missing", "none"])
def test_stars_alone_do_it(how: str) -> None:
    """With wrong or no pointings, with no scale either, in any order."""
    frames = mosaic(3, 3, 2, 4, distortion=0.002)
    frames.without_headers(how)
    frames.shuffle()
    accept(frames, frames.registered())


def test_one_chance_match_does_no_harm(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    frames = mosaic(4, 3, 3, 3)
    search = PairSearch.run

    def run(self: PairSearch) -> Any:
        turn = turned(np.eye(3)[None], np.array([[0.004, 0.01, 0.2]]))[0]
        self.edges.append(Edge(0, len(frames.lights) - 1, turn, np.stack([np.arange(70)] * 2, axis=1), 8))
        return search(self)

    monkeypatch.setattr(PairSearch, "run", run)
    caplog.set_level("INFO", sky_registration.__name__)
    accept(frames, frames.registered())
    assert "The match of light_0000.fit and light_0026.fit (70 stars) contradicts others and is dropped" in caplog.text


def test_two_telescopes_turned_against_each_other() -> None:
    random = np.random.default_rng(5)
    frames = Frames(stars_on(2.4, 1.9, 420, random), random)
    for p, (x, y) in enumerate(((-0.38, -0.29), (0.38, -0.29), (-0.38, 0.29), (0.38, 0.29))):
        for _ in range(6):
            if p in (0, 3):
                frames.add(p, x, y, 5.0, 0.0, (480, 640))
            else:
                frames.add(p, x, y, 3.5, 35.0, (760, 960), camera="two")
    accept(frames, frames.registered())


@pytest.mark.parametrize("scale_known", [True, False])
def test_panels_of_20_by_13_degrees(scale_known: bool) -> None:
    """The true focal length follows from the closed loop, even if nothing is known of it."""
    frames = mosaic(6, 2, 2, 5, scale=100.0, density=1.2, shape=(480, 720))
    if not scale_known:
        frames.without_headers("none")
    found = frames.registered()
    accept(frames, found)
    assert found.solution.geometry.cameras[0].focal == pytest.approx(206264.8 / 100, rel=2e-3)


def test_two_fields_are_told_apart() -> None:
    frames = mosaic(7, 2, 1, 4, scale=5.0, density=420)
    other = mosaic(8, 2, 1, 3, scale=5.0, density=420)
    for name in ("truth", "lights", "measured"):
        getattr(frames, name).extend(getattr(other, name))
    frames.panel += [p + 2 for p in other.panel]
    frames.lights[8:] = [FrameInfo(Path(f"far_{k}.fit"), Role.LIGHT, i.shape, camera=i.camera, sky_position=(63.0, 36.0),
                                   pixel_size=i.pixel_size, focal_length=i.focal_length) for k, i in enumerate(other.lights)]
    found = frames.registered().found
    assert all(isinstance(f, Alignment) for f in found[:8])
    for reason in found[8:]:
        assert isinstance(reason, str) and "another field near RA 63.00, Dec 36.00 degrees" in reason
        assert "6 lights that share no stars with the 8 of this picture" in reason


def test_clouded_lights_of_a_mosaic_are_named_as_what_they_are() -> None:
    frames = mosaic(10, 2, 1, 3)
    for i, count in ((1, 0), (4, 2)):
        frames.measured[i].stars = frames.measured[i].stars[:count]
    found = frames.registered().found
    assert found[1] == "no stars were found" and found[4] == "only 2 stars found, 4 are needed"
    assert sum(isinstance(f, Alignment) for f in found) == 4


def test_progress_is_reported_and_a_stop_is_heard_in_every_step() -> None:
    """Between two reports there is never more than a part of one step."""
    frames = mosaic(11, 4, 4, 2, scale=6.0, density=600, shape=(240, 320), overlap=0.25)
    told: list[str] = []
    frames.registered(progress=lambda done, total, message="": told.append(message))
    counts = {what: told.count(what) for what in set(told)}
    count = len(frames.lights)
    assert counts["common star patterns"] >= 2 and counts["joining matches"] > count
    assert counts["geometry: shared stars"] >= 2 * count and counts["geometry: pairs"] > count
    assert counts["geometry: adjustment"] > 4
    for stop in set(told):

        def stopped(done: int, total: int, message: str = "", at: str = stop) -> None:
            if message == at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            frames.registered(progress=stopped)


@pytest.mark.slow
def test_one_chance_match_among_many_panels_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor are there more pairs for a frame: one in each direction, those in time and between groups, and of the same field."""
    search, pairs = PairSearch.run, []

    def run(self: PairSearch) -> Any:
        turn = turned(np.eye(3)[None], np.array([[0.004, 0.01, 0.2]]))[0]
        self.edges.append(Edge(0, len(frames.lights) - 1, turn, np.stack([np.arange(70)] * 2, axis=1), 8))
        joined = search(self)
        pairs.append(len(self.tried) / len(frames.lights))
        return joined

    monkeypatch.setattr(PairSearch, "run", run)
    for across in (3, 7):
        frames = mosaic(4, across, across, 3, scale=6.0, density=600, shape=(240, 320), overlap=0.25)
        accept(frames, frames.registered())
    assert max(pairs) < 12, pairs


def test_common_patterns_are_those_of_all_pairs() -> None:
    frames = mosaic(12, 3, 2, 7)
    stars = [sky_stars(Camera((400, 600), 206265 / 8.0), m.stars) for m in frames.measured]
    told: list[int] = []
    votes = common_patterns(stars, told.append)
    limit = 0.5 * 8.0 / 206265
    for i, j in ((0, 1), (0, 41), (3, 10), (20, 22)):
        away = np.linalg.norm(stars[i].sides[:, None] - stars[j].sides[None], axis=2)
        assert votes[i, j] == votes[j, i] == (away <= limit).sum()
    assert not votes.diagonal().any() and told == [0, 32]


@pytest.mark.slow
def test_pairs_that_are_tried_grow_as_the_number_of_lights(caplog: pytest.LogCaptureFixture) -> None:
    tried = []
    caplog.set_level("INFO", "orchestrator.engines.native.pair_search")
    for across in (4, 8):
        caplog.clear()
        frames = mosaic(9, across, across, 2, scale=6.0, density=600, shape=(240, 320), overlap=0.25)
        accept(frames, frames.registered())
        tried.append(int(caplog.messages[-1].split()[0]) / len(frames.lights))
    assert tried[1] < 1.5 * tried[0] and tried[1] < 10, tried


def field(distortion: float, dither: float, count: int, seed: int, flip: bool, density: float) -> Frames:
    """Dithered lights of one field; with ``flip`` the second half is turned, as after a meridian flip."""
    random = np.random.default_rng(seed)
    frames = Frames(stars_on(1.3, 1.0, density, random), random)
    for i in range(count):
        frames.add(0, *random.normal(0, dither, 2) * 3 / 3600, 3.0, 180.0 * (flip and i >= count // 2), (800, 1200), distortion)
    return frames


@pytest.mark.parametrize("anchored", [False, True])
def test_of_thousands_of_lights_some_of_each_place_are_adjusted(anchored: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here 3 of 7 lights of each panel, one of which has another camera; the others are fitted to them, two at a time."""
    from tests.quality.test_anchors import TrueSolver, anchoring, errors

    frames = mosaic(4, 2, 2, 7, scale=5.0, density=420, distortion=0.004, shape=(300, 400))
    for i in range(28):
        frames.lights[i] = replace(frames.lights[i], camera="two" if frames.panel[i] == 2 else "one")
    solver = anchoring(frames, TrueSolver(frames)) if anchored else None
    for module, name, value in ((sky_registration, "MOST_ADJUSTED", 12), (sky_places, "MOST_ADJUSTED", 12),
                                (sky_places, "LEAST_OF_PLACE", 3), (sky_places, "AT_ONCE", 2)):
        monkeypatch.setattr(module, name, value)
    solved: list[int] = []
    original = sky_registration.solve
    monkeypatch.setattr(sky_registration, "solve", lambda start, tables, order, *rest: (
        solved.append(len(order) - len(start.known)), original(start, tables, order, *rest))[1])
    found = frames.registered(solver)
    assert solved == [12] and all(isinstance(f, Alignment) and (f.inliers > 40 or i == found.reference)
                                  for i, f in enumerate(found.found))
    ghost = frames.ghosting(found.found, found.lenses)
    assert np.percentile(ghost, 95) < 0.06 and ghost.max() < 0.2
    assert not anchored or errors(frames, found).max() < 0.2


def matched(frames: Frames, reference: int) -> list[Alignment | str]:
    tables = [m.stars for m in frames.measured]
    return [match(t, tables[reference]) if i != reference else Alignment(np.eye(3), 0, 0, 0, "identity", "")
            for i, t in enumerate(tables)]


def one_field(distortion: float, dither: float, seed: int = 0) -> tuple[Frames, list[Alignment | str]]:
    """Dithered lights, the second half after a meridian flip, and their matches with one of them."""
    frames = field(distortion, dither, 16, seed, True, 400)
    return frames, matched(frames, 5)


@pytest.mark.parametrize("seed", [1, 2])
def test_lights_of_one_field_share_their_lens(seed: int) -> None:
    frames, before = one_field(0.004, 25, seed)
    cameras = Cameras((Camera((800, 1200), 206265 / 3.0),), np.zeros(16, np.int64), (0.05,))
    found = with_shared_lens(before, [m.stars for m in frames.measured], cameras, 5, lambda what: None)
    assert found is not None and found.lenses[5] is not None
    planar, ghost = frames.ghosting(before, [None] * 16, True), frames.ghosting(found.found, found.lenses, True)
    assert np.percentile(ghost, 95) < 0.04 and np.percentile(ghost, 95) < np.percentile(planar, 95) / 2
    assert found.lenses[5].largest == pytest.approx(0.004 * np.hypot(400, 600), rel=0.1)


@pytest.mark.parametrize("seed", [1, 2])
def test_lights_beyond_those_adjusted_together_are_as_exact(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of thousands of lights some determine the lens; here 8 of 16, and the others are fitted to 5 of these, three at a time."""
    frames, before = one_field(0.004, 25, seed)
    cameras = Cameras((Camera((800, 1200), 206265 / 3.0),), np.zeros(16, np.int64), (0.05,))
    tables = [m.stars for m in frames.measured]
    together = with_shared_lens(before, tables, cameras, 5, lambda what: None)
    for name, value in (("MOST_ADJUSTED", 8), ("KNOWN", 5), ("AT_ONCE", 3), ("LEAST_LIGHTS", 5)):
        monkeypatch.setattr(shared_lens, name, value)
    found = with_shared_lens(before, tables, cameras, 5, lambda what: None)
    assert found is not None and together is not None
    ghost = frames.ghosting(found.found, found.lenses, True)
    assert np.percentile(ghost, 95) < 0.05 and ghost.max() < 0.15
    for one, other in zip(found.found, together.found, strict=True):
        assert isinstance(one, Alignment) and isinstance(other, Alignment)
        assert one.inliers == pytest.approx(other.inliers, rel=0.1) and one.method == other.method
    again = found.relative_to(3)
    assert all(isinstance(one, Alignment) for one in again)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_evidence_of_a_lens_nothing_changes(seed: int) -> None:
    frames, before = one_field(0.0, 25, seed)
    cameras = Cameras((Camera((800, 1200), 206265 / 3.0),), np.zeros(16, np.int64), (0.05,))
    assert with_shared_lens(before, [m.stars for m in frames.measured], cameras, 5, lambda what: None) is None


def stirred(frames: Frames, size: float, random: np.random.Generator) -> None:
    """Displace the stars of each light by smooth waves of ``size`` px (rms along each axis), as moving air does."""
    for light, m in zip(frames.lights, frames.measured, strict=True):
        x, y = (np.pi * m.stars[axis] / side - np.pi / 2 for axis, side in zip("xy", light.shape[::-1], strict=True))
        for axis in "xy":
            waves, phases = random.uniform(-2.5, 2.5, (6, 2)), random.uniform(0, 2 * np.pi, 6)
            m.stars[axis] += size / np.sqrt(3) * sum(np.cos(a * x + b * y + p) for (a, b), p in zip(waves, phases, strict=True))


def bent(frames: Frames, lens: Lens | None, light: int) -> float:
    """Largest distance (px) between the plane of a light and the gnomonic one of its true WCS, after a turn, shift and scale."""
    h, w = frames.lights[light].shape
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, w - 1, 15), np.linspace(0, h - 1, 11)))
    true = np.array(frames.truth[light].wcs_world2pix(*frames.truth[light].all_pix2world(x, y, 0), 0))
    points = np.stack([x, y], axis=1)
    found = (points if lens is None else lens.ideal(points)) @ [1, 1j]
    design = np.stack([true[0] + 1j * true[1], np.ones(len(x))], axis=1)
    return float(np.abs(design @ np.linalg.lstsq(design, found, rcond=None)[0] - found).max())


@pytest.mark.parametrize(("distortion", "air", "dither", "count", "flip", "density", "found"), [
    (0.0, 0.0, 5, 8, False, 400, False), (0.0, 0.0, 30, 30, False, 400, False), (0.0, 0.05, 5, 30, False, 400, False),
    (0.0, 0.05, 30, 8, False, 400, False), (0.0, 0.05, 15, 10, True, 120, False), (0.001, 0.0, 30, 8, False, 400, True),
    (0.001, 0.0, 15, 10, True, 120, True), (0.004, 0.0, 5, 30, False, 400, True), (0.004, 0.0, 15, 12, False, 120, True)])
def test_a_lens_is_used_only_where_it_is_well_determined(
        distortion: float, air: float, dither: float, count: int, flip: bool, density: float, found: bool) -> None:
    """Dithered lights of one field: without a lens the picture is not bent, also where the air imitates one; others are found."""
    for seed in (0, 1):
        frames = field(distortion, dither, count, seed, flip, density)
        stirred(frames, air, np.random.default_rng(100 + seed))
        before = matched(frames, count // 2)
        cameras = Cameras((Camera((800, 1200), 206265 / 3.0),), np.zeros(count, np.int64), (0.05,))
        result = with_shared_lens(before, [m.stars for m in frames.measured], cameras, count // 2, lambda what: None)
        lens = None if result is None else result.lenses[count // 2]
        assert (lens is not None) == found
        assert bent(frames, lens, count // 2) < 0.1


def test_a_lens_with_a_large_error_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    frames, before = one_field(0.004, 25, 1)
    cameras = Cameras((Camera((800, 1200), 206265 / 3.0),), np.zeros(16, np.int64), (0.05,))
    for limit, used in ((0.1, True), (0.001, False)):  # it is some 0.02 px
        monkeypatch.setattr(shared_lens, "MOST_UNCERTAIN", limit)
        found = with_shared_lens(before, [m.stars for m in frames.measured], cameras, 5, lambda what: None)
        assert (found is not None) == used
