"""The figures of a run, typed, with units in the names. :mod:`orchestrator.report.wording` has their labels and formats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from orchestrator.config.settings import ExcludedFrame
from orchestrator.rundir.format import unreadable_run

__all__ = ["ChannelBackground", "ColourSource", "FilterStatistics", "MountReason", "RunStatistics"]


def _measured(value: Any) -> Any:
    """None for NaN and infinity: they mean that something could not be measured."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_measured)]
Count = int | None
# How the kind of mount was determined: set by registration.mount; from the span of the rotation alone, as times are missing; the
# rotation is slow, not steady, or steady; the transforms of the frames are not known.
MountReason = Literal["setting", "span", "slow", "unsteady", "steady", "no_transforms"]
# Source of the colours: the mean colour of the stars, a star catalog, or one of Siril's calibrations.
ColourSource = Literal["stars", "catalog", "siril_pcc", "siril_spcc", "siril_spcc_black_bodies"]


class _Figures(BaseModel):
    """Figures that are checked when they are set; an unknown name is an error."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: what is known, by the names of the fields."""
        return self.model_dump(mode="json", exclude_defaults=True)


class ChannelBackground(_Figures):
    """The background removed from a channel. The figures are None where the channel was left unchanged.

    Attributes
    ----------
    removed_adu : range of the model, maximum minus minimum.
    rms_before_adu, rms_after_adu : rms of the sky tiles around their mean.
    doubt : why a curved model was not subtracted: "structure", "hump" or "amplitude" (:data:`tilecore.sky.proved_sky.Doubt`).
    """

    removed_adu: Number = None
    rms_before_adu: Number = None
    rms_after_adu: Number = None
    doubt: str | None = None


class FilterStatistics(_Figures):
    """The run of one of several filters or fields. ``problem`` is the reason why it was not stacked, "" if it was."""

    filter: str
    status: str = ""
    problem: str = ""
    files_found: dict[str, int] = {}
    lights_found: Count = None
    frames_used: Count = None
    exposure_s: Number = None
    fwhm_px: Number = None
    noise_adu: Number = None


