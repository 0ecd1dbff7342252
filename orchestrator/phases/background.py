"""BGE: model the sky background between the objects and subtract it, channel by channel (METHODS 11)."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from orchestrator.config.postprocessing import Bge
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ConfigError, ToolError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.phases.preview import final_product
from orchestrator.report.wording import background_text
from orchestrator.rundir.statistics import ChannelBackground
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.graxpert import extract_background, find_graxpert
from orchestrator.tools.siril.background import subsky
from orchestrator.tools.siril.cli import find_siril
from tilecore.sky import background_extraction as bge
from tilecore.sky.sky_model import ModelSpec

__all__ = ["Background", "BackgroundResult", "remove_gradient"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class BackgroundResult:
    """``image`` and ``model`` have the shape of the input, (h, w) or (3, h, w), float32.

    ``declined`` is the reason why the input was kept, "" if ``image`` is the corrected one. ``report`` goes to bge.json.
    ``channels`` are the figures of each channel.
    """

    image: NDArray[np.float32]
    model: NDArray[np.float32]
    declined: str
    report: dict[str, Any]
    channels: dict[str, ChannelBackground] = field(default_factory=dict)


class Background(Phase):
    name = "BGE"
    settings = ("bge", "engine.siril.executable", "engine.siril.templates")
    after = ("STACKING", "DEBAYER", "ASTROMETRY")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        settings = context.config.bge
        if not settings.enabled:
            return PhaseResult("skipped", {"why": "bge.enabled is false"})
        name, path = final_product(state.products)
        header = fits_io.read_header(path)
        image = fits_io.image_layout(path).read()
        if "BAYERPAT" in header:
            return PhaseResult("skipped", {"why": f"{path.name} is a mosaic"})
        result = remove_gradient(image, context.config, ToolEnvironment.of(context, "bge"))
        write_json(context.artifacts / "bge.json", {"input": path.name, **result.report})
        if result.report.get("fallback"):
            context.warn(f"{result.report['fallback']} The native polynomial was used for the background.")
        if result.declined:
            context.warn(f"The background was not changed: {result.declined}.")
            return PhaseResult("skipped", {"why": result.declined})
        for channel, found in result.report["channels"].items():
            if found["failed"]:
                context.warn(f"The background of {channel} was not changed: {'; '.join(found['failed'])}.")
        logger.info("Background of %s: %s", path.name, result.report["summary"])
        header["HISTORY"] = f"background: {result.report['summary']}"
        target = context.outputs / f"{name}_bge.fits"
        fits_io.write(target, result.image, header)
        fits_io.write(context.outputs / "background_model.fits", result.model, header)
        state.products[f"{name}_bge"] = target
        state.products["background_model"] = context.outputs / "background_model.fits"
        state.statistics.background_method, state.statistics.background = result.report["method"], result.channels
        return PhaseResult(summary={"product": str(target), **{k: result.report[k] for k in ("summary", "channels")}})


def remove_gradient(image: NDArray[np.float32], config: RunConfig, environment: ToolEnvironment) -> BackgroundResult:
    """Subtract the sky background from an image, (h, w) or (3, h, w); pixels that are 0 in all channels have no data.

    The result is checked; a channel whose check fails is left unchanged. If an external program fails, the native polynomial is
    used and ``fallback`` in the report gives the reason. The content of an image never raises an error.
    """
    # The linear systems are small: BLAS threads would only wait for each other, for seconds on a busy machine.
    with threadpool_limits(limits=1, user_api="blas"):
        return _remove_gradient(image, config, environment)


def _remove_gradient(image: NDArray[np.float32], config: RunConfig, environment: ToolEnvironment) -> BackgroundResult:
    settings = config.bge
    planes = image if image.ndim == 3 else image[None]
    covered = (planes != 0).any(axis=0)
    method, fallback = settings.method, ""
    mask, stars = bge.object_mask(image, covered)
    try:
        found = _extractions(planes, mask, settings, environment.cancel)
    except ValueError as error:
        return BackgroundResult(image, np.zeros_like(image), str(error), {"declined": str(error)})
    if settings.method in ("siril", "graxpert"):
        try:
            found = _external(image, covered, mask, found, config, environment)
        except (ToolError, ConfigError) as error:
            method, fallback = "polynomial", str(error)
    names = ("L",) if len(planes) == 1 else ("R", "G", "B")
    out, model, checks = planes.copy(), np.empty_like(planes), []
    for c, f in enumerate(found):
        corrected = f.corrected(planes[c], covered)
        checks.append(bge.check(planes[c], corrected, mask, f.tiles, stars, settings.max_star_change, FULL_SCALE))
        # A channel that would not improve keeps its background; the other channels are corrected.
        kept = bool(checks[c].failed)
        model[c] = f.pedestal if kept else f.model
        if not kept:
            out[c] = corrected
            found[c] = replace(f, model=model[c])  # large pictures: no second copy
    reasons = [f"{n}: {reason}" for n, c in zip(names, checks, strict=True) for reason in c.failed]
    declined = "; ".join(reasons) if all(c.failed for c in checks) else ""
    channels = {n: _describe(f, c) for n, f, c in zip(names, found, checks, strict=True)}
    figures = {n: ChannelBackground() if c.failed else ChannelBackground(
        removed_adu=float(np.ptp(f.model)) * FULL_SCALE, rms_before_adu=c.rms_before * FULL_SCALE,
        rms_after_adu=c.rms_after * FULL_SCALE)
        for n, f, c in zip(names, found, checks, strict=True)}
    report = {"method": method, "fallback": fallback, "stars": len(stars), "declined": declined,
              "summary": background_text(method, figures), "channels": channels}
    result = image if declined else out.reshape(image.shape)
    return BackgroundResult(result, model.reshape(image.shape), declined, report, figures)


def _extractions(planes: NDArray[np.float32], mask: NDArray[np.uint8], settings: Bge,
                 cancel: threading.Event) -> list[bge.Extraction]:
    """One model for each channel. Tiles with objects in one channel are not used as sky in another."""
    native = settings.method in ("polynomial", "spline", "rbf", "mesh")
    method = settings.method if native else "polynomial"
    smoothing = settings.mesh_width if method == "mesh" else settings.smoothing
    spec = ModelSpec(method, settings.order, settings.loss, settings.kernel, smoothing)  # type: ignore[arg-type]

    tuning = bge.Tuning(settings.autotune, settings.method == "auto", settings.max_evals, settings.residual_weight,
                        settings.roughness_weight)
    found = [bge.extract(p, mask, spec, tuning, quantile=settings.quantile, keep=lambda: _stop(cancel)) for p in planes]
    if len(found) == 1:
        return found
    objects = ~np.logical_and.reduce([f.tiles for f in found])
    try:
        return [bge.exclude_tiles(f, objects, mask, tuning) for f in found]
    except ValueError:  # together they leave no sky: each channel uses its own
        return found


def _stop(cancel: threading.Event) -> None:
    if cancel.is_set():
        raise Cancelled("The run was cancelled.")


def _external(image: NDArray[np.float32], covered: NDArray[np.bool_], mask: NDArray[np.uint8], found: list[bge.Extraction],
              config: RunConfig, environment: ToolEnvironment) -> list[bge.Extraction]:
    """The models of an external program: what it subtracted. The checks use the native samples."""
    settings = config.bge
    environment.work.mkdir(parents=True, exist_ok=True)
    image = np.clip(image, 0, 1)  # values outside would make GraXpert rescale the image
    if settings.method == "siril":
        siril = config.engine.siril
        after = subsky(find_siril(siril.executable), image, settings, environment, siril.templates)
    else:
        after = extract_background(find_graxpert(settings.graxpert), image, environment, smoothing=settings.smoothing,
                                   timeout=settings.timeout)
    difference = np.where(covered, image - after, 0)
    models = difference if difference.ndim == 3 else difference[None]
    return [replace(f, model=np.ascontiguousarray(m, np.float32), pedestal=float(np.median(m[mask == 0])), trials=())
            for f, m in zip(found, models, strict=True)]


def _describe(found: bge.Extraction, checks: bge.Checks) -> dict[str, Any]:
    return {
        "model": found.spec.describe(), "samples": len(found.samples), "sky_tiles": float(found.tiles.mean()),
        "pedestal_adu": found.pedestal * FULL_SCALE, "removed_adu": float(np.ptp(found.model)) * FULL_SCALE,
        "rms_before_adu": checks.rms_before * FULL_SCALE, "rms_after_adu": checks.rms_after * FULL_SCALE,
        "stars_checked": checks.stars, "star_scatter_mmag": checks.star_scatter_mmag, "failed": list(checks.failed),
        "trials": [{**t.spec.describe(), "held_out": t.held_out, "flatness": t.flatness, "roughness": t.roughness,
                    "total": t.total} for t in found.trials]}
