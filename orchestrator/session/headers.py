"""From a FITS header to a FrameInfo: the cards and values that different capture programs use."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from astropy.io import fits

from orchestrator.io.visible import visible
from orchestrator.session.card_values import exposure_of, number_of
from orchestrator.session.filter_names import filter_or_none
from orchestrator.session.master_state import done_to
from orchestrator.session.model import FrameInfo, Role
from tilecore.cfa import mosaic as cfa_module

__all__ = ["PATTERN_CARDS", "frame_info", "is_top_down", "memory_pattern", "role_from_name", "role_from_text"]

# Names of filters as they occur in file names.
FILTERS = ("L", "R", "G", "B", "Lum", "Luminance", "Red", "Green", "Blue", "Ha", "H-alpha", "Halpha", "OIII", "O3", "SII",
           "S2", "Hb", "IRCUT", "UVIR", "LP", "Duo", "Clear")
# The cards that may name the mosaic of the sensor; if one is present, the header is used.
PATTERN_CARDS = ("BAYERPAT", "COLORTYP", "BAYERPATN")
# Number of colours in the pattern of an X-Trans sensor.
X_TRANS_COLOURS = 36
_FILTER_BY_NAME = {f.lower(): f for f in FILTERS}
_ROLES = ((Role.DARKFLAT, ("darkflat", "flatdark", "dark_flat", "flat_dark", "dark flat", "flat dark")),
          (Role.BIAS, ("bias", "offset", "zero")), (Role.DARK, ("dark",)), (Role.FLAT, ("flat",)),
          (Role.LIGHT, ("light", "object", "science")))


def role_from_text(text: str) -> Role | None:
    """Role named by a header value such as "Light Frame" or a folder such as "Biases"."""
    lowered = text.lower()
    return next((role for role, words in _ROLES if any(w in lowered for w in words)), None)


def role_from_name(name: str) -> Role | None:
    """Role named by a word at the start of a file name or after a separator, as in ``Light_M31_001.fit``."""
    words = [w for w in re.split(r"[^a-z]+", name.lower().replace("master", "")) if w]
    roles = [next((role for role, known in _ROLES if any(w in (k, f"{k}s", f"{k}es") for k in known)), None) for w in words]
    for first, second in zip(roles, [*roles[1:], None], strict=True):
        if {first, second} == {Role.DARK, Role.FLAT}:  # dark_flat_001
            return Role.DARKFLAT
        if first is not None:
            return first
    return None


def _number(header: fits.Header, *keys: str) -> float | None:
    """The first finite number in the cards ``keys``."""
    return next((number for key in keys if (number := number_of(header.get(key))) is not None), None)


def _text(header: fits.Header, *keys: str) -> str | None:
    """The first text in the cards ``keys`` that is not empty and not "unknown"."""
    for key in keys:
        value = header.get(key)
        if isinstance(value, str) and value.strip() and value.strip().lower() != "unknown":
            return visible(value.strip())
    return None


def _time(header: fits.Header) -> datetime | None:
    """Start of the exposure in UTC, without a time zone."""
    text = _text(header, "DATE-OBS", "DATE_OBS", "DATE-BEG")
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text.rstrip("Z")[:26])
        return parsed.astimezone(UTC).replace(tzinfo=None) if parsed.tzinfo else parsed
    except (ValueError, OverflowError):
        return None


def _position(header: fits.Header) -> tuple[float, float] | None:
    """(RA, Dec) in degrees."""
    ra, dec = _number(header, "RA", "CRVAL1"), _number(header, "DEC", "CRVAL2")
    if ra is not None and dec is not None:
        if "RA" in header and header.comments["RA"].startswith("[h]"):  # DWARF II, which writes 0, 0 for an unknown position
            if (ra, dec) == (0, 0):
                return None
            ra *= 15
        return (ra, dec) if _is_on_the_sky(ra, dec) else None
    text_ra, text_dec = _text(header, "OBJCTRA", "RA"), _text(header, "OBJCTDEC", "DEC")
    if text_ra is None or text_dec is None:
        return None
    hours, degrees = _sexagesimal(text_ra), _sexagesimal(text_dec)
    if hours is None or degrees is None or not _is_on_the_sky(15 * hours, degrees):
        return None
    return 15 * hours, degrees


def _is_on_the_sky(ra: float, dec: float) -> bool:
    return abs(ra) <= 360 and abs(dec) <= 90


def _sexagesimal(text: str) -> float | None:
    try:
        parts = [float(p) for p in re.split(r"[:\s]+", text.strip())]
    except ValueError:
        return None
    sign = -1 if text.strip().startswith("-") else 1
    return sign * sum(abs(p) / 60.0**i for i, p in enumerate(parts))


def memory_pattern(header: fits.Header, rows: int, bayer_pattern: str = "auto") -> str | None:
    """CFA pattern of the pixels in memory (row 0 is the first row of the file); None for mono.

    ``bayer_pattern`` is ``input.bayer_pattern`` of the settings (auto, mono or a pattern). BAYERPAT names the pattern seen
    from the top of the picture. With ROWORDER BOTTOM-UP the top is the last row of the file; XBAYROFF and YBAYROFF shift it.
    """
    if bayer_pattern == "mono":
        return None
    text = bayer_pattern if bayer_pattern != "auto" else (_text(header, *PATTERN_CARDS) or "").upper()
    if text not in cfa_module.PATTERNS:
        return None
    x, y = int(_number(header, "XBAYROFF") or 0), int(_number(header, "YBAYROFF") or 0)
    pattern = cfa_module.shift(text, x, y)
    return pattern if is_top_down(header) else cfa_module.flip_vertical(pattern, rows)


def is_top_down(header: fits.Header) -> bool:
    """Whether the first row of the file is the top of the image (ROWORDER, TOP-DOWN if the card is missing)."""
    return _letters(header.get("ROWORDER")) != "BOTTOMUP"


def _row_order_known(header: fits.Header) -> bool:
    """Whether the header has a ROWORDER. Masters of earlier versions of this program have one that was not measured."""
    if "ROWORDER" not in header or (header.get("PROGRAM") == "orchestrate" and not header.comments["ROWORDER"]):
        return False
    return _letters(header.get("ROWORDER")) in ("BOTTOMUP", "TOPDOWN")


def _letters(value: object) -> str:
    return "".join(c for c in str(value or "").upper() if c.isalpha())


def _is_x_trans(header: fits.Header) -> bool:
    """Whether a card names the mosaic of a Fujifilm X-Trans sensor, by name or by its 36 colours."""
    names = [_letters(header.get(key)) for key in PATTERN_CARDS]
    return any("XTRANS" in name or (len(name) == X_TRANS_COLOURS and set(name) <= set("RGB")) for name in names)


def _filter(header: fits.Header, path: Path) -> str | None:
    named = _text(header, "FILTER", "FILTER1")
    if named is not None:
        return filter_or_none(named)
    for word in re.split(r"[_\-\s.]+", path.stem):
        found = _FILTER_BY_NAME.get(word.lower())
        if found is not None:
            return found
    return None


def _binning(header: fits.Header) -> tuple[int, int]:
    """(x, y); some programs write one card such as "2*2"."""
    both = re.match(r"\s*(\d+)\s*[*xX]\s*(\d+)", str(header.get("BINNING", "")))
    x, y = (int(both[1]), int(both[2])) if both else (None, None)
    return (int(_number(header, "XBINNING", "CCDXBIN", "BINNING") or x or 1),
            int(_number(header, "YBINNING", "CCDYBIN", "BINNING") or y or 1))


def frame_info(path: Path, header: fits.Header, role: Role, shape: tuple[int, ...], *, bayer_pattern: str = "auto",
               compressed: bool = False) -> FrameInfo:
    """Everything that the header (and the file name) contains about a frame."""
    exposure = exposure_of(header)
    if exposure is None:
        found = re.search(r"_(\d+(?:\.\d+)?)(ms|s|sec)(?:_|\.|$)", path.name, re.IGNORECASE)
        if found:
            exposure = float(found[1]) / (1000 if found[2].lower() == "ms" else 1)
    if exposure is not None and exposure < 0:
        exposure = None
    colour = len(shape) == 3
    values: dict[str, Any] = {
        "bitpix": int(header.get("BITPIX", 16)),
        "cfa": None if colour else memory_pattern(header, shape[-2], bayer_pattern),
        "top_down": is_top_down(header), "row_order_known": _row_order_known(header), "x_trans": _is_x_trans(header),
        "done": done_to(header),
        "exposure": exposure,
        "gain": _number(header, "GAIN", "ISOSPEED"), "offset": _number(header, "OFFSET", "BLKLEVEL"),
        "temperature": _number(header, "CCD-TEMP", "CCDTEMP", "SET-TEMP", "SENSOR-T", "DET-TEMP"),
        "saturation": _number(header, "SATURATE", "MAXADU", "DATAMAX"),
        "binning": _binning(header),
        "filter": _filter(header, path), "camera": _text(header, "INSTRUME", "CAMERA"),
        "telescope": _text(header, "TELESCOP"), "object": _text(header, "OBJECT"), "time": _time(header),
        "sky_position": _position(header), "pixel_size": _number(header, "XPIXSZ", "PIXSIZE1", "PIXSIZE", "PIXELSIZ"),
        "focal_length": _number(header, "FOCALLEN", "FOCAL"),
        "rotation": _number(header, "ROTATANG", "ROTATOR", "ROTMANG", "ROTANGLE"), "decompress": compressed,
    }
    return FrameInfo(path, role, shape, **values)
