"""Figures and table of the resources that a run used over time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from orchestrator.report.files import RunFiles
from orchestrator.report.model import Figure, Table
from orchestrator.report.wording import duration, finite, number
from orchestrator.rundir.resource_samples import CSV_NAME, ResourceSample, read_samples

__all__ = ["resource_figures", "resource_table"]

MIB, GIB = 2**20, 2**30


def resource_figures(files: RunFiles) -> tuple[Figure, ...]:
    """Processor, memory and disk over the time of the last attempt; none without samples."""
    samples = read_samples(files.directory / "artifacts" / CSV_NAME)
    samples = [s for s in samples if s.attempt == samples[-1].attempt]
    if len(samples) < 3:
        return ()
    seconds = [s.seconds for s in samples]
    rates = [(s.seconds, (s.cpu_s - before.cpu_s) / (s.seconds - before.seconds)) for before, s in pairwise(samples)
             if s.seconds > before.seconds]
    cores = [round(value, 3) for _, value in rates]
    memory = [s.memory_bytes / GIB for s in samples]
    programs = [s.programs_bytes / GIB for s in samples]
    lines = [_line("this process", seconds, memory)]
    if any(programs):
        lines.append(_line("programs and workers", seconds, programs))
    moved = [_line("read", seconds, [s.read_bytes / MIB for s in samples]),
             _line("written", seconds, [s.written_bytes / MIB for s in samples])]
    count = files.json("resources").get("processors")
    return (
        _figure("Processors busy", f"{number(max(cores, default=0.0))} of {number(count)} processors busy at most.",
                [_line("processors busy", [t for t, _ in rates], cores)], "processors",
                "Of this process and the programs that it runs."),
        _figure("Memory (GiB)", f"{number(max(memory), 'GiB')} at most; {_least(samples, 'free_memory_bytes')} were free "
                "at least.", lines, "GiB", "Resident memory."),
        _figure("Disk (MiB)", f"{_mib(samples[-1].read_bytes)} read and {_mib(samples[-1].written_bytes)} written; "
                f"{_least(samples, 'free_disk_bytes')} were free at least.", moved, "MiB",
                "Since the start. Data that the system had in its cache are not read from the disk."))


def resource_table(files: RunFiles) -> tuple[Table, ...]:
    """Processor time and disk transfers of each phase of the last attempt."""
    found: list[dict[str, Any]] = [p for p in files.json("resources").get("phases") or [] if isinstance(p, dict)]
    rows = tuple((str(p.get("phase")), duration(p.get("cpu_s")), *(_mib(p.get(key)) for key in ("read_bytes", "written_bytes")))
                 for p in found)
    return (Table("Resources of the phases", ("phase", "processor time", "read", "written"), rows,
                  f"All samples over time are in {CSV_NAME} beside this file."),) if rows else ()


def _mib(value: Any) -> str:
    known = finite(value)
    return "–" if known is None else f"{known / MIB:.1f} MiB"


def _least(samples: Sequence[ResourceSample], name: str) -> str:
    return number(min(getattr(s, name) for s in samples) / GIB, "GiB")


def _line(name: str, x: list[float], y: list[float]) -> dict[str, Any]:
    return {"name": name, "x": x, "y": [round(v, 4) for v in y], "plain": True}


def _figure(title: str, alt: str, lines: list[dict[str, Any]], unit: str, note: str) -> Figure:
    return Figure("curve", title, alt, {"lines": lines, "xunit": "s", "unit": unit, "zero": True}, note)
