"""ASTROMETRY: plate solve the stack and write the WCS into every product with the pixels of the stack."""

from __future__ import annotations

import logging
from pathlib import Path

from orchestrator.errors import OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from orchestrator.tools.environment import ToolEnvironment

__all__ = ["Astrometry"]

logger = logging.getLogger(__name__)


class Astrometry(Phase):
    name = "ASTROMETRY"
    settings = ("astrometry", "engine.siril.executable", "engine.siril.templates")
    after = ("STACKING", "DEBAYER")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        if context.config.astrometry.solver == "none":
            return PhaseResult("skipped", {"why": "astrometry.solver is none"})
        # Imported here: astropy.coordinates takes longer to load than a small session takes to stack.
        from orchestrator.astrometry.solve import solve
        from orchestrator.astrometry.wcs import wcs_cards, write_wcs

        image = state.products["stacked_rgb" if "stacked_rgb" in state.products else "stacked"]
        settings, siril = context.config.astrometry, context.config.engine.siril
        logger.info("Plate solving %s, astrometry.solver %s", image.name, settings.solver)
        try:
            outcome = solve(image, settings, ToolEnvironment.of(context, "astrometry"), siril=siril,
                            notify=lambda message: context.progress(0, 1, message))
        except OrchestrateError as error:
            context.check()  # ends a cancelled run; any other error leaves the stack without a WCS
            context.warn(f"The stack could not be plate solved: {error}")
            return PhaseResult("skipped", {"why": str(error)})
        for warning in outcome.warnings:
            context.warn(warning)
        write_json(context.artifacts / "astrometry.json", {"why": outcome.why, **outcome.summary, "attempts": outcome.attempts})
        if outcome.wcs is None:
            if outcome.attempts:
                context.warn(f"The stack has no WCS: {outcome.why}")
            return PhaseResult("skipped", {"why": outcome.why})
        shape = fits_io.image_layout(image).shape[-2:]
        write_wcs(_same_pixels(state, shape), wcs_cards(outcome.wcs, outcome.solver))
        summary, statistics = outcome.summary, state.statistics
        logger.info("Solved by %s: RA %.5f deg, Dec %.5f deg, %.4f arcsec/px", outcome.solver, summary["ra_deg"],
                    summary["dec_deg"], summary["scale_arcsec_px"])
        statistics.ra_deg, statistics.dec_deg = summary["ra_deg"], summary["dec_deg"]
        statistics.scale_arcsec_px = round(summary["scale_arcsec_px"], 4)
        statistics.rotation_deg = round(summary["rotation_deg"], 2)
        return PhaseResult(summary=summary)


def _same_pixels(state: RunState, shape: tuple[int, ...]) -> list[Path]:
    """The FITS products with the pixels of the stack; masters have those of the camera."""
    sensor = ("master", "bad_pixels", "fixed_pattern")
    paths = (p for name, p in state.products.items() if not name.startswith(sensor) and fits_io.is_fits(p))
    return [p for p in paths if p.is_file() and fits_io.image_layout(p).shape[-2:] == shape]
