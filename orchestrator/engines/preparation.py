"""The calibration frames of a session while they are prepared: the frames of each role, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.calibration_evidence import WarmPixels
from orchestrator.engines.calibration_evidence import warm_pixels as find_warm_pixels
from orchestrator.engines.calibration_findings import Action, CalibrationFinding
from orchestrator.engines.frame_levels import FrameLevels, Measured
from orchestrator.engines.native.masters import combine
from orchestrator.engines.prepared_files import Change, changed_files
from orchestrator.io import fits as fits_io
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import Done, Role, Session

__all__ = ["DARK_ROLES", "FEW", "HAS_WARM", "LACKS_WARM", "LIGHTS", "ROLES", "FramesOfRole", "Preparation", "common_done",
           "typical_levels"]

# Lights whose levels and pixels are compared with the calibration frames.
LIGHTS = 5
ROLES = (Role.BIAS, Role.DARK, Role.DARKFLAT, Role.FLAT)
DARK_ROLES = (Role.BIAS, Role.DARK, Role.DARKFLAT)
# Excess of a dark's warm pixels in the lights above which these still have them, and below which they do not.
HAS_WARM = 0.5
LACKS_WARM = 0.3
# Largest number of frames among which single pixels are not rejected by the mean.
FEW = 4


@dataclass
class FramesOfRole:
    """The frames of one role: raw ones, or one master. ``change`` is applied to their pixels; ``levels`` after that."""

    role: Role
    frames: list[Measured]
    master: bool
    done: Done
    change: Change = field(default_factory=Change)
    ready: Path | None = None

    @property
    def levels(self) -> FrameLevels:
        """Typical levels (ADU) of the frames."""
        return typical_levels([f.levels for f in self.frames])

    @property
    def integer(self) -> bool:
        """Whether all files hold integers, as raw frames do."""
        return all(f.layout.bitpix > 0 for f in self.frames)

    @property
    def names(self) -> str:
        """The frames in words."""
        more = Message(" and {count} more", count=len(self.frames) - 1) if len(self.frames) > 1 else ""
        return f"{self.frames[0].origin.path}{more}"

    @property
    def files(self) -> tuple[Path, ...]:
        """The files as the user gave them."""
        return tuple(f.origin.path for f in self.frames)

    def scaled(self, factor: float) -> None:
        """Multiply the pixels, and the levels that are known of them."""
        self.change = replace(self.change, scale=self.change.scale * factor)
        self.frames = [replace(f, levels=_scaled(f.levels, factor)) for f in self.frames]


@dataclass
class Preparation:
    """What is known of the calibration frames of a session, and what is found and changed while they are prepared.

    ``lights`` are some lights, and ``light`` their typical levels; ``sets`` the frames by role. ``ratio`` is that by which the
    dark current is scaled, ``level`` a bias level (ADU) given in place of frames. ``unread``: roles whose master cannot be read;
    ``refuted``: cards that the pixels contradict. For ``findings``, ``left_out`` and ``complete`` see
    :class:`orchestrator.engines.prepared_calibration.Prepared`.
    """

    session: Session
    context: RunContext
    lights: list[Measured]
    light: FrameLevels
    ratio: float
    level: float | None
    sets: dict[Role, FramesOfRole] = field(default_factory=dict)
    findings: list[CalibrationFinding] = field(default_factory=list)
    left_out: dict[int, str] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    unread: set[Role] = field(default_factory=set)
    refuted: set[str] = field(default_factory=set)

    @property
    def cfa(self) -> bool:
        """Whether the lights are CFA mosaics."""
        return self.session.cfa is not None

    def bias_level(self) -> float | None:
        """Median of the bias in ADU, None if there is none."""
        if Role.BIAS in self.sets:
            return self.sets[Role.BIAS].levels.median
        return self.level

    def warm_pixels(self) -> WarmPixels | None:
        """The warm pixels of the dark, as scaled, in the lights; None if there is no dark or they are too few."""
        if Role.DARK not in self.sets:
            return None
        warm = find_warm_pixels(self.sets[Role.DARK].frames, self.lights, cfa=self.cfa)
        if warm is None:
            return None
        factor = self.sets[Role.DARK].change.scale * self.ratio
        return replace(warm, share=warm.share / factor, error=warm.error / factor)

    def dark_level(self) -> float:
        """Level (ADU) of the dark as it is subtracted: its dark current may be scaled to the exposure of the lights."""
        dark, bias = self.sets[Role.DARK], self.bias_level() or 0.0
        level = dark.levels.median
        if dark.ready is not None:
            return bias + self.ratio * level
        return level if self.ratio == 1 else bias + self.ratio * (level - bias)

    def pixels(self, frames: FramesOfRole) -> NDArray[np.float32]:
        """The master of some frames with their change applied, 1.0 = 65535 ADU."""
        if frames.ready is not None:
            return fits_io.image_layout(frames.ready, scratch=True).read()
        if frames.master:
            return frames.change.apply(frames.frames[0].layout.read())
        changed = changed_files(self.context, frames.role, frames.frames, FEW, frames.change)
        return combine([f.layout for f in changed.frames], frames.role, self.context, None, 0.0)

    def find(self, code: str, action: Action, value: float, limit: float, files: tuple[Path, ...], reason: str,
             remedy: str = "") -> None:
        """Add a finding."""
        self.findings.append(CalibrationFinding(code, action, float(value), float(limit), files, reason, remedy))


def common_done(dones: Sequence[Done]) -> Done:
    """What most of the cards name."""
    def most(value: Callable[[Done], bool]) -> bool:
        return 2 * sum(value(d) for d in dones) > len(dones)

    where = next((d.where for d in dones if d.anything), "")
    return Done(most(lambda d: d.bias), most(lambda d: d.dark), most(lambda d: d.flat), where,
                float(np.median([d.pedestal for d in dones])) if dones else 0.0)


def typical_levels(levels: Sequence[FrameLevels]) -> FrameLevels:
    """The median of the levels of some frames."""
    def middle(name: str) -> float:
        return float(np.median([getattr(a, name) for a in levels]))

    return FrameLevels(middle("median"), middle("noise"), middle("low"), middle("top"), middle("clipped"), 0,
                       np.median([a.blocks for a in levels], axis=0), np.median([a.block_noise for a in levels], axis=0),
                       levels[0].block_size)


def _scaled(levels: FrameLevels, factor: float) -> FrameLevels:
    return FrameLevels(factor * levels.median, factor * levels.noise, factor * levels.low, factor * levels.top, levels.clipped, 0,
                       factor * levels.blocks, factor * levels.block_noise, levels.block_size)
