"""`orchestrate doctor`."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

__all__ = ["doctor"]


@click.command()
def doctor() -> int:
    """Show which programs were found, and what to do about those that were not."""
    from orchestrator.tools.doctor import report

    table = Table(show_lines=False)
    for column in ("", "what", "version", "where", "remark"):
        table.add_column(column, overflow="fold")
    for item in report():
        table.add_row("[green]ok[/green]" if item.ok else "[yellow]--[/yellow]", item.name, escape(str(item.version or "")),
                      escape(str(item.path or "")), escape(f"{item.message} {item.remedy}".strip()))
    Console().print(table)
    return 0
