"""`orchestrate scan`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestrator.cli.options import settings
from orchestrator.config.load import load_config

__all__ = ["scan"]


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@settings
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def scan(folders: tuple[Path, ...], files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
         as_json: bool) -> int:
    """Show what a session holds, what would be used, what not and why. Writes nothing."""
    from orchestrator.session.discovery import scan as scan_session

    report = scan_session(folders, load_config(files, preset, overrides)).to_dict()
    if as_json:
        click.echo(json.dumps(report, indent=1, ensure_ascii=False))
        return 0
    console = Console(soft_wrap=True)
    table = Table(title=f"{report['session']}: {report['cfa'] or 'mono'}, {' x '.join(map(str, report['shape']))} (rows first)")
    for column in ("role", "frames", "exposure (s)", "gain", "temperature (C)", "filter"):
        table.add_column(column)
    for role, frames in report["frames"].items():
        row = [_span([f[key] for f in frames if f[key] is not None]) for key in ("exposure", "gain", "temperature", "filter")]
        table.add_row(role, str(len(frames)), *(escape(r) for r in row))
    for role, path in report["masters"].items():
        table.add_row(f"master {role}", "1", escape(path), "", "", "")
    console.print(table)
    if report["layout"]:
        console.print(f"Layout: {report['layout']}", highlight=False)
    if report["device"]:
        console.print(f"Device: {escape(_device(report['device']))}", highlight=False)
    for group in report["groups"]:
        console.print(f"  {'->' if group['chosen'] else '  '} {group['lights']} lights: {group['what']}", highlight=False)
    for note in report["notes"]:
        console.print(f"[dim]  {escape(note)}[/dim]", highlight=False)
    for warning in report["warnings"]:
        console.print(f"[yellow]! {escape(warning)}[/yellow]", highlight=False)
    for why, paths in _by_reason(report["excluded"]).items():
        names = paths[0] if len(paths) == 1 else f"{len(paths)} files ({Path(paths[0]).name} ... {Path(paths[-1]).name})"
        console.print(f"[red]-[/red] {escape(names)}: {escape(why)}", highlight=False)
    return 0


def _device(known: dict[str, Any]) -> str:
    """What is known of the camera: such as "Seestar S50 (IMX462), 0.078 e-/ADU at this gain"."""
    parts = [f"{known['name']} ({known['sensor']})" if known["sensor"] else known["name"]]
    if known["mount"]:
        parts.append(f"{known['mount'].replace('_', '-')} mount")
    if known["electrons_per_adu"]:
        parts.append(f"{known['electrons_per_adu']:.3g} e-/ADU at this gain")
    if known["read_noise"]:
        parts.append(f"read noise {known['read_noise']:.2g} e-")
    return ", ".join(parts)


def _span(values: list[Any]) -> str:
    """One value, a list of few, or the range of many."""
    distinct = sorted(set(values))
    if len(distinct) > 3:
        return f"{distinct[0]} ... {distinct[-1]}"
    return ", ".join(str(v) for v in distinct)


def _by_reason(excluded: list[dict[str, str]]) -> dict[str, list[str]]:
    """Files that are left out for the same reason, told once."""
    grouped: dict[str, list[str]] = {}
    for item in excluded:
        grouped.setdefault(f"{item['reason'].rstrip('.')}. {item['remedy']}".strip(), []).append(item["path"])
    return grouped
