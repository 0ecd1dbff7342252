"""Progress and result of a run: a live display on a terminal, plain lines in a pipe."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

if TYPE_CHECKING:
    from orchestrator.pipeline.result import RunResult

__all__ = ["Progress", "show_result"]


class Progress:
    """A listener of run events.

    Parameters
    ----------
    quiet : write to standard error, and outside a terminal only warnings: standard output is for the result.
    silent : show nothing.
    """

    def __init__(self, *, quiet: bool = False, silent: bool = False) -> None:
        self._console = Console(stderr=quiet, soft_wrap=True)
        self._quiet = quiet and not self._console.is_terminal
        self._silent = silent
        self._bars: Bars | None = None
        if self._console.is_terminal and not silent:
            # The log (-v) passes above the bars, unless standard error is redirected.
            self._bars = Bars(TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(),
                              TextColumn("{task.fields[note]}"), TimeElapsedColumn(), console=self._console, transient=True,
                              redirect_stderr=sys.stderr.isatty())
            self._task = self._bars.add_task("", total=None, note="")

    def __enter__(self) -> Progress:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars:
            self._bars.stop()

    def listen(self, event: dict[str, Any]) -> None:
        """Show an event."""
        if self._silent:
            return
        name, phase = event["event"], event.get("phase", "")
        if name == "warning":
            self._console.print(f"[yellow]  ! {escape(event['message'])}[/yellow]", highlight=False)
        elif name == "note" and not self._quiet:
            self._console.print(f"[dim]  {escape(event['message'])}[/dim]", highlight=False)
        elif name == "channel_start" and not self._quiet:
            self._console.print(f"[bold]Filter {escape(event['filter'])}[/bold] ({event['number']} of {event['total']}): "
                                f"{escape(event['directory'])}", highlight=False)
        elif name == "phase_end" and not self._quiet:
            remark = event["summary"].get("why", "") if event["status"] == "skipped" else ""
            mark = {"ok": "[green]ok[/green]", "skipped": "[dim]skipped[/dim]"}.get(event["status"], event["status"])
            self._console.print(f"{phase:<20} {mark} {event['seconds']:.1f} s [dim]{escape(str(remark))}[/dim]", highlight=False)
        elif name == "frame" and not self._quiet:
            waiting = f", {event['waiting']} waiting for the first image" if event["waiting"] else ""
            others = "".join(f", {count} of {name}" for name, count in event["others"].items())
            self._console.print(f"{event['stacked']} stacked, {event['left_out']} left out{waiting}{others}: "
                                f"{escape(Path(event['path']).name)}", highlight=False)
        elif name == "phase_kept" and not self._quiet:
            self._console.print(f"{phase:<20} [dim]kept[/dim]", highlight=False)
        elif self._bars and name == "phase_start":
            self._bars.reset(self._task, description=phase, total=None, note="")
        elif self._bars and name == "phase_progress":
            self._bars.update(self._task, completed=event["done"], total=event["total"], note=event.get("message", ""))


def show_result(result: RunResult) -> None:
    """Print the statistics of a run as a table, and the paths of its products."""
    from orchestrator.report.wording import statistics_rows

    console = Console(soft_wrap=True)
    table = Table(title=f"Run {result.directory.name}: {result.status}", show_header=False, title_justify="left")
    for label, text in statistics_rows(result.statistics):
        table.add_row(label, escape(text))
    console.print(table)
    if result.error is None and not result.ran and result.products:
        print("Nothing to do: all phases are finished, and nothing has changed.")
    # Plain prints, so that a path is never wrapped.
    for channel, one in result.channels.items():
        if one.stack is not None:
            print(f"{channel + ':':<8} {one.stack}")
            if "preview" in one.products:
                print(f"{'':<8} {one.products['preview']}")
    if "final" in result.products:
        print(f"Final:   {result.products['final']}")
    stack = result.products.get("stacked_rgb") or result.products.get("stacked")
    if stack:
        print(f"Stack:   {stack}")
    if result.channels and "stacked_rgb_pcc" in result.products:
        print(f"Colours: {result.products['stacked_rgb_pcc']}")
    if "preview" in result.products:
        print(f"Picture: {result.products['preview']}")
    report = result.products.get("report") or result.directory / "artifacts" / "report.html"
    if report.is_file():
        print(f"Report:  {report}")
    if result.products:
        print(f"Run:     {result.directory}")
