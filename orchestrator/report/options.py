"""Every option with its effect, for the manifest, the report and FITS HISTORY."""

from __future__ import annotations

from typing import Any

from orchestrator.config.settings import RunConfig

__all__ = ["flat", "options_of"]


# Settings whose values are mappings with keys of the user.
USER_KEYS = ("pcc.columns", "output.palette")


def flat(content: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested sections as {"section.key": value}."""
    found: dict[str, Any] = {}
    for key, value in content.items():
        name = f"{prefix}{key}"
        # Empty mappings, and those with keys of the user, are values.
        found |= flat(value, f"{name}.") if isinstance(value, dict) and value and name not in USER_KEYS else {name: value}
    return found


def options_of(config: dict[str, Any], phases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each setting: option, value, default, changed, and its effect as far as the summaries of the phases show it."""
    defaults = flat(RunConfig().model_dump(mode="json"))
    values = defaults | flat(config)
    did = _effects(values, {p["phase"]: p for p in phases})
    return [{"option": name, "value": value, "default": defaults.get(name), "changed": value != defaults.get(name),
             "did": did.get(name, _idle(name, values))} for name, value in values.items()]


def _effects(values: dict[str, Any], phases: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The effects of settings as text, from the summaries of the phases."""

    def of(phase: str, *keys: str) -> list[Any] | None:
        summary = phases.get(phase, {}).get("summary") or {}
        found = [summary.get(k) for k in keys]
        return found if all(f is not None for f in found) else None

    def why(phase: str) -> str:
        entry = phases.get(phase)
        if entry is None:
            return "the run ended before this phase"
        return f"{entry['status']}: {(entry.get('summary') or {}).get('why') or 'done'}"

    did = {"bge.enabled": why("BGE"), "pcc.enabled": why("PCC"), "clustering.enabled": why("STATE_CLUSTERING"),
           "astrometry.solver": why("ASTROMETRY")}
    if found := of("CALIBRATION", "engine", "why"):
        did["engine.name"] = f"{found[0]}: {found[1]}"
    if found := of("REGISTRATION", "used", "left_out", "reference"):
        did["input.min_frames"] = f"{found[0]} frames could be used"
        did["registration.max_residual"] = f"{found[1]} frames left out by registration"
        did["registration.reference"] = f"{found[2]} is the reference"
    if found := of("CHANNEL_SPLIT", "debayer", "why"):
        did["debayer.stage"] = f"{found[0]}: {found[1]}"
    if found := of("PREWARP", "shape"):
        did["canvas.extent"] = f"a canvas of {found[0][1]} x {found[0][0]} px"
    if found := of("PREWARP", "extent", "crop", "mount"):
        did["canvas.extent"] += f", {found[0]}"
        did["canvas.crop"] = str(found[1])
        did["registration.mount"] = str(found[2])
    if found := of("GLOBAL_METRICS", "selected", "left_out"):
        did["selection.keep_fraction"] = did["selection.where"] = f"{found[0]} frames are kept, {found[1]} are left out"
    if found := of("NORMALIZATION", "transparency", "stars"):
        did["normalization.mode"] = (f"transparency {found[0][0]:.3f} to {found[0][1]:.3f} of the reference, "
                                     f"{found[1]} stars a frame")
    if found := of("TILE_GRID", "tiles", "tile_size"):
        did["tiles.size_factor"] = f"{found[0][0]} x {found[0][1]} tiles of {found[1]} channel pixels"
    if found := of("LOCAL_METRICS", "effective_frames", "information_kept"):
        did["weights.mode"] = (f"{found[0][0]:.1f} to {found[0][2]:.1f} effective frames in a tile, information kept "
                               + "/".join(f"{k:.3f}" for k in found[1] if k is not None))
    if found := of("LOCAL_METRICS", "excluded_by_hand", "excluded_tiles"):
        did["stacking.exclude"] = f"left out by hand, {found[1]} tiles of frames: {'; '.join(found[0])}"
    if (found := of("TILE_RECONSTRUCTION", "tiles_redone", "tiles")) and found[0] < found[1]:
        note = f"{found[0]} of {found[1]} tiles stacked again, the others reused from the previous stack"
        did["stacking.exclude"] = f"{did['stacking.exclude']}; {note}" if "stacking.exclude" in did else note
    if values.get("weights.mode") == "quality" and (found := of("LOCAL_METRICS", "exponent")):
        did["weights.min_information"] = f"exponent softened to {found[0]:.3f}"
    if found := of("TILE_RECONSTRUCTION", "rejected_share", "trails"):
        did["stacking.rejection"] = f"{100 * found[0]:.3f} % of the pixels rejected"
        did["stacking.trails"] = f"{found[1]} trails left out"
    if found := of("BGE", "summary"):
        did["bge.method"] = str(found[0])
    if found := of("PCC", "summary"):
        did["pcc.method"] = str(found[0])
    if found := of("VALIDATION", "fwhm_px", "fwhm_plain_mean_px"):
        did["validation.max_fwhm_growth"] = f"measured: {found[0] / found[1]:.3f}"
    if found := of("VALIDATION", "information_kept"):
        did["validation.min_information"] = f"measured: {found[0]:.3f}"
    if found := of("VALIDATION", "seam_score"):
        did["validation.max_seam"] = f"measured: {found[0]:.3f}"
    return did


# Settings that are used only with certain values of another one: prefix, the other setting, its values.
CONDITIONS = (("reconstruction.target_fwhm", "reconstruction.method", ("proper",)),
              ("reconstruction.scale", "reconstruction.method", ("drizzle",)),
              ("reconstruction.pixfrac", "reconstruction.method", ("drizzle",)),
              ("reconstruction.kernel", "reconstruction.method", ("drizzle",)),
              ("clustering.", "clustering.enabled", (True,)), ("bge.", "bge.enabled", (True,)), ("pcc.", "pcc.enabled", (True,)),
              ("weights.min_information", "weights.mode", ("quality",)), ("engine.siril.", "engine.name", ("siril", "auto")),
              ("astrometry.", "astrometry.solver", ("auto", "astap", "faster_astap", "siril", "astrometry_net", "astrometry")),
              ("bge.graxpert", "bge.method", ("graxpert",)), ("bge.siril_rbf", "bge.method", ("siril",)),
              ("pcc.spcc.", "pcc.method", ("siril_spcc",)), ("pcc.siril_catalog", "pcc.method", ("siril_pcc",)),
              ("runtime.scheduler", "runtime.executor", ("dask",)),
              ("normalization.min_stars", "normalization.mode", ("photometric",)))


def _idle(name: str, values: dict[str, Any]) -> str:
    """Why a setting had no effect; "" if it had one."""
    for prefix, other, wanted in CONDITIONS:
        if name.startswith(prefix) and name != other and values.get(other) not in wanted:
            return f"not used: {other} is {str(values.get(other)).lower()}"
    return ""
