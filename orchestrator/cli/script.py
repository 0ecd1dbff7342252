"""`orchestrate script`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.options import settings
from orchestrator.cli.verbs import Verb, is_quiet, note
from orchestrator.errors import ExitCode, ToolMissing

if TYPE_CHECKING:
    from orchestrator import RunConfig, Session

__all__ = ["script", "script_options", "write"]


def script_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options of the scripts; the default of each is None, which leaves the choice to the configuration."""
    choice = click.Choice
    for option in reversed((
        click.option("-o", "--output", "directory", type=click.Path(path_type=Path), metavar="DIR",
                     help="Folder for scripts and frames; siril_NAME by default."),
        click.option("--name", default="", metavar="NAME", help="Name of the result, NAME_final.fit; the object by default."),
        click.option("--registration", type=choice(["1-pass", "2-pass"]),
                     help="Registration method; 2-pass finds the best reference frame first."),
        click.option("--framing", type=choice(["current", "min", "max", "cog"]), help="Area of the sky that the stack covers."),
        click.option("--drizzle/--no-drizzle", default=None, help="Drizzle the frames; colour frames are then not interpolated."),
        click.option("--scale", type=float, metavar="FACTOR",
                     help="Drizzle: output pixels per input pixel along one axis (0.1 to 3)."),
        click.option("--pixfrac", type=float, metavar="FRACTION",
                     help="Drizzle: side of the drop as a fraction of the input pixel (0 to 1)."),
        click.option("--kernel", type=choice(["square", "turbo", "point", "gaussian", "lanczos2", "lanczos3"]),
                     help="Drizzle: shape of the drop."),
        click.option("--rejection", type=choice(["none", "percentile", "sigma", "median", "winsorized", "linear_fit", "gesd",
                                                 "mad"]), help="Method by which outliers are rejected."),
        click.option("--low", type=float, metavar="SIGMA",
                     help="Low rejection threshold in sigma (percentile and gesd: a fraction)."),
        click.option("--high", type=float, metavar="SIGMA",
                     help="High rejection threshold in sigma (percentile and gesd: a fraction)."),
        click.option("--normalization", type=choice(["none", "add", "mul", "addscale", "mulscale"]),
                     help="Normalization of the frames: additive or multiplicative, with or without scale."),
        click.option("--weights", type=choice(["none", "noise", "nbstars", "wfwhm"]), help="Weights of the frames."),
        click.option("--32bits/--16bits", "bits32", default=None, help="Pixel type of the result."),
        click.option("--compression", type=choice(["none", "rice", "gzip1", "gzip2"]),
                     help="Compression of intermediate frames; off with drizzle, which does not support it."),
        click.option("--compress-result/--no-compress-result", default=None, help="Compress the result too."),
        click.option("--packing", type=choice(["none", "auto", "fitseq", "ser"]),
                     help="Pack many frames into one file; auto: as FITS."),
        click.option("--pack-above", type=int, metavar="N",
                     help="Pack more than N frames (2000 by default: Windows may fail at 2048 open files)."),
        click.option("--copy/--link", "copy_frames", default=None, help="Copy the raw frames, or link to them."),
        click.option("--mirror/--no-mirror", default=None, help="Flip the result vertically (mirrorx -bottomup)."),
        click.option("--templates", type=click.Path(path_type=Path), metavar="DIR", help="Folder with custom templates.")), ):
        function = option(function)
    return function


@click.command(cls=Verb)
@click.argument("sessions", nargs=-1, type=click.Path(path_type=Path), metavar="SESSION...")
@script_options
@settings
@click.option("--check", "checked", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
              help="Check the Siril script FILE; no scripts are written. May be repeated.")
@click.option("--run", "run_folder", type=click.Path(path_type=Path), metavar="DIR",
              help="Run the scripts that were written to DIR with Siril, and show its progress.")
