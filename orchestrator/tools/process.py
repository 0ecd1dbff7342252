"""Runs external programs: own process group, log file, line parser, time limit, cancellation."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shlex
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
from orchestrator.message import Message
from orchestrator.tools.python_process import safe_path

__all__ = ["Command", "Completed", "end_orphans", "kill_group", "run_process"]

logger = logging.getLogger(__name__)

# Lines of output that are kept for messages; the log file holds all of them.
LAST_LINES = 40
# Longer lines are cut, in bytes: a program that never ends its line must not fill the memory.
MAX_LINE = 1 << 16
# Bytes read from the pipe at once.
CHUNK = 1 << 16
# Seconds between SIGTERM and SIGKILL.
GRACE = 3.0
# Seconds between two looks at a running program.
POLL = 0.05
# Exit statuses of shells and wrappers for a program that a signal ended: 128 + signal.
SIGNAL_STATUS = range(129, 160)
# Exit statuses above this are Windows exceptions.
LAST_WINDOWS_STATUS = 0xBFFFFFFF
# Largest difference in seconds between two readings of the start time of one process.
SAME_START = 0.01

# Flags of the Windows API; the modules that name them exist on Windows only.
CREATE_NEW_PROCESS_GROUP = 0x00000200
CREATE_NO_WINDOW = 0x08000000
SEM_FAILCRITICALERRORS = 0x0001
SEM_NOGPFAULTERRORBOX = 0x0002
SEM_NOOPENFILEERRORBOX = 0x8000

# Cursor movements and colours that programs send to terminals.
_ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")

LineParser = Callable[[str], None]


@dataclass(frozen=True)
class Command:
    """A program and its arguments, with the folder and all environment variables; None for those of this process."""

    words: Sequence[str | Path]
    cwd: Path | None = None
    env: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Completed:
    """How a program ended. ``returncode`` is negative for a signal (POSIX); ``last_lines`` is the end of its output."""

    returncode: int
    seconds: float
    last_lines: tuple[str, ...]

    @property
    def crashed(self) -> bool:
        """Whether a signal ended it, also one that a wrapper reports as 128 + signal, or a Windows exception."""
        return self.returncode < 0 or self.returncode in SIGNAL_STATUS or self.returncode > LAST_WINDOWS_STATUS


def run_process(
    command: Sequence[str | Path] | Command,
    *,
    log: Path | None = None,
    tool: str = "",
    timeout: float | None = None,
    cancel: threading.Event | None = None,
    on_line: LineParser | None = None,
) -> Completed:
    """Run a program to its end and return how it ended, whatever its exit status.

    Parameters
    ----------
    command : program and arguments, never passed through a shell; a :class:`Command` to set folder and environment too.
    log : stdout and stderr are appended to this file as they arrive.
    tool : name in messages; the program by default.
    timeout : seconds.
    cancel : when set, the whole process group is ended.
    on_line : called with each line, decoded, without terminal escapes (in a separate thread).

    Raises
    ------
    ToolMissing : the program cannot be started.
    ToolTimeout : it ran longer than ``timeout``; the group was ended.
    Cancelled : ``cancel`` was set; the group was ended.
    """
    if not isinstance(command, Command):
        command = Command(command)
    name = tool or Path(command.words[0]).name
    if cancel is not None and cancel.is_set():
        raise Cancelled(Message("{name} was not started: the run was cancelled.", name=name))
    started = time.monotonic()
    logger.info("%s: start %s%s", name, shlex.join(map(str, command.words)), f" (log: {log})" if log is not None else "")
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(log.open("ab")) if log is not None else None
        watch = stack.enter_context(_Watch())
        process = _start(command, name, log)
        watch.guard(process.pid)
        if log is not None:
            stack.enter_context(_pid_file(process, log.with_suffix(".pid")))
        reader = _Reader(process, sink, on_line)
        try:
            stopped = _wait(process, started, timeout, cancel)
        finally:
            # Also after a normal end: children that outlive their parent would hold the pipe and the work folder.
            kill_group(process)
            reader.join()
    seconds = time.monotonic() - started
    logger.info("%s: %s after %.1f s", name, stopped or f"exit status {process.returncode}", seconds)
    lines = tuple(reader.last)
    if stopped == "cancelled":
        raise Cancelled(Message("{name} was stopped after {seconds:.0f} s: the run was cancelled.", name=name, seconds=seconds))
    if stopped == "timeout":
        raise ToolTimeout(
            Message("{name} did not end within {timeout:g} s and was stopped.", name=name,
                    timeout=timeout), "Raise the time limit, or check its log.",
            tool=name, log=log, last_lines=lines, returncode=process.returncode)  # fmt: skip
    if reader.error is not None:
        raise reader.error
    return Completed(process.returncode, seconds, lines)


def _start(command: Command, name: str, log: Path | None) -> subprocess.Popen[bytes]:
    words, cwd = command.words, command.cwd
    flags = 0
    if sys.platform == "win32":
        flags = CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW
        _disable_error_dialogs()
    try:
        return subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=_environment(command.env),
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        if cwd is not None and not cwd.is_dir():
            raise ToolError(Message("{name} cannot start in {cwd}: the folder does not exist.", name=name,
                                    cwd=cwd), tool=name, log=log) from error
        raise ToolMissing(
            Message("{name} cannot be started: {words}: {strerror}.", name=name, words=words[0],
                    strerror=error.strerror), "Install it, or correct its path.",
            tool=name, log=log) from error  # fmt: skip
    except OSError as error:
        raise ToolError(Message("{name} cannot be started: {words}: {error}.", name=name, words=words[0],
                                error=error), tool=name, log=log) from error


def _environment(given: Mapping[str, str] | None) -> dict[str, str]:
    """The variables of a program; PATH without relative entries, from which the programs that it starts could be taken."""
    found = dict(os.environ if given is None else given)
    return {**found, "PATH": safe_path(found)} if "PATH" in found else found


class _Watch:
    """Ends a program whose caller is killed: a shell, in its own session, waits on a pipe that only the caller holds.

    (Linux could signal the program itself when its parent dies, but not the programs that it has started.)
    """

    SCRIPT = 'read -r group && { read -r end || kill -s KILL -- "-$group"; }'

    def __enter__(self) -> _Watch:
        self._shell: subprocess.Popen[bytes] | None = None
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                self._shell = subprocess.Popen(["/bin/sh", "-c", self.SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, cwd="/", start_new_session=True)
        return self

    def guard(self, group: int) -> None:
        """Name the process group to end."""
        self._send(f"{group}\n")

    def __exit__(self, *_: object) -> None:
        self._send("end\n")
        if self._shell is not None and self._shell.stdin is not None:
            with contextlib.suppress(OSError):
                self._shell.stdin.close()
            self._shell.wait()

    def _send(self, line: str) -> None:
        if self._shell is not None and self._shell.stdin is not None:
            with contextlib.suppress(OSError):
                self._shell.stdin.write(line.encode())
                self._shell.stdin.flush()


def _disable_error_dialogs() -> None:
    """Windows: a program that crashes ends at once, without a dialog that waits for a click; children inherit this."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX)


