"""The script inside Siril with a small imitation of sirilpy; the worker over pipes; the installation of the script."""

from __future__ import annotations

import ast
import json
import os
import queue
import sys
import threading
import time
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import new_project
from orchestrator.cli.main import cli
from orchestrator.errors import Cancelled, ConfigError, ExitCode, RunError, ToolError, ToolMissing
from orchestrator.insiril import install, launcher, worker
from orchestrator.io.worker_protocol import WorkerChannel
from orchestrator.simulation import PRESETS, simulate
from orchestrator.tools.siril.cli import Expected, ScriptJob, find_siril, run_script
from orchestrator.tools.siril.running_instance import ChannelSiril, working_inside
from orchestrator.version import __version__

PACKAGE = Path(launcher.__file__).parent


class SirilError(Exception):
    pass


class CommandError(SirilError):
    pass


class Interface:
    """The part of sirilpy.SirilInterface that the script uses. ``commands`` records; ``refuse``: names of commands that fail."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.commands, self.messages, self.shares = folder, [], [], []
        self.refuse: set[str] = set()
        self.settings: dict[str, Any] = {"core.extension": ".fits", "core.force_16bit": True, "core.mem_mode": 0,
                                         "compression.enabled": True, "compression.method": 2, "compression.quantization": 8.0}
        self.wd, self.image, self.cli = str(folder / "session"), None, True
        Path(self.wd).mkdir()

    def connect(self) -> bool:
        return True

    def cmd(self, *args: str) -> None:
        line = " ".join(args)
        self.commands.append(line)
        name, _, rest = line.partition(" ")
        if name in self.refuse:
            raise CommandError(f"Command '{line}' failed: Generic error")
        if name == "cd":
            self.wd = rest.strip("'\"")
        elif name == "set":
            key, _, value = rest.strip("'\"").partition("=")
            self.settings[key] = type(self.settings[key])(value != "false" if isinstance(self.settings[key], bool) else value)
        elif name == "setext":
            self.settings["core.extension"] = "." + rest
        elif name == "load":
            self.image = rest.strip("'\"")

    def get_siril_config(self, group: str, key: str) -> Any:
        if f"{group}.{key}" not in self.settings:
            raise SirilError("configuration key not found")
        return self.settings[f"{group}.{key}"]

    def log(self, text: str, colour: str) -> None:
        self.messages.append((text, colour))

    def update_progress(self, text: str, share: float) -> None:
        self.shares.append((text, share))

    def reset_progress(self) -> None:
        self.shares.append(("", 0.0))

    def is_image_loaded(self) -> bool:
        return self.image is not None

    get_siril_wd = lambda self: self.wd  # noqa: E731
    get_siril_configdir = lambda self: str(self.folder)  # noqa: E731
    get_image_filename = lambda self: self.image  # noqa: E731
    is_cli = lambda self: self.cli  # noqa: E731

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self.messages)


@pytest.fixture
def siril(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Interface:
    """An imitated Siril, whose sirilpy can be imported."""
    interface = Interface(tmp_path)
    module = types.ModuleType("sirilpy")
    colours = types.SimpleNamespace(DEFAULT="default", RED="red", SALMON="salmon", GREEN="green", BLUE="blue")
    vars(module).update(SirilInterface=lambda: interface, SirilError=SirilError, CommandError=CommandError, LogColor=colours,
                        __version__="1.0.17", check_module_version=lambda wanted: wanted == ">=1.0.8")
    monkeypatch.setitem(sys.modules, "sirilpy", module)
    return interface


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """program(code): a stand-in for the Python with the program; it can ``send`` and ``receive`` messages."""

    def make(code: str, hello: int = launcher.PROTOCOL, window: bool = False) -> Path:
        file = tmp_path / "python"
        file.write_text(f"#!{sys.executable}\n" + """import json, os, sys
def send(**m): print(json.dumps(m), flush=True)
def receive(): return json.loads(sys.stdin.readline())
def end(**m): send(end={"status": "ok", "code": 0, "picture": None, "directory": None, "report": None, "error": None,
                        "remedy": None, "cancelled": False, **m})
""" + f"send(hello={hello}, version='9', presets={{}}, window={window})\n{code}")
        file.chmod(0o755)
        monkeypatch.setattr(launcher, "PYTHON", str(file))
        return file

    return make


def test_commands_are_executed_and_everything_is_restored(siril: Interface, program, tmp_path: Path) -> None:
    work, picture = tmp_path / "a b", tmp_path / "it's.fits"
    program(f"""request = receive()["start"]
