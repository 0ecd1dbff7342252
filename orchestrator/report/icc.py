"""ICC profiles for previews, made here: sRGB for colours, the sRGB tone curve for grey. ICC.1:2001-04 (version 2.4)."""

from __future__ import annotations

import struct
from functools import cache

import numpy as np

__all__ = ["icc_profile"]

# D50 white, and the sRGB primaries adapted to it by Bradford's method (IEC 61966-2-1).
WHITE = (0.9642, 1.0, 0.8249)
PRIMARIES = {"r": (0.4360747, 0.2225045, 0.0139322), "g": (0.3850649, 0.7168786, 0.0971045),
             "b": (0.1430804, 0.0606169, 0.7141733)}  # fmt: skip
CURVE_POINTS = 1024


@cache
def icc_profile(colour: bool) -> bytes:
    """The profile of a display that follows sRGB, for RGB (``colour``) or grey images."""
    tags: dict[bytes, bytes] = {b"desc": _description("sRGB" if colour else "Grey with the sRGB tone curve"),
                                b"cprt": b"text" + bytes(4) + b"No copyright, use freely\x00", b"wtpt": _xyz(WHITE)}
    if colour:
        tags |= {name.encode() + b"XYZ": _xyz(value) for name, value in PRIMARIES.items()}
    tags |= {name + b"TRC": _curve() for name in ((b"r", b"g", b"b") if colour else (b"k",))}
    return _assemble(tags, b"RGB " if colour else b"GRAY")


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(_fixed(v) for v in value)


def _curve() -> bytes:
    x = np.linspace(0, 1, CURVE_POINTS)
    y = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    return b"curv" + bytes(4) + struct.pack(">I", CURVE_POINTS) + np.rint(65535 * y).astype(">u2").tobytes()


def _description(text: str) -> bytes:
    """ASCII, then an empty Unicode and an empty Macintosh form."""
    raw = text.encode("ascii") + b"\x00"
    return b"desc" + bytes(4) + struct.pack(">I", len(raw)) + raw + bytes(8) + bytes(2 + 1 + 67)


def _assemble(tags: dict[bytes, bytes], space: bytes) -> bytes:
    table, body, places = b"", b"", {}
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        if content not in places:  # the three curves are one
            places[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    size = start + len(body)
    date = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # fixed: the same picture gives the same bytes
    header = struct.pack(">I", size) + bytes(4) + b"\x02\x40\x00\x00" + b"mntr" + space + b"XYZ " + date + b"acsp" + bytes(4)
    header += bytes(4 + 4 + 4 + 8 + 4) + b"".join(_fixed(v) for v in WHITE)
    return header.ljust(128, b"\x00") + struct.pack(">I", len(tags)) + table + body
