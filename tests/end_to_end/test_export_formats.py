"""Results in the formats of other programs, read back by the libraries of those formats."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import tifffile
import yaml
from astropy.io import fits
from astropy.nddata import CCDData
from astropy.time import Time
from click.testing import CliRunner
from xisf import XISF

from orchestrator.api.export import product_of
from orchestrator.api.export_formats import WRITERS, export_acquisition, export_folder, export_layers, read_ccddata
from orchestrator.api.take_out import take_out
from orchestrator.cli.main import cli
from orchestrator.errors import InputError, RunError
from orchestrator.io import frames
from orchestrator.pipeline.result import RunResult
from orchestrator.version import __version__


@pytest.fixture(scope="module", params=[("TOP-DOWN", "mean"), ("BOTTOM-UP", "proper")], ids=" ".join)
def result(request: pytest.FixtureRequest, simulated, finished) -> RunResult:
    row_order, method = request.param
    folder, _ = simulated("tiny_osc", row_order=row_order)
    settings = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "reconstruction": {"method": method}}
    found: RunResult = finished(folder, settings)
    return found


def test_other_programs_read_what_is_exported(result: RunResult, tmp_path: Path) -> None:
    assert result.stack is not None and product_of(result.directory) == result.stack
    made = {suffix: tmp_path / f"image{suffix}" for suffix in (".xisf", ".tif")}
    for suffix, path in made.items():
        WRITERS[suffix](result.stack, path)
    image, header = fits.getdata(result.stack, header=True)
    upright = image if header["ROWORDER"] == "TOP-DOWN" else image[:, ::-1]
    assert np.array_equal(tifffile.imread(made[".tif"]), upright)
    assert np.array_equal(np.moveaxis(XISF.read(str(made[".xisf"])), -1, 0), upright)
    WRITERS[".fz"](result.stack, tmp_path / "image.fits.fz")
    with fits.open(tmp_path / "image.fits.fz", checksum=True) as file:
        assert np.array_equal(file[1].data, image) and file[1].header["STACKCNT"] == header["STACKCNT"]
    keywords = XISF(str(made[".xisf"])).get_images_metadata()[0]["FITSKeywords"]
    assert float(keywords["EXPTIME"][0]["value"]) == header["EXPTIME"] and keywords["OBJECT"][0]["value"] == header["OBJECT"]
    for name in made:
        found, layout = frames.header_and_layout(made[name])
        assert layout is not None and np.array_equal(layout.read(), upright)
        assert (found["OBJECT"], found["ROWORDER"], found["STACKCNT"]) == (header["OBJECT"], "TOP-DOWN", header["STACKCNT"])


def test_the_layers_of_a_stack_are_in_one_file(result: RunResult, tmp_path: Path) -> None:
    path = tmp_path / "layers.fits"
    export_layers(result.directory, path)
    with fits.open(path, checksum=True) as file:
        wanted = {"VAR": "variance", "COVERAGE": "coverage", "REJECTED": "rejected"}
        wanted |= {"PSF": "psf"} if "psf" in result.products else {}
        assert [h.name for h in file[1:]] == ["SCI", *wanted]
        for name, product in wanted.items():
            scale = np.float32(65535**2 if name == "VAR" else 1)
            assert np.array_equal(file[name].data, fits.getdata(result.products[product]) * scale)
        assert file["SCI"].data.shape == file["VAR"].data.shape
        assert file["COVERAGE"].data.max() > 1, "counts are not scaled"
    data = CCDData.read(path, hdu="SCI", hdu_uncertainty="VAR")
    assert data.uncertainty is not None and data.uncertainty.uncertainty_type == "var" and data.unit == "adu"
    direct = read_ccddata(result.directory)
    assert np.array_equal(direct.data, data.data) and np.array_equal(direct.uncertainty.array, data.uncertainty.array)
    assert np.array_equal(direct.mask, fits.getdata(result.products["coverage"]) <= 0) and direct.unit == "adu"
    # The unit is right: the scatter of the sky is the one that the variance states.
    plane, variance = (a if a.ndim == 2 else a[1] for a in (direct.data, direct.uncertainty.array))
    steps = np.diff(plane[20:-20, 20:-20])
    assert 0.3 < np.median(np.abs(steps)) / 0.6745 / np.sqrt(2 * np.median(variance)) < 2


def test_headers_describe_the_mean_of_the_frames(result: RunResult) -> None:
    """Times, exposure, gain and sums follow from the frames, which the truth of the session gives."""
    assert result.stack is not None
    header = fits.getheader(result.stack)
    count = result.statistics.frames_used
    assert (header["STACKCNT"], header["EXPTIME"], header["LIVETIME"]) == (count, 30, 30 * count)
    assert header["IMAGETYP"] == "Master Light" and header["BUNIT"] == ""
    assert 0.5 * count < header["EGAIN"] <= count * 1.0001, "the frames have 1 e-/ADU; weights only lower the number"
    for name in ("OBS", "AVG", "END"):
        assert abs(Time(header[f"DATE-{name}"]).mjd - header[f"MJD-{name}"]) < 1e-7
    assert header["MJD-OBS"] + 15 / 86400 <= header["MJD-AVG"] <= header["MJD-END"] - 15 / 86400 + 1e-7
    for path in result.directory.rglob("*.fit*"):
        with fits.open(path, checksum=True) as file:
            for hdu in file:
                assert (hdu.verify_checksum(), hdu.verify_datasum()) == (1, 1), path


def test_exposures_are_a_table_for_astrobin(result: RunResult, tmp_path: Path) -> None:
    path = tmp_path / "astrobin.csv"
    export_acquisition(result.directory, path)
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert sum(int(row["number"]) for row in rows) == result.statistics.frames_used
    facts = {tuple(row[column] for column in ("date", "duration", "gain", "sensorCooling")) for row in rows}
    assert facts == {("2025-01-15", "30", "100", "-10")}
    assert all(int(rows[0][column]) > 0 for column in ("darks", "flats", "bias", "flatDarks"))


def test_a_folder_for_pixinsight_has_stack_and_masters_the_same_way_up(result: RunResult, tmp_path: Path) -> None:
    made = {path.relative_to(tmp_path / "px").as_posix() for path in export_folder(result.directory, tmp_path / "px")}
    assert {"stacked_rgb.xisf", "calibration/master_dark.xisf", "calibration/master_flat.xisf"} <= made
    bottom_up = fits.getheader(result.products["stacked_rgb"])["ROWORDER"] == "BOTTOM-UP"
    for name, product in (("stacked_rgb", "stacked_rgb"), ("calibration/master_flat", "master_flat")):
        image = fits.getdata(result.products[product])
        wanted = image[..., ::-1, :] if bottom_up else image
        found = np.moveaxis(XISF.read(str(tmp_path / f"px/{name}.xisf")), -1, 0)
        assert np.array_equal(found.squeeze(), wanted)
    with pytest.raises(RunError, match="exists already"):
        export_folder(result.directory, tmp_path / "px")


def test_one_verb_writes_everything_for_others_and_for_a_publication(result: RunResult, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = CliRunner().invoke(cli, ["export", str(result.directory), "--take-out", str(folder)], standalone_mode=False)
    assert done.exception is None
    assert {"siril/stacked_rgb_pcc.fits", "pixinsight/stacked_rgb.xisf", "layers.fits", "astrobin.csv", "methods.txt",
            "CITATION.cff"} <= {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    stored = fits.getdata(result.products["stacked_rgb_pcc"])
    assert np.array_equal(np.asarray(fits.getdata(folder / "siril" / "stacked_rgb_pcc.fits")), np.asarray(stored))
    text, s = (folder / "methods.txt").read_text(), result.statistics
    assert text == (result.directory / "artifacts" / "methods.txt").read_text()
    for part in (f"{s.frames_stacked} of {s.lights_found} exposures", f"{s.fwhm_px:.3g} px in the stack", "darks",
                 f"{s.tile_rows} x {s.tile_columns} overlapping tiles", "Versions:", "numpy"):
        assert part in text, (part, text)
    cited = yaml.safe_load((folder / "CITATION.cff").read_text())
    assert cited["cff-version"] == "1.2.0" and cited["version"] == __version__ and cited["authors"]
    assert (Path(__file__).parents[2] / "CITATION.cff").read_text() == (folder / "CITATION.cff").read_text()
    with pytest.raises(RunError, match="exists already"):
        take_out(result.directory, folder)


def test_the_verb_writes_files_and_replaces_none(result: RunResult, tmp_path: Path) -> None:
    made = [tmp_path / name for name in ("image.xisf", "layers.fits", "astrobin.csv")]
    words = ["export", str(result.directory), "-o", str(made[0]), "--layers", str(made[1]), "--astrobin", str(made[2])]
    done = CliRunner().invoke(cli, words, standalone_mode=False)
    assert done.exception is None and all(path.is_file() for path in made)
    with pytest.raises(RunError, match="exists already"):
        export_layers(result.directory, made[1])
    with pytest.raises(InputError, match="not a run directory"):
        export_layers(tmp_path, tmp_path / "a.fits")
