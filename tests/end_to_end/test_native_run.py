"""Whole runs with the native engine on simulated sessions with known truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from fixtures.judge import flux_scatter_mmag, good_stars, positions_rms, star_photometry
from orchestrator import RunConfig, run
from orchestrator.io import fits as fits_io
from orchestrator.pipeline.result import RunResult
from orchestrator.runtime import context


def stack(session: Path, runs: Path, **settings: object) -> RunResult:
    config = RunConfig.model_validate({"engine": {"name": "native"}, "input": {"min_frames": 3}, **settings})
    result = run(session, config, runs_dir=runs)
    assert result.error is None, result.error
    return result


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_mono_session_becomes_a_stack_with_everything_beside_it(simulated, tmp_path: Path) -> None:
    folder, truth = simulated("tiny_mono")
    before = snapshot(folder)
    result = stack(folder, tmp_path)
    assert result.status == "ok", result.warnings
    assert snapshot(folder) == before, "the raw folder was written to"
    for name in ("stacked", "variance", "coverage", "preview", "preview_tif", "master_dark", "master_flat"):
        assert result.products[name].stat().st_size > 0, name
    manifest = json.loads((result.directory / "manifest.json").read_text())
    assert manifest["status"] == "ok" and manifest["outputs"]["stacked"]["sha256"]
    events = [json.loads(x) for x in (result.directory / "logs" / "run_events.jsonl").read_text().splitlines()]
    assert events[0]["event"] == "run_start" and events[-1]["event"] == "run_end"
    assert not (result.directory / "work").exists()
    bad = fits_io.image_layout(result.directory / "outputs" / "calibration" / "bad_pixels.fit").read() > 0
    columns, rows, sensitivity = truth.cold.T
    assert sensitivity.min() < 0.4 < 0.55 < sensitivity.max()
    assert bad[rows.astype(int), columns.astype(int)][sensitivity < 0.45].all()
    assert not bad[rows.astype(int), columns.astype(int)][sensitivity > 0.55].any()
    assert result.weights is not None and result.weights.shape[1] == result.statistics.frames_used


def test_stars_lie_where_the_truth_has_them_with_their_fluxes(simulated, tmp_path: Path) -> None:
    folder, truth = simulated("tiny_mono")
    result = stack(folder, tmp_path)
    with fits.open(result.products["stacked"]) as file:
        image = file[0].data.astype(np.float32)
    reference = reference_index(result)
    assert positions_rms(image, truth, reference=reference) < 0.1
    assert flux_scatter_mmag(image, truth, reference=reference) < 60


def test_the_stack_has_the_flux_scale_of_the_clear_frames_and_a_hazy_reference_is_named(simulated, tmp_path: Path) -> None:
    """Half of the frames are clouded, and they are the sharpest."""
    folder, truth = simulated("tiny_mono", n_frames=10, transparency_min=0.97, seeing_min=2.4, seeing_max=3.6,
                              clouded=(0, 5, 6, 7, 8), cloud_light=0.7)
    result = stack(folder, tmp_path)
    image = fits.getdata(result.products["stacked"]) * 65535
    reference = reference_index(result)
    index, x, y = good_stars(truth, reference, shape=image.shape)
    ratio = float(np.median(star_photometry(image, x, y, 9.0) / truth.star_flux[index, 0]))
    assert truth.transparency[reference] > 0.95 and ratio > 0.88, (reference, ratio)  # the aperture holds 0.95 of the light
    named = stack(folder, tmp_path, registration={"reference": truth.lights[6]})
    assert reference_index(named) == 6
    assert any(f"{truth.lights[6]} has" in w and "registration.reference=light" in w for w in named.warnings), named.warnings


def test_many_cosmic_rays_are_rejected_and_are_no_fault(simulated, tmp_path: Path) -> None:
    """150 hits on 300 x 240 px, which the kernel of the canvas spreads over a tenth of each frame."""
    pictures = []
    for rays in (0, 150):
        folder, truth = simulated("tiny_mono", width=300, height=240, n_stars=200, cosmic_rays=rays)
        result = stack(folder, tmp_path / str(rays), registration={"reference": truth.lights[2]}, canvas={"extent": "reference"})
        assert result.status == "ok", result.warnings
        pictures.append(fits.getdata(result.products["stacked"])[8:-8, 8:-8] * 65535)
    clean, struck = pictures
    sky = clean < np.median(clean) + 30
    noise = 1.4826 * np.median(np.abs(clean[sky] - np.median(clean[sky])))
    assert np.std((struck - clean)[sky]) < 0.5 * noise


def reference_index(result: RunResult) -> int:
    found = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    names = [Path(f["file"]).name for f in found["frames"]]
    return names.index(found["reference"])


@pytest.mark.parametrize("when", ["last", "first", "superpixel"])
def test_an_osc_session_gives_the_colours_of_the_truth(simulated, tmp_path: Path, when: str) -> None:
    folder, _truth = simulated("tiny_osc")
    result = stack(folder, tmp_path, debayer={"stage": when})
    with fits.open(result.products["stacked_rgb"]) as file:
        image, header = file[0].data, file[0].header
    assert image.shape[0] == 3 and np.isfinite(image).all()
    assert header["STACKCNT"] == result.statistics.frames_used and header["LIVETIME"] > 0
    if when == "last":
        assert fits.getheader(result.products["stacked"])["BAYERPAT"]


def test_the_same_frames_give_the_same_bytes_whatever_workers_and_memory(
        simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = simulated("tiny_osc")
    one = stack(folder, tmp_path / "a", runtime={"workers": 1})
    on_disk: list[tuple[int, ...]] = []

    def array_on_disk(folder: Path, shape: tuple[int, ...], *dtype: Any) -> np.ndarray:
        on_disk.append(shape)
        return zeros(folder, shape, *dtype)

    zeros = fits_io.array_on_disk
    monkeypatch.setattr(fits_io, "array_on_disk", array_on_disk)
    monkeypatch.setattr(context, "PICTURES_HELD", 1000)  # the frames are small
    two = stack(folder, tmp_path / "b", runtime={"workers": 3, "memory_budget": "64 MiB"})
    # Those of the stack, of the finished picture, and the 16-bit preview.
    assert len(on_disk) > 7 and {(3, 160, 200), (160, 200), (160, 200, 3)} <= set(on_disk)
    a, b = (fits.getdata(r.products["stacked_rgb"]) for r in (one, two))
    assert a.tobytes() == b.tobytes()


def test_the_union_canvas_holds_every_frame_and_records_its_offset(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    shapes = {}
    for extent in ("reference", "union", "intersection"):
        result = stack(folder, tmp_path / extent, canvas={"extent": extent})
        shapes[extent] = fits.getdata(result.products["stacked"]).shape
    assert shapes["union"][0] * shapes["union"][1] > shapes["reference"][0] * shapes["reference"][1]
    assert shapes["intersection"][0] * shapes["intersection"][1] < shapes["reference"][0] * shapes["reference"][1]
    grid = json.loads((result.directory / "artifacts" / "tile_grid.json").read_text())
    assert len(grid["canvas_offset"]) == 2


@pytest.mark.parametrize("mode", ["quality", "snr", "psf_snr", "best", "uniform"])
def test_every_weight_mode_keeps_the_flux_scale(simulated, tmp_path: Path, mode: str) -> None:
    folder, truth = simulated("tiny_mono")
    result = stack(folder, tmp_path, weights={"mode": mode})
    image = fits.getdata(result.products["stacked"])
    assert flux_scatter_mmag(image, truth, reference=reference_index(result)) < 80


@pytest.mark.parametrize("rejection", ["winsorized", "sigma", "mad", "linear_fit", "gesd", "percentile", "none"])
def test_every_rejection_runs(simulated, tmp_path: Path, rejection: str) -> None:
    folder, _ = simulated("tiny_mono")
    settings: dict[str, object] = {"rejection": rejection}
    if rejection == "percentile":
        settings |= {"sigma_low": 10, "sigma_high": 10}
    if rejection == "gesd":
        settings |= {"sigma_low": 0.3, "sigma_high": 0.05}
    image = fits.getdata(stack(folder, tmp_path, stacking=settings).products["stacked"])
    assert np.isfinite(image).all() and image.max() > 0


def test_clusters_and_synthetic_frames_give_the_same_scene(simulated, tmp_path: Path) -> None:
    folder, _truth = simulated("tiny_mono", n_frames=24)
    plain = stack(folder, tmp_path / "plain")
    clustered = stack(folder, tmp_path / "clusters", input={"min_frames_clustering": 20}, clustering={"enabled": True},
                      output={"synthetic": True})
    frames = [fits.getdata(path) for path in sorted((clustered.directory / "outputs/synthetic").glob("*.fits"))]
    sky = np.median(fits.getdata(plain.products["stacked"]))
    assert len(frames) >= 2 and all(np.abs(np.median(frame) / sky - 1) < 0.05 for frame in frames)
    a, b = (fits.getdata(r.products["stacked"]) for r in (plain, clustered))
    assert np.median(np.abs(a - b)) < 3 * np.median(np.sqrt(fits.getdata(plain.products["variance"])))
    assert (clustered.directory / "artifacts" / "state_clustering.json").exists()


def test_cancelling_leaves_a_consistent_run_directory(simulated, tmp_path: Path) -> None:
    import threading

    folder, _ = simulated("tiny_mono")
    cancel = threading.Event()

    def stop(event: dict[str, object]) -> None:
        if event.get("phase") == "NORMALIZATION" and event["event"] == "phase_start":
            cancel.set()

    result = run(folder, RunConfig.model_validate({"engine": {"name": "native"}}), runs_dir=tmp_path,
                 listeners=(stop,), cancel=cancel)
    assert result.status == "aborted" and result.exit_code == 130
    manifest = json.loads((result.directory / "manifest.json").read_text())
    assert manifest["status"] == "aborted"
    assert not list(result.directory.rglob("*.part"))
