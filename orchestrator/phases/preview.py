"""PREVIEW: stretched pictures of the final image, the only products that are not linear."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from orchestrator.config.settings import Output
from orchestrator.errors import InputError, ToolMissing
from orchestrator.io import fits as fits_io
from orchestrator.io.fits_export import export_fits
from orchestrator.io.hips_export import export_hips
from orchestrator.io.wcs_header import read_wcs
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.report.mosaic_maps import coverage_picture, footprint_picture
from orchestrator.report.overlay import annotate
from orchestrator.report.preview import Look, reduction, write_png, write_preview
from orchestrator.rundir.output_files import STAGES
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from tilecore.colour import MATRICES

__all__ = ["Preview", "final_product", "hips_of", "write_previews"]


def final_product(products: Mapping[str, Path]) -> tuple[str, Path]:
    """Name and file of the most finished stack, which later phases use."""
    name = next(n for n in STAGES if n in products)
    return name, products[name]


class Preview(Phase):
    """PREVIEW: with a WCS also an annotated picture."""

    name = "PREVIEW"
    settings = ("bge.enabled", "output.preview", "output.preview_linked", "output.preview_stretch", "output.preview_annotated",
                "output.preview_scnr", "output.preview_saturation", "output.preview_matrix", "output.preview_balance",
                "output.export", "output.export_axes", "output.hips")
    uses = ("session",)
    after = ("PREWARP", "STACKING", "DEBAYER", "ASTROMETRY", "BGE", "PCC")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        output = context.config.output
        name, path = final_product(state.products)
        exported = _export(context, state, path) if output.export != "none" else {}
        exported |= hips_of(context, path) if output.hips else {}
        if not output.preview:
            return PhaseResult("skipped", {"why": "output.preview is false", **exported})
        # A background that was to be removed and could not be is levelled in the picture only.
        level = context.config.bge.enabled and "background_model" not in state.products
        if "stacked_hoo" in state.products:
            name, path = "stacked_hoo", state.products["stacked_hoo"]
        pictures = write_previews(name, path, context, top_down=state.session.lights[0].top_down, level_sky=level)
        state.products |= pictures | _maps_of_mosaic(context, state, pictures["preview"])
        return PhaseResult(summary={"of": path.name, "stretch": output.preview_stretch,
                                    "annotated": "preview_annotated" in pictures, **exported})


def _export(context: RunContext, state: RunState, path: Path) -> dict[str, object]:
    """Write the copy of the final image for other programs; returns its entries in the summary."""
    output = context.config.output
    assert output.export != "none"
    made = export_fits(path, context.outputs / "export.fits", output.export, output.export_axes)
    for warning in made.warnings:
        context.warn(f"export.fits: {warning}")
    state.products["export"] = made.path
    return {"exported": made.path.name, "export_shape": list(made.shape)}


def hips_of(context: RunContext, path: Path) -> dict[str, object]:
    """Write the HiPS of the final image, in place of one of an earlier attempt; returns its entry in the summary. Without a WCS
    or the package it needs there is none, and a warning shows how to get it."""
    folder = context.outputs / "hips"
    if folder.exists():
        shutil.rmtree(folder)
    try:
        tiles = export_hips(path, folder)
    except (InputError, ToolMissing) as error:
        context.warn(Message("output.hips: {error} Then write it with `orchestrate export {directory} --hips FOLDER`.",
                             error=error, directory=context.directory))
        return {}
    return {"hips_tiles": tiles}


def _maps_of_mosaic(context: RunContext, state: RunState, preview: Path) -> dict[str, Path]:
    """Write the footprints of the frames of a mosaic and its coverage as pictures; returns the files by name."""
    listed = context.artifacts / "mosaic.json"
    if not listed.is_file():
        return {}
    top_down = state.session.lights[0].top_down
    files = {"footprints": context.outputs / "footprints.png"}
    with Image.open(preview) as stretched:
        behind = np.asarray(stretched)
    write_png(files["footprints"], footprint_picture(json.loads(listed.read_bytes()), behind, top_down=top_down))
    if "coverage" in state.products:
        files["coverage_map"] = context.outputs / "coverage.png"
        count = fits_io.image_layout(state.products["coverage"])
        write_png(files["coverage_map"], coverage_picture(count, top_down=top_down))
    return files


def write_previews(name: str, path: Path, context: RunContext, *, top_down: bool, level_sky: bool) -> dict[str, Path]:
    """Write the pictures of a linear product; returns the files by name, ``preview_annotated`` only with a WCS.

    ``level_sky``: its background has not been extracted, and is levelled in the pictures.
    """
    folder, output = context.outputs, context.config.output
    files = {"preview": folder / "preview.png", "preview_tif": folder / "preview.tif"}
    # One curve for all channels preserves calibrated colours.
    look = _look(output, linked=output.preview_linked or name.endswith("_pcc"), level_sky=level_sky)
    image = context.read_picture(fits_io.image_layout(path))
    picture = write_preview(files["preview"], files["preview_tif"], image, top_down=top_down, look=look)
    wcs = read_wcs(fits_io.read_header(path)) if output.preview_annotated else None
    if wcs is not None:
        files["preview_annotated"] = folder / "preview_annotated.png"
        write_png(files["preview_annotated"], annotate(picture, wcs, top_down=top_down,
                                                              factor=reduction(*image.shape[-2:])))
    return files


def _look(output: Output, *, linked: bool, level_sky: bool) -> Look:
    given = output.preview_matrix
    matrix = MATRICES[given] if isinstance(given, str) else None if given is None else tuple(tuple(row) for row in given)
    # Balanced channels share one curve: a curve for each would undo the balance.
    linked = linked or output.preview_balance != "none"
    return Look(output.preview_stretch, linked, output.preview_scnr, output.preview_saturation, matrix, output.preview_balance,
                level_sky)
