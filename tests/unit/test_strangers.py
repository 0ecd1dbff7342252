"""Projects, settings, templates, headers and folders of someone else run nothing and write nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jinja2.exceptions
import pytest
import yaml
from astropy.io import fits

from orchestrator.cli.main import cli
from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.config.trust import PROGRAM_SETTINGS, config_folder, programs_in, remember, state_file
from orchestrator.errors import ConfigError, ToolError
from orchestrator.io.visible import visible
from orchestrator.pipeline.resume import settings_of
from orchestrator.project.files import load_project, save_project
from orchestrator.project.nights import trusted_config
from orchestrator.report.render import embedded_json, page
from orchestrator.runtime.events import EventLog
from orchestrator.session.headers import frame_info
from orchestrator.session.model import Role
from orchestrator.tools.probe import ToolProbe
from orchestrator.tools.process import Command, run_process
from orchestrator.tools.python_process import python_environment, python_module, safe_path
from orchestrator.tools.siril.script import quote, render

PACKAGE = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="scripts of POSIX")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without configuration, whose current folder is that of a stranger's project."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / "state"))
    (folder := tmp_path / "stranger").mkdir()
    monkeypatch.chdir(folder)
    program = folder / "program.sh"
    program.write_text('#!/bin/sh\necho started >"$(dirname "$0")/STARTED"\n')
    program.chmod(0o755)
    (folder / "templates").mkdir()
    (folder / "templates" / "calibrate.ssf.j2").write_text("requires 1.4.0\n")
    return folder


def settings(folder: Path, name: str = "settings.yaml", **values: Any) -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(values or {"engine": {"siril": {"executable": "program.sh", "templates": "templates"}}}))
    return path


def nested(name: str, value: str) -> dict[str, Any]:
    content: Any = value
    for part in reversed(name.split(".")):
        content = {part: content}
    return dict(content)


# --- trust


@pytest.mark.parametrize("name", PROGRAM_SETTINGS)
def test_a_file_of_someone_else_names_no_program(home: Path, name: str) -> None:
    path = settings(home, **nested(name, "program.sh"))
    with pytest.raises(ConfigError, match="not trusted") as error:
        load_config([path])
    assert name in error.value.message and str(path) in error.value.message and "--trust" in error.value.remedy
    load_config([path], only_shown=True)
    assert programs_in(load_config(overrides=[f"{name}=program.sh"]).model_dump(mode="json")) == {name: "program.sh"}


def test_every_setting_of_a_program_is_known() -> None:
    """A new setting with the path of a program must be added to PROGRAM_SETTINGS."""
    words = ("path of", "executable", "template", "scheduler")
    found = []

    def walk(model: Any, prefix: str) -> None:
        for name, info in model.model_fields.items():
            if hasattr(info.annotation, "model_fields"):
                walk(info.annotation, f"{prefix}{name}.")
            elif any(w in f"{name} {info.description}".lower() for w in words) and "Path" in str(info.annotation):
                found.append(f"{prefix}{name}")

    walk(RunConfig, "")
    assert set(found) <= set(PROGRAM_SETTINGS) and len(found) >= 5


def test_trust_is_remembered_until_something_changes(home: Path) -> None:
    path = settings(home)

    def trusted() -> bool:
        try:
            load_config([path])
        except ConfigError:
            return False
        return True

    cli.main(["config", "trust", str(path)], standalone_mode=False)
    assert trusted()
    for changed in (path, home / "program.sh", home / "templates" / "calibrate.ssf.j2"):
        before = changed.read_bytes()
        changed.write_bytes(before + b"# changed\n")
        assert not trusted()
        changed.write_bytes(before)
        assert trusted()
    (home / "templates" / "register.ssf.j2").write_text("requires 1.4.0\n")
    assert not trusted()
    assert json.loads(state_file().read_bytes())["trusted"]


def test_trust_is_not_moved_to_a_copy(home: Path, tmp_path: Path) -> None:
    path = settings(home)
    remember(path, yaml.safe_load(path.read_text()))
    load_config([path])
    copy = tmp_path / "copy.yaml"
    copy.write_bytes(path.read_bytes())
    with pytest.raises(ConfigError):
        load_config([copy])


def test_a_file_of_the_user_is_trusted_unless_others_can_write_it(home: Path) -> None:
    (folder := config_folder()).mkdir(parents=True)
    path = settings(folder)
    load_config([path])
    if os.name == "posix":
        path.chmod(0o666)
        with pytest.raises(ConfigError):
            load_config([path])


def test_a_project_of_someone_else_starts_nothing(home: Path) -> None:
    content = {"version": 2, "name": "P", "nights": [], "settings": {"engine": {"siril": {"executable": "program.sh"}}}}
    (home / "project.yaml").write_text(yaml.safe_dump(content))
    project = load_project(home)
    with pytest.raises(ConfigError, match="not trusted"):
        trusted_config(project)
    save_project(project)  # the window saves it again, also elsewhere
    save_project(project, home / "elsewhere")
    for place in (home, home / "elsewhere"):
        with pytest.raises(ConfigError, match="not trusted"):
            trusted_config(load_project(place))
    cli.main(["config", "trust", str(home)], standalone_mode=False)
    assert trusted_config(load_project(home)).engine.siril.executable == home / "program.sh"
    assert not (home / "STARTED").exists()


def test_a_program_chosen_in_the_window_needs_no_further_trust(home: Path) -> None:
    (home / "project.yaml").write_text(yaml.safe_dump({"version": 2, "name": "P", "nights": []}))
    project = load_project(home)
    project.settings = {"bge": {"graxpert": "program.sh"}}
    save_project(project)
    assert trusted_config(load_project(home)).bge.graxpert == home / "program.sh"


def test_the_settings_of_a_foreign_run_start_nothing(home: Path) -> None:
    (run := home / "run").mkdir()
    settings(run, "config.yaml", astrometry={"astap": str(home / "program.sh")})
    with pytest.raises(ConfigError, match="not trusted"):
        settings_of(run, ())


@pytest.mark.parametrize("arguments", [["run", "S"], ["scan", "S"], ["frames", "S"], ["script", "S"], ["solve", "x.fits"],
                                       ["watch", "S"], ["remove-background", "x.fits"], ["calibrate-color", "x.fits"]])
def test_trust_is_given_by_an_option_of_every_verb(home: Path, arguments: list[str]) -> None:
    path = settings(home)
    command = [*arguments, "--config", str(path)]
    with pytest.raises(ConfigError, match="not trusted"):
        cli.main(command, standalone_mode=False)
    with pytest.raises(Exception) as error:  # S and x.fits do not exist
        cli.main([*command, "--trust"], standalone_mode=False)
    assert "trusted" not in str(error.value)
    assert not (home / "STARTED").exists()


# --- templates


@pytest.mark.parametrize("text", [
    '{{ cycler.__init__.__globals__.os.popen("echo started >STARTED").read() }}',
    '{{ "".__class__.__mro__[1].__subclasses__() }}', "{{ self.__init__.__globals__ }}", "{{ kind.append(1) }}",
    '{{ "{0.__class__.__init__.__globals__}".format(lipsum) }}', "{{ lipsum.__globals__['os'] }}"])
def test_a_template_reaches_nothing(home: Path, text: str) -> None:
    (home / "templates" / "master.ssf.j2").write_text(f"requires 1.4.0\n# {text}\nclose\n")
    with pytest.raises((ConfigError, jinja2.exceptions.SecurityError)):
        render("master.ssf.j2", home / "templates", kind=["dark"], sequence="dark", sigma=3, threads=1, memory_gb=1.0)
    assert not (home / "STARTED").exists()


@pytest.mark.parametrize("value", ["a\npyscript evil.py", "a\rload x", "a\u2028cd /", "a'b\"c", "$home$", "a\x00"])
def test_a_file_name_adds_no_command(value: str) -> None:
    with pytest.raises(ToolError, match="cannot be written in a Siril script"):
        quote(value)


# --- Python and PATH


@POSIX
def test_relative_entries_of_path_are_not_searched(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "tool").write_text("#!/bin/sh\ntouch STARTED\n")
    (home / "tool").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", "bin", os.environ["PATH"]]))
    assert ToolProbe(name="tool", tool="tool", executables=("tool",), remedy="").candidates() == ()
    assert all(Path(p).is_absolute() for p in safe_path().split(os.pathsep))
    lines: list[str] = []
    run_process(["/bin/sh", "-c", 'echo "$PATH"; tool || true'], on_line=lines.append)
    assert lines[0] == safe_path() and not (home / "STARTED").exists()
    assert run_process(Command(["/bin/sh", "-c", "exit 3"], env={"A": "b"})).returncode == 3


@POSIX
def test_nothing_is_imported_from_the_current_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("orchestrator", "numpy", "click", "sep"):
        (home / name).mkdir()
        (home / name / "__init__.py").write_text('open("STARTED", "w").write("imported from the session folder")\n')
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([".", "", str(PACKAGE)]))
    done = subprocess.run(list(map(str, python_module("orchestrator", "--version"))), env=python_environment(), cwd=home,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not (home / "STARTED").exists(), done.stderr


@pytest.mark.slow
def test_the_session_of_a_stranger_runs_nothing_as_current_folder(home: Path, simulated: Any) -> None:
    """`python -m orchestrator` in the folder of a session, as in Siril, with its own copy of modules."""
    folder, _ = simulated("tiny_mono")
    (home / "orchestrator_is_elsewhere").touch()
    for name in ("click", "numpy", "yaml"):
        (home / f"{name}.py").write_text("open(\"STARTED\", \"w\")\n")
    done = subprocess.run([sys.executable, "-m", "orchestrator", "scan", str(folder)], cwd=home, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(PACKAGE)}, check=False)
    assert done.returncode == 0 and not (home / "STARTED").exists(), done.stderr


def test_the_program_inside_siril_does_not_search_the_session(home: Path) -> None:
    text = (PACKAGE / "orchestrator" / "insiril" / "launcher.py").read_text(encoding="utf-8")
    assert '[PYTHON, "-P", "-c", code]' in text
    (home / "orchestrator").mkdir()
    (home / "orchestrator" / "__init__.py").write_text('open("STARTED", "w")\n')
    code = f"import sys; sys.path.append({str(PACKAGE)!r}); import orchestrator; print(orchestrator.__file__)"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=home, env=environment, capture_output=True, text=True,
                          check=False)
    assert not (home / "STARTED").exists() and str(home) not in done.stdout


@pytest.mark.slow
def test_a_local_cluster_is_closed_to_other_users() -> None:
    pytest.importorskip("cryptography")
    code = ("import psutil\nfrom orchestrator.runtime.executor import DaskWork\n"
            "if __name__ == '__main__':\n work = DaskWork(None, 1)\n print(work._client.scheduler.address)\n"
            " for p in (psutil.Process(), *psutil.Process().children(recursive=True)):\n"
            "  for c in p.net_connections():\n   print('at', c.laddr.ip) if c.status == 'LISTEN' else None\n work.close()\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120,
                          env={**os.environ, "PYTHONPATH": str(PACKAGE)})
    first, *listening = done.stdout.split("\n")
    assert first.startswith("tls://127.0.0.1:") and {line for line in listening if line} == {"at 127.0.0.1"}


# --- headers


ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"


def test_control_characters_of_headers_and_names_are_shown_not_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in visible(ESCAPE) and visible("M 31 é\n\tα") == "M 31 é\n\tα"
    raw = fits.Header({"OBJECT": "x"})
    raw._cards[0]._value = ESCAPE
    info = frame_info(Path("a.fit"), raw, Role.LIGHT, (4, 4))
    assert info.object is not None and visible(info.object) == info.object
    heard: list[dict[str, Any]] = []
    events = EventLog(None, (heard.append,))
    events.warning(f"{ESCAPE} is not used")
    events.emit("note", message=ESCAPE)
    assert all(visible(e["message"]) == e["message"] for e in heard) and visible(events.warnings[0]) == events.warnings[0]


def test_a_page_runs_no_script_of_a_header() -> None:
    evil = '</script><script>alert(1)</script><img src=x onerror=alert(1)>'
    text = page("inspect.html.j2", "", "", head=[evil], rows=[], stack="", count=0, title=evil)
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "<" not in embedded_json({"object": evil})
