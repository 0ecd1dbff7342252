"""The command line as the user calls it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import get_args
from unittest import mock

import click
import pytest

from orchestrator.cli import options
from orchestrator.cli.examples import EXAMPLES
from orchestrator.cli.frames import frames
from orchestrator.cli.main import ALIASES, SECTIONS, VERBS, cli, main
from orchestrator.cli.run import run
from orchestrator.cli.verbs import LazyVerb
from orchestrator.config.load import load_config
from orchestrator.config.renamed import OLD_FLAGS
from orchestrator.config.settings import RunConfig


def orchestrate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "orchestrator", *map(str, arguments)], capture_output=True, text=True,
                          timeout=180, check=False)


def in_process(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """As :func:`orchestrate`, without the start of a process."""
    words = ["orchestrate", *map(str, arguments)]
    with (mock.patch.object(sys, "argv", words), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as errors,
          pytest.raises(SystemExit) as end):
        main()
    return subprocess.CompletedProcess(words, int(end.value.code or 0), out.getvalue(), errors.getvalue())


def test_a_run_prints_json_and_nothing_else_when_asked(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    done = orchestrate("run", folder, "--engine", "native", "--runs-dir", tmp_path, "--run-id", "a", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 0 and result["status"] == "ok" and Path(result["products"]["stacked"]).exists()
    again = orchestrate("run", folder, "--runs-dir", tmp_path, "--run-id", "a")
    assert again.returncode == 2 and "already exists" in again.stderr


def test_a_dry_run_writes_nothing(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    assert in_process("run", folder, "--dry-run", "--runs-dir", tmp_path / "runs").returncode == 0
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("kind", ["missing", "empty", "only darks"])
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_start_without_lights_makes_no_run_directory(simulated, tmp_path: Path, kind: str, as_json: list[str]) -> None:
    folder, _ = simulated("tiny_mono")
    if kind == "empty":
        (tmp_path / "S").mkdir()
    elif kind == "only darks":
        shutil.copytree(folder / "darks", tmp_path / "S" / "darks")
    done = in_process("run", tmp_path / "S", "--runs-dir", tmp_path / "runs", *as_json)
    assert done.returncode == 4 and str(tmp_path / "S") in done.stderr and not (tmp_path / "runs").exists()
    assert not as_json or json.loads(done.stdout)["exit_code"] == 4


def test_scan_prints_the_frames_as_json(simulated) -> None:
    folder, _ = simulated("tiny_mono")
    report = json.loads(in_process("scan", folder, "--json").stdout)
    assert len(report["frames"]["light"]) == 8 and report["cfa"] is None


@pytest.mark.parametrize(("arguments", "code", "word"), [
    (("run", "no such folder"), 4, "does not exist"), (("run", ".", "--set", "tilez.overlap=1"), 2, "tiles"),
    (("run",), 2, "SESSION"), (("simulate", "x", "--preset", "nonsense"), 2, "nonsense"), (("scan", "no"), 4, "does not exist"),
    (("config", "validate", "none.yaml"), 2, "none.yaml")])
def test_user_errors_have_a_message_and_an_exit_code(arguments: tuple[str, ...], code: int, word: str) -> None:
    done = in_process(*arguments)
    assert done.returncode == code and word in done.stderr and "Traceback" not in done.stderr


def test_config_init_show_validate_and_schema_agree(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert in_process("config", "init", path).returncode == 0
    assert in_process("config", "validate", path).returncode == 0
    assert in_process("config", "init", path).returncode == 2
    assert 'mode: "best"' in in_process("config", "show").stdout
    assert json.loads(in_process("config", "schema").stdout)["type"] == "object"


def test_doctor_lists_what_it_found() -> None:
    done = orchestrate("doctor")
    assert done.returncode == 0 and "numba" in done.stdout and "Siril" in done.stdout


def test_simulate_makes_a_session_and_refuses_a_folder_in_use(tmp_path: Path) -> None:
    assert orchestrate("simulate", tmp_path / "s", "--preset", "tiny_osc", "--frames", "3").returncode == 0
    assert len(list((tmp_path / "s" / "lights").iterdir())) == 3
    assert orchestrate("simulate", tmp_path / "s").returncode == 2


def test_errors_of_the_file_system_have_a_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = in_process("config", "show", "--config", tmp_path / "file" / "my.yaml")
    assert done.returncode == 2 and "my.yaml" in done.stderr and "Traceback" not in done.stderr
    done = in_process("simulate", tmp_path / "file" / "new", "--preset", "tiny_mono", "--frames", "1")
    assert done.returncode == 1 and "file" in done.stderr and "Traceback" not in done.stderr


def test_files_excluded_for_one_reason_are_listed_once(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    session = tmp_path / "session"
    shutil.copytree(folder, session)
    for i in range(3):
        shutil.copy(sorted((session / "lights").iterdir())[0], session / f"beside_{i}.fit")
    done = in_process("scan", session)
    assert done.returncode == 0 and done.stdout.count("it is next to") == 1 and "3 files" in done.stdout


def test_the_words_of_flags_are_those_of_the_settings() -> None:
    config = RunConfig()

    def words(section: object, key: str) -> set[str]:
        return set(get_args(type(section).model_fields[key].annotation))  # type: ignore[attr-defined]

    assert set(options.MOUNT) == words(config.registration, "mount")
    assert set(options.TRANSFORM) == words(config.registration, "transform")
    assert set(options.STAGE) == words(config.debayer, "stage")
    assert options.DRIZZLE in words(config.reconstruction, "method")


@pytest.mark.parametrize(("given", "expected"), [
    ({"mount": "equatorial", "transform": "integer", "keep": 0.9},
     {"registration.mount": "equatorial", "registration.transform": "integer", "selection.keep_fraction": 0.9}),
    ({"debayer": "none", "where": "exposure > 1 and fwhm < 3"},
     {"debayer.stage": "none", "selection.where": "exposure > 1 and fwhm < 3"}),
    ({"debayer": "drizzle", "frame_list": Path("it's good.txt"), "mount": None},
     {"debayer.stage": "auto", "reconstruction.method": "drizzle", "selection.frames": Path("it's good.txt")})])
def test_flags_stand_for_settings(given: dict[str, object], expected: dict[str, object]) -> None:
    config = load_config(overrides=options.shorthand(given))
    for key, value in expected.items():
        section, _, name = key.partition(".")
        assert getattr(getattr(config, section), name) == value


@pytest.mark.parametrize("command", [run, frames])
@pytest.mark.parametrize("old", OLD_FLAGS)
def test_an_old_flag_ends_with_a_message_that_names_the_new_one(command: click.Command, old: str) -> None:
    new = OLD_FLAGS[old].split()
    for arguments in ([*old.split(), "folder"], ["folder", "=".join(old.split())]):
        with pytest.raises(click.UsageError, match=f"{old} is now {OLD_FLAGS[old]}"):
            command.make_context("verb", list(arguments))
    value = new[1:] or ["auto"]
    context = command.make_context("verb", ["folder", new[0], *value])
    assert context.params[new[0].strip("-")] == value[0]
    assert command.make_context("verb", ["--", old.split()[0]]).params["sessions"] == (Path(old.split()[0]),)


@pytest.mark.parametrize("columns", ["60", "80", "140"])
def test_help_lists_the_verbs_in_sections_and_cuts_nothing(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    shown = in_process("--help").stdout
    heads = [f"{title}:" for title in SECTIONS]
    assert [line for line in shown.splitlines() if line in heads] == heads
    listed = [w for line in shown.splitlines() if line[:2] == "  " and line[2:3].strip() and (w := line.split()[0]) in VERBS]
    assert listed == list(VERBS)
    for name, (_, summary) in VERBS.items():
        assert summary in " ".join(shown.split()), name
    for words in ("project", "config", "catalog", "runs", "cache", "insiril"):
        below = in_process(words, "--help").stdout
        assert "..." not in below.replace("[RUN...]", "").replace("[ARGS]...", "").replace("COMMAND [ARGS]...", ""), below


def every_command(command: click.Command = cli, *words: str) -> dict[str, click.Command]:
    command = command.load() if isinstance(command, LazyVerb) else command
    found = {" ".join(words): command}
    for name, below in (command.commands if isinstance(command, click.Group) else {}).items():
        if name not in ALIASES:
            found |= every_command(below, *words, name)
    return found


def test_each_verb_has_examples_that_can_be_parsed() -> None:
    commands = every_command()
    assert set(EXAMPLES) == set(commands)
    for words, calls in EXAMPLES.items():
        assert calls, words
        for call in calls:
            first, *rest = shlex.split(call)
            depth = len(words.split())
            assert first == "orchestrate" and rest[:depth] == words.split(), call
            target = words or rest[0]
            commands[target].make_context("verb", rest[len(target.split()):] or ["list"] * isinstance(
                commands[target], click.Group), resilient_parsing=False)


def test_help_of_a_verb_shows_its_examples() -> None:
    assert "orchestrate project new ~/astro/M31\n" in in_process("project", "new", "--help").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_of_the_shells(shell: str) -> None:
    environment = {**os.environ, "_ORCHESTRATE_COMPLETE": f"{shell}_source"}
    code = "import sys; sys.argv = ['orchestrate']; from orchestrator.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert "orchestrate" in done.stdout and "_ORCHESTRATE_COMPLETE" in done.stdout


def test_tables_cut_no_name(simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = simulated("tiny_mono")
    name = "light_" + "of_a_night_with_a_very_long_name_" * 3 + ".fit"
    shutil.copytree(folder, tmp_path / "S")
    next((tmp_path / "S" / "lights").iterdir()).rename(tmp_path / "S" / "lights" / name)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("orchestrator.cli.frames.WIDE", 60)
    for verb in ("frames", "scan"):
        done = in_process(verb, tmp_path / "S")
        assert done.returncode == 0 and "…" not in done.stdout, done.stdout
        if verb == "frames":
            shown = "".join(line.split("│")[2].strip() for line in done.stdout.splitlines() if line.count("│") > 4)
            assert name in shown
