"""Check that the sky is one surface: no steps where frames, panels or the coverage begin or end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrator.checks.record import Check, Problem, passed_or_failed
from orchestrator.checks.star_sample import StarSample
from orchestrator.engines.base import Frame
from orchestrator.message import Message
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.state import Stack
from tilecore.numerics.parts import Computed
from tilecore.numerics.statistics import median
from tilecore.stack.checks import usual_noise
from tilecore.stack.sky_steps import sky_steps

__all__ = ["sky_surface"]

FloatArray = NDArray[np.float64]

# Largest step in units of the noise of a pixel, beyond ERRORS standard errors.
LIMIT = 0.3
ERRORS = 4.0
# Borders of frames that are examined.
MOST_FRAMES = 40
# Pieces of each side of a frame that a lens bends.
PIECES = 8
# Borders closer than this to the border of the picture (px) have no sky on both sides.
MARGIN = 32
# Cells (rows, columns) of the map.
MAP = (48, 64)
# Step (px) of the pixels from which the map is made.
THIN = 2


def sky_surface(stack: Stack, plan: CanvasPlan, frames: tuple[Frame, ...], sample: StarSample) -> Check:
    """Steps of the stack along the borders of ``frames``, in the noisiest channel that shows one."""
    lines, names = _borders(plan, frames, stack.mean.shape[1:], sample.finer)
    channels = plan.channels
    details: list[dict[str, object]] = []
    problems: list[Problem] = []
    steps: list[float] = []
    for c, channel in enumerate(channels):
        noise, count = usual_noise(stack.variance[c]), stack.count[c]
        if not noise or not len(lines):
            continue
        sky = Computed(count.shape, lambda part, count=count: (count[part] > 0) & ~sample.light[part])  # type: ignore[misc]
        found = sky_steps(stack.mean[c], sky, lines) / max(noise, 1e-12)
        steps += np.abs(found[np.isfinite(found[:, 0]), 0]).tolist()
        beyond = np.nan_to_num(np.maximum(np.abs(found[:, 0]) - ERRORS * found[:, 1], 0))
        for k in np.argsort(-beyond)[:3]:
            if beyond[k] > LIMIT:
                problems.append(Problem(
                    float(beyond[k]), LIMIT,
                    Message("the sky has a step of {found:.2f} times the noise along a border of {names} (channel {channel})",
                            found=found[k, 0], names=names[int(k)], channel=channel),
                    "Check the flats; a wider canvas.feather softens the borders of frames.", (names[int(k)],)))
        details += [{"frame": names[k], "channel": channel, "step": float(found[k, 0]), "error": float(found[k, 1])}
                    for k in np.argsort(-beyond)[:10] if np.isfinite(found[k, 0])]
    figure = {"kind": "map", "values": _map(stack, sample.channel), "unit": "of the noise"}
    if not steps:
        return passed_or_failed("sky_surface", "times the noise of a pixel", 0.0, LIMIT, [], figure,
                                {"borders": 0, "remark": "all borders of frames are at the border of the picture"})
    return passed_or_failed("sky_surface", "times the noise of a pixel", float(np.median(steps)), LIMIT, problems, figure,
                            {"borders": len(steps), "largest": details})


def _borders(plan: CanvasPlan, frames: tuple[Frame, ...], shape: tuple[int, ...], finer: float) -> tuple[FloatArray, list[str]]:
    """(n, 2, 2) borders of frames inside the picture, in its pixels, and the names of the frames."""
    lines, names = [], []
    for i in np.unique(np.linspace(0, len(frames) - 1, min(len(frames), MOST_FRAMES)).round().astype(int)):
        frame = frames[int(i)]
        h, w = frame.shape
        corners = np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], np.float64)
        # A bent border is examined in straight pieces.
        share = np.arange(PIECES if plan.is_curved(frame) else 1)[:, None] / PIECES
        border = (corners[:, None] + share * (np.roll(corners, -1, axis=0) - corners)[:, None]).reshape(-1, 2)
        placed = (plan.on_channel(frame, border) + 0.5) * finer - 0.5
        for k in range(len(placed)):
            clipped = _clipped(placed[k], placed[(k + 1) % len(placed)], shape)
            if clipped is not None:
                lines.append(clipped)
                names.append(frame.info.path.name)
    return np.array(lines, np.float64).reshape(-1, 2, 2), names


def _clipped(start: FloatArray, stop: FloatArray, shape: tuple[int, ...]) -> FloatArray | None:
    """The part of a line that is at least MARGIN inside the picture (Liang-Barsky)."""
    low, high = np.array([MARGIN, MARGIN], float), np.array([shape[1] - 1 - MARGIN, shape[0] - 1 - MARGIN], float)
    direction = stop - start
    t0, t1 = 0.0, 1.0
    for axis in range(2):
        if abs(direction[axis]) < 1e-9:
            if not low[axis] <= start[axis] <= high[axis]:
                return None
            continue
        a, b = sorted(((low[axis] - start[axis]) / direction[axis], (high[axis] - start[axis]) / direction[axis]))
        t0, t1 = max(t0, a), min(t1, b)
    return np.array([start + t0 * direction, start + t1 * direction]) if t1 > t0 else None


def _map(stack: Stack, green: int) -> list[list[float | None]]:
    """Medians of cells of the sky minus their smooth course, in units of the noise."""
    mean, count = stack.mean[green], stack.count[green]
    noise = usual_noise(stack.variance[green]) or 1.0
    rows, columns = (np.linspace(0, n, m + 1).astype(int) for n, m in zip(mean.shape, MAP, strict=True))
    cells = np.full(MAP, np.nan)
    for r in range(MAP[0]):
        for c in range(MAP[1]):
            part = np.s_[rows[r]: rows[r + 1]: THIN, columns[c]: columns[c + 1]: THIN]
            known = count[part] > 0
            if known.mean() > 0.5:
                cells[r, c] = median(mean[part][known])
    known = np.isfinite(cells)
    if known.any():
        cells = (cells - np.nanmedian(cells)) / max(noise, 1e-12)
    return [[round(float(v), 3) if np.isfinite(v) else None for v in row] for row in cells]
