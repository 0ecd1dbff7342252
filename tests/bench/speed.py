"""Run times against Siril on the same frames and against the memory bandwidth. Run by hand: python tests/bench/speed.py

Simulates 60 OSC frames of 1920x1080 with calibration frames, runs siril-cli (calibrate, register, apply, stack) and the native
engine on them in turn, and prints ratios of that one run; then the throughput of the hot kernels against the memory bandwidth.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

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


def by_siril(session: Path, folder: Path) -> tuple[float, float]:
    """Seconds of the whole script, and of its last two steps."""
    for name in ("masters", "process"):
        (folder / name).mkdir(parents=True)
    for name in ("biases", "darks", "flats", "lights"):
        (folder / name).mkdir()
        for file in (session / name).iterdir():
            (folder / name / file.name).symlink_to(file)
    (folder / "script.ssf").write_text(SCRIPT)
    (folder / "siril.ini").write_text("")
    start = time.perf_counter()
    done = subprocess.run(["siril-cli", "-i", str(folder / "siril.ini"), "-d", str(folder), "-s", str(folder / "script.ssf")],
                          capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout[-2000:])
    told = [line.split("Execution time:")[1].split() for line in done.stdout.splitlines() if "Execution time:" in line]
    steps = [float(value) * {"ms.": 1e-3, "ms": 1e-3}.get(unit, 1.0) for value, unit in told]
    return seconds, sum(steps[-2:])


def by_us(session: Path, runs: Path, method: str) -> tuple[float, dict[str, float]]:
    """Seconds of the whole command in a process of its own, and of each phase."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "orchestrator", "run", str(session), "--engine", "native", "--runs-dir", str(runs),
                    "--run-id", method, "--no-cache", "--set", f"reconstruction.method={method}", "--set", "bge.enabled=false",
                    "--set", "pcc.enabled=false", "--set", "astrometry.solver=none"], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    manifest = json.loads((runs / method / "manifest.json").read_text())
    return seconds, {p["phase"]: p["seconds"] for p in manifest["phases"]}


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


def main() -> None:
    config = replace(PRESETS["demo"], width=1920, height=1080, n_frames=60, n_stars=1500, n_bias=10, n_dark=10, n_flat=10,
                     n_darkflat=0)
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        simulate(config, base / "session")
        warm = simulate(replace(PRESETS["tiny_osc"]), base / "warm")
        assert warm.n_frames
        for method in ("mean", "proper"):  # compiles the kernels
            run(base / "warm", RunConfig.model_validate({"engine": {"name": "native"}, "reconstruction": {"method": method}}),
                runs_dir=base / "runs")
        if shutil.which("siril-cli") is None:
            sys.exit("siril-cli is missing: run `make tools`")
        siril, last = by_siril(base / "session", base / "siril")
        print(f"siril-cli: {siril:.1f} s, of which apply and stack {last:.1f} s")
        for method in ("mean", "proper"):
            seconds, phases = by_us(base / "session", base / "runs", method)
            share = sum(phases[p] for p in ("NORMALIZATION", "GLOBAL_METRICS", "TILE_GRID", "COMMON_OVERLAP", "LOCAL_METRICS",
                                            "TILE_RECONSTRUCTION", "STACKING"))
            slowest = ", ".join(f"{k} {v:.1f}" for k, v in sorted(phases.items(), key=lambda p: -p[1])[:4])
            print(f"native, {method}: {seconds:.1f} s = {seconds / siril:.2f} of Siril; normalisation to stack {share:.1f} s = "
                  f"{share / last:.2f} of Siril's apply and stack ({slowest})")
    roofline()


if __name__ == "__main__":
    main()
