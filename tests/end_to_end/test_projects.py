"""Projects: nights found, added, stacked together and resumed; channels; masters of other nights and of the library."""

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
from orchestrator import (
    RunResult,
    SettingsSources,
    load_project,
    new_project,
    resume,
    resume_project,
    run_project,
    save_project,
)
from orchestrator.api.inspection import inspect
from orchestrator.cli.main import cli
from orchestrator.errors import InputError
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.simulation import PRESETS, simulate, simulate_filters
from tilecore.detect.stars import detect
from tilecore.register.align import match

QUICK = ("engine.name=native", "astrometry.solver=none", "bge.enabled=false", "pcc.enabled=false", "output.preview=false",
         "output.report=false")
TINY = replace(PRESETS["tiny_mono"], n_frames=4, drift=3.0, dither=2.0)


def found(result: RunResult) -> dict[str, tuple[int, int]]:
    """(hits, misses) of each kind of cache."""
    lines = (result.directory / "logs" / "run_events.jsonl").read_text().splitlines()
    return {e["kind"]: (e["hits"], e["misses"]) for line in lines if (e := json.loads(line))["event"] == "cache"}


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights, the second without darks and turned by a meridian flip, the third aside."""
    base = tmp_path_factory.mktemp("nights")
    for k in (1, 2, 3):
        simulate(replace(TINY, night=k, noise_seed=k, calibration_noise_seed=k, turn=180.0 if k == 2 else 0.0,
                         sky_min=300.0 * k, sky_max=320.0 * k), base / f"Session {k}")
    shutil.rmtree(base / "Session 2" / "darks")
    return base


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A project of the first two nights."""
    folder = tmp_path / "M 42"
    for k in (1, 2):
        shutil.copytree(made / f"Session {k}", folder / f"Session {k}")
    new_project(folder)
    return folder


def test_a_night_added_later_is_the_only_one_measured_and_the_merge_is_that_of_all(root: Path, made: Path) -> None:
    before = state_of(root / "Session 1")
    first = run_project(root, SettingsSources(overrides=QUICK), run_id="two")
    assert first.error is None and found(first)["scores"] == (0, 8)
    assert {p.name for p in (root / "results").iterdir()} == {"M_42_final.fit", "M_42_Session_1.fit", "M_42_Session_2.fit"}
    shutil.copytree(made / "Session 3", root / "January" / "Session 3")
    told = CliRunner().invoke(cli, ["project", "scan", str(root)])
    assert "New, add it with --add: " in told.stdout and "Session 3" in told.stdout
    added = CliRunner().invoke(cli, ["project", "add", str(root), str(root / "January" / "Session 3")])
    assert added.exit_code == 0 and "January/Session 3" in (root / "project.yaml").read_text()
    more = run_project(root, SettingsSources(overrides=QUICK), run_id="three")
    assert found(more)["scores"] == (8, 4) and found(more)["masters"] == (6, 3)
    alone = run_project(root, SettingsSources(overrides=[*QUICK, "runtime.cache=false"]), run_id="alone")
    for name in ("stacked", "night_Session_3"):
        assert more.products[name].read_bytes() == alone.products[name].read_bytes()
    assert fits.getheader(root / "results" / "M_42_final.fit")["STACKCNT"] == 12
    assert fits.getheader(root / "results" / "M_42_Session_3.fit")["STACKCNT"] == 4
    assert state_of(root / "Session 1") == before, "nights are never written to"
    assert "frame Session 2/light_00003.fit weight" in str(fits.getheader(more.products["stacked"])["HISTORY"])
    rows = frame_rows(RunFiles(more.directory))
    assert len({r.file for r in rows}) == 12 and rows[4].file == "Session 2/lights/light_00001.fit"
    assert sum(r.reason == "the reference" for r in rows) == 1


def test_a_project_can_be_moved_and_its_run_gone_on_with(root: Path, tmp_path: Path) -> None:
    first = run_project(root, SettingsSources(overrides=QUICK), run_id="run")
    pixels = fits.getdata(first.products["stacked"])
    moved = root.rename(tmp_path / "elsewhere")
    assert load_project(moved).folder(load_project(moved).nights[0]) == moved / "Session 1"
    again = resume_project(moved)
    assert again.error is None and again.directory == moved / "runs" / "run" and again.ran == ()
    assert np.array_equal(fits.getdata(again.products["stacked"]), pixels)
    assert again.products["final"] == moved / "results" / "M_42_final.fit"
    changed = resume_project(moved, overrides=["stacking.sigma_high=3"])
    assert "TILE_RECONSTRUCTION" in changed.ran and "REGISTRATION" not in changed.ran
    frames = inspect(changed.directory, (80, 60, 100, 80)).frames
    assert len(frames) == 8 and abs(sum(f.share for f in frames) - 1) < 1e-3


