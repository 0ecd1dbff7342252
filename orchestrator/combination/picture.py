"""The stacks of several filters as one picture: the files in a combination's ``outputs``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.combination.crop import cut_header, shared, window
from orchestrator.combination.palettes import COLOURS, Factors
from orchestrator.combination.pixels import Combined, combine, sky_of
from orchestrator.combination.shared_background import level_with_others, sky_not_told
from orchestrator.config.settings import RunConfig
from orchestrator.errors import RunError
from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.phases.preview import final_product, write_previews
from orchestrator.pipeline.result import RunResult
from orchestrator.rundir.combination_record import CombinationRecord
from orchestrator.rundir.output_files import STAGES
from orchestrator.runtime.context import RunContext
from orchestrator.tools.environment import Surroundings
from tilecore.stack.saturated_cores import limit_to_one

__all__ = ["stack_of", "write_picture"]

# Colours are calibrated once, on the combination.
STACKS = STAGES[1:]


def stack_of(result: RunResult) -> Path:
    """The linear stack of a channel's run."""
    return next(result.products[s] for s in STACKS if s in result.products)


def write_picture(record: CombinationRecord, results: Mapping[str, RunResult], factors: Factors, config: RunConfig,
                  context: RunContext) -> dict[str, Path]:
    """Combine stacks that lie on the same pixels; the record is told how.

    Returns ``stacked_rgb``, the previews, and ``stacked_rgb_pcc`` where the colours of R, G and B could be calibrated.
    Raises RunError when the stacks do not fit each other.
    """
    stacks = {c: stack_of(r) for c, r in results.items()}
    planes = {c: np.asarray(fits_io.image_layout(path).read(), np.float32) for c, path in stacks.items()}
    first = next(iter(planes))
    for channel, plane in planes.items():
        if plane.shape != planes[first].shape:
            raise RunError(f"The stack of {channel} ({stacks[channel]}) has another size than that of {first}.",
                           "Stack the session anew.")
    part = window(shared(planes.values(), [_frames_at(r) for r in results.values()], config.canvas.coverage), config.canvas)
    whole = planes[first].shape
    planes = {c: np.ascontiguousarray(p[part.y0: part.y1, part.x0: part.x1]) for c, p in planes.items()}
    planes, levelled = _levelled(planes, results, config, context)
    found = combine(planes, factors)
    image = found.image
    record.window = [part.x0, part.y0, part.x1, part.y1]
    _note(record, planes, found)
    for entry in record.channels:
        entry.levelled_adu = levelled.get(entry.channel)
    for channel, done in found.brought.items():
        if done.offset and not done.stars:
            context.warn(f"{channel} has too few stars to be brought to the flux of R, G and B: only its sky was.")
    header = _header(record, stacks, found, factors)
    if part.shape != whole:
        cut_header(header, part)
        header["HISTORY"] = (f"columns {part.x0} to {part.x1 - 1}, rows {part.y0} to {part.y1 - 1} (from 0) of the stacks, "
                             f"canvas.crop {config.canvas.crop}")
    made = {"stacked_rgb": context.outputs / "stacked_rgb.fits"}
    fits_io.write(made["stacked_rgb"], image, header)
    record.colours = {}
    if config.pcc.enabled and set(COLOURS) <= set(found.brought):
        made |= _calibrated(record, image, header, config, context)
    if config.output.preview:
        top_down = str(header.get("ROWORDER", "TOP-DOWN")).strip().upper() != "BOTTOM-UP"
        made |= write_previews(*final_product(made), config.output, context.outputs, top_down=top_down)
    return made


def _levelled(planes: dict[str, NDArray[np.float32]], results: Mapping[str, RunResult], config: RunConfig, context: RunContext
              ) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """The stacks, those whose own run could not tell their sky levelled along that of the others, and by how many ADU."""
    declined = {c: why for c, r in results.items() if config.bge.enabled and (why := sky_not_told(r.directory))}
    if not declined or len(declined) == len(planes):
        return planes, {}
    levelled, failed = level_with_others(planes, declined, config.bge)
    for channel, why in failed.items():
        context.warn(f"The sky of {channel} keeps its gradient, and the others do not: {declined[channel]}; along their sky: "
                     f"{why}. With bge.enabled: false all keep theirs.")
    return planes | {c: p for c, (p, _) in levelled.items()}, {c: fits_io.FULL_SCALE * r for c, (_, r) in levelled.items()}


