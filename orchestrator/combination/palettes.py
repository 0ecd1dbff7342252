"""How channels become colours: linear combinations, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from orchestrator.errors import ConfigError
from orchestrator.runtime.context import folder_name

__all__ = ["AUTO", "COLOURS", "LUMINANCE", "Factors", "Palette", "auto_palette", "channel_names",
           "coefficients", "palette_name", "suggest_channels"]

# A word such as LRGB or SHO, or for each of R, G and B the factor of each channel.
Palette = str | Mapping[str, Mapping[str, float]]
Factors = dict[str, dict[str, float]]

LUMINANCE = "L"
COLOURS = ("R", "G", "B")
# Those that "auto" looks for, the first one first.
AUTO = ("LRGB", "RGB", "SHO", "HOO")
# Words for filters, as headers and file names have them, by channel; without spaces, hyphens and band widths.
WORDS = {"R": ("r", "red"), "G": ("g", "green"), "B": ("b", "blue"), "L": ("l", "lum", "luminance", "clear"),
         "S": ("sii", "s2", "s"), "H": ("ha", "halpha", "h"), "O": ("oiii", "o3", "o")}


def suggest_channels(filters: Iterable[str]) -> dict[str, str]:
    """Channels for the names of filters, of two for one channel the first; those that are not known are left out."""
    known = [(f, _bare(f)) for f in filters]
    found = {}
    for channel, words in WORDS.items():
        match = next((f for f, bare in known if bare in words), None)
        if match is not None:
            found[channel] = match
    return found


def channel_names(filters: Sequence[str]) -> dict[str, str]:
    """Channel -> filter for filters in order of their lights; of two for one channel the first has its letter.

    The luminance comes first, else the filter of most lights; then the others in the order of palettes.
    """
    names = suggest_channels(filters)
    known = set(names.values())
    for name in (f for f in filters if f not in known):
        stem = folder_name(name)
        channel = next(c for c in (stem, *(f"{stem}-{k}" for k in range(2, 99))) if c not in names)
        names[channel] = name
    first = LUMINANCE if LUMINANCE in names else next(c for c, name in names.items() if name == filters[0])
    letters = "".join(dict.fromkeys("".join(AUTO)))
    return {c: names[c] for c in sorted(names, key=lambda c: (c != first, letters.find(c) % 99, filters.index(names[c])))}


def _bare(name: str) -> str:
    """A filter's name for comparison: "H-alpha 7 nm" is "halpha"."""
    return re.sub(r"[\s_-]+", "", re.sub(r"[\d.]+\s*nm\b", "", name.lower()))


def auto_palette(channels: Iterable[str]) -> str:
    """The word for what channels make by themselves, "" where no palette is known for them."""
    there = set(channels)
    return next((p for p in AUTO if set(p) <= there), "")


def palette_name(palette: Palette, channels: Sequence[str]) -> str:
    """What the channels become: LRGB, HSO, "a linear combination"; "" where they do not make the palette, or none is wanted."""
    if palette == "none":
        return ""
    if palette == "auto":
        return auto_palette(channels)
    try:
        coefficients(palette, channels)
    except ConfigError:
        return ""
    return palette.upper() if isinstance(palette, str) else "a linear combination"


def coefficients(palette: Palette, channels: Sequence[str]) -> Factors:
    """For R, G and B of the picture the factor of each channel; empty for a single channel, which stays mono.

    "LRGB" adds to each colour what the luminance is above their mean: ``R + (L - (R + G + B) / 3)``. A word of three letters
    takes a channel for each of them; "auto" is LRGB, RGB, SHO or HOO, whichever the channels make first.

    Raises
    ------
    ConfigError : a palette that the channels do not make.
    """
    if len(channels) == 1 and palette == "auto":
        return {}
    if not isinstance(palette, str):
        return _given(palette, channels)
    name = palette
    if palette.lower() == "auto":
        name = auto_palette(channels)
        if not name:
            raise ConfigError(f"palette: no palette is known for the channels {', '.join(channels)}.",
                              "Name one: palette: {R: {Ha: 1}, G: {Ha: 0.3, OIII: 0.7}, B: {OIII: 1}}.")
    name = name.upper()
    missing = [c for c in name if c not in channels]
    if missing or len(name) not in (3, 4) or (len(name) == 4 and set(name) != {*COLOURS, LUMINANCE}):
        raise ConfigError(f"palette: {palette!r} is none that the channels {', '.join(channels)} make.",
                          "Use LRGB, a word of three channels such as SHO or HOO, or a linear combination for R, G and B.")
    if len(name) == 4:
        return {c: {**{o: (1.0 if o == c else 0.0) - 1 / 3 for o in COLOURS}, LUMINANCE: 1.0} for c in COLOURS}
    return {c: {source: 1.0} for c, source in zip(COLOURS, name, strict=True)}


def _given(palette: Mapping[str, Mapping[str, float]], channels: Sequence[str]) -> Factors:
    if set(palette) != set(COLOURS):
        raise ConfigError(f"palette: it has {', '.join(palette) or 'nothing'}; R, G and B are needed.",
                          "Write palette: {R: {...}, G: {...}, B: {...}}.")
    for colour, parts in palette.items():
        unknown = [c for c in parts if c not in channels]
        if unknown or not parts:
            raise ConfigError(f"palette.{colour}: {', '.join(unknown) or 'nothing'} is none of the channels "
                              f"{', '.join(channels)}.", "Use the names under channels.")
    return {c: dict(palette[c]) for c in COLOURS}