class RunStatistics(_Figures):
    """The figures of a run; None, or an empty tuple or mapping: not measured.

    A run of one filter, a combination of several filters, a live stack and a dry run each fill in what they know. Lengths are in
    pixels of the frames, levels in ADU on the scale 0 to 65535; ``share`` is a fraction of 1.
    """

    # SCAN_INPUT
    files_found: dict[str, int] = {}  # by kind of frame; dry runs only
    files_excluded: Count = None  # dry runs only
    nights: Count = None
    lights_found: Count = None
    layout: str | None = None
    device: str | None = None
    exposure_s: Number = None  # of all lights found
    # CALIBRATION
    engine: str | None = None
    # REGISTRATION
    frames_used: Count = None
    frames_left_out: Count = None
    registration_residual_px: Number = None  # median over the frames
    registration_held_out_px: Number = None  # median over stars that the adjustment of all frames did not use
    lens_displacement_px: Number = None  # largest displacement by a lens, at the corners
    anchors: Count = None  # lights that were plate solved before registration
    # PREWARP
    mosaic_fields_x: Number = None  # size of a mosaic in widths of a frame
    mosaic_fields_y: Number = None
    mosaic_frames_deep: Number = None
    mount: str | None = None  # "alt_az" or "equatorial"
    mount_reason: MountReason | None = None
    field_rotation_deg: Number = None
    field_rotation_deg_per_hour: Number = None
    sittings_apart_deg: Number = None  # largest angle between frames of several nights, telescopes or camera positions
    reference_cut_share: Number = None  # of the field of the reference, outside the canvas
    frame_fwhm_px: Number = None  # median over the frames
    # CHANNEL_SPLIT
    channels: tuple[str, ...] = ()
    # NORMALIZATION; transparency is relative to the reference frame
    transparency_min: Number = None
    transparency_max: Number = None
    clouded_frames: Count = None
    hazy_frames: Count = None
    haze_max_mag: Number = None
    panel_scale_error: Number = None  # relative error, the largest of all panels
    scale_residual: Number = None  # relative, of stars left out, between panels, nights or halves of a night; the clearest one
    scale_residual_error: Number = None  # its standard error
    # GLOBAL_METRICS
    conditions: dict[str, int] = {}  # condition -> number of frames
    roundness: Number = None  # median over the frames
    frames_deselected: Count = None  # by the selection
    frames_stacked: Count = None
    frames_added: Count = None  # to the stack of an earlier attempt of the run
    # TILE_GRID
    tile_rows: Count = None
    tile_columns: Count = None
    tile_size_px: Count = None
    # LOCAL_METRICS
    weights_mode: str | None = None
    effective_frames_min: Number = None  # over the tiles
    effective_frames_max: Number = None
    information_kept_model: Number = None
    clipped_stars: Count = None  # stars of the reference that are clipped in every frame
    blocked_frames: Count = None  # without weight in parts where they show no stars
    excluded: tuple[ExcludedFrame, ...] = ()  # by stacking.exclude
    # TILE_RECONSTRUCTION
    rejected_share: Number = None
    trails_left_out: Count = None
    other_light_left_out: Count = None  # frames with ghosts or spikes that move against the sky
    target_fwhm_px: Number = None
    drizzle_scale: Number = None
    drizzle_pixfrac: Number = None
    # ASTROMETRY
    ra_deg: Number = None
    dec_deg: Number = None
    scale_arcsec_px: Number = None
    rotation_deg: Number = None
    # BGE
    background_method: str | None = None
    background: dict[str, ChannelBackground] = {}
    # PCC
    colour_source: ColourSource | None = None
    colour_catalog: str | None = None  # name of the star catalog
    colour_gains: tuple[float, ...] = ()  # red, green, blue
    colour_gain_errors: tuple[float, ...] = ()  # standard errors of red and blue, from the scatter of the stars
    colour_catalog_declined: str | None = None  # why the star catalog was not used
    colour_stars: Count = None
    colour_scatter_mag: tuple[float, ...] = ()  # red and blue against green
    colours_declined: str | None = None  # why the colours of a combination were left unchanged
    # VALIDATION
    fwhm_px: Number = None
    plain_mean_fwhm_px: Number = None
    noise_adu: Number = None
    noise_over_plain_mean: Number = None
    information_kept: Number = None
    equivalent_frames: Number = None
    flux_scatter_mag: Number = None
    flux_drift_mag: Number = None
    seam_score: Number = None
    # Several fields
    fields: dict[str, FilterStatistics] = {}  # by name
    # Combinations of several filters
    filters: dict[str, FilterStatistics] = {}  # by channel
    combined_as: str | None = None  # the palette
    not_combined_because: str | None = None
    # Live stacks
    frames_waiting: Count = None
    reference: str | None = None  # file name
    filter_shown: str | None = None
    other_filters: dict[str, int] = {}  # filter -> number of lights that the live stack does not show
    other_filters_kept: bool | None = None  # for the full run; False: left out by input.filter
    # Every run. Memory of the process that is resident: anonymous pages and mapped files together
    memory_budget_mib: Count = None
    memory_peak_mib: Count = None
    memory_peak_mapped_mib: Count = None  # that of files, when it was largest
    memory_peak_phase: str | None = None
    seconds: Number = None

    def update(self, figures: Mapping[str, Any]) -> None:
        """Set the fields of a dictionary that :meth:`to_dict` made."""
        for name, value in figures.items():
            setattr(self, name, value)

    def set_memory(self, budget: int, phase: str, resident: int, mapped: int) -> None:
        """Set the figures of the memory (bytes): the budget, and the largest value with its phase, "" if it was not measured."""
        self.memory_budget_mib, self.memory_peak_phase = budget >> 20, phase or None
        self.memory_peak_mib, self.memory_peak_mapped_mib = (resident >> 20, mapped >> 20) if resident else (None, None)

    def set_colours(self, report: Mapping[str, Any]) -> None:
        """Set the figures of a colour calibration from its report, as in pcc.json."""
        self.colour_source, self.colour_catalog = report["source"], report.get("catalog_name")
        self.colour_stars = int(report["stars_used"])
        self.colour_gains = tuple(round(float(gain), 4) for gain in report["gains"])
        self.colour_gain_errors = tuple(round(float(e), 4) for e in report.get("gain_errors", ()))
        self.colour_catalog_declined = (report.get("catalog_declined") or {}).get("reason")
        self.colour_scatter_mag = tuple(round(float(s), 4) for s in report.get("scatter_mag", ()))

    @classmethod
    def of_manifest(cls, manifest: Mapping[str, Any], directory: Path) -> RunStatistics:
        """The figures in the manifest of a run directory.

        Raises
        ------
        ConfigError : they have the form of version 0.1 or are damaged.
        """
        try:
            return cls.model_validate(manifest.get("statistics") or {})
        except ValidationError as error:
            raise unreadable_run(directory, "statistics") from error
