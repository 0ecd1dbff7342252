"""`orchestrate cache`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.options import runs_dir_option
from orchestrator.cli.verbs import VerbGroup

__all__ = ["cache"]


@click.group(cls=VerbGroup)
def cache() -> None:
    """Show or delete the data that is cached next to the runs for later runs."""


def session_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """SESSION...: only the data of one session."""
    return click.argument("sessions", nargs=-1, type=click.Path(path_type=Path), metavar="[SESSION...]")(function)


def arrays_of(runs_dir: Path, sessions: tuple[Path, ...]) -> list[Path]:
    """The arrays of the stacks of all runs, or of those of the session in these folders."""
    from orchestrator.rundir.record import session_folders
    from orchestrator.runtime.cache import stack_arrays

    wanted = {folder.expanduser().absolute() for folder in sessions}
    return [path for path in stack_arrays(runs_dir)
            if not wanted or set(session_folders(runs_dir / path.relative_to(runs_dir).parts[0])) == wanted]


@cache.command()
@session_argument
@runs_dir_option()
def show(sessions: tuple[Path, ...], runs_dir: Path) -> int:
    """Show the number and size of the entries of each kind: of all sessions, or of the one in the folders SESSION."""
    from orchestrator.runtime.cache import Cache

    sizes = Cache(runs_dir).sizes(sessions)
    arrays = arrays_of(runs_dir, sessions)
    sizes["stack"] = (len(arrays), sum(path.stat().st_size for path in arrays))
    for kind, (count, size) in sizes.items():
        click.echo(f"{kind:<12}{count:>8} entries {size / 2**20:>10.1f} MiB")
    return 0


@cache.command()
@session_argument
@runs_dir_option()
@click.option("--scores", is_flag=True, help="Delete measurements and star lists of frames.")
@click.option("--transforms", is_flag=True, help="Delete registrations.")
@click.option("--masters", is_flag=True, help="Delete master bias, darks and flats.")
@click.option("--stack", is_flag=True, help="Delete the arrays of the stacks in the runs; `resume` recomputes them when needed.")
def clear(sessions: tuple[Path, ...], runs_dir: Path, scores: bool, transforms: bool, masters: bool, stack: bool) -> int:
    """Delete cached data: everything, or only the kinds that are named, of all sessions or of the one in the folders SESSION.

    The products of the runs are not touched.
    """
    from orchestrator.runtime.cache import Cache

    every = not (scores or transforms or masters or stack)
    kinds = [k for k, wanted in (("scores", scores), ("transforms", transforms), ("masters", masters)) if wanted or every]
    freed = Cache(runs_dir).clear(kinds, sessions)
    for path in arrays_of(runs_dir, sessions) if stack or every else []:
        freed += path.stat().st_size
        path.unlink()
    click.echo(f"{freed / 2**20:.1f} MiB freed.")
    return 0
