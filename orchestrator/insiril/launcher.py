# SPDX-License-Identifier: GPL-3.0-or-later
"""
Orchestrate: stacking with local quality, by the Siril that runs.

Takes Siril's working directory (lights/ darks/ flats/ biases/, or a project.yaml) as the session, calibrates, registers and
stacks it with weights for every part of every frame, and loads the result. Siril does its part through commands, the rest is
done by the program `orchestrate` in the Python where it is installed; nothing is installed into Siril's own environment but
PyQt6, for the dialogue. From the Scripts menu a dialogue asks for the settings; in a script:

    pyscript orchestrate.py --preset sharp --set stacking.rejection=sigma

Author: the authors of orchestrate
Version: 0.1.0
Requires: Siril 1.4.0, sirilpy 1.0.8

Changelog
0.1.0  first version
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import runpy
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import Any

VERSION = "0.1.0"
PROTOCOL = 1
# Both are written by `orchestrate insiril install`: the Python that has the program, and the folder that holds its package.
PYTHON = ""
PACKAGES = ""

INSTALL = "Run `orchestrate insiril install` where the program is installed."
# Preferences that commands change; Siril would keep them for ever.
CHANGED = {
    "setext": ["core.extension"], "set16bits": ["core.force_16bit"], "set32bits": ["core.force_16bit"],
    "setcompress": ["compression.enabled", "compression.method", "compression.quantization"],
    "setmem": ["core.mem_mode", "core.mem_ratio"],
    "platesolve": ["starfinder.focal_length", "starfinder.pixel_size"],
    "seqplatesolve": ["starfinder.focal_length", "starfinder.pixel_size"],
}
NOTE = "orchestrate_restore.json"
# Bytes of one line in the console; Siril cuts what is longer than 1021.
LONGEST = 1000


class Failed(Exception):
    """Something to be told to the person, without a traceback."""


class Siril:
    """The running Siril: its console, its commands, and its state, which is put back at the end."""

    def __init__(self, interface: Any, sirilpy: Any) -> None:
        self.interface, self.sirilpy = interface, sirilpy
        self.home = str(interface.get_siril_wd())
        self.listeners: list[Any] = []
        self.stopped = False
        self.replaced = False
        self._before: dict[str, Any] = {}
        self._at: str | None = None
        self._note = Path(str(interface.get_siril_configdir())) / NOTE
        image = interface.get_image_filename() if interface.is_image_loaded() else None
        self._image = Path(self.home) / image if image else None

    def say(self, text: str, colour: str = "default") -> None:
        """One message in the console and in the dialogue."""
        log(self.interface, str(text), getattr(self.sirilpy.LogColor, colour.upper()))
        for listen in self.listeners:
            listen("say", text, colour)

    def progress(self, text: str, share: float) -> None:
        self.interface.update_progress(text, min(max(float(share), 0.0), 1.0))
        for listen in self.listeners:
            listen("progress", text, share)

    def command(self, line: str) -> str:
        """Carry out one command; "" or why it failed. Preferences that it changes are remembered first."""
        name, _, rest = line.partition(" ")
        for key in [rest.strip("\"' ").split("=")[0]] if name.lower() == "set" else CHANGED.get(name.lower(), []):
            self._remember(key)
        self.replaced |= name.lower() == "load"
        try:
            self.interface.cmd(line)
        except self.sirilpy.CommandError as error:
            return str(error)
        return ""

    def carry_out(self, folder: str, commands: list[str]) -> tuple[int, str]:
        """A script in a folder: (how many commands succeeded, why the next did not or "")."""
        done, why = 0, self._go(folder)
        try:
            for line in commands if not why else ():
                why = "it was stopped" if self.stopped else self.command(line)
                if why:
                    break
                done += 1
        finally:
            self._go(self.home)  # what lies in the folder may be removed, which Windows refuses while Siril is in it
        return done, why

    def load(self, path: Path | str) -> str:
        """Show an image, which is then what `save` and the like mean."""
        return self.command(f"load {quoted(path)}")

    def put_back(self) -> None:
        """Preferences and working directory as they were."""
        self.interface.reset_progress()
        self._go(self.home)
        self._set(self._before)
        self._before = {}
        with contextlib.suppress(OSError):
            self._note.unlink()

    def put_back_image(self) -> None:
        """After a failure: the image that was there, or none, so that no intermediate one is taken for the result."""
        if self.replaced:
            _ = self.load(self._image) if self._image and self._image.is_file() else self.command("close")
            self.replaced = False

    def put_back_left_over(self) -> None:
        """What an earlier start could not put back, since Siril ended or killed it."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if note.get("at") == self.home and Path(note.get("home") or "?").is_dir():
            self.home = note["home"]
        self._before = dict(note.get("settings") or {})
        self.put_back()
        self.say("Settings of Siril that an interrupted start had left behind were put back.", "salmon")

    def _go(self, folder: str) -> str:
        self._at = folder
        if folder != self.home:
            self._write_note()
        return self.command(f"cd {quoted(folder)}")

    def _remember(self, key: str) -> None:
        if key in self._before:
            return
        try:
            self._before[key] = self.interface.get_siril_config(*key.split(".", 1))
        except self.sirilpy.SirilError:  # not a preference that can be read
            return
        self._write_note()

    def _write_note(self) -> None:
        with contextlib.suppress(OSError):
            note = {"settings": self._before, "home": self.home, "at": self._at}
            self._note.write_text(json.dumps(note), encoding="utf-8")

    def _set(self, settings: dict[str, Any]) -> None:
        for key, value in settings.items():
            if self.interface.get_siril_config(*key.split(".", 1)) == value:
                continue
            text = str(value).lower() if isinstance(value, bool) else "" if value in (None, "(not set)") else str(value)
            with contextlib.suppress(self.sirilpy.CommandError):
                self.interface.cmd("set " + quoted(f"{key}={text}"))


