"""Builds one folder with the program, Python and all libraries, and an archive of it: `python scripts/folder_build.py`.

Runs on the system for which it builds (Linux, Windows, macOS); nothing of it is needed where the folder is used. The wheel is
installed into an environment of its own, so that the folder contains what users install and nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "folder"
SPEC = ROOT / "packaging" / "orchestrate.spec"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    parser.add_argument("--extras", default="gui,raw", help="extras of the package, separated by commas (default: %(default)s)")
    parser.add_argument("--wheel", type=Path, help="a wheel that was built before")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="folder for the result (default: dist)")
    parser.add_argument("--no-archive", action="store_true", help="the folder alone, without the archive of it")
    options = parser.parse_args()
    extras = [e for e in options.extras.split(",") if e]
    if unknown := sorted(set(extras) - set(known)):
        parser.error(f"--extras: {unknown[0]} is not an extra; choose from {', '.join(known)}")
    if options.wheel is not None and not options.wheel.is_file():
        parser.error(f"--wheel: {options.wheel} does not exist; leave it out, and the wheel is built")
    python = environment(options.wheel or wheel(), extras)
    output = options.output.resolve()
    # Not in this folder: `python -m` finds the packages of the current one first, and the checkout is not what users install.
    subprocess.run([python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", "--distpath", str(output),
                    "--workpath", str(BUILD / "work"), str(SPEC)], check=True, cwd=BUILD)
    folder = output / "orchestrate"
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink())
    print(f"{folder}  {size / 2**20:.0f} MiB")
    if not options.no_archive:
        print(archive(folder, output))


def wheel() -> Path:
    folder = BUILD / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), str(ROOT)], check=True)
    return next(folder.glob("*.whl"))


def environment(built: Path, extras: list[str]) -> Path:
    """The Python of a new virtual environment with the wheel, its extras and PyInstaller."""
    folder = BUILD / "venv"
    venv.create(folder, with_pip=True, clear=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    wanted = f"{built.resolve()}[{','.join(extras)}]" if extras else str(built.resolve())
    subprocess.run([python, "-m", "pip", "install", "--quiet", wanted, "pyinstaller>=6.10"], check=True)
    return python


def archive(folder: Path, output: Path) -> Path:
    """The folder as one file, named after version and system: .zip for Windows, .tar.gz elsewhere, which keeps permissions."""
    version = subprocess.run([folder / "orchestrate", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    name = f"orchestrate-{version}-{platform.system().lower()}-{platform.machine().lower()}"
    return Path(shutil.make_archive(str(output / name), "zip" if os.name == "nt" else "gztar", output, folder.name))


if __name__ == "__main__":
    main()
