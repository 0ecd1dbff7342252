"""The pixel grid of a stack, stored so that other runs can stack on the same grid: ``artifacts/geometry.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Registration
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.errors import ConfigError, InputError
from orchestrator.io.json_files import write_json
from orchestrator.stacking.canvas import CanvasPlan
from tilecore.detect.stars import STAR_DTYPE
from tilecore.register import align

__all__ = ["OutputGrid", "match_output_grid", "read_output_grid", "write_output_grid"]

KEY = "registration.match_grid_of"
# Largest relative change of scale: between binnings of 1 and 4, with some margin.
OTHER_BINNING = 3.2
# Columns of the stars in the file.
FIELDS = ("x", "y", "flux", "fwhm")


@dataclass(frozen=True)
class OutputGrid:
    """``box`` (x0, y0, x1, y1) is the canvas, in the coordinates of ``stars`` (:data:`tilecore.detect.stars.STAR_DTYPE`)."""

    box: tuple[int, int, int, int]
    stars: NDArray[np.void]


def write_output_grid(path: Path, plan: CanvasPlan, reference: Frame, stars: NDArray[np.void]) -> None:
    """Write the canvas, and the stars of the reference on it, brightest first."""
    x, y = align.apply(reference.transform, align.positions(stars)).T
    columns = {"x": x, "y": y, "flux": stars["flux"], "fwhm": stars["fwhm"]}
    ox, oy = plan.origin
    write_json(path, {"box": [ox, oy, ox + plan.shape[1], oy + plan.shape[0]], "reference": reference.info.path.name,
                      "stars": {k: v.tolist() for k, v in columns.items()}})


def read_output_grid(path: Path) -> OutputGrid:
    """Read a file that :func:`write_output_grid` wrote. Raises ConfigError if it cannot be used."""
    try:
        content = json.loads(path.expanduser().read_bytes())
        x0, y0, x1, y1 = (int(v) for v in content["box"])
        columns = {k: np.array(content["stars"][k], np.float64) for k in FIELDS}
        stars = np.zeros(len(columns["x"]), STAR_DTYPE)
        for name, values in columns.items():
            stars[name] = values
        return OutputGrid((x0, y0, x1, y1), stars)
    except OSError as error:
        raise ConfigError(f"{KEY}: {path} cannot be read: {error.strerror}.", "Give artifacts/geometry.json of a run.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{KEY}: {path} is not the geometry of a run ({error!r}).",
                          "Give artifacts/geometry.json of a run.") from error


def match_output_grid(frames: FrameSet, stars: NDArray[np.void], file: Path, settings: Registration) -> FrameSet:
    """The frames with transforms to the pixel grid of another run, determined from the ``stars`` of their reference.

    Raises
    ------
    ConfigError : the file cannot be used.
    InputError : the two runs have no stars in common.
    """
    if frames.registered_pixels:
        raise ConfigError(f"{KEY} needs frames that are not resampled yet.", "Set engine.siril.output to transforms.")
    reference = read_output_grid(file).stars

    def matched(change: float) -> align.Alignment:
        return align.match(stars, reference, limits=align.Limits(settings.min_inliers, settings.max_residual, change))

    try:
        try:
            found = matched(settings.max_scale_change)
        except align.AlignmentError:  # another binning, as is common for colour frames combined with a luminance
            found = matched(OTHER_BINNING)
    except align.AlignmentError as error:
        raise InputError(f"The frames cannot be matched to the grid of {file}: {error}.",
                         "Both must show the same field.") from error
    matched_frames = tuple(f if f.matrix is None else replace(f, matrix=found.matrix @ f.matrix) for f in frames.frames)
    return replace(frames, frames=matched_frames)
