"""Mosaics whose lights the real ASTAP solves: the WCS of the stack against the truth, and a WCS that its check refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from fixtures.judge import fit_stars
from fixtures.mosaics import pixels_of, tangent
from orchestrator import RunConfig, plan_resume, resume, run
from orchestrator.catalogs.astap import write_database
from orchestrator.catalogs.stars import StarTable
from orchestrator.errors import ExitCode
from tests.quality.test_sky_registration import stars_on

SHAPE = (260, 340)
ALPHA = 2.2


def write_lights(folder: Path, database: Path, scale: float, centres: list[tuple[float, float]], *, each: int, distortion: float,
                 density: float, header: Callable[[WCS], dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Lights of panels around ``centres`` (degrees east and north of RA 60, Dec 35), and a database; RA and Dec of the stars."""
    random = np.random.default_rng(5)
    width, height = (2 * max(abs(c[k]) for c in centres) + 1.5 * SHAPE[1 - k] * scale / 3600 for k in (0, 1))
    ra, dec, _ = stars_on(width, height, density, random)
    flux = 3000 * (1 - random.random(len(ra))) ** -0.9
    kind = "1476" if SHAPE[0] * scale < 5 * 3600 else "290"
    write_database(StarTable.make(ra, dec, 15 - 2.5 * np.log10(flux / 3000)), database, "d05" if kind == "1476" else "g05", kind)
    folder.mkdir(parents=True)
    frames = [c for c in centres for _ in range(each)]
    y, x = np.mgrid[:SHAPE[0], :SHAPE[1]]
    plane = tangent(60.0, 35.0, 3600, 0, (1, 1))
    for i, (xi, eta) in enumerate(frames):
        shift = random.normal(0, 5, 2) * scale / 3600
        place = np.array(plane.wcs_pix2world([-xi - shift[0]], [eta + shift[1]], 0))[:, 0]
        true = tangent(*place, scale, 20 + random.normal(0, 0.2), SHAPE, distortion)
        near = np.hypot((ra - place[0]) * np.cos(np.radians(dec)), dec - place[1]) < 0.8 * np.hypot(*SHAPE) * scale / 3600
        image = np.full(SHAPE, 500.0)
        for u, v, f in zip(*pixels_of(true, ra[near], dec[near]), np.minimum(flux[near], 3e5), strict=True):
            if -15 < u < SHAPE[1] + 15 and -15 < v < SHAPE[0] + 15:
                part = (slice(max(int(v) - 20, 0), int(v) + 22), slice(max(int(u) - 20, 0), int(u) + 22))
                image[part] += f * 1.5 / (np.pi * ALPHA**2) * (1 + ((x[part] - u) ** 2 + (y[part] - v) ** 2) / ALPHA**2) ** -2.5
        cards = fits.Header([("IMAGETYP", "Light"), ("EXPTIME", 10.0), ("INSTRUME", "Cam"), ("XPIXSZ", 3.75),
                             ("FOCALLEN", 3.75 * 206.265 / scale)])
        cards["DATE-OBS"] = (datetime(2026, 10, 1, 20) + timedelta(seconds=15 * i)).isoformat()
        cards.update(header(true))
        pixel = random.poisson(image) + random.normal(0, 3, SHAPE)
        fits.writeto(folder / f"light_{i:02d}.fits", np.clip(np.rint(pixel), 0, 65535).astype(np.uint16), cards)
    return ra, dec


def stack(tmp_path: Path, database: Path, **changes: Any) -> tuple[Any, np.ndarray, WCS, dict[str, Any]]:
    """A run, the stack, its WCS, and the report of the phase ASTROMETRY."""
    config = {"engine": {"name": "native"}, "astrometry": {"solver": "astap", "astap_data": str(database)},
              "bge": {"enabled": False}, "pcc": {"enabled": False}, "registration": {"max_mosaic_growth": 20}, **changes}
    result = run(tmp_path / "session", RunConfig.model_validate(config), runs_dir=tmp_path / "runs")
    assert result.exit_code == ExitCode.OK, result.error
    path = result.products["stacked"]
    report = json.loads((result.directory / "artifacts" / "astrometry.json").read_text())
    return result, fits.getdata(path).astype(np.float64).squeeze() * 65535, WCS(fits.getheader(path)), report


def offsets(data: np.ndarray, found: WCS, ra: np.ndarray, dec: np.ndarray) -> np.ndarray:
    """(n, 2) distances (px) of bright stars of a stack from their true places by its WCS."""
    x, y = found.all_world2pix(ra, dec, 0, quiet=True)
    inner = (x > 12) & (y > 12) & (x < data.shape[1] - 13) & (y < data.shape[0] - 13)
    x, y = x[inner], y[inner]
    gap = np.hypot(x[:, None] - x, y[:, None] - y) + 1e9 * np.eye(len(x))
    peak = np.array([data[int(v) - 1: int(v) + 3, int(u) - 1: int(u) + 3].max() for u, v in zip(x, y, strict=True)])
    bright = (gap.min(axis=1) > 12) & (peak > np.median(data[data > 0]) + 300)
    stars = fit_stars(data, x[bright], y[bright], 3.0)
    off = np.stack([stars["x"] - x[bright], stars["y"] - y[bright]], axis=1)
    assert len(off) > 30
    return off


