"""`orchestrate gui`."""

from __future__ import annotations

import subprocess
import sys

import click

from orchestrator.cli.verbs import Verb

__all__ = ["gui"]


@click.command(cls=Verb)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PROJECT | FOLDER...]")
@click.option("--language", type=click.Choice(["en", "fr", "de"]), help="Language of the window; that of the desktop by default.")
def gui(paths: tuple[str, ...], language: str | None) -> int:
    """Open the desktop window, with a PROJECT or FOLDERs of raw frames. It needs the extra [gui]."""
    chosen = ["--language", language] if language else []
    return subprocess.call([sys.executable, "-m", "orchestrator.gui", *chosen, "--", *paths])
