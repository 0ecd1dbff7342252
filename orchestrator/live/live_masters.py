"""The masters of a live stack: those of the first light, and others for lights of another exposure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.engines.native.engine import CalibratedReader, NativeEngine
from orchestrator.errors import InputError
from orchestrator.runtime.context import RunContext
from orchestrator.session.discovery import scan
from orchestrator.session.matching import SAME_EXPOSURE, group_key
from orchestrator.session.model import FrameInfo, Role, Session
from orchestrator.session.row_order import read_like

__all__ = ["Masters", "OtherExposures", "make_masters"]


@dataclass(frozen=True)
class Masters:
    """What calibrates lights: the ``session`` of the first light, a ``template`` of their readers, and whether there is a master
    ``dark``."""

    session: Session
    template: CalibratedReader
    dark: bool


def _part_of(session: Session, light: FrameInfo) -> Session:
    """The calibration frames for one light, as a session of this light."""
    groups = session.calibration_groups
    own = next((g for g in groups if any(session.lights[i].path == light.path for i in g.lights)), groups[0])
    part = session.part(own)
    return replace(part, frames={**part.frames, Role.LIGHT: (light,)})


def _calibrated(part: Session, context: RunContext) -> Masters:
    """Raises InputError for a light that cannot be read."""
    calibrated = NativeEngine().calibrate(part, context)
    reader = calibrated.readers[0]
    if not isinstance(reader, CalibratedReader):  # the native engine makes no others: there is none
        raise InputError(calibrated.reasons[0], "Copy it again.")
    for warning in (*calibrated.warnings, *map(str, calibrated.findings)):
        context.warn(warning)
    return Masters(part, replace(reader, blank=None), Role.DARK.value in calibrated.masters)


def make_masters(root: Path, first: FrameInfo, context: RunContext) -> Masters:
    """Make the masters of the session for the first light and its filter, from the files present when it arrives."""
    config = context.config.model_copy(deep=True)
    config.input.filter = first.filter or config.input.filter
    session = scan([root], config).session
    first = read_like(first, session.lights[0])
    part = _part_of(session, first)
    made = _calibrated(part, context)
    others = [i for i in session.lights if group_key(i) == group_key(first) and i.path != first.path]
    return replace(made, session=replace(part, frames={**part.frames, Role.LIGHT: (first, *others)}, groups=()))


class OtherExposures:
    """Masters for lights whose exposure is not that of the first one, made when they are needed."""

    def __init__(self, root: Path, context: RunContext) -> None:
        self._root, self._context = root, context
        self._made: dict[float, Masters] = {}

    def adapted(self, reader: CalibratedReader, info: FrameInfo, masters: Masters) -> CalibratedReader:
        """The reader of a light with the darks of its exposure, if it needs others than the first light had.

        Raises
        ------
        InputError : the light cannot be read.
        """
        usual = masters.session.lights[0].exposure
        if not masters.dark or not info.exposure or not usual or abs(info.exposure - usual) <= SAME_EXPOSURE * usual:
            return reader
        known = next((m for e, m in self._made.items() if abs(info.exposure - e) <= SAME_EXPOSURE * e), None)
        if known is None:
            config = self._context.config.model_copy(deep=True)
            config.input.filter = info.filter or config.input.filter
            part = _part_of(scan([self._root], config).session, info)
            known = self._made[info.exposure] = _calibrated(part, self._context.for_group(f"{info.exposure:g}s"))
        other = known.template
        return replace(reader, dark=other.dark, bias=other.bias, bad=other.bad, dark_scale=other.dark_scale)
