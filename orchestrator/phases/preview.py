"""PREVIEW: stretched pictures of the final image, the only products that are not linear."""

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
    """Name and file of the most finished stack, which later phases use."""
    name = next(n for n in STAGES if n in products)
    return name, products[name]


class Preview(Phase):
    """PREVIEW: with a WCS also an annotated picture."""

    name = "PREVIEW"
    settings = ("output.preview", "output.preview_linked", "output.preview_stretch", "output.preview_annotated",
                "output.preview_scnr", "output.preview_saturation", "output.preview_matrix", "output.preview_balance")
    uses = ("session",)
    after = ("STACKING", "DEBAYER", "ASTROMETRY", "BGE", "PCC")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        output = context.config.output
        if not output.preview:
            return PhaseResult("skipped", {"why": "output.preview is false"})
        name, path = final_product(state.products)
        pictures = write_previews(name, path, output, context.outputs, top_down=state.session.lights[0].top_down)
        state.products |= pictures
        return PhaseResult(summary={"of": path.name, "stretch": output.preview_stretch,
                                    "annotated": "preview_annotated" in pictures})


def write_previews(name: str, path: Path, output: Output, folder: Path, *, top_down: bool) -> dict[str, Path]:
    """Write the pictures of a linear product; returns the files by name, ``preview_annotated`` only with a WCS."""
    files = {"preview": folder / "preview.png", "preview_tif": folder / "preview.tif"}
    # One curve for all channels preserves calibrated colours.
    look = _look(output, linked=output.preview_linked or name.endswith("_pcc"))
    image = fits_io.image_layout(path).read()
    picture = write_preview(files["preview"], files["preview_tif"], image, top_down=top_down, look=look)
    wcs = read_wcs(fits_io.read_header(path)) if output.preview_annotated else None
    if wcs is not None:
        files["preview_annotated"] = folder / "preview_annotated.png"
        write_png(files["preview_annotated"], annotate(picture, wcs, top_down=top_down))
    return files


def _look(output: Output, *, linked: bool) -> Look:
    given = output.preview_matrix
    matrix = MATRICES[given] if isinstance(given, str) else None if given is None else tuple(tuple(row) for row in given)
    # Balanced channels share one curve: a curve for each would undo the balance.
    linked = linked or output.preview_balance != "none"
    return Look(output.preview_stretch, linked, output.preview_scnr, output.preview_saturation, matrix, output.preview_balance)
