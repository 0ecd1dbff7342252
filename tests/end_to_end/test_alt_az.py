"""An alt-az session as smart telescopes take it: the field turns, there are no darks; and the one call that stacks it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import RunConfig, StackConfig, stack_session
from orchestrator.cli.run import run as run_command
from orchestrator.errors import ConfigError
from orchestrator.pipeline.result import RunResult
from orchestrator.simulation.layouts import arrange
from tests.conftest import artifact, stacked_natively

ROTATED: dict[str, object] = {
    "width": 300, "height": 220, "n_frames": 40, "n_stars": 150, "rotation": 60.0, "drift": 4.0, "dither": 2.0, "hot_pixels": 120,
    "cold_pixels": 10, "n_bias": 0, "n_dark": 0, "n_flat": 0, "exposure": 240.0, "vignetting": 0.15, "dust": 0, "nebula": 0.0,
    "trails": 0, "cosmic_rays": 0}


@pytest.fixture(scope="module")
def turned(simulated, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder, truth = simulated("osc_rotated", **ROTATED)
    return stacked_natively(folder, tmp_path_factory.mktemp("turned")), truth


def matrices(result: RunResult) -> list[np.ndarray]:
    """Frame -> canvas."""
    x, y = artifact(result, "prewarp")["canvas_origin"]  # type: ignore[misc]
    shift = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]], float)
    return [shift @ np.array(f["matrix"]) for f in artifact(result, "registration")["frames"] if f["used"]]  # type: ignore[attr-defined]


def test_the_rotation_is_told_and_the_canvas_follows_it(turned) -> None:
    result, _truth = turned
    assert result.statistics.frames_used == 40
    assert result.statistics.mount == "alt_az" and result.statistics.field_rotation_deg == pytest.approx(60, abs=0.6)
    prewarp = artifact(result, "prewarp")
    assert prewarp["debayer"] == "first" and "rotates by 60" in str(prewarp["why"])
    with fits.open(result.products["coverage"]) as file:
        coverage = np.squeeze(file[0].data)[..., :, :]
    coverage = coverage if coverage.ndim == 2 else coverage[0]
    y, x = np.mgrid[: coverage.shape[0], : coverage.shape[1]]
    expected = np.zeros(coverage.shape)
    for matrix in matrices(result):
        u, v, w = np.linalg.inv(matrix) @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
        inside = (u >= 0) & (v >= 0) & (u <= 299 * w) & (v <= 219 * w)
        expected += inside.reshape(coverage.shape)
    assert np.abs(coverage - expected).max() <= 1 and coverage.min() >= 0.5 * 40 - 1
    header = fits.getheader(result.products["stacked_rgb"])
    assert header["STACKCNT"] == 40


def test_colours_are_the_same_over_the_field(turned) -> None:
    """The colour of the sky, whose light all frames share, changes by less than 1 % over the field."""
    result, truth = turned
    image = fits.getdata(result.products["stacked_rgb"]).astype(float) * 65535
    pedestal = truth.config.bias + truth.config.dark_current * truth.config.exposure / truth.config.gain
    side = 24
    rows, columns = (n // side for n in image.shape[1:])
    blocks = image[:, : rows * side, : columns * side].reshape(3, rows, side, columns, side)
    sky = np.median(blocks, axis=(2, 4)) - pedestal
    y, x = (a.ravel() for a in np.mgrid[-0.5:0.5:rows * 1j, -0.5:0.5:columns * 1j])
    surface = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], 1)
    for channel in (0, 2):
        colour = (sky[channel] / sky[1] / np.median(sky[channel] / sky[1])).ravel()
        smooth = surface @ np.linalg.lstsq(surface, colour, rcond=None)[0]
        assert np.ptp(smooth) < 0.01 and np.std(colour) < 0.01, (channel, np.ptp(smooth), np.std(colour))


def test_hot_pixels_draw_no_arcs(turned) -> None:
    """Along the ways that hot pixels take over the canvas the stack is as beside them: within 1 sigma of means of 15 px."""
    result, truth = turned
    image = fits.getdata(result.products["stacked_rgb"])[1].astype(float) * 65535
    random = np.random.default_rng(1).uniform(0, 1, (200, 2)) * [truth.config.width, truth.config.height]
    ways = np.array(matrices(result))
    hot, other = (np.array([m for p in places if (m := along(image, ways, p)) is not None])
                  for places in (truth.hot[:, :2], random))
    assert len(hot) > 40
    sigma = 1.4826 * np.median(np.abs(other - np.median(other)))
    assert abs(np.median(hot) - np.median(other)) < 0.5 * sigma
    assert np.median(np.abs(hot - np.median(other))) < sigma


def along(image: np.ndarray, ways: np.ndarray, place: np.ndarray) -> float | None:
    """Median over the way of a sensor's pixel of means of 15 px, less the level 6 to 8 px beside it; None: it is outside."""
    x, y, w = (ways @ np.array([*place, 1.0])).T
    fit = np.polyfit(np.arange(len(x)), np.column_stack([x / w, y / w]), 4)
    length = np.hypot(np.diff(x), np.diff(y)).sum()
    t = np.linspace(0, len(x) - 1, max(int(length), 2))
    x, y = np.polyval(fit[:, 0], t), np.polyval(fit[:, 1], t)
    inside = (x > 9) & (y > 9) & (x < image.shape[1] - 10) & (y < image.shape[0] - 10)
    if inside.sum() < 30:
        return None
    slope = np.stack([np.gradient(x), np.gradient(y)]) / np.hypot(np.gradient(x), np.gradient(y))
    at = {d: image[np.rint(y + d * slope[0]).astype(int).clip(0, image.shape[0] - 1),
                   np.rint(x - d * slope[1]).astype(int).clip(0, image.shape[1] - 1)] for d in (-8, -7, -6, -1, 0, 1, 6, 7, 8)}
    excess = np.mean([at[d] for d in (-1, 0, 1)], axis=0) - np.median([at[d] for d in (-8, -7, -6, 6, 7, 8)], axis=0)
    runs = excess[inside][: inside.sum() // 15 * 15].reshape(-1, 15)
    return float(np.median(runs.mean(axis=1)))


def test_without_darks_siril_is_taken_where_there_are_lights_enough_to_show_bad_pixels(
        turned, simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestrator.phases import calibration
    from orchestrator.runtime.context import RunContext
    from orchestrator.runtime.events import EventLog
    from orchestrator.session.discovery import scan
    from orchestrator.session.model import Role
    from orchestrator.tools.siril.cli import SirilProgram

    monkeypatch.setattr(calibration, "find_siril", lambda path: SirilProgram(Path("/bin/siril-cli"), (1, 4, 2), "siril 1.4.2"))
    context = RunContext(RunConfig(), tmp_path, EventLog(None), 1 << 30, 1)
    bare = scan([simulated("osc_rotated", **ROTATED)[0]], RunConfig()).session
    few = replace(bare, frames={Role.LIGHT: bare.lights[:2]})
    whole = scan([simulated("tiny_osc")[0]], RunConfig()).session
    cases = (bare, "siril", "without darks"), (few, "native", "fewer than 3 lights"), (whole, "siril", "/bin/siril-cli")
    for session, name, why in cases:
        engine, reason = calibration.choose_engine(context, session)
        assert engine.name == name and why in reason
        assert ("darks" in reason) == (session is not whole)


def test_settings_and_shorthands_choose_the_mode(turned, simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    options = ["--engine", "native", "--set", "astrometry.solver=none", "--json", "--runs-dir", str(tmp_path / "runs")]
    done = CliRunner().invoke(run_command, [str(folder), *options, "--mount", "equatorial", "--transform", "integer",
                                            "--debayer", "none", "--layout", "dwarf", "--processed-dir",
                                            str(tmp_path / "made"), "--keep", "0.8"],
                              catch_exceptions=False)
    assert done.exit_code in (0, 3), done.output
    found = json.loads(done.stdout)
    assert "stacked_rgb" not in found["products"] and found["statistics"]["mount"] == "equatorial"
    assert any("whole pixels" in w for w in found["warnings"])
    registration = json.loads((Path(found["directory"]) / "artifacts" / "registration.json").read_text())
    shifts = np.array([f["matrix"] for f in registration["frames"]])[:, :2, 2]
    assert np.array_equal(shifts % 2, np.zeros_like(shifts))
    folder_made = tmp_path / "made" / folder.name / "stacked"
    assert {p.name for p in folder_made.iterdir()} == {"master_linear.fits", "master_quicklook.png", "master_quicklook.tif"}
    assert {p.name for p in folder_made.parent.iterdir()} == {"stacked", "run_manifest.json", "report.json", "report.md"}
    assert 'preview_stretch: "asinh"' in (Path(found["directory"]) / "config.yaml").read_text()
    assert fits.getheader(folder_made / "master_linear.fits")["STACKCNT"] == 6
    assert json.loads((folder_made.parent / "run_manifest.json").read_text())["status"] == found["status"]


def test_one_call_stacks_a_session_of_a_dwarf(simulated, tmp_path: Path) -> None:
    session = arrange(simulated("tiny_osc")[0], tmp_path / "rawData", "dwarf")
    before = sorted((p, p.stat().st_mtime_ns) for p in (tmp_path / "rawData").rglob("*"))
    config = StackConfig(keep_fraction=0.92, sigma=3.0, maxiters=5, reference="best",
                         settings=("engine.name=native", "astrometry.solver=none"))
    result = stack_session(session, config=config)
    assert len(result.kept) == 7 and result.stats["kept"] == 7
    assert result.stats["snr_proxy"] > 3, "the simulated stars"
    why = {p.name: reason for p, reason in result.rejected}
    assert sum("the device" in reason for reason in why.values()) == 2, "what failed and what the device stacked"
    assert sum("selection.keep_fraction: its score" in reason for reason in why.values()) == 1
    root = tmp_path / "processedData" / session.name / "stacked"
    assert result.outputs["master_linear"] == root / "master_linear.fits" and result.outputs["report"].is_file()
    assert "DWARF 3" in json.loads(result.outputs["report"].read_text())["title"]
    manifest = json.loads(result.outputs["run_manifest"].read_text())
    chosen = {o["option"]: o["value"] for o in manifest["options"]}
    names = ("selection.keep_fraction", "stacking.sigma_low", "stacking.sigma_high", "stacking.max_iterations")
    assert [chosen[name] for name in names] == [0.92, 3, 3, 5]
    assert {"master_dark", "master_flat"} <= result.outputs.keys(), "the device's own calibration frames are used"
    assert fits.getheader(result.outputs["stacked_rgb"])["FOCALLEN"] == 150
    assert sorted((p, p.stat().st_mtime_ns) for p in (tmp_path / "rawData").rglob("*")) == before
    with pytest.raises(ConfigError, match="never written to"):
        stack_session(session, output_root=session / "out", config=config)
