"""What a run ends with: the picture, the file to process, the report, the warnings, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from orchestrator.cli.markup import add_columns, escape
from orchestrator.cli.progress import ResultConsole
from orchestrator.report.phase_words import first_sentence, phase_words
from orchestrator.report.wording import duration, statistics_rows

if TYPE_CHECKING:
    from orchestrator.pipeline.result import RunResult

__all__ = ["short_path", "show_forecast", "show_result"]

MIB = 2**20


def show_result(result: RunResult, skipped: Mapping[str, str], *, verbose: bool = False) -> None:
    """Print the end of a run in five lines, and the figures of all phases with ``verbose``. ``skipped``: phases that were skipped
    -> the reason."""
    if verbose:
        show_figures(result)
    if result.restored:
        click.echo(f"Restored: {len(result.restored)} files that were missing or changed.")
    elif result.error is None and not result.ran and result.products:
        click.echo("Nothing to do: all phases are finished, and nothing has changed.")
    # A path is never wrapped.
    parts = _stacks(result)
    if parts and (verbose or result.stack is None):
        for name, one in parts.items():
            click.echo(f"{name}: {short_path(one.stack)}")
            if verbose or result.stack is None:
                _echo_path(f"{'':{len(name)}} ", one.products.get("preview"))
    _echo_path("Picture:      ", result.products.get("preview"))
    _echo_path("Linear image: ", result.products.get("final") or result.stack)
    report = result.products.get("report") or result.directory / "artifacts" / "report.html"
    _echo_path("Report:       ", report if report.is_file() else None)
    if result.products:
        warnings = list(dict.fromkeys(first_sentence(w) for w in result.warnings))
        click.echo(f"Warnings:     {len(warnings) or 'none'}")
        for text in warnings:
            click.echo(f"  ! {text}")
        if (why := skipped.get("ASTROMETRY", "")) and "solver can be used" in why:
            click.echo(f"Not solved:   {why}; `orchestrate doctor` shows how to install one")
        click.echo(f"Next:         {_next_step(result)}")


def show_figures(result: RunResult) -> None:
    """Print the statistics of a run as a table."""
    console = ResultConsole(soft_wrap=True)
    table = Table(title=f"Run {result.directory.name}: {result.status}", show_header=False, title_justify="left")
    add_columns(table, "", "")
    for label, text in statistics_rows(result.statistics):
        table.add_row(label, escape(text))
    console.print(table)


def show_forecast(result: RunResult) -> None:
    """Print what a run would do: frames, phases, expected time, memory and disk."""
    console, needed = Console(soft_wrap=True), result.forecast
    table = Table(show_header=False, box=None, pad_edge=False)
    add_columns(table, "", "")
    for label, text in statistics_rows(result.statistics):
        table.add_row(label, escape(text))
    if needed is not None:
        source = (f"by {needed.earlier_runs} earlier run{'s' * (needed.earlier_runs != 1)}" if needed.earlier_runs
                  else "a first estimate: there are no earlier runs here")
        table.add_row("expected time", f"about {_rough(needed.total_seconds)} ({source})")
        for name, seconds in needed.seconds.items():
            table.add_row(f"  {phase_words(name)}", f"{_rough(seconds)}" if seconds >= 0.5 else "")
        table.add_row("memory", f"at least {_size(needed.memory_needed)}; the budget is {_size(needed.memory_budget)}")
        table.add_row("disk", f"up to {_size(needed.disk_needed)} in {result.directory}; {_size(needed.disk_free)} are free")
    console.print(table, highlight=False)
    click.echo("Nothing was written. The same command without --dry-run starts the run.")


def short_path(path: Path | None) -> str:
    """A path as short as it can be copied from a terminal: relative to the current folder if it is below it."""
    if path is None:
        return ""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _echo_path(label: str, path: Path | None) -> None:
    if path is not None:
        click.echo(f"{label}{short_path(path)}")


def _next_step(result: RunResult) -> str:
    figures = f"`orchestrate runs show {shlex.quote(short_path(result.directory))}` for all figures"
    if result.status == "validation_failed":
        return f"a check failed: read the report before you use the image; {figures}"
    return f"process the linear image; {figures}"


def _stacks(result: RunResult, name: str = "") -> dict[str, RunResult]:
    """The results with a stack below one of several fields or filters, by name."""
    found: dict[str, RunResult] = {}
    for part, one in result.channels.items():
        path = f"{name}-{part}" if name else part
        found |= {path: one} if one.stack is not None else {}
        found |= _stacks(one, path)
    return found


def _rough(seconds: float) -> str:
    """Seconds, rounded as an estimate deserves."""
    return duration(round(seconds)) if seconds < 60 else f"{round(seconds / 60)} min" if seconds < 6000 else duration(seconds)


def _size(count: int) -> str:
    return f"{count / MIB:.0f} MiB" if count < 10_240 * MIB else f"{count / 2**30:.0f} GiB"
