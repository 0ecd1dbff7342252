"""Registration of lights that were added to a session: the others keep their transforms and lenses, the reference stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orchestrator.engines.base import CalibrationResult, Frame, FrameSet
from orchestrator.engines.measure_frames import measure_frames
from orchestrator.engines.native.overlap import Found
from orchestrator.engines.native.registration import frame_of, match_limits, match_two, pixel_scales, without_strays
from orchestrator.runtime.context import RunContext
from orchestrator.session.model import FrameInfo, Session
from tilecore.detect.metrics import FrameMeasurement
from tilecore.register import align
from tilecore.register.lens import Lens

__all__ = ["KnownFrames", "register_added"]

# What the lights of one camera have in common.
CAMERA = ("camera", "telescope", "binning", "shape")


@dataclass(frozen=True)
class KnownFrames:
    """The usable ``frames`` of an earlier run with their ``measurements`` and ``ids``, and the ``ids`` of the lights of the
    session now, "" where there is none."""

    frames: FrameSet
    measurements: tuple[FrameMeasurement, ...]
    ids: tuple[str, ...]
    ids_now: tuple[str, ...]

    @property
    def positions(self) -> dict[int, int]:
        """Index of each light of the session that is known -> its position among the usable frames of before."""
        place = {name: k for k, name in enumerate(self.ids) if name}
        return {i: place[name] for i, name in enumerate(self.ids_now) if name in place}


def register_added(session: Session, calibrated: CalibrationResult, known: KnownFrames,
                   context: RunContext) -> tuple[FrameSet, list[FrameMeasurement | None]] | None:
    """The known frames as they were, and the transforms of the others to their reference; the measurement of each light. None if
    a frame of before is missing or has changed, or the lens of an added one is not known."""
    before, positions = known.frames, known.positions
    if len(positions) < len(known.ids) or len(set(known.ids)) < len(known.ids) or before.registered_pixels:
        return None
    reference = next(i for i, k in positions.items() if k == before.reference_position)
    base = before.usable[before.reference_position]
    lenses = [_lens_of(info, before.usable) for info in session.lights]
    if any(isinstance(lens, str) for lens in lenses):
        return None
    measured, reasons = _measure(session, calibrated, known, context)
    scales = pixel_scales(session)
    main = measured[reference]
    assert main is not None  # it is known
    plane = _on_plane(main, base.lens)
    found: Found = []
    for i, (m, lens) in enumerate(zip(measured, lenses, strict=True)):
        if i in positions:
            found.append("known")
            continue
        context.check()
        found.append(reasons.get(i, "it cannot be read") if m is None or isinstance(lens, str) else match_two(
            _on_plane(m, lens), plane, float(scales[i] / scales[reference]), match_limits(context), context))
    found = without_strays(session, found, reference)
    frames = []
    for i, one in enumerate(found):
        if i in positions:
            old = before.usable[positions[i]]
            frames.append(replace(old, index=i, info=session.lights[i], reader=calibrated.readers[i]))
            continue
        lens = lenses[i]
        new = frame_of(i, session, calibrated, one, None if isinstance(lens, str) else lens)
        frames.append(new if new.matrix is None else replace(new, matrix=base.transform @ new.matrix))
    return replace(before, frames=tuple(frames), reference=reference), measured


def _measure(session: Session, calibrated: CalibrationResult, known: KnownFrames,
             context: RunContext) -> tuple[list[FrameMeasurement | None], dict[int, str]]:
    """The measurement of each light, those of the known ones as they were, and why others have none."""
    reasons, positions = dict(calibrated.reasons), known.positions
    found: list[FrameMeasurement | None] = [None] * len(session.lights)
    for i, k in positions.items():
        found[i] = known.measurements[k]
    added = [(i, r) for i, r in enumerate(calibrated.readers) if r is not None and i not in positions]
    for (i, _), item in zip(added, measure_frames(context, [r for _, r in added], session.cfa, "finding stars"), strict=True):
        if isinstance(item, str):
            reasons[i] = item
        else:
            found[i] = item
    return found, reasons


def _lens_of(info: FrameInfo, frames: Sequence[Frame]) -> Lens | str | None:
    """The lens of the frames of the same camera; "unknown" if there is none of it while others have a lens."""
    same = next((f for f in frames if all(getattr(f.info, n) == getattr(info, n) for n in CAMERA)), None)
    if same is not None:
        return same.lens
    return "unknown" if any(f.lens is not None for f in frames) else None


def _on_plane(measurement: FrameMeasurement, lens: Lens | None) -> FrameMeasurement:
    """The measurement with the places of its stars as they are without the lens."""
    if lens is None:
        return measurement
    stars: NDArray[np.void] = measurement.stars.copy()
    stars["x"], stars["y"] = lens.ideal(align.positions(stars)).T
    return replace(measurement, stars=stars)
