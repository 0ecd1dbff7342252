"""The process runner: output, time-out, cancellation, children."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from orchestrator.errors import Cancelled, ToolMissing, ToolTimeout
from orchestrator.tools.process import run_process

PARENT = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(p.pid, flush=True);"
)


def python(code: str, **options: object):  # type: ignore[no-untyped-def]
    return run_process([sys.executable, "-c", code], **options)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_lines_of_both_streams_reach_the_parser_and_the_log(tmp_path: Path) -> None:
    lines: list[str] = []
    log = tmp_path / "log"
    done = python(
        "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", log=log, on_line=lines.append
    )
    assert done.returncode == 3
    assert sorted(lines) == ["err", "out"]
    assert sorted(log.read_text().split()) == ["err", "out"]


def test_terminal_escapes_are_removed_from_lines() -> None:
    done = python(r"print('\x1b[A\x1b[2K' + 'progress: \x1b[32m50%\x1b[0m')")
    assert done.last_lines == ("progress: 50%",)


def test_bytes_that_are_not_utf8_are_shown_as_such() -> None:
    done = python(r"import sys; sys.stdout.buffer.write(b'caf\xe9\n')")
    assert done.last_lines == ("caf\ufffd",)


def test_a_line_without_an_end_does_not_fill_the_memory() -> None:
    done = python("import sys; sys.stdout.write('x' * 1_000_000)")
    assert max(len(line) for line in done.last_lines) <= 1 << 17


def test_a_program_that_hangs_is_ended_with_its_children() -> None:
    lines: list[str] = []
    started = time.monotonic()
    with pytest.raises(ToolTimeout) as caught:
        python(PARENT + "time.sleep(60)", timeout=1.0, on_line=lines.append)
    assert time.monotonic() - started < 15
    assert caught.value.last_lines == tuple(lines)
    assert gone(int(lines[0]))


def test_a_child_that_outlives_its_parent_is_ended() -> None:
    lines: list[str] = []
    assert python(PARENT, on_line=lines.append).returncode == 0
    assert gone(int(lines[0]))


def test_cancellation_ends_a_program_that_ignores_sigterm() -> None:
    cancel = threading.Event()
    lines: list[str] = []

    def stop_at_the_first_line(line: str) -> None:
        lines.append(line)
        cancel.set()

    with pytest.raises(Cancelled):
        python(
            "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(os.getpid(), flush=True);"
            "time.sleep(60)",
            cancel=cancel,
            on_line=stop_at_the_first_line,
        )
    assert gone(int(lines[0]))


def test_nothing_starts_after_cancellation(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        python(f"open({str(tmp_path / 'made')!r}, 'w')", cancel=cancel)
    assert not (tmp_path / "made").exists()


def test_a_missing_program_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="no-such-program") as caught:
        run_process([tmp_path / "no-such-program"])
    assert caught.value.remedy


def test_a_signal_is_recognised_as_a_crash() -> None:
    assert python("import os; os.abort()").crashed
    assert python("import sys; sys.exit(134)").crashed
    assert not python("import sys; sys.exit(1)").crashed


def test_an_error_in_the_line_parser_reaches_the_caller() -> None:
    def broken(line: str) -> None:
        raise RuntimeError(line)

    with pytest.raises(RuntimeError, match="hello"):
        python("print('hello')", on_line=broken)
