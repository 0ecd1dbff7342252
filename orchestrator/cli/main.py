"""The command line: `orchestrate VERB`."""

from __future__ import annotations

import json
import os
import sys

import click

from orchestrator.cli.suggestions import suggestion
from orchestrator.cli.verbs import LazyVerb, VerbGroup
from orchestrator.errors import ExitCode, OrchestrateError
from orchestrator.io.visible import visible
from orchestrator.version import __version__

__all__ = ["ALIASES", "SECTIONS", "VERBS", "main"]

# Section of the list of verbs -> verb -> where its command is defined, and its line in the list (the first sentence of the
# command's help). Help and completion of the verbs read this table and import no module of a verb.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Start here": {
        "run": ("orchestrator.cli.run:run", "Stack the frames of one or more SESSION folders."),
        "scan": ("orchestrator.cli.scan:scan", "List the frames of a session: which would be used, and why others would not."),
        "gui": ("orchestrator.cli.gui:gui", "Open the desktop window, with a PROJECT or FOLDERs of raw frames."),
        "doctor": ("orchestrator.cli.doctor:doctor",
            "Check which external programs are installed, and how to get the missing ones."),
        "simulate": ("orchestrator.cli.simulate:simulate", "Write a simulated session with known truth to DIR."),
    },
    "Look": {
        "frames": ("orchestrator.cli.frames:frames", "List and score the lights of a SESSION, and try out selections."),
        "report": ("orchestrator.cli.report:report", "Rebuild the report of a RUN from its files."),
        "inspect": ("orchestrator.cli.inspect:inspect",
            "Rank the frames of RUN by their contribution to a place in the image."),
        "compare": ("orchestrator.cli.runs:compare",
            "Compare two runs in a table, and on a page that blinks between their images."),
        "runs": ("orchestrator.cli.runs:runs", "List, show or delete runs."),
        "library": ("orchestrator.cli.library:library", "List the targets of all runs, and what is worth shooting next."),
        "develop": ("orchestrator.cli.develop:develop",
            "Make a picture of the stack of RUN, or of the linear image FILE: stretch, colours, PNG, JPEG or TIFF."),
        "export": ("orchestrator.cli.export:export",
            "Write a product of RUN, or the image FILE, for other programs: as a FITS file (--output) or a HiPS (--hips)."),
    },
    "After a run": {
        "comet": ("orchestrator.cli.comet:comet", "Make two stacks of a RUN with a comet: one of the comet, one of the stars."),
        "moving": ("orchestrator.cli.comet:moving", "List the asteroids and comets in the frames of a RUN, with their motion."),
        "series": ("orchestrator.cli.series:series",
            "Make short stacks of a RUN on one grid and scale, light curves of its stars, and an animation."),
        "flats": ("orchestrator.cli.flats:flats",
            "Measure what the flats of a RUN did not correct, from the sky in its lights; nothing is applied."),
        "deconvolve": ("orchestrator.cli.deconvolve:deconvolve",
            "Make a sharper picture of a RUN from its frames, apart from its stack."),
    },
    "Repair": {
        "resume": ("orchestrator.cli.resume:resume",
            "Continue an interrupted RUN, or repeat a part of it with other settings."),
        "exclude": ("orchestrator.cli.exclude:exclude",
            "Exclude FRAMEs from the stack of a RUN, everywhere or in a part of it."),
        "remove-background": ("orchestrator.cli.single:remove_background",
            "Subtract the sky gradient from the stacked image FILE."),
        "calibrate-color": ("orchestrator.cli.single:calibrate_color",
            "Calibrate the colours of the stacked image FILE by its stars."),
        "solve": ("orchestrator.cli.solve:solve", "Plate solve the image FILE and write the WCS into its header."),
    },
    "Several nights, and live": {
        "project": ("orchestrator.cli.project:project", "Stack several nights together."),
        "watch": ("orchestrator.cli.watch:watch", "Stack the frames of FOLDER while they arrive."),
    },
    "Siril": {
        "insiril": ("orchestrator.cli.insiril:insiril", "Install the script that runs this program inside Siril."),
        "script": ("orchestrator.cli.script:script",
            "Write Siril scripts for one or more nights; they run without this program."),
    },
    "Housekeeping": {
        "warmup": ("orchestrator.cli.warmup:warmup", "Compile the kernels that runs need, once after an installation or update."),
        "bench": ("orchestrator.cli.bench:bench",
            "Measure speed, memory and quality on this machine, next to Siril and seiza if they are installed."),
        "config": ("orchestrator.cli.config:config", "Write, show or check configurations."),
        "catalog": ("orchestrator.cli.catalog:catalog",
            "List, fetch or write star catalogs for plate solving and colour calibration offline."),
        "cache": ("orchestrator.cli.cache:cache", "Show or delete the data that is cached next to the runs for later runs."),
    },
}
VERBS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}
# A second name of a verb -> its first name.
ALIASES = {"bge": "remove-background", "pcc": "calibrate-color"}


class Program(VerbGroup):
    """All verbs, listed in sections; a word that is not a verb is answered with what was meant."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in SECTIONS.items():
            self.write_commands(formatter, title, [*names, *(a for a, first in ALIASES.items() if first in names)])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if not ctx.resilient_parsing and args and args[0] not in self.commands and not args[0].startswith("-"):
            raise click.UsageError(f"No such command {args[0]!r}. {suggestion(args[0], args[1:], self.commands)}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Program, context_settings={"max_content_width": 110})
@click.version_option(__version__, prog_name="orchestrate")
def cli() -> None:
    """Stack raw astronomical frames with local quality weights."""


for _name, (_target, _summary) in VERBS.items():
    cli.add_command(LazyVerb(_name, _target, _summary))
    for _alias in (a for a, first in ALIASES.items() if first == _name):
        cli.add_command(LazyVerb(_alias, _target, f"Same as {_name}."))


def main() -> None:
    """Run a command; an error that the user can cause is shown as a message, with its exit code, and with --json as JSON too."""
    # Before numpy is imported: threads of the BLAS would only wait for one another, here and in processes that this one starts.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = _failed(ExitCode.CANCELLED, "Cancelled.")
    except click.ClickException as error:
        error.show()
        code = _failed(ExitCode.USAGE, error.format_message(), shown=True)
    except OrchestrateError as error:
        code = _failed(error.exit_code, error.message, error.remedy, printed=error.printed)
    except KeyboardInterrupt:
        code = _failed(ExitCode.CANCELLED, "Cancelled.")
    except BrokenPipeError:
        # The reader of the output has ended (`| head`); Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.OK
    except OSError as error:
        code = _failed(ExitCode.FAILED, f"{error.filename or 'a file'}: {error.strerror or error}.",
                       "Check that it exists, that you may read and write there, and that the disk is not full.")
    sys.exit(int(code or 0))


def _failed(code: ExitCode, message: str, remedy: str = "", *, printed: bool = False, shown: bool = False) -> ExitCode:
    """Show an error. ``printed``: the verb has printed it as JSON; ``shown``: it is on standard error already."""
    if not shown:
        click.echo(message if code == ExitCode.CANCELLED else f"Error: {visible(message)}", err=True)
        if remedy:
            click.echo(f"       {visible(remedy)}", err=True)
    if not printed and "--json" in sys.argv[1:]:
        click.echo(json.dumps({"status": "failed", "exit_code": int(code), "error": f"{message} {remedy}".strip()}, indent=1,
                              ensure_ascii=False))
    return code
