"""PCC on sessions with the colours of real stars and a camera whose white balance is wrong by known factors."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from orchestrator import RunConfig, run
from orchestrator.api.single_image import pcc_file
from orchestrator.astrometry.catalogs import CatalogOptions, write_catalogs
from orchestrator.phases.astrometry import Astrometry
from orchestrator.phases.phase import PhaseResult
from orchestrator.pipeline.result import RunResult
from orchestrator.runtime.context import RunContext
from orchestrator.simulation.camera import make_camera
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.psf import add_stars
from orchestrator.simulation.scene import make_nebula, plan
from orchestrator.simulation.simulator import frame_header, raw_light
from orchestrator.stacking.state import RunState

CATALOG = Path(__file__).parents[1] / "data" / "stars_m27.csv"
CENTRE = (299.9, 22.7)
SCALE = 10.0  # arcsec per pixel
# What the camera makes of a white star, red and blue against green.
FALSE_BALANCE = (0.55, 1.0, 1.35)
NM = np.linspace(380, 700, 161)


def response(channel: int) -> np.ndarray:
    """Channel curves with tails and a leak, unlike the single wavelengths that the fit assumes."""
    centre, width, leak = ((612, 38, 0.02), (538, 42, 0.04), (452, 33, 0.03))[channel]
    return np.exp(-0.5 * ((NM - centre) / width) ** 2) + leak


def star_colours(bv: np.ndarray) -> np.ndarray:
    """Relative fluxes (n, 3) of stars, the Sun (B-V = 0.653) white: temperatures of Ballesteros 2012 (EPL 97, 34008)."""
    def fluxes(index: np.ndarray) -> np.ndarray:
        temperature = 4600 * (1 / (0.92 * index + 1.7) + 1 / (0.92 * index + 0.62))
        photons = NM**-4.0 / np.expm1(1.4387769e7 / (NM * temperature[:, None]))
        return np.stack([photons @ response(c) for c in range(3)], 1)

    white = fluxes(np.array([0.653]))
    found = fluxes(np.clip(bv, -0.3, 2.5)) / white
    return found / found[:, 1:2]


def field_wcs(width: int, height: int) -> WCS:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval, wcs.wcs.crpix = CENTRE, [(width + 1) / 2, (height + 1) / 2]
    angle = np.radians(25)
    wcs.wcs.cd = SCALE / 3600 * np.array([[-np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return wcs


def write_session(folder: Path, config: SimulationConfig) -> None:
    """Lights of the real stars of the field, as the simulator's camera sees them."""
    with CATALOG.open() as stream:
        rows = [(float(r["ra"]), float(r["dec"]), float(r["Vmag"]), float(r["B-V"])) for r in csv.DictReader(stream)]
    ra, dec, magnitude, bv = np.array(rows).T
    x, y = field_wcs(config.width, config.height).all_world2pix(ra, dec, 0)
    flux = 5000 * 10 ** (-0.4 * (magnitude - 11.0))
    truth = replace(plan(config), star_x=x, star_y=y,
                    star_flux=flux[:, None] * star_colours(bv) * np.array(FALSE_BALANCE))
    camera, nebula = make_camera(truth), make_nebula(config)
    folder.mkdir()
    for i in range(config.n_frames):
        fits.writeto(folder / f"light_{i + 1:02d}.fit", raw_light(truth, camera, nebula, i),
                     frame_header(config, "light", i, config.exposure))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stars")
    config = SimulationConfig(width=1000, height=700, n_frames=4, pattern="RGGB", seeing_min=2.8, seeing_max=3.2, sky_min=300,
                              sky_max=400, dark_current=0.0, bias=300.0, transparency_min=0.97)
    write_session(folder / "lights", config)
    return folder


def stack_session(session: Path, name: str, **sections: object) -> RunResult:
    settings = {"engine": {"name": "native"}, "calibration": {"synthetic_bias": 300.0},
                "registration": {"reference": "light_01.fit"}, **sections}
    result = run(session / "lights", RunConfig.model_validate(settings), runs_dir=session / "runs", run_id=name)
    assert result.error is None, result.error
    return result


@pytest.fixture(scope="module")
def stack(session: Path) -> Path:
    """The stacked colours of the session, with the field's WCS in the header."""
    folder = session
    result = stack_session(session, "plain", pcc={"enabled": False}, bge={"enabled": False}, output={"preview": False})
    product = result.products["stacked_rgb"]
    data, header = fits.getdata(product).astype(np.float32), fits.getheader(product)
    # Nothing was drifting or dithered, so the pixels of the stack are those of the scene.
    header.update(field_wcs(1000, 700).to_header())
    fits.writeto(folder / "solved.fits", data, header)
    return folder / "solved.fits"


