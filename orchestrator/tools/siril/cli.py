"""Siril's command line: how it is found, and how a script is run so that success means success.

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
from orchestrator.errors import InputError, ToolError, ToolMissing
from orchestrator.io import fits as fits_io
from orchestrator.tools.process import Completed, run_process
from orchestrator.tools.siril.running_instance import RunningSiril, carry_out, running_siril
from orchestrator.tools.siril.script import check_script

__all__ = ["Expected", "SirilProbe", "SirilRun", "candidates", "find_siril", "probe_siril", "run_script"]

OLDEST = (1, 4)
# What Siril prints last when every line of a script was run.
CLOSING_LINE = "Script execution finished successfully."
PROBE_TIMEOUT = 60.0
ATTEMPTS = 2

_VERSION = re.compile(r"siril\s+(\d+)\.(\d+)\.?(\d+)?(\S*)", re.IGNORECASE)
_PROGRESS = re.compile(r"^progress:\s*(.*?),?\s*(\d+(?:\.\d+)?)\s*%")
_COUNTS = re.compile(r"Total:\s*(\d+) failed,\s*(\d+) (?:registered|exported)")

# A start script of Siril (AppImage, container wrapper) may use these; python3 must not be among them.
_PLAIN_PROGRAMS = (
    "sh", "bash", "env", "dirname", "basename", "readlink", "realpath", "uname", "cat", "cut", "sed", "grep", "id",
    "ls", "mkdir", "rm", "tr", "head", "expr", "fusermount", "fusermount3", "bwrap",
)  # fmt: skip

ProgressListener = Callable[[str, float], None]


@dataclass(frozen=True)
class SirilProbe:
    """A Siril that can be used: ``path`` of siril-cli, ``version`` as numbers, ``text`` as it names itself.

    ``running`` is the one that carries out the scripts where this program was started from inside Siril.
    """

    path: Path
    version: tuple[int, ...]
    text: str
    running: RunningSiril | None = None


@dataclass(frozen=True)
class Expected:
    """An output that a script must have made: the file, its least size in bytes, whether it must be a whole FITS image."""

    path: Path
    least_bytes: int = 1
    image: bool = False


@dataclass(frozen=True)
class SirilRun:
    """What a script did: wall time, the counts of its last registration or export, the lines kept."""

    seconds: float
    attempts: int
    failed: int = 0
    done: int = 0
    lines: tuple[str, ...] = field(default=(), repr=False)


def candidates(explicit: Path | None = None, environ: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """Where siril-cli may be, in order: as configured, SIRIL_CLI, PATH, the usual folders. Without doubles."""
    environ = os.environ if environ is None else environ
    if explicit is not None:
        return (explicit,)
    if environ.get("SIRIL_CLI"):
        return (Path(environ["SIRIL_CLI"]),)
    found = [Path(folder) / name for folder in environ.get("PATH", "").split(os.pathsep) if folder for name in _names()]
    found += [folder / name for folder in _usual_folders(environ) for name in _names()]
    home = Path(environ.get("HOME") or Path.home())
    for folder in (home / "Applications", home / "bin", Path("/opt")):
        found += sorted(folder.glob("[Ss]iril*.AppImage")) if folder.is_dir() else []
    present = [path for path in found if path.is_file() and os.access(path, os.X_OK)]
    return tuple({os.path.realpath(path): path for path in reversed(present)}.values())[::-1]


def _names() -> tuple[str, ...]:
    return ("siril-cli.exe",) if sys.platform == "win32" else ("siril-cli",)


def _usual_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    if sys.platform == "win32":
        roots = {environ.get(name, "") for name in ("ProgramFiles", "ProgramW6432", "LOCALAPPDATA")} - {""}
        return tuple(Path(root) / inner for root in sorted(roots) for inner in ("Siril/bin", "Programs/Siril/bin"))
    if sys.platform == "darwin":
        apps = (Path("/Applications"), Path.home() / "Applications")
        return (*(a / "Siril.app/Contents/MacOS" for a in apps), Path("/opt/homebrew/bin"), Path("/usr/local/bin"))
    return tuple(Path(p) for p in ("/usr/local/bin", "/usr/bin", "/opt/siril/bin", Path.home() / ".local/bin"))


def probe_siril(path: Path) -> SirilProbe:
    """Ask one program for its version.

    Raises
    ------
    ToolMissing : it is not there, does not start, or does not name a version.
    """
    lines: list[str] = []
    # An AppImage holds the window and siril-cli; its first argument chooses.
    start: list[str | Path] = [path, "siril-cli"] if path.suffix == ".AppImage" else [path]
    done = run_process([*start, "--version"], tool="siril-cli", timeout=PROBE_TIMEOUT, on_line=lines.append)
    for line in lines:
        if match := _VERSION.search(line):
            version = tuple(int(part) for part in match.groups()[:3] if part)
            return SirilProbe(path, version, line.strip())
    raise ToolMissing(
        f"{path} does not tell its version (exit status {done.returncode}).", "Install Siril 1.4 or newer.",
        tool="siril-cli", last_lines=done.last_lines, returncode=done.returncode)  # fmt: skip


def find_siril(explicit: Path | None = None, environ: Mapping[str, str] | None = None, *, words: bool = False) -> SirilProbe:
    """The Siril inside which this program works, else the newest usable siril-cli.

    ``words`` says that what Siril prints will be read, which only siril-cli shows.

    Raises
    ------
    ToolMissing : there is none, or all are older than 1.4 (each is named), and what to do.
    """
    if (inside := running_siril()) is not None and not words:
        return SirilProbe(Path("siril"), inside.version, inside.text, inside)
    usable: list[SirilProbe] = []
    refused: list[str] = []
    for path in candidates(explicit, environ):
        try:
            probe = probe_siril(path)
        except ToolError as error:
            refused.append(error.message)
            continue
        if probe.version >= OLDEST:
            usable.append(probe)
        else:
            refused.append(f"{path} is {probe.text}, which is too old: its scripts know other commands.")
    if usable:
        return max(usable, key=lambda probe: probe.version)
    what = " ".join(refused) if refused else "siril-cli was not found (SIRIL_CLI, PATH and the usual folders)."
    raise ToolMissing(what, "Install Siril 1.4 or newer, or use --engine native.", tool="siril-cli")


def run_script(
    probe: SirilProbe,
    script: Path,
    workdir: Path,
    log: Path,
    *,
    expected: Sequence[Expected] = (),
    timeout: float | None = None,
    cancel: threading.Event | None = None,
    on_progress: ProgressListener | None = None,
    fresh: Callable[[], None] | None = None,
    sensors: Path | None = None,
) -> SirilRun:
    """Run a script in ``workdir``; a crash is tried once more from scratch.

    Parameters
    ----------
    script : checked here again, since Siril calls a script that it has skipped a success.
    workdir : Siril's folder. Outputs are wanted there or anywhere in ``expected``.
    log : everything printed is appended.
    fresh : called before each attempt; must make ``workdir`` as it was before the script.
    sensors : folder that Siril is to see as its database of sensors.

    Raises
    ------
    ToolError : a command failed, Siril crashed twice, or it claims a success that the files do not show.
    ToolTimeout, ToolMissing, Cancelled : see :func:`orchestrator.tools.process.run_process`.
    """
    _check_file(script)
    started = time.monotonic()
    attempts = 0
    while True:
        attempts += 1
        if fresh is not None:
            fresh()
        if not workdir.is_dir():  # Siril would go on in no folder at all
            raise ToolError(f"Siril's work folder {workdir} does not exist.", tool="siril-cli", log=log)
        lines: list[str] = []
        before = {output.path: _stamp(output.path) for output in expected}
        done = _attempt(probe, script, workdir, log, lines, timeout, cancel, on_progress, sensors)
        if not done.crashed or attempts == ATTEMPTS:
            break
    _judge(done, lines, expected, before, script, log)
    failed, made = _counts(lines)
    return SirilRun(time.monotonic() - started, attempts, failed, made, tuple(lines))


def _check_file(script: Path) -> None:
    try:
        check_script(script.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ToolError(
            f"The Siril script {script} is not UTF-8: Siril would stop reading at byte {error.start}.", tool="siril-cli"
        ) from error


def _attempt(
    probe: SirilProbe, script: Path, workdir: Path, log: Path, lines: list[str], timeout: float | None,
    cancel: threading.Event | None, on_progress: ProgressListener | None, sensors: Path | None,
) -> Completed:  # fmt: skip
    if probe.running is not None:
        done = carry_out(probe.running, script, workdir, log, lines, cancel)
        lines += [CLOSING_LINE] if done.returncode == 0 else []
        return done
    home = workdir / ".siril"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    settings = home / "settings.ini"  # -i wants an existing file; all that a script sets stays in it
    settings.touch()

    def parse(line: str) -> None:
        if match := _PROGRESS.match(line):
            if on_progress is not None:
                on_progress(match[1], float(match[2]) / 100)
        else:
            lines.append(line)

    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"# {probe.text} ({probe.path}) -s {script} in {workdir}\n")
    start: list[str | Path] = [probe.path, "siril-cli"] if probe.path.suffix == ".AppImage" else [probe.path]
    command = [*start, "-o", "-i", settings, "-d", workdir, "-s", script]
    environment = siril_environment(home)
    if sensors is not None:
        ignored = shutil.ignore_patterns(".git")
        shutil.copytree(sensors, Path(environment["XDG_DATA_HOME"]) / siril_sensors.FOLDER, ignore=ignored)
    return run_process(
        command, log=log, tool="siril-cli", cwd=workdir, env=environment, timeout=timeout,
        cancel=cancel, on_line=parse)  # fmt: skip


def siril_environment(home: Path) -> dict[str, str]:
    """The environment of a run: a home of its own, English messages, and no Python for Siril to find.

    Siril 1.4.0 to 1.4.2 make a Python environment at each start, and die half-way when its packages cannot be
    downloaded; without python3 on PATH they do without.
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


