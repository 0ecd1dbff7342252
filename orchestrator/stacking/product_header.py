"""The FITS header of a product: cards of the reference, the processing history, and the totals."""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.config.no_effect import NO_EFFECT
from orchestrator.config.settings import RunConfig
from orchestrator.io import frames as frame_files
from orchestrator.io.saturation_card import FULL, set_card
from orchestrator.report.options import options_of
from orchestrator.report.wording import exclusion, tiles_text
from orchestrator.session.model import FrameInfo
from orchestrator.session.row_order import row_order_card

if TYPE_CHECKING:
    from orchestrator.stacking.state import RunState

__all__ = ["add_provenance", "product_header"]

# Modified Julian dates count days from here.
MJD_0 = datetime(1858, 11, 17)
# Sections whose settings affect the pixels of the stack; the others do not.
SHAPING = ("input", "engine", "calibration", "registration", "canvas", "mosaic", "normalization", "tiles", "metrics", "weights",
           "selection", "stacking", "reconstruction", "clustering", "debayer")
# Settings of these sections that apply after stacking.
AFTER = {"debayer.method"}
# Cards copied from the header of the reference.
KEPT = ("OBJECT", "TELESCOP", "INSTRUME", "OBSERVER", "FILTER", "FOCALLEN", "APERTURE", "XPIXSZ", "YPIXSZ", "PIXSIZE1",
        "PIXSIZE2", "XBINNING", "YBINNING", "GAIN", "EGAIN", "OFFSET", "CCD-TEMP", "SET-TEMP", "RA", "DEC", "OBJCTRA",
        "OBJCTDEC", "EQUINOX", "SITELAT", "SITELONG", "AIRMASS", "DATE-OBS", "ROWORDER")


def product_header(state: RunState, data: NDArray[np.float32], what: str, *, on_canvas: bool = True,
                   members: NDArray[np.int64] | None = None) -> fits.Header:
    """Cards of a product made from ``state``. ``what`` describes it in HISTORY; ``on_canvas``: it shows the field; ``members``:
    it is made of these usable frames only.

    Pixels keep the row order of the input, so ROWORDER is that of the input; BAYERPAT is kept for products that are CFA mosaics.
    """
    reference = state.frames.frames[state.frames.reference]
    source = frame_files.read_header(reference.info.path)
    header = fits.Header()
    for key in KEPT:
        if key in source:
            header[key] = (source[key], source.comments[key])
    if reference.info.reading.flipped:
        row_order_card(header, reference.info)
    _complete(header, reference.info)
    # Siril divides by the binning, and reads a missing one as a huge number.
    for key, value in zip(("XBINNING", "YBINNING"), reference.info.binning, strict=True):
        header.setdefault(key, value)
    stacked = _weighted(state)
    if members is not None:
        stacked = stacked & np.isin(np.arange(len(stacked)), members)
    used = [f.info for f, weighs in zip(state.frames.usable, stacked, strict=True) if weighs]
    if isinstance(gain := header.get("EGAIN"), int | float) and gain > 0:
        # A mean of frames has the electrons of all of them.
        header["EGAIN"] = (round(float(gain) * _effective_frames(state, stacked), 4), "[e-/ADU] of a frame x effective frames")
    header["IMAGETYP"] = "Master Light"
    header["BUNIT"] = ("", "relative: 1.0 = 65535 ADU of the reference")
    exposures = [f.exposure for f in used if f.exposure]
    header["STACKCNT"] = (len(used), "frames stacked")
    if exposures:
        # Pixels are scaled to the reference.
        header["EXPTIME"] = (float(reference.info.exposure or statistics.median_low(exposures)), "[s] exposure of one frame")
        header["LIVETIME"] = (float(sum(exposures)), "[s] total exposure")
    _add_times(header, used)
    if data.ndim == 2 and state.plan.mode == "last":
        _keep_pattern(header, source)
    # Pixels of the product per pixel of the frame: 1/2 for superpixels, the scale for drizzle.
    finer = data.shape[-1] / state.plan.shape[1] if on_canvas else 1.0
    for key in ("XPIXSZ", "YPIXSZ"):
        if finer != 1 and key in header:
            header[key] = float(header[key]) / finer
    header["PROGRAM"] = ("orchestrate", "software that made this file")
    header["HISTORY"] = what
    header["HISTORY"] = f"stage one: {state.frames.engine}, {len(used)} of {len(state.frames.frames)} frames"
    header["HISTORY"] = f"canvas {state.plan.shape[1]}x{state.plan.shape[0]} at {state.plan.origin}, debayer {state.plan.mode}"
    header["HISTORY"] = f"weights {state.statistics.weights_mode}, tiles {tiles_text(state.statistics)}"
    return header


