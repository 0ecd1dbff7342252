"""The steps of a stack on arrays, and the example that calls them, as a script and as a notebook."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

import orchestrator as astro
import tilecore

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs/examples/stack_by_steps.py"


@pytest.fixture(scope="module")
def session(simulated) -> Path:
    folder, _ = simulated("tiny_osc", n_frames=5, n_dark=4, n_flat=4, n_bias=4)
    return Path(folder)


def notebook_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebook", ROOT / "scripts/notebook.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells() -> list[str]:
    content = json.loads(SCRIPT.with_suffix(".ipynb").read_text("utf-8"))
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]


def noise(image: NDArray[np.floating]) -> float:
    steps = np.diff(image)
    return float(np.median(np.abs(steps - np.median(steps)))) * 1.4826 / 2**0.5


def test_the_notebook_is_that_of_the_script() -> None:
    assert SCRIPT.with_suffix(".ipynb").read_text("utf-8") == notebook_module().notebook(SCRIPT.read_text("utf-8"))


def test_the_example_makes_a_stack(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells of the notebook, which are those of the script."""
    monkeypatch.setenv("SESSION", str(session))
    monkeypatch.setenv("OUTPUT", str(tmp_path))
    space: dict[str, object] = {}
    for cell in cells():
        exec(compile(cell, "cell", "exec"), space)
    stack, header = fits.getdata(tmp_path / "master_linear.fits", header=True)
    assert stack.shape[0] == 3 and header["PROGRAM"] == "orchestrate" and "BAYERPAT" not in header
    lights = astro.list_lights(session)
    one = astro.debayer(astro.read_frame(lights[0])[0], "RGGB")
    count = len(space["kept"])  # type: ignore[arg-type]
    assert count == 4 and noise(stack[1]) < 1.4 * noise(one[1]) / count**0.5
    sky = [np.median(plane) for plane in stack]
    assert np.ptp(sky) < 0.02 * np.median([np.median(plane) for plane in one]), "the sky is neutral"
    apart = np.mean(space["images"], axis=0, dtype=np.float32)  # type: ignore[call-overload]
    ours, single, moved = (np.median(tilecore.find_stars(np.ascontiguousarray(image[1]))["fwhm"][:15])
                           for image in (stack, one, apart))
    assert ours < 1.3 * single and ours < 0.85 * moved, "stars of all frames are in one place"
    picture = Image.open(tmp_path / "master_quicklook.png")
    assert picture.size == stack.shape[:0:-1] and picture.mode == "RGB"


def test_steps_check_their_input(tmp_path: Path) -> None:
    image = np.random.default_rng(0).normal(0.1, 0.01, (3, 40, 50)).astype(np.float32)
    count = np.zeros((40, 50))
    with pytest.raises(astro.InputError, match="No pixel"):
        astro.crop_to_coverage(image, count)
    count[5:35, 10:45] = 4
    assert np.array_equal(astro.crop_to_coverage(image, count), image[:, 5:35, 10:45])
    with pytest.raises(ValueError, match="background"):
        astro.white_balance(image, "grey")
    with pytest.raises(ValueError, match="keep"):
        astro.best_frames([image], keep=0)
    smoothed = astro.smooth(image, (2.0, 0.0, 1.0))
    assert np.array_equal(smoothed[1], image[1]) and smoothed[0].std() < smoothed[2].std() < image[2].std()
    with pytest.raises(astro.InputError):
        astro.list_lights(tmp_path / "nothing")
