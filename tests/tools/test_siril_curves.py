"""Tone curves and green noise removal against those of Siril."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from astropy.io import fits

from orchestrator.report.tone_curves import GhsCurve, ghs, midtones
from orchestrator.tools.siril.cli import SirilProgram
from tilecore.colour import scnr

# Strength, focus, symmetry, shadows, highlights; the command refuses a focus below 0.
CURVES = [GhsCurve(*numbers) for numbers in (
    (5.0, 0.0, 0.0), (4.0, 1.0, 0.1), (3.0, 0.5, 0.2, 0.05, 0.8), (6.0, 0.0, 0.05, 0.01, 0.5), (4.0, 5.0, 0.1, 0.02, 0.9),
    (2.0, 1.0, 0.4, 0.4, 0.4))]


def test_siril_computes_the_same_curves(siril: SirilProgram, tmp_path: Path) -> None:
    values = np.linspace(0.001, 0.999, 64 * 64, dtype=np.float32).reshape(64, 64)
    colours = np.random.default_rng(3).uniform(0, 1, (3, 64, 64)).astype(np.float32)
    fits.writeto(tmp_path / "grey.fit", values)
    fits.writeto(tmp_path / "colours.fit", colours)
    lines = ["requires 1.4.0", "set32bits"]
    for number, c in enumerate(CURVES):
        options = f"-D={c.strength} -B={c.focus} -SP={c.symmetry} -LP={c.shadows} -HP={c.highlights}"
        lines += ["load grey", f"ght {options} -clipmode=clip", f"save ght{number}"]
    lines += ["load grey", "mtf 0.1 0.2 0.8", "save mtf", "load colours", "rmgreen -nopreserve 0", "save green"]
    (tmp_path / "curves.ssf").write_text("\n".join([*lines, ""]))
    done = subprocess.run([siril.path, "-d", str(tmp_path), "-s", str(tmp_path / "curves.ssf")], capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]

    def made(name: str) -> np.ndarray:
        return np.asarray(fits.getdata(tmp_path / f"{name}.fit"), np.float32)

    for number, curve in enumerate(CURVES):
        np.testing.assert_allclose(ghs(values, curve), made(f"ght{number}"), atol=2e-5, err_msg=str(curve))
    cut = np.clip((values - np.float32(0.1)) / np.float32(0.7), 0, 1)
    np.testing.assert_allclose(midtones(cut, 0.2), made("mtf"), atol=2e-5)
    np.testing.assert_allclose(scnr(colours), made("green"), atol=2e-5)
