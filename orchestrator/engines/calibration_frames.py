"""Each calibration frame is judged before use, against its siblings, the lights and its bias; a bad one is left out by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.calibration_findings import CalibrationFinding
from orchestrator.engines.frame_levels import FrameLevels, Measured
from orchestrator.errors import InputError
from orchestrator.message import Message, joined
from orchestrator.session.model import Role
from tilecore.numerics.statistics import mad_sigma

__all__ = ["clipping", "judge"]

# A dark, bias or dark-flat differs from its siblings by this share of their level ...
LEVEL_SHARE = 0.15
# ... this many times their own scatter, and this many times the noise of a pixel.
LEVEL_SCATTER = 6.0
LEVEL_NOISE = 3.0
# Of two frames, light reached the one whose level varies over the frame this many times as much.
CONTRADICTION = 3.0
# Ratio of the noise of a pixel to that of the siblings, either way, that no sensor shows at the same level.
NOISE_RATIO = 4.0
# Variation of the level over the frame that the siblings do not have, as a share of it.
SHAPE_SHARE = 0.08
# The same for flats: twilight and light panels vary by a few per cent.
FLAT_SHAPE_SHARE = 0.1
# Errors of the median of a block that such a variation must exceed.
SHAPE_ERRORS = 8.0
# A flat with less than this share of the light of its siblings is another kind of frame.
FLAT_LIGHT = 0.05
# Ratio of noise squared to light, against that of the siblings, that is not noise of light.
FLAT_NOISE_RATIO = 12.0
# Share of clipped pixels of a flat.
MAX_CLIPPED = 0.005
# The noise of the brightest blocks of a clipped master falls to this share of that of the others.
COLLAPSED_NOISE = 0.4
# Share of the light of the brightest block above which a block counts as bright.
BRIGHT = 0.9
# Siblings needed for a comparison.
LEAST_SIBLINGS = 3
# Names of files listed in a sentence.
NAMED = 3


@dataclass(frozen=True)
class _Odd:
    code: str
    value: float
    limit: float
    why: str


def judge(role: Role, frames: Sequence[Measured], offset: float, lights: FrameLevels | None) -> tuple[
        list[Measured], list[CalibrationFinding]]:
    """The frames to use, and the findings about those left out.

    ``offset`` is the level of bias or dark-flat in flats; ``lights`` the levels of the lights, None if they must not be compared.

    Raises
    ------
    InputError : two frames contradict each other, and nothing shows which is right.
    """
    odd: dict[int, _Odd] = {}
    if role is Role.FLAT:
        _odd_flats(frames, offset, odd)
    else:
        _above_lights(frames, lights, odd)
        for exposure in dict.fromkeys(f.info.exposure for f in frames):  # dark-flats of several flats differ
            _odd_levels(frames, [i for i, f in enumerate(frames) if f.info.exposure == exposure and i not in odd], odd)
        _contradiction(role, frames, [i for i in range(len(frames)) if i not in odd], odd)
    kept = [f for i, f in enumerate(frames) if i not in odd]
    findings = []
    for code in dict.fromkeys(o.code for o in odd.values()):
        some = [i for i, o in odd.items() if o.code == code]
        findings.append(_left_out(role, [frames[i] for i in some], [odd[i] for i in some], len(kept)))
    return kept, findings


def _left_out(role: Role, frames: list[Measured], odd: list[_Odd], kept: int) -> CalibrationFinding:
    """Frames with the same defect, in one finding. It fails if no frame of the role is left."""
    listing = joined(", ", (Message("{path} ({why})", path=f.origin.path, why=o.why)
                            for f, o in zip(frames[:NAMED], odd[:NAMED], strict=True)))
    more = Message(" and {count} more", count=len(frames) - NAMED) if len(frames) > NAMED else ""
    one = len(frames) == 1
    remedy = "Remove or retake it." if one else "Remove or retake them."
    if odd[0].code == "flat_clipped":
        remedy = "Take flats with a shorter exposure, at half of the full range."
    worst = max(odd, key=lambda o: abs(o.value - o.limit))
    words: dict[str, Any] = {"count": len(frames), "role": role.value, "listing": listing, "more": more}
    reason = (Message("1 {role} frame is not used: {listing}.", **words) if one
              else Message("{count} {role} frames are not used: {listing}{more}.", **words) if kept
              else Message("All {count} {role} frames are not used: {listing}{more}.", **words))
    return CalibrationFinding(odd[0].code, "left_out" if kept else "failed", worst.value, worst.limit,
                              tuple(f.origin.path for f in frames), reason, remedy)


def _above_lights(frames: Sequence[Measured], lights: FrameLevels | None, odd: dict[int, _Odd]) -> None:
    """Frames without light that are above the lights, if others are not."""
    if lights is None:
        return
    limit = lights.median + max(LEVEL_NOISE * lights.noise, LEVEL_SHARE * lights.median)
    above = [i for i, f in enumerate(frames) if f.levels.median > limit]
    if len(above) < len(frames):
        odd |= {i: _Odd("frame_above_lights", frames[i].levels.median, limit,
                        Message("its median is {median:.0f} ADU, that of the lights {median2:.0f} ADU",
                                median=frames[i].levels.median, median2=lights.median))
                for i in above}


def _odd_levels(frames: Sequence[Measured], rest: list[int], odd: dict[int, _Odd]) -> None:
    """Those of the frames ``rest`` whose level, noise or shape their siblings do not share."""
    if len(rest) < LEAST_SIBLINGS:
        return
    levels = [frames[i].levels for i in rest]
    medians, noises = np.array([a.median for a in levels]), np.array([a.noise for a in levels])
    usual, noise = float(np.median(medians)), float(np.median(noises))
    scatter = mad_sigma(medians, usual)
    limit = max(LEVEL_SHARE * abs(usual), LEVEL_SCATTER * scatter, LEVEL_NOISE * noise)
    shapes = np.stack([a.blocks - a.median for a in levels])
    shapes = np.abs(shapes - np.median(shapes, axis=0)).max(axis=(1, 2, 3))
    shape_limit = max(SHAPE_SHARE * abs(usual), LEVEL_SCATTER * float(np.median(shapes)), SHAPE_ERRORS * max(
        float(np.median([a.block_error for a in levels])), 0.1))
    for place, i in enumerate(rest):
        found = levels[place]
        others = f"{len(rest) - 1} others"
        if abs(found.median - usual) > limit:
            odd[i] = _Odd("odd_level", found.median, usual,
                          Message("its median is {median:.0f} ADU, that of the {others} {usual:.0f} ADU", median=found.median,
                                  others=others, usual=usual))
        elif noise > 0 and not noise / NOISE_RATIO <= found.noise <= NOISE_RATIO * noise:
            odd[i] = _Odd("odd_noise", found.noise, noise,
                          Message("the noise of its pixels is {noise:.1f} ADU, that of the {others} {noise2:.1f} ADU",
                                  noise=found.noise, others=others, noise2=noise))
        elif shapes[place] > shape_limit:
            odd[i] = _Odd("odd_shape", float(shapes[place]), shape_limit,
                          Message("its level varies over the frame by {shapes:.0f} ADU more than that of the {others}: light, "
                                  "or another camera", shapes=shapes[place], others=others))


def _contradiction(role: Role, frames: Sequence[Measured], rest: list[int], odd: dict[int, _Odd]) -> None:
    """Of two frames of different levels, the one whose level varies over the frame was reached by light."""
    if len(rest) != 2 or frames[rest[0]].info.exposure != frames[rest[1]].info.exposure:
        return
    low, high = sorted(rest, key=lambda i: frames[i].levels.median)
    a, b = frames[low].levels, frames[high].levels
    if b.median - a.median <= max(LEVEL_NOISE * max(a.noise, b.noise), LEVEL_SHARE * abs(a.median)):
        return
    even, uneven = (float(np.ptp(np.median(x.blocks, axis=0))) for x in (a, b))
    limit = max(SHAPE_SHARE * abs(a.median), CONTRADICTION * even, SHAPE_ERRORS * a.block_error)
    if uneven > limit:
        odd[high] = _Odd("odd_shape", uneven, limit, Message("its level varies over the frame by {uneven:.0f} ADU, that of the "
                                                             "other by {even:.0f} ADU: light reached it; medians {median:.0f} "
                                                             "and {median2:.0f} ADU", uneven=uneven, even=even,
                                                             median=b.median, median2=a.median))
        return
    raise InputError(
        Message("The two {role} frames contradict each other: the median of {origin} is {median:.0f} ADU, that of {origin2} "
                "{median2:.0f} ADU.", role=role.value, origin=frames[low].origin.path, median=a.median,
                origin2=frames[high].origin.path, median2=b.median), "Remove the wrong one, or take more.")


def _odd_flats(frames: Sequence[Measured], offset: float, odd: dict[int, _Odd]) -> None:
    for i, frame in enumerate(frames):
        if (share := clipping(frame.levels)) > MAX_CLIPPED:
            odd[i] = _Odd("flat_clipped", share, MAX_CLIPPED,
                          Message("{share:.0f} % of its pixels are clipped at {top:.0f} ADU", share=100 * share,
                                  top=frame.levels.top))
    rest = [i for i in range(len(frames)) if i not in odd]
    if not rest:
        return
    light = {i: frames[i].levels.median - offset for i in rest}
    usual = float(np.median(list(light.values())))
    for i in rest:
        others = max(light.values()) if len(rest) == 2 else usual
        if light[i] <= 0 and others <= 0:
            odd[i] = _Odd("flat_without_light", frames[i].levels.median, offset,
                          Message("its median is {median:.0f} ADU, that of its bias or dark-flat {offset:.0f} ADU",
                                  median=frames[i].levels.median, offset=offset))
        elif len(rest) > 1 and light[i] < FLAT_LIGHT * max(others, 0.0):
            odd[i] = _Odd("flat_without_light", frames[i].levels.median, others + offset,
                          Message("its median is {median:.0f} ADU, that of the other flats {others:.0f} ADU: it looks like a "
                                  "dark or bias", median=frames[i].levels.median, others=others + offset))
    rest = [i for i in rest if i not in odd and light[i] > 0]
    if len(rest) < LEAST_SIBLINGS:
        return
    shapes = np.stack([_flat_shape(frames[i].levels, offset) for i in rest])
    shapes = np.abs(shapes / np.median(shapes, axis=0) - 1).max(axis=(1, 2, 3))
    gains = np.array([max(frames[i].levels.noise, 0.1)**2 / light[i] for i in rest])
    gain, scatter = float(np.median(gains)), float(np.median(shapes))
    for place, i in enumerate(rest):
        error = SHAPE_ERRORS * frames[i].levels.block_error / light[i]
        limit = max(FLAT_SHAPE_SHARE, LEVEL_SCATTER * scatter, error)
        if shapes[place] > limit:
            odd[i] = _Odd("odd_shape", float(shapes[place]), limit,
                          Message("its light differs from that of the other flats by {shapes:.0f} % in places",
                                  shapes=100 * shapes[place]))
        elif not gain / FLAT_NOISE_RATIO <= gains[place] <= FLAT_NOISE_RATIO * gain:
            odd[i] = _Odd("odd_noise", frames[i].levels.noise, float(np.sqrt(gain * light[i])),
                          Message("the noise of its pixels is {noise:.0f} ADU, {gain:.0f} ADU by the other flats",
                                  noise=frames[i].levels.noise, gain=np.sqrt(gain * light[i])))


def _flat_shape(levels: FrameLevels, offset: float) -> NDArray[np.float64]:
    light = np.maximum(levels.blocks - offset, 1e-3)
    return np.asarray(light / np.median(light, axis=(1, 2), keepdims=True))


def clipping(levels: FrameLevels) -> float:
    """Share of the pixels of a flat that are clipped, also where the average of clipped flats or a subtraction hides it."""
    blocks = np.median(levels.blocks / np.median(levels.blocks, axis=(1, 2), keepdims=True), axis=0)
    bright = blocks > BRIGHT * blocks.max()
    if bright.all() or not bright.any():
        return levels.clipped
    inside, outside = float(np.median(levels.block_noise[bright])), float(np.median(levels.block_noise[~bright]))
    return max(levels.clipped, float(bright.mean()) if inside < COLLAPSED_NOISE * outside else 0.0)

