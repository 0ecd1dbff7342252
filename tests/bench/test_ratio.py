"""The cost of frames against Siril's on the same frames, so that a change that makes runs slower is seen."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from orchestrator import run
from orchestrator.benchmark.programs import Siril
from orchestrator.config.load import load_config
from orchestrator.tools.siril.cli import find_siril

# Most CPU time relative to Siril's script: 2.0 to 2.2 as measured, and room for the noise of the measurement.
MOST = 2.8
ATTEMPTS = 3
OPTIONS = ("engine.name=native", "bge.enabled=false", "pcc.enabled=false", "astrometry.solver=none", "output.report=false",
           "output.preview=false", "runtime.cache=false")


def seconds(session: Path, runs: Path) -> float:
    """CPU time of a run in this process, which has loaded the program."""
    started = time.process_time()
    result = run(session, load_config((), None, OPTIONS), runs_dir=runs)
    assert result.error is None, result.error
    return time.process_time() - started


@pytest.mark.slow
def test_frames_cost_no_more_against_sirils_than_they_did(simulated: Any, siril: Path, tmp_path: Path) -> None:
    tiny, _ = simulated("tiny_osc")
    folder, _ = simulated("tiny_osc", n_frames=12, width=640, height=480, n_stars=300)
    seconds(tiny, tmp_path / "runs")
    ratios: list[float] = []
    # Other programs on the machine only add: one good measurement is enough.
    while len(ratios) < ATTEMPTS and min(ratios, default=MOST) >= MOST:
        ours = seconds(folder, tmp_path / "runs")
        theirs = Siril(find_siril(siril)).stack(folder, tmp_path / "siril", mono=False).spent.cpu
        shutil.rmtree(tmp_path / "siril")
        ratios.append(ours / theirs)
    assert min(ratios) < MOST, ratios
