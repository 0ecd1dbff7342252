"""One stack per night, on the common canvas and scale of all nights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext, folder_name
from orchestrator.stacking.channels import picture_of
from orchestrator.stacking.product_header import product_header
from orchestrator.stacking.state import RunState
from orchestrator.stacking.weighted_mean import frames_in_stack, make_job, reconstruct

__all__ = ["write_night_stacks"]


def write_night_stacks(context: RunContext, state: RunState) -> None:
    """Write the weighted mean of the frames of each night, ``outputs/nights/NIGHT.fits``; CFA mosaics are demosaiced with malvar.
    The figures of each night are written to ``artifacts/nights.json``.
    """
    session = state.session
    if not session.nights:
        return
    night_of = np.array(state.nights)
    left = frames_in_stack(context, state)
    rows = []
    for k, night in enumerate(session.nights):
        members = np.flatnonzero((night_of == k) & left)
        row = _describe(state, night.name, len(night.lights), members)
        if len(session.nights) == 1:
            pass  # its stack would be that of the run
        elif context.config.output.night_stacks and len(members):
            path = _write(context, state, night.name, members)
            row["stack"] = str(path.relative_to(context.directory))
        elif context.config.output.night_stacks:
            context.warn(Message("None of the {count} lights of the night {night} is in the stack.", count=len(night.lights),
                                 night=night.name))
        rows.append(row)
    write_json(context.artifacts / "nights.json", {"nights": rows})


def _describe(state: RunState, name: str, lights: int, members: NDArray[np.int64]) -> dict[str, Any]:
    """Medians over the frames of a night, and its share of the weights of the stack."""
    row: dict[str, Any] = {"name": name, "lights": lights, "used": len(members)}
    if not len(members):
        return row
    measured = [state.measurements[int(i)] for i in members]
    total = np.maximum(state.weights.sum(axis=1), 1e-30)
    share = (state.slots.of_frames(state.weights, members).sum(axis=1) / total).mean()
    return row | {"share": float(share), "transparency": float(np.median(state.transparency[:, members])),
                  "fwhm_px": float(np.median([m.fwhm for m in measured])),
                  "noise_adu": float(np.median([np.mean(m.noise) for m in measured])) * FULL_SCALE,
                  "background_adu": float(np.median([np.mean(m.background) for m in measured])) * FULL_SCALE}


def _write(context: RunContext, state: RunState, name: str, members: NDArray[np.int64]) -> Path:
    data = picture_of(state.plan, reconstruct(context, make_job(context, state, state.weights, members))[0].mean)
    path = context.folder("outputs/nights") / f"{folder_name(name)}.fits"
    fits_io.write(path, data, product_header(state, data, f"weighted mean of the calibrated frames of the night {name}",
                                             members=members))
    state.products[f"night_{folder_name(name)}"] = path
    return path
