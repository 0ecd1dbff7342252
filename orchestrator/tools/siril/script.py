"""Siril scripts from templates: quoting that no file name can break, and checks that Siril itself omits.

Siril skips lines that it cannot read and reports success, so every script is checked before it is written. Syntax: https://siril.readthedocs.io/en/stable/Scripts.html
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from orchestrator.errors import ConfigError, ToolError
from orchestrator.io.package_data import read_template
from orchestrator.message import Message

__all__ = ["FIRST_COMMAND", "check_script", "quote", "render", "safe_name", "words", "write_script"]

# Without this first command Siril runs nothing and reports success.
FIRST_COMMAND = "requires 1.4.0"
# The parser keeps 49 words of a line and drops the others without a message (MAX_COMMAND_WORDS is 50).
MAX_WORDS = 49
# The pipe mode cuts longer lines. Scripts stay below, so that they can be sent either way.
MAX_LINE_BYTES = 500

_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def quote(text: object) -> str:
    """One word of a command line, unchanged or entirely in quotes (``"-out=a b"``; Siril has no escapes).

    Raises
    ------
    ToolError : a script cannot hold the text: control characters, both kinds of quotes, invalid Unicode, ``$``.
    """
    word = str(text)
    if not is_readable(word):
        raise ToolError(Message("{word!r} cannot be written in a Siril script.", word=word),
                        "Use a name without control characters, $ and mixed quotes.", tool="siril")
    if word and not re.search(r"[\s\"'#]", word):
        return word
    return f"'{word}'" if '"' in word else f'"{word}"'


def is_readable(word: str) -> bool:
    """Whether Siril can read the word. ``$`` starts an expression in names of outputs and masters."""
    if _CONTROL.search(word) or "$" in word or ('"' in word and "'" in word):
        return False
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:  # a file name that is not UTF-8 arrives as lone surrogates
        return False
    return True


def safe_name(base: str, number: int, extension: str = "fit") -> str:
    """The name of one frame in Siril's work folder: ``light_00001.fit``."""
    return f"{base}_{number:05d}.{extension}"


def words(line: str) -> list[str]:
    """The words of a line as Siril splits it."""
    return _WORD.findall(line)


def check_script(text: str) -> None:
    """Refuse a script that Siril would run in part, or not at all, while it reports success.

    Raises
    ------
    ToolError : the script is refused; the message names the line.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _broken("it is not valid Unicode", 0, str(error)) from error
    if text.startswith("\ufeff"):
        raise _broken("it starts with a byte order mark", 1, text.split("\n", 1)[0])
    first = True
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if _CONTROL.search(line):
            raise _broken("a line has a control character", number, line)
        if first and line.strip() != FIRST_COMMAND:
            raise _broken(Message("its first command is not {first_command!r}", first_command=FIRST_COMMAND), number, line)
        first = False
        if line != line.strip():
            raise _broken("a line starts or ends with a blank", number, line)
        if len(words(line)) > MAX_WORDS:
            raise _broken(Message("a line has more than {max_words} words", max_words=MAX_WORDS), number, line)
        if len(line.encode()) > MAX_LINE_BYTES:
            raise _broken(Message("a line has more than {max_line_bytes} bytes", max_line_bytes=MAX_LINE_BYTES), number, line)
    if first:
        raise _broken("it has no command", 0, "")


def _broken(what: str, number: int, line: str) -> ToolError:
    return ToolError(Message("This Siril script must not be run: {what} (line {number}: {line!r}).", what=what, number=number,
                             line=line[:80]), tool="siril")


def render(template: str, templates: Path | None = None, **values: Any) -> str:
    """Render the template ``siril/<template>`` and check the script.

    Parameters
    ----------
    templates : folder with custom templates; each replaces the built-in one of the same name.
    values : the variables of the template.

    Raises
    ------
    ToolError : a value cannot be written in a script, or Siril would not run the script completely.
    ConfigError : a custom template fails; the message names its file and line.
    """

    def source(name: str) -> tuple[str, str, None]:
        custom = templates / name if templates is not None else None
        if custom is not None and custom.is_file():
            return _read_custom(custom), str(custom), None
        return read_template(f"siril/{name}"), f"siril/{name}", None

    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FunctionLoader(source),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["q"] = quote
    if templates is not None and not templates.is_dir():
        raise ConfigError(Message("engine.siril.templates: the folder {templates} does not exist.", templates=templates),
                          "Name the folder that holds your templates, or remove the setting.")  # fmt: skip
    custom = templates is not None and (templates / template).is_file()
    try:
        text = environment.get_template(template).render(**values)
        text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
        check_script(text)
    except jinja2.TemplateSyntaxError as error:
        raise ConfigError(Message("The template {filename}, line {lineno}: {error}", filename=error.filename,
                                  lineno=error.lineno, error=error.message),
                          "Correct it, or remove it to use the built-in template.") from error  # fmt: skip
    except Exception as error:
        place = _place(error, templates)
        if place is None and not custom:
            raise
        raise ConfigError(Message("The template {place}: {error}", place=place or (templates and templates / template),
                                  error=error),
                          "Correct it, or remove it to use the built-in template.") from error  # fmt: skip
    return text


def _read_custom(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(Message("The template {path} cannot be read: {error}", path=path,
                                  error=error), "Save it as UTF-8 text.") from error


def _place(error: Exception, templates: Path | None) -> str | None:
    """``FILE, line N`` of the custom template that raised an error, None if no custom template did."""
    found = None
    for frame in traceback.extract_tb(error.__traceback__):
        if templates is not None and frame.filename.startswith(str(templates)):
            found = f"{frame.filename}, line {frame.lineno}"
    return found


def write_script(path: Path, text: str) -> Path:
    """Check and write a script: UTF-8, no byte order mark, LF line ends."""
    check_script(text)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
