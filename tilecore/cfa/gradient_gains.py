"""How far demosaicing may follow the gradients of another colour, for stars of a known width.

Malvar, He & Cutler (2004, ICASSP) correct linear interpolation of a colour by the curvature of the measured one, with gains that
minimise the mean square error on photographs. Stars are smoother than these: with the same gains those wider than 1.5 px come out
narrower than they are, with dark pixels beside them, the more so where their colour is not the usual one. Here the gains minimise
the mean square error on stars: of any place on the pixels, with colours that scatter, in the noise of a pixel.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["MALVAR", "gradient_gains"]

FloatArray = NDArray[np.float64]

# Gains of Malvar's method: of green at red and blue; of red at blue and blue at red; and of red and blue at green, of the
# difference to the green pixels next diagonally, two away in the direction of the neighbours of that colour, and across.
MALVAR = (0.5, 0.75, 0.5, 0.25, -0.125)
# Scatter of the ratio of two colours of stars.
COLOUR_SCATTER = 0.3
# Signal-to-noise ratio of the peak of the stars for which the gains are best.
PEAK_SNR = 100.0
# Exponent of their Moffat profile.
BETA = 3.0
# Range of the FWHM (px, before integration over pixels): beyond it the gains hardly change.
NARROWEST, WIDEST = 1.0, 8.0
# Places of the star about the pixel (px) ...
REACH, STEP = 6.0, 0.3
# ... and points over which a pixel is integrated.
WITHIN = (-0.375, -0.125, 0.125, 0.375)


def gradient_gains(fwhm: float) -> tuple[float, ...]:
    """The five gains, in the order of :data:`MALVAR`, for stars of ``fwhm`` px (before integration over pixels)."""
    return _gains(round(20 * float(np.clip(fwhm, NARROWEST, WIDEST))))


@lru_cache(maxsize=256)
def _gains(twentieths: int) -> tuple[float, ...]:
    fwhm = twentieths / 20
    places = np.arange(-REACH, REACH + STEP / 2, STEP)
    y, x = np.meshgrid(places, places, indexing="ij")

    def light(*pixels: tuple[int, int]) -> FloatArray:
        return np.asarray(np.mean([_star(fwhm, dy - y, dx - x) for dy, dx in pixels], axis=0))

    here, beside, above = light((0, 0)), light((0, -1), (0, 1)), light((-1, 0), (1, 0))
    diagonal = light((-1, -1), (-1, 1), (1, -1), (1, 1))
    far_x, far_y = light((0, -2), (0, 2)), light((-2, 0), (2, 0))
    noise = (float(_star(fwhm, np.zeros(1), np.zeros(1))[0]) / PEAK_SNR) ** 2 * y.size
    curve = here - (far_x + far_y) / 2
    # Noise of the differences: 1 of the pixel here, the inverse of their number of the others.
    single = np.array([[1.25]])
    several = 1 + np.diag([1 / 4, 1 / 2, 1 / 2])
    return (*_solve(here - (beside + above) / 2, [curve], noise * single),
            *_solve(here - diagonal, [curve], noise * single),
            *_solve(here - beside, [here - diagonal, here - far_x, here - far_y], noise * several))


def _solve(missing: FloatArray, differences: list[FloatArray], noise: FloatArray) -> tuple[float, ...]:
    """Gains of k differences of one colour (n, n) that best give what linear interpolation of another is ``missing`` (n, n);
    ``noise`` (k, k) is the covariance of the noise of their sums."""
    design = np.array([d.ravel() for d in differences])
    normal = (1 + COLOUR_SCATTER**2) * design @ design.T + noise
    return tuple(float(v) for v in np.linalg.solve(normal, design @ missing.ravel()))


def _star(fwhm: float, y: FloatArray, x: FloatArray) -> FloatArray:
    """A star with peak 1, integrated over pixels, at distances (px) from its centre."""
    factor = 4 * (2 ** (1 / BETA) - 1) / fwhm**2
    values = [(1 + factor * ((y + a) ** 2 + (x + b) ** 2)) ** -BETA for a in WITHIN for b in WITHIN]
    return np.asarray(np.mean(values, axis=0))
