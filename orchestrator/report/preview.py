"""Previews: an automatic stretch by the midtones transfer function. The only stretched files of a run."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray

from orchestrator.errors import RunError

__all__ = ["autostretch", "midtones", "write_preview"]

SHADOWS_CLIP = -2.8
TARGET_BACKGROUND = 0.25


def midtones(values: NDArray[np.float32], balance: float) -> NDArray[np.float32]:
    """Midtones transfer function: 0 -> 0, balance -> 1/2, 1 -> 1."""
    return np.asarray((balance - 1) * values / ((2 * balance - 1) * values - balance), np.float32)


def _parameters(channel: NDArray[np.float32]) -> tuple[float, float]:
    """Shadows and midtones balance that put the background at the target (as PixInsight and Siril do)."""
    data = channel[channel > 0]
    if not data.size:
        return 0.0, 0.5
    median = float(np.median(data))
    spread = 1.4826 * float(np.median(np.abs(data - median)))
    shadows = float(np.clip(median + SHADOWS_CLIP * spread, 0, 1))
    x = max((median - shadows) / max(1 - shadows, 1e-9), 1e-6)
    balance = (TARGET_BACKGROUND - 1) * x / ((2 * TARGET_BACKGROUND - 1) * x - TARGET_BACKGROUND)
    # midtones(x, m) = target has the solution m = midtones(x, target) with the roles exchanged.
    return shadows, float(np.clip(balance, 1e-6, 1 - 1e-6))


def autostretch(image: NDArray[np.float32], *, linked: bool = False) -> NDArray[np.float32]:
    """(h, w) or (3, h, w) stretched to 0..1; ``linked`` uses one curve for all channels and so keeps the colours."""
    channels = image if image.ndim == 3 else image[None]
    parameters = [_parameters(c) for c in channels]
    if linked:
        parameters = [(float(np.mean([p[0] for p in parameters])), float(np.mean([p[1] for p in parameters])))] * len(channels)
    out = np.stack([midtones(np.clip((c - s) / max(1 - s, 1e-9), 0, 1), m)
                    for c, (s, m) in zip(channels, parameters, strict=True)])
    return out if image.ndim == 3 else out[0]


def write_preview(png: Path, tif: Path, image: NDArray[np.float32], *, top_down: bool, linked: bool) -> None:
    """8-bit PNG and 16-bit TIFF, upright: row 0 of ``image`` is at the top when ``top_down``."""
    stretched = np.clip(autostretch(image, linked=linked), 0, 1)
    if not top_down:
        stretched = stretched[..., ::-1, :]
    picture = np.moveaxis(stretched, 0, -1) if stretched.ndim == 3 else stretched
    small = np.ascontiguousarray(np.rint(picture * 255).astype(np.uint8))
    ok, encoded = cv2.imencode(".png", small[..., ::-1] if small.ndim == 3 else small)
    if not ok:
        raise RunError(f"{png} could not be encoded.")
    try:
        png.write_bytes(encoded.tobytes())
        tifffile.imwrite(tif, np.ascontiguousarray(np.rint(picture * 65535).astype(np.uint16)),
                         photometric="rgb" if picture.ndim == 3 else "minisblack", compression=None)
    except OSError as error:
        raise RunError(f"{png} could not be written: {error.strerror or error}.", "Check the disk.") from error
