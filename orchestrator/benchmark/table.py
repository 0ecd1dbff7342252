"""The table of a benchmark, as Markdown and as JSON."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from orchestrator.benchmark.session import BenchSession
from orchestrator.benchmark.spent import Spent
from orchestrator.errors import ConfigError
from orchestrator.io.atomic import whole_file
from orchestrator.version import __version__

__all__ = ["BEGIN", "END", "Row", "as_record", "check_page", "markdown", "write_into"]

# Lines of a page between which the table is written.
BEGIN, END = "<!-- bench -->", "<!-- end of bench -->"
GB = 1e9


@dataclass(frozen=True)
class Row:
    """A program's stack of a session. ``information`` is the share kept, None if it was not measured."""

    session: BenchSession
    program: str
    spent: Spent
    information: float | None

    @property
    def frames_per_second(self) -> float:
        return self.session.frames / self.spent.seconds

    @property
    def megapixels_per_second(self) -> float:
        width, height = self.session.size
        return self.frames_per_second * width * height / 1e6


def markdown(rows: Sequence[Row]) -> str:
    """A table for each session. Ratios are relative to the first program of the session."""
    parts = []
    for session in dict.fromkeys(row.session for row in rows):
        own = [row for row in rows if row.session == session]
        first = own[0]
        parts += [f"{session.name}, {session.config.n_bias} biases, darks and flats; {machine()}.\n",
                  f"| program | CPU s | seconds | frames/s | MP/s | memory (GB) | disk (GB) | information kept | CPU relative to "
                  f"{first.program} |", "|---" * 9 + "|"]
        for row in own:
            kept = "–" if row.information is None else f"{row.information:.2f}"
            parts.append(f"| {row.program} | {row.spent.cpu:.1f} | {row.spent.seconds:.1f} | {row.frames_per_second:.2f} | "
                         f"{row.megapixels_per_second:.1f} | {row.spent.memory / GB:.2f} | {row.spent.disk / GB:.2f} | {kept} | "
                         f"{row.spent.cpu / first.spent.cpu:.2f} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def machine() -> str:
    """Processors and memory, for the title of a table."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()}"


def as_record(rows: Sequence[Row]) -> dict[str, Any]:
    """All figures, for JSON: seconds and bytes."""
    return {"version": __version__, "machine": machine(), "rows": [
        {"frames": row.session.frames, "width": row.session.size[0], "height": row.session.size[1],
         "camera": "mono" if row.session.mono else "osc", "program": row.program, **asdict(row.spent),
         "frames_per_second": row.frames_per_second, "megapixels_per_second": row.megapixels_per_second,
         "information_kept": row.information} for row in rows]}


def check_page(page: Path) -> None:
    """ConfigError if a file exists that has other content than a table, and no lines between which one is written."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    if text.strip() and not 0 <= text.find(BEGIN) < text.find(END):
        raise ConfigError(f"{page} has other content.", f"Choose a new file, or add the lines {BEGIN} and {END} to it.")


def write_into(page: Path, table: str) -> None:
    """Write a table into a page that :func:`check_page` accepts; all else in it stays."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2] or "\n"
    with whole_file(page, replaces=True) as stream:
        stream.write(f"{head}{BEGIN}\n{table}{END}{tail}".encode())