def script(sessions: tuple[Path, ...], files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
           checked: tuple[Path, ...], run_folder: Path | None, **options: Any) -> int:
    """Write Siril scripts for one or more nights; they run without this program. Each SESSION is one night."""
    from orchestrator.config.load import load_config

    config = load_config(files, preset, overrides)
    if run_folder is not None:
        if sessions or checked:
            raise click.UsageError("--run DIR runs scripts that exist: give no SESSION and no --check.")
        return run_scripts(run_folder, config)
    if checked:
        if sessions:
            raise click.UsageError("--check FILE and SESSION exclude each other. Repeat --check for each script.")
        return check(checked, config)
    if not sessions:
        raise click.UsageError("Give at least one SESSION folder, or a script with --check FILE.")
    from orchestrator import find_filters, scan

    nights: list[Session] = []
    for folder in sessions:
        filters = find_filters([folder], config)
        for line in [filters.describe(), *filters.refusals()] if filters.several else []:
            note(f"! {folder.name}: {line}")
        nights += [f.report.session for f in filters.stacked if f.report] if filters.several else [scan([folder], config).session]
    return write(nights, config, **options)


def write(nights: list[Session], config: RunConfig, *, directory: Path | None, name: str, **options: Any) -> int:
    """Write the scripts of some nights and print their paths."""
    from orchestrator import ScriptOptions, plan_scripts, write_scripts

    chosen = ScriptOptions.of(config, **options)
    layout = plan_scripts(nights, chosen, name)
    directory = directory or Path(f"siril_{layout.name}")
    for night in nights:
        for warning in night.warnings:
            note(f"! {night.name}: {warning}")
        if night.excluded:
            first, count = night.excluded[0], len(night.excluded)
            files = f"{count} files are left out, such as" if count > 1 else "a file is left out,"
            note(f"! {night.name}: {files} {first.path.name!r}: {first.reason.rstrip('.')} (`orchestrate scan` lists all).")
    for text in layout.notes:
        note(f"! {text}")
    for path in write_scripts(nights, directory, chosen, name):
        click.echo(str(path))
    click.echo(f"Run them: orchestrate script --run '{directory}', or siril-cli -d '{directory.absolute()}' -s run_project.ssf  "
               f"(gives {', '.join(f'{name}.fit' for name in layout.results)})")
    return ExitCode.OK


def check(files: tuple[Path, ...], config: RunConfig) -> int:
    """Print the findings in scripts; VALIDATION_FAILED if any of them is an error."""
    from orchestrator import check_script_file
    from orchestrator.scripting.commands import stored_table
    from orchestrator.tools.siril.cli import find_siril

    try:
        siril = find_siril(config.engine.siril.executable)
    except ToolMissing as error:
        if config.engine.siril.executable is not None:
            raise
        siril = None
        note(f"! {error.message} The commands of Siril {stored_table().text} are assumed.")
    errors = 0
    for file in files:
        found = check_script_file(file, siril)
        errors += sum(f.level == "error" for f in found)
        for finding in found:
            click.echo(f"{finding.where}: {finding.level}: {finding.message} {finding.remedy}".rstrip())
        if not found:
            click.echo(f"{file}: no problems found.")
    return ExitCode.VALIDATION_FAILED if errors else ExitCode.OK


def run_scripts(folder: Path, config: RunConfig) -> int:
    """Run ``run_project.ssf`` in a folder that :func:`write` has written, with lines of progress; 0 if Siril has finished."""
    from orchestrator.api.run_scripts import run_written_scripts

    shown = -1

    def progress(message: str, share: float) -> None:
        nonlocal shown
        percent = int(100 * share)
        if percent // 10 != shown // 10 and not is_quiet():
            click.echo(f"{percent:3d} %  {message}", err=True)
        shown = percent

    for path in run_written_scripts(folder, config.engine.siril.executable, on_progress=progress):
        click.echo(str(path))
    return ExitCode.OK