def solved(phase: Astrometry, context: RunContext, state: RunState) -> PhaseResult:
    """Stands for plate solving: writes the field's WCS into the stack, from where later phases read it."""
    with fits.open(state.products["stacked_rgb"], mode="update") as file:
        file[0].header.update(field_wcs(1000, 700).to_header())
    return PhaseResult()


@pytest.mark.parametrize("calibrate", [True, False])
def test_a_run_with_a_wcs_ends_with_calibrated_colours_and_an_annotated_picture(
        session: Path, calibrate: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Astrometry, "run", solved)
    result = stack_session(session, f"solved{calibrate}", bge={"enabled": calibrate},
                           pcc={"enabled": calibrate, "catalog": str(CATALOG), "method": "catalog"})
    picture = cv2.imread(str(result.products["preview_annotated"]))
    assert picture.shape == (700, 1000, 3)
    assert (np.abs(picture.astype(int) - (90, 214, 255)).max(axis=2) < 8).sum() > 50, "M 27 is marked"
    if calibrate:
        product = result.products["stacked_rgb_pcc"]
        assert WCS(fits.getheader(product), naxis=2).wcs.crval[0] == pytest.approx(CENTRE[0])
        report = json.loads((result.directory / "artifacts" / "pcc.json").read_text())
        assert report["matched"] > 150 and np.abs(np.array(report["gains"]) * FALSE_BALANCE - 1).max() < 0.02


def write_nebulous_stack(path: Path, seed: int, light: float, clipped: float, star: float, slope: float) -> None:
    """A stack of the field behind structured red clouds of ``light`` ADU with a power law of ``slope``; ``star`` is the flux at
    magnitude 11, and stars are ``clipped`` at a level (ADU) that no card names."""
    width, height, side = 1000, 700, 1024
    with CATALOG.open() as stream:
        rows = [(float(r["ra"]), float(r["dec"]), float(r["Vmag"]), float(r["B-V"])) for r in csv.DictReader(stream)]
    ra, dec, magnitude, bv = np.array(rows).T
    x, y = field_wcs(width, height).all_world2pix(ra, dec, 0)
    near = (x > -20) & (y > -20) & (x < width + 20) & (y < height + 20)
    flux = star * 10 ** (-0.4 * (magnitude - 11))[:, None] * star_colours(bv) * np.array(FALSE_BALANCE)
    rng = np.random.default_rng(seed)
    k = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side))
    k[0, 0] = 1
    clouds = np.fft.ifft2(np.fft.fft2(rng.normal(size=(side, side))) * k ** (-slope / 2)).real[:height, :width]
    clouds -= np.percentile(clouds, 20)
    clouds = np.clip(clouds / np.percentile(clouds, 98), 0, None)
    image = np.empty((3, height, width))
    for c, (share, balance) in enumerate(zip((1, 0.15, 0.2), FALSE_BALANCE, strict=True)):
        image[c] = (350 + light * share * clouds) * balance
        add_stars(image[c], x[near], y[near], flux[near, c].copy(), np.full(int(near.sum()), 3.0 + 0.1 * (c - 1)))
    image += rng.normal(0, 1, image.shape) * np.sqrt(image) / 3
    fits.writeto(path, (np.minimum(image, clipped) / 65535).astype(np.float32), field_wcs(width, height).to_header())


@pytest.mark.parametrize(("seed", "light", "clipped", "star", "slope"), [
    (13, 1000.0, 65535.0, 6000.0, 2.4), (4, 1500.0, 4000.0, 20000.0, 3.0)])
def test_the_gains_are_right_among_clouds_of_a_nebula_and_clipped_stars(
        tmp_path: Path, seed: int, light: float, clipped: float, star: float, slope: float) -> None:
    """-11.7 and -10.8 % in red, stated as 1.2 and 1.5 %, if stars are chosen by fluxes that contain light of the nebula."""
    write_nebulous_stack(tmp_path / "in.fits", seed, light, clipped, star, slope)
    config = RunConfig.model_validate({"pcc": {"catalog": str(CATALOG), "method": "catalog"}})
    report = pcc_file(tmp_path / "in.fits", config, tmp_path / "out.fits")
    assert not report["declined"], report
    off = np.abs(np.array(report["gains"]) * FALSE_BALANCE - 1)[[0, 2]]
    assert off.max() < 0.02 and (off < 2.5 * np.array(report["gain_errors"]) / np.array(report["gains"])[[0, 2]]).all()


