"""`orchestrate bge` and `orchestrate pcc`: one phase on one stacked image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.options import settings
from orchestrator.config.load import load_config
from orchestrator.errors import ExitCode

__all__ = ["bge", "pcc"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Result; FILE_bge.fits beside FILE by default.")
@click.option("--force", is_flag=True, help="Replace an earlier result.")
@settings
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def bge(file: Path, output: Path | None, force: bool, files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...],
        as_json: bool) -> int:
    """Take the sky's gradient from the stacked image FILE (settings: bge.*)."""
    from orchestrator.api.single_image import bge_file

    report = bge_file(file, load_config(files, preset, overrides), output, force=force)
    return _tell(report, as_json, "The background was left as it is")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Result; FILE_pcc.fits beside FILE by default.")
@click.option("--catalog", type=click.Path(path_type=Path), help="Stars with ra, dec and magnitudes in two bands.")
@click.option("--force", is_flag=True, help="Replace an earlier result.")
@settings
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def pcc(file: Path, output: Path | None, catalog: Path | None, force: bool, files: tuple[Path, ...], preset: str | None,
        overrides: tuple[str, ...], as_json: bool) -> int:
    """Calibrate the colours of the stacked image FILE by its stars (settings: pcc.*)."""
    from orchestrator.api.single_image import pcc_file

    if catalog is not None:
        overrides = (*overrides, f"pcc.catalog={catalog}")
    return _tell(pcc_file(file, load_config(files, preset, overrides), output, force=force), as_json,
                 "The colours were left as they are")


def _tell(report: dict[str, Any], as_json: bool, refusal: str) -> int:
    if as_json:
        click.echo(json.dumps(report, indent=1, ensure_ascii=False, default=str))
        return int(ExitCode.OK if "product" in report else ExitCode.VALIDATION_FAILED)
    if report.get("fallback"):
        click.echo(f"{report['fallback']} The native method was taken.", err=True)
    if "product" in report:
        click.echo(report["summary"])
        click.echo(report["product"])
    else:
        click.echo(f"{refusal}: {report['declined']}", err=True)
    return int(ExitCode.OK if "product" in report else ExitCode.VALIDATION_FAILED)
