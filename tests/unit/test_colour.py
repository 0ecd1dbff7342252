"""Colour calibration: temperatures, fits, catalogs, photometry, and the output of the commands."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.stats import SigmaClip
from astropy.table import Table
from astropy.wcs import WCS
from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture

from orchestrator.cli.main import cli
from orchestrator.colour import calibration, catalog, photometry
from orchestrator.colour.calibration import CATALOG_VARIABLE, calibrate_colours
from orchestrator.colour.catalog import gaia, read_catalog
from orchestrator.colour.field_stars import FieldColour, field_colour
from orchestrator.colour.photometry import measure_stars
from orchestrator.colour.result import ColourResult
from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError, ToolError
from orchestrator.report.wording import colours_text
from orchestrator.simulation.psf import add_stars
from orchestrator.tools.environment import ToolEnvironment
from tilecore.colour import SOLAR_TEMPERATURE, SYSTEMS, balance, channel_ratio, fit_ratio, star_temperature, with_jackknife_error
from tilecore.detect.stars import STAR_DTYPE


def calibrate(image: np.ndarray, header: fits.Header, **settings: object) -> ColourResult:
    nowhere = Path("nowhere")
    config = RunConfig.model_validate({"pcc": settings})
    return calibrate_colours(image, header, config, ToolEnvironment(nowhere, nowhere, nowhere))


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_sun_has_its_temperature_in_every_system_and_redder_is_cooler(system: str) -> None:
    solar = SYSTEMS[system][2]
    temperature = star_temperature(np.array([solar - 0.3, solar, solar + 0.3]), system)
    assert temperature[1] == pytest.approx(SOLAR_TEMPERATURE, rel=1e-3)
    assert temperature[0] > temperature[1] > temperature[2]


def test_temperatures_are_near_those_of_real_stars_and_agree_between_systems() -> None:
    """Pecaut & Mamajek 2013: F5V, K2V and M0V have these B-V, BP-RP and temperatures."""
    for bv, bprp, temperature in ((0.44, 0.587, 6550), (0.88, 1.10, 5040), (1.43, 1.84, 3850)):
        found = [float(star_temperature(np.array([c]), s)[0]) for c, s in ((bv, "B-V"), (bprp, "BP-RP"))]
        assert found[0] == pytest.approx(temperature, rel=0.1) and found[1] == pytest.approx(found[0], rel=0.1)


def test_white_stars_have_no_channel_ratio_and_hot_ones_less_red() -> None:
    hot = np.array([10000.0, SOLAR_TEMPERATURE])
    assert channel_ratio(hot, 0)[1] == pytest.approx(0, abs=1e-9) and channel_ratio(hot, 0)[0] > 0 > channel_ratio(hot, 2)[0]
    assert channel_ratio(hot, 0, white=10000.0)[0] == pytest.approx(0, abs=1e-9)


def test_the_fit_finds_zero_and_slope_among_outliers_and_knows_its_error() -> None:
    rng = np.random.default_rng(0)
    zeros, errors = [], []
    for _ in range(60):
        expected = rng.normal(0.1, 0.3, 80)
        measured = 0.4 + 0.8 * expected + rng.normal(0, 0.03, 80)
        measured[:8] += rng.uniform(0.5, 3, 8)
        fit = fit_ratio(measured, expected, np.full(80, 0.03))
        assert not fit.used[:8].any() and fit.slope == pytest.approx(0.8, abs=0.06)
        assert fit.scatter == pytest.approx(0.03, rel=0.5) and fit.condition < 3
        zeros.append(fit.zero)
        errors.append(fit.error)
    assert np.std(zeros) == pytest.approx(np.median(errors), rel=0.35) and np.mean(zeros) == pytest.approx(0.4, abs=0.002)
    assert fit.gain == pytest.approx(10 ** (0.4 * fit.zero))


def test_the_error_of_a_gain_contains_what_depends_on_the_choice_of_outliers() -> None:
    """A third of the stars are redder by the light of a nebula: the scatter of the stars that a robust fit keeps is too small."""
    off, stated, jackknife = [], [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        expected, error = rng.normal(0, 0.2, 18), np.full(18, 0.01)
        measured = expected + rng.normal(0, 0.01, 18) - np.where(rng.random(18) < 0.35, rng.exponential(0.08, 18), 0)
        fit = fit_ratio(measured, expected, error)
        off.append(fit.zero)
        stated.append(fit.error)
        jackknife.append(with_jackknife_error(fit, measured, expected, error).error)
    assert np.hypot.reduce(off) > 1.5 * np.hypot.reduce(stated)
    assert 0.6 < np.hypot.reduce(off) / np.hypot.reduce(jackknife) < 1.4


def test_stars_of_one_colour_settle_a_gain_but_no_slope() -> None:
    fit = fit_ratio(np.array([0.2, 0.21, 0.19, 0.2, 0.2]), np.zeros(5), np.full(5, 0.01))
    assert fit.slope == 1 and fit.zero == pytest.approx(0.2, abs=0.003) and fit.condition == 1


def test_balance_scales_above_the_sky_and_makes_it_grey() -> None:
    image = np.full((3, 4, 4), 0.02, np.float32) + np.array([0.0, 0.01, 0.02], np.float32)[:, None, None]
    image[:, 0] = 0
    covered = image[0] > 0
    image[:, 2, 2] += np.array([0.1, 0.2, 0.4], np.float32)
    out = balance(image, (2.0, 1.0, 0.5), (0.02, 0.03, 0.04), covered)
    np.testing.assert_allclose(out[:, 3, 3], 0.03, atol=1e-7)
    np.testing.assert_allclose(out[:, 2, 2], 0.23, atol=1e-6)
    assert (out[:, 0] == 0).all()


STARS = {"ra": [10.0, 350.0, 359.99, 0.01], "dec": [41.0, -5.0, 0.0, 0.0], "B": [10.5, 9.0, 8.2, 8.9], "V": [9.5, 9.1, 8.0, 8.0]}


@pytest.mark.parametrize("ending", ["csv", "ecsv", "fits", "parquet"])
def test_catalogs_are_read_in_every_format(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"stars.{ending}"
    if ending == "parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.table(STARS), path)
    else:
        Table(STARS).write(path, format={"csv": "ascii.csv", "ecsv": "ascii.ecsv"}.get(ending, ending))
    found = read_catalog(path)
    np.testing.assert_allclose(found.colour, [1.0, -0.1, 0.2, 0.9], atol=1e-9)
    assert found.system == "B-V" and list(found.magnitude) == STARS["V"]
    near = found.within(0.0, 0.0, 0.1)  # across RA 0
    assert sorted(near.ra) == [0.01, 359.99]


@pytest.mark.parametrize(("header", "values", "system"), [
    ("RAJ2000,DEJ2000,Vmag,B-V", "1,2,9,0.5", "B-V"), ("ra,dec,phot_g_mean_mag,bp_rp", "1,2,9,0.5", "BP-RP"),
    ("RA_ICRS,DE_ICRS,BPmag,RPmag", "1,2,9.5,9", "BP-RP"), ("ra_deg,dec_deg,gmag,rmag", "1,2,9.5,9", "g-r"),
    ("ra_degrees,dec_degrees,magnitude,bv", "1,2,9,0.5", "B-V"), ("ra,dec,BTmag,VTmag", "1,2,9.5,9", "BT-VT"),
])
def test_columns_are_found_by_their_usual_names(header: str, values: str, system: str, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"{header}\n{values}\n3,4,,\n")
    found = read_catalog(path)
    assert (found.system, len(found), found.colour[0], found.magnitude[0]) == (system, 1, 0.5, 9.0)


def test_columns_can_be_named_and_proper_motions_count(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("alpha,delta,blue,visual,pmra,pmdec\n10,60,9.5,9,1000,-2000\n")
    found = read_catalog(path, {"ra": "alpha", "dec": "delta", "B": "blue", "V": "visual"}, year=2018.0)
    assert found.dec[0] == pytest.approx(60 - 18 * 2 / 3600) and found.ra[0] == pytest.approx(10 + 18 / 3600 / 0.5, abs=1e-5)
    with pytest.raises(InputError, match="no column 'red'"):
        read_catalog(path, {"ra": "red"})


@pytest.mark.parametrize(("name", "text", "message"), [
    ("c.csv", "ra,dec,V\n1,2,3\n", "no two magnitudes"), ("c.csv", "x,y,B,V\n1,2,3,4\n", "no columns for ra and dec"),
    ("c.csv", "ra,dec,B,V\n1,2,,\n", "No star"), ("c.txt", "ra dec\n", "no two magnitudes"),
    ("c.fits", "nonsense", "cannot be read"), ("c.parquet", "nonsense", "cannot be read"), ("none.csv", None, "does not exist"),
])
def test_an_unusable_catalog_is_refused_with_its_name(name: str, text: str | None, message: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        read_catalog(tmp_path / name)
    assert name in str(caught.value) and caught.value.remedy


def colour_field(n: int = 120, gains: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> tuple[np.ndarray, ...]:
    """(3, 400, 500) of white stars seen by a camera with ``gains``, their positions and fluxes."""
    rng = np.random.default_rng(7)
    x, y = rng.uniform(20, 480, n), rng.uniform(20, 380, n)
    flux = rng.uniform(3000, 60000, n)
    image = np.zeros((3, 400, 500))
    for c in range(3):
        add_stars(image[c], x, y, flux * gains[c], np.full(n, 3.0))
        image[c] += 300 * (1 + 0.3 * c) + rng.normal(0, 4, image[c].shape)
    return (image / 65535).astype(np.float32), x, y, flux


@pytest.mark.parametrize("background", ["median", "plane"])
def test_fluxes_are_those_of_the_truth_on_a_slope_too(background: str) -> None:
    image, x, y, flux = colour_field(40)
    image = image + (0.02 * np.arange(500) / 500).astype(np.float32)
    stars = np.zeros(40, STAR_DTYPE)
    stars["x"], stars["y"], stars["flux"], stars["fwhm"] = x, y, flux, 3.0
    found = measure_stars(image, stars, 3.0, covered=np.ones((400, 500), bool), background=background)  # type: ignore[arg-type]
    assert found.good.sum() > 15
    # A Moffat profile of beta 3.5 has 2 % of its light beyond 2.8 FWHM, the same in all channels.
    ratio = found.flux[:, found.good] * 65535 / flux[found.good]
    assert np.abs(ratio - 0.98).max() < 0.08 and np.abs(np.median(ratio, axis=1) - 0.98).max() < 0.015
    near = np.array([(np.hypot(x - a, y - b) < 6).sum() > 1 for a, b in zip(x, y, strict=True)])
    assert not (found.good & near).any(), "stars with a bright neighbour are not used"


def test_hidden_saturated_and_border_stars_are_not_used() -> None:
    image, x, y, flux = colour_field(6)
    stars = np.zeros(6, STAR_DTYPE)
    x[0], y[0] = 2.0, 200.0
    stars["x"], stars["y"], stars["flux"], stars["fwhm"] = x, y, flux, 3.0
    image[:, int(y[1]), int(x[1])] = 0.99
    covered = np.ones((400, 500), bool)
    covered[int(y[2]) - 3: int(y[2]) + 3, int(x[2]) - 3: int(x[2]) + 3] = False
    found = measure_stars(image, stars, 3.0, covered=covered)
    assert not found.good[:3].any()


def test_sums_and_sky_are_those_of_photutils() -> None:
    image, x, y, _ = colour_field(60)
    plane = image[0].astype(np.float64)
    positions = np.stack([np.append(x, [3.2, 497.7]), np.append(y, [390.4, 7.5])], axis=1)
    hidden = np.random.default_rng(2).random(plane.shape) < 0.05
    hidden[200:260, 100:160] = True
    ring = ApertureStats(plane, CircularAnnulus(positions, 9.3, 15.2), mask=hidden, sigma_clip=SigmaClip(3.0, maxiters=5),
                         sum_method="center")
    middle, spread = photometry._clipped(photometry._around(plane, hidden, positions, 15.2, 9.3))
    np.testing.assert_allclose(middle, ring.median, rtol=1e-12)
    np.testing.assert_allclose(spread, ring.std, rtol=1e-9)
    circle = ApertureStats(plane, CircularAperture(positions, 5.4), mask=hidden, sum_method="exact")
    np.testing.assert_allclose(photometry._sums(np.where(hidden, 0, plane), positions, 5.4), np.nan_to_num(circle.sum), rtol=1e-6)
    np.testing.assert_array_equal(photometry._around(plane, hidden, positions, 5.4)[:, 0], circle.max)


def errors_of_white_stars(report: dict[str, Any], colour: FieldColour) -> np.ndarray:
    """Relative errors of red and blue where stars that look white with gains of 0.6 and 1.4 have the ``colour``."""
    expected = [10 ** (-0.4 * float(channel_ratio(star_temperature(np.array([colour.bv]), "B-V"), c)[0])) for c in (0, 2)]
    return np.asarray(np.array(report["gains"])[[0, 2]] * [0.6, 1.4] / expected - 1)


def test_the_median_star_gives_gains_without_a_catalog() -> None:
    image, *_ = colour_field(gains=(0.6, 1.0, 1.4))
    result = calibrate(image, fits.Header())
    assert not result.declined and result.report["no_catalog"] == "the image has no WCS"
    assert np.abs(errors_of_white_stars(result.report, field_colour(None))).max() < 0.01
    errors = np.array(result.report["gain_errors"]) / np.array(result.report["gains"])[[0, 2]]
    assert (errors > (0.03, 0.04)).all() and (errors < (0.09, 0.12)).all()  # what fields of the sky differ by
    away = calibrate(image, fits.Header({"RA": 299.9, "DEC": 22.7})).report  # M 27, 4 degrees from the plane of the Galaxy
    assert away["galactic_latitude"] == pytest.approx(3.7, abs=0.1)
    assert np.abs(errors_of_white_stars(away, field_colour((299.9, 22.7)))).max() < 0.01
    assert away["gains"][2] > result.report["gains"][2] and away["gain_errors"][0] > result.report["gain_errors"][0]


def test_stars_are_bluest_near_the_plane_of_the_galaxy() -> None:
    colours = [field_colour(place) for place in ((266.4, -29.0), (299.9, 22.7), (83.8, -5.4), (192.859, 27.13))]
    assert [c.latitude for c in colours] == pytest.approx([0.05, 3.7, 19.4, 90.0], abs=0.2)
    assert [c.bv for c in colours] == pytest.approx([0.48, 0.53, 0.773, 0.70], abs=0.01)
    assert colours[0].spread > field_colour(None).spread > colours[3].spread, "dust is not known where it is thickest"


def test_stars_that_a_camera_clips_below_16_bits_are_not_used() -> None:
    image, *_ = colour_field(gains=(0.6, 1.0, 1.4))
    level = 2000 / 65535
    clipped = np.minimum(image, np.float32(level))
    reports = [calibrate(clipped, fits.Header(card)).report for card in ([], [("SATURATE", 0.95 * level)])]
    off = [np.abs(errors_of_white_stars(r, field_colour(None))).max() for r in reports]
    # With the card or without: the peaks of clipped stars are equal.
    assert max(off) < 0.015, off
    unclipped = calibrate(image, fits.Header()).report["stars_measured"]
    assert max(r["stars_measured"] for r in reports) < 0.8 * unclipped


HEADER = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 41.0, "CRPIX1": 251.0, "CRPIX2": 201.0,
          "CDELT1": -0.001, "CDELT2": 0.001}


def write_catalog(path: Path, x: np.ndarray, y: np.ndarray, flux: np.ndarray, colour: np.ndarray) -> None:
    ra, dec = WCS(fits.Header(HEADER)).all_pix2world(x, y, 0)
    Table({"ra": ra, "dec": dec, "B": 20 - 2.5 * np.log10(flux) + colour, "V": 20 - 2.5 * np.log10(flux)}).write(path)


@pytest.mark.parametrize("case", ["few", "scattered", "green", "good"])
def test_where_a_catalog_does_not_settle_the_colours_the_median_star_does(case: str, tmp_path: Path) -> None:
    image, x, y, flux = colour_field(gains=(0.6, 1.0, 1.4))
    n = {"few": 6, "scattered": 40, "green": 40, "good": 120}[case]
    colour = np.full(n, 0.653)
    if case == "scattered":
        colour += np.random.default_rng(1).normal(0, 0.5, n)
    if case == "green":  # the stars of the catalog are those whose red and blue are dimmed by something
        for k in range(n):
            row, column = int(y[k]), int(x[k])
            part = np.s_[max(row - 9, 0): row + 10, max(column - 9, 0): column + 10]
            for c, sky in ((0, 300), (2, 480)):
                image[c][part] = sky / 65535 + 0.5 * (image[c][part] - sky / 65535)
    write_catalog(tmp_path / "stars.csv", x[:n], y[:n], flux[:n], colour)
    report = calibrate(image, fits.Header(HEADER), catalog=str(tmp_path / "stars.csv")).report
    assert not report["declined"]
    assumed = FieldColour(0.653, 0, None) if case == "good" else field_colour((10.0, 41.0))
    assert np.abs(errors_of_white_stars(report, assumed)).max() < 0.03
    assert 0 < max(report["gain_errors"]) < (0.03 if case == "good" else 0.2)
    if case == "good":
        assert report["source"] == "catalog" and "catalog_declined" not in report
        return
    reason = {"few": "are needed", "scattered": "do not follow the catalog", "green": "off the colours of real stars"}[case]
    assert report["source"] == "stars" and reason in report["catalog_declined"]["reason"]
    text = colours_text(report)
    assert "the stars' mean colour" in text and "red known to" in text and reason in text
    # Who asks for a catalog gets one, or nothing.
    alone = calibrate(image, fits.Header(HEADER), catalog=str(tmp_path / "stars.csv"), method="catalog")
    assert reason in alone.declined and alone.image is image


def test_both_reasons_are_given_where_the_median_star_fails_too(tmp_path: Path) -> None:
    image, x, y, flux = colour_field(30, gains=(0.6, 1.0, 1.4))
    for k in range(30):  # no stars scatter over three magnitudes of red
        part = np.s_[0, max(int(y[k]) - 9, 0): int(y[k]) + 10, max(int(x[k]) - 9, 0): int(x[k]) + 10]
        image[part] = 300 / 65535 + 10 ** (-0.04 * k) * (image[part] - 300 / 65535)
    write_catalog(tmp_path / "stars.csv", x[:6], y[:6], flux[:6], np.full(6, 0.65))
    declined = calibrate(image, fits.Header(HEADER), catalog=str(tmp_path / "stars.csv"), min_stars=10).declined
    assert "(catalog)" in declined and "(mean colour of the stars)" in declined


@pytest.mark.parametrize(("stars", "settings", "message"), [
    (5, {}, "are needed"), (60, {"min_stars": 100}, "are needed"), (60, {"method": "catalog"}, "no WCS"),
    (60, {"max_gain": 1.2}, "gain of"), (60, {"method": "siril_pcc"}, "no WCS"),
])
def test_a_poor_field_is_declined_with_the_reason(stars: int, settings: dict[str, object], message: str) -> None:
    image, *_ = colour_field(stars, gains=(0.6, 1.0, 1.4))
    result = calibrate(image, fits.Header(), **settings)
    assert message in result.declined and result.image is image and result.report["declined"] == result.declined


def test_the_native_photometry_replaces_a_siril_that_fails(tmp_path: Path) -> None:
    image, *_ = colour_field(gains=(0.6, 1.0, 1.4))
    header = fits.Header({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 41.0,
                          "CDELT1": -1e-3, "CDELT2": 1e-3})
    (tmp_path / "gaia.dat").write_bytes(b"x")
    config = RunConfig.model_validate({"pcc": {"method": "siril_pcc", "siril_catalog": str(tmp_path / "gaia.dat"),
                                               "online": False},
                                       "engine": {"siril": {"executable": str(tmp_path / "no-siril")}}})
    result = calibrate_colours(image, header, config, ToolEnvironment(tmp_path / "w", tmp_path, tmp_path))
    assert "no-siril" in result.report["fallback"] and not result.declined
    assert np.abs(errors_of_white_stars(result.report, field_colour((10.0, 41.0)))).max() < 0.01


def test_the_environment_names_a_catalog(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    image, *_ = colour_field()
    header = fits.Header({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 41.0, "CRPIX1": 250.0,
                          "CRPIX2": 200.0, "CDELT1": -0.001, "CDELT2": 0.001})
    monkeypatch.setenv(CATALOG_VARIABLE, str(tmp_path / "gone.csv"))
    assert "gone.csv does not exist" in calibrate(image, header, method="catalog").declined
    report = calibrate(image, header).report
    assert "gone.csv does not exist" in report["catalog_declined"]["reason"] and report["source"] == "stars"
    assert "gone.csv does not exist" in colours_text(report)
    monkeypatch.delenv(CATALOG_VARIABLE)
    monkeypatch.setattr(calibration, "has_astroquery", lambda: False)
    report = calibrate(image, header).report
    assert CATALOG_VARIABLE in report["no_catalog"] and not report["declined"]


def test_gaia_is_queried_through_astroquery_and_failures_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """An imitation of astroquery's VizieR client: the service itself needs a network."""
    query = {}

    class Vizier:
        def __init__(self, **options: object) -> None:
            query.update(options)

        def query_region(self, position: object, **options: object) -> list[Table]:
            query.update(options, position=position)
            if query["radius"].value > 5:
                raise TimeoutError("no answer")
            return [Table({"RA_ICRS": [10.0, 10.1], "DE_ICRS": [41.0, 41.1], "Gmag": [9.0, 10.0], "BPmag": [9.5, np.nan],
                           "RPmag": [8.5, 9.0]})]

    module = types.ModuleType("astroquery.vizier")
    module.Vizier = Vizier  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "astroquery", types.ModuleType("astroquery"))
    monkeypatch.setitem(sys.modules, "astroquery.vizier", module)
    monkeypatch.setattr(catalog, "has_astroquery", lambda: True)
    found = gaia(10.0, 41.0, 0.5)
    assert query["catalog"] == "I/355/gaiadr3" and len(found) == 1 and found.colour[0] == 1.0 and found.system == "BP-RP"
    with pytest.raises(ToolError, match="no answer"):
        gaia(10.0, 41.0, 8.0)


def test_the_command_writes_the_image_or_reports_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image, *_ = colour_field(gains=(0.6, 1.0, 1.4))
    fits.writeto(tmp_path / "a.fits", image, fits.Header({"OBJECT": "X"}))
    assert cli.main(["pcc", str(tmp_path / "a.fits")], standalone_mode=False) == 0
    assert "gains 1.7" in capsys.readouterr().out
    header = fits.getheader(tmp_path / "a_pcc.fits")
    assert header["OBJECT"] == "X" and "gains" in str(header["HISTORY"])
    assert json.loads((tmp_path / "a_pcc.json").read_text())["stars_used"] > 50
    assert cli.main(["pcc", str(tmp_path / "a.fits"), "--force", "--set", "pcc.method=catalog"], standalone_mode=False) == 3
    assert "no WCS" in capsys.readouterr().err
    fits.writeto(tmp_path / "mono.fits", image[0])
    with pytest.raises(InputError, match="one channel"):
        cli.main(["pcc", str(tmp_path / "mono.fits")], standalone_mode=False)