def _add_times(header: fits.Header, used: list[FrameInfo]) -> None:
    """Start, end and mean of the exposures; the mean is that of their middles, weighted by their lengths."""
    spans = [(f.time, timedelta(seconds=f.exposure or 0)) for f in used if f.time]
    if not spans:
        return
    start, end = min(time for time, _ in spans), max(time + length for time, length in spans)
    weights = [length.total_seconds() or 1.0 for _, length in spans]
    middles = [(time + length / 2 - start).total_seconds() for time, length in spans]
    mean = start + timedelta(seconds=float(np.average(middles, weights=weights)))
    for name, time, what in (("OBS", start, "start of the first frame"), ("END", end, "end of the last frame"),
                             ("AVG", mean, "mean of the exposures")):
        header[f"DATE-{name}"] = (time.isoformat(timespec="milliseconds"), what)
        header[f"MJD-{name}"] = (round((time - MJD_0) / timedelta(days=1), 8), f"[d] {what}")


def _complete(header: fits.Header, info: FrameInfo) -> None:
    """Add values from the frame's name or device that the header lacks, or gives in hours (right ascension)."""
    hours = "RA" in header and header.comments["RA"].startswith("[h]")
    if info.sky_position is not None and (hours or ("RA" not in header and "OBJCTRA" not in header)):
        header["RA"], header["DEC"] = ((info.sky_position[0], "[deg]"), (info.sky_position[1], "[deg]"))
    elif hours:
        del header["RA"], header["DEC"]
    for keys, value in ((("OBJECT",), info.object), (("FILTER",), info.filter), (("FOCALLEN",), info.focal_length),
                        (("XPIXSZ", "PIXSIZE1"), info.pixel_size), (("YPIXSZ", "PIXSIZE2"), info.pixel_size)):
        if value is not None and not any(key in header for key in keys):
            header[keys[0]] = value


def add_provenance(header: fits.Header, state: RunState, config: RunConfig) -> None:
    """Facts of a stack: the level from which its stars may be clipped; as HISTORY, settings that differ from the default, and
    each frame with its weight or the reason it is left out."""
    set_card(header, _clipping_level(state))
    given = {section: getattr(config, section).model_dump(mode="json") for section in SHAPING}
    for option in options_of(given, []):
        if option["changed"] and option["option"] not in NO_EFFECT | AFTER | {"stacking.exclude"}:
            header["HISTORY"] = _ascii(f"setting {option['option']} = {option['value']}")
    for entry in config.stacking.exclude:
        header["HISTORY"] = _ascii(f"left out by hand: {exclusion(entry)}")
    night_of = {str(info.path): f"{night.name}/" for night in state.session.nights for info in night.lights}
    for frame in _frames_of(state):
        name = night_of.get(frame["file"], "") + Path(frame["file"]).name
        header["HISTORY"] = _ascii(f"frame {name} weight {frame['weight']}" if frame["kept"] else
                                   f"left out {name}: {frame['reason']}")


def _weighted(state: RunState) -> NDArray[np.bool_]:
    """(N,) frames with a weight anywhere."""
    return state.slots.any(np.asarray(state.weights.any(axis=0)))


def _clipping_level(state: RunState) -> float:
    """The lowest level (1.0 = 65535 ADU) at which a channel of a stacked frame clips, scaled as its pixels are."""
    levels = np.array([f.saturation for f in state.frames.usable]) / state.transparency
    return float(levels.T[_weighted(state)].min(initial=FULL))


def _effective_frames(state: RunState, stacked: NDArray[np.bool_]) -> float:
    """(sum w)^2 / sum w^2 of the frames that are stacked, the median over the tiles that have any."""
    weights = state.slots.of_frames(state.weights, np.flatnonzero(stacked)).astype(np.float64)
    total, squares = weights.sum(axis=1), (weights ** 2).sum(axis=1)
    return float(np.median(total[squares > 0] ** 2 / squares[squares > 0])) if (squares > 0).any() else 1.0


def _frames_of(state: RunState) -> list[dict[str, Any]]:
    """Each light: file, kept, weight relative to the mean of the frames used, reason why it was left out."""
    share = (state.weights / state.weights.sum(axis=1, keepdims=True).clip(min=1e-30)).mean(axis=0)
    share = state.slots.sums(share) / np.prod(state.slots.shape)
    weight = {f.index: float(s) * len(share) for f, s in zip(state.frames.usable, share, strict=True)}
    left_out = {f.index: r for f, r in zip(state.frames.usable, state.left_out, strict=False) if r}
    used = weight.keys() - left_out.keys()
    return [{"file": str(f.info.path), "kept": f.index in used, "weight": round(weight[f.index], 4) if f.index in used else 0.0,
             "reason": left_out.get(f.index, f.reason)} for f in state.frames.frames]


def _ascii(text: str) -> str:
    """The text in printable ASCII, as FITS headers require; other characters become \\x.. or \\u...."""
    plain = text.encode("ascii", "backslashreplace").decode()
    return "".join(c if " " <= c <= "~" else f"\\x{ord(c):02x}" for c in plain)


def _keep_pattern(header: fits.Header, source: fits.Header) -> None:
    for key in ("BAYERPAT", "XBAYROFF", "YBAYROFF"):
        if key in source:
            header[key] = (source[key], source.comments[key])
