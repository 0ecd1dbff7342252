"""The one runner of external programs: own process group, log file, line parser, time-out, cancellation."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from orchestrator.errors import Cancelled, ToolError, ToolMissing, ToolTimeout

__all__ = ["Completed", "end_orphans", "kill_group", "run_process"]

# So many lines are kept for messages; the log file has all of them.
LAST_LINES = 40
# A line longer than this is cut: a program that never ends its line must not fill the memory.
MAX_LINE = 1 << 16
# Seconds between a polite request to stop and the end.
GRACE = 3.0
POLL = 0.05

# Cursor movements and colours that programs send to terminals.
_ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")

LineParser = Callable[[str], None]


@dataclass(frozen=True)
class Completed:
    """How a program ended. ``returncode`` is negative for a signal (POSIX); ``last_lines`` is the end of its output."""

    returncode: int
    seconds: float
    last_lines: tuple[str, ...]

    @property
    def crashed(self) -> bool:
        """Whether it died of a signal, its own or as told by a wrapper (128 + signal), or of a Windows exception."""
        return self.returncode < 0 or 128 < self.returncode < 160 or self.returncode > 0xBFFFFFFF


def run_process(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    tool: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    cancel: threading.Event | None = None,
    on_line: LineParser | None = None,
) -> Completed:
    """Run a program to its end and return how it ended, whatever its exit status.

    Parameters
    ----------
    command : program and arguments; never goes through a shell.
    log : stdout and stderr are appended here as they come.
    env : replaces the whole environment when given.
    timeout : seconds.
    cancel : when set, the whole process group is ended.
    on_line : called with each line, decoded, without terminal escapes (in a thread of its own).

    Raises
    ------
    ToolMissing : the program cannot be started.
    ToolTimeout : it ran longer than ``timeout``; the group was ended.
    Cancelled : ``cancel`` was set; the group was ended.
    """
    name = tool or Path(command[0]).name
    if cancel is not None and cancel.is_set():
        raise Cancelled(f"{name} was not started: the run was cancelled.")
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(log.open("ab")) if log is not None else None
        watch = stack.enter_context(_Watch())
        process = _start(command, name, cwd, env, log)
        watch.over(process.pid)
        if log is not None:
            stack.enter_context(_noted(process, log.with_suffix(".pid")))
        reader = _Reader(process, sink, on_line)
        try:
            stopped = _wait(process, started, timeout, cancel)
        finally:
            # Also after a normal end: children that outlive their parent would hold the pipe and the work folder.
            kill_group(process)
            reader.join()
    seconds = time.monotonic() - started
    lines = tuple(reader.last)
    if stopped == "cancelled":
        raise Cancelled(f"{name} was stopped after {seconds:.0f} s: the run was cancelled.")
    if stopped == "timeout":
        raise ToolTimeout(
            f"{name} did not end within {timeout:g} s and was stopped.", "Raise the time-out, or look at its log.",
            tool=name, log=log, last_lines=lines, returncode=process.returncode)  # fmt: skip
    if reader.error is not None:
        raise reader.error
    return Completed(process.returncode, seconds, lines)


def _start(
    command: Sequence[str | Path], name: str, cwd: Path | None, env: Mapping[str, str] | None, log: Path | None
) -> subprocess.Popen[bytes]:
    flags = 0
    if sys.platform == "win32":
        flags = 0x00000200 | 0x08000000  # CREATE_NEW_PROCESS_GROUP, CREATE_NO_WINDOW
        _no_error_windows()
    try:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=None if env is None else dict(env),
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        if cwd is not None and not cwd.is_dir():
            raise ToolError(f"{name} cannot start in {cwd}: the folder does not exist.", tool=name, log=log) from error
        raise ToolMissing(
            f"{name} cannot be started: {command[0]}: {error.strerror}.", "Install it, or correct its path.",
            tool=name, log=log) from error  # fmt: skip
    except OSError as error:
        raise ToolError(f"{name} cannot be started: {command[0]}: {error}.", tool=name, log=log) from error


class _Watch:
    """Ends a program whose caller is killed: a shell waits at a pipe that only the caller holds, in a session of its own.

    (Linux could signal the program itself at the death of its parent, but not what that program has started.)
    """

    SCRIPT = 'read -r group && { read -r end || kill -s KILL -- "-$group"; }'

    def __enter__(self) -> _Watch:
        self._shell: subprocess.Popen[bytes] | None = None
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                self._shell = subprocess.Popen(["/bin/sh", "-c", self.SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, cwd="/", start_new_session=True)
        return self

    def over(self, group: int) -> None:
        """The process group to end."""
        self._tell(f"{group}\n")

    def __exit__(self, *_: object) -> None:
        self._tell("end\n")
        if self._shell is not None and self._shell.stdin is not None:
            with contextlib.suppress(OSError):
                self._shell.stdin.close()
            self._shell.wait()

    def _tell(self, line: str) -> None:
        if self._shell is not None and self._shell.stdin is not None:
            with contextlib.suppress(OSError):
                self._shell.stdin.write(line.encode())
                self._shell.stdin.flush()


def _no_error_windows() -> None:
    """Windows: a program that crashes ends at once, without a window that waits for a click; children inherit this."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002 | 0x8000)  # critical errors, faults, missing files


