"""A master dark whose dark current is scaled to the exposure of the lights."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.message import Message

__all__ = ["SCALED_DARK", "scaled_dark"]

# Name of the file beside master_dark.fit.
SCALED_DARK = "scaled_dark.fit"


def scaled_dark(dark: Path, bias: Path | None, level: float, ratio: float) -> Path:
    """Write ``bias + ratio * (dark - bias)`` beside the master dark. Returns the dark itself for a ratio of 1.

    ``bias`` is a master; without one it is the constant ``level`` (1.0 = 65535 ADU).

    Raises
    ------
    InputError : bias and dark have different sizes.
    """
    if ratio == 1:
        return dark
    data = fits_io.image_layout(dark).read()
    base = fits_io.image_layout(bias).read() if bias is not None else np.float32(level)
    if bias is not None and np.shape(base) != data.shape:
        raise InputError(Message("The master bias has the size {base}, the master dark {shape}.", base=np.shape(base),
                                 shape=data.shape),
                         "Give bias frames and darks of the same area and binning.")
    target = dark.with_name(SCALED_DARK)
    fits_io.write(target, (base + np.float32(ratio) * (data - base)).astype(np.float32), None)
    return target
