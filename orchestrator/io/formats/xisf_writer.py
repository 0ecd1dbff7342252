"""Writes an image as XISF, which PixInsight opens: float32, 1.0 = full scale, with FITS keywords.

Source: "XISF version 1.0 specification" (Pleiades Astrophoto), sections 9 and 11: a monolithic file with one attached block.
"""

from __future__ import annotations

from typing import BinaryIO
from xml.sax.saxutils import quoteattr

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.io.formats.xisf import SIGNATURE, START, STRUCTURE

__all__ = ["write_xisf"]

# Bytes that the position of the block is a multiple of.
ALIGNMENT = 4096
NAMESPACE = "http://www.pixinsight.com/xisf"


def write_xisf(stream: BinaryIO, data: NDArray[np.float32], header: fits.Header) -> None:
    """Write an image, (rows, columns) or (3, rows, columns), row 0 at the top. OSError if it cannot be written."""
    channels = 3 if data.ndim == 3 else 1
    geometry, colour = f"{data.shape[-1]}:{data.shape[-2]}:{channels}", "RGB" if channels == 3 else "Gray"
    keywords = "".join(_keyword(card) for card in header.cards if card.keyword and card.keyword not in STRUCTURE)

    def text(position: int) -> bytes:
        return (f'<?xml version="1.0" encoding="UTF-8"?>\n<xisf version="1.0" xmlns="{NAMESPACE}"><Image geometry="{geometry}" '
                f'sampleFormat="Float32" bounds="0:1" colorSpace="{colour}" location="attachment:{position}:{data.nbytes}">'
                f'{keywords}</Image><Metadata><Property id="XISF:CreatorApplication" type="String">orchestrate</Property>'
                f"</Metadata></xisf>").encode()

    position = -(-(START.size + len(text(10**12))) // ALIGNMENT) * ALIGNMENT
    xml = text(position)
    stream.write(START.pack(SIGNATURE, len(xml)) + xml)
    stream.write(bytes(position - START.size - len(xml)))
    stream.write(np.ascontiguousarray(data, "<f4").data)


def _keyword(card: fits.Card) -> str:
    """A card; texts are in quotes, HISTORY and COMMENT are comments without a value."""
    value, comment = card.value, card.comment
    if card.keyword in ("HISTORY", "COMMENT"):
        value, comment = "", str(card.value)
    elif isinstance(value, bool):
        value = "T" if value else "F"
    elif isinstance(value, str):
        value = "'" + value.replace("'", "''") + "'"
    return f"<FITSKeyword name={quoteattr(card.keyword)} value={quoteattr(str(value))} comment={quoteattr(comment)}/>"
