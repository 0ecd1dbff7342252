"""The scale of panels in each channel, and its check on stars that did not determine it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from orchestrator.engines.base import Frame, FrameReader, FrameSet
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo
from orchestrator.stacking import mosaic_scale as mosaic
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.star_evidence import StarEvidence
from orchestrator.stacking.state import RunState
from tilecore.detect.psf import PsfModel
from tilecore.detect.stars import STAR_DTYPE
from tilecore.sky.common_scale import SharedFluxes, common_scale, group_errors
from tilecore.sky.scale_check import HeldOut, WideFluxes, held_out, with_check
from tilecore.stack.star_evidence import StarFluxes, lost_fluxes

SHAPE, STEP, DEPTH = (220, 260), 110, 3
BLUE = (1.0, 1.15)  # width of blue stars over that of green ones, by panel


def gaussian(pixel: np.ndarray, centre: np.ndarray, fwhm: float) -> np.ndarray:
    """(stars, pixels): Gaussians integrated over pixels along one axis."""
    from scipy.special import erf

    edge = (np.append(pixel, pixel[-1] + 1) - 0.5 - centre[:, None]) / (fwhm / 2.3548 * np.sqrt(2))
    return np.asarray(0.5 * np.diff(erf(edge), axis=1))


def panels(seed: int = 1, dim: float = 1.0) -> tuple[FrameSet, list[Any], np.ndarray]:
    """Frames of two panels side by side with their measurements, and the true transparency (N, 3) of each channel."""
    random = np.random.default_rng(seed)
    x, y = random.uniform(5, SHAPE[1] + STEP - 5, 220), random.uniform(5, SHAPE[0] - 5, 220)
    flux = 0.02 * random.uniform(0.02, 1, 220) ** -0.9
    frames, measured, truth = [], [], []
    for n in range(2 * DEPTH):
        panel, light = n // DEPTH, random.uniform(0.7, 1.0)
        light *= dim if panel else 1
        dx, dy = panel * STEP + random.uniform(-4, 4), random.uniform(-4, 4)
        fwhm = random.uniform(2.6, 3.0)
        planes = []
        for width in (fwhm, fwhm, fwhm * BLUE[panel]):
            gx, gy = gaussian(np.arange(SHAPE[1]), x - dx, width), gaussian(np.arange(SHAPE[0]), y - dy, width)
            planes.append(0.01 + light * (gy.T * flux) @ gx + random.normal(0, 2e-4, SHAPE))
        data = np.array(planes, np.float32)
        inside = np.flatnonzero((x > dx + 6) & (x < dx + SHAPE[1] - 6) & (y > dy + 6) & (y < dy + SHAPE[0] - 6))
        inside = inside[np.argsort(-flux[inside])][:120]
        table = np.zeros(len(inside), STAR_DTYPE)
        table["x"], table["y"], table["flux"], table["fwhm"] = (x - dx)[inside], (y - dy)[inside], flux[inside], fwhm
        psf = PsfModel(np.zeros((3, 0)), np.zeros((0, 0)), SHAPE, float(np.sqrt(fwhm**2 - 0.3)), 8.0)
        measured.append(SimpleNamespace(stars=table, psf=psf, fwhm=fwhm, noise=np.full(3, 2e-4)))
        reader = SimpleNamespace(shape=(3, *SHAPE), read=lambda data=data: data)
        matrix = np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1.0]])
        frames.append(Frame(n, cast(FrameInfo, SimpleNamespace(shape=SHAPE, path=Path(f"light_{n}.fit"))),
                            cast(FrameReader, reader), matrix))
        truth.append([light] * 3)
    return FrameSet(tuple(frames), 0, SHAPE, None, 3, "native"), measured, np.array(truth)


def scale_of(frames: FrameSet, measured: list[Any], monkeypatch: pytest.MonkeyPatch,
             evidence: Callable[..., StarEvidence] = lambda *_: StarEvidence.none(2 * DEPTH)) -> mosaic.MosaicScale:
    executor = SimpleNamespace(frames=lambda function, job, items, at_once: (function(job, item, 1) for item in items))
    context = SimpleNamespace(check=lambda: None, frames_at_once=lambda shape: 1, progress=lambda *_: None, executor=executor)
    state = RunState(())
    state.measurements = tuple(measured)
    plan = SimpleNamespace(mode="rgb", channels=("R", "G", "B"), sky=None)
    state.plan = cast(CanvasPlan, plan)
    monkeypatch.setattr(mosaic, "panels_of", lambda frames: np.repeat([0, 1], DEPTH))
    monkeypatch.setattr(mosaic, "evidence_of", evidence)
    return mosaic.mosaic_scale(cast(RunContext, context), state, frames, cast(CanvasPlan, plan), 0)


@pytest.mark.slow
def test_panels_with_another_focus_in_blue_have_one_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    frames, measured, truth = panels()
    found = scale_of(frames, measured, monkeypatch)
    off = np.log(found.scale.T / (truth / truth[0]))
    step = off[DEPTH:].mean(axis=0) - off[:DEPTH].mean(axis=0)
    assert np.abs(step).max() < 0.012 and np.abs(step[2] - step[1]) < 0.012, step
    assert found.error.max() < 0.01
    assert np.isfinite(found.check.residual).all() and (np.abs(found.check.residual) < 3.5 * found.check.error + 0.005).all()
    assert found.check.first == ("light_0.fit", "light_3.fit") and found.check.stars.min() >= 10


@pytest.mark.slow
def test_one_width_for_all_colours_is_found_out_on_stars_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault itself, put back: blue is wrong by several per cent, and the error that is claimed is as large."""
    frames, measured, truth = panels()
    monkeypatch.setattr(mosaic, "colours", lambda frames: [(0, 1, 2)])
    monkeypatch.setattr(mosaic, "FIT_ROUNDS", 1)
    found = scale_of(frames, measured, monkeypatch)
    step = np.log(found.scale.T / (truth / truth[0]))[DEPTH:].mean(axis=0)
    assert abs(step[2]) > 0.03
    assert found.error[2, 1] == pytest.approx(abs(step[2]), rel=0.5), "not the 0.5 % that the fit believes"


