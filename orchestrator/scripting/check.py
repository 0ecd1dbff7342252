"""A check of any Siril script: what Siril refuses, and what it silently ignores."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Literal

from orchestrator.errors import Finding, InputError
from orchestrator.scripting.commands import Command, CommandTable, command_table
from orchestrator.tools.siril.cli import SirilProgram
from orchestrator.tools.siril.script import FIRST_COMMAND, MAX_WORDS

__all__ = ["check_script_file"]

# A word as Siril reads it: a quote counts only at the start of a word, or after an option such as "-bias=".
_WORD = re.compile(r"\"[^\"]*\"?|'[^']*'?|-\w+=\"=[^\"]*\"?|\S+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[%k]?$")
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:-[A-Za-z]+\d*)?$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Options whose unknown values Siril ignores.
SILENT = {(command, "-norm"): ("add", "mul", "addscale", "mulscale") for command in ("stack", "stackall")}
# Commands of older versions, and their replacements.
RENAMED = {"preprocess": "calibrate", "preprocess_single": "calibrate_single", "echo": "a comment (#)"}
# Commands whose arguments are free text.
FREE = {"log", "pm", "pyscript", "update_key", "sequpdate_key"}


def check_script_file(path: Path, siril: SirilProgram | None = None) -> list[Finding]:
    """The problems of a script, by line; ``where`` is ``file:line``. An error ends the script or changes its result.

    Parameters
    ----------
    siril : the Siril whose commands are used; by default those of the version that is built in.

    Raises
    ------
    InputError : the file cannot be read.
    ToolError : this Siril does not list its commands.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"The script {path} cannot be read: {error.strerror}.", "Check the path.") from error
    table = command_table(siril)
    found: list[Finding] = []
    if raw.startswith(b"\xef\xbb\xbf"):
        found.append(Finding("error", f"{path}:1", "The file starts with a byte order mark: Siril runs nothing and reports "
                             "success.", "Save it as UTF-8 without BOM."))  # fmt: skip
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        found.append(Finding("error", f"{path}:{number}", f"The byte 0x{raw[error.start]:02x} is not UTF-8: Siril ignores "
                             "the rest of the file and reports success.", "Save the file as UTF-8."))  # fmt: skip
        text = raw.decode("utf-8", errors="replace")
    lines = [line.rstrip("\r") for line in text.split("\n")]
    commands = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    found += _check_requires(path, commands, table)
    for number, line in commands:
        found += [Finding(level, f"{path}:{number}", message, remedy) for level, message, remedy in _check_line(line, table)]
    ends = [number for number, line in commands[:-1] if line.split()[0].lower() == "exit"]
    found += [Finding("warning", f"{path}:{n}", "exit ends the script here; the rest is not run.", "Remove it.") for n in ends]
    return sorted(found, key=lambda f: int(f.where.rpartition(":")[2]))


Problem = tuple[Literal["error", "warning", "note"], str, str]


def _check_requires(path: Path, commands: list[tuple[int, str]], table: CommandTable) -> list[Finding]:
    first = commands[0] if commands else (1, "")
    words = first[1].split()
    if not words or words[0].lower() != "requires":
        return [Finding("error", f"{path}:{first[0]}", "The first command is not requires: Siril runs nothing and reports "
                        "success.", f"Begin with {FIRST_COMMAND}.")]  # fmt: skip
    found: list[Finding] = []

    def add(message: str, remedy: str) -> None:
        found.append(Finding("error", f"{path}:{first[0]}", message, remedy))

    versions = [_version(word) for word in words[1:3]]
    if not versions or None in versions or len(words) > 3:
        add(f"{first[1].strip()!r} contains no version that Siril can compare.", f"Write {FIRST_COMMAND}.")
        return found
    least, *obsolete = [v for v in versions if v is not None]
    if least > table.version:
        add(f"The script requires {words[1]}, this is Siril {table.text}: it ends at once.",
            "Use a newer Siril, or require an older version.")  # fmt: skip
    elif obsolete and obsolete[0] <= table.version:
        add(f"The script is for Siril before {words[2]}, this is {table.text}: it ends at once.", "Remove the second version.")
    return found


