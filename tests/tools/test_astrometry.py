"""Plate solving of fields of real stars by the real solvers, over catalogs written by the project."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from filelock import FileLock

from orchestrator import simulation
from orchestrator.astrometry.catalogs import CatalogOptions, write_catalogs
from orchestrator.astrometry.solve import Outcome, solve
from orchestrator.astrometry.verify import same_field
from orchestrator.astrometry.wcs import wcs_cards, write_wcs
from orchestrator.config.postprocessing import Astrometry
from orchestrator.config.settings import SirilEngine
from orchestrator.io.wcs_header import read_wcs
from orchestrator.simulation.sky import FIELDS, SkyField, project, real_stars, render, true_wcs
from orchestrator.tools.environment import ToolEnvironment
from tests.conftest import missing

STARS = Path(simulation.__file__).parent / "stars.csv"


@pytest.fixture(scope="session")
def catalogs(tmp_path_factory: pytest.TempPathFactory, tools: Callable[[str], Path]) -> Path:
    """ASTAP, Siril and astrometry.net catalogs of the stars around the fields."""
    folder = tmp_path_factory.mktemp("catalogs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tools("build-astrometry-index").parent), prepend=os.pathsep)
        write_catalogs(STARS, ("astap", "astap-wide", "siril", "astrometry.net"), folder, CatalogOptions(presets=(6, 8)))
    return folder


@pytest.fixture(scope="session")
def settings(catalogs: Path, tools: Callable[[str], Path]) -> Callable[..., Astrometry]:
    """settings(solver=..., ...): only the catalogs and programs of the tests."""
    given = {"astap": tools("astap_cli"), "astap_data": catalogs / "astap",
             "siril_catalog": catalogs / "siril_gaia_astro.dat", "solve_field": tools("solve-field"),
             "index_dir": catalogs / "astrometry_net"}
    return lambda **changes: Astrometry.model_validate({**given, **changes})


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """pictures(field, hint=(dra, ddec) | None): a FITS of the field, hints off by these degrees in its header."""
    folder = tmp_path_factory.mktemp("pictures")

    def make(field: SkyField, hint: tuple[float, float] | None = (0.3, -0.2), scale: bool = True) -> Path:
        path = folder / f"field {abs(hash((field, hint, scale)))}.fits"
        if not path.exists():
            header = fits.Header()
            if hint is not None:
                dec = float(np.clip(field.dec + hint[1], -90, 90))
                header["RA"], header["DEC"] = (field.ra + hint[0] / max(np.cos(np.radians(dec)), 0.01)) % 360, dec
            if scale:
                header["FOCALLEN"], header["XPIXSZ"] = 500.0, field.scale * 500 / 206.264806
            fits.writeto(path, render(field), header)
        return path

    return make


@pytest.fixture
def solved(tmp_path: Path, siril: Any) -> Callable[..., Outcome]:
    """solved(path, settings): the outcome, with scratch of its own."""
    count = iter(range(1000))

    def solve_in_scratch(path: Path, settings: Astrometry) -> Outcome:
        environment = ToolEnvironment(tmp_path / f"work{next(count)}", tmp_path, tmp_path)
        return solve(path, settings, environment, siril=SirilEngine(executable=siril.path))

    return solve_in_scratch


def error_px(wcs: WCS, field: SkyField) -> float:
    """Root of the mean squared distance in pixels between a solution and the truth on a grid over the image."""
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, field.width - 1, 9), np.linspace(0, field.height - 1, 9)))
    ra, dec = true_wcs(field).wcs_pix2world(x, y, 0)
    x, y, _ = project(field, ra, dec)
    there = wcs.all_world2pix(ra, dec, 0)
    return float(np.sqrt(np.mean((there[0] - x) ** 2 + (there[1] - y) ** 2)))


@pytest.mark.tool("astap")
def test_astap_solves_all_over_the_sky_from_hints_that_are_off(settings, pictures, solved):  # type: ignore[no-untyped-def]
    errors = {}
    for field in FIELDS:
        outcome = solved(pictures(field), settings(solver="astap"))
        assert outcome.wcs is not None, (field, outcome.why)
        assert outcome.verification is not None and outcome.verification.ok
        errors[field.ra, field.dec] = error_px(outcome.wcs, field)
    assert len(errors) >= 12
    assert max(errors.values()) < 0.5, errors


@pytest.mark.tool("astap")
def test_a_reducer_that_is_not_in_the_header_is_found_out(settings, pictures, solved, tmp_path):  # type: ignore[no-untyped-def]
    """A focal length of 1.4 times the true one: the solution is accepted, with both scales in a warning."""
    field = FIELDS[9]
    path = tmp_path / "reducer.fits"
    header = fits.getheader(pictures(field))
    header["FOCALLEN"] *= 1.4
    fits.writeto(path, fits.getdata(pictures(field)), header)
    outcome = solved(path, settings(solver="astap"))
    assert outcome.wcs is not None and error_px(outcome.wcs, field) < 0.5, outcome.why
    assert len(outcome.warnings) == 1
    assert f"{field.scale:.3f} arcsec/px, {field.scale / 1.4:.3f} was expected" in outcome.warnings[0]


@pytest.mark.tool("astap")
@pytest.mark.slow
def test_astap_solves_blind(settings, pictures, solved):  # type: ignore[no-untyped-def]
    """All fields but the one in which the catalog has ten stars only."""
    rich = [f for f in FIELDS if project(f, *real_stars()[:2])[2].sum() > 12]
    assert len(rich) >= 12
    for field in rich:
        outcome = solved(pictures(field, hint=None), settings(solver="astap"))
        assert outcome.wcs is not None, (field, outcome.why)
        assert outcome.attempts[-1]["search"] == "the whole sky"
        assert error_px(outcome.wcs, field) < 0.5


@pytest.mark.tool("solve-field")
def test_a_field_with_eight_catalog_stars_is_solved_blind(settings, pictures, solved):  # type: ignore[no-untyped-def]
    """Too few for ASTAP; with solver auto another one finds the solution."""
    field = FIELDS[12]
    assert project(field, *real_stars()[:2])[2].sum() == 8
    outcome = solved(pictures(field, hint=None), settings())
    assert outcome.wcs is not None and outcome.solver in ("astrometry_net", "astrometry"), outcome.why
    assert error_px(outcome.wcs, field) < 0.5


@pytest.mark.tool("astap")
def test_a_hint_on_the_wrong_side_of_the_sky_ends_in_a_blind_solve(settings, pictures, solved):  # type: ignore[no-untyped-def]
    field = FIELDS[5]
    outcome = solved(pictures(field, hint=(150.0, 50.0)), settings(solver="astap"))
    assert outcome.wcs is not None, outcome.why
    searches = [a["search"] for a in outcome.attempts]
    assert searches == ["within 3 deg", "within 12 deg", "within 30 deg", "the whole sky"]
    assert error_px(outcome.wcs, field) < 0.5
    assert outcome.summary["hint_off_deg"] > 50


@pytest.mark.tool("siril")
@pytest.mark.tool("solve-field")
@pytest.mark.slow
def test_siril_and_astrometry_net_agree(settings, pictures, solved):  # type: ignore[no-untyped-def]
    for field in FIELDS:
        path = pictures(field)
        ours = {name: solved(path, settings(solver=name)) for name in ("siril", "astrometry_net")}
        for name, outcome in ours.items():
            assert outcome.wcs is not None, (name, field, outcome.why)
            assert error_px(outcome.wcs, field) < 0.5, (name, field)
        x, y = np.array([0, field.width - 1, field.width / 2]), np.array([0, field.height - 1, field.height / 2])
        one, other = (np.radians(o.wcs.all_pix2world(x, y, 0)) for o in ours.values())
        apart = np.hypot((one[0] - other[0] + np.pi) % (2 * np.pi) - np.pi, 0) * np.cos(one[1])
        apart = np.degrees(np.hypot(apart, one[1] - other[1])) * 3600
        assert apart.max() < 1.0, (field, apart)


@pytest.mark.tool("solve-field")
def test_astrometry_net_needs_neither_position_nor_scale(settings, pictures, solved):  # type: ignore[no-untyped-def]
    field = FIELDS[10]
    outcome = solved(pictures(field, hint=None, scale=False), settings())
    assert outcome.solver == "astrometry_net", outcome.why
    assert error_px(outcome.wcs, field) < 0.5


@pytest.mark.tool("astap")
@pytest.mark.tool("siril")
@pytest.mark.parametrize("solver", ["astap", "siril", "astrometry_net"])
def test_distortion_is_described_by_sip(settings, pictures, solved, solver):  # type: ignore[no-untyped-def]
    field = replace(FIELDS[9], distortion=12.0)  # 85 stars
    path = pictures(field)
    plain = solved(path, settings(solver=solver, max_rms=4.0))
    bent = solved(path, settings(solver=solver, sip=True))
    assert plain.wcs is not None and bent.wcs is not None, (plain.why, bent.why)
    assert bent.wcs.sip is not None and plain.wcs.sip is None
    assert error_px(plain.wcs, field) > 1.0
    assert error_px(bent.wcs, field) < 0.5


@pytest.mark.tool("astap")
def test_a_wide_field_takes_the_wide_database(settings, pictures, solved):  # type: ignore[no-untyped-def]
    from orchestrator.tools.astap import astap_databases, choose_database

    given = settings()
    databases = astap_databases([given.astap_data])
    assert [choose_database(databases, h).format for h in (1.0, 5.0, 8.0)] == ["1476", "1476", "290"]
    field = FIELDS[9]
    outcome = solved(pictures(field), settings(solver="astap", astap_database="g05"))
    assert outcome.wcs is not None, outcome.why
    assert error_px(outcome.wcs, field) < 0.5


@pytest.mark.tool("siril")
def test_siril_reads_the_wcs_that_we_write_and_finds_the_same(  # type: ignore[no-untyped-def]
        settings, pictures, solved, siril, catalogs, tmp_path):
    """Siril accepts the image as solved, saves the same WCS again, and finds the same when it solves the image."""
    from orchestrator.tools.siril.cli import ScriptJob, run_script
    from orchestrator.tools.siril.script import write_script

    field = replace(FIELDS[9], distortion=12.0)
    copy = tmp_path / "solved.fit"
    copy.write_bytes(pictures(field).read_bytes())
    outcome = solved(copy, settings(solver="astap", sip=True))
    write_wcs([copy], wcs_cards(outcome.wcs, outcome.solver))
    script = write_script(tmp_path / "s.ssf", f"""requires 1.4.0
