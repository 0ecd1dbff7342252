"""The interface of stage one: calibrated frames and their transforms to the canvas, the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from orchestrator.runtime.serialization import storable
from orchestrator.session.model import FrameInfo, Session

if TYPE_CHECKING:
    from orchestrator.runtime.context import RunContext

__all__ = ["CalibrationResult", "Engine", "Frame", "FrameReader", "FrameSet", "fitted_model", "in_whole_pixels"]


# Relative difference of scale above which two frames come from different cameras, binnings or telescopes.
SCALE_TOLERANCE = 0.03


class FrameReader(Protocol):
    """Reads the calibrated pixels of one frame, lazily and by rows. Picklable; holds no pixels and no open file."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns), or (3, rows, columns) for frames with three colours."""
        ...

    def read(self, row_start: int = 0, row_stop: int | None = None) -> NDArray[np.float32]:
        """Calibrated rows ``row_start:row_stop`` as float32, 1.0 = 65535 ADU, row 0 the first row of the file."""
        ...


@storable()
@dataclass(frozen=True)
class Frame:
    """One light after stage one.

    ``matrix`` is a 3x3 float64 homography: it maps pixel (x, y) of this frame to the canvas, both 0-based with
    integer coordinates at pixel centres, x = column, y = row as stored in the file. The canvas coordinates are
    those of the reference frame. None when the frame could not be registered; ``reason`` then gives the cause.
    ``saturation`` is the level at and above which pixels are not linear.
    """

    index: int
    info: FrameInfo
    reader: FrameReader | None
    matrix: NDArray[np.float64] | None = None
    reason: str = ""
    residual: float = float("nan")
    matched_stars: int = 0
    method: str = ""
    saturation: float = 0.95

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of the frame; frames of several cameras differ."""
        rows, columns = (self.reader.shape if self.reader is not None else self.info.shape)[-2:]
        return rows, columns

    @property
    def transform(self) -> NDArray[np.float64]:
        """``matrix`` of a registered frame, as all usable ones are. ValueError for any other."""
        if self.matrix is None:
            raise ValueError(f"{self.info.path} is not registered: {self.reason}")
        return self.matrix

    @property
    def pixels(self) -> FrameReader:
        """``reader`` of a readable frame, as all usable ones are. ValueError for any other."""
        if self.reader is None:
            raise ValueError(f"{self.info.path} cannot be read: {self.reason}")
        return self.reader

    @property
    def scale(self) -> float:
        """Canvas pixels per pixel of this frame: 1 unless the camera or binning differs from that of the reference."""
        return 1.0 if self.matrix is None else float(np.sqrt(abs(np.linalg.det(self.matrix[:2, :2]))))


@storable()
@dataclass(frozen=True)
class FrameSet:
    """The result of stage one. No later step depends on which engine ran.

    ``cfa`` is the pattern in memory of the calibrated frames, None for mono or three-colour frames.
    ``channels`` is 1 for mono or mosaic frames, 3 when the engine has already debayered them.
    ``shape`` (rows, columns) is that of the reference.
    ``registered_pixels`` is True when the pixels are already on the canvas (Siril's ``frames`` output).
    """

    frames: tuple[Frame, ...]
    reference: int
    shape: tuple[int, int]
    cfa: str | None
    channels: int
    engine: str
    registered_pixels: bool = False

    @property
    def reference_position(self) -> int:
        """Position of the reference frame among the usable ones."""
        return [f.index for f in self.usable].index(self.reference)

    @property
    def scales_differ(self) -> bool:
        """Whether the frames have different pixel scales."""
        return any(abs(f.scale - 1) > SCALE_TOLERANCE for f in self.usable)

    @property
    def usable(self) -> tuple[Frame, ...]:
        """Frames that have a transform and can be read."""
        return tuple(f for f in self.frames if f.matrix is not None and f.reader is not None)


@storable()
@dataclass(frozen=True)
class CalibrationResult:
    """Masters as written to ``outputs/calibration`` and the readers of the calibrated lights.

    ``masters`` maps "bias", "dark", "flat", "darkflat", "bad_pixels", "fixed_pattern" to the file.
    ``readers`` has one entry for each light of the session, None when the light cannot be read (``reasons``).
    """

    masters: dict[str, Path]
    readers: tuple[FrameReader | None, ...]
    reasons: dict[int, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    details: dict[str, object] = field(default_factory=dict)


class Engine(Protocol):
    """Stage one. ``name`` is "siril" or "native"."""

    name: str

    def calibrate(self, session: Session, context: RunContext) -> CalibrationResult: ...

    def register(self, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet: ...


def fitted_model(transform: str) -> str:
    """The model fitted to the stars for ``registration.transform``: ``integer`` is a shift that is rounded afterwards."""
    return "shift" if transform == "integer" else transform


def in_whole_pixels(frames: FrameSet) -> FrameSet:
    """The frames with their shifts rounded to whole pixels, or to multiples of two on a CFA mosaic, so that colours keep their
    positions. The rounding error is added to the residual in quadrature."""
    step = 2 if frames.cfa is not None else 1

    def rounded(frame: Frame) -> Frame:
        if frame.matrix is None:
            return frame
        shift = frame.matrix[:2, 2] / frame.matrix[2, 2]
        whole = np.rint(shift / step) * step
        matrix = np.eye(3)
        matrix[:2, 2] = whole
        residual = float(np.hypot(frame.residual, np.hypot(*(whole - shift))))
        return replace(frame, matrix=matrix, residual=residual, method=f"{frame.method}, whole pixels")

    return replace(frames, frames=tuple(rounded(f) for f in frames.frames))
