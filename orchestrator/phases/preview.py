"""PREVIEW: stretched pictures of the final image. They are the only files that are not linear."""

from __future__ import annotations

from pathlib import Path

from orchestrator import fits_io
from orchestrator.celestial import read_wcs
from orchestrator.config.models import Output
from orchestrator.phases.state import Phase, PhaseResult, RunState
from orchestrator.report.overlay import annotate
from orchestrator.report.preview import Look, write_png, write_preview
from orchestrator.run.context import RunContext
from tilecore.colour import MATRICES

__all__ = ["Preview", "final_product"]


def final_product(state: RunState) -> tuple[str, Path]:
    """Name and file of the stack that later phases go on with: the most finished one."""
    stages = ("stacked_rgb_pcc", "stacked_rgb_bge", "stacked_bge", "stacked_rgb", "stacked")
    name = next(n for n in stages if n in state.products)
    return name, state.products[name]


class Preview(Phase):
    """With a WCS an annotated picture lies beside the plain one."""

    name = "PREVIEW"
    settings = ("output.preview", "output.preview_linked", "output.preview_stretch", "output.preview_annotated",
                "output.preview_scnr", "output.preview_saturation", "output.preview_matrix", "output.preview_balance")
    uses = ("session",)
    after = ("STACKING", "DEBAYER", "ASTROMETRY", "BGE", "PCC")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        output = context.config.output
        if not output.preview:
            return PhaseResult("skipped", {"why": "output.preview is false"})
        assert state.session is not None
        top_down = state.session.lights[0].top_down
        name, path = final_product(state)
        png, tif = context.outputs / "preview.png", context.outputs / "preview.tif"
        # Where the colours are right, one curve for all channels keeps them so.
        look = _look(output, linked=output.preview_linked or name.endswith("_pcc"))
        picture = write_preview(png, tif, fits_io.image_layout(path).read(), top_down=top_down, look=look)
        state.products["preview"], state.products["preview_tif"] = png, tif
        wcs = read_wcs(fits_io.read_header(path)) if output.preview_annotated else None
        if wcs is not None:
            annotated = context.outputs / "preview_annotated.png"
            write_png(annotated, annotate(picture, wcs, top_down=top_down))
            state.products["preview_annotated"] = annotated
        return PhaseResult(summary={"of": path.name, "stretch": output.preview_stretch, "annotated": wcs is not None})


def _look(output: Output, *, linked: bool) -> Look:
    given = output.preview_matrix
    matrix = MATRICES[given] if isinstance(given, str) else None if given is None else tuple(tuple(row) for row in given)
    # Balanced channels share one curve: one each would undo the balance.
    linked = linked or output.preview_balance != "none"
    return Look(output.preview_stretch, linked, output.preview_scnr, output.preview_saturation, matrix, output.preview_balance)
