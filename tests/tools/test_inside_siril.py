"""The whole pipeline started from inside the real Siril, by `pyscript` in a script for siril-cli."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import run, simulation
from orchestrator.astrometry.catalogs import write_catalogs
from orchestrator.config.load import load_config
from orchestrator.insiril.install import install
from orchestrator.io.wcs_header import read_wcs
from orchestrator.simulation import PRESETS, simulate_filters
from orchestrator.tools.siril.cli import SirilProgram

# Siril may be in another root than this Python (scripts/real-tools.sh), so that its script cannot start it. The program that it
# starts forwards everything to a socket, behind which the tests start the worker.
RELAY = """#!/usr/bin/env python3
import os, socket, threading
far = socket.socket(socket.AF_UNIX)
far.connect({address!r})
def up():
    while data := os.read(0, 65536):
        far.sendall(data)
    far.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while data := far.recv(65536):
    os.write(1, data)
"""
WORKER = "from orchestrator.insiril.worker import main; main()"
# The same with a window that is operated: it starts a run when the scan has ended, and is closed after the run.
OPERATED = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from orchestrator.insiril import window as inside
QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, {memory!r})
opened = inside.opened_window

def operated():
    window = opened("en")
    def start():
        if window.run.start.isEnabled() and window.frames.model.rows and not window.frames.stop.isVisible():
            timer.stop()
            window.tabs.setCurrentWidget(window.run)
            QTest.mouseClick(window.run.start, Qt.MouseButton.LeftButton)
    timer = QTimer(window)
    timer.timeout.connect(start)
    timer.start(50)
    window.run.finished.connect(lambda _directory: QTimer.singleShot(200, window.close))
    return window

inside.opened_window = operated
from orchestrator.insiril.worker import main
main()
"""


@dataclass
class InsideSiril:
    """siril-cli with a separate home folder, in which the script is installed."""

    program: Path
    environment: dict[str, str]
    script: Path
    workers: list[subprocess.Popen[bytes]]
    code: list[str]  # of the next worker

    def start(self, folder: Path, *lines: str) -> subprocess.Popen[bytes]:
        """Start Siril with a script; the script and the log are written to ``folder``."""
        (folder / "script.ssf").write_text("\n".join(["requires 1.4.0", *lines, ""]))
        with (folder / "siril.log").open("wb") as log:
            return subprocess.Popen([self.program, "-d", folder, "-s", folder / "script.ssf"], env=self.environment, cwd="/",
                                    stdout=log, stderr=log, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def inside(siril: SirilProgram, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InsideSiril]:
    # Short: the name of a socket has 107 bytes at most.
    home = tmp_path_factory.mktemp("h")
    address, relay = str(home / "s"), home / "python"
    relay.write_text(RELAY.format(address=address))
    relay.chmod(0o755)
    keep = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "http", "HTTP", "SSL", "NO_PROXY", "no_proxy"))}
    environment = {**keep, "HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
                   "PIP_CONFIG_FILE": str(pip_settings(home))}
    made = InsideSiril(siril.path, environment, install(home / ".siril" / "scripts", relay), [], [WORKER])
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        threading.Thread(target=serve, args=(server, made), daemon=True).start()
        yield made
        server.shutdown(socket.SHUT_RDWR)


def pip_settings(folder: Path) -> Path:
    """The pip configuration of this machine, where Siril's pip reads it: Siril installs its Python module at its first start."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^global\.([\w-]+)='(.*)'$", listed, re.MULTILINE)
    file = folder / "pip.conf"
    file.write_text("[global]\n" + "".join(f"{key} = {value}\n" for key, value in found))
    return file


def serve(server: socket.socket, inside: InsideSiril) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:  # the tests are over
            return
        with connection:
            inside.workers.append(subprocess.Popen([sys.executable, "-c", inside.code[0]], stdin=connection, stdout=connection))


@dataclass
class Night:
    """The outcome of one script: Siril's log, the session, the runs, and the image that Siril saved after them."""

    log: str
    session: Path
    runs: Path
    settings: tuple[str, ...]
    shown: Path


