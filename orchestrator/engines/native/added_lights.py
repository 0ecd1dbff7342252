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
from tilecore.register.shared_stars import shared_stars

__all__ = ["KnownFrames", "register_added"]

# Share of the lights of a mosaic that may be added to it; with more all are adjusted again.
MOST_ADDED = 0.2
# Frames of a panel, and of each panel that it touches, by whose stars an added light is placed.
OF_PANEL, OF_OTHERS = 16, 4
# Distance (of a frame) between the middles of frames that touch, and between an added light and a light of its panel.
TOUCHING, NEAR = 1.2, 0.35
# Rms (px) of the stars of an added light, in units of the usual one of the others and in addition, from which it does not fit.
MOST_RESIDUAL = (2.0, 0.1)
# What the lights of one camera have in common.
CAMERA = ("camera", "telescope", "binning", "shape")


@dataclass(frozen=True)
class KnownFrames:
    """The usable ``frames`` of an earlier run with their ``measurements`` and ``ids``, and the ``ids`` of the lights of the
    session now, "" where there is none. ``panels`` (N,) are the panels of a mosaic; None: one field."""

    frames: FrameSet
    measurements: tuple[FrameMeasurement, ...]
    ids: tuple[str, ...]
    ids_now: tuple[str, ...]
    panels: NDArray[np.int64] | None = None

    @property
    def positions(self) -> dict[int, int]:
        """Index of each light of the session that is known -> its position among the usable frames of before."""
        place = {name: k for k, name in enumerate(self.ids) if name}
        return {i: place[name] for i, name in enumerate(self.ids_now) if name in place}


def register_added(session: Session, calibrated: CalibrationResult, known: KnownFrames,
                   context: RunContext) -> tuple[FrameSet, list[FrameMeasurement | None]] | None:
    """The known frames as they were, and the transforms of the others to their plane; the measurement of each light. None if a
    frame of before is missing or has changed, the lens of an added one is not known, or the panels of a mosaic would not be the
    same: by a new pointing, by many added lights, or by one that does not fit."""
    before, positions = known.frames, known.positions
    if known.panels is not None and len(session.lights) - len(positions) > MOST_ADDED * len(positions):
        return None
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
        if m is None or isinstance(lens, str):
            found.append(reasons.get(i, "it cannot be read"))
        elif known.panels is not None:
            found.append(_in_panels(_on_plane(m, lens), session.lights[i], known, context))
        else:
            found.append(match_two(_on_plane(m, lens), plane, float(scales[i] / scales[reference]), match_limits(context),
                                   context))
    if known.panels is None:
        found = without_strays(session, found, reference)
    elif not _fits(found, known):
        return None
    frames = []
    for i, one in enumerate(found):
        if i in positions:
            old = before.usable[positions[i]]
            frames.append(replace(old, index=i, info=session.lights[i], reader=calibrated.readers[i]))
            continue
        lens = lenses[i]
        new = frame_of(i, session, calibrated, one, None if isinstance(lens, str) else lens)
        frames.append(new if new.matrix is None or known.panels is not None else replace(new, matrix=base.transform @ new.matrix))
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
    same = next((f for f in frames if _same_camera(f.info, info)), None)
    if same is not None:
        return same.lens
    return "unknown" if any(f.lens is not None for f in frames) else None


def _same_camera(one: FrameInfo, other: FrameInfo) -> bool:
    return all(getattr(one, n) == getattr(other, n) for n in CAMERA)


def _on_plane(measurement: FrameMeasurement, lens: Lens | None) -> FrameMeasurement:
    """The measurement with the places of its stars as they are without the lens."""
    if lens is None:
        return measurement
    stars: NDArray[np.void] = measurement.stars.copy()
    stars["x"], stars["y"] = lens.ideal(align.positions(stars)).T
    return replace(measurement, stars=stars)


