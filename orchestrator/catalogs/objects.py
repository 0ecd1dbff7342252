"""Deep-sky objects: names, positions and sizes, from OpenNGC."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["SkyObject", "object_position", "sky_objects"]

_NAME = re.compile(r"(?<![a-z])(messier|caldwell|m|c|ngc|ic)[\s_-]*0*(\d{1,4})(?!\d)", re.IGNORECASE)
_SHORT = {"MESSIER": "M", "CALDWELL": "C"}


@dataclass(frozen=True)
class SkyObject:
    """An object: position in degrees (J2000), axes in arcmin (0: unknown), position angle of the major axis, NaN if unknown."""

    name: str
    ra: float
    dec: float
    major: float
    minor: float
    angle: float
    common: str
    aliases: tuple[str, ...] = ()


@cache
def sky_objects() -> tuple[SkyObject, ...]:
    """All objects: Messier objects first, then the others by size."""
    text = (resources.files("orchestrator.catalogs") / "objects.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(SkyObject(r["name"], float(r["ra"]), float(r["dec"]), float(r["major"]), float(r["minor"]),
                           float(r["angle"] or "nan"), r["common"], tuple(r["aliases"].split("|"))) for r in rows)


@cache
def _positions() -> dict[str, tuple[float, float]]:
    return {name: (o.ra, o.dec) for o in sky_objects() for name in (o.name, *o.aliases)}


def object_position(name: str) -> tuple[float, float] | None:
    """Position in degrees of a Messier, Caldwell, NGC or IC object, in any spelling: "M 94", "Messier 94", "NGC_7000 Ha"."""
    match = _NAME.search(name)
    return _positions().get(f"{_SHORT.get(kind := match[1].upper(), kind)} {match[2]}") if match else None
