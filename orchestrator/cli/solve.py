"""`orchestrate solve`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.options import settings
from orchestrator.config.load import load_config
from orchestrator.errors import RunError

__all__ = ["solve"]


@click.command()
@click.argument("image", type=click.Path(path_type=Path), metavar="FILE")
@settings
@click.option("--solver", help="Who solves: auto, astap, faster_astap, siril, astrometry_net, astrometry.")
@click.option("--ra", type=float, help="Right ascension of the field in degrees.")
@click.option("--dec", type=float, help="Declination of the field in degrees.")
@click.option("--scale", type=float, help="Arcsec a pixel.")
@click.option("--sip", is_flag=True, help="Describe distortion by SIP polynomials.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Write a solved copy; FILE stays as it is.")
@click.option("--no-write", is_flag=True, help="Only tell the solution.")
@click.option("--json", "as_json", is_flag=True, help="Print the solution as JSON.")
def solve(image: Path, files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...], solver: str | None,
          ra: float | None, dec: float | None, scale: float | None, sip: bool, output: Path | None, no_write: bool,
          as_json: bool) -> int:
    """Plate solve the image FILE and write the WCS into its header."""
    given = {"solver": solver, "ra": ra, "dec": dec, "scale": scale, "sip": True if sip else None}
    overrides += tuple(f"astrometry.{key}={json.dumps(value)}" for key, value in given.items() if value is not None)
    config = load_config(files, preset, overrides)
    from orchestrator.astrometry.files import solve_file

    outcome = solve_file(image, config, output=output, write=not no_write,
                         tell=lambda what: click.echo(f"  {what}", err=True))
    told = {"solved": outcome.wcs is not None, "why": outcome.why or None, **outcome.summary, "attempts": outcome.attempts}
    if as_json:
        from orchestrator.io.json_files import plain

        click.echo(json.dumps(plain(told), indent=1, ensure_ascii=False))
    elif outcome.wcs is not None:
        _show(outcome.summary)
    for warning in outcome.warnings:
        click.echo(f"! {warning}", err=True)
    if outcome.wcs is None:
        raise RunError(f"{image} was not solved: {outcome.why}", "See `orchestrate doctor` and `orchestrate catalog list`.")
    return 0


def _show(summary: dict[str, Any]) -> None:
    width, height = summary["field_deg"]
    checked = summary["verification"]
    rows = [("solver", summary["solver"]), ("centre", summary["centre"]),
            ("scale", f"{summary['scale_arcsec_px']:.4f} arcsec/px"), ("field", f"{width:.3f} x {height:.3f} deg"),
            ("rotation", f"{summary['rotation_deg']:.2f} deg, {summary['parity']}"),
            ("verified", f"{checked['matched']} of {checked['catalogd']} stars, rms {checked['rms_px']:.2f} px "
             f"({checked['against']})" if checked["ok"] else "no")]
    if "hint_off_deg" in summary:
        rows.append(("hint was off", f"{summary['hint_off_deg']:.3f} deg"))
    for name, value in rows:
        click.echo(f"{name:>13}  {value}")
