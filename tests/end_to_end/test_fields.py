"""One folder with several fields of the sky, or with the lights of several cameras: what one command makes of it."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from fixtures.judge import good_stars, star_photometry
from orchestrator import RunConfig, RunResult, find_fields, resume, run
from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, ExitCode
from orchestrator.rundir.combination_record import single_runs
from orchestrator.simulation import PRESETS, SimulationTruth, simulate, simulate_filters

QUICK = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
         "output": {"variance": False, "coverage": False}}
CONFIG = replace(PRESETS["tiny_mono"], n_frames=4, n_stars=90, flux_min=12_000.0, transparency_min=1.0, dither=2.0,
                 seeing_min=2.6, seeing_max=3.0)
PLACES = {"M 31": (10.7, 41.3), "Veil": (312.8, 30.7), "M 45": (56.7, 24.1)}


def settings() -> list[str]:
    return [w for s, values in QUICK.items() for k, v in values.items() for w in ("--set", f"{s}.{k}={str(v).lower()}")]


def point(folder: Path, name: str, prefix: str) -> None:
    """The lights in a folder show an object; their names begin with ``prefix``."""
    for path in sorted(folder.glob("*.fit")):
        for key, value in (("OBJECT", name), ("RA", PLACES[name][0]), ("DEC", PLACES[name][1])):
            fits.setval(path, key, value=value)
        path.rename(path.with_name(prefix + path.name))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, SimulationTruth]]:
    """M 31 through H-alpha, the Veil through H-alpha and OIII, and one light of M 45."""
    folder = tmp_path_factory.mktemp("night") / "2026-10-01"
    truths = simulate_filters(CONFIG, {"Ha": {}, "OIII": {}}, folder)
    point(folder / "lights", "Veil", "veil_")
    other = folder.with_name("other")
    truths["M 31"] = simulate(replace(CONFIG, seed=5, filter_name="Ha", n_dark=0, n_bias=0, n_flat=0), other)
    point(other / "lights", "M 31", "m31_")
    for path in (other / "lights").iterdir():
        path.rename(folder / "lights" / path.name)
    stray = folder / "lights" / "m45.fit"
    shutil.copy(folder / "lights" / "m31_light_00001.fit", stray)
    for key, value in (("OBJECT", "M 45"), ("RA", PLACES["M 45"][0]), ("DEC", PLACES["M 45"][1])):
        fits.setval(stray, key, value=value)
    pixels = fits.getdata(stray)  # a copy would be left out as such
    fits.update(stray, pixels + np.uint16(1), fits.getheader(stray))
    return folder, truths


@pytest.fixture(scope="module")
def made(night: tuple[Path, dict[str, SimulationTruth]], tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, str]:
    runs = tmp_path_factory.mktemp("runs")
    done = CliRunner().invoke(cli, ["run", str(night[0]), "--runs-dir", str(runs), "--run-id", "a", *settings()])
    assert done.exit_code == 0, done.output
    return resume(runs / "a"), done.output


def light_of(result: RunResult, truth: SimulationTruth) -> float:
    """Median ratio of the fluxes of stars in a stack to the truth."""
    registration = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    box = json.loads((result.directory / "artifacts" / "geometry.json").read_text())["box"]
    name = Path(registration["reference_file"]).name.removeprefix("veil_").removeprefix("m31_")
    reference = [Path(f).name for f in truth.lights].index(name)
    plane = np.asarray(fits.getdata(result.products["stacked"]), np.float32)
    index, x, y = good_stars(truth, reference, shape=plane.shape, offset=(box[0], box[1]), count=15)
    assert len(index) >= 5
    return float(np.median(star_photometry(plane, x, y, 10.0) * 65535 / truth.star_flux[index, 0]))


def test_each_field_has_its_picture(night: tuple[Path, dict[str, SimulationTruth]], made: tuple[RunResult, str],
                                    tmp_path: Path) -> None:
    truths, (result, output) = night[1], made
    assert result.status == "ok" and result.ran == () and list(result.channels) == ["M_31", "Veil"]
    assert result.directory.name == "a" and result.channels["M_31"].directory.name == "a-M_31"
    assert [r.directory.name for r in result.single_runs] == ["a-M_31", "a-Veil-H", "a-Veil-O"]
    assert result.channels["Veil"].statistics.combined_as is None or "stacked_rgb" in result.channels["Veil"].products
    light = [light_of(one, truths[name]) for one, name in zip(result.single_runs[1:], ("Ha", "OIII"), strict=True)]
    assert abs(light[0] / light[1] - 1) < 0.05, "the stars of the Veil in both filters, up to the light beyond the apertures"
    # As if the lights of a field were alone.
    shutil.copytree(night[0], tmp_path / "alone", ignore=shutil.ignore_patterns("veil*", "m45*"))
    alone = run(tmp_path / "alone", RunConfig.model_validate(QUICK), runs_dir=tmp_path / "runs", run_id="alone")
    assert alone.stack is not None and not alone.channels
    assert np.array_equal(fits.getdata(alone.stack), fits.getdata(result.channels["M_31"].products["stacked"]))
    assert result.statistics.frames_used == 12 and set(result.statistics.fields) == {"M 31", "Veil", "M 45"}
    assert "The lights show 2 fields that do not touch" in output and "M 45 is not stacked" in output
    assert "Field M 31" in output and str(result.channels["M_31"].stack) in output


def test_the_fields_are_listed_and_their_page_leads_to_them(made: tuple[RunResult, str]) -> None:
    result = made[0]
    page = (result.directory / "artifacts" / "report.html").read_text()
    assert "../../a-M_31/artifacts/report.html" in page and "../../a-Veil/artifacts/report.html" in page and "M 45" in page
    listed = CliRunner().invoke(cli, ["runs", "list", "--runs-dir", str(result.directory.parent), "--json"])
    assert {r["name"] for r in json.loads(listed.output)} == {"a", "a-M_31", "a-Veil", "a-Veil-H", "a-Veil-O"}
    shown = CliRunner().invoke(cli, ["runs", "show", str(result.directory)])
    assert shown.exit_code == 0 and "M 45" in shown.output
    assert [p.name for p in single_runs(result.directory)] == ["a-M_31", "a-Veil-H", "a-Veil-O"]
    with pytest.raises(ConfigError, match="several fields"):
        resume(result.directory, overrides=["input.field=Veil"])
    refused = CliRunner().invoke(cli, ["exclude", str(result.directory), "m31_light_00001.fit"])
    assert "lists the runs of several fields" in str(refused.exception)


def test_a_field_that_was_lost_or_added_is_stacked_by_resume(
        night: tuple[Path, dict[str, SimulationTruth]], made: tuple[RunResult, str], tmp_path: Path) -> None:
    for run_of in made[0].directory.parent.glob("a*"):
        shutil.copytree(run_of, tmp_path / "runs" / run_of.name)
    folder = tmp_path / "moved"
    shutil.copytree(night[0], folder)
    shutil.rmtree(tmp_path / "runs" / "a-M_31")
    result = resume(tmp_path / "runs" / "a", session=[folder])
    assert result.error is None and set(result.channels) == {"M_31", "Veil"}
    assert "STACKING" in result.channels["M_31"].ran and "CALIBRATION" not in result.channels["Veil"].ran
    for k in (2, 3):
        pixels, header = fits.getdata(folder / "lights" / "m45.fit"), fits.getheader(folder / "lights" / "m45.fit")
        fits.writeto(folder / "lights" / f"m45_{k}.fit", pixels + np.uint16(k), header)
    result = resume(tmp_path / "runs" / "a")
    assert result.error is None and set(result.channels) == {"M_31", "Veil", "M_45"}
    assert result.channels["M_45"].statistics.frames_used == 3


def test_one_field_that_fails_does_not_stop_the_others(night: tuple[Path, dict[str, SimulationTruth]], tmp_path: Path) -> None:
    folder = tmp_path / "s"
    shutil.copytree(night[0], folder, ignore=shutil.ignore_patterns("veil*OIII*", "m45*"))
    for path in (folder / "lights").glob("m31*"):
        header, pixels = fits.getheader(path), fits.getdata(path)
        blank = np.random.default_rng(len(path.name)).normal(np.median(pixels), 5, pixels.shape)
        fits.writeto(path, blank.astype(np.uint16) + np.uint16(int(path.stem[-1])), header, overwrite=True)
    result = run(folder, RunConfig.model_validate(QUICK), runs_dir=tmp_path / "runs", run_id="b")
    assert result.status == "incomplete" and result.exit_code is not ExitCode.OK
    assert result.channels["Veil"].status == "ok" and result.channels["M_31"].error is not None
    assert "M_31 could not be stacked" in str(result.error)
    page = (result.directory / "artifacts" / "report.html").read_text()
    assert "some fields could not be stacked" in page
    # A dry run reports the same and writes nothing.
    said: list[str] = []
    dry = run(folder, RunConfig.model_validate(QUICK), runs_dir=tmp_path / "none", dry_run=True,
              listeners=(lambda e: said.append(str(e.get("message", ""))),))
    assert dry.status == "ok" and not (tmp_path / "none").exists() and "show 2 fields" in said[0]
    one = run(folder, RunConfig.model_validate(QUICK | {"input": {"field": "Veil"}}), runs_dir=tmp_path / "runs", run_id="c")
    assert one.status == "ok" and not one.channels and one.statistics.frames_used == 4


def test_a_cancelled_run_is_resumed_with_the_fields_that_are_left(night: tuple[Path, dict[str, SimulationTruth]],
                                                                 tmp_path: Path) -> None:
    cancel = threading.Event()

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "field_start" and event["number"] == 2:
            cancel.set()

    stopped = run(night[0], RunConfig.model_validate(QUICK), runs_dir=tmp_path / "runs", run_id="a", listeners=(listen,),
                  cancel=cancel)
    assert stopped.status == "aborted" and stopped.exit_code is ExitCode.CANCELLED
    result = resume(tmp_path / "runs" / "a")
    assert result.status == "ok" and result.channels["M_31"].ran == () and "STACKING" in result.channels["Veil"].ran


def coarser(folder: Path, factor: int = 2) -> None:
    """Frames of a camera with pixels ``factor`` times as large, made from the frames in the folder."""
    for path in folder.rglob("*.fit"):
        header, pixels = fits.getheader(path), fits.getdata(path).astype(float)
        rows, columns = (n // factor * factor for n in pixels.shape)
        for key in ("BZERO", "BSCALE"):
            header.remove(key, ignore_missing=True)
        header.update({"XPIXSZ": factor * header["XPIXSZ"], "YPIXSZ": factor * header["XPIXSZ"], "INSTRUME": "Other"})
        pixels = pixels[:rows, :columns].reshape(rows // factor, factor, columns // factor, factor).mean(axis=(1, 3))
        fits.writeto(path, np.rint(pixels).astype(np.uint16), header, overwrite=True)


@pytest.mark.parametrize("pattern", [None, "RGGB"])
def test_two_cameras_in_one_folder_are_one_stack(tmp_path: Path, pattern: str | None) -> None:
    config = replace(CONFIG, width=320, height=256, n_stars=100, flux_min=8000.0, seeing_min=4.0, seeing_max=5.0)
    truth = simulate(config, tmp_path / "s")
    more: dict[str, Any] = {"night": 1, "turn": 35.0, "noise_seed": 2, "calibration_noise_seed": 2}
    simulate(replace(config, **more), tmp_path / "other")
    coarser(tmp_path / "other")
    for path in (tmp_path / "other").rglob("*.fit"):
        if path.parent.name != "truth":
            path.rename(tmp_path / "s" / path.parent.name / f"other_{path.name}")
    if pattern is not None:  # frames of another kind of colour are left out, with the reason
        for path in (tmp_path / "s" / "lights").glob("other*"):
            fits.setval(path, "BAYERPAT", value=pattern)
    assert not find_fields([tmp_path / "s"], RunConfig()).fields
    result = run(tmp_path / "s", RunConfig.model_validate(QUICK), runs_dir=tmp_path / "runs", run_id="two")
    assert result.error is None
    registration = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    if pattern is not None:
        assert result.statistics.lights_found == 4
        return
    assert [f["used"] for f in registration["frames"]] == [True] * 8, [f["reason"] for f in registration["frames"]]
    assert {k for k in result.products if k.startswith("master_flat")} == {"master_flat_simulatedcamera", "master_flat_other"}
    assert any("4 of Simulated Camera" in e and "4 of Other" in e for e in
               (result.directory / "logs" / "run_events.jsonl").read_text().splitlines())
    only = shutil.copytree(tmp_path / "s", tmp_path / "only", ignore=shutil.ignore_patterns("other*"))
    alone = run(only, RunConfig.model_validate(QUICK), runs_dir=tmp_path / "runs", run_id="one")
    assert abs(light_of(result, truth) / light_of(alone, truth) - 1) < 0.02
