"""Texts for people that can be shown in other languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from string import Formatter
from typing import Any

__all__ = ["Message", "counted", "joined", "packed", "packed_texts", "template_of", "translated", "unpacked"]

# Format of a field whose first letter becomes a capital.
CAPITAL = "C"


class Message(str):
    """An English text that can be shown in other languages: a template, and the values of its fields.

    It is a string like any other; interfaces that are translated look up ``template`` and insert ``values``
    (:func:`translated`). The templates are collected from the sources by scripts/translations.py, so they are written as
    constants. Texts without fields need not be of this type: they are their own template.

    Parameters
    ----------
    template : text with fields such as "{night} has no darks." or "{share:.0f} %"; other braces are doubled. The format C makes
        the first letter of a text a capital.
    values : value of each field: numbers, paths, texts, other messages, and errors, whose messages are inserted.

    Attributes
    ----------
    template : without the formats of numbers.
    values : the value of each field as text or :class:`Message`.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, str]

    def __new__(cls, template: str, /, **values: object) -> Message:
        texts: dict[str, str] = {}
        pieces = []
        for literal, name, spec, conversion in Formatter().parse(template):
            pieces.append(_escaped(literal))
            if name is None:
                continue
            value = _words_of(values[name])
            capital = spec == CAPITAL
            if isinstance(value, Message) and not conversion and (capital or not spec):
                texts[name] = value
            else:
                shown = repr(value) if conversion == "r" else value
                texts[name] = format(shown, "" if capital else spec or "")
            pieces.append(f"{{{name}:{CAPITAL}}}" if capital else f"{{{name}}}")
        made = super().__new__(cls, _FORMATTER.vformat("".join(pieces), (), texts))
        made.template, made.values = "".join(pieces), texts
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _message, (self.template, self.values)

    def each(self, change: Callable[[str], str]) -> Message:
        """The message with ``change`` applied to the values that are not messages."""
        return Message(self.template, **{k: v.each(change) if isinstance(v, Message) else change(v)
                                         for k, v in self.values.items()})


class _TextFormatter(Formatter):
    """Knows the format :data:`CAPITAL`."""

    def format_field(self, value: Any, spec: str) -> Any:
        return f"{value[:1].upper()}{value[1:]}" if spec == CAPITAL else super().format_field(value, spec)


_FORMATTER = _TextFormatter()


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def joined(separator: str, texts: Iterable[str]) -> Message:
    """The texts, messages or others, one after the other."""
    listed = list(texts)
    names = [f"t{number}" for number in range(len(listed))]
    return Message(_escaped(separator).join(f"{{{name}}}" for name in names), **dict(zip(names, listed, strict=True)))


def counted(count: int, one: str, several: str) -> Message:
    """One of two templates, by the number ``count``: "{count} light", "{count} lights"."""
    return Message(one if count == 1 else several, count=count)


def _message(template: str, values: dict[str, str]) -> Message:
    return Message(template, **values)


def _words_of(value: object) -> object:
    """The value of a field; the message of an error."""
    if isinstance(value, Exception):
        text = getattr(value, "text", value.args[0] if len(value.args) == 1 else None)  # OrchestrateError has ``text``
        return text if isinstance(text, Message) else str(value)
    return value


def template_of(text: str) -> str:
    """The template of a message as :func:`translated` looks it up: without the formats of numbers."""
    return "".join(_escaped(literal) + ("" if name is None else f"{{{name}:{CAPITAL}}}" if spec == CAPITAL else f"{{{name}}}")
                   for literal, name, spec, _ in Formatter().parse(text))


def translated(text: str, translate: Callable[[str], str]) -> str:
    """A text in another language. Values that are phrases are looked up too: reasons without fields are plain strings.

    Parameters
    ----------
    text : a message, or a text without fields.
    translate : gives the translation of a template, or the template itself if it has none.
    """
    if not isinstance(text, Message):
        return translate(text)
    values = {k: translated(v, translate) if isinstance(v, Message) or " " in v else v for k, v in text.values.items()}
    return str(_FORMATTER.vformat(translate(text.template), (), values))


def packed(text: str) -> Any:
    """A text for JSON, from which :func:`unpacked` makes the same message."""
    if not isinstance(text, Message):
        return text
    return {"template": text.template, "values": {k: packed(v) for k, v in text.values.items()}}


def unpacked(value: Any) -> str:
    """The text that :func:`packed` has made into JSON.

    Raises
    ------
    KeyError, ValueError, AttributeError : it is something else.
    """
    if isinstance(value, str):
        return value
    return Message(value["template"], **{k: unpacked(v) for k, v in value["values"].items()})


def packed_texts(**texts: str) -> dict[str, Any]:
    """The texts among these that are messages, packed."""
    return {name: packed(text) for name, text in texts.items() if isinstance(text, Message)}
