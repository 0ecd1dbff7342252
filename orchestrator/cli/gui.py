"""`orchestrate gui`."""

from __future__ import annotations

import subprocess
import sys

import click

__all__ = ["gui"]


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[PROJECT | FOLDER...]")
def gui(arguments: tuple[str, ...]) -> int:
    """Open the desktop window (needs the extra [gui]), with a PROJECT or FOLDERs of raw frames."""
    return subprocess.call([sys.executable, "-m", "orchestrator.gui", *arguments])
