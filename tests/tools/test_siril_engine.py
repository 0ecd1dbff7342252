"""The Siril engine with the real Siril, against the formulas in numpy and the truth of simulated skies."""

from __future__ import annotations

import dataclasses
import gzip
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from scipy.spatial import cKDTree

from orchestrator import RunConfig, run
from orchestrator.config.settings import Registration
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.engines.siril.engine import SirilEngine, siril_pattern
from orchestrator.engines.siril.registered_frames import accept
from orchestrator.errors import ToolError
from orchestrator.session.model import Role
from orchestrator.simulation.truth import transform_points

PLAIN = {"cosmetic": False}


def pixels(path: Path) -> np.ndarray:
    with fits.open(path) as file:
        data, raw = file[0].data, file[0].header["BITPIX"] > 0
        return data.astype(np.float64) / (65535 if raw else 1)


def masters(result) -> dict[str, np.ndarray]:  # type: ignore[no-untyped-def]
    return {kind: pixels(path) for kind, path in result.masters.items()}


def centre_mean(flat: np.ndarray) -> float:
    """Siril's normalisation of a flat: its middle third, rows counted from the other end."""
    h, w = flat.shape
    return float(flat[h - 2 * (h // 3) : h - h // 3, w // 3 : 2 * (w // 3)].mean())


def equalised(flat: np.ndarray, cfa: str) -> np.ndarray:
    """The flat with red and blue brought to green, as Siril measures it: means of the 6 x 6 cells of the middle."""
    h, w = flat.shape
    row, column = np.mgrid[h // 3 : h - h // 3, w // 3 : w - w // 3]
    middle = flat[h // 3 : h - h // 3, w // 3 : w - w // 3]
    means: dict[str, list[float]] = {"R": [], "G": [], "B": []}
    for i in range(6):
        for j in range(6):
            cell = middle[(row % 6 == i) & (column % 6 == j)].mean()
            means[cfa[2 * (i % 2) + j % 2]].append(float(cell))
    result = flat.copy()
    for k, colour in enumerate(cfa):
        result[k // 2 :: 2, k % 2 :: 2] /= np.mean(means[colour]) / np.mean(means["G"])
    return result


def test_masters_are_the_clipped_means_and_lights_follow_the_formula(siril, session_in, context, simulated) -> None:
    folder, _ = simulated("tiny_mono")
    session = session_in(folder)
    result = SirilEngine(siril).calibrate(session, context(calibration=PLAIN))
    made = masters(result)
    bias = np.mean([pixels(f.path) for f in session.frames[Role.BIAS]], axis=0)
    np.testing.assert_allclose(made["bias"], bias, atol=1e-7)
    flats = [pixels(f.path) - made["bias"] for f in session.frames[Role.FLAT]]
    flat = np.mean([f * np.median(flats[0]) / np.median(f) for f in flats], axis=0)
    np.testing.assert_allclose(made["flat"] / flat, np.median(made["flat"] / flat), rtol=2e-5)
    for info, reader in zip(session.lights, result.readers, strict=True):
        wanted = (pixels(info.path) - made["dark"]) / made["flat"] * centre_mean(made["flat"])
        np.testing.assert_allclose(reader.read(), wanted, atol=1e-6)


def test_a_mosaic_is_divided_by_the_equalised_flat(siril, session_in, context, simulated) -> None:
    folder, _ = simulated("tiny_osc")
    session = session_in(folder, "RGGB")
    result = SirilEngine(siril).calibrate(session, context(calibration=PLAIN))
    made = masters(result)
    assert set(made) == {"bias", "dark", "flat", "darkflat"}
    flat = equalised(made["flat"], "RGGB")
    wanted = (pixels(session.lights[2].path) - made["dark"]) / flat * centre_mean(flat)
    np.testing.assert_allclose(result.readers[2].read(), wanted, atol=1e-6)


@pytest.mark.parametrize(("preset", "cfa"), [("tiny_mono", None), ("tiny_osc", "RGGB")])
def test_bad_pixels_are_found_and_mended_as_by_the_native_engine(siril, session_in, context, simulated, preset, cfa) -> None:
    folder, truth = simulated(preset)
    session = session_in(folder, cfa)
    plain = SirilEngine(siril).calibrate(session, context("a", calibration=PLAIN)).readers[0].read()
    result, native = (engine.calibrate(session, context(name)) for engine, name in
                      ((SirilEngine(siril), "b"), (NativeEngine(), "c")))
    mended = result.readers[0].read()
    np.testing.assert_allclose(mended, native.readers[0].read(), atol=1e-5)
    x, y = truth.hot[:, :2].astype(int).T
    assert (plain != mended)[y, x].all() and (plain != mended).sum() <= len(x) + 2
    # The stack knows them too.
    assert result.readers[0].bad == result.masters["bad_pixels"]


def test_without_darks_the_bias_or_a_constant_is_taken_off(siril, session_in, context, simulated) -> None:
    folder, _ = simulated("tiny_mono")
    whole = session_in(folder)
    only = {Role.LIGHT: whole.lights[:3]}
    level = {"calibration": {"synthetic_bias": 500, "cosmetic": False}}
    result = SirilEngine(siril).calibrate(dataclasses.replace(whole, frames=only), context("a", **level))
    np.testing.assert_allclose(result.readers[1].read(), pixels(whole.lights[1].path) - 500 / 65535, atol=1e-6)
    half = {"calibration": {"synthetic_bias": 500.5, "cosmetic": False}}
    result = SirilEngine(siril).calibrate(dataclasses.replace(whole, frames=only), context("b", **half))
    np.testing.assert_allclose(result.readers[1].read(), pixels(whole.lights[1].path) - 500.5 / 65535, atol=1e-6)
    with_bias = dataclasses.replace(whole, frames={**only, Role.BIAS: whole.frames[Role.BIAS]})
    result = SirilEngine(siril).calibrate(with_bias, context("c", calibration={"cosmetic": False}))
    wanted = pixels(whole.lights[1].path) - pixels(result.masters["bias"])
    np.testing.assert_allclose(result.readers[1].read(), wanted, atol=1e-6)


def test_without_any_master_the_lights_stay_as_they_are(siril, session_in, context, simulated) -> None:
    folder, _ = simulated("tiny_mono")
    session = dataclasses.replace(session_in(folder), frames={Role.LIGHT: session_in(folder).lights[:2]})
    result = SirilEngine(siril).calibrate(session, context())
    assert result.masters == {}
    np.testing.assert_allclose(result.readers[0].read(), pixels(session.lights[0].path), atol=1e-7)


def test_transforms_agree_with_the_truth(siril, session_in, context, simulated) -> None:
    for preset, cfa in (("tiny_mono", None), ("tiny_osc", "RGGB")):
        folder, truth = simulated(preset)
        session, environment, engine = session_in(folder, cfa), context(preset), SirilEngine(siril)
        frames = engine.register(session, engine.calibrate(session, environment), environment)
        assert (frames.cfa, frames.channels, frames.registered_pixels) == (cfa, 1, False)
        assert len(frames.usable) == len(session.lights)
        x, y = np.meshgrid(np.linspace(0, 199, 7), np.linspace(0, 159, 7))
        to_canvas = np.linalg.inv(truth.matrices[frames.reference])
        for frame in frames.frames:
            tx, ty = transform_points(to_canvas @ truth.matrices[frame.index], x, y)
            fx, fy = transform_points(frame.matrix, x, y)
            rms = np.sqrt(np.mean((tx - fx) ** 2 + (ty - fy) ** 2))
            assert rms < 0.12, (preset, frame.index, rms)
            assert frame.index == frames.reference or 0 < frame.residual < 0.2
            assert frame.matched_stars >= 8


def test_the_reference_asked_for_is_the_canvas(siril, session_in, context, simulated) -> None:
    folder, _ = simulated("tiny_mono")
    session = session_in(folder)
    environment = context(registration={"reference": "light_00003.fit"})
    engine = SirilEngine(siril)
    frames = engine.register(session, engine.calibrate(session, environment), environment)
    assert frames.reference == 2
    np.testing.assert_array_equal(frames.frames[2].matrix, np.eye(3))
    assert not np.allclose(frames.frames[7].matrix, np.eye(3), atol=0.5)


@pytest.mark.parametrize(("preset", "cfa", "channels"), [("tiny_mono", None, 1), ("tiny_osc", "RGGB", 3)])
def test_exported_frames_lie_on_the_reference(siril, session_in, context, simulated, preset, cfa, channels) -> None:
    folder, _ = simulated(preset)
    session, engine = session_in(folder, cfa), SirilEngine(siril)
    environment = context(engine={"siril": {"output": "frames"}}, registration={"reference": "light_00004.fit"})
    frames = engine.register(session, engine.calibrate(session, environment), environment)
    assert (frames.registered_pixels, frames.channels, frames.cfa, frames.reference) == (True, channels, None, 3)
    green = [f.reader.read()[1] if channels == 3 else f.reader.read() for f in frames.frames]
    middle = (slice(20, -20), slice(20, -20))
    for image in green:
        assert np.corrcoef(image[middle].ravel(), green[3][middle].ravel())[0, 1] > 0.9


def test_frames_without_stars_come_back_with_the_reason(siril, session_in, context, simulated, tmp_path) -> None:
    folder, _ = simulated("tiny_mono")
    session = session_in(folder)
    noise = np.random.default_rng(1).normal(1000, 10, session.shape).astype(np.uint16)
    blank, broken = tmp_path / "blank.fit", tmp_path / "broken.fit"
    fits.writeto(blank, noise)
    broken.write_bytes(blank.read_bytes()[:9000])
    strays = tuple(dataclasses.replace(session.lights[0], path=p) for p in (blank, broken))
    lights = (*session.lights[:3], *strays, *session.lights[3:])
    session = dataclasses.replace(session, frames={**session.frames, Role.LIGHT: lights})
    environment, engine = context(), SirilEngine(siril)
    result = engine.calibrate(session, environment)
    assert set(result.reasons) == {4} and "truncated" in result.reasons[4]
    frames = engine.register(session, result, environment)
    assert [f.index for f in frames.frames if f.matrix is None] == [3, 4]
    assert "could not register" in frames.frames[3].reason and "truncated" in frames.frames[4].reason
    assert frames.frames[7].info.path.name == "light_00006.fit"
    np.testing.assert_allclose(frames.frames[7].matrix[:2, 2], [0.5, -1.0], atol=0.3)


def test_no_stars_at_all_is_a_tool_error(siril, session_in, context, simulated, tmp_path) -> None:
    session = session_in(simulated("tiny_mono")[0])
    lights = []
    for n in range(3):
        path = tmp_path / f"blank{n}.fit"
        fits.writeto(path, np.random.default_rng(n).normal(1000, 10, session.shape).astype(np.uint16))
        lights.append(dataclasses.replace(session.lights[0], path=path))
    session = dataclasses.replace(session, frames={Role.LIGHT: tuple(lights)})
    engine, environment = SirilEngine(siril), context()
    with pytest.raises(ToolError):
        engine.register(session, engine.calibrate(session, environment), environment)


def test_a_single_calibration_frame_is_its_own_master(siril, session_in, context, simulated) -> None:
    session = session_in(simulated("tiny_mono")[0])
    one = {role: frames[:1] if role is not Role.LIGHT else frames[:2] for role, frames in session.frames.items()}
    result = SirilEngine(siril).calibrate(dataclasses.replace(session, frames=one), context())
    np.testing.assert_allclose(pixels(result.masters["dark"]), pixels(one[Role.DARK][0].path), atol=1e-7)


def test_a_given_master_is_used(siril, session_in, context, simulated, tmp_path) -> None:
    folder, _ = simulated("tiny_mono")
    dark = tmp_path / "my dark.fit"
    fits.writeto(dark, np.full((160, 200), 505.25, np.float32))
    session = session_in(folder, dark=dark)
    session = dataclasses.replace(session, frames={Role.LIGHT: session.lights[:2]})
    result = SirilEngine(siril).calibrate(session, context(calibration=PLAIN))
    wanted = pixels(session.lights[0].path) - 505.25 / 65535
    np.testing.assert_allclose(result.readers[0].read(), wanted, atol=1e-6)


def test_names_that_siril_cannot_read_do_not_matter(siril, session_in, context, simulated, tmp_path) -> None:
    folder, _ = simulated("tiny_mono")
    odd = tmp_path / "lights"
    odd.mkdir()
    names = [b"a b.fit", b"quote'\"both.fit", b"hash # $x$.fit", b"new\nline.fit", b"latin\xe9.fit", b"[1].fit"]
    for n, name in enumerate(names, 1):
        target = Path(odd / name.decode("utf-8", "surrogateescape"))
        target.write_bytes((folder / "lights" / f"light_0000{n}.fit").read_bytes())
    session = session_in(tmp_path)
    engine, environment = SirilEngine(siril), context("it's a \"run\" #1 é", calibration={"cosmetic": False})
    frames = engine.register(session, engine.calibrate(session, environment), environment)
    assert len(frames.usable) == len(names)
    for frame in frames.frames:
        np.testing.assert_allclose(frame.reader.read(), pixels(frame.info.path), atol=1e-7)


def test_compressed_and_float_frames_are_made_readable(siril, session_in, context, simulated, tmp_path) -> None:
    folder, _ = simulated("tiny_mono")
    lights = tmp_path / "lights"
    lights.mkdir()
    raw = [(folder / "lights" / f"light_0000{n}.fit").read_bytes() for n in (1, 2)]
    (lights / "1.fit.gz").write_bytes(gzip.compress(raw[0]))
    data = fits.getdata(folder / "lights" / "light_00002.fit")
    fits.writeto(lights / "2.fit", data.astype(np.float32))
    fits.writeto(lights / "3.fit", data.astype(np.int32))
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(data)]).writeto(lights / "4.fit.fz")
    result = SirilEngine(siril).calibrate(session_in(tmp_path), context())
    wanted = pixels(folder / "lights" / "light_00002.fit")
    np.testing.assert_allclose(result.readers[0].read(), pixels(folder / "lights" / "light_00001.fit"), atol=1e-7)
    for reader in result.readers[1:]:
        np.testing.assert_allclose(reader.read(), wanted, atol=1e-7)


@pytest.mark.parametrize("row_order", ["TOP-DOWN", "BOTTOM-UP", None])
@pytest.mark.parametrize("header", ["RGGB", "GRBG", None])
def test_colours_are_right_whatever_the_header_says(siril, session_in, context, tmp_path, row_order, header) -> None:
    lights = tmp_path / "lights"
    lights.mkdir()
    mosaic = np.zeros((64, 64), np.uint16)
    for k, level in enumerate((2000, 1000, 4000, 2000)):  # GBRG in memory: red 4000, green 2000, blue 1000
        mosaic[k // 2 :: 2, k % 2 :: 2] = level
    for n in (1, 2):
        image = fits.PrimaryHDU(mosaic)
        image.header.update({k: v for k, v in (("ROWORDER", row_order), ("BAYERPAT", header)) if v})
        image.writeto(lights / f"{n}.fit")
    session = session_in(tmp_path, "GBRG")
    result = SirilEngine(siril).calibrate(session, context(engine={"siril": {"output": "frames"}}))
    colour = result.readers[0].read()
    assert colour.shape == (3, 64, 64)
    np.testing.assert_allclose(colour[:, 30, 30] * 65535, (4000, 2000, 1000), atol=1)


def test_readers_pickle_without_pixels_and_read_rows(siril, session_in, context, simulated) -> None:
    session = session_in(simulated("tiny_mono")[0])
    session = dataclasses.replace(session, frames={Role.LIGHT: session.lights[:2]})
    reader = SirilEngine(siril).calibrate(session, context()).readers[0]
    packed = pickle.dumps(reader)
    assert len(packed) < 2000
    again = pickle.loads(packed)
    assert again.shape == (160, 200)
    np.testing.assert_array_equal(again.read(10, 13), reader.read()[10:13])


def test_scaled_darks_of_small_frames_are_refused_since_siril_crashes(siril, session_in, context, simulated) -> None:
    session = session_in(simulated("tiny_mono")[0])
    with pytest.raises(ToolError, match="512"):
        SirilEngine(siril).calibrate(session, context(calibration={"dark_scaling": True}))


def test_a_dark_of_another_exposure_is_scaled(siril, session_in, context, tmp_path) -> None:
    rng = np.random.default_rng(3)
    current = rng.gamma(2.0, 60.0, (520, 520))
    frames = {
        "biases": [500 + rng.normal(0, 3, current.shape) for _ in range(3)],
        "darks": [500 + current + rng.normal(0, 3, current.shape) for _ in range(3)],
        "lights": [900 + 0.5 * current + rng.normal(0, 3, current.shape) for _ in range(2)],
    }
    for name, images in frames.items():
        (tmp_path / name).mkdir()
        for n, image in enumerate(images):
            fits.writeto(tmp_path / name / f"{n}.fit", image.round().astype(np.uint16))
    settings = {"dark_scaling": True, "cosmetic": False}
    result = SirilEngine(siril).calibrate(session_in(tmp_path), context(calibration=settings))
    left = result.readers[0].read() * 65535
    assert left.mean() == pytest.approx(400, abs=2)
    assert left.std() < 6, "the dark current is still there"


def test_the_pattern_told_to_siril_counts_rows_from_the_top(session_in, simulated) -> None:
    session = session_in(simulated("tiny_osc")[0], "RGGB")
    assert siril_pattern(session) == 0
    upside_down = tuple(dataclasses.replace(f, top_down=False) for f in session.lights)
    assert siril_pattern(dataclasses.replace(session, frames={Role.LIGHT: upside_down})) == 2
    odd = tuple(dataclasses.replace(f, shape=(161, 200)) for f in upside_down)
    assert siril_pattern(dataclasses.replace(session, frames={Role.LIGHT: odd})) == 0


def test_transforms_are_accepted_on_their_stars() -> None:
    settings = Registration()
    stars = np.random.default_rng(1).uniform(0, 200, (30, 2))
    shift = np.array([[1, 0, 2.0], [0, 1, -1.0], [0, 0, 1]])
    there = stars + np.array([2.0, -1.0])
    assert accept(shift, stars, there, settings) == ("", pytest.approx(0, abs=1e-9), 30)
    assert "reflection" in accept(np.diag([1.0, -1.0, 1.0]), stars, there, settings)[0]
    assert "scale" in accept(np.diag([1.02, 1.02, 1.0]), stars, there, settings)[0]
    assert "agree" in accept(shift, stars, np.random.default_rng(2).uniform(900, 999, (30, 2)), settings)[0]
    assert "px off" in accept(shift, stars, there + np.array([1.2, 0.0]), settings)[0]
    assert "agree" in accept(shift, np.empty((0, 2)), there, settings)[0]


def test_a_stray_among_real_frames_is_refused(siril, session_in, light_info, context, real_data) -> None:
    folder = real_data / "mono_lrgb_m8"
    paths = [*sorted(folder.glob("light_L_*.fit"))[:5], folder / "L_12.fit"]
    session = dataclasses.replace(session_in(folder), frames={Role.LIGHT: tuple(light_info(p) for p in paths)})
    engine, environment = SirilEngine(siril), context()
    frames = engine.register(session, engine.calibrate(session, environment), environment)
    assert [f.info.path.name for f in frames.frames if f.matrix is None] == ["L_12.fit"]
    assert frames.frames[-1].reason


def test_empty_rows_are_not_reported_as_negative_pixels(siril, session_in, context, simulated, tmp_path) -> None:
    source, _ = simulated("tiny_mono")
    shutil.copytree(source, tmp_path / "session")
    light = sorted((tmp_path / "session" / "lights").iterdir())[2]
    with fits.open(light, mode="update") as file:
        file[0].data[96:] = 0
    result = SirilEngine(siril).calibrate(session_in(tmp_path / "session"), context(calibration=PLAIN))
    assert any("without data" in w and light.name in w for w in result.warnings)
    assert not any("negative" in w for w in result.warnings), result.warnings


def test_exported_frames_have_no_data_where_their_lights_have_none(siril, simulated, tmp_path) -> None:
    """Siril fills what is missing before it registers; the filled pixels are not data."""
    source, truth = simulated("tiny_mono")
    shutil.copytree(source, tmp_path / "session")
    lights = [tmp_path / "session" / "lights" / name for name in truth.lights]
    # Away from stars: rejection finds what is missing of one.
    places = np.stack(np.meshgrid(np.arange(25, 175, 5), np.arange(25, 135, 5)), -1).reshape(-1, 2)
    x, y = places[np.argmax(cKDTree(np.stack(truth.stars_in(3), 1)).query(places)[0])]
    for light in lights[1], lights[6]:
        with fits.open(light, mode="update") as file:
            file[0].data[y - 9: y + 9, x - 9: x + 9] = 0
    settings = {"engine": {"name": "siril", "siril": {"output": "frames", "executable": str(siril.path)}},
                "registration": {"reference": lights[3].name}, "canvas": {"extent": "reference"},
                "astrometry": {"solver": "none"}}
    result = run(tmp_path / "session", RunConfig.model_validate(settings), runs_dir=tmp_path / "runs")
    assert result.error is None, result.error
    coverage = fits.getdata(result.products["coverage"])
    assert np.median(coverage) == 8 and np.median(coverage[y - 3: y + 4, x - 3: x + 4]) == 6
