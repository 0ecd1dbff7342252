"""The frames of the simulator show what its truth states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.simulation import FAULTS, PRESETS, SimulationConfig, corrupt, load_truth, simulate, twin
from orchestrator.simulation.camera import light_signal, make_camera
from orchestrator.simulation.config import PATTERNS
from orchestrator.simulation.psf import GAUSSIAN, MOFFAT, StarProfile, add_stars, psf_stamp
from orchestrator.simulation.scene import make_nebula, plan
from orchestrator.simulation.simulator import frame_header
from orchestrator.simulation.truth import transform_points

SMALL = SimulationConfig(width=96, height=80, n_frames=3, n_stars=25, n_bias=2, n_dark=2, n_flat=2, n_darkflat=2)


def brute_force_star(size: int, x: float, y: float, fwhm: float, profile: int, beta: float) -> np.ndarray:
    """Mean of 15x15 samples a pixel."""
    sub = (np.arange(15) + 0.5) / 15 - 0.5
    grid = (np.arange(size)[:, None] + sub[None, :]).ravel()
    r2 = (grid[None, :] - x) ** 2 + (grid[:, None] - y) ** 2
    if profile == MOFFAT:
        a2 = fwhm**2 / (4 * (2 ** (1 / beta) - 1))
        values = (beta - 1) / (np.pi * a2) * (1 + r2 / a2) ** -beta
    else:
        s2 = fwhm**2 / (8 * np.log(2))
        values = np.exp(-r2 / (2 * s2)) / (2 * np.pi * s2)
    return values.reshape(size, 15, size, 15).mean(axis=(1, 3))


@settings(max_examples=15, deadline=None)
@given(
    x=st.floats(14, 18), y=st.floats(14, 18), fwhm=st.floats(1.6, 5), profile=st.sampled_from([MOFFAT, GAUSSIAN]),
    beta=st.sampled_from([2.5, 3.5, 4.7]),
)  # fmt: skip
def test_a_star_is_its_profile_integrated_over_the_pixels(x, y, fwhm, profile, beta):
    image = np.zeros((33, 33))
    add_stars(
        image, np.array([x]), np.array([y]), np.ones(1), np.array([fwhm]), profile=StarProfile(profile, beta, radius=60.0),
    )  # fmt: skip
    expected = brute_force_star(33, x, y, fwhm, profile, beta)
    assert np.abs(image - expected).max() < 1e-3 * expected.max()


@pytest.mark.parametrize("profile", [MOFFAT, GAUSSIAN])
@pytest.mark.parametrize("ellipticity", [0.0, 0.3])
def test_a_star_holds_its_whole_flux_and_stands_where_it_should(profile, ellipticity):
    image = np.zeros((161, 161))
    x, y = np.array([80.37]), np.array([79.81])
    add_stars(image, x, y, np.array([5000.0]), np.array([3.1]), profile=StarProfile(profile, ellipticity=ellipticity, angle=0.7))
    v, u = np.mgrid[:161, :161]
    assert image.sum() == pytest.approx(5000, rel=5e-4)
    assert (image * u).sum() / image.sum() == pytest.approx(80.37, abs=3e-3)
    assert (image * v).sum() / image.sum() == pytest.approx(79.81, abs=3e-3)


def test_an_elliptical_star_is_longer_along_its_angle():
    stamp = psf_stamp(31, 4.0, StarProfile(GAUSSIAN, ellipticity=0.4))
    v, u = np.mgrid[:31, :31] - 15
    assert (stamp * u * u).sum() > 1.8 * (stamp * v * v).sum()


def test_transforms_lead_stars_from_frame_to_frame():
    truth = plan(replace(SMALL, drift=9.0, dither=2.0, rotation=12.0))
    mapped = transform_points(truth.matrix(2, 0), *truth.stars_in(2))
    assert np.abs(np.array(mapped) - np.array(truth.stars_in(0))).max() < 1e-9
    assert np.allclose(truth.matrix(1, 1), np.eye(3))
    turn = truth.matrix(2, 0)
    assert abs(np.degrees(np.arctan2(turn[1, 0], turn[0, 0]))) == pytest.approx(12.0)


def test_drift_is_the_way_of_the_field_over_the_session():
    truth = plan(replace(SMALL, n_frames=9, drift=12.0))
    first, last = truth.matrices[0][:2, 2], truth.matrices[-1][:2, 2]
    assert np.hypot(*(last - first)) == pytest.approx(12.0)


def test_stars_lie_in_the_picture_where_the_truth_has_them():
    truth = plan(replace(SMALL, drift=6.0, rotation=5.0, n_stars=5, flux_min=50_000, sky_min=500, sky_max=500))
    for i in range(3):
        image = light_signal(truth, i, make_nebula(truth.config)) - truth.sky[i]
        x, y = truth.stars_in(i)
        inside = (x > 8) & (y > 8) & (x < 87) & (y < 71)
        assert inside.any()
        for px, py in zip(x[inside], y[inside], strict=True):
            column, row = round(px), round(py)
            patch = image[row - 2 : row + 3, column - 2 : column + 3]
            assert image[row, column] > 0.5 * patch.max() > 1000


def test_seeing_varies_over_the_field_by_the_share_asked_for():
    config = replace(SMALL, n_frames=6, seeing_min=2.2, seeing_max=4.5, seeing_field_variation=0.25)
    truth = plan(config)
    x, y = np.meshgrid(np.arange(config.width), np.arange(config.height))
    for i in range(6):
        relative = truth.frame_fwhm(i, x, y) / truth.fwhm[i]
        assert relative.min() == pytest.approx(0.75, abs=0.005)
        assert relative.max() == pytest.approx(1.25, abs=0.005)
    assert ((truth.fwhm >= 2.2) & (truth.fwhm <= 4.5)).all()


def test_the_nebula_stays_with_the_stars():
    truth = plan(replace(SMALL, drift=10.0, rotation=8.0, nebula=1000.0, n_stars=0, transparency_min=1.0))
    nebula = make_nebula(truth.config)
    a, b = (light_signal(truth, i, nebula) - truth.sky[i] for i in (0, 2))
    x, y = np.array([40.0, 50.0, 30.0]), np.array([40.0, 30.0, 50.0])
    u, v = transform_points(truth.matrix(0, 2), x, y)
    for k in range(3):
        row, column = int(v[k]), int(u[k])
        fy, fx = v[k] - row, u[k] - column
        square = b[row : row + 2, column : column + 2]
        there = (1 - fy) * ((1 - fx) * square[0, 0] + fx * square[0, 1])
        there += fy * ((1 - fx) * square[1, 0] + fx * square[1, 1])
        assert there == pytest.approx(a[int(y[k]), int(x[k])], abs=2.0)
    assert a.max() > 100


def test_twins_share_the_scene_and_differ_by_the_noise_that_the_truth_names(tmp_path):
    config = replace(
        SMALL, n_frames=1, n_stars=1, cosmic_rays=3, trails=1, dark_current=0.3, vignetting=0.2, hot_pixels=5
    )
    simulate(config, tmp_path / "a")
    truth = simulate(twin(config), tmp_path / "b")
    a, b = (fits.getdata(tmp_path / name / "lights/light_00001.fit").astype(float) for name in "ab")
    camera = make_camera(truth)
    y, x = np.mgrid[: config.height, : config.width]
    z = (a - b) / camera.response / (np.sqrt(2) * truth.frame_sigma(0, x, y))
    quiet = np.abs(light_signal(truth, 0, make_nebula(config)) - truth.frame_sky(0, x, y)) < 3
    quiet &= camera.dark < 1
    assert z[quiet].mean() == pytest.approx(0, abs=0.06)
    assert z[quiet].std() == pytest.approx(1, abs=0.05)
    darks = [(tmp_path / name / "darks/dark_00001.fit").read_bytes() for name in "ab"]
    assert darks[0] == darks[1]


def test_twins_may_differ_in_their_calibration_frames_too():
    assert twin(SMALL).calibration_noise_seed == SMALL.calibration_noise_seed
    assert twin(SMALL, calibration=True).calibration_noise_seed != SMALL.calibration_noise_seed
    assert twin(SMALL).noise_seed != SMALL.noise_seed and twin(SMALL).seed == SMALL.seed


def test_the_same_configuration_gives_the_same_bytes(tmp_path):
    simulate(SMALL, tmp_path / "a")
    simulate(SMALL, tmp_path / "b")
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 3 + 4 * 2 + 1
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


def test_a_session_lies_in_siril_folders_with_the_cards_of_a_capture_program(tmp_path):
    simulate(replace(SMALL, pattern="GRBG", object_name="M 31"), tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"lights", "darks", "flats", "biases", "darkflats", "truth"}
    kinds = {"lights": "Light", "darks": "Dark", "flats": "Flat", "biases": "Bias", "darkflats": "DarkFlat"}
    for folder, kind in kinds.items():
        data, header = fits.getdata(sorted((tmp_path / folder).iterdir())[0], header=True)
        assert data.dtype == np.uint16 and data.shape == (80, 96)
        assert header["IMAGETYP"] == kind and header["BAYERPAT"] == "GRBG" and header["ROWORDER"] == "TOP-DOWN"
        assert {"EXPTIME", "GAIN", "OFFSET", "CCD-TEMP", "XBINNING", "XPIXSZ", "INSTRUME", "DATE-OBS"} <= set(header)
        assert "CTYPE1" not in header
    light = fits.getheader(tmp_path / "lights/light_00002.fit")
    first = fits.getheader(tmp_path / "lights/light_00001.fit")
    assert light["OBJECT"] == "M 31" and light["DATE-OBS"] > first["DATE-OBS"]
    assert fits.getheader(tmp_path / "biases/bias_00001.fit")["EXPTIME"] == 0


@pytest.mark.parametrize("row_order", ["TOP-DOWN", "BOTTOM-UP", None])
@pytest.mark.parametrize("height", [80, 81])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_header_names_the_pattern_as_seen_from_the_top_row(pattern, height, row_order):
    config = replace(SMALL, pattern=pattern, row_order=row_order, height=height, n_stars=0, sky_colour=(0.5, 1.0, 2.0))
    truth = plan(config)
    image = light_signal(truth, 0, make_nebula(config))
    shown = image[::-1] if row_order == "BOTTOM-UP" else image
    levels = [shown[0, 0], shown[0, 1], shown[1, 0], shown[1, 1]]
    relative = np.array(levels) / truth.sky[0]
    letters = "".join({0.5: "R", 1.0: "G", 2.0: "B"}[round(float(level), 6)] for level in relative)
    header = frame_header(config, "light", 0, 60.0)
    assert header["BAYERPAT"] == letters
    assert header.get("ROWORDER") == row_order
    assert [round(float(v), 6) for v in image[0, :2] / truth.sky[0]] == [
        {"R": 0.5, "G": 1.0, "B": 2.0}[letter] for letter in pattern[:2]
    ]


def test_the_truth_comes_back_from_disk_as_it_was(tmp_path):
    written = simulate(replace(PRESETS["tiny_osc"], n_frames=2, trails=1, row_order=None), tmp_path)
    read = load_truth(tmp_path)
    assert read.config == written.config and read.lights == written.lights
    for name, value in vars(written).items():
        if isinstance(value, np.ndarray):
            assert np.array_equal(getattr(read, name), value), name
    assert not list((tmp_path / "lights").glob("*.json"))


def test_hot_pixels_shine_in_darks_and_lights_and_cold_ones_are_dim_in_flats(tmp_path):
    truth = simulate(replace(SMALL, hot_pixels=10, cold_pixels=10, vignetting=0.3), tmp_path)
    dark, light, flat = (
        fits.getdata(tmp_path / name).astype(float)
        for name in ("darks/dark_00001.fit", "lights/light_00001.fit", "flats/flat_00001.fit")
    )
    x, y = truth.hot[:, 0].astype(int), truth.hot[:, 1].astype(int)
    assert (dark[y, x] > np.median(dark) + 300).all() and (light[y, x] > np.median(light) + 250).all()
    x, y = truth.cold[:, 0].astype(int), truth.cold[:, 1].astype(int)
    assert (flat[y, x] < 0.75 * np.median(flat)).all()
    assert np.median(flat[:8, :8]) < 0.8 * np.median(flat[36:44, 44:52])


def test_a_trail_lies_between_the_ends_that_the_truth_names():
    truth = plan(replace(SMALL, trails=2, n_stars=0))
    frame, x0, y0, x1, y1, peak = truth.trails[0]
    nebula = make_nebula(truth.config)
    trail = light_signal(truth, int(frame), nebula) - light_signal(truth, int(frame), nebula, trails=False)
    share = np.linspace(0, 1, 2001)
    x, y = np.rint(x0 + share * (x1 - x0)).astype(int), np.rint(y0 + share * (y1 - y0)).astype(int)
    seen = (x >= 0) & (y >= 0) & (x < 96) & (y < 80)
    assert seen.sum() > 100
    assert trail[y[seen], x[seen]].min() > 0.7 * peak
    assert (trail > 0.1 * peak).mean() < 0.2


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_damages_one_file_only(tmp_path, kind):
    simulate(replace(SMALL, pattern="RGGB", filter_name="L"), tmp_path)
    before = {p: p.read_bytes() for p in sorted(tmp_path.rglob("*.fit"))}
    path = corrupt(tmp_path, kind, index=2)
    changed = [p for p, content in before.items() if p.read_bytes() != content]
    assert changed == [path] and path.name == "light_00003.fit"


@pytest.mark.filterwarnings("ignore:File may have been truncated")
def test_faults_are_what_their_names_say(tmp_path):
    simulate(replace(SMALL, n_frames=6), tmp_path)
    with pytest.raises((OSError, TypeError, ValueError)):
        np.asarray(fits.getdata(corrupt(tmp_path, "truncated", 0))).sum()
    assert corrupt(tmp_path, "empty", 1).stat().st_size == 0
    assert np.isnan(fits.getdata(corrupt(tmp_path, "nan", 2))).any()
    assert fits.getdata(corrupt(tmp_path, "wrong_size", 3)).shape == (40, 48)
    assert fits.getdata(corrupt(tmp_path, "debayered", 4)).shape == (3, 80, 96)
    assert "EXPTIME" not in fits.getheader(corrupt(tmp_path, "headerless", 5))
    assert fits.getheader(corrupt(tmp_path, "other_exposure", 0, folder="darks"))["EXPTIME"] == 241
    with pytest.raises(ValueError, match="unknown fault"):
        corrupt(tmp_path, "melted")


@pytest.mark.parametrize(
    "wrong",
    [
        {"pattern": "RGBG"}, {"row_order": "UP"}, {"psf": "airy"}, {"seeing_min": 4.0, "seeing_max": 3.0}, {"width": 4},
        {"moffat_beta": 1.0}, {"trails": 99},
    ],
)  # fmt: skip
def test_impossible_configurations_are_refused(wrong):
    with pytest.raises(ValueError):
        replace(SMALL, **wrong)


@pytest.mark.parametrize("name", ["tiny_mono", "tiny_osc"])
def test_tiny_presets_have_all_a_test_needs(tmp_path, name):
    truth = simulate(PRESETS[name], Path(tmp_path))
    assert truth.n_frames == 8
    x, y = truth.stars_in(0)
    assert 50 < ((x > 0) & (y > 0) & (x < 199) & (y < 159)).sum() < 120
    assert all(list((tmp_path / folder).iterdir()) for folder in ("lights", "darks", "flats", "biases"))
