"""`orchestrate report`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.cli.verbs import Verb

__all__ = ["report"]


@click.command(cls=Verb)
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN")
def report(folder: Path) -> int:
    """Rebuild the report of a RUN from its files. RUN is the directory of a finished, aborted or failed run."""
    from orchestrator.report.write import write_report

    click.echo(str(write_report(folder)))
    return 0
