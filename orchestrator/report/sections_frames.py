"""Sections with measurements of the frames, one point per frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestrator.report.files import NOT_REACHED, RunFiles
from orchestrator.report.images import thumbnail_uri
from orchestrator.report.model import Fact, Figure, FrameRow, Picture, Section, Table
from orchestrator.report.wording import finite, finite_values, mean, median, number, percent, span

__all__ = ["Source", "clusters", "metrics", "normalization", "registration", "spread", "stars"]

# Quantities of the correlations: field of a frame, label, unit.
COMPARED = (("fwhm", "FWHM", "px"), ("wfwhm", "wFWHM", "px"), ("roundness", "roundness", ""), ("stars", "stars", ""),
            ("background", "background", "ADU"), ("noise", "noise", "ADU"), ("transparency", "transparency", ""),
            ("weight", "weight", ""))

# Bars of the histogram of many frames.
BARS = 30


@dataclass(frozen=True)
class Source:
    """Input of the sections; ``aspect`` is width over height of the canvas, ``shown`` the positions of the rows in figures."""

    files: RunFiles
    rows: list[FrameRow]
    channels: tuple[str, ...]
    top_down: bool
    aspect: float = 1.0
    shown: tuple[int, ...] = ()

    @property
    def mapped(self) -> list[int]:
        """The numbers, among the frames that were measured, of those shown."""
        return [k for i in self.shown if (k := self.rows[i].used_index) is not None]

    @property
    def used(self) -> list[FrameRow]:
        return [r for r in self.rows if r.registered]

    def absent(self, phase: str) -> str:
        """The reason why there is nothing to show for a phase."""
        found = self.files.phase(phase)
        if found["status"] == NOT_REACHED:
            return f"The run ended before {phase}."
        why = found["summary"].get("why")
        return f"{phase} {found['status']}{': ' + str(why) if why else ''}."


def values(rows: Sequence[FrameRow], field: str) -> list[float | None]:
    """One number per frame: the mean over the channels if there are several."""
    return [mean(getattr(r, field)) for r in rows]


def spread(label: str, known: Iterable[float | None], unit: str = "", note: str = "") -> Fact:
    """The median and the range of a measured quantity."""
    found = finite_values(known)
    if not len(found):
        return Fact(label, "not measured")
    between = f"{number(float(found.min()))} to {number(float(found.max()), unit)}"
    return Fact(label, number(median(found), unit), f"{between}{'; ' + note if note else ''}")


def series(source: Source, title: str, fields: Sequence[tuple[str, str]], unit: str = "", note: str = "") -> Figure:
    """Values over frames; a field with several channels becomes one line per channel."""
    first = values(source.used, fields[0][0])
    return Figure("series", title, f"{title} of {len(source.used)} frames: {span(first, unit)}.",
                  {"fields": [{"field": f, "label": label} for f, label in fields], "unit": unit}, note)


def histogram(source: Source, title: str, field: str, unit: str = "") -> Figure:
    bars = {} if len(source.shown) == len(source.rows) else _bars(values([r for r in source.rows if r.kept], field))
    return Figure("histogram", title, f"Distribution of {title}: {span(values(source.used, field), unit)}.",
                  {"field": field, "label": title, "unit": unit, **bars})


def _bars(known: Sequence[float | None]) -> dict[str, Any]:
    """The bars of a histogram of all frames in the stack, for a page that shows some of them."""
    counts, edges = np.histogram([v for v in known if v is not None], BARS)
    return {"counts": counts.tolist(), "low": float(edges[0]), "high": float(edges[-1])}


def normalization(source: Source) -> Section:
    content = source.files.json("normalization")
    if not content:
        return Section("normalization", "Sky background and transparency", missing=source.absent("NORMALIZATION"))
    transparency = values(source.used, "transparency")
    known = [t for t in transparency if t is not None]
    drop = f" The haziest frame has {percent(min(known) / max(known))} of the transparency of the clearest." if known else ""
    return Section(
        "normalization", "Sky background and transparency",
        f"Each frame is scaled to the reference frame ({content.get('mode')}), and its sky background is subtracted with a "
        f"surface of order {content.get('order')}.{_panels(content)}{drop}",
        facts=(spread("Transparency", transparency, "", "star light relative to the reference"),
               spread("Sky background", values(source.used, "background"), "ADU")),
        figures=(series(source, "Background", [("background", "background")], "ADU", "Raised by moonlight, twilight and clouds."),
                 series(source, "Transparency", [("transparency", "transparency")], "",
                        "1 is the reference; lowered by haze and low altitude.")))


def _panels(content: dict[str, Any]) -> str:
    """Accuracy of the relative scales of the panels of a mosaic."""
    errors = [max(e for e in p["scale_error"]) for p in content.get("panels", ()) if None not in p["scale_error"]]
    panels = len(content.get("panels", ()))
    if panels < 2 or not errors:
        return ""
    apart = "" if len(errors) == panels else f"; {panels - len(errors)} of them have no overlap with the others"
    return f" The {panels} panels are scaled by stars in their overlaps, with an accuracy of {percent(max(errors))}{apart}."


def metrics(source: Source) -> Section:
    if not source.files.json("global_metrics"):
        return Section("metrics", "Frame quality and weights", missing=source.absent("GLOBAL_METRICS"))
    mode = source.files.phase("LOCAL_METRICS")["summary"].get("weights")
    weights = [w for w in values(source.used, "weight") if w is not None]
    facts: tuple[Fact, ...] = (spread("Noise of a frame", values(source.used, "noise"), "ADU"),)
    figures = [series(source, "Noise", [("noise", "noise")], "ADU"),
               series(source, "Quality score Q", [("quality", "Q")], "",
                      "From sky background, noise and structure; used by weights.mode quality only."),
               series(source, "Gradient energy", [("gradient", "energy")], "",
                      "Structure above the noise; larger for sharp frames.")]
    lead = "Measurements of whole frames."
    if weights:
        top = sorted(weights, reverse=True)[: max(len(weights) // 4, 1)]
        lead += (f" The weights use the mode “{mode}”; the best quarter of the frames has "
                 f"{percent(sum(top) / sum(weights), 0)} of the total weight.")
        facts += (Fact("Weight", f"{number(min(weights))} to {number(max(weights))}", "1 is the mean of the frames used"),)
        figures = [series(source, "Weight", [("weight", "weight")], "",
                          "Mean over tiles and channels; 1 is the mean of the frames used."),
                   histogram(source, "Weight", "weight"), *figures]
    return Section("metrics", "Frame quality and weights", lead, facts=facts,
                   figures=(*figures, histogram(source, "Noise", "noise", "ADU")))


def stars(source: Source) -> Section:
    if not any(r.fwhm is not None for r in source.rows):
        return Section("stars", "Stars", missing=source.absent("REGISTRATION"))
    figures = [series(source, "FWHM and wFWHM", [("fwhm", "FWHM"), ("wfwhm", "wFWHM")], "px", "wFWHM is FWHM over roundness."),
               histogram(source, "FWHM", "fwhm", "px"),
               series(source, "Roundness", [("roundness", "roundness")], "", "1 is round."),
               series(source, "Stars found", [("stars", "stars")])]
    figures.append(Figure("scatter", "Scatter plot", "A scatter plot of two selectable quantities.",
                          {"choices": [{"field": f, "label": f"{label} ({unit})" if unit else label}
                                       for f, label, unit in COMPARED],
                           "x": "fwhm", "y": "weight"}))
    return Section("stars", "Stars", "FWHM, roundness and number of the stars.",
                   facts=(spread("FWHM", values(source.used, "fwhm"), "px"),
                          spread("Roundness", values(source.used, "roundness")),
                          spread("Stars in a frame", values(source.used, "stars"))),
                   figures=tuple(figures), tables=_correlations(source))


def _correlations(source: Source) -> tuple[Table, ...]:
    """Spearman's rank correlations of the measurements, which do not depend on the shape of the relation."""
    columns = {label: values(source.used, field) for field, label, _ in COMPARED}
    columns = {k: v for k, v in columns.items() if len(v) >= 4 and None not in v and len(set(v)) > 1}
    if len(columns) < 2:
        return ()
    ranks = np.array([_ranks(np.array(v, np.float64)) for v in columns.values()])
    found = np.corrcoef(ranks)
    rows = tuple((name, *(f"{r:+.2f}" for r in line)) for name, line in zip(columns, found, strict=True))
    return (Table("Correlations", ("quantity", *columns), rows,
                  "Rank correlation over the frames: +1 same order, −1 opposite order, 0 unrelated."),)


