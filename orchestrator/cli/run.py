"""`orchestrate run`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.options import settings
from orchestrator.config.load import load_config

__all__ = ["run"]


@click.command()
@click.argument("sessions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SESSION...")
@click.option("--engine", type=click.Choice(["auto", "siril", "native"]), help="Who calibrates and registers.")
@click.option("--scheduler", metavar="ADDRESS", help="Work on the Dask cluster of this scheduler, such as tcp://host:8786.")
@settings
@click.option("--runs-dir", default="runs", show_default=True, type=click.Path(path_type=Path), help="Where runs are kept.")
@click.option("--run-id", metavar="NAME", help="Name of the run's folder; made from time and session by default.")
@click.option("--dry-run", is_flag=True, help="Look at the session and stop; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
def run(sessions: tuple[Path, ...], engine: str | None, scheduler: str | None, files: tuple[Path, ...], preset: str | None,
        overrides: tuple[str, ...], runs_dir: Path, run_id: str | None, dry_run: bool, as_json: bool) -> int:
    """Stack the frames of one or several SESSION folders."""
    if engine is not None:
        overrides = (*overrides, f"engine.name={engine}")
    if scheduler is not None:
        overrides = (*overrides, "runtime.executor=dask", f"runtime.scheduler={scheduler}")
    config = load_config(files, preset, overrides)
    from orchestrator.run.runner import run as run_session

    return follow(lambda listen, cancel: run_session(sessions, config, runs_dir=runs_dir, run_id=run_id, dry_run=dry_run,
                                                     listeners=(listen,), cancel=cancel), as_json=as_json)