def _in_panels(light: FrameMeasurement, info: FrameInfo, known: KnownFrames, context: RunContext) -> align.Alignment | str:
    """The transform of a light to the plane of a mosaic, by all stars of the frames about the panel that it fits best."""
    frames, panels = known.frames.usable, known.panels
    assert panels is not None
    best: align.Alignment | None = None
    reason = "no star pattern in common with the panels of the mosaic"
    for number in _by_pointing(info, frames, panels):
        same = [k for k in np.flatnonzero(panels == number).tolist() if _same_camera(frames[k].info, info)]
        if not same:
            continue
        base = max(same, key=lambda k: known.measurements[k].star_count)
        table = _stars_about(base, known)
        found = match_two(light, replace(known.measurements[base], stars=table), 1.0, match_limits(context), context)
        if isinstance(found, str):
            continue
        if best is None or found.inliers > best.inliers:
            best = replace(found, matrix=frames[base].transform @ found.matrix)
        if best.inliers > min(len(light.stars), len(table)) / 2:
            break
    return reason if best is None else best


def _by_pointing(info: FrameInfo, frames: Sequence[Frame], panels: NDArray[np.int64]) -> list[int]:
    """The panels, the nearest to the position in the header of a light first."""
    numbers: list[int] = np.unique(panels).tolist()
    if info.sky_position is None:
        return numbers

    def away(number: int) -> float:
        places = [f.info.sky_position for f, k in zip(frames, panels, strict=True) if k == number]
        vectors = [_vector(p) for p in places if p is not None]
        return float(np.linalg.norm(np.mean(vectors, axis=0) - own)) if vectors else np.inf

    own = _vector(info.sky_position)
    return sorted(numbers, key=away)


def _vector(position: tuple[float, float]) -> NDArray[np.float64]:
    ra, dec = np.radians(position)
    return np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def _stars_about(base: int, known: KnownFrames) -> NDArray[np.void]:
    """The stars of the frames that touch a frame at their mean places in it, without the distortion of its lens."""
    frames, panels, main = known.frames.usable, known.panels, known.frames.usable[base]
    assert panels is not None
    back, (h, w) = np.asarray(np.linalg.inv(main.transform), np.float64), main.shape
    offset = [np.abs(align.apply(back, f.on_plane(_middle(f)))[0] - _middle(main)[0]) / (w, h) for f in frames]
    near = np.array([(o < TOUCHING).all() for o in offset])
    members = np.concatenate([_spread(np.flatnonzero((panels == k) & near), OF_PANEL if k == panels[base] else OF_OTHERS)
                              for k in np.unique(panels)])
    tables = [known.measurements[k].stars for k in members]
    shared = shared_stars([align.apply(back @ frames[k].transform, frames[k].ideal(align.positions(t)))
                           for k, t in zip(members.tolist(), tables, strict=True)])
    every, number = np.concatenate(tables), np.concatenate(shared.ids)
    brightest = np.lexsort((-every["flux"], number))
    first = brightest[np.unique(number[brightest], return_index=True)[1]]
    result: NDArray[np.void] = every[first].copy()
    result["x"], result["y"] = shared.position.T
    result = result[(shared.seen > 1) | (len(members) < 2)]
    return result[np.argsort(-result["flux"], kind="stable")]


def _spread(items: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """The items, or ``most`` of them, evenly spread."""
    return np.asarray(items[np.unique(np.linspace(0, len(items) - 1, min(most, len(items))).round().astype(int))], np.int64)


def _middle(frame: Frame) -> NDArray[np.float64]:
    return np.asarray((np.array([frame.shape[::-1]]) - 1) / 2, np.float64)


def _fits(found: Found, known: KnownFrames) -> bool:
    """Whether the added lights of a mosaic are near others, and their stars where those have them."""
    frames = known.frames.usable
    usual = np.median([f.residual for f in frames if f.residual > 0]) if any(f.residual > 0 for f in frames) else 0.0
    middles, size = np.array([f.on_plane(_middle(f))[0] for f in frames]), np.array(known.frames.shape[::-1])
    for one in found:
        if isinstance(one, align.Alignment):
            away = np.abs(align.apply(one.matrix, np.asarray((size[None] - 1) / 2, np.float64)) - middles) / size
            if away.max(axis=1).min() > NEAR or one.residual > MOST_RESIDUAL[0] * usual + MOST_RESIDUAL[1]:
                return False
    return True
