"""The sessions of the benchmark."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from orchestrator.simulation import PRESETS, SimulationConfig

__all__ = ["BenchSession"]

# Width and height of the frames of real cameras, by megapixels.
SIZES = {2: (1920, 1080), 26: (6248, 4176), 61: (9576, 6388)}
# Ratio of the sides of other sizes.
RATIO = 1.5
# Pixels per star, and number of frames of each kind of calibration.
PIXELS_A_STAR = 1400
CALIBRATION = 10


@dataclass(frozen=True)
class BenchSession:
    """A number of frames of ``megapixels`` of a colour camera, or of a monochrome one."""

    megapixels: float
    frames: int
    mono: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, even numbers."""
        if self.megapixels in SIZES:
            return SIZES[int(self.megapixels)]
        height = 2 * round(math.sqrt(self.megapixels * 1e6 / RATIO) / 2)
        return 2 * round(RATIO * height / 2), height

    @property
    def name(self) -> str:
        """For tables, such as ``20 OSC of 1920x1080``."""
        width, height = self.size
        return f"{self.frames} {'mono' if self.mono else 'OSC'} of {width}x{height}"

    @property
    def config(self) -> SimulationConfig:
        """The session for the simulator: seeing, transparency and sky vary, trails cross one frame in eight.

        There is no nebula, so that the noise of the stack can be measured.
        """
        width, height = self.size
        return replace(PRESETS["demo"], width=width, height=height, n_frames=self.frames, pattern=None if self.mono else "RGGB",
                       n_stars=max(width * height // PIXELS_A_STAR, 60), nebula=0.0, trails=self.frames // 8, n_bias=CALIBRATION,
                       n_dark=CALIBRATION, n_flat=CALIBRATION, n_darkflat=0, object_name="Benchmark")