def _wait(
    process: subprocess.Popen[bytes], started: float, timeout: float | None, cancel: threading.Event | None
) -> str:
    """"" when the program ended by itself, else "cancelled" or "timeout"."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(POLL)
            return ""
        if cancel is not None and cancel.is_set():
            return "cancelled"
        if timeout is not None and time.monotonic() - started > timeout:
            return "timeout"


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started: politely first, after ``GRACE`` seconds for good."""
    if sys.platform == "win32":
        _kill_tree(process)
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        limit = time.monotonic() + GRACE
        while _group_lives(process) and time.monotonic() < limit:
            time.sleep(POLL)
    process.wait()


@contextlib.contextmanager
def _noted(process: subprocess.Popen[bytes], note: Path) -> Iterator[None]:
    """Leave a note of a process while it runs: whoever comes after a caller that was killed can end it."""
    with contextlib.suppress(psutil.NoSuchProcess, OSError):
        note.write_text(json.dumps([process.pid, psutil.Process(process.pid).create_time()]), encoding="ascii")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def end_orphans(logs: Path) -> int:
    """End the programs that still run because their caller was killed; how many there were.

    Their notes lie beside their log files. A note whose process has ended, or is another by now, is only taken away.
    """
    ended = 0
    for note in logs.glob("*.pid"):
        with contextlib.suppress(OSError, ValueError, TypeError, psutil.Error):
            pid, created = json.loads(note.read_bytes())
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 0.01:
                family = [process, *process.children(recursive=True)]
                for one in family:
                    with contextlib.suppress(psutil.Error):
                        one.kill()
                psutil.wait_procs(family, GRACE)
                ended += 1
        note.unlink(missing_ok=True)
    return ended


def _group_lives(process: subprocess.Popen[bytes]) -> bool:
    process.poll()  # reaps the leader, which would count as alive otherwise
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Windows has no groups to kill: end the descendants one by one."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait()


class _Reader(threading.Thread):
    """Empties the pipe: bytes to the log as they are, whole lines to the parser."""

    def __init__(self, process: subprocess.Popen[bytes], sink: IO[bytes] | None, on_line: LineParser | None) -> None:
        super().__init__(daemon=True)
        assert process.stdout is not None
        self._pipe, self._sink, self._on_line = process.stdout, sink, on_line
        self.last: deque[str] = deque(maxlen=LAST_LINES)
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        rest = b""
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), 1 << 16):
                self._log(chunk)
                *lines, rest = re.split(rb"\r\n|\n|\r", rest + chunk)
                for line in lines:
                    self._take(line)
                if len(rest) > MAX_LINE:
                    self._take(rest)
                    rest = b""
        if rest:
            self._take(rest)

    def _log(self, chunk: bytes) -> None:
        try:
            if self._sink is not None:
                self._sink.write(chunk)
                self._sink.flush()
        except OSError:  # a full disk; the pipe must be emptied all the same, or the program would wait for ever
            self._sink = None

    def _take(self, raw: bytes) -> None:
        line = _ESCAPES.sub(b"", raw[:MAX_LINE]).decode("utf-8", "replace").rstrip()
        if not line:
            return
        self.last.append(line)
        if self._on_line is None or self.error is not None:
            return
        try:
            self._on_line(line)
        except Exception as error:  # told to the caller's thread; the pipe must be emptied all the same
            self.error = error
