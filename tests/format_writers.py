"""Writes frames in formats other than FITS, independently of the readers: XISF by the library of that name, TIFF and DNG by
tifffile, SER from its description. Sessions of FITS files can be rewritten in any of them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from astropy.io import fits
from numpy.typing import NDArray
from xisf import XISF

from tests.lossless_jpeg import encode

Pixels = NDArray[np.generic]
# Cards that a photographer's camera writes as well.
EXPOSURE, ISO, TIME = "EXPTIME", "GAIN", "DATE-OBS"
STRUCTURE = ("SIMPLE", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "NAXIS3", "EXTEND", "BZERO", "BSCALE")
# Compression of TIFF: JPEG, lossless for raw data.
LOSSLESS = 7
FIRST_YEAR = datetime(1, 1, 1)


def write_xisf(path: Path, data: Pixels, header: fits.Header | None = None, *, codec: str | None = None,
               shuffle: bool = False) -> Path:
    keywords = {key: [{"value": f"'{value}'" if isinstance(value, str) else str(value), "comment": ""}]
                for key, value in (header or {}).items() if key not in STRUCTURE}
    planes = data[..., None] if data.ndim == 2 else np.moveaxis(data, 0, -1)
    XISF.write(str(path), np.ascontiguousarray(planes), image_metadata={"FITSKeywords": keywords, "XISFProperties": {}},
               codec=codec, shuffle=shuffle)
    return path


def write_tiff(path: Path, data: Pixels, header: fits.Header | None = None, **options: Any) -> Path:
    """The header goes into the description, as astronomical programs do it."""
    cards = (header or fits.Header()).tostring(sep="\n", endcard=False) if header else None
    colour = {"photometric": "rgb", "planarconfig": "separate"} if data.ndim == 3 else {"photometric": "minisblack"}
    tifffile.imwrite(path, data, description=cards, metadata=None, **{**colour, **options})
    return path


def write_dng(path: Path, data: NDArray[np.uint16], header: fits.Header | None = None, *, pattern: str = "RGGB", black: int = 0,
              white: int = 65535, orientation: int = 6, area: tuple[int, int, int, int] | None = None,
              lossless: bool = False) -> Path:
    """A raw file as a camera writes it, its picture upright when it is turned by ``orientation``. ``pattern`` has 4 letters, or
    36; ``area``: first and last row and column of the active pixels, where the pattern begins; ``lossless``: compressed by
    lossless JPEG, as by most cameras."""
    cards = header if header is not None else fits.Header()
    time = str(cards.get(TIME, "2026-10-01T20:00:00"))[:19].replace("-", ":").replace("T", " ")
    fraction = (str(cards.get(TIME, "")).partition(".")[2] or "0")
    side = round(len(pattern) ** 0.5)
    camera = str(cards.get("INSTRUME", "Maker One"))
    unit = (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1)
    tags = [(271, "s", 0, camera.split()[0]), (272, "s", 0, camera), (274, "H", 1, orientation),
            (33421, "H", 2, (side, side)), (33422, "B", len(pattern), bytes("RGB".index(c) for c in pattern)),
            (36867, "s", 0, time), (37521, "s", 0, fraction),
            (50706, "B", 4, bytes((1, 4, 0, 0))), (50708, "s", 0, "Maker One"), (50714, "I", 1, black), (50717, "I", 1, white),
            (50721, "2i", 9, unit), (50778, "H", 1, 21)]
    if EXPOSURE in cards:
        tags += [(33434, "2I", 1, (round(1000 * cards[EXPOSURE]), 1000)), (34855, "H", 1, int(cards[ISO]))]
    if area is not None:
        tags.append((50829, "I", 4, (area[0], area[2], area[1], area[3])))
    extra = [(*tag, True) for tag in tags]
    if not lossless:
        tifffile.imwrite(path, data, photometric=32803, metadata=None, extratags=extra)
        return path
    # tifffile takes a strip that is compressed already, but for JPEG it needs a codec: the tag is changed afterwards.
    tifffile.imwrite(path, iter([encode(data)]), shape=data.shape, dtype=data.dtype, photometric=32803, metadata=None,
                     extratags=extra, compression="zlib", rowsperstrip=data.shape[0])
    with tifffile.TiffFile(path, mode="r+b") as file:
        file.pages[0].tags["Compression"].overwrite(LOSSLESS)
    return path


def write_ser(path: Path, frames: Sequence[Pixels], *, colour: int = 0, depth: int = 16, order: str = "<", flag: int = 0,
              times: Sequence[datetime] = (), stated: int | None = None, camera: str = "Camera") -> Path:
    """``frames`` are (rows, columns), or (rows, columns, 3) for ``colour`` 100 (RGB) and 101 (BGR)."""
    rows, columns = frames[0].shape[:2]
    head = struct.pack("<14s7i40s40s40s2q", b"LUCAM-RECORDER", 0, colour, flag, columns, rows, depth,
                       len(frames) if stated is None else stated, b"Observer", camera.encode(), b"Telescope", 0, 0)
    with path.open("wb") as stream:
        stream.write(head)
        for frame in frames:
            stream.write(frame.astype(f"{order}u{1 if depth <= 8 else 2}").tobytes())
        for time in times:
            ticks = (time - FIRST_YEAR).total_seconds() * 1e7
            stream.write(struct.pack("<q", int(ticks)))
    return path


def rewrite(folder: Path, target: Path, name: str) -> Path:
    """Write the FITS files of a folder in another format to ``target``; returns it.

    ``name``: fits, xisf, packed xisf, tiff, packed tiff, dng, lossless dng, ser, cube. SER and cube are one file of all frames.
    """
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.glob("*.fit"))
    frames = [fits.getdata(p, header=True) for p in files]
    pattern = str(frames[0][1].get("BAYERPAT", "")).strip()
    if name == "ser":
        write_ser(target / "capture.ser", [data for data, _ in frames], colour={"": 0, "RGGB": 8, "GRBG": 9}[pattern],
                  times=[datetime.fromisoformat(header[TIME]) for _, header in frames], camera=frames[0][1]["INSTRUME"])
        return target
    if name == "cube":
        fits.PrimaryHDU(np.stack([data for data, _ in frames]), frames[0][1]).writeto(target / "cube.fits")
        return target
    for path, (data, header) in zip(files, frames, strict=True):
        stem = target / path.stem
        if name == "fits":
            fits.PrimaryHDU(data, header).writeto(f"{stem}.fits")
        elif name.endswith("xisf"):
            write_xisf(Path(f"{stem}.xisf"), data, header, codec="lz4" if name.startswith("packed") else None,
                       shuffle=name.startswith("packed"))
        elif name.endswith("tiff"):
            write_tiff(Path(f"{stem}.tif"), data, header, compression="zlib" if name.startswith("packed") else None)
        else:
            write_dng(Path(f"{stem}.dng"), data, header, pattern=pattern, lossless=name.startswith("lossless"))
    return target
