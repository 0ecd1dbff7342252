"""`orchestrate series`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestrator.cli.after_run import produce
from orchestrator.cli.verbs import Verb, progress_option, trust_option

__all__ = ["series"]


@click.command(cls=Verb)
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--every", type=click.IntRange(1), metavar="N", help="Stack N frames together; about 20 stacks by default.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), metavar="M", help="Stack the frames of M minutes together.")
@click.option("--by-night", is_flag=True, help="Stack the frames of each night together.")
@click.option("--no-stacks", is_flag=True, help="Do not write the short stacks as FITS files.")
@trust_option
@click.option("--json", "as_json", is_flag=True, help="Print variables and transients as JSON.")
@progress_option
def series(directory: Path, every: int | None, minutes: float | None, by_night: bool, no_stacks: bool, as_json: bool) -> int:
    """Make short stacks of a RUN on one grid and scale, light curves of its stars, and an animation.

    Variables and transients are listed. The files are in RUN/derived/series.
    """
    from orchestrator.derived.series import SeriesWish, make_series
    from orchestrator.io.json_files import plain

    wish = SeriesWish(every, minutes, by_night, not no_stacks)
    found = produce(lambda listen, cancel: make_series(directory, wish, listeners=(listen,), cancel=cancel), as_json=as_json)
    curves = found.curves
    variables = [{"star": int(k) + 1, "x": float(found.places[k, 0]), "y": float(found.places[k, 1]),
                  "scatter_mag": float(curves.scatter[k]), "expected_mag": float(curves.expected[k])}
                 for k in curves.variable.nonzero()[0]]
    if as_json:
        click.echo(json.dumps({"stacks": len(found.times), "stars": len(found.places), "variables": variables,
                               "transients": [plain(vars(t)) for t in found.transients],
                               "files": {k: str(v) for k, v in found.files.items()}}, indent=1))
        return 0
    click.echo(f"{len(found.times)} short stacks, light curves of {len(found.places)} stars.")
    for v in variables:
        click.echo(f"Variable: star {v['star']} at {v['x']:.1f}, {v['y']:.1f}: scatter {v['scatter_mag']:.4f} mag, "
                   f"expected {v['expected_mag']:.4f}")
    for t in found.transients:
        click.echo(f"Transient: {t.x:.1f}, {t.y:.1f} in {t.images} stacks, {t.significance:.1f} sigma")
    for path in found.files.values():
        click.echo(str(path))
    return 0
