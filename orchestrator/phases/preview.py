"""PREVIEW: stretched pictures of the final image. They are the only files that are not linear."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestrator.config.settings import Output
from orchestrator.io import fits as fits_io
from orchestrator.io.wcs_header import read_wcs
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.report.overlay import annotate
from orchestrator.report.preview import Look, write_png, write_preview
from orchestrator.rundir.output_files import STAGES
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from tilecore.colour import MATRICES

__all__ = ["Preview", "final_product", "write_previews"]




def final_product(products: Mapping[str, Path]) -> tuple[str, Path]:
    """Name and file of the stack that later phases go on with: the most finished one."""
    name = next(n for n in STAGES if n in products)
    return name, products[name]


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
        name, path = final_product(state.products)
        made = write_previews(name, path, output, context.outputs, top_down=state.session.lights[0].top_down)
        state.products |= made
        return PhaseResult(summary={"of": path.name, "stretch": output.preview_stretch, "annotated": "preview_annotated" in made})


def write_previews(name: str, path: Path, output: Output, folder: Path, *, top_down: bool) -> dict[str, Path]:
    """The pictures of a linear product, by their names; ``preview_annotated`` only with a WCS."""
    made = {"preview": folder / "preview.png", "preview_tif": folder / "preview.tif"}
    # Where the colours are right, one curve for all channels keeps them so.
    look = _look(output, linked=output.preview_linked or name.endswith("_pcc"))
    picture = write_preview(made["preview"], made["preview_tif"], fits_io.image_layout(path).read(), top_down=top_down, look=look)
    wcs = read_wcs(fits_io.read_header(path)) if output.preview_annotated else None
    if wcs is not None:
        made["preview_annotated"] = folder / "preview_annotated.png"
        write_png(made["preview_annotated"], annotate(picture, wcs, top_down=top_down))
    return made


def _look(output: Output, *, linked: bool) -> Look:
    given = output.preview_matrix
    matrix = MATRICES[given] if isinstance(given, str) else None if given is None else tuple(tuple(row) for row in given)
    # Balanced channels share one curve: one each would undo the balance.
    linked = linked or output.preview_balance != "none"
    return Look(output.preview_stretch, linked, output.preview_scnr, output.preview_saturation, matrix, output.preview_balance)
