"""`orchestrate config`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestrator.cli.options import settings
from orchestrator.config.load import config_schema, dump_config, load_config, preset_names
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError

__all__ = ["config"]


@click.group()
def config() -> None:
    """Make, show and check configurations."""


@config.command()
@click.argument("file", type=click.Path(path_type=Path), default="orchestrate.yaml")
def init(file: Path) -> int:
    """Write a commented configuration with all defaults to FILE."""
    if file.exists():
        raise ConfigError(f"{file} exists already.", "Choose another name, or remove it.")
    if not file.parent.is_dir():
        raise ConfigError(f"The folder {file.parent} does not exist.", "Make it first, or choose another place.")
    file.write_text("# Settings of orchestrate; delete what you do not change.\n" + dump_config(RunConfig()), encoding="utf-8")
    click.echo(f"{file} written")
    return 0


@config.command()
@settings
@click.option("--changed", is_flag=True, help="Only what differs from the defaults.")
def show(files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...], changed: bool) -> int:
    """Print the effective configuration."""
    click.echo(dump_config(load_config(files, preset, overrides), only_changed=changed), nl=False)
    click.echo("# presets: " + "; ".join(f"{k}: {v}" for k, v in preset_names().items()), err=True)
    return 0


@config.command()
@click.argument("file", type=click.Path(path_type=Path))
def validate(file: Path) -> int:
    """Check FILE."""
    load_config([file])
    click.echo(f"{file}: ok")
    return 0


@config.command()
def schema() -> int:
    """Print the JSON schema."""
    click.echo(json.dumps(config_schema(), indent=1, default=str))
    return 0
