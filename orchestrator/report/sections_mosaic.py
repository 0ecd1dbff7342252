"""Section on a mosaic: footprints of the frames, panels, master tiles."""

from __future__ import annotations

from typing import Any

from orchestrator.report.model import Fact, Figure, Section, Table
from orchestrator.report.mosaic_maps import panel_colour
from orchestrator.report.sections_frames import Source
from orchestrator.report.wording import duration, finite, median, number, percent

__all__ = ["mosaic_section"]

TITLE = "Mosaic"


def mosaic_section(source: Source) -> tuple[Section, ...]:
    """The section, or none without a mosaic."""
    found = source.files.json("mosaic")
    frames = [f for f in found.get("frames") or [] if isinstance(f, dict)]
    if not frames:
        return ()
    position = {row.path: k for k, row in enumerate(source.rows)}
    panels: dict[int, list[int]] = {}
    for frame in frames:
        if (row := position.get(str(frame.get("file")))) is not None:
            panels.setdefault(int(frame.get("panel", 0)), []).append(row)
    fields = [number(v) for v in found.get("fields") or []]
    facts = (Fact("Panels", str(len(panels))), Fact("Size", " × ".join(fields) or "–", "in frames"),
             Fact("Depth", number(found.get("depth")), "frames at a typical place"))
    alt = f"The outlines of {len(frames)} frames in {len(panels)} panels on the canvas."
    return (Section("mosaic", TITLE, "Which part of the sky each frame shows, and how the panels compare.", facts=facts,
                    figures=(_footprints(source, found, frames, position, alt),),
                    tables=(_panels(source, panels), *_between_panels(source), *_tiles(source))),)


def _footprints(source: Source, found: dict[str, Any], frames: list[dict[str, Any]], position: dict[str, int],
                alt: str) -> Figure:
    place = {row: k for k, row in enumerate(source.shown)}
    shapes = []
    for frame in frames:
        row = position.get(str(frame.get("file")))
        if row in place:
            red, green, blue = panel_colour(int(frame["panel"]))
            shapes.append({"frame": place[row], "panel": frame["panel"], "xy": frame["outline"],
                           "colour": f"rgb({red}, {green}, {blue})"})
    return Figure("footprints", "Footprints", alt, {"shapes": shapes, "shape": found.get("canvas_shape"),
                                                    "top_down": source.top_down, "unit": "px"},
                  "One colour for each panel. Click a frame to select it.")


def _check(source: Source, name: str) -> dict[str, Any]:
    """What a check measured beside its result; empty if it was not made."""
    found = source.files.json("checks").get("checks") or []
    return next((c.get("details") or {} for c in found if isinstance(c, dict) and c.get("name") == name), {})


def _between_panels(source: Source) -> tuple[Table, ...]:
    """How well the panels agree where they overlap, from stars and sky that their adjustment did not use."""
    geometry = _check(source, "geometry")
    if finite(geometry.get("cross_panel_px")) is None:
        return ()
    steps = (finite(s.get("step")) for s in _check(source, "sky_surface").get("largest") or [])
    largest = max((abs(v) for v in steps if v is not None), default=None)
    rows = (("Largest distance between the places of a star in two panels", number(geometry["cross_panel_px"], "px")),
            ("Largest closure of a loop of panels", number(geometry.get("loop_px"), "px")),
            ("Median distance of stars left out of the adjustment of all frames", number(geometry.get("held_out_px"), "px")),
            ("Largest step of the sky along a border of a frame", number(largest, "of the noise of a pixel")))
    return (Table("Where panels overlap", ("measured", "value"), rows),)


def _brightness(scale: dict[str, Any], first: str) -> tuple[str, ...]:
    """The brightness of stars that the scaling left out against the other panels, for each channel, of the panel that begins with
    the frame ``first``: a relative difference in per cent and its standard error."""
    row = next((r for r in scale.get("held_out") or [] if isinstance(r, dict) and r.get("first") == first), {})
    pairs = [(finite((row.get("residual") or {c: None})[c]), finite((row.get("error") or {c: None})[c]))
             for c in range(len(scale.get("channels") or []))]
    return tuple("–" if a is None or b is None else f"{100 * a:+.2f} ± {100 * b:.2f} %" for a, b in pairs)


def _panels(source: Source, panels: dict[int, list[int]]) -> Table:
    errors = {int(p.get("panel", k)): p for k, p in enumerate(source.files.json("normalization").get("panels") or [], 1)
              if isinstance(p, dict)}
    scale = _check(source, "scale")
    channels = scale.get("channels") or [] if len(scale.get("held_out") or []) > 1 else []
    rows = []
    for panel in sorted(panels):
        members = [source.rows[k] for k in panels[panel]]
        known = [e for v in [(errors.get(panel) or {}).get("scale_error")] for e in (v if isinstance(v, list) else [v])]
        worst = max((e for v in known if (e := finite(v)) is not None), default=None)
        rows.append((str(panel), str(len(members)), members[0].file, duration(sum(r.exposure or 0 for r in members)),
                     number(median(r.fwhm for r in members)),
                     number(median(v for r in members for v in (r.noise or []))),
                     number(median(v for r in members for v in (r.background or []))), percent(worst),
                     *(_brightness(scale, members[0].file) if channels else ())))
    head = ("panel", "frames", "first frame", "exposure", "FWHM (px)", "noise (ADU)", "sky (ADU)", "error of its scale",
            *(f"stars left out, {c}" for c in channels))
    note = "Medians over the frames of each panel."
    if channels:
        note += " Stars left out: brightness of stars that the scaling did not use, against the other panels."
    return Table("Panels", head, tuple(rows), note)


def _tiles(source: Source) -> tuple[Table, ...]:
    found = [t for t in source.files.json("master_tiles").get("tiles") or [] if isinstance(t, dict) and t.get("file")]
    sizes = [" × ".join(str(n) for n in (t.get("shape") or [])[::-1]) for t in found]
    rows = tuple((str(t["file"]), str(t.get("panel")), str(t.get("frames")), size, number(t.get("noise_adu"), "ADU"),
                  percent(t.get("weight"))) for t, size in zip(found, sizes, strict=True))
    head = ("file", "panel", "frames", "size (px)", "noise", "share of the weight")
    return (Table("Master tiles", head, rows),) if rows else ()
