"""Faults of Siril that a real one does not show on demand: one small imitation for each."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from astropy.io import fits

from orchestrator.config.settings import RunConfig
from orchestrator.engines.siril.engine import SirilEngine
from orchestrator.errors import ToolError, ToolTimeout
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, SirilRun, find_siril, run_script

IMITATIONS = Path(__file__).parent / "imitations"


@pytest.fixture
def run(tmp_path: Path):  # type: ignore[no-untyped-def]
    """run(imitation, names of expected outputs): a script given to that imitation."""
    folder = tmp_path / "work"
    script = tmp_path / "s.ssf"
    script.write_text("requires 1.4.0\nload a\n")

    def fresh() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()

    def go(name: str, *outputs: str, **options: object) -> SirilRun:
        expected = [Expected(folder / output, 8) for output in outputs]
        program = find_siril(imitation(name, tmp_path))
        return run_script(program, ScriptJob(script, folder, tmp_path / "log", expected, fresh), **options)  # type: ignore[arg-type]

    return go


def imitation(name: str, folder: Path) -> Path:
    """A copy that may be executed, whatever the checkout made of the file's mode."""
    copy = folder / name
    shutil.copy(IMITATIONS / f"siril_{name}", copy)
    copy.chmod(0o755)
    return copy


def test_a_success_without_outputs_is_not_believed(run) -> None:
    with pytest.raises(ToolError, match=r"reports success, but b\.fit was not made"):
        run("false_success", "b.fit")


def test_an_end_without_the_closing_line_is_not_believed(run) -> None:
    with pytest.raises(ToolError, match="without finishing the script"):
        run("no_closing_line", "b.fit")


def test_a_crash_is_tried_once_more_and_then_told(run, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="crashed twice") as caught:
        run("crash", "b.fit")
    assert (tmp_path / "attempts").read_text() == "x\nx\n"
    assert "free(): invalid pointer" in caught.value.last_lines
    assert caught.value.returncode is not None and caught.value.log == tmp_path / "log"


def test_a_crash_half_way_starts_again_from_scratch(run) -> None:
    assert run("crash_once", "b.fit").attempts == 2


def test_a_siril_that_hangs_is_ended_with_what_it_started(run) -> None:
    started = time.monotonic()
    with pytest.raises(ToolTimeout) as caught:
        run("hang", "b.fit", timeout=1.0)
    assert time.monotonic() - started < 15
    child = int(caught.value.last_lines[-1].split()[-1])
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_an_output_is_new_whatever_the_clock_says(run) -> None:
    assert run("old_clock", "b.fit").attempts == 1


def test_output_that_is_not_utf8_is_read_all_the_same(run) -> None:
    heard: list[tuple[str, float]] = []
    done = run("badutf8", "b.fit", on_progress=lambda text, share: heard.append((text, share)))
    assert "log: caf\ufffd ferm\ufffd" in done.lines
    assert heard == [("half", 0.5)]


def test_frames_that_are_missing_or_empty_are_noticed(run) -> None:
    assert (run("partial", "b.fit").failed, run("partial", "b.fit").done) == (1, 2)
    with pytest.raises(ToolError, match=r"c\.fit has only 0 bytes"):
        run("partial", "b.fit", "c.fit")
    with pytest.raises(ToolError, match=r"d\.fit was not made"):
        run("partial", "b.fit", "d.fit")


def test_a_flood_of_output_fills_neither_memory_nor_time(run) -> None:
    with pytest.raises(ToolTimeout) as caught:
        run("flood", timeout=1.0)
    assert sum(len(line) for line in caught.value.last_lines) < 10_000_000


def test_a_failure_without_a_word_is_still_explained(run) -> None:
    with pytest.raises(ToolError, match="printed no message") as caught:
        run("fails_without_a_word")
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["false_success", "no_closing_line", "crash", "partial", "fails_without_a_word"])
def test_the_engine_turns_every_fault_into_a_tool_error(name: str, tmp_path: Path) -> None:
    lights = []
    for n in range(3):
        path = tmp_path / f"{n}.fit"
        fits.writeto(path, np.full((32, 32), 1000 + n, np.uint16))
        lights.append(FrameInfo(path, Role.LIGHT, (32, 32)))
    session = Session((tmp_path,), "s", {Role.LIGHT: tuple(lights)})
    folder = tmp_path / "run"
    context = RunContext(RunConfig(), folder, EventLog(folder / "logs" / "e.jsonl"), 1 << 30, 1)
    engine = SirilEngine(SirilProgram(imitation(name, tmp_path), (1, 4, 2), "siril 1.4.2"))
    with pytest.raises(ToolError):
        engine.calibrate(session, context)
    assert (folder / "scripts" / "calibrate.ssf").exists() and (folder / "logs" / "siril_calibrate.log").exists()
