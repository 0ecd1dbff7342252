"""`runs list|show|clean` and `compare`, as a person types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from orchestrator import RunConfig, run
from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.report.compare import compare
from orchestrator.rundir.directory import lock
from orchestrator.rundir.listing import Leftover, leftovers, list_runs, remove


@pytest.fixture(scope="module")
def made(simulated: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs a and b, which differ in two settings, and one that failed."""
    folder, _ = simulated("tiny_mono")
    runs = tmp_path_factory.mktemp("runs")
    for name, settings in (("a", {}), ("b", {"weights": {"mode": "uniform"}, "registration": {"reference": "light_00002.fit"}}),
                           ("failed", {"selection": {"where": "fwhm < 0.1"}})):
        run(folder, RunConfig.model_validate({"engine": {"name": "native"}, **settings}), runs_dir=runs, run_id=name)
    return runs


@pytest.fixture
def runs(made: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(made, tmp_path / "runs"))
    (folder / "notes").mkdir()
    (folder / "notes" / "mine.txt").write_text("keep")
    (folder / "a" / "work").mkdir()
    (folder / "a" / "work" / "scratch.bin").write_bytes(bytes(5000))
    return folder


def orchestrate(*words: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(cli, [str(w) for w in words], input=typed, standalone_mode=False)


def test_list_tells_each_run(runs: Path) -> None:
    entries = {e["name"]: e for e in json.loads(orchestrate("runs", "list", "--runs-dir", runs, "--json").output)}
    assert list(entries) == ["a", "b", "failed"]
    assert [entries[n]["status"] for n in entries] == ["ok", "ok", "failed"]
    assert (entries["a"]["frames_used"], entries["a"]["lights_found"]) == (8, 8) and 2 < entries["a"]["fwhm_px"] < 4
    assert entries["a"]["bytes"] == sum(p.stat().st_size for p in (runs / "a").rglob("*") if p.is_file())
    shown = orchestrate("runs", "list", "--runs-dir", runs).output
    assert "8 of 8" in shown and "failed" in shown and "notes" not in shown
    with pytest.raises(InputError, match="There is no folder"):
        list_runs(runs / "none")


def test_show_tells_of_one(runs: Path) -> None:
    shown = orchestrate("runs", "show", "a", "--runs-dir", runs).output
    assert "8 of 8" in shown and "Information kept" in shown and "report.html" in shown
    assert "leaves 0 of 8 frames" in orchestrate("runs", "show", runs / "failed").output


def test_clean_tells_first_and_removes_only_that(runs: Path) -> None:
    before = sorted(runs.rglob("*"))
    told = orchestrate("runs", "clean", "--runs-dir", runs, "--dry-run").output
    assert "scratch" in told and "failed run" in told and sorted(runs.rglob("*")) == before
    assert "Delete them?" in orchestrate("runs", "clean", "--runs-dir", runs, typed="n\n").output
    assert sorted(runs.rglob("*")) == before
    orchestrate("runs", "clean", "--runs-dir", runs, "--yes", "--keep-failed")
    assert not (runs / "a" / "work").exists() and (runs / "failed").exists()
    orchestrate("runs", "clean", "--runs-dir", runs, typed="y\n")
    assert not (runs / "failed").exists()
    assert (runs / "notes" / "mine.txt").read_text() == "keep"
    assert (runs / "a" / "outputs" / "stacked.fits").exists()
    assert orchestrate("runs", "clean", "--runs-dir", runs).output == "There is nothing to delete.\n"


def test_clean_of_one_run_leaves_the_others(runs: Path) -> None:
    orchestrate("runs", "clean", "a", "--runs-dir", runs, "--yes")
    assert not (runs / "a" / "work").exists() and (runs / "failed").exists()
    with pytest.raises(InputError, match="no run 'c'"):
        leftovers(runs, ("c",))


def test_a_run_under_way_is_left_alone(runs: Path) -> None:
    with lock(runs / "failed"):
        assert [i.path.name for i in leftovers(runs)] == ["work"]
        assert {e.name: e.status for e in list_runs(runs)}["failed"] == "running"
        with pytest.raises(RunError, match="Another process"):
            remove(Leftover(runs / "failed", "failed run", 1), runs)
    assert (runs / "failed" / "config.yaml").exists()


def test_links_are_not_followed(runs: Path, tmp_path: Path) -> None:
    """Neither a run that is a link, nor a scratch folder that is one, nor what a link in a scratch folder points to."""
    outside = Path(shutil.copytree(runs / "failed", tmp_path / "outside"))
    (runs / "linked").symlink_to(outside, target_is_directory=True)
    (runs / "b" / "work").symlink_to(outside, target_is_directory=True)
    (runs / "a" / "work" / "link").symlink_to(outside, target_is_directory=True)
    orchestrate("runs", "clean", "--runs-dir", runs, "--yes")
    assert (outside / "config.yaml").exists() and (outside / "logs").exists()
    assert (runs / "linked").is_symlink() and (runs / "b" / "work").is_symlink()
    for place in (outside, runs / "linked", runs / "notes", runs, runs / "a" / "outputs"):
        with pytest.raises(RunError, match="is not a run of"):
            remove(Leftover(place, "", 0), runs)
    assert (outside / "config.yaml").exists() and (runs / "a" / "outputs").exists()


def test_compare_tells_what_differs(runs: Path) -> None:
    done = orchestrate("compare", runs / "a", runs / "b")
    assert done.exception is None and "weights.mode" in done.output and "information kept" in done.output
    found = compare(runs / "a", runs / "b")
    assert {r[0] for r in found.settings.rows} == {"weights.mode", "registration.reference"}
    assert found.frames.rows == ()
    page = (runs / "b" / "artifacts" / "compare_with_a.html").read_text()
    assert page.count("data:image/jpeg") == 2 and "default-src 'none'" in page
    checks = [json.loads((runs / n / "artifacts" / "validation.json").read_text()) for n in "ab"]
    row = next(r for r in found.measures.rows if r[0] == "information kept (model)")
    assert row[1:3] == tuple(f"{100 * c['information_kept_model']:.1f} %" for c in checks)
    # Measured only where there are enough stars.
    row = next(r for r in found.measures.rows if r[0] == "information kept")
    assert row[1:3] == tuple("–" if c["information_kept"] is None else f"{100 * c['information_kept']:.1f} %" for c in checks)


def test_pictures_to_blink_lie_on_each_other(runs: Path) -> None:
    """Run b has another reference frame: its picture is moved by its stars onto that of a."""
    found = compare(runs / "a", runs / "b")
    a, b = (_pixels(p.uri) for p in found.pictures)
    assert "aligned to the first by its stars" in found.note and a.shape == b.shape
    inner = (slice(12, -12), slice(12, -12))
    together = np.corrcoef(a[inner].ravel(), b[inner].ravel())[0, 1]
    moved = np.corrcoef(a[inner].ravel(), np.roll(b, 2, axis=1)[inner].ravel())[0, 1]
    assert together > 0.9 > moved + 0.1


def _pixels(uri: str) -> np.ndarray:
    import base64

    raw = np.frombuffer(base64.b64decode(uri.partition(",")[2]), np.uint8)
    return np.asarray(cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE), np.float64)


def test_what_cannot_be_compared_is_told(runs: Path) -> None:
    with pytest.raises(ConfigError, match="the same run"):
        compare(runs / "a", runs / "a")
    with pytest.raises(InputError, match="is not a run directory"):
        compare(runs / "a", runs / "notes")
    found = compare(runs / "a", runs / "failed")
    assert found.pictures == () and "no product in common" in found.note
    assert next(r for r in found.measures.rows if r[0] == "status")[1:3] == ("ok", "failed")


@pytest.mark.parametrize("settings", [{"input": {"min_frames": 99}}, {"input": {"filter": "Ha"}}])
def test_a_session_that_the_scan_refuses_leaves_no_run(settings: dict, simulated, tmp_path: Path) -> None:
    session, _ = simulated("tiny_mono")
    with pytest.raises(InputError, match=r"are needed|no light has the filter"):
        run(session, RunConfig.model_validate({"engine": {"name": "native"}, **settings}), runs_dir=tmp_path, run_id="one")
    assert not (tmp_path / "one").exists() and not list_runs(tmp_path)
