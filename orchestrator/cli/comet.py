"""`orchestrate comet` and `orchestrate moving`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestrator.cli.after_run import produce
from orchestrator.cli.verbs import Verb, progress_option, trust_option
from orchestrator.errors import ConfigError

__all__ = ["comet", "moving"]


@click.command(cls=Verb)
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--position", "positions", nargs=2, multiple=True, metavar="WHEN WHERE",
              help="Where the nucleus is: a light and its pixel X,Y, or a time (UTC) and a pixel X,Y of the stack; RA,DEC "
              "instead of a pixel if the stack is solved. Give it twice, for an early and a late frame.")
@click.option("--cards", metavar="RA,DEC", help="The header cards that hold the coordinates of the comet in each light.")
@click.option("--as-given", is_flag=True, help="Use the positions as they are; do not measure the nucleus in each frame.")
@trust_option
@click.option("--json", "as_json", is_flag=True, help="Print the figures of the comet as JSON.")
@progress_option
def comet(directory: Path, positions: tuple[tuple[str, str], ...], cards: str | None, as_given: bool, as_json: bool) -> int:
    """Make two stacks of a RUN with a comet: one of the comet, one of the stars. Each is free of the other.

    Without --position and --cards the brightest moving object is the comet. The files are in RUN/derived/comet.
    """
    from orchestrator.derived.comet import CometWish, make_comet
    from orchestrator.derived.motion import Position

    if positions and cards is not None:
        raise click.UsageError("--position and --cards exclude each other.")
    names = tuple(c.strip() for c in cards.split(",")) if cards is not None else None
    if names is not None and len(names) != 2:
        raise ConfigError(f"--cards {cards!r} does not name two cards.", "For example --cards OBJCTRA,OBJCTDEC.")
    pair = None if names is None else (names[0], names[1])
    wish = CometWish(tuple(Position(*p) for p in positions), pair, not as_given)
    result = produce(lambda listen, cancel: make_comet(directory, wish, listeners=(listen,), cancel=cancel), as_json=as_json)
    facts = result.facts
    if as_json:
        click.echo(json.dumps({**facts, "files": {k: str(v) for k, v in result.files.items()}}, indent=1))
        return 0
    x, y = facts["place_px"]
    click.echo(f"The comet moves by {facts['rate_px_per_hour']:.1f} px an hour, {facts['way_px']:.0f} px in all, found by "
               f"{facts['found_by']}; at {facts['reference_time']} it is at {x:.1f}, {y:.1f}.")
    click.echo(f"Nucleus: {facts['nucleus_adu']:.0f} +- {facts['nucleus_error_adu']:.0f} ADU within "
               f"{facts['aperture_px']:.1f} px; "
               f"PSF {facts['psf_fwhm_px']:.2f} px, trailed by {facts['motion_in_exposure_px']:.2f} px.")
    for path in result.files.values():
        click.echo(str(path))
    return 0


@click.command(cls=Verb)
@click.argument("directory", type=click.Path(path_type=Path), metavar="RUN")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="The table (CSV); derived/moving/moving.csv of the run by default.")
@trust_option
@click.option("--json", "as_json", is_flag=True, help="Print the objects as JSON.")
@progress_option
def moving(directory: Path, output: Path | None, as_json: bool) -> int:
    """List the asteroids and comets in the frames of a RUN, with their motion. A table (CSV) is written.

    An object is found if it moves by more than the FWHM of the stars and is seen in 40 % of the frames, at least in 4.
    """
    from orchestrator.derived.moving import find_moving
    from orchestrator.io.json_files import plain
    from orchestrator.io.raw_guard import refuse_sessions
    from orchestrator.rundir.record import session_folders

    refuse_sessions(session_folders(directory), (output,))
    found = produce(lambda listen, cancel: find_moving(directory, output, listeners=(listen,), cancel=cancel), as_json=as_json)
    if as_json:
        click.echo(json.dumps([plain(vars(o)) for o in found], indent=1))
        return 0
    for o in found:
        rate = (o.x_per_hour**2 + o.y_per_hour**2) ** 0.5
        sky = "" if o.ra != o.ra else (f", RA {o.ra:.5f} Dec {o.dec:+.5f}, {o.arcsec_per_hour:.2f} arcsec an hour towards "
                                       f"{o.position_angle:.0f} deg")
        click.echo(f"x {o.x:.1f} y {o.y:.1f}: {rate:.2f} px an hour in {o.frames} frames, {o.flux_adu:.0f} ADU{sky}")
    if not found:
        click.echo("Nothing moves in the frames, as far as they show it.")
    click.echo(str(output or directory / "derived" / "moving" / "moving.csv"))
    return 0
