"""Time and memory against the number of frames. Run by hand: python tests/bench/scale.py [largest count]

Small mono frames, the native engine, a memory budget of 512 MiB; each count in a separate process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from orchestrator.simulation import PRESETS, simulate

COUNTS = (60, 100, 300, 600, 1000, 3000)
MEASURED = Path(__file__).with_name("measured_run.py")
OPTIONS = ("runtime.cache=false", "bge.enabled=false", "pcc.enabled=false", "astrometry.solver=none")


def main() -> None:
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else COUNTS[-1]
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        simulate(replace(PRESETS["tiny_mono"], n_frames=max(largest, 60), width=320, height=240, n_stars=120), base / "all")
        files = sorted((base / "all" / "lights").iterdir())
        for count in (c for c in COUNTS if c <= largest):
            session = base / f"s{count}"
            (session / "lights").mkdir(parents=True)
            # Spread over the night, so that each count has seen all of it.
            for file in files[:: max(len(files) // count, 1)][:count]:
                (session / "lights" / file.name).symlink_to(file)
            for role in ("biases", "darks", "flats"):
                (session / role).symlink_to(base / "all" / role)
            done = subprocess.run([sys.executable, str(MEASURED), str(session), str(base / "runs"), str(count), *OPTIONS],
                                  capture_output=True, text=True, check=True)
            found = json.loads(done.stdout.strip().splitlines()[-1])
            total = sum(found["seconds"].values())
            parts = ", ".join(f"{k} {1e3 * v / count:.1f}" for k, v in found["seconds"].items() if v > 0.1 * total)
            print(f"{count:5d} frames: {found['kib'] / 1024:5.0f} MiB at most, scratch {found['scratch'] / 2**20:.0f} MiB, "
                  f"{1e3 * total / count:6.1f} ms a frame ({parts})", flush=True)


if __name__ == "__main__":
    main()
