"""Flats that are already calibrated, and master flats that are not."""

from __future__ import annotations

import numpy as np

from orchestrator.engines.preparation import Preparation
from orchestrator.engines.prepared_files import write_master
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.session.master_state import Levels, flat_holds_offset
from orchestrator.session.model import Done, Role

__all__ = ["prepare_flats"]


def prepare_flats(p: Preparation) -> None:
    """Prepare flats that are already calibrated, and master flats that are not."""
    flats = p.sets.get(Role.FLAT)
    if flats is None:
        return
    base = p.sets.get(Role.DARKFLAT) or p.sets.get(Role.BIAS)
    offset = base.levels.median if base else p.level
    found = flats.levels
    if flats.done.where in p.refuted:  # the same program wrote it into frames that are raw
        flats.done = Done()
    holds = flat_holds_offset(Levels(found.median, found.noise, found.low), offset, flats.done, integer=flats.integer)
    if holds and not flats.master:
        return
    data = p.pixels(flats)
    if holds and offset is not None:
        data = data - (p.pixels(base) if base is not None else np.float32(offset / FULL_SCALE))
    if not holds:
        data = data - np.float32(flats.done.pedestal / FULL_SCALE)
        p.complete.add("flat offset")
        if not flats.master or (flats.integer and offset):
            evidence = flats.done.where or Message("smallest value {low:.0f} ADU, offset {offset:.0f} ADU", low=found.low,
                                                   offset=offset or 0)
            p.find("flat_calibrated", "corrected", found.low, offset or 0, flats.files,
                       Message("The flat {names} is already calibrated ({evidence}): nothing is subtracted from it.",
                               names=flats.names, evidence=evidence))
    median = float(np.median(data))
    if median <= 0:
        del p.sets[Role.FLAT]
        p.find("flat_without_light", "failed", found.median, offset or 0, flats.files,
                   Message("The flat {names} is not used: it is darker than its bias or dark-flat (median {median:.0f} ADU, "
                           "offset {offset:.0f} ADU).", names=flats.names, median=found.median,
                           offset=offset or 0), "Check the exposure of the flats, and calibration.synthetic_bias.")
        return
    top = float(data.max())
    # Within the range 0 to 1, whatever scale the flat was written in: larger values would be read as ADU.
    flats.ready = write_master(p.context, Role.FLAT, data if median > 0.01 and top <= 1 else data / np.float32(top))
