"""Memory of each phase against the budget. Run by hand: python tests/bench/memory.py FOLDER [KEY=VALUE ...]

Eight simulated frames, mono and of a colour camera, each method of reconstruction, the native engine; ``orchestrate run`` in a
separate process, whose memory is sampled every 50 ms, with that of its worker processes. Sessions are kept in FOLDER/sessions.
Keys: size=24 (megapixels, or 6), budget=1GiB, methods=best,mean,proper,drizzle, cameras=mono,osc, set=KEY=VALUE (any number).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from orchestrator.simulation import PRESETS, simulate

SIZES = {"24": (6000, 4000), "6": (3000, 2000), "1": (1200, 800), "0": (300, 200)}
METHODS = {"best": (), "mean": ("weights.mode=uniform",), "proper": ("reconstruction.method=proper",),
           "drizzle": ("reconstruction.method=drizzle",)}
INTERVAL = 0.05
PARTS = {"RssAnon:": 0, "RssFile:": 1, "RssShmem:": 2}


class Sample(NamedTuple):
    """Memory in MiB at a moment (s since the epoch)."""

    moment: float
    anonymous: float
    mapped: float
    shared: float

    @property
    def resident(self) -> float:
        return self.anonymous + self.mapped + self.shared


def sample(process: int) -> Sample:
    """Memory of a process and its worker processes. A child that still is a copy of its parent has no memory of its own."""
    found, waiting = [0.0, 0.0, 0.0], [process]
    command = Path(f"/proc/{process}/cmdline").read_bytes()
    while waiting:
        number = waiting.pop()
        folder = Path(f"/proc/{number}")
        with suppress(OSError):
            if number != process and (folder / "cmdline").read_bytes() == command:
                continue
            for line in (folder / "status").read_text().splitlines():
                name, *value = line.split()
                if name in PARTS:
                    found[PARTS[name]] += int(value[0]) / 1024
            for task in (folder / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return Sample(time.time(), *found)


def measured(session: Path, runs: Path, name: str, options: list[str]) -> tuple[list[Sample], float, Path]:
    """Run a session; the samples, the CPU time (s) and the run directory."""
    settings = [word for option in options for word in ("--set", option)]
    command = [sys.executable, "-m", "orchestrator", "run", str(session), "--runs-dir", str(runs), "--run-id", name, *settings]
    log = runs / f"{name}.log"
    runs.mkdir(parents=True, exist_ok=True)
    with log.open("w") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
        samples = []
        cpu = 0.0
        while process.poll() is None:
            samples.append(sample(process.pid))
            with suppress(OSError, IndexError):
                ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
                cpu = sum(map(int, ticks[11:15])) / 100
            time.sleep(INTERVAL)
    if process.returncode not in (0, 2, 3, 4):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {log.read_text()[-2000:]}")
    return samples, cpu, runs / name


def phases(run: Path) -> list[tuple[str, float, float]]:
    """Name, start and end (s since the epoch) of the phases of a run."""
    found, start = [], 0.0
    for line in (run / "logs" / "run_events.jsonl").read_text().splitlines():
        event = json.loads(line)
        moment = datetime.fromisoformat(event["time"]).timestamp()
        if event["event"] == "phase_start":
            start = moment
        elif event["event"] == "phase_end":
            found.append((event["phase"], start, moment))
        elif event["event"] == "run_end":
            found.append(("(report)", found[-1][2], moment))
    return found


def main() -> None:
    base, *words = sys.argv[1:]
    given = [word.partition("=")[::2] for word in words]
    keys = {"size": "6", "budget": "512MiB", "methods": ",".join(METHODS), "cameras": "mono,osc", **dict(given)}
    more = [value for key, value in given if key == "set"]
    width, height = SIZES[keys["size"]]
    for camera in keys["cameras"].split(","):
        session = Path(base) / "sessions" / f"{camera}{keys['size']}"
        if not session.exists():
            simulate(replace(PRESETS[f"tiny_{camera}"], n_frames=8, width=width, height=height, n_stars=1500), session)
        for method in keys["methods"].split(","):
            name = f"{camera}{keys['size']}-{method}"
            runs = Path(base) / "runs" / f"{int(time.time())}"
            samples, cpu, run = measured(session, runs, name, [
                "engine.name=native", f"runtime.memory_budget={keys['budget']}", *METHODS[method], *more])
            most = max(samples, key=lambda s: s.resident)
            print(f"{name}, budget {keys['budget']}: {most.resident:.0f} MiB at most, "
                  f"{max(s.anonymous for s in samples):.0f} anonymous, {cpu:.1f} s of CPU time", flush=True)
            for phase, start, end in phases(run):
                inside = [s for s in samples if start <= s.moment <= end]
                if inside and end - start > 0.2:
                    top = max(inside, key=lambda s: s.resident)
                    print(f"  {phase:20s} {end - start:6.1f} s  {top.resident:6.0f} MiB: {top.anonymous:6.0f} anonymous, "
                          f"{top.mapped:6.0f} mapped, {top.shared:4.0f} shared; at most {max(s.anonymous for s in inside):.0f} "
                          "anonymous", flush=True)


if __name__ == "__main__":
    main()
