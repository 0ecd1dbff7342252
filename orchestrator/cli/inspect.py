"""`orchestrate inspect`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestrator.cli.verbs import Verb, trust_option
from orchestrator.errors import ConfigError

__all__ = ["inspect"]


@click.command(cls=Verb)
@click.argument("folder", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--at", metavar="X,Y", help="A pixel of the stacked file: column and row as stored, from 0.")
@click.option("--radius", default=12, show_default=True, type=click.IntRange(1, 256), metavar="PX",
              help="Half the side of the box around --at, in pixels.")
@click.option("--box", metavar="X0,Y0,X1,Y1", help="A box in pixels instead of --at; X1 and Y1 are exclusive.")
@trust_option
@click.option("--top", default=12, show_default=True, type=click.IntRange(1), metavar="N", help="Show the first N frames.")
@click.option("--json", "as_json", is_flag=True, help="Print all frames as JSON; no page is written.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="The page; inspect_X0_Y0_X1_Y1.html in the run's artifacts by default.")
def inspect(folder: Path, at: str | None, radius: int, box: str | None, top: int, as_json: bool, output: Path | None) -> int:
    """Rank the frames of RUN by their contribution to a place in the image. Their crops are shown on a page.

    RUN is a run directory. A few rows of each raw frame are read again: the raw frames must still be in their original location.
    """
    if (at is None) == (box is None):
        raise ConfigError("The place to inspect is missing or ambiguous.", "Give exactly one of --at X,Y and --box X0,Y0,X1,Y1.")
    from orchestrator.api.inspection import inspect as inspect_run
    from orchestrator.io.raw_guard import refuse_sessions
    from orchestrator.report.files import RunFiles
    from orchestrator.rundir.record import session_folders

    refuse_sessions(session_folders(folder), (output,))
    if box is not None:
        x0, y0, x1, y1 = _numbers("--box", box, 4)
    else:
        x, y = _numbers("--at", str(at), 2)
        height, width = (RunFiles(folder).json("prewarp").get("canvas_shape") or (1 << 30, 1 << 30))[:2]
        if not (0 <= x < width and 0 <= y < height):
            raise ConfigError(f"--at {at}: the canvas has {width} x {height} px.",
                              "Give column and row of the stacked file, from 0.")
        x0, y0, x1, y1 = max(x - radius, 0), max(y - radius, 0), min(x + radius + 1, width), min(y + radius + 1, height)
    found = inspect_run(folder, (x0, y0, x1, y1))
    if as_json:
        click.echo(json.dumps([f.to_dict() for f in found.frames], indent=1, ensure_ascii=False))
        return 0
    from rich.console import Console
    from rich.table import Table

    from orchestrator.api.inspection_page import HEAD, rows, write_inspection
    from orchestrator.cli.markup import escape

    table = Table()
    for name in HEAD:
        table.add_column(name, justify="left" if name == "frame" else "right", overflow="fold")
    for row in rows(found, top):
        table.add_row(*map(escape, row))
    Console(soft_wrap=True).print(table)
    target = output or folder / "artifacts" / f"inspect_{x0}_{y0}_{x1}_{y1}.html"
    click.echo(f"Page:    {write_inspection(found, folder.resolve().name, target, top)}")
    return 0


def _numbers(option: str, text: str, count: int) -> tuple[int, ...]:
    try:
        found = tuple(int(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != count:
        raise ConfigError(f"{option} {text!r} is not {count} integers.",
                          f"For example {option} {','.join(('100', '200', '150', '260')[:count])}.")
    return found