def _version(word: str) -> tuple[int, ...] | None:
    found = _VERSION.match(word)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def _check_line(line: str, table: CommandTable) -> list[Problem]:
    words = _WORD.findall(line)
    name = words[0]
    if name.startswith("#"):
        return [("error", "A comment must begin in the first column: Siril reads this as a command.",
                 "Remove the blanks before #.")]  # fmt: skip
    problems: list[Problem] = _names(line, words)
    if len(words) > MAX_WORDS:
        problems.append(("error", f"The line has {len(words)} words; Siril silently drops all after the first {MAX_WORDS}.",
                         "Split it (merge in steps)."))  # fmt: skip
    command = table.commands.get(name.lower())
    if command is None:
        near = RENAMED.get(name.lower()) or next(iter(difflib.get_close_matches(name.lower(), table.commands, 1)), "")
        problems.append(("error", f"Siril {table.text} has no command {name!r}.", f"Did you mean {near}?" if near else ""))
    elif not command.in_scripts:
        problems.append(("error", f"{name} cannot be used in a script.", "Remove it."))
    elif name.lower() not in FREE:
        problems += _options(command, words[1:], table.text)
    return problems


def _names(line: str, words: list[str]) -> list[Problem]:
    problems: list[Problem] = []
    if _CONTROL.search(line):
        problems.append(("error", "The line has a control character.", "Remove it."))
    for word in words:
        quote = word[0] if word[0] in "\"'" else ""
        if quote and (len(word) == 1 or not word.endswith(quote)):
            problems.append(("error", f"The quote before {word[1:40]!r} is not closed.", "Close it."))
        elif not quote and (cut := re.match(r"(-[\w-]+)=[\"'](?!=)", word)):
            problems.append(("error", f"{word} is cut at its blanks: a quote counts only at the start of a word.",
                             f'Write "{cut[1]}=...", with quotes around the whole word.'))  # fmt: skip
        if word.count("$") % 2 and not word.startswith("-bias"):
            problems.append(("warning", f"{word}: Siril reads the text after $ as a header keyword ($KEY:%d$).",
                             "Use a name without $."))  # fmt: skip
        if word.startswith("#"):
            problems.append(("warning", f"{word} is read as a word, not as a comment.", "Put comments on separate lines."))
    return problems


def _options(command: Command, words: list[str], version: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: list[str] = []
    for word in (w.strip("\"'") for w in words):
        if not word.startswith("-") or len(word) < 2 or (_NUMBER.match(word) and word not in command.options):
            continue
        option, separator, value = word.partition("=")
        seen.append(option)
        if "-filter-*" in command.options and option.startswith("-filter-"):
            continue
        form = f"{option}=" if separator else option
        if form not in command.options:
            problems.append(("error", _unknown(command, option, separator, version), _nearest(command, option)))
            continue
        known = SILENT.get((command.name, option)) or command.values.get(option, ())
        if separator and known and value.lower() not in map(str.lower, known):
            effect = "silently ignores it" if (command.name, option) in SILENT else "refuses it"
            problems.append(("error", f"{command.name} {word}: Siril {effect}.", f"Known: {', '.join(known)}."))
    if command.name == "stack":
        problems += _order(seen)
    return problems


def _order(seen: list[str]) -> list[Problem]:
    """-fastnorm and -rgb_equal have an effect only after -norm."""
    if "-norm" not in seen:
        return []
    early = [o for o in seen[: seen.index("-norm")] if o in ("-fastnorm", "-rgb_equal")]
    return [("error", f"{o} before -norm= is silently ignored.", "Put -norm= first.") for o in early]


def _unknown(command: Command, option: str, separator: str, version: str) -> str:
    if separator and option in command.options:
        return f"The option {option} of {command.name} takes no value."
    if not separator and f"{option}=" in command.options:
        return f"The option {option} of {command.name} needs a value: {option}=..."
    return f"{command.name} of Siril {version} has no option {option}."


def _nearest(command: Command, option: str) -> str:
    near = difflib.get_close_matches(option, [o.rstrip("=") for o in command.options], 1)
    if near and near[0] != option:
        return f"Did you mean {near[0]}?"
    return f"Options: {', '.join(command.options)}." if command.options else "It has no options."
