"""The command line of Siril: how it is found, and how a script is run so that a reported success is one.

Manual: https://siril.readthedocs.io/en/stable/Headless.html
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator.catalogs import siril_sensors
from orchestrator.errors import InputError, ToolError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.tools.probe import FoundTool, ToolProbe
from orchestrator.tools.process import Command, Completed, run_process
from orchestrator.tools.siril.running_instance import RunningSiril, running_siril, send_script
from orchestrator.tools.siril.script import check_script

__all__ = ["Expected", "ScriptJob", "SirilProgram", "SirilRun", "candidates", "find_siril", "run_script"]

# Siril prints this last, after every line of a script was executed.
CLOSING_LINE = "Script execution finished successfully."
# A script is run again once after a crash.
ATTEMPTS = 2
# Lines of output that an error keeps.
LAST_LINES = 20

_PROGRESS = re.compile(r"^progress:\s*(.*?),?\s*(\d+(?:\.\d+)?)\s*%")
_COUNTS = re.compile(r"Total:\s*(\d+) failed,\s*(\d+) (?:registered|exported)")

# A start script of Siril (AppImage, container wrapper) may use these; python3 must not be among them.
_PLAIN_PROGRAMS = (
    "sh", "bash", "env", "dirname", "basename", "readlink", "realpath", "uname", "cat", "cut", "sed", "grep", "id",
    "ls", "mkdir", "rm", "tr", "head", "expr", "fusermount", "fusermount3", "bwrap",
)  # fmt: skip

ProgressListener = Callable[[str, float], None]


@dataclass(frozen=True)
class SirilProgram(FoundTool):
    """A Siril that can be used; ``running`` executes the scripts if this program was started from inside Siril."""

    running: RunningSiril | None = None


@dataclass(frozen=True)
class Expected:
    """An output that a script must make.

    Parameters
    ----------
    least_bytes : its smallest size.
    image : whether it must be a complete FITS image.
    """

    path: Path
    least_bytes: int = 1
    image: bool = False


@dataclass(frozen=True)
class ScriptJob:
    """A script, the folder in which it works, and its outputs.

    Parameters
    ----------
    script : checked again before it runs, since Siril reports success for a script that it has skipped.
    workdir : the working directory of Siril.
    log : the output of Siril is appended to this file.
    expected : outputs, in ``workdir`` or elsewhere.
    reset : called before each attempt; must restore ``workdir`` to its state before the script.
    sensors : folder that Siril uses as its sensor database.
    """

    script: Path
    workdir: Path
    log: Path
    expected: Sequence[Expected] = ()
    reset: Callable[[], None] | None = None
    sensors: Path | None = None


@dataclass(frozen=True)
class SirilRun:
    """The result of a script: wall time, attempts, the counts of its last registration or export, the lines printed."""

    seconds: float
    attempts: int
    failed: int = 0
    done: int = 0
    lines: tuple[str, ...] = field(default=(), repr=False)


def _usual_places(environ: Mapping[str, str]) -> list[Path]:
    """Folders of installers, and AppImages."""
    if sys.platform == "win32":
        roots = {environ.get(name, "") for name in ("ProgramFiles", "ProgramW6432", "LOCALAPPDATA")} - {""}
        places = [Path(root) / inner for root in sorted(roots) for inner in ("Siril/bin", "Programs/Siril/bin")]
    elif sys.platform == "darwin":
        apps = (Path("/Applications"), Path.home() / "Applications")
        places = [*(a / "Siril.app/Contents/MacOS" for a in apps), Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    else:
        places = [Path("/usr/local/bin"), Path("/usr/bin"), Path("/opt/siril/bin"), Path.home() / ".local/bin"]
    home = Path(environ.get("HOME") or Path.home())
    for folder in (home / "Applications", home / "bin", Path("/opt")):
        places += sorted(folder.glob("[Ss]iril*.AppImage")) if folder.is_dir() else []
    return places


def _start_words(path: Path) -> list[str | Path]:
    """An AppImage holds the window and siril-cli; its first argument chooses."""
    return [path, "siril-cli"] if path.suffix == ".AppImage" else [path]


PROBE = ToolProbe(
    name="siril-cli",
    tool="siril-cli",
    executables=("siril-cli",),
    remedy="Install Siril 1.4 or newer, or use --engine native.",
    variables=("SIRIL_CLI",),
    places=_usual_places,
    version_option="--version",
    version_pattern=re.compile(r".*?siril\s+(?P<version>\d+\.\d+(?:\.\d+)?).*", re.IGNORECASE),
    minimum=(1, 4),
    why_minimum="its scripts use other commands",
    newest=True,
    command=_start_words,
)


def candidates(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The siril-cli to try: the configured one or SIRIL_CLI alone, else all in PATH and the usual folders."""
    return PROBE.candidates(explicit, environ)


