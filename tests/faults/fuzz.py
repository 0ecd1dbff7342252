"""Small sessions with one file, or one kind of file, mutated: python -m tests.faults.fuzz [--sessions 10000] [--seed 0]

A mutated session may leave the mutated file out or refuse what cannot be right, with a message; it must not end with a traceback,
must not be lost to one file, and must not end `ok` without a word and with other pixels than the clean session. Raw files stay as
they are.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator import RunConfig, run
from orchestrator.errors import OrchestrateError
from orchestrator.simulation import PRESETS, simulate
from tilecore.detect.stars import aperture_flux, detect

Image = NDArray[np.float32]
SETTINGS = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
            "pcc": {"enabled": False}, "output": {"report": False, "preview": False},
            "input": {"allow_emergency_mode": True}, "runtime": {"workers": 1}}
# Largest change of the sky and of the median star flux without a word.
LIMIT = 0.01
KINDS = ("lights", "darks", "flats", "biases")
# Values that cards take.
ODD = (0, -1, 1, 5, 1e9, float(2**31), "", " ", "abc", "60,0", "1e5", "None", "nan", True, "2026-13-45T99:99:99", "é")
CARDS = ("EXPTIME", "EXPOSURE", "GAIN", "OFFSET", "CCD-TEMP", "SET-TEMP", "DATE-OBS", "IMAGETYP", "BAYERPAT", "XBINNING",
         "YBINNING", "ROWORDER", "FILTER", "INSTRUME", "OBJECT", "RA", "DEC", "FOCALLEN", "XPIXSZ", "CALSTAT", "PEDESTAL",
         "NCOMBINE", "STACKCNT", "DATASUM", "CHECKSUM", "BSCALE", "BZERO", "BLANK", "ROTATOR", "TELESCOP",
         "CRPIX1", "CD1_1", "CTYPE1")


@dataclass
class Mutation:
    """What was done to a session: the ``files`` concerned, and a description."""

    what: str
    files: list[Path]


def _one(session: Path, chance: random.Random, kind: str | None = None) -> Path:
    return chance.choice(sorted((session / (kind or chance.choice(KINDS))).iterdir()))


def _write(path: Path, data: NDArray[np.generic], header: fits.Header) -> None:
    fits.PrimaryHDU(data, header).writeto(path, overwrite=True, output_verify="silentfix")


def _card(session: Path, chance: random.Random) -> Mutation:
    path, card, value = _one(session, chance), chance.choice(CARDS), chance.choice(ODD)
    with fits.open(path, mode="update", output_verify="silentfix", do_not_scale_image_data=True) as file:
        try:
            file[0].header[card] = value
        except ValueError:
            file[0].header[card] = "odd"
    return Mutation(f"{card}={value!r}", [path])


def _no_card(session: Path, chance: random.Random) -> Mutation:
    path = _one(session, chance)
    with fits.open(path, mode="update", do_not_scale_image_data=True) as file:
        cards = [c for c in file[0].header if c in CARDS and c not in ("BZERO", "BSCALE")]
        if cards:
            card = chance.choice(cards)
            del file[0].header[card]
            return Mutation(f"no {card}", [path])
    return Mutation("nothing", [path])


def _bytes(session: Path, chance: random.Random) -> Mutation:
    """Some bytes of the header or of the pixels are others."""
    path = _one(session, chance)
    data = bytearray(path.read_bytes())
    header = chance.random() < 0.5
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(0, 2880) if header else chance.randrange(2880, len(data))
        data[at] = chance.randrange(256)
    path.write_bytes(bytes(data))
    return Mutation("bytes of the header" if header else "bytes of the pixels", [path])


def _pixels(session: Path, chance: random.Random) -> Mutation:
    path = _one(session, chance)
    what = chance.choice(("x100", "+5000", "-3000", "zeros", "rows", "border", "flipped", "turned", "noise", "constant",
                          "saturated", "shifted rows", "half", "x16", "/16", "negative", "checkerboard"))
    with fits.open(path) as file:
        data, header = file[0].data.astype(np.float64), file[0].header
    middle = len(data) // 2
    changes: dict[str, Callable[[], NDArray[np.float64]]] = {
        "x100": lambda: data * 100, "+5000": lambda: data + 5000, "-3000": lambda: data - 3000, "zeros": lambda: data * 0,
        "rows": lambda: np.where(np.arange(len(data))[:, None] > middle, 0, data),
        "border": lambda: np.where(np.arange(len(data))[:, None] < 8, 0, data), "flipped": lambda: data[::-1],
        "turned": lambda: data[::-1, ::-1],
        "noise": lambda: np.random.default_rng(chance.randrange(999)).normal(1000, 50, data.shape),
        "constant": lambda: np.full_like(data, 700), "saturated": lambda: np.full_like(data, 65535),
        "shifted rows": lambda: np.where(np.arange(len(data))[:, None] > middle, np.roll(data, 17, axis=1), data),
        "half": lambda: np.where(np.arange(len(data))[:, None] > middle, data * 0.5, data), "x16": lambda: data * 16,
        "/16": lambda: data / 16, "negative": lambda: -data,
        "checkerboard": lambda: data + 400 * ((np.add.outer(*map(np.arange, data.shape))) % 2)}
    _write(path, np.clip(np.rint(changes[what]()), 0, 65535).astype(np.uint16), header)
    return Mutation(f"pixels {what}", [path])


def _type(session: Path, chance: random.Random) -> Mutation:
    """Other data type, unit, number of planes or size."""
    path = _one(session, chance)
    what = chance.choice(("float ADU", "float 0..1", "float with NaN", "float with inf", "int32", "int16", "three planes",
                          "cropped", "binned", "table", "extension", "uint8"))
    with fits.open(path) as file:
        data, header = file[0].data.astype(np.float64), file[0].header
    for card in ("BZERO", "BSCALE"):
        header.remove(card, ignore_missing=True)
    holes = np.where(np.arange(data.shape[1]) < 9, np.nan, data)
    made = {"float ADU": data.astype(np.float32), "float 0..1": (data / 65535).astype(np.float32),
            "float with NaN": holes.astype(np.float32),
            "float with inf": np.where(np.isnan(holes), np.inf, data).astype(np.float32),
            "int32": data.astype(np.int32), "int16": np.minimum(data, 32767).astype(np.int16),
            "three planes": np.array([data] * 3).astype(np.uint16), "cropped": data[:-4, :-6].astype(np.uint16),
            "binned": data[::2, ::2].astype(np.uint16), "uint8": (data / 257).astype(np.uint8)}
    if what == "table":
        fits.BinTableHDU.from_columns([fits.Column("a", "E", array=np.arange(9))]).writeto(path, overwrite=True)
    elif what == "extension":
        parts = fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(data.astype(np.uint16), header)])
        parts.writeto(path, overwrite=True, output_verify="silentfix")
    else:
        _write(path, made[what], header)
    return Mutation(what, [path])


def _file(session: Path, chance: random.Random) -> Mutation:
    path = _one(session, chance)
    what = chance.choice(("truncated", "empty", "text", "copy", "gz", "broken gz", "moved", "link to itself", "odd name",
                          "hidden", "gone"))
    content = path.read_bytes()
    files = [path]
    if what == "truncated":
        path.write_bytes(content[: chance.randrange(1, len(content))])
    elif what in ("empty", "text"):
        path.write_bytes(b"" if what == "empty" else b"SIMPLE  = T, but this is a text\n" * 40)
    elif what == "copy":
        files.append(Path(shutil.copy(path, path.with_name("copy_" + path.name))))
    elif what in ("gz", "broken gz"):
        packed = bytearray(gzip.compress(content, 1))
        if what == "broken gz":
            packed[len(packed) // 2] ^= 0xFF
        files.append(path.with_name(path.name + ".gz"))
        files[-1].write_bytes(bytes(packed))
        path.unlink()
    elif what == "moved":
        kind = chance.choice([k for k in KINDS if k != path.parent.name])
        files.append(path.rename(session / kind / ("moved_" + path.name)))
    elif what == "link to itself":
        (path.parent / "loop").symlink_to(path.parent)
    elif what == "odd name":
        files.append(path.rename(path.with_name("ö; $(x) 'q' " + path.name)))
    elif what == "hidden":
        (path.parent / ("._" + path.name)).write_bytes(content[:4000])
    else:
        path.unlink()
    return Mutation(f"file {what}", files)


def _whole_kind(session: Path, chance: random.Random) -> Mutation:
    """All calibration frames of a kind are wrong in the same way: may be refused."""
    kind = chance.choice(KINDS[1:])
    what = chance.choice(("gone", "saturated", "x4", "/16", "flipped with ROWORDER", "float 0..1", "other exposure",
                          "other gain"))
    files = sorted((session / kind).iterdir())
    for path in files:
        if what == "gone":
            path.unlink()
            continue
        with fits.open(path) as file:
            data, header = file[0].data.astype(np.float64), file[0].header
        factor = {"saturated": 1e6, "x4": 4, "/16": 1 / 16}.get(what, 1)
        values: NDArray[np.generic] = np.clip(data * factor, 0, 65535).astype(np.uint16)
        if what == "flipped with ROWORDER":
            values, header["ROWORDER"] = values[::-1], "BOTTOM-UP"
        elif what == "float 0..1":
            values = (data / 65535).astype(np.float32)
            header.remove("BZERO", ignore_missing=True)
        elif what == "other exposure":
            header["EXPTIME"] = 3 * float(header.get("EXPTIME") or 1)
        elif what == "other gain":
            header["GAIN"] = 777
        _write(path, values, header)
    return Mutation(f"all {kind} {what}", files)


MUTATIONS: tuple[Callable[[Path, random.Random], Mutation], ...] = (_card, _no_card, _bytes, _pixels, _type, _file, _whole_kind)


@dataclass(frozen=True)
class Picture:
    """The sky (ADU) in the middle and the corners, and fluxes of the bright stars, of a stack."""

    sky: NDArray[np.float64]
    image: Image


def _picture(path: Path) -> Picture:
    image = np.asarray(fits.getdata(path), np.float32)
    image = image if image.ndim == 2 else image[1]
    h, w = image.shape
    corners = [image[y: y + h // 5, x: x + w // 5] for y in (8, h - h // 5 - 8) for x in (8, w - w // 5 - 8)]
    parts = [image[h // 3: 2 * h // 3, w // 3: 2 * w // 3], *corners]
    return Picture(np.array([float(np.median(p)) for p in parts]), image)


def _change(clean: Picture, found: Picture) -> float:
    """Largest relative change of the sky and of the median star flux; infinite for another size."""
    if clean.image.shape != found.image.shape:
        return float("inf")
    stars = detect(clean.image)
    stars = stars[~stars["saturated"] & (stars["snr"] > 50)][:25]
    a, b = (aperture_flux(p.image, stars["x"], stars["y"], 5.0) for p in (clean, found))
    good = np.isfinite(a) & np.isfinite(b) & (a > 0)
    flux = abs(float(np.median(b[good] / a[good])) - 1) if good.sum() >= 3 else 0.0
    return max(flux, float(np.max(np.abs(found.sky / clean.sky - 1))))


def _digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*"))
            if p.is_file() and not p.is_symlink() and "loop" not in p.parts}


@dataclass(frozen=True)
class Base:
    """A clean session and its stack."""

    session: Path
    clean: Picture
    noise: float


def make_base(folder: Path, pattern: str | None = None) -> Base:
    """A clean session of 8 lights of 128 x 160 px, its stack, and the change of a stack without one light."""
    config = replace(PRESETS["tiny_mono" if pattern is None else "tiny_osc"], width=160, height=128, n_frames=8, n_dark=4,
                     n_flat=4, n_bias=4, n_stars=40, trails=0, seed=3)
    simulate(config, folder / "session")
    session = folder / "session"
    clean = _picture(_stack(session, folder / "clean"))
    fewer = folder / "fewer"
    shutil.copytree(session, fewer)
    sorted((fewer / "lights").iterdir())[-1].unlink()
    return Base(session, clean, _change(clean, _picture(_stack(fewer, folder / "runs-fewer"))))


def _stack(session: Path, runs: Path) -> Path:
    result = run(session, RunConfig.model_validate(SETTINGS), runs_dir=runs)
    if result.error is not None:
        raise result.error
    return result.products.get("stacked_rgb", result.products.get("stacked", Path()))


def trial(base: Base, seed: int, folder: Path) -> tuple[str, str, str]:
    """Outcome (ok, named, refused, lost, shifted, traceback, raw), the mutation, details."""
    chance = random.Random(seed)
    session = folder / "session"
    shutil.copytree(base.session, session, symlinks=True)
    mutation = chance.choice(MUTATIONS)(session, chance)
    before = _digests(session)
    whole = mutation.what.startswith("all ")
    try:
        result = run(session, RunConfig.model_validate(SETTINGS), runs_dir=folder / "runs")
    except Exception:
        return "traceback", mutation.what, traceback.format_exc(limit=-4)
    if _digests(session) != before:
        return "raw", mutation.what, "raw files changed"
    if result.error is not None:
        if not isinstance(result.error, OrchestrateError) or "internal error" in str(result.error).lower():
            return "traceback", mutation.what, str(result.error)
        return "refused" if whole else "lost", mutation.what, f"{[p.name for p in mutation.files][:2]}: {result.error}"
    record = json.loads((result.directory / "artifacts" / "scan_input.json").read_text("utf-8"))
    words = " ".join(result.warnings) + json.dumps(record, default=str)
    change = _change(base.clean, _picture(result.products.get("stacked_rgb", result.products.get("stacked", Path()))))
    if change <= LIMIT + base.noise:
        return "ok", mutation.what, ""
    named = result.status != "ok" or any(p.name in words for p in mutation.files) or (whole and bool(result.warnings))
    files = [f"{p.parent.name}/{p.name}" for p in mutation.files]
    return "named" if named else "shifted", mutation.what, f"{files[:2]}: {change:.3f}"


def fuzz(sessions: int, seed: int, folder: Path, *, report: Callable[[str], None] = print) -> list[str]:
    """Problems found in ``sessions`` mutated sessions."""
    bases = [make_base(folder / "mono"), make_base(folder / "osc", "RGGB")]
    counts: Counter[str] = Counter()
    problems = []
    began = time.monotonic()
    for k in range(seed, seed + sessions):
        place = folder / "trial"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        outcome, what, detail = trial(bases[k % 2], k, place)
        counts[outcome] += 1
        if outcome in ("traceback", "raw", "lost", "shifted"):
            problems.append(f"seed {k}: {outcome}: {what}: {detail}")
            report(problems[-1])
        if (k - seed + 1) % 100 == 0:
            report(f"{k - seed + 1} sessions in {time.monotonic() - began:.0f} s: {dict(counts)}")
    report(f"{sessions} sessions: {dict(counts)}")
    return problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(bool(fuzz(given.sessions, given.seed, Path(folder), report=lambda text: print(text, flush=True))))


if __name__ == "__main__":
    main()
