"""From a place in the picture to the frames that made it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner, Result

from orchestrator import RunConfig, run
from orchestrator.api.inspection import inspect
from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, InputError

# Position of the blob on the frame that shows it, and its brightness in ADU.
PLACE, BRIGHT = (90, 70), 4000
GUILTY = "light_00003.fit"


@pytest.fixture(scope="module", params=["tiny_mono", "tiny_osc"])
def session(request: pytest.FixtureRequest, simulated: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session one of whose frames has a blob that no other has."""
    folder = Path(shutil.copytree(simulated(request.param)[0], tmp_path_factory.mktemp("blob") / "session"))
    path = folder / "lights" / GUILTY
    with fits.open(path, mode="update", memmap=False) as file:
        y, x = np.mgrid[: file[0].data.shape[0], : file[0].data.shape[1]]
        blob = BRIGHT * np.exp(-((x - PLACE[0]) ** 2 + (y - PLACE[1]) ** 2) / (2 * 3.0**2))
        file[0].data = np.clip(file[0].data + blob, 0, 60000).astype(file[0].data.dtype)
    return folder


@pytest.fixture(scope="module")
def stacked(session: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run without any rejection: the blob is in the picture."""
    config = RunConfig.model_validate({"engine": {"name": "native"}, "stacking": {"rejection": "none", "trails": False},
                                       "canvas": {"extent": "union"}})
    return run(session, config, runs_dir=tmp_path_factory.mktemp("runs"), run_id="blob").directory


def orchestrate(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(w) for w in words], standalone_mode=False)


def blob_on_canvas(directory: Path) -> tuple[int, int]:
    registration = json.loads((directory / "artifacts" / "registration.json").read_text())
    matrix = next(np.array(f["matrix"]) for f in registration["frames"] if f["file"].endswith(GUILTY))
    origin = json.loads((directory / "artifacts" / "prewarp.json").read_text())["canvas_origin"]
    x, y, w = matrix @ [*PLACE, 1]
    return round(x / w - origin[0]), round(y / w - origin[1])


def around(place: tuple[int, int], radius: int = 8) -> tuple[int, int, int, int]:
    return place[0] - radius, place[1] - radius, place[0] + radius + 1, place[1] + radius + 1


def test_the_guilty_frame_comes_first(stacked: Path) -> None:
    found = inspect(stacked, around(blob_on_canvas(stacked)))
    first = found.frames[0]
    assert Path(first.file).name == GUILTY
    # A star in the box, sharper or wider than in the median frame, counts for the others.
    assert first.adds > 3 * max(f.adds for f in found.frames[1:])
    assert first.mean > 0 and first.deviation > 20 and first.rejected == 0
    assert sum(f.share for f in found.frames) == pytest.approx(1, abs=0.02)
    # What it adds is the blob's rms over the box, times its share.
    y, x = np.mgrid[-8:9, -8:9]
    blob = BRIGHT * np.exp(-(x**2 + y**2) / (2 * 3.0**2))
    assert first.adds == pytest.approx(first.share * float(np.sqrt((blob**2).mean())), rel=0.25)


def test_elsewhere_nobody_is_guilty(stacked: Path) -> None:
    x, y = blob_on_canvas(stacked)
    found = inspect(stacked, around((x, y + 45)))
    assert Path(found.frames[0].file).name != GUILTY or found.frames[0].adds < 5


def test_the_pixels_are_those_of_the_stack(stacked: Path) -> None:
    """The crops, weighted as they were, give the stacked file again."""
    x0, y0, x1, y1 = box = around(blob_on_canvas(stacked), 12)
    found = inspect(stacked, box)
    rgb = stacked / "outputs" / "stacked_rgb.fits"
    data = fits.getdata(rgb if rgb.exists() else stacked / "outputs" / "stacked.fits")
    there = (data[1] if data.ndim == 3 else data)[y0:y1, x0:x1] * 65535
    assert np.allclose(found.stack, there, rtol=1e-4, atol=0.5)


def test_trails_and_grown_rejection_are_left_out_as_in_the_stack(session: Path, tmp_path: Path) -> None:
    """The stacked file comes out again, across a trail as elsewhere."""
    folder = Path(shutil.copytree(session, tmp_path / "streaked"))
    with fits.open(folder / "lights" / "light_00005.fit", mode="update", memmap=False) as file:
        y, x = np.mgrid[: file[0].data.shape[0], : file[0].data.shape[1]]
        line = 3000 * np.exp(-((y - 0.4 * x - 20) ** 2) / (2 * 1.5**2))
        file[0].data = np.clip(file[0].data + line, 0, 60000).astype(file[0].data.dtype)
    config = RunConfig.model_validate({"engine": {"name": "native"}, "stacking": {"grow": 2}, "astrometry": {"solver": "none"}})
    directory = run(folder, config, runs_dir=tmp_path, run_id="trail").directory
    box = (60, 30, 120, 80)
    found = inspect(directory, box)
    rgb = directory / "outputs" / "stacked_rgb.fits"
    data = fits.getdata(rgb if rgb.exists() else directory / "outputs" / "stacked.fits")
    there = (data[1] if data.ndim == 3 else data)[box[1]: box[3], box[0]: box[2]] * 65535
    assert np.allclose(found.stack, there, rtol=1e-5, atol=0.05)
    assert next(f for f in found.frames if f.file.endswith("light_00005.fit")).rejected > 0.05


def test_what_was_rejected_adds_nothing(session: Path, tmp_path: Path) -> None:
    config = RunConfig.model_validate({"engine": {"name": "native"}})
    directory = run(session, config, runs_dir=tmp_path, run_id="clean").directory
    found = inspect(directory, around(blob_on_canvas(directory), 4))
    guilty = next(f for f in found.frames if Path(f.file).name == GUILTY)
    assert guilty.rejected > 0.8 and guilty.deviation > 20
    assert guilty.adds < 0.3 * guilty.share * BRIGHT


def test_the_command_makes_a_table_and_a_page(stacked: Path) -> None:
    x, y = blob_on_canvas(stacked)
    done = orchestrate("inspect", stacked, "--at", f"{x},{y}", "--radius", "6", "--top", "3")
    assert done.exception is None, done.exception
    assert GUILTY in done.output.splitlines()[3]
    page = Path(done.output.strip().splitlines()[-1].removeprefix("Page:").strip())
    assert page.read_text().count("data:image/jpeg") == 4  # the stack and three frames
    told = orchestrate("inspect", stacked, "--box", f"{x},{y},{x + 3},{y + 3}", "--json")
    assert Path(json.loads(told.output)[0]["file"]).name == GUILTY


@pytest.mark.parametrize(("words", "message"), [
    (["--at", "5"], "not 2 integers"), (["--at", "9999,5"], "the canvas has"), ([], "exactly one of --at"),
    (["--box", "5,5,4,9"], "is outside the canvas"), (["--at", "5,5", "--box", "1,1,2,2"], "exactly one of --at")])
def test_places_that_are_none_are_told(stacked: Path, words: list[str], message: str) -> None:
    done = orchestrate("inspect", stacked, *words)
    assert isinstance(done.exception, ConfigError) and message in str(done.exception)


def test_frames_that_are_gone_are_named(stacked: Path, session: Path) -> None:
    path = session / "lights" / GUILTY
    path.rename(path.with_suffix(".away"))
    try:
        with pytest.raises(InputError, match=GUILTY):
            inspect(stacked, (5, 5, 20, 20))
    finally:
        path.with_suffix(".away").rename(path)