@pytest.fixture(scope="session")
def night(inside: InsideSiril, simulated: Callable[..., tuple[Path, object]], tmp_path_factory: pytest.TempPathFactory) -> Night:
    session, _ = simulated("real_sky", n_frames=5, width=480, height=360, n_bias=3, n_dark=3, n_flat=3)
    folder = tmp_path_factory.mktemp("in siril")
    (folder / "empty").mkdir()
    write_catalogs(Path(simulation.__file__).parent / "stars.csv", ("siril",), folder)
    settings = ("astrometry.solver=siril", f"astrometry.siril_catalog={folder / 'siril_gaia_astro.dat'}", "bge.method=siril",
                "engine.siril.fallback=false", "output.report=false", "output.preview=false", "runtime.cache=false")
    words = " ".join(f'--set "{s}"' for s in settings)
    siril = inside.start(
        folder, "setext fts", f'cd "{folder / "empty"}"', f'pyscript "{inside.script}"',
        f'pyscript "{inside.script}" --preset x y',
        f'cd "{session}"', f'pyscript "{inside.script}" --runs-dir "{folder / "runs"}" --run-id inside {words}',
        f'save "{folder / "shown"}"', "get core.extension", "get core.mem_mode", "get debayer.use_bayer_header",
        "get starfinder.focal_length", "pwd")
    assert siril.wait(300) == 0, (folder / "siril.log").read_text(errors="replace")[-3000:]
    log = re.sub(r"\x1b\[[0-9]*[AKT]", "", (folder / "siril.log").read_text(encoding="utf-8", errors="replace"))
    return Night(log, session, folder / "runs", settings, folder / "shown.fts")


def test_the_phases_are_reported_and_siril_did_its_part(night: Night) -> None:
    logged = re.findall(r"^log: Orchestrate: (\w+) ok \d", night.log, re.MULTILINE)
    assert logged[:3] == ["SCAN_INPUT", "CALIBRATION", "REGISTRATION"] and logged[-1] == "VALIDATION"
    assert {"TILE_RECONSTRUCTION", "STACKING", "ASTROMETRY", "BGE", "PCC"} <= set(logged)
    for command in ("stack", "calibrate", "register", "platesolve", "subsky"):
        assert f"log: Running command: {command}\n" in night.log
    assert re.search(r"^progress: TILE_RECONSTRUCTION.*\d%", night.log, re.MULTILINE)
    outputs = night.runs / "inside" / "outputs"
    assert f"log: Orchestrate: ok: loaded {outputs / 'stacked_rgb_pcc.fits'}\n" in night.log


def test_the_result_is_that_of_siril_cli_and_is_the_loaded_image(night: Night, siril: SirilProgram, tmp_path: Path) -> None:
    config = load_config([], None, [*night.settings, "engine.name=siril", f"engine.siril.executable={siril.path}"])
    result = run(night.session, config, runs_dir=tmp_path)
    assert result.error is None
    ours = fits.getdata(night.runs / "inside" / "outputs" / "stacked_rgb_pcc.fits")
    np.testing.assert_array_equal(ours, fits.getdata(result.products["stacked_rgb_pcc"]))
    np.testing.assert_array_equal(ours, fits.getdata(night.shown))
    theirs, mine = (read_wcs(fits.getheader(f)) for f in (night.shown, result.products["stacked_rgb_pcc"]))
    assert theirs is not None and mine is not None
    corners = ([0, 479], [0, 359])
    assert mine.pixel_to_world(*corners).separation(theirs.pixel_to_world(*corners)).arcsec.max() < 0.01


def test_settings_of_siril_are_restored(night: Night) -> None:
    end = night.log[night.log.index("Orchestrate: ok: loaded") :]
    for line in ("core.extension = .fts", "core.mem_mode = 0", "debayer.use_bayer_header = true", "starfinder.focal_length = 0",
                 f"Current working directory: '{night.session}'"):
        assert f"log: {line}\n" in end
    assert not {p.name for p in night.session.iterdir()} & {"process", "runs", "script.ssf"}


def test_errors_are_shown_in_the_console(night: Night) -> None:
    beginning = night.log[: night.log.index("SCAN_INPUT ok")]
    assert re.search(r"^log: Orchestrate: No lights were found in .*empty", beginning, re.MULTILINE)
    assert "log: Orchestrate: pyscript orchestrate.py: error: unrecognized arguments: y\n" in beginning
    assert "Traceback" not in night.log


