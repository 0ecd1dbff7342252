"""CPU and run times against Siril and seiza on the same frames: python tests/bench/speed.py [FRAMES [WIDTHxHEIGHT [PAGE]]]

Simulates OSC frames (60 of 1920x1080) with calibration frames, runs siril-cli (calibrate, register, apply, stack), seiza if it
is installed (pip install seiza; masters of Siril, equal weights) and the native engine on them in turn, each in a process of its
own, and prints ratios of that one run; then the throughput of the hot kernels against the memory bandwidth. The times are also
written into the table of PAGE (docs/PERFORMANCE.md) if it is given.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from orchestrator import RunConfig, run
from orchestrator.simulation import PRESETS, simulate

SCRIPT = """requires 1.4.0
cd biases
link bias -out=../process
cd ../process
stack bias rej 3 3 -nonorm -out=../masters/bias
cd ../darks
link dark -out=../process
cd ../process
stack dark rej 3 3 -nonorm -out=../masters/dark
cd ../flats
link flat -out=../process
cd ../process
calibrate flat -bias=../masters/bias
stack pp_flat rej 3 3 -norm=mul -out=../masters/flat
cd ../lights
link light -out=../process
cd ../process
calibrate light -dark=../masters/dark -flat=../masters/flat -cc=dark -cfa -equalize_cfa -debayer
register pp_light -2pass
seqapplyreg pp_light
stack r_pp_light rej 3 3 -norm=addscale -output_norm -rgb_equal -weight=wfwhm -out=../result
"""


SEIZA = """
import sys
from pathlib import Path
import seiza
lights, masters, out = map(Path, sys.argv[1:])
done = seiza.stack_fits(sorted(lights.iterdir()), out, options=seiza.StackOptions(weighting="equal", demosaic="bilinear"),
                        dark=masters / "dark.fit", flat=masters / "flat.fit")
print(done.accepted_frames, "frames")
"""


class Spent(NamedTuple):
    """Seconds of the processors and of the clock."""

    cpu: float
    wall: float

    def __str__(self) -> str:
        return f"{self.cpu:.1f} s of CPU in {self.wall:.1f} s"


def ran(command: list[str]) -> tuple[Spent, str]:
    """What a program took, and its output; the benchmark ends if it fails."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stdout[-2000:])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu, time.perf_counter() - start), done.stdout


def by_siril(session: Path, folder: Path) -> tuple[Spent, float]:
    """Seconds of the whole script, and by the clock of its last two steps."""
    for name in ("masters", "process"):
        (folder / name).mkdir(parents=True)
    for name in ("biases", "darks", "flats", "lights"):
        (folder / name).mkdir()
        for file in (session / name).iterdir():
            (folder / name / file.name).symlink_to(file)
    (folder / "script.ssf").write_text(SCRIPT)
    (folder / "siril.ini").write_text("")
    spent, output = ran(["siril-cli", "-i", str(folder / "siril.ini"), "-d", str(folder), "-s", str(folder / "script.ssf")])
    told = [line.split("Execution time:")[1].split() for line in output.splitlines() if "Execution time:" in line]
    steps = [float(value) * {"ms.": 1e-3, "ms": 1e-3}.get(unit, 1.0) for value, unit in told]
    return spent, sum(steps[-2:])


def by_us(session: Path, runs: Path, method: str, *more: str) -> tuple[Spent, dict[str, float]]:
    """Seconds of the whole command, and by the clock of each phase."""
    name = f"{method}{len(more)}"
    options = [word for option in (f"reconstruction.method={method}", "bge.enabled=false", "pcc.enabled=false",
                                   "astrometry.solver=none", *more) for word in ("--set", option)]
    spent, _ = ran([sys.executable, "-m", "orchestrator", "run", str(session), "--engine", "native", "--runs-dir", str(runs),
                    "--run-id", name, "--no-cache", *options])
    manifest = json.loads((runs / name / "manifest.json").read_text())
    return spent, {p["phase"]: p["seconds"] for p in manifest["phases"]}


