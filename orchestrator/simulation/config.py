"""Configuration of a simulated session: one frozen description that determines everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

__all__ = ["GAP", "PATTERNS", "SimulationConfig", "header_pattern", "pattern_index", "twin"]

PATTERNS = ("RGGB", "GRBG", "BGGR", "GBRG")
PROFILES = ("moffat", "gaussian")
ROW_ORDERS = ("TOP-DOWN", "BOTTOM-UP", None)
GAP = 2.0  # seconds between exposures


@dataclass(frozen=True)
class SimulationConfig:
    """A session to simulate. Lengths in pixels, angles in degrees, signals in ADU, times in seconds.

    ``pattern`` is the Bayer pattern in memory order (``data[0, 0]`` first), None for a mono camera;
    ``row_order`` is the header's ROWORDER (None: no card). BAYERPAT names the pattern as seen from the top
    displayed row, so for BOTTOM-UP it differs from ``pattern``.
    ``n_stars`` is the mean number of stars on one frame; total fluxes (ADU per frame at transparency 1) follow
    ``N(>F) ~ F**-flux_slope`` between ``flux_min`` and ``flux_max``; ``star_colours`` is the scatter of the logarithmic
    red/blue ratio. With ``real_stars`` those of ``stars.csv`` (V < 11, around the fields of
    :mod:`orchestrator.simulation.sky`) are drawn as well, at ``ra``, ``dec``, with their colours; one of V = 11 has
    ``flux_real``. ``nebula`` is its brightest value in ADU (0: none), ``nebula_fill`` the fraction of the field covered.
    Each frame draws its FWHM, transparency and sky uniformly from their ranges; through clouds, in the frames ``clouded`` (from
    0), about the fraction ``cloud_light`` of the light passes. The FWHM varies over the field by
    ``+-seeing_field_variation`` as a different smooth function in each frame; ``sky_gradient`` is peak to peak in
    units of the sky. ``drift`` and ``rotation`` are totals, linear over the session; ``dither`` is the largest
    random step. ``panels`` are places (x, y) of the frame's centre, each for the same number of consecutive frames, in
    addition: a mosaic. ``hot_pixels`` and ``cold_pixels`` are counts; hot ones have an additional dark current and therefore
    also appear in the darks; ``warm_pixels`` are many and faint, their excess log-normal about ``warm_median`` ADU in a light.
    ``bias_structure`` and ``row_structure`` are the scatter of columns and rows in ADU. ``cosmic_rays`` are counted per
    frame, ``trails`` and ``dust`` spots over the session.
    ``gain`` is in e-/ADU, ``read_noise`` in e-, ``dark_current`` and ``amp_glow`` (its largest value) in e-/s.
    Behind a filter a mono camera sees stars times ``filter_response`` and exp(``filter_slope`` times the logarithm of their
    red/blue ratio): 1/2 is red, 0 green, -1/2 blue.
    ``moving`` are objects (x, y, speed in x, speed in y, flux, coma): place on the scene in the middle of the session, pixels an
    hour, ADU of the nucleus and of a coma of FWHM ``coma_fwhm``. ``variables`` are (star, semi-amplitude in magnitudes, period
    in seconds); ``transients`` are (x, y, flux, first frame, frame after the last).
    ``turn`` turns all frames about their centre: 180 after a meridian flip. ``night`` draws another night of the same scene with
    the same camera: pointing, seeing, transparency, sky and trails; with ``other_dust`` the dust is at other positions.
    ``seed`` determines the scene, the sky and the camera; ``noise_seed`` only photon and read noise of the lights,
    ``calibration_noise_seed`` that of the calibration frames.
    """

    width: int = 600
    height: int = 400
    n_frames: int = 16
    pattern: str | None = None
    row_order: str | None = "TOP-DOWN"

    n_stars: int = 250
    flux_min: float = 800.0
    flux_max: float = 250_000.0
    flux_slope: float = 0.7
    star_colours: float = 0.4
    real_stars: bool = False
    flux_real: float = 4000.0
    channel_response: tuple[float, float, float] = (0.75, 1.0, 0.8)
    nebula: float = 0.0
    nebula_fill: float = 0.35
    nebula_scale: float = 12.0

    psf: str = "moffat"
    moffat_beta: float = 3.5
    seeing_min: float = 2.6
    seeing_max: float = 3.6
    seeing_field_variation: float = 0.0
    ellipticity: float = 0.0
    transparency_min: float = 0.85
    transparency_max: float = 1.0
    clouded: tuple[int, ...] = ()
    cloud_light: float = 0.5
    sky_min: float = 400.0
    sky_max: float = 600.0
    sky_gradient: float = 0.0
    sky_colour: tuple[float, float, float] = (0.9, 1.0, 0.8)

    drift: float = 0.0
    dither: float = 0.0
    panels: tuple[tuple[float, float], ...] = ()
    rotation: float = 0.0
    turn: float = 0.0
    night: int = 0
    trails: int = 0
    trail_brightness: float = 900.0
    cosmic_rays: int = 0
    moving: tuple[tuple[float, ...], ...] = ()
    coma_fwhm: float = 18.0
    variables: tuple[tuple[float, ...], ...] = ()
    transients: tuple[tuple[float, ...], ...] = ()

    hot_pixels: int = 0
    cold_pixels: int = 0
    warm_pixels: int = 0
    warm_median: float = 15.0
    vignetting: float = 0.0
    dust: int = 0
    other_dust: bool = False
    read_noise: float = 3.0
    gain: float = 1.0
    bias: float = 500.0
    bias_structure: float = 2.0
    row_structure: float = 0.0
    dark_current: float = 0.2
    amp_glow: float = 0.0
    n_bias: int = 0
    n_dark: int = 0
    n_flat: int = 0
    n_darkflat: int = 0
    flat_level: float = 30_000.0
    flat_exposure: float = 2.0
    exposure: float = 60.0

    seed: int = 1
    noise_seed: int = 1
    calibration_noise_seed: int = 1

    object_name: str = "Simulated Field"
    camera: str = "Simulated Camera"
    telescope: str = "Simulated Telescope"
    filter_name: str | None = None
    filter_response: float = 1.0
    filter_slope: float = 0.0
    ra: float = 83.8
    dec: float = -5.4
    focal_length: float = 500.0
    pixel_size: float = 3.76
    temperature: float = -10.0
    header_gain: int = 100
    header_offset: int = 50
    start: datetime = datetime(2025, 1, 15, 20, 0, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        if self.pattern is not None and self.pattern not in PATTERNS:
            raise ValueError(f"pattern {self.pattern!r}: one of {', '.join(PATTERNS)} or None is needed")
        if self.row_order not in ROW_ORDERS:
            raise ValueError(f"row_order {self.row_order!r}: TOP-DOWN, BOTTOM-UP or None is needed")
        if self.psf not in PROFILES:
            raise ValueError(f"psf {self.psf!r}: one of {', '.join(PROFILES)} is needed")
        if min(self.width, self.height) < 16 or self.n_frames < 1:
            raise ValueError("a session needs frames of at least 16x16 pixels and at least one light")
        if not 0 < self.seeing_min <= self.seeing_max or not 0 <= self.seeing_field_variation < 1:
            raise ValueError("0 < seeing_min <= seeing_max and 0 <= seeing_field_variation < 1 are needed")
        if self.moffat_beta <= 1:
            raise ValueError("moffat_beta must be above 1, else the profile has no finite flux")
        if self.trails and self.trails > self.n_frames:
            raise ValueError("there can be at most one trail a frame")

    @property
    def n_channels(self) -> int:
        """Colours of the scene: 1 for mono, 3 for a Bayer camera."""
        return 1 if self.pattern is None else 3

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the middle of the frame."""
        return (self.width - 1) / 2, (self.height - 1) / 2


def twin(config: SimulationConfig, *, calibration: bool = False) -> SimulationConfig:
    """Return a session that differs from ``config`` only in the noise of its lights.

    With ``calibration`` the noise of the calibration frames differs as well.
    """
    offset = 7919
    seed = config.calibration_noise_seed + (offset if calibration else 0)
    return replace(config, noise_seed=config.noise_seed + offset, calibration_noise_seed=seed)


def pattern_index(pattern: str | None) -> list[list[int]]:
    """Return the 2x2 channel numbers (0 R, 1 G, 2 B) of a pattern in memory order; zeros for mono."""
    if pattern is None:
        return [[0, 0], [0, 0]]
    index = ["RGB".index(letter) for letter in pattern]
    return [index[:2], index[2:]]


def header_pattern(pattern: str, row_order: str | None, height: int) -> str:
    """Return the value of BAYERPAT: the pattern as seen from the top displayed row.

    For BOTTOM-UP the last row of the file is the top one; with an even height its parity is odd and the rows swap.
    """
    if row_order == "BOTTOM-UP" and height % 2 == 0:
        return pattern[2:] + pattern[:2]
    return pattern
