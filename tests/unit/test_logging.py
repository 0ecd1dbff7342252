"""The log: -v, -vv and -q of every verb, the log file of a run, and no handler before somebody asks for one."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from orchestrator import RunConfig, WatchOptions, watch
from orchestrator.cli.main import cli
from orchestrator.runtime.events import EventLog
from orchestrator.runtime.logs import LOG_FILE, PACKAGES, log_to_stderr, run_log
from orchestrator.tools.process import run_process

LOGGER = logging.getLogger("orchestrator.somewhere")


@pytest.fixture(autouse=True)
def loggers_are_left_as_found() -> Iterator[None]:
    def state() -> list[object]:
        found: list[object] = []
        for log in map(logging.getLogger, (None, *PACKAGES)):
            handlers = [h for h in log.handlers if not isinstance(h, logging.NullHandler)]
            found.append((log.level, handlers, [list(h.filters) for h in handlers]))
        return found

    before = state()
    yield
    assert state() == before


def orchestrate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "orchestrator", *map(str, arguments)], capture_output=True, text=True,
                          timeout=180, check=False)


def test_an_import_installs_no_handler() -> None:
    program = ("import logging, orchestrator, tilecore, orchestrator.runtime.logs, orchestrator.cli.run\n"
               "for name in (None, 'orchestrator', 'tilecore'):\n"
               "    print([type(h).__name__ for h in logging.getLogger(name).handlers])")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines() == ["[]", "['NullHandler']", "['NullHandler']"] and not done.stderr


@pytest.mark.parametrize(("verbosity", "levels"), [
    (-1, ["ERROR"]), (0, ["ERROR", "WARNING"]), (1, ["ERROR", "WARNING", "INFO"]), (2, ["ERROR", "WARNING", "INFO", "DEBUG"])])
def test_verbosity_chooses_the_levels_on_standard_error(verbosity: int, levels: list[str],
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    with log_to_stderr(verbosity):
        for level in ("ERROR", "WARNING", "INFO", "DEBUG"):
            LOGGER.log(logging.getLevelNamesMapping()[level], "message %d", 7)
    LOGGER.error("after the verb")
    shown = capsys.readouterr()
    assert shown.err.splitlines() == [f"{level} orchestrator.somewhere: message 7" for level in levels] and not shown.out


def test_the_log_file_has_info_and_debug_only_with_vv(tmp_path: Path) -> None:
    with run_log(tmp_path / "logs"):
        LOGGER.info("one ä")
        LOGGER.debug("two")
    with log_to_stderr(2), run_log(tmp_path / "logs"):
        LOGGER.debug("three")
    lines = (tmp_path / "logs" / LOG_FILE).read_text("utf-8").splitlines()
    assert [line.partition(" ")[2] for line in lines] == ["INFO    orchestrator.somewhere: one ä",
                                                          "DEBUG   orchestrator.somewhere: three"]


def test_other_handlers_get_the_same_records_as_without_the_log_file(tmp_path: Path) -> None:
    received: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            received.append(record.getMessage())

    handler = Collect()
    logging.getLogger().addHandler(handler)
    try:
        with run_log(tmp_path / "a"), run_log(tmp_path / "b"):
            LOGGER.info("below the level of the application")
            LOGGER.warning("a warning")
            logging.getLogger("another.library").warning("not ours")
    finally:
        logging.getLogger().removeHandler(handler)
    assert received == ["a warning", "not ours"]
    assert "below the level" in (tmp_path / "a" / LOG_FILE).read_text() == (tmp_path / "b" / LOG_FILE).read_text()


def test_overlapping_runs_restore_the_levels(tmp_path: Path) -> None:
    first, second = run_log(tmp_path / "first"), run_log(tmp_path / "second")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    LOGGER.info("still logged")
    second.__exit__(None, None, None)
    assert "still logged" in (tmp_path / "second" / LOG_FILE).read_text()
    assert "still logged" not in (tmp_path / "first" / LOG_FILE).read_text()


def test_a_log_that_cannot_be_written_harms_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    with run_log(tmp_path / "file" / "logs"):
        LOGGER.info("nowhere to go")

    def full(self: logging.StreamHandler[object], record: logging.LogRecord) -> None:
        self.handleError(record)

    with run_log(tmp_path / "logs"):
        monkeypatch.setattr(logging.StreamHandler, "emit", full)
        LOGGER.info("the disk is full")
        LOGGER.info("still full")
    assert not capsys.readouterr().err


def test_notes_warnings_and_errors_of_the_event_log_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "orchestrator")
    events = EventLog(None)
    events.phase = "METRICS"
    events.warning("a star is 100 % too bright")
    events.emit("note", message="note")
    events.emit("error", message="wrong", remedy="Correct it.")
    events.emit("phase_start")
    assert [(r.levelname, r.getMessage().split()) for r in caplog.records] == [
        ("WARNING", ["METRICS:", "a", "star", "is", "100", "%", "too", "bright"]), ("INFO", ["METRICS:", "note"]),
        ("ERROR", ["METRICS:", "wrong", "Correct", "it."])]
    assert {r.name for r in caplog.records} == {"orchestrator.runtime.events"}


def test_external_programs_are_logged_with_arguments_and_exit_status(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "orchestrator")
    run_process([sys.executable, "-c", "import sys; sys.exit(3)"], tool="helper")
    start, end = (r.getMessage() for r in caplog.records if r.name == "orchestrator.tools.process")
    assert start.startswith("helper: start ") and "'import sys; sys.exit(3)'" in start
    assert end.startswith("helper: exit status 3 after ")


@pytest.mark.parametrize("arguments", [["-v", "-q", "cache", "show"], ["-v", "cache", "-q", "show"], ["cache", "show", "-vq"]])
def test_verbose_and_quiet_exclude_each_other(arguments: list[str], tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, [*arguments, "--runs-dir", str(tmp_path)])
    assert done.exit_code == 2 and "exclude each other" in done.output


def test_flags_before_and_after_the_verb_add_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from orchestrator.runtime import logs

    asked = []

    def record(verbosity: int) -> object:
        asked.append(verbosity)
        return log_to_stderr(verbosity)

    monkeypatch.setattr(logs, "log_to_stderr", record)
    show = ["show", "--runs-dir", str(tmp_path)]
    for arguments in (["cache", *show], ["-v", "cache", *show], ["cache", *show, "-v"], ["-v", "cache", *show, "-v"],
                      ["cache", *show, "-vv"], ["-q", "cache", *show], ["cache", *show, "-q"]):
        done = CliRunner().invoke(cli, arguments)
        assert not done.exception or isinstance(done.exception, SystemExit | click.exceptions.Exit), done.output
    assert asked == [0, 1, 1, 2, 2, -1, -1]


def test_a_run_logs_to_its_directory_and_leaves_json_alone(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    done = orchestrate("-v", "run", folder, "--engine", "native", "--runs-dir", tmp_path, "--run-id", "a", "--json", "-v",
                       "--set", "astrometry.solver=none")
    assert done.returncode in (0, 3), done.stderr
    result = json.loads(done.stdout)
    log = (tmp_path / "a" / "logs" / LOG_FILE).read_text("utf-8")
    for expected in ("Executor threads", "memory budget", "8 light frames", "SCAN_INPUT: started", "REGISTRATION: ok after",
                     "Session cache, scores: 0 hits"):
        assert expected in log and expected in done.stderr
    assert " DEBUG " in log, "-v before and after the verb is -vv"
    assert all(warning in log for warning in result["warnings"])
    for expected in ("Master dark made from", "Master flat made from", "Reference: ", "8 of 8 lights registered", "Canvas of "):
        assert expected in log, expected

    quiet = orchestrate("resume", tmp_path / "a", "--from-phase", "PREVIEW", "-q")
    assert quiet.returncode in (0, 3) and not quiet.stderr
    assert "Linear image: " in quiet.stdout and "step" not in quiet.stdout and "SCAN_INPUT" not in quiet.stdout
    added = (tmp_path / "a" / "logs" / LOG_FILE).read_text("utf-8").removeprefix(log)
    assert "SCAN_INPUT: kept from its checkpoint" in added and " DEBUG " not in added


def test_a_warning_is_shown_once_with_verbose(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono", n_frames=4, n_dark=0)
    done = orchestrate("run", folder, "--engine", "native", "--runs-dir", tmp_path, "--run-id", "a", "-v", "--json",
                       "--set", "astrometry.solver=none")
    assert done.returncode in (0, 3), done.stderr
    warnings = json.loads(done.stdout)["warnings"]
    assert any(warning.startswith("No darks: ") for warning in warnings)
    log = (tmp_path / "a" / "logs" / LOG_FILE).read_text("utf-8")
    for warning in set(warnings):
        assert done.stderr.count(warning) == warnings.count(warning), warning
        assert warning in log


def test_a_live_stack_has_a_log(simulated, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono", n_frames=4, n_dark=0)
    config = RunConfig.model_validate({"engine": {"name": "native"}})
    result = watch(folder, config, WatchOptions(poll=0.1, idle=0), runs_dir=tmp_path)
    log = (result.directory / "logs" / LOG_FILE).read_text("utf-8")
    for expected in ("Watching ", "Master flat made from", "Live stack begun: 4 frames, reference ", "is accepted: FWHM ",
                     "pictures of 4 stacked frames written to ", "Watch ended: 4 frames stacked, 0 left out"):
        assert expected in log, expected


def test_quiet_shows_errors_only() -> None:
    done = orchestrate("-q", "run", "no such folder")
    assert done.returncode == 4 and done.stderr.startswith("Error: ") and "does not exist" in done.stderr and not done.stdout
