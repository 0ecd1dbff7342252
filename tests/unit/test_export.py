"""Copies for other programs, read back with astropy; a HiPS, whose pixels are compared with those of the image."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from click.testing import CliRunner
from scipy.ndimage import map_coordinates

from orchestrator.api.export import product_of
from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.io.fits_export import export_fits
from orchestrator.io.hips_export import export_hips
from orchestrator.phases.preview import hips_of
from orchestrator.runtime.context import RunContext
from tests.conftest import missing

ROWS, COLUMNS = 90, 130


def header(*, sip: bool = False) -> fits.Header:
    cards = fits.Header()
    cards["OBJECT"], cards["ROWORDER"], cards["PROGRAM"] = "M 42", "TOP-DOWN", "orchestrate"
    cards["CTYPE1"], cards["CTYPE2"] = ("RA---TAN-SIP", "DEC--TAN-SIP") if sip else ("RA---TAN", "DEC--TAN")
    cards["CRVAL1"], cards["CRVAL2"], cards["CRPIX1"], cards["CRPIX2"] = 83.8, -5.4, 61.0, 40.0
    cards["CD1_1"], cards["CD1_2"], cards["CD2_1"], cards["CD2_2"] = -4e-4, 1e-5, 2e-5, 4e-4
    if sip:
        cards["A_ORDER"], cards["B_ORDER"], cards["A_2_0"] = 2, 2, 1e-6
    return cards


def image(path: Path, *, colour: bool, sip: bool = False) -> np.ndarray:
    shape = (3, ROWS, COLUMNS) if colour else (ROWS, COLUMNS)
    data = np.random.default_rng(5).uniform(0.001, 0.9, shape).astype(np.float32)
    fits.writeto(path, data, header(sip=sip))
    return data


@pytest.mark.parametrize("colour", [False, True])
def test_16_bits_are_the_pixels_in_adu(tmp_path: Path, colour: bool) -> None:
    data = image(tmp_path / "a.fits", colour=colour)
    made = export_fits(tmp_path / "a.fits", tmp_path / "b.fits", "uint16", "first")
    found, cards = fits.getdata(tmp_path / "b.fits", header=True)
    assert found.dtype == np.uint16 and cards["BITPIX"] == 16 and cards["OBJECT"] == "M 42" and made.warnings == []
    assert np.abs(found - data.astype(np.float64) * 65535).max() <= 0.51
    here, there = (WCS(fits.getheader(tmp_path / n)).celestial.wcs_pix2world([[3.0, 4.0]], 0) for n in ("a.fits", "b.fits"))
    np.testing.assert_array_equal(here, there)


def test_pixels_that_16_bits_cannot_hold_are_counted(tmp_path: Path) -> None:
    data = np.full((ROWS, COLUMNS), 0.5, np.float32)
    data[0, :26], data[1, :13] = -0.01, 1.5
    fits.writeto(tmp_path / "a.fits", data)
    made = export_fits(tmp_path / "a.fits", tmp_path / "b.fits", "uint16", "first")
    assert made.below == pytest.approx(26 / data.size) and made.above == pytest.approx(13 / data.size)
    assert len(made.warnings) == 2
    found = fits.getdata(tmp_path / "b.fits")
    assert (found[0, :26] == 0).all() and (found[1, :13] == 65535).all()


@pytest.mark.parametrize("sip", [False, True])
def test_colours_on_the_last_axis_keep_the_wcs(tmp_path: Path, sip: bool) -> None:
    data = image(tmp_path / "a.fits", colour=True, sip=sip)
    made = export_fits(tmp_path / "a.fits", tmp_path / "b.fits", "float32", "last")
    found, cards = fits.getdata(tmp_path / "b.fits", header=True)
    assert found.shape == (ROWS, COLUMNS, 3) and cards["NAXIS1"] == 3 and made.shape == found.shape
    np.testing.assert_array_equal(np.moveaxis(found, -1, 0), data)
    flat = WCS(header())  # without the distortion
    places = np.array([[0.0, 0.0], [100.5, 70.25], [129, 3]])
    np.testing.assert_allclose(WCS(cards).celestial.wcs_pix2world(places, 0), flat.wcs_pix2world(places, 0), atol=1e-12)
    assert made.lost_distortion is sip and ("SIP" in "".join(made.warnings)) is sip


def test_an_image_is_not_replaced_by_its_copy(tmp_path: Path) -> None:
    data = image(tmp_path / "a.fits", colour=False)
    with pytest.raises(ConfigError, match="the image itself"):
        export_fits(tmp_path / "a.fits", tmp_path / "a.fits", "uint16", "first")
    np.testing.assert_array_equal(fits.getdata(tmp_path / "a.fits"), data)


def test_the_product_of_a_run_is_the_most_finished_stack_or_the_one_named(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs" / "master_tiles"
    outputs.mkdir(parents=True)
    for name in ("stacked.fits", "stacked_bge.fits", "variance.fits", "master_tiles/tile_001.fits"):
        image(tmp_path / "outputs" / name, colour=False)
    assert product_of(tmp_path).name == "stacked_bge.fits"
    assert product_of(tmp_path / "outputs" / "variance.fits").name == "variance.fits"
    assert product_of(tmp_path, "master_tiles/tile_001.fits").is_file()
    with pytest.raises(InputError, match="no product nothing") as refused:
        product_of(tmp_path, "nothing.fits")
    assert "master_tiles/tile_001.fits" in refused.value.remedy
    with pytest.raises(InputError, match="neither"):
        product_of(tmp_path / "outputs" / "master_tiles")


def test_the_verb_writes_a_copy_and_says_what_it_wrote(tmp_path: Path) -> None:
    image(tmp_path / "a.fits", colour=True)
    told = CliRunner().invoke(cli, ["export", str(tmp_path / "a.fits"), "-o", str(tmp_path / "b.fits"), "--axes", "last"],
                              standalone_mode=False)
    assert told.exit_code == 0 and f"{ROWS} x {COLUMNS} x 3, 16 bits" in told.output, told.output
    assert "Give --output" in CliRunner().invoke(cli, ["export", str(tmp_path / "a.fits")]).output


def smooth(shape: tuple[int, int]) -> np.ndarray:
    y, x = np.mgrid[:shape[0], :shape[1]]
    return (0.1 + 0.05 * np.sin(x / 17) * np.cos(y / 13)).astype(np.float32)


@pytest.mark.parametrize("colour", [False, True])
def test_the_tiles_of_a_hips_show_the_pixels_of_the_image(tmp_path: Path, colour: bool) -> None:
    try:
        import reproject.hips  # noqa: F401
    except ImportError:
        missing("reproject")
    plane = smooth((ROWS, COLUMNS))
    plane[:20, :30] = 0  # places without data
    data = np.stack([plane, 2 * plane, 3 * plane]) if colour else plane
    fits.writeto(tmp_path / "a.fits", data, header())
    count = export_hips(tmp_path / "a.fits", tmp_path / "hips")
    folders = {"red": 1, "green": 2, "blue": 3} if colour else {".": 1}
    found = [sorted((tmp_path / "hips" / f).rglob("Npix*.fits")) for f in folders]
    assert count == sum(map(len, found)) and all(found)
    wcs, compared = WCS(header()), 0
    for (folder, factor), tiles in zip(folders.items(), found, strict=True):
        place = tmp_path / "hips" / folder
        order = max(int(p.parents[1].name.removeprefix("Norder")) for p in tiles)
        properties = (place / "properties").read_text()
        assert "hips_tile_format" in properties and "equatorial" in properties and "M 42" in properties
        for tile in (p for p in tiles if p.parents[1].name == f"Norder{order}"):
            with fits.open(tile) as file:
                hdu = next(h for h in file if h.data is not None)
                values, there = hdu.data, WCS(hdu.header)
            rows, columns = np.nonzero(np.isfinite(values))
            some = np.random.default_rng(1).choice(len(rows), min(len(rows), 400), replace=False)
            sky = there.wcs_pix2world(columns[some], rows[some], 0)
            x, y = wcs.wcs_world2pix(*sky, 0)
            inside = (x > 1) & (y > 1) & (x < COLUMNS - 2) & (y < ROWS - 2) & ~((x < 32) & (y < 22))
            expected = factor * map_coordinates(plane, [y[inside], x[inside]], order=1)
            np.testing.assert_allclose(values[rows[some], columns[some]][inside], expected, atol=factor * 2e-5)
            assert not ((x < 28) & (y < 18)).any(), "places without data are not numbers"
            compared += int(inside.sum())
    assert compared > 300


def test_what_a_hips_needs_is_named(tmp_path: Path) -> None:
    fits.writeto(tmp_path / "plain.fits", smooth((40, 40)))
    with pytest.raises(InputError, match="no WCS"):
        export_hips(tmp_path / "plain.fits", tmp_path / "hips")
    image(tmp_path / "a.fits", colour=False)
    (tmp_path / "hips").mkdir()
    with pytest.raises(RunError, match="exists"):
        export_hips(tmp_path / "a.fits", tmp_path / "hips")


def test_a_run_writes_a_hips_again_or_says_what_it_lacks(tmp_path: Path) -> None:
    warnings: list[str] = []
    context = cast(RunContext, SimpleNamespace(outputs=tmp_path / "outputs", directory=tmp_path, warn=warnings.append))
    image(tmp_path / "a.fits", colour=False)
    (tmp_path / "outputs" / "hips" / "Norder9").mkdir(parents=True)  # of an earlier attempt
    found = hips_of(context, tmp_path / "a.fits")
    folder = tmp_path / "outputs" / "hips"
    assert found == {"hips_tiles": len(list(folder.rglob("Npix*.fits")))} and (folder / "properties").is_file()
    assert not (folder / "Norder9").exists() and not warnings
    fits.writeto(tmp_path / "plain.fits", smooth((40, 40)))
    assert hips_of(context, tmp_path / "plain.fits") == {} and not folder.exists()
    assert "no WCS" in warnings[0] and "orchestrate export" in warnings[0]
