"""How one frame goes into a live stack: read, calibrated, measured, registered, normalised, compared, added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator import fits_io
from orchestrator.config.models import Stacking
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.engines.measuring import measure_frames
from orchestrator.engines.native import CalibratedReader, NativeEngine
from orchestrator.engines.native_masters import plain_layout
from orchestrator.engines.native_registration import match_all, reference_scores, without_strays
from orchestrator.errors import InputError
from orchestrator.live.arrivals import Stamp
from orchestrator.live.state import Base, LiveState, Taken
from orchestrator.phases.canvas import Block, Mode, plan_canvas
from orchestrator.phases.channels import noise_by_channel
from orchestrator.phases.normalization import photometric_scale, sky_surfaces
from orchestrator.phases.stack_job import shot_noise, sky_level
from orchestrator.phases.state import RunState
from orchestrator.run.cache import pixels_id
from orchestrator.run.context import RunContext
from orchestrator.session.discovery import read_frame, scan
from orchestrator.session.matching import group_key
from orchestrator.session.model import Exclusion, FrameInfo, Role, Session
from tilecore.metrics import FrameMeasurement
from tilecore.normalize import surface_matrix
from tilecore.reject import reject
from tilecore.running import RunningStack, add

__all__ = ["WARM_UP", "Intake", "Unready"]

# Frames that are compared with one another before any is compared with their mean.
WARM_UP = 6
# Less starlight than this share of the reference's, or fewer stars than this share of the usual number: clouds.
LEAST_LIGHT, LEAST_STARS = 0.3, 0.25


class Unready(Exception):
    """A file that is not whole yet."""


@dataclass(frozen=True)
class Arrived:
    """A light that was read and measured, and not added yet."""

    info: FrameInfo
    stamp: Stamp
    id: str
    reader: CalibratedReader
    measurement: FrameMeasurement


@dataclass(frozen=True)
class Normalised:
    """A registered light: ``scale`` and ``noise`` (C,) of its normalised pixels (C, h, w), ``valid`` (h, w)."""

    pixels: NDArray[np.float32]
    valid: NDArray[np.float32]
    scale: NDArray[np.float64]
    noise: NDArray[np.float64]


class Intake:
    """Takes frames into ``state``. The first ones wait until there are :data:`WARM_UP` of them."""

    def __init__(self, root: Path, state: LiveState, context: RunContext) -> None:
        self._root, self._state, self._context = root, state, context
        self._waiting: list[Arrived] = []
        self._session: Session | None = state.base.session if state.base else None
        self._template: CalibratedReader | None = state.base.template if state.base else None

    def take(self, path: Path, stamp: Stamp) -> str | None:
        """Add a frame, or have it wait; returns why it is left out, "" for a frame that is in, None for one that waits or is
        no light.

        Raises
        ------
        Unready : the file is shorter than its header tells.
        """
        problems: list[Exclusion] = []
        info = read_frame(path, self._root, self._context.config, problems)
        if info is None:
            if problems and problems[0].reason:
                raise Unready(problems[0].reason)
            return None
        if info.role is not Role.LIGHT:
            return None
        try:
            arrived = self._measured(info, stamp)
        except InputError as error:
            return self._refuse(path, stamp, error.message)
        if arrived is None:
            return None
        if isinstance(arrived, str):
            return self._refuse(path, stamp, arrived)
        if self._state.base is not None:
            return self._add(arrived)
        self._waiting.append(arrived)
        return self.begin() if len(self._waiting) >= WARM_UP else None

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _refuse(self, path: Path, stamp: Stamp, reason: str, id: str = "") -> str:
        self._state.frames.append(Taken(str(path), stamp, id, reason))
        return reason

    def refuse(self, path: Path, stamp: Stamp, reason: str) -> None:
        """Leave out a file that cannot be read."""
        self._refuse(path, stamp, reason)

    def _measured(self, info: FrameInfo, stamp: Stamp) -> Arrived | str | None:
        """The light, why it is left out, or None for one that was taken in and has only another time now."""
        context = self._context
        if self._template is None or self._session is None:
            self._calibrate(info)
        session, template = self._session, self._template
        assert session is not None and template is not None
        if group_key(info) != group_key(session.lights[0]):
            return "its size, filter, gain or binning differ from those of the frames before"
        layout = plain_layout(info, context.work)
        id = pixels_id(layout)
        known = self._state.ids | {a.id: str(a.info.path) for a in self._waiting}
        same = known.get(id)
        if same == str(info.path):
            return None
        if str(info.path) in known.values():
            return "it was changed after it was taken in; what it held before is in the stack"
        if same is not None:
            return f"it holds the same pixels as {Path(same).name}, which is in the stack"
        if damage := fits_io.damage(layout):
            return damage
        reader = replace(template, layout=layout)
        (found,) = measure_frames(context, [reader], session.cfa, "measuring")
        if isinstance(found, str):
            return found
        return Arrived(info, stamp, id, reader, found)

    def _calibrate(self, first: FrameInfo) -> None:
        """Masters of the session as it lies there when its first light comes."""
        session = scan([self._root], self._context.config).session
        if group_key(session.lights[0]) != group_key(first):
            session = replace(session, frames={**session.frames, Role.LIGHT: (first,)})
        calibrated = NativeEngine().calibrate(replace(session, frames={**session.frames, Role.LIGHT: (first,)}), self._context)
        reader = calibrated.readers[0]
        if reader is None:
            raise InputError(calibrated.reasons[0], "Copy it again.")
        for warning in calibrated.warnings:
            self._context.warn(warning)
        assert isinstance(reader, CalibratedReader)
        self._session, self._template = session, reader

    def begin(self) -> str | None:
        """Make the stack of the frames that wait: the best is the reference. Returns what :meth:`take` does, of the last."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return None
        assert self._session is not None and self._template is not None
        session = replace(self._session, frames={**self._session.frames, Role.LIGHT: tuple(a.info for a in waiting)})
        scores = reference_scores(session, [a.measurement for a in waiting], np.ones(len(waiting)), self._context)
        if not scores:
            for a in waiting:
                self._refuse(a.info.path, a.stamp, f"it shows {a.measurement.star_count} stars, too few to register on", a.id)
            return self._state.frames[-1].reason
        best = waiting[max(scores, key=lambda i: (scores[i], -i))]
        reference = Frame(0, best.info, best.reader, np.eye(3), "", 0.0, best.measurement.star_count, "identity, reference")
        frames = self._frame_set(reference, reference)
        mode: Mode = "rgb" if frames.channels == 3 else "first" if frames.cfa else "mono"
        canvas, registration = self._context.config.canvas, self._context.config.registration
        plan = plan_canvas(frames, mode, "reference", 1.0, canvas.feather, registration.interpolation, "a live stack")
        self._state.base = Base(session, self._template, reference, best.measurement, plan)
        self._state.stack = RunningStack.empty((len(plan.channels), *plan.channel_shape))
        return self._add_first(waiting)

    def _add_first(self, waiting: list[Arrived]) -> str | None:
        """The frames that waited, compared with one another."""
        found = [(a, self._normalised(a)) for a in waiting]
        good = [(a, n) for a, n in found if isinstance(n, Normalised)]
        settings, shot, sky = self._rejection()
        masks = [reject(np.stack([n.pixels[c] for _, n in good]), np.stack([n.valid for _, n in good]),
                        np.array([n.noise[c] for _, n in good], np.float32), method=settings.rejection, low=settings.low,
                        high=settings.high, contrast=settings.contrast, min_survivors=settings.min_survivors, shot=shot[c],
                        sky=sky[c]) for c in range(len(shot))]
        result: str | None = None
        k = 0
        for a, n in found:
            if isinstance(n, str):
                result = self._refuse(a.info.path, a.stamp, n, a.id)
            else:
                result = self._into_stack(a, n, [mask[k] for mask in masks])
                k += 1
        return result

    def _add(self, arrived: Arrived) -> str:
        normalised = self._normalised(arrived)
        if isinstance(normalised, str):
            return self._refuse(arrived.info.path, arrived.stamp, normalised, arrived.id)
        return self._into_stack(arrived, normalised, None)

    def _frame_set(self, reference: Frame, frame: Frame) -> FrameSet:
        session = self._session
        assert session is not None
        channels = 3 if len(session.shape) == 3 else 1
        shape = (int(session.shape[-2]), int(session.shape[-1]))
        return FrameSet((reference, frame), 0, shape, session.cfa if channels == 1 else None, channels, "native")

    def _normalised(self, a: Arrived) -> Normalised | str:
        """The frame on the canvas as bright as the reference, or why it cannot be used."""
        try:
            matrix = self._matrix(a)
            return matrix if isinstance(matrix, str) else self._on_canvas(a, matrix)
        except InputError as error:  # it is gone, or was changed meanwhile
            return error.message

    def _matrix(self, a: Arrived) -> NDArray[np.float64] | str:
        """The way to the reference, or why the frame cannot be used."""
        base, context = self._state.base, self._context
        assert base is not None
        usual = np.median([f.stars for f in self._state.stacked] or [base.measurement.star_count])
        if a.measurement.star_count < LEAST_STARS * usual:
            return f"clouds: it shows {a.measurement.star_count} stars, usual are {usual:.0f}"
        pair = replace(base.session, frames={**base.session.frames, Role.LIGHT: (base.reference.info, a.info)})
        found = without_strays(pair, match_all([base.measurement, a.measurement], {}, np.ones(2), 0, context), 0)[1]
        if isinstance(found, str):
            return f"it cannot be registered: {found}"
        return found.matrix

    def _on_canvas(self, a: Arrived, matrix: NDArray[np.float64]) -> Normalised | str:
        base, context = self._state.base, self._context
        assert base is not None
        frame = Frame(1, a.info, a.reader, matrix)
        frames, plan = self._frame_set(base.reference, frame), base.plan
        state = RunState((self._root,), frames=frames, measurements=(base.measurement, a.measurement), plan=plan)
        scale = np.ones((len(plan.channels), 2))
        settings = context.config.normalization
        if settings.mode == "photometric":
            scale, _ = photometric_scale(context, state, frames, plan, 0)
        if scale[:, 1].min() < LEAST_LIGHT:
            return f"clouds: {100 * scale[:, 1].min():.0f} % of the starlight of the reference"
        order = settings.surface_order if settings.mode != "none" else -1
        surfaces = sky_surfaces(frames, plan, state.measurements, scale, 0, order)[:, 1]
        block = Block(0, plan.channel_shape[0], 0, plan.channel_shape[1])
        pixels = np.empty((len(plan.channels), 1, *block.shape), np.float32)
        valid = np.empty((1, *block.shape), np.float32)
        plan.read_block(frame, block, (1 / scale[:, 1]).astype(np.float32), np.array([surface_matrix(s) for s in surfaces]),
                        pixels, valid, 0)
        noise = noise_by_channel(plan, a.measurement.noise) / scale[:, 1]
        return Normalised(pixels[:, 0], valid[0], scale[:, 1], noise)

    def _rejection(self) -> tuple[Stacking, list[float], list[float]]:
        """Settings of the rejection, and for each channel shot noise and sky of the reference."""
        base = self._state.base
        assert base is not None
        state = RunState((self._root,), frames=self._frame_set(base.reference, base.reference),
                         measurements=(base.measurement,), plan=base.plan)
        channels = range(len(base.plan.channels))
        shot = [shot_noise(state, c, np.array([0])) for c in channels]
        return self._context.config.stacking, shot, [sky_level(state, c) for c in channels]

    def _into_stack(self, a: Arrived, n: Normalised, rejected: list[NDArray[np.uint8]] | None) -> str:
        base, stack = self._state.base, self._state.stack
        assert base is not None and stack is not None
        own = noise_by_channel(base.plan, base.measurement.noise)
        settings, shot, sky = self._rejection()
        high, low = (np.inf, np.inf) if settings.rejection == "none" else (settings.high, settings.low)
        weights = (own / n.noise) ** 2
        lost = sum(add(stack, c, n.pixels[c], n.valid, weight=float(weights[c]), noise=float(n.noise[c]),
                       rejected=None if rejected is None else rejected[c], low=low, high=high, contrast=settings.contrast,
                       shot=shot[c], sky=sky[c]) for c in range(len(weights)))
        m = a.measurement
        self._state.frames.append(Taken(
            str(a.info.path), a.stamp, a.id, "", a.info.time.isoformat() if a.info.time else "", a.info.exposure or 0.0,
            float(weights[0]), m.fwhm, m.star_count, float(np.mean(n.scale)), lost / n.pixels.size))
        return ""


