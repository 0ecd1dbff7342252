"""Mosaics of shapes and at places of the sky for which nothing was tuned, against the truth: a table of docs/STACKING.md.

    python tests/bench/layouts.py [SEED ...]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from fixtures.mosaic_judge import MMAG, judge_run
from fixtures.mosaics import Mosaic, MosaicTruth, shoot
from orchestrator import RunConfig, run
from orchestrator.pipeline.result import RunResult

SQUARE = ((0, 0), (1, 0), (0, 1), (1, 1))
COMMON = {"depth": 4, "scale": 6.0, "shape": (300, 400), "density": 600.0}
LAYOUTS = {
    "L of five panels": Mosaic(cells=((0, 0), (0, 1), (0, 2), (1, 0), (2, 0)), **COMMON),
    "the same, lens 0.4 %": Mosaic(cells=((0, 0), (0, 1), (0, 2), (1, 0), (2, 0)), distortion=0.004, **COMMON),
    "plus of five panels, lens -0.5 %": Mosaic(cells=((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)), distortion=-0.005, **COMMON),
    "ring of eight panels": Mosaic(cells=tuple((i, j) for j in range(3) for i in range(3) if (i, j) != (1, 1)), **COMMON),
    "2 x 2, one panel three times as deep": Mosaic(cells=SQUARE, deeper=3, **COMMON),
    "2 x 2 across RA 0": Mosaic(cells=SQUARE, center=(0.02, -20.0), **COMMON),
    "2 x 2 at declination 89, overlap 0.4": Mosaic(cells=SQUARE, center=(200.0, 89.0), overlap=0.4, **COMMON),
}


def scale_errors(result: RunResult, truth: MosaicTruth) -> tuple[float, float]:
    """Rms over the panels of the error of their scale (mmag), against their mean, and of the one that the run states."""
    found = json.loads((result.directory / "artifacts" / "normalization.json").read_text())
    true = {s.path.name: s for s in truth.shots}
    shots = [true[Path(f["file"]).name] for f in found["frames"]]
    panel = np.array([s.panel for s in shots])
    error = MMAG * np.array([np.log(f["transparency"][0] / s.transparency) for f, s in zip(found["frames"], shots, strict=True)])
    means = np.array([error[panel == k].mean() for k in np.unique(panel)])
    stated = np.array([p["scale_error"][0] for p in found["panels"]], float)
    return float(means.std()), MMAG * float(np.sqrt(np.mean(stated[stated > 0] ** 2) / 2))


def main(seeds: list[int]) -> None:
    print("| mosaic | frames used | position p95 / max (px) | scale of panels, rms / stated (mmag) | steps, rms / max (sigma) |\n"
          "|---|---|---|---|---|")
    for name, mosaic in LAYOUTS.items():
        for seed in seeds:
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch)
                truth = shoot(Mosaic(**{**vars(mosaic), "seed": seed}), folder / "session")
                config = RunConfig.model_validate({"astrometry": {"solver": "none"}, "engine": {"name": "native"},
                                                   "output": {"report": False, "preview": False}})
                result = run(folder / "session", config, runs_dir=folder / "runs")
                assert result.error is None, result.error
                found, (error, stated) = judge_run(result, truth), scale_errors(result, truth)
                (near, far), (rms, most) = found.position, found.steps[0].tolist()
                print(f"| {name} | {result.statistics.frames_used} of {len(truth.shots)} | {near:.3f} / {far:.3f} "
                      f"| {error:.1f} / {stated:.1f} | {rms:.2f} / {most:.2f} |", flush=True)


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [1])
