"""BGE: model the sky background between the objects and subtract it, channel by channel (METHODS 11)."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from orchestrator.config.postprocessing import Bge
from orchestrator.config.settings import RunConfig
from orchestrator.engines.calibrate_groups import has_flats
from orchestrator.errors import Cancelled, ConfigError, ToolError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.json_files import write_json
from orchestrator.io.saturation_card import CARD, FULL, card_level, set_card
from orchestrator.message import Message
from orchestrator.phases.phase import Phase, PhaseResult
from orchestrator.phases.preview import final_product
from orchestrator.report.wording import SKY_DOUBTS, background_text
from orchestrator.rundir.statistics import ChannelBackground
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState
from orchestrator.tools.environment import ToolEnvironment
from orchestrator.tools.graxpert import extract_background, find_graxpert
from orchestrator.tools.siril.background import subsky
from orchestrator.tools.siril.cli import find_siril
from tilecore.detect.stars import empty_stars
from tilecore.numerics.statistics import mad_sigma
from tilecore.sky import background_extraction as bge
from tilecore.sky.halo import without_halos
from tilecore.sky.proved_sky import Proved, evidence, prove
from tilecore.sky.sky_model import ModelSpec

__all__ = ["Background", "BackgroundResult", "PictureFacts", "lower_saturation", "remove_gradient"]

logger = logging.getLogger(__name__)

# Pixels from which their noise is measured, in whole rows.
NOISE_SAMPLE = 2_000_000
REMEDY = (" Flats correct vignetting. If there is no such object in the field, bge.protect_objects: false subtracts the model "
          "all the same.")


@dataclass(frozen=True)
class BackgroundResult:
    """``image`` and ``model`` have the shape of the input, (h, w) or (3, h, w), float32.

    ``declined`` is the reason why the input was kept, "" if ``image`` is the corrected one. ``report`` goes to bge.json.
    ``channels`` are the figures of each channel; ``stars`` (:data:`tilecore.detect.stars.STAR_DTYPE`) are those that were masked.
    """

    image: NDArray[np.float32]
    model: NDArray[np.float32]
    declined: str
    report: dict[str, Any]
    channels: dict[str, ChannelBackground] = field(default_factory=dict)
    stars: NDArray[np.void] = field(default_factory=empty_stars)


@dataclass(frozen=True)
class PictureFacts:
    """What is known of a picture: whether it was divided by ``flats`` (None: not known), and the level from which its pixels are
    clipped."""

    flats: bool | None = None
    saturation: float = FULL


class Background(Phase):
    name = "BGE"
    settings = ("bge", "engine.siril.executable", "engine.siril.templates")
    uses = ("calibrated",)
    makes = ("picture_stars",)
    after = ("STACKING", "DEBAYER", "ASTROMETRY")

    def run(self, context: RunContext, state: RunState) -> PhaseResult:
        settings = context.config.bge
        state.picture_stars = None
        if not settings.enabled:
            return PhaseResult("skipped", {"why": "bge.enabled is false"})
        name, path = final_product(state.products)
        header = fits_io.read_header(path)
        image = context.read_picture(fits_io.image_layout(path))
        if "BAYERPAT" in header:
            return PhaseResult("skipped", {"why": Message("{path} is a mosaic", path=path.name)})
        result = remove_gradient(image, context.config, ToolEnvironment.of(context, "bge"),
                                 facts=PictureFacts(has_flats(state.calibrated.masters), card_level(header)),
                                 new=context.picture if context.on_disk(image.shape) else None)
        state.picture_stars = result.stars
        write_json(context.artifacts / "bge.json", {"input": path.name, **result.report})
        if result.report.get("fallback"):
            context.warn(Message("{fallback} The native polynomial was used for the background.",
                                 fallback=result.report["fallback"]))
        if result.declined:
            if not result.report.get("below_noise"):
                context.warn(Message("The background was not changed: {declined}.{remedy}", declined=result.declined,
                                     remedy=REMEDY if result.report.get("doubt") else ""))
            return PhaseResult("skipped", {"why": result.declined})
        for channel, found in result.report["channels"].items():
            if found["failed"] and found["visible"]:
                context.warn(Message("The background of {channel} was not changed: {failed}.", channel=channel,
                                     failed="; ".join(found["failed"])))
        if result.report["planes"]:
            doubt = SKY_DOUBTS[result.report["doubt"]]
            context.warn(Message("Only a plane was subtracted from the background of {planes}, not the curved model: "
                                 "{doubt}.{remedy}", planes=", ".join(result.report["planes"]), doubt=doubt, remedy=REMEDY))
        logger.info("Background of %s: %s", path.name, result.report["summary"])
        header["HISTORY"] = f"background: {result.report['summary']}"
        lower_saturation(header, result)
        target = context.outputs / f"{name}_bge.fits"
        fits_io.write(target, result.image, header)
        fits_io.write(context.outputs / "background_model.fits", result.model, header)
        state.products[f"{name}_bge"] = target
        state.products["background_model"] = context.outputs / "background_model.fits"
        state.statistics.background_method, state.statistics.background = result.report["method"], result.channels
        return PhaseResult(summary={"product": str(target), **{k: result.report[k] for k in ("summary", "channels")}})


def lower_saturation(header: fits.Header, result: BackgroundResult) -> None:
    """Lower the level in the header from which stars may be clipped by the most that was subtracted."""
    if CARD in header:
        removed = max((c.removed_adu or 0.0 for c in result.channels.values()), default=0.0)
        set_card(header, card_level(header) - removed / FULL_SCALE)


def remove_gradient(image: NDArray[np.float32], config: RunConfig, environment: ToolEnvironment, *,
                    facts: PictureFacts | None = None, new: bge.NewImage | None = None) -> BackgroundResult:
    """Subtract the sky background from an image, (h, w) or (3, h, w); pixels that are 0 in all channels have no data.

    The result is checked; a channel whose check fails is left unchanged. If an external program fails, the native polynomial is
    used and ``fallback`` in the report gives the reason. The content of an image never raises an error. ``new`` makes
    the arrays of the result and the models, by default in memory.
    """
    # The linear systems are small: BLAS threads would only wait for each other, for seconds on a busy machine.
    with threadpool_limits(limits=1, user_api="blas"):
        return _remove_gradient(image, config, environment, facts or PictureFacts(), new)


def _remove_gradient(image: NDArray[np.float32], config: RunConfig, environment: ToolEnvironment, facts: PictureFacts,
                     new: bge.NewImage | None) -> BackgroundResult:
    settings = config.bge
    planes = image if image.ndim == 3 else image[None]
    covered = bge.has_data(planes, new=new)
    method, fallback = settings.method, ""
    mask, stars = bge.object_mask(image, covered, facts.saturation, new=new)
    try:
        found = _extractions(planes, mask, settings, environment.cancel, new)
    except ValueError as error:
        none = np.broadcast_to(np.float32(0), image.shape)  # without memory of its own
        return BackgroundResult(image, none, str(error), {"declined": str(error)}, stars=stars)
    if settings.method in ("siril", "graxpert"):
        try:
            found = _external(image, covered, mask, found, config, environment)
        except (ToolError, ConfigError) as error:
            method, fallback = "polynomial", str(error)
    names = ("L",) if len(planes) == 1 else ("R", "G", "B")
    # A program that the user has chosen brings its own model of what is sky.
    guarded = settings.protect_objects and method not in ("siril", "graxpert")
    judged = prove(found, mask, flats=facts.flats, new=new) if guarded else [Proved(f, None, evidence(f)) for f in found]
    found = [f if j.extraction is None else j.extraction for j, f in zip(judged, found, strict=True)]
    ranges = [max(float(np.ptp(f.model)), j.first.model_range) for f, j in zip(found, judged, strict=True)]
    make = new or _in_memory
    out, model, checks = make(planes.shape), make(planes.shape), []
    for c, f in enumerate(found):
        f.correct(planes[c], covered, out[c])
        checked = bge.check(planes[c], out[c], mask, f.tiles, stars, settings.max_star_change, FULL_SCALE)
        doubt = judged[c].doubt
        checks.append(replace(checked, failed=(SKY_DOUBTS[doubt],), stars_change=False)
                      if doubt and judged[c].extraction is None else checked)
        # A channel that would not improve keeps its background; the other channels are corrected.
        kept = bool(checks[c].failed)
        model[c] = f.pedestal if kept else f.model
        if kept:
            out[c] = planes[c]
        else:
            found[c] = replace(f, model=model[c])  # large pictures: no second copy
    for c in _with_others(checks):
        checks[c] = replace(checks[c], failed=("the background of the other channels was kept",))
        model[c], out[c] = found[c].pedestal, planes[c]
    reasons = [Message("{name}: {text}", name=n, text=reason) for n, c in zip(names, checks, strict=True) for reason in c.failed]
    declined = "; ".join(reasons) if all(c.failed for c in checks) else ""
    channels = {n: _describe(f, c) for n, f, c in zip(names, found, checks, strict=True)}
    figures = {n: ChannelBackground(doubt=j.doubt) if c.failed else ChannelBackground(
        removed_adu=float(np.ptp(f.model)) * FULL_SCALE, rms_before_adu=c.rms_before * FULL_SCALE,
        rms_after_adu=c.rms_after * FULL_SCALE, doubt=j.doubt)
        for n, f, c, j in zip(names, found, checks, judged, strict=True)}
    for name, j in zip(names, judged, strict=True):
        channels[name] |= {"doubt": j.doubt, "evidence": j.first.in_units(FULL_SCALE)}
    # A model that nobody could see is not worth a warning, whatever speaks against it.
    for name, r, p in zip(names, ranges, planes, strict=True):
        channels[name]["visible"] = bool(r > _pixel_noise(p, mask))
    visible = {n: j for n, j in zip(names, judged, strict=True) if j.doubt and channels[n]["visible"]}
    report = {"method": method, "fallback": fallback, "stars": len(stars), "declined": declined,
              "planes": [n for n, j in visible.items() if j.extraction is not None],
              "doubt": next((j.doubt for j in visible.values()), None),
              "below_noise": bool(declined) and not any(c["visible"] for c in channels.values()),
              "summary": background_text(method, figures), "channels": channels}
    result = image if declined else out.reshape(image.shape)
    return BackgroundResult(result, model.reshape(image.shape), declined, report, figures, stars)


def _with_others(checks: list[bge.Checks]) -> list[int]:
    """Channels that keep their background because another one does: a gradient in one channel alone would be coloured."""
    return [c for c, own in enumerate(checks) if not own.failed] if any(c.stars_change for c in checks) else []


def _in_memory(shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.empty(shape, np.float32)


def _extractions(planes: NDArray[np.float32], mask: NDArray[np.uint8], settings: Bge, cancel: threading.Event,
                 new: bge.NewImage | None) -> list[bge.Extraction]:
    """One model for each channel. Tiles with objects in one channel are not used as sky in another."""
    native = settings.method in ("polynomial", "spline", "rbf", "mesh")
    method = settings.method if native else "polynomial"
    smoothing = settings.mesh_width if method == "mesh" else settings.smoothing
    spec = ModelSpec(method, settings.order, settings.loss, settings.kernel, smoothing)  # type: ignore[arg-type]

    tuning = bge.Tuning(settings.autotune, settings.method == "auto", settings.max_evals, settings.residual_weight,
                        settings.roughness_weight)
    found = [bge.extract(p, mask, spec, tuning, quantile=settings.quantile, keep=lambda: _stop(cancel), new=new) for p in planes]
    objects = ~np.logical_and.reduce([f.tiles for f in found])
    if len(found) > 1:
        with suppress(ValueError):  # together they may leave no sky: then each channel uses its own
            found = [bge.exclude_tiles(f, objects, mask, tuning, new) for f in found]
    return [without_halos(f, mask, tuning, new) for f in found] if settings.protect_objects else found


def _pixel_noise(plane: NDArray[np.float32], mask: NDArray[np.uint8]) -> float:
    """Sigma of a pixel, from differences of neighbours that are sky."""
    step = max(plane.size // NOISE_SAMPLE, 1)
    plane, mask = plane[::step], mask[::step]
    free = (mask[:, 1:] == 0) & (mask[:, :-1] == 0)
    return mad_sigma(np.diff(plane, axis=1)[free], 0.0) / np.sqrt(2) if free.any() else 0.0


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
