"""How far the live stack is from the run of the same frames: the table of docs/LIVE.md. By hand: python tests/bench/live.py

Each session is simulated twice with other noise: information kept, FWHM (px) and noise (ADU) are judged with the known truth.
Last column: scatter of the difference of the two, in units of that noise.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from fixtures.judge import fwhm, good_stars, information_kept
from orchestrator import RunConfig, WatchOptions, run, watch
from orchestrator.simulation import PRESETS, SimulationConfig, simulate, twin
from orchestrator.simulation.clouds import add_clouds

CLEAN = {"hot_pixels": 0, "cold_pixels": 0, "vignetting": 0.0, "dust": 0, "amp_glow": 0.0, "n_bias": 0, "n_dark": 0,
         "n_flat": 0, "n_darkflat": 0, "nebula": 0.0, "trails": 0, "bias_structure": 0.0}
MONO = replace(PRESETS["mono_seeing"], **CLEAN)
OSC = replace(PRESETS["demo"], n_frames=40, n_stars=200, seeing_max=4.5, seeing_field_variation=0.25, transparency_min=0.6,
              **CLEAN)
# Otherwise frames with little starlight would be left out.
HAZELESS = {"transparency_min": 0.85}
CONDITIONS: dict[str, tuple[SimulationConfig, bool]] = {
    "mono, wild seeing": (MONO, False),
    "mono, wild seeing, partial clouds": (replace(MONO, **HAZELESS), True),
    "mono, wild seeing, 12 frames": (replace(MONO, n_frames=12), False),
    "OSC, wild seeing, partial clouds": (replace(OSC, **HAZELESS), True),
}


def pictures(folder: Path, runs: Path) -> tuple[dict[str, NDArray[np.float32]], str, int]:
    """The green or only channel of the live stack and of the run, the reference, and the frames in the live stack."""
    settings = {"engine": {"name": "native"}, "calibration": {"cosmetic": False, "fixed_pattern": "none"},
                "astrometry": {"solver": "none"}, "debayer": {"stage": "first"}, "output": {"report": False, "preview": False}}
    for k, path in enumerate(sorted((folder / "lights").iterdir())):
        os.utime(path, (1e9 + k, 1e9 + k))  # they come in the order of their names
    live = watch(folder, RunConfig.model_validate(settings), WatchOptions(poll=0.05, idle=0.2), runs_dir=runs)
    reference = live.statistics.reference
    settings["registration"] = {"reference": reference}
    batch = run(folder, RunConfig.model_validate(settings), runs_dir=runs)
    if batch.error is not None:
        raise batch.error
    found = {"live": live.products["stacked"], "run": batch.products.get("stacked_rgb") or batch.products["stacked"]}
    data = {k: fits.getdata(p).astype(np.float32) for k, p in found.items()}
    return {k: v if v.ndim == 2 else v[1] for k, v in data.items()}, reference, int(live.statistics.frames_stacked)


def main() -> None:
    print("| condition | frames in the live stack | live | run | live - run |\n|---|---|---|---|---|")
    for name, (config, clouds) in CONDITIONS.items():
        with tempfile.TemporaryDirectory() as temporary:
            base = Path(temporary)
            truth = simulate(config, base / "a")
            simulate(twin(config), base / "b")
            if clouds:
                add_clouds(base / "a" / "lights", config.bias, 1)
                add_clouds(base / "b" / "lights", config.bias, 2)
            first, reference, count = pictures(base / "a", base / "runs_a")
            second, other, _ = pictures(base / "b", base / "runs_b")
            assert other == reference, f"the twins took {reference} and {other} as reference: take another seed"
            i = sorted(p.name for p in (base / "a" / "lights").iterdir()).index(reference)
            channel = 0 if config.pattern is None else 1
            cells = []
            inner = np.s_[20:-20, 20:-20]
            _, x, y = good_stars(truth, i, channel=channel)
            for way in ("live", "run"):
                noise = 1.4826 * np.median(np.abs((first[way] - second[way])[inner])) / np.sqrt(2)
                eta = information_kept(first[way], second[way], truth, i, channel=channel).eta
                cells.append(f"{eta:.3f} / {fwhm(first[way], x, y):.2f} / {65535 * noise:.2f}")
            difference = (first["live"] - first["run"])[inner]
            apart = 1.4826 * np.median(np.abs(difference - np.median(difference))) / noise
            print(f"| {name} | {count} of {config.n_frames} | {cells[0]} | {cells[1]} | {apart:.2f} |", flush=True)


if __name__ == "__main__":
    main()
