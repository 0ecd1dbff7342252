"""ASTROMETRY: where on the sky the stack lies. The WCS goes into every product on the stack's pixels."""

from __future__ import annotations

from pathlib import Path

from orchestrator.errors import OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState

__all__ = ["Astrometry"]


class Astrometry(Phase):
    name = "ASTROMETRY"
    settings = ("astrometry", "engine.siril.executable", "engine.siril.templates")
    after = ("STACKING", "DEBAYER")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        if context.config.astrometry.solver == "none":
            return PhaseResult("skipped", {"why": "no solver is wanted (astrometry.solver: none)"})
        # Imported here: coordinates and their packages take longer to load than a small session takes to stack.
        from orchestrator.astrometry.solve import solve
        from orchestrator.astrometry.wcs import wcs_cards, write_wcs

        image = state.products.get("stacked_rgb") or state.products.get("stacked")
        assert image is not None
        settings, siril = context.config.astrometry, context.config.engine.siril
        try:
            outcome = solve(image, settings, context.folder("work/astrometry"), context.logs, cancel=context.cancel,
                            scripts=context.scripts, siril=siril.executable, templates=siril.templates,
                            tell=lambda what: context.progress(0, 1, what))
        except OrchestrateError as error:
            context.check()  # a cancelled run ends; anything else leaves the stack as it is
            context.warn(f"The stack was not solved: {error}")
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
        summary = outcome.summary
        state.statistics["centre"] = summary["centre"]
        state.statistics["scale (arcsec/px)"] = round(summary["scale_arcsec_px"], 4)
        state.statistics["rotation (deg)"] = round(summary["rotation_deg"], 2)
        return PhaseResult(summary=summary)


def _same_pixels(state: RunState, shape: tuple[int, ...]) -> list[Path]:
    """The FITS products on the stack's own pixels; masters lie on the camera's."""
    sensor = ("master", "bad_pixels", "fixed_pattern")
    paths = (p for name, p in state.products.items() if not name.startswith(sensor) and fits_io.is_fits(p))
    return [p for p in paths if p.is_file() and fits_io.image_layout(p).shape[-2:] == shape]
