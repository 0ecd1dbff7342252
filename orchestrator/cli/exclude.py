"""`orchestrate exclude`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.resume import show_plan
from orchestrator.cli.verbs import Verb, progress_option, trust_option

__all__ = ["exclude"]

if TYPE_CHECKING:
    ParamType = click.ParamType[tuple[int, ...]]
else:
    ParamType = click.ParamType  # not generic before click 8.4


class Numbers(ParamType):
    """Integers separated by commas."""

    name = "numbers"

    def __init__(self, count: int) -> None:
        self.count = count

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        try:
            numbers = tuple(int(v) for v in str(value).split(","))
        except ValueError:
            numbers = ()
        if len(numbers) != self.count:
            self.fail(f"{value!r} is not {self.count} integers separated by commas.", param, ctx)
        return numbers


@click.command(cls=Verb)
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("frames", nargs=-1, required=True, metavar="FRAME...")
@click.option("--at", type=Numbers(2), metavar="X,Y", help="Exclude only in the tiles that contain this pixel of the stack.")
@click.option("--box", type=Numbers(4), metavar="X0,Y0,X1,Y1",
              help="Exclude only in the tiles that overlap this box of the stack, in pixels; X1 and Y1 are exclusive.")
@trust_option
@click.option("--undo", is_flag=True, help="Include them again: in this part, or everywhere if no part is given.")
@click.option("--explain", is_flag=True, help="Show which phases would be kept and repeated, and why; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
@progress_option
def exclude(directory: Path, frames: tuple[str, ...], at: tuple[int, int] | None, box: tuple[int, int, int, int] | None,
            undo: bool, explain: bool, as_json: bool) -> int:
    """Exclude FRAMEs from the stack of a RUN, everywhere or in a part of it.

    RUN is a run directory, FRAMEs are file names of lights.
    """
    if at is not None and box is not None:
        raise click.UsageError("--at and --box exclude each other.")
    if at is not None:
        box = (at[0], at[1], at[0] + 1, at[1] + 1)
    if explain:
        from orchestrator import plan_exclude

        show_plan(plan_exclude(directory, frames, box=box, undo=undo), as_json=as_json)
        return 0
    from orchestrator import exclude as exclude_frames

    return follow(lambda listen, cancel: exclude_frames(directory, frames, box=box, undo=undo, listeners=(listen,),
                                                        cancel=cancel), as_json=as_json)
