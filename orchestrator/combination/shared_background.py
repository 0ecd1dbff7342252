"""Background of all filters together: a stack whose background extraction was declined is levelled where the others show sky."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.postprocessing import Bge
from orchestrator.io.fits import FULL_SCALE
from orchestrator.report.wording import SKY_DOUBTS
from tilecore.sky import background_extraction as bge
from tilecore.sky.proved_sky import prove
from tilecore.sky.sky_model import ModelSpec

__all__ = ["background_declined", "level_with_others"]

Plane = NDArray[np.float32]
# Order of the polynomial. A plane only: curvature could be the nebula that hid the sky.
ORDER = 1


def background_declined(run: Path) -> str:
    """Why the phase BGE of a run left its stack unchanged; "" if it did not, or if there was nothing to remove."""
    try:
        report = json.loads((run / "artifacts" / "bge.json").read_bytes())
        # Without a doubt, channels whose checks failed had nothing to remove.
        return "" if report.get("channels") and not report.get("doubt") else str(report.get("declined") or "")
    except (OSError, ValueError, AttributeError):
        return ""


def level_with_others(planes: Mapping[str, Plane], declined: Mapping[str, str], settings: Bge
                      ) -> tuple[dict[str, tuple[Plane, float]], dict[str, str]]:
    """Subtract a plane, fitted at the sky positions of the other channels, from each channel in ``declined``.

    A gradient that stays in one filter only would colour the sky background of the combined image.

    Parameters
    ----------
    planes : (h, w) per channel, 0 without data; all but the declined ones have a level background.
    declined : channel -> why its own background extraction left it unchanged.

    Returns
    -------
    Channel -> levelled plane and the peak-to-peak range of the subtracted model; channel -> reason for those left unchanged.
    """
    found: dict[str, tuple[Plane, float]] = {}
    covered = np.logical_and.reduce([p != 0 for p in planes.values()])
    mean = np.mean([p for c, p in planes.items() if c not in declined], axis=0).astype(np.float32)
    mask, stars = bge.object_mask(mean, covered)
    try:
        sky = bge.find_sky(mean, mask)
    except ValueError as error:
        return found, {c: str(error) for c in declined}
    failed: dict[str, str] = {}
    for channel in declined:
        plane = planes[channel]
        try:
            model = bge.extract_at(plane, mask, sky, ModelSpec("polynomial", ORDER, settings.loss), quantile=settings.quantile)
        except ValueError as error:
            failed[channel] = str(error)
            continue
        if settings.protect_objects and (doubt := prove([model], mask)[0].doubt):
            failed[channel] = SKY_DOUBTS[doubt]
            continue
        levelled = model.corrected(plane, plane != 0)
        checks = bge.check(plane, levelled, mask, model.tiles, stars, settings.max_star_change, FULL_SCALE)
        if checks.failed:
            failed[channel] = "; ".join(checks.failed)
        else:
            found[channel] = levelled, float(np.ptp(model.model))
    return found, failed
