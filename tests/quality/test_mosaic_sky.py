"""Panels of a mosaic under skies with gradients of their own become one sky, and a nebula across them keeps its light."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.canvas import Mode, canvas_of
from orchestrator.stacking.frame_sky import frame_skies
from tilecore.detect.metrics import FrameMeasurement
from tilecore.numerics.robust_surface import evaluate_surface

SHAPE = (160, 240)
DEPTH = 5
SKY, NOISE = 600.0, 10.0
NEBULA = 150.0
ADU = 65535.0


@dataclass(frozen=True)
class Pixels:
    """A frame in memory."""

    data: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
        return self.data[..., row_start:row_stop, :]


def nebula(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Light of a nebula over all four panels, at pixels of the first."""
    return np.asarray(NEBULA * np.exp(-(((x - 190) / 95) ** 2 + ((y - 150) / 70) ** 2) / 2))


@pytest.mark.parametrize(("seed", "cfa", "mode"), [(1, None, "mono"), (2, None, "mono"), (3, "RGGB", "last"),
                                                   (3, "RGGB", "superpixel")])
def test_skies_of_panels_become_one_and_a_nebula_across_them_keeps_its_light(seed: int, cfa: str | None, mode: Mode,
                                                                             tmp_path: Path) -> None:
    """Four panels with 15 % overlap, whose skies differ in level and by gradients of up to a quarter of it: the largest
    difference of two panels in their overlaps, the light of the nebula, and what is left beside a plane."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    frames, skies, panel = [], [], np.repeat(np.arange(4), DEPTH)
    for n, k in enumerate(panel):
        if n % DEPTH == 0:
            level, slope = SKY * random.uniform(0.5, 1.5), random.uniform(-0.25, 0.25, 2)
        dx, dy = np.array([204 * (k % 2), 136 * (k // 2)]) + (random.uniform(-3, 3, 2) if n else 0)
        sky = level * (1 + slope[0] * (columns / SHAPE[1] - 0.5) + slope[1] * (rows / SHAPE[0] - 0.5))
        seen = sky + nebula(columns + dx, rows + dy) + random.normal(0, NOISE, SHAPE)
        matrix = np.eye(3)
        matrix[:2, 2] = dx, dy
        info = FrameInfo(Path(f"{n}.fit"), Role.LIGHT, SHAPE)
        frames.append(Frame(n, info, Pixels((seen / ADU).astype(np.float32)), matrix))
        skies.append((level, *slope))
    together = FrameSet(tuple(frames), 0, SHAPE, cfa, 1, "native")
    plan = canvas_of(together, mode, (0, 0), (SHAPE[0] + 136, SHAPE[1] + 204), 0.0, "lanczos4")
    planes = 4 if cfa else 1
    mesh = np.zeros((planes, 3, 4))
    measured = tuple(cast(FrameMeasurement, SimpleNamespace(
        background_mesh=mesh, noise=np.full(planes, NOISE / ADU),
        mesh_centers=((np.arange(3) + 0.5) * SHAPE[0] / 3, (np.arange(4) + 0.5) * SHAPE[1] / 4))) for _ in frames)
    context = RunContext(RunConfig(), tmp_path, EventLog(None), 1 << 30, 1)
    found = frame_skies(context, together, plan, measured, np.ones((len(plan.channels), len(frames))), 2)
    height, width = plan.channel_shape
    for channel in range(len(plan.channels)):
        x, y = (a.ravel() for a in np.meshgrid(np.arange(3.0, width, 6), np.arange(3.0, height, 6)))
        panels = []
        for k in range(4):
            own = []
            for n in np.flatnonzero(panel == k):
                u, v = plan.positions_in_frame(frames[n], x, y, channel)
                level, across, down = skies[n]
                sky = level * (1 + across * (u / SHAPE[1] - 0.5) + down * (v / SHAPE[0] - 0.5))
                sky = sky - ADU * evaluate_surface(found.surfaces[channel, n], x / width, y / height)
                inside = (u >= 0) & (v >= 0) & (u <= SHAPE[1] - 1) & (v <= SHAPE[0] - 1)
                own.append(np.where(inside, sky, np.nan))
            panels.append(np.ma.masked_invalid(own).mean(axis=0))
        stack = np.ma.stack(panels)
        overlap = stack.count(axis=0) > 1
        assert overlap.sum() > 100
        steps = np.ma.compressed((stack.max(axis=0) - stack.min(axis=0))[overlap])
        noise = NOISE / np.sqrt(DEPTH)
        assert np.percentile(steps, 50) < 0.2 * noise and steps.max() < 0.6 * noise, steps.max()
        known = ~np.ma.getmaskarray(stack.mean(axis=0))
        rest = stack.mean(axis=0).data[known]
        light = nebula(*((a[known] + 0.25) * plan.step for a in (x, y)))
        design = np.stack([np.ones(len(rest)), x[known], y[known], light], 1)
        *plane, changed = np.linalg.lstsq(design, rest, rcond=None)[0]
        # A plane of a colour camera has a quarter of the pixels.
        assert abs(changed) < 0.02 * plan.step, "the nebula keeps its light"
        assert (rest - design @ [*plane, 0]).std() < 0.01 * NEBULA * plan.step