def log(interface: Any, text: str, colour: Any) -> None:
    """Lines in Siril's console."""
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
    """The program in its own Python, on the other end of two pipes."""

    def __init__(self, siril: Siril) -> None:
        self.siril = siril
        if not PYTHON:
            raise Failed("This script does not know where the program is installed. " + INSTALL)
        code = f"import sys; sys.path.append({PACKAGES!r}); from orchestrator.insiril.worker import main; main()"
        command = [PYTHON, "-c", code]
        if os.environ.get("container") == "flatpak":  # noqa: SIM112 (its name; what is outside is started there)
            command = ["flatpak-spawn", "--host", *command]
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115
        flags = 0x08000000 if os.name == "nt" else 0  # no console window
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                            env=plain_environment(), creationflags=flags)
        except OSError as error:
            raise Failed(f"{PYTHON} cannot be started: {error.strerror}. {INSTALL}") from error
        assert self.process.stdin is not None and self.process.stdout is not None
        self._to, self._from, self._writing = self.process.stdin, self.process.stdout, threading.Lock()
        self.hello = self._receive()
        if self.hello.get("hello") != PROTOCOL:
            self.close()
            raise Failed(f"The program ({self.hello.get('version')}) and this script ({VERSION}) do not fit. {INSTALL}")

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out an order; what came out."""
        self.send(start=order)
        while True:
            message = self._receive()
            if "script" in message:
                done, why = self.siril.carry_out(message["folder"], message["script"])
                self.send(done=done, why=why)
            elif "log" in message:
                self.siril.say(message["log"], message["colour"])
            elif "progress" in message:
                self.siril.progress(message["progress"], message["share"])
            elif "end" in message:
                return message["end"]

    def stop(self) -> None:
        """Ask to stop; Siril finishes the command that it is at."""
        self.siril.stopped = True
        self.send(cancel=True)

    def send(self, **message: Any) -> None:
        with self._writing, contextlib.suppress(OSError):
            self._to.write(json.dumps(message).encode("ascii") + b"\n")
            self._to.flush()

    def close(self) -> None:
        """End of the input means the end of the program."""
        with contextlib.suppress(OSError):
            self._to.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _receive(self) -> dict[str, Any]:
        line = self._from.readline()
        if line:
            return dict(json.loads(line))
        self.process.wait()
        self.errors.seek(0)
        said = self.errors.read()[-4000:].decode("utf-8", "replace").strip()
        raise Failed(f"The program ended without a result (exit status {self.process.returncode}).\n{said}\n{INSTALL}")


def plain_environment() -> dict[str, str]:
    """The environment without what Siril sets for its own Python (and an AppImage for its own libraries)."""
    drop = ("PYTHON", "SIRIL_PYTHON", "VIRTUAL_ENV", "MY_SOCKET", "MY_PIPE")
    keep = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
    own = os.environ.get("VIRTUAL_ENV")
    if own:
        keep["PATH"] = os.pathsep.join(p for p in keep.get("PATH", "").split(os.pathsep) if not p.startswith(own))
    if "APPDIR" in keep:
        keep.pop("LD_LIBRARY_PATH", None)
    return keep


def work(siril: Siril, program: Program, order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order, tell what came out, show the result."""
    siril.stopped = siril.replaced = False
    end = None
    try:
        end = program.run(order)
        siril.progress(end["status"], 1.0)
    finally:
        siril.put_back()
        if end is None or end["picture"] is None:
            siril.put_back_image()
    if end["cancelled"]:
        siril.say("stopped. " + (f"`orchestrate resume {end['directory']}` goes on from there." if end["directory"] else ""),
                  "salmon")
    elif end["error"]:
        siril.say(f"{end['error']} {end['remedy'] or ''}", "red")
    if end["picture"]:
        why = siril.load(end["picture"])
        siril.say(f"cannot load {end['picture']}: {why}" if why else f"{end['status']}: loaded {end['picture']}",
                  "red" if why else "green" if end["status"] == "ok" else "salmon")
    if end["report"]:
        siril.say(f"report {end['report']}")
    return end


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pyscript orchestrate.py", description="Stack Siril's working directory.")
    parser.add_argument("--preset", help="a named set of settings")
    parser.add_argument("--config", action="append", default=[], metavar="FILE", help="a YAML file of settings")
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="one setting")
    parser.add_argument("--runs-dir", metavar="DIR", help="where runs are kept; 'runs' beside the session by default")
    parser.add_argument("--run-id", metavar="NAME", help="name of the run's folder")
    parser.add_argument("--no-dialogue", action="store_true", help="take the settings as they are, from the menu as well")
    return parser.parse_args(words)


