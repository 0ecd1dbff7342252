"""Palettes: linear combinations of channels for red, green and blue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orchestrator.errors import ConfigError
from orchestrator.message import Message
from orchestrator.runtime.context import folder_name
from orchestrator.session.filter_names import FILTER_WORDS, filter_channel, filter_key

__all__ = ["AUTO", "COLOURS", "LUMINANCE", "Factors", "Palette", "auto_palette", "channel_names",
           "coefficients", "palette_name", "suggest_channels"]

# A word such as LRGB or SHO, or the factor of each channel for each of R, G and B.
Palette = str | Mapping[str, Mapping[str, float]]
Factors = dict[str, dict[str, float]]

LUMINANCE = "L"
COLOURS = ("R", "G", "B")
# Palettes that "auto" tries, in this order.
AUTO = ("LRGB", "RGB", "SHO", "HOO")


def suggest_channels(filters: Iterable[str]) -> dict[str, str]:
    """Channel -> filter for known filter names; if two filters match one channel, the first wins. Unknown names are left out."""
    known = [(f, filter_channel(f)) for f in filters]
    found = {}
    for channel in FILTER_WORDS:
        own = [f for f, letter in known if letter == channel]
        if own:  # a clear filter is the luminance only if there is no other
            found[channel] = next((f for f in own if filter_key(f) == channel), own[0])
    return found


def channel_names(filters: Sequence[str]) -> dict[str, str]:
    """Channel -> filter for ``filters``, in order of their number of lights; if two match one channel, the first gets the letter.

    The luminance comes first, else the filter with most lights; then the others in the order of the palettes.
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


def auto_palette(channels: Iterable[str]) -> str:
    """The first palette of :data:`AUTO` whose channels all exist, "" if there is none."""
    found = set(channels)
    return next((p for p in AUTO if set(p) <= found), "")


def palette_name(palette: Palette, channels: Sequence[str]) -> str:
    """Name of the combined palette: LRGB, HSO, "a linear combination"; "" if channels are missing, or none is wanted."""
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
    """The factor of each channel for R, G and B of the image; empty for a single channel, which stays mono.

    "LRGB" adds to each colour the excess of the luminance over their mean: ``R + (L - (R + G + B) / 3)``. A word of three letters
    names a channel for each of R, G and B; "auto" is the first of LRGB, RGB, SHO and HOO for which all channels exist.

    Raises
    ------
    ConfigError : the palette needs other channels.
    """
    if len(channels) == 1 and palette == "auto":
        return {}
    if not isinstance(palette, str):
        return _checked_combination(palette, channels)
    name = palette
    if palette.lower() == "auto":
        name = auto_palette(channels)
        if not name:
            raise ConfigError(Message("palette: there is no palette for the channels {channels}.",
                                      channels=", ".join(channels)),
                              "Define one: palette: {R: {Ha: 1}, G: {Ha: 0.3, OIII: 0.7}, B: {OIII: 1}}.")
    name = name.upper()
    missing = [c for c in name if c not in channels]
    if missing or len(name) not in (3, 4) or (len(name) == 4 and set(name) != {*COLOURS, LUMINANCE}):
        raise ConfigError(Message("palette: {palette!r} does not match the channels {channels}.", palette=palette,
                                  channels=", ".join(channels)),
                          "Use LRGB, three channels such as SHO or HOO, or a linear combination for R, G and B.")
    if len(name) == 4:
        return {c: {**{o: (1.0 if o == c else 0.0) - 1 / 3 for o in COLOURS}, LUMINANCE: 1.0} for c in COLOURS}
    return {c: {source: 1.0} for c, source in zip(COLOURS, name, strict=True)}


def _checked_combination(palette: Mapping[str, Mapping[str, float]], channels: Sequence[str]) -> Factors:
    if set(palette) != set(COLOURS):
        raise ConfigError(Message("palette: it defines {palette}; R, G and B are required.",
                                  palette=", ".join(palette) or "nothing"),
                          "Write palette: {R: {...}, G: {...}, B: {...}}.")
    for colour, parts in palette.items():
        unknown = [c for c in parts if c not in channels]
        if unknown or not parts:
            raise ConfigError(Message("palette.{colour}: {unknown} is not one of the channels {channels}.", colour=colour,
                                      unknown=", ".join(unknown) or "nothing",
                                      channels=", ".join(channels)), "Use the channel names of the project or session.")
    return {c: dict(palette[c]) for c in COLOURS}
