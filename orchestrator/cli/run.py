"""`orchestrate run`."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import click

from orchestrator.cli.options import settings
from orchestrator.config.load import load_config
from orchestrator.errors import OrchestrateError

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
    from orchestrator.cli.progress import Progress, show_result
    from orchestrator.run.runner import RunResult
    from orchestrator.run.runner import run as run_session

    cancel = threading.Event()
    previous = {s: signal.signal(s, _handler(cancel)) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Progress(quiet=as_json) as progress:
            result = run_session(sessions, load_config(files, preset, overrides), runs_dir=runs_dir, run_id=run_id,
                                 dry_run=dry_run, listeners=(progress.listen,), cancel=cancel)
    except OrchestrateError as error:
        if as_json:  # nothing was begun: the same shape, without a folder
            refused = RunResult("failed", error.exit_code, runs_dir, error=error).to_dict()
            click.echo(json.dumps({**refused, "directory": None}, indent=1, ensure_ascii=False))
        raise
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=1, ensure_ascii=False))
    else:
        show_result(result)
    if result.error is not None:
        raise result.error
    return int(result.exit_code)


def _handler(cancel: threading.Event) -> Any:
    """The first signal asks the run to stop, the second one does not wait."""

    def handle(number: int, frame: FrameType | None) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()
        click.echo("Stopping ... (again to stop at once)", err=True)

    return handle
