"""Stage one behind one Protocol: calibrated frames and their way to the canvas, whichever engine ran."""

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


# Frames whose scale differs from the reference's by more are of another camera, binning or telescope.
OTHER_SCALE = 0.03


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
    those of the reference frame. None when the frame could not be registered; ``reason`` then says why.
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
        """(rows, columns) of its pixels; frames of several cameras differ."""
        rows, columns = (self.reader.shape if self.reader is not None else self.info.shape)[-2:]
        return rows, columns

    @property
    def scale(self) -> float:
        """Canvas pixels along a pixel of this frame; 1 but for frames of another camera or binning than the reference's."""
        return 1.0 if self.matrix is None else float(np.sqrt(abs(np.linalg.det(self.matrix[:2, :2]))))


@storable()
@dataclass(frozen=True)
class FrameSet:
    """What stage one hands over. Nothing after it knows which engine ran.

    ``cfa`` is the pattern in memory of the calibrated frames, None for mono or three-colour frames.
    ``channels`` is 1 for mono or mosaic frames, 3 when the engine has already debayered them.
    ``shape`` (rows, columns) is that of the reference.
    ``registered_pixels`` is True when the pixels already lie on the canvas (Siril's ``frames`` output).
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
        """Where the reference frame stands among the usable ones."""
        return [f.index for f in self.usable].index(self.reference)

    @property
    def scales_differ(self) -> bool:
        """Whether frames have pixels of several sizes on the sky."""
        return any(abs(f.scale - 1) > OTHER_SCALE for f in self.usable)

    @property
    def usable(self) -> tuple[Frame, ...]:
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
    """The model that is fitted to the stars for ``registration.transform``: whole pixels are shifts that are rounded."""
    return "shift" if transform == "integer" else transform


def in_whole_pixels(frames: FrameSet) -> FrameSet:
    """The same frames with their shifts rounded: to pixels, or on a mosaic to two, so that colours stay in their places.

    What rounding costs goes into the residual.
    """
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
