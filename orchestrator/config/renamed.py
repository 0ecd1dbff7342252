"""The names that version 0.1 had: an old name ends with a message that gives the new one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["OLD_FLAGS", "OLD_PRESETS", "OLD_SETTINGS", "old_settings_in"]

# Old dotted key -> the new one.
OLD_SETTINGS: Mapping[str, str] = MappingProxyType({
    "input.frames_min": "input.min_frames",
    "input.frames_reduced_threshold": "input.min_frames_clustering",
    "input.share": "input.share_calibration",
    "calibration.deposit": "calibration.save_to_library",
    "registration.onto": "registration.match_grid_of",
    "metrics.alpha": "metrics.background_weight",
    "metrics.beta": "metrics.noise_weight",
    "metrics.gamma": "metrics.gradient_weight",
    "selection.keep": "selection.keep_fraction",
    "stacking.low": "stacking.sigma_low",
    "stacking.high": "stacking.sigma_high",
    "stacking.rounds": "stacking.max_iterations",
    "stacking.contrast": "stacking.contrast_tolerance",
    "stacking.group": "stacking.group_size",
    "clustering.kappa": "clustering.steepness",
    "clustering.r_cap": "clustering.max_ratio",
    "debayer.when": "debayer.stage",
    "bge.alpha": "bge.residual_weight",
    "bge.beta": "bge.roughness_weight",
})

OLD_PRESETS: Mapping[str, str] = MappingProxyType({"methodik": "quality_clusters"})

# Old command line flag, or flag with value -> what to write instead.
OLD_FLAGS: Mapping[str, str] = MappingProxyType({
    "--align-mode": "--transform",
    "--debayer bayer-first": "--debayer first",
    "--debayer rgb": "--debayer last",
    "--eq-mode": "--mount equatorial",
})


def old_settings_in(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(section, key) of each renamed setting in the nested mapping of a configuration, in its order."""
    return [(str(section), str(key)) for section, values in content.items() if isinstance(values, dict) for key in values
            if f"{section}.{key}" in OLD_SETTINGS]
