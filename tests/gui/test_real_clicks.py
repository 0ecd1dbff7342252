"""From an empty window to an exported picture by the mouse and the keyboard of a display: nothing is called in the window."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from orchestrator import recipe_beside
from orchestrator.cli.main import cli
from tests.gui.display import DisplayedWindow, missing

RUN = 120


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[DisplayedWindow]:
    if (names := missing()) and os.environ.get("ORCHESTRATE_REQUIRE_TOOLS") != "1":
        pytest.skip(f"not installed: {names}")
    # Without external programs: a run of this session by Siril is tested elsewhere.
    window = DisplayedWindow(tmp_path / "home", PATH="/usr/bin:/bin")
    yield window
    window.close()


def choose_file(window: DisplayedWindow, path: Path) -> None:
    """Type a path into the file dialogue that is open."""
    window.wait_for("QFileDialog")
    window.type(str(path))
    window.keys("Return")


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def pixels(path: Path) -> Any:
    with Image.open(path) as image:
        return np.asarray(image).astype(int)


def test_from_an_empty_window_to_an_exported_picture(shown: DisplayedWindow, simulated: Any, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    shown.click("QPushButton", "Skip")  # the tour
    shown.click("QPushButton", "Open folder")
    choose_file(shown, folder)
    shown.click("QPushButton", "Stack")
    shown.wait_for("QLabel", "Finished", RUN)
    shown.click("Tab", "Results")
    histogram = shown.wait_for("Histogram")
    x, y, width, height = histogram["box"]
    wait_until(lambda: not shown.widgets("QLabel", "Preparing the image"), 30, "the image is not shown")
    shown.drag((x + width // 2, y + height - 8), (x + width // 3, y + height - 8))  # the grey handle: brighter
    shown.click("QPushButton", "Save recipe")
    shown.wait_for("QLabel", "The recipe was saved")
    target = tmp_path / "picture.png"
    shown.click("QPushButton", "Export picture")
    choose_file(shown, target)
    shown.wait_for("QLabel", "The picture was written")
    runs = tmp_path / "home" / "orchestrate" / "runs"
    stack = next(path for path in runs.glob("*/outputs/*.fits") if recipe_beside(path).exists())
    cli.main(["develop", str(stack), "-o", str(tmp_path / "same.png")], standalone_mode=False)
    assert np.array_equal(pixels(target), pixels(tmp_path / "same.png"))
    recipe_beside(stack).unlink()
    cli.main(["develop", str(stack), "-o", str(tmp_path / "before.png")], standalone_mode=False)
    assert pixels(target).mean() > pixels(tmp_path / "before.png").mean() + 5
