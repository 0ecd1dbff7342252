"""ASTROMETRY: write the WCS into every product with the pixels of the stack, from its registration or by plate solving."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from orchestrator.errors import OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.master_tiles import TILE_PREFIX
from orchestrator.stacking.sky_canvas import product_wcs, wcs_error
from orchestrator.stacking.state import RunState
from orchestrator.tools.environment import ToolEnvironment

if TYPE_CHECKING:
    from astropy.io.fits import Header
    from astropy.wcs import WCS

__all__ = ["Astrometry"]

logger = logging.getLogger(__name__)

# Error (px) of a WCS above which a warning is shown.
MAX_WCS_ERROR = 0.2


class Astrometry(Phase):
    name = "ASTROMETRY"
    settings = ("astrometry", "engine.siril.executable", "engine.siril.templates", "registration.transform")
    uses = ("plan", "frames")
    after = ("STACKING", "DEBAYER")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        image = state.products["stacked_rgb" if "stacked_rgb" in state.products else "stacked"]
        wcs = product_wcs(state.plan, state.frames, fits_io.image_layout(image).shape[-1])
        found = None if wcs is None else _by_construction(context, state, image, wcs)
        return found or _solved(context, state, image)


def _solved(context: RunContext, state: RunState, image: Path) -> PhaseResult:
    """Plate solve the stack and write its WCS."""
    if context.config.astrometry.solver == "none":
        return PhaseResult("skipped", {"why": "astrometry.solver is none"})
    # Imported here: astropy.coordinates takes longer to load than a small session takes to stack.
    from orchestrator.astrometry.solve import solve
    from orchestrator.astrometry.wcs import wcs_cards

    settings, siril = context.config.astrometry, context.config.engine.siril
    logger.info("Plate solving %s, astrometry.solver %s", image.name, settings.solver)
    try:
        outcome = solve(image, settings, ToolEnvironment.of(context, "astrometry"), siril=siril,
                        notify=lambda message: context.progress(0, 1, message))
    except OrchestrateError as error:
        context.check()  # ends a cancelled run; any other error leaves the stack without a WCS
        context.warn(Message("The stack could not be plate solved: {error}", error=error))
        return PhaseResult("skipped", {"why": str(error)})
    for warning in outcome.warnings:
        context.warn(warning)
    write_json(context.artifacts / "astrometry.json", {"why": outcome.why, **outcome.summary, "attempts": outcome.attempts})
    if outcome.wcs is None:
        if outcome.attempts:
            context.warn(Message("The stack has no WCS: {why}", why=outcome.why))
        return PhaseResult("skipped", {"why": outcome.why})
    shape = fits_io.image_layout(image).shape[-2:]
    _write(state, shape, wcs_cards(outcome.wcs, outcome.solver))
    _record(state, outcome.summary, outcome.solver)
    return PhaseResult(summary=outcome.summary)


def _by_construction(context: RunContext, state: RunState, image: Path, wcs: WCS) -> PhaseResult | None:
    """Write the WCS that the products have by registration and projection; None if the stars of the stack contradict it."""
    from orchestrator.astrometry.solve import check_wcs
    from orchestrator.astrometry.wcs import describe, wcs_cards

    settings, source = context.config.astrometry, "registration of the lights"
    if state.plan.sky is not None:
        source = "the projection of the canvas"
    shape = fits_io.image_layout(image).shape[-2:]
    summary = describe(wcs, (shape[0], shape[1]))
    if wcs.sip is not None:
        summary["wcs_error_px"] = error = wcs_error(wcs, state.plan, state.frames, shape[1])
        if error > MAX_WCS_ERROR:
            context.warn(Message("The WCS of the stack is wrong by up to {error:.2f} px: with registration.transform "
                                 "{transform} the lens stays in the picture, and neighbouring panels disagree. "
                                 "registration.transform: auto removes it.", error=error,
                                 transform=context.config.registration.transform))
    if settings.solver != "none":
        try:
            checked = check_wcs(image, wcs, settings, context.work / "astrometry", context.config.engine.siril)
        except OrchestrateError as error:
            context.check()
            context.warn(Message("The WCS of the stack by {source} could not be compared with a catalog: {error}",
                                 source=source, error=error))
        else:
            if checked.decided and not checked.ok:
                context.warn(Message("The WCS of the stack by {source} is not used: {why} ({against}). The stack is plate "
                                     "solved instead; check the positions of its frames.", source=source, why=checked.why,
                                     against=checked.against))
                return None
            summary["verification"] = {
                "ok": checked.ok, "against": checked.against, "matched": checked.matched, "catalog_stars": checked.catalog_stars,
                "by_chance": checked.by_chance, "rms_px": checked.rms_px if np.isfinite(checked.rms_px) else None,
                "why": checked.why}
    _write(state, shape, wcs_cards(wcs, source))
    write_json(context.artifacts / "astrometry.json", {"why": f"by {source}", **summary, "attempts": []})
    _record(state, summary, source)
    return PhaseResult(summary=summary)


def _write(state: RunState, shape: tuple[int, ...], cards: Header) -> None:
    """Write the WCS of the stack into the products with its pixels, and into the master tiles, whose pixels are part of them."""
    from orchestrator.astrometry.wcs import write_wcs

    write_wcs(_same_pixels(state, shape), cards)
    for path in (p for name, p in state.products.items() if name.startswith(TILE_PREFIX) and p.is_file()):
        own, place = cards.copy(), fits_io.read_header(path)
        for axis in ("1", "2"):
            own[f"CRPIX{axis}"] = own[f"CRPIX{axis}"] + place[f"LTV{axis}"]
        write_wcs([path], own)


def _record(state: RunState, summary: dict[str, Any], solver: str) -> None:
    statistics = state.statistics
    logger.info("WCS by %s: RA %.5f deg, Dec %.5f deg, %.4f arcsec/px", solver, summary["ra_deg"], summary["dec_deg"],
                summary["scale_arcsec_px"])
    statistics.ra_deg, statistics.dec_deg = summary["ra_deg"], summary["dec_deg"]
    statistics.scale_arcsec_px = round(summary["scale_arcsec_px"], 4)
    statistics.rotation_deg = round(summary["rotation_deg"], 2)


def _same_pixels(state: RunState, shape: tuple[int, ...]) -> list[Path]:
    """The FITS products with the pixels of the stack; masters have those of the camera."""
    sensor = ("master", "bad_pixels", "fixed_pattern")
    paths = (p for name, p in state.products.items() if not name.startswith(sensor) and fits_io.is_fits(p))
    return [p for p in paths if p.is_file() and fits_io.image_layout(p).shape[-2:] == shape]