def _judge(
    done: Completed, lines: Sequence[str], expected: Sequence[Expected],
    before: Mapping[Path, tuple[int, ...] | None], script: Path, log: Path
) -> None:
    """Success is all three: exit status 0, the closing line, and the outputs new and whole."""

    def fail(what: str, remedy: str = "") -> ToolError:
        last = tuple(lines[-20:])
        return ToolError(
            f"Siril failed in {script.name}: {what}", remedy or f"See {log}.", tool="siril-cli", log=log,
            last_lines=last, returncode=done.returncode)  # fmt: skip

    if done.crashed:
        raise fail(f"it crashed twice (exit status {done.returncode}).")
    if done.returncode != 0:
        raise fail(f"{_reason(lines)} (exit status {done.returncode}).")
    if not any(CLOSING_LINE in line for line in lines):
        raise fail("it ended without finishing the script.")
    for output in expected:
        stamp = _stamp(output.path)
        if stamp is None:
            raise fail(f"it reports success, but {output.path.name} was not made.")
        if stamp == before[output.path]:
            raise fail(f"it reports success, but {output.path.name} is older than the run.")
        if stamp[0] < output.least_bytes:
            raise fail(f"it reports success, but {output.path.name} has only {stamp[0]} bytes.", "Is the disk full?")
        if output.image:
            try:
                fits_io.image_layout(output.path)
            except InputError as error:
                raise fail(f"it reports success, but {error.message}", "Is the disk full?") from error


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What changes when a file is written anew, whatever the clock does; None without a file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _reason(lines: Sequence[str]) -> str:
    """What Siril says went wrong: the line of the script and the message before it."""
    told = [line.removeprefix("log: ") for line in lines if line.startswith("log: ")]
    for number, line in enumerate(told):
        if line.startswith("Error in line"):
            return " ".join(told[max(0, number - 1) : number + 1])
    return told[-1] if told else (lines[-1] if lines else "it said nothing")
