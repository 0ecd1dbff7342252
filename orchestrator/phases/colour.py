"""PCC: white balance from the stars of the field, and a neutral sky background (METHODS 12)."""

from __future__ import annotations

import logging

import numpy as np

from orchestrator.colour.dual_band import split_lines
from orchestrator.colour.result import Declined
from orchestrator.colour.zero_point import ZeroPoints
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.io.saturation_card import CARD, card_level
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.phases.preview import final_product
from orchestrator.report.wording import colours_text
from orchestrator.runtime.context import RunContext
from orchestrator.session.filter_names import is_dual_band
from orchestrator.stacking.state import RunState
from orchestrator.tools.environment import ToolEnvironment

__all__ = ["ColourCalibration"]

logger = logging.getLogger(__name__)


class ColourCalibration(Phase):
    name = "PCC"
    settings = ("pcc", "engine.siril.executable", "engine.siril.templates")
    uses = ("session", "picture_stars")
    after = ("STACKING", "DEBAYER", "ASTROMETRY", "BGE")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        name, path = final_product(state.products)
        image, header = context.read_picture(fits_io.image_layout(path)), fits_io.read_header(path)
        if not context.config.pcc.enabled:
            return PhaseResult("skipped", {"why": "pcc.enabled is false"})
        if image.ndim != 3:
            return PhaseResult("skipped", {"why": Message("{path} has no colours", path=path.name)})
        wanted = context.config.pcc.dual_band
        if wanted == "on" or (wanted == "auto" and is_dual_band(state.session.lights[0].filter)):
            return _separate_lines(context, state, name)
        from orchestrator.colour.calibration import calibrate_colours  # astropy.coordinates is slow to load

        result = calibrate_colours(image, header, context.config, ToolEnvironment.of(context, "pcc"),
                                   stars=state.picture_stars, new=context.picture if context.on_disk(image.shape) else None)
        report = {"input": path.name, **result.report}
        if not result.declined:
            report["summary"] = colours_text(report)
        write_json(context.artifacts / "pcc.json", report)
        if result.report.get("fallback"):
            context.warn(Message("{fallback} The native photometry was used for the colours.",
                                 fallback=result.report["fallback"]))
        if result.declined:
            context.warn(Message("The colours were not changed: {declined}.", declined=result.declined))
            return PhaseResult("skipped", {"why": result.declined})
        logger.info("Colours of %s: %s", path.name, report["summary"])
        header["HISTORY"] = f"colours: {report['summary']}"
        header.pop(CARD, None)  # the channels were scaled
        if points := result.report.get("zero_points"):
            ZeroPoints.from_dict(points).write_cards(header)
        target = context.outputs / f"{name.removesuffix('_bge')}_pcc.fits"
        # Other programs assume another scale if floats exceed 1.
        fits_io.write(target, np.minimum(result.image, 1, out=result.image), header)
        state.products[target.stem] = target
        state.statistics.set_colours(result.report)
        return PhaseResult(summary={"product": str(target), **result.report, "summary": report["summary"]})


def _separate_lines(context: RunContext, state: RunState, name: str) -> PhaseResult:
    """Write H-alpha, [O III] and their HOO image instead of a white balance: stars do not have the colours of two lines."""
    path = state.products[name]
    image, header = context.read_picture(fits_io.image_layout(path)), fits_io.read_header(path)
    try:
        found = split_lines(image, card_level(header))
    except Declined as reason:
        write_json(context.artifacts / "pcc.json", {"input": path.name, "declined": str(reason)})
        context.warn(Message("H-alpha and [O III] were not separated: {reason}.", reason=reason))
        return PhaseResult("skipped", {"why": str(reason)})
    talk = found.report["crosstalk"]
    text = Message("H-alpha and [O III] separated: green records {green_of_ha:.1f} % of H-alpha, red {red_of_oiii:.1f} % of [O "
                   "III]", green_of_ha=100 * talk["green_of_ha"], red_of_oiii=100 * talk["red_of_oiii"])
    write_json(context.artifacts / "pcc.json", {"input": path.name, "declined": "", "method": "dual_band", **found.report,
                                                "summary": text})
    logger.info("%s: %s", path.name, text)
    header["HISTORY"] = text
    for product, pixels, line in (("stacked_ha", found.ha, "Ha"), ("stacked_oiii", found.oiii, "OIII"),
                                  ("stacked_hoo", found.hoo, None)):
        own = header.copy()
        if line:
            own["FILTER"] = line
        own.pop(CARD, None)
        state.products[product] = context.outputs / f"{product}.fits"
        fits_io.write(state.products[product], pixels.clip(max=1), own)
    return PhaseResult(summary={"product": str(state.products["stacked_hoo"]), **found.report, "summary": text})
