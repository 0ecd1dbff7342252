"""The card SATURATE of a product: the level at and above which stars are clipped, in the unit of the image."""

from __future__ import annotations

from astropy.io import fits

from orchestrator.io.fits import FULL_SCALE

__all__ = ["CARD", "FULL", "card_level", "set_card"]

CARD = "SATURATE"
# The level (1.0 = 65535 ADU) of a camera of 16 bits from which its pixels are not linear.
FULL = 0.95


def card_level(header: fits.Header) -> float:
    """The level (1.0 = 65535 ADU) that a header names, at most that of 16 bits, which it is without a card. Values above 1 are
    ADU."""
    value = header.get(CARD)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return FULL
    return min(float(value) / (FULL_SCALE if value > 1 else 1.0), FULL)


def set_card(header: fits.Header, level: float) -> None:
    """Name a level (1.0 = 65535 ADU) in the header; none that is not positive, as nothing is then known."""
    header.pop(CARD, None)
    if level > 0:
        header[CARD] = (float(f"{min(level, FULL):.6g}"), "level from which stars may be clipped")
