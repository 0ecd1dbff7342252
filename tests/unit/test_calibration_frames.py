"""Calibration frames are judged, what frames already contain is established, and calibrated levels are checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import CalibrationResult
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.discovery import scan
from orchestrator.session.master_state import Levels, dark_holds_bias, done_to, flat_holds_offset, lights_hold_bias
from orchestrator.session.model import Done
from tilecore.calibrate import consistency

SHAPE = (120, 160)
BIAS, SKY, DARK, LIGHT = 500.0, 300.0, 30.0, 20000.0
Image = np.ndarray


@dataclass
class Camera:
    """A sensor with bias pattern, dark current with warm pixels, and vignetting."""

    random: np.random.Generator

    def __post_init__(self) -> None:
        y, x = np.mgrid[-1:1:SHAPE[0] * 1j, -1:1:SHAPE[1] * 1j]
        self.vignetting = 1 - 0.2 * (x**2 + y**2)
        self.pattern = BIAS + self.random.normal(0, 2, SHAPE)
        self.current = np.full(SHAPE, DARK)
        self.current.ravel()[self.random.choice(self.current.size, 300, replace=False)] += self.random.uniform(300, 6000, 300)

    def frame(self, light: float = 0.0, dark: float = 1.0, bias: float = 1.0) -> Image:
        electrons = self.random.poisson(light * self.vignetting + dark * self.current)
        return np.asarray(np.clip(np.rint(electrons + bias * self.pattern + self.random.normal(0, 3, SHAPE)), -99, 65535))


def save(path: Path, data: Image, kind: str, exposure: float, dtype: type = np.uint16, **cards: Any) -> None:
    header = fits.Header({"IMAGETYP": kind, "EXPTIME": exposure, "INSTRUME": "camera", "GAIN": 100, **cards})
    path.parent.mkdir(parents=True, exist_ok=True)
    fits.writeto(path, data.astype(dtype), header, overwrite=True)


def session(folder: Path, camera: Camera, darks: int = 6, flats: int = 6, biases: int = 6, **cards: Any) -> Path:
    for i in range(4):
        save(folder / "lights" / f"{i}.fit", camera.frame(SKY), "Light", 60, **cards)
    for i in range(darks):
        save(folder / "darks" / f"{i}.fit", camera.frame(), "Dark", 60)
    for i in range(flats):
        save(folder / "flats" / f"{i}.fit", camera.frame(LIGHT, 0), "Flat", 1)
    for i in range(biases):
        save(folder / "biases" / f"{i}.fit", camera.frame(0, 0), "Bias", 0)
    return folder


def mean(camera: Camera, count: int = 12, **what: float) -> Image:
    return np.asarray(np.mean([camera.frame(**what) for _ in range(count)], axis=0))


def calibrated(folder: Path, tmp_path: Path) -> tuple[CalibrationResult, list[str]]:
    run = tmp_path / "run"
    run.mkdir()
    config = RunConfig()
    context = RunContext(config, run, EventLog(run / "events.jsonl"), 2**28, 2)
    result = NativeEngine().calibrate(scan([folder], config).session, context)
    return result, [f"{f.code} {f.action}" for f in result.findings]


def sky(result: CalibrationResult) -> tuple[float, float]:
    """Lowest and highest level of the calibrated lights over the middle and the corners."""
    levels = np.median([[light.centre, *light.corners] for light in result.levels], axis=0)
    return float(levels.min()), float(levels.max())


def sky_is_right(result: CalibrationResult) -> bool:
    low, high = sky(result)
    return low > 0.96 * SKY and high < 1.04 * SKY and high < 1.05 * low


@pytest.fixture
def camera() -> Camera:
    return Camera(np.random.default_rng(5))


def test_an_ordinary_session_has_no_findings(camera: Camera, tmp_path: Path) -> None:
    result, found = calibrated(session(tmp_path / "s", camera), tmp_path)
    assert not found and sky_is_right(result)
    assert len(result.levels) == 4 and all(light.noise == pytest.approx(18, rel=0.3) for light in result.levels)


@pytest.mark.parametrize("cards", [{}, {"CALSTAT": "B"}])
@pytest.mark.parametrize("raw", [False, True])
def test_a_dark_without_its_bias_gets_it(camera: Camera, tmp_path: Path, cards: dict[str, Any], raw: bool) -> None:
    folder = session(tmp_path / "s", camera, darks=0)
    for i in range(5 if raw else 1):
        name = f"{i}.fit" if raw else "master_dark.fit"
        save(folder / "darks" / name, mean(camera, 3 if raw else 12) - camera.pattern, "Dark", 60, np.float32, **cards)
    result, found = calibrated(folder, tmp_path)
    assert found == ["dark_without_bias corrected"] and sky_is_right(result)
    assert f"{BIAS:.0f} ADU" in str(result.findings[0]) and result.findings[0].files[0].parent.name == "darks"


def test_a_dark_whose_card_denies_the_bias_that_its_pixels_show_is_used_as_it_is(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, darks=0)
    save(folder / "darks" / "master_dark.fit", mean(camera), "Dark", 60, np.float32, CALSTAT="B")
    result, found = calibrated(folder, tmp_path)
    assert found == ["cards_contradicted corrected"] and sky_is_right(result)


def test_a_dark_without_bias_beside_no_bias_fails(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, darks=0, biases=0)
    save(folder / "darks" / "master_dark.fit", mean(camera) - camera.pattern, "Dark", 60, np.float32, CALSTAT="B")
    result, found = calibrated(folder, tmp_path)
    assert found == ["dark_without_bias failed"] and "synthetic_bias" in result.findings[0].remedy


@pytest.mark.parametrize(("make", "dtype", "cards"), [
    (lambda raw, bias: raw, np.uint16, {"NCOMBINE": 12}), (lambda raw, bias: raw - bias, np.uint16, {"CALSTAT": "BD"}),
    (lambda raw, bias: raw - bias, np.float32, {}), (lambda raw, bias: (raw - bias) / 65535, np.float32, {}),
    (lambda raw, bias: (raw - bias) / np.mean(raw - bias), np.float32, {}), (lambda raw, bias: raw * 65536, np.uint32, {})])
def test_a_master_flat_is_used_whatever_program_wrote_it(camera: Camera, tmp_path: Path, make: Callable[[Image, Image], Image],
                                                         dtype: type, cards: dict[str, Any]) -> None:
    folder = session(tmp_path / "s", camera, flats=0)
    flat = make(mean(camera, light=1500, dark=0), camera.pattern)
    flat[60, 70] = 7 * np.median(flat)  # a hot pixel, which must not change the scale
    save(folder / "flats" / "master_flat.fit", flat, "Master Flat", 1, dtype, **cards)
    result, found = calibrated(folder, tmp_path)
    assert not [f for f in found if "failed" in f] and sky_is_right(result)


@pytest.mark.parametrize("status", ["BDF", "BD", ""])
def test_lights_that_are_calibrated_are_not_calibrated_again(camera: Camera, tmp_path: Path, status: str) -> None:
    folder = session(tmp_path / "s", camera)
    for i in range(4):
        data = (camera.frame(SKY) - camera.pattern - camera.current) / (1 if status == "BD" else camera.vignetting)
        save(folder / "lights" / f"{i}.fit", data, "Light", 60, np.float32, **({"CALSTAT": status} if status else {}))
    result, found = calibrated(folder, tmp_path)
    assert found == ["lights_calibrated corrected"] and sky_is_right(result)
    assert not [w for w in result.warnings if "No flats" in w]


def test_calibrated_lights_without_calibration_frames_do_not_miss_them(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, darks=0, flats=0, biases=0, CALSTAT="BDF")
    result, found = calibrated(folder, tmp_path)
    assert not found and not [w for w in result.warnings if w.startswith("No ")]


def test_raw_lights_whose_cards_call_them_calibrated_are_calibrated(camera: Camera, tmp_path: Path) -> None:
    result, found = calibrated(session(tmp_path / "s", camera, CALSTAT="BDF"), tmp_path)
    assert found == ["cards_contradicted corrected"] and sky_is_right(result)


def test_a_raw_light_among_calibrated_ones_is_left_out(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera)
    for i in range(3):
        save(folder / "lights" / f"{i}.fit", camera.frame(SKY, bias=0) - camera.current, "Light", 60, np.float32, CALSTAT="BD")
    result, _ = calibrated(folder, tmp_path)
    assert list(result.reasons) == [3] and result.readers[3] is None and "not calibrated" in result.reasons[3]
    assert sky_is_right(result)


@pytest.mark.parametrize("shifted", ["lights", "darks", "darks biases flats"])
def test_12_bits_beside_12_bits_shifted_to_16_are_brought_to_one_scale(camera: Camera, tmp_path: Path, shifted: str) -> None:
    folder = session(tmp_path / "s", camera)
    for path in folder.glob("*/*.fit"):
        data, header = fits.getdata(path, header=True)
        factor = 16 if path.parent.name in shifted.split() else 1
        save(path, np.rint(data / 16.0) * factor, header["IMAGETYP"], header["EXPTIME"])
    result, found = calibrated(folder, tmp_path)
    assert "other_scale corrected" in found
    level = np.median(fits_io.image_layout(result.masters["bias"]).read()) * 65535
    assert level == pytest.approx(BIAS if shifted == "lights" else BIAS / 16, rel=0.03)
    low, high = sky(result)
    scale = SKY if shifted == "lights" else SKY / 16
    assert 0.9 * scale < low and high < 1.1 * scale


@pytest.mark.parametrize(("role", "make", "code"), [
    ("darks", lambda c: c.frame(LIGHT, 0), "frame_above_lights"), ("darks", lambda c: 100 * c.frame(), "frame_above_lights"),
    ("biases", lambda c: c.frame(0, 0) - 200, "odd_level"),
    ("darks", lambda c: c.frame() + np.linspace(0, 140, 160), "odd_shape"),
    ("flats", lambda c: c.frame(), "flat_without_light"), ("flats", lambda c: c.frame(90000, 0), "flat_clipped"),
    ("darks", lambda c: np.stack([c.frame()] * 3), "other_planes"),
    ("flats", lambda c: c.frame(LIGHT, 0) + np.where(np.arange(SHAPE[1]) < 40, 5000, 0), "odd_shape")])
def test_one_bad_calibration_frame_is_left_out_by_name(camera: Camera, tmp_path: Path, role: str, make: Callable[[Camera], Image],
                                                       code: str) -> None:
    folder = session(tmp_path / "s", camera)
    kind, exposure = {"darks": ("Dark", 60), "biases": ("Bias", 0), "flats": ("Flat", 1)}[role]
    save(folder / role / "bad.fit", np.clip(make(camera), 0, 65535), kind, exposure)
    result, found = calibrated(folder, tmp_path)
    assert found == [f"{code} left_out"] and [p.name for p in result.findings[0].files] == ["bad.fit"]
    assert "bad.fit" in result.findings[0].reason and sky_is_right(result)


def test_flats_that_are_all_clipped_fail_and_are_not_used(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, flats=0)
    for i in range(4):
        save(folder / "flats" / f"{i}.fit", camera.frame(75000, 0), "Flat", 1)
    result, found = calibrated(folder, tmp_path)
    assert found == ["flat_clipped failed"] and "65535" in result.findings[0].reason and "flat" not in result.masters


def test_flats_darker_than_their_bias_fail_by_name(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, flats=0)
    for i in range(3):
        save(folder / "flats" / f"{i}.fit", camera.frame(0, 0) - 20, "Flat", 1)
    result, found = calibrated(folder, tmp_path)
    assert found == ["flat_without_light failed"] and len(result.findings[0].files) == 3
    assert "480 ADU" in result.findings[0].reason


def test_the_mean_of_clipped_flats_is_recognised_after_its_bias_was_subtracted(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, flats=0)
    save(folder / "flats" / "master_flat.fit", mean(camera, light=80000, dark=0) - camera.pattern, "Master Flat", 1, np.float32)
    assert calibrated(folder, tmp_path)[1] == ["flat_clipped failed"]


def test_of_two_darks_the_one_that_light_reached_is_left_out(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, darks=1)
    save(folder / "darks" / "bad.fit", camera.frame(200), "Dark", 60)
    result, found = calibrated(folder, tmp_path)
    assert found == ["odd_shape left_out"] and result.findings[0].files[0].name == "bad.fit" and sky_is_right(result)


def test_two_darks_that_contradict_each_other_are_refused_by_name(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, darks=1)
    save(folder / "darks" / "other.fit", camera.frame() - 150, "Dark", 60)
    with pytest.raises(InputError, match=r"other\.fit is 380 ADU.*0\.fit 530 ADU"):
        calibrated(folder, tmp_path)


def test_a_trail_in_one_of_four_darks_does_not_reach_the_master(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, darks=4)
    data = camera.frame()
    data[30:32] += 2000
    save(folder / "darks" / "2.fit", data, "Dark", 60)
    result, found = calibrated(folder, tmp_path)
    rows = fits_io.image_layout(result.masters["dark"]).read() * 65535
    assert not found and np.median(rows[30:32]) == pytest.approx(np.median(rows), abs=3)


@pytest.mark.parametrize(("light", "code"), [(0.0, "dark_above_lights failed"), (1.0, "negative_sky failed")])
def test_a_dark_above_its_lights_fails(camera: Camera, tmp_path: Path, light: float, code: str) -> None:
    folder = session(tmp_path / "s", camera, darks=0)
    leak = 900 * np.exp(-((np.arange(SHAPE[1]) / 40) ** 2)) if light else np.full(SHAPE[1], 600.0)
    for i in range(5):
        save(folder / "darks" / f"{i}.fit", camera.frame() + leak, "Dark", 60)
    result, found = calibrated(folder, tmp_path)
    assert found == [code] and result.findings[0].failed and len(result.findings[0].files) == 5
    assert result.findings[0].files[0].parent.name == "darks"


@pytest.mark.parametrize("where", ["darks only", "darks and lights"])
def test_light_that_reached_the_darks_alone_is_found_and_glow_is_not(camera: Camera, tmp_path: Path, where: str) -> None:
    folder = session(tmp_path / "s", camera, darks=0)
    glow = 200 * np.exp(-np.arange(SHAPE[1]) / 32)  # the sky stays above zero
    for i in range(5):
        save(folder / "darks" / f"{i}.fit", camera.frame() + glow, "Dark", 60)
    if where == "darks and lights":
        for i in range(4):
            save(folder / "lights" / f"{i}.fit", camera.frame(SKY) + glow, "Light", 60)
    result, found = calibrated(folder, tmp_path)
    assert found == (["dark_leak failed"] if where == "darks only" else [])
    assert all(path.parent.name == "darks" for f in result.findings for path in f.files)


def test_an_offset_left_in_the_lights_shows_as_the_inverse_of_the_flat(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, darks=0, biases=0)
    result, found = calibrated(folder, tmp_path)
    assert found == ["vignetting_left failed"] and result.findings[0].value < -0.3


def test_darks_and_flats_of_colour_frames_are_combined(camera: Camera, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    for kind, exposure, light, count in (("light", 60, SKY, 4), ("dark", 60, 0.0, 5), ("flat", 1, LIGHT, 5), ("bias", 0, 0.0, 5)):
        for i in range(count):
            planes = np.stack([camera.frame(light, exposure / 60) for _ in range(3)])
            save(folder / kind / f"{i}.fit", planes, kind, exposure)
    result, found = calibrated(folder, tmp_path)
    assert not [f for f in found if "failed" in f] and sky_is_right(result)
    assert fits_io.image_layout(result.masters["dark"]).shape == (3, *SHAPE)


@pytest.mark.parametrize(("cards", "history", "done"), [
    ({"CALSTAT": "BDF"}, (), (True, True, True)), ({"CALSTAT": "B "}, (), (True, False, False)),
    ({"CALSTAT": "RAW"}, (), (False,) * 3), ({"ZEROCOR": "done"}, (), (True, False, False)),
    ({"DARKCOR": "F"}, (), (False,) * 3), ({"SUBDARK": "ccd=x"}, (), (False, True, False)),
    ({}, ("bias subtracted",), (True, False, False)), ({}, ("Calibrated with a master dark",), (False, True, False)),
    ({}, ("masterBias.enabled: true, calibration", "masterDarkEnabled: false, calibration"), (True, False, False)),
    ({}, ("dark not subtracted", "flat panel at 30 %", "Stacked 20 frames"), (False,) * 3)])
def test_cards_name_what_was_done(cards: dict[str, Any], history: tuple[str, ...], done: tuple[bool, ...]) -> None:
    header = fits.Header(cards)
    for line in history:
        header["HISTORY"] = line
    found = done_to(header)
    assert (found.bias, found.dark, found.flat) == done and bool(found.where) == any(done)


def test_levels_refute_cards_and_decide_without_them() -> None:
    light = Levels(830, 20, 750)
    assert not dark_holds_bias(Levels(30, 3, 10), 500, light, Done(), shares_pattern=False)
    assert dark_holds_bias(Levels(530, 3, 500), 500, light, Done(), shares_pattern=False)
    # Both together would be above the lights.
    assert dark_holds_bias(Levels(530, 3, 500), 500, light, Done(bias=True), shares_pattern=False)
    assert not dark_holds_bias(Levels(530, 3, 500), 500, Levels(3000, 50, 2500), Done(bias=True), shares_pattern=False)
    assert not lights_hold_bias(Levels(300, 20, 200), 500, Done()) and lights_hold_bias(light, 500, Done())
    assert flat_holds_offset(Levels(20000, 100, 9000), 500, Done(), integer=True)
    assert not flat_holds_offset(Levels(20000, 100, 20), 500, Done(), integer=True)
    assert not flat_holds_offset(Levels(1.0, 0.01, 0.5), 500, Done(), integer=False)


def test_the_step_of_integers_is_a_power_of_two() -> None:
    random = np.random.default_rng(1)
    values = random.integers(100, 4000, 500)
    assert consistency.binary_step(values) == 1 and consistency.binary_step(16 * values) == 16
    assert consistency.binary_step(np.append(16 * values, 65535)) == 16 and consistency.binary_step(np.full(50, 512)) == 0


@pytest.mark.parametrize("power", [1.0, 0.0, -0.5])
def test_vignetting_left_is_the_power_of_the_flat_beside_a_plane(power: float) -> None:
    y, x = np.mgrid[-1:1:8j, -1:1:8j]
    flat = 1 - 0.2 * (x**2 + y**2)
    noise = np.random.default_rng(2).normal(1, 1e-4, flat.shape)
    left = consistency.vignetting_left(300 * flat**power * np.exp(0.1 * x - 0.05 * y) * noise, flat)
    assert left is not None and left.slope == pytest.approx(power, abs=0.01)
    assert (left.explained > 0.99) == (power != 0)
    assert consistency.vignetting_left(flat, np.ones_like(flat)) is None


@pytest.mark.parametrize(("axes", "turn"), [((0,), "upside down"), ((1,), "mirrored"), ((0, 1), "turned by 180 degrees")])
def test_a_flat_that_is_turned_against_the_lights_is_named(axes: tuple[int, ...], turn: str) -> None:
    y, x = np.mgrid[-1:1:8j, -1:1:8j]
    flat = 1 - 0.15 * ((x - 0.3) ** 2 + (y + 0.2) ** 2)
    r = np.random.default_rng(3)
    noise = r.normal(1, 2e-3, flat.shape)
    found = consistency.turned_flat(300 * np.flip(flat, axes) / flat * noise, flat)
    assert found is not None and found[0] == turn and found[1].slope == pytest.approx(1, abs=0.1)
    # A flat that fits leaves the gradient of the sky, whose direction and size are those of a turned flat by chance only.
    wrong = [consistency.turned_flat(300 * np.exp(a * (x * np.cos(t) + y * np.sin(t))) * noise, flat) is not None
             for a, t in zip(r.uniform(0, 0.3, 200), r.uniform(0, 2 * np.pi, 200), strict=True)]
    assert sum(wrong) <= 12
    assert consistency.turned_flat(300 * noise, flat) is None


def test_flats_turned_by_180_degrees_are_doubted(camera: Camera, tmp_path: Path) -> None:
    folder = session(tmp_path / "s", camera, flats=0)
    shade = 1 - 0.3 * np.arange(SHAPE[1]) / SHAPE[1]
    for i in range(4):
        save(folder / "lights" / f"{i}.fit", camera.frame(SKY * shade), "Light", 60)
        save(folder / "flats" / f"{i}.fit", camera.frame(LIGHT * shade, 1 / 60)[::-1, ::-1], "Flat", 1)
    assert "flat_turned doubted" in calibrated(folder, tmp_path)[1]
