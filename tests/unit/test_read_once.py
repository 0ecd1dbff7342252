"""Headers are read once in a run, and again where a file has changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.combination import run as runs
from orchestrator.config.settings import RunConfig
from orchestrator.session import discovery
from orchestrator.session.model import Role
from orchestrator.session.read_once import headers_read_once


@pytest.fixture
def session(tmp_path: Path) -> Path:
    for role in ("lights", "darks"):
        (tmp_path / role).mkdir()
        for k in range(4):
            data = np.random.default_rng(k).integers(900, 1100, (40, 60)).astype(np.uint16)
            header = fits.Header([("EXPTIME", 10.0), ("DATE-OBS", f"2025-01-01T00:0{k}:00")])
            fits.writeto(tmp_path / role / f"{k}.fit", data, header)
    return tmp_path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose headers are read."""
    real, names = discovery._read, []

    def counted(path: Path, *rest: Any) -> Any:
        names.append(f"{path.parent.name}/{path.name}")
        return real(path, *rest)

    monkeypatch.setattr(discovery, "_read", counted)
    return names


def test_what_was_found_is_found_again_without_reading(session: Path, reads: list[str]) -> None:
    with headers_read_once():
        first = discovery.find([session], RunConfig())
        first.frames[Role.LIGHT].clear()  # a caller's own list
        again = discovery.find([session], RunConfig())
        assert len(reads) == len(set(reads)) == 8 and len(again.frames[Role.LIGHT]) == 4
        discovery.find([session], RunConfig.model_validate({"input": {"bayer_pattern": "RGGB"}}))
        assert len(reads) == 16
    assert discovery.find([session], RunConfig()).frames == again.frames and len(reads) == 24


@pytest.mark.parametrize("change", ["written", "added", "removed"])
def test_changed_files_are_read_again(session: Path, reads: list[str], change: str) -> None:
    light = session / "lights" / "3.fit"
    with headers_read_once():
        before = discovery.find([session], RunConfig())
        if change == "written":
            stamp = light.stat()
            fits.setval(light, "EXPTIME", value=20.0)
            os.utime(light, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        elif change == "added":
            fits.writeto(session / "lights" / "4.fit", fits.getdata(light) + 1, fits.getheader(light))
        else:
            light.unlink()
        after = discovery.find([session], RunConfig())
    assert len(reads) == 16 + {"written": 0, "added": 1, "removed": -1}[change]
    assert before.frames[Role.LIGHT] != after.frames[Role.LIGHT]


def test_a_run_reads_each_header_once(session: Path, reads: list[str], tmp_path: Path) -> None:
    result = runs.run(session, RunConfig.model_validate({"engine": {"name": "native"}}), runs_dir=tmp_path / "runs", dry_run=True)
    assert result.error is None and sorted(reads) == sorted(set(reads)) and len(reads) == 8
