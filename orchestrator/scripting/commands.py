"""The commands of Siril and their options: queried from a Siril, or from the built-in table of one version."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from orchestrator.errors import ToolError
from orchestrator.tools.siril.cli import ScriptJob, SirilProgram, run_script
from orchestrator.tools.siril.script import FIRST_COMMAND, write_script

__all__ = ["Command", "CommandTable", "ask_siril", "command_table", "stored_table"]

STORED = "siril_1.4.2.json"
# "-out=" and "-fitseq", not the "-" of "k-MAD" nor a negative number.
_OPTION = re.compile(r"(?<![\w.\]}])-([A-Za-z0-9][\w-]*)(\[[a-z]+\])?(\[?=)?(?:\{([^{}]*)\})?")
_BOLD_OPTION = re.compile(r"<b>(-[A-Za-z0-9][^<]*)</b>")
_LISTED = re.compile(r"log: (\w+)(?: |$)")
_MISPRINTED = {"threshi": "threshhi"}  # in the list of Siril 1.4


@dataclass(frozen=True)
class Command:
    """``options`` end with "=" if they take a value; ``values``: the values that such an option may have."""

    name: str
    usage: tuple[str, ...]
    in_scripts: bool
    options: tuple[str, ...]
    values: dict[str, tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        values = {key: list(known) for key, known in self.values.items()}
        return {"usage": list(self.usage), "in_scripts": self.in_scripts, "options": list(self.options), "values": values}


@dataclass(frozen=True)
class CommandTable:
    """The commands of a version of Siril; ``version`` as numbers, commands by their lower-case names."""

    version: tuple[int, ...]
    commands: dict[str, Command]

    @property
    def text(self) -> str:
        return ".".join(map(str, self.version))

    def to_json(self) -> str:
        commands = {name: command.to_dict() for name, command in self.commands.items()}
        return json.dumps({"version": list(self.version), "commands": commands}, indent=1) + "\n"


def command_table(siril: SirilProgram | None) -> CommandTable:
    """The table of a Siril; without one, the built-in table.

    Raises
    ------
    ToolError : Siril does not list its commands.
    """
    stored = stored_table()
    return stored if siril is None or siril.version == stored.version else ask_siril(siril)


@cache
def stored_table() -> CommandTable:
    """The built-in table, which was queried from the Siril of its version."""
    text = (resources.files("orchestrator.scripting") / STORED).read_text(encoding="utf-8")
    content = json.loads(text)
    commands = {
        name: Command(name, tuple(c["usage"]), c["in_scripts"], tuple(c["options"]),
                      {key: tuple(known) for key, known in c["values"].items()})
        for name, c in content["commands"].items()
    }  # fmt: skip
    return CommandTable(tuple(content["version"]), commands)


def ask_siril(siril: SirilProgram) -> CommandTable:
    """Query the list of commands and the help of each (two short starts of siril-cli).

    Raises
    ------
    ToolError : Siril does not list its commands.
    """
    with tempfile.TemporaryDirectory(prefix="orchestrate-") as name:
        folder = Path(name)
        listed = _run(siril, folder, ["help"])
        start = next((k for k, line in enumerate(listed) if "LIST OF AVAILABLE COMMANDS" in line), None)
        stop = next((k for k, line in enumerate(listed) if "END OF THE LIST" in line), None)
        if start is None or stop is None:
            raise ToolError(f"{siril.path} does not list its commands.", "Check the script without it.", tool="siril-cli")
        names = [match[1] for line in listed[start + 1 : stop] if (match := _LISTED.match(line))]
        names = [_MISPRINTED.get(name, name) for name in names]
        described = _run(siril, folder, [f"help {name}" for name in names])
    parts: list[list[str]] = []
    for line in described:
        if line.startswith("log: Running command: help"):
            parts.append([])
        elif parts:
            parts[-1].append(line.removeprefix("log: "))
    # Other threads of Siril write into its list (errors of its Python, for example): names that it rejects are not commands.
    commands = {
        name.lower(): _command(name, part)
        for name, part in zip(names, parts, strict=True)
        if f"Error: command {name} is not available" not in part
    }
    return CommandTable(siril.version, dict(sorted(commands.items())))


def _run(siril: SirilProgram, folder: Path, lines: Iterable[str]) -> tuple[str, ...]:
    script = write_script(folder / "help.ssf", "\n".join([FIRST_COMMAND, *lines]) + "\n")
    return run_script(siril, ScriptJob(script, folder, folder / "siril.log"), timeout=120).lines


def _command(name: str, lines: list[str]) -> Command:
    """Parse the output of ``help NAME``: usage lines (they begin with the name), the text, and the line on scripts."""
    usage = tuple(line.strip() for line in lines if line == name or line.startswith(f"{name} "))
    in_scripts = any("Can be used in a script: YES" in line for line in lines)
    options: dict[str, None] = {}
    values: dict[str, tuple[str, ...]] = {}
    for text in (*usage, *(text for line in lines for text in _BOLD_OPTION.findall(line))):
        for base, rest, takes, known in _OPTION.findall(text.replace(" norm=", " -norm=")):
            if base.endswith("-"):  # -filter-*
                continue
            for option in dict.fromkeys((f"-{base}", f"-{base}{rest.strip('[]')}")):
                options[f"{option}="] = None
                if not takes or takes.startswith("["):
                    options[option] = None
                else:
                    values |= {option: tuple(w.strip() for w in known.split("|"))} if "|" in known else {}
    if any("-filter-*" in line for line in lines):  # "stack": those of seqapplyreg
        options["-filter-*"] = None
    # If an option is shown with and without a value, keep the form with a value only if the usage shows it.
    for option in [o for o in options if o.endswith("=") and o[:-1] in options and not _takes(o[:-1], usage)]:
        del options[option]
    return Command(name.lower(), usage, in_scripts, tuple(sorted(options)), values)


def _takes(option: str, usage: tuple[str, ...]) -> bool:
    return any(re.search(re.escape(option) + r"\[?=", line) for line in usage)
