"""The data of Siril's spcc: chunks of star spectra, and the names in its sensor database."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from click.testing import CliRunner

from orchestrator.catalogs.siril_sensors import read_sensors
from orchestrator.catalogs.siril_spectra import WAVELENGTHS, black_bodies, chunk_name, chunks_in, chunks_needed, write_spectra
from orchestrator.catalogs.stars import SAMPLES, StarTable, read_stars
from orchestrator.cli.main import cli
from orchestrator.colour.calibration import calibrate_colours
from orchestrator.colour.result import Declined
from orchestrator.colour.siril import spcc_options
from orchestrator.config.postprocessing import Spcc
from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError, OrchestrateError
from orchestrator.tools.environment import ToolEnvironment


@pytest.fixture
def stars() -> StarTable:
    """Stars on both sides of the border between chunks 12 and 14, spectra with steep edges."""
    rng = np.random.default_rng(2)
    flux = 10 ** rng.uniform(-18, -12, (60, 1)) * rng.uniform(0.01, 1, (60, SAMPLES))
    return StarTable.make(rng.uniform(292, 303, 60), rng.uniform(21, 24, 60), rng.uniform(6, 14, 60), rng.uniform(0, 1.5, 60),
                          rng.normal(0, 20, 60), rng.normal(0, 20, 60), flux.astype(np.float32))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two colour sensors, one of them a DSLR, a mono sensor, filters, white references; and other files."""
    folder = tmp_path / "siril-spcc-database"
    entries = [("OSC_SENSOR", "Sony IMX571", "Sony IMX571 R", "RED"), ("OSC_SENSOR", "Canon EOS 6D", "6D R", "RED"),
               ("OSC_FILTER", "x", "No filter", None), ("OSC_LPF", "x", "Canon full spectrum", None),
               ("MONO_SENSOR", "x", "ZWO ASI1600MM", None), ("WB_REF", "x", "Average Spiral Galaxy", None),
               ("MONO_FILTER", "x", "Red", "RED"), ("MONO_FILTER", "x", "Green", "GREEN"), ("MONO_FILTER", "x", "Blue", "BLUE"),
               ("MONO_FILTER", "x", "Luminance", "LUM")]
    for i, (kind, model, name, channel) in enumerate(entries):
        path = folder / kind.lower() / f"{i}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([{"type": kind, "model": model, "name": name, "channel": channel,
                                     "is_dslr": model == "Canon EOS 6D"}]))
    (folder / "schema.json").write_text('[{"type": "WB_REF", "name": "Schema"}]')
    (folder / "broken.json").write_text("{")
    return folder


def test_a_chunk_has_the_records_that_siril_reads(stars: StarTable, tmp_path: Path) -> None:
    """Read back by the description alone: 128 bytes, cumulative counts of 4**7 pixels, records of 701 bytes."""
    assert write_spectra(stars, tmp_path) == 60
    found = chunks_in(tmp_path)
    assert sorted(found) == [12, 14] == chunks_needed(297.5, 22.5, 2.0)
    assert sum(c.stars for c in found.values()) == 60 and not any(c.synthetic for c in found.values())
    seen = 0
    for number, chunk in found.items():
        raw = chunk.path.read_bytes()
        assert raw[48:53] == bytes([3, 8, 2, 1, 1])
        assert np.frombuffer(raw, "<u4", 3, 53).tolist() == [number, number << 14, ((number + 1) << 14) - 1]
        counts = np.frombuffer(raw, "<u4", 1 << 14, 128)
        assert (np.diff(counts.astype(int)) >= 0).all() and len(raw) == 128 + 4 * (1 << 14) + 701 * counts[-1]
        for k in range(counts[-1]):
            record = raw[128 + 4 * (1 << 14) + 701 * k:][:701]
            ra, dec = np.frombuffer(record, "<i4", 2) * (360 / (2**31 - 1))
            flux = np.frombuffer(record, "<f2", SAMPLES, 15).astype(np.float64) / 10.0 ** record[14]
            i = int(np.argmin(np.hypot(stars.ra - ra, stars.dec - dec)))
            assert np.hypot(stars.ra[i] - ra, stars.dec[i] - dec) < 1e-6
            assert np.frombuffer(record, "<i2", 1, 12)[0] == round(stars.mag[i] * 1000)
            np.testing.assert_allclose(flux, stars.flux[i], rtol=1e-3, atol=2e-6 * stars.flux[i].max())
            seen += 1
    assert seen == 60


