"""Comparison of two runs: images to blink, results, and settings that differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from orchestrator.errors import ConfigError
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.report.images import encoded
from orchestrator.report.model import FrameRow, Picture, Table
from orchestrator.report.options import flat
from orchestrator.report.render import asset, page
from orchestrator.report.same_pixels import PRODUCTS, aligned, small, stretched
from orchestrator.report.wording import duration, finite, label, median, number, percent
from orchestrator.report.write import write_text
from orchestrator.rundir.combination_record import single_runs

__all__ = ["Comparison", "compare", "write_comparison"]



@dataclass(frozen=True)
class Comparison:
    """``measures``: quantity, A, B, change; ``settings``: setting, A, B; ``frames``: file, in A, in B; the latter two only where
    the runs differ."""

    names: tuple[str, str]
    measures: Table
    settings: Table
    frames: Table
    pictures: tuple[Picture, ...]
    note: str


@dataclass(frozen=True)
class _Side:
    """One of the two runs."""

    files: RunFiles
    rows: list[FrameRow]

    @classmethod
    def of(cls, directory: Path) -> _Side:
        """A run, or several with the frames of all filters and fields."""
        files = RunFiles(directory)
        return cls(files, [row for part in single_runs(directory) for row in frame_rows(RunFiles(part))])

    @property
    def used(self) -> list[FrameRow]:
        return [r for r in self.rows if r.registered]


def compare(a: Path, b: Path) -> Comparison:
    """Compare two runs. Raises InputError if a folder is not a run directory, ConfigError if both are the same run."""
    if a.resolve() == b.resolve():
        raise ConfigError(f"{a} and {b} are the same run.", "Give two different runs.")
    sides = (_Side.of(a), _Side.of(b))
    names = (a.resolve().name, b.resolve().name)
    if names[0] == names[1]:
        names = (str(a.resolve()), str(b.resolve()))
    pictures, note = _pictures(sides, names)
    return Comparison(names, _measures(sides, names), _settings(sides, names), _frames(sides, names), pictures, note)


def write_comparison(comparison: Comparison, path: Path) -> Path:
    """Write the comparison as one HTML file."""
    a, b = comparison.names
    write_text(path, page("compare.html.j2", asset("report.css"), asset("compare.js"), comparison=comparison,
                          title=f"{a} and {b}"))
    return path


def _measures(sides: tuple[_Side, _Side], names: tuple[str, str]) -> Table:
    rows = []
    measured = [_measured(s) for s in sides]
    for name, (a, unit, kind) in measured[0].items():
        b = measured[1][name][0]
        change = ""
        if isinstance(a, float) and isinstance(b, float) and a:
            change = f"{100 * (b / a - 1):+.1f} %"
        rows.append((name, _shown(a, unit, kind), _shown(b, unit, kind), change))
    return Table("Results", ("quantity", *names, "change"), tuple(rows))


def _shown(value: Any, unit: str, kind: str) -> str:
    if isinstance(value, str):
        return value
    return duration(value) if kind == "time" else percent(value) if kind == "share" else number(value, unit)


def _measured(side: _Side) -> dict[str, tuple[Any, str, str]]:
    """Label -> value, unit, kind ("time", "share" or "")."""
    files, used, figures = side.files, side.used, side.files.statistics
    effective = files.json("local_metrics").get("effective_frames") or []
    rows: dict[str, tuple[Any, str, str]] = {
        "status": (str(files.manifest.get("status", "unfinished")), "", ""),
        label("frames_used"): (finite(len(used)), "", ""),
        "integration": (finite(sum(r.exposure or 0 for r in used)), "", "time"),
        label("frame_fwhm_px"): (median(r.fwhm for r in used), "px", ""),
        label("fwhm_px"): (figures.fwhm_px, "px", ""),
        label("plain_mean_fwhm_px"): (figures.plain_mean_fwhm_px, "px", ""),
        label("noise_adu"): (figures.noise_adu, "ADU", ""),
        label("information_kept"): (figures.information_kept, "", "share"),
        label("information_kept_model"): (figures.information_kept_model, "", "share"),
        "equivalent frames": (figures.equivalent_frames, "", ""),
        "effective frames in a tile, median": (finite(effective[1]) if len(effective) == 3 else None, "", ""),
        label("seam_score"): (figures.seam_score, "", ""),
        label("rejected_share"): (figures.rejected_share, "", "share"),
        label("trails_left_out"): (finite(figures.trails_left_out), "", ""),
        label("seconds"): (sum(finite(p.get("seconds")) or 0.0 for p in files.phases), "", "time"),
    }
    return rows


def _settings(sides: tuple[_Side, _Side], names: tuple[str, str]) -> Table:
    found = [flat(s.files.config) for s in sides]
    rows = [(key, _text(found[0].get(key)), _text(found[1].get(key))) for key in dict.fromkeys([*found[0], *found[1]])
            if found[0].get(key) != found[1].get(key)]
    versions = [s.files.manifest.get("versions") or {} for s in sides]
    rows += [(f"version of {k}", _text(versions[0].get(k)), _text(versions[1].get(k)))
             for k in dict.fromkeys([*versions[0], *versions[1]]) if versions[0].get(k) != versions[1].get(k)]
    return Table("Settings and versions that differ", ("setting", *names), tuple(rows))


def _text(value: Any) -> str:
    return {None: "none", True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool | None) else str(value)


def _frames(sides: tuple[_Side, _Side], names: tuple[str, str]) -> Table:
    """Frames that only one of the runs uses, and the reason of the other."""
    found = [{r.path: r for r in s.rows} for s in sides]

    def state(row: FrameRow | None) -> str:
        return "not in the session" if row is None else "used" if row.kept else f"left out: {row.reason}"

    rows = [((found[0].get(path) or found[1][path]).file, state(found[0].get(path)), state(found[1].get(path)))
            for path in dict.fromkeys([*found[0], *found[1]])
            if (path in found[0] and found[0][path].kept) != (path in found[1] and found[1][path].kept)]
    return Table("Frames used by one run only", ("file", *names), tuple(rows))


def _pictures(sides: tuple[_Side, _Side], names: tuple[str, str]) -> tuple[tuple[Picture, ...], str]:
    """Both stacks with one stretch, B aligned to A by its stars; and a note on the alignment."""
    for product in PRODUCTS:
        layouts = [s.files.image(product) for s in sides]
        if layouts[0] is not None and layouts[1] is not None:
            break
    else:
        return (), "The runs have no product in common that can be blinked."
    images = [small(layout) for layout in layouts if layout is not None]
    if images[0].ndim != images[1].ndim:
        return (), "One stack is a colour image, the other is not: they are not blinked."
    images[1], note = aligned(images[1], images[0])
    upright = bool(sides[0].files.json("registration").get("top_down", True))
    pixels = stretched(images)
    uris = [encoded(np.ascontiguousarray(p if upright else p[::-1]), 86) for p in pixels]
    return tuple(Picture(name, f"The stack of {name}", uri, pixels[0].shape[1], pixels[0].shape[0])
                 for name, uri in zip(names, uris, strict=True)), f"{product}, one stretch for both. {note}"
