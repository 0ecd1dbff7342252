"""How channels become colours: linear combinations, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orchestrator.errors import ConfigError

__all__ = ["LUMINANCE", "coefficients", "suggest_channels"]

LUMINANCE = "L"
COLOURS = ("R", "G", "B")
# Words for filters, as headers and file names have them, by channel.
WORDS = {"R": ("r", "red"), "G": ("g", "green"), "B": ("b", "blue"), "L": ("l", "lum", "luminance", "clear"),
         "S": ("sii", "s2", "s", "s-ii"), "H": ("ha", "h-alpha", "halpha", "h"), "O": ("oiii", "o3", "o", "o-iii")}


def suggest_channels(filters: Iterable[str]) -> dict[str, str]:
    """Channels for the names of filters; those that are not known are left out."""
    found = {}
    for channel, words in WORDS.items():
        match = next((f for f in filters if f.lower().replace(" ", "") in words), None)
        if match is not None:
            found[channel] = match
    return found


def coefficients(palette: str | Mapping[str, Mapping[str, float]], channels: Sequence[str]) -> dict[str, dict[str, float]]:
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
        name = next((p for p in ("LRGB", "RGB", "SHO", "HOO") if set(p) <= set(channels)), "")
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


def _given(palette: Mapping[str, Mapping[str, float]], channels: Sequence[str]) -> dict[str, dict[str, float]]:
    if set(palette) != set(COLOURS):
        raise ConfigError(f"palette: it has {', '.join(palette) or 'nothing'}; R, G and B are needed.",
                          "Write palette: {R: {...}, G: {...}, B: {...}}.")
    for colour, parts in palette.items():
        unknown = [c for c in parts if c not in channels]
        if unknown or not parts:
            raise ConfigError(f"palette.{colour}: {', '.join(unknown) or 'nothing'} is none of the channels "
                              f"{', '.join(channels)}.", "Use the names under channels.")
    return {c: dict(palette[c]) for c in COLOURS}
