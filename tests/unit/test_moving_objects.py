"""Objects that move: linking of detections, extents of diffuse objects, kernels between PSFs, and their simulation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orchestrator.derived.subtraction import _at_offset, _moved_surface
from orchestrator.simulation import PRESETS
from orchestrator.simulation.camera import light_signal
from orchestrator.simulation.psf import StarProfile, add_stars
from orchestrator.simulation.scene import make_nebula, plan
from orchestrator.stacking.blocks import Block
from tilecore.detect.moving_objects import LinkSettings, fit_motion, link
from tilecore.detect.starlet import extent_of_object, starlet, without_noise
from tilecore.stack.psf_matching import FrameNoise, MatchingKernel, fit_kernel, identity_kernel, matched


@pytest.mark.parametrize("seed", range(5))
def test_moving_objects_are_linked_among_false_and_fixed_detections(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time = np.linspace(-1, 1, 20)
    objects = [(np.array([60.0, 80.0]), np.array([12.0, -5.0])), (np.array([150.0, 40.0]), np.array([-2.5, 3.0]))]
    frame, places = [], []
    for k, t in enumerate(time):
        for start, speed in objects:
            if rng.uniform() < 0.8:
                frame.append(k)
                places.append(start + speed * t + rng.normal(0, 0.2, 2))
        for fixed in ((30.0, 30.0), (100.0, 90.0)):  # a variable star, a star that is subtracted badly
            frame.append(k)
            places.append(np.array(fixed) + rng.normal(0, 0.3, 2))
        for _ in range(4):
            frame.append(k)
            places.append(rng.uniform(0, 200, 2))
    order = np.array(frame)
    tracks = link(order, time[order], np.array(places), LinkSettings())
    assert len(tracks) == 2
    for start, speed in objects:
        best = min(tracks, key=lambda t: float(np.hypot(*(t.motion.at(0.0) - start))))
        assert np.abs(best.motion.at(0.0) - start).max() < 5 * best.motion.errors[0].max() + 0.05
        assert np.abs(best.motion.speed - speed).max() < 5 * best.motion.errors[1].max() + 0.1


def test_the_errors_of_a_motion_are_those_of_its_scatter() -> None:
    rng = np.random.default_rng(3)
    time = np.linspace(-2, 2, 40)
    found = [fit_motion(time, np.stack([5 + 3 * time, 7 - time], 1) + rng.normal(0, 0.1, (40, 2))) for _ in range(200)]
    speeds = np.array([m.speed for m in found])
    assert np.abs(speeds.mean(axis=0) - [3, -1]).max() < 0.01
    assert np.median([m.errors[1, 0] for m in found]) == pytest.approx(speeds[:, 0].std(), rel=0.25)


def test_a_starlet_transform_adds_up_and_an_object_is_found_to_its_edge() -> None:
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:120, :120]
    light = 40 * np.exp(-np.hypot(x - 60, y - 50) / 9)
    noise = np.full(light.shape, 4.0, np.float32)
    image = (light + rng.normal(0, 4, light.shape)).astype(np.float32)
    np.testing.assert_allclose(np.sum(starlet(image, 4), axis=0), image, atol=1e-3)
    share = extent_of_object(image, noise, (50.0, 60.0))
    assert (share * light).sum() > 0.9 * light.sum() and share[:20, :20].max() == 0
    assert np.std((without_noise(image, noise) - light)[90:]) < 0.15 * 4


@pytest.mark.parametrize("fwhm", [2.7, 3.1, 4.0])
def test_a_stack_gets_the_psf_of_a_frame(fwhm: float) -> None:
    rng = np.random.default_rng(5)
    x, y, flux = rng.uniform(20, 180, 40), rng.uniform(20, 180, 40), np.exp(rng.uniform(7, 11.5, 40))

    def frame(width: float, ellipticity: float = 0.0) -> np.ndarray:
        image = np.zeros((200, 200))
        add_stars(image, x, y, flux, np.full(40, width), profile=StarProfile(ellipticity=ellipticity, angle=0.5))
        return image

    stack, one = np.mean([frame(w) for w in (2.7, 3.0, 3.4)], axis=0), frame(fwhm, 0.08)
    noisy = (one + rng.normal(0, 1, one.shape) * np.sqrt(400 + one)).astype(np.float32)
    places = np.stack([y, x], 1).round().astype(np.int64)
    found = fit_kernel(stack.astype(np.float32), noisy, np.ones_like(noisy), places, FrameNoise(20.0, 1.0), 5)
    rest = one - matched(stack.astype(np.float32), found.kernel)
    assert found.stars > 20 and abs(found.kernel.sum() - 1) < 0.04
    assert np.abs(rest).max() < (0.07 if fwhm < 3 else 0.03) * one.max()
    assert identity_kernel(3).kernel.sum() == 1


def test_a_model_is_read_at_an_offset_and_a_surface_is_moved() -> None:
    image = np.zeros((60, 60), np.float32)
    add_stars(wide := image.astype(np.float64), np.array([30.3]), np.array([25.6]), np.array([1000.0]), np.array([4.0]))
    add_stars(moved := image.astype(np.float64), np.array([26.9]), np.array([27.8]), np.array([1000.0]), np.array([4.0]))
    part = _at_offset(wide.astype(np.float32), identity_kernel(3), np.array([3.4, -2.2]), Block(10, 50, 5, 55))
    np.testing.assert_allclose(part, moved[10:50, 5:55], atol=0.13)
    surface = np.random.default_rng(6).normal(size=(3, 3))
    y, x, (dx, dy) = np.array([0.1, 0.7]), np.array([0.2, 0.5]), (0.3, -0.2)
    value = np.polynomial.polynomial.polyval2d
    np.testing.assert_allclose(value(y, x, _moved_surface(surface, np.array([dx, dy]))), value(y + dy, x + dx, surface))


def test_objects_move_vary_and_appear_in_simulated_frames() -> None:
    quiet = replace(PRESETS["tiny_mono"], n_stars=3, vignetting=0.0, drift=0.0, rotation=0.0,
                    moving=((100.0, 80.0, 90.0, 0.0, 5000.0, 0.0),), variables=((0.0, 0.1, 300.0),),
                    transients=((40.0, 40.0, 4000.0, 2.0, 4.0),))
    plain = plan(replace(quiet, moving=(), variables=(), transients=()))
    truth, nebula = plan(quiet), make_nebula(quiet)
    for i in (0, 3, 7):
        rest = light_signal(truth, i, nebula) - light_signal(plain, i, nebula)
        rest /= truth.transparency[i]
        px, py = np.round(truth.moving_at(i)[0]).astype(int)
        assert rest[py - 8: py + 9, px - 8: px + 9].sum() == pytest.approx(5000, rel=0.02)
        assert rest[32:49, 32:49].sum() == pytest.approx(4000 if 2 <= i < 4 else 0, abs=80)
    change = np.array([truth.light_of_stars(i)[0, 0] for i in range(8)]) / truth.star_flux[0, 0]
    assert -2.5 * np.log10(change.max()) >= -0.101 and np.ptp(2.5 * np.log10(change)) > 0.1
    assert isinstance(identity_kernel(2), MatchingKernel)