def _ranks(column: np.ndarray) -> np.ndarray:
    """Ranks from 0, the mean of their ranks for equal values."""
    _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts + 1) / 2)[inverse])


def registration(source: Source) -> Section:
    content = source.files.json("registration")
    if not content:
        return Section("registration", "Registration", missing=source.absent("REGISTRATION"))
    residual, matched = values(source.used, "residual"), values(source.used, "matched")
    turned = [r for r in values(source.used, "rotation") if r is not None]
    places = [(r.dx, r.dy) for r in source.used if r.dx is not None and r.dy is not None]
    reach = max((abs(v) for p in places for v in p), default=0.0)
    figures = (
        Figure("drift", "Drift of the field", f"Shift of each frame relative to the reference: up to {number(reach, 'px')}.",
               {"x": "dx", "y": "dy", "unit": "px"},
               "In order of time; dithering appears as jumps, poor polar alignment as a line."),
        series(source, "Rotation", [("rotation", "rotation")], "°", "Relative to the reference; a meridian flip is 180°."),
        series(source, "Residual", [("residual", "residual")], "px", "Distance of stars from their predicted positions."),
        series(source, "Matched stars", [("matched", "stars")]))
    left = [r for r in source.rows if not r.kept and r.fwhm is not None]
    return Section(
        "registration", "Registration",
        f"Registered by the {content.get('engine')} engine to {content.get('reference')}."
        + (f" {len(left)} frames were measured but could not be registered." if left else ""),
        facts=(spread("Residual", residual, "px"), spread("Matched stars", matched),
               Fact("Rotation", f"{number(min(turned), '°')} to {number(max(turned), '°')}" if turned else "–"),
               Fact("Drift", f"up to {number(reach, 'px')}")), figures=figures)