def roofline() -> None:
    """Kernels alone, one thread where they have one, against a copy of the same bytes."""
    from tilecore.resample.warp import FrameRows, Sampling, Slot, warp_planes
    from tilecore.stack.grid import axis_windows, make_grid
    from tilecore.stack.reject import reject
    from tilecore.stack.weighted_mean import combine

    def best(work: object, rounds: int = 5) -> float:
        times = []
        for _ in range(rounds + 1):
            start = time.perf_counter()
            work()  # type: ignore[operator]
            times.append(time.perf_counter() - start)
        return min(times[1:])

    source = np.random.default_rng(0).random((3, 1080, 1920)).astype(np.float32)
    target = np.empty_like(source)
    rate = 2 * source.nbytes / best(lambda: np.copyto(target, source)) / 1e9
    print(f"memory: {rate:.1f} GB/s for a copy of 25 MB")
    matrix = np.array([[1, -0.003, 3.3], [0.003, 1, -2.7], [0, 0, 1]])
    out, valid = np.empty((3, 1, 1080, 1920), np.float32), np.empty((1, 1080, 1920), np.float32)
    rows, slot = FrameRows(source, (1080, 1920)), Slot(out, valid, 0)
    seconds = best(lambda: warp_planes(rows, matrix, (0, 0), slot, Sampling(feather=16)))
    pixels = 1080 * 1920
    print(f"warp, 3 planes, Lanczos-4: {seconds * 1e3:.0f} ms, {pixels * 3 * 128 / seconds / 1e9:.1f} Gflop/s, "
          f"{2 * source.nbytes / seconds / 1e9:.2f} GB/s: bound by arithmetic (one thread)")
    r = np.random.default_rng(0)
    grid = make_grid((82, 1920), 2.6, size_factor=24, min_size=64, max_divisor=1, overlap=0.5)
    cube = r.normal(0.01, 1e-3, (60, 82, 1920)).astype(np.float32)
    good, sigma = np.ones_like(cube), np.full(60, 1e-3, np.float32)
    mask = reject(cube, good, sigma)
    seconds = best(lambda: reject(cube, good, sigma))
    print(f"rejection, 60 frames: {seconds * 1e3:.0f} ms, {cube.size / seconds / 1e9:.2f} G values/s, "
          f"{2 * cube.nbytes / seconds / 1e9:.1f} GB/s of cube and validity (all threads)")
    windows = axis_windows(grid)
    weights = np.ones((60, grid.n_y, grid.n_x))
    seconds = best(lambda: combine(cube, good, mask, weights, weights, windows))
    print(f"weighted mean, 60 frames: {seconds * 1e3:.0f} ms, {cube.size / seconds / 1e9:.2f} G values/s, "
          f"{2 * (2 * cube.nbytes + mask.nbytes) / seconds / 1e9:.1f} GB/s (all threads)")


def write_table(page: Path, title: str, rows: dict[str, Spent]) -> None:
    """Replace the table of a page; the first row is the unit of the ratios."""
    siril = next(iter(rows.values()))
    lines = [title, "", "| program | CPU s | seconds | CPU relative to Siril |", "|---|---|---|---|",
             *(f"| {name} | {spent.cpu:.0f} | {spent.wall:.0f} | {spent.cpu / siril.cpu:.2f} |" for name, spent in rows.items())]
    head, _, rest = page.read_text(encoding="utf-8").partition("<!-- table -->")
    page.write_text(head + "<!-- table -->\n" + "\n".join(lines) + "\n<!-- end of table -->"
                    + rest.partition("<!-- end of table -->")[2], encoding="utf-8")


def main() -> None:
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    width, height = map(int, sys.argv[2].split("x")) if len(sys.argv) > 2 else (1920, 1080)
    config = replace(PRESETS["demo"], width=width, height=height, n_frames=frames, n_stars=width * height // 1400, n_bias=10,
                     n_dark=10, n_flat=10, n_darkflat=0)
    if shutil.which("siril-cli") is None:
        sys.exit("siril-cli is missing: run `make tools`")
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        simulate(config, base / "session")
        simulate(PRESETS["tiny_osc"], base / "warm")
        for method in ("mean", "proper"):  # compiles the kernels
            run(base / "warm", RunConfig.model_validate({"engine": {"name": "native"}, "reconstruction": {"method": method}}),
                runs_dir=base / "runs")
        siril, last = by_siril(base / "session", base / "siril")
        print(f"siril-cli: {siril}, of which apply and stack {last:.1f} s")
        rows, seiza = {"Siril, script of all steps": siril}, None
        if find_spec("seiza") is not None:
            seiza, told = ran([sys.executable, "-c", SEIZA, str(base / "session" / "lights"), str(base / "siril" / "masters"),
                               str(base / "seiza.fits")])
            print(f"seiza, masters given: {seiza}, {told.strip().splitlines()[-1]}, CPU {seiza.cpu / siril.cpu:.2f} of Siril")
            rows["seiza, masters given, equal weights"] = seiza
        for method, more in (("mean", ()), ("mean", ("weights.mode=uniform",)), ("proper", ())):
            spent, phases = by_us(base / "session", base / "runs", method, *more)
            rows["orchestrate, native, " + ", ".join((method, *more))] = spent
            share = sum(phases[p] for p in ("NORMALIZATION", "GLOBAL_METRICS", "TILE_GRID", "COMMON_OVERLAP", "LOCAL_METRICS",
                                            "TILE_RECONSTRUCTION", "STACKING"))
            slowest = ", ".join(f"{k} {v:.1f}" for k, v in sorted(phases.items(), key=lambda p: -p[1])[:4])
            of_seiza = f", {spent.cpu / seiza.cpu:.2f} of seiza" if seiza else ""
            print(f"native, {' '.join((method, *more))}: {spent}, CPU {spent.cpu / siril.cpu:.2f} of Siril{of_seiza}; "
                  f"normalisation to stack {share:.1f} s = {share / last:.2f} of Siril's apply and stack ({slowest})", flush=True)
    if len(sys.argv) > 3:
        title = f"{frames} OSC lights of {width}x{height} with 10 biases, darks and flats; {os.cpu_count()} cores."
        write_table(Path(sys.argv[3]), title, rows)
    roofline()


if __name__ == "__main__":
    main()
