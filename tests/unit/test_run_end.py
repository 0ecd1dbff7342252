"""The beginning and the end of a run: names, signals, closed output, files that go wrong in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orchestrator.cli.main import cli
from orchestrator.cli.stopping import Stopping
from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import CalibrationResult
from orchestrator.engines.transform_file import register_given
from orchestrator.errors import ConfigError
from orchestrator.rundir.directory import check_new, create, lock
from orchestrator.rundir.output_files import OutputFile, unchanged
from orchestrator.rundir.record import RunRecord
from orchestrator.runtime.resources import check_settings
from orchestrator.session.devices import load_devices, user_devices_file
from orchestrator.session.model import FrameInfo, Role, Session

PACKAGE = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")


# --- names of runs


@pytest.mark.parametrize("left", [[], [".lock"], [".lock", "logs/run.log"], [".lock", "logs/run.log", "config.yaml"],
                                  [".lock", "logs/run.log", "checkpoints/run.json.part"]])
def test_the_name_of_a_run_that_was_killed_before_it_began_can_be_used(tmp_path: Path, left: list[str]) -> None:
    run = tmp_path / "runs" / "r"
    run.mkdir(parents=True)
    for name in left:
        (run / name).parent.mkdir(exist_ok=True)
        (run / name).touch()
    if left:
        with pytest.raises(ConfigError, match="before it began") as error:
            RunRecord.read(run)
        assert "--run-id r" in error.value.remedy
    assert create(tmp_path / "runs", "r", ()) == run
    with lock(run):
        pass


@pytest.mark.parametrize("left", [["notes.txt"], [".lock", "checkpoints/run.json"], [".lock", "outputs/a.fits"], ["config.yaml"]])
def test_the_name_of_another_folder_cannot_be_used(tmp_path: Path, left: list[str]) -> None:
    for name in left:
        (tmp_path / "r" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "r" / name).touch()
    with pytest.raises(ConfigError, match="already exists"):
        check_new(tmp_path, "r", ())


# --- settings that a dry run must refuse


@pytest.mark.parametrize("runtime", [{"memory_budget": "1 KiB"}, {"memory_budget": "much"}, {"cache_size": "-"},
                                     {"scheduler": "tcp://127.0.0.1:1"}])
def test_a_dry_run_refuses_the_settings_that_a_run_refuses(runtime: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        check_settings(RunConfig.model_validate({"runtime": runtime}))


@pytest.mark.parametrize("options", [["--run-id", "../x"], ["--run-id", "a/b"], ["--set", "runtime.memory_budget=1 KiB"]])
def test_a_dry_run_refuses_what_a_run_refuses(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "S" / "lights").mkdir(parents=True)
    from astropy.io import fits

    for k in range(3):
        fits.writeto(tmp_path / "S" / "lights" / f"{k}.fit", np.random.default_rng(k).integers(900, 1100, (40, 50)).astype("u2"))
    with pytest.raises(ConfigError):
        cli.main(["run", str(tmp_path / "S"), "--runs-dir", str(tmp_path / "runs"), "--dry-run", *options], standalone_mode=False)
    assert not (tmp_path / "runs").exists()


# --- signals and closed output


@POSIX
def test_a_closed_terminal_stops_a_run_unless_it_is_ignored() -> None:
    cancel = threading.Event()
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may have been started with nohup
    try:
        with Stopping(cancel, lambda why: None):
            os.kill(os.getpid(), signal.SIGHUP)
            assert cancel.wait(2)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
        cancel.clear()
        with Stopping(cancel, lambda why: None):
            os.kill(os.getpid(), signal.SIGHUP)
            assert not cancel.wait(0.2)
    finally:
        signal.signal(signal.SIGHUP, before)


CLOSED = """
    import sys, threading
    from pathlib import Path
    import orchestrator.cli.follow as follow
    from orchestrator import RunResult
    from orchestrator.errors import ExitCode, RunError

    def work(listen, cancel):
        for k in range(2000):
            listen({"event": "phase_end", "phase": f"PHASE {k} " + 40 * "x", "status": "ok", "seconds": 1.0, "summary": {}})
            listen({"event": "warning", "message": f"warning {k}"})
        Path(sys.argv[1]).write_text("done")
        return RunResult("ok", ExitCode.OK, Path(sys.argv[1]).parent)

    if __name__ == "__main__":
        sys.exit(follow.follow(work, as_json="json" in sys.argv))
