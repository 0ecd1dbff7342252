"""A mono session with several filters: one folder, one scene, different conditions for the lights of each filter."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from orchestrator.simulation.config import SimulationConfig
from orchestrator.simulation.simulator import FOLDERS, simulate
from orchestrator.simulation.truth import SimulationTruth

__all__ = ["FILTER_SESSIONS", "LRGB", "simulate_filters"]

# Differences between the filters; luminance collects the light of all three.
LRGB: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    "L": {"filter_response": 2.4, "sky_min": 900.0, "sky_max": 950.0, "nebula": 500.0},
    "R": {"filter_response": 0.75, "filter_slope": 0.5, "sky_min": 300.0, "sky_max": 320.0, "nebula": 300.0},
    "G": {"filter_response": 1.0, "sky_min": 350.0, "sky_max": 370.0, "nebula": 80.0},
    "B": {"filter_response": 0.8, "filter_slope": -0.5, "sky_min": 260.0, "sky_max": 280.0, "nebula": 90.0}})
# Name -> its preset, and the filters.
FILTER_SESSIONS: Mapping[str, tuple[str, Mapping[str, Mapping[str, Any]]]] = MappingProxyType({"tiny_lrgb": ("tiny_mono", LRGB)})


def simulate_filters(config: SimulationConfig, filters: Mapping[str, Mapping[str, Any]], directory: Path
                     ) -> dict[str, SimulationTruth]:
    """Write the lights of each filter (changes of ``config``) into ``directory`` as ``lights/light_FILTER_00001.fit``, flats
    likewise; darks and biases are common to all. Returns the truth by filter, which is in ``truth/FILTER``.
    """
    truths: dict[str, SimulationTruth] = {}
    for number, (name, changes) in enumerate(filters.items()):
        one = replace(config, filter_name=name, night=number, noise_seed=config.noise_seed + number,
                      calibration_noise_seed=config.calibration_noise_seed + number, **changes)
        if number:  # darks and biases are written once
            one = replace(one, n_dark=0, n_bias=0, n_darkflat=0)
        with tempfile.TemporaryDirectory() as scratch:
            truth = simulate(one, scratch)
            for role, folder in FOLDERS.items():
                (directory / folder).mkdir(parents=True, exist_ok=True)
                for path in sorted((Path(scratch) / folder).glob("*.fit")):
                    named = path.name.replace(f"{role}_", f"{role}_{name}_") if role in ("light", "flat") else path.name
                    shutil.move(path, directory / folder / named)
                if not any((directory / folder).iterdir()):
                    (directory / folder).rmdir()
            shutil.copytree(Path(scratch) / "truth", directory / "truth" / name, dirs_exist_ok=True)
        truths[name] = replace(truth, lights=tuple(f"light_{name}_{i + 1:05d}.fit" for i in range(truth.n_frames)))
    return truths
