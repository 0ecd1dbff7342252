"""`orchestrate insiril`."""

from __future__ import annotations

from pathlib import Path

import click

from orchestrator.errors import ExitCode

__all__ = ["insiril"]

folder_option = click.option("--folder", type=click.Path(path_type=Path), metavar="DIR",
                             help="A script folder of Siril; that of the Siril found by default.")


@click.group()
def insiril() -> None:
    """The script by which this program runs inside Siril (docs/INSIDE_SIRIL.md)."""


@insiril.command()
@folder_option
@click.option("--python", type=click.Path(path_type=Path), metavar="FILE",
              help="The Python that has this program; the one that runs now by default.")
def install(folder: Path | None, python: Path | None) -> int:
    """Put the script where Siril finds it; again after this program was updated or moved."""
    from orchestrator.insiril.install import install as put_there
    from orchestrator.insiril.install import script_folder, script_folders, settings_file

    chosen = script_folder(folder)
    script = put_there(chosen, python.expanduser().absolute() if python else None)
    click.echo(f"Installed {script}")
    if folder is None or chosen in script_folders(settings_file()):
        click.echo(f"In Siril, after a restart: Scripts, Python Scripts, {chosen.name}, {script.name}.")
    else:
        click.echo("Siril does not look there: add the folder under Preferences, Scripts.")
    click.echo(f'In a Siril script: pyscript "{script}"')
    return 0


@insiril.command()
@folder_option
def uninstall(folder: Path | None) -> int:
    """Take the script away; files of others are left."""
    from orchestrator.insiril.install import NAME, script_folder
    from orchestrator.insiril.install import uninstall as take_away

    chosen = script_folder(folder)
    script = take_away(chosen)
    click.echo(f"Removed {script}" if script else f"There is no {NAME} in {chosen}.")
    return 0


@insiril.command()
@folder_option
def path(folder: Path | None) -> int:
    """Print where the script lies, or would lie; the exit code is 1 when it is not there."""
    from orchestrator.insiril.install import NAME, is_ours, script_folder

    script = script_folder(folder) / NAME
    click.echo(script)
    if not is_ours(script):
        click.echo("It is not installed: `orchestrate insiril install`.", err=True)
        return int(ExitCode.FAILED)
    return 0
