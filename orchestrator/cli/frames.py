"""`orchestrate frames`."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestrator.cli.options import settings, shorthand, shorthands
from orchestrator.config.load import load_config
from orchestrator.errors import ConfigError
from orchestrator.io.atomic import whole_file

if TYPE_CHECKING:
    from orchestrator.api.score_frames import SessionFrames

__all__ = ["frames"]

# Columns where nobody's terminal is asked.
WIDE = 160
SHOWN = (("stars", "{:d}"), ("fwhm", "{:.2f}"), ("roundness", "{:.2f}"), ("background", "{:.0f}"), ("noise", "{:.1f}"),
         ("transparency", "{:.2f}"), ("score", "{:.3f}"))


@click.command()
@click.argument("sessions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SESSION...")
@click.option("--scored", is_flag=True, help="Measure and score them as a run does; what is found is cached for the run.")
@click.option("--max-fwhm", type=click.FloatRange(0, min_open=True), metavar="PX", help="Only lights with stars so sharp.")
@click.option("--min-stars", type=click.IntRange(1), metavar="N", help="Only lights with so many stars.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write the frames that stay as a frame list.")
@click.option("--csv", "table", type=click.Path(path_type=Path), metavar="FILE", help="Write all frames and scores as CSV.")
@click.option("--blink", type=click.Path(path_type=Path), metavar="FILE", help="Write an animation (.gif, .png, .webp).")
@settings
@shorthands
@click.option("--runs-dir", default="runs", show_default=True, type=click.Path(path_type=Path), help="Where the cache lies.")
@click.option("--engine", type=click.Choice(["auto", "siril", "native"]), help="Who calibrates and registers.")
@click.option("--json", "as_json", is_flag=True, help="Print the frames as JSON.")
def frames(sessions: tuple[Path, ...], scored: bool, max_fwhm: float | None, min_stars: int | None, save: Path | None,
           table: Path | None, blink: Path | None, files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
           runs_dir: Path, engine: str | None, as_json: bool, **short: Any) -> int:
    """List the lights of a SESSION, score them, and try out selections; nothing is written but what is asked for."""
    if engine is not None:
        overrides = (f"engine.name={engine}", *overrides)
    config = load_config(files, preset, (*shorthand(short), *overrides))
    parts = [p for p in (config.selection.where and f"({config.selection.where})", max_fwhm and f"fwhm <= {max_fwhm:g}",
                         min_stars and f"stars >= {min_stars}") if p]
    config.selection.where = " and ".join(str(p) for p in parts)
    scored = scored or bool(config.selection.where or blink) or config.selection.keep < 1
    _keep_raw_clean(sessions, [p for p in (save, table, blink) if p is not None])
    from orchestrator.api.score_frames import list_frames, score_session
    from orchestrator.cli.progress import Progress
    from orchestrator.session.frame_list import write_list

    if scored:
        with Progress(quiet=True) as progress:
            found = score_session(sessions, config, runs_dir=runs_dir, listeners=(progress.listen,))
    else:
        found = list_frames(sessions, config)
    rows = _rows(found)
    if as_json:
        click.echo(json.dumps({"session": found.report.session.name, "mount": found.mount, "frames": rows}, indent=1,
                              ensure_ascii=False))
    else:
        _show(found, rows, scored)
    if save is not None:
        kept = [r["path"] for r in rows if r["kept"]]
        write_list(save, _names(kept), f"{len(kept)} of {len(rows)} lights of {found.report.session.name}"
                   + (f": {config.selection.where}" if config.selection.where else "")
                   + (f", keep {config.selection.keep:g}" if config.selection.keep < 1 else ""))
        click.echo(f"{len(kept)} frames in {save}", err=True)
    if table is not None:
        _write_csv(table, rows)
    if blink is not None:
        from orchestrator.api.blink import write_blink

        shown = write_blink(blink, found.scores, found.left_out, found.thumbnails, found.matrices, found.shape,
                            top_down=found.report.session.lights[0].top_down)
        click.echo(f"{shown} frames in {blink} ({blink.stat().st_size / 2**20:.1f} MiB)", err=True)
    return 0


def _keep_raw_clean(sessions: tuple[Path, ...], targets: list[Path]) -> None:
    for target in targets:
        inside = next((s for s in sessions if target.absolute().resolve().is_relative_to(s.absolute().resolve())), None)
        if inside is not None:
            raise ConfigError(f"{target} lies in the session {inside}, whose folder is never written to.",
                              "Choose a place outside of it.")


def _rows(found: SessionFrames) -> list[dict[str, Any]]:
    """All lights as plain values, the refused ones at the end."""
    from orchestrator.io.json_files import plain

    rows: list[dict[str, Any]] = []
    if found.scores:
        for score, why in zip(found.scores, found.left_out, strict=True):
            rows.append({**plain(score.to_dict()), "conditions": score.told, "kept": not why, "reason": why})
    else:
        for number, info in enumerate(found.report.session.lights, 1):
            rows.append({"number": number, "file": info.path.name, "path": str(info.path), "exposure": info.exposure,
                         "time": info.time.isoformat() if info.time else None, "temperature": info.temperature, "kept": True,
                         "reason": ""})
    lights = {str(i.path) for i in found.report.session.lights}
    listed = {r["path"] for r in rows}
    rows += [{"number": None, "file": Path(path).name, "path": path, "kept": False, "reason": reason}
             for path, reason in found.refused if path in lights and path not in listed]
    return rows


def _show(found: SessionFrames, rows: list[dict[str, Any]], scored: bool) -> None:
    console = Console(soft_wrap=True) if sys.stdout.isatty() else Console(soft_wrap=True, width=WIDE)
    report = found.report
    table = Table(title=f"{report.session.name}: {sum(r['kept'] for r in rows)} of {len(rows)} lights")
    numbers = SHOWN if scored else (("exposure", "{:g}"), ("temperature", "{:g}"))
    for column in ("", "file", "time (UTC)"):
        table.add_column(column, no_wrap=True)
    for name, _ in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("remark")
    told: dict[str, list[str]] = {}
    for row in rows:
        parts = [t for t in (row["reason"], *(row.get("conditions") or "").split("; ")) if t]
        kinds = [p.partition(":")[0] if ":" in p else "left out" for p in parts]
        for kind, part in zip(kinds, parts, strict=True):
            told.setdefault(kind, []).append(f"{row['file']}: {part}")
        cells = [_cell(row.get(name), form) for name, form in numbers]
        table.add_row("+" if row["kept"] else "-", escape(row["file"]), (row.get("time") or "")[5:19].replace("T", " "), *cells,
                      escape(", ".join(dict.fromkeys(kinds))), style=None if row["kept"] else "dim")
    console.print(table)
    for kind, lines in told.items():
        console.print(f"{kind}, {len(lines)} frames, such as {escape(lines[0])}", highlight=False)
    if report.layout:
        console.print(f"Layout: {report.layout}", highlight=False)
    if found.mount:
        console.print(f"Mount: {found.mount}", highlight=False)


def _cell(value: Any, form: str) -> str:
    return "" if value is None else form.format(value)


def _names(paths: list[str]) -> list[str]:
    """File names, or paths from the folder that all share where a name occurs twice."""
    names = [Path(p).name for p in paths]
    if len(set(names)) == len(names):
        return names
    common = Path(os.path.commonpath(paths))
    return [Path(p).relative_to(common).as_posix() for p in paths]


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    heads = list(dict.fromkeys(key for row in rows for key in row))
    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
        writer = csv.DictWriter(text, heads, restval="")
        writer.writeheader()
        writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
        text.detach()
