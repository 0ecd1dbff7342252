"""Pictures of a mosaic: the footprints of its frames by panel, and how many frames cover each place."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import ImageLayout
from orchestrator.report.images import reduced
from orchestrator.report.overlay import write_text
from orchestrator.report.wording import number

__all__ = ["coverage_picture", "footprint_picture", "panel_colour"]

Picture = NDArray[np.uint8]

# Longest side of the pictures in px.
SIDE = 1600
# Brightness of the stack behind the footprints.
DIM = 0.45
# Turn of the hue from one panel to the next: the golden angle, so that neighbours differ.
HUE_STEP = 137.508
# Colour of places without data, RGB; height of the scale and its frame in px.
EMPTY = (60, 60, 60)
SCALE_HEIGHT, SCALE_MARGIN = 14, 12
# Text over a picture, and points per pixel (a power of 2) in which outlines are drawn.
TEXT = (235, 235, 235)
SHIFT = 3


def panel_colour(panel: int) -> tuple[int, int, int]:
    """RGB of a panel, counted from 1."""
    hue = (panel - 1) * HUE_STEP % 360
    pixel = np.array([[[hue / 2, 165, 255]]], np.float32).astype(np.uint8)
    red, green, blue = cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0].tolist()
    return red, green, blue


def footprint_picture(mosaic: dict[str, Any], stack: Picture | None, *, top_down: bool) -> Picture:
    """(h, w, 3) the outlines of the frames in ``artifacts/mosaic.json``, in the colour of their panel, with its number; over the
    ``stack`` (h', w') or (h', w', 3), upright, if there is one."""
    rows, columns = (int(n) for n in mosaic["canvas_shape"])
    scale = min(SIDE / max(rows, columns), 1.0)
    size = max(round(columns * scale), 1), max(round(rows * scale), 1)
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    if stack is not None:
        small = np.asarray(cv2.resize(stack, size, interpolation=cv2.INTER_AREA))
        canvas = (DIM * (small if small.ndim == 3 else np.repeat(small[..., None], 3, axis=2))).astype(np.uint8)
    width = int(max(round(min(size) / 700), 1))
    middles: dict[int, list[NDArray[np.float64]]] = {}
    for frame in mosaic["frames"]:
        points = (np.array(frame["outline"], np.float64) + 0.5) * scale - 0.5
        if not top_down:
            points[:, 1] = size[1] - 1 - points[:, 1]
        middles.setdefault(int(frame["panel"]), []).append(points.mean(axis=0))
        cv2.polylines(canvas, [np.rint(points * 2**SHIFT).astype(np.int32)], True, panel_colour(int(frame["panel"])), width,
                      cv2.LINE_AA, SHIFT)
    for panel, places in middles.items():
        x, y = np.mean(places, axis=0)
        write_text(canvas, str(panel), float(x), float(y), panel_colour(panel), 2.0)
    return canvas


def coverage_picture(count: ImageLayout, *, top_down: bool) -> Picture:
    """(h, w, 3) the number of frames at each place in colours from dark blue to yellow, with a scale below; grey without data."""
    values = reduced(count, SIDE)
    values = values if top_down else values[::-1]
    most = float(values.max(initial=0.0))
    levels = np.rint(values / max(most, 1.0) * 255).astype(np.uint8)
    colours = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
    colours[values <= 0] = EMPTY
    height = SCALE_HEIGHT + 2 * SCALE_MARGIN
    foot = np.zeros((height, colours.shape[1], 3), np.uint8)
    ramp = np.linspace(0, 255, max(colours.shape[1] // 2, 2)).astype(np.uint8)
    strip = cv2.cvtColor(cv2.applyColorMap(np.tile(ramp, (SCALE_HEIGHT, 1)), cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
    left = (foot.shape[1] - strip.shape[1]) // 2
    foot[SCALE_MARGIN: SCALE_MARGIN + SCALE_HEIGHT, left: left + strip.shape[1]] = strip
    base = SCALE_MARGIN + SCALE_HEIGHT - 2
    write_text(foot, "0", left - 24.0, float(base), TEXT, 1.0)
    write_text(foot, f"{number(most)} frames", left + strip.shape[1] + 8.0, float(base), TEXT, 1.0)
    return np.concatenate([colours, foot])
