"""Whole runs: BGE and PCC as phases, what they leave behind, and what they leave alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, run
from orchestrator.pipeline.result import RunResult
from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.simulator import simulate
from orchestrator.simulation.truth import load_truth


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OSC session under a sky whose slope is 40 % of its level, with a nebula and a camera that sees red too weakly."""
    folder = tmp_path_factory.mktemp("session")
    simulate(SimulationConfig(width=480, height=360, n_frames=4, pattern="RGGB", sky_gradient=0.4, sky_min=900, sky_max=1000,
                              nebula=250.0, nebula_fill=0.2, n_stars=200, channel_response=(0.6, 1.0, 0.85), star_colours=0.2,
                              row_order="BOTTOM-UP"), folder)
    return folder


def stack(session: Path, runs: Path, **settings: object) -> RunResult:
    config = {"engine": {"name": "native"}, "calibration": {"synthetic_bias": 500.0}, **settings}
    result = run(session / "lights", RunConfig.model_validate(config), runs_dir=runs)
    assert result.error is None, result.error
    return result


def phases(result: RunResult) -> dict[str, dict[str, object]]:
    return {p["phase"]: p for p in json.loads((result.directory / "manifest.json").read_text())["phases"]}


def true_sky(session: Path, result: RunResult, channel: int) -> np.ndarray:
    """The sky of a stack in ADU, but for its level: the mean shape of the skies of the frames, at the flux of the reference."""
    truth = load_truth(session)
    name = json.loads((result.directory / "artifacts" / "registration.json").read_text())["reference"]
    y, x = np.mgrid[: truth.config.height, : truth.config.width]
    scale = truth.transparency[truth.lights.index(name)] / truth.transparency
    return np.mean([s * truth.frame_sky(frame, x, y, channel) for frame, s in enumerate(scale)], axis=0)


def test_a_run_ends_with_a_flat_sky_and_white_stars(session: Path, tmp_path: Path) -> None:
    result = stack(session, tmp_path)
    raw, flat, final = (fits.getdata(result.products[n]).astype(np.float32)
                        for n in ("stacked_rgb", "stacked_rgb_bge", "stacked_rgb_pcc"))
    model = fits.getdata(result.products["background_model"])
    for channel in range(3):
        truth = true_sky(session, result, channel)
        rest = truth - 65535 * (raw[channel] - flat[channel])
        assert np.ptp(truth) > 300 and rest.std() < 0.01 * np.ptp(truth)
    removed = raw - flat
    np.testing.assert_allclose(removed - np.median(removed, axis=(1, 2), keepdims=True),
                               model - np.median(model, axis=(1, 2), keepdims=True), atol=2e-6)
    sky = np.median(final, axis=(1, 2)) * 65535
    assert np.ptp(sky) < 0.02 * sky[1]
    gains = phases(result)["PCC"]["summary"]["gains"]  # type: ignore[index]
    # The mean star of this simulation is white: its colours scatter about zero.
    np.testing.assert_allclose(np.array(gains) * [0.6, 1.0, 0.85], 1, atol=0.06)
    for name in ("bge", "pcc"):
        report = json.loads((result.directory / "artifacts" / f"{name}.json").read_text())
        assert report["summary"] and not report["declined"]
    header = fits.getheader(result.products["stacked_rgb_pcc"])
    assert "background" in str(header["HISTORY"]) and "gains" in str(header["HISTORY"]) and header["STACKCNT"] == 4
    assert header["ROWORDER"] == "BOTTOM-UP" and "preview_annotated" not in result.products
    assert result.statistics.background_method and set(result.statistics.background) == {"R", "G", "B"}
    assert len(result.statistics.colour_gains) == 3 and result.statistics.colour_stars


def test_both_can_be_switched_off_and_refusals_leave_the_stack(session: Path, tmp_path: Path) -> None:
    off = stack(session, tmp_path / "off", bge={"enabled": False}, pcc={"enabled": False})
    assert not {n for n in off.products if "bge" in n or "pcc" in n}
    assert [phases(off)[p]["status"] for p in ("BGE", "PCC")] == ["skipped", "skipped"]
    refused = stack(session, tmp_path / "refused", bge={"max_star_change": 1e-9}, pcc={"min_stars": 5000})
    assert refused.status == "ok"
    assert "star flux ratios" in phases(refused)["BGE"]["summary"]["why"]  # type: ignore[index]
    assert "5000 are needed" in phases(refused)["PCC"]["summary"]["why"]  # type: ignore[index]
    assert sum("not changed" in w for w in refused.warnings) == 2
    assert fits.getdata(refused.products["stacked_rgb"]).tobytes() == fits.getdata(off.products["stacked_rgb"]).tobytes()


def test_a_mono_stack_has_a_background_but_no_colours(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    result = run(folder, RunConfig.model_validate({"engine": {"name": "native"}}), runs_dir=tmp_path)
    found = phases(result)
    assert found["PCC"]["status"] == "skipped" and "no colours" in found["PCC"]["summary"]["why"]  # type: ignore[index]
    assert "stacked_bge" in result.products or found["BGE"]["summary"]["why"]  # type: ignore[index]


def test_a_dual_band_filter_gives_its_lines(session: Path, tmp_path: Path) -> None:
    result = stack(session, tmp_path, pcc={"dual_band": "on"}, bge={"enabled": False})
    assert "stacked_rgb_pcc" not in result.products
    ha, oiii, hoo = (fits.getdata(result.products[f"stacked_{name}"]) for name in ("ha", "oiii", "hoo"))
    assert ha.shape == oiii.shape == hoo.shape[1:] and np.array_equal(hoo[2], oiii)
    assert [fits.getheader(result.products[f"stacked_{n}"])["FILTER"] for n in ("ha", "oiii")] == ["Ha", "OIII"]
    assert phases(result)["PREVIEW"]["summary"]["of"] == "stacked_hoo.fits"  # type: ignore[index]
    assert "H-alpha" in (result.directory / "artifacts" / "report.md").read_text()
