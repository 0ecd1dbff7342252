"""Information kept by each stacking method: table of docs/STACKING.md. Run: python tests/bench/modes.py [docs/STACKING.md]

Each condition is simulated twice with other noise; information kept, flux scatter and FWHM are judged with the known truth
(fixtures.judge), so that figures of one row can be compared.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from astropy.io import fits

from fixtures.judge import flux_scatter_mmag, fwhm, good_stars, information_kept
from orchestrator import RunConfig, run
from orchestrator.simulation import PRESETS, SimulationConfig, simulate, twin

CLEAN = {"hot_pixels": 0, "cold_pixels": 0, "vignetting": 0.0, "dust": 0, "amp_glow": 0.0, "n_bias": 0, "n_dark": 0,
         "n_flat": 0, "n_darkflat": 0, "nebula": 0.0}
MONO = replace(PRESETS["mono_seeing"], **CLEAN)
OSC = replace(PRESETS["demo"], n_frames=40, n_stars=200, seeing_max=4.5, seeing_field_variation=0.25, transparency_min=0.6,
              **CLEAN)
STEADY = {"seeing_min": 2.8, "seeing_max": 3.1, "seeing_field_variation": 0.05, "transparency_min": 0.95, "sky_min": 500.0,
          "sky_max": 560.0}
CONDITIONS: dict[str, SimulationConfig] = {
    "mono, wild seeing, 40 frames": MONO,
    "mono, wild seeing, 10 frames": replace(MONO, n_frames=10, trails=1),
    "mono, wild seeing, 120 frames": replace(MONO, n_frames=120),
    "mono, steady, 40 frames": replace(MONO, **STEADY),
    "mono, crowded field": replace(MONO, n_stars=1000),
    "mono, sparse field": replace(MONO, n_stars=60, flux_min=3000.0),
    "mono, elongated stars": replace(MONO, ellipticity=0.25),
    "OSC, wild seeing, 40 frames": OSC,
    "OSC, steady, 40 frames": replace(OSC, **STEADY),
    "OSC, wild seeing, 12 frames": replace(OSC, n_frames=12, trails=1),
}
MODES = {"uniform": ("uniform", "mean"), "quality": ("quality", "mean"), "snr": ("snr", "mean"), "psf_snr": ("psf_snr", "mean"),
         "best": ("best", "mean"), "proper": ("best", "proper")}


def stacked(folder: Path, runs: Path, mode: str, reference: str) -> tuple[np.ndarray, str]:
    weights, method = MODES[mode]
    config = RunConfig.model_validate({
        "engine": {"name": "native"}, "weights": {"mode": weights}, "reconstruction": {"method": method},
        "registration": {"reference": reference}, "calibration": {"cosmetic": False}, "clustering": {"enabled": False}})
    result = run(folder, config, runs_dir=runs)
    if result.error is not None:
        raise result.error
    found = json.loads((result.directory / "artifacts" / "registration.json").read_text())
    data = fits.getdata(result.products.get("stacked_rgb", result.products.get("stacked"))).astype(np.float32)
    return data if data.ndim == 2 else data[1], found["reference"]


def main() -> None:
    lines = ["| condition | " + " | ".join(MODES) + " |", "|---|" + "---|" * len(MODES)]
    sums: dict[str, list[float]] = {m: [] for m in MODES}
    for name, config in CONDITIONS.items():
        with tempfile.TemporaryDirectory() as temporary:
            base = Path(temporary)
            truth = simulate(config, base / "a")
            simulate(twin(config), base / "b")
            channel, reference, cells = 0 if config.pattern is None else 1, "auto", []
            for mode in MODES:
                first, reference = stacked(base / "a", base / "runs", mode, reference)
                second, _ = stacked(base / "b", base / "runs", mode, reference)
                i = sorted(p.name for p in (base / "a" / "lights").iterdir()).index(reference)
                eta = information_kept(first, second, truth, i, channel=channel).eta
                _, x, y = good_stars(truth, i, channel=channel)
                sums[mode].append(eta)
                cells.append((eta, flux_scatter_mmag(first, truth, i, channel=channel), fwhm(first, x, y)))
        best = max(c[0] for c in cells)
        marks = ["**" if c[0] == best else "" for c in cells]
        shown = [f"{m}{c[0]:.3f}{m} / {c[1]:.0f} / {c[2]:.2f}" for m, c in zip(marks, cells, strict=True)]
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
        print(lines[-1], flush=True)
    lines.append("| mean information | " + " | ".join(f"{np.mean(v):.3f}" for v in sums.values()) + " |")
    print(lines[-1])
    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
        text = path.read_text(encoding="utf-8")
        head, _, rest = text.partition("<!-- table -->")
        path.write_text(head + "<!-- table -->\n" + "\n".join(lines) + "\n<!-- end of table -->"
                        + rest.partition("<!-- end of table -->")[2], encoding="utf-8")


if __name__ == "__main__":
    main()
