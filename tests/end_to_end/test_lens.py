"""Sessions of a camera whose lens distorts, with known lens and transforms: the stack shows the stars where they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS, Sip

from fixtures.judge import fit_stars, star_photometry
from orchestrator import RunConfig, run
from orchestrator.engines.base import Frame
from orchestrator.engines.transform_file import lens_row
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.pixel_area import area_of
from tilecore.register.align import apply
from tilecore.register.lens import Lens

SHAPE = (320, 420)
COUNT = 10
FWHM = 3.2
BETA = 3.5
SKY = 800.0


@dataclass(frozen=True)
class Sky:
    """A session, its file of transforms, and the places and fluxes (ADU) of the stars on the plane of the reference."""

    folder: Path
    transforms: Path
    stars: np.ndarray
    flux: np.ndarray


def moved(degrees: float, dx: float, dy: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y = (SHAPE[1] - 1) / 2, (SHAPE[0] - 1) / 2
    return np.array([[c, -s, x - c * x + s * y + dx], [s, c, y - s * x - c * y + dy], [0, 0, 1]])


def session(folder: Path, k: float, *, pattern: str | None = None, degrees: float = 1.0, seed: int = 4,
            perspective: float = 0.0) -> Sky:
    """Lights of stars on a jittered grid, seen through a lens with radial distortion ``k`` at the corner: dithered, rotated, and
    some of them upside down, as after a meridian flip; with ``perspective`` (per px, along x) against the reference."""
    r = np.random.default_rng(seed)
    lens = Lens.radial((SHAPE[1] / 2 - 7.5, SHAPE[0] / 2 + 5.5), 0.5 * float(np.hypot(*SHAPE)), k) if k else None
    y, x = np.mgrid[-30: SHAPE[0] + 30: 34, -30: SHAPE[1] + 30: 34]
    stars = np.stack([x.ravel(), y.ravel()], 1) + r.uniform(-8, 8, (x.size, 2))
    flux = r.uniform(60000, 300000, len(stars))
    (folder / "lights").mkdir(parents=True)
    alpha = FWHM / (2 * np.sqrt(2 ** (1 / BETA) - 1))
    rows = []
    for i in range(COUNT):
        matrix = np.eye(3) if i == 0 else moved((180 if i % 3 == 2 else 0) + r.uniform(-degrees, degrees), *r.uniform(-9, 9, 2))
        matrix[2, 0] = perspective if i else 0.0
        ideal = apply(np.linalg.inv(matrix), stars)
        places = ideal if lens is None else lens.on_frame(ideal)
        image = np.full(SHAPE, SKY)
        for (u, v), f in zip(places, flux, strict=True):
            if not (np.isfinite([u, v]).all() and -20 < u < SHAPE[1] + 20 and -20 < v < SHAPE[0] + 20):
                continue
            x0, x1, y0, y1 = max(int(u) - 20, 0), min(int(u) + 22, SHAPE[1]), max(int(v) - 20, 0), min(int(v) + 22, SHAPE[0])
            yy, xx = np.mgrid[y0:y1, x0:x1]
            image[y0:y1, x0:x1] += f * (BETA - 1) / (np.pi * alpha**2) * (1 + ((xx - u) ** 2 + (yy - v) ** 2) / alpha**2) ** -BETA
        header = fits.Header()
        header["IMAGETYP"], header["EXPTIME"], header["INSTRUME"] = "Light Frame", 30.0, "Lens"
        header["DATE-OBS"] = (datetime(2026, 3, 1, 21) + timedelta(seconds=40 * i)).isoformat()
        if pattern:
            header["BAYERPAT"] = pattern
        name = f"light_{i:02d}.fits"
        noisy = r.poisson(image) + r.normal(0, 3, SHAPE)
        fits.writeto(folder / "lights" / name, np.clip(np.round(noisy), 0, 65535).astype(np.uint16), header)
        rows.append({"file": name, "used": True, "matrix": matrix.tolist(), "lens": lens_row(lens)})
    file = folder / "transforms.json"
    file.write_text(json.dumps({"reference": "light_00.fits", "frames": rows}))
    return Sky(folder, file, stars, flux)


def stack(sky: Sky, runs: Path, **settings: Any) -> tuple[np.ndarray, Any]:
    """The stack, (rows, columns) of its green or only channel, and the run."""
    config: dict[str, Any] = {"engine": {"name": "native"}, "registration": {"transforms": str(sky.transforms)},
                              "astrometry": {"solver": "none"}}
    for key, value in settings.items():
        config[key] = {**config.get(key, {}), **value}
    result = run(sky.folder, RunConfig.model_validate(config), runs_dir=runs)
    assert result.error is None, result.error
    data = fits.getdata(result.products.get("stacked_rgb", result.products.get("stacked"))).astype(np.float64) * 65535
    return (data[1] if data.ndim == 3 else data), result


@dataclass(frozen=True)
class Judged:
    """Stars in the inner part of the stack: distance from the truth (px), FWHM, and flux over the truth."""

    off: np.ndarray
    fwhm: np.ndarray
    flux: np.ndarray
    radius: np.ndarray


def judge(data: np.ndarray, result: Any, sky: Sky, finer: float = 1.0) -> Judged:
    origin = json.loads((result.directory / "artifacts" / "prewarp.json").read_text())["canvas_origin"]
    places = (sky.stars - origin + 0.5) * finer - 0.5
    height, width = data.shape
    edge = 26 * finer
    inner = ((places > edge) & (places < np.array([width, height]) - edge)).all(axis=1)
    x, y = places[inner].T
    found = fit_stars(data, x, y, FWHM * finer)
    off = np.hypot(found["x"] - x, found["y"] - y) / finer
    away = sky.stars[inner] - [SHAPE[1] / 2 - 7.5, SHAPE[0] / 2 + 5.5]
    return Judged(off, found["fwhm"] / finer, star_photometry(data, x, y, 7.0 * finer) / sky.flux[inner] / finer**2,
                  np.hypot(*away.T) / (0.5 * np.hypot(*SHAPE)))


def slope(judged: Judged) -> float:
    """Relative change of the flux from the centre of the field to its corner."""
    return float(np.polyfit(judged.radius**2, judged.flux / np.median(judged.flux), 1)[0])


def test_perspective_keeps_the_fluxes_of_stars(tmp_path: Path) -> None:
    """Far from the reference the pixels of a frame have other areas on its plane: here they differ by 18 % over the field."""
    wide = session(tmp_path / "wide", 0.0, perspective=-1.5e-4)
    data, result = stack(wide, tmp_path / "runs")
    origin = json.loads((result.directory / "artifacts" / "prewarp.json").read_text())["canvas_origin"]
    places = wide.stars - origin
    inner = ((places > 30) & (places < np.array(data.shape[::-1]) - 30)).all(axis=1)
    x, y = places[inner].T
    flux = star_photometry(data, x, y, 9.0) / wide.flux[inner]
    across = np.polyfit(x / SHAPE[1], flux / np.median(flux), 1)[0]
    assert abs(across) < 0.01, across


def test_the_area_of_pixels_follows_the_closed_form() -> None:
    matrix = np.array([[1.02, 0.03, 5.0], [-0.02, 0.98, -8.0], [-1.5e-4, 4e-5, 1.0]])
    info = FrameInfo(Path("light.fits"), Role.LIGHT, SHAPE)
    far, near = Frame(0, info, None, matrix), Frame(0, info, None, moved(3.0, 4.0, 9.0))
    points = np.random.default_rng(1).uniform(0, 300, (40, 2))
    third = points @ matrix[2, :2] + 1
    np.testing.assert_allclose(area_of(far, points), abs(np.linalg.det(matrix)) / third**3 / far.scale**2, rtol=1e-4)
    assert far.changes_area and not near.changes_area and (area_of(near, points) == 1).all()


@pytest.mark.parametrize("k", [0.01, -0.01])
def test_stars_are_where_they_are_and_as_sharp_as_without_distortion(tmp_path: Path, k: float) -> None:
    straight, bent = session(tmp_path / "straight", 0.0), session(tmp_path / "bent", k)
    expected = judge(*stack(straight, tmp_path / "runs"), straight)
    found = judge(*stack(bent, tmp_path / "runs"), bent)
    assert np.median(found.off) < 0.01 and found.off.max() < 0.025
    assert np.median(found.off) < 1.2 * np.median(expected.off)
    assert np.median(found.fwhm) == pytest.approx(np.median(expected.fwhm), rel=0.01)
    outer = found.radius > 0.7
    # The stars are equally sharp in the frames, whose pixels are larger on the canvas towards the corners.
    assert slope(found) == pytest.approx(slope(expected), abs=0.004)  # 0.04 without a correction
    sharp = found.fwhm[outer] / (1 + 2 * k * found.radius[outer] ** 2)
    assert np.median(sharp) == pytest.approx(np.median(expected.fwhm[expected.radius > 0.7]), rel=0.01)


@pytest.mark.parametrize("stage", ["last", "first", "superpixel"])
def test_the_planes_of_a_colour_camera_follow_the_lens(tmp_path: Path, stage: str) -> None:
    straight, bent = session(tmp_path / "straight", 0.0, pattern="GRBG"), session(tmp_path / "bent", 0.01, pattern="GRBG")
    finer = 0.5 if stage == "superpixel" else 1.0
    expected, found = (judge(*stack(sky, tmp_path / "runs", debayer={"stage": stage}), sky, finer) for sky in (straight, bent))
    assert np.median(found.off) < 1.3 * np.median(expected.off) + 0.005
    assert np.percentile(found.off, 90) < 1.3 * np.percentile(expected.off, 90) + 0.01
    assert np.median(found.fwhm) == pytest.approx(np.median(expected.fwhm), rel=0.03)


@pytest.mark.parametrize("method", ["drizzle", "proper"])
def test_other_reconstructions_follow_the_lens(tmp_path: Path, method: str) -> None:
    straight, bent = session(tmp_path / "straight", 0.0), session(tmp_path / "bent", 0.01)
    settings = {"method": method, **({"scale": 2.0, "pixfrac": 0.8} if method == "drizzle" else {})}
    finer = 2.0 if method == "drizzle" else 1.0
    expected, found = (judge(*stack(sky, tmp_path / "runs", reconstruction=settings), sky, finer) for sky in (straight, bent))
    assert np.median(found.off) < 1.3 * np.median(expected.off) + 0.005 and np.percentile(found.off, 90) < 0.04
    assert np.median(found.fwhm) == pytest.approx(np.median(expected.fwhm), rel=0.03)
    assert slope(found) == pytest.approx(slope(expected), abs=0.003)


def test_saved_transforms_keep_the_lens(tmp_path: Path) -> None:
    sky = session(tmp_path / "bent", 0.01)
    _, result = stack(sky, tmp_path / "runs")
    saved = result.directory / "artifacts" / "registration.json"
    rows = json.loads(saved.read_text())["frames"]
    given = json.loads(sky.transforms.read_text())["frames"]
    assert [r["lens"] for r in rows] == [r["lens"] for r in given]
    again, _ = stack(Sky(sky.folder, saved, sky.stars, sky.flux), tmp_path / "again")
    first, _ = stack(sky, tmp_path / "runs")
    assert again.tobytes() == first.tobytes()


def test_a_wrong_lens_in_the_file_is_refused(tmp_path: Path) -> None:
    sky = session(tmp_path / "bent", 0.01)
    content = json.loads(sky.transforms.read_text())
    content["frames"][3]["lens"]["terms"][0] = [[float("nan")]]
    sky.transforms.write_text(json.dumps(content))
    result = run(sky.folder, RunConfig.model_validate({"engine": {"name": "native"}, "registration": {
        "transforms": str(sky.transforms)}}), runs_dir=tmp_path / "runs")
    assert "light_03.fits" in str(result.error) and "lens" in str(result.error)


def sip_header(lens: Lens, scale: float) -> fits.Header:
    """The WCS of the reference: gnomonic, with its lens as SIP (``scale`` in arcsec)."""
    size = lens.terms.shape[1]
    a, b = (np.array([[t[j, i] / lens.radius ** (i + j) for j in range(size)] for i in range(size)]) for t in lens.terms)
    wcs = WCS(naxis=2)
    wcs.wcs.ctype, wcs.wcs.crval = ["RA---TAN-SIP", "DEC--TAN-SIP"], [83.0, 41.0]
    angle, s = np.radians(25.0), scale / 3600
    wcs.wcs.cd = [[-s * np.cos(angle), s * np.sin(angle)], [s * np.sin(angle), s * np.cos(angle)]]
    wcs.wcs.crpix = np.array(lens.centre) + 1
    wcs.sip = Sip(a, b, None, None, wcs.wcs.crpix)
    return wcs.to_header(relax=True)


def with_wcs(sky: Sky, k: float, scale: float) -> np.ndarray:
    """Write the WCS into the reference; the positions (n, 2) of the stars on the sky, degrees."""
    lens = Lens.radial((SHAPE[1] / 2 - 7.5, SHAPE[0] / 2 + 5.5), 0.5 * float(np.hypot(*SHAPE)), k)
    header = sip_header(lens, scale)
    with fits.open(sky.folder / "lights" / "light_00.fits", mode="update") as file:
        file[0].header.update(header)
    linear = WCS(header)
    linear.sip = None
    return np.asarray(linear.wcs_pix2world(sky.stars, 0))


@pytest.mark.parametrize(("settings", "scale"), [({"projection": "ZEA", "north_up": True, "scale": 110.0}, 120.0),
                                                 ({"projection": "CAR", "center": "83.5 40.5"}, 120.0)])
def test_the_wcs_of_a_projection_of_the_sky_is_right(tmp_path: Path, settings: dict[str, Any], scale: float) -> None:
    sky = session(tmp_path / "bent", 0.01)
    stars = with_wcs(sky, 0.01, scale)
    data, result = stack(sky, tmp_path / "runs", mosaic=settings)
    wcs = WCS(fits.getheader(result.products["stacked"]))
    assert wcs.wcs.ctype[0].endswith(settings["projection"]) and wcs.sip is None
    x, y = wcs.wcs_world2pix(stars, 0).T
    covered = fits.getdata(result.products["coverage"]).reshape(data.shape) >= COUNT - 2
    inner = (x > 26) & (y > 26) & (x < data.shape[1] - 27) & (y < data.shape[0] - 27)
    inner[inner] &= covered[np.rint(y[inner]).astype(int), np.rint(x[inner]).astype(int)]
    assert inner.sum() > 20
    found = fit_stars(data, x[inner], y[inner], FWHM)
    off = np.hypot(found["x"] - x[inner], found["y"] - y[inner])
    assert np.median(off) < 0.015 and off.max() < 0.05
    flux = star_photometry(data, x[inner], y[inner], 9.0) / sky.flux[inner]
    assert np.std(flux) / np.mean(flux) < 0.006
    if settings.get("north_up"):
        (ra, dec), step = wcs.wcs_pix2world([[200.0, 150.0]], 0)[0], wcs.wcs_pix2world([[200.0, 151.0]], 0)[0]
        assert abs(step[1] - dec) * 3600 == pytest.approx(110.0, rel=0.01) and abs(step[0] - ra) < 0.005


def test_the_canvas_of_a_header_is_that_of_the_header(tmp_path: Path) -> None:
    sky = session(tmp_path / "bent", 0.01)
    stars = with_wcs(sky, 0.01, 40.0)
    wanted = WCS(naxis=2)
    wanted.wcs.ctype, wanted.wcs.crval, wanted.wcs.crpix = ["RA---STG", "DEC--STG"], [83.4, 41.2], [150.0, 120.0]
    wanted.wcs.cd = np.array([[-38.0, 4.0], [4.0, 38.0]]) / 3600
    header = wanted.to_header()
    header["NAXIS1"], header["NAXIS2"] = 300, 240
    header.totextfile(tmp_path / "canvas.hdr")
    data, result = stack(sky, tmp_path / "runs", mosaic={"header": str(tmp_path / "canvas.hdr")})
    assert data.shape == (240, 300)
    x, y = wanted.wcs_world2pix(stars, 0).T
    written = WCS(fits.getheader(result.products["stacked"]))
    np.testing.assert_allclose(written.wcs_world2pix(stars, 0), np.stack([x, y], 1), atol=1e-4)
    inner = (x > 30) & (y > 30) & (x < 268) & (y < 208)
    found = fit_stars(data, x[inner], y[inner], FWHM)
    assert inner.sum() > 10 and np.median(np.hypot(found["x"] - x[inner], found["y"] - y[inner])) < 0.015
