"""Distortion of a camera's lens: the same for all of its frames."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["Lens"]

Points = NDArray[np.float64]

# Newton steps of the inversion at most, and the error (px) at which it ends.
STEPS = 12
EXACT = 1e-9
# Largest error (px) of a place that was found.
INVERTED = 1e-3


@dataclass(frozen=True)
class Lens:
    """Places without distortion (*ideal* ones) as a polynomial of places on the frame, as in the SIP convention of FITS
    (Shupe et al. 2005, ASPC 347:491).

    With (u, v) = ((x, y) - centre) / radius the ideal place is (x, y) + sum_ij terms[:, j, i] u^i v^j.

    Attributes
    ----------
    centre : (x, y) of the optical centre, px of the frame, 0-based with integers at pixel centres.
    radius : px, usually half the diagonal of the frame.
    terms : (2, m, m) float64, px, for x and y. Those with i + j < 2 are 0: a homography does what they would.
    """

    centre: tuple[float, float]
    radius: float
    terms: NDArray[np.float64]

    @classmethod
    def radial(cls, centre: tuple[float, float], radius: float, *k: float) -> Lens:
        """The ideal distance from the centre is r (1 + k[0] (r / radius)^2 + k[1] (r / radius)^4 + ...)."""
        size = 2 * len(k) + 2
        terms = np.zeros((2, size, size))
        for n, factor in enumerate(k, 1):
            # (u^2 + v^2)^n times (u, v), in px.
            for i in range(n + 1):
                share = factor * radius * math.comb(n, i)
                terms[0, 2 * (n - i), 2 * i + 1] += share
                terms[1, 2 * (n - i) + 1, 2 * i] += share
        return cls(centre, radius, terms)

    @property
    def largest(self) -> float:
        """Largest displacement (px) on the circle of ``radius``."""
        angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        rim = np.array(self.centre) + self.radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return float(np.hypot(*(self.ideal(rim) - rim).T).max())

    def ideal(self, points: Points) -> Points:
        """The ideal places of ``points`` (n, 2) on the frame, px."""
        u, v = (points - np.array(self.centre)).T / self.radius
        shift = [np.polynomial.polynomial.polyval2d(v, u, t) for t in self.terms]
        return np.asarray(points + np.stack(shift, axis=1))

    def on_frame(self, points: Points) -> Points:
        """The places on the frame (n, 2) whose ideal places are ``points``, px; NaN where there is none (Newton's method). Each
        place is found independently of the others."""
        centre = np.array(self.centre)
        x, y = _invert(np.ascontiguousarray((points - centre).T / self.radius), np.ascontiguousarray(self.terms), self.radius)
        return np.asarray(np.stack([x, y], axis=1) * self.radius + centre)


@njit(cache=True, nogil=True)
def _invert(ideal: Points, terms: Points, radius: float) -> Points:
    """(2, n) places u, v of the polynomial with ``terms`` (px) whose ideal places are ``ideal``, in units of ``radius``."""
    size = terms.shape[1]
    found = np.empty_like(ideal)
    for k in range(ideal.shape[1]):
        u, v = ideal[0, k], ideal[1, k]
        off_u = off_v = 0.0
        for step in range(STEPS + 1):
            sums = np.zeros((2, 3))
            for axis in range(2):
                for j in range(size - 1, -1, -1):
                    row = along = 0.0
                    for i in range(size - 1, -1, -1):
                        along = along * u + row
                        row = row * u + terms[axis, j, i]
                    # Value, slope along u, slope along v.
                    sums[axis, 2] = sums[axis, 2] * v + sums[axis, 0]
                    sums[axis, 0] = sums[axis, 0] * v + row
                    sums[axis, 1] = sums[axis, 1] * v + along
            off_u, off_v = u + sums[0, 0] / radius - ideal[0, k], v + sums[1, 0] / radius - ideal[1, k]
            a, b, c, d = 1 + sums[0, 1] / radius, sums[0, 2] / radius, sums[1, 1] / radius, 1 + sums[1, 2] / radius
            det = a * d - b * c
            if step == STEPS or max(abs(off_u), abs(off_v)) * radius <= EXACT or det == 0.0:
                break
            u -= (d * off_u - b * off_v) / det
            v -= (a * off_v - c * off_u) / det
        good = np.hypot(off_u, off_v) * radius < INVERTED
        found[0, k], found[1, k] = (u, v) if good else (np.nan, np.nan)
    return found
