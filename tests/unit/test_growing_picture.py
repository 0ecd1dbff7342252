"""The picture that grows while a run measures its frames."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from orchestrator.config.settings import RunConfig
from orchestrator.io import fits as fits_io
from orchestrator.pipeline.growing_picture import FIRST_FRAMES, GrowingPicture, reduced
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.stacking.state import RunState
from tilecore.detect.metrics import measure
from tilecore.detect.stars import DetectionSettings


class Reader:
    def __init__(self, pixels: np.ndarray, path: Path = Path("a.fit")) -> None:
        self._pixels, self.layout, self.shape = pixels, SimpleNamespace(path=path), pixels.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
        return self._pixels[..., row_start:row_stop, :]


@pytest.fixture
def growing(tmp_path: Path) -> tuple[GrowingPicture, list[dict], list[float]]:
    """A growing picture of eight lights, its events, and its clock."""
    events: list[dict] = []
    clock = [0.0]
    context = RunContext(RunConfig(), tmp_path, EventLog(None, (events.append,)), 1 << 30, 1)
    state = RunState((tmp_path,))
    state.session = SimpleNamespace(lights=[SimpleNamespace(top_down=True)] * 8)
    return GrowingPicture(context, state, lambda: clock[0]), events, clock


def test_frames_are_added_where_their_stars_are_and_the_noise_falls(growing, simulated) -> None:
    picture, events, clock = growing
    folder, _ = simulated("tiny_mono")
    files = sorted((folder / "lights").glob("*.fit"))
    for file in files:
        data = fits_io.image_layout(file).read()
        picture.add(Reader(data, file), measure(data, None, DetectionSettings(), trails=False), None)
        clock[0] += 10
    picture.phase_ended("REGISTRATION")
    assert picture.added == len(files) == 8
    first, mean = fits_io.image_layout(files[0]).read(), picture._sum[0] / np.maximum(picture._count, 1)
    inside = np.s_[20:-20, 20:-20]

    def noise(image: np.ndarray) -> float:
        return float(np.median(np.abs(np.diff(image[inside], axis=1))))

    assert noise(mean) < 0.6 * noise(first)
    ranked = [np.sort(i[inside].ravel())[-40:].mean() - np.median(i[inside]) for i in (mean, first)]
    assert ranked[0] > 0.6 * ranked[1], "stars that are not aligned would spread over the dither of the frames"
    drawn = [e for e in events if e["event"] == "growing_picture"]
    assert [e["frames"] for e in drawn] == list(range(1, 9))
    with Image.open(drawn[-1]["path"]) as shown:
        assert shown.size == (first.shape[1], first.shape[0]) and len(np.unique(np.asarray(shown))) > 20
    measured = [f for e in events if e["event"] == "frames_measured" for f in e["frames"]]
    assert [f["number"] for f in measured] == list(range(1, 9)) and Path(measured[2]["file"]) == files[2]
    assert all(1 < f["fwhm_px"] < 6 and f["information"] > 0 for f in measured)


def test_it_takes_a_small_share_of_the_time(growing, simulated) -> None:
    picture, _, clock = growing
    folder, _ = simulated("tiny_mono")
    data = fits_io.image_layout(next((folder / "lights").glob("*.fit"))).read()
    found = measure(data, None, DetectionSettings(), trails=False)

    class Slow(Reader):
        def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
            clock[0] += 1
            return super().read(row_start, row_stop)

    added = []
    for _ in range(200):
        clock[0] += 1  # the run itself
        picture.add(Slow(data), found, None)
        added.append(picture.added)
    assert added[FIRST_FRAMES - 1] == FIRST_FRAMES, "the first frames are shown at once"
    assert added[-1] < 0.1 * 200 and picture._spent <= 0.05 * clock[0] + 1


def test_a_mosaic_of_colours_is_reduced_by_colour_and_a_frame_that_fails_costs_nothing(growing, monkeypatch) -> None:
    monkeypatch.setattr("orchestrator.pipeline.growing_picture.SIDE", 16)
    cells = np.array([[1, 2], [3, 4]], np.float32)  # R G / G B
    data = np.tile(cells, (20, 30))
    small, step = reduced(Reader(data), "RGGB")
    assert step == 4 and small.shape == (3, 10, 15)
    assert [float(p.min()) for p in small] == [1, 2.5, 4] == [float(p.max()) for p in small]
    picture, events, _ = growing

    class Broken(Reader):
        def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
            raise OSError("gone")

    found = SimpleNamespace(noise=np.array([0.0]), fwhm=float("nan"), background=np.array([0.1]), star_count=0, stars=np.zeros(0))
    picture.add(Broken(data), found, None)
    assert picture.added == 0 and not [e for e in events if e["event"] == "growing_picture"]
