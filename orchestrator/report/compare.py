"""Two runs side by side: a picture to blink, what changed, and which settings made it."""

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
from orchestrator.report.render import asset, page
from orchestrator.report.wording import duration, finite, median, number, percent
from orchestrator.report.write import write_text
from orchestrator.rundir.combination_record import CombinationRecord, is_combination
from orchestrator.rundir.provenance import flat
from tilecore.detect.stars import detect
from tilecore.numerics.statistics import mad_sigma
from tilecore.register import align

__all__ = ["Comparison", "compare", "laid_over", "small", "stretched", "write_comparison"]

# The most linear of the products that both runs have, colours first: the same kind is compared with the same kind.
PRODUCTS = ("stacked_rgb.fits", "stacked.fits")
SIDE = 1600
# Where black and white lie, in deviations from the sky of the first picture.
BLACK, WHITE = -2.0, 60.0


@dataclass(frozen=True)
class Comparison:
    """``measures``: what, A, B, change; ``settings``: setting, A, B; ``frames``: file, in A, in B; only what differs."""

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
        """A run, or that of several filters with the frames of all of them."""
        files = RunFiles(directory)
        parts = CombinationRecord.read(directory).runs() if is_combination(directory) else [directory]
        return cls(files, [row for part in parts for row in frame_rows(RunFiles(part))])

    @property
    def used(self) -> list[FrameRow]:
        return [r for r in self.rows if r.registered]


def compare(a: Path, b: Path) -> Comparison:
    """What differs between two runs. Raises InputError when a folder holds no run, ConfigError when both are the same."""
    if a.resolve() == b.resolve():
        raise ConfigError(f"{a} and {b} are the same run.", "Name two runs.")
    sides = (_Side.of(a), _Side.of(b))
    names = (a.resolve().name, b.resolve().name)
    if names[0] == names[1]:
        names = (str(a.resolve()), str(b.resolve()))
    pictures, note = _pictures(sides, names)
    return Comparison(names, _measures(sides, names), _settings(sides, names), _frames(sides, names), pictures, note)


def write_comparison(comparison: Comparison, path: Path) -> Path:
    """The comparison as one HTML file."""
    a, b = comparison.names
    write_text(path, page("compare.html.j2", asset("report.css"), asset("compare.js"), comparison=comparison,
                          title=f"{a} and {b}"))
    return path


def _measures(sides: tuple[_Side, _Side], names: tuple[str, str]) -> Table:
    rows = []
    measured = [_measured(s) for s in sides]
    for label, (a, unit, kind) in measured[0].items():
        b = measured[1][label][0]
        change = ""
        if isinstance(a, float) and isinstance(b, float) and a:
            change = f"{100 * (b / a - 1):+.1f} %"
        rows.append((label, _say(a, unit, kind), _say(b, unit, kind), change))
    return Table("What came out", ("measured", *names, "change"), tuple(rows))


def _say(value: Any, unit: str, kind: str) -> str:
    if isinstance(value, str):
        return value
    return duration(value) if kind == "time" else percent(value) if kind == "share" else number(value, unit)


def _measured(side: _Side) -> dict[str, tuple[Any, str, str]]:
    """Label: value, unit, kind."""
    files, used = side.files, side.used
    checks, local = files.json("validation"), files.json("local_metrics")
    rejected = files.phase("TILE_RECONSTRUCTION")["summary"]
    effective = local.get("effective_frames") or []
    return {
        "status": (str(files.manifest.get("status", "unfinished")), "", ""),
        "frames used": (finite(len(used)), "", ""),
        "integration": (finite(sum(r.exposure or 0 for r in used)), "", "time"),
        "FWHM of the frames, median": (median(r.fwhm for r in used), "px", ""),
        "FWHM of the stack": (finite(checks.get("fwhm_px")), "px", ""),
        "FWHM of the plain mean": (finite(checks.get("fwhm_plain_mean_px")), "px", ""),
        "noise of the stack": (finite(checks.get("noise_adu")), "ADU", ""),
        "information kept": (finite(checks.get("information_kept")), "", "share"),
        "equivalent frames": (finite(checks.get("equivalent_frames")), "", ""),
        "effective frames in a tile, median": (finite(effective[1]) if len(effective) == 3 else None, "", ""),
        "seam score": (finite(checks.get("seam_score")), "", ""),
        "pixels rejected": (finite(rejected.get("rejected_share")), "", "share"),
        "trails left out": (finite(rejected.get("trails")), "", ""),
        "time of the run": (sum(finite(p.get("seconds")) or 0.0 for p in files.phases), "", "time"),
    }


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
    """Frames that only one of the runs uses, and why the other does not."""
    found = [{r.path: r for r in s.rows} for s in sides]

    def state(row: FrameRow | None) -> str:
        return "not there" if row is None else "used" if row.kept else f"left out: {row.reason}"

    rows = [((found[0].get(path) or found[1][path]).file, state(found[0].get(path)), state(found[1].get(path)))
            for path in dict.fromkeys([*found[0], *found[1]])
            if (path in found[0] and found[0][path].kept) != (path in found[1] and found[1][path].kept)]
    return Table("Frames that only one uses", ("file", *names), tuple(rows))