"""


@POSIX
@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_run_continues_when_its_output_is_closed(tmp_path: Path, kind: str) -> None:
    (script := tmp_path / "work.py").write_text(textwrap.dedent(CLOSED))
    process = subprocess.Popen([sys.executable, str(script), str(tmp_path / "end"), kind], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(PACKAGE)})
    assert process.stdout is not None and process.stderr is not None
    if kind == "text":
        process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read().decode()
    assert process.wait(60) == 0, errors
    assert (tmp_path / "end").read_text() == "done" and "Traceback" not in errors


# --- files


def test_a_file_of_a_run_is_unchanged_only_with_its_content(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "outputs" / "a.txt"
    path.parent.mkdir()
    path.write_bytes(b"pixels")
    status = path.stat()
    file = OutputFile("outputs/a.txt", status.st_size, status.st_mtime_ns, hashlib.sha256(b"pixels").hexdigest())
    assert unchanged(tmp_path, file)
    path.write_bytes(b"pixelz")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a bad disk changes it
    assert not unchanged(tmp_path, file)
    path.unlink()
    assert not unchanged(tmp_path, file)


@pytest.mark.parametrize("content", [b"devices: [", b"\xff\xfe", b"- 1\n", b"devices:\n- {name: 3, unknown: [}", b"[" * 9000,
                                     b"devices:\n- {sensor: 5}\n"])
def test_a_broken_list_of_devices_of_the_user_is_named_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                    content: bytes) -> None:
    monkeypatch.setenv("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", str(tmp_path))
    packaged = load_devices()
    user_devices_file().parent.mkdir()
    user_devices_file().write_bytes(content)
    found = load_devices()
    assert found.known == packaged.known and str(user_devices_file()) in found.problem and not packaged.problem
    with pytest.raises(ConfigError):  # a file that the settings name
        load_devices(user_devices_file())


def test_a_folder_in_place_of_the_list_of_devices_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", str(tmp_path))
    user_devices_file().mkdir(parents=True)
    assert load_devices().problem


# --- transforms


def transforms(folder: Path, matrix: Any, **values: Any) -> Path:
    rows = [{"file": "a.fit", "used": True, "matrix": np.eye(3).tolist()},
            {"file": "b.fit", "used": True, "matrix": matrix, **values}]
    (path := folder / "t.json").write_text(json.dumps({"reference": "a.fit", "frames": rows}))
    return path


def given(path: Path) -> Any:
    lights = tuple(FrameInfo(Path(name), Role.LIGHT, (48, 64)) for name in ("a.fit", "b.fit"))
    session = Session((Path(),), "S", {Role.LIGHT: lights})
    return register_given(path, session, CalibrationResult({}, (object(), object()), {}, (), {}), "native")  # type: ignore[arg-type]


@pytest.mark.parametrize("matrix", [
    [[1, 0, 1e6], [0, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, -1e300], [0, 0, 1]], [[10**400, 0, 0], [0, 1, 0], [0, 0, 1]],
    [[float("nan"), 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 0], [-1, 0, 1]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[1, 2]],
    "matrix", {"a": 1}, [[1, 0, 0], [0, 1, 0], [0, 0, "x"]]])
def test_a_transform_that_no_frame_has_is_refused_by_name(tmp_path: Path, matrix: Any) -> None:
    with pytest.raises(ConfigError) as error:
        given(transforms(tmp_path, matrix))
    assert "b.fit" in error.value.message and "t.json" in error.value.message and len(error.value.message) < 500


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", "[1]", '{"frames": 3, "reference": "a"}',
                                  '{"frames": [1], "reference": "a"}',
                                  '{"frames": [{"file": ' + "9" * 5000 + '}], "reference": "a"}', "nonsense", ""])
def test_a_file_without_transforms_is_refused(tmp_path: Path, text: str) -> None:
    (path := tmp_path / "t.json").write_text(text)
    with pytest.raises(ConfigError) as error:
        given(path)
    assert "t.json" in error.value.message and len(error.value.message) < 500


def test_transforms_of_a_mosaic_are_used_whatever_their_other_values(tmp_path: Path) -> None:
    far = [[0.0, -1.0, 600.0], [1.0, 0.0, -300.0], [0.0, 0.0, 1.0]]
    found = given(transforms(tmp_path, far, residual_px="x", matched_stars=[1]))
    assert np.array_equal(found.frames[1].matrix, far) and np.isnan(found.frames[1].residual)
