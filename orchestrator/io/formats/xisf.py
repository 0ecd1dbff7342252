"""XISF, the format of PixInsight; the first image of a monolithic file is the frame.

Source: "XISF version 1.0 specification" (Pleiades Astrophoto): an XML header with FITS keywords and properties, and blocks of
samples, which may be compressed (zlib, LZ4, Zstandard) with their bytes shuffled.
"""

from __future__ import annotations

import hashlib
import math
import struct
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.io.formats.cards import FULL_SCALE_32, add_card, bitpix_of, image_header
from orchestrator.io.image_layout import FULL_SCALE, ImageLayout, stamp_of
from orchestrator.message import Message

__all__ = ["NAME", "SUFFIXES", "header_and_layout", "pixels"]

NAME = "XISF"
SUFFIXES = (".xisf",)
SIGNATURE = b"XISF0100"
# Signature, length of the XML header, reserved.
START = struct.Struct("<8sI4x")
# Bytes after which an XML header is given up.
LONGEST_HEADER = 1 << 26
SAMPLES = {"UInt8": "u1", "UInt16": "u2", "UInt32": "u4", "Float32": "f4", "Float64": "f8"}
# Full scale of integer samples by their bytes.
SCALES = {1: 255.0, 2: FULL_SCALE, 4: FULL_SCALE_32}
# Cards that describe how FITS stores an image, not the frame.
STRUCTURE = frozenset({"SIMPLE", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "NAXIS3", "EXTEND", "BSCALE", "BZERO", "BLANK",
                       "CHECKSUM", "DATASUM", "END", "XTENSION", "PCOUNT", "GCOUNT"})
# Cards of properties (section 11.5 of the specification), used where FITS keywords lack them, and factors to their units.
PROPERTIES = {"Instrument:ExposureTime": ("EXPTIME", 1), "Instrument:Camera:Name": ("INSTRUME", 1),
              "Instrument:Camera:Gain": ("GAIN", 1), "Instrument:Camera:ISOSpeed": ("ISOSPEED", 1),
              "Instrument:Sensor:Temperature": ("CCD-TEMP", 1), "Instrument:Sensor:XPixelSize": ("XPIXSZ", 1),
              "Instrument:Camera:XBinning": ("XBINNING", 1), "Instrument:Camera:YBinning": ("YBINNING", 1),
              "Instrument:Filter:Name": ("FILTER", 1), "Instrument:Telescope:Name": ("TELESCOP", 1),
              "Instrument:Telescope:FocalLength": ("FOCALLEN", 1000), "Observation:Object:Name": ("OBJECT", 1),
              "Observation:Object:RA": ("RA", 1), "Observation:Object:Dec": ("DEC", 1),
              "Observation:Time:Start": ("DATE-OBS", 1)}


@dataclass(frozen=True)
class _Image:
    """The image element of a header: its samples and the position (byte) and size of their block."""

    element: ElementTree.Element
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    interleaved: bool
    position: int
    size: int

    @property
    def packed(self) -> bool:
        return "compression" in self.element.attrib


def header_and_layout(path: Path) -> tuple[fits.Header, ImageLayout | None]:
    """Header and layout of the first image; no layout if it is compressed."""
    status = path.stat()
    image = _first_image(path)
    if image.position + image.size > status.st_size:
        raise ValueError("it is truncated: it ends before its pixels do")
    bitpix = bitpix_of(image.dtype)
    if image.packed:
        # Wider samples are unpacked to float32.
        header = image_header(image.shape, bitpix if bitpix in (8, 16) else -32)
    else:
        header = image_header(image.shape, bitpix)
    _add_keywords(header, image.element)
    _add_properties(header, image.element)
    if image.packed:
        return header, None
    if image.size < math.prod(image.shape) * image.dtype.itemsize:
        raise ValueError("its block of pixels is smaller than its image")
    # Values of floating point are relative to full scale (bounds 0:1), as PixInsight stores them.
    unit = 1 / SCALES[image.dtype.itemsize] if bitpix > 0 else 1.0
    return header, ImageLayout(path, image.shape, bitpix, 1.0, 0.0, image.position, unit, stamp_of(status),
                               sample=image.dtype.str, channels="RGB" if image.interleaved else "")


def pixels(path: Path) -> NDArray[np.generic]:
    """The stored samples of the first image, (rows, columns) or (3, rows, columns)."""
    image = _first_image(path)
    with path.open("rb") as stream:
        stream.seek(image.position)
        block = stream.read(image.size)
    if len(block) < image.size:
        raise ValueError("it is truncated: it ends before its pixels do")
    if image.packed:
        block = _unpacked(block, image)
    count = math.prod(image.shape)
    samples = np.frombuffer(block, image.dtype)[:count]
    if samples.size < count:
        raise ValueError("its block of pixels is smaller than its image")
    if image.interleaved:
        return np.ascontiguousarray(samples.reshape(*image.shape[1:], 3).transpose(2, 0, 1))
    return samples.reshape(image.shape)


