"""What the phases of a run pass to one another: every field is the output of one phase."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, Engine, FrameSet
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime.serialization import storable
from orchestrator.session.discovery import ScanReport
from orchestrator.session.model import Session
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.scale_check import ScaleCheck
from orchestrator.stacking.sky_correction import SkyCorrection
from orchestrator.stacking.star_evidence import StarEvidence
from tilecore.detect.metrics import FrameMeasurement
from tilecore.stack.grid import TileGrid
from tilecore.stack.tile_slots import TileSlots

__all__ = ["KeptFrames", "MissingOutput", "Output", "RunState", "Stack", "TileKeys"]

T = TypeVar("T")


@storable()
@dataclass
class Stack:
    """A reconstruction on the channel grid: arrays of shape (channels, rows, columns), float32.

    ``count`` is the number of frames that had data, ``rejected`` the number of those whose pixel was rejected. ``noise`` is an
    image with the noise of ``mean`` but without the sky, from the difference of two interleaved halves of the frames
    (:class:`tilecore.stack.weighted_mean.Combined`); NaN where it is not known.
    """

    mean: NDArray[np.float32]
    variance: NDArray[np.float32]
    weight: NDArray[np.float32]
    count: NDArray[np.float32]
    rejected: NDArray[np.float32]
    noise: NDArray[np.float32]


@storable()
@dataclass(frozen=True)
class TileKeys:
    """Hashes of everything that a stack depends on except the pixels of its frames: ``common`` covers what counts everywhere,
    ``tiles`` (ty, tx, 16) uint8 what counts in each tile."""

    common: str
    tiles: NDArray[np.uint8]


@storable()
@dataclass(frozen=True)
class KeptFrames:
    """The frames of an earlier stack that is extended: their positions ``now`` (k,) among the usable frames, and those ``before``
    (k,) among the frames that were usable then; ``new`` (m,) are the positions of the others."""

    now: NDArray[np.int64]
    before: NDArray[np.int64]
    new: NDArray[np.int64]

    @property
    def in_order(self) -> list[int]:
        """The positions now of the frames of before, in their order then."""
        found: list[int] = self.now[np.argsort(self.before)].tolist()
        return found


class MissingOutput(RuntimeError):
    """A field of :class:`RunState` was read before its phase had run: a fault of the program."""

    def __init__(self, field: str, phase: str) -> None:
        super().__init__(f"RunState.{field} is not available: it is an output of {phase}, which has not run")
        self.field, self.phase = field, phase


class Output(Generic[T]):
    """A field of :class:`RunState` that one phase sets; its type is the one declared, never None unless declared so.

    Reading the field before that raises :class:`MissingOutput`; use :meth:`RunState.has` to ask whether it is set.
    """

    def __init__(self, phase: str) -> None:
        self.phase = phase

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, state: None, owner: type) -> Self: ...

    @overload
    def __get__(self, state: RunState, owner: type) -> T: ...

    def __get__(self, state: RunState | None, owner: type) -> Self | T:
        if state is None:
            return self
        if not state.has(self.name):
            raise MissingOutput(self.name, self.phase)
        value: T = state.fields[self.name]
        return value

    def __set__(self, state: RunState, value: T) -> None:
        state.fields[self.name] = value


class RunState:
    """Everything known so far. C channels, N usable frames, (ty, tx) tiles.

    Attributes
    ----------
    roots : folders of the session.
    products : files made so far, by name.
    statistics : figures for the summary and the manifest.
    fields : the outputs below that are set, by name.
    """

    session = Output[Session]("SCAN_INPUT")
    scanned = Output[ScanReport]("SCAN_INPUT")  # not stored in checkpoints
    contents = Output[dict[str, str]]("SCAN_INPUT")  # file -> digest of its content, see session.folders.content_of
    engine = Output[Engine]("CALIBRATION")
    calibrated = Output[CalibrationResult]("CALIBRATION")
    frames = Output[FrameSet]("REGISTRATION")
    measurements = Output[tuple[FrameMeasurement, ...]]("REGISTRATION")  # (N)
    frame_ids = Output[tuple[str, ...]]("REGISTRATION")  # (N) file and calibration of each usable frame; "": not known
    kept = Output[KeptFrames | None]("REGISTRATION")  # None: no earlier stack is extended
    plan = Output[CanvasPlan]("PREWARP")
    transparency = Output[NDArray[np.float64]]("NORMALIZATION")  # (C, N)
    scale_stars = Output[NDArray[np.int64]]("NORMALIZATION")  # (N) stars from which the transparency was measured
    surfaces = Output[NDArray[np.float64]]("NORMALIZATION")  # (C, N, terms) polynomial in canvas coordinates
    scale_check = Output[ScaleCheck | None]("NORMALIZATION")  # None: not photometric, or too few frames
    sky_corrections = Output[tuple[SkyCorrection, ...]]("NORMALIZATION")  # (N) clouds and haze over parts of each frame
    panel_scales = Output[list[dict[str, Any]] | None]("NORMALIZATION")  # the panels of a mosaic; None: no mosaic
    star_evidence = Output[StarEvidence]("NORMALIZATION")  # parts of frames without the stars that others show
    global_weight = Output[NDArray[np.float64]]("GLOBAL_METRICS")  # (C, N)
    global_quality = Output[NDArray[np.float64]]("GLOBAL_METRICS")  # (C, N)
    left_out = Output[tuple[str, ...]]("GLOBAL_METRICS")  # (N) why the selection leaves a frame out, "" for frames it keeps
    grid = Output[TileGrid]("TILE_GRID")  # on the channel grid
    # Values of frames in tiles are in their K slots, and C channels: (C, K, ty, tx).
    slots = Output[TileSlots]("COMMON_OVERLAP")
    overlap = Output[NDArray[np.float64]]("COMMON_OVERLAP")  # (K, ty, tx) fraction of the tile with data
    noise = Output[NDArray[np.floating]]("LOCAL_METRICS")  # (C, K, ty, tx), units of the calibrated frame, haze corrected
    area = Output[NDArray[np.floating]]("LOCAL_METRICS")  # (K, ty, tx) effective PSF area in channel pixels
    local_quality = Output[NDArray[np.floating]]("LOCAL_METRICS")  # (C, K, ty, tx)
    blocked = Output[NDArray[np.bool_]]("LOCAL_METRICS")  # (K, ty, tx) tiles without the stars that other frames show there
    weights = Output[NDArray[np.floating]]("LOCAL_METRICS")  # (C, K, ty, tx)
    reconstruction = Output[Stack]("TILE_RECONSTRUCTION")
    uniform = Output[NDArray[np.float32]]("TILE_RECONSTRUCTION")  # (C, h, w) plain mean of the same pixels
    stacked = Output[Any]("TILE_RECONSTRUCTION")  # stacking.extension.StackedFrames; None: frames cannot be added
    stack_keys = Output[TileKeys | None]("TILE_RECONSTRUCTION")  # None: tiles cannot be reused
    growth = Output[dict[str, Any] | None]("TILE_RECONSTRUCTION")  # noise against number of frames; None: not measured
    psf = Output[NDArray[np.float32] | None]("TILE_RECONSTRUCTION")  # (C, size, size) PSF of the stack; None: not known
    rejected_by_frame = Output[NDArray[np.int64] | None]("TILE_RECONSTRUCTION")  # (C, stacked frames); None: not counted
    clusters = Output[NDArray[np.int64] | None]("STATE_CLUSTERING")  # (N); None: not clustered
    synthetic = Output[tuple[Stack, ...]]("SYNTHETIC_FRAMES")  # empty: there are no clusters
    stack = Output[Stack]("STACKING")
    picture_stars = Output[NDArray[np.void] | None]("BGE")  # of the finished picture, STAR_DTYPE; None: not searched
    failed_criteria = Output[tuple[str, ...]]("VALIDATION")

    def __init__(self, roots: tuple[Path, ...], products: dict[str, Path] | None = None) -> None:
        self.roots = roots
        self.products: dict[str, Path] = {} if products is None else products
        self.statistics = RunStatistics()
        self.fields: dict[str, Any] = {}

    def has(self, field: str) -> bool:
        """Whether a field has been set."""
        return field in self.fields

    @property
    def nights(self) -> list[int]:
        """(N) the night of each usable frame."""
        night_of = self.session.night_of
        return [night_of[f.index] for f in self.frames.usable]

    @property
    def usable(self) -> int:
        """The number of usable frames."""
        return len(self.frames.usable)
