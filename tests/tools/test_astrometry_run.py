"""The ASTROMETRY phase in whole runs, and the commands `solve` and `catalog`, with the real solvers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import RunConfig, RunResult, resume, run, simulation
from orchestrator.astrometry.catalogs import CatalogOptions, write_catalogs
from orchestrator.astrometry.verify import same_field
from orchestrator.cli.main import cli
from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.io.wcs_header import read_wcs, separation
from orchestrator.phases.astrometry import Astrometry
from orchestrator.rundir.directory import file_hash
from orchestrator.simulation.sky import FIELDS, SkyField, render, sky_field, true_wcs
from orchestrator.stacking.state import RunState
from tilecore.colour import channel_ratio, star_temperature
from tilecore.detect.stars import aperture_flux, detect

FIELD = replace(FIELDS[9], width=800, height=600, scale=5.0, faint=0)  # about 40 stars
FIXTURES = Path(simulation.__file__).parent
DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def catalogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogs")
    write_catalogs(FIXTURES / "stars.csv", ("astap", "siril"), folder)
    return folder


@pytest.fixture
def settings(catalogs: Path, tools: Callable[[str], Path]) -> Callable[..., dict[str, Any]]:
    """settings(...): the section astrometry, with the catalogs and programs of the tests."""
    return lambda **changes: {"astap": str(tools("astap_cli")), "astap_data": str(catalogs / "astap"),
                              "siril_catalog": str(catalogs / "siril_gaia_astro.dat"), **changes}


def write_session(folder: Path, pattern: str | None = None, frames: int = 5) -> list[SkyField]:
    """Lights of one place on the sky, dithered by a few pixels; returns the fields."""
    (folder / "lights").mkdir(parents=True)
    fields = [replace(FIELD, ra=FIELD.ra + 0.004 * i, dec=FIELD.dec - 0.003 * i, seed=100 + i) for i in range(frames)]
    for i, field in enumerate(fields):
        header = fits.Header([("IMAGETYP", "Light"), ("EXPTIME", 60.0), ("RA", FIELD.ra + 0.25), ("DEC", FIELD.dec - 0.2),
                              ("FOCALLEN", 250.0), ("XPIXSZ", FIELD.scale * 250 / 206.264806), ("OBJECT", "Field")])
        if pattern:
            header["BAYERPAT"] = pattern
        fits.writeto(folder / "lights" / f"light_{i}.fit", render(field), header)
    return fields


@pytest.mark.tool("astap")
@pytest.mark.parametrize("pattern", [None, "RGGB"])
def test_every_product_has_the_wcs(settings, tmp_path, pattern):  # type: ignore[no-untyped-def]
    fields = write_session(tmp_path / "session", pattern)
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": settings(solver="astap"),
                                       "debayer": {"stage": "last" if pattern else "auto"}})
    result = run(tmp_path / "session", config, runs_dir=tmp_path / "runs", run_id="r")
    assert result.exit_code == ExitCode.OK, result.error
    phases = json.loads((tmp_path / "runs/r/manifest.json").read_text())["phases"]
    phase = next(p for p in phases if p["phase"] == "ASTROMETRY")
    assert phase["status"] == "ok", phase
    assert phase["summary"]["verification"]["ok"] and phase["summary"]["parity"] == "mirrored"
    assert phase["summary"]["hint_off_deg"] == pytest.approx(0.27, abs=0.02)
    names = {"variance", "coverage", "weight_sum", "rejected", "stacked"} | ({"stacked_rgb"} if pattern else set())
    assert names <= set(result.products)
    for name in names:
        wcs = read_wcs(fits.getheader(result.products[name]))
        assert wcs is not None, name
        assert min(same_field(wcs, true_wcs(f), (FIELD.height, FIELD.width)) for f in fields) < 0.5, name
    assert result.statistics.scale_arcsec_px == pytest.approx(5.0, abs=0.002)
    manifest = json.loads((tmp_path / "runs/r/manifest.json").read_text())
    assert manifest["outputs"]["stacked"]["sha256"] == file_hash(result.products["stacked"])
    assert all(read_wcs(fits.getheader(p)) is None for p in (tmp_path / "runs/r/outputs/calibration").glob("*.fit"))
    told = json.loads((tmp_path / "runs/r/artifacts/astrometry.json").read_text())
    assert told["attempts"][-1]["result"] == "solved"


@pytest.mark.tool("astap")
@pytest.mark.slow
def test_a_solution_can_be_taken_back_and_made_again(settings, tmp_path):  # type: ignore[no-untyped-def]
    """Files that had no WCS when they were made are brought back so before they are solved again."""
    write_session(tmp_path / "session")

    def stack(name: str, **changes: Any) -> Path:
        config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": settings(**changes)})
        return run(tmp_path / "session", config, runs_dir=tmp_path, run_id=name).directory

    def hashes(folder: Path) -> dict[str, str]:
        return {str(p.relative_to(folder)): file_hash(p) for p in (folder / "outputs").rglob("*") if p.is_file()}

    solved, plain = stack("solved", solver="astap"), hashes(stack("plain", solver="none"))
    before, ran = hashes(solved), ("ASTROMETRY", "BGE", "PCC", "PREVIEW")
    assert before["outputs/variance.fits"] != plain["outputs/variance.fits"]
    assert resume(solved, from_phase="ASTROMETRY").ran == ran and hashes(solved) == before
    assert resume(solved, overrides=["astrometry.solver=none"]).ran == ran and hashes(solved) == plain
    assert resume(solved, overrides=["astrometry.solver=astap"]).ran == ran and hashes(solved) == before


@pytest.mark.tool("siril")
@pytest.mark.slow
def test_a_simulated_session_of_real_stars_is_solved(settings, simulated, siril, tmp_path):  # type: ignore[no-untyped-def]
    folder, truth = simulated("real_sky")
    config = RunConfig.model_validate({"engine": {"name": "native", "siril": {"executable": str(siril.path)}},
                                       "astrometry": settings(solver="siril")})
    result = run(folder, config, runs_dir=tmp_path / "runs", run_id="r")
    assert result.exit_code == ExitCode.OK, result.error
    wcs = read_wcs(fits.getheader(result.products["stacked_rgb"]))
    assert wcs is not None, result.warnings
    true, shape = true_wcs(sky_field(truth.config)), (truth.config.height, truth.config.width)
    # The stack has the pixel grid of its reference frame, which is one of the dithered ones: undo each one's motion.
    x, y = (a.ravel() for a in np.meshgrid([0.0, shape[1] - 1], [0.0, shape[0] - 1]))
    apart = []
    for matrix in truth.matrices:
        scene = matrix @ np.stack([x, y, np.ones(4)])
        there = wcs.all_world2pix(*true.wcs_pix2world(scene[0], scene[1], 0), 0)
        apart.append(np.hypot(there[0] - x, there[1] - y).max())
    assert min(apart) < 0.5
    assert (tmp_path / "runs/r/scripts/platesolve.ssf").is_file()


def test_a_run_without_any_solver_is_whole(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("ORCHESTRATE_CATALOGS", str(tmp_path / "none"))
    write_session(tmp_path / "session")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {
        "astap_data": str(tmp_path), "index_dir": str(tmp_path), "solver": "astap"}})
    result = run(tmp_path / "session", config, runs_dir=tmp_path / "runs", run_id="r")
    assert result.status == "ok" and result.exit_code == ExitCode.OK
    phases = json.loads((tmp_path / "runs/r/manifest.json").read_text())["phases"]
    phase = next(p for p in phases if p["phase"] == "ASTROMETRY")
    assert phase["status"] == "skipped" and "no solver can be used" in phase["summary"]["why"]
    assert not [w for w in result.warnings if "WCS" in w or "solve" in w]
    assert read_wcs(fits.getheader(result.products["stacked"])) is None


@pytest.mark.tool("astap")
def test_a_picture_without_stars_is_skipped_and_stays_as_it_is(settings, context, tmp_path):  # type: ignore[no-untyped-def]
    path = tmp_path / "stacked.fits"
    fits.writeto(path, np.random.default_rng(1).normal(0.01, 0.001, (300, 400)).astype(np.float32))
    before = file_hash(path)
    state = RunState((tmp_path,), products={"stacked": path})
    state.plan = SimpleNamespace(sky=None, shape=(300, 400))
    state.frames = SimpleNamespace(frames=(SimpleNamespace(wcs=""),), reference=0, registered_pixels=False)
    result = Astrometry().run(context(astrometry=settings()), state)
    assert result.status == "skipped" and "stars were detected" in result.summary["why"]
    assert file_hash(path) == before and state.products == {"stacked": path} and set(state.fields) == {"plan", "frames"}


@pytest.mark.tool("astap")
def test_solve_writes_into_the_file_or_a_copy(settings, tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    path, copy = tmp_path / "m 1.fits", tmp_path / "solved.fits"
    fits.writeto(path, render(FIELD), fits.Header([("RA", FIELD.ra), ("DEC", FIELD.dec)]))
    before = file_hash(path)
    given = [w for k, v in settings().items() for w in ("--set", f"astrometry.{k}={v}")]
    command = ["solve", str(path), *given, "--scale", "5"]
    told = CliRunner().invoke(cli, [*command, "--no-write"])
    assert told.exit_code == 0, told.output
    assert "verified" in told.output and file_hash(path) == before
    assert CliRunner().invoke(cli, [*command, "--output", str(copy)]).exit_code == 0
    assert file_hash(path) == before
    as_json = CliRunner().invoke(cli, [*command, "--json", "--sip"])
    assert json.loads(as_json.stdout)["solver"] == "astap"
    for file in (path, copy):
        wcs = read_wcs(fits.getheader(file))
        assert wcs is not None and same_field(wcs, true_wcs(FIELD), (FIELD.height, FIELD.width)) < 0.6
        assert np.array_equal(fits.getdata(file), render(FIELD))


@pytest.mark.tool("astap")
def test_one_file_is_solved_flattened_and_balanced_by_three_commands(settings, tmp_path):  # type: ignore[no-untyped-def]
    """A stack from elsewhere: each command leaves what the one before it found."""
    planes = [render(replace(FIELD, seed=seed)).astype(np.float32) / 65535 for seed in (1, 2, 3)]
    slope = np.linspace(0, 0.02, FIELD.width, dtype=np.float32)
    path = tmp_path / "my stack.fits"
    fits.writeto(path, np.stack([g * p + slope for g, p in zip((0.6, 1.0, 0.8), planes, strict=True)]),
                 fits.Header([("RA", FIELD.ra), ("DEC", FIELD.dec), ("OBJECT", "Field")]))
    given = [w for k, v in settings().items() for w in ("--set", f"astrometry.{k}={v}")]
    for command in (["solve", str(path), "--scale", "5", *given], ["bge", str(path)],
                    ["pcc", str(tmp_path / "my stack_bge.fits"), "--set", "pcc.method=stars"]):
        told = CliRunner().invoke(cli, command)
        assert told.exit_code == 0, told.output
    final, header = fits.getdata(tmp_path / "my stack_bge_pcc.fits"), fits.getheader(tmp_path / "my stack_bge_pcc.fits")
    wcs = read_wcs(header)
    assert wcs is not None and same_field(wcs, true_wcs(FIELD), (FIELD.height, FIELD.width)) < 0.6 and header["OBJECT"] == "Field"
    assert "background" in str(header["HISTORY"]) and "gains" in str(header["HISTORY"])
    edges = [np.median(final[:, :, part], axis=(1, 2)) for part in (slice(0, 80), slice(-80, None))]
    assert np.ptp(edges) < 0.05 * 0.02, "flat and grey"
    report = json.loads((tmp_path / "my stack_bge_pcc.json").read_text())
    # All stars of this sky are as white as the Sun; they are taken for the usual ones of a field at this latitude.
    usual, white = star_temperature(np.array([report["assumed_bv"]]), "B-V"), 5772
    assumed = [10 ** (-0.4 * channel_ratio(usual, c, white, RunConfig().pcc.wavelengths)[0]) for c in (0, 2)]
    np.testing.assert_allclose(np.array(report["gains"]) * [0.6, 1, 0.8], [assumed[0], 1, assumed[1]], atol=0.02)
    assert np.all(np.abs(np.array(report["gains"])[[0, 2]] * [0.6, 0.8] - 1) < 2 * np.array(report["gain_errors"]) * [0.6, 0.8])


def test_solve_says_why_not(settings, tmp_path):  # type: ignore[no-untyped-def]
    path = tmp_path / "dark.fits"
    fits.writeto(path, np.random.default_rng(1).normal(500, 5, (300, 400)).astype(np.uint16))
    given = [w for k, v in settings().items() for w in ("--set", f"astrometry.{k}={v}")]
    result = CliRunner().invoke(cli, ["solve", str(path), *given], standalone_mode=False)
    assert isinstance(result.exception, OrchestrateError) and result.exception.exit_code == ExitCode.FAILED
    assert "stars were detected" in str(result.exception) and str(path) in str(result.exception)
    for name in ("nothing.fits", "text.fits"):
        (tmp_path / "text.fits").write_text("no image")
        result = CliRunner().invoke(cli, ["solve", str(tmp_path / name), *given], standalone_mode=False)
        assert isinstance(result.exception, OrchestrateError) and result.exception.exit_code == ExitCode.INPUT_REFUSED


def test_catalog_writes_and_lists(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("ORCHESTRATE_CATALOGS", str(tmp_path))
    result = CliRunner().invoke(cli, ["catalog", "write", str(FIXTURES / "stars.csv"), "--limit", "9", "--column", "mag=vmag"])
    assert result.exit_code == 0, result.output
    assert "stars to magnitude 9.0" in result.output
    listed = {(c["kind"], c["path"]) for c in json.loads(CliRunner().invoke(cli, ["catalog", "list", "--json"]).stdout)}
    assert {("ASTAP", str(tmp_path / "astap")), ("Siril", str(tmp_path / "siril_gaia_astro.dat"))} <= listed
    assert CliRunner().invoke(cli, ["catalog", "list"]).exit_code == 0
    result = CliRunner().invoke(cli, ["catalog", "write", str(FIXTURES / "stars.csv"), "--column", "x=y"], standalone_mode=False)
    assert isinstance(result.exception, OrchestrateError) and result.exception.exit_code == ExitCode.USAGE


def check_that_stars_are_white(result: RunResult) -> None:
    """The picture has the colours of its own stars, and the report has the reason."""
    assert result.statistics.colour_source == "stars", result.warnings
    assert "no two magnitudes" in str(result.statistics.colour_catalog_declined)
    image = fits.getdata(result.products["stacked_rgb_pcc"]).astype(np.float32)
    stars = detect(image.mean(axis=0))
    stars = stars[(stars["snr"] > 50) & ~stars["saturated"]]
    red, green, blue = (aperture_flux(plane, stars["x"], stars["y"], 6.0) for plane in image)
    assert len(stars) > 10
    assert abs(np.median(red / green) - 1) < 0.1 and abs(np.median(blue / green) - 1) < 0.1


@pytest.mark.slow
@pytest.mark.tool("astap")
@pytest.mark.tool("siril")
@pytest.mark.parametrize(("folder", "stars", "centre", "scale"), [
    ("seestar_s50_m94", DATA / "stars_m94.csv", (192.793, 41.124), 2.376),
    ("osc_asi224_m27", FIXTURES / "stars.csv", (299.929, 22.710), 1.48),
])  # fmt: skip
def test_real_stacks_are_solved_by_three_solvers(  # type: ignore[no-untyped-def]
        real_data, settings, siril, tools, monkeypatch, tmp_path, folder, stars, centre, scale):
    """Centres as of ../shared/data, from the frames' own hints and from none; the mount drifted by some pixels."""
    monkeypatch.setenv("PATH", str(tools("build-astrometry-index").parent), prepend=os.pathsep)
    write_catalogs(stars, ("astap", "siril", "astrometry.net"), tmp_path / "c", CatalogOptions(presets=(4, 6)))
    (tmp_path / "session").mkdir()
    for path in sorted((real_data / folder).glob("*.fit*"))[:4]:
        (tmp_path / "session" / path.name).symlink_to(path)
    section = settings(astap_data=str(tmp_path / "c/astap"), siril_catalog=str(tmp_path / "c/siril_gaia_astro.dat"),
                       index_dir=str(tmp_path / "c/astrometry_net"), solver="astap")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": section, "pcc": {"catalog": str(stars)}})
    result = run(tmp_path / "session", config, runs_dir=tmp_path / "runs", run_id="r")
    product = result.products["stacked_rgb"]
    if stars.parent == DATA:  # this catalog has no colours
        check_that_stars_are_white(result)
    shape = fits.getdata(product).shape[-2:]
    first = read_wcs(fits.getheader(product))
    assert first is not None, result.warnings
    ra, dec = first.all_pix2world([shape[1] / 2 - 0.5], [shape[0] / 2 - 0.5], 0)
    assert separation(*centre, ra, dec)[0] * 3600 < 60
    told = json.loads((tmp_path / "runs/r/artifacts/astrometry.json").read_text())
    assert told["scale_arcsec_px"] == pytest.approx(scale, rel=0.005) and told["verification"]["rms_px"] < 1.0
    bare, unknown = tmp_path / "bare.fits", tmp_path / "unknown.fits"
    for path in (bare, unknown):
        fits.writeto(path, fits.getdata(product))
    runs = {"siril": [str(product), "--set", "astrometry.solver=siril"],
            "blind": [str(bare), "--set", "astrometry.solver=astap", "--scale", str(scale)],
            "neither position nor scale": [str(unknown), "--set", "astrometry.solver=astrometry_net"]}
    for name, arguments in runs.items():
        section = {**section, "solver": name}
        given = [w for k, v in section.items() if k != "solver" for w in ("--set", f"astrometry.{k}={v}")]
        done = CliRunner().invoke(cli, ["solve", *given, "--set", f"engine.siril.executable={siril.path}", *arguments],
                                  catch_exceptions=False)
        assert done.exit_code == 0, done.output
        other = read_wcs(fits.getheader(arguments[0]))
        assert other is not None and same_field(other, first, shape) < 1.0, name
