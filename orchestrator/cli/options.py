"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from orchestrator.cli.verbs import trust_option

__all__ = ["DEBAYER", "MOUNT", "SHORTHANDS", "TRANSFORM", "runs_dir_option", "settings", "shorthand", "shorthands"]

# Values of registration.mount, registration.transform and debayer.stage; written here so that help imports no settings.
MOUNT = ("auto", "equatorial", "alt_az")
TRANSFORM = ("auto", "integer", "shift", "similarity", "affine", "homography")
STAGE = ("auto", "first", "last", "superpixel", "none")
# `--debayer drizzle` chooses a method of reconstruction, which needs no demosaicing.
DRIZZLE = "drizzle"
DEBAYER = (*STAGE, DRIZZLE)
# Options of `run` and `frames` that stand for settings -> section.key=value; {} is replaced by the option's value.
SHORTHANDS = {
    "mount": "registration.mount={}", "transform": "registration.transform={}", "debayer": "debayer.stage={}",
    "reference": "registration.reference='{}'",
    "keep": "selection.keep_fraction={}", "where": "selection.where='{}'", "frame_list": "selection.frames='{}'"}


def settings(function: Callable[..., Any]) -> Callable[..., Any]:
    """--config, --preset, --trust and --set."""
    function = click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE",
                            help="One setting, such as stacking.rejection=sigma. May be repeated.")(function)
    function = trust_option(function)
    function = click.option("--preset", metavar="NAME", help="A named set of settings (see `config show`).")(function)
    return click.option("--config", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
                        help="A YAML file of settings. May be repeated; later files override earlier ones.")(function)


def runs_dir_option(text: str = "Folder of the runs.") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--runs-dir, with its help."""
    return click.option("--runs-dir", default="runs", show_default=True, type=click.Path(path_type=Path), metavar="DIR",
                        help=text)


def shorthands(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that stand for settings, see :data:`SHORTHANDS`; :func:`shorthand` turns their values into overrides."""
    for option in (
        click.option("--frame-list", type=click.Path(path_type=Path), metavar="FILE",
                     help="Use only the lights named in FILE, one name per line."),
        click.option("--where", metavar="EXPRESSION",
                     help="Use only lights for which EXPRESSION is true, such as 'fwhm < 3.2 and background < p90'."),
        click.option("--keep", type=click.FloatRange(0, 1, min_open=True), metavar="FRACTION",
                     help="Keep this fraction of the lights, the best by score; all by default, since weights do the work."),
        click.option("--debayer", type=click.Choice(DEBAYER),
                     help="When CFA mosaics become colour (none: they stay mosaics), or drizzle them without demosaicing."),
        click.option("--reference", metavar="auto|first|NAME", help="Reference light: the best, the first, or a file name."),
        click.option("--transform", type=click.Choice(TRANSFORM), help="Model by which frames are registered."),
        click.option("--mount", type=click.Choice(MOUNT), help="Kind of mount; auto derives it from the field rotation."),
    ):
        function = option(function)
    return function


def shorthand(given: dict[str, Any]) -> tuple[str, ...]:
    """The overrides (section.key=value) for the options of :func:`shorthands`; settings given by --set come after them."""
    found: list[str] = []
    for name, text in SHORTHANDS.items():
        value = given.get(name)
        if value is None:
            continue
        if name == "debayer" and value == DRIZZLE:
            text = "reconstruction.method={}"
        found.append(text.format(str(value).replace("'", "''")))
    return tuple(found)
