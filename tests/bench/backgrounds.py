"""What background extraction does with the light of objects: the table in docs/BACKGROUND_AND_COLOUR.md.

    python -m tests.bench.backgrounds [--seeds 3] [--first 0] [--orders 2 4] [--only NAME ...]

Each scene is sky + gradient + object + stars + noise. ``kept`` is the regression of what is left of the object on its light,
``left`` the rms of the gradient that is left, relative to its rms. Where the phase declines, nothing is subtracted.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.phases.background import PictureFacts, remove_gradient
from orchestrator.simulation.psf import add_stars
from orchestrator.tools.environment import ToolEnvironment

Plane = NDArray[np.float64]
HEIGHT, WIDTH, SKY = 600, 800, 1000.0
V, U = np.mgrid[:HEIGHT, :WIDTH] / np.array([HEIGHT, WIDTH])[:, None, None]
X, Y = U - 0.5, (V - 0.5) * HEIGHT / WIDTH


def clouds(seed: int, exponent: float) -> Plane:
    """Structure on all scales, power ~ frequency^-exponent, from 0 to 1."""
    n = 2 * WIDTH
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(n), np.fft.fftfreq(n)))
    frequency[0, 0] = np.inf
    field = np.fft.ifft2(frequency ** (-exponent / 2) * np.fft.fft2(np.random.default_rng(seed).normal(size=(n, n)))).real
    field = field[:HEIGHT, :WIDTH]
    return np.asarray((field - field.min()) / np.ptp(field))


def blob(seed: int, width: float, centre: float = 0.15) -> Plane:
    """A smooth nebula, FWHM in units of the width of the field, its centre within ``centre`` of the middle."""
    x, y = np.random.default_rng(seed).uniform(-centre, centre, 2)
    return np.asarray(np.exp(-4 * np.log(2) * ((X - x) ** 2 + 1.4 * (Y - y) ** 2) / width**2))


def sersic(seed: int, radius: float, index: float, centre: float = 0.1) -> Plane:
    """A galaxy of effective ``radius`` (field widths), axis ratio 0.4 to 0.9, peak limited to 1 by seeing."""
    rng = np.random.default_rng(seed)
    (x, y), angle, ratio = rng.uniform(-centre, centre, 2), rng.uniform(0, np.pi), rng.uniform(0.4, 0.9)
    along, across = (X - x) * np.cos(angle) + (Y - y) * np.sin(angle), (Y - y) * np.cos(angle) - (X - x) * np.sin(angle)
    r = np.sqrt(along**2 + (across / ratio) ** 2 + 0.01**2)
    return np.asarray(np.exp(-(2 * index - 1 / 3) * ((r / radius) ** (1 / index) - (0.01 / radius) ** (1 / index))))


def slope(seed: int) -> Plane:
    a = np.random.default_rng(seed + 100).uniform(0, 2 * np.pi)
    return np.asarray(X * np.cos(a) + Y * np.sin(a))


def dome(seed: int) -> Plane:
    """Light pollution: a slope that steepens towards one side."""
    t = slope(seed)
    return np.asarray(np.exp(2.5 * t))


def moon(seed: int) -> Plane:
    """Scattered moonlight: falls off with the distance from a point outside of the field."""
    a = np.random.default_rng(seed + 200).uniform(0, 2 * np.pi)
    return np.asarray(1 / (0.3 + np.hypot(X - 1.2 * np.cos(a), Y - 1.2 * np.sin(a)) ** 2))


def cubic(seed: int) -> Plane:
    t, s = slope(seed), slope(seed + 1)
    return np.asarray(8 * t**3 + 0.7 * s)


def corner(seed: int) -> Plane:
    """Amplifier glow: falls by 1/e within a tenth of the field from a corner."""
    a, b = np.random.default_rng(seed).choice([-1, 1], 2)
    return np.asarray(np.exp(-np.hypot(X - 0.5 * a, Y - 0.375 * b) / 0.12))


@dataclass(frozen=True)
class Scene:
    """``object`` and ``gradient``: shapes of a seed, with a range in ADU; ``vignetting``: light missing in the corners."""

    name: str
    object: Callable[[int], Plane] | None = None
    light: float = 0.0
    gradient: Callable[[int], Plane] | None = None
    range: float = 0.0
    vignetting: float = 0.0
    colours: tuple[float, ...] = (1.0,)

    def parts(self, seed: int) -> tuple[Plane, Plane, Plane]:
        """Gradient and object (channels, h, w) in ADU, and the image of a stack."""
        rng = np.random.default_rng(1000 + seed)
        shape = 0 * U if self.gradient is None else self.gradient(seed)
        gradient = self.range * (shape - shape.min()) / max(np.ptp(shape), 1e-12)
        thing = 0 * U if self.object is None else self.light * self.object(seed)
        skies = (1.0,) if len(self.colours) == 1 else (0.9, 1.0, 0.8)
        gradients, objects, images = [], [], []
        x, y = rng.uniform(15, WIDTH - 15, 120), rng.uniform(15, HEIGHT - 15, 120)
        flux = np.minimum(2000 * rng.uniform(0, 1, 120) ** (-1 / 0.9), 1e6)
        fall = 1 - self.vignetting * (X**2 + Y**2) / (X**2 + Y**2).max()
        for colour, sky in zip(self.colours, skies, strict=True):
            stars = np.zeros((HEIGHT, WIDTH))
            add_stars(stars, x, y, flux, np.full(120, 3.0))
            true = (sky * (SKY + gradient) + colour * thing + stars) * fall
            gradients.append(sky * (SKY + gradient) * fall)
            objects.append(colour * thing * fall)
            images.append(true + rng.normal(0, 5, true.shape) * np.sqrt(np.maximum(true, 1) / SKY))
        return np.array(gradients), np.array(objects), np.array(images)


def scenes() -> Iterable[Scene]:
    rgb = (1.0, 0.35, 0.5)
    for exponent in (2.0, 2.5, 3.0, 3.5, 4.0):
        for light in (300, 5000):
            yield Scene(f"clouds {exponent:g} {light}", lambda s, e=exponent: clouds(s, e), light)
        yield Scene(f"clouds {exponent:g} 3000 + slope", lambda s, e=exponent: clouds(s, e), 3000, slope, 400)
        yield Scene(f"clouds {exponent:g} 300 + slope", lambda s, e=exponent: clouds(s, e), 300, slope, 400)
        yield Scene(f"clouds {exponent:g} 300 + dome", lambda s, e=exponent: clouds(s, e), 300, dome, 400)
        yield Scene(f"clouds {exponent:g} 300 + cubic", lambda s, e=exponent: clouds(s, e), 300, cubic, 400)
        yield Scene(f"clouds {exponent:g} 2000 rgb + slope", lambda s, e=exponent: clouds(s, e), 2000, slope, 300, 0, rgb)
    for width in (0.4, 0.7, 1.2):
        for light in (300, 4000):
            yield Scene(f"blob {width:g} {light}", lambda s, w=width: blob(s, w), light)
            yield Scene(f"blob {width:g} {light} + slope", lambda s, w=width: blob(s, w), light, slope, 400)
        yield Scene(f"blob {width:g} 400 at a side", lambda s, w=width: blob(s, w, 0.45), 400)
    for radius in (0.08, 0.2, 0.35):
        for index in (1.0, 4.0):
            yield Scene(f"galaxy {radius:g} n={index:g}", lambda s, r=radius, i=index: sersic(s, r, i), 3000)
            yield Scene(f"galaxy {radius:g} n={index:g} + slope", lambda s, r=radius, i=index: sersic(s, r, i), 3000, slope, 400)
            yield Scene(f"galaxy {radius:g} n={index:g} + moon", lambda s, r=radius, i=index: sersic(s, r, i), 3000, moon, 600)
    for name, shape in (("slope", slope), ("dome", dome), ("moon", moon), ("cubic", cubic), ("corner", corner)):
        for size in (60, 800):
            yield Scene(f"{name} {size}", None, 0, shape, size)
        yield Scene(f"{name} 600 rgb", None, 0, shape, 600, 0, (1.0, 1.0, 1.0))
    yield Scene("vignetting mono", vignetting=0.3)
    yield Scene("vignetting rgb", vignetting=0.3, colours=(1.0, 1.0, 1.0))
    yield Scene("vignetting rgb + slope", None, 0, slope, 300, 0.3, (1.0, 1.0, 1.0))
    yield Scene("vignetting rgb + clouds", lambda s: clouds(s, 3.0), 1000, slope, 300, 0.3, rgb)


def measure(scene: Scene, seed: int, order: int, folder: Path) -> tuple[float, float, str]:
    """Share of the object's light kept and of the gradient left (worst channel), and what was done: all, plane, none."""
    gradient, thing, image = scene.parts(seed)
    picture = (image / 65535).astype(np.float32)
    picture = picture[0] if len(picture) == 1 else picture
    config = RunConfig.model_validate({"bge": {"order": order}})
    result = remove_gradient(picture, config, ToolEnvironment(folder, folder, folder), facts=PictureFacts(False))
    removed = ((picture.astype(np.float64) - result.image) * 65535).reshape(gradient.shape)
    kept, left = [1.0], [0.0]
    for r, g, t in zip(removed, gradient, thing, strict=True):
        g, t, r = g - g.mean(), t - t.mean(), r - r.mean()
        if t.any():  # what was removed as a combination of the gradient and the object
            parts = np.stack([g.ravel(), t.ravel()], 1)
            kept.append(1 - float(np.linalg.lstsq(parts, r.ravel(), rcond=None)[0][1]))
        if g.std() > 1:
            left.append((g - r).std() / g.std())
    what = "none" if result.declined else "plane" if result.report["planes"] else "all"
    return min(kept, key=lambda k: -abs(k - 1)), max(left), what


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=0, help="number of the first seed: others than those that were tuned on")
    parser.add_argument("--orders", type=int, nargs="+", default=[2])
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    print("| scene | kept, worst | kept, median | gradient left, median | worst | subtracted |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for scene in scenes():
            if given.only and not any(scene.name.startswith(o) for o in given.only):
                continue
            seeds = range(given.first, given.first + given.seeds)
            rows = [measure(scene, s, o, Path(folder)) for s in seeds for o in given.orders]
            kept, left, done = zip(*rows, strict=True)
            worst = min(kept, key=lambda k: -abs(k - 1))
            print(f"| {scene.name} | {worst:.3f} | {np.median(kept):.3f} | {np.median(left):.3f} | {max(left):.3f} | "
                  f"{', '.join(f'{k} {done.count(k)}' for k in ('all', 'plane', 'none') if k in done)} |", flush=True)


if __name__ == "__main__":
    main()
