"""`orchestrate watch`."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.options import settings
from orchestrator.config.load import load_config

if TYPE_CHECKING:
    from orchestrator import RunResult
    from orchestrator.runtime.events import Listener

__all__ = ["watch"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--show", metavar="FILTER", help="The filter that the live stack shows; that of the first light by default.")
@click.option("--every", default=10, show_default=True, type=click.IntRange(1), metavar="N",
              help="Save the state, and make preview and page anew, after so many frames.")
@click.option("--poll", default=2.0, show_default=True, type=click.FloatRange(0, min_open=True), metavar="SECONDS",
              help="Time between two looks at the folder.")
@click.option("--idle", type=click.FloatRange(0), metavar="SECONDS", help="End when no frame has come for so long.")
@click.option("--finish", is_flag=True, help="Take in what is there, then stack the folder, all its filters, by a full run.")
@settings
@click.option("--runs-dir", default="runs", show_default=True, type=click.Path(path_type=Path), help="Where runs are kept.")
@click.option("--run-id", metavar="NAME", help="Name of the live stack's folder; live-FOLDER by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
def watch(folder: Path, show: str | None, every: int, poll: float, idle: float | None, finish: bool, files: tuple[Path, ...],
          preset: str | None, overrides: tuple[str, ...], runs_dir: Path, run_id: str | None, as_json: bool) -> int:
    """Stack the frames of FOLDER while they arrive. Ctrl-C ends it; the same command goes on."""
    from orchestrator.live.watch import watch as watch_folder

    def work(listen: Listener, cancel: threading.Event) -> RunResult:
        return watch_folder(folder, load_config(files, preset, overrides), runs_dir=runs_dir, run_id=run_id, show=show,
                            every=every, poll=poll, idle=idle, finish=finish, listeners=(listen,), cancel=cancel)

    return follow(work, as_json=as_json)
