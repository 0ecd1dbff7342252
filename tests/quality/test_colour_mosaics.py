"""Mosaics of a colour camera against the true sky: panels of one brightness and colour, no steps, a nebula with its light."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fixtures.mosaic_judge import Judgement, judge_run
from fixtures.mosaics import Mosaic, shoot
from orchestrator import RunConfig, run
from orchestrator.pipeline.result import RunResult
from tests.conftest import artifact

pytestmark = pytest.mark.slow
# Widths of the stars differ by colour, and from panel to panel in blue alone, as a lens drifts out of focus; moonlight from
# another side over each panel.
MOSAIC = Mosaic(depth=6, shape=(400, 540), cfa="GRBG", fwhm=(3.3, 2.8, 3.0), drift=2.4, nebula=150.0, overlap=0.16, seed=8)


@pytest.fixture(scope="module")
def stacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Judgement]:
    folder: Path = tmp_path_factory.mktemp("colour")
    truth = shoot(MOSAIC, folder / "session")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
                                       "output": {"report": False, "preview": False}})
    result = run(folder / "session", config, runs_dir=folder / "runs")
    assert result.error is None, result.error
    return result, judge_run(result, truth)


def test_all_panels_have_one_brightness_in_each_colour(stacked: tuple[RunResult, Judgement]) -> None:
    result, found = stacked
    assert found.stars > 100 and found.position[0] < 0.1, str(found)
    assert (found.panel_rms < np.hypot(5, found.panel_noise)).all(), str(found)
    # What the run states is what is measured, within a factor of two.
    stated = 1086 * np.array([p["scale_error"] for p in artifact(result, "normalization")["panels"]], float)  # type: ignore[union-attr, index]
    size = np.sqrt((stated**2).sum(axis=0) / (len(stated) - 1))
    against_one = found.panel - found.panel[:, stated.sum(axis=1).argmin(), None]
    measured = np.sqrt((against_one**2).sum(axis=1) / (len(stated) - 1))
    assert (measured < 2 * size).all() and (size < 3 * np.hypot(measured, found.panel_noise)).all(), (measured, size)


def test_no_border_is_seen_in_any_colour(stacked: tuple[RunResult, Judgement]) -> None:
    _, found = stacked
    # Where the noise of the judge alone is as large, nothing smaller can be seen.
    assert (found.steps < np.maximum((0.2, 0.65), 1.1 * found.elsewhere)).all(), str(found)
    assert (found.steps < 1.2 * found.elsewhere + 0.05).all(), "no more than the noise beside the borders"
    assert (found.slope < 0.2).all(), str(found)


def test_the_nebula_keeps_its_light_and_its_colour(stacked: tuple[RunResult, Judgement]) -> None:
    _, found = stacked
    # The slopes of the skies of panels follow from narrow overlaps. For frames as small as these, whose red and blue pixels are a
    # quarter of all, their noise is 2 % of this nebula, half of that in green.
    assert (np.abs(found.nebula - 1) < (0.04, 0.02, 0.04)).all(), str(found)
    assert found.chroma < 1.2 * 2.61, "white noise of equal size in all channels gives 2.61"
