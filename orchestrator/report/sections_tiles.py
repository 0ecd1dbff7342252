"""Sections that show the field: tiles, usage, coverage, rejection, background."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.io.fits import FULL_SCALE
from orchestrator.report import images
from orchestrator.report.model import Fact, Figure, Section, Table
from orchestrator.report.sections_frames import Source, spread
from orchestrator.report.wording import number, percent, span
from tilecore.stack.weights import CLIP, effective_frames, information_kept

__all__ = ["background", "coverage", "tiles", "usage"]

FloatArray = NDArray[np.float64]
# Squared width that pixels and interpolation add to the PSF, in px^2; the same as for the weights.
SAMPLING_FWHM2 = 1.0
# Every this many pixels of a map enter the median and range in the text.
SAMPLE_STEP = 7
# Percentile and least upper end of the colour range of the rejection map, in percent: a single trail must be visible.
REJECTED_PERCENTILE = 99.8
MIN_REJECTED_RANGE = 0.1


def tiles(source: Source) -> Section:
    grid, quality = source.files.json("tile_grid"), source.files.array("tile_quality", 4)
    if not grid:
        return Section("tiles", "Local quality", missing=source.absent("TILE_GRID"))
    ty, tx = grid["tiles"]
    step = grid.get("step", 1)
    facts = (Fact("Tiles", f"{ty} × {tx}", "rows by columns"), Fact("Size of a tile", number(grid["tile_size"] * step, "px")),
             Fact("Overlap", number(grid["overlap"] * step, "px")))
    if quality is None or source.files.slots(quality).count != len(source.used) or not source.mapped:
        return Section("tiles", "Local quality", source.absent("LOCAL_METRICS"), facts=facts)
    layers = _layers(source, quality)
    factor = layers[0]["merged"]
    figure = Figure("tiles", "Local quality of each frame",
                    f"A heat map of {ty} by {tx} tiles for each of {len(source.mapped)} frames, selected with a slider.",
                    {"layers": layers, "aspect": source.aspect, "top_down": source.top_down,
                     "canvas": source.files.json("prewarp").get("canvas_shape")},
                    "Select a frame with the slider, in any plot or in the frame table. Click a tile to list the frames with the "
                    "highest weight there." + (f" Squares of {factor} × {factor} tiles are merged." if factor > 1 else ""))
    lead = ("Seeing, tracking and haze vary over the field. Every frame has a weight in every tile, interpolated smoothly "
            "between tiles.")
    return Section("tiles", "Local quality", lead, facts=facts, figures=(figure,))


def _layers(source: Source, quality: NDArray[Any]) -> list[dict[str, Any]]:
    """Tile maps of each frame shown, averaged over the channels; NaN where the frame has no data."""
    overlap = source.files.array("common_overlap", 3)
    empty = np.zeros(quality.shape[1:], bool) if overlap is None or overlap.shape != quality.shape[1:] else overlap <= 0
    slots = source.files.slots(quality)

    def masked(values: NDArray[Any], change: Callable[[NDArray[Any]], NDArray[Any]]) -> Iterator[NDArray[Any]]:
        """Maps of the frames shown: the ``change`` of their values, of (C, K, ty, tx), averaged over the channels."""
        return (np.where(slots.whole(empty, i, True), np.nan, change(slots.whole(values, i, np.nan)).mean(axis=0))
                for i in source.mapped)

    def layer(maps: Iterator[NDArray[Any]], name: str, unit: str) -> None:
        layers.append(images.stack_data(maps, len(source.mapped), name, unit, source.top_down))

    layers: list[dict[str, Any]] = []
    weights = source.files.array("tile_weights", 4)
    if weights is not None and weights.shape == quality.shape:
        total = np.maximum(weights.sum(axis=1, dtype=np.float64), 1e-30)
        shares = masked(weights, lambda own: 100 * (own / total))
        layer(shares, "share of the weight", "%")
    fwhm, noise = source.files.array("tile_fwhm", 3), source.files.array("tile_noise", 4)
    if fwhm is not None and fwhm.shape == quality.shape[1:]:
        layer(masked(fwhm[None], np.asarray), "FWHM", "px")
    if noise is not None and noise.shape == quality.shape:
        layer(masked(noise, lambda own: FULL_SCALE * own), "noise", "ADU")
    # The weights clip scores; if frames hardly differ, scores are arbitrarily large.
    layer(masked(quality, lambda own: np.clip(own, -CLIP, CLIP)), "quality score", "")
    return layers


def usage(source: Source) -> Section:
    weights = source.files.array("tile_weights", 4)
    if weights is None:
        return Section("usage", "Effective number of frames", missing=source.absent("LOCAL_METRICS"))
    effective = np.mean([effective_frames(np.asarray(w, np.float64)) for w in weights], axis=0)
    count = source.files.slots(weights).count
    figures = [Figure("map", "Effective number of frames", f"{count} frames: {span(effective)} in a tile.",
                      images.map_data(effective, "frames", source.top_down, aspect=source.aspect),
                      "(sum of weights)² / sum of squared weights: a small value means that a few frames dominate the tile.")]
    facts = [spread("Effective frames in a tile", effective, "", f"of {count}")]
    kept = _information(source, weights)
    if kept is not None:
        eta = kept.mean(axis=0)
        figures += [
            Figure("map", "Information kept (model)", f"Fraction of the point-source information: {span(eta)}.",
                   images.map_data(eta, "", source.top_down, aspect=source.aspect),
                   "Fraction of the information on stars in all frames that the weighted mean keeps."),
            Figure("map", "Equivalent frames", f"Information in units of a frame: {span(eta * count)}.",
                   images.map_data(eta * count, "frames", source.top_down, aspect=source.aspect),
                   "Information kept (model) times the number of frames.")]
        facts += [spread("Information kept (model)", eta),
                  spread("Equivalent frames", (eta * count))]
    rows = [] if kept is None else [(c, *(number(float(f(k))) for f in (np.median, np.min, np.max)))
                                    for c, k in zip(source.channels, kept, strict=False)]
    title, head = "Information kept (model), by channel", ("channel", "median", "minimum", "maximum")
    table = (Table(title, head, tuple(rows)),) if rows else ()
    return Section("usage", "Effective number of frames", "Number of frames that contribute to each position of the stack.",
                   facts=tuple(facts), figures=tuple(figures), tables=table)


def _information(source: Source, weights: NDArray[Any]) -> FloatArray | None:
    """Fraction (C, ty, tx) of the point-source information kept, from the tile artifacts (METHODS 13)."""
    fwhm, noise = source.files.array("tile_fwhm", 3), source.files.array("tile_noise", 4)
    transparency = [r.transparency for r in source.used]
    if fwhm is None or noise is None or fwhm.shape != weights.shape[1:] or noise.shape != weights.shape:
        return None
    slots = source.files.slots(weights)
    if len(transparency) != slots.count or any(t is None or len(t) != len(weights) for t in transparency):
        return None
    a = slots.over_tiles(np.array(transparency, np.float64).T, 1)
    overlap = source.files.array("common_overlap", 3)
    if overlap is not None and overlap.shape == fwhm.shape:
        noise = np.where(overlap > 0, noise, np.inf)
    width = np.sqrt(np.asarray(fwhm, np.float64) ** 2 + SAMPLING_FWHM2)
    return np.array([information_kept(np.asarray(w, np.float64), t, np.asarray(n, np.float64), width)
                     for w, t, n in zip(weights, a, noise, strict=True)])


def coverage(source: Source) -> Section:
    count, rejected = source.files.image("coverage.fits"), source.files.image("rejected.fits")
    if count is None:
        ran = source.files.phase("STACKING")["status"] == "ok"
        why = "output.coverage is false: no coverage map was written." if ran else source.absent("STACKING")
        return Section("coverage", "Coverage and rejection", missing=why)
    frames = images.reduced(count)
    covered = float((frames > 0).mean())
    figures = [Figure("map", "Coverage", f"Frames with data at each position: {span(frames.ravel()[::SAMPLE_STEP])}.",
                      images.map_data(frames, "frames", source.top_down))]
    sample = frames.ravel()[::SAMPLE_STEP]
    facts = [Fact("Covered", percent(covered), "of the canvas"), spread("Frames with data", sample)]
    if rejected is not None:
        lost = images.reduced(rejected)
        share = np.where(frames > 0, 100 * lost / np.maximum(frames, 1e-6), np.nan)
        top = max(float(np.nanpercentile(share, REJECTED_PERCENTILE)) if np.isfinite(share).any() else 1.0, MIN_REJECTED_RANGE)
        total = float(lost.sum() / max(float(frames.sum()), 1e-9))
        figures.append(Figure("map", "Rejected pixels", f"{percent(total, 3)} of the pixels were rejected.",
                              images.map_data(share, "%", source.top_down, (0.0, top)),
                              "Fraction of the frames rejected at each position: trails, cosmic rays, hot pixels."))
        facts.append(Fact("Rejected", percent(total, 3), "of all pixels of all frames"))
        trails = source.files.phase("TILE_RECONSTRUCTION")["summary"].get("trails")
        if trails is not None:
            facts.append(Fact("Trails removed", number(trails), "satellites and aircraft, over their full width"))
    redone, tiles = (source.files.phase("TILE_RECONSTRUCTION")["summary"].get(k) for k in ("tiles_redone", "tiles"))
    if redone is not None and tiles is not None and redone < tiles:
        facts.append(Fact("Tiles restacked", f"{redone} of {tiles}", "the others are unchanged from the previous stack"))
    return Section("coverage", "Coverage and rejection", "Number of frames with data, and fraction rejected.",
                   facts=tuple(facts), figures=tuple(figures))


def background(source: Source) -> Section:
    content = source.files.json("bge")
    if not content:
        return Section("background", "Background extraction", missing=source.absent("BGE"))
    rows = []
    for name, c in content.get("channels", {}).items():
        described = ", ".join(f"{k} {v}" for k, v in c.get("model", {}).items())
        rows.append((name, described, number(c.get("samples")), number(c.get("removed_adu"), "ADU"),
                     f"{number(c.get('rms_before_adu'))} → {number(c.get('rms_after_adu'), 'ADU')}",
                     number(c.get("star_scatter_mmag"), "mmag"), "; ".join(c.get("failed", [])) or "removed"))
    head = ("channel", "model", "samples", "gradient", "sky rms", "change of star fluxes", "result")
    table = Table("Channels", head, tuple(rows))
    figures: tuple[Figure, ...] = ()
    model = source.files.image("background_model.fits")
    if model is not None:
        values = FULL_SCALE * images.reduced(model)
        sample = values.ravel()[::SAMPLE_STEP]
        figures = (Figure("map", "Background model", f"The subtracted model: {span(sample, 'ADU')}.",
                          images.map_data(values, "ADU", source.top_down), "Mean over the channels, including the pedestal."),)
    declined = content.get("declined")
    lead = f"The background was not changed: {declined}." if declined else str(content.get("summary") or "")
    return Section("background", "Background extraction", lead, figures=figures, tables=(table,) if rows else ())