def order_of(options: argparse.Namespace, siril: Siril) -> dict[str, Any]:
    """What the program is asked to do; relative paths are meant from Siril's working directory."""
    def path(name: str | None) -> str | None:
        return None if name is None else str(Path(siril.home) / Path(name).expanduser())

    return {"session": siril.home, "preset": options.preset, "config": [path(f) for f in options.config],
            "set": options.set, "runs_dir": path(options.runs_dir), "run_id": options.run_id,
            "siril": f"the running Siril (sirilpy {siril.sirilpy.__version__})"}


def dialogue_of(sirilpy: Any) -> Any:
    """The function that asks, None when there is no Qt for it: then the defaults are taken."""
    with contextlib.suppress(Exception, SystemExit):
        if not any(importlib.util.find_spec(name) for name in ("PyQt6", "PySide6")):
            sirilpy.ensure_installed("PyQt6")
        return runpy.run_path(str(Path(PACKAGES) / "orchestrator" / "insiril" / "dialogue.py"))["ask"]
    return None


def run_inside(siril: Siril, words: list[str]) -> int:
    """Everything, once Siril answers; the exit status, which Siril does not look at."""
    options = arguments(words)
    siril.put_back_left_over()
    program = Program(siril)
    try:
        order = order_of(options, siril)
        asks = not siril.interface.is_cli() and not options.no_dialogue
        ask = dialogue_of(siril.sirilpy) if asks else None
        if asks and ask is None:
            siril.say("There is no PyQt6 for the dialogue: the defaults are taken.", "salmon")
        end = work(siril, program, order) if ask is None else ask(siril, program, order, work)
    finally:
        program.close()
    return 0 if end is None else int(end["code"])


def main(words: list[str] | None = None) -> int:
    try:
        import sirilpy

        interface = sirilpy.SirilInterface()
        interface.connect()
    except Exception as error:  # sirilpy is not there, or has no Siril to speak to
        print(f"orchestrate.py works inside Siril: start it from Siril's Scripts menu, or by `pyscript` ({error}).\n"
              "Outside Siril use `orchestrate run SESSION`.", file=sys.stderr)
        return 2
    # A script's output is lost in siril-cli, and much of it would block Siril for ever: what matters goes to the console.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as sink, \
            contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        siril = None
        try:
            interface.cmd("requires", "1.4.0")
            if not sirilpy.check_module_version(">=1.0.8"):
                raise Failed(f"sirilpy {sirilpy.__version__} is too old: update Siril.")
            siril = Siril(interface, sirilpy)
            return run_inside(siril, sys.argv[1:] if words is None else words)
        except SystemExit as error:  # argparse: its words are in the sink
            sink.seek(0)
            tell(siril, interface, sirilpy, sink.read()[-2000:], error.code)
            return int(error.code or 0)
        except (Failed, sirilpy.CommandError) as error:
            tell(siril, interface, sirilpy, str(error), 1)
        except BaseException:
            tell(siril, interface, sirilpy, traceback.format_exc(), 1)
        return 1


def tell(siril: Siril | None, interface: Any, sirilpy: Any, text: str, code: object) -> None:
    """A last word in Siril's console; after a failure no image is left that could be taken for the result."""
    log(interface, text, sirilpy.LogColor.RED if code else sirilpy.LogColor.DEFAULT)
    if siril is not None and code:
        with contextlib.suppress(Exception):
            siril.put_back_image()


if __name__ == "__main__":
    sys.exit(main())
