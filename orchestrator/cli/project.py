"""`orchestrate project`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestrator.cli.follow import follow
from orchestrator.cli.options import settings
from orchestrator.cli.script import script_options, write
from orchestrator.cli.verbs import VerbGroup, progress_option, trust_option
from orchestrator.errors import ExitCode

if TYPE_CHECKING:
    from orchestrator import Finding, Night

__all__ = ["project"]

PROJECT = click.argument("path", type=click.Path(path_type=Path), metavar="PROJECT")
RUNS = click.option("--runs-dir", type=click.Path(path_type=Path), metavar="DIR",
                    help="Folder of runs and results; the project's folder by default.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")


@click.group(cls=VerbGroup)
def project() -> None:
    """Stack several nights together. A project is one readable file, project.yaml, in the folder of the nights."""


@project.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="PROJECT")
@click.option("--name", default="", metavar="NAME", help="Name of the project; that of its folder by default.")
@click.option("--nights", type=click.IntRange(0, 999), default=0, metavar="N",
              help="Create N empty nights: Session 1/LIGHTS, ...")
@click.option("--from", "source", type=click.Path(path_type=Path), metavar="FILE",
              help="Import a project of another program (JSON).")
def new(folder: Path, name: str, nights: int, source: Path | None) -> int:
    """Create a project in a folder; the nights in this folder are added automatically."""
    from orchestrator import new_project

    created = new_project(folder, name, nights=nights, source=source)
    click.echo(f"{created.root / 'project.yaml'}: {created.name}, {len(created.nights)} night{'s' * (len(created.nights) != 1)}.")
    for night in created.nights:
        click.echo(f"  {night.name}")
    if not created.nights:
        click.echo(f"Add nights: orchestrate project add {folder} FOLDER...")
    return 0


@project.command()
@PROJECT
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER...")
@click.option("--name", default="", metavar="NAME", help="Name of the night; that of its folder by default.")
def add(path: Path, folders: tuple[Path, ...], name: str) -> int:
    """Add FOLDERs as nights. The next run measures only the new frames, and stacks all nights again."""
    from orchestrator import add_nights, load_project, save_project

    if name and len(folders) > 1:
        raise click.UsageError("--name requires a single folder.")
    loaded = load_project(path)
    added = add_nights(loaded, folders, name)
    save_project(loaded)
    for night in added:
        click.echo(f"Added: {night.name} ({night.path})")
    return 0


@project.command()
@PROJECT
@click.option("--add", "adding", is_flag=True, help="Add the new nights to the project.")
@JSON
def scan(path: Path, adding: bool, as_json: bool) -> int:
    """List the nights, and the folders in the project's folder that do not belong to it yet."""
    from orchestrator import add_nights, load_project, new_nights, save_project, scan_project

    loaded = load_project(path)
    fresh = new_nights(loaded)
    if adding and fresh:
        add_nights(loaded, fresh)
        save_project(loaded)
    nights = scan_project(loaded)
    if as_json:
        _echo({"project": loaded.name, "nights": [_night(n) for n in nights], "new": [] if adding else [str(p) for p in fresh],
               "added": [str(p) for p in fresh] if adding else []})
        return 0
    _table(loaded.name, nights)
    for folder in fresh:
        click.echo(f"{'Added' if adding else 'New, add it with --add'}: {folder}")
    return 0


@project.command()
@PROJECT
@JSON
def show(path: Path, as_json: bool) -> int:
    """Show nights, settings, channels, the origin of calibration frames, and how closely they must match."""
    from orchestrator import load_project, project_config, scan_project
    from orchestrator.session.shared_calibration import tolerances

    loaded = load_project(path)
    nights = scan_project(loaded)
    matches = tolerances(project_config(loaded))
    if as_json:
        _echo({**loaded.model_dump(mode="json"), "root": str(loaded.root), "sharing": matches,
               "found": [_night(n) for n in nights]})
        return 0
    _table(loaded.name, nights)
    for night in nights:
        for note in night.session.notes if night.session else ():
            click.echo(f"  {night.name}: {note}")
    click.echo("Calibration frames are shared between nights where these match: "
               + "; ".join(f"{k}: {v}" for k, v in matches.items()) + ".")
    for key in ("settings", "channels", "palette", "final"):
        value = getattr(loaded, key)
        if value:
            click.echo(f"{key}: {json.dumps(value.model_dump(mode='json') if hasattr(value, 'model_dump') else value)}")
    return 0


@project.command()
@PROJECT
@JSON
def validate(path: Path, as_json: bool) -> int:
    """Check the project before a run. The exit code is 4 if the project cannot be run."""
    from orchestrator import load_project, validate_project

    findings = validate_project(load_project(path))
    if as_json:
        _echo([vars(f) for f in findings])
    else:
        _show_findings(findings)
    return int(ExitCode.INPUT_REFUSED if any(f.level == "error" for f in findings) else ExitCode.OK)


