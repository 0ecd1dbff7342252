"""The report from the files of a run alone: whole, half, broken, and of very many frames."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml
from astropy.io import fits

from orchestrator import RunConfig, run
from orchestrator.errors import InputError
from orchestrator.report import write
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows, mean_weights
from orchestrator.report.render import embedded_json
from orchestrator.report.shown import MOST_SHOWN
from orchestrator.report.write import write_report

NATIVE = {"engine": {"name": "native"}}


@pytest.fixture(scope="module")
def finished(simulated: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, _ = simulated("tiny_osc")
    config = RunConfig.model_validate({**NATIVE, "stacking": {"rejection": "sigma"}})
    return run(folder, config, runs_dir=tmp_path_factory.mktemp("runs"), run_id="whole").directory


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "run"))


def section(directory: Path, name: str) -> dict[str, Any]:
    report = json.loads((directory / "artifacts" / "report.json").read_text())
    return next(s for s in report["sections"] if s["id"] == name)


def test_a_run_ends_with_its_report(finished: Path) -> None:
    """All that was measured of the frames is there, and agrees with what the phases wrote."""
    artifacts = finished / "artifacts"
    report = json.loads((artifacts / "report.json").read_text())
    metrics = json.loads((artifacts / "global_metrics.json").read_text())["frames"]
    assert [f["file"] for f in report["frames"]] == [m["file"] for m in metrics]
    assert [f["fwhm"] for f in report["frames"]] == [m["fwhm_px"] for m in metrics]
    weights = np.load(artifacts / "tile_weights.npy").astype(float)
    share = (weights / weights.sum(axis=1, keepdims=True)).mean(axis=(0, 2, 3))
    assert [f["share"] for f in report["frames"]] == pytest.approx(share)
    assert sum(f["weight"] for f in report["frames"]) == pytest.approx(len(share))
    validation = json.loads((artifacts / "validation.json").read_text())
    facts = {f["label"]: f["value"] for f in section(finished, "summary")["facts"]}
    assert facts["Integration"] == "4 min 00 s" and facts["Frames"] == "8 of 8"
    assert f"{validation['fwhm_px']:.2f} px" in facts["FWHM"]
    missing = [s["id"] for s in report["sections"] if s["missing"]]
    assert missing == ["clusters", "wcs"] and "clustering.enabled is false" in section(finished, "clusters")["missing"]
    text = (artifacts / "report.md").read_text()
    assert text.startswith(f"# {report['title']}: ok\n\nwhole: 8 of 8 frames used")
    assert section(finished, "summary")["steps"] and "### What to do next" in text


def test_one_frame_is_shown_beside_the_stack(finished: Path, copy: Path) -> None:
    """On the same pixels: the brightest parts of both are the same stars. It stays without the raw frames."""
    pair = [cv2.imread(str(finished / "artifacts" / name), cv2.IMREAD_GRAYSCALE) for name in ("before.jpg", "after.jpg")]
    before, after = (np.asarray(p, float) for p in pair)
    assert before.shape == after.shape and before.std() > 0
    bright = after >= np.percentile(after, 99.5)
    assert np.median(before[bright]) > 3 * np.median(before[~bright])
    registration = copy / "artifacts" / "registration.json"
    registration.write_text(registration.read_text().replace("light_", "gone_"))
    write_report(copy)
    assert [p["title"] for p in section(copy, "summary")["before_after"]] == ["One frame", "The stack"]


def test_settings_are_told_with_what_they_did(finished: Path) -> None:
    rows = {r[0]: r for r in section(finished, "configuration")["tables"][0]["rows"]}
    marked = section(finished, "configuration")["tables"][0]["marked"]
    names = list(rows)
    assert {names[i] for i in marked} == {"stacking.rejection", "engine.name"}
    assert rows["stacking.rejection"][1:3] == ["sigma", "winsorized"]
    assert "% of the pixels rejected" in rows["stacking.rejection"][3]
    assert rows["reconstruction.pixfrac"][3] == "not used: reconstruction.method is mean"
    manifest = json.loads((finished / "manifest.json").read_text())
    assert {o["option"] for o in manifest["options"] if o["changed"]} == {"stacking.rejection", "engine.name"}
    assert [f["kept"] for f in manifest["frames"]] == [True] * 8
    assert sum(f["weight"] for f in manifest["frames"]) == pytest.approx(8, abs=0.01)


def test_the_command_repeats_the_run(finished: Path, tmp_path: Path) -> None:
    words = section(finished, "provenance")["code"].split()
    assert words[:2] == ["orchestrate", "run"]
    again = run(words[2], RunConfig.model_validate(yaml.safe_load(Path(words[4]).read_text())), runs_dir=tmp_path, run_id="again")
    with fits.open(again.products["stacked_rgb"]) as a, fits.open(finished / "outputs" / "stacked_rgb.fits") as b:
        assert np.array_equal(a[0].data, b[0].data)


def test_the_page_needs_nothing_from_outside(finished: Path) -> None:
    text = (finished / "artifacts" / "report.html").read_text()
    assert "default-src 'none'" in text
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", text)
    assert not re.findall(r"(?:fetch|XMLHttpRequest|import\()", text.split("<script>")[1])


@pytest.mark.parametrize("content", [
    *(pytest.param(content, id=name, marks=pytest.mark.slow)
      for name, content in (("empty", b""), ("list", b"[1, 2]"), ("bytes", b"\xff\xfe\x00"))),
    pytest.param(b"{", id="cut"), pytest.param(None, id="gone")])
def test_a_broken_artifact_costs_its_section_only(copy: Path, content: bytes | None) -> None:
    """Each file of a run in turn is broken: the report is made, and the sections that do not need it are as before."""
    places = [p for p in (*copy.glob("artifacts/*.*"), *copy.glob("outputs/*.*"), copy / "manifest.json", copy / "config.yaml",
                          copy / "logs" / "run_events.jsonl") if not p.name.startswith("report.")]
    assert len(places) > 20
    for path in places:
        kept = path.read_bytes()
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        text = write_report(copy).read_text()
        assert text.count("<section") == 21, path
        path.write_bytes(kept)


def test_a_run_that_was_killed_is_reported_from_its_log(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    log = copy / "logs" / "run_events.jsonl"
    lines = log.read_text().splitlines()
    begun = next(i for i, line in enumerate(lines) if '"phase_start", "phase": "TILE_RECONSTRUCTION"' in line)
    log.write_text("\n".join(lines[: begun + 1]) + '\n{"time": "2026-')
    for name in ("validation.json", "bge.json", "pcc.json", "astrometry.json"):
        (copy / "artifacts" / name).unlink(missing_ok=True)
    shutil.rmtree(copy / "outputs")
    write_report(copy)
    assert section(copy, "summary")["facts"][0]["value"].startswith("not finished")
    assert section(copy, "validation")["missing"] == "The run ended before VALIDATION."
    assert section(copy, "stars")["figures"] and not section(copy, "coverage")["figures"]
    assert section(copy, "timeline")["tables"][0]["rows"][-1][:3] == ["stacking", "TILE_RECONSTRUCTION", "unfinished"]


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a run directory"):
        write_report(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        write_report(tmp_path / "none")


def test_a_report_that_fails_leaves_the_run_as_it_is(simulated: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(directory: Path) -> Path:
        raise ValueError("no ink")

    monkeypatch.setattr(write, "write_report", fail)
    folder, _ = simulated("tiny_mono")
    result = run(folder, RunConfig.model_validate(NATIVE), runs_dir=tmp_path, run_id="r")
    assert result.status == "ok" and result.warnings == ["The report could not be written: no ink"]
    assert "no ink" in (result.directory / "logs" / "report_traceback.txt").read_text()


def test_none_is_made_when_none_is_wanted(simulated: Any, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    result = run(folder, RunConfig.model_validate({**NATIVE, "output": {"report": False}}), runs_dir=tmp_path, run_id="r")
    assert not list((result.directory / "artifacts").glob("report.*"))


def many(directory: Path, count: int, tiles: tuple[int, int], rng: np.random.Generator) -> None:
    """Turn the artifacts of a run into those of ``count`` frames with a fine grid."""
    folder = directory / "artifacts"
    for name, key in (("registration", "file"), ("global_metrics", "file"), ("scan_input", "path")):
        path = folder / f"{name}.json"
        content = json.loads(path.read_text())
        target, where = (content["frames"], "light") if name == "scan_input" else (content, "frames")
        target[where] = [f | {key: f"/lights/Light_M31_300s_{i:04d}.fits"} for i in range(count)
                         for f in [target[where][i % len(target[where])]]]
        path.write_text(json.dumps(content))
    channels = np.load(folder / "tile_weights.npy").shape[0]
    for name in ("tile_weights", "tile_noise", "tile_quality"):
        np.save(folder / f"{name}.npy", rng.uniform(0.1, 1, (channels, count, *tiles)).astype(np.float32))
    np.save(folder / "tile_fwhm.npy", rng.uniform(2, 4, (count, *tiles)).astype(np.float32))
    np.save(folder / "common_overlap.npy", np.ones((count, *tiles)))
    np.save(folder / "thumbnails.npy", rng.integers(0, 256, (count, 64, 96)).astype(np.uint8))


def test_500_frames_stay_below_15_mb(copy: Path) -> None:
    """With thumbnails of pure noise, the largest that there are, and a grid as fine as that of a large sensor."""
    many(copy, 500, (60, 90), np.random.default_rng(3))
    report = write_report(copy)
    assert len(json.loads((copy / "artifacts" / "report.json").read_text())["frames"]) == 500
    assert report.stat().st_size < 15e6
    assert section(copy, "tiles")["figures"] and section(copy, "usage")["figures"]


def test_a_page_of_many_frames_shows_some_of_them_and_every_outlier(copy: Path) -> None:
    """The size does not grow any more; what the page leaves out is in the table beside it."""
    many(copy, 3000, (20, 30), np.random.default_rng(4))
    path = copy / "artifacts" / "global_metrics.json"
    content = json.loads(path.read_text())
    content["frames"][1234]["fwhm_px"], content["frames"][2345]["left_out"] = 99.0, "clouds"
    path.write_text(json.dumps(content))
    report = write_report(copy)
    text = report.read_text()
    rows = text.count('<tr tabindex="0" data-frame=')
    assert len(text) < 15e6 and 0.8 * MOST_SHOWN < rows <= MOST_SHOWN
    assert "Light_M31_300s_1234.fits" in text and "Light_M31_300s_2345.fits" in text
    payload = json.loads(re.findall(r'id="report-data">(.*?)</script>', text)[0])
    layers = next(f["data"]["layers"] for f in payload["figures"] if f["kind"] == "tiles")
    assert {layer["n"] for layer in layers} == {rows} and payload["total"] == 3000
    bars = next(f["data"] for f in payload["figures"] if f["kind"] == "histogram" and f["data"]["field"] == "fwhm")
    assert sum(bars["counts"]) == 2999 and bars["high"] == 99
    lines = (copy / "artifacts" / "frames.csv").read_text().splitlines()
    assert len(lines) == 3001 and "Light_M31_300s_1234.fits" in lines[1235] and "99.0" in lines[1235].split(",")
    assert f"{rows} of the 3000 frames are shown" in (copy / "artifacts" / "report.md").read_text()
    assert len(json.loads((copy / "artifacts" / "report.json").read_text())["frames"]) == 3000


def test_files_that_do_not_fit_each_other_are_not_mixed(copy: Path) -> None:
    """Weights of another number of frames than were registered belong to none of them."""
    weights = np.load(copy / "artifacts" / "tile_weights.npy")
    np.save(copy / "artifacts" / "tile_weights.npy", weights[:, :5])
    write_report(copy)
    files = RunFiles(copy)
    found = mean_weights(files)
    assert found is not None and len(found) == 5
    assert all(r.weight is None for r in frame_rows(files))


def test_data_cannot_leave_its_script_element() -> None:
    text = embedded_json({"a": "</script><!-- & \u2028", "b": float("nan"), "c": [np.float32(1.5)]})
    assert "<" not in text and "&" not in text and "\u2028" not in text
    assert json.loads(text) == {"a": "</script><!-- & \u2028", "b": None, "c": [1.5]}