set "core.catalogue_gaia_astro={catalogs / 'siril_gaia_astro.dat'}"
setext fit
load solved
platesolve
save again
platesolve -force -noflip -order=3 -catalog=localgaia
save forced
""")
    done = run_script(siril, ScriptJob(script, tmp_path, tmp_path / "siril.log"))
    assert any("Nothing will be done" in line for line in done.lines), done.lines
    again = read_wcs(fits.getheader(tmp_path / "again.fit"))
    assert again is not None and again.sip is not None
    assert error_px(again, field) < 0.5
    forced = read_wcs(fits.getheader(tmp_path / "forced.fit"))
    assert forced is not None and forced.wcs.crval.tolist() != again.wcs.crval.tolist()
    assert error_px(forced, field) < 0.5 and same_field(forced, again, (field.height, field.width)) < 1.0


@pytest.mark.tool("astap")
def test_no_stars_no_solver_started(settings, tmp_path, solved):  # type: ignore[no-untyped-def]
    path = tmp_path / "empty.fits"
    fits.writeto(path, np.random.default_rng(1).normal(1000, 12, (600, 800)).astype(np.uint16))
    began = time.monotonic()
    outcome = solved(path, settings())
    assert outcome.wcs is None and "stars were detected" in outcome.why
    assert not outcome.attempts and time.monotonic() - began < 20


@pytest.mark.tool("astap")
def test_stars_of_no_sky_are_not_solved(settings, tmp_path, solved):  # type: ignore[no-untyped-def]
    """Random stars must give no solution, however long the search."""
    rng = np.random.default_rng(5)
    field = replace(FIELDS[0], ra=40.0, dec=10.0, faint=0)
    stars = rng.uniform(39.5, 40.5, 60), rng.uniform(9.5, 10.5, 60), rng.uniform(7, 11, 60)
    path = tmp_path / "random.fits"
    fits.writeto(path, render(field, stars), fits.Header([("RA", 40.0), ("DEC", 10.0)]))
    outcome = solved(path, settings(scale=2.0, max_radius=3.0, blind=False))
    assert outcome.wcs is None and "solved" not in outcome.why
    assert {a["solver"] for a in outcome.attempts} >= {"astap", "siril", "astrometry_net"}


@pytest.mark.tool("astap")
@pytest.mark.slow
def test_eight_processes_never_start_more_than_two(settings, pictures, tmp_path, tools):  # type: ignore[no-untyped-def]
    """Eight solve at once with max_instances 2; a shim around the real astap_cli counts those alive."""
    locks, count = tmp_path / "locks", tmp_path / "count"
    count.mkdir()
    shim = tmp_path / "astap_cli"
    shim.write_text(f"""#!/bin/sh
