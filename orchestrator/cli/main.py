"""The command line: `orchestrate VERB`."""

from __future__ import annotations

import os
import sys

import click

from orchestrator.cli.verbs import LazyVerb, VerbGroup
from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.version import __version__

__all__ = ["ALIASES", "VERBS", "main"]

# Verb -> where its command is defined, and its line in the list of verbs (the first sentence of the command's help). Help and
# completion of the verbs read this table and import no module of a verb.
VERBS: dict[str, tuple[str, str]] = {
    "run": ("orchestrator.cli.run:run", "Stack the frames of one or more SESSION folders."),
    "watch": ("orchestrator.cli.watch:watch", "Stack the frames of FOLDER while they arrive."),
    "resume": ("orchestrator.cli.resume:resume", "Continue an interrupted RUN, or repeat a part of it with other settings."),
    "exclude": ("orchestrator.cli.exclude:exclude", "Exclude FRAMEs from the stack of a RUN, everywhere or in a part of it."),
    "project": ("orchestrator.cli.project:project", "Stack several nights together."),
    "scan": ("orchestrator.cli.scan:scan", "List the frames of a session: which would be used, and why others would not."),
    "frames": ("orchestrator.cli.frames:frames", "List and score the lights of a SESSION, and try out selections."),
    "report": ("orchestrator.cli.report:report", "Rebuild the report of a RUN from its files."),
    "inspect": ("orchestrator.cli.inspect:inspect", "Rank the frames of RUN by their contribution to a place in the image."),
    "compare": ("orchestrator.cli.runs:compare", "Compare two runs in a table, and on a page that blinks between their images."),
    "runs": ("orchestrator.cli.runs:runs", "List, show or delete runs."),
    "solve": ("orchestrator.cli.solve:solve", "Plate solve the image FILE and write the WCS into its header."),
    "remove-background": ("orchestrator.cli.single:remove_background", "Subtract the sky gradient from the stacked image FILE."),
    "calibrate-color": ("orchestrator.cli.single:calibrate_color",
                        "Calibrate the colours of the stacked image FILE by its stars."),
    "script": ("orchestrator.cli.script:script", "Write Siril scripts for one or more nights; they run without this program."),
    "catalog": ("orchestrator.cli.catalog:catalog",
                "List or write star catalogs for plate solving and colour calibration offline."),
    "cache": ("orchestrator.cli.cache:cache", "Show or delete the data that is cached next to the runs for later runs."),
    "config": ("orchestrator.cli.config:config", "Write, show or check configurations."),
    "doctor": ("orchestrator.cli.doctor:doctor",
               "Check which external programs are installed, and how to get the missing ones."),
    "gui": ("orchestrator.cli.gui:gui", "Open the desktop window, with a PROJECT or FOLDERs of raw frames."),
    "insiril": ("orchestrator.cli.insiril:insiril", "Install the script that runs this program inside Siril."),
    "simulate": ("orchestrator.cli.simulate:simulate", "Write a simulated session with known truth to DIR."),
}
# A second name of a verb -> its first name.
ALIASES = {"bge": "remove-background", "pcc": "calibrate-color"}


@click.group(cls=VerbGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="orchestrate")
def cli() -> None:
    """Stack raw astronomical frames with local quality weights."""


for _name, (_target, _summary) in VERBS.items():
    cli.add_command(LazyVerb(_name, _target, _summary))
    for _alias in (a for a, first in ALIASES.items() if first == _name):
        cli.add_command(LazyVerb(_alias, _target, f"Same as {_name}."))


def main() -> None:
    """Run a command; an error that the user can cause is shown as a message, with its exit code."""
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
        # The reader of the output has ended (`| head`); Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.OK
    except OSError as error:
        click.echo(f"Error: {error.filename or 'a file'}: {error.strerror or error}.", err=True)
        click.echo("       Check that it exists, that you may read and write there, and that the disk is not full.", err=True)
        code = ExitCode.FAILED
    sys.exit(int(code or 0))
