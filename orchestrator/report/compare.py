"""Comparison of two runs: images to blink, results, and settings that differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import ConfigError
from orchestrator.io.fits import ImageLayout
from orchestrator.report.files import RunFiles
from orchestrator.report.frames import frame_rows
from orchestrator.report.images import encoded
from orchestrator.report.model import FrameRow, Picture, Table
from orchestrator.report.options import flat
from orchestrator.report.render import asset, page
from orchestrator.report.wording import duration, finite, label, median, number, percent
from orchestrator.report.write import write_text
from orchestrator.rundir.combination_record import single_runs
from tilecore.detect.stars import detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.register import align

__all__ = ["Comparison", "aligned", "compare", "small", "stretched", "write_comparison"]

# Products to compare, in order of preference; both runs must have the same product.
PRODUCTS = ("stacked_rgb.fits", "stacked.fits")
# Longest side of the images in pixels.
SIDE = 1600
# Black and white point relative to the sky, in units of the scatter of the first image.
BLACK = -2.0
WHITE = 60.0
# Strength of the asinh stretch.
SOFTENING = 12
# Largest ratio of the pixel scales of two runs.
MAX_SCALE_CHANGE = 10.0
# Largest difference of a transform from identity for images on the same pixel grid.
SAME_GRID = 1e-3


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


def small(layout: ImageLayout) -> NDArray[np.float32]:
    """The image with at most 1600 px per side, (h, w) or (3, h, w); CFA pixels are averaged."""
    data = replace(layout, unit=1.0).read()
    factor = min(SIDE / max(data.shape[-2:]), 1)
    size = (max(round(data.shape[-1] * factor), 1), max(round(data.shape[-2] * factor), 1))
    planes = [cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (data if data.ndim == 3 else data[None])]
    return np.array(planes if data.ndim == 3 else planes[0], np.float32)


def aligned(image: NDArray[np.float32], reference: NDArray[np.float32]) -> tuple[NDArray[np.float32], str]:
    """``image`` on the pixel grid of ``reference``, and a note: they may differ in reference frame, canvas or scale."""
    h, w = reference.shape[-2:]
    stars = [detect(np.ascontiguousarray(i[1] if i.ndim == 3 else i)) for i in (image, reference)]
    try:
        matrix = align.match(stars[0], stars[1], limits=align.Limits(max_scale_change=MAX_SCALE_CHANGE)).matrix
        note = "The second image was aligned to the first by its stars."
    except align.AlignmentError as error:
        matrix = np.diag([w / image.shape[-1], h / image.shape[-2], 1.0])
        note = f"The second image could not be aligned to the first by its stars ({error}); it may be shifted."
    if image.shape == reference.shape and np.abs(matrix - np.eye(3)).max() < SAME_GRID:
        return image, "Both are on the same pixel grid."
    planes = [cv2.warpPerspective(p, matrix, (w, h), flags=cv2.INTER_CUBIC) for p in (image if image.ndim == 3 else image[None])]
    return np.array(planes if image.ndim == 3 else planes[0], np.float32), note


def stretched(images: list[NDArray[np.float32]]) -> list[NDArray[np.uint8]]:
    """8-bit images in the channel order of OpenCV. Black is the sky of each image; the stretch above it is common to all."""
    planes = [i if i.ndim == 3 else i[None] for i in images]
    spread = [mad_sigma(p) for p in planes[0]]
    width = max(float(np.median(spread)), 1e-9)
    found = []
    for picture in planes:
        sky = np.median(picture.reshape(len(picture), -1), axis=1)[:, None, None]
        light = np.clip((picture - sky - BLACK * width) / ((WHITE - BLACK) * width), 0, None)
        tones = np.clip(np.arcsinh(SOFTENING * light) / np.arcsinh(SOFTENING), 0, 1)
        pixels = np.rint(255 * tones).astype(np.uint8)
        found.append(np.moveaxis(pixels[::-1], 0, -1) if len(pixels) == 3 else pixels[0])
    return found
