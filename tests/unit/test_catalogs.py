"""Star catalogs are written in the formats of the programs and read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.table import Table

from orchestrator.astrometry.catalogs import CatalogOptions, installed, write_catalogs
from orchestrator.catalogs import astap, siril
from orchestrator.catalogs.astrometry_net import index_stars, is_index
from orchestrator.catalogs.healpix import healpix
from orchestrator.catalogs.installed import siril_catalogs
from orchestrator.catalogs.stars import StarTable, cone, read_stars
from orchestrator.errors import ConfigError, InputError
from orchestrator.io.wcs_header import separation

CIRCLES = [(10.0, 20.0, 3.0), (0.0, 89.9, 2.0), (359.9, -30.0, 4.0), (180.0, -89.9, 1.0), (0.05, 0.0, 5.0), (90.0, 87.4, 1.5)]


@pytest.fixture(scope="module")
def sky() -> StarTable:
    """Stars all over the sky, some at the limits of the formats."""
    rng = np.random.default_rng(3)
    ra, dec = rng.uniform(0, 360, 40_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 40_000)))
    ra = np.concatenate([ra, [0.0, 359.999999, 180.0, 0.0, 0.0]])
    dec = np.concatenate([dec, [0.0, 0.5, 90.0, -90.0, 87.42857143]])
    mag = rng.uniform(-1.4, 15, len(ra))
    return StarTable.make(ra, dec, mag, rng.uniform(-0.3, 1.8, len(ra)), rng.normal(0, 20, len(ra)), rng.normal(0, 20, len(ra)))


def same(one: StarTable, other: StarTable, arcsec: float, mag: float) -> None:
    """Each star of ``one`` is in ``other``, and there are no more."""
    assert len(one) == len(other)
    for i in range(len(one)):
        off = separation(one.ra[i], one.dec[i], other.ra, other.dec)
        assert off.min() * 3600 < arcsec
        assert abs(other.mag[off.argmin()] - one.mag[i]) <= mag


@pytest.mark.parametrize(("name", "kind"), [("d05", "1476"), ("g05", "290"), ("v05", "1476")])
def test_astap_database(sky: StarTable, tmp_path: Path, name: str, kind: str) -> None:
    written = astap.write_database(sky, tmp_path, name, kind)
    assert written.is_complete()
    assert len(list(tmp_path.iterdir())) == int(kind)
    assert astap.find_databases(tmp_path) == [written]
    assert written.mean_density() == pytest.approx(len(sky) / 41253, rel=0.15)
    for circle in CIRCLES:
        same(cone(sky, *circle), astap.read_cone(written, *circle), 0.15, 0.051)
    if name == "v05":
        there, here = astap.read_cone(written, *CIRCLES[0]), cone(sky, *CIRCLES[0])
        assert np.allclose(np.sort(there.bv), np.sort(here.bv), atol=0.06)


def test_astap_records_follow_the_description(tmp_path: Path) -> None:
    """Sirius, as in the description of the format: RA C3 06 48, header FF FF FF 20 06."""
    written = astap.write_database(StarTable.make(*(np.array([v]) for v in (6.7524766 * 15, -16.7161, -1.0))), tmp_path, "d05")
    cells = [p for p in tmp_path.iterdir() if p.stat().st_size > 110]
    assert len(cells) == 1
    raw = cells[0].read_bytes()
    assert len(raw) == 120 and raw[109] == 5
    dec = round(-16.7161 / 90 * (2**23 - 1))
    assert raw[110:115] == bytes([255, 255, 255, (dec >> 16) + 128, 6])
    assert raw[112 + 3] in (0xC2, 0xC3) and raw[116:118] == bytes([0x06, 0x48])
    assert written.density == 500


def test_a_missing_cell_is_reported(sky: StarTable, tmp_path: Path) -> None:
    written = astap.write_database(sky, tmp_path, "d05")
    (tmp_path / "d05_1801.1476").unlink()
    assert not written.is_complete()
    with pytest.raises(InputError, match=r"d05_1801\.1476"):
        astap.read_cone(written, 0.1, -1.0, 1.0)


@pytest.mark.parametrize("name", ["D05", "d00", "dd5", "../x", "d5"])
def test_a_name_that_astap_would_not_find_is_refused(sky: StarTable, tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        astap.write_database(sky, tmp_path, name)


@pytest.mark.parametrize("level", [4, 8])
def test_siril_catalog(sky: StarTable, tmp_path: Path, level: int) -> None:
    path = tmp_path / "gaia.dat"
    siril.write_catalog(sky, path, level)
    assert siril.read_level(path) == level
    assert siril.count(path) == len(sky)
    for circle in CIRCLES:
        same(cone(sky, *circle), siril.read_cone(path, *circle), 0.01, 0.001)
    there, here = siril.read_cone(path, *CIRCLES[0]), cone(sky, *CIRCLES[0])
    assert np.allclose(np.sort(there.bv), np.sort(here.bv), atol=0.02)
    assert np.allclose(np.sort(there.pmra), np.sort(here.pmra), atol=0.51)


def test_healpix_pixels() -> None:
    """The twelve faces, pixels as astropy-healpix 2.0 gives them, nesting, equal areas."""
    ra, dec = np.array([45.0, 135, 225, 315, 0, 90, 180, 270, 45, 135, 225, 315]), np.repeat([60.0, 0.0, -60.0], 4)
    assert healpix(ra, dec, 0).tolist() == list(range(12))
    ra, dec = np.array([0.05, 83.8, 192.8, 300.0, 10.0, 120.0]), np.array([60.0, -5.4, 41.1, 22.7, -89.3, 89.2])
    assert healpix(ra, dec, 8).tolist() == [48123, 343034, 173702, 207733, 524298, 131065]
    rng = np.random.default_rng(1)
    ra, dec = rng.uniform(0, 360, 20_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 20_000)))
    fine, coarse = healpix(ra, dec, 6), healpix(ra, dec, 3)
    assert np.array_equal(fine >> 6, coarse)
    counts = np.bincount(coarse, minlength=12 * 64)
    assert counts.min() > 5 and counts.max() < 60  # equal areas: 26 on average


def test_tables_of_several_kinds(sky: StarTable, tmp_path: Path) -> None:
    few = sky[:50]
    names = {"csv": ("RA_ICRS", "DE_ICRS", "Gmag"), "fits": ("ra", "dec", "phot_g_mean_mag"),
             "ecsv": ("RAJ2000", "DEJ2000", "Vmag"), "parquet": ("ra_degrees", "dec_degrees", "magnitude")}
    for ending, (ra, dec, mag) in names.items():
        path = tmp_path / f"a table.{ending}"
        table = Table({ra: few.ra, dec: few.dec, mag: few.mag, "bp_rp": (few.bv + 0.019) / 0.813})
        if ending == "parquet":
            pyarrow = pytest.importorskip("pyarrow")
            from pyarrow import parquet

            parquet.write_table(pyarrow.table({n: np.asarray(table[n]) for n in table.colnames}), path)
        else:
            table.write(path)
        read = read_stars(path)
        assert np.allclose(read.ra, few.ra) and np.allclose(read.mag, few.mag) and np.allclose(read.bv, few.bv)
    read = read_stars(tmp_path / "a table.csv", {"mag": "bp_rp"})
    assert np.allclose(np.sort(read.mag), np.sort((few.bv + 0.019) / 0.813))


def test_an_unusable_table_is_refused_with_a_reason(tmp_path: Path) -> None:
    for name, text, message in (("a.csv", "x,y\n1,2\n", "ra, dec, mag"), ("b.csv", "ra,dec,mag\n12 30 00,5,6\n", "not numeric"),
                                ("c.csv", "ra,dec,mag\n", "no star"), ("d.fits", "nothing", "cannot be read")):
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError, match=message):
            read_stars(tmp_path / name)
    with pytest.raises(InputError, match="does not exist"):
        read_stars(tmp_path / "none.csv")
    (tmp_path / "e.csv").write_text("ra,dec,mag\n1,2,3\n")
    with pytest.raises(InputError, match="has no column 'R'"):
        read_stars(tmp_path / "e.csv", {"mag": "R"})


def test_stars_move_with_time() -> None:
    """Barnard's star: -801 and +10362 mas/yr at 269.452 +4.693."""
    star = StarTable.make(*(np.array([v]) for v in (269.452, 4.693, 9.5, 1.7, -801.0, 10362.0)))
    moved = star.at_epoch(100)
    assert separation(269.452, 4.693, moved.ra, moved.dec)[0] * 3600 == pytest.approx(np.hypot(80.1, 1036.2), rel=1e-4)


