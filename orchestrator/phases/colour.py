"""PCC: white balance from the stars of the field, and a grey sky (METHODS 12)."""

from __future__ import annotations

from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.phases.preview import final_product
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from orchestrator.tools.environment import Surroundings

__all__ = ["ColourCalibration"]


class ColourCalibration(Phase):
    name = "PCC"
    settings = ("pcc", "engine.siril.executable", "engine.siril.templates")
    after = ("STACKING", "DEBAYER", "ASTROMETRY", "BGE")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        name, path = final_product(state.products)
        image, header = fits_io.image_layout(path).read(), fits_io.read_header(path)
        if not context.config.pcc.enabled:
            return PhaseResult("skipped", {"why": "pcc.enabled is false"})
        if image.ndim != 3:
            return PhaseResult("skipped", {"why": f"{path.name} has no colours"})
        from orchestrator.colour.calibration import calibrate_colours  # coordinates take their time to load

        result = calibrate_colours(image, header, context.config, Surroundings.of(context, "pcc"))
        write_json(context.artifacts / "pcc.json", {"input": path.name, **result.report})
        if result.report.get("fallback"):
            context.warn(f"{result.report['fallback']} Our own photometry was taken for the colours.")
        if result.declined:
            context.warn(f"The colours were left as they are: {result.declined}.")
            return PhaseResult("skipped", {"why": result.declined})
        header["HISTORY"] = f"colours: {result.report['summary']}"
        target = context.outputs / f"{name.removesuffix('_bge')}_pcc.fits"
        # Other programs take floats above 1 for another scale.
        fits_io.write(target, result.image.clip(max=1), header)
        state.products[target.stem] = target
        state.statistics["colours"] = result.report["summary"]
        return PhaseResult(summary={"product": str(target), **result.report})
