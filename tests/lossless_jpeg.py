"""Writes lossless JPEG (ITU-T T.81, process 14, SOF3), as cameras compress CR2, NEF and DNG."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

__all__ = ["encode"]

# One Huffman table for the 17 sizes of a difference (0 to 16 bits): codes of 5 bits in order, of which the last ones stay free.
CODE_BITS, SIZES = 5, 17


def encode(data: NDArray[np.uint16]) -> bytes:
    """A mosaic, (h, w) with even w, as two components of w/2 columns, whose neighbours have the same colour; predictor 1."""
    h, w = data.shape
    components = data.reshape(h, w // 2, 2).astype(np.int32)
    left = np.empty_like(components)
    left[:, 1:] = components[:, :-1]
    left[1:, 0] = components[:-1, 0]  # the first column is predicted from above, the first pixel by half the range
    left[0, 0] = 1 << 15
    return _head(h, w // 2) + _packed((components - left).ravel()) + b"\xff\xd9"


def _head(h: int, w: int) -> bytes:
    counts = [SIZES if bits == CODE_BITS else 0 for bits in range(1, 17)]
    segments = ((0xC4, struct.pack("B16B17B", 0, *counts, *range(SIZES))),
                (0xC3, struct.pack(">BHHB6B", 16, h, w, 2, 0, 0x11, 0, 1, 0x11, 0)),
                (0xDA, struct.pack("B4B3B", 2, 0, 0, 1, 0, 1, 0, 0)))
    return b"\xff\xd8" + b"".join(struct.pack(">BBH", 0xFF, marker, 2 + len(body)) + body for marker, body in segments)


def _packed(differences: NDArray[np.int32]) -> bytes:
    """Size and bits of each difference modulo 2^16, filled up with ones, a zero byte after each byte 255."""
    words = []
    for value in ((int(d) + 32768) % 65536 - 32768 for d in differences):
        size = abs(value).bit_length()
        words.append(format(size, f"0{CODE_BITS}b"))
        if 0 < size < 16:
            words.append(format(value if value > 0 else value + (1 << size) - 1, f"0{size}b"))
    bits = "".join(words)
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
