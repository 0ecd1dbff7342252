"""Trails too short to be found as lines: what rejection leaves of them, and of the stars."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from scipy.ndimage import map_coordinates, maximum_filter
from scipy.special import erf

from fixtures.judge import good_stars, star_photometry
from orchestrator import RunResult
from orchestrator.simulation.truth import SimulationTruth, transform_points
from tilecore.numerics.statistics import mad_sigma

CHANGES = {"width": 480, "height": 360, "n_stars": 120, "trails": 0, "seeing_min": 2.6, "seeing_max": 3.4,
           "transparency_min": 0.85, "sky_min": 400.0, "sky_max": 600.0, "hot_pixels": 0, "cold_pixels": 0, "vignetting": 0.0,
           "dust": 0, "n_bias": 0, "n_dark": 0, "n_flat": 0, "drift": 6.0, "rotation": 0.3}
# Peaks (sigma of a pixel) and lengths (px); standard deviation (px) across.
PEAKS, LENGTHS, WIDTH = (3.0, 5.0, 8.0, 15.0, 30.0), (15.0, 30.0, 50.0), 1.27
# Light (sigma of a pixel of the stack) that may be left on average along a trail, and in any 5 px of it.
MEAN_LEFT, MOST_LEFT = 1.1, 1.3
Finished = Callable[[Path, dict[str, Any]], RunResult]


def with_trails(folder: Path, target: Path) -> list[tuple[int, np.ndarray]]:
    """Copy the lights, each trail in a random one of them; frames (from 0) and ends (x0, y0, x1, y1) of the trails."""
    random = np.random.default_rng(1)
    shutil.copytree(folder / "lights", target / "lights")
    files = sorted((target / "lights").iterdir())
    images = [fits.getdata(p).astype(np.float64) for p in files]
    y, x = np.mgrid[: images[0].shape[0], : images[0].shape[1]]
    trails: list[tuple[int, np.ndarray]] = []
    for peak in PEAKS:
        for length in LENGTHS:
            centre = random.uniform((50, 50), (430, 310))
            while any(np.hypot(*(centre - (t[:2] + t[2:]) / 2)) < 60 for _, t in trails):
                centre = random.uniform((50, 50), (430, 310))
            turn, frame = random.uniform(0, np.pi), int(random.integers(len(files)))
            along = np.array([np.cos(turn), np.sin(turn)])
            right, down = x - centre[0], y - centre[1]
            t, d = right * along[0] + down * along[1], down * along[0] - right * along[1]
            inside = 0.5 * (erf((t + length / 2) / WIDTH / 2**0.5) - erf((t - length / 2) / WIDTH / 2**0.5))
            noise = mad_sigma((images[frame][:, 2:] - images[frame][:, :-2]).ravel()) / 2**0.5
            images[frame] += peak * noise * np.exp(-0.5 * (d / WIDTH) ** 2) * inside
            trails.append((frame, np.concatenate([centre - along * length / 2, centre + along * length / 2])))
    for path, image in zip(files, images, strict=True):
        with fits.open(path, mode="update") as file:
            file[0].data = np.clip(np.rint(image), 0, 65535).astype(np.uint16)
    return trails


def left(difference: np.ndarray, trail: np.ndarray) -> np.ndarray:
    """Means of 5 px after each other along a trail (x0, y0, x1, y1)."""
    steps = np.arange(np.hypot(*(trail[2:] - trail[:2])))[:, None]
    places = trail[:2] + steps * (trail[2:] - trail[:2]) / np.hypot(*(trail[2:] - trail[:2]))
    return np.convolve(map_coordinates(difference, places[:, ::-1].T, order=1), np.ones(5) / 5, "valid")


@pytest.mark.parametrize(("count", "pattern"), [
    (12, None), *(pytest.param(*case, marks=pytest.mark.slow) for case in ((24, None), (12, "RGGB")))])
def test_short_trails_leave_less_than_the_noise_and_stars_keep_their_light(  # type: ignore[no-untyped-def]
        simulated, finished: Finished, tmp_path: Path, count: int, pattern: str | None) -> None:
    folder, truth = simulated("mono_seeing", n_frames=count, pattern=pattern, seed=1, **CHANGES)
    trails = with_trails(folder, tmp_path / "session")
    reference = count // 2
    settings = {"engine": {"name": "native"}, "calibration": {"cosmetic": False},
                "registration": {"reference": truth.lights[reference]},
                "canvas": {"extent": "reference", "crop": "none"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
                "output": {"report": False, "preview": False}}
    name = "stacked_rgb" if pattern else "stacked"
    plain, image = (np.atleast_3d(fits.getdata(finished(f, settings).products[name]).astype(np.float64).T).T
                    for f in (folder, tmp_path / "session"))
    for before, after in zip(plain, image, strict=True):
        check(before, after, trails, truth, reference)


def check(before: np.ndarray, after: np.ndarray, trails: list[tuple[int, np.ndarray]], truth: SimulationTruth,
          reference: int) -> None:
    sky = before[:, 4:] < np.percentile(before, 70)
    noise = mad_sigma((before[:, 4:] - before[:, :-4])[sky]) / 2**0.5
    stars = maximum_filter(before > np.median(before) + 15 * noise, 9)
    difference = np.where(stars, 0, after - before) / noise
    for frame, trail in trails:
        moved = np.column_stack(transform_points(truth.matrix(frame, reference), trail[[0, 2]], trail[[1, 3]])).ravel()
        means = left(difference, moved)
        assert abs(means.mean()) < MEAN_LEFT and np.abs(means).max() < MOST_LEFT, (trail, means)
    _, x, y = good_stars(truth, reference, shape=before.shape)
    one, other = (star_photometry(a, x, y, 7.0) for a in (before, after))
    # Trails beside stars change the weights of a frame a little; a median has 1.25 times the error of a mean.
    allowed = np.hypot(2 * noise * 7 * np.pi**0.5, 0.003 * one)
    error = 1.25 * np.std(other / one) / len(one) ** 0.5
    assert (np.abs(other - one) < allowed).all() and abs(np.median(other / one) - 1) < 0.001 + 2 * error
