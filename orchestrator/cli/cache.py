"""`orchestrate cache`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.cli.options import runs_dir_option
from orchestrator.cli.verbs import VerbGroup

__all__ = ["cache"]


@click.group(cls=VerbGroup)
def cache() -> None:
    """Show or delete the data that is cached next to the runs for later runs."""


@cache.command()
@runs_dir_option()
def show(runs_dir: Path) -> int:
    """Show the number and size of the entries of each kind."""
    from orchestrator.runtime.cache import Cache, stack_arrays

    sizes = Cache(runs_dir).sizes()
    arrays = stack_arrays(runs_dir)
    sizes["stack"] = (len(arrays), sum(path.stat().st_size for path in arrays))
    for kind, (count, size) in sizes.items():
        click.echo(f"{kind:<12}{count:>8} entries {size / 2**20:>10.1f} MiB")
    return 0


@cache.command()
@runs_dir_option()
@click.option("--scores", is_flag=True, help="Delete measurements and star lists of frames.")
@click.option("--transforms", is_flag=True, help="Delete registrations.")
@click.option("--masters", is_flag=True, help="Delete master bias, darks and flats.")
@click.option("--stack", is_flag=True, help="Delete the arrays of the stacks in the runs; `resume` recomputes them when needed.")
def clear(runs_dir: Path, scores: bool, transforms: bool, masters: bool, stack: bool) -> int:
    """Delete cached data: everything, or only the kinds that are named. The products of the runs are not touched."""
    from orchestrator.runtime.cache import Cache, stack_arrays

    every = not (scores or transforms or masters or stack)
    kinds = [k for k, wanted in (("scores", scores), ("transforms", transforms), ("masters", masters)) if wanted or every]
    freed = Cache(runs_dir).clear(kinds)
    for path in stack_arrays(runs_dir) if stack or every else []:
        freed += path.stat().st_size
        path.unlink()
    click.echo(f"{freed / 2**20:.1f} MiB freed.")
    return 0