def test_black_bodies_have_the_colour_and_magnitude_of_the_stars() -> None:
    stars = StarTable.make(*(np.array(v, np.float64) for v in ([1, 2, 3], [0, 0, 0], [5.0, 7.5, 8.0], [0.65, 0.0, np.nan])))
    flux = black_bodies(stars)
    green = flux[:, WAVELENGTHS == 550][:, 0]
    np.testing.assert_allclose(green[:2], 3.63e-11 * 10 ** (-0.4 * np.array([5.0, 7.5])), rtol=1e-6)
    assert np.isnan(flux[2]).all(), "no colour, no spectrum"
    blue = flux[:, WAVELENGTHS == 440][:, 0]
    assert blue[1] / green[1] > 1.3 * blue[0] / green[0]


@pytest.mark.parametrize("ending", ["parquet", "ecsv", "fits", "csv"])
def test_spectra_are_read_from_tables_of_archives(stars: StarTable, tmp_path: Path, ending: str) -> None:
    path, few = tmp_path / f"gaia.{ending}", stars[:5]
    columns = {"ra": few.ra, "dec": few.dec, "phot_g_mean_mag": few.mag}
    if ending == "parquet":
        pyarrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(pyarrow.table({**columns, "flux": few.flux.tolist()}), path)
    elif ending == "csv":
        Table({**columns, "flux": [json.dumps(row) for row in few.flux.tolist()]}).write(path, format="ascii.csv")
    else:
        Table({**columns, "flux": few.flux}).write(path)
    read = read_stars(path, spectra=True)
    np.testing.assert_allclose(read.flux, few.flux, rtol=1e-6)
    assert read_stars(path).flux is None


