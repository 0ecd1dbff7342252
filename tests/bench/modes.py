"""Stacking methods compared over many conditions: tables of docs/STACKING.md. Run: python tests/bench/modes.py [docs/STACKING.md]

Each condition is simulated twice with other noise and stacked onto the same light by every method, by Siril if it is installed,
and by the oracle that knows the truth; one judge measures all (fixtures.picture_judge). `--only TEXT` takes the conditions with
TEXT in their names, and replaces their rows.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from astropy.io import fits

from fixtures.oracle import oracle_stack
from fixtures.picture_judge import PictureFigures, judge_picture, psf_flux_errors
from orchestrator import RunConfig, run
from orchestrator.errors import ToolError
from orchestrator.simulation import PRESETS, SimulationConfig, simulate, twin
from orchestrator.simulation.truth import SimulationTruth
from orchestrator.tools.siril.cli import find_siril

CLEAN = {"hot_pixels": 0, "cold_pixels": 0, "vignetting": 0.0, "dust": 0, "amp_glow": 0.0, "n_bias": 0, "n_dark": 0,
         "n_flat": 0, "n_darkflat": 0, "nebula": 0.0, "trails": 0, "cosmic_rays": 0, "flux_slope": 0.45, "flux_min": 1500.0}
MONO = replace(PRESETS["mono_seeing"], **CLEAN, width=384, height=384, n_frames=16, n_stars=180, drift=6.0, seed=5)
OSC = replace(PRESETS["demo"], **CLEAN, width=512, height=384, n_frames=8, n_stars=200, dither=4.0)
STEADY = {"seeing_min": 2.8, "seeing_max": 3.1, "seeing_field_variation": 0.05, "transparency_min": 0.95, "sky_min": 500.0,
          "sky_max": 560.0}
SHARP = {"seeing_min": 1.4, "seeing_max": 2.0, "seeing_field_variation": 0.1, "dither": 2.0}
# Name: session, and the channels that are judged.
CONDITIONS: dict[str, tuple[SimulationConfig, dict[str, int]]] = {
    "mono, steady 3 px": (replace(MONO, **STEADY), {"": 0}),
    "mono, wild seeing 2.2 to 4.5 px": (MONO, {"": 0}),
    "mono, wild seeing, 8 frames": (replace(MONO, n_frames=8), {"": 0}),
    "mono, wild seeing, 48 frames": (replace(MONO, n_frames=48), {"": 0}),
    "mono, thin clouds, sky 60 to 900": (replace(MONO, seeing_min=2.4, seeing_max=4.0, sky_min=60.0, sky_max=900.0,
                                                 seeing_field_variation=0.15, transparency_min=0.35), {"": 0}),
    "mono, 1.4 to 2 px": (replace(MONO, **SHARP), {"": 0}),
    "mono, sparse": (replace(MONO, n_stars=40, flux_min=4000.0), {"": 0}),
    "mono, elongated by 0.2": (replace(MONO, ellipticity=0.2), {"": 0}),
    "mono, wide wings (beta 2.5)": (replace(MONO, moffat_beta=2.5), {"": 0}),
    "colour, 8 frames": (OSC, {", red": 0, ", green": 1}),
    "colour, 1.6 to 2.4 px, 8 frames": (replace(OSC, seeing_min=1.6, seeing_max=2.4), {", red": 0}),
}
MODES = {"uniform": ("uniform", "mean"), "quality": ("quality", "mean"), "best": ("best", "mean"),
         "proper": ("best", "proper")}
SIRIL = {"Siril": "", "Siril wfwhm": "-weight=wfwhm"}
# Columns of the second and third table.
PICTURES = ("best", "proper", "oracle", "Siril", "Siril wfwhm")
SCRIPT = """requires 1.4.0
cd lights
link light -out=../process
cd ../process
{debayer}
setref {sequence} {reference}
register {sequence} -transf=similarity
stack r_{sequence} rej w 3 3 -norm=addscale {weight} -32b -out=../siril_stack
"""


def stacked(folder: Path, runs: Path, mode: str, reference: int) -> np.ndarray:
    """The stack of a session by one of MODES on the pixels of light ``reference`` (from 0)."""
    weights, method = MODES[mode]
    config = RunConfig.model_validate({
        "engine": {"name": "native"}, "weights": {"mode": weights}, "reconstruction": {"method": method},
        "registration": {"reference": f"light_{reference + 1:05d}.fit"}, "canvas": {"extent": "reference"},
        "calibration": {"cosmetic": False}, "clustering": {"enabled": False}, "astrometry": {"solver": "none"},
        "output": {"report": False, "preview": False}})
    result = run(folder, config, runs_dir=runs)
    if result.error is not None:
        raise result.error
    return np.asarray(fits.getdata(result.products.get("stacked_rgb", result.products.get("stacked"))), np.float64)


def by_siril(siril: Path, folder: Path, weight: str, reference: int, *, colour: bool) -> np.ndarray:
    """Siril's stack of a session on the pixels of light ``reference`` (from 0)."""
    script, settings = folder / "stack.ssf", folder / "siril.ini"
    script.write_text(SCRIPT.format(sequence="pp_light" if colour else "light", reference=reference + 1, weight=weight,
                                    debayer="calibrate light -cfa -debayer" if colour else ""))
    settings.write_text("")
    done = subprocess.run([str(siril), "-i", str(settings), "-d", str(folder), "-s", str(script)], capture_output=True,
                          text=True, timeout=600, env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/nonexistent"})
    if done.returncode or not (folder / "siril_stack.fit").exists():
        raise RuntimeError(f"Siril could not stack {folder}: {done.stdout[-1000:]}")
    return np.asarray(fits.getdata(folder / "siril_stack.fit"), np.float64)


def stacks_of(truth: SimulationTruth, base: Path, reference: int, siril: Path | None) -> Iterator[tuple[str, list[np.ndarray]]]:
    """The stacks of a session and its twin by each method but the oracle; programs that made none are left out."""
    for mode in MODES:
        yield mode, [stacked(base / s, base / "runs", mode, reference) for s in "ab"]
    for name, weight in SIRIL.items() if siril else ():
        try:
            yield name, [by_siril(siril, base / s, weight, reference, colour=truth.config.pattern is not None) for s in "ab"]
        except RuntimeError as error:
            print(f"{name}: {error}")


class Figures(NamedTuple):
    """Figures of a picture, and the errors (%) of the PSF fluxes of its bright and faint stars (colour cameras)."""

    of: PictureFigures
    errors: tuple[float, float] | None


def judged(pair: list[np.ndarray], truth: SimulationTruth, reference: int, channel: int) -> Figures:
    """The figures of a channel of a stack and its twin."""
    a, b = pair
    errors = None
    if truth.config.pattern is not None:
        both = [psf_flux_errors(p, truth, reference, channel=channel) for p in pair]
        errors = float(np.mean([e[0] for e in both])), float(np.mean([e[1] for e in both]))
    return Figures(judge_picture(a, b, truth, reference, channel=channel), errors)


def figures_of(config: SimulationConfig, channels: dict[str, int], base: Path,
               siril: Path | None) -> dict[str, dict[str, Figures]]:
    """The figures of each method under a condition, for each channel."""
    truth = simulate(config, base / "a")
    simulate(twin(config), base / "b")
    reference = int(np.argsort(truth.fwhm)[len(truth.fwhm) // 3])
    found: dict[str, dict[str, Figures]] = {c: {} for c in channels}
    for name, pair in stacks_of(truth, base, reference, siril):
        for label, c in channels.items():
            found[label][name] = judged([p if p.ndim == 2 else p[c] for p in pair], truth, reference, c)
    for label, c in channels.items():
        found[label]["oracle"] = judged([oracle_stack(base / s, truth, reference, channel=c) for s in "ab"], truth, reference, c)
    return found


def tables(conditions: dict[str, tuple[SimulationConfig, dict[str, int]]], siril: Path | None) -> dict[str, list[str]]:
    """Lines of the tables of methods, of pictures and of PSF fluxes, without that of the means."""
    names = [*MODES, *(SIRIL if siril else ()), "oracle"]
    pictures = [n for n in PICTURES if n in names]
    lines = {"table": _head(names), "pictures": _head(pictures), "psf fluxes": _head(pictures)}
    for condition, (config, channels) in conditions.items():
        with tempfile.TemporaryDirectory() as temporary:
            found = figures_of(config, channels, Path(temporary), siril)
        for label, by_name in found.items():
            of = {n: f.of for n, f in by_name.items()}
            best = max(f.information for n, f in of.items() if n != "oracle")
            mark = {n: "**" if f.information == best else "" for n, f in of.items()}
            rows = {"table": [f"{mark[n]}{of[n].information:.3f}{mark[n]} / {of[n].scatter_4:.1f} / {of[n].fwhm:.2f}" if n in of
                              else "–" for n in names],
                    "pictures": [f"{of[n].scatter_7:.1f} / {of[n].roundness:.3f} / {of[n].dip:.1f} / {of[n].unevenness:.2f}"
                                 if n in of else "–" for n in pictures]}
            if any(f.errors for f in by_name.values()):
                rows["psf fluxes"] = ["{:.1f} / {:.1f}".format(*by_name[n].errors) if n in of else "–"  # type: ignore[misc]
                                      for n in pictures]
            for table, cells in rows.items():
                lines[table].append(f"| {condition}{label} | " + " | ".join(cells) + " |")
                print(lines[table][-1], flush=True)
    return lines


def _head(names: list[str]) -> list[str]:
    return ["| condition | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]


def with_means(lines: list[str]) -> list[str]:
    """A table of methods with the line of the mean information."""
    cells = [[cell.strip(" *").split(" / ")[0].strip("*") for cell in line.strip("| ").split("|")[1:]] for line in lines[2:]]
    means = [np.mean([float(v) for v in column if v != "–"]) if any(v != "–" for v in column) else np.nan
             for column in zip(*cells, strict=True)]
    return [*lines, "| mean information | " + " | ".join(f"{m:.3f}" if np.isfinite(m) else "–" for m in means) + " |"]


def replaced(old: list[str], new: list[str]) -> list[str]:
    """The lines of a table in which those of the same condition are replaced; ``old`` must have the columns of ``new``."""
    if old[:1] != new[:1]:
        raise SystemExit("the table has other columns: run all conditions")
    rows = {line.split("|")[1]: line for line in new[2:]}
    return [rows.get(line.split("|")[1], line) for line in old if not line.startswith("| mean information")]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("document", nargs="?", type=Path)
    arguments.add_argument("--only", default="")
    given = arguments.parse_args()
    try:
        siril: Path | None = find_siril().path
    except ToolError:
        siril = None
    found = tables({k: v for k, v in CONDITIONS.items() if given.only in k}, siril)
    if given.document is None:
        print("\n".join(with_means(found["table"])))
        return
    text = given.document.read_text(encoding="utf-8")
    for name, lines in found.items():
        first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
        head, _, rest = text.partition(first)
        old, _, rest = rest.partition(last)
        lines = replaced(old.strip().splitlines(), lines) if given.only else lines
        text = head + first + "\n" + "\n".join(with_means(lines) if name == "table" else lines) + "\n" + last + rest
    given.document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
