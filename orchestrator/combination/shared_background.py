"""One decision about the sky for all filters: a stack in which it could not be told from objects is levelled where the others
show sky."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.postprocessing import Bge
from orchestrator.io.fits import FULL_SCALE
from tilecore.sky import background_extraction as bge
from tilecore.sky.sky_model import ModelSpec

__all__ = ["level_with_others", "sky_not_told"]

Plane = NDArray[np.float32]
# A plane: what bends could be the very nebula that hid the sky.
ORDER = 1


def sky_not_told(run: Path) -> str:
    """Why the phase BGE of a run left its stack as it was, "" where it did not, or where it found nothing to remove."""
    try:
        told = json.loads((run / "artifacts" / "bge.json").read_bytes())
        return "" if told.get("channels") else str(told.get("declined") or "")
    except (OSError, ValueError, AttributeError):
        return ""


def level_with_others(planes: Mapping[str, Plane], declined: Mapping[str, str], settings: Bge
                      ) -> tuple[dict[str, tuple[Plane, float]], dict[str, str]]:
    """The channels that were ``declined``, each without a plane along the sky of the others, and how much that took (peak to
    peak); and why others of them stay as they are.

    ``planes`` are (h, w), 0 without data, all but the declined ones with a level sky. A gradient that stays in one filter only
    would colour the sky of the picture.
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
        levelled = model.corrected(plane, plane != 0)
        checks = bge.check(plane, levelled, mask, model.tiles, stars, settings.max_star_change, FULL_SCALE)
        if checks.failed:
            failed[channel] = "; ".join(checks.failed)
        else:
            found[channel] = levelled, float(np.ptp(model.model))
    return found, failed
