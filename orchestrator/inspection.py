"""From a place in the picture to the frames that made it: ``orchestrate inspect RUN --at X,Y``."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.load import load_config
from orchestrator.config.models import RunConfig
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.reopen import reopen
from orchestrator.errors import ConfigError, InputError
from orchestrator.phases.canvas import Block, CanvasPlan, plan_canvas
from orchestrator.phases.stack_job import LEAST_GAIN
from orchestrator.report.files import RunFiles
from orchestrator.run.context import RunContext
from orchestrator.run.events import EventLog
from orchestrator.session.nights import scan_session
from tilecore.grid import TileGrid, axis_windows
from tilecore.normalize import surface_matrix
from tilecore.reject import reject

__all__ = ["Contribution", "Inspection", "inspect"]

FloatArray = NDArray[np.float64]
ADU = 65535.0
# Rejection looks so far around a pixel.
HALO = 2
LARGEST = 512


@dataclass(frozen=True)
class Contribution:
    """What one frame adds in the box. Levels in ADU of the stack.

    ``share`` is its part in the weights there; ``adds`` the rms of what it adds to the mean beyond its noise, against the
    median of all frames; ``mean`` the same with its sign; ``deviation`` the largest deviation of one of its pixels in units
    of its noise; ``rejected`` the share of its pixels that were rejected and so add nothing.
    """

    file: str
    share: float
    adds: float
    mean: float
    deviation: float
    rejected: float

    def to_dict(self) -> dict[str, Any]:
        return {k: getattr(self, k) for k in self.__dataclass_fields__}


@dataclass(frozen=True)
class Inspection:
    """Frames in order of what they add, the most first. ``crops`` (N, h, w) normalised pixels of the channel shown and
    ``stack`` (h, w) their weighted mean, in ADU, rows as stored. ``box`` (x0, y0, x1, y1) on the canvas."""

    frames: list[Contribution]
    crops: NDArray[np.float32]
    stack: NDArray[np.float32]
    box: tuple[int, int, int, int]
    top_down: bool


@dataclass(frozen=True)
class _Rebuilt:
    """What is needed to read normalised pixels; arrays as in :class:`orchestrator.phases.stack_job.StackJob`."""

    plan: CanvasPlan
    frames: tuple[Frame, ...]
    scale: NDArray[np.float32]
    surfaces: FloatArray
    weights: FloatArray
    noise: FloatArray
    grid: TileGrid
    sky: FloatArray
    shot: FloatArray


def inspect(directory: Path, box: tuple[int, int, int, int]) -> Inspection:
    """Rank the frames of a run by what they add to a box (x0, y0, x1, y1; ends excluded) of the canvas.

    x is the column, y the row of the stacked FITS file as stored, both from 0. The raw frames are read again, a few rows of
    each, and calibrated with the run's masters.

    Raises
    ------
    InputError : no run, one that did not come to its weights, or raw frames that are gone. ConfigError : a box outside.
    """
    files = RunFiles(directory)
    with tempfile.TemporaryDirectory(prefix="orchestrate-") as scratch:
        config = load_config([directory / "config.yaml"])
        context = RunContext(config, Path(scratch), EventLog(None), 1 << 30, 2)
        rebuilt = _rebuild(files, config, context)
        block = _block(box, rebuilt.plan)
        return _ranked(rebuilt, block, config, box, bool(files.json("registration").get("top_down", True)))


def _block(box: tuple[int, int, int, int], plan: CanvasPlan) -> Block:
    x0, y0, x1, y1 = box
    height, width = plan.shape
    if not (0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height):
        raise ConfigError(f"The box {x0},{y0},{x1},{y1} does not lie on the canvas of {width} x {height} px.",
                          "Give x0,y0,x1,y1 in pixels of the stacked file, from 0.")
    if max(x1 - x0, y1 - y0) > LARGEST:
        raise ConfigError(f"The box of {x1 - x0} x {y1 - y0} px is too large to be looked at.", f"At most {LARGEST} px a side.")
    s, (rows, columns) = plan.step, plan.channel_shape
    y, x = min(y0 // s, rows - 1), min(x0 // s, columns - 1)
    return Block(y, min(max(-(-y1 // s), y + 1), rows), x, min(max(-(-x1 // s), x + 1), columns))


def _rebuild(files: RunFiles, config: RunConfig, context: RunContext) -> _Rebuilt:
    registration, normalization, grid = (files.json(n) for n in ("registration", "normalization", "tile_grid"))
    metrics, prewarp = files.json("global_metrics"), files.json("prewarp")
    weights, noise = files.array("tile_weights", 4), files.array("tile_noise", 4)
    if not (registration and normalization and grid and metrics and prewarp) or weights is None or noise is None:
        raise InputError(f"{files.directory} did not come to the weights of its frames.", "Inspect a run that made a stack.")
    rows = [f for f in registration["frames"] if f["used"]]
    if not len(rows) == len(normalization["frames"]) == len(metrics["frames"]) == weights.shape[1]:
        raise InputError(f"The artifacts of {files.directory} do not belong together.", "Run it anew.")
    frames, cfa, channels = _frames(files, rows, config, context)
    reference = next(i for i, r in enumerate(rows) if Path(r["file"]).name == registration["reference"]
                     and r["file"] == registration.get("reference_file", r["file"]))
    found = FrameSet(frames, reference, frames[reference].shape, cfa, channels, "native")
    plan = plan_canvas(found, prewarp["debayer"], config.canvas.extent, config.registration.max_canvas_growth,
                       config.canvas.feather, config.registration.interpolation, "")
    if list(plan.shape) != prewarp["canvas_shape"]:
        raise InputError(f"The canvas of {files.directory} cannot be made again.", "Run it anew.")
    transparency = np.array([f["transparency"] for f in normalization["frames"]]).T
    surfaces = np.array([[surface_matrix(np.array(s)) for s in c]
                         for c in np.array([f["surface"] for f in normalization["frames"]]).swapaxes(0, 1)])
    sky = np.array([f["background_adu"] for f in metrics["frames"]]).T / ADU
    sigma = np.array([f["noise_adu"] for f in metrics["frames"]]).T / ADU
    shot = np.minimum(np.median(sigma**2 / np.maximum(sky, 1e-6), axis=1), 1 / (LEAST_GAIN * ADU))
    made = TileGrid(plan.channel_shape, grid["tile_size"], grid["overlap"], tuple(grid["starts_y"]), tuple(grid["starts_x"]))
    return _Rebuilt(plan, frames, (1 / transparency).astype(np.float32), surfaces, np.asarray(weights, np.float64),
                    np.asarray(noise, np.float64) / transparency[:, :, None, None], made, sky[:, reference], shot)


def _frames(files: RunFiles, rows: list[dict[str, Any]], config: RunConfig,
            context: RunContext) -> tuple[tuple[Frame, ...], str | None, int]:
    """The used frames with their readers, their pattern and channels."""
    calibration = files.json("calibration")
    session = scan_session([Path(r) for r in files.json("scan_input").get("folders", [])], config).session
    known = {str(i.path): i for i in session.lights}
    gone = [r["file"] for r in rows if r["file"] not in known]
    if gone:
        raise InputError(f"{gone[0]}, of which {files.directory} was made, is not there any more.",
                         "Put it back; paths are as they were given to the run, so start from the same folder.")
    lights = [known[r["file"]] for r in rows]
    readers = []
    for night in session.nights or (session,):
        of = {i.path for i in night.lights}
        place = context.for_night(night.name) if session.nights else context
        details = calibration.get("nights", {}).get(night.name, {}) if session.nights else calibration
        masters = files.directory / "outputs" / "calibration" / place.night if calibration.get("engine") == "native" else None
        readers += reopen(night, [i for i in lights if i.path in of], masters, config.calibration,
                          float(details.get("dark_scale") or 1.0), place)
    frames = tuple(Frame(i, info, reader, np.array(row["matrix"]), "")
                   for i, (info, reader, row) in enumerate(zip(lights, readers, rows, strict=True)))
    channels = 3 if len(session.shape) == 3 else 1
    return frames, session.cfa if channels == 1 else None, channels


def _ranked(r: _Rebuilt, block: Block, config: RunConfig, box: tuple[int, int, int, int], top_down: bool) -> Inspection:
    padded = block.padded(HALO, r.plan.channel_shape)
    channels, count = len(r.plan.channels), len(r.frames)
    cube = np.empty((channels, count, *padded.shape), np.float32)
    valid = np.empty((count, *padded.shape), np.float32)
    for i, frame in enumerate(r.frames):
        r.plan.read_block(frame, padded, r.scale[:, i], r.surfaces[:, i], cube, valid, i)
    inner = block.inside(padded)
    adds, means = np.zeros(count), np.zeros(count)
    deviation, lost, share = np.zeros(count), np.zeros(count), np.zeros(count)
    for c in range(channels):
        sigma = np.median(r.noise[c], axis=(1, 2))
        mask = _rejected(r, c, cube[c], valid, sigma, config)[:, inner[0], inner[1]] > 0
        pixels, present = cube[c][:, inner[0], inner[1]].astype(np.float64), valid[:, inner[0], inner[1]]
        weight = _weights(r.weights[c], r.grid, block) * present
        typical = np.ma.median(np.ma.masked_array(pixels, present <= 0), axis=0).filled(0)
        off = np.where(present > 0, pixels - typical, 0)
        part = weight / np.maximum(weight.sum(axis=0), 1e-30)
        left = np.where(mask, 0, weight)
        effect = left / np.maximum(left.sum(axis=0), 1e-30) * off
        noise = (left / np.maximum(left.sum(axis=0), 1e-30)) * sigma[:, None, None]
        power = (effect**2).mean(axis=(1, 2)) - (noise**2).mean(axis=(1, 2))
        adds = np.maximum(adds, np.sqrt(np.maximum(power, 0)) * ADU)
        means += effect.mean(axis=(1, 2)) * ADU / channels
        deviation = np.maximum(deviation, np.abs(off).max(axis=(1, 2)) / np.maximum(sigma, 1e-12))
        lost += mask.mean(axis=(1, 2)) / channels
        share += part.mean(axis=(1, 2)) / channels
    order = np.lexsort((-deviation, -adds.round(6)))
    shown = 1 if channels > 1 else 0
    crops = cube[shown][:, inner[0], inner[1]]
    weight = _weights(r.weights[shown], r.grid, block) * valid[:, inner[0], inner[1]]
    stack = (weight * crops).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-30)
    frames = [Contribution(str(r.frames[i].info.path), float(share[i]), float(adds[i]), float(means[i]), float(deviation[i]),
                           float(lost[i])) for i in order]
    return Inspection(frames, (crops[order] * ADU).astype(np.float32), (stack * ADU).astype(np.float32), box, top_down)


def _rejected(r: _Rebuilt, channel: int, cube: NDArray[np.float32], valid: NDArray[np.float32], sigma: FloatArray,
              config: RunConfig) -> NDArray[np.uint8]:
    """(N, h, w), 1 = rejected, by the run's settings and in its groups; trails and growing are left aside."""
    settings = config.stacking
    mask = np.zeros(cube.shape, np.uint8)
    groups = -(-len(cube) // settings.group)
    for first in range(groups):
        group = np.arange(first, len(cube), groups)
        mask[group] = reject(np.ascontiguousarray(cube[group]), np.ascontiguousarray(valid[group]),
                             sigma[group].astype(np.float32), method=settings.rejection, low=settings.low,
                             high=settings.high, contrast=settings.contrast,
                             min_survivors=settings.min_survivors, shot=float(r.shot[channel]), sky=float(r.sky[channel]))
    return mask


def _weights(tiles: FloatArray, grid: TileGrid, block: Block) -> FloatArray:
    """Tile weights (N, ty, tx) at the pixels of a block: (N, h, w)."""
    w = axis_windows(grid)
    iy, wy = w.index_y[block.y0: block.y1], w.weight_y[block.y0: block.y1]
    ix, wx = w.index_x[block.x0: block.x1], w.weight_x[block.x0: block.x1]
    return np.einsum("nhkwl,hk,wl->nhw", tiles[:, iy[:, :, None, None], ix[None, None]], wy, wx, optimize=True)
