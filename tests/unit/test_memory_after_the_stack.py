"""Background and colours of a large picture hold strips and masks in memory; images of its size are on disk."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.colour.calibration import calibrate_colours
from orchestrator.config.load import load_config
from orchestrator.io.fits import array_on_disk
from orchestrator.phases import background
from orchestrator.phases.background import PictureFacts, remove_gradient
from orchestrator.tools.environment import ToolEnvironment
from tilecore.sky import background_extraction

SHAPE = (1200, 1600)
# Bytes a pixel: a few masks, no picture. Bytes whatever the size: strips, and squares about stars.
MOST = 5.0
FIXED = 8 << 20


@pytest.fixture(scope="module")
def picture() -> NDArray[np.float32]:
    """A colour picture with a gradient and stars."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    sky = 0.02 + 0.01 * x / SHAPE[1] + 0.003 * y / SHAPE[0]
    image = np.asarray(sky + rng.normal(0, 4e-4, (3, *SHAPE)), np.float32)
    dy, dx = np.mgrid[-8:9, -8:9]
    for row, column, flux in zip(rng.integers(10, SHAPE[0] - 10, 200), rng.integers(10, SHAPE[1] - 10, 200), 10 ** rng.uniform(
            -2, -0.5, 200), strict=True):
        image[:, row - 8: row + 9, column - 8: column + 9] += (flux * np.exp(-(dx * dx + dy * dy) / 4)).astype(np.float32)
    return image


def test_large_pictures_are_worked_on_in_strips(picture: NDArray[np.float32], tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    # Samples whose size does not depend on that of the picture.
    monkeypatch.setattr(background_extraction, "PEDESTAL_SAMPLE", 50_000)
    monkeypatch.setattr(background, "NOISE_SAMPLE", 50_000)
    config, tools = load_config((), None, ()), ToolEnvironment(tmp_path, tmp_path, tmp_path)

    def new(shape: tuple[int, ...]) -> NDArray[np.float32]:
        return array_on_disk(tmp_path, shape)

    stored = new(picture.shape)
    stored[:] = picture
    whole = remove_gradient(picture, config, tools, facts=PictureFacts(True))
    balanced = calibrate_colours(whole.image, fits.Header(), config, tools)
    assert not whole.declined and not balanced.declined, (whole.declined, balanced.declined)
    tracemalloc.start()
    try:
        result = remove_gradient(stored, config, tools, facts=PictureFacts(True), new=new)
        extraction = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        colours = calibrate_colours(result.image, fits.Header(), config, tools, new=new)
        peaks = [extraction, tracemalloc.get_traced_memory()[1]]
    finally:
        tracemalloc.stop()
    np.testing.assert_array_equal(result.image, whole.image)
    np.testing.assert_array_equal(colours.image, balanced.image)
    assert max(peaks) < MOST * picture[0].size + FIXED, [p / picture[0].size for p in peaks]
