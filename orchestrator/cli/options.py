"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["SHORTHANDS", "settings", "shorthand", "shorthands"]

Values = dict[str, tuple[str, ...]]
# Options of `run` and `frames` that stand for settings: option -> value -> section.key=value; {} takes the option's value.
ALIGN: Values = {name: (f"registration.transform={name}",) for name in ("integer", "affine", "auto")}
DEBAYER: Values = {"none": ("debayer.when=none",), "rgb": ("debayer.when=last",), "superpixel": ("debayer.when=superpixel",),
                   "bayer-first": ("debayer.when=first",), "drizzle": ("reconstruction.method=drizzle",)}
SHORTHANDS: dict[str, Values] = {
    "eq_mode": {"True": ("registration.mount=equatorial",)}, "align_mode": ALIGN, "debayer": DEBAYER,
    "keep": {"": ("selection.keep={}",)}, "where": {"": ("selection.where='{}'",)},
    "frame_list": {"": ("selection.frames='{}'",)}}


def settings(function: Callable[..., Any]) -> Callable[..., Any]:
    """--config, --preset and --set."""
    function = click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE",
                            help="One setting, e.g. stacking.rejection=sigma. May be repeated.")(function)
    function = click.option("--preset", metavar="NAME", help="A named set of settings (see `config show`).")(function)
    return click.option("--config", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
                        help="A YAML file of settings. May be repeated, the later ones win.")(function)


def shorthands(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that stand for settings: see :data:`SHORTHANDS`; :func:`shorthand` takes what was given."""
    for option in (
        click.option("--frame-list", type=click.Path(path_type=Path), metavar="FILE", help="Only these lights: one name a line."),
        click.option("--where", metavar="EXPRESSION", help="Only lights of which it is true: 'fwhm < 3.2 and background < p90'."),
        click.option("--keep", type=click.FloatRange(0, 1, min_open=True), metavar="FRACTION",
                     help="The best part of the lights by score; all by default, since weights do the work."),
        click.option("--debayer", type=click.Choice(list(DEBAYER)), help="How mosaics become colour (none: they stay mosaics)."),
        click.option("--align-mode", type=click.Choice(list(ALIGN)), help="How frames are moved onto one another."),
        click.option("--eq-mode", is_flag=True, help="The mount is equatorial, whatever the rotation looks like."),
    ):
        function = option(function)
    return function


def shorthand(given: dict[str, Any]) -> tuple[str, ...]:
    """The overrides (section.key=value) for the options of :func:`shorthands`; settings given by --set come after them."""
    found: list[str] = []
    for name, values in SHORTHANDS.items():
        value = given.get(name)
        if value is None or value is False:
            continue
        chosen = values[""] if "" in values else values[str(value)]
        found += [text.format(str(value).replace("'", "''")) for text in chosen]
    return tuple(found)
