"""`orchestrate gui`."""

from __future__ import annotations

import subprocess
import sys

import click

__all__ = ["gui"]


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PROJECT | FOLDER...]")
@click.option("--language", type=click.Choice(["en", "fr", "de"]), help="Instead of that of the desktop.")
def gui(paths: tuple[str, ...], language: str | None) -> int:
    """Open the desktop window (needs the extra [gui]), with a PROJECT or FOLDERs of raw frames."""
    chosen = ["--language", language] if language else []
    return subprocess.call([sys.executable, "-m", "orchestrator.gui", *chosen, "--", *paths])
