"""Check that stars keep their light: from the raw frame to the calibrated frame, and from there to the stack."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestrator.checks.field_cells import cell_of
from orchestrator.checks.record import Check, Problem, not_measured, passed_or_failed
from orchestrator.checks.star_sample import StarSample, median_over_frames
from orchestrator.message import Message
from tilecore.numerics.statistics import median_and_error

__all__ = ["star_light"]

FloatArray = NDArray[np.float64]

# Largest deviation of the ratio of two fluxes from 1, as a fraction; deviations within ERRORS standard errors do not count.
LIMIT = 0.02
ERRORS = 4.0
# Fewest stars of a group (all, a third by brightness, a ninth of the field) that is compared.
LEAST_STARS = 5
# Largest share of the stars that may deviate by more than STAR_LIMIT between raw and calibrated frame, beyond that of the sky.
STAR_LIMIT = 0.05
MOST_STARS = 0.1
# The spread of few stars is itself uncertain. With the error raised by 1 + SMALL / n, ERRORS of it are as unlikely as those of a
# normal distribution (about Student's distribution with 8 to 60 stars).
SMALL = 7.0
# Floor of the standard error of a group: differences of PSF and aperture.
LEAST_ERROR = 0.002
CELLS = 3
BRIGHTNESS = ("bright", "medium", "faint")
PLACES = ("top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom", "bottom right")


@dataclass(frozen=True)
class Group:
    """A group of stars: median ``ratio`` and its ``error``."""

    name: str
    ratio: float
    error: float
    stars: int

    @property
    def beyond(self) -> float:
        """Deviation from 1 that is not explained by the error."""
        return max(abs(self.ratio - 1) - ERRORS * self.error, 0.0)


def star_light(sample: StarSample, channels: tuple[str, ...], shape: tuple[int, int], files: tuple[str, ...]) -> Check:
    """Compare the fluxes of ``sample`` in the stack, the calibrated frames and the raw frames.

    ``shape`` (rows, columns) of the canvas; ``files`` are the names of the K frames of the sample.
    """
    expected = sample.expected
    stacked = sample.stack / expected
    with np.errstate(invalid="ignore", divide="ignore"):
        through_calibration = sample.frames / sample.raw
    calibrated = np.array([_level(through_calibration[:, c], sample.flat_level) for c in range(len(channels))])
    groups: dict[str, dict[str, list[Group]]] = {}
    problems: list[Problem] = []
    for stage, ratios in (("stack", stacked), ("calibration", calibrated)):
        groups[stage] = {}
        for c, channel in enumerate(channels):
            found = _groups(ratios[c], expected[c], sample.x, sample.y, shape)
            groups[stage][channel] = found
            problems += _problems(stage, channel, found)
    problems += _eaten(sample.cores, channels, files, sample.flat_level)
    measured = sum(len(g) for stage in groups.values() for g in stage.values())
    if not measured:
        return not_measured("star_light", Message("fewer than {least_stars} bright unsaturated isolated stars",
                                                  least_stars=LEAST_STARS))
    return passed_or_failed(
        "star_light", "of the flux", max(abs(g[0].ratio - 1) for s in groups.values() for g in s.values() if g), LIMIT, problems,
        {"kind": "curve", "lines": [_line(n, sample.stack[c], stacked[c]) for c, n in enumerate(channels)],
         "xunit": "mag below the brightest", "unit": "stack / frames", "points": True},
        {"radius_px": sample.radius, "stars": len(sample.x), "frames": list(files),
         "groups": {s: {c: [vars(g) for g in gs] for c, gs in by.items()} for s, by in groups.items()}})


def _level(ratios: FloatArray, exact: bool) -> FloatArray:
    """(n,) median over the frames, divided by its median over the stars if the level of the flat is not known."""
    level = median_over_frames(ratios)
    return level if exact or not np.isfinite(level).any() else np.asarray(level / np.nanmedian(level))


def _groups(ratio: FloatArray, flux: FloatArray, x: FloatArray, y: FloatArray, shape: tuple[int, int]) -> list[Group]:
    """All stars, thirds by brightness, and ninths of the field."""
    good = np.isfinite(ratio) & np.isfinite(flux) & (flux > 0)
    chosen = np.flatnonzero(good)
    if len(chosen) < LEAST_STARS:
        return []
    found = [_group("all stars", ratio[chosen])]
    order = chosen[np.argsort(-flux[chosen])]
    for name, part in zip(BRIGHTNESS, np.array_split(order, 3), strict=True):
        if len(part) >= LEAST_STARS:
            found.append(_group(f"{name} stars", ratio[part]))
    cell = cell_of(x, y, shape, CELLS)
    for k in np.unique(cell[chosen]):
        part = chosen[cell[chosen] == k]
        if len(part) >= LEAST_STARS:
            found.append(_group(f"stars at the {PLACES[int(k)]}", ratio[part]))
    return found


def _group(name: str, ratio: FloatArray) -> Group:
    middle, error = median_and_error(ratio)
    return Group(name, middle, max((1 + SMALL / len(ratio)) * error, LEAST_ERROR), len(ratio))


def _problems(stage: str, channel: str, groups: list[Group]) -> list[Problem]:
    """The group that deviates most, if it is beyond the limit."""
    beyond = [g for g in groups if g.beyond > LIMIT]
    if not beyond:
        return []
    worst = max(beyond, key=lambda g: g.beyond)
    what = Message("{worst} of channel {channel} have {ratio:.3f} of their light", worst=worst.name, channel=channel,
                   ratio=worst.ratio)
    if stage == "stack":
        return [Problem(abs(worst.ratio - 1), LIMIT, Message("in the stack {what} in the calibrated frames ({stars} stars)",
                                                             what=what, stars=worst.stars),
                        "See rejected.fits for where pixels were rejected; compare with --set stacking.rejection=none.")]
    return [Problem(abs(worst.ratio - 1), LIMIT, Message("in the calibrated frames {what} in the raw frames ({stars} stars)",
                                                         what=what, stars=worst.stars),
                    "Bad pixels were replaced on stars, or the masters do not match: compare with --set "
                    "calibration.cosmetic=false.")]


def _eaten(ratios: FloatArray, channels: tuple[str, ...], files: tuple[str, ...], exact: bool) -> list[Problem]:
    """Single stars that lose light in the calibration of a frame: the median over the stars does not show them."""
    known = np.isfinite(ratios)
    if known.sum() < LEAST_STARS * len(channels):
        return []
    middle = np.ones(len(channels)) if exact else np.array([np.nanmedian(ratios[:, c]) for c in range(len(channels))])
    low, high = (np.count_nonzero(known & test, axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)), 1)
                 for test in (ratios < (1 - STAR_LIMIT) * middle[:, None], ratios > (1 + STAR_LIMIT) * middle[:, None]))
    # Noise acts in both directions.
    share = low - high
    bad = np.flatnonzero(share > MOST_STARS)
    if not len(bad) or len(bad) < len(share) / 2:
        return []
    return [Problem(float(share.max()), MOST_STARS,
                    Message("calibration removed more than {star_limit:.0f} % of the light in the cores of {share:.0f} % of "
                            "the stars", star_limit=100 * STAR_LIMIT, share=100 * share.max()),
                    "Bad pixels were replaced on stars: use --set calibration.cosmetic=false, or take darks.",
                    tuple(files[int(k)] for k in bad))]


def _line(name: str, flux: FloatArray, ratio: FloatArray) -> dict[str, object]:
    good = np.isfinite(ratio) & (flux > 0)
    if not good.any():
        return {"name": name, "x": [], "y": []}
    order = np.flatnonzero(good)[np.argsort(-flux[good])]
    magnitude = -2.5 * np.log10(flux[order] / flux[order[0]])
    return {"name": name, "x": np.round(magnitude, 3).tolist(), "y": np.round(ratio[order], 4).tolist()}
