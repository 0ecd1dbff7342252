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

from orchestrator.cli.options import runs_dir_option, settings, shorthand, shorthands
from orchestrator.cli.verbs import Verb, is_quiet, note

if TYPE_CHECKING:
    from orchestrator.api.score_frames import SessionFrames

__all__ = ["frames"]

# Width of the table in characters where the output is not a terminal.
WIDE = 160
# Columns of the table of scored frames, with their formats.
SHOWN = (("stars", "{:d}"), ("fwhm", "{:.2f}"), ("roundness", "{:.2f}"), ("background", "{:.0f}"), ("noise", "{:.1f}"),
         ("transparency", "{:.2f}"), ("score", "{:.3f}"))


@click.command(cls=Verb)
@click.argument("sessions", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SESSION...")
@click.option("--scored", is_flag=True, help="Measure and score the lights as a run does; the results are cached for the run.")
@click.option("--max-fwhm", type=click.FloatRange(0, min_open=True), metavar="PX", help="Keep only lights with FWHM up to PX.")
@click.option("--min-stars", type=click.IntRange(1), metavar="N", help="Keep only lights with at least N stars.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write the kept frames as a frame list.")
@click.option("--csv", "table", type=click.Path(path_type=Path), metavar="FILE", help="Write all frames and scores as CSV.")
@click.option("--blink", type=click.Path(path_type=Path), metavar="FILE", help="Write an animation (.gif, .png, .webp).")
@settings
@shorthands
@runs_dir_option("Folder of the runs, where the session cache is stored.")
@click.option("--engine", type=click.Choice(["auto", "siril", "native"]), help="Engine that calibrates and registers.")
@click.option("--json", "as_json", is_flag=True, help="Print the frames as JSON.")
def frames(sessions: tuple[Path, ...], scored: bool, max_fwhm: float | None, min_stars: int | None, save: Path | None,
           table: Path | None, blink: Path | None, files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
           runs_dir: Path, engine: str | None, as_json: bool, **short: Any) -> int:
    """List and score the lights of a SESSION, and try out selections.

    Nothing is written except the session cache and the files that you name.
    """
    from orchestrator.config.load import load_config
    from orchestrator.io.raw_guard import refuse_sessions

    if engine is not None:
        overrides = (f"engine.name={engine}", *overrides)
    config = load_config(files, preset, (*shorthand(short), *overrides))
    parts = [p for p in (config.selection.where and f"({config.selection.where})", max_fwhm and f"fwhm <= {max_fwhm:g}",
                         min_stars and f"stars >= {min_stars}") if p]
    config.selection.where = " and ".join(str(p) for p in parts)
    scored = scored or bool(config.selection.where or blink) or config.selection.keep_fraction < 1
    refuse_sessions(sessions, (save, table, blink))
    from orchestrator.api.score_frames import list_frames, score_session
    from orchestrator.cli.progress import Progress
    from orchestrator.session.frame_list import write_list

    if scored:
        with Progress(quiet=True, silent=is_quiet()) as progress:
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
                   + (f", keep {config.selection.keep_fraction:g}" if config.selection.keep_fraction < 1 else ""))
        note(f"{len(kept)} frames in {save}")
    if table is not None:
        _write_csv(table, rows)
    if blink is not None:
        from orchestrator.api.blink import write_blink

        shown = write_blink(blink, found.scores, found.left_out, found.thumbnails, found.matrices, found.shape,
                            top_down=found.report.session.lights[0].top_down)
        note(f"{shown} frames in {blink} ({blink.stat().st_size / 2**20:.1f} MiB)")
    return 0


def _rows(found: SessionFrames) -> list[dict[str, Any]]:
    """All lights as plain values; those that a run would not use come last."""
    from orchestrator.io.json_files import plain

    rows: list[dict[str, Any]] = []
    if found.scores:
        for score, why in zip(found.scores, found.left_out, strict=True):
            rows.append({**plain(score.to_dict()), "conditions": score.notes, "kept": not why, "reason": why})
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
    from rich.console import Console
    from rich.table import Table

    from orchestrator.cli.markup import add_columns, escape

    console = Console(soft_wrap=True) if sys.stdout.isatty() else Console(soft_wrap=True, width=WIDE)
    report = found.report
    table = Table(title=f"{report.session.name}: {sum(r['kept'] for r in rows)} of {len(rows)} lights")
    numbers = SHOWN if scored else (("exposure", "{:g}"), ("temperature", "{:g}"))
    add_columns(table, "", "file", "time (UTC)")
    for name, _ in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("remark", overflow="fold")
    remarks: dict[str, list[str]] = {}
    for row in rows:
        parts = [t for t in (row["reason"], *(row.get("conditions") or "").split("; ")) if t]
        kinds = [p.partition(":")[0] if ":" in p else "left out" for p in parts]
        for kind, part in zip(kinds, parts, strict=True):
            remarks.setdefault(kind, []).append(f"{row['file']}: {part}")
        cells = [_cell(row.get(name), form) for name, form in numbers]
        table.add_row("+" if row["kept"] else "-", escape(row["file"]), (row.get("time") or "")[5:19].replace("T", " "), *cells,
                      escape(", ".join(dict.fromkeys(kinds))), style=None if row["kept"] else "dim")
    console.print(table)
    for kind, lines in remarks.items():
        console.print(f"{kind}, {len(lines)} frames, such as {escape(lines[0])}", highlight=False)
    if report.layout:
        console.print(f"Layout: {report.layout}", highlight=False)
    if found.mount:
        console.print(f"Mount: {found.mount}", highlight=False)


def _cell(value: Any, form: str) -> str:
    return "" if value is None else form.format(value)


def _names(paths: list[str]) -> list[str]:
    """File names; paths relative to the common folder if a name occurs twice."""
    names = [Path(p).name for p in paths]
    if len(set(names)) == len(names):
        return names
    common = Path(os.path.commonpath(paths))
    return [Path(p).relative_to(common).as_posix() for p in paths]


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    from orchestrator.io.atomic import whole_file

    heads = list(dict.fromkeys(key for row in rows for key in row))
    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
        writer = csv.DictWriter(text, heads, restval="")
        writer.writeheader()
        writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
        text.detach()
