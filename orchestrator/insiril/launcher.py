# SPDX-License-Identifier: GPL-3.0-or-later
"""
Orchestrate: local-quality stacking with the running Siril.

Takes Siril's working directory (lights/ darks/ flats/ biases/, or a project.yaml) as the session, calibrates, registers and
stacks it with local weights for each frame, and loads the result. Siril executes its part as commands; the rest is done by the
program `orchestrate` in the Python where it is installed. From the Scripts menu its window opens; if PySide6 is not installed
there, a dialog asks for the settings, for which PyQt6 is installed into Siril's own environment. In a script:

    pyscript orchestrate.py --preset sharp --set stacking.rejection=sigma

Author: the authors of orchestrate
Version: not installed
Requires: Siril 1.4.0, sirilpy 1.0.8
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import queue
import runpy
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Version of the messages that are exchanged with the worker (orchestrator/insiril/worker.py).
PROTOCOL = 2
# `orchestrate insiril install` writes these two, and the version in the text above: the Python in which the program is installed,
# and the folder that contains its package.
PYTHON = ""
PACKAGES = ""

VERSION = next(line[len("Version: "):] for line in str(__doc__).splitlines() if line.startswith("Version: "))
INSTALL = "Run `orchestrate insiril install` where the program is installed."
# Preferences that commands change and that Siril would keep.
CHANGED = {
    "setext": ["core.extension"], "set16bits": ["core.force_16bit"], "set32bits": ["core.force_16bit"],
    "setcompress": ["compression.enabled", "compression.method", "compression.quantization"],
    "setmem": ["core.mem_mode", "core.mem_ratio"],
    "platesolve": ["starfinder.focal_length", "starfinder.pixel_size"],
    "seqplatesolve": ["starfinder.focal_length", "starfinder.pixel_size"],
}
NOTE = "orchestrate_restore.json"
# Bytes of one line in the console; Siril cuts lines longer than 1021 bytes.
LONGEST = 1000
# Bytes of the program's standard error, or of argparse's messages, that are shown after a failure.
SHOWN = 4000
# Seconds that the program has to end after its input was closed.
END_TIMEOUT = 30
# Windows: CREATE_NO_WINDOW of the process creation flags.
NO_CONSOLE_WINDOW = 0x08000000


class Failed(Exception):
    """An error that is shown without a traceback."""


class WindowMissing(Exception):
    """The program's window cannot be opened; the message is the reason."""