def clusters(source: Source) -> Section:
    content = source.files.json("state_clustering")
    if not content:
        return Section("clusters", "Clusters", missing=source.absent("STATE_CLUSTERING"))
    labels = content.get("labels", [])
    rows = []
    for label in sorted({int(k) for k in labels}):
        members = [r for r in source.used if r.cluster == label]
        rows.append((f"Cluster {label + 1}", str(len(members)), *(number(_middle(members, f)) for f in
                    ("fwhm", "background", "noise", "transparency", "weight"))))
    synthetic = source.files.phase("SYNTHETIC_FRAMES")
    made = synthetic["summary"].get("synthetic_frames")
    lead = "Groups of frames with similar quality, sky background and noise. " + (
        f"Each of the {made} clusters has a synthetic frame." if made else f"Synthetic frames: {synthetic['status']}.")
    return Section("clusters", "Clusters", lead,
                   facts=(Fact("Clusters", number(content.get("clusters"))),
                          Fact("Silhouette", number(content.get("silhouette")), "1: well separated, 0: not separated"),
                          Fact("Stability", number(content.get("stability")),
                               "fraction of pairs that stay together with other seeds")),
                   figures=(series(source, "Cluster of each frame", [("cluster", "cluster")]),), pictures=_synthetic(source),
                   tables=(Table("Clusters", ("cluster", "frames", "FWHM (px)", "background (ADU)", "noise (ADU)", "transparency",
                                              "weight"), tuple(rows), "Medians over the frames of the cluster."),))


def _synthetic(source: Source) -> tuple[Picture, ...]:
    """The synthetic frames, each stretched around its own sky background."""
    found = source.files.array("synthetic_frames", 3)
    if found is None or str(found.dtype) != "uint8":
        return ()
    return tuple(Picture(f"Cluster {k + 1}", f"Synthetic frame of cluster {k + 1}", thumbnail_uri(p, source.top_down),
                         p.shape[1], p.shape[0]) for k, p in enumerate(found) if p.any())


def _middle(rows: list[FrameRow], field: str) -> float | None:
    known = [v for v in values(rows, field) if finite(v) is not None]
    return float(np.median(np.array(known, np.float64))) if known else None
