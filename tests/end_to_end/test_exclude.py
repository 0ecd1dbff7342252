"""Frames that are left out of a finished stack by hand, in a part and everywhere."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import exclude, plan_exclude, resume, run
from orchestrator.cli.main import cli
from orchestrator.config.load import load_config
from orchestrator.errors import ConfigError, ExitCode
from orchestrator.pipeline.registry import PHASES
from tilecore.stack.grid import TileGrid, axis_windows, touching

SETTINGS = ("engine.name=native", "astrometry.solver=none", "runtime.cache=false", "stacking.rejection=none",
            "stacking.trails=false", "canvas.extent=reference")
SIDE = 10
LEAVES = tuple(p.name for p in PHASES[9:])


def hashes(folder: Path) -> dict[str, str]:
    files = (*(folder / "outputs").rglob("*"), *(folder / "artifacts").rglob("*.npy"))
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.is_file()}


@pytest.fixture(scope="module")
def spoilt(simulated, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, tuple[int, int, int, int]]:
    """A session with a bright square in one light, which is the reference: frame, box of the square on the canvas."""
    source, _ = simulated("tiny_mono")
    folder = Path(shutil.copytree(source, tmp_path_factory.mktemp("spoilt") / "session"))
    light = sorted(p for p in folder.rglob("*.fit*") if "light" in p.name.lower() or "light" in p.parent.name.lower())[2]
    with fits.open(light, mode="update") as file:
        h, w = file[0].data.shape
        y, x = h // 3, w // 3
        file[0].data[y: y + SIDE, x: x + SIDE] = 40000
    return folder, light.name, (x, y, x + SIDE, y + SIDE)


def make(session: Path, name: str, runs: Path, run_id: str, *more: str) -> Path:
    config = load_config(overrides=[*SETTINGS, f"registration.reference={name}", *more])
    result = run(session, config, runs_dir=runs, run_id=run_id)
    assert result.error is None
    return result.directory


@pytest.fixture(scope="module")
def base(spoilt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(spoilt[0], spoilt[1], tmp_path_factory.mktemp("runs"), "base")


@pytest.fixture
def made(base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base, tmp_path / "moved"))


def touched_pixels(folder: Path, box: tuple[int, int, int, int]) -> np.ndarray:
    """Pixels within the windows of the tiles that the box touches."""
    told = json.loads((folder / "artifacts" / "tile_grid.json").read_text())
    shape = fits.getdata(folder / "outputs" / "stacked.fits").shape
    grid = TileGrid(shape, told["tile_size"], told["overlap"], tuple(told["starts_y"]), tuple(told["starts_x"]))
    tiles = touching(grid, box[1], box[3], box[0], box[2])
    assert tiles.any() and not tiles.all()
    inside = np.zeros(shape, bool)
    for j, i in np.argwhere(tiles):
        inside[grid.starts_y[j]: grid.starts_y[j] + grid.size, grid.starts_x[i]: grid.starts_x[i] + grid.size] = True
    assert len(axis_windows(grid).index_y) == shape[0] and not inside.all()
    return inside


def test_a_spoilt_part_of_a_frame_is_left_out_there_and_taken_in_again(spoilt, base: Path, made: Path,
                                                                        tmp_path: Path) -> None:
    session, name, box = spoilt
    before, original = hashes(made), fits.getdata(made / "outputs" / "stacked.fits").copy()
    frames = fits.getdata(made / "outputs" / "coverage.fits").copy()
    plan = plan_exclude(made, [name], box=box)
    assert tuple(plan.repeated) == LEAVES and "stacking.exclude" in plan.repeated["LOCAL_METRICS"] and hashes(made) == before
    result = exclude(made, [name], box=box)
    assert result.error is None and result.ran == LEAVES
    stacked, part = fits.getdata(made / "outputs" / "stacked.fits"), np.s_[box[1]: box[3], box[0]: box[2]]
    sky = np.median(original)
    assert np.median(original[part]) - sky > 1000 / 65535 and abs(np.median(stacked[part]) - sky) < 100 / 65535
    outside = ~touched_pixels(made, box)
    coverage = fits.getdata(made / "outputs" / "coverage.fits")
    assert (coverage[part] == frames[part] - 1).all() and (coverage[outside] == frames[outside]).all()
    for product in ("stacked", "variance", "weight_sum"):
        new, old = (fits.getdata(run_folder / "outputs" / f"{product}.fits") for run_folder in (made, base))
        assert (new[outside] == old[outside]).all() and (new != old).any()
    # The ledger records it.
    assert f"left out by hand: {name} at x {box[0]}..{box[2] - 1}" in str(
        fits.getheader(made / "outputs" / "stacked.fits")["HISTORY"]).replace("\n", "")
    manifest = json.loads((made / "manifest.json").read_text())
    assert manifest["statistics"]["excluded"] == [{"frame": name, "box": list(box)}]
    row = next(f for f in manifest["frames"] if name in f["file"])
    assert f"left out by hand at x {box[0]}..{box[2] - 1}" in row["reason"]
    assert next(o for o in manifest["options"] if o["option"] == "stacking.exclude")["did"].startswith("left out by hand")
    fresh = make(session, name, tmp_path, "fresh", f'stacking.exclude=[{{"frame": "{name}", "box": {list(box)}}}]')
    assert hashes(made) == hashes(fresh)
    assert not resume(made).ran and not exclude(made, [name], box=box).ran
    assert exclude(made, [name], undo=True).error is None
    assert hashes(made) == before


def redone(folder: Path) -> tuple[int, int]:
    """Number of tiles that were stacked again, and of all tiles."""
    phases = json.loads((folder / "manifest.json").read_text())["phases"]
    summary = next(p["summary"] for p in phases if p["phase"] == "TILE_RECONSTRUCTION")
    return summary["tiles_redone"], summary["tiles"]


def at_the_stack(stop: threading.Event, event: dict[str, Any]) -> None:
    if event["event"] == "phase_start" and event["phase"] == "TILE_RECONSTRUCTION":
        stop.set()


@pytest.mark.slow
def test_only_the_tiles_touched_are_stacked_again(spoilt, tmp_path: Path) -> None:
    """With rejection that grows, and after an interruption in the middle: the bytes are those of a stack of all tiles."""
    session, name, _ = spoilt
    h, w = fits.getdata(session_light(session, name)).shape
    boxes, rejecting = [(5, 5, 9, 9), (w - 30, h - 40, w - 20, h - 30)], ("stacking.rejection=winsorized", "stacking.grow=2")
    made = make(session, name, tmp_path, "made", *rejecting)
    before, tiles = hashes(made), redone(made)[1]
    assert redone(made) == (tiles, tiles)
    for box, other in zip(boxes, (name, "light_00001.fit"), strict=True):
        told = plan_exclude(made, [other], box=box).repeated["TILE_RECONSTRUCTION"]
        stop = threading.Event()
        assert exclude(made, [other], box=box, listeners=(partial(at_the_stack, stop),), cancel=stop).status == "aborted"
        assert resume(made).error is None
        assert 0 < redone(made)[0] < tiles and f"{redone(made)[0]} of {tiles} tiles" in told
        assert not (made / "checkpoints" / "previous").exists()
    excluded = [{"frame": "light_00001.fit", "box": boxes[1]}, {"frame": name, "box": boxes[0]}]
    fresh = make(session, name, tmp_path, "fresh", *rejecting, f"stacking.exclude={json.dumps(excluded)}")
    assert hashes(made) == hashes(fresh) != before
    assert "tiles stacked again" in next(o["did"] for o in json.loads((made / "manifest.json").read_text())["options"]
                                        if o["option"] == "stacking.exclude")
    # A setting that turns out to change no weight: nothing is stacked again unless requested.
    assert resume(made, overrides=["metrics.star_min_count=9"]).error is None and redone(made) == (0, tiles)
    kept = hashes(made)
    assert resume(made, from_phase="TILE_RECONSTRUCTION").error is None and redone(made) == (tiles, tiles)
    assert hashes(made) == kept
    # Of pixels that have changed nothing is taken over.
    assert resume(made, overrides=["calibration.hot_sigma=2"]).error is None and redone(made) == (tiles, tiles)


def test_a_whole_frame_is_left_out_and_not_counted(spoilt, made: Path) -> None:
    _, name, box = spoilt
    before = fits.getheader(made / "outputs" / "stacked.fits")
    assert exclude(made, [name]).error is None
    header = fits.getheader(made / "outputs" / "stacked.fits")
    assert header["STACKCNT"] == before["STACKCNT"] - 1 and header["LIVETIME"] < before["LIVETIME"]
    assert fits.getdata(made / "outputs" / "coverage.fits").max() == before["STACKCNT"] - 1
    stacked = fits.getdata(made / "outputs" / "stacked.fits")
    assert abs(np.median(stacked[box[1]: box[3], box[0]: box[2]]) - np.median(stacked)) < 100 / 65535


@pytest.mark.parametrize("more", [
    ("reconstruction.method=proper",),
    pytest.param(("reconstruction.method=drizzle", "reconstruction.scale=2"), marks=pytest.mark.slow),
    pytest.param(("clustering.enabled=true", "input.min_frames_clustering=3", "clustering.synthetic=global"),
                 marks=pytest.mark.slow)])
@pytest.mark.slow
def test_other_methods_leave_the_same_frames_out(spoilt, tmp_path: Path, more: tuple[str, ...]) -> None:
    session, name, box = spoilt
    made = make(session, name, tmp_path, "made", *more)
    before = hashes(made)
    with fits.open(made / "outputs" / "stacked.fits") as file:
        old, scale = file[0].data.copy(), file[0].data.shape[1] // fits.getdata(session_light(session, name)).shape[1]
    part = np.s_[box[1] * scale: box[3] * scale, box[0] * scale: box[2] * scale]
    assert np.median(old[part]) - np.median(old) > 1000 / 65535
    for where in (box, None):
        assert exclude(made, [name], box=where).error is None
        new = fits.getdata(made / "outputs" / "stacked.fits")
        assert abs(np.median(new[part]) - np.median(new)) < 150 / 65535
        assert exclude(made, [name], undo=True).error is None
        assert hashes(made) == before


def session_light(session: Path, name: str) -> Path:
    return next(session.rglob(name))


def test_what_cannot_be_excluded_is_told_and_changes_nothing(spoilt, base: Path) -> None:
    _, name, box = spoilt
    before = hashes(base)
    told = CliRunner().invoke(cli, ["exclude", str(base), name.replace(".", "x.", 1)]).exception
    assert isinstance(told, ConfigError) and told.exit_code == ExitCode.USAGE == 2 and name in told.remedy
    names = [Path(f["file"]).name for f in json.loads((base / "manifest.json").read_text())["frames"]]
    with pytest.raises(ConfigError, match="leaves 1 frame in a tile, 2 are needed"):
        exclude(base, names[:-1], box=box)
    with pytest.raises(ConfigError, match="outside the stack"):
        exclude(base, [name], box=(9000, 0, 9001, 1))
    with pytest.raises(ConfigError, match="has no area"):
        exclude(base, [name], box=(10, 10, 10, 12))
    with pytest.raises(ConfigError, match="is not excluded"):
        exclude(base, [name], undo=True)
    assert CliRunner().invoke(cli, ["exclude", str(base), name, "--at", "1"]).exit_code == 2
    assert CliRunner().invoke(cli, ["exclude", str(base), name, "--at", "1,2", "--explain"]).exit_code == 0
    assert hashes(base) == before
