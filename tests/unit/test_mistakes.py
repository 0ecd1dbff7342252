"""Each mistake of docs/MISTAKES.md gets its answer and exit code, on a terminal and as JSON, and nothing is written."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest

from orchestrator import new_project
from orchestrator.cli.main import main
from tests.mistakes import MISTAKES, Mistake, page

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def place(simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    session, _ = simulated("tiny_mono")
    folder = tmp_path_factory.mktemp("mistakes")
    shutil.copytree(session, folder / "M31")
    shutil.copytree(session / "lights", folder / "my night" / "lights")
    shutil.copytree(session / "darks", folder / "only darks" / "darks")
    for name in ("empty", "runs/done"):
        (folder / name).mkdir(parents=True)
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    (folder / "wrong.yaml").write_text("stacking:\n  rejectoin: sigma\n")
    shutil.copytree(session / "lights", folder / "project" / "night1" / "lights")
    new_project(folder / "project")
    return folder


def state(folder: Path) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in folder.rglob("*")}


def typed(words: str) -> tuple[int, str, str]:
    with (mock.patch.object(sys, "argv", ["orchestrate", *shlex.split(words)]), redirect_stdout(StringIO()) as out,
          redirect_stderr(StringIO()) as errors, pytest.raises(SystemExit) as end):
        main()
    return int(end.value.code or 0), out.getvalue(), errors.getvalue()


@pytest.mark.parametrize("mistake", MISTAKES, ids=[m.typed for m in MISTAKES])
def test_a_mistake_is_answered(mistake: Mistake, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    before = state(place)
    code, out, errors = typed(mistake.typed)
    told = " ".join(errors.split())
    assert code == mistake.code and "Traceback" not in errors, (code, errors)
    assert all(" ".join(part.split()) in told for part in mistake.answer), told
    assert state(place) == before, "nothing is written"
    if "--json" in mistake.typed:
        assert json.loads(out)["exit_code"] == code
    else:
        assert not out


@pytest.mark.parametrize("words", ["scan M32", "frames M32", "project show M32", "project scan M31", "inspect runs/done --at 1,1",
                                   "exclude runs/none a.fit --explain", "resume runs/done --explain", "run M31 --nonsense", "run",
                                   "run M32", "runs list --runs-dir none", "watch M32", "solve none.fits", "frames M31 --keep 2"])
def test_json_is_printed_on_failure_too(words: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    code, out, errors = typed(f"{words} --json")
    found = json.loads(out)
    assert code == found["exit_code"] != 0 and found["status"] == "failed" and found["error"].split("\n")[0][:20] in errors


def test_the_page_lists_all_mistakes() -> None:
    assert len(MISTAKES) >= 30 and (ROOT / "docs" / "MISTAKES.md").read_text("utf-8") == page()
