"""`orchestrate script`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import settings
from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ExitCode, ToolMissing

if TYPE_CHECKING:
    from orchestrator import Session

__all__ = ["script", "script_options", "write"]


def script_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of the scripts; None, the default of each, leaves it to the configuration."""
    choice = click.Choice
    for option in reversed((
        click.option("-o", "--output", "directory", type=click.Path(path_type=Path), metavar="DIR",
                     help="Folder for scripts and frames; siril_NAME by default."),
        click.option("--name", default="", metavar="NAME", help="Of the result, NAME_final.fit; by default the object."),
        click.option("--registration", type=choice(["1-pass", "2-pass"]), help="2-pass finds the best reference first."),
        click.option("--framing", type=choice(["current", "min", "max", "cog"]), help="Which part of the sky the stack shows."),
        click.option("--drizzle/--no-drizzle", default=None, help="Drizzle; colour frames are then not interpolated."),
        click.option("--scale", type=float, help="drizzle: output pixels along a frame's pixel (0.1 to 3)."),
        click.option("--pixfrac", type=float, help="drizzle: side of the drop that a pixel shrinks to (0 to 1)."),
        click.option("--kernel", type=choice(["square", "turbo", "point", "gaussian", "lanczos2", "lanczos3"]),
                     help="drizzle: shape of the drop."),
        click.option("--rejection", type=choice(["none", "percentile", "sigma", "median", "winsorized", "linear_fit", "gesd",
                                                 "mad"]), help="How outliers are left out of the stack."),
        click.option("--low", type=float, help="Low threshold in sigma (percentile and gesd: a share)."),
        click.option("--high", type=float, help="High threshold in sigma (percentile and gesd: a share)."),
        click.option("--normalization", type=choice(["none", "add", "mul", "addscale", "mulscale"])),
        click.option("--weights", type=choice(["none", "noise", "nbstars", "wfwhm"])),
        click.option("--32bits/--16bits", "bits32", default=None, help="Pixels of the result."),
        click.option("--compression", type=choice(["none", "rice", "gzip1", "gzip2"]),
                     help="Compression of the frames on the way; off with drizzle, which cannot use it."),
        click.option("--packing", type=choice(["none", "fitseq", "ser"]), help="Many frames in one file."),
        click.option("--pack-above", type=int, metavar="N", help="Pack more than N frames (2000: Windows may stop at 2048)."),
        click.option("--copy/--link", "copy_frames", default=None, help="Copies of the raw frames, or links to them."),
        click.option("--mirror/--no-mirror", default=None, help="Turn the result upside down (mirrorx -bottomup)."),
        click.option("--templates", type=click.Path(path_type=Path), metavar="DIR", help="Templates of your own.")), ):
        function = option(function)
    return function


@click.command()
@click.argument("sessions", nargs=-1, type=click.Path(path_type=Path), metavar="SESSION...")
@script_options
@settings
@click.option("--check", "checked", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
              help="Check a Siril script instead of writing any. May be repeated.")
def script(sessions: tuple[Path, ...], files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
           checked: tuple[Path, ...], **options: Any) -> int:
    """Write Siril scripts for one or several nights, each SESSION one; they run without this program."""
    config = load_config(files, preset, overrides)
    if checked:
        if sessions:
            raise click.UsageError("--check FILE takes no SESSION.")
        return check(checked, config)
    if not sessions:
        raise click.UsageError("Name the folder of at least one SESSION, or a script with --check FILE.")
    from orchestrator import look_at_filters, scan

    nights: list[Session] = []
    for folder in sessions:
        filters = look_at_filters([folder], config)
        for line in [filters.told(), *filters.refused()] if filters.several else []:
            click.echo(f"! {folder.name}: {line}", err=True)
        nights += [f.report.session for f in filters.stacked if f.report] if filters.several else [scan([folder], config).session]
    return write(nights, config, **options)


def write(nights: list[Session], config: RunConfig, *, directory: Path | None, name: str, **options: Any) -> int:
    """Write the scripts of some nights and say what was written."""
    from orchestrator import ScriptOptions, plan_scripts, write_scripts

    chosen = ScriptOptions.of(config, **options)
    layout = plan_scripts(nights, chosen, name)
    directory = directory or Path(f"siril_{layout.name}")
    for night in nights:
        for warning in night.warnings:
            click.echo(f"! {night.name}: {warning}", err=True)
        if night.excluded:
            first, count = night.excluded[0], len(night.excluded)
            told = f"{count} files are left out, such as" if count > 1 else "a file is left out,"
            click.echo(f"! {night.name}: {told} {first.path.name!r}: {first.reason.rstrip('.')} (`orchestrate scan` tells all).",
                       err=True)  # fmt: skip
    for note in layout.notes:
        click.echo(f"! {note}", err=True)
    for path in write_scripts(nights, directory, chosen, name):
        click.echo(str(path))
    click.echo(f"Run them: siril-cli -d '{directory.absolute()}' -s run_project.ssf  "
               f"(gives {', '.join(f'{name}.fit' for name in layout.results)})")
    return ExitCode.OK


def check(files: tuple[Path, ...], config: RunConfig) -> int:
    """Tell what is wrong with scripts; VALIDATION_FAILED when any has an error."""
    from orchestrator import check_script_file
    from orchestrator.scripting.commands import stored_table
    from orchestrator.tools.siril.cli import find_siril

    try:
        siril = find_siril(config.engine.siril.executable)
    except ToolMissing as error:
        if config.engine.siril.executable is not None:
            raise
        siril = None
        click.echo(f"! {error.message} The commands of Siril {stored_table().text} are taken.", err=True)
    errors = 0
    for file in files:
        found = check_script_file(file, siril)
        errors += sum(f.level == "error" for f in found)
        for finding in found:
            click.echo(f"{finding.where}: {finding.level}: {finding.message} {finding.remedy}".rstrip())
        if not found:
            click.echo(f"{file}: nothing is wrong with it.")
    return ExitCode.VALIDATION_FAILED if errors else ExitCode.OK
