"""Values that capture programs and devices write into file and folder names, for frames whose headers lack them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestrator.session.filter_names import filter_or_none
from orchestrator.session.model import FrameInfo

__all__ = ["DWARF_FOLDER", "fields_from_name", "with_fields_from_name"]

# DWARF_RAW_TELE_M 33_EXP_30_GAIN_60_2025-10-21-22-18-55-284; DWARF II has no camera, and a name may be missing.
DWARF_FOLDER = re.compile(r"^DWARF_RAW_(?:(?P<camera>TELE|WIDE)_)?(?P<mosaic>MOSAIC_)?(?:(?P<object>.+?)_)?"
                          r"EXP_(?P<exposure>[\d.]+)_GAIN_(?P<gain>\d+)", re.IGNORECASE)
# Filters of the device's flats (ir_N) -> the FILTER of its lights.
DWARF_FILTERS = {"0": "VIS", "1": "Astro", "2": "Duo-Band"}

# Largest shotsInfo.json (bytes) that is read.
MAX_RECORD_BYTES = 1 << 20

# Patterns for the file name, or for "folder/file"; the groups are fields of FrameInfo.
_NAMES = (
    # DWARF 3 light, device dark, device masters
    r"(?P<object>.+)_(?P<exposure>[\d.]+)s(?P<gain>\d+)_(?P<filter>[^_]+)_(?P<time>\d{8}-\d{6})\d*_(?P<temperature>-?\d+)C\.",
    r"(?:tele_|wide_)?exp_(?P<exposure>[\d.]+)_gain_(?P<gain>\d+)_bin_(?P<bin>\d+)[^/]*/raw_.*_(?P<temperature>-?\d+)C\.",
    r"(?:tele_|wide_)?exp_(?P<exposure>[\d.]+)_gain_(?P<gain>\d+)_bin_(?P<bin>\d+)[^/]*/",
    r"dark_exp_(?P<exposure>[\d.]+)_gain_(?P<gain>\d+)_bin_(?P<bin>\d+)_(?P<temperature>-?[\d.]+)C",
    r"flat_gain_\d+_bin_(?P<bin>\d+)_ir_(?P<dwarf_filter>\d+)\.",
    # Seestar: Light_mosaic_M 31_10.0s_IRCUT_20250326-212046.fit
    r"Light_(?:mosaic_)?(?P<object>.+)_(?P<exposure>[\d.]+)s_(?P<filter>[A-Z]+)_(?P<time>\d{8}-\d{6})",
    # ASIAIR: Light_M31_300.0s_Bin1_533MC_gain100_20230101-201500_-10.0C_0001.fit
    r"(?:Light|Flat|Dark|Bias)_(?:(?P<object>.+)_)?(?P<exposure>[\d.]+)(?P<unit>us|ms|s)_Bin(?P<bin>\d).*?_gain(?P<gain>\d+)_"
    r"(?P<time>\d{8}-\d{6})(?:_(?P<temperature>-?[\d.]+)C)?",
    # Ekos: M_106_Light_L_30_secs_2023-03-20T21-04-17_001.fits
    r"(?P<object>.+)_Light_(?:(?P<filter>[A-Za-z]+)_)?(?P<exposure>[\d.]+)_secs_",
)
_PATTERNS = tuple(re.compile(p, re.IGNORECASE) for p in _NAMES)


def fields_from_name(path: Path) -> dict[str, Any]:
    """Fields of :class:`FrameInfo` in the names of a file and its folder, and in the device's ``shotsInfo.json`` next to it."""
    found: dict[str, Any] = {}
    for text in (path.name, f"{path.parent.name}/{path.name}"):
        for pattern in _PATTERNS:
            match = pattern.match(text)
            if match:
                found = _fields(match.groupdict())
                break
        if found:
            break
    folder = DWARF_FOLDER.match(path.parent.name)
    if folder:
        found = _fields(folder.groupdict()) | found
        found = _shots_info(path.parent / "shotsInfo.json") | found
    return found


def _fields(groups: dict[str, str | None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in groups.items():
        if text is None:
            continue
        if name in ("exposure", "gain", "temperature"):
            number = _number(text.rstrip("."))
            if number is not None:
                found[name] = number * {"us": 1e-6, "ms": 1e-3}.get((groups.get("unit") or "").lower(), 1.0) \
                    if name == "exposure" else number
        elif name == "bin":
            found["binning"] = (int(text), int(text))
        elif name == "dwarf_filter":
            found["filter"] = DWARF_FILTERS.get(text, f"ir_{text}")
        elif name == "time":
            # Local time; with no DATE-OBS it still gives the order of the frames and the span of the session.
            found["time"] = datetime.strptime(text, "%Y%m%d-%H%M%S")
        elif name in ("object", "filter"):
            found[name] = re.sub(r"\(\d+\)$", "", text) if name == "object" else text
    return found


@lru_cache(maxsize=64)
def _shots_info(path: Path) -> dict[str, Any]:
    """Fields from a DWARF's record of a session, whose RA is in hours; {} if there is none or it cannot be parsed."""
    try:
        if path.stat().st_size > MAX_RECORD_BYTES:
            return {}
        content = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    found: dict[str, Any] = {}
    for key, name in (("exp", "exposure"), ("gain", "gain")):
        if (number := _number(content.get(key))) is not None:
            found[name] = number
    for key, name in (("ir", "filter"), ("target", "object")):
        if isinstance(content.get(key), str) and content[key].strip():
            found[name] = content[key].strip()
    hours, degrees = _number(content.get("RA")), _number(content.get("DEC"))
    if hours is not None and degrees is not None and 0 <= hours < 24 and abs(degrees) <= 90 and (hours, degrees) != (0, 0):
        found["sky_position"] = (15 * hours, degrees)
    return found


def _number(value: object) -> float | None:
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None


def with_fields_from_name(info: FrameInfo) -> FrameInfo:
    """The frame with the values in its name where its header lacks them."""
    found = fields_from_name(info.path)
    missing = {k: v for k, v in found.items() if k != "binning" and getattr(info, k) is None}
    if "binning" in found and info.binning == (1, 1):
        missing["binning"] = found["binning"]
    if filter_or_none(missing.get("filter")) is None:
        missing.pop("filter", None)
    if info.role.value in ("dark", "bias"):
        missing.pop("filter", None)
    if info.role.value != "light":
        missing.pop("object", None)
    return replace(info, **missing) if missing else info