def test_darks_of_another_night_are_used_where_they_fit_and_that_is_told(root: Path) -> None:
    told = CliRunner().invoke(cli, ["project", "validate", str(root)])
    assert told.exit_code == 0 and "4 dark frames of the night Session 1 are used (gain 100, 30 s, -10 C)" in told.stdout
    shown = CliRunner().invoke(cli, ["project", "show", str(root)])
    assert "temperature of darks: within 3 C" in shown.stdout
    result = run_project(root, SettingsSources(overrides=QUICK))
    masters = [fits.getdata(result.products[f"master_dark_Session_{k}"]) for k in (1, 2)]
    assert np.array_equal(*masters)
    assert not np.array_equal(*[fits.getdata(result.products[f"master_flat_Session_{k}"]) for k in (1, 2)])
    for path in (root / "Session 1" / "darks").iterdir():
        fits.setval(path, "OFFSET", value=10)
    told = CliRunner().invoke(cli, ["project", "validate", str(root)])
    for name in ("Session 1", "Session 2"):
        assert f"{name}: It has no darks, and no other night has suitable ones" in told.stdout
    assert "The darks have offset 10, the lights 50 (dark_00001.fit): they are not used" in told.stdout


def test_masters_go_to_the_library_and_serve_another_project(root: Path, made: Path, tmp_path: Path) -> None:
    library = tmp_path / "masters"
    project = load_project(root)
    project.settings = {"calibration": {"library": "../masters", "save_to_library": True}}
    save_project(project)
    first = run_project(root, SettingsSources(overrides=QUICK))
    names = sorted(p.name for p in library.iterdir())
    assert "master_dark_Simulated-Camera_g100_o50_bin1_30s_-10C_20250116.fit" in names and first.error is None
    assert fits.getheader(library / names[1])["IMAGETYP"].startswith("Master")
    other = tmp_path / "other"
    shutil.copytree(made / "Session 3" / "lights", other / "Session 3" / "lights")
    new_project(other)
    result = run_project(other, SettingsSources(overrides=[*QUICK, f"calibration.library={library}"]))
    dark = fits.getdata(result.products["master_dark_Session_3"])
    assert np.array_equal(dark, fits.getdata(first.products["master_dark_Session_1"]))
    assert np.array_equal(fits.getdata(result.products["master_flat_Session_3"]),
                          fits.getdata(library / next(n for n in names if "flat" in n)))


def test_filters_are_stacked_onto_the_same_pixels_and_combined(tmp_path: Path) -> None:
    root = tmp_path / "SHO"
    for k, name in enumerate(("Ha", "OIII", "SII"), 1):
        simulate(replace(TINY, n_dark=0, n_bias=0, night=k, filter_name=name, noise_seed=k, turn=180.0 if k == 2 else 0.0,
                         n_stars=90, flux_min=3000.0), root / name)
    project = new_project(root)
    project.channels = {"H": "Ha", "O": "OIII", "S": "SII"}
    project.palette = {"R": {"S": 1.0}, "G": {"H": 0.7, "O": 0.3}, "B": {"O": 1.0}}
    project.final.mirror = "bottomup"
    save_project(project)
    result = run_project(root, SettingsSources(overrides=QUICK), run_id="a")
    assert result.error is None, result.error
    record = json.loads((root / "runs" / "a" / "artifacts" / "combination.json").read_text())
    assert record["combined"] == "a linear combination" and {c["run"] for c in record["channels"]} == {"a-H", "a-O", "a-S"}
    planes = {c: fits.getdata(result.products[f"final_{c}"]).astype(np.float32) for c in "HOS"}
    final, header = fits.getdata(result.products["final"]).astype(np.float32), fits.getheader(result.products["final"])
    covered = (final != 0).all(axis=0)
    expected = np.stack([planes["S"], 0.7 * planes["H"] + 0.3 * planes["O"], planes["O"]])
    assert covered.mean() > 0.8 and np.abs(final - expected)[:, covered].max() < 1e-6
    assert header["ROWORDER"] == "BOTTOM-UP"
    first = next(iter(result.channels))
    raw = fits.getdata(result.channels[first].products["stacked"])
    x0, y0, x1, y1 = record["crop"]
    assert np.array_equal(planes[first][::-1], raw[y0:y1, x0:x1]), "the run's own files stay as they are"
    stars = {c: detect(np.ascontiguousarray(p)) for c, p in planes.items()}
    for c in "OS":
        laid = match(stars[c], stars["H"])
        assert np.abs(laid.matrix[:2, 2]).max() < 0.05 and abs(laid.matrix[0, 0] - 1) < 1e-3
    assert resume_project(root, overrides=QUICK).ran == ()
    project.channels["O"] = "OIV"
    save_project(project)
    with pytest.raises(InputError, match="no light has the filter 'OIV' of O"):
        run_project(root)


