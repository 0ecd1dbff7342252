"""Programs that die, hang or report false success during a run: the run continues without them and warns."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, RunResult, run, simulation
from orchestrator.catalogs.astap import write_database
from orchestrator.catalogs.stars import read_stars
from orchestrator.errors import ExitCode
from tests.faults.helpers import assert_whole, processes_naming, snapshot

IMITATIONS = Path(__file__).parent / "imitations"


def run_with_siril(session: Path, runs: Path, siril: Path, **settings: Any) -> RunResult:
    config = {"engine": {"name": "siril", "siril": {"executable": siril, **settings}}, "astrometry": {"solver": "none"}}
    before = snapshot(session)
    result = run(session, RunConfig.model_validate(config), runs_dir=runs)
    assert snapshot(session) == before
    assert_whole(result.directory)
    assert not processes_naming((str(siril),))
    return result


def imitation(name: str, folder: Path) -> Path:
    copy = folder / name
    shutil.copy(IMITATIONS / f"siril_{name}", copy)
    copy.chmod(0o755)
    return copy


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}", "utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["crash", "false_success", "no_closing_line", "fails_without_a_word", "partial", "hang"])
def test_a_siril_that_fails_is_replaced_with_a_warning(session: Path, tmp_path: Path, name: str) -> None:
    result = run_with_siril(session, tmp_path / "runs", imitation(name, tmp_path), timeout=2)
    assert result.status == "ok" and result.statistics.engine == "native" and result.statistics.frames_used == 8
    assert any("native engine is used instead" in w for w in result.warnings)


@pytest.mark.parametrize("missing", [1, 100, 2000, 100_000])
def test_pictures_that_a_program_cuts_short_are_noticed(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                        missing: int) -> None:
    """The size of a file may hide it: FITS files are padded."""
    whole = tmp_path / "whole.fit"
    fits.writeto(whole, np.full((160, 200), 0.01, np.float32))
    monkeypatch.setenv("WHOLE", str(whole))
    monkeypatch.setenv("CUT", str(2880 + 160 * 200 * 4 - missing))
    result = run_with_siril(session, tmp_path / "runs", imitation("truncated", tmp_path), fallback=False)
    assert result.status == "failed" and result.exit_code is ExitCode.TOOL_FAILED
    assert "master_bias.fit" in str(result.error)
    assert ("truncated" if missing < 100_000 else "only 30880 bytes") in str(result.error)


def test_siril_killed_once_is_started_again(session: Path, tmp_path: Path, siril: Path) -> None:
    """A real Siril, killed in its first script."""
    marker = tmp_path / "killed"
    wrapper = program(tmp_path / "siril-cli", f"""
if [ "$1" = --version ] || [ -e '{marker}' ]; then exec '{siril}' "$@"; fi
: > '{marker}'
'{siril}' "$@" & pid=$!
/bin/sleep 0.4
kill -KILL $pid
wait $pid
exit 137
""")
    result = run_with_siril(session, tmp_path / "runs", wrapper, fallback=False)
    assert marker.exists()
    assert result.status == "ok" and result.statistics.engine == "siril" and result.statistics.frames_used == 8


@pytest.mark.parametrize(("phase", "scripts"), [("CALIBRATION", 2), ("REGISTRATION", 4)])
def test_siril_killed_again_and_again_is_replaced(session: Path, tmp_path: Path, siril: Path, phase: str, scripts: int) -> None:
    """A real Siril that does its first scripts and dies in all that follow: of the masters, of the registration."""
    count = tmp_path / "count"
    wrapper = program(tmp_path / "siril-cli", f"""
if [ "$1" = --version ]; then exec '{siril}' "$@"; fi
echo x >> '{count}'
if [ "$(/usr/bin/wc -l < '{count}')" -le {scripts} ]; then exec '{siril}' "$@"; fi
kill -KILL $$
""")
    result = run_with_siril(session, tmp_path / "runs", wrapper)
    assert result.status == "ok" and result.statistics.engine == "native" and result.statistics.frames_used == 8
    assert any("crashed twice" in w for w in result.warnings)
    assert len(count.read_text().split()) == scripts + 2, "one script more, tried twice"
    events = [json.loads(line) for line in (result.directory / "logs" / "run_events.jsonl").read_text().splitlines()]
    assert [e["phase"] for e in events if e["event"] == "warning" and "is used instead" in e["message"]] == [phase]


ASTAP = {
    "killed": "kill -KILL $$\n",
    "crash": "kill -ABRT $$\n",
    "hang": "/bin/sleep 600 & wait\n",
    "nothing": "exit 0\n",
    "garbage": 'while [ "$1" != "-o" ]; do shift; done; /usr/bin/head -c 5000 /dev/urandom > "$2.ini"; exit 0\n',
    "half a verdict": 'while [ "$1" != "-o" ]; do shift; done; echo PLTSOLVD=T > "$2.ini"; exit 0\n',
    "no numbers": 'while [ "$1" != "-o" ]; do shift; done; for k in PLTSOLVD=T CRPIX1=x CRPIX2=nan CRVAL1=inf CRVAL2=1 CD1_1=0 '
                  'CD1_2=0 CD2_1=0 CD2_2=0; do echo $k; done > "$2.ini"; exit 0\n',
}


@pytest.mark.parametrize("fault", sorted(ASTAP))
def test_a_solver_that_fails_costs_the_coordinates_only(session: Path, tmp_path: Path, fault: str) -> None:
    stars = read_stars(Path(simulation.__file__).parent / "stars.csv")
    write_database(stars, tmp_path / "data", "d05")
    version = 'case "$*" in *-h*) echo "ASTAP astrometric solver version CLI-2025.09.29"; exit 0 ;; esac\n'
    astap = program(tmp_path / "astap_cli", version + ASTAP[fault])
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {
        "solver": "astap", "astap": astap, "astap_data": tmp_path / "data", "timeout": 1, "budget": 3, "backoff": 0.01}})
    began = time.monotonic()
    result = run(session, config, runs_dir=tmp_path / "runs")
    assert result.status == "ok", result.error
    assert "CRVAL1" not in fits.getheader(result.products["stacked"])
    assert any("solve" in w.lower() or "astap" in w.lower() for w in result.warnings), result.warnings
    assert not processes_naming((str(astap),)) and time.monotonic() - began < 60
