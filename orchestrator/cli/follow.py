"""Driving a run from the command line: progress, signals, the result and its exit code."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.closed_output import closed_output
from orchestrator.cli.stopping import Stopping
from orchestrator.cli.verbs import is_quiet, is_verbose, progress_form
from orchestrator.errors import Cancelled, OrchestrateError

if TYPE_CHECKING:
    from orchestrator import RunResult

__all__ = ["follow", "print_failure"]


def follow(work: Callable[[Callable[[dict[str, Any]], None], threading.Event], RunResult], *, as_json: bool) -> int:
    """Do ``work(listener, cancel)``, show its progress and its result; returns the exit code or raises the run's error."""
    from orchestrator.cli.progress import Progress
    from orchestrator.cli.result import show_forecast, show_result

    cancel = threading.Event()
    directories: list[Path] = []

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "run_start":
            directories.append(Path(event["directory"]))
        with closed_output():
            progress.listen(event)

    def before_exit(why: str) -> None:
        error = Cancelled(f"The run {why} and was ended.")
        if as_json:
            print_failure(error, directories[0] if directories else None, "aborted")
        if directories:  # the first is that of the combination, where several filters have runs of their own
            _print_how_to_resume(directories[0])
        click.echo(f"Error: {error.message}", err=True)

    try:
        with Stopping(cancel, before_exit), Progress(quiet=as_json, silent=is_quiet(), form=progress_form()) as progress:
            result = work(listen, cancel)
    except OrchestrateError as error:
        if as_json:
            print_failure(error)
            error.printed = True
        raise
    with closed_output():
        if as_json:
            click.echo(json.dumps(result.to_dict(), indent=1, ensure_ascii=False))
        elif result.forecast is not None:
            show_forecast(result)
        else:
            show_result(result, progress.skipped, verbose=is_verbose())
    if result.error is not None:
        with closed_output():
            _print_how_to_resume(result.directory)
        result.error.printed = as_json
        raise result.error
    return int(result.exit_code)


def print_failure(error: OrchestrateError, directory: Path | None = None, status: str = "failed") -> None:
    """Print an error that leaves no result as JSON with the keys of a result; ``directory`` is None if no run was started."""
    from orchestrator import RunResult

    failure = RunResult(status, error.exit_code, Path(), error=error).to_dict()
    click.echo(json.dumps({**failure, "directory": None if directory is None else str(directory)}, indent=1,
                          ensure_ascii=False))


def _print_how_to_resume(directory: Path) -> None:
    click.echo(f"Finished phases are kept: `orchestrate resume {directory}` continues the run.", err=True)
