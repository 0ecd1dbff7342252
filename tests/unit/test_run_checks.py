"""The checks of every run: each passes on a sound stack, and fails with the cause when the fault is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from scipy.ndimage import convolve1d

from orchestrator.checks.calibration import calibration
from orchestrator.checks.geometry import geometry
from orchestrator.checks.halves import halves
from orchestrator.checks.mean_sky import mean_sky_flux
from orchestrator.checks.record import Check
from orchestrator.checks.rejection import rejection
from orchestrator.checks.scale import scale
from orchestrator.checks.sky_surface import sky_surface
from orchestrator.checks.star_light import star_light
from orchestrator.checks.star_sample import StarSample, share_in_mean
from orchestrator.engines.base import CalibrationResult, Frame, FrameSet
from orchestrator.engines.calibration_findings import CalibrationFinding, LightLevels
from orchestrator.session.model import FrameInfo, Role
from orchestrator.simulation.psf import StarProfile, add_stars
from orchestrator.stacking.canvas import CanvasPlan, canvas_of
from orchestrator.stacking.scale_check import FramePlanes, ScaleCheck
from orchestrator.stacking.state import Stack
from tilecore.detect.psf import aperture_share
from tilecore.detect.stars import STAR_DTYPE, aperture_flux, detect, sky_ring
from tilecore.stack.sky_steps import StarLight

SHAPE = (240, 320)
RGB = ("R", "G", "B")
FILES = ("a.fit", "b.fit", "c.fit", "d.fit")
NOISE = 1e-3


def info(name: str = "a.fit") -> FrameInfo:
    return FrameInfo(Path(name), Role.LIGHT, SHAPE)


def frames(count: int, shifts: tuple[float, ...] = ()) -> FrameSet:
    """Frames on the canvas of the first, moved by ``shifts`` px in x."""
    reader = SimpleNamespace(shape=SHAPE)
    made = []
    for k in range(count):
        matrix = np.eye(3)
        matrix[0, 2] = shifts[k] if k < len(shifts) else 0.0
        made.append(Frame(k, info(f"{k}.fit"), reader, matrix))  # type: ignore[arg-type]
    return FrameSet(tuple(made), 0, SHAPE, None, 1, "native")


def plan() -> CanvasPlan:
    return canvas_of(frames(1), "mono", (0, 0), SHAPE, 0.0, "lanczos3")


def sample(stars: int = 60, channels: int = 3, count: int = 4, seed: int = 0) -> StarSample:
    """Fluxes with an error of half a percent."""
    r = np.random.default_rng(seed)
    x, y = r.uniform(20, SHAPE[1] - 20, stars), r.uniform(20, SHAPE[0] - 20, stars)
    flux = 10 ** r.uniform(0, 2, (channels, stars))

    def measured(*shape: int) -> np.ndarray:
        return flux * (1 + 0.005 * r.standard_normal((*shape, channels, stars)))

    table = np.zeros(stars, STAR_DTYPE)
    table["x"], table["y"], table["fwhm"], table["snr"] = x, y, 3.0, 100
    return StarSample(plan(), 1.0, x, y, measured(), measured(count), measured(count), measured(count) / flux,
                      np.arange(count), True, 6.0, table, 0, StarLight(SHAPE, table))


def stack(seed: int = 0, *, stars: bool = True) -> tuple[Stack, StarSample]:
    """A stack of twelve frames with white noise, and its stars."""
    r = np.random.default_rng(seed)
    sky = np.zeros(SHAPE)
    x, y = (a.ravel() for a in np.meshgrid(np.arange(30.0, 300, 40), np.arange(30.0, 220, 40)))
    if stars:
        add_stars(sky, x, y, np.full(len(x), 1.0), np.full(len(x), 3.0))
    image = (0.01 + sky + NOISE * r.standard_normal(SHAPE)).astype(np.float32)[None]
    noise = (NOISE * r.standard_normal((1, *SHAPE))).astype(np.float32)
    full = np.full((1, *SHAPE), 12, np.float32)
    table = np.zeros(len(x), STAR_DTYPE)
    table["x"], table["y"], table["fwhm"], table["snr"] = x, y, 3.0, 100
    found = replace(sample(len(x), 1), x=x, y=y, detected=table, light=StarLight(SHAPE, table), radius=6.0)
    return Stack(image, np.full_like(image, NOISE**2), np.ones_like(image), full, np.zeros_like(full), noise), found


def failed(check: Check, *words: str) -> bool:
    return check.status == "failed" and all(word in f"{check} {check.files}" for word in words)


def test_star_light_passes_on_stars_that_kept_it() -> None:
    assert star_light(sample(), RGB, SHAPE, FILES).status == "passed"


def test_star_light_finds_light_that_the_stack_lost_in_one_channel() -> None:
    found = sample()
    found.stack[2] *= 0.95
    assert failed(star_light(found, RGB, SHAPE, FILES), "in the stack", "channel B", "have 0.94")


def test_star_light_finds_cores_of_bright_stars_that_rejection_took() -> None:
    found = sample()
    bright = found.stack[1] > np.quantile(found.stack[1], 0.7)
    found.stack[:, bright] *= 0.9
    check = star_light(found, RGB, SHAPE, FILES)
    assert failed(check, "bright stars")


def test_star_light_finds_a_part_of_the_field() -> None:
    found = sample(200)
    corner = (found.x > SHAPE[1] * 2 / 3) & (found.y > SHAPE[0] * 2 / 3)
    found.stack[:, corner] *= 0.8
    assert failed(star_light(found, RGB, SHAPE, FILES), "bottom right")


def test_star_light_finds_stars_that_were_replaced_as_bad_pixels() -> None:
    found = sample()
    found.cores[:, :, ::4] *= 0.7
    found.frames[:, :, ::4] *= 0.9  # a quarter of the stars, in all frames: the stack has lost them as well
    found.stack[:, ::4] *= 0.9
    assert failed(star_light(found, RGB, SHAPE, FILES), "calibration removed", "a.fit")


def test_the_wings_of_a_mean_are_those_of_its_frames() -> None:
    """Demosaicing and resampling widen the cores of undersampled stars, not their wings."""
    x, y = (a.ravel() for a in np.meshgrid(np.arange(30.0, 300, 40), np.arange(30.0, 220, 40)))
    frame = np.zeros(SHAPE)
    add_stars(frame, x, y, np.full(len(x), 1.0), np.full(len(x), 2.0), profile=StarProfile(beta=2.5))
    kernel = np.array([0.25, 0.5, 0.25])
    mean = convolve1d(convolve1d(frame, kernel, 0), kernel, 1)
    noise = 1e-5 * np.random.default_rng(0).standard_normal(SHAPE)
    wide, radius = float(np.median(detect((mean + noise).astype(np.float32))["fwhm"])), 5.0
    assert wide > 2.3
    flux = float(np.median(aperture_flux(mean.astype(np.float32), x, y, radius)))
    expected = float(np.median(aperture_flux(frame.astype(np.float32), x, y, radius)))
    expected /= float(aperture_share(np.array(2.0), 2.5, radius, sky_ring(radius)))
    assert abs(flux / share_in_mean(np.full(3, 2.0), np.ones(3), 2.5, radius) / expected - 1) < 0.01
    assert abs(flux / float(aperture_share(np.array(wide), 2.5, radius, sky_ring(radius))) / expected - 1) > 0.02


def test_a_sky_of_few_electrons_and_coarse_steps_does_not_change_the_light_of_stars() -> None:
    """The median of such a sky is below its mean in the frames, less so in their mean."""
    r = np.random.default_rng(3)
    x, y = (a.ravel() for a in np.meshgrid(np.arange(30.0, 300, 40), np.arange(30.0, 220, 40)))
    light = np.zeros(SHAPE)
    add_stars(light, x, y, np.full(len(x), 800.0), np.full(len(x), 2.5))
    taken = [np.floor(r.poisson(1.3 + light) + 0.8 * r.standard_normal(SHAPE) + 0.5).astype(np.float32) for _ in range(12)]
    mean = np.mean(taken, axis=0, dtype=np.float32)

    def ratio(measure: Callable[..., np.ndarray]) -> float:
        return float(np.median(measure(mean, x, y, 5.5) / np.median([measure(f, x, y, 5.5) for f in taken], axis=0)))

    assert abs(ratio(mean_sky_flux) - 1) < 0.005
    assert abs(ratio(aperture_flux) - 1) > 0.02
    assert FramePlanes.of(taken[0], "RGGB").fluxes(x, y, 5.5, mean_sky_flux).shape == (4, len(x))
    colour = FramePlanes.of(np.stack(taken[:3]), None).fluxes(x, y, 5.5, mean_sky_flux)
    assert np.array_equal(colour[0], mean_sky_flux(taken[0], x, y, 5.5))


def test_star_light_needs_stars() -> None:
    check = star_light(sample(3), RGB, SHAPE, FILES)
    assert check.status == "not_measured" and check.why


def test_scale_passes_and_names_the_frame_that_is_scaled_wrongly() -> None:
    found = sample()
    assert scale(found, RGB, FILES, None).status == "passed"
    found.frames[2] *= 1.08
    check = scale(found, RGB, FILES, None)
    assert failed(check, "c.fit", "1.08") and check.files == ("c.fit",)
    assert scale(found, RGB, FILES, panel_error=0.1).status == "passed"


def test_scale_fails_on_stars_that_the_scaling_left_out() -> None:
    one = np.zeros((3, 2))
    held_out = ScaleCheck(("a.fit", "c.fit"), np.array([[0, 0], [0, 0], [0.107, 0]]), one + 0.01, np.full((3, 2), 30))
    assert failed(scale(sample(), RGB, FILES, 0.008, held_out), "+10.7 %", "channel B", "a.fit")
    assert scale(sample(), RGB, FILES, 0.008, replace(held_out, residual=one)).status == "passed"


def test_scale_finds_one_colour_of_one_frame() -> None:
    found = sample()
    found.frames[1, 2] *= 0.93
    assert failed(scale(found, RGB, FILES, panel_error=0.06), "B/G", "b.fit")


def test_calibration_fails_with_the_finding() -> None:
    levels = (LightLevels(0, (300.0,), ((299.0,), (300.0,), (301.0,), (300.0,)), 12.0, 0.01),)
    sound = CalibrationResult({}, (None,), levels=levels)
    assert calibration(sound, (info(),)).status == "passed"
    finding = CalibrationFinding("sky_below_zero", "failed", -444.0, -12.0, (Path("dark.fit"),), "The sky is at -444 ADU.",
                                 "Check dark.fit.")
    check = calibration(replace(sound, findings=(finding,)), (info(),))
    assert failed(check, "-444 ADU", "Check dark.fit") and check.files == ("dark.fit",)


def test_halves_pass_and_fail_on_noise_beyond_the_expected() -> None:
    image, stars = stack()
    assert halves(image, stars).status == "passed"
    assert failed(halves(replace(image, noise=1.7 * image.noise), stars), "1.7", "expected noise")


def test_halves_fail_on_stars_that_differ() -> None:
    image, stars = stack()
    change = image.noise + np.float32(0.05) * (image.mean - np.float32(0.01))
    assert failed(halves(replace(image, noise=change), stars), "star fluxes differ", "10")


def test_halves_allow_for_the_seeing_of_the_frames_and_the_light_of_stars() -> None:
    image, found = stack()
    sharper = np.zeros(SHAPE)
    add_stars(sharper, found.x, found.y, np.full(len(found.x), 1.0), np.full(len(found.x), 2.7))
    blurred = np.zeros(SHAPE)
    add_stars(blurred, found.x, found.y, np.full(len(found.x), 1.0), np.full(len(found.x), 3.3))
    image = replace(image, noise=image.noise + ((sharper - blurred) / 2).astype(np.float32))
    assert failed(halves(image, found), "cores of stars")
    assert failed(halves(image, found, (3.0, 3.01, 2.99, 3.0)), "cores of stars")
    assert halves(image, found, (2.7, 3.3, 2.7, 3.3)).status == "passed"


def test_star_light_does_not_judge_by_the_spread_of_five_stars() -> None:
    found = sample(45, 1)
    at = np.argsort(found.x + found.y)[:5]
    found.x[at], found.y[at] = 10.0, 10.0
    found.stack[0, at] = found.expected[0, at] * np.array([1.04, 1.065, 1.075, 1.08, 1.1])
    assert star_light(found, ("L",), SHAPE, FILES).status == "passed"


def test_halves_do_not_judge_shared_noise_of_interpolated_pixels() -> None:
    image, found = stack()
    noise = cv2.GaussianBlur(image.noise[0], (0, 0), 0.8)
    image = replace(image, noise=(noise / noise.std() * NOISE)[None])
    assert failed(halves(image, found), "half-stacks differ")
    assert halves(image, replace(found, finer=2.0)).status == "passed"
    assert halves(image, replace(found, plan=replace(found.plan, registered_pixels=True))).status == "passed"
    image = replace(image, noise=4 * image.noise)
    assert failed(halves(image, replace(found, plan=replace(found.plan, registered_pixels=True))), "half-stacks differ")


def test_halves_allow_for_the_noise_that_demosaicing_correlated_and_for_nothing_else() -> None:
    """Lights, or master tiles, that another program demosaiced (bilinear, by OpenCV)."""
    image, found = stack()
    random = np.random.default_rng(2)
    raw = random.normal(30_000, 1000, SHAPE).round().astype(np.uint16)
    green = cv2.demosaicing(raw, cv2.COLOR_BayerRG2RGB)[..., 1].astype(np.float64)
    noise = (green - green.mean()) / np.diff(green, axis=1).std() * np.sqrt(2) * NOISE
    colour = replace(found, plan=replace(found.plan, mode="rgb"))
    assert failed(halves(replace(image, noise=noise[None].astype(np.float32)), found), "half-stacks differ")
    assert halves(replace(image, noise=noise[None].astype(np.float32)), colour).status == "passed"
    columns = random.standard_normal((1, SHAPE[1]))
    clouds = cv2.GaussianBlur(random.standard_normal(SHAPE), (0, 0), 4)
    for fault in (1.5 * noise, noise + 1.2 * NOISE * columns, noise + 3 * NOISE * clouds / clouds.std()):
        assert failed(halves(replace(image, noise=fault[None].astype(np.float32)), colour), "half-stacks differ")


def test_halves_need_both_halves() -> None:
    image, stars = stack()
    assert halves(replace(image, noise=np.full_like(image.noise, np.nan)), stars).status == "not_measured"


def test_rejection_fails_by_share_place_frame_and_brightness() -> None:
    image, stars = stack()
    by_frame = np.full(12, 0.001)
    names = tuple(f"{k}.fit" for k in range(12))
    assert rejection(image, by_frame, names, stars).status == "passed"
    assert failed(rejection(replace(image, rejected=image.rejected + 2), by_frame, names, stars), "16.7 %")
    place = image.rejected.copy()
    place[:, :60, :80] = 5
    assert failed(rejection(replace(image, rejected=place), by_frame, names, stars), "of the field")
    by_frame[3] = 0.4
    check = rejection(image, by_frame, names, stars)
    assert failed(check, "40 %", "--exclude 3.fit") and check.files == ("3.fit",)
    cores = image.rejected.copy()
    for x, y in zip(stars.x, stars.y, strict=True):
        cores[0, int(y) - 2: int(y) + 3, int(x) - 2: int(x) + 3] = 6
    assert failed(rejection(replace(image, rejected=cores), None, names, stars), "cores of bright stars")


def test_samples_struck_by_cosmic_rays_are_rejected_for_a_reason() -> None:
    """A hit to 800 px, each of which 60 samples are rejected: 7.5 % of all."""
    image, stars = stack()
    struck = replace(image, rejected=np.full_like(image.rejected, 0.9))
    by_frame = np.full(12, 0.075)
    by_frame[3] = 0.25
    names = tuple(f"{k}.fit" for k in range(12))
    assert failed(rejection(struck, by_frame, names, stars), "7.5 %")
    hits = np.full(12, 1 / 800)
    assert failed(rejection(struck, by_frame, names, stars, hits=hits), "--exclude 3.fit")
    assert rejection(struck, None, FILES, stars, hits=hits).status == "passed"


def test_samples_under_established_trails_are_rejected_for_a_reason() -> None:
    """Twelve frames of 240x320 px, each crossed by one trail: 16 * 400 of 76800 samples of each."""
    image, stars = stack()
    crossed = replace(image, rejected=np.full_like(image.rejected, 0.9))
    assert failed(rejection(crossed, None, FILES, stars), "7.5 %")
    assert rejection(crossed, None, FILES, stars, trails=12).status == "passed"


@pytest.mark.parametrize("step", [0.0, 1.0])
def test_sky_surface_finds_a_step_along_the_border_of_a_frame(step: float) -> None:
    image, stars = stack()
    moved = frames(2, (0.0, 120.0)).usable
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    sky = image.mean + np.float32(20 * NOISE) * (x / SHAPE[1] + (y / SHAPE[0]) ** 2).astype(np.float32)
    sky[:, :, 120:] += np.float32(step * NOISE)
    check = sky_surface(replace(image, mean=sky), plan(), moved, stars)
    assert check.details["borders"] > 0
    assert failed(check, "1.fit", "step") if step else check.status == "passed"


def placed(count: int, distort: float, seed: int = 0) -> list[SimpleNamespace]:
    """Stars of two frames; in the second they are moved radially by ``distort`` px at the corner of the field."""
    r = np.random.default_rng(seed)
    x, y = r.uniform(5, SHAPE[1] - 5, count), r.uniform(5, SHAPE[0] - 5, count)
    u, v = x / SHAPE[1] - 0.5, y / SHAPE[0] - 0.5
    made = []
    for k in range(2):
        table = np.zeros(count, STAR_DTYPE)
        radial = k * distort * (u**2 + v**2) / 0.5
        table["x"] = x + radial * u + 0.05 * r.standard_normal(count)
        table["y"] = y + radial * v + 0.05 * r.standard_normal(count)
        table["snr"] = 50
        made.append(SimpleNamespace(stars=table))
    return made


@pytest.mark.parametrize("distort", [0.0, 4.0])
def test_geometry_finds_frames_that_place_stars_elsewhere_in_a_part_of_the_field(distort: float) -> None:
    check = geometry(frames(2), placed(300, distort), plan(), "auto")  # type: ignore[arg-type]
    assert failed(check, "0.fit", "1.fit", "px apart") if distort else check.status == "passed"
    assert (check.details["predicted_px"] > 0.15) == bool(distort)


def test_geometry_needs_shared_stars() -> None:
    assert geometry(frames(2), placed(4, 0.0), plan(), "auto").status == "not_measured"  # type: ignore[arg-type]


def test_stars_of_the_image_are_those_of_the_sample() -> None:
    """The image of these tests shows the stars that its table names."""
    image, stars = stack()
    assert len(detect(image.mean[0])) == len(stars.detected)
