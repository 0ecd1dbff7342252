"""`orchestrate run`."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.options import settings, shorthand, shorthands
from orchestrator.config.load import load_config

if TYPE_CHECKING:
    from orchestrator import RunResult
    from orchestrator.runtime.events import Listener

__all__ = ["run"]


@click.command()
@click.argument("sessions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SESSION...")
@click.option("--engine", type=click.Choice(["auto", "siril", "native"]), help="Who calibrates and registers.")
@click.option("--scheduler", metavar="ADDRESS", help="Work on the Dask cluster of this scheduler, such as tcp://host:8786.")
@settings
@shorthands
@click.option("--runs-dir", default="runs", show_default=True, type=click.Path(path_type=Path), help="Where runs are kept.")
@click.option("--run-id", metavar="NAME", help="Name of the run's folder; made from time and session by default.")
@click.option("--no-cache", is_flag=True, help="Neither use nor fill the session cache beside the runs.")
@click.option("--cache-refresh", is_flag=True, help="Make everything in the session cache anew.")
@click.option("--load-transforms", type=click.Path(path_type=Path), metavar="FILE",
              help="Take the transforms that --save-transforms wrote (or a run's artifacts/registration.json).")
@click.option("--save-transforms", type=click.Path(path_type=Path), metavar="FILE", help="Write the transforms of the lights.")
@click.option("--layout", type=click.Choice(["runs", "dwarf"]), default="runs", show_default=True,
              help="dwarf: copy master, quick looks and reports to processedData/SESSION/stacked as well.")
@click.option("--processed-dir", type=click.Path(path_type=Path), metavar="DIR",
              help="Where --layout dwarf puts them; processedData beside rawData, or here, by default.")
@click.option("--dry-run", is_flag=True, help="Look at the session and stop; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
def run(sessions: tuple[Path, ...], engine: str | None, scheduler: str | None, files: tuple[Path, ...], preset: str | None,
        overrides: tuple[str, ...], runs_dir: Path, run_id: str | None, no_cache: bool, cache_refresh: bool,
        load_transforms: Path | None, save_transforms: Path | None, layout: str, processed_dir: Path | None,
        dry_run: bool, as_json: bool, **short: Any) -> int:
    """Stack the frames of one or several SESSION folders."""
    overrides = (*shorthand(short), *overrides)
    if engine is not None:
        overrides = (*overrides, f"engine.name={engine}")
    if scheduler is not None:
        overrides = (*overrides, "runtime.executor=dask", f"runtime.scheduler={scheduler}")
    if no_cache:
        overrides = (*overrides, "runtime.cache=false")
    if cache_refresh:
        overrides = (*overrides, "runtime.cache_refresh=true")
    from orchestrator import run as run_session

    def work(listen: Listener, cancel: threading.Event) -> RunResult:
        config = load_config(files, preset, overrides)
        if load_transforms is not None:
            config.registration.transforms = load_transforms
        result = run_session(sessions, config, runs_dir=runs_dir, run_id=run_id, dry_run=dry_run, listeners=(listen,),
                             cancel=cancel)
        made = result.directory / "artifacts" / "registration.json"
        if save_transforms is not None and made.is_file():
            shutil.copyfile(made, save_transforms)
        elif save_transforms is not None and result.channels:
            click.echo("--save-transforms: the transforms are those of one filter; they lie in artifacts/registration.json of "
                       f"{', '.join(str(r.directory) for r in result.channels.values())}.", err=True)
        if layout == "dwarf" and (result.error is None or result.status == "incomplete") and not dry_run:
            from orchestrator.api.dwarf_export import default_root, write_processed

            copies = write_processed(result, sessions[0], processed_dir or default_root(sessions[0]))
            click.echo(f"Copies: {next(iter(copies.values())).parent}", err=True)
        return result

    return follow(work, as_json=as_json)
