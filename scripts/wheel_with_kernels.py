"""Adds compiled kernels to a wheel: `python scripts/wheel_with_kernels.py WHEEL [--output FOLDER]`.

The wheel is installed into an environment of its own, where `orchestrate warmup` compiles the kernels for a family of processors
(`tilecore/numerics/processor.py`). They are numba's cache files, and become a part of a second wheel for this system and this
version of Python. An installation of it with the same version of numba begins its first run at once; with another version, or on
another processor, the kernels are compiled when they are needed, as without them.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import platform
import re
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

FAMILY = {"x86_64": "x86-64-v3", "AMD64": "x86-64-v3"}
MODULE = "tilecore/numerics/processor.py"
PACKAGES = ("tilecore", "orchestrator")
# The oldest C library for which the index of packages takes wheels of this kind; the kernels contain no call of it.
LINUX = "manylinux_2_17"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--output", type=Path, default=Path("dist"), help="folder of the new wheel (default: dist)")
    parser.add_argument("--site", type=Path, help="a folder with the dependencies, which are installed otherwise")
    options = parser.parse_args()
    family = FAMILY.get(platform.machine())
    if family is None:
        parser.error(f"no family of processors is known for {platform.machine()}; known: {', '.join(FAMILY)}")
    if not options.wheel.is_file():
        parser.error(f"{options.wheel} does not exist; make it with python -m build")
    with tempfile.TemporaryDirectory() as place:
        kernels = compiled(options.wheel.resolve(), Path(place) / "environment", family, options.site)
    options.output.mkdir(parents=True, exist_ok=True)
    made = with_kernels(options.wheel, options.output, kernels, family, tag())
    print(f"{made}  {len(kernels)} files of kernels, {sum(map(len, kernels.values())) / 2**20:.1f} MiB")


def compiled(wheel: Path, environment: Path, family: str, site: Path | None) -> dict[str, bytes]:
    """Numba's files of the kernels (path in the wheel -> content), compiled for a family of processors."""
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    folder = Path(subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True,
                                 capture_output=True, text=True).stdout.strip())
    if site is not None:
        (folder / "outer.pth").write_text(f"{site.resolve()}\n", "utf-8")
    more = ["--no-deps"] if site is not None else []
    subprocess.run([python, "-m", "pip", "install", "--quiet", *more, wheel], check=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "PYTHON"))}
    # Not in this folder: `python -m` finds the packages of the current one first.
    subprocess.run([python, "-m", "orchestrator", "warmup"], check=True, cwd=environment,
                   env={**clean, "NUMBA_CPU_NAME": family, "NUMBA_CPU_FEATURES": ""})
    found = [p for package in PACKAGES for p in sorted((folder / package).rglob("*.nb[ic]"))]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def tag() -> str:
    """Python version and system of a wheel with kernels of this computer."""
    system = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    if system.startswith("linux_"):
        system = LINUX + system.removeprefix("linux")
    return f"cp{sys.version_info.major}{sys.version_info.minor}-none-{system}"


def with_kernels(wheel: Path, output: Path, kernels: Mapping[str, bytes], family: str, tags: str) -> Path:
    """A copy of a wheel with files of kernels, for a family of processors and the system of ``tags``; returns its path.

    Raises
    ------
    ValueError : there are no kernels, or the wheel has no place for the name of the family.
    """
    if not kernels:
        raise ValueError("no kernels were compiled")
    name, version, *_ = wheel.stem.split("-")
    target, record = output / f"{name}-{version}-{tags}.whl", f"{name}-{version}.dist-info/RECORD"
    rows = []
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        content = {i.filename: old.read(i) for i in old.infolist() if i.filename != record and not i.is_dir()} | dict(kernels)
        text, count = re.subn(r'^BUILT_FOR = ""$', f'BUILT_FOR = "{family}"', content[MODULE].decode(), flags=re.MULTILINE)
        if count != 1:
            raise ValueError(f"{MODULE} in {wheel} has no line BUILT_FOR")
        content[MODULE] = text.encode()
        described = f"{name}-{version}.dist-info/WHEEL"
        content[described] = re.sub(rb"(?m)^Tag: .*$", f"Tag: {tags}".encode(), content[described]).replace(
            b"Root-Is-Purelib: true", b"Root-Is-Purelib: false")
        for path, data in content.items():
            new.writestr(path, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows.append(f"{path},sha256={digest},{len(data)}")
        new.writestr(record, "\n".join([*rows, f"{record},,", ""]))
    return target


if __name__ == "__main__":
    main()
