"""Text from files and headers in the tables and lines that the command line prints."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from orchestrator.io.visible import visible

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["add_columns", "escape"]


def escape(text: str) -> str:
    """The text without control characters, with brackets that are not markup."""
    from rich.markup import escape as without_markup

    return without_markup(visible(text))


def add_columns(table: Table, *names: str, right: Collection[str] = ()) -> None:
    """Columns whose text continues on the next line where the terminal is narrow: names are never cut. Those named in ``right``
    are aligned to the right."""
    for name in names:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