def test_the_command_writes_spectra_and_reports_synthetic_ones(stars: StarTable, database: Path, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATE_CATALOGS", str(tmp_path / "own"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(database.parent))
    table = tmp_path / "stars.csv"
    Table({"ra": stars.ra, "dec": stars.dec, "mag": stars.mag, "bv": stars.bv}).write(table)

    def write(*arguments: str) -> object:
        return CliRunner().invoke(cli, ["catalog", "write", str(table), "--to", "siril-spectra", *arguments],
                                  standalone_mode=False)

    refused = write()
    assert isinstance(refused.exception, OrchestrateError) and "no sampled spectra" in str(refused.exception)
    assert "--synthetic" in refused.exception.remedy and not (tmp_path / "own").exists()
    assert "for trials only of 60 stars" in write("--synthetic").output
    listed = json.loads(CliRunner().invoke(cli, ["catalog", "list", "--json"]).stdout)
    mine = next(c for c in listed if c["kind"] == "Siril spectra")
    assert mine["what"] == "2 of 48 chunks of the sky, 60 stars, black bodies of star colours" and "trials" in mine["allows"]
    assert next(c for c in listed if c["kind"] == "Siril sensors")["what"] == "2 colour and 1 mono sensors, 1 whites"
    chunk = tmp_path / "own" / "siril_spectra" / chunk_name(12)
    chunk.write_bytes(chunk.read_bytes()[:-9])
    with pytest.raises(InputError, match="not a complete chunk"):
        chunks_in(chunk.parent)
    listed = json.loads(CliRunner().invoke(cli, ["catalog", "list", "--json"]).stdout)
    assert not next(c for c in listed if "not a complete chunk" in c["what"])["ok"]


def test_names_are_checked_against_the_database(database: Path) -> None:
    known = read_sensors(database)
    assert known.names["oscsensor"] == {"Sony IMX571", "Canon EOS 6D"} and known.dslr == {"Canon EOS 6D"}
    assert known.names["rfilter"] == {"Red"} and known.names["whiteref"] == {"Average Spiral Galaxy"}
    white = "-whiteref=Average Spiral Galaxy"
    assert spcc_options(Spcc(), known, "sony imx571 ") == ("-oscsensor=Sony IMX571", "-oscfilter=No filter", white)
    assert spcc_options(Spcc(sensor="ZWO ASI1600MM", filters=("Red", "Green", "Blue")), known) == (
        "-monosensor=ZWO ASI1600MM", "-rfilter=Red", "-gfilter=Green", "-bfilter=Blue", white)
    narrow = spcc_options(Spcc(sensor="ZWO ASI1600MM", narrowband=((656.3, 7), (500.7, 6), (500.7, 6))), known)
    assert narrow[-7:] == ("-narrowband", "-rwl=656.3", "-rbw=7", "-gwl=500.7", "-gbw=6", "-bwl=500.7", "-bbw=6")
    assert spcc_options(Spcc(sensor="Canon EOS 6D", lowpass="Canon full spectrum"), known)[2] == "-osclpf=Canon full spectrum"


@pytest.mark.parametrize(("settings", "camera", "message"), [
    ({}, "", "the header names no camera"),
    ({}, "ZWO ASI294MC", "'ZWO ASI294MC' of the header is not in Siril's sensor database"),
    ({"sensor": "Sony IMX517"}, "", "similar names: Sony IMX571"),
    ({"sensor": "Canon EOS 6D"}, "", "set pcc.spcc.lowpass to one of Canon full"),
    ({"sensor": "Canon EOS 6D", "lowpass": "Nikon"}, "", "pcc.spcc.lowpass. is not a low-pass filter"),
    ({"sensor": "ZWO ASI1600MM"}, "", "set its filters in pcc.spcc.filters"),
    ({"sensor": "ZWO ASI1600MM", "filters": ["Red", "Blue", "Blue"]}, "", "'Blue' .pcc.spcc.filters. is not a green filter"),
    ({"sensor": "Sony IMX571", "white_reference": "A0V"}, "", "is not a white reference"),
])
def test_a_name_that_would_crash_siril_is_refused(database: Path, settings: dict[str, object], camera: str,
                                                   message: str) -> None:
    with pytest.raises(Declined, match=message):
        spcc_options(Spcc.model_validate(settings), read_sensors(database), camera)


def test_missing_data_are_reported_before_siril_is_started(stars: StarTable, database: Path, tmp_path: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME", "ORCHESTRATE_CATALOGS"):
        monkeypatch.setenv(name, str(tmp_path / "empty"))
    header = fits.Header({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 298.0, "CRVAL2": 22.7, "CRPIX1": 150.0,
                          "CRPIX2": 100.0, "CDELT1": -0.01, "CDELT2": 0.01, "INSTRUME": "Sony IMX571"})
    image = np.random.default_rng(1).normal(0.02, 1e-3, (3, 200, 300)).astype(np.float32)

    def report(**spcc: object) -> str:
        config = RunConfig.model_validate({"pcc": {"method": "siril_spcc", "spcc": spcc},
                                           "engine": {"siril": {"executable": str(tmp_path / "no-siril")}}})
        found = calibrate_colours(image, header, config, ToolEnvironment(tmp_path / "w", tmp_path, tmp_path)).report
        return str(found.get("fallback", found["declined"]))

    assert "no star spectra for Siril's spcc were found" in report()
    assert "has no spectra" in report(catalog=str(tmp_path))
    folder = tmp_path / "spectra"
    write_spectra(stars, folder)
    assert "git clone" in report(catalog=str(folder))
    assert "nowhere does not exist" in report(catalog=str(folder), database=str(tmp_path / "nowhere"))
    (folder / chunk_name(14)).unlink()
    assert f"lacks the spectra of this field: {chunk_name(14)}" in report(catalog=str(folder), database=str(database))
    write_spectra(stars, folder)
    (tmp_path / "empty").mkdir()
    database.rename(tmp_path / "empty" / database.name)  # where Siril keeps it
    assert "no-siril" in report(catalog=str(folder)), "nothing is missing but Siril"