class Siril:
    """The running Siril: its console, its commands, and its state, which is restored at the end."""

    def __init__(self, interface: Any, sirilpy: Any) -> None:
        self.interface, self.sirilpy = interface, sirilpy
        self.home = str(interface.get_siril_wd())
        self.listeners: list[Any] = []
        self.stopped = False
        self.replaced = False
        self._original: dict[str, Any] = {}
        self._at: str | None = None
        self._note = Path(str(interface.get_siril_configdir())) / NOTE
        image = interface.get_image_filename() if interface.is_image_loaded() else None
        self._image = Path(self.home) / image if image else None

    def log(self, text: str, colour: str = "default") -> None:
        """Show a message in the console and in the dialog."""
        log(self.interface, str(text), getattr(self.sirilpy.LogColor, colour.upper()))
        for listen in self.listeners:
            listen("log", text, colour)

    def progress(self, text: str, share: float) -> None:
        self.interface.update_progress(text, min(max(float(share), 0.0), 1.0))
        for listen in self.listeners:
            listen("progress", text, share)

    def command(self, line: str) -> str:
        """Execute one command; "", or why it failed. The preferences that it changes are recorded first."""
        name, _, rest = line.partition(" ")
        for key in [rest.strip("\"' ").split("=")[0]] if name.lower() == "set" else CHANGED.get(name.lower(), []):
            self._record(key)
        self.replaced |= name.lower() == "load"
        try:
            self.interface.cmd(line)
        except self.sirilpy.CommandError as error:
            return str(error)
        return ""

    def execute(self, folder: str, commands: list[str]) -> tuple[int, str]:
        """Execute commands in a folder: (how many succeeded, why the next one failed or "")."""
        done, why = 0, self._go(folder)
        try:
            for line in commands if not why else ():
                why = "stopped" if self.stopped else self.command(line)
                if why:
                    break
                done += 1
        finally:
            self._go(self.home)  # Windows does not remove a folder that is Siril's working directory
        return done, why

    def load(self, path: Path | str) -> str:
        """Load an image, to which commands like `save` then apply."""
        return self.command(f"load {quoted(path)}")

    def restore(self) -> None:
        """Restore the preferences and the working directory."""
        self.interface.reset_progress()
        self._go(self.home)
        self._set(self._original)
        self._original = {}
        with contextlib.suppress(OSError):
            self._note.unlink()

    def restore_image(self) -> None:
        """After a failure: reopen the image that was open before, or none, in place of an intermediate image."""
        if self.replaced:
            _ = self.load(self._image) if self._image and self._image.is_file() else self.command("close")
            self.replaced = False

    def restore_interrupted(self) -> None:
        """Restore what an earlier start could not restore because Siril ended or killed it."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if note.get("at") == self.home and Path(note.get("home") or "?").is_dir():
            self.home = note["home"]
        self._original = dict(note.get("settings") or {})
        self.restore()
        self.log("Settings of Siril that an interrupted run had changed were restored.", "salmon")

    def _go(self, folder: str) -> str:
        self._at = folder
        if folder != self.home:
            self._write_note()
        return self.command(f"cd {quoted(folder)}")

    def _record(self, key: str) -> None:
        if key in self._original:
            return
        try:
            self._original[key] = self.interface.get_siril_config(*key.split(".", 1))
        except self.sirilpy.SirilError:  # this preference cannot be read
            return
        self._write_note()

    def _write_note(self) -> None:
        with contextlib.suppress(OSError):
            note = {"settings": self._original, "home": self.home, "at": self._at}
            self._note.write_text(json.dumps(note), encoding="utf-8")

    def _set(self, settings: dict[str, Any]) -> None:
        for key, value in settings.items():
            if self.interface.get_siril_config(*key.split(".", 1)) == value:
                continue
            text = str(value).lower() if isinstance(value, bool) else "" if value in (None, "(not set)") else str(value)
            with contextlib.suppress(self.sirilpy.CommandError):
                self.interface.cmd("set " + quoted(f"{key}={text}"))


def log(interface: Any, text: str, colour: Any) -> None:
    """Write lines to Siril's console."""
    for line in text.splitlines() or [""]:
        rest = "Orchestrate: " + line
        while rest:
            piece = rest.encode("utf-8", "replace")[:LONGEST].decode("utf-8", "ignore")
            interface.log(piece, colour)
            rest = rest[len(piece):]


def quoted(text: object) -> str:
    """One word of a command; Siril has no escapes."""
    quote = "'" if '"' in str(text) else '"'
    return f"{quote}{text}{quote}"


