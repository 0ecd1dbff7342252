"""`orchestrate frames` and selections: the scores of a run, from the same cache; every report names the excluded frames."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner, Result
from PIL import Image

from orchestrator import RunConfig, run
from orchestrator.api.score_frames import score_session
from orchestrator.cli.frames import frames
from orchestrator.errors import ConfigError
from orchestrator.io import fits as fits_io
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows

CLOUDED, BLURRED = (1,), (4, 5, 6)
SETTINGS = {"engine": {"name": "native"}, "calibration": {"cosmetic": False}}


@pytest.fixture(scope="module")
def session(simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine frames, one of them clouded and three out of focus."""
    source, _ = simulated("tiny_mono", n_frames=9)
    folder = Path(shutil.copytree(source, tmp_path_factory.mktemp("weather") / "session"))
    for i, light in enumerate(sorted((folder / "lights").glob("*.fit"))):
        if i in (*CLOUDED, *BLURRED):
            with fits.open(light, mode="update") as file:
                data = file[0].data.astype(np.float32)
                sky = np.median(data)
                data = sky + (data - sky) * 0.35 if i in CLOUDED else cv2.GaussianBlur(data, (0, 0), 1.8)
                file[0].data = np.rint(data).clip(0, 65535).astype(np.uint16)
    return folder


def listing(*arguments: object) -> Result:
    return CliRunner().invoke(frames, [str(a) for a in (*arguments, "--engine", "native", "--set", "calibration.cosmetic=false")],
                              catch_exceptions=False)


def test_frames_are_listed_without_being_read(session: Path, tmp_path: Path) -> None:
    done = listing(session, "--runs-dir", tmp_path / "runs")
    assert done.exit_code == 0 and "9 of 9 lights" in done.output and not (tmp_path / "runs").exists()


def test_scores_are_those_of_a_run_and_selections_go_into_one(session: Path, tmp_path: Path) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in session.rglob("*"))
    runs, kept_list, table, movie = (tmp_path / n for n in ("runs", "kept.txt", "all.csv", "blink.png"))
    chosen = ("--where", "not clouds and not focus", "--min-stars", "5")
    done = listing(session, "--runs-dir", runs, *chosen, "--save", kept_list, "--csv", table, "--blink", movie, "--json")
    assert done.exit_code == 0
    rows = json.loads(done.stdout)["frames"]
    befell = [{c.split(":")[0] for c in r["conditions"].split("; ") if c} for r in rows]
    assert [i for i, b in enumerate(befell) if "clouds" in b] == list(CLOUDED)
    assert [i for i, b in enumerate(befell) if "focus" in b] == list(BLURRED)
    out = {*CLOUDED, *BLURRED}
    assert [i for i, r in enumerate(rows) if not r["kept"]] == sorted(out)
    with table.open(newline="", encoding="utf-8") as stream:
        assert [r["file"] for r in csv.DictReader(stream)] == [r["file"] for r in rows]
    with Image.open(movie) as picture:
        assert picture.n_frames == 9 and movie.stat().st_size < 2**20
    assert sorted((p, p.stat().st_mtime_ns) for p in session.rglob("*")) == before

    result = run(session, RunConfig.model_validate({**SETTINGS, "selection": {
        "where": "(not clouds and not focus) and stars >= 5"}}), runs_dir=runs, run_id="where")
    assert result.error is None and result.statistics.frames_deselected == len(out)
    events = [json.loads(x) for x in (result.directory / "logs" / "run_events.jsonl").read_text().splitlines()]
    assert next(e for e in events if e["event"] == "cache" and e["kind"] == "scores")["misses"] == 0
    measured = json.loads((result.directory / "artifacts" / "global_metrics.json").read_text())["frames"]
    assert [m["score"]["fwhm"] for m in measured] == [r["fwhm"] for r in rows]
    assert [m["score"]["score"] for m in measured] == [r["score"] for r in rows]
    ledger = json.loads((result.directory / "manifest.json").read_text())["frames"]
    assert [i for i, f in enumerate(ledger) if not f["kept"]] == sorted(out)
    assert "selection.where" in ledger[1]["reason"] and "clouds" in ledger[1]["reason"]
    assert [r.kept for r in frame_rows(RunFiles(result.directory))] == [i not in out for i in range(9)]
    header = fits.getheader(result.products["stacked"])
    assert header["STACKCNT"] == 9 - len(out) and fits.getdata(result.products["coverage"]).max() == 9 - len(out)
    assert any("left out light_00002.fit: selection.where" in str(h) for h in header["HISTORY"])
    assert "clouds" in (result.directory / "artifacts" / "report.md").read_text()

    # The list gives the same frames to a session that holds no others.
    listed = run(session, RunConfig.model_validate({**SETTINGS, "selection": {"frames": str(kept_list)}}), runs_dir=runs)
    assert listed.error is None and listed.statistics.frames_used == 9 - len(out)


def test_the_raw_folder_takes_no_list(session: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="never written to"):
        listing(session, "--runs-dir", tmp_path, "--save", session / "list.txt")


def test_a_part_of_the_frames_by_score(session: Path, tmp_path: Path) -> None:
    done = listing(session, "--runs-dir", tmp_path, "--keep", "0.5", "--json")
    rows = json.loads(done.stdout)["frames"]
    kept = {r["score"] for r in rows if r["kept"]}
    assert len(kept) == 5 and min(kept) >= max(r["score"] for r in rows if not r["kept"])


def test_a_session_is_looked_at_once_for_its_scores(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each light's header is read when it is found, when it is checked for stretching, and when its pixels are wanted; a few also
    for the level, the mosaic and the row order."""
    read: Counter[str] = Counter()
    parse = fits_io.header_and_offset

    def counted(path: Path) -> object:
        read[path.name] += path.parent.name == "lights"
        return parse(path)

    monkeypatch.setattr(fits_io, "header_and_offset", counted)
    found = score_session([session], RunConfig.model_validate(SETTINGS), runs_dir=tmp_path)
    lights = [Path(s.path).name for s in found.scores]
    assert len(lights) == len(found.report.session.lights) == 9, lights
    assert sorted(read[name] for name in lights)[4] <= 4 and max(read[name] for name in lights) <= 8, read
