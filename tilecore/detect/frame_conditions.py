"""Conditions that spoil frames, from their measurements compared with those of the frames around them.

Clouds, dew, loss of focus and trailing leave different traces: clouds absorb light unsteadily; dew absorbs it slowly and widens
the stars; a lost focus widens the stars and absorbs nothing; trailing elongates all stars in one direction.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import MAD_TO_SIGMA

__all__ = ["ELONGATED", "Condition", "Series", "common_direction", "conditions"]

FloatArray = NDArray[np.float64]

# Loss of light (mag, against the clearest frames) from which a condition is reported; altitude costs some tenths, slowly.
LEAST_LOSS = 0.25
# Departure of the loss from its slow trend (mag) from which it is attributed to clouds.
UNSTEADY = 0.15
# Scatter of the loss from frame to frame (mag) from which it is attributed to clouds.
FLICKER = 0.06
# Share of unsteady frames in an episode from which all of its frames are clouded.
CLOUDY = 0.25
# FWHM over that of good frames from which stars are out of focus, ...
SWOLLEN = 1.25
# ... and by this many times the range of the good frames.
SWOLLEN_SPREAD = 4.0
# FWHM over that of clear frames from which a slow loss of light is attributed to dew.
DEWY = 1.08
# Roundness (b/a) below which stars count as elongated, ...
ELONGATED = 0.8
# ... as a share of the roundness in good frames: optics that elongate the stars of every frame are not a condition.
LESS_ROUND = 0.88
# Agreement of the stars on the direction of elongation (0 none, 1 all) from which it is attributed to trailing.
AGREEING = 0.6
# Share of the usual number of stars below which a frame without photometry is clouded.
FEWEST_STARS = 0.4
# Fewer frames have no usual state to compare with.
LEAST_FRAMES = 5


@dataclass(frozen=True)
class Series:
    """Measurements of N frames in order of time, each (N,) float64, NaN where unknown.

    ``transparency`` relative to any frame, number of ``stars``, ``fwhm`` in px, ``roundness`` b/a, ``angle`` (degrees) and
    ``agreement`` (0..1) of the stars' long axes, see :func:`common_direction`.
    """

    transparency: FloatArray
    stars: FloatArray
    fwhm: FloatArray
    roundness: FloatArray
    angle: FloatArray
    agreement: FloatArray

    def __getitem__(self, part: NDArray[np.intp]) -> Series:
        return Series(*(getattr(self, f.name)[part] for f in fields(self)))


@dataclass(frozen=True)
class Condition:
    """``name`` is clouds, dew, haze, focus or trailing; ``reason`` gives the measurements it was derived from, for people."""

    name: str
    reason: str


def common_direction(theta: FloatArray, roundness: FloatArray) -> tuple[float, float]:
    """Angle (degrees, 0..180) of the long axes ``theta`` (n,) radians, and how far the stars agree on it (0..1).

    An axis has no orientation, so twice the angle is averaged; rounder stars count less. NaN and 0 for fewer than three stars.
    """
    weight = np.clip(1 - roundness, 0, None)
    if len(theta) < 3 or not weight.sum() > 0:
        return float("nan"), 0.0
    mean = complex(np.sum(weight * np.exp(2j * theta)) / weight.sum())
    return float(np.degrees(np.angle(mean)) / 2 % 180), abs(mean)


def conditions(series: Series, *, ordered: bool = True) -> list[tuple[Condition, ...]]:
    """The conditions of each of the N frames, mostly none. The frames must be of one night, camera, exposure time and filter.
    Without ``ordered`` their order in time is not known, and neither is whether the light fell or rose.
    """
    count = len(series.fwhm)
    if count < LEAST_FRAMES:
        return [() for _ in range(count)]
    light = _light(series, ordered=ordered)
    focus = _focus(series)
    trailing = _trailing(series)
    return [tuple(c for c in (light[i], focus[i] if light[i] is None or light[i].name != "dew" else None, trailing[i])  # type: ignore[union-attr]
                  if c is not None) for i in range(count)]


def _good_level(values: FloatArray, share: float) -> float:
    """The quantile ``share`` of the known values; NaN without any."""
    known = values[np.isfinite(values)]
    return float(np.quantile(known, share)) if known.size else float("nan")


def _running(values: FloatArray, reach: int) -> FloatArray:
    """Median over ``reach`` frames to both sides, of the known values; NaN where there are none."""
    out = np.full(len(values), np.nan)
    for i in range(len(values)):
        part = values[max(i - reach, 0): i + reach + 1]
        part = part[np.isfinite(part)]
        if part.size:
            out[i] = np.median(part)
    return out


def _flicker(values: FloatArray, reach: int) -> FloatArray:
    """Robust deviation of the values around each frame from the mean of their neighbours, over ``reach`` frames to both sides."""
    bend = np.full(len(values), np.nan)
    bend[1:-1] = np.abs(values[1:-1] - 0.5 * (values[:-2] + values[2:]))
    return MAD_TO_SIGMA * _running(bend, reach)


def _light(series: Series, *, ordered: bool) -> list[Condition | None]:
    """Clouds, dew or haze of each frame, by how the loss of light changes."""
    clear = _good_level(series.transparency, 0.9)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = -2.5 * np.log10(series.transparency / clear)
    reach = max(len(loss) // 12, 3)
    slow, flicker = _running(loss, reach), _flicker(loss, 3)
    lost = np.nan_to_num(loss) > LEAST_LOSS
    clear_fwhm = _good_level(np.where(lost, np.nan, series.fwhm), 0.5)
    widths = _running(series.fwhm, reach)
    usual_stars = _good_level(series.stars, 0.75)
    unsteady = lost & ((np.abs(loss - slow) > UNSTEADY) | (np.nan_to_num(flicker) > FLICKER))
    found: list[Condition | None] = [None] * len(loss)
    for i in np.flatnonzero(~np.isfinite(loss)):
        if usual_stars > 0 and series.stars[i] < FEWEST_STARS * usual_stars:
            found[i] = Condition("clouds", f"{series.stars[i]:.0f} stars of {usual_stars:.0f}")
    for episode in _episodes(lost):
        cloudy = float(unsteady[episode].mean()) > CLOUDY
        # Dew comes after clear frames; light that was missing from the beginning, and returns, is that of a rising target.
        fell = ordered and episode[0] > 0
        width = float(np.nanmedian(widths[episode])) if np.isfinite(widths[episode]).any() else float("nan")
        for i in episode:
            light = f"{100 * 10 ** (-0.4 * loss[i]):.0f} %"
            if cloudy or unsteady[i]:
                found[i] = Condition("clouds", f"{light} of the light of the clearest frames, unsteadily")
            elif fell and width > DEWY * clear_fwhm:
                found[i] = Condition("dew", f"the light fell slowly to {light} while stars grew from {clear_fwhm:.2f} to "
                                            f"{widths[i]:.2f} px: dew, or a setting target")
            else:
                found[i] = Condition("haze", f"{light} of the light of the clearest frames, steadily: haze, or a low target")
    return found


def _episodes(lost: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Positions of the frames that lost light, in episodes; a single clear frame does not end one."""
    places = np.flatnonzero(lost)
    return [run for run in np.split(places, np.flatnonzero(np.diff(places) > 2) + 1) if run.size]