def test_written_catalogs_are_listed(sky: StarTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATE_CATALOGS", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    table = tmp_path / "stars.csv"
    Table({"ra": sky.ra, "dec": sky.dec, "mag": sky.mag}).write(table)
    made = write_catalogs(table, ("astap", "siril"), options=CatalogOptions(limit=12.0))
    assert [path for _, path in made] == [tmp_path / "own" / "astap", tmp_path / "own" / "siril_gaia_astro.dat"]
    found = {(c.kind, c.path): c for c in installed()}
    assert found["ASTAP", tmp_path / "own" / "astap"].ok
    assert f"{int((sky.mag <= 12).sum())} stars" in found["Siril", tmp_path / "own" / "siril_gaia_astro.dat"].what
    (tmp_path / "own" / "astap" / "d05_0201.1476").unlink()
    assert not {(c.kind, c.path): c for c in installed()}["ASTAP", tmp_path / "own" / "astap"].ok


def test_the_catalog_set_in_siril_is_found(sky: StarTable, tmp_path: Path) -> None:
    path = tmp_path / "my gaia.dat"
    siril.write_catalog(sky[:100], path, 4)
    (tmp_path / "config" / "siril").mkdir(parents=True)
    (tmp_path / "config" / "siril" / "config.1.4.ini").write_text(f"[core]\ncatalogue_gaia_astro={path}\n", "utf-8")
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "ORCHESTRATE_CATALOGS": str(tmp_path)}
    assert siril_catalogs(environ=environ) == [path]
    path.write_bytes(b"not a catalog")
    assert siril_catalogs(environ=environ) == []
    with pytest.raises(InputError):
        siril_catalogs(path, environ)


def test_another_file_is_not_an_index(tmp_path: Path) -> None:
    path = tmp_path / "index-1.fits"
    Table({"a": [1]}).write(path)
    assert not is_index(path)
    with pytest.raises(InputError, match="not a readable index file"):
        index_stars(path)
