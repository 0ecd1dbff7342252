"""Accuracy of the flux scales of mosaic panels in simulations, beside the photon limit: the table of docs/STACKING.md.

    python tests/bench/panels.py [SESSIONS]
"""

from __future__ import annotations

import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator import RunConfig
from orchestrator.pipeline.registry import PHASES
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.runtime.resources import open_resources
from orchestrator.simulation import PRESETS, simulate
from orchestrator.simulation.truth import SimulationTruth
from orchestrator.stacking.mosaic_scale import mosaic_scale
from orchestrator.stacking.state import RunState

WIDTH, HEIGHT = 400, 300
BASE: dict[str, object] = {
    "width": WIDTH, "height": HEIGHT, "n_frames": 24, "n_stars": 220, "flux_min": 3000.0, "seeing_min": 2.8, "seeing_max": 3.1,
    "drift": 0.0, "rotation": 0.3, "dither": 6.0, "transparency_min": 0.6, "sky_min": 300.0, "sky_max": 900.0,
    "sky_gradient": 0.05, "hot_pixels": 20}
CASES: dict[str, tuple[str, float, dict[str, object]]] = {
    "mono, 220 stars": ("tiny_mono", 0.42, {}),
    "mono, 40 stars": ("tiny_mono", 0.42, {"n_stars": 40}),
    "mono, 40 stars, seeing varies": ("tiny_mono", 0.42, {"n_stars": 40, "seeing_min": 2.4, "seeing_max": 4.0,
                                                          "seeing_field_variation": 0.15}),
    "colour, 150 stars": ("tiny_osc", 0.38, {"n_stars": 150, "flux_min": 600.0, "flux_slope": 0.9, "rotation": 15.0,
                                             "n_frames": 32, "seeing_min": 2.4, "seeing_max": 3.6}),
}


def measured(preset: str, apart: float, changes: dict[str, object], seed: int,
             folder: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]] | None:
    """Errors of the scales of four panels about their mean, the photon limit, and the reported errors (against the reference);
    None where a panel shares too few stars to be registered."""
    panels = tuple((x * apart * WIDTH, y * apart * HEIGHT) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    config = replace(PRESETS[preset], **{**BASE, **changes, "panels": panels, "seed": seed, "noise_seed": seed})  # type: ignore[arg-type]
    truth = simulate(config, folder / "session")
    settings, state = RunConfig.model_validate({"engine": {"name": "native"}}), RunState((folder / "session",))
    with open_resources(settings) as resources:
        context = RunContext(settings, folder, EventLog(None, ()), resources.budget, resources.workers, threading.Event(),
                             executor=resources.executor, cache=None)
        for phase in PHASES:
            if phase.name == "NORMALIZATION":
                break
            phase.run(context, state)
        rows = [truth.lights.index(f.info.path.name) for f in state.frames.usable]
        panel = np.array(rows) * 4 // truth.n_frames
        if len(set(panel.tolist())) < 4:
            return None
        found = mosaic_scale(context, state, state.frames, state.plan, state.frames.reference_position)
    contrast = np.array([(panel == k) / (panel == k).sum() - 1 / len(panel) for k in range(4)])
    error = contrast @ (np.log(found.scale).mean(axis=0) - np.log(truth.transparency[rows]))
    return error, np.sqrt(np.diag(contrast @ photon_limit(truth, rows) @ contrast.T)), found.error.mean(axis=0)


def photon_limit(truth: SimulationTruth, rows: list[int]) -> NDArray[np.float64]:
    """(N, N) Cramer-Rao covariance of the logarithms of the frames' scales: all stars, free fluxes, PSFs known."""
    config, shares = truth.config, (1.0,) if truth.config.n_channels == 1 else (0.25, 0.5, 0.25)
    information = np.zeros((len(rows), len(truth.star_x)))
    for k, i in enumerate(rows):
        x, y = truth.stars_in(i)
        for s in np.flatnonzero((x > 4) & (y > 4) & (x < config.width - 5) & (y < config.height - 5) & ~truth.saturated(1.0)):
            profile = truth.frame_psf(i, x[s], y[s], 25)
            for channel, share in enumerate(shares):
                light = truth.star_flux[s, channel] * truth.transparency[i] * profile
                noise = float(truth.frame_sigma(i, x[s], y[s], channel)) ** 2
                information[k, s] += share * np.sum(light**2 / (noise + light / config.gain))
    part = information / np.maximum(information.sum(axis=0), 1e-30)
    return np.asarray(np.linalg.pinv(np.diag(information.sum(axis=1)) - part @ information.T))


def main(sessions: int) -> None:
    print("| session | reached | photons | reported |\n|---|---|---|---|")
    for name, case in CASES.items():
        done = []
        for seed in range(sessions):
            with tempfile.TemporaryDirectory() as scratch:
                if (one := measured(*case, seed, Path(scratch))) is not None:
                    done.append(one)
        reached, photons, reported = (100 * float(np.sqrt(np.mean(np.square([d[k] for d in done])))) for k in range(3))
        print(f"| {name} ({len(done)} of {sessions} registered) | {reached:.2f} % | {photons:.2f} % "
              f"| {reported:.2f} % |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
