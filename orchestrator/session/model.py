"""The data model of a session: frames with their headers, grouped by role. Immutable; nothing here accesses the disk."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

__all__ = ["CalibrationGroup", "Done", "Exclusion", "FrameInfo", "Reading", "Role", "Session"]

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
class Reading:
    """How the stored numbers of a frame are read, where the other frames of its session show that its own header is not enough.

    ``flipped``: from the last row to the first. ``unit``: factor to 1.0 = 65535 ADU, ``bzero``: the offset of the samples,
    instead of those of the file. ``wrapped``: negative samples are values above 32767. ``trimmed`` (rows, columns) are
    left out at each border, so that the colour mosaic begins like that of another camera.
    """

    flipped: bool = False
    unit: float | None = None
    bzero: float | None = None
    wrapped: bool = False
    trimmed: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Done:
    """What the cards of a frame name as already subtracted or divided. ``where`` quotes them; ``pedestal`` (ADU) was added."""

    bias: bool = False
    dark: bool = False
    flat: bool = False
    where: str = ""
    pedestal: float = 0.0

    @property
    def anything(self) -> bool:
        return self.bias or self.dark or self.flat


@dataclass(frozen=True, slots=True)
class FrameInfo:
    """One raw frame, described by its header.

    ``shape`` is (rows, columns), or (3, rows, columns) for frames that are already debayered.
    ``cfa`` names the pattern in memory, row 0 being the first row of the file: "RGGB" means that
    ``data[0, 0]`` is red, ``data[0, 1]`` and ``data[1, 0]`` green. None for mono.
    ``top_down`` is True when the first row read is the top of the picture (ROWORDER TOP-DOWN, or no ROWORDER);
    ``row_order_known`` whether the header has a ROWORDER.
    ``sky_position`` is (RA, Dec) in degrees, ``scale`` in arcsec per pixel, ``exposure`` in seconds,
    ``temperature`` in degrees C, ``pixel_size`` in micrometres (binned), ``focal_length`` in mm,
    ``rotation`` the mechanical angle of the rotator in degrees (on which flats depend).
    ``bitpix`` is the FITS BITPIX; ``decompress`` is True for files whose pixels cannot be read by rows (.fz, .gz).
    ``saturation`` is the level (ADU) at which the camera clips according to the header.
    ``x_trans``: the header names the 6x6 mosaic of a Fujifilm sensor. ``done``: what the header names as done to the frame.
    ``panel``: its panel of a mosaic according to a stack plan, "" without one.
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
    row_order_known: bool = False
    saturation: float | None = None
    x_trans: bool = False
    reading: Reading = Reading()
    done: Done = Done()
    panel: str = ""

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
class CalibrationGroup:
    """Lights of a session that are calibrated with the same masters.

    ``name`` is valid as a file name, ``description`` is for people; both are empty for the only group of a session.
    ``lights`` are indices into the lights of the session, in order. ``frames`` (without lights) and ``masters`` are the
    calibration frames and given masters by role. ``frames[Role.DARKFLAT]`` may have several exposures: each flat is calibrated
    with the dark-flats that match it (session/flat_sets.py).
    ``dark_ratio`` is the exposure of the lights divided by that of the darks if the dark current must be scaled, else 1.
    """

    name: str
    lights: tuple[int, ...]
    frames: dict[Role, tuple[FrameInfo, ...]] = field(default_factory=dict)
    masters: dict[Role, FrameInfo] = field(default_factory=dict)
    description: str = ""
    dark_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Session:
    """The frames of one session that belong together, by role.

    ``frames[Role.LIGHT]`` holds lights of one CFA pattern and filter, in order of time (then name).
    ``masters`` are master files that the user gave ("bias", "dark", "flat", "darkflat").
    ``groups`` are the calibration groups if the lights need several, each with its own ``frames`` and ``masters``. Then
    ``frames`` holds those of all groups, and ``masters`` is empty; engines/calibrate_groups.py calibrates them one by one.
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
    groups: tuple[CalibrationGroup, ...] = ()

    @property
    def calibration_groups(self) -> tuple[CalibrationGroup, ...]:
        """The calibration groups of this session (not of its nights); ordinarily a single one with all lights."""
        frames: dict[Role, tuple[FrameInfo, ...]] = {r: infos for r, infos in self.frames.items() if r is not Role.LIGHT}
        return self.groups or (CalibrationGroup("", tuple(range(len(self.lights))), frames, self.masters),)

    @property
    def dark_ratio(self) -> float:
        """``dark_ratio`` of the only calibration group; 1 if there are several."""
        return self.groups[0].dark_ratio if len(self.groups) == 1 else 1.0

    def part(self, group: CalibrationGroup) -> Session:
        """The lights of a calibration group with its calibration frames, as a session with a single group."""
        own = replace(group, name="", description="", lights=tuple(range(len(group.lights))))
        lights = tuple(self.lights[i] for i in group.lights)
        return replace(self, frames={Role.LIGHT: lights, **group.frames}, masters=group.masters, groups=(own,), nights=())

    @property
    def all_masters(self) -> tuple[tuple[Role, FrameInfo], ...]:
        """The given masters of the session, of its groups and of its nights, each once."""
        parts = [s for night in self.nights for s in night.all_masters]
        parts += [item for group in self.calibration_groups for item in group.masters.items()]
        return tuple({(role, info.path): (role, info) for role, info in parts}.values())

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
