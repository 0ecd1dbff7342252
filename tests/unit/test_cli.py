"""The command line, as a person types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def orchestrate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "orchestrator", *map(str, arguments)], capture_output=True, text=True,
                          timeout=180, check=False)


def test_a_run_prints_json_and_nothing_else_when_asked(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    done = orchestrate("run", folder, "--engine", "native", "--runs-dir", tmp_path, "--run-id", "a", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 0 and result["status"] == "ok" and Path(result["products"]["stacked"]).exists()
    again = orchestrate("run", folder, "--runs-dir", tmp_path, "--run-id", "a")
    assert again.returncode == 2 and "exists already" in again.stderr


def test_a_dry_run_writes_nothing(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    assert orchestrate("run", folder, "--dry-run", "--runs-dir", tmp_path / "runs").returncode == 0
    assert not (tmp_path / "runs").exists()


def test_scan_tells_the_frames_as_json(simulated) -> None:
    folder, _ = simulated("tiny_mono")
    report = json.loads(orchestrate("scan", folder, "--json").stdout)
    assert len(report["frames"]["light"]) == 8 and report["cfa"] is None


@pytest.mark.parametrize(("arguments", "code", "word"), [
    (("run", "no such folder"), 4, "does not exist"), (("run", ".", "--set", "tilez.overlap=1"), 2, "tiles"),
    (("run",), 2, "SESSION"), (("simulate", "x", "--preset", "nonsense"), 2, "nonsense"), (("scan", "no"), 4, "does not exist"),
    (("config", "validate", "none.yaml"), 2, "none.yaml")])
def test_what_a_person_gets_wrong_is_told_with_its_exit_code(arguments: tuple[str, ...], code: int, word: str) -> None:
    done = orchestrate(*arguments)
    assert done.returncode == code and word in done.stderr and "Traceback" not in done.stderr


def test_config_init_show_validate_and_schema_agree(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert orchestrate("config", "init", path).returncode == 0
    assert orchestrate("config", "validate", path).returncode == 0
    assert orchestrate("config", "init", path).returncode == 2
    assert 'mode: "best"' in orchestrate("config", "show").stdout
    assert json.loads(orchestrate("config", "schema").stdout)["type"] == "object"


def test_doctor_tells_what_it_found() -> None:
    done = orchestrate("doctor")
    assert done.returncode == 0 and "numba" in done.stdout and "Siril" in done.stdout


def test_simulate_makes_a_session_and_refuses_a_folder_in_use(tmp_path: Path) -> None:
    assert orchestrate("simulate", tmp_path / "s", "--preset", "tiny_osc", "--frames", "3").returncode == 0
    assert len(list((tmp_path / "s" / "lights").iterdir())) == 3
    assert orchestrate("simulate", tmp_path / "s").returncode == 2


def test_a_file_system_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = orchestrate("config", "show", "--config", tmp_path / "file" / "my.yaml")
    assert done.returncode == 2 and "my.yaml" in done.stderr and "Traceback" not in done.stderr
    done = orchestrate("simulate", tmp_path / "file" / "new", "--preset", "tiny_mono", "--frames", "1")
    assert done.returncode == 1 and "file" in done.stderr and "Traceback" not in done.stderr


def test_files_left_out_for_one_reason_are_told_once(simulated, tmp_path: Path) -> None:
    import shutil

    folder, _ = simulated("tiny_mono")
    session = tmp_path / "session"
    shutil.copytree(folder, session)
    for i in range(3):
        shutil.copy(sorted((session / "lights").iterdir())[0], session / f"beside_{i}.fit")
    done = orchestrate("scan", session)
    assert done.returncode == 0 and done.stdout.count("it lies beside") == 1 and "3 files" in done.stdout
