"""What `run` and `resume` share: progress, signals, the result and its exit code."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from orchestrator.errors import OrchestrateError

if TYPE_CHECKING:
    from orchestrator import RunResult

__all__ = ["follow", "tell_refusal"]


def follow(work: Callable[[Callable[[dict[str, Any]], None], threading.Event], RunResult], *, as_json: bool) -> int:
    """Do ``work(listener, cancel)``, show how it goes and what came out; returns the exit code or raises the run's error."""
    from orchestrator.cli.progress import Progress, show_result

    cancel = threading.Event()
    previous = {s: signal.signal(s, _handler(cancel)) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Progress(quiet=as_json) as progress:
            result = work(progress.listen, cancel)
    except OrchestrateError as error:
        if as_json:
            tell_refusal(error)
        raise
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if as_json:
        click.echo(json.dumps(result.to_dict(), indent=1, ensure_ascii=False))
    else:
        show_result(result)
    if result.error is not None:
        click.echo(f"What is finished is kept: `orchestrate resume {result.directory}` goes on from there.", err=True)
        raise result.error
    return int(result.exit_code)


def tell_refusal(error: OrchestrateError) -> None:
    """An error before anything was begun, as JSON of the same shape as a result, without a folder."""
    from orchestrator import RunResult

    refused = RunResult("failed", error.exit_code, Path(), error=error).to_dict()
    click.echo(json.dumps({**refused, "directory": None}, indent=1, ensure_ascii=False))


def _handler(cancel: threading.Event) -> Any:
    """The first signal asks the run to stop, the second one does not wait."""

    def handle(number: int, frame: FrameType | None) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()
        click.echo("Stopping ... (again to stop at once)", err=True)

    return handle
