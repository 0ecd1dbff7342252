"""The interface of stage one: calibrated frames and their transforms to the canvas, the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.calibration_findings import CalibrationFinding, LightLevels
from orchestrator.runtime.serialization import storable
from orchestrator.session.model import FrameInfo, Session
from tilecore.register.align import apply
from tilecore.register.lens import Lens
from tilecore.resample.pixel_map import FAR

if TYPE_CHECKING:
    from orchestrator.runtime.context import RunContext

__all__ = ["NO_FLATS", "CalibrationResult", "Engine", "Frame", "FrameReader", "FrameSet", "fitted_model", "in_whole_pixels",
           "saturation_of"]


# Relative difference of scale above which two frames come from different cameras, binnings or telescopes.
SCALE_TOLERANCE = 0.03
# Relative difference of the areas of the pixels of a frame on the canvas above which its light is corrected for them.
AREA_TOLERANCE = 0.01
Points = NDArray[np.float64]
Workflow = Literal["auto", "single", "mosaic", "master_tiles"]

NO_FLATS = "No flats: vignetting and dust stay in the frames."


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
    ``lens`` is the distortion of the camera; ``matrix`` then maps pixels of the frame without it, the ideal ones.
    ``wcs`` are the FITS cards, as text, of the WCS of its pixels as read, "" if its place on the sky was not determined.
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
    lens: Lens | None = None
    wcs: str = ""

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

    def ideal(self, points: Points) -> Points:
        """Pixels (n, 2) of the frame without the distortion of its lens, to which ``transform`` applies."""
        return points if self.lens is None else self.lens.ideal(points)

    def distorted(self, points: Points) -> Points:
        """The pixels (n, 2) of the frame that :meth:`ideal` maps to ``points``; far outside where there are none."""
        if self.lens is None:
            return points
        # Far from the frame the polynomial of the lens means nothing.
        reach, size = max(self.shape) / 2, np.array(self.shape[::-1])
        near = ((points > -reach) & (points < size + reach)).all(axis=1)
        found = points.copy()
        found[near] = np.nan_to_num(self.lens.on_frame(points[near]), nan=FAR)
        return found

    def on_plane(self, points: Points) -> Points:
        """Pixels (n, 2) of the frame on the plane of the reference."""
        return apply(self.transform, self.ideal(points))

    def in_other(self, other: Frame, points: Points) -> Points:
        """Where pixels (n, 2) of this frame are in another one."""
        return other.distorted(apply(np.linalg.inv(other.transform) @ self.transform, self.ideal(points)))

    @property
    def scale(self) -> float:
        """Canvas pixels per pixel of this frame: 1 unless the camera or binning differs from that of the reference."""
        return 1.0 if self.matrix is None else float(np.sqrt(abs(np.linalg.det(self.matrix[:2, :2]))))

    @property
    def changes_area(self) -> bool:
        """Whether its pixels have different areas on the canvas: by its lens, or by perspective far from the reference."""
        if self.lens is not None or self.matrix is None:
            return self.lens is not None
        height, width = self.shape
        corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ self.matrix[2]
        # The area is in proportion to the inverse cube of the last coordinate.
        return bool((corners.max() / corners.min()) ** 3 > 1 + AREA_TOLERANCE)


@storable()
@dataclass(frozen=True)
class FrameSet:
    """The result of stage one. No later step depends on which engine ran.

    ``cfa`` is the pattern in memory of the calibrated frames, None for mono or three-colour frames.
    ``channels`` is 1 for mono or mosaic frames, 3 when the engine has already debayered them.
    ``shape`` (rows, columns) is that of the reference.
    ``registered_pixels`` is True when the pixels are already on the canvas (Siril's ``frames`` output).
    ``workflow`` is input.workflow of the settings: whether the frames are panels of a mosaic, and finished stacks.
    ``held_out`` is the median distance (px) of stars that the adjustment of all frames did not use; NaN without one.
    ``anchors`` are the lights that were plate solved, whose catalog stars place the frames on the sky.
    """

    frames: tuple[Frame, ...]
    reference: int
    shape: tuple[int, int]
    cfa: str | None
    channels: int
    engine: str
    registered_pixels: bool = False
    held_out: float = float("nan")
    workflow: Workflow = "auto"
    anchors: tuple[int, ...] = ()

    @cached_property
    def reference_position(self) -> int:
        """Position of the reference frame among the usable ones."""
        return [f.index for f in self.usable].index(self.reference)

    @property
    def scales_differ(self) -> bool:
        """Whether the frames have different pixel scales."""
        return any(abs(f.scale - 1) > SCALE_TOLERANCE for f in self.usable)

    @cached_property
    def usable(self) -> tuple[Frame, ...]:
        """Frames that have a transform and can be read."""
        return tuple(f for f in self.frames if f.matrix is not None and f.reader is not None)


@storable()
@dataclass(frozen=True)
class CalibrationResult:
    """Masters as written to ``outputs/calibration`` and the readers of the calibrated lights.

    ``masters`` maps "bias", "dark", "flat", "darkflat", "bad_pixels", "fixed_pattern" to the file.
    ``readers`` has one entry for each light of the session, None when the light cannot be read (``reasons``).
    ``findings`` are what was found about the calibration frames and the calibrated lights, ``levels`` the levels of these.
    """

    masters: dict[str, Path]
    readers: tuple[FrameReader | None, ...]
    reasons: dict[int, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    details: dict[str, object] = field(default_factory=dict)
    findings: tuple[CalibrationFinding, ...] = ()
    levels: tuple[LightLevels, ...] = ()


class Engine(Protocol):
    """Stage one. ``name`` is "siril" or "native"."""

    name: str

    def calibrate(self, session: Session, context: RunContext) -> CalibrationResult: ...

    def register(self, session: Session, calibrated: CalibrationResult, context: RunContext) -> FrameSet: ...


def saturation_of(reader: FrameReader | None) -> float:
    """The level from which the calibrated pixels of a frame are not linear."""
    return float(getattr(reader, "saturation", 0.95))


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
        return replace(frame, matrix=matrix, residual=residual, method=f"{frame.method}, whole pixels", lens=None)

    return replace(frames, frames=tuple(rounded(f) for f in frames.frames))
