"""Colours of stars and of images: channel ratios by temperature, gains, and the cosmetics of previews.

Channels are numbered 0 red, 1 green, 2 blue; images are (3, h, w), linear, float32.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.robust_surface import robust_weights
from tilecore.numerics.statistics import MAD_TO_SIGMA, mad_sigma

__all__ = ["CHANNEL_WAVELENGTHS", "MATRICES", "SOLAR_TEMPERATURE", "SYSTEMS", "ChannelFit", "apply_matrix", "balance",
           "bayer_compensation", "channel_ratio", "fit_ratio", "median_ratio", "neutral_background", "saturate", "scnr",
           "star_temperature", "with_jackknife_error"]

FloatArray = NDArray[np.float64]

# Rows that are worked on at a time: copies of a whole image would take memory.
STRIP = 256

# Effective wavelengths (nm) of the two bands of a colour index, and the index of the Sun: B-V, V-R, V-I from Ramirez et al. 2012
# (ApJ 752, 5), BP-RP from Casagrande & VandenBerg 2018 (MNRAS 479, L102), g-r from Willmer 2018 (ApJS 236, 47),
# BT-VT from B-V = 0.85 (BT-VT) (ESA 1997, SP-1200).
SYSTEMS: dict[str, tuple[float, float, float]] = {
    "B-V": (436.0, 545.0, 0.653), "BT-VT": (421.0, 532.0, 0.768), "BP-RP": (511.0, 777.0, 0.818),
    "g-r": (477.0, 623.0, 0.46), "V-R": (545.0, 641.0, 0.352), "V-I": (545.0, 798.0, 0.702),
}  # fmt: skip
# Effective temperature of the Sun (K; IAU 2015, resolution B3).
SOLAR_TEMPERATURE = 5772.0
# Central wavelengths (nm) of the channels of a typical colour sensor; a different sensor shows as a slope of the fit.
CHANNEL_WAVELENGTHS = (600.0, 530.0, 460.0)
# Named colour matrices: more saturated colours, and filters that pass H-alpha and [O III] only, whose green and blue record the
# same line.
MATRICES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "mild": ((1.2, -0.1, -0.1), (-0.1, 1.2, -0.1), (-0.1, -0.1, 1.2)),
    "vivid": ((1.6, -0.4, -0.2), (-0.2, 1.5, -0.3), (-0.1, -0.4, 1.5)),
    "duo_band": ((1.0, 0.0, 0.0), (0.0, 0.5, 0.5), (0.0, 0.5, 0.5)),
}  # fmt: skip
# Level above the sky (sigma) from which a pixel shows the light of objects.
ABOVE_SKY = 5.0
# Pixels with such light that are needed for their mean colour.
LEAST_BRIGHT = 10
# Level from which a pixel may be saturated.
SATURATED = 0.9
# Second radiation constant h c / k (nm K; CODATA 2018).
C2 = 1.4387769e7
# Range (K) and number of temperatures at which a colour index is tabulated.
TEMPERATURES = (2000, 60000)
TEMPERATURE_STEPS = 2000
# Spread of the expected ratio (mag) below which a slope is not fitted.
LEAST_SPREAD = 0.05
# Stars needed for a slope.
SLOPE_STARS = 5
# Error (mag) of a star beyond its own.
STAR_ERROR = 0.01
# Least robust scatter (mag) of the residuals.
LEAST_SCATTER = 0.005
# Most rounds of reweighting.
ROUNDS = 50
# Groups of stars that are left out in turn for the error of a zero.
GROUPS = 20


@dataclass(frozen=True)
class ChannelFit:
    """``measured = zero + slope * expected`` in magnitudes, for one channel ratio; ``zero`` is the ratio of white stars.

    ``error`` is the standard error of ``zero``, ``scatter`` the robust residual of the stars (both mag); ``used`` (n,) marks
    the stars that were used; ``condition`` is the condition number of the fit (1 when the slope was held at 1).
    """

    zero: float
    slope: float
    error: float
    slope_error: float
    scatter: float
    condition: float
    used: NDArray[np.bool_]

    @property
    def gain(self) -> float:
        """Factor of the channel, relative to the other one, that makes white stars white."""
        return float(10 ** (0.4 * self.zero))


def star_temperature(colour: FloatArray, system: str) -> FloatArray:
    """Temperature (K) of the black body with the colour index (n,) of a system of :data:`SYSTEMS`, shifted to that of the Sun.

    As a function of 1/T the index is smooth and monotonic; it is inverted on a grid from 2000 to 60000 K.
    """
    first, second, solar = SYSTEMS[system]
    inverse = np.linspace(1 / TEMPERATURES[1], 1 / TEMPERATURES[0], TEMPERATURE_STEPS)
    index = _index(inverse, first, second) - float(_index(np.array([1 / SOLAR_TEMPERATURE]), first, second)[0]) + solar
    return np.asarray(1 / np.interp(colour, index, inverse))


def _index(inverse: FloatArray, first: float, second: float) -> FloatArray:
    """-2.5 log10 of the ratio of two black-body fluxes at 1/T, up to a constant."""
    return np.asarray(2.5 * np.log10(np.expm1(C2 * inverse / first) / np.expm1(C2 * inverse / second)))


def channel_ratio(temperature: FloatArray, channel: int, white: float = SOLAR_TEMPERATURE,
                  wavelengths: tuple[float, float, float] = CHANNEL_WAVELENGTHS) -> FloatArray:
    """Expected magnitude (n,) of ``channel`` against green, relative to a star of temperature ``white``: 0 for white."""
    here, green = wavelengths[channel], wavelengths[1]
    reference = float(_index(np.array([1 / white]), here, green)[0])
    return np.asarray(_index(1 / np.asarray(temperature, np.float64), here, green) - reference)


def fit_ratio(measured: FloatArray, expected: FloatArray, error: FloatArray) -> ChannelFit:
    """Fit magnitudes (n,) of one channel against green by IRLS with Tukey's biweight; ``error`` (n,) are those of the stars.

    The slope absorbs the difference of the response of the sensor from the assumed one; with too little spread of colours it
    is 1.
    """
    weight = 1 / (error**2 + STAR_ERROR**2)
    spread = mad_sigma(expected)
    free = spread >= LEAST_SPREAD and len(measured) >= SLOPE_STARS
    design = np.stack([np.ones_like(expected), expected], 1)
    slope, zero = 1.0, float(np.median(measured - expected))
    robust = robust_weights((measured - expected - zero) / _scale(measured - expected - zero), "tukey")
    for _ in range(ROUNDS):
        total = robust * weight
        if free:
            found = np.linalg.lstsq(design * np.sqrt(total)[:, None], measured * np.sqrt(total), rcond=None)[0]
        else:
            found = np.array([np.sum(total * (measured - expected)) / np.sum(total), 1.0])
        rest = measured - design @ found
        robust = robust_weights(rest / _scale(rest), "tukey")
        done = abs(found[0] - zero) < 1e-7 and abs(found[1] - slope) < 1e-7
        zero, slope = float(found[0]), float(found[1])
        if done or (robust > 0).sum() < 3:
            break
    used = robust > 0
    kept = rest[used]
    scatter = mad_sigma(kept, 0.0) if used.any() else float("inf")
    total = (robust * weight)[used]
    effective = np.sqrt(np.average(kept**2, weights=total)) if used.any() else np.inf
    part = design[used] * np.sqrt(total / max(total.sum(), 1e-30))[:, None]
    if not free:
        return ChannelFit(zero, slope, float(effective / np.sqrt(max(used.sum(), 1))), 0.0, scatter, 1.0, used)
    condition = float(np.linalg.cond(part / np.maximum(np.linalg.norm(part, axis=0), 1e-12)))
    covariance = np.linalg.pinv(part.T @ part) * effective**2 / max(used.sum() - 2, 1)
    return ChannelFit(zero, slope, float(np.sqrt(covariance[0, 0])), float(np.sqrt(covariance[1, 1])), scatter, condition, used)


def with_jackknife_error(fit: ChannelFit, measured: FloatArray, expected: FloatArray, error: FloatArray) -> ChannelFit:
    """The ``fit`` to magnitudes (n,) of :func:`fit_ratio` with the larger of its error of the zero and that of the jackknife.

    That is from fits without each of up to 20 groups of stars (Efron & Stein 1981, Ann. Statist. 9, 586). Where light of a nebula
    falls on some stars the result depends on which of them count as outliers, which the scatter of the others does not show.
    """
    group = np.arange(len(measured)) % min(GROUPS, len(measured))
    zeros = [fit_ratio(measured[group != k], expected[group != k], error[group != k]).zero for k in range(int(group.max()) + 1)]
    return replace(fit, error=max(fit.error, float(np.sqrt((len(zeros) - 1) * np.var(zeros)))))


def median_ratio(measured: FloatArray, expected: float) -> ChannelFit:
    """The zero for which the median of magnitudes (n,) of one channel against green is the ``expected`` one; its slope is 1.

    Colours of stars are skewed and scatter by more than their errors, so that all stars count alike.
    """
    rest = measured - expected
    zero = float(np.median(rest))
    scatter = mad_sigma(rest, zero)
    return ChannelFit(zero, 1.0, float(np.sqrt(np.pi / 2 / len(rest)) * scatter), 0.0, scatter, 1.0, np.ones(len(rest), bool))


def _scale(rest: FloatArray) -> float:
    """Robust scatter (mag) of residuals."""
    return max(mad_sigma(rest), LEAST_SCATTER)


def balance(image: NDArray[np.float32], gains: tuple[float, float, float], sky: tuple[float, float, float],
            covered: NDArray[np.bool_], out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """``gain_c (I_c - sky_c) + sky_green``: white stars become white, the sky grey at the level of green. Linear.

    Images are (3, h, w); pixels that are not ``covered`` stay 0. The result is written to ``out`` if that is given.
    """
    out = np.empty(image.shape, np.float32) if out is None else out
    for c in range(3):
        for first in range(0, image.shape[1], STRIP):
            rows = slice(first, first + STRIP)
            level = (image[c, rows] - np.float32(sky[c])) * np.float32(gains[c]) + np.float32(sky[1])
            out[c, rows] = np.where(covered[rows], level, 0)
    return out


def _sky(channel: NDArray[np.float32]) -> tuple[float, float]:
    """Median and robust deviation of the pixels with data, from those below the median."""
    data = channel[channel != 0]
    if not data.size:
        return 0.0, 0.0
    median = float(np.median(data))
    below = data[data <= median]  # stars and nebulae are above
    return median, MAD_TO_SIGMA * float(np.median(median - below))


def neutral_background(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """White balance of the background: the sky of red and blue (3, h, w) is shifted to the level of green. For previews."""
    skies = [_sky(c)[0] for c in image]
    return np.stack([np.where(c != 0, np.maximum(c + np.float32(skies[1] - sky), 0), 0)
                     for c, sky in zip(image, skies, strict=True)]).astype(np.float32)


def bayer_compensation(image: NDArray[np.float32]) -> tuple[NDArray[np.float32], tuple[float, float, float]]:
    """Red and blue (3, h, w) scaled about their sky so that the light above it is grey on average, and the gains.

    A sensor is less sensitive in red and blue than in green; the mean colour of stars and nebulae is taken as white. For
    previews.
    """
    levels = [_sky(c) for c in image]
    bright = np.logical_and.reduce([c > sky + ABOVE_SKY * spread for c, (sky, spread) in zip(image, levels, strict=True)])
    bright &= image.max(axis=0) < SATURATED
    if bright.sum() < LEAST_BRIGHT:
        return image, (1.0, 1.0, 1.0)
    light = [float(np.median(c[bright]) - sky) for c, (sky, _) in zip(image, levels, strict=True)]
    gains = (light[1] / light[0], 1.0, light[1] / light[2])
    out = [np.where(c != 0, np.maximum((c - np.float32(sky)) * np.float32(g) + np.float32(sky), 0), 0)
           for c, (sky, _), g in zip(image, levels, gains, strict=True)]
    return np.stack(out).astype(np.float32), gains


def scnr(image: NDArray[np.float32], amount: float = 1.0, method: Literal["average", "maximum"] = "average"
         ) -> NDArray[np.float32]:  # fmt: skip
    """Subtractive chromatic noise reduction: green is limited to the mean (or the larger) of red and blue. For previews."""
    red, green, blue = image
    limit = 0.5 * (red + blue) if method == "average" else np.maximum(red, blue)
    return np.stack([red, green - np.float32(amount) * np.maximum(green - limit, 0), blue])


def apply_matrix(image: NDArray[np.float32], matrix: FloatArray) -> NDArray[np.float32]:
    """Colours mixed by a 3x3 matrix whose rows sum to 1, so that grey stays grey. Raises ValueError otherwise. For previews."""
    matrix = np.asarray(matrix, np.float64)
    if matrix.shape != (3, 3) or not np.allclose(matrix.sum(axis=1), 1, atol=1e-3):
        raise ValueError("a colour matrix is 3x3 and its rows sum to 1")
    return np.asarray(np.einsum("ij,jhw->ihw", matrix.astype(np.float32), image, dtype=np.float32))


def saturate(image: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    """Deviations of the channels from their mean times ``factor``; the mean and the range 0..1 are kept. For previews."""
    mean = image.mean(axis=0, dtype=np.float32)
    away = image - mean
    # Where a channel would leave 0..1 the factor of the pixel is lowered, so that its hue is unchanged.
    room = np.minimum(np.where(away > 0, (1 - mean) / np.maximum(away, 1e-9), np.inf),
                      np.where(away < 0, mean / np.maximum(-away, 1e-9), np.inf)).min(axis=0)
    return np.asarray(mean + away * np.minimum(np.float32(factor), np.maximum(room, 0)), np.float32)
