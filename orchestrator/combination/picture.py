"""The combined image of several filters: the files in the ``outputs`` of a combination."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.combination.crop import crop_block, crop_header, shared_coverage
from orchestrator.combination.palettes import COLOURS, Factors
from orchestrator.combination.pixels import Combined, combine, sky_of
from orchestrator.combination.shared_background import background_declined, level_with_others
from orchestrator.config.settings import RunConfig
from orchestrator.errors import RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.io.saturation_card import CARD, FULL, card_level, set_card
from orchestrator.message import Message
from orchestrator.phases.preview import final_product, write_previews
from orchestrator.pipeline.result import RunResult
from orchestrator.report.wording import colours_text
from orchestrator.rundir.combination_record import CombinationRecord
from orchestrator.runtime.context import RunContext
from orchestrator.session.headers import is_top_down
from orchestrator.tools.environment import ToolEnvironment
from tilecore.stack.saturated_cores import limit_to_one

__all__ = ["stack_of", "write_picture"]

logger = logging.getLogger(__name__)


def stack_of(result: RunResult) -> Path:
    """The linear stack of the run of a channel. Colours are calibrated once, on the combined image."""
    stack = result.stack_before_colours
    if stack is None:
        raise ValueError(f"{result.directory} has no stack")
    return stack


def write_picture(record: CombinationRecord, results: Mapping[str, RunResult], factors: Factors, config: RunConfig,
                  context: RunContext) -> dict[str, Path]:
    """Combine stacks on the same pixel grid and write the details to the record.

    Returns ``stacked_rgb``, the previews, and ``stacked_rgb_pcc`` if the colours of R, G and B could be calibrated.
    Raises RunError if the stacks differ in size.
    """
    stacks = {c: stack_of(r) for c, r in results.items()}
    planes = {c: np.asarray(fits_io.image_layout(path).read(), np.float32) for c, path in stacks.items()}
    first = next(iter(planes))
    for channel, plane in planes.items():
        if plane.shape != planes[first].shape:
            raise RunError(Message("The stack of {channel} ({stacks}) differs in size from that of {first}.", channel=channel,
                                   stacks=stacks[channel], first=first),
                           "Stack the session again.")
    seen = shared_coverage(planes.values(), [_frames_at(r) for r in results.values()], config.canvas.coverage)
    part = crop_block(seen, config.canvas)
    whole = planes[first].shape
    planes = {c: np.ascontiguousarray(p[part.y0: part.y1, part.x0: part.x1]) for c, p in planes.items()}
    planes, levelled = _levelled(planes, results, config, context)
    found = combine(planes, factors)
    image = found.image
    record.crop = [part.x0, part.y0, part.x1, part.y1]
    _record_channels(record, planes, found)
    for entry in record.channels:
        entry.levelled_adu = levelled.get(entry.channel)
    for channel, scale in found.scales.items():
        logger.info("%s: factor %.5f, offset %.3e, matched with %d stars", channel, scale.factor, scale.offset, scale.stars)
        if scale.offset and not scale.stars:
            context.warn(Message("{channel} has too few stars to match the flux of R, G and B: only its sky background was "
                                 "matched.", channel=channel))
    header = _header(record, stacks, found, factors)
    if part.shape != whole:
        crop_header(header, part)
        header["HISTORY"] = Message("columns {x0} to {x1}, rows {y0} to {y1} (from 0) of the stacks, canvas.crop {crop}",
                                    x0=part.x0, x1=part.x1 - 1, y0=part.y0, y1=part.y1 - 1, crop=config.canvas.crop)
    made = {"stacked_rgb": context.outputs / "stacked_rgb.fits"}
    fits_io.write(made["stacked_rgb"], image, header)
    logger.info("Combined image: %s, columns %d to %d, rows %d to %d of the stacks", made["stacked_rgb"], part.x0, part.x1 - 1,
                part.y0, part.y1 - 1)
    record.colours = {}
    if config.pcc.enabled and set(COLOURS) <= set(found.scales):
        made |= _calibrated(record, image, header, config, context)
    if config.output.preview:
        made |= write_previews(*final_product(made), context, top_down=is_top_down(header),
                               level_sky=config.bge.enabled and all(background_declined(r.directory) for r in results.values()))
    return made


def _levelled(planes: dict[str, NDArray[np.float32]], results: Mapping[str, RunResult], config: RunConfig, context: RunContext
              ) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """The stacks, with the background levelled where the run of the channel declined that, and the range subtracted in ADU."""
    declined = {c: why for c, r in results.items() if config.bge.enabled and (why := background_declined(r.directory))}
    if not declined or len(declined) == len(planes):
        return planes, {}
    levelled, failed = level_with_others(planes, declined, config.bge)
    for channel, why in failed.items():
        context.warn(Message("The gradient of {channel} was not removed, unlike those of the others: {declined}; with the sky "
                             "positions of the others: {why}. Set bge.enabled: false to keep all gradients.", channel=channel,
                             declined=declined[channel], why=why))
    return planes | {c: p for c, (p, _) in levelled.items()}, {c: fits_io.FULL_SCALE * r for c, (_, r) in levelled.items()}


def _frames_at(result: RunResult) -> NDArray[np.float32] | None:
    """Number of frames at each pixel of the stack of a channel; None if its run did not write the map."""
    path = result.products.get("coverage")
    return None if path is None or not path.is_file() else np.asarray(fits_io.image_layout(path).read(), np.float32)


def _record_channels(record: CombinationRecord, planes: Mapping[str, NDArray[np.float32]], found: Combined) -> None:
    """Record the scale of each channel and the sky background of its stack."""
    record.cores, record.core_pixels = found.cores, found.pixels
    stack = np.stack(list(planes.values()))
    sky = dict(zip(planes, sky_of(stack, (stack != 0).all(axis=0)), strict=True))
    for entry in record.channels:
        if entry.channel in sky:
            entry.sky_adu = fits_io.FULL_SCALE * sky[entry.channel]
        if (scale := found.scales.get(entry.channel)) is not None:
            entry.factor, entry.offset_adu, entry.stars = scale.factor, fits_io.FULL_SCALE * scale.offset, scale.stars
            entry.ceiling_adu = None if scale.ceiling is None else fits_io.FULL_SCALE * scale.ceiling


def _header(record: CombinationRecord, stacks: Mapping[str, Path], found: Combined, factors: Factors) -> fits.Header:
    """The header of the stack that defines the pixel grid, with the totals of all stacks and the steps in HISTORY."""
    scales = found.scales
    headers = {c: fits_io.read_header(path) for c, path in stacks.items() if c in scales}
    header = fits_io.read_header(stacks[next(iter(stacks))])
    for key in ("FILTER", "HISTORY", "BZERO", "BSCALE"):
        header.pop(key, None)
    for key in ("STACKCNT", "LIVETIME"):
        values = [h[key] for h in headers.values() if isinstance(h.get(key), int | float)]
        if values:
            header[key] = (sum(values), Message("{comments}, all filters",
                                                comments=header.comments[key]) if key in header else "all filters")
    set_card(header, min((card_level(h) * scales[c].factor + scales[c].offset for c, h in headers.items()), default=FULL))
    steps: list[str] = [Message("{c} times {factor:.5f} plus {offset:.3e}: {stars} stars and sky matched to the "
                                "mean of R, G and B", c=c, factor=s.factor, offset=s.offset, stars=s.stars)
             for c, s in scales.items() if s.stars or s.offset]
    steps += [f"{colour} = " + " + ".join(f"{k:.4g} {c}" for c, k in factors[colour].items()) for colour in COLOURS]
    steps += [Message("{channel}: a plane of {levelled_adu:.3g} ADU subtracted, fitted to the sky of the other filters",
                      channel=e.channel, levelled_adu=e.levelled_adu)
              for e in record.channels if e.levelled_adu is not None]
    steps += [Message("{channel}: filter {filter}, {stacks} of {run}", channel=e.channel, filter=e.filter,
                      stacks=stacks[e.channel].name, run=e.run) for e in record.channels
              if e.channel in scales]
    if found.cores:
        levels = ", ".join(f"{c} {fits_io.FULL_SCALE * s.ceiling:.0f}" for c, s in scales.items() if s.ceiling is not None)
        steps.append(Message("clipped (ADU): {levels}; the cores of {cores} stars, {pixels} pixels with their rims, got the "
                             "colour of the light around them", levels=levels, cores=found.cores, pixels=found.pixels))
    for line in steps:
        header["HISTORY"] = line.encode("ascii", "backslashreplace").decode()
    return header


def _calibrated(record: CombinationRecord, image: NDArray[np.float32], header: fits.Header, config: RunConfig,
                context: RunContext) -> dict[str, Path]:
    """Write the image with calibrated colours, if the stars determine them."""
    from orchestrator.colour.calibration import calibrate_colours  # slow to import

    found = calibrate_colours(image, header, config, ToolEnvironment.of(context, "pcc"))
    record.colours = {"input": "stacked_rgb.fits", **found.report}
    if not found.declined:
        record.colours["summary"] = colours_text(record.colours)
    write_json(context.artifacts / "pcc.json", record.colours)
    if found.declined:
        context.warn(Message("The colours were not calibrated: {declined}.", declined=found.declined))
        return {}
    header = header.copy()
    header.pop(CARD, None)  # the channels were scaled
    header["HISTORY"] = f"colours: {record.colours['summary']}"
    path = context.outputs / "stacked_rgb_pcc.fits"
    fits_io.write(path, limit_to_one(found.image), header)
    return {"stacked_rgb_pcc": path}
