"""Damaged and truncated files of every format: python -m tests.faults.damaged_files [--count 1000] [--seed 1] [--only FORMAT]

Each file is put among intact lights. It may be read or left out with its name, the reason and a remedy; the intact lights stay in
the session, nothing else is raised, and a truncated file that is accepted has all of its pixels.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.config.settings import RunConfig
from orchestrator.errors import InputError
from orchestrator.io import frames
from orchestrator.session.discovery import scan
from tests.format_writers import write_dng, write_ser, write_tiff, write_xisf

SHAPE = (32, 48)
CARDS = {"EXPTIME": 30.0, "BAYERPAT": "RGGB", "DATE-OBS": "2026-10-01T20:00:00", "INSTRUME": "Maker One", "GAIN": 1600}
# Bytes of a file in which headers are, for damage near its beginning.
HEADER = 3000
INTACT = 6


def pixels(seed: int) -> NDArray[np.uint16]:
    level = 1000 + 4 * np.arange(SHAPE[1]) + np.tile([[0, 400], [400, 900]], (SHAPE[0] // 2, SHAPE[1] // 2))
    return np.clip(np.random.default_rng(seed).normal(level, 30), 0, 65535).astype(np.uint16)


def _fits(path: Path, data: NDArray[np.generic], *, packed: bool = False) -> None:
    header = fits.Header(CARDS)
    units = [fits.PrimaryHDU(), fits.CompImageHDU(data, header)] if packed else [fits.PrimaryHDU(data, header)]
    fits.HDUList(units).writeto(path)


def _gzip(path: Path, data: NDArray[np.generic]) -> None:
    plain = path.with_suffix("")
    _fits(plain, data)
    path.write_bytes(gzip.compress(plain.read_bytes(), 1))
    plain.unlink()


WRITERS: dict[str, tuple[str, Callable[[Path, NDArray[np.uint16]], object]]] = {
    "FITS": (".fits", _fits),
    "FITS, tile-compressed": (".fits.fz", lambda p, d: _fits(p, d, packed=True)),
    "FITS, gzip": (".fits.gz", _gzip),
    "FITS cube": (".fit", lambda p, d: _fits(p, np.stack([np.roll(d, 2 * k) for k in range(4)]))),
    "XISF": (".xisf", lambda p, d: write_xisf(p, d, fits.Header(CARDS))),
    "XISF, zlib": (".xisf", lambda p, d: write_xisf(p, d, fits.Header(CARDS), codec="zlib", shuffle=True)),
    "XISF, LZ4": (".xisf", lambda p, d: write_xisf(p, d, fits.Header(CARDS), codec="lz4hc", shuffle=True)),
    "SER": (".ser", lambda p, d: write_ser(p, [d, np.roll(d, 2)], colour=8)),
    "TIFF": (".tif", lambda p, d: write_tiff(p, d, fits.Header(CARDS))),
    "TIFF, deflate, tiles": (".tiff", lambda p, d: write_tiff(p, d, fits.Header(CARDS), compression="zlib", tile=(16, 16))),
    "DNG": (".dng", lambda p, d: write_dng(p, d, fits.Header(CARDS), black=64)),
    "raw file of a camera": (".nef", lambda p, d: write_dng(p, d, fits.Header(CARDS))),
}


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The file cut, or with bytes changed anywhere or near its beginning, or with a part replaced, removed or repeated."""
    content, kind = bytearray(data), dice.randrange(6)
    front = min(len(content), HEADER)
    if kind == 0:
        return bytes(content[: dice.randrange(len(content))])
    if kind == 1:
        return bytes(content) + dice.randbytes(dice.randrange(1, 5000))
    if kind in (2, 3):
        at, size = dice.randrange(front if kind == 2 else len(content)), dice.randrange(1, 200)
        put = dice.randbytes(size) if dice.random() < 0.5 else bytes(size)
        content[at: at + dice.randrange(1, 30 if kind == 2 else 3000)] = put
        return bytes(content)
    for _ in range(dice.randrange(1, 20)):
        content[dice.randrange(len(content) if kind == 4 else front)] = dice.randrange(256)
    return bytes(content)


class Session:
    """A folder with intact lights of a format, among which a damaged file is put."""

    def __init__(self, folder: Path, name: str) -> None:
        suffix, write = WRITERS[name]
        self.folder, self.lights = folder, folder / "lights"
        self.lights.mkdir(parents=True)
        for k in range(INTACT):
            write(self.lights / f"intact{k}{suffix}", pixels(100 + k))
        self.config = RunConfig.model_validate({"input": {"min_frames": INTACT}})
        self.intact = len(scan([folder], self.config).session.lights)

    def fault(self, suffix: str, content: bytes, whole: NDArray[np.float32] | None) -> tuple[str, str]:
        """Put a file among the lights: what became of it, "read" or "left out", and what is wrong with that, "" if nothing.

        ``whole``: the pixels that it must have if it is read; None: any.
        """
        path = self.lights / f"damaged{suffix}"
        path.write_bytes(content)
        try:
            session = scan([self.folder], self.config).session
            kept = [f.path for f in session.lights if f.path.name.startswith("damaged")]
            if len(session.lights) - len(kept) != self.intact:
                return "", "intact lights were left out"
            named = [e for e in session.excluded if e.path.name.startswith("damaged")]
            if not kept:
                right = bool(named) and all(e.reason and e.remedy for e in named)
                return "left out", "" if right else "it was left out without a reason or a remedy"
            return self._read(kept[0], whole)
        except Exception as error:
            return "", f"{type(error).__name__}: {error}"
        finally:
            path.unlink()

    @staticmethod
    def _read(path: Path, whole: NDArray[np.float32] | None) -> tuple[str, str]:
        try:
            with frames.opened(path) as layout:
                found = layout.read()
        except InputError as error:
            return "left out", "" if path.name.split("#")[0] in error.message and error.remedy else "no name or remedy"
        complete = whole is None or (found.shape == whole.shape and np.allclose(found, whole, atol=1e-6))
        return "read", "" if complete else "it was cut, and is read as if it were whole"


def check(name: str, count: int, seed: int, folder: Path) -> Iterator[tuple[int, str, str]]:
    """Damage a file of a format ``count`` times: the number of each, what became of it, and what is wrong with that."""
    suffix, write = WRITERS[name]
    session, dice = Session(folder / "session", name), random.Random(f"{name} {seed}")
    intact = folder / f"intact{suffix}"
    write(intact, pixels(1))
    data = intact.read_bytes()
    with frames.opened(frames.frames_in(intact)[0][0]) as layout:
        whole = layout.read()
    assert session.fault(suffix, data, whole) == ("read", "")
    for number in range(count):
        content = damaged(data, dice)
        outcome, problem = session.fault(suffix, content, whole if data.startswith(content) else None)
        yield number, outcome, problem


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=list(WRITERS))
    given = parser.parse_args()
    failed = 0
    for name in [given.only] if given.only else WRITERS:
        began, outcomes = time.process_time(), Counter[str]()
        with tempfile.TemporaryDirectory() as folder:
            for number, outcome, problem in check(name, given.count, given.seed, Path(folder)):
                outcomes["wrong" if problem else outcome] += 1
                if problem:
                    print(f"{name}, number {number}: {problem}", flush=True)
        failed += outcomes["wrong"]
        print(f"{name:24}{dict(outcomes)}  {time.process_time() - began:.0f} s", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
