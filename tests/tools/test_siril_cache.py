"""What Siril made serves the next run of a session, and never changes a result."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from astropy.io import fits

from orchestrator import RunResult, run
from orchestrator.config.load import load_config
from orchestrator.tools.siril.cli import SirilProgram


@pytest.fixture
def session(simulated, tmp_path: Path) -> Path:
    return Path(shutil.copytree(simulated("tiny_osc")[0], tmp_path / "session"))


def stack(session: Path, name: str, *more: str) -> RunResult:
    config = load_config(overrides=["engine.name=siril", "engine.siril.fallback=false", "astrometry.solver=none",
                                    "bge.enabled=false", "pcc.enabled=false", *more])
    result = run(session, config, runs_dir=session.parent / "runs", run_id=name)
    assert result.error is None, result.error
    return result


def found(result: RunResult) -> dict[str, tuple[int, int]]:
    """(hits, misses) of each kind."""
    events = map(json.loads, (result.directory / "logs" / "run_events.jsonl").read_text().splitlines())
    return {e["kind"]: (e["hits"], e["misses"]) for e in events if e["event"] == "cache"}


def asked_of_siril(result: RunResult) -> set[str]:
    return {p.stem.removeprefix("siril_") for p in (result.directory / "logs").glob("siril_*.log")}


def made(result: RunResult) -> dict[str, str]:
    files = (p for folder in ("outputs", "artifacts") for p in (result.directory / folder).rglob("*"))
    return {str(p.relative_to(result.directory)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in files if p.suffix in (".fit", ".fits", ".npy")}


def test_masters_and_registration_serve_the_next_run(siril: SirilProgram, session: Path) -> None:
    first = stack(session, "first")
    assert found(first)["masters"] == (0, 4) and found(first)["transforms"] == (0, 1)
    assert {"master_dark", "master_flat", "register"} <= asked_of_siril(first)
    second = stack(session, "second")
    assert found(second)["masters"] == (4, 0) and found(second)["transforms"] == (1, 0)
    # The calibrated lights, which are not kept, are made again.
    assert asked_of_siril(second) == {"calibrate"}
    alone = stack(session, "alone", "runtime.cache=false")
    assert made(second) == made(alone) == made(first) and not found(alone)
    registration = [json.loads((r.directory / "artifacts" / "registration.json").read_text()) for r in (first, second, alone)]
    assert registration[0] == registration[1] == registration[2]
    # Another flat makes another master and other lights, and these another registration; the darks stay.
    with fits.open(sorted((session / "flats").iterdir())[0], mode="update") as file:
        file[0].data[:, : file[0].data.shape[1] // 2] -= 2000
    third = stack(session, "third")
    assert found(third)["masters"] == (3, 1) and found(third)["transforms"] == (0, 1)
