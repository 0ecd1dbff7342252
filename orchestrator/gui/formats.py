"""Quantities in words, in the language of the window."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from orchestrator import phase_words, translated, unpacked

__all__ = ["duration", "in_language", "phase_text", "size_of", "translated_text"]

GIB = 2**30


def duration(seconds: float) -> str:
    """A time span, such as "2 h 05 min", "12 min" or "40 s"."""
    whole = round(seconds)
    if whole < 60:
        return QCoreApplication.translate("formats", "{0} s").format(max(whole, 1))
    minutes = round(seconds / 60)
    if minutes < 60:
        return QCoreApplication.translate("formats", "{0} min").format(minutes)
    return QCoreApplication.translate("formats", "{0} h {1} min").format(minutes // 60, f"{minutes % 60:02}")


def size_of(size: float) -> str:
    """A number of bytes, such as "3.2 GiB"."""
    return QLocale().formattedDataSize(int(size), 1 if size < 100 * GIB else 0)


def in_language(found: dict[str, Any], name: str) -> str:
    """The text ``name`` of a finding, event or error in the language of the window; English if it has no translation."""
    return translated_text(found.get("texts", {}).get(name) or str(found.get(name, "")))


def translated_text(text: Any) -> str:
    """A text of the program, or a packed message, in the language of the window."""
    return str(translated(unpacked(text), lambda template: QCoreApplication.translate("messages", template)))


def phase_text(phase: str) -> str:
    """What a phase does, in words, such as "aligning the frames"."""
    words = phase_words(phase)
    translated = QCoreApplication.translate("phases", words)
    return translated[:1].upper() + translated[1:]
