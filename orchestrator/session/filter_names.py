"""Names of filters: capture programs spell one filter in several ways ("Ha", "H-alpha 7nm"), and some name the absence of one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

__all__ = ["FILTER_WORDS", "common_filter", "filter_channel", "filter_key", "filter_or_none", "is_dual_band", "same_filter"]

# Names of filters in headers and file names by channel: lower case, without bandwidths, makers and punctuation.
FILTER_WORDS = {
    "R": ("r", "red"), "G": ("g", "green"), "B": ("b", "blue"), "L": ("l", "lum", "luminance"),
    "S": ("sii", "s2", "s", "sulfur", "sulphur", "sulfurii", "sulphurii"),
    "H": ("ha", "halpha", "h", "hydrogenalpha"),
    "O": ("oiii", "o3", "o", "oxygen", "oxygeniii"),
}
# Other filters of which several spellings are known.
_OTHER_WORDS = {"hb": ("hb", "hbeta", "hydrogenbeta"), "nii": ("nii", "n2")}
_KEYS = {word: channel for channel, words in FILTER_WORDS.items() for word in words} \
    | {word: key for key, words in _OTHER_WORDS.items() for word in words}
# Filters that pass H-alpha and [O III] only: without bandwidths, makers and punctuation.
_DUAL_BAND = re.compile(
    r"(duo|dual)(narrow)?band|(ha|halpha|h)[+&/]?(oiii|o3|o)|(oiii|o3|o)[+&/]?(ha|halpha|h)|l?(extreme|enhance|ultimate|para)f?\d*|"
    r"alpt|nbz(u|ii)?|askard1|d1duo", re.ASCII)
# Texts that mean that there is no filter.
_NO_FILTER = frozenset({"", "none", "nofilter", "no", "empty", "na", "nil", "null", "unknown", "open", "notset", "undefined"})
# Channel of filters that stand for another one in palettes without being the same filter.
_STANDS_FOR = {"clear": "L"}
# Words beside the name of a filter: makers and fillers.
_FILLERS = frozenset({"antlia", "astrodon", "astronomik", "astromania", "baader", "chroma", "optolong", "playerone", "svbony",
                      "zwo", "touptek", "idas", "qhy", "filter", "cmos", "ccd"})
# Models of narrow-band filters; beside another letter they are part of its name, as in "L-Pro".
_MODELS = frozenset({"pro", "ultra", "edge", "highspeed", "maxfr", "mfr", "narrowband", "nb"})
NARROW = ("S", "H", "O")
_BANDWIDTH = re.compile(r"\d+(?:[.,]\d+)?[\s_-]*nm\b")
_GREEK = str.maketrans({"\u03b1": " alpha", "\u03b2": " beta"})


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def filter_key(name: str | None) -> str:
    """A filter's name reduced for comparison: equal for all spellings of one filter, "" for none. Filters of several bands, such
    as "Ha+OIII", are filters of their own."""
    lowered = unicodedata.normalize("NFKC", name or "").lower().translate(_GREEK)
    if _plain(lowered) in _NO_FILTER:
        return ""
    words = [w for w in re.split(r"[^a-z0-9+&/]+", _BANDWIDTH.sub(" ", lowered)) if w and w not in _FILLERS]
    narrow = _KEYS.get("".join(w for w in words if w not in _MODELS), "")
    return _KEYS.get("".join(words)) or (narrow if narrow in NARROW else "") or _plain(lowered)


def same_filter(one: str | None, other: str | None) -> bool:
    """Whether two names are spellings of one filter; two absent names are equal."""
    return filter_key(one) == filter_key(other)


def is_dual_band(name: str | None) -> bool:
    """Whether a name is that of a filter for colour cameras that passes H-alpha and [O III] only, such as "L-eXtreme".

    The "LP" of a Seestar is used for galaxies and clusters, too, and is not one of them."""
    lowered = _BANDWIDTH.sub(" ", unicodedata.normalize("NFKC", name or "").lower().translate(_GREEK))
    words = [w for w in re.split(r"[^a-z0-9+&/]+", lowered) if w and w not in _FILLERS]
    return bool(_DUAL_BAND.fullmatch("".join(words)))


def filter_channel(name: str | None) -> str:
    """The letter of a filter in palettes (L, R, G, B, S, H, O), "" if it has none."""
    key = filter_key(name)
    return key if key in FILTER_WORDS else _STANDS_FOR.get(key, "")


def filter_or_none(name: str | None) -> str | None:
    """The name; None if it means that there is no filter."""
    return name if name is not None and filter_key(name) else None


def common_filter(names: Iterable[str | None]) -> str | None:
    """The most frequent filter, in its most frequent spelling; None if no name is given."""
    counts = Counter(n for n in names if n is not None and filter_key(n))
    if not counts:
        return None
    totals: Counter[str] = Counter()
    for name, count in counts.items():
        totals[filter_key(name)] += count
    best = min(totals, key=lambda key: (-totals[key], key))
    return min((n for n in counts if filter_key(n) == best), key=lambda n: (-counts[n], n))