send(log="PHASE ok", colour="salmon"); send(progress="PHASE", share=0.25)
send(script=["setext fit", "setcompress 0", "set core.mem_mode=1", "stack x"], folder={str(work)!r})
assert receive() == {{"done": 4, "why": ""}}
note = json.load(open({str(tmp_path / launcher.NOTE)!r}))  # in case Siril kills the script
assert note["settings"]["core.extension"] == ".fits" and note["home"] == request["session"]
assert "MY_SOCKET" not in os.environ and "VIRTUAL_ENV" not in os.environ
end(picture={str(picture)!r}, status=json.dumps([request[k] for k in ("session", "preset", "set", "runs_dir")]))""")
    os.environ["MY_SOCKET"] = "x"
    try:
        assert launcher.main(["--preset", "sharp", "--set", "a.b=1", "--set", "c=2", "--runs-dir", "there"]) == 0
    finally:
        del os.environ["MY_SOCKET"]
    session = str(tmp_path / "session")
    assert siril.commands == [
        "requires 1.4.0", f'cd "{work}"', "setext fit", "setcompress 0", "set core.mem_mode=1", "stack x", f'cd "{session}"',
        f'cd "{session}"', 'set "core.extension=.fits"', 'set "core.mem_mode=0"', f'load "{picture}"']
    assert siril.settings["core.extension"] == ".fits" and siril.settings["core.mem_mode"] == 0
    assert ("Orchestrate: PHASE ok", "salmon") in siril.messages and ("PHASE", 0.25) in siril.shares
    text, colour = siril.messages[-1]
    assert text == f"Orchestrate: {json.dumps([session, 'sharp', ['a.b=1', 'c=2'], session + '/there'])}: loaded {picture}"
    assert colour == "salmon" and not (tmp_path / launcher.NOTE).exists()


def test_a_failing_command_is_reported_and_the_previous_image_is_reopened(siril: Interface, program, tmp_path: Path) -> None:
    old = tmp_path / "session" / "old.fit"
    old.touch()
    siril.image, siril.refuse = "old.fit", {"subsky"}
    program("""receive(); send(script=["load image", "subsky 2", "save x"], folder="/w")
answer = receive()
end(code=5, status="failed", error=f"after {answer['done']}: {answer['why']}", remedy="Look. " + "ä" * 800)""")
    assert launcher.main([]) == 5
    (first, red), (second, _) = siril.messages
    assert first.startswith("Orchestrate: after 1: Command 'subsky 2' failed: Generic error Look. ä") and red == "red"
    assert (first + second).count("ä") == 800 and max(len(first.encode()), len(second.encode())) < 1021
    assert "save x" not in siril.commands and siril.commands[-1] == f'load "{old}"'


@pytest.mark.parametrize(("code", "hello", "words", "message"), [
    ("receive(); raise RuntimeError('no such thing')", 2, [], "RuntimeError: no such thing"),
    ("", 1, [], "do not match"),
    ("", 2, ["--presett", "x"], "unrecognized arguments: --presett x"),
    ("receive(); print('nonsense', flush=True)", 2, [], "JSONDecodeError"),
])  # fmt: skip
def test_every_failure_is_reported(siril: Interface, program, code: str, hello: int, words: list[str], message: str) -> None:
    program(code, hello)
    assert launcher.main(words) != 0
    assert message in siril.text
    assert next(c for t, c in siril.messages if message in t) == "red"


def test_an_old_siril_or_a_missing_program_is_reported(siril: Interface, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert launcher.main([]) == 1 and "orchestrate insiril install" in siril.text
    monkeypatch.setattr(launcher, "PYTHON", str(tmp_path / "gone"))
    assert launcher.main([]) == 1 and f"{tmp_path / 'gone'} cannot be started: No such file" in siril.text
    siril.refuse = {"requires"}
    assert launcher.main([]) == 1 and siril.messages[-1] == ("Orchestrate: Command 'requires 1.4.0' failed: Generic error", "red")


def test_outside_siril_the_script_names_the_command_line(siril: Interface, monkeypatch: pytest.MonkeyPatch,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    def unset() -> None:
        raise SirilError("Environment variable MY_SOCKET not set")

    monkeypatch.setattr(sys.modules["sirilpy"], "SirilInterface", unset)
    assert launcher.main([]) == 2
    assert "works inside Siril" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "sirilpy", None)
    assert launcher.main([]) == 2
    assert "orchestrate run SESSION" in capsys.readouterr().err


def test_stop_ends_the_script_between_two_commands(siril: Interface, program) -> None:
    program("""receive(); send(script=["pause", "stack x"], folder="/w")
