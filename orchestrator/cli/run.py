"""`orchestrate run`."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.options import runs_dir_option, settings, shorthand, shorthands
from orchestrator.cli.verbs import Verb, note, progress_option

if TYPE_CHECKING:
    from orchestrator import RunResult
    from orchestrator.runtime.events import Listener

__all__ = ["run"]


@click.command(cls=Verb)
@click.argument("sessions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SESSION...")
@click.option("--engine", type=click.Choice(["auto", "siril", "native"]), help="Engine that calibrates and registers.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster of this scheduler, such as tcp://host:8786.")
@settings
@shorthands
@runs_dir_option()
@click.option("--run-id", metavar="NAME", help="Name of the run directory; made from time and session by default.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the session cache next to the runs.")
@click.option("--cache-refresh", is_flag=True, help="Rebuild the entries of the session cache.")
@click.option("--load-transforms", type=click.Path(path_type=Path), metavar="FILE",
              help="Use the transforms written by --save-transforms (or a run's artifacts/registration.json).")
@click.option("--save-transforms", type=click.Path(path_type=Path), metavar="FILE", help="Write the transforms of the lights.")
@click.option("--layout", type=click.Choice(["runs", "dwarf"]), default="runs", show_default=True,
              help="dwarf: also copy master and quick looks (stretch asinh) to processedData/SESSION/stacked, reports beside it.")
@click.option("--processed-dir", type=click.Path(path_type=Path), metavar="DIR",
              help="Target of --layout dwarf; by default processedData next to rawData, or in the current folder.")
@click.option("--dry-run", is_flag=True, help="Show frames, steps, expected time, memory and disk space; write nothing.")
@click.option("--report", "score_report", type=click.Path(path_type=Path), metavar="FILE",
              help="With --dry-run: also measure and score the lights, and write a report (.md or .json).")
@click.option("--open", "show", is_flag=True, help="Open the picture when the run has finished.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
@progress_option
def run(sessions: tuple[Path, ...], engine: str | None, scheduler: str | None, files: tuple[Path, ...], preset: str | None,
        overrides: tuple[str, ...], runs_dir: Path, run_id: str | None, no_cache: bool, cache_refresh: bool,
        load_transforms: Path | None, save_transforms: Path | None, layout: str, processed_dir: Path | None,
        dry_run: bool, score_report: Path | None, show: bool, as_json: bool, **short: Any) -> int:
    """Stack the frames of one or more SESSION folders."""
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
    from orchestrator.config.load import load_config
    from orchestrator.io.raw_guard import refuse_sessions
    from orchestrator.runtime.kernels import PREPARING, kernels_ready

    refuse_sessions(sessions, (save_transforms, processed_dir, score_report))
    if score_report is not None:
        from orchestrator.api.score_report import check_report

        if not dry_run:
            raise click.UsageError("--report FILE belongs to --dry-run; a run writes its report to artifacts/.")
        check_report(score_report)

    def work(listen: Listener, cancel: threading.Event) -> RunResult:
        config = load_config(files, preset, overrides)
        if layout == "dwarf" and "preview_stretch" not in config.output.model_fields_set:
            config.output.preview_stretch = "asinh"
        if not dry_run and not kernels_ready():
            note(PREPARING)
        if load_transforms is not None:
            config.registration.transforms = load_transforms
        result = run_session(sessions, config, runs_dir=runs_dir, run_id=run_id, dry_run=dry_run, listeners=(listen,),
                             cancel=cancel)
        if score_report is not None:
            from orchestrator.api.score_frames import score_session
            from orchestrator.api.score_report import write_score_report

            scored = score_session(sessions, config, runs_dir=runs_dir, listeners=(listen,), cancel=cancel)
            write_score_report(score_report, scored)
            note(f"Scores: {score_report}")
        registration = result.directory / "artifacts" / "registration.json"
        if save_transforms is not None and registration.is_file():
            from orchestrator.io.atomic import whole_file

            with registration.open("rb") as source, whole_file(save_transforms) as target:
                shutil.copyfileobj(source, target)
        elif save_transforms is not None and result.channels:
            note("--save-transforms: transforms belong to one stack; they are stored in artifacts/registration.json of "
                 f"{', '.join(str(r.directory) for r in result.single_runs)}.")
        if layout == "dwarf" and (result.error is None or result.status == "incomplete") and not dry_run:
            from orchestrator.api.dwarf_export import default_root, write_processed

            copies = write_processed(result, sessions[0], processed_dir or default_root(sessions[0]))
            note(f"Copies: {next(iter(copies.values())).parent}")
        if show and "preview" in result.products:
            click.launch(str(result.products["preview"]))
        return result

    return follow(work, as_json=as_json)
