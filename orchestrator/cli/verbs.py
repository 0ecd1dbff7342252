"""Command classes: verbs that are loaded when they are used, -v and -q on every verb, messages for flags of version 0.1."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import click

from orchestrator.config.renamed import OLD_FLAGS
from orchestrator.io.visible import visible

__all__ = ["LazyVerb", "Verb", "VerbGroup", "is_quiet", "is_verbose", "note", "progress_form", "progress_option", "trust_option"]

# Keys of the context's meta dictionary, which a verb shares with the groups above it.
VERBOSE = "orchestrator.verbose"
QUIET = "orchestrator.quiet"
TRUST = "orchestrator.trust"
PROGRESS = "orchestrator.progress"


def _add(context: click.Context, option: click.Parameter, value: int) -> None:
    """Add the flags given before the verb and those after it."""
    key = VERBOSE if option.name == "verbose" else QUIET
    context.meta[key] = context.meta.get(key, 0) + int(value)


VERBOSITY: tuple[click.Option, ...] = (
    click.Option(["-v", "--verbose"], count=True, expose_value=False, callback=_add,
                 help="Log to standard error: -v steps and programs, -vv details as well."),
    click.Option(["-q", "--quiet"], is_flag=True, expose_value=False, callback=_add,
                 help="Show only errors and the result: no progress, notes or warnings."),
)


def trust_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """--trust, for verbs that read settings of a file, a project or a run."""
    def given(context: click.Context, option: click.Parameter, value: bool) -> None:
        context.meta[TRUST] = value

    return click.option("--trust", is_flag=True, expose_value=False, callback=given,
                        help="Trust the programs and templates named in the given files until they change.")(function)


def progress_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """--progress, for verbs that follow a run."""
    def given(context: click.Context, option: click.Parameter, value: str) -> None:
        context.meta[PROGRESS] = value

    return click.option("--progress", type=click.Choice(["auto", "bars", "lines", "json", "none"]), default="auto",
                        expose_value=False, callback=given, show_default=True,
                        help="bars or lines with percentages and the time left (auto: bars on a terminal, lines elsewhere); "
                        "json: events, one a line on standard error; none: only warnings.")(function)


class WithExamples(click.Command):
    """A command that has -h and --help, and whose help ends with examples."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not left to the program's context: click keeps the option of the first call, which may have had no context above it.
        self.context_settings = {"help_option_names": ["-h", "--help"], **self.context_settings}

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from orchestrator.cli.examples import EXAMPLES

        words: list[str] = []
        above: click.Context | None = ctx
        while above is not None and above.parent is not None:
            words.insert(0, above.command.name or "")
            above = above.parent
        calls = EXAMPLES.get(" ".join(words), ())
        if calls:
            formatter.write_paragraph()
            formatter.write_text("Examples:")
            for call in calls:
                formatter.write(f"  {call}\n")
        super().format_epilog(ctx, formatter)


class Verb(WithExamples):
    """A command that accepts -v, -vv and -q."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *VERBOSITY]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:
            _refuse_old_flags(self, ctx, args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        verbose, quiet = ctx.meta.get(VERBOSE, 0), ctx.meta.get(QUIET, 0)
        if verbose and quiet:
            raise click.UsageError("-v and -q exclude each other.", ctx)
        if ctx.meta.get(TRUST):
            from orchestrator.cli.trusting import trust_files

            trust_files(ctx.params)
        from orchestrator.runtime.logs import log_to_stderr

        with log_to_stderr(-1 if quiet else verbose):
            return super().invoke(ctx)


class VerbGroup(WithExamples, click.Group):
    """A group of verbs; help lists them in the order in which they are added, with their whole first sentence."""

    command_class = Verb

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *VERBOSITY]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.write_commands(formatter, "Commands", self.commands)

    def write_commands(self, formatter: click.HelpFormatter, title: str, names: Iterable[str]) -> None:
        """A section of the list of verbs; nothing is cut."""
        with formatter.section(title):
            formatter.write_dl([(n, self.commands[n].get_short_help_str(limit=1000)) for n in names])


class LazyVerb(click.Command):
    """A command whose module is imported when the command is used.

    Parameters
    ----------
    name : the word on the command line.
    target : "module:attribute" of the command.
    summary : its line in the list of commands, so that listing imports nothing.
    """

    def __init__(self, name: str, target: str, summary: str) -> None:
        super().__init__(name, short_help=summary)
        self._target = target

    def load(self) -> click.Command:
        """The command itself."""
        module, _, attribute = self._target.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None,
                     **extra: Any) -> click.Context:
        # The context belongs to the command itself, which is then invoked, completed or described.
        return self.load().make_context(info_name, args, parent, **extra)


def _refuse_old_flags(command: click.Command, context: click.Context, args: list[str]) -> None:
    """UsageError for a flag, or a flag with a value, that has another name now."""
    known = {name for parameter in command.params for name in parameter.opts}
    for word, following in zip(args, [*args, ""][1:], strict=True):
        if word == "--":
            return
        flag, equals, value = word.partition("=")
        for old in (flag, f"{flag} {value if equals else following}"):
            new = OLD_FLAGS.get(old)
            if new is not None and new.split()[0] in known:
                raise click.UsageError(f"{old} is now {new}.", context)


def progress_form() -> str:
    """How the current verb is to show the progress of a run."""
    context = click.get_current_context(silent=True)
    return "auto" if context is None else str(context.meta.get(PROGRESS, "auto"))


def is_verbose() -> bool:
    """Whether the current verb was given -v."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(VERBOSE))


def is_quiet() -> bool:
    """Whether the current verb was given -q."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(QUIET))


def note(text: str) -> None:
    """Print a note or a warning on standard error, unless -q is given."""
    if not is_quiet():
        click.echo(visible(text), err=True)
