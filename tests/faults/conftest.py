"""What the fault tests share: a session to spoil and a small disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import missing


@pytest.fixture
def session(simulated, tmp_path: Path) -> Path:
    """A copy of a small mono session that a test may spoil."""
    folder, _ = simulated("tiny_mono")
    shutil.copytree(folder, tmp_path / "session")
    return tmp_path / "session"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """small_disk("2m", folder=None, "rw"): a disk of that size, mounted (over a folder) until the test ends."""
    mounted: list[Path] = []
    asking = [] if not hasattr(os, "geteuid") or os.geteuid() == 0 else ["sudo", "-n"]

    def make(size: str, folder: Path | None = None, access: str = "rw") -> Path:
        disk = folder or tmp_path / f"disk-{len(mounted)}"
        disk.mkdir(exist_ok=True)
        mode = f"size={size},mode=777,{access}"
        made = shutil.which("mount") and subprocess.run([*asking, "mount", "-t", "tmpfs", "-o", mode, "tmpfs", str(disk)],
                                                        capture_output=True, check=False).returncode == 0
        if not made:
            missing("the right to mount a small disk (root, or sudo without a password)")
        mounted.append(disk)
        return disk

    yield make
    for disk in reversed(mounted):
        subprocess.run([*asking, "umount", "-l", str(disk)], check=True)