def _wait(
    process: subprocess.Popen[bytes], started: float, timeout: float | None, cancel: threading.Event | None
) -> str:
    """Wait for the end: "" if the program ended by itself, else "cancelled" or "timeout"."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(POLL)
            return ""
        if cancel is not None and cancel.is_set():
            return "cancelled"
        if timeout is not None and time.monotonic() - started > timeout:
            return "timeout"


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started: SIGTERM first, SIGKILL after ``GRACE`` seconds."""
    if sys.platform == "win32":
        _kill_tree(process)
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        limit = time.monotonic() + GRACE
        while _group_is_alive(process) and time.monotonic() < limit:
            time.sleep(POLL)
    process.wait()


@contextlib.contextmanager
def _pid_file(process: subprocess.Popen[bytes], path: Path) -> Iterator[None]:
    """Keep a file that identifies a running process, so that a later run can end it if its caller is killed."""
    with contextlib.suppress(psutil.NoSuchProcess, OSError):
        path.write_text(json.dumps([process.pid, psutil.Process(process.pid).create_time()]), encoding="ascii")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def end_orphans(logs: Path) -> int:
    """End programs that still run because their caller was killed, and return how many there were.

    They are identified by the ``.pid`` files beside their log files. If the process has ended, or its number now belongs to
    another process, only the file is removed.
    """
    ended = 0
    for path in logs.glob("*.pid"):
        with contextlib.suppress(OSError, ValueError, TypeError, psutil.Error):
            pid, created = json.loads(path.read_bytes())
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < SAME_START:
                family = [process, *process.children(recursive=True)]
                for member in family:
                    with contextlib.suppress(psutil.Error):
                        member.kill()
                psutil.wait_procs(family, GRACE)
                ended += 1
        path.unlink(missing_ok=True)
    return ended


def _group_is_alive(process: subprocess.Popen[bytes]) -> bool:
    process.poll()  # reaps the leader, which would count as alive otherwise
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Windows has no process groups to kill: end the descendants one by one."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    process.kill()
    process.wait()


class _Reader(threading.Thread):
    """Empties the pipe: raw bytes go to the log, complete lines to the parser."""

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
            while chunk := os.read(self._pipe.fileno(), CHUNK):
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
        except OSError:  # a full disk; unless the pipe is emptied all the same, the program waits for ever
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
        except Exception as error:  # raised in the caller's thread; the pipe must be emptied all the same
            self.error = error
