"""Checks an installed program from outside: `python scripts/smoke.py PROGRAM [--root FOLDER]`.

Version, `doctor`, a simulated session and its stack, with the seconds of each. With --root the program runs inside that folder as
its root (a Debian root of `debootstrap --variant=minbase`, for instance) by bubblewrap, without network and without the Python,
the compilers and the packages of this computer.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEPS = (("--version",), ("doctor",), ("simulate", "session", "--preset", "tiny_osc"),
         ("run", "session", "--engine", "native", "--runs-dir", "runs", "--run-id", "smoke"), ("runs", "show", "runs/smoke"))
MADE = ("runs/smoke/outputs/preview.png", "runs/smoke/outputs/stacked_rgb.fits", "runs/smoke/artifacts/report.html")
LIMIT = 1800


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--root", type=Path, help="run inside this root")
    options = parser.parse_args()
    program = options.program.resolve()
    if not program.is_file():
        parser.error(f"{options.program} does not exist")
    if options.root is not None and not (options.root / "bin" / "sh").exists():
        parser.error(f"--root: {options.root} is not the root of a system; make one with debootstrap")
    with tempfile.TemporaryDirectory() as home:
        for step in STEPS:
            began, before = time.monotonic(), os.times()
            command = [program, *step] if options.root is None else [*inside(options.root, program.parent, Path(home)),
                                                                     f"/opt/{program.name}", *step]
            done = subprocess.run(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT,
                                  check=False, env={**os.environ, "HOME": home})
            after = os.times()
            cpu = sum(after[2:4]) - sum(before[2:4])
            spent = f"{time.monotonic() - began:.0f} s"
            if options.root is None:  # bubblewrap does not pass on the time of what it started
                spent += f", {cpu:.0f} s of CPU"
            print(f"{' '.join(step)}: {spent}, exit code {done.returncode}", flush=True)
            if done.returncode:
                print(done.stdout)
                return 1
        missing = [name for name in MADE if not (Path(home) / name).is_file()]
        if missing:
            print(f"{missing[0]} was not written")
    return 1 if missing else 0


def inside(root: Path, folder: Path, home: Path) -> list[str]:
    """The call of bubblewrap: the root, the folder of the program at /opt and an empty home, nothing else."""
    return ["bwrap", "--ro-bind", str(root.resolve()), "/", "--ro-bind", str(folder), "/opt", "--bind", str(home), "/home",
            "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-all", "--die-with-parent", "--clearenv",
            "--setenv", "HOME", "/home", "--setenv", "PATH", "/usr/bin:/bin", "--chdir", "/home"]


if __name__ == "__main__":
    sys.exit(main())
