"""`orchestrate simulate`."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from orchestrator.cli.verbs import Verb, note
from orchestrator.errors import ConfigError

__all__ = ["simulate"]


@click.command(cls=Verb)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--preset", default="demo", show_default=True, metavar="NAME", help="Kind of session.")
@click.option("--frames", type=click.IntRange(1), metavar="N", help="Number of lights.")
@click.option("--seed", type=int, metavar="N", help="Seed of the random numbers: another seed gives another sky.")
@click.option("--layout", metavar="NAME",
              help="Folders, names and headers of a device: dwarf, seestar, asiair, nina, ekos, sharpcap, plain.")
def simulate(folder: Path, preset: str, frames: int | None, seed: int | None, layout: str | None) -> int:
    """Write a simulated session with known truth to DIR. Frames are in lights/, darks/, ..., the truth is in truth/."""
    from orchestrator.simulation import FILTER_SESSIONS, PRESETS, simulate_filters
    from orchestrator.simulation import simulate as make
    from orchestrator.simulation.layouts import LAYOUTS, arrange

    base, filters = FILTER_SESSIONS.get(preset, (preset, {}))
    if base not in PRESETS:
        raise ConfigError(f"There is no simulated session {preset!r}.", f"Presets: {', '.join([*PRESETS, *FILTER_SESSIONS])}.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is not an empty folder.", "Choose a new folder.")
    changes: dict[str, int] = {}
    if frames is not None:
        changes["n_frames"] = frames
    if seed is not None:
        changes["seed"] = seed
    config = replace(PRESETS[base], **changes)  # type: ignore[arg-type]
    note(f"Simulating {config.n_frames} lights of {config.width}x{config.height} and their calibration frames ...")
    if layout is not None:
        if layout not in LAYOUTS or config.pattern is None:
            raise ConfigError(f"--layout {layout!r} cannot be combined with --preset {preset}.",
                              f"Layouts of colour cameras: {', '.join(LAYOUTS)}.")
        with tempfile.TemporaryDirectory() as scratch:
            make(config, scratch)
            named = arrange(scratch, folder, layout)
            shutil.copytree(Path(scratch) / "truth", folder / "truth", dirs_exist_ok=True)
        click.echo(f"{config.n_frames} lights of {config.width}x{config.height}: orchestrate run '{named}'")
        return 0
    if filters:
        simulate_filters(config, filters, folder)
        click.echo(f"{config.n_frames} lights of {config.width}x{config.height} through each of {', '.join(filters)} in {folder}")
        return 0
    make(config, folder)
    click.echo(f"{config.n_frames} lights of {config.width}x{config.height} in {folder}")
    return 0
