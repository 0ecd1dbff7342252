"""The library of runs: targets, exposure by filter, nights without a stack, and the sky tonight."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator.api.library import library, not_stacked
from orchestrator.api.tonight import tonight
from orchestrator.cli.main import cli
from orchestrator.errors import InputError


def light(path: Path, name: str | None, kind: str | None = None, time: str = "2026-03-01T23:00:00") -> dict[str, Any]:
    return {"path": str(path), "object": name, "filter": kind, "time": time, "exposure": 300.0}


def finished(runs: Path, name: str, lights: list[dict[str, Any]], status: str = "ok", left_out: int = 0, **cards: Any) -> Path:
    directory = runs / name
    for part in ("artifacts", "outputs", "logs"):
        (directory / part).mkdir(parents=True)
    (directory / "config.yaml").write_text("{}")
    (directory / "logs" / "run_events.jsonl").write_text("")
    frames = [{"file": f["path"], "kept": k >= left_out} for k, f in enumerate(lights)]
    manifest = {"schema": 1, "status": status, "started": "2026-03-02", "frames": frames}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    (directory / "artifacts" / "scan_input.json").write_text(json.dumps({"frames": {"light": lights}}))
    (directory / "artifacts" / "validation.json").write_text(json.dumps({"fwhm_px": 2.5}))
    fits.writeto(directory / "outputs" / "stacked.fits", np.zeros((4, 4), np.float32), fits.Header(cards.items()))
    cv2.imwrite(str(directory / "outputs" / "preview.png"), np.full((900, 1200), 90, np.uint8))
    return directory


def test_lights_of_one_target_are_added_whatever_run_they_are_in(tmp_path: Path) -> None:
    first = [light(tmp_path / f"l{k}.fit", "M 31", "L") for k in range(4)]
    second = [light(tmp_path / f"r{k}.fit", "M31", "R", "2026-03-03T01:30:00") for k in range(2)]
    runs = tmp_path / "runs"
    finished(runs, "a", first, left_out=1)
    best = finished(runs, "b", [*first, *second], RA=10.68, DEC=41.27, SITELAT=48.0, SITELONG=11.5)
    finished(runs, "failed", [light(tmp_path / "x.fit", "M 31")], status="failed")
    finished(runs, "other", [light(tmp_path / "y.fit", None, time="nonsense")])
    m31, unnamed = library(runs)
    assert (m31.name, m31.exposure, m31.frames, m31.total) == ("M 31", {"L": 1200.0, "R": 600.0}, 6, 1800.0)
    assert m31.nights == ("2026-03-01", "2026-03-02") and m31.best == best  # the second night began before midnight
    assert m31.sky == (10.68, 41.27) and m31.site == (48.0, 11.5) and m31.fwhm_px == 2.5
    assert m31.gain_of_an_hour == pytest.approx(1 - math.sqrt(600 / 4200))
    assert (unnamed.name, unnamed.nights, unnamed.sky) == ("without a name", (), None)


def test_without_runs_there_is_a_message(tmp_path: Path) -> None:
    assert library(tmp_path) == []
    with pytest.raises(InputError, match="no folder"):
        library(tmp_path / "missing")
    with pytest.raises(InputError, match="no folder"):
        not_stacked(tmp_path / "missing", tmp_path)


def test_nights_without_a_stack_are_named(tmp_path: Path) -> None:
    for night in ("n1", "n2"):
        (tmp_path / "nights" / night / "lights").mkdir(parents=True)
        for k in range(3):
            fits.writeto(tmp_path / "nights" / night / "lights" / f"{k}.fit", np.full((4, 4), k, np.uint16),
                         fits.Header([("OBJECT", "M 8"), ("EXPTIME", 20.0)]))
    stacked = [light(p, "M 8") for p in sorted((tmp_path / "nights" / "n1" / "lights").iterdir())]
    finished(tmp_path / "runs", "a", stacked, left_out=1)
    new = {n.night.name: (n.name, n.lights, n.exposure_s) for n in not_stacked(tmp_path / "nights", tmp_path / "runs")}
    assert new == {"n1": ("M 8", 1, 20.0), "n2": ("M 8", 3, 60.0)}


def test_the_command_prints_the_targets_and_writes_a_page(tmp_path: Path) -> None:
    runs, page = tmp_path / "runs", tmp_path / "pages" / "library.html"
    finished(runs, "a", [light(tmp_path / "l.fit", "<i>M 42</i>", "Ha")], RA=83.8, DEC=-5.4)
    call = ["library", "--runs-dir", str(runs), "--page", str(page), "--site", "48,11"]
    done = CliRunner().invoke(cli, call, catch_exceptions=False)
    assert done.exit_code == 0 and "Ha             5 min 00 s" in done.output and "darkness" in done.output
    text = page.read_text()
    assert "&lt;i&gt;M 42" in text and "<i>M 42" not in text and 'href="../runs/a/artifacts/report.html"' in text
    assert "data:image/jpeg" in text
    (target,) = json.loads(CliRunner().invoke(cli, [*call, "--json"], catch_exceptions=False).output)["targets"]
    assert target["exposure_s"] == {"Ha": 300.0} and target["tonight"]["hours"] >= 0


@pytest.mark.parametrize("site", ["48", "north,east", "95,0", "48;11", "nan,0"])
def test_a_place_that_is_not_one_is_refused(site: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["library", "--runs-dir", str(tmp_path), f"--site={site}"])
    assert done.exit_code == 2 and "48.1,11.6" in done.output and site in done.output


def test_the_hours_of_darkness_are_those_of_the_hour_angle_of_the_sun() -> None:
    """At an equinox the sun is on the equator: cos H = sin(-18) / cos(latitude); the pole is at the latitude."""
    latitude = 35.0
    angle = math.degrees(math.acos(math.sin(math.radians(-18)) / math.cos(math.radians(latitude))))
    found = tonight((0.0, 89.99), (latitude, 0.0), datetime(2026, 3, 20, 12, tzinfo=UTC))
    assert found.hours == pytest.approx(24 - 2 * angle / 15, abs=0.15) and found.highest == pytest.approx(latitude, abs=0.2)
    assert tonight((0.0, 89.99), (25.0, 0.0), datetime(2026, 3, 20, 12, tzinfo=UTC)).hours == 0


def test_a_target_beside_the_full_moon() -> None:
    """The moon was full on 2025-01-13 at 22:27 UTC, in Gemini at about 7 h 37 min, +26 degrees; midsummer has no darkness."""
    found = tonight((114.0, 25.5), (48.0, 11.0), datetime(2025, 1, 13, 17, tzinfo=UTC))
    assert found.moon_light > 0.995 and found.moon < 3 and found.hours > 8
    bright = tonight((0.0, 60.0), (60.0, 11.0), datetime(2040, 6, 21, 12, tzinfo=UTC))
    assert bright.hours == 0 and math.isnan(bright.highest)
