"""CHECKSUM and DATASUM of FITS files, without the time at which they were computed: equal files stay equal.

Source: FITS standard 4.0, section 4.4.2.7 and appendix J.
"""

from __future__ import annotations

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

__all__ = ["data_sum", "ones_complement_sum", "renew_checksum", "sign"]

# Samples summed at once.
CHUNK = 1 << 20
LARGEST = 0xFFFFFFFF
# ASCII characters between digits and letters, which the encoding avoids.
EXCLUDED = frozenset((*range(0x3A, 0x41), *range(0x5B, 0x61)))
KEYWORDS = ("CHECKSUM", "DATASUM")


def ones_complement_sum(total: int) -> int:
    """A sum of 32-bit words, with what exceeds 32 bits added to its lower end."""
    while total >> 32:
        total = (total & LARGEST) + (total >> 32)
    return total


def data_sum(data: NDArray[np.generic]) -> int:
    """The sum of the pixels as FITS stores them: float32 as it is, uint16 less 32768, others as big-endian bytes."""
    flat, total = data.reshape(-1), 0
    for first in range(0, flat.size, CHUNK):
        part = flat[first: first + CHUNK]
        if part.dtype == np.float32:
            words = np.ascontiguousarray(part).view(np.uint32)  # the value of a word does not depend on the order of its bytes
        else:
            stored: NDArray[np.generic] = np.asarray(part, np.uint16) ^ np.uint16(0x8000) if part.dtype == np.uint16 else part
            raw = stored.astype(stored.dtype.newbyteorder(">")).tobytes()
            words = np.frombuffer(raw.ljust(-(-len(raw) // 4) * 4, b"\0"), ">u4")
        total += int(words.sum(dtype=np.uint64))
    return ones_complement_sum(total)


def sign(header: fits.Header, pixels: int) -> None:
    """Set DATASUM to the sum of the ``pixels``, and CHECKSUM so that the sum of the whole HDU is -0; ``header`` is complete."""
    header["DATASUM"] = (str(pixels), "sum of the data")
    header["CHECKSUM"] = ("0" * 16, "sum of the HDU")
    text = header.tostring().encode("ascii")
    total = ones_complement_sum(int(np.frombuffer(text, ">u4").sum(dtype=np.uint64)) + pixels)
    header["CHECKSUM"] = (_encoded(LARGEST - total), "sum of the HDU")


def renew_checksum(header: fits.Header) -> None:
    """Set CHECKSUM after a change of the header alone, or remove both cards if there is no DATASUM that holds."""
    stated = str(header.get("DATASUM", "")).strip()
    if "CHECKSUM" in header and stated.isdigit():
        sign(header, int(stated))
        return
    for key in KEYWORDS:
        header.remove(key, ignore_missing=True)


def _encoded(value: int) -> str:
    """A 32-bit number as 16 characters: each byte is the sum of four of them (appendix J.2)."""
    columns = []
    for byte in value.to_bytes(4, "big"):
        parts = [byte // 4 + ord("0") + (byte % 4 if k == 0 else 0) for k in range(4)]
        while any(part in EXCLUDED for part in parts):
            for k in (0, 2):
                if parts[k] in EXCLUDED or parts[k + 1] in EXCLUDED:
                    parts[k], parts[k + 1] = parts[k] + 1, parts[k + 1] - 1
        columns.append(parts)
    text = "".join(chr(columns[byte][k]) for k in range(4) for byte in range(4))
    return text[-1] + text[:-1]
