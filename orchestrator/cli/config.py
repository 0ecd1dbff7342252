"""`orchestrate config`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestrator.cli.options import settings
from orchestrator.cli.verbs import VerbGroup, note
from orchestrator.errors import ConfigError

__all__ = ["config"]


@click.group(cls=VerbGroup)
def config() -> None:
    """Write, show or check configurations."""


@config.command()
@click.argument("file", type=click.Path(path_type=Path), default="orchestrate.yaml", metavar="[FILE]")
def init(file: Path) -> int:
    """Write a commented configuration with all defaults to FILE (orchestrate.yaml by default)."""
    from orchestrator.config.load import dump_config
    from orchestrator.config.settings import RunConfig
    from orchestrator.io.raw_guard import refuse_raw

    refuse_raw(file)
    if file.exists():
        raise ConfigError(f"{file} exists already.", "Choose another name, or remove it.")
    if not file.parent.is_dir():
        raise ConfigError(f"The folder {file.parent} does not exist.", "Create it first, or choose another one.")
    file.write_text("# Settings of orchestrate; delete what you do not change.\n" + dump_config(RunConfig()), encoding="utf-8")
    click.echo(f"{file} written")
    return 0


@config.command()
@settings
@click.option("--changed", is_flag=True, help="Print only settings that differ from the defaults.")
def show(files: tuple[Path, ...], preset: str | None, overrides: tuple[str, ...], changed: bool) -> int:
    """Print the effective configuration."""
    from orchestrator.config.load import dump_config, load_config, preset_names

    click.echo(dump_config(load_config(files, preset, overrides, only_shown=True), only_changed=changed), nl=False)
    note("# presets: " + "; ".join(f"{k}: {v}" for k, v in preset_names().items()))
    return 0


@config.command()
@click.argument("file", type=click.Path(path_type=Path))
def validate(file: Path) -> int:
    """Check FILE."""
    from orchestrator.config.load import load_config

    load_config([file], only_shown=True)
    click.echo(f"{file}: ok")
    return 0


@config.command()
@click.argument("file", type=click.Path(path_type=Path))
def trust(file: Path) -> int:
    """Trust FILE, a configuration, a project or the config.yaml of a run: the programs and templates that it names may be used.

    After a change of the file, of these programs or of these templates it has to be trusted again. See docs/SECURITY.md.
    """
    from orchestrator.cli.trusting import trust_file

    programs = trust_file(file)
    for name, value in programs.items():
        click.echo(f"{name}: {value}")
    click.echo(f"{file} is trusted." if programs else f"{file} names no program and needs no trust.")
    return 0


@config.command()
def schema() -> int:
    """Print the JSON schema."""
    from orchestrator.config.load import config_schema

    click.echo(json.dumps(config_schema(), indent=1, default=str))
    return 0
