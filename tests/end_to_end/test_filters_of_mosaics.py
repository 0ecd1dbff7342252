"""A mosaic through several filters in one folder: each filter is one mosaic on the same pixels, and they make one picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from astropy.io import fits

from fixtures.mosaic_judge import judge_run
from fixtures.mosaics import Mosaic, MosaicTruth, shoot
from orchestrator import RunConfig, run


def _has_own_grid(run: Path) -> bool:
    settings = yaml.safe_load((run / "config.yaml").read_text())
    return settings.get("registration", {}).get("match_grid_of") is None


@pytest.mark.slow
@pytest.mark.parametrize("names", [{"L": "L", "R": "R", "G": "G", "B": "B"}, {"H": "Ha", "O": "OIII", "S": "SII"}])
def test_a_folder_of_several_filters_becomes_one_picture(names: dict[str, str], tmp_path: Path) -> None:
    """The references of the filters are different panels."""
    filters = tuple(names)
    truths: dict[str, MosaicTruth] = {}
    for k, name in enumerate(filters):
        mosaic = Mosaic(depth=3, shape=(210, 280), density=1800.0, filter=names[name], seed=20 + k, sky=(300.0, 500.0))
        first = truths.get(filters[0])
        truths[name] = shoot(mosaic, tmp_path / "session", sky=first)
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
                                       "output": {"report": False}})
    result = run(tmp_path / "session", config, runs_dir=tmp_path / "runs")
    assert result.error is None and sorted(result.channels) == sorted(filters), result.error
    image = fits.getdata(result.products["stacked_rgb"])
    assert image.shape[0] == 3 and min(image.shape[1:]) > 1.5 * 210, "the picture has all panels"
    on = next(name for name in filters if _has_own_grid(result.channels[name].directory))
    grid = (result.channels[on], truths[on])
    for name in filters:
        found = judge_run(result.channels[name], truths[name], grid)
        assert found.stars > 30 and found.position[0] < 0.15, (name, str(found))
        assert found.panel_rms < 12 and np.all(found.steps[:, 0] < 0.2), (name, str(found))