def find_siril(explicit: Path | None = None, environ: Mapping[str, str] | None = None, *,
               read_output: bool = False) -> SirilProgram:
    """The Siril inside which this program was started, else the newest usable siril-cli.

    ``read_output`` : the caller needs the text that Siril prints; only siril-cli returns it.

    Raises
    ------
    ToolMissing : none was found, or all are older than 1.4; each is named.
    """
    if (inside := running_siril()) is not None and not read_output:
        return SirilProgram(Path("siril"), inside.version, inside.text, inside)
    found = PROBE.find(explicit, environ)
    return SirilProgram(found.path, found.version, found.text)


def run_script(siril: SirilProgram, job: ScriptJob, *, timeout: float | None = None, cancel: threading.Event | None = None,
               on_progress: ProgressListener | None = None) -> SirilRun:
    """Run a script; after a crash it is run once more from the start.

    Parameters
    ----------
    timeout : seconds for one attempt.
    cancel : when set, Siril is stopped.
    on_progress : called with the message and the completed share (0 to 1) that Siril prints.

    Raises
    ------
    ToolError : a command failed, Siril crashed twice, or it reports a success that the files do not confirm.
    ToolTimeout, ToolMissing, Cancelled : see :func:`orchestrator.tools.process.run_process`.
    """
    _check_file(job.script)
    started = time.monotonic()
    attempts = 0
    while True:
        attempts += 1
        if job.reset is not None:
            job.reset()
        if not job.workdir.is_dir():  # Siril would work in no folder at all
            raise ToolError(Message("Siril's work folder {workdir} does not exist.",
                                    workdir=job.workdir), tool="siril-cli", log=job.log)
        lines: list[str] = []
        before = {output.path: _stamp(output.path) for output in job.expected}
        done = _attempt(siril, job, lines, timeout, cancel, on_progress)
        if not done.crashed or attempts == ATTEMPTS:
            break
    _check_success(job, done, lines, before)
    failed, made = _counts(lines)
    return SirilRun(time.monotonic() - started, attempts, failed, made, tuple(lines))


