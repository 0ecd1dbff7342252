"""The final image so far, and its previews."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.celestial import read_wcs
from orchestrator.phases.state import RunState
from orchestrator.report.overlay import annotate
from orchestrator.report.preview import Look, write_png, write_preview
from orchestrator.run.context import RunContext

__all__ = ["final_product", "write_pictures"]


def final_product(state: RunState) -> tuple[str, Path]:
    """Name and file of the stack that later phases go on with: colours where there are any."""
    name = next(n for n in ("stacked_rgb_bge", "stacked_bge", "stacked_rgb", "stacked") if n in state.products)
    return name, state.products[name]


def write_pictures(context: RunContext, state: RunState, image: NDArray[np.float32], header: fits.Header | None = None, *,
                   calibrated: bool = False) -> None:
    """Previews of ``image``, (h, w) or (3, h, w); they replace those of an earlier phase.

    With a WCS in ``header`` an annotated one lies beside them. ``calibrated``: the colours are right, and one curve for all
    channels keeps them so.
    """
    output = context.config.output
    if not output.preview:
        return
    assert state.session is not None
    top_down = state.session.lights[0].top_down
    png, tif = context.outputs / "preview.png", context.outputs / "preview.tif"
    matrix = None if output.preview_matrix is None else tuple(tuple(row) for row in output.preview_matrix)
    look = Look(output.preview_stretch, output.preview_linked or calibrated, output.preview_scnr, output.preview_saturation,
                matrix)
    picture = write_preview(png, tif, image, top_down=top_down, look=look)
    state.products["preview"], state.products["preview_tif"] = png, tif
    wcs = read_wcs(header) if header is not None and output.preview_annotated else None
    if wcs is not None:
        annotated = context.outputs / "preview_annotated.png"
        write_png(annotated, annotate(picture, wcs, top_down=top_down))
        state.products["preview_annotated"] = annotated