mark={count}/$$
case "$*" in *-h*) exec {tools('astap_cli')} "$@" ;; esac
touch "$mark"; ls {count} | grep -vc seen >> {count}/seen
sleep 0.3
{tools('astap_cli')} "$@"; rc=$?
rm "$mark"; exit $rc
""", "utf-8")
    shim.chmod(0o755)
    config = tmp_path / "settings.json"
    config.write_text(settings(solver="astap", astap=shim, max_instances=2).model_dump_json(), "utf-8")
    program = ("import sys, json; from pathlib import Path; from orchestrator.astrometry.solve import solve;"
               "from orchestrator.config.postprocessing import Astrometry;"
               "s = Astrometry.model_validate_json(Path(sys.argv[1]).read_text());"
               "from orchestrator.tools.environment import ToolEnvironment;"
               "scripts = logs = Path(sys.argv[4]);"
               "o = solve(Path(sys.argv[2]), s, ToolEnvironment(Path(sys.argv[3]), scripts, logs));"
               "print(json.dumps([o.why, o.summary.get('ra_deg'), o.summary.get('dec_deg')]))")
    fields = [FIELDS[i % len(FIELDS)] for i in range(8)]
    environment = {**os.environ, "ORCHESTRATE_LOCK_DIR": str(locks)}
    running = [subprocess.Popen([sys.executable, "-c", program, config, pictures(f), tmp_path / f"w{i}", tmp_path], text=True,
                                stdout=subprocess.PIPE, env=environment) for i, f in enumerate(fields)]
    for field, process in zip(fields, running, strict=True):
        why, ra, dec = json.loads(process.communicate(timeout=200)[0])
        assert not why
        off = np.hypot((ra - field.ra + 180) % 360 - 180, 0) * np.cos(np.radians(dec)), dec - field.dec
        assert np.hypot(*off) * 3600 < 0.5 * field.scale
    alive = [int(line) for line in (count / "seen").read_text().split()]
    assert len(alive) >= 8
    assert max(alive) == 2


def test_a_hanging_solver_ends_at_its_time_out_with_its_children(settings, pictures, solved, tmp_path):  # type: ignore[no-untyped-def]
    hang = tmp_path / "astap_cli"
    child = tmp_path / "child"
    hang.write_text(f"""#!/bin/sh
