"""Siril's results in the session cache: masters, and the registration of a whole sequence.

Siril registers all frames to one reference that it chooses among them: with other lights the whole sequence is registered again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence as Many
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import FrameReader
from orchestrator.engines.siril.sequence_file import SeqImage, Sequence, read_seq, read_stars
from orchestrator.errors import ToolError
from orchestrator.message import Message
from orchestrator.rundir.directory import file_hash
from orchestrator.runtime.cache import key_of, pixels_id
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo
from orchestrator.tools.siril.cli import SirilProgram
from orchestrator.tools.siril.script import render, safe_name

__all__ = ["Registered", "find_registration", "keep_registration", "master_key", "read_registration", "registration_key"]

# Kind of cache entry for registrations.
KIND = "transforms"


@dataclass(frozen=True)
class Registered:
    """A registered sequence, and the stars of each of its frames: (n, 2) x, y."""

    sequence: Sequence
    stars: list[NDArray[np.float64]]


def master_key(context: RunContext, probe: SirilProgram, template: str, frames: Many[FrameInfo], needed: dict[str, Path],
               values: dict[str, object]) -> str:
    """Cache key of a master: the files of the frames (their headers enter its own), what is subtracted, the script, Siril."""
    if context.cache is None:
        return ""
    with contextlib.suppress(OSError):  # reported when they are combined
        return key_of("masters", probe.text, _script(context, template, values), _hashed(context, [f.path for f in frames]),
                      [f.reading for f in frames],
                      {kind: file_hash(path) for kind, path in needed.items()})
    return ""


def registration_key(context: RunContext, probe: SirilProgram, readers: Many[FrameReader], top_down: bool,
                     values: dict[str, object]) -> str:
    """Cache key of the registration of calibrated lights: their pixels in order, the script, Siril."""
    if context.cache is None:
        return ""
    with contextlib.suppress(OSError), ThreadPoolExecutor(context.workers) as pool:
        pixels = list(pool.map(lambda reader: _pixels(context, reader), readers))
        return key_of(KIND, "siril", probe.text, _script(context, "register", values), top_down, pixels)
    return ""


def read_registration(folder: Path, count: int, height: int) -> Registered:
    """Siril's registration of ``count`` lights with ``height`` rows in a folder. ToolError if it is incomplete."""
    sequence = read_seq(folder / "pp_light_.seq")
    if len(sequence.images) != count:
        raise ToolError(Message("Siril lists {count} of {count2} lights.", count=len(sequence.images),
                                count2=count), tool="siril-cli")
    return Registered(sequence, [read_stars(folder / "cache" / safe_name("pp_light", k, "lst"), height)
                                 for k in range(1, count + 1)])


def find_registration(context: RunContext, key: str) -> Registered | None:
    """The registration stored under a key, None if there is none."""
    found = context.cache.get(KIND, key) if context.cache is not None and key else None
    if found is None:
        return None
    reference, included, known, matrices, stars = found
    images = tuple(SeqImage(k + 1, bool(included[k]), matrices[k] if known[k] else None) for k in range(len(known)))
    return Registered(Sequence("pp_light_", int(reference), images), list(stars))


def keep_registration(context: RunContext, key: str, found: Registered) -> None:
    """Store a registration under a key, if there is a cache."""
    if context.cache is None or not key:
        return
    images = found.sequence.images
    matrices = np.array([np.zeros((3, 3)) if i.matrix is None else i.matrix for i in images])
    context.cache.put(KIND, key, (found.sequence.reference, np.array([i.included for i in images]),
                                  np.array([i.matrix is not None for i in images]), matrices, tuple(found.stars)))


def _script(context: RunContext, template: str, values: dict[str, Any]) -> str:
    """The script with fixed threads and memory, which do not change the result."""
    return render(f"{template}.ssf.j2", context.config.engine.siril.templates, threads=1, memory_gb=1.0, **values)


def _hashed(context: RunContext, paths: list[Path]) -> list[str]:
    def one(path: Path) -> str:
        context.check()
        return file_hash(path)

    with ThreadPoolExecutor(context.workers) as pool:
        return list(pool.map(one, paths))


def _pixels(context: RunContext, reader: FrameReader) -> str:
    context.check()
    return pixels_id(reader.layout)  # type: ignore[attr-defined]