while "cancel" not in (message := receive()): answer = message
answer = receive()
end(code=130, status="aborted", cancelled=True, directory="/runs/1", error=str(answer["done"]))""")
    begun, stopped = threading.Event(), threading.Event()
    plain = siril.cmd

    def cmd(*args: str) -> None:
        plain(*args)
        if args[0] == "pause":
            begun.set()
            assert stopped.wait(10)

    siril.cmd = cmd  # type: ignore[method-assign]
    surface = launcher.Siril(siril, sys.modules["sirilpy"])
    other = launcher.Program(surface)
    ended: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: ended.append(launcher.work(surface, other, {})))
    thread.start()
    assert begun.wait(10)
    other.stop()
    stopped.set()
    thread.join(10)
    other.close()
    assert ended[0]["error"] == "1" and "stack x" not in siril.commands
    assert siril.messages[-1] == ("Orchestrate: stopped. Resume with `orchestrate resume /runs/1`.", "salmon")


def test_each_run_of_the_window_is_concluded_until_it_is_closed(siril: Interface, program) -> None:
    siril.cli = False  # from the Scripts menu
    program("""assert receive()["start"]["window"]
send(script=["set32bits"], folder="/w"); assert receive() == {"done": 1, "why": ""}
end(picture="/first.fits")
send(script=["stack x"], folder="/w"); receive()
end(status="failed", code=5, error="it failed", remedy="repeat it")
send(end={"closed": True, "problem": ""})""", window=True)
    assert launcher.main([]) == 5
    assert "ok: loaded /first.fits" in siril.text and "it failed repeat it" in siril.text
    assert siril.settings["core.force_16bit"] is True and siril.image == "/first.fits"
    # A window that cannot be opened is reported, and the dialog, which is missing here, gives the defaults.
    program("receive(); send(end={'closed': True, 'problem': 'there is no display'})\nreceive(); end()", window=True)
    launcher.find_dialog, before = lambda _: None, launcher.find_dialog
    try:
        assert launcher.main([]) == 0 and "there is no display" in siril.text
    finally:
        launcher.find_dialog = before


def test_settings_of_a_killed_script_are_restored(siril: Interface, program, tmp_path: Path) -> None:
    note = {"settings": {"core.extension": ".fts"}, "home": str(tmp_path), "at": siril.wd}
    (tmp_path / launcher.NOTE).write_text(json.dumps(note))
    program("end(status=receive()['start']['session'], picture='/p')")
    assert launcher.main([]) == 0
    assert siril.settings["core.extension"] == ".fts" and siril.wd == str(tmp_path)
    assert f"{tmp_path}: loaded /p" in siril.text and not (tmp_path / launcher.NOTE).exists()


def test_the_dialog_starts_shows_and_stops_a_run(siril: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    from orchestrator.insiril import dialogue

    app = dialogue.QtWidgets.QApplication.instance() or dialogue.QtWidgets.QApplication([])
    surface = launcher.Siril(siril, sys.modules["sirilpy"])
    stopped = threading.Event()
    program = types.SimpleNamespace(hello={"version": "9", "presets": {"sharp": "less blur"}}, stop=stopped.set)
    requests: list[dict[str, Any]] = []

    def work(surface: Any, program: Any, request: dict[str, Any]) -> dict[str, Any]:
        requests.append(request)
        surface.log("half of it is done")
        surface.progress("PHASE", 0.5)
        assert stopped.wait(10)
        if request["preset"] is None:
            raise RuntimeError("the program ended")
        return {"code": 0}

    def until(condition: Any) -> None:
        limit = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < limit
            app.processEvents()

    request = {"session": surface.home, "preset": "sharp", "set": ["a.b=it's c"], "runs_dir": None}
    window = dialogue.Window(surface, program, request, work)
    window.show()
    window.settings.setText("a.b='")
    window.start.click()
    assert "Settings: No closing quotation" in window.log.toPlainText() and not requests
    window.settings.setText("a.b='x y' c=2")
    window.runs.setText("r")
    window.start.click()
    until(lambda: window.bar.value() == 500)
    assert "half of it is done" in window.log.toPlainText() and window.bar.format() == "PHASE"
    assert not window.start.isEnabled()
    window.close()  # during a run: stops it, and stays open
    assert stopped.is_set() and window.isVisible() and not window.stop.isEnabled()
    until(window.start.isEnabled)
    assert requests == [{**request, "set": ["a.b=x y", "c=2"], "runs_dir": f"{surface.home}/r"}] and window.end == {"code": 0}
    window.preset.setCurrentIndex(0)
    window.start.click()
    until(lambda: not window.isVisible())
    assert requests[1]["preset"] is None and isinstance(window.error, RuntimeError)
    window.deleteLater()  # now, in this thread: its timer must not die in another
    app.sendPostedEvents(None, dialogue.QtCore.QEvent.Type.DeferredDelete)


def test_the_script_is_one_file_that_runs_in_siril_s_python() -> None:
    for name, more in (("launcher.py", {"sirilpy"}), ("dialogue.py", {"PyQt6", "PySide6"})):
        text = (PACKAGE / name).read_text(encoding="utf-8")
        assert text.startswith("# SPDX-License-Identifier: GPL-3.0-or-later\n")
        tree = ast.parse(text, feature_version=(3, 9))
        found = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        found |= {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert {f.split(".")[0] for f in found} <= sys.stdlib_module_names | more, name
    assert launcher.PROTOCOL == worker.PROTOCOL


def test_the_script_and_the_real_worker_understand_each_other(siril: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script has its own copy of the program's side of the protocol (orchestrator/io/worker_protocol.py)."""
    monkeypatch.setattr(launcher, "PYTHON", sys.executable)
    monkeypatch.setattr(launcher, "PACKAGES", str(PACKAGE.parents[1]))
    assert launcher.main(["--preset", "nonsense ä"]) == ExitCode.USAGE
    assert "no preset 'nonsense ä'" in siril.text
    other = launcher.Program(launcher.Siril(siril, sys.modules["sirilpy"]))
    assert other.hello["version"] == __version__ and "sharp" in other.hello["presets"]
    other.close()
    assert other.process.returncode == 0


