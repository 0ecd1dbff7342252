"""The final image so far, and its previews."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.phases.state import RunState
from orchestrator.report.preview import write_preview
from orchestrator.run.context import RunContext

__all__ = ["final_product", "write_pictures"]


def final_product(state: RunState) -> tuple[str, Path]:
    """Name and file of the stack that later phases go on with: colours where there are any."""
    name = next(n for n in ("stacked_rgb_bge", "stacked_bge", "stacked_rgb", "stacked") if n in state.products)
    return name, state.products[name]


def write_pictures(context: RunContext, state: RunState, image: NDArray[np.float32], header: fits.Header | None = None) -> None:
    """Previews of ``image``, (h, w) or (3, h, w); they replace those of an earlier phase."""
    if not context.config.output.preview:
        return
    assert state.session is not None
    png, tif = context.outputs / "preview.png", context.outputs / "preview.tif"
    write_preview(png, tif, image, top_down=state.session.lights[0].top_down, linked=context.config.output.preview_linked)
    state.products["preview"], state.products["preview_tif"] = png, tif
