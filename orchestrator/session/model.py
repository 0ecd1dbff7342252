"""The data model of a session: frames with their headers, grouped by role. Immutable; nothing here accesses the disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

__all__ = ["Exclusion", "FrameInfo", "Role", "Session"]

# Arcseconds subtended by a micrometre at a millimetre: 180 * 3600 / pi / 1000.
ARCSEC_MM_PER_UM = 206.264806


class Role(StrEnum):
    """The kind of a frame."""

    LIGHT = "light"
    DARK = "dark"
    FLAT = "flat"
    BIAS = "bias"
    DARKFLAT = "darkflat"


@dataclass(frozen=True, slots=True)
class FrameInfo:
    """One raw frame, described by its header.

    ``shape`` is (rows, columns), or (3, rows, columns) for frames that are already debayered.
    ``cfa`` names the pattern in memory, row 0 being the first row of the file: "RGGB" means that
    ``data[0, 0]`` is red, ``data[0, 1]`` and ``data[1, 0]`` green. None for mono.
    ``top_down`` is True when the first row of the file is the top of the picture (ROWORDER TOP-DOWN, or no ROWORDER).
    ``sky_position`` is (RA, Dec) in degrees, ``scale`` in arcsec per pixel, ``exposure`` in seconds,
    ``temperature`` in degrees C, ``pixel_size`` in micrometres (binned), ``focal_length`` in mm,
    ``rotation`` the mechanical angle of the rotator in degrees (on which flats depend).
    ``bitpix`` is the FITS BITPIX; ``decompress`` is True for files whose pixels cannot be read by rows (.fz, .gz).
    """

    path: Path
    role: Role
    shape: tuple[int, ...]
    bitpix: int = 16
    cfa: str | None = None
    top_down: bool = True
    exposure: float | None = None
    gain: float | None = None
    offset: float | None = None
    temperature: float | None = None
    binning: tuple[int, int] = (1, 1)
    filter: str | None = None
    camera: str | None = None
    telescope: str | None = None
    object: str | None = None
    time: datetime | None = None
    sky_position: tuple[float, float] | None = None
    pixel_size: float | None = None
    focal_length: float | None = None
    rotation: float | None = None
    decompress: bool = False

    @property
    def scale(self) -> float | None:
        """Arcsec per pixel, None if the header lacks pixel size or focal length."""
        if not self.pixel_size or not self.focal_length:
            return None
        return ARCSEC_MM_PER_UM * self.pixel_size / self.focal_length


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A file that is not used, and why."""

    path: Path
    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """The frames of one session that belong together, by role.

    ``frames[Role.LIGHT]`` holds lights of one shape, CFA pattern, binning, gain and filter, in order of time (then name).
    ``masters`` are master files that the user gave ("bias", "dark", "flat", "darkflat").
    ``notes`` name the origin of calibration frames borrowed from elsewhere.
    ``nights`` are the sessions from which this one was merged, each with the calibration frames for its lights. Then
    ``frames`` holds the lights of all nights in order, which may differ in shape, gain and camera, and ``masters`` is empty.
    """

    roots: tuple[Path, ...]
    name: str
    frames: dict[Role, tuple[FrameInfo, ...]]
    masters: dict[Role, FrameInfo] = field(default_factory=dict)
    excluded: tuple[Exclusion, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    nights: tuple[Session, ...] = ()

    @property
    def lights(self) -> tuple[FrameInfo, ...]:
        return self.frames.get(Role.LIGHT, ())

    @property
    def cfa(self) -> str | None:
        return self.lights[0].cfa if self.lights else None

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns) of a light."""
        return self.lights[0].shape if self.lights else ()

    @property
    def night_of(self) -> tuple[int, ...]:
        """Index of the night of each light; zeros for a session of one night."""
        if not self.nights:
            return (0,) * len(self.lights)
        return tuple(k for k, night in enumerate(self.nights) for _ in night.lights)
