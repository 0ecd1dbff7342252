"""`orchestrate scan`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from orchestrator.cli.options import settings
from orchestrator.cli.verbs import Verb

if TYPE_CHECKING:
    from orchestrator import RunConfig, ScanReport, SessionFilters

__all__ = ["scan"]


@click.command(cls=Verb)
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@settings
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def scan(folders: tuple[Path, ...], files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
         as_json: bool) -> int:
    """List the frames of a session: which would be used, and why others would not. Nothing is written."""
    from orchestrator import find_fields
    from orchestrator.cli.markup import escape
    from orchestrator.config.load import load_config

    config = load_config(files, preset, overrides)
    fields = find_fields(folders, config)
    found: dict[str, _Scan] = {}
    for field in fields.stacked if fields.several else (None,):
        own = config.model_copy(deep=True)
        own.input.field = field.name if field is not None else config.input.field
        found[own.input.field or ""] = _scan_field(folders, own)
    if as_json:
        first = next(iter(found.values()))
        several = {"fields": [{**f, **(found[f["name"]].to_dict() if f["name"] in found else {})} for f in fields.to_dict()]}
        click.echo(json.dumps(first.to_dict() | (several if fields.several else {}), indent=1, ensure_ascii=False))
        return 0
    for line in [fields.describe(), *fields.refusals()] if fields.several else fields.refusals():
        click.secho(line, bold=True)
    for name, one in found.items():
        _show([r.to_dict() for r in one.reports], one.remarks, escape(name) if fields.several else "")
    return 0


class _Scan(NamedTuple):
    """The scan of one field: a report, or one for each of its filters."""

    reports: list[ScanReport]
    filters: SessionFilters

    @property
    def remarks(self) -> list[str]:
        return [self.filters.describe(), *self.filters.refusals()] if self.filters.several else []

    def to_dict(self) -> dict[str, Any]:
        return self.reports[0].to_dict() | ({"filters": self.filters.to_dict()} if self.filters.several else {})


def _scan_field(folders: tuple[Path, ...], config: RunConfig) -> _Scan:
    from orchestrator import find_filters
    from orchestrator import scan as scan_session

    filters = find_filters(folders, config)
    return _Scan([f.report for f in filters.stacked if f.report] if filters.several else [scan_session(folders, config)], filters)


def _show(reports: list[dict[str, Any]], remarks: list[str], field: str) -> None:
    """Print the report of a ``field``, or one for each of several filters; what the reports share is printed once."""
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import add_columns, escape

    console, first = Console(soft_wrap=True), reports[0]
    name, size = first["session"] + (f", {field}" if field else ""), " x ".join(map(str, first["shape"]))
    table = Table(title=f"{name}: {first['cfa'] or 'mono'}, {size} (rows first)")
    add_columns(table, "role", "frames", "exposure (s)", "gain", "temperature (C)", "filter")
    rows = {(role, *(f["path"] for f in frames)): frames for r in reports for role, frames in r["frames"].items()}
    for (role, *_), frames in sorted(rows.items(), key=lambda item: item[0][0] != "light"):
        row = [_span([f[key] for f in frames if f[key] is not None]) for key in ("exposure", "gain", "temperature", "filter")]
        table.add_row(role, str(len(frames)), *(escape(r) for r in row))
    for role, path in dict.fromkeys(item for r in reports for item in r["masters"].items()):
        table.add_row(f"master {role}", "1", escape(path), "", "", "")
    console.print(table)
    if first["layout"]:
        console.print(f"Layout: {first['layout']}", highlight=False)
    if first["device"]:
        console.print(f"Device: {escape(_device(first['device']))}", highlight=False)
    for group in (g for r in reports for g in r["groups"]):
        console.print(f"  {'->' if group['chosen'] else '  '} {group['lights']} lights: {group['what']}", highlight=False)
    for line in remarks:
        console.print(f"[bold]{escape(line)}[/bold]", highlight=False)
    for text in dict.fromkeys(n for r in reports for n in r["notes"]):
        console.print(f"[dim]  {escape(text)}[/dim]", highlight=False)
    for warning in dict.fromkeys(w for r in reports for w in r["warnings"]):
        console.print(f"[yellow]! {escape(warning)}[/yellow]", highlight=False)
    # A file that the run of one filter leaves out may be used by another.
    used = {f["path"] for r in reports for frames in r["frames"].values() for f in frames}
    left = {e["path"]: e for r in reports for e in r["excluded"] if e["path"] not in used}
    for why, paths in _by_reason(list(left.values())).items():
        names = paths[0] if len(paths) == 1 else f"{len(paths)} files ({Path(paths[0]).name} ... {Path(paths[-1]).name})"
        console.print(f"[red]-[/red] {escape(names)}: {escape(why)}", highlight=False)


def _device(known: dict[str, Any]) -> str:
    """The known properties of the camera, such as "Seestar S50 (IMX462), 0.078 e-/ADU at this gain"."""
    parts = [f"{known['name']} ({known['sensor']})" if known["sensor"] else known["name"]]
    if known["mount"]:
        parts.append(f"{known['mount'].replace('_', '-')} mount")
    if known["electrons_per_adu"]:
        parts.append(f"{known['electrons_per_adu']:.3g} e-/ADU at this gain")
    if known["read_noise"]:
        parts.append(f"read noise {known['read_noise']:.2g} e-")
    return ", ".join(parts)


def _span(values: list[Any]) -> str:
    """One value, a list of up to three, or the range of more."""
    distinct = sorted(set(values))
    if len(distinct) > 3:
        return f"{distinct[0]} ... {distinct[-1]}"
    return ", ".join(str(v) for v in distinct)


def _by_reason(excluded: list[dict[str, str]]) -> dict[str, list[str]]:
    """Excluded files, grouped by reason."""
    grouped: dict[str, list[str]] = {}
    for item in excluded:
        grouped.setdefault(f"{item['reason'].rstrip('.')}. {item['remedy']}".strip(), []).append(item["path"])
    return grouped