def _check_file(script: Path) -> None:
    try:
        check_script(script.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ToolError(
            Message("The Siril script {script} is not UTF-8: Siril would stop reading at byte {start}.", script=script,
                    start=error.start), tool="siril-cli"
        ) from error


def _attempt(siril: SirilProgram, job: ScriptJob, lines: list[str], timeout: float | None, cancel: threading.Event | None,
             on_progress: ProgressListener | None) -> Completed:
    """Run the script once; the lines printed, without progress, are added to ``lines``."""
    if siril.running is not None:
        done = send_script(siril.running, job.script, job.workdir, job.log, lines, cancel)
        lines += [CLOSING_LINE] if done.returncode == 0 else []
        return done
    home = job.workdir / ".siril"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    settings = home / "settings.ini"  # -i needs an existing file; all that a script sets stays in it
    settings.touch()

    def parse(line: str) -> None:
        if match := _PROGRESS.match(line):
            if on_progress is not None:
                on_progress(match[1], float(match[2]) / 100)
        else:
            lines.append(line)

    with job.log.open("a", encoding="utf-8") as stream:
        stream.write(f"# {siril.text} ({siril.path}) -s {job.script} in {job.workdir}\n")
    words = [*_start_words(siril.path), "-o", "-i", settings, "-d", job.workdir, "-s", job.script]
    environment = siril_environment(home)
    if job.sensors is not None:
        ignored = shutil.ignore_patterns(".git")
        shutil.copytree(job.sensors, Path(environment["XDG_DATA_HOME"]) / siril_sensors.FOLDER, ignore=ignored)
    return run_process(Command(words, job.workdir, environment), log=job.log, tool="siril-cli", timeout=timeout, cancel=cancel,
                       on_line=parse)


def siril_environment(home: Path) -> dict[str, str]:
    """Environment variables for a script: an empty home, English messages, and no Python that Siril could find.

    Siril 1.4.0 to 1.4.2 create a Python environment at each start, and die half-way when its packages cannot be
    downloaded; without python3 on PATH they skip this.
    """
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_", "XDG_", "VIRTUAL_ENV", "PIP_"))}
    keep |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "HOME": str(home)}
    for name in ("config", "data", "cache", "runtime"):
        folder = home / name
        folder.mkdir(mode=0o700)
        keep[f"XDG_{name.upper()}_" + ("DIR" if name == "runtime" else "HOME")] = str(folder)
    if sys.platform != "win32":
        keep["PATH"] = str(_plain_path(home / "bin"))
    return keep


def _plain_path(folder: Path) -> Path:
    """A folder with links to the few programs that start scripts need, and no python3."""
    folder.mkdir()
    for name in _PLAIN_PROGRAMS:
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return folder


def _counts(lines: Sequence[str]) -> tuple[int, int]:
    """(failed, done) of the last "Total: N failed, M registered" line, zeros without one."""
    found = [match for line in lines if (match := _COUNTS.search(line))]
    return (int(found[-1][1]), int(found[-1][2])) if found else (0, 0)


def _check_success(job: ScriptJob, done: Completed, lines: Sequence[str], before: Mapping[Path, tuple[int, ...] | None]) -> None:
    """Success needs all three: exit status 0, the closing line, and outputs that are new and complete."""

    def fail(reason: str, remedy: str = "") -> ToolError:
        return ToolError(
            Message("Siril failed in {script}: {reason}", script=job.script.name,
                    reason=reason), remedy or f"See {job.log}.", tool="siril-cli", log=job.log,
            last_lines=tuple(lines[-LAST_LINES:]), returncode=done.returncode)  # fmt: skip

    if done.crashed:
        raise fail(Message("it crashed twice (exit status {returncode}).", returncode=done.returncode))
    if done.returncode != 0:
        raise fail(Message("{lines} (exit status {returncode}).", lines=_reason(lines), returncode=done.returncode))
    if not any(CLOSING_LINE in line for line in lines):
        raise fail("it ended without finishing the script.")
    for output in job.expected:
        stamp = _stamp(output.path)
        if stamp is None:
            raise fail(Message("it reports success, but {output} was not made.", output=output.path.name))
        if stamp == before[output.path]:
            raise fail(Message("it reports success, but {output} is older than the run.", output=output.path.name))
        if stamp[0] < output.least_bytes:
            raise fail(Message("it reports success, but {output} has only {stamp} bytes.", output=output.path.name,
                               stamp=stamp[0]), "Is the disk full?")
        if output.image:
            try:
                fits_io.image_layout(output.path)
            except InputError as error:
                raise fail(Message("it reports success, but {error}", error=error.message), "Is the disk full?") from error


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Numbers that differ after a file was written again, whatever the clock does; None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _reason(lines: Sequence[str]) -> str:
    """The error that Siril prints: the line of the script and the message before it."""
    messages = [line.removeprefix("log: ") for line in lines if line.startswith("log: ")]
    for number, line in enumerate(messages):
        if line.startswith("Error in line"):
            return " ".join(messages[max(0, number - 1) : number + 1])
    return messages[-1] if messages else (lines[-1] if lines else "it printed no message")
