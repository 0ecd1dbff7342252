"""Whether two frames of one sensor have the same order of rows, from the structure of the sensor that both contain."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma

__all__ = ["RowAgreement", "row_agreement"]

# Deviations above which values are cut, so that stars and single hot pixels do not decide.
CUT = 4.0
# Significance (standard deviations of the correlation of unrelated frames) of agreement ...
AGREES = 8.0
# ... and of its absence.
ABSENT = 4.0
# Share of the agreement in one order that chance neighbours leave in the other, at most.
MOST_LEFT = 0.3


@dataclass(frozen=True)
class RowAgreement:
    """Correlation of two frames as they are (``straight``) and with the rows of one ``reversed``; ``error`` is its standard
    deviation for unrelated frames."""

    straight: float
    reversed: float
    error: float

    @property
    def agrees(self) -> bool:
        """Whether the frames agree as they are."""
        return self.straight > AGREES * self.error

    @property
    def is_opposite(self) -> bool:
        """Whether the frames agree in the opposite order of rows, and not as they are."""
        absent = max(ABSENT * self.error, MOST_LEFT * self.reversed)
        return self.reversed > AGREES * self.error and self.straight < absent


def row_agreement(frame: NDArray[np.float32], light: NDArray[np.float32]) -> RowAgreement:
    """Correlate the fine structure of two frames (h, w) of one sensor: each pixel minus the mean of its neighbours two pixels
    away, which have the same colour in a mosaic."""
    a, b = _structure(frame), _structure(light)
    scale = float(np.sqrt(np.mean(a * a) * np.mean(b * b)))
    if scale == 0:
        return RowAgreement(0.0, 0.0, 1.0)
    return RowAgreement(float(np.mean(a * b)) / scale, float(np.mean(a[::-1] * b)) / scale, 1 / float(np.sqrt(a.size)))


def _structure(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """The deviation of each pixel from its surroundings, cut and in units of its spread."""
    around = np.zeros((5, 5), np.float32)
    around[::2, ::2] = 1 / 8
    around[2, 2] = 0
    rest = image - cv2.filter2D(image, cv2.CV_32F, around, borderType=cv2.BORDER_REFLECT_101)
    spread = mad_sigma(rest)
    if not spread > 0:
        spread = float(rest.std()) or 1.0
    cut = np.clip(rest / np.float32(spread), -CUT, CUT)
    return np.asarray(cut - cut.mean(), np.float32)
