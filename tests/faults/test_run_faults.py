"""What goes wrong in the middle of a run: bad frames, a full disk, an interrupt, a kill. Real faults, not imitations."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, resume, run
from orchestrator.simulation.faults import corrupt

BAD_LIGHTS = ("truncated", "empty", "text", "wrong_size", "blank", "zeros", "saturated", "nan", "headerless", "debayered",
              "stretched", "other_field", "other_pattern", "other_gain", "other_filter", "other_binning")
NATIVE = RunConfig.model_validate({"engine": {"name": "native"}})


@pytest.mark.parametrize("kind", BAD_LIGHTS)
def test_one_bad_light_costs_that_light_only_and_is_named(session: Path, tmp_path: Path, kind: str) -> None:
    bad = corrupt(session, kind)
    result = run(session, NATIVE, runs_dir=tmp_path / "runs")
    assert result.status in ("ok", "validation_failed"), result.error
    # Pixels without a value have no weight; the others of that light are used.
    assert result.statistics.frames_used == (8 if kind == "nan" else 7)
    assert any(bad.name in warning for warning in result.warnings), result.warnings


# A phase that never looks whether it is to stop.
DEAF = """
import time
from orchestrator.cli import stopping
from orchestrator.cli.main import main
from orchestrator.phases.{module} import {phase}
stopping.PATIENCE = 2.0
{phase}.run = lambda self, context, state: time.sleep(600)
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize(("module", "phase", "signals"), [("validation", "Validation", 1), ("tile_reconstruction",
                                                                                           "TileReconstruction", 2)])
def test_what_does_not_heed_an_interrupt_is_ended_in_time(simulated, tmp_path: Path, module: str, phase: str,
                                                          signals: int) -> None:
    folder, _ = simulated("tiny_mono")
    command = ["run", str(folder), "--engine", "native", "--runs-dir", str(tmp_path), "--run-id", "deaf", "--json"]
    process = subprocess.Popen([sys.executable, "-c", DEAF.format(module=module, phase=phase), *command],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    log, deadline = tmp_path / "deaf" / "logs" / "run_events.jsonl", time.monotonic() + 120
    while time.monotonic() < deadline and not (log.exists() and _last(log) == {"event": "phase_start", "phase": phase}):
        time.sleep(0.02)
    begin = time.monotonic()
    for _ in range(signals):
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
    told, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and time.monotonic() - begin < 10, errors
    assert json.loads(told)["status"] == "aborted" and json.loads(told)["directory"] == str(tmp_path / "deaf")
    assert f"orchestrate resume {tmp_path / 'deaf'}" in errors and "was ended" in errors
    resumed = resume(tmp_path / "deaf")
    assert resumed.error is None and "CALIBRATION" not in resumed.ran
    with fits.open(tmp_path / "deaf" / "outputs" / "stacked.fits") as file:
        assert np.isfinite(file[0].data).all()


def _last(log: Path) -> dict[str, str]:
    """Event and phase (as its class is named) of the last whole line of an event log."""
    lines = log.read_text().splitlines()
    event = json.loads(lines[-1]) if lines and lines[-1].endswith("}") else {}
    return {"event": event.get("event", ""), "phase": event.get("phase", "").title().replace("_", "")}


def test_names_that_break_shells_and_scripts_are_only_names(session: Path, tmp_path: Path) -> None:
    odd = ["two words.fit", "quote's.fit", 'double".fit', "#hash.fit", "Müller.fit", "new\nline.fit", "$HOME.fit"]
    lights = sorted((session / "lights").iterdir())
    for path, name in zip(lights, odd, strict=False):
        path.rename(path.with_name(name))
    result = run(session, NATIVE, runs_dir=tmp_path / "runs")
    assert result.status == "ok" and result.statistics.frames_used == len(lights)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have Unicode names only")
def test_a_name_that_is_no_utf8_is_only_a_name(session: Path, tmp_path: Path) -> None:
    first = sorted((session / "lights").iterdir())[0]
    first.rename(first.with_name(os.fsdecode(b"caf\xe9.fit")))
    result = run(session, NATIVE, runs_dir=tmp_path / "runs")
    assert result.status == "ok" and result.statistics.frames_used == 8


def test_compressed_frames_give_the_same_stack(session: Path, begun, tmp_path: Path) -> None:
    plain = begun("whole", tmp_path / "runs")
    for path in sorted((session / "lights").iterdir()):
        with gzip.open(path.with_name(path.name + ".gz"), "wb") as stream:
            stream.write(path.read_bytes())
        path.unlink()
    packed = run(session, NATIVE, runs_dir=tmp_path / "runs", run_id="packed")
    assert packed.error is None, packed.error
    assert np.array_equal(fits.getdata(plain / "outputs" / "stacked.fits"), fits.getdata(packed.products["stacked"]))


def test_a_read_only_session_is_enough(session: Path, tmp_path: Path) -> None:
    for path in sorted(session.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    session.chmod(0o555)
    try:
        assert run(session, NATIVE, runs_dir=tmp_path / "runs").status == "ok"
    finally:
        for path in (session, *session.rglob("*")):
            path.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize(("number", "code"), [
    (signal.SIGINT, 130), pytest.param(signal.SIGTERM, 130, marks=pytest.mark.slow), (signal.SIGKILL, -9)])
def test_an_interrupted_run_leaves_no_broken_product(simulated, tmp_path: Path, number: signal.Signals, code: int) -> None:
    folder, _ = simulated("tiny_mono")
    command = [sys.executable, "-m", "orchestrator", "run", str(folder), "--engine", "native", "--runs-dir", str(tmp_path),
               "--run-id", "stopped"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log = tmp_path / "stopped" / "logs" / "run_events.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (log.exists() and '"REGISTRATION"' in log.read_text()):
        time.sleep(0.02)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    for path in (tmp_path / "stopped").rglob("*.fit*"):
        if not path.name.endswith(".part"):
            fits.getdata(path)
    if number != signal.SIGKILL:
        manifest = json.loads((tmp_path / "stopped" / "manifest.json").read_text())
        assert manifest["status"] == "aborted"
    again = subprocess.run([*command[:-1], "again"], capture_output=True, text=True, timeout=120, check=False)
    assert again.returncode in (0, 3), again.stderr
