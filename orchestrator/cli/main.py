"""The command line: `orchestrate VERB`."""

from __future__ import annotations

import os
import sys

import click

from orchestrator.cli.cache import cache
from orchestrator.cli.catalog import catalog
from orchestrator.cli.config import config
from orchestrator.cli.doctor import doctor
from orchestrator.cli.exclude import exclude
from orchestrator.cli.frames import frames
from orchestrator.cli.gui import gui
from orchestrator.cli.insiril import insiril
from orchestrator.cli.inspect import inspect
from orchestrator.cli.project import project
from orchestrator.cli.report import report
from orchestrator.cli.resume import resume
from orchestrator.cli.run import run
from orchestrator.cli.runs import compare, runs
from orchestrator.cli.scan import scan
from orchestrator.cli.script import script
from orchestrator.cli.simulate import simulate
from orchestrator.cli.single import bge, pcc
from orchestrator.cli.solve import solve
from orchestrator.cli.watch import watch
from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.version import __version__

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="orchestrate")
def cli() -> None:
    """Stack raw astronomical frames with local quality weights."""


for command in (run, watch, resume, exclude, project, scan, frames, script, report, inspect, compare, runs, solve, bge, pcc,
                catalog, cache, config, doctor, gui, insiril, simulate):
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
        # Whoever read the output has gone (`| head`); Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.OK
    except OSError as error:
        click.echo(f"Error: {error.filename or 'a file'}: {error.strerror or error}.", err=True)
        click.echo("       Check that it exists, that you may read and write there, and that the disk is not full.", err=True)
        code = ExitCode.FAILED
    sys.exit(int(code or 0))
