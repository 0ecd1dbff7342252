"""`orchestrate deconvolve`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestrator.cli.after_run import produce
from orchestrator.cli.verbs import Verb, progress_option, trust_option

__all__ = ["deconvolve"]


@click.command(cls=Verb)
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--fwhm", type=click.FloatRange(0, min_open=True), metavar="PX",
              help="FWHM with which the scene is drawn; 0.6 of that of the stack by default, at least 1.8.")
@click.option("--steps", type=click.IntRange(1, 1000), metavar="N",
              help="Number of steps; by default those after which two halves of the frames explain each other best.")
@trust_option
@click.option("--json", "as_json", is_flag=True, help="Print what was measured as JSON.")
@progress_option
def deconvolve(directory: Path, fwhm: float | None, steps: int | None, as_json: bool) -> int:
    """Make a sharper picture of a RUN from its frames, apart from its stack.

    The light of each star is kept, there are no rings, and where the signal is weak the picture stays as the stack is.
    The files are in RUN/derived/deconvolve.
    """
    from orchestrator.derived.deconvolve import DeconvolveWish, make_deconvolved

    made = produce(lambda listen, cancel: make_deconvolved(directory, DeconvolveWish(fwhm, steps), listeners=(listen,),
                                                           cancel=cancel), as_json=as_json)
    facts = made.facts
    if as_json:
        click.echo(json.dumps({**facts, "files": {k: str(v) for k, v in made.files.items()}}, indent=1))
        return 0
    if facts["fwhm_px"] is not None and facts["fwhm_of_stack_px"] is not None:
        click.echo(f"FWHM of bright stars: {facts['fwhm_px']:.2f} px, {facts['fwhm_of_stack_px']:.2f} px in the stack.")
    if facts["flux_ratio"]["median"] is not None:
        click.echo(f"Light of {facts['flux_ratio']['stars']} stars: {facts['flux_ratio']['median']:.4f} of that in the stack.")
    click.echo(f"{facts['steps']} steps, {len(facts['groups'])} group(s) of frames.")
    for path in made.files.values():
        click.echo(str(path))
    return 0