# ---- the worker --------------------------------------------------------------------------------------------------


class WorkerInThread:
    """A worker in a thread, driven over pipes as the script does."""

    def __init__(self) -> None:
        (read, to), (source, write) = os.pipe(), os.pipe()
        self.to, self._source = os.fdopen(to, "w"), os.fdopen(source)
        self.channel = WorkerChannel(os.fdopen(read), os.fdopen(write, "w"))
        self.thread = threading.Thread(target=worker.Worker(self.channel).serve, daemon=True)
        self.thread.start()
        assert self.receive()["hello"] == worker.PROTOCOL

    def send(self, **message: Any) -> None:
        self.to.write(json.dumps(message) + "\n")
        self.to.flush()

    def receive(self) -> dict[str, Any]:
        return dict(json.loads(self._source.readline()))

    def request(self, session: Path, **changes: Any) -> dict[str, Any]:
        """Send a request for which Siril executes nothing; the outcome."""
        self.send(start={"session": str(session), "preset": None, "config": [], "set": [], "runs_dir": None, "run_id": None,
                         "siril": "siril 1.4.2", **changes})
        while "end" not in (message := self.receive()):
            pass
        return dict(message["end"])


def test_the_worker_reports_an_error_and_accepts_the_next_request(tmp_path: Path) -> None:
    talk = WorkerInThread()
    empty = tmp_path / "night"
    empty.mkdir()
    end = talk.request(empty)
    assert end["code"] == 4 and f"No lights were found in {empty}" in end["error"] and end["picture"] is None
    assert end["directory"] is None and not list(empty.iterdir()) and not (tmp_path / "runs").exists()
    for invalid, message in (({"preset": "sharpest"}, "no preset 'sharpest'"), ({"set": ["stacking.x=1"]}, "stacking.x"),
                        ({"runs_dir": str(empty / "runs")}, "inside the session")):
        end = talk.request(empty, **invalid)
        assert end["code"] == 2 and message in end["error"], end
    assert talk.request(Path.home())["error"].startswith(f"Siril's working directory is {Path.home()}")
    talk.to.close()
    talk.thread.join(10)
    assert not talk.thread.is_alive()


def test_a_project_s_nights_are_stacked_together(tmp_path: Path) -> None:
    for k in (1, 2):
        tiny = replace(PRESETS["tiny_mono"], n_frames=3, n_dark=0, n_bias=0, n_flat=0, night=k, noise_seed=k)
        simulate(tiny, tmp_path / "p" / f"Session {k}")
    new_project(tmp_path / "p")
    off = ["output.report=false", "output.preview=false", "bge.enabled=false"]
    end = WorkerInThread().request(tmp_path / "p", set=["engine.name=native", "runtime.executor=serial", *off])
    assert end["error"] is None and Path(end["picture"]).parent == tmp_path / "p" / "results", end
    assert fits.getheader(end["picture"])["STACKCNT"] == 6
    assert Path(end["directory"]).parent == tmp_path / "p" / "runs"


