"""Sessions without darks with the real Siril: it sees lights without hot pixels, and the stack is as the native engine's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from scipy.ndimage import median_filter

from orchestrator import RunConfig, RunResult, run
from orchestrator.engines.native.engine import NativeEngine
from orchestrator.engines.siril.engine import SirilEngine
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.discovery import scan
from orchestrator.simulation.truth import SimulationTruth, transform_points
from orchestrator.tools.siril.cli import SirilProgram

FRAMES = 18
REFERENCE = 8
BARE: dict[str, object] = {
    "width": 300, "height": 220, "n_frames": FRAMES, "n_stars": 150, "rotation": 20.0, "hot_pixels": 400, "cold_pixels": 20,
    "warm_pixels": 800, "n_bias": 0, "n_dark": 0, "n_flat": 0, "exposure": 240.0, "dust": 0, "nebula": 0.0, "trails": 0,
    "cosmic_rays": 0}
STILL = {"rotation": 0.0, "drift": 0.0, "dither": 0.0}
PATTERNS = {"mono": None, "osc": "RGGB"}


@pytest.fixture(scope="module")
def stack(simulated, siril: SirilProgram, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """stack(camera, engine, output, **changes): the run of a session without any calibration frames, and the truth."""
    runs = tmp_path_factory.mktemp("runs")

    def make(camera: str, engine: str, output: str = "transforms", hot_sigma: float = 5.0,
             **changes: float) -> tuple[RunResult, SimulationTruth]:
        folder, truth = simulated("osc_rotated", **{**BARE, "pattern": PATTERNS[camera], **changes})
        config = RunConfig.model_validate({
            "engine": {"name": engine, "siril": {"executable": str(siril.path), "output": output, "fallback": False}},
            "calibration": {"hot_sigma": hot_sigma}, "astrometry": {"solver": "none"},
            "output": {"report": False, "preview": False}, "registration": {"reference": f"light_{REFERENCE + 1:05d}.fit"}})
        result = run(folder, config, runs_dir=runs)
        assert result.error is None, result.error
        return result, truth

    return make


@pytest.mark.parametrize("camera", ["mono", "osc"])
def test_siril_is_given_the_lights_that_the_native_engine_reads(simulated, siril: SirilProgram, tmp_path: Path,
                                                                camera: str) -> None:
    folder, truth = simulated("osc_rotated", **BARE, pattern=PATTERNS[camera])
    session = scan([folder], RunConfig()).session
    read = []
    for engine in (NativeEngine(), SirilEngine(siril)):
        made = engine.calibrate(session, RunContext(RunConfig(), tmp_path / engine.name, EventLog(None), 2**30, 2))
        assert {"bad_pixels", "fixed_pattern"} <= made.masters.keys() and any("No darks" in text for text in made.warnings)
        read.append(np.stack([reader.read() for reader in made.readers if reader is not None]))
    np.testing.assert_allclose(read[0], read[1], atol=1e-7)
    # None of the pixels that were hot stands out of those around it; a few have a star beside them.
    raw = fits.getdata(session.lights[0].path).astype(float)
    x, y = truth.hot[:, :2].astype(int).T
    step = 2 if session.cfa else 1
    footprint = np.zeros((2 * step + 1,) * 2, bool)
    footprint[::step, ::step] = True
    clean = read[1][0] * 65535
    limit = 6 * 1.4826 * np.median(np.abs(clean - median_filter(clean, footprint=footprint)))
    before, after = ((image - median_filter(image, footprint=footprint))[y, x] for image in (raw, clean))
    assert (before > limit).mean() > 0.9 and (after > limit).mean() < 0.02


@pytest.mark.parametrize(("camera", "output"), [
    ("mono", "transforms"), ("osc", "transforms"), pytest.param("osc", "frames", marks=pytest.mark.slow)])
def test_all_lights_are_registered_on_stars_and_as_sharp_as_natively(stack, camera: str, output: str) -> None:
    result, truth = stack(camera, "auto", output)
    statistics, native = result.statistics, stack(camera, "native")[0].statistics
    told = json.loads((result.directory / "artifacts" / "calibration.json").read_text())
    assert statistics.engine == "siril" and "without darks" in told["why"]
    assert statistics.frames_used == FRAMES == native.frames_used
    assert statistics.frame_fwhm_px == pytest.approx(native.frame_fwhm_px, rel=0.05)
    assert statistics.fwhm_px == pytest.approx(native.fwhm_px, rel=0.05)
    if output == "transforms":  # registered pixels are on the canvas already
        x, y = np.meshgrid(np.linspace(0, 299, 7), np.linspace(0, 219, 7))
        for n, frame in enumerate(json.loads((result.directory / "artifacts" / "registration.json").read_text())["frames"]):
            wanted, found = (transform_points(m, x, y) for m in (truth.matrix(n, REFERENCE), np.array(frame["matrix"])))
            assert np.sqrt(np.mean(np.square(np.subtract(wanted, found)).sum(axis=0))) < 0.15, frame


@pytest.mark.parametrize(("camera", "output"), [("mono", "transforms"), pytest.param("osc", "frames", marks=pytest.mark.slow)])
def test_no_hot_pixel_is_left_in_an_undithered_stack(stack, camera: str, output: str) -> None:
    """The sky stands still, so that each hot pixel of the sensor would be one of the stack."""
    result, truth = stack(camera, "siril", output, **STILL)
    image = fits.getdata(result.products["stacked_rgb" if camera == "osc" else "stacked"]).astype(float)
    image = image[1] if camera == "osc" else image
    assert image.shape == (220, 300)
    rest = image - median_filter(image, 5)
    sigma = 1.4826 * np.median(np.abs(rest))
    x, y = truth.stars_in(REFERENCE)
    hot = truth.hot[:, :2]
    columns, rows = hot[[np.hypot(x - a, y - b).min() > 8 for a, b in hot]].astype(int).T
    assert len(rows) > 100
    assert np.sqrt(np.mean(rest[rows, columns] ** 2)) < 1.5 * sigma and rest[rows, columns].max() < 6 * sigma


@pytest.mark.slow
def test_what_is_kept_of_the_registration_is_that_of_the_cleaned_lights(stack) -> None:
    first, again, other = (stack("mono", "siril", hot_sigma=sigma)[0] for sigma in (6, 6, 9))
    hits = [next(e["hits"] for e in map(json.loads, (r.directory / "logs" / "run_events.jsonl").read_text().splitlines())
                 if e["event"] == "cache" and e["kind"] == "transforms") for r in (first, again, other)]
    assert hits == [0, 1, 0]
    assert first.products["stacked"].read_bytes() == again.products["stacked"].read_bytes()
