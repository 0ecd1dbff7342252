"""What the phases of a run hand to one another: each field is set by the phase named beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, Engine, FrameSet
from orchestrator.runtime.serialization import storable
from orchestrator.session.discovery import ScanReport
from orchestrator.session.model import Session
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.sky_correction import Veil
from tilecore.detect.metrics import FrameMeasurement
from tilecore.stack.grid import TileGrid

__all__ = ["RunState", "Stack", "TileKeys"]


@storable()
@dataclass
class Stack:
    """A reconstruction on the channel grid: arrays of shape (channels, rows, columns), float32.

    ``count`` is the number of frames that had data, ``rejected`` the number of those whose pixel was rejected.
    """

    mean: NDArray[np.float32]
    variance: NDArray[np.float32]
    weight: NDArray[np.float32]
    count: NDArray[np.float32]
    rejected: NDArray[np.float32]


@storable()
@dataclass(frozen=True)
class TileKeys:
    """Hashes of all that a stack depends on but the pixels of its frames: ``common`` of what counts everywhere, ``tiles``
    (ty, tx, 16) uint8 of what counts in each tile."""

    common: str
    tiles: NDArray[np.uint8]


@dataclass
class RunState:
    """Everything known so far. C channels, N usable frames, (ty, tx) tiles."""

    roots: tuple[Path, ...]
    session: Session | None = None  # SCAN_INPUT
    scanned: ScanReport | None = None  # SCAN_INPUT: as it was told; not kept in checkpoints
    contents: dict[str, str] = field(default_factory=dict)  # SCAN_INPUT: file -> what it contained, see discovery.content_of
    engine: Engine | None = None  # CALIBRATION
    calibrated: CalibrationResult | None = None  # CALIBRATION
    frames: FrameSet | None = None  # REGISTRATION
    measurements: tuple[FrameMeasurement, ...] = ()  # REGISTRATION: one a usable frame
    plan: CanvasPlan | None = None  # PREWARP
    transparency: NDArray[np.float64] | None = None  # NORMALIZATION: (C, N)
    surfaces: NDArray[np.float64] | None = None  # NORMALIZATION: (C, N, terms) polynomial in canvas coordinates
    veils: tuple[Veil, ...] = ()  # NORMALIZATION: (N) clouds and haze over parts of each frame
    global_weight: NDArray[np.float64] | None = None  # GLOBAL_METRICS: (C, N)
    global_quality: NDArray[np.float64] | None = None  # GLOBAL_METRICS: (C, N)
    left_out: tuple[str, ...] = ()  # GLOBAL_METRICS: (N,) why the selection leaves a frame out, "" for those that stay
    grid: TileGrid | None = None  # TILE_GRID, on the channel grid
    overlap: NDArray[np.float64] | None = None  # COMMON_OVERLAP: (N, ty, tx) share of the tile with data
    noise: NDArray[np.floating] | None = None  # LOCAL_METRICS: (C, N, ty, tx), units of the calibrated frame freed of haze
    area: NDArray[np.floating] | None = None  # LOCAL_METRICS: (N, ty, tx) effective PSF area in channel pixels
    local_quality: NDArray[np.floating] | None = None  # LOCAL_METRICS: (C, N, ty, tx)
    weights: NDArray[np.floating] | None = None  # LOCAL_METRICS: (C, N, ty, tx)
    reconstruction: Stack | None = None  # TILE_RECONSTRUCTION
    uniform: NDArray[np.float32] | None = None  # TILE_RECONSTRUCTION: plain mean of the same pixels
    stack_keys: TileKeys | None = None  # TILE_RECONSTRUCTION: where parts of it can be taken over later
    growth: dict[str, Any] | None = None  # TILE_RECONSTRUCTION: noise against number of frames, see phases.growth
    psf: NDArray[np.float32] | None = None  # TILE_RECONSTRUCTION: (C, size, size) PSF of the stack, where it is known
    clusters: NDArray[np.int64] | None = None  # STATE_CLUSTERING: (N,)
    synthetic: tuple[Stack, ...] = ()  # SYNTHETIC_FRAMES
    stack: Stack | None = None  # STACKING
    products: dict[str, Path] = field(default_factory=dict)
    statistics: dict[str, Any] = field(default_factory=dict)
    failed_criteria: tuple[str, ...] = ()  # VALIDATION

    @property
    def usable(self) -> int:
        return len(self.frames.usable) if self.frames else 0
