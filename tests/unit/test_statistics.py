"""The figures of a run: typed, stored as JSON, labelled in one place; and the outputs that phases pass to one another."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from orchestrator.errors import ConfigError, ExitCode
from orchestrator.pipeline.registry import MAKERS
from orchestrator.pipeline.result import RunResult
from orchestrator.report import wording
from orchestrator.report.wording import ROWS, coordinates, label, statistics_rows, used_of_found
from orchestrator.rundir.listing import run_entry
from orchestrator.rundir.statistics import ChannelBackground, ColourSource, FilterStatistics, MountReason, RunStatistics
from orchestrator.stacking.state import MissingOutput, Output, RunState

ROOT = Path(__file__).parents[2]
FIGURES: dict[str, Any] = {
    "lights_found": 9, "exposure_s": 2700.0, "engine": "native", "frames_used": 8, "frames_left_out": 1,
    "channels": ("R", "G", "B"),
    "transparency_min": 0.8, "transparency_max": 1.05, "clouded_frames": 0, "conditions": {"haze": 2}, "tile_rows": 4,
    "tile_columns": 5, "tile_size_px": 64, "excluded": ({"frame": "a.fit", "box": (1, 2, 3, 4)},), "rejected_share": 0.00123,
    "ra_deg": 299.901, "dec_deg": -22.721, "background_method": "polynomial",
    "background": {"R": ChannelBackground(removed_adu=12.0, rms_before_adu=3.0, rms_after_adu=1.0), "G": ChannelBackground()},
    "fwhm_px": 2.5312, "noise_adu": 7.9, "information_kept": 0.998, "equivalent_frames": 8.0, "seconds": 75.2}


def test_statistics_come_back_from_json() -> None:
    found = RunStatistics.model_validate(FIGURES)
    text = json.dumps(found.to_dict())
    assert RunStatistics.model_validate(json.loads(text)) == found
    assert set(found.to_dict()) == set(FIGURES), "what is not measured is not stored"
    again = RunStatistics()
    again.update(json.loads(text))
    assert again == found
    result = RunResult("ok", ExitCode.OK, Path("runs/a"), statistics=found)
    assert json.loads(json.dumps(result.to_dict()))["statistics"] == found.to_dict()


def test_values_are_checked_and_nan_means_not_measured() -> None:
    found = RunStatistics()
    found.fwhm_px = math.nan
    assert found.fwhm_px is None and found.to_dict() == {}
    with pytest.raises(ValidationError):
        found.frames_used = "seven"  # type: ignore[assignment]
    with pytest.raises(ValueError, match="FWHM"):
        found.update({"FWHM of the stack (px)": 2.53})
    with pytest.raises(ValidationError):
        RunStatistics.model_validate({"frames used": 8})


def test_every_field_has_one_label() -> None:
    shown = [field for row in ROWS for field in row.fields]
    assert sorted(shown) == sorted(RunStatistics.model_fields)
    assert all(row.name and label(row.fields[0]) == row.name for row in ROWS if row.fields)


def test_every_known_figure_is_shown_with_its_unit() -> None:
    rows = dict(statistics_rows(RunStatistics.model_validate(FIGURES)))
    assert rows[label("fwhm_px")] == "2.531 px" and rows[label("noise_adu")] == "7.9 ADU"
    assert rows[label("transparency_min")] == "0.800 to 1.050 of the reference"
    assert rows[label("rejected_share")] == "0.123 %" and rows[label("seconds")] == "1 min 15 s"
    assert rows[label("tile_rows")] == "4 x 5 of 64 px" and rows[label("excluded")] == "a.fit at x 1..2, y 2..3"
    assert rows[label("background")] == "polynomial: R 12 ADU removed, sky rms 3 -> 1 ADU, G as it was"
    assert "of 8" in rows[label("information_kept")] and label("clouded_frames") not in rows
    assert statistics_rows(RunStatistics()) == []
    combined = statistics_rows(RunStatistics(combined_as="RGB", filters={
        "R": FilterStatistics(filter="Red", lights_found=4, frames_used=3, fwhm_px=2.0, noise_adu=8.0),
        "G": FilterStatistics(filter="Green", status="failed", problem="no lights")}))
    assert ("R", "3 of 4 frames, FWHM 2.00 px, noise 8.0 ADU") in combined and ("G", "failed: no lights") in combined


def test_rows_have_a_useful_order_and_no_padding() -> None:
    combined = RunStatistics(combined_as="RGB", lights_found=8, frames_used=7, filters={"R": FilterStatistics(filter="Red")})
    assert [name for name, _ in statistics_rows(combined)] == ["filters", "combined as", "lights found", "frames used", "R"]
    watched = RunStatistics(frames_stacked=3, frames_left_out=1, frames_waiting=0, reference="a.fit")
    assert [name for name, _ in statistics_rows(watched)] == ["frames stacked", "frames left out", "reference"]
    assert statistics_rows(RunStatistics(registration_residual_px=0.0734)) == [("registration residual", "0.0734 px")]


def test_codes_have_texts() -> None:
    assert set(wording.MOUNT_REASONS) == {*get_args(MountReason), None}
    assert set(wording.COLOUR_SOURCES) == set(get_args(ColourSource))
    found = RunStatistics(mount="alt_az", mount_reason="steady", field_rotation_deg=3.0)
    assert dict(statistics_rows(found))["mount"] == "the field turns by 3.00 deg, as on an alt-az mount: steadily"
    found = RunStatistics()
    found.set_colours({"source": "catalog", "catalog_name": "Gaia DR3", "gains": [1.5, 1.0, 0.8], "stars_used": 40})
    assert dict(statistics_rows(found))["colours"] == "Gaia DR3: gains 1.500 1.000 0.800 from 40 stars"


def test_coordinates_round_over_the_full_circle() -> None:
    assert coordinates(299.901, 22.721) == "19:59:36.2 +22:43:15.6"
    assert coordinates(359.99999, -0.00001) == "00:00:00.0 -00:00:00.0"
    assert coordinates(15.0, -5.5) == "01:00:00.0 -05:30:00.0"


def test_listings_do_not_depend_on_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = RunStatistics.model_validate(FIGURES)
    (tmp_path / "manifest.json").write_text(json.dumps({"status": "ok", "statistics": figures.to_dict()}))
    monkeypatch.setattr(wording, "ROWS", ())
    entry = run_entry(tmp_path)
    assert entry.statistics == figures
    assert (entry.to_dict()["frames_used"], entry.to_dict()["lights_found"], entry.to_dict()["fwhm_px"]) == (8, 9, 2.5312)
    assert used_of_found(8, 9) == "8 of 9" and used_of_found(1, None) == "–"


def test_statistics_of_another_version_are_refused(tmp_path: Path) -> None:
    manifest = {"versions": {"orchestrate": "0.1.0"}, "statistics": {"frames used": 8}, "inputs": {"sessions": ["/data/M 31"]}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigError, match=r"was made by orchestrate 0\.1\.0; this version cannot read its statistics") as error:
        RunStatistics.of_manifest(manifest, tmp_path)
    assert error.value.remedy == "Run the session again: orchestrate run '/data/M 31'"
    assert run_entry(tmp_path).unreadable == "0.1.0"


def test_no_text_of_statistics_is_parsed() -> None:
    """Figures are numbers: nothing in the package takes a label, a sentence or a message apart."""
    texts = "statistics|figures|facts|summary|message|why|reason|problem|did"
    cuts = "split|rsplit|partition|rpartition|splitlines"
    pattern = re.compile(r"statistics(\.get\(|\[[\"'])"
                         rf"|\b({texts})\b[\"'\])]*\.({cuts}|removeprefix|removesuffix|startswith|find|index)\("
                         rf"|\bre\.(match|search|findall|finditer|split|fullmatch)\([^)]*\b({texts})\b"
                         rf"|\b({texts})[\"'\])]* [!=]= f?[\"'][^\"']* [^\"']*[\"']")
    found = [f"{path}: {line}" for path in (ROOT / "orchestrator").rglob("*.py")
             for line in path.read_text(encoding="utf-8").splitlines() if pattern.search(line)]
    assert not found


def test_a_field_that_was_not_made_names_itself_and_its_phase() -> None:
    state = RunState(())
    with pytest.raises(MissingOutput, match=r"RunState\.frames .* output of REGISTRATION"):
        _ = state.frames
    assert not state.has("frames")
    state.failed_criteria = ("a",)
    assert state.has("failed_criteria") and state.failed_criteria == ("a",)
    state.clusters = None  # None is a value: the frames were not clustered
    assert state.has("clusters") and state.clusters is None


def test_fields_and_phases_agree_on_who_makes_what() -> None:
    declared = {name: field.phase for name, field in vars(RunState).items() if isinstance(field, Output)}
    assert {name: phase for name, phase in declared.items() if name != "scanned"} == MAKERS
