"""Translations of the program's texts without Qt, from the files that the window uses (gui/i18n/*.ts)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from xml.etree import ElementTree

__all__ = ["LANGUAGES", "preferred_language", "translator"]

LANGUAGES = ("en", "fr", "de")
# Contexts of the files whose texts are looked up; the texts of the window are not among them.
CONTEXTS = ("messages", "phases", "page")


@lru_cache(maxsize=len(LANGUAGES))
def _texts(language: str) -> dict[str, str]:
    file = resources.files("orchestrator").joinpath("gui", "i18n", f"orchestrate_{language}.ts")
    contexts = (c for c in ElementTree.fromstring(file.read_bytes()).iter("context") if c.findtext("name") in CONTEXTS)
    pairs = ((m.findtext("source"), m.findtext("translation")) for context in contexts for m in context.iter("message"))
    return {source: text for source, text in pairs if source and text}


def translator(language: str) -> Callable[[str], str]:
    """A function that translates a template or a text; texts without a translation stay English."""
    known = _texts(language) if language in LANGUAGES and language != "en" else {}
    return lambda text: known.get(text, text)


def preferred_language(accepted: str) -> str:
    """The best of :data:`LANGUAGES` for a header Accept-Language, such as "de-AT,de;q=0.9,en;q=0.5"; English if none fits."""
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), name.partition("-")[0].lower()))
        except ValueError:
            continue
    return next((name for _, name in sorted(wanted, key=lambda one: one[0]) if name in LANGUAGES), "en")
