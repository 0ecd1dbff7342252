"""The calibration groups of nights in the scripts: each is written like a night of its own."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.session.flat_sets import flat_sets
from orchestrator.session.model import FrameInfo, Role, Session

__all__ = ["night_parts", "scales_dark"]


def night_parts(night: Session, notes: list[str]) -> list[Session]:
    """The night, or its calibration groups if it has several. A group of one light is excluded, as Siril needs two."""
    groups = night.calibration_groups
    if len(groups) == 1:
        return [_with_one_flat_set(night, notes)]
    alone = [night.lights[g.lights[0]].path.name for g in groups if len(g.lights) < 2]
    if alone:
        notes.append(f"{night.name}: {', '.join(alone)} excluded: no other light has the same calibration frames, and Siril "
                     "needs two.")
    parts = [replace(night.part(g), name=f"{night.name}_{g.name}") for g in groups if len(g.lights) > 1]
    return [_with_one_flat_set(part, notes) for part in parts]


def _with_one_flat_set(night: Session, notes: list[str]) -> Session:
    """The night with the flats that have the same dark-flats: a script subtracts one master from all of them."""
    if Role.FLAT in night.masters or Role.DARKFLAT in night.masters:
        return night
    flats = night.frames.get(Role.FLAT, ())
    sets = flat_sets(flats, night.frames.get(Role.DARKFLAT, ()))
    if len(sets) < 2:
        return night
    best = max(sets, key=lambda s: (len(s.flats), len(s.darkflats)))
    notes.append(f"{night.name}: {len(flats) - len(best.flats)} flats are excluded, because their exposure needs other "
                 f"dark-flats than that of the {len(best.flats)} others.")
    frames: dict[Role, tuple[FrameInfo, ...]] = dict(night.frames)
    frames.pop(Role.DARKFLAT)
    frames[Role.FLAT] = tuple(flats[i] for i in best.flats)
    if best.darkflats:
        frames[Role.DARKFLAT] = best.darkflats
    return replace(night, frames=frames)


def scales_dark(night: Session, *, optimise: bool) -> str:
    """How the dark current is scaled: "noise" (to the least noise, if ``optimise``), "exposure", or "" (not)."""
    return "noise" if optimise else "exposure" if night.dark_ratio != 1 else ""
