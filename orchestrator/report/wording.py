"""Labels and number formats: the only place where the figures of a run become text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import ExcludedFrame
from orchestrator.rundir.statistics import ChannelBackground, ColourSource, FilterStatistics, MountReason, RunStatistics
from tilecore.detect.frame_conditions import ELONGATED
from tilecore.sky.proved_sky import Doubt

__all__ = ["ROWS", "SKY_DOUBTS", "Row", "background_text", "blocked_warning", "colour_source", "colours_text", "coordinates",
           "duration", "exclusion", "filter_counts", "finite", "finite_values", "label", "live_blocked_warning", "mean", "median",
           "mosaic_text", "mount_of", "mount_text", "number", "other_filters_note", "percent", "place", "span", "statistics_rows",
           "tiles_text", "used_of_found"]

# Files that a warning lists.
MOST_LISTED = 6

MOUNT_REASONS: dict[MountReason | None, str] = {
    "setting": "set by registration.mount", "span": "from the span alone, without times", "slow": "hardly at all",
    "unsteady": "not steadily, so caused by noise or by hand", "steady": "steadily",
    "no_transforms": "the transforms are not known", None: "–"}
COLOUR_SOURCES: dict[ColourSource, str] = {
    "stars": "the stars' mean colour", "catalog": "a star catalog", "siril_pcc": "Siril's pcc", "siril_spcc": "Siril's spcc",
    "siril_spcc_black_bodies": "Siril's spcc with black bodies for spectra"}

# Why the model of a background was not subtracted.
SKY_DOUBTS: dict[Doubt, str] = {
    "structure": "what it would leave has structure like an object that fills the field",
    "hump": "it is brightest inside the field, like an object or missing flats, not towards one side as a gradient",
    "amplitude": "its range is larger than the sky level itself",
    "little_sky": "most of the picture is covered by objects, and a curved model would be extrapolated over them",
    "behind_objects": "behind a large object the sky is not known well enough to keep 98 % of the light of the object"}


def finite(value: Any) -> float | None:
    """A finite float, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def number(value: Any, unit: str = "", digits: int = 3, *, pad: bool = True) -> str:
    """A number with ``digits`` significant digits and its unit; an en dash if it is not known. ``pad``: keep zeros at the end."""
    known = finite(value)
    if known is None:
        return "–"
    if known == int(known) and abs(known) < 1e6:
        text = f"{int(known)}"
    elif 1e-3 <= abs(known) < 1e6:
        decimals = max(digits - 1 - math.floor(math.log10(abs(known))), 0)
        text = f"{known:.{decimals}f}"
        if decimals and not pad:
            text = text.rstrip("0").rstrip(".")
    else:
        text = f"{known:.{digits - 1}e}"
    return f"{text}{unit}" if unit[:1] in "°″" else f"{text} {unit}"


def percent(value: Any, digits: int = 1) -> str:
    """A fraction of 1 in percent."""
    known = finite(value)
    return "–" if known is None else f"{100 * known:.{digits}f} %"


