"""A hook of mkdocs: a link whose text is the name of a page shows the title of that page in the menu."""

from __future__ import annotations

import re
from typing import Any


def titles(entries: list[Any]) -> dict[str, str]:
    """File -> title of a menu, at any depth."""
    found: dict[str, str] = {}
    for entry in entries:
        for title, below in entry.items():
            found |= titles(below) if isinstance(below, list) else {below: title}
    return found


def on_page_markdown(markdown: str, *, config: Any, **_: Any) -> str:
    named = titles(config["nav"])
    return re.sub(r"\[(\w+\.md)\]\((\w+\.md)(?=[#)])", lambda m: f"[{named.get(m[1], m[1])}]({m[2]}", markdown)
