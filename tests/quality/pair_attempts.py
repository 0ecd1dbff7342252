"""Random layouts of lights, and what the search for pairs and the registration on the sky accept wrongly.

Star lists without pixels: lights that drift, grids, scattered panels; fields of 0.5 to 20 degrees; 15 to 300 stars, some of them
missing, others that are not there; right, wrong and missing headers. Counted are the matches whose offset differs from the truth
by more than a pixel, and the registered lights that are more than a pixel off where they overlap others.

    python -m tests.quality.pair_attempts --attempts 10000      until that number of pairs was tried
    python -m tests.quality.pair_attempts --seed 17 --attempts 1        one layout
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from fixtures.mosaics import pixels_of
from orchestrator.engines.native.pair_search import PairSearch
from tests.quality.test_sky_registration import Frames, on_canvas, stars_on
from tilecore.register.align import Alignment
from tilecore.register.sky_match import Edge

HEADERS = ("right", "right", "shifted", "swapped", "epoch", "zeros", "missing", "no scale")
# Distance (px) from the truth from which a match or a light is wrong.
WRONG = 1.0


@dataclass
class Layout:
    """Lights with known truth, and what they are."""

    seed: int
    what: str
    frames: Frames
    edges: list[Edge] = field(default_factory=list)
    tried: int = 0


def layout(seed: int) -> Layout:
    """A random layout of lights."""
    random = np.random.default_rng(seed)
    shape = ((400, 600), (480, 480), (300, 500))[random.integers(3)]
    degrees = float(10 ** random.uniform(np.log10(0.5), np.log10(20)))
    scale = degrees * 3600 / shape[1]
    count = float(10 ** random.uniform(np.log10(15), np.log10(300)))
    density = 1.1 * count / (degrees**2 * shape[0] / shape[1])
    kind = str(random.choice(["drift", "grid", "panels"]))
    places = list(_places(kind, degrees, degrees * shape[0] / shape[1], random))
    width, height = (2 * np.abs(np.array(places)[:, 1:]).max(axis=0) + 1.3 * degrees)
    frames = Frames(stars_on(min(width, 120), min(height, 90), density, random), random)
    distortion = float(random.choice([0.0, 0.0, 0.001, 0.004]))
    turn = float(random.uniform(0, 360))
    for panel, x, y in places:
        flip = 180.0 * (random.random() < 0.05)
        frames.add(panel, x, y, scale, turn + flip, shape, distortion)
    headers = str(random.choice(HEADERS))
    _spoil(frames, headers, degrees, random)
    spurious, missing = random.uniform(0, 0.3), random.uniform(0, 0.3)
    for measured in frames.measured:
        measured.stars = _disturbed(measured.stars, shape, spurious, missing, random)
    if random.random() < 0.3:
        frames.shuffle()
    return Layout(seed, f"{kind}, {len(frames.lights)} lights of {degrees:.2f} degrees, {count:.0f} stars, headers {headers}, "
                  f"distortion {distortion:g}, spurious {spurious:.2f}, missing {missing:.2f}", frames)


def _places(kind: str, width: float, height: float, random: np.random.Generator) -> Iterator[tuple[int, float, float]]:
    """Panel and place (degrees) of each light."""
    largest = max(1, int(40 / width))  # the picture remains on a plane
    if kind == "drift":
        step = random.normal(0, 0.04, 2) * (width, height)
        for i in range(int(random.integers(8, 40))):
            x, y = step * i
            yield 0, float(np.clip(x, -20, 20)), float(np.clip(y, -20, 20))
        return
    across, down = (int(min(random.integers(2, 5), largest)) for _ in range(2))
    depth, overlap = int(random.integers(1, 5)), random.uniform(0.08, 0.35)
    for p, (j, i) in enumerate(itertools.product(range(down), range(across))):
        for _ in range(depth):
            x, y = ((i - (across - 1) / 2) * width * (1 - overlap), (j - (down - 1) / 2) * height * (1 - overlap))
            if kind == "panels":  # some touch, some do not
                x, y = x * (1.4 if p % 3 == 0 else 1.0), y
            yield p, x, y


def _spoil(frames: Frames, headers: str, degrees: float, random: np.random.Generator) -> None:
    for i, info in enumerate(frames.lights):
        ra, dec = info.sky_position or (0.0, 0.0)
        some = random.random() < 0.5
        changed: dict[str, Any] = {
            "shifted": {"sky_position": (ra + degrees, dec)} if some else {},
            "swapped": {"sky_position": (ra, -dec)} if some else {},
            "epoch": {"sky_position": (ra + 0.35, dec + 0.14)}, "zeros": {"sky_position": (0.0, 0.0)},
            "missing": {"sky_position": None}, "no scale": {"sky_position": None, "focal_length": None}}.get(headers, {})
        frames.lights[i] = replace(info, **changed)


def _disturbed(table: np.ndarray, shape: tuple[int, int], spurious: float, missing: float,
               random: np.random.Generator) -> np.ndarray:
    """Stars of a light, some of them missing, and false detections; brightest first."""
    kept = table[random.random(len(table)) > missing]
    more = np.zeros(int(spurious * len(table)), table.dtype)
    more["x"], more["y"] = random.uniform(5, shape[1] - 6, len(more)), random.uniform(5, shape[0] - 6, len(more))
    more["snr"] = more["flux"] = 10 ** random.uniform(0.9, 2.5, len(more))
    result = np.concatenate([kept, more])
    return result[np.argsort(-result["snr"], kind="stable")]


def registered(one: Layout) -> Any:
    """The result of the registration; the matches that were accepted are kept in ``one``."""
    original = PairSearch.run

    def run(self: PairSearch) -> Any:
        joined = original(self)
        one.edges, one.tried = list(self.edges), len(self.tried) + len(self.free) // 2
        return joined

    PairSearch.run = run  # type: ignore[method-assign]
    try:
        return one.frames.registered()
    except AssertionError:  # no two lights match
        return SimpleNamespace(found=["no match"] * len(one.frames.lights), lenses=[], reference=-1)
    finally:
        PairSearch.run = original  # type: ignore[method-assign]


def wrong_edges(one: Layout) -> list[str]:
    """Matches whose offset differs from the truth, at the stars that they pair."""
    frames, result = one.frames, []
    for e in one.edges:
        a, b = (frames.measured[i].stars for i in (e.one, e.other))
        i, j = e.pairs.T
        ra, dec = frames.truth[e.other].all_pix2world(b["x"][j], b["y"][j], 0)
        x, y = pixels_of(frames.truth[e.one], ra, dec)
        off = float(np.median(np.hypot(x - a["x"][i], y - a["y"][i])))
        if not off < WRONG:
            result.append(f"match of {e.one} and {e.other}, {len(e.pairs)} stars of {len(a)} and {len(b)}, {off:.1f} px off, "
                          f"needed {e.needed}")
    return result


def wrong_lights(one: Layout, found: Any) -> list[str]:
    """Registered lights that are off where they overlap others, or overlap none."""
    frames, off = one.frames, {}
    good = [i for i, f in enumerate(found.found) if isinstance(f, Alignment)]
    for i, j in itertools.combinations(good, 2):
        h, w = frames.lights[i].shape
        x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, w - 1, 7), np.linspace(0, h - 1, 7)))
        ra, dec = frames.truth[i].all_pix2world(x, y, 0)
        u, v = pixels_of(frames.truth[j], ra, dec)
        shared = (u > 0) & (v > 0) & (u < w - 1) & (v < h - 1)
        if shared.sum() > 2:
            ghost = np.hypot(*(on_canvas(found.found[i], found.lenses[i], x[shared], y[shared])
                               - on_canvas(found.found[j], found.lenses[j], u[shared], v[shared])).T)
            for k in (i, j):
                off.setdefault(k, []).append(float(np.median(ghost)))
    result = []
    for k in good:
        # A light that is wrong is off against most others; those that are right only against the wrong ones.
        value = float(np.median(off[k])) if k in off else np.inf
        if len(good) > 1 and not value < WRONG:
            result.append(f"light {k} is {value:.1f} px off, {found.found[k].inliers} stars")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, default=1000, help="pairs that are tried, at least")
    parser.add_argument("--seed", type=int, default=0, help="number of the first layout")
    options = parser.parse_args()
    tried = lights = used = matches = bad_matches = bad_lights = 0
    seed = options.seed
    while tried < options.attempts:
        one = layout(seed)
        found = registered(one)
        edges, off = wrong_edges(one), wrong_lights(one, found)
        tried, matches, bad_matches, bad_lights = tried + one.tried, matches + len(one.edges), bad_matches + len(edges), \
            bad_lights + len(off)
        lights += len(found.found)
        used += sum(isinstance(f, Alignment) for f in found.found)
        for text in (*edges, *off):
            print(f"layout {seed} ({one.what}): {text}", flush=True)
        seed += 1
    print(f"{seed - options.seed} layouts, {tried} pairs tried, {matches} match, {bad_matches} of them wrong; {used} of {lights} "
          f"lights registered, {bad_lights} of them wrong", flush=True)


if __name__ == "__main__":
    main()
