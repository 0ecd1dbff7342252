"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["settings"]


def settings(function: Callable[..., Any]) -> Callable[..., Any]:
    """--config, --preset and --set."""
    function = click.option("--set", "overrides", multiple=True, metavar="SECTION.KEY=VALUE",
                            help="One setting, e.g. stacking.rejection=sigma. May be repeated.")(function)
    function = click.option("--preset", metavar="NAME", help="A named set of settings (see `config show`).")(function)
    return click.option("--config", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
                        help="A YAML file of settings. May be repeated, the later ones win.")(function)