@pytest.mark.slow
def test_nights_of_several_filters_need_no_channels_and_are_gone_on_with_where_the_project_lies_now(tmp_path: Path) -> None:
    root = tmp_path / "M 8"
    changes = {"n_stars": 90, "flux_min": 3000.0}
    simulate_filters(replace(TINY, night=0, **changes), {"Ha": {}, "OIII": {}}, root / "Session 1")
    simulate_filters(replace(TINY, noise_seed=5, turn=180.0, **changes), {"OIII": {}}, root / "Session 2")
    project = new_project(root)
    project.final.name = "{project}_all"
    save_project(project)
    told = CliRunner().invoke(cli, ["project", "validate", str(root)])
    assert told.exit_code == 0 and "OIII (8 lights), Ha (4 lights)" in told.stdout and "combined as HOO" in told.stdout
    cancel = threading.Event()

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "phase_start" and event["phase"] == "LOCAL_METRICS" and (root / "runs" / "a-H").is_dir():
            cancel.set()

    stopped = run_project(root, SettingsSources(overrides=QUICK), run_id="a", listeners=(listen,), cancel=cancel)
    assert stopped.status == "aborted" and not (root / "results").exists()
    moved = tmp_path / "elsewhere" / "M 8"
    moved.parent.mkdir()
    root.rename(moved)
    result = resume_project(moved)
    assert result.error is None and list(result.channels) == ["O", "H"], result.error
    assert result.channels["O"].ran == () and "CALIBRATION" not in result.channels["H"].ran
    assert {p.name for p in (moved / "results").glob("*.fit")} == {"M_8_H.fit", "M_8_O.fit", "M_8_all.fit"}
    nights = {c: r.statistics.frames_used for c, r in result.channels.items()}
    assert nights == {"O": 8, "H": 4} and result.statistics.combined_as == "HOO"
    picture = fits.getdata(result.products["final"])
    planes = [fits.getdata(result.products[f"final_{c}"]) for c in "HOO"]
    seen = (picture != 0).all(axis=0)
    assert seen.mean() > 0.7 and np.array_equal(picture[:, seen], np.array(planes)[:, seen])
    again = resume(moved / "runs" / "a", overrides=["output.palette=none"])  # without the project
    assert again.error is None and all(r.ran == () for r in again.channels.values()) and "stacked_rgb" not in again.products


def binned(folder: Path) -> None:
    """Frames of a camera with pixels twice as large, made from the frames in the folder."""
    for path in folder.rglob("*.fit"):
        header, pixels = fits.getheader(path), fits.getdata(path).astype(float)
        rows, columns = pixels.shape
        for key in ("BZERO", "BSCALE"):
            header.remove(key, ignore_missing=True)
        header.update({"XPIXSZ": 7.52, "YPIXSZ": 7.52, "XBINNING": 2, "YBINNING": 2, "FOCALLEN": 490.0, "INSTRUME": "Other"})
        pixels = pixels.reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
        fits.writeto(path, np.rint(pixels).astype(np.uint16), header, overwrite=True)


def test_nights_of_two_cameras_agree_in_place_and_flux(tmp_path: Path) -> None:
    config = replace(TINY, width=320, height=256, n_stars=100, flux_min=8000.0, seeing_min=4.0, seeing_max=5.0)
    truth = simulate(replace(config, night=1), tmp_path / "p" / "1")
    simulate(replace(config, night=2, turn=180.0, noise_seed=2, header_gain=200), tmp_path / "p" / "2")
    binned(tmp_path / "p" / "2")
    new_project(tmp_path / "p")
    result = run_project(tmp_path / "p", SettingsSources(overrides=QUICK))
    assert result.error is None and any("several cameras" in w for w in result.warnings)
    content: dict[str, Any] = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    files = [f["file"] for f in content["frames"]]
    assert all(f["used"] for f in content["frames"]) and abs(content["frames"][-1]["matrix"][0][0] + 2) < 0.01
    _, x, y = good_stars(truth, files.index(content["reference_file"]), count=12)
    flux = [star_photometry(fits.getdata(result.products[f"night_{k}"]).astype(np.float32), x, y, 10.0) for k in (1, 2)]
    assert abs(np.median(flux[1] / flux[0]) - 1) < 0.02
    nights = json.loads((result.directory / "artifacts" / "nights.json").read_text())["nights"]
    assert 0.4 < nights[1]["share"] < 0.55, "larger pixels show as much of the sky: about the same weight"


def test_real_siril_calibrates_each_night_and_registers_them_together(root: Path, siril: Path) -> None:
    settings = ["engine.name=siril", f"engine.siril.executable={siril}", "engine.siril.fallback=false", *QUICK[1:]]
    theirs = run_project(root, SettingsSources(overrides=settings), run_id="siril")
    ours = run_project(root, SettingsSources(overrides=QUICK), run_id="native")
    assert theirs.error is None, theirs.error
    scripts = {p.name for p in (theirs.directory / "scripts").iterdir()}
    assert {"Session_1_calibrate.ssf", "Session_2_master_dark.ssf", "register.ssf"} <= scripts
    frames = json.loads((theirs.directory / "artifacts" / "registration.json").read_text())["frames"]
    assert [f["used"] for f in frames] == [True] * 8
    assert {np.sign(f["matrix"][0][0]) for f in frames[:4]} != {np.sign(f["matrix"][0][0]) for f in frames[4:]}
    shares = [[n["share"] for n in json.loads((r.directory / "artifacts" / "nights.json").read_text())["nights"]]
              for r in (theirs, ours)]
    assert np.allclose(*shares, atol=0.02)
