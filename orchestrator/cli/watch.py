"""`orchestrate watch`."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.options import runs_dir_option, settings
from orchestrator.cli.verbs import Verb, progress_option

if TYPE_CHECKING:
    from orchestrator import RunResult
    from orchestrator.runtime.events import Listener

__all__ = ["watch"]


@click.command(cls=Verb)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--show", metavar="FILTER", help="Filter shown by the live stack; that of the first light by default.")
@click.option("--every", default=10, show_default=True, type=click.IntRange(1), metavar="N",
              help="Save the state, and update preview and page, after every N frames.")
@click.option("--poll", default=2.0, show_default=True, type=click.FloatRange(0, min_open=True), metavar="SECONDS",
              help="Check the folder every SECONDS.")
@click.option("--idle", type=click.FloatRange(0), metavar="SECONDS", help="Stop after SECONDS without a new frame.")
@click.option("--finish", is_flag=True, help="Add the frames found, then stack all filters of the folder in a full run.")
@click.option("--page", "with_page", is_flag=True, help="Serve a page on this computer with the growing picture, plots, the last "
              "frame and warnings; with --finish it ends with the report and stays until Ctrl-C.")
@click.option("--page-address", metavar="HOST:PORT", help="Address of the page; 127.0.0.1 and any free port by default.")
@click.option("--control", is_flag=True, help="Frames can be left out of the full stack on the page.")
@settings
@runs_dir_option()
@click.option("--run-id", metavar="NAME", help="Name of the live stack's directory; live-FOLDER by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
@progress_option
def watch(folder: Path, show: str | None, every: int, poll: float, idle: float | None, finish: bool, with_page: bool,
          page_address: str | None, control: bool, files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
          runs_dir: Path, run_id: str | None, as_json: bool) -> int:
    """Stack the frames of FOLDER while they arrive. Ctrl-C stops; the same command continues."""
    from orchestrator.config.load import load_config
    from orchestrator.live.page_server import PageOptions
    from orchestrator.live.watch import WatchOptions
    from orchestrator.live.watch import watch as watch_folder

    if not with_page and (control or page_address is not None):
        raise click.UsageError("--control and --page-address are options of the page: add --page.")
    page = PageOptions.at(page_address, control=control) if with_page else None

    def show_address(event: dict[str, Any]) -> None:
        if event["event"] == "page":
            click.echo(f"Page: {event['url']}", err=True)

    def work(listen: Listener, cancel: threading.Event) -> RunResult:
        return watch_folder(folder, load_config(files, preset, overrides), WatchOptions(show, every, poll, idle, finish, page),
                            runs_dir=runs_dir, run_id=run_id, listeners=(show_address, listen), cancel=cancel)

    return follow(work, as_json=as_json)