@pytest.mark.slow
def test_a_panel_with_less_light_is_not_taken_for_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a telescope of another aperture: the stars that it shares with the others are those of a frame of its own scale."""
    monkeypatch.setitem(globals(), "STEP", 200)  # most stars of a panel are its own
    frames, measured, truth = panels(dim=0.3)
    given: list[StarFluxes] = []

    def record(*arguments: Any) -> StarEvidence:
        given.append(arguments[-1])
        return StarEvidence.none(2 * DEPTH)

    scale_of(frames, measured, monkeypatch, record)
    [fluxes] = given
    assert (truth[DEPTH:] < 0.35).all() and not (lost_fluxes(fluxes) == 1).any()
    units = truth.mean(axis=1)[fluxes.frame]
    raw = replace(fluxes, flux=fluxes.flux * units, error=fluxes.error * units)
    assert (lost_fluxes(raw) == 1).any(), "the fluxes as they were measured"


def _always(scale: np.ndarray, _: np.ndarray) -> np.ndarray:
    return scale


NOISE = np.full(8, 8.0)


def fluxes(random: np.random.Generator, step: float, stars: int = 40) -> tuple[WideFluxes, np.ndarray]:
    scale = random.uniform(0.5, 1, 8)
    true = 10 ** random.uniform(2.5, 4, stars)
    flux = scale[:, None] * true * np.exp(np.where(np.arange(8) > 3, step, 0))[:, None] + random.normal(0, 8, (8, stars))
    flux[:2, :8] = np.nan
    return WideFluxes.of(flux), scale


def test_the_residual_is_that_of_stars_left_out_with_its_error() -> None:
    group = np.repeat([0, 1], 4)
    scaled = []
    for seed in range(60):
        wide, scale = fluxes(np.random.default_rng(seed), 0.0)
        found = held_out(wide, NOISE, group, partial(_always, scale))
        assert found.residual[0] == pytest.approx(-found.residual[1]) and found.stars.min() >= 20
        scaled.append(found.residual[1] / found.error[1])
    assert 0.1 < np.std(scaled) < 1.3 and np.abs(np.mean(scaled)) < 0.4
    wide, scale = fluxes(np.random.default_rng(1), 0.05)
    found = held_out(wide, NOISE, group, lambda out: scale)
    assert found.residual[1] == pytest.approx(0.05, abs=0.01) and found.error.max() < 0.01
    assert with_check(np.array([0.0, 0.004]), found) == pytest.approx(np.abs(found.residual))
    unclear = HeldOut(np.array([0.02, np.nan]), np.array([0.01, np.nan]), np.array([9, 2]))
    assert with_check(np.array([0.001, 0.004]), unclear).tolist() == [0.001, 0.004]


def test_memory_follows_the_fluxes_not_frames_times_stars() -> None:
    """A chain of 200 frames, each of which shares its stars with the next one only: arrays of all stars in all frames, or in all
    panels, would take 5 MB each."""
    random, frames, own = np.random.default_rng(3), 200, 30
    frame, star = np.repeat(np.arange(frames), own), np.concatenate([n * own // 2 + np.arange(own) for n in range(frames)])
    stars = int(star.max()) + 1
    true = 10 ** random.uniform(3, 4.5, stars)
    flux = true[star] * random.normal(1, 0.01, len(star))
    shared = SharedFluxes(frame, star, flux, np.full(len(star), 100.0), frames)
    places = np.stack([10.0 * np.arange(stars), 10.0 * np.arange(stars) % 97], 1)
    panel = np.arange(frames) // 3
    tracemalloc.start()
    found = common_scale(shared, 0)
    error, _ = group_errors(shared, found, panel, 0, np.ones((len(star), 2)), np.full((frames, 2, 2), 1e-6))
    check = held_out(WideFluxes(frame, star, flux, stars), np.full(frames, 10.0), panel, lambda out: found.scale)
    lost = lost_fluxes(StarFluxes(frame, star, flux, np.full(len(star), 10.0), places, frames))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4e6, peak
    assert np.isfinite(error).all() and np.abs(check.residual).max() < 0.02 and not (lost == 1).any()


def test_every_star_is_left_out_once_and_few_stars_give_nothing() -> None:
    asked = []

    def without(out: np.ndarray) -> np.ndarray:
        asked.append(out.copy())
        return scale

    wide, scale = fluxes(np.random.default_rng(2), 0.0)
    held_out(wide, NOISE, np.repeat([0, 1], 4), without)
    assert (np.sum(asked, axis=0) == 1).all()
    few_stars = WideFluxes(*(a[wide.star < 4] for a in (wide.frame, wide.star, wide.flux)), 4)
    few = held_out(few_stars, NOISE, np.repeat([0, 1], 4), lambda out: scale)
    assert np.isnan(few.residual).all() and few.stars.max() <= 4
