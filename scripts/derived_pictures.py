"""Writes the pictures of docs/DERIVED.md from simulated sessions: `python scripts/derived_pictures.py`."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from orchestrator import RunConfig, run
from orchestrator.derived.comet import make_comet
from orchestrator.derived.deconvolve import make_deconvolved
from orchestrator.derived.residual_flats import make_flats
from orchestrator.derived.series import SeriesResult, SeriesWish, make_series
from orchestrator.simulation import PRESETS, simulate
from orchestrator.simulation.scene import plan

FOLDER = Path(__file__).parents[1] / "docs" / "images" / "derived"
WIDTH = 900
QUALITY = 80
SKY = replace(PRESETS["tiny_mono"], width=300, height=260, n_frames=24, n_stars=180, exposure=30.0, seeing_max=3.2)


def _stacked(folder: Path, **changes: object) -> Path:
    simulate(replace(SKY, **changes), folder / "session")  # type: ignore[arg-type]
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
    return run(folder / "session", config, runs_dir=folder / "runs").directory


def _with_other_flats(scratch: Path) -> Path:
    """A run whose flats are of another night, on which the dust was elsewhere."""
    session = replace(SKY, dither=14.0, dust=6, vignetting=0.25, n_flat=10, n_stars=60, seed=3)
    simulate(replace(session, night=1, other_dust=True), scratch / "lights")
    simulate(replace(session, n_frames=1), scratch / "others")
    shutil.rmtree(scratch / "lights" / "flats")
    shutil.copytree(scratch / "others" / "flats", scratch / "lights" / "flats")
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
    return run(scratch / "lights", config, runs_dir=scratch / "runs").directory


def _save(picture: Path, name: str) -> None:
    with Image.open(picture) as image:
        small = image.convert("RGB")
        small.thumbnail((WIDTH, WIDTH))
        small.save(FOLDER / f"{name}.jpg", quality=QUALITY, optimize=True)


def _bright() -> float:
    """A star that is bright, not saturated, and in the middle of the field."""
    truth = plan(SKY)
    inside = (abs(truth.star_x - SKY.width / 2) < 80) & (abs(truth.star_y - SKY.height / 2) < 70)
    return float(np.argmin(np.where(inside, abs(truth.star_flux[:, 0] - 40_000), np.inf)))


def _drawn(result: SeriesResult, folder: Path) -> Path:
    """The light curve of the most significant variable as a picture: points with error bars, bright at the top."""
    curves = result.curves
    star = int(np.nanargmax(curves.significance))
    x = 40 + 820 * (result.times - result.times[0]) / np.ptp(result.times)
    y, error = 150 + 900 * curves.magnitude[star], 900 * curves.error[star]
    image = Image.new("RGB", (WIDTH, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 20, 870, 280), outline=(120, 120, 120))
    for a, b, e in zip(x, y, error, strict=True):
        draw.line((a, b - e, a, b + e), fill=(150, 190, 210))
        draw.ellipse((a - 3, b - 3, a + 3, b + 3), fill=(0, 90, 190))
    draw.text((36, 24), f"scatter {curves.scatter[star]:.3f} mag, expected {curves.expected[star]:.3f} mag", fill="black")
    image.save(folder / "curve.png")
    return folder / "curve.png"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        comet = _stacked(Path(scratch) / "comet", moving=((150.0, 130.0, 240.0, 90.0, 15000.0, 60000.0),), coma_fwhm=16.0)
        _save(make_comet(comet).files["picture"], "comet")
        _save(make_flats(_with_other_flats(Path(scratch))).files["before_after"], "flats")
        sharp = _stacked(Path(scratch) / "deconvolve", n_frames=30, seeing_min=3.0, seeing_max=3.6, n_stars=110,
                         flux_max=150_000.0, nebula=60.0)
        _save(make_deconvolved(sharp).files["before_after"], "deconvolve")
        series = _stacked(Path(scratch) / "series", n_frames=60, variables=((_bright(), 0.1, 700.0),))
        _save(_drawn(make_series(series, SeriesWish(every=1, stacks=False)), Path(scratch)), "series")


if __name__ == "__main__":
    main()