def _frames_at(result: RunResult) -> NDArray[np.float32] | None:
    """How many frames each pixel of a channel's stack has, where its run wrote that."""
    path = result.products.get("coverage")
    return None if path is None or not path.is_file() else np.asarray(fits_io.image_layout(path).read(), np.float32)


def _note(record: CombinationRecord, planes: Mapping[str, NDArray[np.float32]], found: Combined) -> None:
    """What was done to each channel, and the sky of its stack."""
    record.cores, record.core_pixels = found.cores, found.pixels
    stack = np.stack(list(planes.values()))
    sky = dict(zip(planes, sky_of(stack, (stack != 0).all(axis=0)), strict=True))
    for entry in record.channels:
        if entry.channel in sky:
            entry.sky_adu = fits_io.FULL_SCALE * sky[entry.channel]
        if (done := found.brought.get(entry.channel)) is not None:
            entry.factor, entry.offset_adu, entry.stars = done.factor, fits_io.FULL_SCALE * done.offset, done.stars
            entry.ceiling_adu = None if done.ceiling is None else fits_io.FULL_SCALE * done.ceiling


def _header(record: CombinationRecord, stacks: Mapping[str, Path], found: Combined, factors: Factors) -> fits.Header:
    """That of the stack that gives the pixels, with the totals of all, and in HISTORY what was done."""
    brought = found.brought
    headers = {c: fits_io.read_header(path) for c, path in stacks.items() if c in brought}
    header = fits_io.read_header(stacks[next(iter(stacks))])
    for key in ("FILTER", "HISTORY", "BZERO", "BSCALE"):
        header.pop(key, None)
    for key in ("STACKCNT", "LIVETIME"):
        values = [h[key] for h in headers.values() if isinstance(h.get(key), int | float)]
        if values:
            header[key] = (sum(values), f"{header.comments[key]}, all filters" if key in header else "all filters")
    told = [f"{c} times {b.factor:.5f} plus {b.offset:.3e}: its {b.stars} stars and its sky brought to the mean of R, G and B"
            for c, b in brought.items() if b.stars or b.offset]
    told += [f"{colour} = " + " + ".join(f"{k:.4g} {c}" for c, k in factors[colour].items()) for colour in COLOURS]
    told += [f"{e.channel}: a plane of {e.levelled_adu:.3g} ADU taken from it along the sky of the others"
             for e in record.channels if e.levelled_adu is not None]
    told += [f"{e.channel}: filter {e.filter}, {stacks[e.channel].name} of {e.run}" for e in record.channels
             if e.channel in brought]
    if found.cores:
        levels = ", ".join(f"{c} {fits_io.FULL_SCALE * b.ceiling:.0f}" for c, b in brought.items() if b.ceiling is not None)
        told.append(f"clipped (ADU): {levels}; the cores of {found.cores} stars, {found.pixels} pixels with their rims, have "
                    "the colour of the light around them")
    for line in told:
        header["HISTORY"] = line.encode("ascii", "backslashreplace").decode()
    return header


def _calibrated(record: CombinationRecord, image: NDArray[np.float32], header: fits.Header, config: RunConfig,
                context: RunContext) -> dict[str, Path]:
    """The picture with calibrated colours, where the stars settle them."""
    from orchestrator.colour.calibration import calibrate_colours  # coordinates take their time to load

    found = calibrate_colours(image, header, config, Surroundings.of(context, "pcc"))
    record.colours = {"input": "stacked_rgb.fits", **found.report}
    write_json(context.artifacts / "pcc.json", record.colours)
    if found.declined:
        context.warn(f"The colours were left as they are: {found.declined}.")
        return {}
    header = header.copy()
    header["HISTORY"] = f"colours: {found.report['summary']}"
    path = context.outputs / "stacked_rgb_pcc.fits"
    fits_io.write(path, limit_to_one(found.image), header)
    return {"stacked_rgb_pcc": path}
