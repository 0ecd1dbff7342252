"""Writes the pictures of docs/DERIVED.md from simulated sessions: `python scripts/derived_pictures.py`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from orchestrator import RunConfig, run
from orchestrator.derived.comet import make_comet
from orchestrator.simulation import PRESETS, simulate

FOLDER = Path(__file__).parents[1] / "docs" / "images" / "derived"
WIDTH = 900
QUALITY = 80
SKY = replace(PRESETS["tiny_mono"], width=300, height=260, n_frames=24, n_stars=180, exposure=30.0, seeing_max=3.2)


def _stacked(folder: Path, **changes: object) -> Path:
    simulate(replace(SKY, **changes), folder / "session")  # type: ignore[arg-type]
    config = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
    return run(folder / "session", config, runs_dir=folder / "runs").directory


def _save(picture: Path, name: str) -> None:
    with Image.open(picture) as image:
        small = image.convert("RGB")
        small.thumbnail((WIDTH, WIDTH))
        small.save(FOLDER / f"{name}.jpg", quality=QUALITY, optimize=True)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        comet = _stacked(Path(scratch) / "comet", moving=((150.0, 130.0, 240.0, 90.0, 15000.0, 60000.0),), coma_fwhm=16.0)
        _save(make_comet(comet).files["picture"], "comet")


if __name__ == "__main__":
    main()
