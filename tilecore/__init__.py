"""Tile grid, local metrics, weights, rejection and reconstruction of astronomical frames, in numpy and numba.

The functions of :mod:`tilecore.face` are names of the package, imported when they are first used (PEP 562).
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tilecore.face import Combined as Combined
    from tilecore.face import FrameMeasurement as FrameMeasurement
    from tilecore.face import Normalized as Normalized
    from tilecore.face import Registered as Registered
    from tilecore.face import RejectionRule as RejectionRule
    from tilecore.face import calibrate_frames as calibrate_frames
    from tilecore.face import find_stars as find_stars
    from tilecore.face import make_master as make_master
    from tilecore.face import measure_frame as measure_frame
    from tilecore.face import normalize_frames as normalize_frames
    from tilecore.face import register_frames as register_frames
    from tilecore.face import reject_outliers as reject_outliers
    from tilecore.face import stack_frames as stack_frames
    from tilecore.face import warp_frames as warp_frames
    from tilecore.face import weight_frames as weight_frames

__all__ = [
    "Combined", "FrameMeasurement", "Normalized", "Registered", "RejectionRule", "calibrate_frames", "find_stars", "make_master",
    "measure_frame", "normalize_frames", "register_frames", "reject_outliers", "stack_frames", "warp_frames", "weight_frames",
]

logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module("tilecore.face"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