case "$*" in *-h*) echo "ASTAP astrometric solver version CLI-2025.09.29"; exit 0 ;; esac
sleep 300 & echo $! >> {child}
wait
""", "utf-8")
    hang.chmod(0o755)
    began = time.monotonic()
    outcome = solved(pictures(FIELDS[1]), settings(solver="astap", astap=hang, timeout=2))
    assert outcome.wcs is None and "did not end within 2 s" in outcome.why
    assert time.monotonic() - began < 60
    children = child.read_text().split()
    assert len(children) == 1, "a solver that hangs is not started again"
    assert not psutil.pid_exists(int(children[0])) or psutil.Process(int(children[0])).status() == psutil.STATUS_ZOMBIE


@pytest.mark.tool("siril")
def test_a_crashing_solver_is_tried_again_and_then_left(settings, pictures, solved, tmp_path):  # type: ignore[no-untyped-def]
    """This ASTAP crashes with exit status 0 and no result, as the real one does; another solver is used."""
    crash, started = tmp_path / "astap_cli", tmp_path / "started"
    crash.write_text(f"""#!/bin/sh
case "$*" in *-h*) echo "ASTAP astrometric solver version CLI-2025.09.29"; exit 0 ;; esac
echo x >> {started}
echo "EAccessViolation: Access violation."
exit 0
""", "utf-8")
    crash.chmod(0o755)
    outcome = solved(pictures(FIELDS[1]), settings(astap=crash, attempts=3, backoff=0.1))
    assert len(started.read_text().split()) == 3
    assert outcome.solver in ("faster_astap", "siril"), outcome.why
    assert "left no result" in outcome.attempts[0]["result"]
    assert error_px(outcome.wcs, FIELDS[1]) < 0.5


def test_a_false_verdict_is_refused(settings, pictures, solved, tmp_path):  # type: ignore[no-untyped-def]
    """An .ini that claims a solution elsewhere does not become a WCS."""
    field = FIELDS[1]
    liar = tmp_path / "astap_cli"
    liar.write_text(f"""#!/bin/sh
