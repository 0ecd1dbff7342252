"""Sessions in a row with random faults: python -m tests.faults.soak [--sessions 50] [--seed 1] [--keep FOLDER]

After each run: the raw folder is as it was, files under their final names are whole, and no process, lock or temporary file
is left behind; a run that was not killed reports in JSON how it ended, never with a traceback. At the end a run without faults
must give the same picture, bit for bit, as the one at the beginning.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from astropy.io import fits
from filelock import FileLock

from orchestrator.pipeline.registry import PHASES
from orchestrator.simulation import PRESETS, simulate
from orchestrator.simulation.faults import corrupt
from tests.faults.helpers import assert_whole, processes_naming, snapshot, wait_until

ROOT = Path(__file__).parents[2]
IMITATIONS = Path(__file__).parent / "imitations"
DAMAGE = ("truncated", "empty", "text", "wrong_size", "zeros", "saturated", "nan", "headerless", "stretched", "other_gain")
GOOD = {0, 3}


@dataclass
class Trial:
    """One session and its run: ``folder`` holds all of it, ``allowed`` the exit codes that the fault may lead to."""

    folder: Path
    session: Path
    chance: random.Random
    allowed: set[int] = field(default_factory=lambda: set(GOOD))
    options: list[str] = field(default_factory=list)
    spoils_raw: bool = False
    killed: bool = False

    @property
    def run(self) -> Path:
        return self.folder / "runs" / "one"

    def begun(self, phase: str, process: subprocess.Popen[str]) -> bool:
        """Wait for a phase; False when the run ended before it."""
        log = self.run / "logs" / "run_events.jsonl"
        wait_until(lambda: process.poll() is not None or (log.exists() and f'"phase": "{phase}"' in log.read_text("utf-8")), 120)
        return process.poll() is None


During = Callable[[Trial, "subprocess.Popen[str]"], None]
Fault = Callable[[Trial], During | None]


def _nothing(trial: Trial) -> None:
    trial.options += ["--set", f"runtime.executor={trial.chance.choice(['threads', 'serial', 'processes'])}"]


def _bad_lights(trial: Trial) -> None:
    for index in trial.chance.sample(range(8), 2):
        corrupt(trial.session, trial.chance.choice(DAMAGE), index)


def _bad_calibration(trial: Trial) -> None:
    for folder in ("darks", "flats", "biases"):
        corrupt(trial.session, trial.chance.choice(("truncated", "empty", "text", "zeros", "nan")), 1, folder)


def _signal(number: signal.Signals, codes: set[int]) -> Fault:
    def prepare(trial: Trial) -> During:
        phase, delay = trial.chance.choice(PHASES).name, trial.chance.random() * 0.3
        trial.allowed |= codes
        trial.killed = number == signal.SIGKILL
        trial.options += ["--set", f"runtime.executor={trial.chance.choice(['threads', 'processes'])}"]

        def during(trial: Trial, process: subprocess.Popen[str]) -> None:
            if trial.begun(phase, process):
                time.sleep(delay)
                process.send_signal(number)

        return during

    return prepare


def _light_goes(trial: Trial) -> During:
    phase, light = trial.chance.choice(PHASES).name, trial.chance.choice(sorted((trial.session / "lights").iterdir()))
    trial.allowed |= {4}
    trial.spoils_raw = True

    def during(trial: Trial, process: subprocess.Popen[str]) -> None:
        trial.begun(phase, process)
        trial.chance.choice([light.unlink, lambda: os.truncate(light, 5000)])()

    return during


def _disk_fills(trial: Trial) -> During:
    """A limit to the size of files stands for a full disk where none can be mounted."""
    phase = trial.chance.choice(PHASES).name
    trial.allowed |= {1}
    limit = trial.chance.randrange(1000, 140_000)

    def during(trial: Trial, process: subprocess.Popen[str]) -> None:
        if trial.begun(phase, process) and hasattr(psutil.Process, "rlimit"):
            try:
                psutil.Process(process.pid).rlimit(psutil.RLIMIT_FSIZE, (limit, limit))
            except psutil.NoSuchProcess:
                return

    return during


def _siril_fails(trial: Trial) -> None:
    name = trial.chance.choice(("crash", "false_success", "no_closing_line", "fails_without_a_word", "partial", "hang"))
    siril = trial.folder / "siril-cli"
    shutil.copy(IMITATIONS / f"siril_{name}", siril)
    siril.chmod(0o755)
    trial.options += ["--engine", "siril", "--set", f"engine.siril.executable={siril}", "--set", "engine.siril.timeout=1"]


def _worker_dies(trial: Trial) -> During:
    trial.allowed |= {1}
    trial.options += ["--set", "runtime.executor=processes", "--set", "runtime.workers=2"]

    def during(trial: Trial, process: subprocess.Popen[str]) -> None:
        if trial.begun("REGISTRATION", process):
            try:
                workers = [p for p in psutil.Process(process.pid).children() if "spawn_main" in " ".join(p.cmdline())]
                if workers:
                    trial.chance.choice(workers).kill()
            except psutil.Error:
                return

    return during


FAULTS: dict[str, Fault] = {
    "nothing": _nothing, "bad lights": _bad_lights, "bad calibration": _bad_calibration, "SIGKILL": _signal(signal.SIGKILL, {-9}),
    "SIGINT": _signal(signal.SIGINT, {130}), "SIGTERM": _signal(signal.SIGTERM, {130, -15}), "a light goes": _light_goes,
    "the disk fills": _disk_fills, "Siril fails": _siril_fails, "a worker dies": _worker_dies,
}


def run_once(trial: Trial, during: During | None) -> tuple[int, str, str]:
    """Exit code, standard output and errors of a run with its own temporary folder and locks."""
    temporary, locks = trial.folder / "tmp", trial.folder / "locks"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "ORCHESTRATE_LOCK_DIR": str(locks), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "orchestrator", "run", str(trial.session), "--engine", "native",
               "--set", "astrometry.solver=none", *trial.options, "--runs-dir", str(trial.folder / "runs"),
               "--run-id", "one", "--json"]
    out, err = trial.folder / "stdout", trial.folder / "stderr"
    with out.open("w") as stdout, err.open("w") as stderr:
        process = subprocess.Popen(command, cwd=trial.folder, env=environment, stdout=stdout, stderr=stderr, text=True)
        if during is not None:
            during(trial, process)
        process.wait(timeout=300)
    return process.returncode, out.read_text("utf-8"), err.read_text("utf-8")


def check(trial: Trial, code: int, stdout: str, stderr: str, before: dict[str, str]) -> list[str]:
    """What is wrong after a run; nothing when all is well."""
    wrong = []
    if code not in trial.allowed:
        wrong.append(f"exit code {code}, expected one of {sorted(trial.allowed)}: {stderr[-500:]}")
    if "Traceback" in stderr or "Internal error" in stderr + stdout:
        wrong.append(f"a traceback: {stderr[-1000:]}")
    if code != -9 and not stdout.startswith("{"):
        wrong.append(f"no JSON: {stderr[-500:]}")
    elif code != -9:
        told = json.loads(stdout)
        if told["exit_code"] != code and not (code == -15 and told["status"] == "ok"):  # it came when all was done
            wrong.append(f"JSON reports {told['exit_code']}, the exit code is {code}")
        wrong += [f"{path} was left" for path in trial.folder.rglob("*.part")]
        if code in GOOD and (trial.run / "work").exists():  # a run that failed keeps it, to be resumed
            wrong.append(f"{trial.run / 'work'} was left")
        wrong += [f"{path} was left" for path in (trial.folder / "tmp").iterdir()]
        wrong += [f"{name} is missing" for name in told["products"].values() if not Path(name).exists()]
    if not trial.spoils_raw and snapshot(trial.session) != before:
        wrong.append("the raw folder has changed")
    if not wait_until(lambda: not processes_naming((str(trial.folder),)), 5):
        left = processes_naming((str(trial.folder),))
        wrong.append(f"processes were left: {[p.cmdline() for p in left]}")
    for lock in [*trial.folder.rglob("*.lock"), *trial.folder.rglob(".lock")]:
        with FileLock(lock, timeout=0.5):
            pass
    assert_whole(trial.run)
    return wrong


def soak(sessions: int, seed: int, folder: Path) -> list[str]:
    """Run ``sessions`` sessions; return everything that was wrong."""
    chance = random.Random(seed)
    masters = {preset: folder / preset for preset in ("tiny_mono", "tiny_osc")}
    for preset, path in masters.items():
        simulate(PRESETS[preset], path)
    first = _reference(folder, masters["tiny_mono"], "first")
    # Every fault comes in turn before one comes again.
    order = [name for _ in range(-(-sessions // len(FAULTS))) for name in chance.sample(sorted(FAULTS), len(FAULTS))]
    wrong = []
    for number, name in enumerate(order[:sessions], 1):
        place = folder / f"trial-{number:03}"
        place.mkdir()
        preset = chance.choice(sorted(masters))
        trial = Trial(place, Path(shutil.copytree(masters[preset], place / "session")), random.Random(chance.random()))
        during = FAULTS[name](trial)
        before, began = snapshot(trial.session), time.monotonic()
        code, stdout, stderr = run_once(trial, during)
        found = check(trial, code, stdout, stderr, before)
        seconds = time.monotonic() - began
        print(f"{number:3} {preset:9} {name:16} exit {code:4} {seconds:5.1f} s {'; '.join(found) or 'ok'}", flush=True)
        wrong += [f"{number} {name}: {what}" for what in found]
        if not found:
            shutil.rmtree(place)
    if not np.array_equal(first, _reference(folder, masters["tiny_mono"], "last")):
        wrong.append("the run without faults gives another picture than at the beginning")
    return wrong


def _reference(folder: Path, session: Path, name: str) -> np.ndarray:
    trial = Trial(folder / name, session, random.Random(0))
    trial.folder.mkdir()
    code, stdout, stderr = run_once(trial, None)
    assert code == 0, stderr
    return np.asarray(fits.getdata(json.loads(stdout)["products"]["stacked"]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="work here, and keep what failed")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    wrong = soak(given.sessions, given.seed, folder.resolve())
    print(f"{given.sessions} sessions, {len(wrong)} faults not borne", *wrong, sep="\n  ")
    if given.keep is None and not wrong:
        shutil.rmtree(folder)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
