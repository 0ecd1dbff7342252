"""What the stored numbers of frames mean where their headers leave it open: the unit of float frames, and 16-bit frames without
BZERO. Decided from all pixels, once for the frames of one camera and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

from orchestrator.io.fits import FLOAT_ADU_ABOVE, FULL_SCALE, ImageLayout
from orchestrator.message import Message
from orchestrator.session.model import FrameInfo, Reading, Role

__all__ = ["Samples", "samples_of", "with_readings"]

# Fewest values above FLOAT_ADU_ABOVE that show that a float frame holds ADU: a few may be damaged.
LEAST_VALUES = 10
# Frames of one unit have spreads of values within this factor; ADU and the range 0 to 1 differ by 65535.
SPREAD_RANGE = 300.0
# Percentiles between which the spread is measured.
SPREAD = (1.0, 99.0)
# BZERO of unsigned 16-bit samples.
UNSIGNED = 32768
# Median of signed samples below which BZERO was lost: no calibrated frame has such a level.
LOST_BELOW = -16384
# A sample above this beside a negative one: the step from 32767 to 32768.
NEAR_THE_TOP = 16384
# Negative samples this far below 0 are too low for the noise of a calibrated frame.
DEEP = -2048
# Fewest such steps, and their smallest number per deeply negative sample.
LEAST_STEPS = 3
STEPS_PER_DEEP = 0.02
# Frames with more than this share of samples above 65535 use the whole range of 32 bits.
ABOVE_16_BITS = 0.01
FULL_SCALE_32 = 4294967295.0

Sixteen = Literal["", "wrapped", "lost"]


@dataclass(frozen=True)
class Samples:
    """The values of one frame: ``adu`` whether a float frame holds values that the range 0 to 1 does not, ``spread`` of the
    values, ``sixteen`` how negative 16-bit samples came about, ``negative`` whether there are any, ``wide`` whether 32-bit
    samples use their whole range."""

    adu: bool = False
    spread: float = 0.0
    sixteen: Sixteen = ""
    negative: bool = False
    wide: bool = False


def samples_of(layout: ImageLayout) -> Samples | None:
    """What the pixels of a frame show; None for formats that leave nothing open."""
    if layout.bitpix < 0:
        values = replace(layout, unit=1.0).read(keep_nan=True)
        values = values[np.isfinite(values)]
        if not values.size:
            return Samples()
        spread = float(np.ptp(np.percentile(values, SPREAD)))
        return Samples(adu=int(np.count_nonzero(np.abs(values) > FLOAT_ADU_ABOVE)) >= LEAST_VALUES, spread=spread)
    if layout.bitpix == 32 and layout.bscale == 1 and layout.dtype.kind == "i":
        values = replace(layout, unit=1.0).read()
        return Samples(wide=float(np.mean(values > FULL_SCALE)) > ABOVE_16_BITS and float(values.max()) > FULL_SCALE * 256)
    if layout.bitpix == 16 and layout.bscale == 1 and layout.bzero == 0 and layout.dtype.kind == "i":
        values = replace(layout, unit=1.0).read(keep_nan=True)
        return Samples(sixteen=_sixteen(values), negative=bool((values < 0).any()))
    return None


def _sixteen(values: NDArray[np.float32]) -> Sixteen:
    """How the negative samples of a signed frame came about; "" if they are what they seem."""
    negative = values < 0
    if not negative.any():
        return ""
    if float(np.nanmedian(values)) < LOST_BELOW:
        return "lost"
    size = (1,) * (values.ndim - 2) + (3, 3)
    steps = int(np.count_nonzero(negative & (maximum_filter(np.nan_to_num(values), size=size) > NEAR_THE_TOP)))
    deep = int(np.count_nonzero(values < DEEP))
    return "wrapped" if deep and steps >= LEAST_STEPS and steps >= STEPS_PER_DEEP * deep else ""


def with_readings(frames: list[FrameInfo], samples: Mapping[Path, Samples], warnings: list[str]) -> list[FrameInfo]:
    """The frames with the :class:`~orchestrator.session.model.Reading` that the pixels of their kind show, and warnings about
    what was found."""
    if not samples:
        return frames
    kinds: dict[tuple[object, ...], list[FrameInfo]] = defaultdict(list)
    cameras: dict[object, list[FrameInfo]] = defaultdict(list)
    for info in frames:
        if info.path in samples:
            kinds[info.role, info.camera, info.bitpix].append(info)
            cameras[info.camera].append(info)
    found: dict[Path, Reading] = {}
    for (_, _, bitpix), group in kinds.items():
        if isinstance(bitpix, int) and bitpix < 0:
            found |= _units(group, samples, warnings)
        elif bitpix == 32 and (wide := [i for i in group if samples[i.path].wide]):
            found |= {i.path: replace(i.reading, unit=1 / FULL_SCALE_32) for i in group}
            warnings.append(Message("{wide}: the 32-bit samples are above 65535: their full range of 0 to 4294967295 is taken "
                                    "as that of the camera.", wide=_names(wide)))
    for group in cameras.values():
        found |= _signed([i for i in group if i.bitpix == 16], samples, warnings)
    return [replace(i, reading=found.get(i.path, i.reading)) for i in frames]


def _units(group: list[FrameInfo], samples: Mapping[Path, Samples], warnings: list[str]) -> dict[Path, Reading]:
    """One unit for the float frames of a kind: ADU if any holds values beyond the range 0 to 1, except for frames whose values
    spread far less, which another program wrote."""
    adu = [i for i in group if samples[i.path].adu]
    if not adu:
        return {i.path: replace(i.reading, unit=1.0) for i in group}
    usual = float(np.median([samples[i.path].spread for i in adu]))
    other = [i for i in group if not samples[i.path].adu and samples[i.path].spread * SPREAD_RANGE < usual]
    if other:
        warnings.append(Message("{count} float frames hold ADU ({adu}), {count2} values from 0 to 1 ({other}): each is read in "
                                "its unit.", count=len(adu), adu=_names(adu), count2=len(other), other=_names(other)))
    units = {i.path: 1.0 if any(i is o for o in other) else 1 / FULL_SCALE for i in group}
    return {i.path: replace(i.reading, unit=units[i.path]) for i in group}


def _signed(group: list[FrameInfo], samples: Mapping[Path, Samples], warnings: list[str]) -> dict[Path, Reading]:
    """The 16-bit frames of a camera without BZERO that hold unsigned values."""
    kinds = {i.path: samples[i.path].sixteen for i in group}
    wrapped = [i for i in group if kinds[i.path] == "wrapped"]
    # A flat with most samples above half of the range looks as if BZERO was lost; the other frames show whether it was.
    lost = [i for i in group if kinds[i.path] == "lost"]
    others = [i for i in group if i.role not in (Role.FLAT, Role.DARKFLAT)]
    if lost and not any(kinds[i.path] == "lost" for i in others) and (others or all(i.role is Role.FLAT for i in lost)):
        wrapped, lost = wrapped + lost, []
    if wrapped:
        # One program wrote them: samples that are negative are above 32767 in all frames of the camera.
        wrapped = [i for i in group if samples[i.path].negative and not any(i is k for k in lost)]
        warnings.append(Message("{wrapped}: negative 16-bit samples beside values near 32767 are values above 32767, written "
                                "without BZERO; they are read as such.", wrapped=_names(wrapped)))
    if lost:
        warnings.append(Message("{lost}: the 16-bit samples are near -32768, as unsigned values without their BZERO; they are "
                                "read with BZERO = 32768.", lost=_names(lost)))
    return {i.path: replace(i.reading, wrapped=True) for i in wrapped} | {
        i.path: replace(i.reading, bzero=float(UNSIGNED)) for i in lost}


def _names(frames: list[FrameInfo]) -> str:
    first = frames[0].path
    return f"{first.parent.name}/{first.name}" + (Message(" and {count} more",
                                                          count=len(frames) - 1) if len(frames) > 1 else "")
