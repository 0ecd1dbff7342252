"""`orchestrate exclude`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.resume import show_plan

__all__ = ["exclude"]


class Numbers(click.ParamType):
    """Whole numbers with commas between them."""

    name = "numbers"

    def __init__(self, count: int) -> None:
        self.count = count

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        try:
            numbers = tuple(int(v) for v in str(value).split(","))
        except ValueError:
            numbers = ()
        if len(numbers) != self.count:
            self.fail(f"{value!r} is not {self.count} whole numbers with commas between them.", param, ctx)
        return numbers


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("frames", nargs=-1, required=True, metavar="FRAME...")
@click.option("--at", type=Numbers(2), metavar="X,Y", help="Only in the tiles that this pixel of the stack lies in.")
@click.option("--box", type=Numbers(4), metavar="X0,Y0,X1,Y1",
              help="Only in the tiles that touch this part of the stack; X1 and Y1 lie outside.")
@click.option("--undo", is_flag=True, help="Take them in again: in this part, or in all without one.")
@click.option("--explain", is_flag=True, help="Tell what would be kept and repeated, and why; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
def exclude(directory: Path, frames: tuple[str, ...], at: tuple[int, int] | None, box: tuple[int, int, int, int] | None,
            undo: bool, explain: bool, as_json: bool) -> int:
    """Leave FRAMEs (file names of lights) out of the stack of a RUN, everywhere or in a part of it."""
    if at is not None and box is not None:
        raise click.UsageError("--at and --box exclude one another.")
    if at is not None:
        box = (at[0], at[1], at[0] + 1, at[1] + 1)
    if explain:
        from orchestrator import plan_exclude

        show_plan(plan_exclude(directory, frames, box=box, undo=undo), as_json=as_json)
        return 0
    from orchestrator import exclude as exclude_frames

    return follow(lambda listen, cancel: exclude_frames(directory, frames, box=box, undo=undo, listeners=(listen,),
                                                        cancel=cancel), as_json=as_json)
