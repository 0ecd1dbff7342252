"""`orchestrate gui`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click

from orchestrator.cli.verbs import Verb
from orchestrator.errors import InputError

__all__ = ["gui"]


@click.command(cls=Verb)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PROJECT | FOLDER...]")
@click.option("--language", type=click.Choice(["en", "fr", "de"]), help="Language of the window; that of the desktop by default.")
def gui(paths: tuple[str, ...], language: str | None) -> int:
    """Open the desktop window, with a PROJECT or FOLDERs of raw frames. It needs the extra [gui]."""
    if missing := next((p for p in paths if not Path(p).expanduser().exists()), None):
        raise InputError(f"{missing} does not exist.", "Give a project, or folders of raw frames; put quotes around spaces.")
    from orchestrator.tools.python_process import python_environment, python_module

    chosen = ["--language", language] if language else []
    return subprocess.call([*python_module("orchestrator.gui"), *chosen, "--", *paths], env=python_environment())
