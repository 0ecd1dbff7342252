"""Images and page of a live stack, updated while it grows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.io import fits as fits_io
from orchestrator.io.json_files import write_json
from orchestrator.live.state import Base, LiveState, StackedFrame
from orchestrator.report.images import picture
from orchestrator.report.preview import write_preview
from orchestrator.report.render import asset, page
from orchestrator.report.wording import duration, filter_counts, number, other_filters_note, percent
from orchestrator.report.write import write_text
from orchestrator.runtime.context import RunContext
from orchestrator.stacking.product_header import KEPT
from tilecore.stack.running_mean import RunningStack

__all__ = ["publish"]

# Number of frames on the page, the most recent ones.
FRAMES_SHOWN = 200
# Seconds after which the page reloads itself.
RELOAD = 10
HEAD = ("frame", "time", "weight", "FWHM (px)", "stars", "transparency", "rejected", "reason if left out")


def publish(state: LiveState, context: RunContext, name: str) -> dict[str, Path]:
    """Write the products of the current stack; returns them by name."""
    base, stack = state.base, state.stack
    if base is None or stack is None:
        return {}
    outputs, artifacts = context.outputs, context.artifacts
    made = {k: outputs / f"{k}.fits" for k in ("stacked", "variance", "coverage")}
    header = _header(base, state.stacked)
    fits_io.write(made["stacked"], _planes(stack.mean), header)
    fits_io.write(made["variance"], _planes(stack.variance()), header)
    fits_io.write(made["coverage"], _planes(stack.count.astype(np.float32)), header)
    made["preview"], made["preview_tif"] = outputs / "preview.png", outputs / "preview.tif"
    write_preview(made["preview"], made["preview_tif"], _planes(stack.mean), top_down=base.reference.info.top_down)
    facts = _facts(state, base, stack)
    write_json(artifacts / "live.json", {**facts, "reference": base.reference.info.path.name,
                                         "frames": [_plain(f) for f in state.frames]})
    made["report"] = artifacts / "live.html"
    rows = [_row(f) for f in reversed(state.frames[-FRAMES_SHOWN:])]
    write_text(made["report"], page(
        "live.html.j2", asset("report.css"), "", title=_title(name, facts), reload=RELOAD, head=HEAD, rows=rows,
        picture=picture(made["preview"], name, "current stack"), facts=_fact_rows(
            facts, other_filters_note(kept=not context.config.input.filter)),
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"), shown=len(rows), total=len(state.frames)))
    return made


def _planes(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    return channels[0] if len(channels) == 1 else channels


def _header(base: Base, stacked: list[StackedFrame]) -> fits.Header:
    source, header = fits_io.read_header(base.template.layout.path), fits.Header()
    for key in KEPT:
        if key in source:
            header[key] = (source[key], source.comments[key])
    header["STACKCNT"] = (len(stacked), "frames stacked")
    header["LIVETIME"] = (sum(f.exposure for f in stacked), "[s] total exposure")
    if times := sorted(f.time for f in stacked if f.time):
        header["DATE-OBS"] = (times[0], "start of the first frame")
    header["PROGRAM"] = ("orchestrate", "software that wrote this file")
    header["HISTORY"] = "running weighted mean of a live stack"
    return header


def _facts(state: LiveState, base: Base, stack: RunningStack) -> dict[str, Any]:
    stacked = state.stacked
    total = int(stack.count.sum(dtype=np.int64)) + (lost := int(stack.rejected.sum(dtype=np.int64)))
    known = stack.count > 0
    noise = float(np.sqrt(np.median(stack.variance()[known]))) * fits_io.FULL_SCALE if known.any() else float("nan")
    return {"filter": base.session.lights[0].filter, "other_filters": state.others,
            "stacked": len(stacked), "left_out": len(state.left_out),
            "exposure_s": sum(f.exposure for f in stacked), "noise_adu": noise,
            "fwhm_px": float(np.median([f.fwhm for f in stacked])) if stacked else float("nan"),
            "rejected_share": lost / max(total, 1)}


def _title(name: str, facts: dict[str, Any]) -> str:
    return f"{name}: {facts['stacked']} frames" + (f" of {facts['filter']}" if facts["other_filters"] else "")


def _fact_rows(facts: dict[str, Any], note: str) -> list[tuple[str, str]]:
    others = facts["other_filters"]
    filters = [("filter shown", facts["filter"]), (note, f"lights of {filter_counts(others)}")] if others else []
    return [*filters, ("frames in the stack", str(facts["stacked"])), ("left out", str(facts["left_out"])),
            ("exposure", duration(facts["exposure_s"])), ("noise", number(facts["noise_adu"], "ADU")),
            ("FWHM of the frames", number(facts["fwhm_px"], "px")), ("rejected", percent(facts["rejected_share"], 2))]


def _plain(frame: StackedFrame) -> dict[str, Any]:
    return {"file": frame.path, "reason": frame.reason, "weight": frame.weight, "fwhm_px": frame.fwhm, "stars": frame.stars,
            "transparency": frame.transparency, "rejected": frame.rejected, "time": frame.time}


def _row(f: StackedFrame) -> tuple[str, ...]:
    name = Path(f.path).name
    if f.reason:
        return (name, "", "", "", "", "", "", f"its filter is {f.other}, {f.reason}" if f.other else f.reason)
    return (name, f.time[:19].replace("T", " "), number(f.weight), number(f.fwhm), str(f.stars), number(f.transparency),
            percent(f.rejected, 2), "")
