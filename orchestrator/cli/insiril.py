"""`orchestrate insiril`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.cli.verbs import VerbGroup, note
from orchestrator.errors import ExitCode

__all__ = ["insiril"]

folder_option = click.option("--folder", type=click.Path(path_type=Path), metavar="DIR",
                             help="A script folder of Siril; that of the Siril found by default.")


@click.group(cls=VerbGroup)
def insiril() -> None:
    """Install the script that runs this program inside Siril. See docs/INSIDE_SIRIL.md."""


@insiril.command()
@folder_option
@click.option("--python", type=click.Path(path_type=Path), metavar="FILE",
              help="The Python in which this program is installed; the current one by default.")
def install(folder: Path | None, python: Path | None) -> int:
    """Install the script where Siril finds it. Repeat this after this program was updated or moved."""
    from orchestrator.insiril.install import install as install_script
    from orchestrator.insiril.install import script_folder, script_folders, settings_file

    chosen = script_folder(folder)
    script = install_script(chosen, python.expanduser().absolute() if python else None)
    click.echo(f"Installed {script}")
    if folder is None or chosen in script_folders(settings_file()):
        click.echo(f"In Siril, after a restart: Scripts, Python Scripts, {chosen.name}, {script.name}.")
    else:
        click.echo("Siril does not search this folder: add it under Preferences, Scripts.")
    click.echo(f'In a Siril script: pyscript "{script}"')
    return 0


@insiril.command()
@folder_option
def uninstall(folder: Path | None) -> int:
    """Remove the script; other files are kept."""
    from orchestrator.insiril.install import NAME, script_folder
    from orchestrator.insiril.install import uninstall as uninstall_script

    chosen = script_folder(folder)
    script = uninstall_script(chosen)
    click.echo(f"Removed {script}" if script else f"There is no {NAME} in {chosen}.")
    return 0


@insiril.command()
@folder_option
def path(folder: Path | None) -> int:
    """Print the path of the script. The exit code is 1 if it is not installed."""
    from orchestrator.insiril.install import NAME, is_ours, script_folder

    script = script_folder(folder) / NAME
    click.echo(script)
    if not is_ours(script):
        note("It is not installed: `orchestrate insiril install` installs it.")
        return int(ExitCode.FAILED)
    return 0
