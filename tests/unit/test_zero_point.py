"""Zero points and magnitudes: stars of known magnitude and colour, half of them in the catalog, the others measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS

from orchestrator.api.star_facts import star_at
from orchestrator.colour.calibration import calibrate_colours
from orchestrator.colour.zero_point import ZeroPoints, fit_zero_points
from orchestrator.config.settings import RunConfig
from orchestrator.simulation.psf import add_stars
from orchestrator.tools.environment import ToolEnvironment
from tilecore.colour import channel_ratio, star_temperature

HEADER = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.6, "CRVAL2": 22.0, "CRPIX1": 300.0, "CRPIX2": 250.0,
          "CDELT1": -5e-4, "CDELT2": 5e-4, "CUNIT1": "deg", "CUNIT2": "deg"}
# Full-scale counts of a star of V = 0 in green.
ZERO = 21.3


def field(seed: int, n: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(3, 500, 600) and the x, y, V and B-V of its stars, on a grid with jitter: no neighbours. Sensor and extinction differ from
    what is assumed: the sensor is redder and has other gains."""
    rng = np.random.default_rng(seed)
    columns, rows = np.meshgrid(np.arange(30, 580, 38), np.arange(30, 480, 38))
    pick = rng.permutation(columns.size)[:n]
    x, y = (grid.ravel()[pick] + rng.uniform(-4, 4, n) for grid in (columns, rows))
    colour = rng.uniform(0.1, 1.5, n)
    v = rng.uniform(9.6, 13.5, n)
    image = np.zeros((3, 500, 600))
    temperature = star_temperature(colour, "B-V")
    for c, gain in enumerate((0.7, 1.0, 1.3)):
        ratio = channel_ratio(temperature, c, 5772.0, (615.0, 540.0, 470.0)) if c != 1 else 0.08 * (colour - 0.65)
        add_stars(image[c], x, y, gain * 10 ** (0.4 * (ZERO - v - ratio)), np.full(n, 3.2))
        image[c] += 250 + rng.normal(0, 3, image[c].shape)
    return (image / 65535).astype(np.float32), x, y, v, colour


@pytest.mark.parametrize("seed", [3, 11])
def test_magnitudes_of_stars_outside_the_catalog_are_within_their_errors(seed: int, tmp_path: Path) -> None:
    image, x, y, v, colour = field(seed)
    ra, dec = WCS(fits.Header(HEADER)).all_pix2world(x, y, 0)
    known = np.arange(len(x)) % 2 == 0
    Table({"ra": ra, "dec": dec, "B": v + colour, "V": v})[known].write(tmp_path / "stars.csv")
    config = RunConfig.model_validate({"pcc": {"catalog": str(tmp_path / "stars.csv")}})
    nowhere = Path("nowhere")
    result = calibrate_colours(image, fits.Header(HEADER), config, ToolEnvironment(nowhere, nowhere, nowhere))
    assert not result.declined and result.report["source"] == "catalog"
    points = ZeroPoints.from_dict(result.report["zero_points"])
    assert (points.band, points.colour, points.system) == ("V", "B-V", "Vega") and points.stars > 30
    header = fits.Header(HEADER)
    points.write_cards(header)
    read = ZeroPoints.of(header)
    assert read is not None and read.magnitude([900, 1000, 1100]) == pytest.approx(points.magnitude([900, 1000, 1100]), abs=1e-3)
    fits.writeto(tmp_path / "stack.fits", result.image, header)
    found = [star_at(tmp_path / "stack.fits", *at) for at in zip(x[~known][:50], y[~known][:50], strict=True)]
    rows = np.array([(s.magnitude, s.magnitude_error, t) for s, t in zip(found, v[~known], strict=False)
                     if s is not None and s.magnitude is not None], float)
    pull = (rows[:, 0] - rows[:, 2]) / rows[:, 1]
    assert len(rows) > 35 and np.mean(np.abs(pull) < 3) > 0.93
    assert np.median(rows[:, 1]) < 0.06 and np.median(np.abs(rows[:, 0] - rows[:, 2])) < 0.04
    # A wrong zero point would show: the errors are not generous.
    assert 0.3 < 1.4826 * np.median(np.abs(pull - np.median(pull))) < 1.6 and abs(np.median(pull)) < 1.2


def test_without_enough_catalog_stars_there_is_no_zero_point_and_none_is_read() -> None:
    few = np.full((3, 5), 0.1)
    assert fit_zero_points(few, few / 100, np.full(5, 10.0), np.full(5, 0.6), ("V", "B-V")) is None
    assert ZeroPoints.of(fits.Header(HEADER)) is None
    one = ZeroPoints((20, 20, 20), (0.01, 0.01, 0.01), (-0.4, 0.1, 0.5), 0.6, 0.01, "V", "B-V", "Vega", 50)
    assert one.magnitude([100, -1, 100]) is None
    doubled = one.scaled((2, 2, 2)).magnitude([200, 200, 200])
    assert doubled is not None and doubled[0] == pytest.approx(one.magnitude([100, 100, 100])[0])
