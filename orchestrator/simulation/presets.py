"""Named configurations of simulated sessions."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from orchestrator.simulation.config import SimulationConfig

__all__ = ["PRESETS"]

_TINY = SimulationConfig(
    width=200, height=160, n_frames=8, n_stars=80, flux_min=1500.0, seeing_min=2.4, seeing_max=3.4, drift=5.0,
    rotation=0.4, hot_pixels=12, cold_pixels=6, vignetting=0.2, n_bias=4, n_dark=4, n_flat=4, exposure=30.0,
    object_name="Tiny Field",
)  # fmt: skip

PRESETS = MappingProxyType(
    {
        "demo": SimulationConfig(
            width=600, height=400, n_frames=16, pattern="RGGB", n_stars=260, nebula=900.0, seeing_min=2.4,
            seeing_max=3.8, seeing_field_variation=0.15, transparency_min=0.75, sky_min=350.0, sky_max=700.0,
            sky_gradient=0.15, drift=10.0, dither=3.0, rotation=1.0, trails=2, cosmic_rays=6, hot_pixels=120,
            cold_pixels=40, vignetting=0.3, dust=5, amp_glow=1.5, n_bias=4, n_dark=4, n_flat=4, n_darkflat=4,
            object_name="Demo Nebula",
        ),
        "mono_seeing": SimulationConfig(
            width=720, height=540, n_frames=40, n_stars=400, seeing_min=2.2, seeing_max=4.5,
            seeing_field_variation=0.25, transparency_min=0.6, transparency_max=1.0, sky_min=300.0, sky_max=900.0,
            drift=12.0, rotation=1.0, trails=3, hot_pixels=100, cold_pixels=30, vignetting=0.1, n_bias=16, n_dark=16,
            n_flat=16, filter_name="L", object_name="Seeing Field",
        ),
        "osc_rotated": SimulationConfig(
            width=480, height=360, n_frames=24, pattern="RGGB", n_stars=220, flux_min=1500.0, nebula=600.0,
            sky_gradient=0.1, drift=8.0, dither=4.0, rotation=6.0, trails=1, cosmic_rays=4, hot_pixels=60,
            cold_pixels=20, vignetting=0.2, dust=3, n_bias=8, n_dark=8, n_flat=8, object_name="Rotated Field",
        ),
        "real_sky": SimulationConfig(
            width=800, height=600, n_frames=8, pattern="RGGB", n_stars=150, flux_min=800.0, flux_max=3500.0, real_stars=True,
            sky_gradient=0.1, drift=8.0, dither=4.0, rotation=1.0, n_bias=4, n_dark=4, n_flat=4, ra=150.0, dec=-60.0,
            focal_length=200.0, object_name="Field in Carina",
        ),
        "tiny_mono": _TINY,
        "tiny_osc": replace(_TINY, pattern="RGGB", n_darkflat=4),
    }
)  # fmt: skip
