"""`orchestrate solve`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.options import settings
from orchestrator.cli.verbs import Verb, note
from orchestrator.errors import RunError

__all__ = ["solve"]


@click.command(cls=Verb)
@click.argument("image", type=click.Path(path_type=Path), metavar="FILE")
@settings
@click.option("--solver", metavar="NAME", help="Solver: auto, astap, faster_astap, siril, astrometry_net or astrometry.")
@click.option("--ra", type=float, metavar="DEG", help="Right ascension of the field in degrees.")
@click.option("--dec", type=float, metavar="DEG", help="Declination of the field in degrees.")
@click.option("--scale", type=float, metavar="ARCSEC", help="Pixel scale in arcsec per pixel.")
@click.option("--sip", is_flag=True, help="Describe distortion by SIP polynomials.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE",
              help="Write a solved copy; the original is unchanged.")
@click.option("--no-write", is_flag=True, help="Print the solution; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the solution as JSON.")
def solve(image: Path, files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...], solver: str | None,
          ra: float | None, dec: float | None, scale: float | None, sip: bool, output: Path | None, no_write: bool,
          as_json: bool) -> int:
    """Plate solve the image FILE and write the WCS into its header."""
    from orchestrator.config.load import load_config

    given = {"solver": solver, "ra": ra, "dec": dec, "scale": scale, "sip": True if sip else None}
    overrides += tuple(f"astrometry.{key}={json.dumps(value)}" for key, value in given.items() if value is not None)
    config = load_config(files, preset, overrides)
    from orchestrator.astrometry.files import solve_file

    outcome = solve_file(image, config, output=output, write=not no_write, notify=lambda text: note(f"  {text}"))
    report = {"solved": outcome.wcs is not None, "why": outcome.why or None, **outcome.summary, "attempts": outcome.attempts}
    if as_json:
        from orchestrator.io.json_files import plain

        click.echo(json.dumps(plain(report), indent=1, ensure_ascii=False))
    elif outcome.wcs is not None:
        _show(outcome.summary)
    for warning in outcome.warnings:
        note(f"! {warning}")
    if outcome.wcs is None:
        raise RunError(f"{image} was not solved: {outcome.why}", "See `orchestrate doctor` and `orchestrate catalog list`.")
    return 0


def _show(summary: dict[str, Any]) -> None:
    width, height = summary["field_deg"]
    checked = summary["verification"]
    rows = [("solver", summary["solver"]), ("centre", summary["centre"]),
            ("scale", f"{summary['scale_arcsec_px']:.4f} arcsec/px"), ("field", f"{width:.3f} x {height:.3f} deg"),
            ("rotation", f"{summary['rotation_deg']:.2f} deg, {summary['parity']}"),
            ("verified", f"{checked['matched']} of {checked['catalog_stars']} stars, rms {checked['rms_px']:.2f} px "
             f"({checked['against']})" if checked["ok"] else "no")]
    if "hint_off_deg" in summary:
        rows.append(("hint was off", f"{summary['hint_off_deg']:.3f} deg"))
    for name, value in rows:
        click.echo(f"{name:>13}  {value}")
