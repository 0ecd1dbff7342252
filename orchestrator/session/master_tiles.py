"""Finished stacks as lights: the master tiles of a mosaic, of this program or of others (input.workflow: master_tiles)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from orchestrator.io import frames as frame_files
from orchestrator.io.wcs_header import read_wcs
from orchestrator.session.model import Done, Exclusion, FrameInfo

__all__ = ["TILE_CROPPED", "as_master_tile", "tiles_in"]

# Card of a tile whose rims were cut off when it was written.
TILE_CROPPED = "TILECROP"
# Names of files that stacking programs write beside their stacks and that show no sky.
BESIDE = re.compile(r"(^|[_\-])(variance|coverage|weights?|weight_sum|rejected|psf|background_model|alpha|(low_|high_)?rejmaps?)"
                    r"$", re.IGNORECASE)


def tiles_in(root: Path, excluded: list[Exclusion]) -> Iterable[Path]:
    """The files of frames in a folder, whatever their names, without maps of weights and the like."""
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or not path.is_file() or not frame_files.is_frame(path):
            continue
        if BESIDE.search(path.name.split(".")[0]):
            excluded.append(Exclusion(path, "by its name it is a map that belongs to a stack, not a stack",
                                      "Rename it if it is a stack."))
            continue
        yield path


def as_master_tile(info: FrameInfo) -> FrameInfo:
    """The facts of a stack as a light: calibrated, without the gain, offset and temperature of its frames, which may differ from
    tile to tile. Its position is that of its WCS: the position in its header is that of one of its frames."""
    wcs = read_wcs(frame_files.read_header(info.path))
    position = None
    if wcs is not None:
        rows, columns = info.shape[-2:]
        ra, dec = (float(v) for v in wcs.all_pix2world((columns - 1) / 2, (rows - 1) / 2, 0))
        position = ra, dec
    return replace(info, sky_position=position, gain=None, offset=None, temperature=None, rotation=None,
                   done=Done(bias=True, dark=True, flat=True, where="input.workflow: master_tiles"))