def _focus(series: Series) -> list[Condition | None]:
    """Loss of focus: stars that are wide over several frames and not elongated."""
    good = _good_level(series.fwhm, 0.25)
    level = _running(series.fwhm, 1)
    limit = max(SWOLLEN * good, good + SWOLLEN_SPREAD * (good - _good_level(series.fwhm, 0.05)))
    usual_stars = _good_level(series.stars, 0.75)
    found: list[Condition | None] = []
    for i, fwhm in enumerate(series.fwhm):
        swollen = fwhm > limit and level[i] > limit
        elongated = series.roundness[i] < ELONGATED and series.agreement[i] > AGREEING
        if not swollen or elongated:
            found.append(None)
            continue
        fewer = f", {series.stars[i]:.0f} stars of {usual_stars:.0f}" if series.stars[i] < 0.9 * usual_stars else ""
        found.append(Condition("focus", f"stars of {fwhm:.2f} px, {good:.2f} px in the sharpest frames{fewer}"))
    return found


def _trailing(series: Series) -> list[Condition | None]:
    """Trailing: elongated stars that agree on one direction."""
    limit = min(ELONGATED, LESS_ROUND * _good_level(series.roundness, 0.75))
    return [Condition("trailing", f"stars are elongated (roundness {r:.2f}) along {angle:.0f} deg")
            if r < limit and agreement > AGREEING else None
            for r, angle, agreement in zip(series.roundness, series.angle, series.agreement, strict=True)]