def test_the_running_siril_executes_a_script_and_its_outputs_decide(tmp_path: Path) -> None:
    talk, script, log = WorkerInThread(), tmp_path / "x.ssf", tmp_path / "log"
    script.write_text("requires 1.4.0\n# a comment\nsetcpu 2\nset32bits\nstack x -out=y\n")
    results: queue.Queue[Any] = queue.Queue()

    def go() -> None:
        try:
            with working_inside(ChannelSiril(talk.channel)):
                probe = find_siril(tmp_path / "none")
                results.put(run_script(probe, ScriptJob(script, tmp_path, log, [Expected(tmp_path / "y.fit")])))
        except Exception as error:
            results.put(error)

    for done, why, make in ((2, "", True), (1, "Generic error", False), (2, "", False)):
        (tmp_path / "y.fit").unlink(missing_ok=True)
        threading.Thread(target=go).start()
        assert talk.receive() == {"script": ["set32bits", "stack x -out=y"], "folder": str(tmp_path)}
        if make:
            (tmp_path / "y.fit").touch()
            (tmp_path / "y.fit").write_bytes(b"x")
        talk.send(done=done, why=why)
        result = results.get(timeout=10)
        if make:
            assert result.attempts == 1
        else:
            assert isinstance(result, ToolError) and script.name in result.message
            assert ("Error in line 5 ('stack x -out=y'): Generic error" if why else "y.fit was not made") in result.message
    assert "set32bits\nstack x -out=y\n" in log.read_text()
    threading.Thread(target=go).start()
    talk.receive()
    talk.to.close()  # Siril has killed the script
    assert isinstance(results.get(timeout=10), Cancelled)


# ---- the installation of the script ------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("XDG_CONFIG_HOME", "SIRIL_CLI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def preferences(home: Path, version: str, folders: str) -> None:
    (home / ".config/siril").mkdir(parents=True, exist_ok=True)
    (home / f".config/siril/config.{version}.ini").write_text(f"[core]\nwd=/x%y\n[gui]\nscript_path={folders}\n")


def test_the_script_folder_comes_from_siril_s_preferences(home: Path) -> None:
    preferences(home, "1.2", f"{home}/old;")
    preferences(home, "1.4", "")
    assert install.script_folder() == home / ".siril/scripts"
    (home / "siril/scripts").mkdir(parents=True)
    assert install.script_folder() == home / "siril/scripts"
    preferences(home, "1.4", f"/proc/nowhere;{home.parent};{home}/my scripts;")
    assert install.script_folder() == home / "my scripts"
    preferences(home, "1.10", "")
    assert install.script_folder() == home / "siril/scripts"
    (home / ".config/siril/config.1.10.ini").write_text("no section")
    with pytest.raises(ConfigError, match=r"config\.1\.10\.ini cannot be read"):
        install.script_folder()


def test_without_siril_the_folder_must_be_given(home: Path) -> None:
    with pytest.raises(ToolMissing, match="No preferences of Siril"):
        install.script_folder(environ={"HOME": str(home), "PATH": ""})
    assert install.script_folder(home / "x", environ={}) == home / "x"


def test_install_and_uninstall_change_only_their_own_file(home: Path) -> None:
    preferences(home, "1.4", f"{home}/s;")
    script = home / "s" / "orchestrate.py"

    def invoke(*words: str) -> Any:
        return CliRunner().invoke(cli, ["insiril", *words], standalone_mode=False)

    assert invoke("path").return_value == 1
    result = invoke("install")
    assert result.return_value == 0 and f'pyscript "{script}"' in result.output and "Python Scripts" in result.output
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(script.read_text(), str(script), "exec"), names)
    assert names["PYTHON"] == sys.executable and (Path(names["PACKAGES"]) / "orchestrator" / "insiril" / "worker.py").is_file()
    assert names["VERSION"] == __version__ and f"\nVersion: {__version__}\n" in script.read_text()
    script.write_text(script.read_text().replace(__version__, "0.0.1"))
    assert invoke("install").return_value == 0 and "0.0.1" not in script.read_text()
    assert invoke("path").return_value == 0 and invoke("uninstall").return_value == 0 and not script.exists()
    assert "There is no orchestrate.py" in invoke("uninstall").output
    assert "Siril does not search this folder" in invoke("install", "--folder", str(home / "t")).output
    script.write_text("print('mine')")
    for act in (install.install, install.uninstall):
        with pytest.raises(RunError, match="left unchanged"):
            act(script.parent)
    assert script.read_text() == "print('mine')"
