"""The progress of a run: two bars on a terminal, lines with percentages in a pipe, or events as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, ProgressColumn, TextColumn
from rich.progress import Progress as Bars

from orchestrator.cli.closed_output import discard
from orchestrator.cli.markup import escape
from orchestrator.io.visible import visible
from orchestrator.report.phase_words import phase_words, skipped_because
from orchestrator.report.wording import duration
from orchestrator.runtime.run_progress import RunProgress

__all__ = ["Progress", "ResultConsole", "time_left"]

# A line is printed when the run has advanced by this share, and when nothing was printed for this time (s).
LINE_SHARE, LINE_SECONDS = 0.1, 30.0
# The bars are drawn this often (1/s), with a moving estimate of the time that is left.
REFRESH = 4


class ResultConsole(Console):
    """A console that becomes silent when its output is closed; that of rich ends the process."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        discard()


class LiveBars(Bars):
    """Bars that call ``before`` each time they are drawn, so that they move within a step too."""

    def __init__(self, *columns: ProgressColumn, before: Callable[[], None], **options: Any) -> None:
        self._before = before
        super().__init__(*columns, **options)

    def get_renderables(self) -> Iterable[RenderableType]:
        self._before()
        yield from super().get_renderables()


class Progress:
    """A listener of run events.

    Parameters
    ----------
    quiet : write to standard error, and outside a terminal only warnings: standard output is for the result.
    silent : show nothing.
    form : "bars", "lines", "json" (events with the share of the run and the seconds left, one a line on standard error), "none"
        (warnings only) or "auto": bars on a terminal, else lines.

    Attributes
    ----------
    skipped : phases that were skipped -> the reason, in one sentence.
    """

    def __init__(self, *, quiet: bool = False, silent: bool = False, form: str = "auto") -> None:
        self._console = ResultConsole(stderr=quiet, soft_wrap=True, highlight=False)
        terminal = self._console.is_terminal
        self._form = form if form != "auto" else "bars" if terminal else "none" if quiet else "lines"
        self._notes = not (quiet and not terminal)
        self._silent = silent
        self._run = RunProgress()
        self._printed = (-1.0, time.monotonic())
        self.skipped: dict[str, str] = {}
        self._bars: Bars | None = None
        if self._form == "bars" and not silent:
            # The log (-v) passes above the bars, unless standard error is redirected.
            self._bars = LiveBars(TextColumn("{task.description}", markup=False), BarColumn(bar_width=20),
                                  TextColumn("{task.fields[note]}", markup=False), before=self._show_whole, console=self._console,
                                  transient=True, redirect_stderr=sys.stderr.isatty(), refresh_per_second=REFRESH)
            self._whole = self._bars.add_task("starting", total=1.0, note="")
            self._phase = self._bars.add_task("", total=None, note="", visible=False)

    def __enter__(self) -> Progress:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars:
            self._bars.stop()

    def listen(self, event: dict[str, Any]) -> None:
        """Show an event."""
        self._run.listen(event)
        if event["event"] == "phase_end" and (why := skipped_because(event)):
            self.skipped[event["phase"]] = why
        if self._silent:
            return
        if self._form == "json":
            print(json.dumps(event | self._run.to_dict(), default=str, ensure_ascii=False), file=sys.stderr, flush=True)
            return
        self._show_message(event)
        if self._bars:
            self._draw(event)
        elif self._form == "lines":
            self._print_line(event)

    def _show_message(self, event: dict[str, Any]) -> None:
        name = event["event"]
        if name == "warning":
            self._console.print(f"[yellow]! {escape(event['message'])}[/yellow]")
        elif not self._notes:
            return
        elif name == "note" and not event.get("detail"):
            self._console.print(f"[dim]{escape(event['message'])}[/dim]")
        elif name in ("field_start", "channel_start"):
            kind = "field" if name == "field_start" else "filter"
            self._console.print(f"[bold]{kind.capitalize()} {escape(event[kind])}[/bold] ({event['number']} of {event['total']})")
        elif name == "frame":
            waiting = f", {event['waiting']} waiting" if event["waiting"] else ""
            others = "".join(f", {count} of {name}" for name, count in event["others"].items())
            self._console.print(f"{event['stacked']} stacked, {event['left_out']} left out{waiting}{others}: "
                                f"{escape(Path(event['path']).name)}")

    def _draw(self, event: dict[str, Any]) -> None:
        assert self._bars is not None
        name = event["event"]
        if name not in ("phase_start", "phase_progress", "phase_end", "phase_kept"):
            return
        if name == "phase_progress":
            self._bars.update(self._phase, completed=event["done"], total=max(event["total"], 1), visible=True,
                              description=f"  {visible(event.get('message', ''))}".ljust(len(self._step())),
                              note=f"{event['done']} of {event['total']}")
        else:
            self._bars.reset(self._phase, total=None, description="", note="", visible=False)

    def _show_whole(self) -> None:
        if self._bars is not None and self._bars.tasks and self._run.phase:
            left = time_left(self._run.seconds_left)
            self._bars.update(self._whole, completed=self._run.fraction, description=self._step(),
                              note=f"{100 * self._run.fraction:3.0f} %{left}")

    def _step(self) -> str:
        step = f"{self._run.number} of {self._run.total}: " if self._run.number else ""
        return f"{step}{phase_words(self._run.phase):<24}"

    def _print_line(self, event: dict[str, Any]) -> None:
        name, run = event["event"], self._run
        if name not in ("phase_start", "phase_progress", "phase_end") or not run.number:
            return
        share, when = self._printed
        last = name == "phase_end" and run.number == run.total
        if not last and run.fraction - share < LINE_SHARE and time.monotonic() - when < LINE_SECONDS:
            return
        self._printed = (run.fraction, time.monotonic())
        frames = f", {event['done']} of {event['total']}" if name == "phase_progress" and event["total"] > 1 else ""
        left = "" if last else time_left(run.seconds_left)
        step = f"step {run.number} of {run.total}, {phase_words(run.phase)}"
        self._console.print(f"{100 * run.fraction:3.0f} %  {step}{frames}{left}")


def time_left(seconds: float | None) -> str:
    """Such as ", about 3 min left"; "" if it is not known. Rounded, since it is an estimate."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f", about {max(5 * round(seconds / 5), 5)} s left"
    minutes = round(seconds / 60)
    return f", about {minutes} min left" if minutes < 100 else f", about {duration(60 * minutes)} left"