case "$*" in *-h*) echo "ASTAP astrometric solver version CLI-2025.09.29"; exit 0 ;; esac
while [ "$1" != "-o" ]; do shift; done
cat > "$2.ini" <<INI
PLTSOLVD=T
CRPIX1=800.5
CRPIX2=600.5
CRVAL1={field.ra + 0.4}
CRVAL2={field.dec}
CD1_1=-0.000416667
CD1_2=0
CD2_1=0
CD2_2=0.000416667
INI
""", "utf-8")
    liar.chmod(0o755)
    outcome = solved(pictures(field), settings(solver="astap", astap=liar))
    assert outcome.wcs is None
    assert "refused" in outcome.attempts[0]["result"] and "by chance" in outcome.attempts[0]["result"]


def test_an_image_that_is_being_solved_is_waited_for(pictures, tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    from orchestrator.tools.slots import image_lock, lock_folder

    monkeypatch.setenv("ORCHESTRATE_LOCK_DIR", str(tmp_path))
    with image_lock(tmp_path / "a.fits"):
        held = next(lock_folder().glob("image-*.lock"))
        with pytest.raises(TimeoutError):
            FileLock(held).acquire(timeout=0.2)


@pytest.mark.parametrize("solver", ["faster_astap", "astrometry"])
def test_python_solvers(settings, pictures, solved, solver):  # type: ignore[no-untyped-def]
    if importlib.util.find_spec(solver) is None:
        missing(f"the Python package {solver}")
    for field in (FIELDS[0], FIELDS[3]):
        outcome = solved(pictures(field), settings(solver=solver))
        assert outcome.wcs is not None, outcome.why
        assert error_px(outcome.wcs, field) < 0.5
