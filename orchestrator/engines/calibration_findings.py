"""What was found about calibration frames, masters and calibrated lights: each finding with its figures, files and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from orchestrator.message import Message
from orchestrator.runtime.serialization import storable

__all__ = ["Action", "CalibrationFinding", "LightLevels"]

# failed: the calibrated pixels are wrong, and the run must not end as ok; corrected: the right thing was done instead;
# left_out: the files are not used, the rest is right; doubted: the pixels may be wrong, which the sky alone cannot prove.
Action = Literal["failed", "corrected", "left_out", "doubted"]


@storable()
@dataclass(frozen=True)
class CalibrationFinding:
    """One cause that was established from pixels and cards.

    ``code`` names the kind of the finding, for example "flat_clipped" or "dark_without_bias". ``value`` was measured and compared
    with ``limit``, both in the unit named in ``reason``. ``files`` are the frames concerned, ``reason`` and ``remedy`` sentences
    for the user.
    """

    code: str
    action: Action
    value: float
    limit: float
    files: tuple[Path, ...]
    reason: str
    remedy: str = ""

    @property
    def failed(self) -> bool:
        """Whether the calibrated pixels are wrong."""
        return self.action == "failed"

    @property
    def text(self) -> str:
        """The reason and the remedy."""
        return Message("{message} {remedy}", message=self.reason, remedy=self.remedy) if self.remedy else self.reason

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}".strip()


@storable()
@dataclass(frozen=True)
class LightLevels:
    """Levels of one calibrated light in ADU, measured in strips of its rows.

    ``index`` is the position of the light in the session. ``centre`` holds the median of each channel in the middle of the frame,
    ``corners`` those at the top left, top right, bottom left and bottom right in the order of the file. Channels are those of a
    colour frame, the four positions of the CFA pattern in reading order, or one. ``noise`` is that of a pixel,
    ``negative_share`` the share of the pixels below zero.
    """

    index: int
    centre: tuple[float, ...]
    corners: tuple[tuple[float, ...], ...]
    noise: float
    negative_share: float
