"""`orchestrate flats`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestrator.cli.after_run import produce
from orchestrator.cli.verbs import Verb, progress_option, trust_option

__all__ = ["flats"]


@click.command(cls=Verb)
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@trust_option
@click.option("--json", "as_json", is_flag=True, help="Print what was measured as JSON.")
@progress_option
def flats(directory: Path, as_json: bool) -> int:
    """Measure what the flats of a RUN did not correct, from the sky in its lights; nothing is applied.

    It shows dust and vignetting in dithered lights. RUN/derived/flats has the residual flat, a picture of before and after, and
    a master flat with it, which calibration.flat_master uses.
    """
    from orchestrator.derived.residual_flats import make_flats

    made = produce(lambda listen, cancel: make_flats(directory, listeners=(listen,), cancel=cancel), as_json=as_json)
    facts = made.facts
    if as_json:
        click.echo(json.dumps({**facts, "files": {k: str(v) for k, v in made.files.items()}}, indent=1))
        return 0
    click.echo(f"Pattern in the sky of {facts['lights']} lights: {100 * facts['pattern_rms']:.2f} % (rms), deepest "
               f"{100 * facts['deepest']:.1f} %; {100 * facts['left_rms']:.2f} % after correction.")
    if not facts["worth_applying"]:
        click.echo("That is not above its error: the flats are good.")
    elif "flat" in made.files:
        click.echo(f"To apply it: orchestrate resume {directory} --set calibration.flat_master={made.files['flat']}")
    for path in made.files.values():
        click.echo(str(path))
    return 0
