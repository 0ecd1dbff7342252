"""What is drawn over the picture of a run: maps of its frames, and a grid of coordinates with the names of objects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.io import frames as frame_files
from orchestrator.io.fits import FULL_SCALE, ImageLayout
from orchestrator.io.wcs_header import read_wcs
from orchestrator.pipeline.checkpoint import Checkpoints, Damaged
from orchestrator.report.files import RunFiles
from orchestrator.report.images import reduced
from orchestrator.report.overlay import SkyLine, sky_lines
from orchestrator.session.headers import is_top_down
from orchestrator.stacking.state import RunState

__all__ = ["MAPS", "Overlay", "map_overlay", "maps_of", "sky_lines_of"]

Pixels = NDArray[np.uint8]
# Name of a map -> the product it shows, and its unit.
MAPS = {"coverage": ("coverage", "frames"), "weights": ("weight_sum", ""), "rejected": ("rejected", "frames"),
        "noise": ("variance", "ADU"), "background": ("background_model", "ADU"), "residuals": ("", "sigma")}
# Longest side of a map in px.
MAP_SIDE = 1200
# How much of the picture a map hides.
OPACITY = 0.65
# Percentiles of the values at the ends of the colours: single pixels must not use them up.
RANGE = (0.5, 99.5)
# Residuals that reach the ends of the colours, in sigma.
RESIDUALS = 5.0


@dataclass(frozen=True)
class Overlay:
    """``pixels`` (h, w, 4) RGBA, upright, of the whole picture; the colours run from ``low`` (dark blue) to ``high`` (yellow)."""

    pixels: Pixels
    low: float
    high: float
    unit: str


def maps_of(directory: Path) -> list[str]:
    """The maps that a run has: names of :data:`MAPS`."""
    try:
        files = RunFiles(directory)
    except InputError:
        return []
    found = [name for name, (product, _) in MAPS.items() if product and files.output(f"{product}.fits") is not None]
    store = Checkpoints(directory)
    kept = store.read("TILE_RECONSTRUCTION") if "noise" in found else None
    return [*found, "residuals"] if kept is not None and store.has(kept, "uniform") else found


def map_overlay(directory: Path, name: str) -> Overlay:
    """A map of a run in colours.

    coverage: frames with data. weights: the sum of the weights. rejected: frames rejected. noise: sigma of the stack. background:
    the sky that was subtracted. residuals: the stack minus the plain mean of its frames, in sigma of the stack, which shows what
    weights and rejection have changed (kept by ``runtime.keep_arrays``). Several channels are averaged.

    Raises
    ------
    InputError : the run has no such map.
    """
    files = RunFiles(directory)
    product, unit = MAPS.get(name, ("", ""))
    layout = files.image(f"{product or 'variance'}.fits") if name in MAPS else None
    if layout is None:
        known = ", ".join(maps_of(directory))
        raise InputError(f"{directory.name} has no map {name!r}.", f"It has: {known or 'none'}.")
    values = reduced(layout, MAP_SIDE)
    if name in ("noise", "residuals"):
        values = np.sqrt(np.maximum(values, 0))
    if name == "residuals":
        values = _residuals(directory, values)
    elif unit == "ADU":
        values = values * np.float32(FULL_SCALE)
    upright = values if is_top_down(frame_files.read_header(layout.path)) else values[::-1]
    known = upright[np.isfinite(upright) & (upright != 0)]
    low, high = (-RESIDUALS, RESIDUALS) if name == "residuals" else (
        tuple(float(v) for v in np.percentile(known, RANGE)) if known.size else (0.0, 1.0))
    level = np.clip((np.nan_to_num(upright) - low) / max(high - low, 1e-30), 0, 1)
    colours = cv2.cvtColor(cv2.applyColorMap(np.rint(level * 255).astype(np.uint8), cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
    alpha = np.full(level.shape, round(255 * OPACITY), np.uint8)
    return Overlay(np.dstack([colours, alpha]), low, high, unit)


def _residuals(directory: Path, sigma: NDArray[np.float32]) -> NDArray[np.float32]:
    store, state = Checkpoints(directory), RunState(())
    checkpoint = store.read("TILE_RECONSTRUCTION")
    try:
        if checkpoint is None or not store.has(checkpoint, "uniform"):
            raise InputError(f"{directory.name} did not keep the plain mean.",
                             "Set runtime.keep_arrays and repeat the run from TILE_RECONSTRUCTION.")
        store.load(checkpoint, state, ["uniform", "reconstruction"])
    except Damaged as error:
        raise InputError(f"The plain mean of {directory.name} cannot be read: {error}.",
                         "Repeat the run from TILE_RECONSTRUCTION.") from error
    change = np.nan_to_num(np.asarray(state.reconstruction.mean) - np.asarray(state.uniform)).mean(axis=0)
    size = (sigma.shape[1], sigma.shape[0])
    small = cv2.resize(change.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(np.divide(small, sigma, out=np.zeros_like(small), where=sigma > 0), np.float32)


def sky_lines_of(image: Path) -> list[SkyLine]:
    """Grid of right ascension and declination, and the objects in the field, in pixels of the upright image.

    Raises
    ------
    InputError : the image cannot be read or has no WCS.
    """
    header = frame_files.read_header(image)
    wcs = read_wcs(header)
    if wcs is None:
        raise InputError(f"{image.name} has no coordinates (WCS).", f"Solve it: `orchestrate solve {image}`.")
    shape = _shape(frame_files.header_and_layout(image)[1], header)
    return list(sky_lines(wcs, shape, top_down=is_top_down(header)))


def _shape(layout: ImageLayout | None, header: Any) -> tuple[int, int]:
    return (int(header["NAXIS2"]), int(header["NAXIS1"])) if layout is None else (layout.shape[-2], layout.shape[-1])
