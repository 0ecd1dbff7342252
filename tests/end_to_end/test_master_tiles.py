"""Master tiles: written as parts of the stack with the right place and WCS, and combined into one mosaic again."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from fixtures.judge import fit_stars, star_photometry
from orchestrator import InputError, RunConfig, run
from orchestrator.pipeline.result import RunResult
from orchestrator.simulation.truth import SimulationTruth
from tests.conftest import artifact

WIDTH, HEIGHT, APART, SCALE = 360, 270, 0.4, 1.55 / 3600
PANELS = tuple((x * APART * WIDTH, y * APART * HEIGHT) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
MOSAIC: dict[str, object] = {
    "width": WIDTH, "height": HEIGHT, "n_frames": 12, "n_stars": 260, "flux_min": 4000.0, "seeing_min": 2.8, "seeing_max": 3.1,
    "drift": 0.0, "dither": 5.0, "panels": PANELS, "transparency_min": 0.8, "sky_min": 300.0, "sky_max": 700.0, "hot_pixels": 0}


def with_wcs(folder: Path, truth: SimulationTruth) -> Path:
    """The session with a WCS in each light, as a plate solver would write it."""
    for name, matrix in zip(truth.lights, truth.matrices, strict=True):
        with fits.open(folder / "lights" / name, mode="update") as file:
            header = file[0].header
            header["CTYPE1"], header["CTYPE2"], header["CRVAL1"], header["CRVAL2"] = "RA---TAN", "DEC--TAN", 83.8, -5.4
            middle = np.array(truth.config.centre) - matrix[:2, 2]
            header["CRPIX1"], header["CRPIX2"] = np.linalg.solve(matrix[:2, :2], middle) + 1
            for (i, j), value in np.ndenumerate(SCALE * np.diag([-1.0, 1.0]) @ matrix[:2, :2]):
                header[f"CD{i + 1}_{j + 1}"] = value
    return folder


def settings(**sections: dict[str, object]) -> RunConfig:
    return RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}, **sections})


@pytest.fixture(scope="module")
def session(simulated, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationTruth]:  # type: ignore[no-untyped-def]
    shared, truth = simulated("tiny_mono", **MOSAIC)
    folder = tmp_path_factory.mktemp("mosaic") / "session"
    shutil.copytree(shared, folder)
    return with_wcs(folder, truth), truth


@pytest.fixture(scope="module")
def stacked(session: tuple[Path, SimulationTruth], tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    config = settings(mosaic={"north_up": True}, output={"master_tiles": True})
    result = run(session[0], config, runs_dir=tmp_path_factory.mktemp("runs"), run_id="tiles")
    assert result.error is None, result.error
    return result


def tiles(result: RunResult) -> list[Path]:
    return sorted((result.directory / "outputs" / "master_tiles").glob("*.fits"))


def stars_on(path: Path, truth: SimulationTruth) -> tuple[np.ndarray, np.ndarray]:
    """Where the stars of the truth are on a stack, by its WCS."""
    x, y = truth.star_x, truth.star_y
    sky = np.array([truth.config.centre]) - np.stack([x, y], 1)
    centre = WCS(naxis=2)
    centre.wcs.ctype, centre.wcs.crval, centre.wcs.crpix = ["RA---TAN", "DEC--TAN"], [83.8, -5.4], [1, 1]
    centre.wcs.cd = SCALE * np.diag([-1.0, 1.0])
    world = centre.wcs_pix2world(-sky, 0)
    found = WCS(fits.getheader(path)).wcs_world2pix(world, 0)
    return found[:, 0], found[:, 1]


def test_a_tile_is_the_part_of_the_stack_that_its_panel_shows(stacked: RunResult) -> None:
    whole, header = fits.getdata(stacked.products["stacked"], header=True)
    listed = artifact(stacked, "master_tiles")["tiles"]
    assert len(tiles(stacked)) == len(listed) == 4 and [t["frames"] for t in listed] == [3] * 4  # type: ignore[arg-type, union-attr]
    cover = fits.getdata(stacked.products["coverage"])
    for path, entry in zip(tiles(stacked), listed, strict=True):  # type: ignore[arg-type]
        data, own = fits.getdata(path, header=True)
        left, top = -int(own["LTV1"]), -int(own["LTV2"])
        assert own["XPIXSZ"] == header["XPIXSZ"] and "RA" not in own
        assert [left, top] == entry["origin"] and own["STACKCNT"] == 3 and 0 < own["TILEWGT"] < 0.5
        part = whole[top: top + data.shape[0], left: left + data.shape[1]]
        alone = cover[top: top + data.shape[0], left: left + data.shape[1]] == 3
        assert alone.mean() > 0.2
        np.testing.assert_allclose(data[alone], part[alone], rtol=0, atol=0.2 * own["TILENOIS"])
        assert np.median(np.abs(data - part)[alone]) < 1e-6, "where no other panel is, the tile is the stack"
        x, y = np.meshgrid([0.0, data.shape[1] - 1], [0.0, data.shape[0] - 1])
        there = WCS(header).wcs_pix2world(x.ravel() + left, y.ravel() + top, 0)
        np.testing.assert_allclose(WCS(own).wcs_pix2world(x.ravel(), y.ravel(), 0), there, atol=1e-9)
        flat = data[np.abs(data - np.median(data)) < 4 * own["TILENOIS"]]
        assert 0.6 < own["TILENOIS"] / (np.percentile(flat, 84) - np.percentile(flat, 16)) * 2 < 1.4


def test_footprints_are_where_the_wcs_of_the_lights_has_them(stacked: RunResult, session: tuple[Path, SimulationTruth]) -> None:
    whole = WCS(fits.getheader(stacked.products["stacked"]))
    listed = artifact(stacked, "mosaic")["frames"]
    assert sorted(f["panel"] for f in listed) == [k for k in (1, 2, 3, 4) for _ in range(3)]  # type: ignore[attr-defined]
    for frame in listed:  # type: ignore[attr-defined]
        corners = np.array([[-0.5, -0.5], [WIDTH - 0.5, -0.5], [WIDTH - 0.5, HEIGHT - 0.5], [-0.5, HEIGHT - 0.5]])
        light = WCS(fits.getheader(session[0] / "lights" / Path(frame["file"]).name))
        there = whole.wcs_world2pix(light.wcs_pix2world(corners, 0), 0)
        outline = np.array(frame["outline"])
        np.testing.assert_allclose(outline[:: len(outline) // 4], there, atol=0.3)
    for name in ("footprints", "coverage_map"):
        assert stacked.products[name].is_file()
    assert "Mosaic" in (stacked.directory / "artifacts" / "report.md").read_text()


def test_tiles_are_combined_into_the_same_mosaic(stacked: RunResult, session: tuple[Path, SimulationTruth],
                                                 tmp_path: Path) -> None:
    truth = session[1]
    folder = tmp_path / "given"
    folder.mkdir()
    for k, path in enumerate(tiles(stacked)):  # names of stacks, which are left out otherwise
        shutil.copy(path, folder / f"Stacked_{k}_M42.fit")
    shutil.copy(stacked.products["coverage"], folder / "Stacked_0_coverage.fit")
    with pytest.raises(InputError, match="No lights") as refused:
        run(folder, settings(), runs_dir=tmp_path / "runs")
    assert "input.workflow=master_tiles" in refused.value.remedy
    result = run(folder, RunConfig.model_validate({"input": {"workflow": "master_tiles"}}), runs_dir=tmp_path / "runs")
    assert result.error is None and result.statistics.frames_used == 4, result.error
    assert any("Stacked_0_coverage.fit" in w and "not a stack" in w for w in result.warnings)
    assert not any("areas without data" in w for w in result.warnings), "the rims were cut off when the tiles were written"
    again, direct = Path(result.products["stacked"]), Path(stacked.products["stacked"])
    image, first = fits.getdata(again), fits.getdata(direct)
    size = np.array(image.shape) / np.array(first.shape)
    assert (np.abs(size - 1) < 0.08).all(), "all of the mosaic but its rims"
    places = [stars_on(p, truth) for p in (again, direct)]
    inside = np.all([(x > 15) & (y > 15) & (x < p.shape[1] - 16) & (y < p.shape[0] - 16)
                     for (x, y), p in zip(places, (image, first), strict=True)], axis=0)
    bright = np.flatnonzero(inside & (truth.star_flux[:, 0] > 15_000) & ~truth.saturated())
    assert len(bright) > 25
    fwhm = float(truth.fwhm.mean())
    (x, y), (x0, y0) = ((px[bright], py[bright]) for px, py in places)
    here = fit_stars(image, x, y, fwhm)
    assert np.sqrt(np.median((here["x"] - x) ** 2 + (here["y"] - y) ** 2)) < 0.1, "stars are where the WCS has them"
    ratio = star_photometry(image, x, y, 2 * fwhm) / star_photometry(first, x0, y0, 2 * fwhm)
    ratio /= np.median(ratio)
    assert np.percentile(np.abs(ratio - 1), 80) < 0.02, "the fluxes of all tiles are on one scale"


def test_tiles_that_share_too_few_stars_are_placed_by_their_wcs(stacked: RunResult, tmp_path: Path) -> None:
    folder = tmp_path / "apart"
    folder.mkdir()
    for path in tiles(stacked):
        data, header = fits.getdata(path, header=True)
        border = 26  # hardly any overlap is left
        header["CRPIX1"], header["CRPIX2"] = header["CRPIX1"] - border, header["CRPIX2"] - border
        fits.writeto(folder / path.name, data[border:-border, border:-border], header)
    config = RunConfig.model_validate({"input": {"workflow": "master_tiles"}, "tile_crop": {"enabled": False},
                                       "registration": {"min_inliers": 60}})
    result = run(folder, config, runs_dir=tmp_path / "runs")
    assert result.error is None and result.statistics.frames_used == 4
    assert any("placed by the WCS" in w for w in result.warnings)
    whole, header = fits.getdata(result.products["stacked"], header=True)
    for path in folder.glob("*.fits"):
        own = fits.getheader(path)
        corner = WCS(header).wcs_world2pix(WCS(own).wcs_pix2world([[20.0, 20.0]], 0), 0)[0]
        data = fits.getdata(path)
        x, y = np.rint(corner).astype(int)
        assert np.abs(corner - (x, y)).max() < 0.02, "tiles of one projection are moved by whole pixels"
        peak = np.unravel_index(np.argmax(data[20:-20, 20:-20]), data[20:-20, 20:-20].shape)
        around = whole[y + peak[0] - 2: y + peak[0] + 3, x + peak[1] - 2: x + peak[1] + 3]
        assert np.argmax(around) == 12, "the brightest star of the tile is at its place"


def test_the_workflow_decides_whether_frames_are_a_mosaic(session: tuple[Path, SimulationTruth], tmp_path: Path) -> None:
    found = run(session[0], settings(input={"workflow": "single"}, output={"preview": False, "report": False}),
                runs_dir=tmp_path / "runs")
    assert found.error is None and found.statistics.mosaic_fields_x is None
    assert fits.getdata(found.products["stacked"]).shape == (HEIGHT, WIDTH), "the field of the reference"


def test_the_panels_of_a_plan_count_and_copies_are_written(session: tuple[Path, SimulationTruth], tmp_path: Path) -> None:
    lights = sorted(p.name for p in (session[0] / "lights").glob("*.fit"))
    groups = {name: "left" if k // 3 in (0, 3) else "right" for k, name in enumerate(lights[:-1])}
    plan = tmp_path / "stack_plan.csv"
    plan.write_text("file_path;batch_id\n" + "".join(f"X:\\elsewhere\\{name};{group}\n" for name, group in groups.items()))
    config = settings(selection={"frames": str(plan)}, output={"master_tiles": True, "stack_plan": True, "export": "uint16"})
    result = run(session[0], config, runs_dir=tmp_path / "runs")
    assert result.error is None and result.statistics.frames_used == 11, result.error
    assert [t["frames"] for t in artifact(result, "master_tiles")["tiles"]] == [5, 6]  # type: ignore[attr-defined]
    panels = {Path(f["file"]).name: f["panel"] for f in artifact(result, "mosaic")["frames"]}  # type: ignore[attr-defined]
    assert panels == {name: 1 if group == "left" else 2 for name, group in groups.items()}
    written = result.products["stack_plan"].read_text().splitlines()
    assert len(written) == 12 and written[1].split(",")[1] == "1" and written[1].endswith(lights[0])
    copy, final = fits.getdata(result.products["export"]), fits.getdata(result.stack)
    assert copy.dtype == np.uint16 and np.abs(copy - np.clip(final * 65535, 0, 65535)).max() <= 0.51