@pytest.mark.tool("astap")
@pytest.mark.slow
def test_a_mosaic_is_on_the_sky_by_its_anchors(tmp_path: Path, tools: Callable[[str], Path]) -> None:
    """Headers without a position, a lens of 0.4 %: the stack is on the plane of the reference, without the lens."""
    size = np.array(SHAPE[::-1]) * 6.0 / 3600 * 0.82
    turn = np.radians(20)
    centres = [((i - 0.5) * size[0] * np.cos(turn) - (j - 0.5) * size[1] * np.sin(turn),
                (i - 0.5) * size[0] * np.sin(turn) + (j - 0.5) * size[1] * np.cos(turn)) for j in (0, 1) for i in (0, 1)]
    ra, dec = write_lights(tmp_path / "session", tmp_path / "stars", 6.0, centres, each=3, distortion=0.004, density=500,
                           header=lambda true: {"OBJECT": "M 45"})
    result, data, found, report = stack(tmp_path, tmp_path / "stars")
    registration = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    assert len(registration["anchors"]) == 4 == result.statistics.anchors and len(registration["cameras"]) == 1
    assert report["why"] == "by registration of the lights" and report["verification"]["ok"]
    assert found.sip is None and found.wcs.ctype[0] == "RA---TAN"
    off = offsets(data, found, ra, dec)
    assert np.median(np.hypot(*off.T)) < 0.05 and np.percentile(np.hypot(*off.T), 95) < 0.2
    assert registration["cameras"][0]["largest_displacement_px"] == pytest.approx(0.004 * np.hypot(*SHAPE) / 2, rel=0.1)
    assert plan_resume(result.directory, overrides=["astrometry.sip=false"]).repeated.keys().isdisjoint({"REGISTRATION"})
    # Another solver solves the lights, too; without one they are where their stars alone put them.
    plan = plan_resume(result.directory, overrides=["astrometry.solver=none"])
    assert plan.repeated["REGISTRATION"] == "the lights of the mosaic were solved with astrometry.solver astap, not none"
    again = resume(result.directory, overrides=["astrometry.solver=none"])
    registration = json.loads((again.directory / "artifacts" / "registration.json").read_text())
    assert registration["anchors"] == [] and not WCS(fits.getheader(again.products["stacked"])).has_celestial
    assert plan_resume(result.directory).repeated == {}


@pytest.mark.tool("astap")
@pytest.mark.slow
def test_panels_wider_than_a_database_end_on_a_wide_projection(tmp_path: Path, tools: Callable[[str], Path]) -> None:
    """Two panels of 10.4 x 7.9 degrees: ASTAP gets the middle of each."""
    ra, dec = write_lights(tmp_path / "session", tmp_path / "stars", 110.0, [(-4.7, -1.7), (4.7, 1.7)], each=3, distortion=0.0,
                           density=3.0, header=lambda true: {"RA": true.wcs.crval[0] + 0.3, "DEC": true.wcs.crval[1]})
    _, data, found, report = stack(tmp_path, tmp_path / "stars")
    assert found.wcs.ctype[0] == "RA---STG" and report["verification"]["ok"]
    off = offsets(data, found, ra, dec)
    assert np.median(np.hypot(*off.T)) < 0.05 and np.percentile(np.hypot(*off.T), 95) < 0.2


@pytest.mark.tool("astap")
@pytest.mark.slow
def test_a_wcs_that_the_stars_contradict_is_not_written(tmp_path: Path, tools: Callable[[str], Path]) -> None:
    """One field, whose headers have a WCS that is 0.05 degrees off: the projection is made by it, the stack is solved."""
    def wrong(true: WCS) -> dict[str, Any]:
        moved = true.deepcopy()
        moved.wcs.crval = moved.wcs.crval + np.array([0.05, 0.0])
        return dict(moved.to_header())

    ra, dec = write_lights(tmp_path / "session", tmp_path / "stars", 6.0, [(0.0, 0.0)], each=3, distortion=0.0, density=500,
                           header=wrong)
    result, data, found, report = stack(tmp_path, tmp_path / "stars", mosaic={"north_up": True})
    assert any(w.startswith("The WCS of the stack by the projection of the canvas is not used: only") for w in result.warnings)
    assert report["attempts"][-1]["result"] == "solved"
    assert np.median(np.hypot(*offsets(data, found, ra, dec).T)) < 0.1