@pytest.mark.parametrize("background", ["median", "plane"])
def test_the_gains_of_a_false_white_balance_are_found(stack: Path, tmp_path: Path, background: str,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    config = RunConfig.model_validate({"pcc": {"catalog": str(CATALOG), "background": background, "method": "catalog"}})
    report = pcc_file(stack, config, tmp_path / "out.fits")
    assert not report["declined"], report
    gains = np.array(report["gains"])
    errors = gains * FALSE_BALANCE - 1
    with capsys.disabled():
        print(f"\n  {background}: gains {gains.round(4)}, errors {np.round(100 * errors, 2)} %, {report['stars_used']} stars, "
              f"scatter {np.round(report['scatter_mag'], 4)} mag, slopes {np.round(report['slopes'], 2)}")
    assert np.abs(errors).max() < 0.02
    assert report["stars_used"] > 100 and max(report["scatter_mag"]) < 0.08
    out = fits.getdata(tmp_path / "out.fits")
    sky = np.median(out.reshape(3, -1), axis=1)
    assert np.ptp(sky) < 0.01 * sky[1]
    assert WCS(fits.getheader(tmp_path / "out.fits"), naxis=2).has_celestial


def test_without_a_catalog_the_median_star_has_its_usual_colour(stack: Path, tmp_path: Path) -> None:
    report = pcc_file(stack, RunConfig.model_validate({"pcc": {"method": "stars"}}), tmp_path / "out.fits")
    assert report["source"] == "stars"
    # The median star of this field, near the plane of the Galaxy, is B-V = 0.5, not white.
    off = np.abs(np.array(report["gains"]) * FALSE_BALANCE - 1)[[0, 2]]
    assert (off < np.array(report["gain_errors"]) / np.array(report["gains"])[[0, 2]]).all() and off.max() < 0.04, off


@pytest.mark.parametrize("case", ["few", "elsewhere", "shuffled", "no wcs"])
def test_it_declines_where_the_stars_do_not_settle_the_colours(stack: Path, tmp_path: Path, case: str) -> None:
    rows = CATALOG.read_text().splitlines()
    settings = {"method": "catalog", "catalog": str(tmp_path / "stars.csv")}
    if case == "few":
        rows = rows[:1] + rows[60:66]
    elif case == "elsewhere":
        rows = [rows[0], *(f"{(float(r.split(',')[0]) + 40) % 360},{','.join(r.split(',')[1:])}" for r in rows[1:])]
    elif case == "shuffled":
        colours = [r.rsplit(",", 1)[1] for r in rows[1:]]
        order = np.random.default_rng(1).permutation(len(colours))
        rows = [rows[0], *(f"{r.rsplit(',', 1)[0]},{colours[k]}" for r, k in zip(rows[1:], order, strict=True))]
    (tmp_path / "stars.csv").write_text("\n".join(rows) + "\n")
    source = stack
    if case == "no wcs":
        source = tmp_path / "plain.fits"
        fits.writeto(source, fits.getdata(stack))
    report = pcc_file(source, RunConfig.model_validate({"pcc": settings}), tmp_path / "out.fits")
    expected = {"few": "only", "elsewhere": "no stars in this field", "shuffled": "", "no wcs": "no WCS"}[case]
    assert report["declined"] and expected in report["declined"], report
    assert "product" not in report and not (tmp_path / "out.fits").exists()


def test_sirils_pcc_serves_as_the_external_method(stack: Path, siril: Path, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    (_, catalog), = write_catalogs(CATALOG, ("siril",), tmp_path / "my stars")
    settings = {"pcc": {"method": "siril_pcc", "siril_catalog": str(catalog)},
                "engine": {"siril": {"executable": str(siril)}}}
    report = pcc_file(stack, RunConfig.model_validate(settings), tmp_path / "out.fits")
    assert not report["declined"] and report["source"] == "siril_pcc" and report["stars_used"] > 100
    # Its white is bluer than the Sun, so white stars come out warmer: it sees the same false balance all the same.
    assert np.abs(np.array(report["gains"]) * FALSE_BALANCE - 1).max() < 0.25
    out, source = fits.getdata(tmp_path / "out.fits"), fits.getdata(stack)
    dark = source[0] < 0.3  # what passes 1 is cut
    slope = np.polyfit(source[0][dark], out[0][dark], 1)[0]
    assert slope == pytest.approx(report["gains"][0], rel=1e-3), "the product is ours: linear, scaled above the sky"
    # Without being named it is looked for where Siril keeps it.
    del settings["pcc"]["siril_catalog"]
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ORCHESTRATE_CATALOGS", str(tmp_path / "own"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    none = pcc_file(stack, RunConfig.model_validate(settings), tmp_path / "a.fits")
    assert "no catalog for Siril was found" in none["declined"]
    usual = tmp_path / ".local/share/siril/gaia_astrometric.dat"
    usual.parent.mkdir(parents=True)
    catalog.rename(usual)
    again = pcc_file(stack, RunConfig.model_validate(settings), tmp_path / "b.fits")
    assert again["catalog"] == str(usual) and again["gains"] == report["gains"]
    settings["pcc"]["siril_catalog"] = str(tmp_path / "none.dat")
    assert "none.dat does not exist" in pcc_file(stack, RunConfig.model_validate(settings), tmp_path / "no.fits")["declined"]


def write_sensors(folder: Path) -> None:
    """A database for Siril's spcc with the test's camera, and one before it in the alphabet that has its channels exchanged."""
    nm = np.arange(336, 1021, 4.0)
    curves = [np.interp(nm, NM, response(c), left=0, right=0) for c in range(3)]
    sun = 1 / (nm**5 * np.expm1(1.4387769e7 / (nm * 5772)))
    plain = ("Any", "No filter", "OSC_FILTER", None, np.ones_like(nm)), ("Any", "The Sun", "WB_REF", None, sun / sun.max())
    entries = [(model, f"{model} {name}", "OSC_SENSOR", name, curves[order[c]])
               for model, order in (("Another camera", (1, 2, 0)), ("Test camera", (0, 1, 2)))
               for c, name in enumerate(("RED", "GREEN", "BLUE"))]
    folder.mkdir()
    for file, part in (("another", entries[:3]), ("camera", entries[3:]), ("filter", plain[:1]), ("white", plain[1:])):
        (folder / f"{file}.json").write_text(json.dumps([
            {"model": model, "name": name, "type": kind, "manufacturer": "none", "dataSource": "made for a test", "version": 1,
             "dataQualityMarker": 1, "wavelength": {"units": "nm", "value": nm.tolist()},
             "values": {"range": 1, "value": values.tolist()}} | ({"channel": channel} if channel else {})
            for model, name, kind, channel, values in part]))


@pytest.mark.slow
def test_sirils_spcc_finds_the_gains_with_the_sensor_that_is_named(stack: Path, siril: Path, tmp_path: Path,
                                                                   capsys: pytest.CaptureFixture[str]) -> None:
    (_, spectra), = write_catalogs(CATALOG, ("siril-spectra",), tmp_path / "my stars", CatalogOptions(synthetic=True))
    write_sensors(tmp_path / "my sensors")
    section: dict[str, object] = {"catalog": str(spectra), "database": str(tmp_path / "my sensors"),
                                  "white_reference": "The Sun"}

    def gains(name: str, **changes: object) -> np.ndarray:
        config = RunConfig.model_validate({"pcc": {"method": "siril_spcc", "spcc": section | changes},
                                           "engine": {"siril": {"executable": str(siril)}}})
        report = pcc_file(stack, config, tmp_path / f"{name}.fits")
        assert not report["declined"] and "fallback" not in report, report
        assert report["synthetic_spectra"] and report["stars_used"] > 100 and report["source"] == "siril_spcc_black_bodies"
        return np.array(report["gains"])

    found = gains("right", sensor="Test camera")
    assert np.abs(found * FALSE_BALANCE - 1).max() < 0.02, found
    # Siril takes the first of its list for any name until its database is loaded: the names would then make no difference.
    assert np.abs(gains("wrong", sensor="Another camera") / found - 1).max() > 0.05
    narrow = gains("narrow", sensor="Test camera", narrowband=((612, 30), (538, 30), (452, 30)))
    assert np.abs(narrow * FALSE_BALANCE - 1).max() < 0.03, narrow
    few = pcc_file(stack, RunConfig.model_validate({
        "pcc": {"method": "siril_spcc", "min_stars": 5000, "spcc": section | {"sensor": "Test camera"}},
        "engine": {"siril": {"executable": str(siril)}}}), tmp_path / "few.fits")
    assert "Siril used only" in few["declined"] and not (tmp_path / "few.fits").exists()
    ours = pcc_file(stack, RunConfig.model_validate({"pcc": {"method": "catalog", "catalog": str(CATALOG)}}),
                    tmp_path / "ours.fits")
    assert np.abs(np.array(ours["gains"]) / found - 1).max() < 0.03
    with capsys.disabled():
        errors = [np.round(100 * (g * FALSE_BALANCE - 1), 2) for g in (found, narrow)]
        print(f"\n  Siril's spcc: gains {found.round(4)}, errors {errors[0]} %, of narrow bands {errors[1]} %; "
              f"our own gains {np.round(ours['gains'], 4)}")