class Program:
    """The program in its own Python, connected by two pipes. The messages are those of orchestrator/io/worker_protocol.py."""

    def __init__(self, siril: Siril) -> None:
        self.siril = siril
        if not PYTHON:
            raise Failed("This script does not know where the program is installed. " + INSTALL)
        # Before other installed copies, and after Python's own modules.
        code = ("import sys; place = next((k for k, p in enumerate(sys.path) if 'packages' in p), len(sys.path)); "
                f"sys.path.insert(place, {PACKAGES!r}); from orchestrator.insiril.worker import main; main()")
        command = [PYTHON, "-P", "-c", code]  # -P: nothing is imported from Siril's working directory, the session
        if os.environ.get("container") == "flatpak":  # noqa: SIM112 (Flatpak's name); the program is outside the sandbox
            command = ["flatpak-spawn", "--host", *command]
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115
        flags = NO_CONSOLE_WINDOW if os.name == "nt" else 0
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                            env=plain_environment(), creationflags=flags)
        except OSError as error:
            raise Failed(f"{PYTHON} cannot be started: {error.strerror}. {INSTALL}") from error
        assert self.process.stdin is not None and self.process.stdout is not None
        self._to, self._from, self._writing = self.process.stdin, self.process.stdout, threading.Lock()
        self._messages: queue.Queue[dict[str, Any] | Exception | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.hello = self._receive()
        if self.hello.get("hello") != PROTOCOL:
            self.close()
            raise Failed(f"The program ({self.hello.get('version')}) and this script ({VERSION}) do not match. {INSTALL}")

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Fulfil a request; the outcome."""
        self.send(start=request)
        return self.next_end()

    def next_end(self) -> dict[str, Any]:
        """Let Siril do its part until a run, or the window, has ended; the outcome."""
        while True:
            message = self._receive()
            if "script" in message:
                done, why = self.siril.execute(message["folder"], message["script"])
                self.send(done=done, why=why)
            elif "log" in message:
                self.siril.log(message["log"], message["colour"])
            elif "progress" in message:
                self.siril.progress(message["progress"], message["share"])
            elif "end" in message:
                return dict(message["end"])

    def stop(self) -> None:
        """Request a stop; Siril finishes its current command."""
        self.siril.stopped = True
        self.send(cancel=True)

    def send(self, **message: Any) -> None:
        with self._writing, contextlib.suppress(OSError):
            self._to.write(json.dumps(message).encode("ascii") + b"\n")
            self._to.flush()

    def close(self) -> None:
        """Close the program's input, which ends it."""
        with contextlib.suppress(OSError):
            self._to.close()
        try:
            self.process.wait(END_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _read(self) -> None:
        """Put messages into a queue, in a thread: Siril stops between two commands while the script waits for it."""
        try:
            for line in self._from:
                message = dict(json.loads(line))
                if "stop" in message:
                    self.siril.stopped = True
                else:
                    self._messages.put(message)
            self._messages.put(None)
        except Exception as error:  # raised where the message is expected
            self._messages.put(error)

    def _receive(self) -> dict[str, Any]:
        message = self._messages.get()
        if isinstance(message, dict):
            return message
        self._messages.put(message)
        if message is not None:
            raise message
        self.process.wait()
        self.errors.seek(0)
        output = self.errors.read()[-SHOWN:].decode("utf-8", "replace").strip()
        raise Failed(f"The program ended without a result (exit status {self.process.returncode}).\n{output}\n{INSTALL}")


def plain_environment() -> dict[str, str]:
    """The environment without the variables that Siril sets for its Python (and an AppImage for its libraries)."""
    drop = ("PYTHON", "SIRIL_PYTHON", "VIRTUAL_ENV", "MY_SOCKET", "MY_PIPE")
    keep = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
    own = os.environ.get("VIRTUAL_ENV")
    if own:
        keep["PATH"] = os.pathsep.join(p for p in keep.get("PATH", "").split(os.pathsep) if not p.startswith(own))
    if "APPDIR" in keep:
        keep.pop("LD_LIBRARY_PATH", None)
    return keep


def work(siril: Siril, program: Program, request: dict[str, Any]) -> dict[str, Any]:
    """Fulfil one request, report the outcome, load the result."""
    return conclude(siril, lambda: program.run(request))


def work_in_window(siril: Siril, program: Program, request: dict[str, Any]) -> dict[str, Any] | None:
    """Open the program's window and conclude each of its runs; the outcome of the last one, None without any.

    Raises WindowMissing if it cannot be opened.
    """
    program.send(start=dict(request, window=True))
    last = None
    while True:
        end = conclude(siril, program.next_end)
        if end.get("problem"):
            raise WindowMissing(end["problem"])
        if end.get("closed"):
            return last
        last = end


def conclude(siril: Siril, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Wait for the end of a run, restore Siril, report the outcome, load the result."""
    siril.stopped = siril.replaced = False
    end = None
    try:
        end = run()
        if not end.get("closed"):
            siril.progress(end["status"], 1.0)
    finally:
        siril.restore()
        if end is None or not end.get("picture"):
            siril.restore_image()
    if end.get("closed"):
        return end
    if end["cancelled"]:
        siril.log("stopped. " + (f"Resume with `orchestrate resume {end['directory']}`." if end["directory"] else ""),
                  "salmon")
    elif end["error"]:
        siril.log(f"{end['error']} {end['remedy'] or ''}", "red")
    if end["picture"]:
        why = siril.load(end["picture"])
        siril.log(f"cannot load {end['picture']}: {why}" if why else f"{end['status']}: loaded {end['picture']}",
                  "red" if why else "green" if end["status"] == "ok" else "salmon")
    if end["report"]:
        siril.log(f"report {end['report']}")
    return end


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pyscript orchestrate.py", description="Stack Siril's working directory.")
    parser.add_argument("--preset", help="named set of settings")
    parser.add_argument("--config", action="append", default=[], metavar="FILE", help="YAML file with settings")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="one setting")
    parser.add_argument("--runs-dir", metavar="DIR", help="folder for runs; default: 'runs' next to the session")
    parser.add_argument("--run-id", metavar="NAME", help="name of the run directory")
    parser.add_argument("--window", action="store_true", help="open the window, also from a script")
    parser.add_argument("--no-dialog", action="store_true", help="use these settings without a dialog, also from the menu")
    return parser.parse_args(words)


def request_from(options: argparse.Namespace, siril: Siril) -> dict[str, Any]:
    """The request to the program; relative paths start in Siril's working directory."""
    def path(name: str | None) -> str | None:
        return None if name is None else str(Path(siril.home) / Path(name).expanduser())

    return {"session": siril.home, "preset": options.preset, "config": [path(f) for f in options.config],
            "set": options.set, "runs_dir": path(options.runs_dir), "run_id": options.run_id,
            "siril": f"the running Siril (sirilpy {siril.sirilpy.__version__})"}


def find_dialog(sirilpy: Any) -> Any:
    """The function that shows the dialog; None without Qt, when the defaults are used."""
    with contextlib.suppress(Exception, SystemExit):
        if not any(importlib.util.find_spec(name) for name in ("PyQt6", "PySide6")):
            sirilpy.ensure_installed("PyQt6")
        return runpy.run_path(str(Path(PACKAGES) / "orchestrator" / "insiril" / "dialogue.py"))["show_dialog"]
    return None


def run_inside(siril: Siril, words: list[str]) -> int:
    """The whole script, once Siril is connected; the exit status, which Siril ignores."""
    options = arguments(words)
    siril.restore_interrupted()
    program = Program(siril)
    try:
        request = request_from(options, siril)
        wanted = options.window or (not siril.interface.is_cli() and not options.no_dialog)
        if wanted and program.hello.get("window"):
            try:
                end = work_in_window(siril, program, request)
                return 0 if end is None else int(end["code"])
            except WindowMissing as error:
                siril.log(str(error), "salmon")
        show_dialog = find_dialog(siril.sirilpy) if wanted else None
        if wanted and show_dialog is None:
            siril.log("PyQt6, which the dialog needs, is not installed: the defaults are used.", "salmon")
        end = work(siril, program, request) if show_dialog is None else show_dialog(siril, program, request, work)
    finally:
        program.close()
    return 0 if end is None else int(end["code"])


def main(words: list[str] | None = None) -> int:
    try:
        import sirilpy

        interface = sirilpy.SirilInterface()
        interface.connect()
    except Exception as error:  # sirilpy is not installed, or Siril is not running
        print(f"orchestrate.py works inside Siril: start it from Siril's Scripts menu, or with `pyscript` ({error}).\n"
              "Outside Siril use `orchestrate run SESSION`.", file=sys.stderr)
        return 2
    # siril-cli discards a script's output and blocks if there is more than a pipe holds: messages go to Siril's console instead.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as sink, \
            contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        siril = None
        try:
            interface.cmd("requires", "1.4.0")
            if not sirilpy.check_module_version(">=1.0.8"):
                raise Failed(f"sirilpy {sirilpy.__version__} is too old: update Siril.")
            siril = Siril(interface, sirilpy)
            return run_inside(siril, sys.argv[1:] if words is None else words)
        except SystemExit as error:  # from argparse, whose message is in the sink
            sink.seek(0)
            report_end(siril, interface, sirilpy, sink.read()[-SHOWN:], error.code)
            return int(error.code or 0)
        except (Failed, sirilpy.CommandError) as error:
            report_end(siril, interface, sirilpy, str(error), 1)
        except BaseException:
            report_end(siril, interface, sirilpy, traceback.format_exc(), 1)
        return 1


def report_end(siril: Siril | None, interface: Any, sirilpy: Any, text: str, code: object) -> None:
    """Write a final message to Siril's console; after a failure no intermediate image stays open."""
    log(interface, text, sirilpy.LogColor.RED if code else sirilpy.LogColor.DEFAULT)
    if siril is not None and code:
        with contextlib.suppress(Exception):
            siril.restore_image()


if __name__ == "__main__":
    sys.exit(main())
