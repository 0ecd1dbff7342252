"""The cost of a frame against the number of frames. Run by hand: python tests/bench/growth.py [COUNT ...] [KEY=VALUE ...]

Tiny mono frames (0.012 MP), so that what is done for each frame outweighs what is done for each pixel. Each count runs in a
process of its own on one thread; CPU time of each phase, with its checkpoint, and bytes written, files with several names counted
once. The last column is the exponent between the last two counts: 1 is level, 2 quadratic. With PROFILE=FOLDER the profiles are
kept there. With ADDED=N it is measured instead what a second run costs after N % of frames were added, with and without
darks, and what the first one costs that is extended by them.
"""

from __future__ import annotations

import cProfile
import json
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits

from orchestrator.simulation import PRESETS, SimulationConfig, simulate

COUNTS = (100, 400, 1600)
# Frames that are simulated; the others repeat them with other noise.
DIFFERENT = 48
BASE = replace(PRESETS["tiny_mono"], width=128, height=96, n_frames=DIFFERENT, n_stars=45, drift=3.0, rotation=0.2, n_bias=6,
               n_dark=6, n_flat=6, exposure=5.0)
OPTIONS = ("engine.name=native", "runtime.workers=1", "runtime.memory_budget=512 MiB", "bge.enabled=false", "pcc.enabled=false",
           "astrometry.solver=none")
# What follows the last phase: manifest, listing and report.
END = "(manifest, report)"


def session(base: Path, folder: Path, count: int, config: SimulationConfig = BASE, *, roles: tuple[str, ...] =
            ("biases", "darks", "flats"), first: int = 0) -> Path:
    """A session of ``count`` lights from the simulated ones in ``base``, each with noise of +-1 ADU of its own."""
    lights = [(fits.getheader(p), fits.getdata(p)) for p in sorted((base / "lights").iterdir())]
    (folder / "lights").mkdir(parents=True, exist_ok=True)
    for k in range(first, count):
        header, data = lights[k % len(lights)]
        noise = np.random.default_rng(k).integers(0, 3, data.shape, dtype=data.dtype)
        started = config.start + timedelta(seconds=(config.exposure + 1) * k)
        header["DATE-OBS"] = started.replace(tzinfo=None).isoformat(timespec="milliseconds")
        fits.writeto(folder / "lights" / f"light_{k + 1:05d}.fit", data + noise, header)
    for role in roles:
        if not (folder / role).exists():
            (folder / role).symlink_to(base / role)
    return folder


def measure(folder: str, runs: str, name: str, options: list[str], profile: str = "") -> dict[str, Any]:
    """Run a session here, or extend its run of that name; CPU seconds by phase, and the bytes of what was written."""
    from orchestrator import resume, run
    from orchestrator.config.load import load_config

    seconds: dict[str, float] = {}
    mark = [time.process_time()]

    def listen(event: dict[str, Any]) -> None:
        now = time.process_time()
        if event["event"] in ("phase_end", "run_end"):
            seconds[event.get("phase", END)] = now - mark[0]
        if event["event"] in ("phase_start", "phase_end"):
            mark[0] = now

    watched = cProfile.Profile() if profile else nullcontext()
    with watched:
        if (Path(runs) / name).exists():
            result = resume(Path(runs) / name, overrides=("stacking.extend=true",), listeners=(listen,))
        else:
            result = run(folder, load_config((), None, (*OPTIONS, *options)), runs_dir=runs, run_id=name, listeners=(listen,))
    if profile:
        watched.dump_stats(Path(profile) / f"{name}.prof")  # type: ignore[union-attr]
    assert result.error is None, result.error
    known: set[int] = set()
    return {"seconds": seconds, "bytes": {p.name: size(p, known) for p in (
        *sorted(result.directory.iterdir()), Path(runs) / ".session-cache")}}


def size(path: Path, known: set[int]) -> int:
    """Bytes of the files in a folder that are not ``known`` by their inode; they are added."""
    found = {s.st_ino: s.st_size for p in (path, *path.rglob("*")) if p.is_file() for s in (p.stat(),)}
    new = found.keys() - known
    known |= new
    return sum(found[i] for i in new)


def table(counts: list[int], found: list[dict[str, float]], unit: str, scale: float) -> None:
    """Print one quantity a frame for each count, and the exponent with which it grows between the last two."""
    print(f"| {unit} a frame | " + " | ".join(map(str, counts)) + " | exponent |\n|---|" + "---|" * (len(counts) + 1))
    for name in (*found[-1], "total"):
        values = [sum(f.values()) if name == "total" else f.get(name, 0.0) for f in found]
        known = min(values) > 0 and len(counts) > 1 and counts[-1] != counts[-2]
        growth = f"{np.log(values[-1] / values[-2]) / np.log(counts[-1] / counts[-2]):.2f}" if known else ""
        print(f"| {name} | " + " | ".join(f"{scale * v / c:.4g}" for v, c in zip(values, counts, strict=True)) + f" | {growth} |")


def measured(folder: Path, runs: Path, name: str, options: list[str], profile: str = "") -> dict[str, Any]:
    """:func:`measure` in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--measure", json.dumps([str(folder), str(runs), name, options, profile])],
                          stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def added(base: Path, counts: list[int], percent: float, options: list[str]) -> None:
    """Print the CPU time of a run, of its extension by some frames, and of runs of all frames with the cache of these."""
    for roles in (("biases", "darks", "flats"), ("biases", "flats")):
        for count in counts:
            more = max(round(count * percent / 100), 1)
            place = base / f"added{count}{len(roles)}"
            found = []
            for name, first, last in (("first", 0, count), ("first", count, count + more), ("all", 0, 0), ("again", 0, 0)):
                session(base / "all", place / "session", last, roles=roles, first=first)
                found.append(measured(place / "session", place / "runs", name, options)["seconds"])
            table([count] * 4, found, f"ms, {', '.join(roles)}, first run, extended by {more}, all, all again;", 1e3)
            first, *others = (sum(f.values()) for f in found)
            print("in units of the first run: extended {:.3f}, all {:.3f}, all again {:.3f}".format(
                *(other / first for other in others)), flush=True)


def main() -> None:
    counts = [int(a) for a in sys.argv[1:] if a.isdigit()] or list(COUNTS)
    words = dict(a.split("=", 1) for a in sys.argv[1:] if a.startswith(("PROFILE=", "ADDED=")))
    options = [a for a in sys.argv[1:] if "=" in a and not a.startswith(("PROFILE=", "ADDED="))]
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        simulate(BASE, base / "all")
        if "ADDED" in words:
            added(base, counts, float(words["ADDED"]), options)
            return
        for count in counts:
            folder = session(base / "all", base / f"s{count}", count)
            found.append(measured(folder, base / "runs" / str(count), f"n{count}", options, words.get("PROFILE", "")))
            print(f"{count} frames: {sum(found[-1]['seconds'].values()):.1f} s", file=sys.stderr, flush=True)
    table(counts, [f["seconds"] for f in found], "ms", 1e3)
    table(counts, [f["bytes"] for f in found], "bytes", 1.0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(*json.loads(sys.argv[2]))))
    else:
        main()
