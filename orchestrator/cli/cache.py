"""`orchestrate cache`."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["cache"]

_runs_dir = click.option("--runs-dir", default="runs", show_default=True, type=click.Path(path_type=Path),
                         help="Where runs are kept.")


@click.group()
def cache() -> None:
    """What is kept beside the runs so that later runs of a session need not find it again."""


@cache.command()
@_runs_dir
def show(runs_dir: Path) -> int:
    """Show how much is kept of what."""
    from orchestrator.runtime.cache import Cache, stack_arrays

    sizes = Cache(runs_dir).sizes()
    arrays = stack_arrays(runs_dir)
    sizes["stack"] = (len(arrays), sum(path.stat().st_size for path in arrays))
    for kind, (count, size) in sizes.items():
        click.echo(f"{kind:<12}{count:>8} entries {size / 2**20:>10.1f} MiB")
    return 0


@cache.command()
@_runs_dir
@click.option("--scores", is_flag=True, help="Measurements and star lists of frames.")
@click.option("--transforms", is_flag=True, help="Registration.")
@click.option("--masters", is_flag=True, help="Master bias, darks, flats.")
@click.option("--stack", is_flag=True, help="The arrays of the stacks in the runs; `resume` makes them anew when it needs them.")
def clear(runs_dir: Path, scores: bool, transforms: bool, masters: bool, stack: bool) -> int:
    """Take away what is kept: all of it, or only the kinds that are named. No product of a run is touched."""
    from orchestrator.runtime.cache import Cache, stack_arrays

    every = not (scores or transforms or masters or stack)
    kinds = [k for k, wanted in (("scores", scores), ("transforms", transforms), ("masters", masters)) if wanted or every]
    freed = Cache(runs_dir).clear(kinds)
    for path in stack_arrays(runs_dir) if stack or every else []:
        freed += path.stat().st_size
        path.unlink()
    click.echo(f"{freed / 2**20:.1f} MiB freed.")
    return 0