def test_the_window_opens_and_its_run_is_done_and_loaded_by_siril(inside: InsideSiril, night: Night, tmp_path: Path) -> None:
    words = "--set engine.name=siril --set astrometry.solver=none --set bge.enabled=false --set engine.siril.fallback=false"
    inside.code[0] = OPERATED.format(memory=str(tmp_path / "memory"))
    try:
        siril = inside.start(tmp_path, "setext fit", f'cd "{night.session}"',
                             f'pyscript "{inside.script}" --window --runs-dir "{tmp_path / "runs"}" {words}',
                             f'save "{tmp_path / "shown"}"', "pwd")
        assert siril.wait(300) == 0
    finally:
        inside.code[0] = WORKER
    log = (tmp_path / "siril.log").read_text(errors="replace")
    loaded = re.findall(r"^log: Orchestrate: ok: loaded (.*)$", log, re.MULTILINE)
    assert len(loaded) == 1 and Path(loaded[0]).is_relative_to(tmp_path / "runs"), log[-3000:]
    assert re.search("^log: Orchestrate: STACKING ok", log, re.MULTILINE) and "Running command: register\n" in log
    np.testing.assert_array_equal(fits.getdata(tmp_path / "shown.fit"), fits.getdata(loaded[0]))
    assert f"Current working directory: '{night.session}'" in log and "Traceback" not in log


@pytest.mark.slow
def test_a_session_of_several_filters_becomes_one_image(inside: InsideSiril, tmp_path: Path) -> None:
    session = tmp_path / "M 8"
    simulate_filters(replace(PRESETS["tiny_mono"], n_frames=4, n_bias=3, n_dark=3, n_flat=3), {"Ha": {}, "OIII": {}}, session)
    words = "--set bge.enabled=false --set astrometry.solver=none --set output.preview=false --set engine.siril.fallback=false"
    siril = inside.start(tmp_path, "setext fit", f'cd "{session}"',
                         f'pyscript "{inside.script}" --runs-dir "{tmp_path}" --run-id a {words}',
                         f'save "{tmp_path / "shown"}"', "pwd")
    log = tmp_path / "siril.log"
    code, text = siril.wait(300), log.read_text(errors="replace")
    assert code == 0, text[-3000:]
    logged = re.findall(r"^log: Orchestrate: (.*)$", text, re.MULTILINE)
    picture = tmp_path / "a" / "outputs" / "stacked_rgb.fits"
    assert f"ok: loaded {picture}" in logged, logged
    assert [t for t in logged if t.startswith("filter ")] == ["filter Ha (1 of 2)", "filter OIII (2 of 2)"]
    assert any("combined as HOO" in t for t in logged) and "Traceback" not in text
    np.testing.assert_array_equal(fits.getdata(tmp_path / "shown.fit"), fits.getdata(picture))
    shares = [float(s) for s in re.findall(r"^progress: (?:[A-Z]+_?)+(?:: .*)?, (\d+\.\d+)%", text, re.MULTILINE)]
    assert len(shares) > 30 and shares == sorted(shares), "progress increases over all filters"
    assert f"Current working directory: '{session}'" in text
    assert (tmp_path / "a-H" / "scripts" / "register.ssf").is_file()
    assert not {p.name for p in session.iterdir()} & {"process", "runs"}


def test_the_end_of_siril_cancels_the_run(inside: InsideSiril, night: Night, tmp_path: Path) -> None:
    siril = inside.start(tmp_path, f'cd "{night.session}"', f'pyscript "{inside.script}" --runs-dir "{tmp_path}" --run-id r')
    events = tmp_path / "r" / "logs" / "run_events.jsonl"
    limit = time.monotonic() + 120
    while not (events.is_file() and '"phase_end"' in events.read_text()):
        assert siril.poll() is None and time.monotonic() < limit
        time.sleep(0.05)
    siril.kill()
    siril.wait()
    inside.workers[-1].wait(60)
    assert json.loads((tmp_path / "r" / "manifest.json").read_text())["status"] == "aborted"
