"""`orchestrate remove-background` and `orchestrate calibrate-color`: one phase on one stacked image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.options import settings
from orchestrator.cli.verbs import Verb, note
from orchestrator.errors import ExitCode

__all__ = ["calibrate_color", "remove_background"]


@click.command("remove-background", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE",
              help="The result; FILE_bge.fits next to FILE by default.")
@click.option("--force", is_flag=True, help="Replace an existing result.")
@settings
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def remove_background(file: Path, output: Path | None, force: bool, files: tuple[Path, ...], preset: str | None,
                      overrides: tuple[str, ...], as_json: bool) -> int:
    """Subtract the sky gradient from the stacked image FILE.

    Its settings are bge.*; `orchestrate bge` is the same verb.
    """
    from orchestrator.api.single_image import bge_file
    from orchestrator.config.load import load_config

    report = bge_file(file, load_config(files, preset, overrides), output, force=force)
    return _show(report, as_json, "The background is unchanged")


@click.command("calibrate-color", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE",
              help="The result; FILE_pcc.fits next to FILE by default.")
@click.option("--catalog", type=click.Path(path_type=Path), metavar="FILE",
              help="A table of stars with ra, dec and magnitudes in two bands.")
@click.option("--force", is_flag=True, help="Replace an existing result.")
@settings
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def calibrate_color(file: Path, output: Path | None, catalog: Path | None, force: bool, files: tuple[Path, ...],
                    preset: str | None, overrides: tuple[str, ...], as_json: bool) -> int:
    """Calibrate the colours of the stacked image FILE by its stars.

    Its settings are pcc.*; `orchestrate pcc` is the same verb.
    """
    from orchestrator.api.single_image import pcc_file
    from orchestrator.config.load import load_config

    if catalog is not None:
        overrides = (*overrides, f"pcc.catalog={catalog}")
    return _show(pcc_file(file, load_config(files, preset, overrides), output, force=force), as_json,
                 "The colours are unchanged")


def _show(report: dict[str, Any], as_json: bool, refusal: str) -> int:
    """Print the report; VALIDATION_FAILED if the checks rejected the result."""
    code = int(ExitCode.OK if "product" in report else ExitCode.VALIDATION_FAILED)
    if as_json:
        click.echo(json.dumps(report, indent=1, ensure_ascii=False, default=str))
        return code
    if report.get("fallback"):
        note(f"{report['fallback']} The native method was used.")
    if "product" in report:
        click.echo(report["summary"])
        click.echo(report["product"])
    else:
        click.echo(f"{refusal}: {report['declined']}", err=True)
    return code