def duration(seconds: Any) -> str:
    """Seconds as 3.2 s, 4 min 05 s or 2 h 07 min."""
    known = finite(seconds)
    if known is None:
        return "–"
    if known < 60:
        return f"{known:.0f} s" if known == int(known) else f"{known:.1f} s"
    minutes, rest = divmod(round(known), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def memory_text(s: RunStatistics) -> str:
    """The largest memory of the process, its parts, when it was, and the budget."""
    mapped = s.memory_peak_mapped_mib
    parts = f" ({s.memory_peak_mib - mapped} anonymous, {mapped} mapped files)" if s.memory_peak_mib and mapped else ""
    budget = f"; the budget is {s.memory_budget_mib} MiB" if s.memory_budget_mib else ""
    return f"{s.memory_peak_mib} MiB{parts} in {s.memory_peak_phase}{budget}"


def finite_values(values: Iterable[Any]) -> NDArray[np.float64]:
    """The finite numbers among ``values``, an array or any others, in order."""
    if isinstance(values, np.ndarray):
        numbers = values.astype(np.float64).ravel()
        return np.asarray(numbers[np.isfinite(numbers)])
    return np.array([v for v in map(finite, values) if v is not None], np.float64)


def median(values: Iterable[Any]) -> float | None:
    known = finite_values(values)
    return float(np.median(known)) if len(known) else None


def mean(values: Any) -> float | None:
    """Mean of a list with one value a channel."""
    known = [v for v in map(finite, values if isinstance(values, list) else [values]) if v is not None]
    return sum(known) / len(known) if known else None


def span(values: Iterable[Any], unit: str = "") -> str:
    """Median and range as a phrase."""
    known = finite_values(values)
    if not len(known):
        return "not measured"
    return f"median {number(median(known), unit)}, from {number(float(known.min()))} to {number(float(known.max()), unit)}"


def used_of_found(used: int | None, found: int | None) -> str:
    """Such as "7 of 8"; an en dash for what is not known."""
    return "–" if found is None else f"{'–' if used is None else used} of {found}"


def mosaic_text(fields_x: float, fields_y: float, frames_deep: float) -> str:
    """Size and depth of a mosaic of fields."""
    return f"mosaic of about {fields_x:.2g} x {fields_y:.2g} fields, {frames_deep:.0f} frames deep"


def mount_of(s: RunStatistics) -> str:
    """The rotation of the field and the kind of mount, "" if they are not known."""
    return "" if s.mount is None else mount_text(s.mount, _float(s.field_rotation_deg), s.field_rotation_deg_per_hour,
                                                 s.mount_reason, _float(s.sittings_apart_deg or 0.0))


def mount_text(mount: str, rotation_deg: float, deg_per_hour: float | None, reason: MountReason | None,
               apart_deg: float = 0.0) -> str:
    """The rotation of the field in a sitting, the kind of mount ("alt_az" or "equatorial") that causes it, and the largest angle
    between sittings."""
    rate = "" if deg_per_hour is None else f", {deg_per_hour:.1f} deg/h"
    article = "an alt-az" if mount == "alt_az" else "an equatorial"
    apart = f"; nights, telescopes or camera positions turned by up to {apart_deg:.1f} deg" if apart_deg > 0 else ""
    return f"the field turns by {rotation_deg:.2f} deg{rate}, as on {article} mount: {MOUNT_REASONS[reason]}{apart}"


def cut_text(s: RunStatistics) -> str:
    """What of the reference's field is not on the canvas, and how to keep it."""
    return "" if s.reference_cut_share is None else (
        f"{percent(s.reference_cut_share, 0)} of the field of the reference is outside the stack "
        "(canvas.extent: reference keeps all of it)")


def tiles_text(s: RunStatistics) -> str:
    """Number and size of the tiles, "" if they are not known."""
    return "" if s.tile_rows is None else f"{s.tile_rows} x {s.tile_columns} of {s.tile_size_px} px"


def background_text(method: str, channels: Mapping[str, ChannelBackground]) -> str:
    """What background removal did to each channel."""
    return f"{method}: " + ", ".join(
        f"{name} as it was" if c.removed_adu is None else
        f"{name} {c.removed_adu:.3g} ADU removed{' (only a plane)' if c.doubt else ''}, "
        f"sky rms {_float(c.rms_before_adu):.3g} -> {_float(c.rms_after_adu):.3g} ADU"
        for name, c in channels.items())


def colour_source(report: Mapping[str, Any]) -> str:
    """The source of the colours in a report of colour calibration (pcc.json): the name of the catalog if there is one."""
    source = report.get("source")
    return str(report.get("catalog_name") or (COLOUR_SOURCES.get(source, source) if source else report.get("method", "–")))


def colours_text(report: Mapping[str, Any]) -> str:
    """The result of a colour calibration, from its report (pcc.json)."""
    gains = " ".join(f"{gain:.3f}" for gain in report["gains"])
    scatter = f", scatter {' '.join(f'{v:.3f}' for v in report['scatter_mag'])} mag" if report.get("scatter_mag") else ""
    known = ""
    if errors := report.get("gain_errors"):
        red, blue = (f"{100 * e / g:.1f} %" for e, g in zip(errors, report["gains"][::2], strict=True))
        known = f" (red known to {red}, blue to {blue})"
    why = (report.get("catalog_declined") or {}).get("reason")
    return (f"{colour_source(report)}: gains {gains}{known} from {report['stars_used']} stars{scatter}"
            + (f"; not from the catalog: {why}" if why else ""))


def coordinates(ra_deg: float, dec_deg: float) -> str:
    """Right ascension in hours and declination in degrees, sexagesimal."""
    tenths = round(ra_deg % 360 / 15 * 36000) % (24 * 36000)
    angle = round(abs(dec_deg) * 36000)
    return (f"{tenths // 36000:02d}:{tenths // 600 % 60:02d}:{tenths % 600 / 10:04.1f} "
            f"{'-' if dec_deg < 0 else '+'}{angle // 36000:02d}:{angle // 600 % 60:02d}:{angle % 600 / 10:04.1f}")


def exclusion(entry: ExcludedFrame) -> str:
    """Such as "light_7.fits at x 10..20, y 30..40"; the last pixels are included."""
    return f"{entry.frame} {place(entry)}"


def place(entry: ExcludedFrame) -> str:
    """Such as "at x 10..20, y 30..40", or "everywhere"."""
    if entry.box is None:
        return "everywhere"
    x0, y0, x1, y1 = entry.box
    return f"at x {x0}..{x1 - 1}, y {y0}..{y1 - 1}"


def blocked_warning(parts: Sequence[tuple[str, tuple[int, int, int, int]]], frames: int) -> str:
    """The warning of files of which a part shows no stars; the boxes are in pixels of the stack, the ends not included."""
    places = [f"{file} (x {x0}..{x1 - 1}, y {y0}..{y1 - 1})" for file, (x0, y0, x1, y1) in parts[:MOST_LISTED]]
    more = f" and {len(parts) - MOST_LISTED} more (artifacts/star_evidence.json)" if len(parts) > MOST_LISTED else ""
    return (f"{len(parts)} of {frames} frames lack stars in a part of the stack where other frames show them (a roof, a tree, an "
            f"opaque cloud, or damaged rows of the file). They have no weight there: {', '.join(places)}{more}.")


def live_blocked_warning(parts: Sequence[tuple[str, float]]) -> str:
    """The warning of the first lights of a live stack of which a part shows no stars: file and share of the stack."""
    files = ", ".join(f"{file} ({100 * share:.0f} % of the stack)" for file, share in parts)
    return (f"Lights lack stars in a part of the stack where other lights show them (a roof, a tree, an opaque cloud, or damaged "
            f"rows of the file), and have no weight there: {files}. Further ones are in the log only.")


def filter_counts(others: Mapping[str, int]) -> str:
    """Filters that are not shown, with their numbers of lights."""
    return ", ".join(f"{name} ({count})" for name, count in others.items())


def other_filters_note(*, kept: bool) -> str:
    """Why a live stack does not show lights of other filters."""
    return "kept for the full run" if kept else "left out by input.filter"


@dataclass(frozen=True)
class Row:
    """How one or more ``fields`` of :class:`RunStatistics` are shown. ``name`` is the label; ``rows`` gives (label, text) pairs,
    none if there is nothing to show."""

    fields: tuple[str, ...]
    name: str
    rows: Callable[[RunStatistics], list[tuple[str, str]]]


def label(field: str) -> str:
    """The name under which a field of :class:`RunStatistics` is shown."""
    return next(row.name for row in ROWS if field in row.fields)


def statistics_rows(statistics: RunStatistics) -> list[tuple[str, str]]:
    """(label, text) of everything that is known."""
    return [pair for row in ROWS for pair in row.rows(statistics)]


def _value(field: str, name: str, show: Callable[[Any], str] = str, *, hide_zero: bool = False) -> Row:
    """A field that has a row of its own. ``hide_zero``: 0 is not worth a row."""
    def rows(s: RunStatistics) -> list[tuple[str, str]]:
        value = getattr(s, field)
        return [] if value is None or (hide_zero and value == 0) else [(name, show(value))]

    return Row((field,), name, rows)


def _figure(field: str, name: str, unit: str = "", digits: int = 4) -> Row:
    """A number with its unit."""
    return _value(field, name, lambda value: number(value, unit, digits, pad=False).rstrip())


def _sentence(fields: tuple[str, ...], name: str, text: Callable[[RunStatistics], str]) -> Row:
    """Fields that share a row, which is shown if the first of them is known and not 0."""
    return Row(fields, name, lambda s: [(name, text(s))] if getattr(s, fields[0]) else [])


def _float(value: float | None) -> float:
    return math.nan if value is None else value


def _all_frames(s: RunStatistics) -> str:
    return "–" if s.frames_used is None else str(s.frames_used)


def _haze(s: RunStatistics) -> str:
    return f"in {s.hazy_frames} of {_all_frames(s)} frames, up to {_float(s.haze_max_mag):.2f} mag, corrected star by star"


def _roundness(s: RunStatistics) -> str:
    value = _float(s.roundness)
    return f"{value:.2f}" + (": elongated by tracking, tilt or focus" if value < ELONGATED else "")


def _colours(s: RunStatistics) -> str:
    return colours_text({"source": s.colour_source, "catalog_name": s.colour_catalog, "gains": s.colour_gains,
                         "stars_used": s.colour_stars, "scatter_mag": s.colour_scatter_mag,
                         "gain_errors": s.colour_gain_errors, "catalog_declined": {"reason": s.colour_catalog_declined}})


def _information(s: RunStatistics) -> str:
    equivalent = f" (equivalent to {_float(s.equivalent_frames):.1f} perfect frames of {_all_frames(s)})"
    return f"{_float(s.information_kept):.3f}" + equivalent * (s.equivalent_frames is not None)


def _files_found(s: RunStatistics) -> list[tuple[str, str]]:
    return [(f"{kind} frames", str(count)) for kind, count in s.files_found.items()]


def _channels(s: RunStatistics) -> list[tuple[str, str]]:
    return [(name, _filter(f)) for name, f in (s.fields | s.filters).items()]


def _filter(f: FilterStatistics) -> str:
    if f.problem:
        return f"{f.status}: {f.problem}"
    if f.files_found:
        return ", ".join(f"{count} {kind} frames" for kind, count in f.files_found.items())
    parts = [f"{used_of_found(f.frames_used, f.lights_found)} frames"]
    parts += [f"FWHM {f.fwhm_px:.2f} px"] if f.fwhm_px else []
    parts += [f"noise {f.noise_adu:.1f} ADU"] if f.noise_adu else []
    return ", ".join(parts)


def _other_filters(s: RunStatistics) -> list[tuple[str, str]]:
    note = other_filters_note(kept=bool(s.other_filters_kept))
    return [(note, f"lights of {filter_counts(s.other_filters)}")] if s.other_filters else []


# The rows of every summary, in their order. Each field of RunStatistics is in one of them; rows without fields show more of one.
ROWS: tuple[Row, ...] = (
    _sentence(("fields",), "fields", lambda s: ", ".join(s.fields)),
    _sentence(("filters",), "filters", lambda s: ", ".join(f.filter for f in s.filters.values())),
    _value("combined_as", "combined as"),
    _sentence(("not_combined_because",), "combined as", lambda s: f"nothing: {s.not_combined_because}"),
    Row(("files_found",), "files found", _files_found),
    _value("files_excluded", "files not used"),
    _value("nights", "nights"),
    _value("lights_found", "lights found"),
    _value("layout", "layout"),
    _value("device", "device"),
    _value("exposure_s", "exposure of the lights", duration),
    _value("engine", "engine"),
    _value("frames_used", "frames used"),
    Row(("frames_stacked",), "frames stacked", lambda s: [] if s.frames_stacked in (None, s.frames_used) else
        [("frames stacked", str(s.frames_stacked))]),
    _value("frames_left_out", "frames left out"),
    _value("frames_added", "frames added to the earlier stack", hide_zero=True),
    _value("frames_deselected", "left out by the selection", hide_zero=True),
    _value("filter_shown", "filter shown"),
    Row(("other_filters", "other_filters_kept"), "other filters", _other_filters),
    _value("frames_waiting", "frames waiting", hide_zero=True),
    _value("reference", "reference"),
    Row((), "channels of a combination", _channels),
    _sentence(("excluded",), "left out by hand", lambda s: "; ".join(map(exclusion, s.excluded))),
    _figure("registration_residual_px", "registration residual", "px"),
    _figure("registration_held_out_px", "registration, stars left out", "px"),
    _figure("lens_displacement_px", "distortion of the lens at the corners", "px"),
    _value("anchors", "plate-solved lights that place the frames on the sky"),
    _sentence(("mosaic_fields_x", "mosaic_fields_y", "mosaic_frames_deep"), "mosaic", lambda s: mosaic_text(
        _float(s.mosaic_fields_x), _float(s.mosaic_fields_y), _float(s.mosaic_frames_deep))),
    _sentence(("mount", "mount_reason", "field_rotation_deg", "field_rotation_deg_per_hour", "sittings_apart_deg"), "mount",
              mount_of),
    _sentence(("reference_cut_share",), "cropped", cut_text),
    _sentence(("channels",), "channels", lambda s: "/".join(s.channels)),
    _sentence(("transparency_min", "transparency_max"), "transparency",
              lambda s: f"{_float(s.transparency_min):.3f} to {_float(s.transparency_max):.3f} of the reference"),
    _sentence(("clouded_frames",), "patchy sky",
              lambda s: f"in {s.clouded_frames} of {_all_frames(s)} frames, corrected patch by patch"),
    _sentence(("hazy_frames", "haze_max_mag"), "patchy haze", _haze),
    _sentence(("clipped_stars",), "clipped stars",
              lambda s: f"{s.clipped_stars}, their cores are clipped in every frame"),
    _sentence(("blocked_frames",), "parts without stars",
              lambda s: f"in {s.blocked_frames} of {_all_frames(s)} frames, left out there"),
    _sentence(("scale_residual", "scale_residual_error"), "scale, on stars left out", lambda s: (
        f"off by {100 * _float(s.scale_residual):+.2g} ± {100 * _float(s.scale_residual_error):.2g} % where it is clearest")),
    _sentence(("panel_scale_error",), "scale of the panels", lambda s: f"known to {100 * _float(s.panel_scale_error):.2g} %"),
    _sentence(("conditions",), "conditions",
              lambda s: ", ".join(f"{name} in {count} frames" for name, count in s.conditions.items())),
    _sentence(("roundness",), "roundness of the stars", _roundness),
    _sentence(("tile_rows", "tile_columns", "tile_size_px"), "tiles", tiles_text),
    _value("weights_mode", "weights"),
    _sentence(("effective_frames_min", "effective_frames_max"), "effective frames in a tile",
              lambda s: f"{_float(s.effective_frames_min):.1f} to {_float(s.effective_frames_max):.1f} of {_all_frames(s)}"),
    _value("information_kept_model", "information kept (model)", lambda v: f"{v:.3f}"),
    _value("rejected_share", "rejected pixels", lambda v: percent(v, 3)),
    _value("trails_left_out", "trails left out", hide_zero=True),
    _value("other_light_left_out", "frames with ghosts or spikes", hide_zero=True),
    _figure("target_fwhm_px", "target FWHM", "px"),
    _sentence(("drizzle_scale", "drizzle_pixfrac"), "drizzle",
              lambda s: f"{_float(s.drizzle_scale):g} x, drop {_float(s.drizzle_pixfrac):g}"),
    Row(("ra_deg", "dec_deg"), "centre", lambda s: [] if s.ra_deg is None or s.dec_deg is None else
        [("centre", coordinates(s.ra_deg, s.dec_deg))]),
    _figure("scale_arcsec_px", "scale", "arcsec/px", 5),
    _value("rotation_deg", "rotation", lambda v: f"{v:.2f}°"),
    _sentence(("background_method", "background"), "background",
              lambda s: background_text(s.background_method or "", s.background)),
    _sentence(("colour_source", "colour_catalog", "colour_gains", "colour_gain_errors", "colour_catalog_declined", "colour_stars",
               "colour_scatter_mag"), "colours", _colours),
    _sentence(("colours_declined",), "colours", lambda s: f"left unchanged: {s.colours_declined}"),
    _figure("frame_fwhm_px", "FWHM of the frames, median", "px"),
    _figure("fwhm_px", "FWHM of the stack", "px"),
    _figure("plain_mean_fwhm_px", "FWHM of the plain mean", "px"),
    _figure("noise_adu", "noise of the stack", "ADU"),
    _value("noise_over_plain_mean", "noise, relative to the plain mean", lambda v: f"{v:.3f}"),
    _sentence(("information_kept", "equivalent_frames"), "information kept", _information),
    _sentence(("flux_scatter_mag", "flux_drift_mag"), "star fluxes against the plain mean",
              lambda s: f"scatter {_float(s.flux_scatter_mag):.4f} mag, drift {_float(s.flux_drift_mag):.4f} mag"),
    _value("seam_score", "seam score", lambda v: f"{v:.3f}"),
    _sentence(("memory_peak_mib", "memory_peak_mapped_mib", "memory_peak_phase", "memory_budget_mib"), "memory at most",
              memory_text),
    _value("seconds", "run time", duration),
)