def _pictures(sides: tuple[_Side, _Side], names: tuple[str, str]) -> tuple[tuple[Picture, ...], str]:
    """Both stacks with one stretch, B laid over A by its stars; and how they were made comparable."""
    for product in PRODUCTS:
        layouts = [s.files.image(product) for s in sides]
        if layouts[0] is not None and layouts[1] is not None:
            break
    else:
        return (), "The runs have no stack in common that could be blinked."
    images = [small(layout) for layout in layouts if layout is not None]
    if images[0].ndim != images[1].ndim:
        return (), "One stack has colours, the other has none: they are not blinked."
    images[1], note = laid_over(images[1], images[0])
    upright = bool(sides[0].files.json("registration").get("top_down", True))
    pixels = stretched(images)
    uris = [encoded(np.ascontiguousarray(p if upright else p[::-1]), 86) for p in pixels]
    return tuple(Picture(name, f"The stack of {name}", uri, pixels[0].shape[1], pixels[0].shape[0])
                 for name, uri in zip(names, uris, strict=True)), f"{product}, one stretch for both. {note}"


def small(layout: ImageLayout) -> NDArray[np.float32]:
    """The image at no more than 1600 px a side, (h, w) or (3, h, w); colours of a mosaic are joined."""
    data = replace(layout, unit=1.0).read()
    factor = min(SIDE / max(data.shape[-2:]), 1)
    size = (max(round(data.shape[-1] * factor), 1), max(round(data.shape[-2] * factor), 1))
    planes = [cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (data if data.ndim == 3 else data[None])]
    return np.array(planes if data.ndim == 3 else planes[0], np.float32)


def laid_over(image: NDArray[np.float32], reference: NDArray[np.float32]) -> tuple[NDArray[np.float32], str]:
    """``image`` on the pixels of ``reference``: they may have other reference frames, canvases or scales."""
    h, w = reference.shape[-2:]
    stars = [detect(np.ascontiguousarray(i[1] if i.ndim == 3 else i)) for i in (image, reference)]
    try:
        matrix = align.match(stars[0], stars[1], limits=align.Limits(max_scale_change=10.0)).matrix
        note = "The second was laid over the first by its stars."
    except align.AlignmentError as error:
        matrix = np.diag([w / image.shape[-1], h / image.shape[-2], 1.0])
        note = f"The second could not be laid over the first by its stars ({error}); it may be shifted."
    if image.shape == reference.shape and np.abs(matrix - np.eye(3)).max() < 1e-3:
        return image, "Both lie on the same pixels."
    planes = [cv2.warpPerspective(p, matrix, (w, h), flags=cv2.INTER_CUBIC) for p in (image if image.ndim == 3 else image[None])]
    return np.array(planes if image.ndim == 3 else planes[0], np.float32), note


def stretched(images: list[NDArray[np.float32]]) -> list[NDArray[np.uint8]]:
    """8-bit pictures in the order of OpenCV. Each has its own sky for black; noise and stars keep their ratio between both."""
    planes = [i if i.ndim == 3 else i[None] for i in images]
    spread = [mad_sigma(p) for p in planes[0]]
    width = max(float(np.median(spread)), 1e-9)
    found = []
    for picture in planes:
        sky = np.median(picture.reshape(len(picture), -1), axis=1)[:, None, None]
        light = np.clip((picture - sky - BLACK * width) / ((WHITE - BLACK) * width), 0, None)
        tones = np.clip(np.arcsinh(12 * light) / np.arcsinh(12), 0, 1)
        pixels = np.rint(255 * tones).astype(np.uint8)
        found.append(np.moveaxis(pixels[::-1], 0, -1) if len(pixels) == 3 else pixels[0])
    return found
