"""What `run` and `resume` share: progress, signals, the result and its exit code."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.stopping import Stopping
from orchestrator.errors import Cancelled, OrchestrateError

if TYPE_CHECKING:
    from orchestrator import RunResult

__all__ = ["follow", "tell_refusal"]


def follow(work: Callable[[Callable[[dict[str, Any]], None], threading.Event], RunResult], *, as_json: bool) -> int:
    """Do ``work(listener, cancel)``, show how it goes and what came out; returns the exit code or raises the run's error."""
    from orchestrator.cli.progress import Progress, show_result

    cancel = threading.Event()
    directories: list[Path] = []

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "run_start":
            directories.append(Path(event["directory"]))
        progress.listen(event)

    def last_words(why: str) -> None:
        error = Cancelled(f"The run {why} and was ended.")
        if as_json:
            tell_refusal(error, directories[0] if directories else None, "aborted")
        if directories:  # the first is that of the whole, where several filters have runs of their own
            _tell_how_to_go_on(directories[0])
        click.echo(f"Error: {error.message}", err=True)

    try:
        with Stopping(cancel, last_words), Progress(quiet=as_json) as progress:
            result = work(listen, cancel)
    except OrchestrateError as error:
        if as_json:
            tell_refusal(error)
        raise
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=1, ensure_ascii=False))
    else:
        show_result(result)
    if result.error is not None:
        _tell_how_to_go_on(result.directory)
        raise result.error
    return int(result.exit_code)


def tell_refusal(error: OrchestrateError, directory: Path | None = None, status: str = "failed") -> None:
    """An error that leaves no result, as JSON of the same shape as one; no folder when nothing was begun."""
    from orchestrator import RunResult

    refused = RunResult(status, error.exit_code, Path(), error=error).to_dict()
    click.echo(json.dumps({**refused, "directory": None if directory is None else str(directory)}, indent=1,
                          ensure_ascii=False))


def _tell_how_to_go_on(directory: Path) -> None:
    click.echo(f"What is finished is kept: `orchestrate resume {directory}` goes on from there.", err=True)
