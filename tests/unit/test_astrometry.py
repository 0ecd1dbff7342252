"""Hints for a field, the check of solutions, and the WCS in files, without any solver."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from orchestrator.astrometry import light
from orchestrator.astrometry.catalogs import write_catalogs
from orchestrator.astrometry.hints import Hints, read_hints, search_areas
from orchestrator.astrometry.picture import Picture, load_picture, write_private_copy
from orchestrator.astrometry.refine import refine
from orchestrator.astrometry.solve import Outcome, _Searches, solve, unknown
from orchestrator.astrometry.solvers import AvailableSolvers, _databases, why_none
from orchestrator.astrometry.verify import Verification, other_scale, plausible, same_field, verify
from orchestrator.astrometry.wcs import describe, wcs_cards, write_wcs
from orchestrator.catalogs.objects import object_position
from orchestrator.catalogs.stars import StarTable, cone
from orchestrator.config.postprocessing import Astrometry
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ToolMissing
from orchestrator.io.wcs_header import read_wcs
from orchestrator.simulation.sky import FIELDS, SkyField, project, real_stars, render, true_wcs
from orchestrator.tools.astap import data_folders, find_astap
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.slots import slot
from orchestrator.tools.solving import SearchArea

SHAPE = (1200, 1600)


def header(**cards: object) -> fits.Header:
    return fits.Header([(k.replace("_", "-"), v) for k, v in cards.items()])


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """FIELDS[9]: 85 stars at 4 arcsec a pixel, mirrored."""
    folder = tmp_path_factory.mktemp("picture")
    fits.writeto(folder / "a.fits", render(FIELDS[9]))
    return load_picture(folder / "a.fits", folder)


@pytest.fixture(scope="module")
def catalog() -> StarTable:
    ra, dec, mag, _ = real_stars()
    return cone(StarTable.make(ra, dec, mag), FIELDS[9].ra, FIELDS[9].dec, 1.5)


@pytest.mark.parametrize(("cards", "ra", "dec"), [
    ({"RA": 193.04166, "DEC": 40.970556}, 193.04166, 40.970556),
    ({"OBJCTRA": "19 59 41.99", "OBJCTDEC": "22 43 19.37"}, 299.92496, 22.722047),
    ({"OBJCTRA": "05:35:12", "OBJCTDEC": "-00:24:00"}, 83.8, -0.4),
    ({"RA": "05:35:12", "DEC": "-05:24:00"}, 83.8, -5.4),
    ({"OBJECT": "M 94"}, 192.721, 41.120), ({"OBJECT": "ngc_7000_Ha"}, 314.821, 44.529),
    ({"OBJECT": "Messier 45"}, 56.869, 24.105), ({"OBJECT": "C 20"}, 314.821, 44.529),
])  # fmt: skip
def test_a_position_is_read_from_header_or_name(cards: dict[str, object], ra: float, dec: float) -> None:
    hints = read_hints(header(**cards), SHAPE, Astrometry())
    assert hints.ra == pytest.approx(ra, abs=0.02) and hints.dec == pytest.approx(dec, abs=0.02)


@pytest.mark.parametrize("name", ["", "Unknown", "M 999", "Sim 31", "gamma Cas", "NGC", "Comet 12P"])
def test_an_unknown_name_gives_no_position(name: str) -> None:
    assert object_position(name) is None


@pytest.mark.parametrize(("cards", "settings", "scales"), [
    ({"FOCALLEN": 250, "XPIXSZ": 2.9}, {}, [2.3927]), ({"FOCALLEN": 510.0, "PIXSIZE1": 3.75}, {}, [1.5167]),
    ({"FOCALLEN": 500, "XPIXSZ": 3.76, "XBINNING": 2}, {}, [1.5511, 3.1022]), ({"FOCALLEN": 0, "XPIXSZ": 3.76}, {}, []),
    ({"XPIXSZ": 3.76}, {"focal_length": 500}, [1.5511]), ({"FOCALLEN": 250, "XPIXSZ": 2.9}, {"scale": 4}, [4.0]),
    ({"SECPIX1": 1.5}, {}, [1.5]), ({}, {}, []),
])  # fmt: skip
def test_the_scale(cards: dict[str, object], settings: dict[str, float], scales: list[float]) -> None:
    hints = read_hints(header(**cards), SHAPE, Astrometry.model_validate(settings))
    assert list(hints.scales) == pytest.approx(scales, abs=1e-3)


def test_searches_grow_and_end_with_the_whole_sky() -> None:
    hints = read_hints(header(RA=10.0, DEC=20.0, FOCALLEN=500, XPIXSZ=3.76), SHAPE, Astrometry())
    assert [g.radius for g in search_areas(hints, Astrometry())] == [3, 12, 30, 180]
    assert [g.radius for g in search_areas(hints, Astrometry(blind=False, max_radius=5))] == [3, 5]
    blind = search_areas(read_hints(header(), SHAPE, Astrometry()), Astrometry())
    assert [(g.blind, g.scale) for g in blind] == [(True, None)]


def test_half_a_position_is_refused() -> None:
    with pytest.raises(ValueError, match="belong together"):
        Astrometry(ra=10.0)


def test_the_private_copy_has_neither_sky_nor_a_loss_of_depth(tmp_path: Path) -> None:
    """A stack with noise of 0.05 ADU on a sky of 20 000 ADU: 16 bits of the original would lose everything."""
    field = replace(FIELDS[9], noise=0.05, sky=20_000.0, mag_zero=16.0)
    ra, dec, mag, _ = real_stars()
    clean = render(replace(field, noise=12.0, sky=0.0, mag_zero=22.0)).astype(np.float64)
    data = (20_000 + 0.05 * np.random.default_rng(2).standard_normal(clean.shape) + clean / 250) / 65535
    fits.writeto(tmp_path / "deep.fits", data.astype(np.float32))
    picture = load_picture(tmp_path / "deep.fits", tmp_path)
    write_private_copy(picture, tmp_path / "copy.fit")
    copy = fits.getdata(tmp_path / "copy.fit")
    assert copy.dtype == np.uint16 and np.median(copy) < 100
    x, y, seen = project(field, ra, dec)
    bright = seen & (mag < 10) & (x > 5) & (y > 5) & (x < field.width - 6) & (y < field.height - 6)
    peaks = copy[np.rint(y[bright]).astype(int), np.rint(x[bright]).astype(int)]
    assert (peaks > 100).mean() > 0.95
    assert fits.getheader(tmp_path / "copy.fit")["XBINNING"] == 1


def test_stars_of_a_mosaic_stay_where_they_are(tmp_path: Path) -> None:
    """Red stars on a Bayer mosaic: only every fourth pixel sees them."""
    data = render(FIELDS[9]).astype(np.float64)
    mosaic = (data - 1000) * 0.3 + 1000
    mosaic[::2, ::2] = data[::2, ::2]
    fits.writeto(tmp_path / "m.fits", mosaic.astype(np.float32) / 65535, header(BAYERPAT="RGGB"))
    stars = load_picture(tmp_path / "m.fits", tmp_path).stars
    x, y, seen = project(FIELDS[9], *real_stars()[:2])
    off = [np.hypot(stars["x"] - a, stars["y"] - b).min() for a, b in zip(x[seen], y[seen], strict=True)]
    assert np.median(off) < 0.3


def test_the_true_solution_is_accepted_and_false_ones_are_not(picture: Picture, catalog: StarTable) -> None:
    true = true_wcs(FIELDS[9])
    good = verify(true, picture, catalog, "test", 1.5)
    assert good.ok and good.matched > 60 and good.rms_px < 1.0, good
    for wrong in (replace(FIELDS[9], ra=201.2), replace(FIELDS[9], rotation=21.0), replace(FIELDS[9], scale=4.08),
                  replace(FIELDS[9], mirrored=False), replace(FIELDS[9], rotation=200.0)):
        checked = verify(true_wcs(wrong), picture, catalog, "test", 1.5)
        assert checked.decided and not checked.ok, (wrong, checked)
    few = verify(true, picture, catalog[:3], "test", 1.5)
    assert not few.ok and not few.decided and "too few" in few.why


def test_no_random_solution_is_accepted(picture: Picture, catalog: StarTable) -> None:
    rng = np.random.default_rng(7)
    for _ in range(300):
        field = replace(FIELDS[9], ra=FIELDS[9].ra + rng.uniform(-0.6, 0.6), dec=FIELDS[9].dec + rng.uniform(-0.5, 0.5),
                        rotation=rng.uniform(0, 360), mirrored=bool(rng.integers(2)))
        assert not verify(true_wcs(field), picture, catalog, "test", 1.5).ok


def test_implausible_solutions_are_refused() -> None:
    assert plausible(true_wcs(SkyField(10, 20, 2.1))) == ""
    assert not other_scale(true_wcs(SkyField(10, 20, 2.1)), 2.0) and not other_scale(true_wcs(SkyField(10, 20, 4.0)), None)
    assert other_scale(true_wcs(SkyField(10, 20, 4.0)), 2.0)
    flat = true_wcs(SkyField(10, 20, 2.0))
    flat.wcs.cd = flat.wcs.cd @ np.diag([1, 0.8])
    assert "not square" in plausible(flat)


@pytest.mark.parametrize(("matched", "ok", "accepted"), [(130, True, True), (25, True, True), (9, True, False),
                                                         (130, False, False)])
def test_the_sky_is_believed_against_the_header_if_enough_stars_match(matched: int, ok: bool, accepted: bool) -> None:
    """A focal length that is wrong by 1.4: the solution at 4 arcsec/px is the true one."""
    outcome = Outcome()
    nothing = cast(Any, None)
    searches = _Searches(outcome, nothing, nothing, nothing, nothing, nothing, [], None, "focal length and pixel size")
    checked = Verification(ok, "stars of x", "" if ok else "too few", matched, 140, 2.0, 0.2, decided=ok)
    why = searches.take(true_wcs(SkyField(10, 20, 4.0)), checked, cast(Any, SimpleNamespace(name="astap")),
                        SearchArea(10, 20, 3, 4.0 / 1.4))
    assert (outcome.wcs is not None) == accepted == (why == "")
    text = outcome.warnings[0] if accepted else why
    assert "4.000 arcsec/px" in text and "2.857" in text and "focal length and pixel size" in text
    assert accepted or searches.other_scale == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize(("hints", "expected"), [
    (Hints(None, None, ()), "neither position nor scale is known"),
    (Hints(10.0, 20.0, (), "header"), "the position is known (header) but not the scale"),
    (Hints(None, None, (4.0,), "", "settings"), "the position is not known")])
def test_what_is_missing_is_named(hints: Hints, expected: str) -> None:
    text = unknown(hints, [cast(Any, SimpleNamespace(name="astap"))])
    assert text.startswith(expected) and ("--scale" in text) == ("but not the scale" in expected)


def test_a_rough_solution_is_refined(picture: Picture, catalog: StarTable) -> None:
    rough = true_wcs(replace(FIELDS[9], ra=201.004, scale=4.01, rotation=20.2))
    assert not verify(rough, picture, catalog, "test", 1.5).ok
    fine = refine(rough, picture, catalog)
    assert same_field(fine, true_wcs(FIELDS[9]), picture.shape) < 0.3
    assert refine(rough, picture, catalog[:5]) is rough


def test_sip_is_fitted_forth_and_back(catalog: StarTable, tmp_path: Path) -> None:
    field = replace(FIELDS[9], distortion=12.0)
    fits.writeto(tmp_path / "a.fits", render(field))
    picture = load_picture(tmp_path / "a.fits", tmp_path)
    wcs = refine(true_wcs(field), picture, catalog, sip=True)
    ra, dec = true_wcs(field).wcs_pix2world([800.0, 100.0, 1500.0, 60.0], [600.0, 100.0, 1100.0, 1150.0], 0)
    x, y, _ = project(field, ra, dec)
    for each in (wcs, read_wcs(wcs_cards(wcs, "test"))):  # also through the cards
        there = each.all_world2pix(ra, dec, 0)
        assert np.hypot(there[0] - x, there[1] - y).max() < 0.3
    # The inverse polynomial, which other programs use, agrees with the iteration here.
    u, v = (c - r for c, r in zip(wcs.wcs_world2pix(ra, dec, 1), wcs.wcs.crpix, strict=True))
    back = [p + np.polynomial.polynomial.polyval2d(u, v, c) + r - 1
            for p, c, r in zip((u, v), (wcs.sip.ap, wcs.sip.bp), wcs.wcs.crpix, strict=True)]
    assert np.hypot(back[0] - x, back[1] - y).max() < 0.3


@pytest.mark.parametrize(("rotation", "mirrored"), [(0, False), (30, False), (-120, False), (170, True), (-45, True)])
def test_the_orientation_is_described(rotation: float, mirrored: bool) -> None:
    found = describe(true_wcs(SkyField(10, 60, 2.0, rotation=rotation, mirrored=mirrored)), SHAPE)
    assert found["scale_arcsec_px"] == pytest.approx(2.0, rel=1e-5)
    assert found["parity"] == ("mirrored" if mirrored else "normal")
    up = true_wcs(SkyField(10, 60, 2.0, rotation=rotation, mirrored=mirrored)).pixel_scale_matrix[:, 1]
    assert found["rotation_deg"] == pytest.approx(np.degrees(np.arctan2(up[0], up[1])), abs=0.05)
    assert found["ra_deg"] == pytest.approx(10) and found["dec_deg"] == pytest.approx(60)


def test_a_wcs_replaces_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "rgb.fits"
    data = np.arange(3 * 8 * 10, dtype=np.uint16).reshape(3, 8, 10)
    old = header(OBJECT="M 94", CTYPE1="RA---TAN", CTYPE2="DEC--TAN", CRVAL1=1.0, CRVAL2=2.0, CRPIX1=3.0, CRPIX2=4.0, CDELT1=0.1,
                 CDELT2=0.1, CROTA1=5.0, CROTA2=5.0, SECPIX1=3.0)
    old["PC1_1"], old["PC1_2"], old["A_ORDER"], old["A_2_0"] = 1.0, 0.1, 2, 1e-4
    for text in ("one", "two"):
        old["HISTORY"] = text
    fits.writeto(path, data, old)
    fits.append(path, np.ones(5000, np.float32))
    wcs = true_wcs(FIELDS[1])
    write_wcs([path], wcs_cards(wcs, "test"))
    with fits.open(path) as file:
        new = file[0].header
        assert np.array_equal(file[1].data, np.ones(5000))
        assert np.array_equal(file[0].data, data) and file[0].data.dtype == np.uint16
    assert new["OBJECT"] == "M 94" and list(new["HISTORY"]) == ["one", "two"] and new["PLTSOLVD"] is True
    assert not {"CDELT1", "CROTA2", "PC1_2", "A_ORDER", "A_2_0", "SECPIX1"} & set(new)
    read = read_wcs(new)
    assert read is not None and same_field(read, wcs, SHAPE) < 1e-6
    plain = WCS(new)  # as other programs read it, cube and all
    assert plain.celestial.wcs.crval[0] == pytest.approx(300.0)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("cards", [
    {}, {"CTYPE1": "RA---TAN"}, {"CTYPE1": "LINEAR", "CRVAL1": 1.0}, {"CRVAL1": 10.0, "CRVAL2": 5.0},
    {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 1.0, "CRVAL2": 2.0, "CD1_1": 0.0, "CD2_2": 0.0},
    {"CTYPE1": "RA---XYZ", "CTYPE2": "DEC--XYZ", "CRVAL1": 1.0, "CRVAL2": 2.0, "CD1_1": 0.1, "CD2_2": 0.1},
])  # fmt: skip
def test_an_incomplete_wcs_is_refused(cards: dict[str, object]) -> None:
    assert read_wcs(fits.Header(list(cards.items()))) is None


def test_missing_solvers_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATE_CATALOGS", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.fits"
    fits.writeto(path, np.zeros((50, 50), np.float32))
    settings = Astrometry(astap_data=tmp_path, index_dir=tmp_path)
    environment = ToolEnvironment(tmp_path / "work", tmp_path, tmp_path)
    outcome = solve(path, settings, environment)
    assert outcome.wcs is None and outcome.why.startswith("no solver can be used")
    assert "astap" in outcome.why and "astrometry_net" in outcome.why
    assert f"{tmp_path} (astrometry.astap_data)" in outcome.why and f"{tmp_path} (astrometry.index_dir)" in outcome.why
    assert "none" in solve(path, Astrometry(solver="none"), environment).why


def test_one_reason_of_several_solvers_is_given_once() -> None:
    assert why_none({"a": "No stars.", "b": "No stars.", "c": "No program."}) == (
        "no solver can be used. a, b: No stars. c: No program.")


def test_the_folder_given_to_catalog_write_is_a_folder_of_star_data(tmp_path: Path) -> None:
    table = tmp_path / "stars.csv"
    table.write_text("ra,dec,mag\n" + "".join(f"{ra},0.0,8.0\n" for ra in range(0, 360, 5)), "utf-8")
    write_catalogs(table, ("astap",), tmp_path / "catalogs")
    assert len(_databases(Astrometry(astap_data=tmp_path / "catalogs"), None)) == 1


@pytest.mark.parametrize("variable", ["ASTAP_CLI", "ASTAP_EXE", "ASTAP_BIN", "ASTAP_PATH"])
def test_astap_is_found_by_its_variables(tmp_path: Path, variable: str) -> None:
    program = tmp_path / "astap_cli"
    program.write_text("#!/bin/sh\necho 'ASTAP astrometric solver version CLI-2025.09.29'\n")
    program.chmod(0o755)
    for value in (program, tmp_path):
        assert find_astap(environ={variable: str(value), "PATH": ""}).path == program
    with pytest.raises(ToolMissing):
        find_astap(environ={variable: str(tmp_path / "nothing"), "PATH": ""})


@pytest.mark.parametrize("variable", ["ASTAP_DATA_DIR", "ASTAP_STAR_DB", "ASTAP_DATABASE"])
def test_star_data_are_found_by_their_variables(tmp_path: Path, variable: str) -> None:
    file = tmp_path / "d05_0101.1476"
    file.touch()
    for value in (tmp_path, file, tmp_path / "d05"):
        assert data_folders(None, environ={variable: str(value)})[0] == tmp_path


def test_slots_are_limited_and_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATE_LOCK_DIR", str(tmp_path))
    lock, inside, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal inside, most
        with slot("solver", 2):
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.1)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 2 and inside == 0


def test_starts_keep_the_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATE_LOCK_DIR", str(tmp_path))
    times = []
    for _ in range(3):
        with slot("solver", 5, interval=0.3):
            times.append(time.monotonic())
    assert np.diff(times).min() > 0.25


def test_waiting_for_a_slot_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATE_LOCK_DIR", str(tmp_path))
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    with slot("solver", 1), pytest.raises(Cancelled), slot("solver", 1, cancel=cancel):
        pass


@pytest.mark.parametrize("solver", ["auto", "astap", "none"])
def test_lights_are_solved_by_the_solver_that_is_set(solver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Astrometry] = []

    def found(settings: Astrometry, siril: Path | None) -> AvailableSolvers:
        asked.append(settings)
        return AvailableSolvers([cast(Any, object())])

    monkeypatch.setattr(light, "find_solvers", found)
    config = RunConfig.model_validate({"astrometry": {"solver": solver, "ra": 1.0, "dec": 2.0, "max_instances": 1}})
    made = light.light_solver(cast(Any, SimpleNamespace(config=config)))
    assert (made is None) == (solver == "none")
    assert [s.solver for s in asked] == [solver] * len(asked) and (solver == "none" or asked)
    assert all(s.ra is None and s.max_instances == 1 for s in asked), "the position is that of the stack, the limits are not"
