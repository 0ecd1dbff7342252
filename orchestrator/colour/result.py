"""The result of a colour calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ColourResult", "Declined"]


@dataclass(frozen=True)
class ColourResult:
    """``image`` (3, h, w) is balanced, or the input if ``declined`` holds a reason. ``report`` is written to pcc.json."""

    image: NDArray[np.float32]
    declined: str
    report: dict[str, Any]


class Declined(Exception):
    """The colours cannot be calibrated; the text is the reason."""