def _first_image(path: Path) -> _Image:
    with path.open("rb") as stream:
        start = stream.read(START.size)
        if len(start) < START.size or not start.startswith(SIGNATURE):
            raise ValueError("it does not start with XISF0100" if start else "it is empty")
        length = START.unpack(start)[1]
        text = stream.read(min(length, LONGEST_HEADER))
    if len(text) < length:
        raise ValueError("its header has no end")
    root = ElementTree.fromstring(text.rstrip(b"\0"))
    element = next((e for e in root.iter() if _name(e) == "Image"), None)
    if element is None:
        raise ValueError("it contains no image")
    geometry = [int(n) for n in element.attrib["geometry"].split(":")]
    sample = SAMPLES.get(element.attrib["sampleFormat"])
    if sample is None:
        raise ValueError(Message("its samples are {sampleformat}; {samples} can be read",
                                 sampleformat=element.attrib["sampleFormat"], samples=", ".join(SAMPLES)))
    colours = {"Gray": 1, "RGB": 3}.get(element.attrib.get("colorSpace", "Gray"), 0)
    if len(geometry) != 3 or not colours or geometry[2] < colours:
        raise ValueError(Message("its image is {geometry} {value}; grey and RGB ones can be read",
                                 geometry=element.attrib["geometry"], value=element.attrib.get("colorSpace", "")))
    columns, rows, channels = geometry
    normal = element.attrib.get("pixelStorage", "Planar") == "Normal"
    if normal and channels != colours:
        raise ValueError("its pixels have an alpha channel")
    kind, *place = element.attrib["location"].split(":")
    if kind != "attachment" or len(place) != 2:
        raise ValueError(Message("its pixels are in a block of the kind {kind}; only attached blocks can be read", kind=kind))
    order = ">" if element.attrib.get("byteOrder", "little") == "big" else "<"
    shape = (rows, columns) if colours == 1 else (colours, rows, columns)  # channels after those of colour are alpha
    position, size = int(place[0]), int(place[1])
    if position < START.size or size < 1:
        raise ValueError(Message("its pixels are at {location}", location=element.attrib["location"]))
    return _Image(element, shape, np.dtype(order + sample), normal and colours == 3, position, size)


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _unpacked(block: bytes, image: _Image) -> bytes:
    """The samples of a compressed block."""
    codec, *numbers = image.element.attrib["compression"].split(":")
    shuffled = codec.endswith("+sh")
    whole, *item = [int(n) for n in numbers]
    expected = math.prod(int(n) for n in image.element.attrib["geometry"].split(":")) * image.dtype.itemsize
    if whole != expected or (shuffled and (not item or item[0] < 1)):
        raise ValueError(Message("its compression is {compression}, its image has {expected} bytes",
                                 compression=image.element.attrib["compression"], expected=expected))
    _check_sum(block, image.element.attrib.get("checksum", ""))
    parts = [[int(n) for n in p.split(",")] for p in image.element.attrib.get("subblocks", "").split(":") if p]
    parts = parts or [[len(block), whole]]
    if sum(size for _, size in parts) != whole:
        raise ValueError("its subblocks are not those of its image")
    out, at = [], 0
    for packed, size in parts:
        out.append(_decoded(codec.removesuffix("+sh"), block[at: at + packed], size))
        at += packed
    data = b"".join(out)
    if len(data) != whole:
        raise ValueError(Message("it unpacks to {count} of {whole} bytes", count=len(data), whole=whole))
    if shuffled:  # the first bytes of all items, then the second ones ...; what does not fill an item follows
        items = whole // item[0]
        planes = np.frombuffer(data, np.uint8, items * item[0]).reshape(item[0], items)
        data = planes.T.tobytes() + data[items * item[0]:]
    return data


def _decoded(codec: str, block: bytes, size: int) -> bytes:
    if codec == "zlib":
        return zlib.decompressobj().decompress(block, size)
    if codec in ("lz4", "lz4hc"):
        import lz4.block

        return bytes(lz4.block.decompress(block, uncompressed_size=size))
    if codec == "zstd":
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd

        return bytes(zstd.ZstdDecompressor().decompress(block, size))
    raise ValueError(Message("its compression is {codec}; zlib, lz4, lz4hc and zstd can be read", codec=codec))


def _check_sum(block: bytes, stated: str) -> None:
    """Refuse a block that does not match its checksum."""
    kind, _, digest = stated.partition(":")
    name = kind.replace("-", "").replace("sha3", "sha3_")
    if digest and name in hashlib.algorithms_available and hashlib.new(name, block).hexdigest() != digest.lower():
        raise ValueError("its pixels do not match their checksum")


def _add_keywords(header: fits.Header, image: ElementTree.Element) -> None:
    for element in image:
        if _name(element) != "FITSKeyword":
            continue
        keyword, text = element.attrib.get("name", "").strip().upper(), element.attrib.get("value", "").strip()
        comment = element.attrib.get("comment", "").strip()
        if keyword in ("HISTORY", "COMMENT"):
            header[keyword] = (comment or text).encode("ascii", "replace").decode()
        elif keyword and len(keyword) <= 8 and keyword not in STRUCTURE:
            add_card(header, keyword, _value(text), comment.encode("ascii", "replace").decode()[:40])


def _value(text: str) -> Any:
    """The value of a FITS keyword: text in quotes, T or F, a number, or text."""
    if text.startswith("'"):
        return text.strip("'").replace("''", "'").rstrip()
    if text in ("T", "F"):
        return text == "T"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _add_properties(header: fits.Header, image: ElementTree.Element) -> None:
    for element in image:
        if _name(element) == "ColorFilterArray":
            add_card(header, "BAYERPAT", element.attrib.get("pattern", "").upper())
        elif _name(element) == "Property" and (known := PROPERTIES.get(element.attrib.get("id", ""))) is not None:
            keyword, factor = known
            value = _value((element.attrib.get("value") or element.text or "").strip())
            add_card(header, keyword, value * factor if factor != 1 and isinstance(value, int | float) else value)
