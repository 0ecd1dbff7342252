"""Master tiles: the stack of each panel of a mosaic, on the pixels of the canvas, cropped to the panel."""

from __future__ import annotations

from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.config.settings import TileCrop
from orchestrator.engines.base import Frame
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.master_tiles import TILE_CROPPED
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.channels import green_channel, picture_of
from orchestrator.stacking.field_geometry import panels_of, union_box
from orchestrator.stacking.product_header import product_header
from orchestrator.stacking.state import RunState, Stack
from orchestrator.stacking.weighted_mean import frames_in_stack, make_job, reconstruct
from tilecore.cfa import mosaic as cfa_module
from tilecore.stack.quality_crop import CropRule, Rectangle, quality_crop

__all__ = ["TILE_PREFIX", "covered_part", "write_master_tiles"]

# Beginning of the names of master tiles among the products of a run.
TILE_PREFIX = "master_tile_"
# Positions of the reference, which are not those of its panels.
POINTING = ("RA", "DEC", "OBJCTRA", "OBJCTDEC", "AIRMASS")
# Decimals of weights in the list of tiles.
DECIMALS = 4


def crop_rule(settings: TileCrop) -> CropRule:
    """The rule of the quality crop."""
    return CropRule(settings.band, settings.sigma, settings.run, settings.margin)


def write_master_tiles(context: RunContext, state: RunState) -> None:
    """Write the weighted mean of the frames of each panel, ``outputs/master_tiles/tile_001.fits`` and so on, if
    ``output.master_tiles`` is set; their list is written to ``artifacts/master_tiles.json``.

    Pixel (x, y) of a tile, counted from 0, is pixel (x - LTV1, y - LTV2) of the stack. Without a mosaic there are none.
    """
    if not context.config.output.master_tiles:
        return
    panel = panels_of(state.frames)
    if not panel.any():
        context.events.emit("note", message="output.master_tiles: the frames have one pointing; the stack is its tile.")
        return
    used, rows = frames_in_stack(context, state), []
    total = np.maximum(state.weights.sum(axis=1), 1e-30)
    for number in np.unique(panel).tolist():
        members = np.flatnonzero((panel == number) & used)
        name = f"tile_{number + 1:03d}"
        row: dict[str, Any] = {"panel": number + 1, "frames": len(members)}
        rows.append(row)
        part = covered_part(state.plan, tuple(state.frames.usable[i] for i in members)) if len(members) else None
        if part is None:
            context.warn(Message("No frame of panel {number} is in the stack: it has no master tile.", number=number + 1))
            continue
        stack, _, _ = reconstruct(context, make_job(context, state, state.weights, members), part=part)
        share = float((state.slots.of_frames(state.weights, members).sum(axis=1) / total).mean())
        row |= _write(context, state, name, _Tile(stack, part, members), share)
    write_json(context.artifacts / "master_tiles.json", {"tiles": rows})


class _Tile:
    """The stack of a part of the canvas, and the usable frames that it is made of."""

    def __init__(self, stack: Stack, part: Block, members: NDArray[np.int64]) -> None:
        self.stack, self.part, self.members = stack, part, members

    def crop(self, plan: CanvasPlan, picture: NDArray[np.float32], settings: TileCrop) -> Rectangle:
        """What the quality crop leaves of the picture."""
        known = self.stack.count > 0
        seen = cfa_module.merge(known.astype(np.float32)) > 0 if plan.mode == "last" else known.all(axis=0)
        if not settings.enabled:
            return Rectangle(0, picture.shape[-2], 0, picture.shape[-1])
        grey = picture if picture.ndim == 2 else picture.mean(axis=0)
        return quality_crop(np.asarray(grey, np.float32), np.asarray(seen), crop_rule(settings))


def covered_part(plan: CanvasPlan, frames: tuple[Frame, ...]) -> Block | None:
    """The part of the channel grid that frames cover, or None."""
    x0, y0, x1, y1 = union_box(frames, plan.sky)
    (ox, oy), (height, width), step = plan.origin, plan.channel_shape, plan.step
    part = Block(max((y0 - oy) // step, 0), min(-(-(y1 - oy) // step), height),
                 max((x0 - ox) // step, 0), min(-(-(x1 - ox) // step), width))
    return part if min(part.shape) > 0 else None


def _write(context: RunContext, state: RunState, name: str, tile: _Tile, share: float) -> dict[str, Any]:
    """Write a tile; returns its entry in the list."""
    plan = state.plan
    picture = picture_of(plan, tile.stack.mean)
    y0, y1, x0, x1 = tile.crop(plan, picture, context.config.tile_crop)
    data = np.ascontiguousarray(picture[..., y0:y1, x0:x1])
    finer = plan.step if plan.mode == "last" else 1
    left, top = tile.part.x0 * finer + x0, tile.part.y0 * finer + y0
    green = green_channel(plan.channels)
    known = tile.stack.count[green] > 0
    noise = float(np.sqrt(np.median(tile.stack.variance[green][known]))) if known.any() else 0.0
    what = f"master tile: weighted mean of the frames of panel {name[-3:]}"
    header = product_header(state, data, what, on_canvas=False, members=tile.members)
    for key in ("XPIXSZ", "YPIXSZ"):  # a superpixel is two pixels wide
        if key in header:
            header[key] = float(header[key]) * plan.step / finer
    _describe(header, (left, top), share, noise, cropped=context.config.tile_crop.enabled)
    path = context.folder("outputs/master_tiles") / f"{name}.fits"
    fits_io.write(path, data, header)
    state.products[f"{TILE_PREFIX}{name[-3:]}"] = path
    return {"file": str(path.relative_to(context.directory)), "origin": [left, top], "shape": list(data.shape[-2:]),
            "cut": [x0, y0, picture.shape[-1] - x1, picture.shape[-2] - y1], "weight": round(share, DECIMALS),
            "noise_adu": noise * FULL_SCALE, "exposure_s": header.get("LIVETIME")}


def _describe(header: fits.Header, corner: tuple[int, int], share: float, noise: float, *, cropped: bool) -> None:
    for key in POINTING:
        header.remove(key, ignore_missing=True)
    header["LTV1"] = (-float(corner[0]), "[px] of the tile minus pixel of the stack")
    header["LTV2"] = (-float(corner[1]), "[px] of the tile minus pixel of the stack")
    header["LTM1_1"], header["LTM2_2"] = 1.0, 1.0
    header[TILE_CROPPED] = (cropped, "rims were cut off (tile_crop)")
    header["TILEWGT"] = (share, "share of the weights of the stack")
    header["TILENOIS"] = (noise, "noise of a pixel, in the unit of the pixels")
