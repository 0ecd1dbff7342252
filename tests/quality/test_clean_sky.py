"""What must not be in the picture, and what must stay: trails, nebulae, star fluxes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from scipy.ndimage import distance_transform_edt

from fixtures.judge import good_stars, star_photometry
from orchestrator import RunResult
from orchestrator.simulation.camera import light_signal
from orchestrator.simulation.scene import make_nebula
from orchestrator.simulation.truth import transform_points

CLEAN = {"hot_pixels": 0, "cold_pixels": 0, "vignetting": 0.0, "dust": 0, "n_bias": 0, "n_dark": 0, "n_flat": 0}
SIDE = 15
Finished = Callable[[Path, dict[str, Any]], RunResult]


def stacked(finished: Finished, folder: Path, reference: str, method: str = "mean") -> tuple[np.ndarray, str]:
    result = finished(folder, {
        "engine": {"name": "native"}, "registration": {"reference": reference}, "reconstruction": {"method": method},
        "calibration": {"cosmetic": False}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
        "output": {"report": False, "preview": False}})
    name = json.loads((result.directory / "artifacts" / "registration.json").read_text())["reference"]
    return fits.getdata(result.products["stacked"]).astype(np.float64), name


def along(trail: np.ndarray, truth: Any, reference: int, difference: np.ndarray) -> np.ndarray:
    """Means of 15 x 15 px boxes one after the other along a trail."""
    x, y = transform_points(truth.matrix(int(trail[0]), reference), trail[[1, 3]], trail[[2, 4]])
    length = np.hypot(x[1] - x[0], y[1] - y[0])
    ux, uy = (x[1] - x[0]) / length, (y[1] - y[0]) / length
    t, d = np.meshgrid(np.arange(SIDE), np.arange(SIDE) - SIDE // 2)
    boxes = []
    for start in np.arange(0, length - SIDE, SIDE):
        column = np.rint(x[0] + (start + t) * ux - d * uy).astype(int)
        row = np.rint(y[0] + (start + t) * uy + d * ux).astype(int)
        h, w = difference.shape
        if (column >= 20).all() and (row >= 20).all() and (column < w - 20).all() and (row < h - 20).all():
            boxes.append(difference[row, column].mean())
    return np.array(boxes)


@pytest.mark.parametrize(("count", "brightness", "method"), [
    (10, 900.0, "mean"), *(pytest.param(*case, marks=pytest.mark.slow) for case in (
        (10, 60.0, "mean"), (40, 900.0, "mean"), (40, 60.0, "mean"), (10, 900.0, "proper")))])
def test_no_trail_is_left(simulated, finished: Finished, count: int, brightness: float, method: str) -> None:
    clear, _ = simulated("mono_seeing", n_frames=count, trails=0, **CLEAN)
    folder, truth = simulated("mono_seeing", n_frames=count, trails=4, trail_brightness=brightness, **CLEAN)
    image, name = stacked(finished, folder, "auto", method)
    plain, _ = stacked(finished, clear, name, method)
    reference = sorted(p.name for p in (folder / "lights").iterdir()).index(name)
    blank = plain[:, 1:] < np.percentile(plain, 60)
    noise = np.std(np.diff(plain, axis=1)[blank]) / np.sqrt(2)
    means = [along(t, truth, reference, image - plain).mean() / (noise / SIDE) for t in truth.trails]
    assert len(means) == 4 and np.abs(means).max() < 1, means


def with_and_without_nebula(simulated, finished: Finished, method: str,
                            **nebula: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, Any, Any]:
    """Stacks of 16 frames under gradients of 40 %, with a nebula and without, the true nebula in the reference frame, all in
    ADU, and the truths of both sessions."""
    sessions = [simulated("mono_seeing", n_frames=16, trails=0, sky_gradient=0.4, **more, **CLEAN)
                for more in (nebula, {"nebula": 0.0})]
    image, dark = (stacked(finished, folder, "light_00005.fit", method)[0] * 65535 for folder, _ in sessions)
    nebulous, plain = (truth for _, truth in sessions)
    true = (light_signal(nebulous, 4, make_nebula(nebulous.config), trails=False)
            - light_signal(plain, 4, make_nebula(plain.config), trails=False))
    return image, dark, true, nebulous, plain


@pytest.mark.parametrize("method", ["mean", pytest.param("proper", marks=pytest.mark.slow)])
@pytest.mark.slow
def test_a_nebula_over_most_of_the_field_keeps_its_flux_under_changing_gradients(simulated, finished: Finished,
                                                                                 method: str) -> None:
    image, dark, true, nebulous, plain = with_and_without_nebula(simulated, finished, method, nebula=600.0, nebula_fill=0.6)
    # Measured in units of the stars, which settle the scale of the picture.
    index, x, y = good_stars(nebulous, 4)
    stars = [float(np.median(star_photometry(a, x, y, 9.0) / nebulous.star_flux[index])) for a in (image, dark)]
    signal = light_signal(plain, 4, make_nebula(plain.config), trails=False)
    scale = np.mean(stars) / float(np.median(star_photometry(signal, x, y, 9.0) / nebulous.star_flux[index]))
    inner = np.s_[30:-30, 30:-30]
    covered = true[inner] > 0.1 * true.max()
    assert covered.mean() > 0.5
    ratio = (image - dark)[inner].sum() / true[inner].sum() / scale
    assert ratio == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("method", ["mean", "proper"])
@pytest.mark.slow
def test_no_halo_around_bright_objects_under_changing_gradients(simulated, finished: Finished, method: str) -> None:
    """Beside bright, compact nebulae the sky is what it is without them: to 0.3 % of what ends there, in any direction."""
    image, dark, true, *_ = with_and_without_nebula(simulated, finished, method, nebula=6000.0, nebula_fill=0.04,
                                                    nebula_scale=10.0)
    beside = distance_transform_edt(true < 0.5)
    ring = (beside > 8) & (beside < 40)
    ring[:30], ring[-30:], ring[:, :30], ring[:, -30:] = False, False, False, False
    assert true.max() > 2000 and ring.mean() > 0.05
    y, x = np.nonzero(ring)
    left = image[ring] - dark[ring]
    parts = [np.median(left[(x // 60 == i) & (y // 60 == j)]) for i, j in {*zip(x // 60, y // 60, strict=True)}
             if ((x // 60 == i) & (y // 60 == j)).sum() > 400]
    assert len(parts) > 5 and np.abs(parts).max() < 0.003 * true.max(), parts
