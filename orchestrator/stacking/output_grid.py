"""The pixel grid of a stack, stored so that other runs can stack on the same grid: ``artifacts/geometry.json``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Registration
from orchestrator.engines.base import FrameSet
from orchestrator.errors import ConfigError, InputError
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.field_geometry import mosaic_of
from orchestrator.stacking.sky_grid import SkyGrid
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.stars import STAR_DTYPE
from tilecore.register import align
from tilecore.register.shared_stars import shared_stars

__all__ = ["OutputGrid", "match_output_grid", "read_output_grid", "write_output_grid"]

KEY = "registration.match_grid_of"
# Largest relative change of scale: between binnings of 1 and 4, with some margin.
OTHER_BINNING = 3.2
# Columns of the stars in the file.
FIELDS = ("x", "y", "flux", "fwhm")


@dataclass(frozen=True)
class OutputGrid:
    """``box`` (x0, y0, x1, y1) is the canvas, in the coordinates of ``stars`` (:data:`tilecore.detect.stars.STAR_DTYPE`), or of
    the projection ``sky``."""

    box: tuple[int, int, int, int]
    stars: NDArray[np.void]
    sky: SkyGrid | None = None


def write_output_grid(path: Path, plan: CanvasPlan, frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> None:
    """Write the canvas, and the stars on the plane of its reference, brightest first; ``measurements`` of the usable frames."""
    stars = _stars_on_plane(frames, measurements)
    ox, oy = plan.origin
    sky = {} if plan.sky is None else {"sky": vars(plan.sky)}
    write_json(path, {**sky, "box": [ox, oy, ox + plan.shape[1], oy + plan.shape[0]],
                      "reference": frames.frames[frames.reference].info.path.name,
                      "stars": {k: stars[k].astype(np.float64).tolist() for k in FIELDS}})


def _stars_on_plane(frames: FrameSet, measurements: Sequence[FrameMeasurement]) -> NDArray[np.void]:
    """The stars of the reference at their places on its plane; in a mosaic those of all frames, because the references of two
    runs may be different panels."""
    reference = frames.reference_position
    if mosaic_of(frames) is None:
        stars = measurements[reference].stars.copy()
        stars["x"], stars["y"] = frames.usable[reference].on_plane(align.positions(stars)).T
        return stars
    tables = [m.stars for m in measurements]
    places = [f.on_plane(align.positions(t)) for f, t in zip(frames.usable, tables, strict=True)]
    shared = shared_stars(places)
    stars = np.zeros(len(shared.seen), STAR_DTYPE)
    for number, table in zip(shared.ids, tables, strict=True):
        brighter = table["flux"] > stars["flux"][number]
        stars[number[brighter]] = table[brighter]
    stars["x"], stars["y"] = shared.position.T
    return stars[np.argsort(-stars["flux"], kind="stable")]


def read_output_grid(path: Path) -> OutputGrid:
    """Read a file that :func:`write_output_grid` wrote. Raises ConfigError if it cannot be used."""
    try:
        content = json.loads(path.expanduser().read_bytes())
        x0, y0, x1, y1 = (int(v) for v in content["box"])
        columns = {k: np.array(content["stars"][k], np.float64) for k in FIELDS}
        stars = np.zeros(len(columns["x"]), STAR_DTYPE)
        for name, values in columns.items():
            stars[name] = values
        sky = content.get("sky")
        if sky is not None:
            sky = SkyGrid(str(sky["grid"]), str(sky["plane"]), float(sky["magnification"]))
        return OutputGrid((x0, y0, x1, y1), stars, sky)
    except OSError as error:
        raise ConfigError(Message("{key}: {path} cannot be read: {strerror}.", key=KEY, path=path,
                                  strerror=error.strerror), "Give artifacts/geometry.json of a run.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(Message("{key}: {path} is not the geometry of a run ({error!r}).", key=KEY, path=path, error=error),
                          "Give artifacts/geometry.json of a run.") from error


def match_output_grid(frames: FrameSet, measurements: Sequence[FrameMeasurement], file: Path,
                      settings: Registration) -> FrameSet:
    """The frames with transforms to the pixel grid of another run, determined from the stars of their reference, or of all frames
    of a mosaic; ``measurements`` of the usable frames.

    Raises
    ------
    ConfigError : the file cannot be used.
    InputError : the two runs have no stars in common.
    """
    if frames.registered_pixels:
        raise ConfigError(Message("{key} needs frames that are not resampled yet.",
                                  key=KEY), "Set engine.siril.output to transforms.")
    reference = read_output_grid(file).stars
    stars = _stars_on_plane(frames, measurements)

    def matched(change: float) -> align.Alignment:
        return align.match(stars, reference, limits=align.Limits(settings.min_inliers, settings.max_residual, change))

    try:
        try:
            found = matched(settings.max_scale_change)
        except align.AlignmentError:  # another binning, as is common for colour frames combined with a luminance
            found = matched(OTHER_BINNING)
    except align.AlignmentError as error:
        raise InputError(Message("The frames cannot be matched to the grid of {file}: {error}.", file=file, error=error),
                         "Both must show the same field.") from error
    matched_frames = tuple(f if f.matrix is None else replace(f, matrix=found.matrix @ f.matrix) for f in frames.frames)
    return replace(frames, frames=matched_frames)
