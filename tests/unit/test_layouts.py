"""Folders as devices and capture programs write them: what is a frame, of which role, and what is known of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError
from orchestrator.session.discovery import ScanReport, scan
from orchestrator.session.names import fields_from_name
from orchestrator.simulation.layouts import LAYOUTS, arrange

ALL = {"light": 8, "dark": 4, "flat": 4, "bias": 4}
# A DWARF's flats are one a filter and its bias one a camera; of its darks those nearest in temperature are taken.
COUNTS = {"dwarf": {"light": 8, "dark": 3, "flat": 1, "bias": 1}, "seestar": {"light": 8}}
NAMES = {"dwarf": "DWARF session", "seestar": "Seestar works", "asiair": "ASIAIR storage", "sharpcap": "SharpCap captures",
         "nina": "folders of nights or targets (N.I.N.A., Ekos)", "ekos": "", "plain": ""}
LEFT = {"dwarf": {"failed", "stack"}, "seestar": {"made by the telescope"}, "asiair": {"Autorun"}, "sharpcap": {"stack"},
        "nina": {"snapshots"}}


def look(root: Path, **changes: object) -> ScanReport:
    return scan([root], RunConfig.model_validate(changes))


@pytest.fixture
def laid_out(simulated, tmp_path: Path):  # type: ignore[no-untyped-def]
    def make(layout: str) -> Path:
        return arrange(simulated("tiny_osc")[0], tmp_path / layout, layout)

    return make


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_recognised_by_itself(laid_out, layout: str) -> None:
    root = laid_out(layout) if layout != "ekos" else laid_out(layout) / "M_31"
    before = sorted((p, p.stat().st_mtime_ns) for p in root.rglob("*"))
    report = look(root)
    counts = {role.value: len(frames) for role, frames in report.session.frames.items()}
    assert counts == COUNTS.get(layout, ALL), [(e.path.name, e.reason) for e in report.exclusions]
    assert report.layout == NAMES[layout]
    reasons = " ".join(e.reason for e in report.exclusions)
    assert all(word in reasons for word in LEFT.get(layout, ())), reasons
    assert report.session.cfa == ("GRBG" if layout == "seestar" else "RGGB")
    assert all(i.exposure == 30 and i.time is not None for i in report.session.lights) or layout == "plain"
    assert sorted((p, p.stat().st_mtime_ns) for p in root.rglob("*")) == before


def test_what_a_dwarf_does_not_write_into_headers_comes_from_names_and_its_record(laid_out) -> None:
    report = look(laid_out("dwarf"))
    light = report.session.lights[0]
    assert (light.exposure, light.gain, light.filter, light.object, light.temperature) == (30, 60, "Astro", "M 33", 24)
    assert light.scale == pytest.approx(2.75, abs=0.01) and report.device is not None and report.device["name"] == "DWARF 3"
    assert light.sky_position == pytest.approx((23.46, 30.66), abs=0.01)
    assert any("facts of the DWARF 3" in n and "150 mm" in n for n in report.session.notes)


def test_the_folder_above_a_session_serves_too(laid_out) -> None:
    astronomy = laid_out("dwarf").parent
    report = look(astronomy)
    assert len(report.session.lights) == 8 and any(e.path.name == "RESTACKED" for e in report.exclusions)


def test_devices_of_a_person_come_first_and_are_checked(laid_out, tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text('devices:\n- {name: My S50, match: {INSTRUME: ["seestar s50"]}, pixel_size: 3.0, focal_length: 251, '
                   'gain: [[0, 1.0, 4.0], [100, 0.1, 1.0]]}\n')
    report = look(laid_out("seestar"), input={"devices": str(own), "bayer_pattern": "RGGB"})
    assert report.session.lights[0].focal_length == 251 and report.session.cfa == "RGGB"
    assert report.device is not None and report.device["electrons_per_adu"] == pytest.approx(10**-0.8)
    own.write_text("devices:\n- {name: My S50, match: {}, pixel_size: -1}\n")
    with pytest.raises(ConfigError, match=r"mine.yaml: device My S50, pixel_size"):
        look(laid_out("seestar"), input={"devices": str(own)})


@pytest.mark.parametrize(("path", "fields"), [
    ("tele_exp_30_gain_60_bin_2_2025/raw_30s_60_0000_20251021-003814624_22C.fits",
     {"exposure": 30, "gain": 60, "binning": (2, 2), "temperature": 22}),
    ("exp_15_gain_80_bin_1/0001.fits", {"exposure": 15, "gain": 80, "binning": (1, 1)}),
    ("x/Light_mosaic_M 31_20.0s_LP_20250518-234013.fit", {"exposure": 20, "filter": "LP", "object": "M 31"}),
    ("x/Flat_4.5ms_Bin1_gain100_20230101-201500_0001.fit", {"exposure": 4.5 * 1e-3, "gain": 100}),
    ("x/M31(2)_15s60_Astro_20251021-205739610_26C.fits", {"object": "M31"}), ("x/anything.fits", {})])
def test_names_tell(path: str, fields: dict[str, object]) -> None:
    found = fields_from_name(Path(path))
    assert fields.items() <= found.items() and bool(found) == bool(fields)


def test_the_real_frames_of_a_seestar_are_known(real_data: Path) -> None:
    report = look(real_data / "seestar_s50_m94")
    assert report.device is not None and report.device["name"] == "Seestar S50" and report.device["mount"] == "alt_az"
    assert report.device["electrons_per_adu"] == pytest.approx(0.078) and len(report.session.lights) == 12


def test_a_dwarf_ii_gives_its_right_ascension_in_hours(tmp_path: Path) -> None:
    from orchestrator.session.headers import frame_info
    from orchestrator.session.model import Role

    header = fits.Header([("RA", 2.0, "[h] Observe object RA"), ("DEC", 10.0), ("BINNING", "2*2")])
    info = frame_info(tmp_path / "0001.fits", header, Role.LIGHT, (100, 100))
    assert info.sky_position == (30, 10) and info.binning == (2, 2)
    header["RA"], header["DEC"] = 0.0, 0.0
    assert frame_info(tmp_path / "0001.fits", header, Role.LIGHT, (100, 100)).sky_position is None
