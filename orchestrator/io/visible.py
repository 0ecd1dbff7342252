"""Text from files as it may be shown: control characters could move the cursor of a terminal, or give it commands."""

from __future__ import annotations

import re

__all__ = ["visible"]

# C0 and C1 control characters except tab and line feed, and characters that change the direction of text.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with control characters as escapes, such as ``\\x1b``."""
    return _HIDDEN.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)
