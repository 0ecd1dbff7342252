"""`orchestrate library`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from orchestrator.cli.options import runs_dir_option
from orchestrator.cli.verbs import Verb

__all__ = ["library"]


def _site(context: click.Context, option: click.Parameter, value: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of "48.1,11.6"."""
    if value is None:
        return None
    try:
        latitude, longitude = (float(v) for v in value.split(","))
    except ValueError:
        latitude = longitude = float("nan")
    if not (abs(latitude) <= 90 and abs(longitude) <= 360):
        raise click.BadParameter(f"{value!r} is not latitude,longitude in degrees, such as 48.1,11.6 (east is positive).")
    return latitude, longitude


@click.command(cls=Verb)
@runs_dir_option()
@click.option("--nights", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Name the nights below FOLDER with lights that no run contains.")
@click.option("--site", callback=_site, metavar="LAT,LON",
              help="Where you observe, in degrees, east is positive: shows how long each target can be observed tonight. "
              "By default the place in the headers.")
@click.option("--page", "page_file", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with the pictures.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def library(runs_dir: Path, nights: Path | None, site: tuple[float, float] | None, page_file: Path | None,
            as_json: bool) -> int:
    """List the targets of all runs, and what is worth shooting next.

    Shows the exposure in each filter, the gain of another hour, and the sky tonight.
    """
    from orchestrator.api.library import library as read_library
    from orchestrator.api.library import not_stacked, target_rows, write_library
    from orchestrator.api.tonight import tonight

    targets = read_library(runs_dir)
    now = datetime.now(UTC)
    skies = {t.name: tonight(t.sky, place, now) for t in targets if t.sky is not None and (place := site or t.site) is not None}
    new = not_stacked(nights, runs_dir) if nights is not None else []
    if page_file is not None:
        write_library(targets, page_file, skies)
    if as_json:
        rows = [{**t.to_dict(), "tonight": vars(skies[t.name]) if t.name in skies else None} for t in targets]
        content = {"targets": rows, "not_stacked": [n.to_dict() for n in new]}
        click.echo(json.dumps(content, indent=1, ensure_ascii=False))
        return 0
    from orchestrator.io.visible import visible
    from orchestrator.report.wording import duration

    for t in targets:
        click.echo(f"{visible(t.name)}: {duration(t.total)}, {t.frames} lights")
        for label, value in target_rows(t, skies.get(t.name)):
            click.echo(f"  {visible(label):14} {value}")
        click.echo(f"  {'run':14} {visible(str(t.best))}")
    if not targets:
        click.echo(f"There is no finished run in {runs_dir}.")
    for n in new:
        click.echo(f"Not stacked yet: {visible(str(n.night))}, {n.lights} lights of {visible(n.name)}, {duration(n.exposure_s)}")
    if page_file is not None:
        click.echo(f"Page: {page_file}")
    return 0
