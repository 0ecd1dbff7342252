"""Images and page of a live stack, updated while it grows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.json_files import write_json
from orchestrator.live.mosaic import PanelFiles, Picture, compose
from orchestrator.live.panels import PANELS, Panel, Panels
from orchestrator.live.state import Base, StackedFrame
from orchestrator.message import Message, packed
from orchestrator.report.images import picture
from orchestrator.report.preview import write_preview
from orchestrator.report.render import asset, page
from orchestrator.report.wording import duration, filter_counts, number, other_filters_note, percent
from orchestrator.report.write import write_text
from orchestrator.runtime.context import RunContext
from orchestrator.session.row_order import row_order_card
from orchestrator.stacking.product_header import KEPT

__all__ = ["publish"]

# Number of frames on the page, the most recent ones.
FRAMES_SHOWN = 200
# Seconds after which the page reloads itself.
RELOAD = 10
HEAD = ("frame", "time", "weight", "FWHM (px)", "stars", "transparency", "rejected", "reason if left out")


def publish(panels: Panels, context: RunContext, name: str) -> dict[str, Path]:
    """Write the products of the current stack, or of the mosaic of all panels; returns them by name."""
    begun = panels.begun
    if not begun:
        return {}
    base, outputs, artifacts = begun[0].state.begun_base, context.outputs, context.artifacts
    image = None if len(begun) == 1 else compose(begun, [_panel_files(panels, p, context) for p in begun], context)
    shown = [p for p in begun if image is None or not p.reason]
    if image is None:
        # No other panel shares stars with the first one yet.
        stack, shown = panels.stack_of(begun[0]), begun[:1]
        image = Picture(stack.mean, stack.variance(), stack.count.astype(np.float32))
    made = {k: outputs / f"{k}.fits" for k in ("stacked", "variance", "coverage")}
    header = _header(base, [f for p in shown for f in p.state.stacked])
    fits_io.write(made["stacked"], _planes(image.mean), header)
    fits_io.write(made["variance"], _planes(image.variance), header)
    fits_io.write(made["coverage"], _planes(image.count), header)
    made["preview"], made["preview_tif"] = outputs / "preview.png", outputs / "preview.tif"
    write_preview(made["preview"], made["preview_tif"], _planes(image.mean), top_down=base.reference.info.top_down)
    facts = _facts(panels, base, image)
    write_json(artifacts / "live.json", {**facts, "reference": base.reference.info.path.name,
                                         "top_down": base.reference.info.top_down, "canvas_origin": list(image.origin),
                                         "panels": _panel_rows(begun, image) if len(begun) > 1 else [],
                                         "frames": [_plain(f) for f in panels.frames]})
    made["report"] = artifacts / "live.html"
    frames = sorted(panels.frames, key=lambda f: f.stamp[1], reverse=True) if len(begun) > 1 else list(reversed(panels.frames))
    rows = [_row(f) for f in frames[:FRAMES_SHOWN]]
    table = _fact_rows(facts, other_filters_note(kept=not context.config.input.filter)) + _panel_facts(panels, shown)
    table += [("check", warning) for warning in image.warnings]
    write_text(made["report"], page(
        "live.html.j2", asset("report.css"), "", title=_title(name, facts), reload=RELOAD, head=HEAD, rows=rows,
        picture=picture(made["preview"], name, "current stack"), facts=table,
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"), shown=len(rows), total=len(frames)))
    return made


def _panel_files(panels: Panels, panel: Panel, context: RunContext) -> PanelFiles:
    """The stack of a panel as pictures on disk, which are written if it has changed."""
    folder = context.folder(f"{PANELS}/{panel.number}")
    paths = [folder / f"{name}.fits" for name in ("mean", "variance", "count")]
    if panel.shown != len(panel.state.stacked) or not all(p.is_file() for p in paths):
        stack = panels.stack_of(panel)
        values = (stack.mean, np.nan_to_num(stack.variance()), stack.count.astype(np.float32))
        for path, plane in zip(paths, values, strict=True):
            fits_io.write(path, _planes(plane))
        panel.shown = len(panel.state.stacked)
    return PanelFiles(*(fits_io.image_layout(p) for p in paths))


def _panel_rows(begun: list[Panel], image: Picture) -> list[dict[str, object]]:
    """One row for each panel, for the artifact."""
    known = {row["panel"]: row for row in image.rows}
    return [{"panel": p.number, "frames": len(p.state.stacked), "reference": p.state.begun_base.reference.info.path.name,
             "reason": p.reason, **known.get(p.number, {})} for p in begun]


def _panel_facts(panels: Panels, shown: list[Panel]) -> list[tuple[str, str]]:
    """Rows of the page about panels, and about what is not in the picture."""
    rows = [("panels in the picture", str(len(shown)))] if len(panels.begun) > 1 else []
    rows += [(Message("{label} is not shown",
                      label=p.label), f"{len(p.state.stacked)} frames: {p.reason}") for p in panels.begun if p not in shown]
    if names := panels.names_waiting:
        rows.append(("wait for lights that show the same stars", names))
    return rows


def _planes(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    return channels[0] if len(channels) == 1 else channels


def _header(base: Base, stacked: list[StackedFrame]) -> fits.Header:
    source, header = frame_files.read_header(base.template.layout.path), fits.Header()
    for key in KEPT:
        if key in source:
            header[key] = (source[key], source.comments[key])
    if base.reference.info.reading.flipped:
        row_order_card(header, base.reference.info)
    header["IMAGETYP"] = "Master Light"
    header["BUNIT"] = ("", "relative: 1.0 = 65535 ADU of the reference")
    header["STACKCNT"] = (len(stacked), "frames stacked")
    header["LIVETIME"] = (sum(f.exposure for f in stacked), "[s] total exposure")
    if times := sorted(f.time for f in stacked if f.time):
        header["DATE-OBS"] = (times[0], "start of the first frame")
    header["PROGRAM"] = ("orchestrate", "software that wrote this file")
    header["HISTORY"] = "running weighted mean of a live stack"
    return header


def _facts(panels: Panels, base: Base, image: Picture) -> dict[str, Any]:
    stacked = panels.stacked
    known = image.count > 0
    noise = float(np.sqrt(np.median(image.variance[known]))) * fits_io.FULL_SCALE if known.any() else float("nan")
    return {"filter": base.session.lights[0].filter, "other_filters": panels.others,
            "stacked": len(stacked), "left_out": len(panels.left_out),
            "exposure_s": sum(f.exposure for f in stacked), "noise_adu": noise,
            "fwhm_px": float(np.median([f.fwhm for f in stacked])) if stacked else float("nan"),
            "rejected_share": float(np.mean([f.rejected for f in stacked])) if stacked else 0.0}


def _title(name: str, facts: dict[str, Any]) -> str:
    return f"{name}: {facts['stacked']} frames" + (f" of {facts['filter']}" if facts["other_filters"] else "")


def _fact_rows(facts: dict[str, Any], note: str) -> list[tuple[str, str]]:
    others = facts["other_filters"]
    filters = [("filter shown", facts["filter"]), (note, Message("lights of {others}",
                                                                 others=filter_counts(others)))] if others else []
    return [*filters, ("frames in the stack", str(facts["stacked"])), ("left out", str(facts["left_out"])),
            ("exposure", duration(facts["exposure_s"])), ("noise", number(facts["noise_adu"], "ADU")),
            ("FWHM of the frames", number(facts["fwhm_px"], "px")), ("rejected", percent(facts["rejected_share"], 2))]


def _plain(frame: StackedFrame) -> dict[str, Any]:
    return {"file": frame.path, "reason": frame.reason, "reason_text": packed(frame.reason),
            "weight": frame.weight, "fwhm_px": frame.fwhm, "stars": frame.stars,
            "transparency": frame.transparency, "rejected": frame.rejected, "time": frame.time}


def _row(f: StackedFrame) -> tuple[str, ...]:
    name = Path(f.path).name
    if f.reason:
        return (name, "", "", "", "", "", "", Message("its filter is {other}, {reason}", other=f.other,
                                                      reason=f.reason) if f.other else f.reason)
    return (name, f.time[:19].replace("T", " "), number(f.weight), number(f.fwhm), str(f.stars), number(f.transparency),
            percent(f.rejected, 2), "")
