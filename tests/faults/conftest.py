"""Shared by the tests of faults: a session to spoil, a small disk, and a run that can be continued from each phase."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator import RunConfig, run
from tests.conftest import missing
from tests.sharing import made_once

NATIVE: dict[str, Any] = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}}


@pytest.fixture
def session(simulated, tmp_path: Path) -> Path:
    """A copy of a small mono session that a test may spoil."""
    folder, _ = simulated("tiny_mono")
    shutil.copytree(folder, tmp_path / "session")
    return tmp_path / "session"


@pytest.fixture(scope="session")
def begun(simulated, shared: Path) -> Callable[[str, Path], Path]:
    """begun(phase, runs): the run directory "one" in ``runs``, as a run of the small mono session leaves it when it ends at the
    start of this phase. Made from one run, which is copied at the start of each phase; "whole" is the finished run."""
    session, _ = simulated("tiny_mono")

    def make(folder: Path) -> None:
        def listen(event: dict[str, Any]) -> None:
            if event["event"] == "phase_start":
                shutil.copytree(folder / "runs" / "one", folder / event["phase"])

        result = run(session, RunConfig.model_validate(NATIVE), runs_dir=folder / "runs", run_id="one", listeners=(listen,))
        assert result.status == "ok", result.error
        (folder / "runs" / "one").rename(folder / "whole")

    def copy(phase: str, runs: Path) -> Path:
        return Path(shutil.copytree(made_once(shared / "begun", make) / phase, runs / "one", dirs_exist_ok=True))

    return copy


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
