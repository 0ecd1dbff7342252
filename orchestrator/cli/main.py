"""The command line: `orchestrate VERB`."""

from __future__ import annotations

import sys

import click

from orchestrator import __version__
from orchestrator.cli.config import config
from orchestrator.cli.doctor import doctor
from orchestrator.cli.run import run
from orchestrator.cli.scan import scan
from orchestrator.cli.simulate import simulate
from orchestrator.errors import ExitCode, OrchestrateError

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="orchestrate")
def cli() -> None:
    """Stack raw astronomical frames with local quality weights."""


for command in (run, scan, config, doctor, simulate):
    cli.add_command(command)


def main() -> None:
    """Run a command; an error that a person can cause is told in words, with its exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = ExitCode.CANCELLED
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except OrchestrateError as error:
        click.echo(f"Error: {error.message}", err=True)
        if error.remedy:
            click.echo(f"       {error.remedy}", err=True)
        code = error.exit_code
    except KeyboardInterrupt:
        click.echo("Cancelled.", err=True)
        code = ExitCode.CANCELLED
    except BrokenPipeError:
        code = ExitCode.OK
    sys.exit(int(code or 0))
