"""`orchestrate report`."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["report"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN")
def report(folder: Path) -> int:
    """Make the report of a finished, aborted or failed RUN (its folder) anew, from its files alone."""
    from orchestrator.report.write import write_report

    click.echo(str(write_report(folder)))
    return 0