@project.command()
@PROJECT
@settings
@RUNS
@click.option("--run-id", metavar="NAME", help="Name of the run directory; made from time and project by default.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
@JSON
@progress_option
def run(path: Path, files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...], runs_dir: Path | None,
        run_id: str | None, dry_run: bool, as_json: bool) -> int:
    """Stack all nights together: one image of all, and one of each night."""
    from orchestrator import SettingsSources, run_project

    return follow(lambda listen, cancel: run_project(path, SettingsSources(files, preset, overrides), runs_dir=runs_dir,
                                                     run_id=run_id, dry_run=dry_run, listeners=(listen,), cancel=cancel),
                  as_json=as_json)


@project.command()
@PROJECT
@RUNS
@click.option("--run-id", metavar="NAME", help="The run to continue; the last one by default.")
@trust_option
@click.option("--from-phase", metavar="PHASE", help="Repeat PHASE (such as BGE) and the phases that use its result.")
@click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE",
              help="Change a setting of the run. May be repeated.")
@JSON
@progress_option
def resume(path: Path, runs_dir: Path | None, run_id: str | None, from_phase: str | None, overrides: tuple[str, ...],
           as_json: bool) -> int:
    """Continue the last run of the project, even after its folder was moved."""
    from orchestrator import resume_project

    return follow(lambda listen, cancel: resume_project(
        path, runs_dir=runs_dir, run_id=run_id, from_phase=from_phase.upper() if from_phase else None, overrides=overrides,
        listeners=(listen,), cancel=cancel), as_json=as_json)


@project.command()
@PROJECT
@script_options
@settings
def script(path: Path, directory: Path | None, name: str, files: tuple[Path, ...], preset: str | None,
           overrides: tuple[str, ...], **options: Any) -> int:
    """Write Siril scripts for the nights in use; they run without this program.

    The scripts are in the folder "scripts" of the project by default.
    """
    from orchestrator import load_project, script_choices, script_sessions
    from orchestrator.project.nights import trusted_config

    loaded = load_project(path)
    config = trusted_config(loaded, files, preset, overrides)
    given = {name: value for name, value in options.items() if value is not None}
    return write(script_sessions(loaded, config), config, directory=directory or loaded.root / "scripts",
                 name=name or loaded.name, **{**script_choices(loaded, config), **given})


def _echo(content: Any) -> None:
    click.echo(json.dumps(content, indent=1, ensure_ascii=False, default=str))


def _night(night: Night) -> dict[str, Any]:
    session = night.session
    return {"name": night.name, "path": str(night.path), "use": night.use, "problem": str(night.problem or ""),
            "filters": night.filters, "lights": len(session.lights) if session else 0,
            "frames": {role.value: len(infos) for role, infos in session.frames.items()} if session else {},
            "masters": {role.value: str(info.path) for role, info in session.all_masters} if session else {},
            "notes": list(session.notes) if session else [], "warnings": list(session.warnings) if session else []}


def _table(name: str, nights: Sequence[Night]) -> None:
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import add_columns, escape

    console = Console(soft_wrap=True)
    table = Table(title=f"{name}: {len(nights)} night{'s' * (len(nights) != 1)}", title_justify="left", box=None)
    add_columns(table, "night", "date", "lights", "s", "gain", "filter", "camera", "dark", "flat", "bias")
    for night in nights:
        table.add_row(escape(night.name) + ("" if night.use else " (not used)"), *(escape(c) for c in _cells(night)))
    console.print(table)
    for night in nights:
        if night.problem is not None:
            console.print(f"[red]{escape(night.name)}: {escape(str(night.problem))}[/red]", highlight=False)


def _cells(night: Night) -> list[str]:
    session = night.session
    if session is None:
        return ["", "0", "", "", ", ".join(night.filters), "", "", "", ""]
    first = session.lights[0]

    def values(name: str) -> str:
        return ", ".join(f"{v:g}" for v in sorted({getattr(i, name) for i in session.lights if getattr(i, name) is not None}))

    def count(role: str) -> str:
        info = next((i for r, i in session.all_masters if r.value == role), None)
        return "master" if info else str(sum(len(f) for r, f in session.frames.items() if r.value == role))

    filters = ", ".join(f"{k} ({v})" if len(night.filters) > 1 else k for k, v in night.filters.items())
    return [f"{first.time:%Y-%m-%d}" if first.time else "", str(len(session.lights)), values("exposure"), values("gain"), filters,
            first.camera or "", count("dark"), count("flat"), count("bias")]


def _show_findings(findings: Sequence[Finding]) -> None:
    from rich.console import Console

    from orchestrator.cli.markup import escape

    console = Console(soft_wrap=True)
    colours = {"error": "red", "warning": "yellow", "note": "dim"}
    for f in findings:
        console.print(f"[{colours[f.level]}]{f.level:<8}[/]{escape(str(f))}", highlight=False)
    if not any(f.level == "error" for f in findings):
        console.print("The project can be run.")
