"""The typed configuration: the one source of defaults, validation, schema and documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from orchestrator.config.postprocessing import Astrometry, Bge, Pcc
from orchestrator.config.section import NO_EFFECT_ON_RESULT, Fraction, Positive, Section
from orchestrator.config.selection_expression import Expression

__all__ = ["RunConfig"]


class NightFolder(Section):
    """A folder of frames that is a night of its own, calibrated with its own masters."""

    path: Path
    name: str
    settings: dict[str, Any] = Field({}, description="Settings of the sections input and calibration for this night only.")


class Input(Section):
    """Where the frames are, and how many are enough."""

    filter: str | None = Field(None, description="Use the lights of this filter only (name as in the header or file name).")
    object: str | None = Field(None, description="Use the lights of this object only.")
    bayer_pattern: Literal["auto", "RGGB", "BGGR", "GRBG", "GBRG", "mono"] = Field(
        "auto", description="CFA pattern as the header would name it; auto reads BAYERPAT and ROWORDER.")
    frames_min: int = Field(3, ge=1, description="Fewer usable lights end the run.")
    frames_reduced_threshold: int = Field(50, ge=1, description="Fewer lights: reduced mode, no clusters.")
    allow_emergency_mode: bool = Field(False, description="Go on below frames_min with whatever there is.")
    min_free_disk_factor: float = Field(1.2, ge=0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Free disk needed, times the expected size of the run.")
    devices: Path | None = Field(None, description="Facts of cameras and telescopes (YAML, as devices.yaml) for headers that "
                                 "do not tell them; None looks in the configuration folder.")
    temperature_tolerance: Positive = Field(3.0, description="Largest difference between darks and lights in deg C.")
    rotation_tolerance: Positive = Field(1.0, description="Largest difference between flats and lights in the rotator's angle.")
    nights: list[NightFolder] = Field([], description="Nights that are calibrated each with its own masters and stacked together "
                                      "(projects set this).")
    share: bool = Field(True, description="A night without fitting calibration frames of a kind takes those of another night.")


class Calibration(Section):
    """Masters and cosmetic correction."""

    bias_master: Path | None = Field(None, description="Master bias file, or a folder of bias frames.")
    dark_master: Path | None = Field(None, description="Master dark file, or a folder of darks.")
    flat_master: Path | None = Field(None, description="Master flat file, or a folder of flats.")
    darkflat_master: Path | None = Field(None, description="Master dark-flat file, or a folder of dark-flats.")
    library: Path | None = Field(None, description="Folder of masters for all sessions; None looks in ORCHESTRATE_MASTERS.")
    deposit: bool = Field(False, description="Put the masters that a run makes into the library.")
    synthetic_bias: float | None = Field(None, ge=0, description="Constant bias level in ADU, for want of bias frames.")
    dark_scaling: bool = Field(False, description="Scale the dark to least noise (needs a bias).")
    equalize_cfa: bool = Field(True, description="Normalise the flat so that it does not change the colours.")
    cosmetic: bool = Field(True, description="Replace bad pixels by the median of their neighbours of the same colour.")
    hot_sigma: Positive = Field(5.0, description="Threshold of hot pixels in the master dark, in sigma of one light.")
    cold_sigma: Positive = Field(5.0, description="Threshold of cold pixels in the master dark, in sigma of one light.")
    fixed_pattern: Literal["auto", "none", "pixels", "lines", "all"] = Field(
        "auto", description="What stays on the sensor while the sky moves, taken from the lights: auto (without darks: warm "
                            "pixels, columns and rows), pixels, lines, all (amplifier glow too), none.")
    pattern_lights: int = Field(256, ge=3, description="Lights, spread over the session, from which the fixed pattern is taken.")
    rejection_sigma: Positive = Field(3.0, description="Clipping of frames when masters are made (winsorized sigma).")


class Registration(Section):
    """Alignment to the reference frame."""

    transform: Literal["auto", "integer", "shift", "similarity", "affine", "homography"] = Field(
        "auto", description="Model; auto starts with a similarity and refines while the stars ask for it; integer shifts by "
        "whole pixels (by two on a mosaic), so that none is interpolated.")
    mount: Literal["auto", "alt_az", "equatorial"] = Field(
        "auto", description="auto tells it from how the field turns; alt_az with much rotation grows the canvas.")
    reference: str = Field("auto", description="auto, or the file name of the reference light.")
    transforms: Path | None = Field(None, description="Take the transforms of another run (its artifacts/registration.json).")
    onto: Path | None = Field(None, description="Lay the stack onto the pixels of another run's (its artifacts/geometry.json).")
    min_inliers: int = Field(8, ge=3, description="Stars that must agree with a transform (or a third of those matched).")
    max_residual: Positive = Field(1.0, description="Largest rms residual of the stars in pixels.")
    max_scale_change: Positive = Field(0.01, description="Largest scale difference to the reference.")
    detection_sigma: Positive = Field(5.0, description="Star detection threshold above the noise.")
    max_stars: int = Field(500, ge=10, description="Brightest stars used.")
    max_canvas_growth: Positive = Field(2.5, description="Largest canvas area, times that of a frame.")
    max_mosaic_growth: Positive = Field(25.0, description="The same where the frames are panels of a mosaic.")
    interpolation: Literal["lanczos4", "lanczos3", "bicubic", "bilinear", "nearest"] = Field(
        "lanczos4", description="How pixels between pixels are read when frames are warped.")


class Canvas(Section):
    """The common pixel grid."""

    extent: Literal["auto", "reference", "union", "intersection"] = Field(
        "auto", description="auto: the reference frame, or the union of a mosaic or of a field that turned by much.")
    crop: str = Field("auto", description='"none", "coverage 0.8" (cut to where so large a share of the frames sees the sky), or '
                      '"auto": coverage 0.5 where the union was chosen by itself, 3 frames for a mosaic.')
    feather: float = Field(16.0, ge=0, description="Frame borders fade in over so many pixels.")

    @model_validator(mode="after")
    def _crop_is_understood(self) -> Canvas:
        if self.crop != "auto" and not 0 <= self.coverage <= 1:
            raise ValueError(f"crop {self.crop!r} is none of auto, none and coverage with a share, as in 'coverage 0.8'")
        return self

    @property
    def coverage(self) -> float:
        """The share that ``crop`` names; 0 for none and auto, -1 where it is not understood."""
        if self.crop in ("auto", "none"):
            return 0.0
        try:
            return float(self.crop.removeprefix("coverage").strip())
        except ValueError:
            return -1.0


class Normalization(Section):
    """Transparency and sky of each frame."""

    mode: Literal["photometric", "background", "none"] = Field(
        "photometric", description="photometric: by the stars' fluxes. background: the sky's level only.")
    min_stars: int = Field(10, ge=1, description="Fewer matched stars: transparency from exposure time only.")
    surface_order: int = Field(2, ge=0, le=4, description="Order of the polynomial background surface.")


class Tiles(Section):
    """Tile grid: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor))."""

    size_factor: Positive = Field(24.0, description="Tile size in FWHM.")
    min_size: int = Field(64, ge=16, description="Smallest tile in px.")
    max_divisor: int = Field(4, ge=1, description="A tile is at most the frame's shorter side divided by this.")
    overlap: float = Field(0.5, ge=0, le=0.5, description="Share of a tile that overlaps the next.")


class Metrics(Section):
    """Global and local quality."""

    alpha: Fraction = Field(0.4, description="Weight of a low background; alpha + beta + gamma = 1.")
    beta: Fraction = Field(0.3, description="Weight of low noise.")
    gamma: Fraction = Field(0.3, description="Weight of sharp gradients.")
    adaptive: bool = Field(False, description="Weights proportional to the variance of each score.")
    exponent: Positive = Field(1.0, description="G = exp(exponent * clip(Q, -3, 3)).")
    star_min_count: int = Field(5, ge=1, description="Stars that make a tile a star tile.")

    @model_validator(mode="after")
    def _sum_is_one(self) -> Metrics:
        total = self.alpha + self.beta + self.gamma
        if abs(total - 1) > 1e-6:
            raise ValueError(f"alpha + beta + gamma must be 1, they are {total:g}")
        return self


class Weights(Section):
    """How much each frame counts in each tile."""

    mode: Literal["best", "psf_snr", "snr", "quality", "uniform"] = Field(
        "best", description="best: most information on stars. psf_snr: sharper, a little less. snr: faint extended light. "
        "quality: the sharpest frames dominate. uniform: all alike.")
    min_information: Fraction = Field(0.7, description="quality: soften the exponent until so much information is kept.")
    local: bool = Field(True, description="False: one weight a frame.")


class Selection(Section):
    """Which lights are stacked; by default all, since weights do the work. Those left out are told with the reason."""

    keep: float = Field(1.0, gt=0, le=1, description="The best part of the lights by score (G of GLOBAL_METRICS).")
    where: str = Field("", description="Only lights of which it is true, e.g. fwhm < 3.2 and background < p90 (docs/FRAMES.md).")
    frames: Path | None = Field(None, description="A frame list: only these lights, one file name a line.")

    @field_validator("where")
    @classmethod
    def _where_is_understood(cls, text: str) -> str:
        if text.strip():
            Expression(text)
        return text.strip()


class ExcludedFrame(Section):
    """A frame that a person leaves out of the stack, everywhere or in a part."""

    frame: str = Field(description="File name of the light, with as many folders before it as make it unique.")
    box: tuple[int, int, int, int] | None = Field(
        None, description="x0, y0, x1, y1 in pixels of the canvas, 0-based, x1 and y1 outside; None: everywhere.")

    @model_validator(mode="after")
    def _box_has_an_area(self) -> ExcludedFrame:
        if self.box is not None and not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError("box is x0, y0, x1, y1 with x0 < x1 and y0 < y1")
        return self


class Stacking(Section):
    """Rejection and the mean."""

    rejection: Literal["winsorized", "sigma", "mad", "linear_fit", "gesd", "percentile", "none"] = Field(
        "winsorized", description="How satellites, aircraft and cosmic rays are told from the sky.")
    low: Positive = Field(4.0, description="Low threshold in sigma (percentile: in per cent).")
    high: Positive = Field(3.5, description="High threshold in sigma (percentile: share in per cent).")
    rounds: int = Field(6, ge=1, le=20, description="Most rounds of centre and clip of the iterative methods.")
    contrast: float = Field(1.0, ge=0, description="eta: share of the local contrast that is added to the noise.")
    grow: int = Field(1, ge=0, le=8, description="Rejected pixels grow by so many pixels.")
    min_survivors: int = Field(3, ge=1, description="Rejection leaves at least so many frames at a pixel.")
    trails: bool = Field(True, description="Leave out trails of satellites and aircraft over all their width, faint ones too.")
    exclude: list[ExcludedFrame] = Field([], description="Frames left out by hand, in the tiles that a box touches or "
                                         "everywhere, e.g. [{frame: light_7.fits, box: [100, 80, 140, 95]}].")
    group: int = Field(128, ge=8, description="Frames judged against one another; more are taken in groups, each spread "
                       "over the whole session, so that memory and cost a frame stay level.")


class Reconstruction(Section):
    """How the frames become one picture."""

    method: Literal["mean", "proper", "drizzle"] = Field(
        "mean", description="mean: weighted mean with tile weights. proper: co-addition with the PSF of each frame and tile. "
        "drizzle: for dithered, undersampled frames; mosaics without demosaicing.")
    target_fwhm: Positive | Literal["auto"] = Field(
        "auto", description="proper: FWHM (px) that all stars get; auto is the sharpest that raises no noise.")
    scale: float = Field(1.0, ge=0.5, le=4, description="drizzle: output pixels along a frame's pixel.")
    pixfrac: float = Field(0.9, gt=0, le=1, description="drizzle: side of the drop that a pixel shrinks to.")
    kernel: Literal["square", "turbo", "point", "gaussian", "lanczos2", "lanczos3"] = Field(
        "square", description="drizzle: shape of the drop; square is exact.")


class Clustering(Section):
    """State clusters and synthetic frames."""

    enabled: bool = Field(False, description="Group frames by the state of the sky and stack a synthetic frame of each group.")
    synthetic: Literal["global", "tile_weighted"] = Field(
        "tile_weighted", description="Synthetic frames with one weight a frame, or one for each tile.")
    weights: Literal["information", "quality"] = Field(
        "information", description="What a synthetic frame counts: its information, or its quality.")
    kappa: Positive = Field(1.0, description="quality: steepness of the weight.")
    r_cap: Positive = Field(20.0, description="quality: largest weight, times the median one.")
    seed: int = Field(1, description="Start of the random numbers; the same seed gives the same groups.")


class Debayer(Section):
    """When and how the mosaic becomes colour."""

    when: Literal["auto", "last", "first", "superpixel", "none"] = Field(
        "auto", description="last: stack the mosaic, demosaic once. first: each frame. superpixel: each 2x2 cell is a pixel. "
        "none: stack the mosaic and leave it one.")
    method: Literal["malvar", "bilinear", "menon", "vng", "superpixel", "siril"] = Field(
        "malvar", description="How a stacked mosaic becomes colour; superpixel halves the size, siril uses Siril's RCD.")


class SirilEngine(Section):
    """How Siril is used."""

    executable: Path | None = Field(None, description="siril-cli; None looks in SIRIL_CLI, PATH and the usual folders.")
    output: Literal["transforms", "frames"] = Field(
        "transforms", description="transforms: Siril calibrates and registers, frames are warped while they are read. "
        "frames: Siril exports registered frames.")
    templates: Path | None = Field(None, description="Folder with templates of your own for Siril's scripts; each stands for "
                                   "ours of the same name.")
    timeout: Positive = Field(7200.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Seconds for one script.")
    fallback: bool = Field(True, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="When Siril fails, go on with the native engine.")


class EngineConfig(Section):
    """Who calibrates and registers."""

    name: Literal["auto", "siril", "native"] = Field(
        "auto", description="auto takes Siril 1.4 or newer when it is found, else the native engine.")
    siril: SirilEngine = SirilEngine()


class Validation(Section):
    """Thresholds; a miss gives status validation_failed, products stay."""

    max_fwhm_growth: Positive = Field(1.10, description="FWHM over that of the plain mean.")
    max_noise_growth: Positive = Field(1.25, description="Noise on squares of 4 px over that of the plain mean.")
    max_seam: Positive = Field(0.5, description="Jump across tile borders in units of the noise.")
    max_flux_scatter: Positive = Field(0.05, description="Scatter of star fluxes against the plain mean (mag).")
    max_flux_drift: Positive = Field(0.03, description="Change of star fluxes over the field against the plain mean (mag).")
    min_information: Fraction = Field(0.5, description="Share of the information on point sources kept.")
    min_information_extended: Fraction = Field(0.4, description="Share of the information on extended sources kept.")
    min_effective_share: Fraction = Field(0.1, description="Effective frames (sum w)^2 / sum w^2 of a tile, share of all.")


class Output(Section):
    """Which files are written. What is said of previews never touches the linear products."""

    palette: str | dict[str, dict[str, float]] = Field(
        "auto", description="How the stacks of several filters become one picture: auto (LRGB, RGB, SHO or HOO), none, HSO ..., "
        "or a linear combination for R, G and B.")
    preview: bool = Field(True, description="Stretched pictures: preview.png and preview.tif.")
    preview_linked: bool = Field(False, description="One curve for all channels; always so after a colour calibration.")
    preview_stretch: Literal["autostretch", "asinh", "two_stage"] = Field(
        "autostretch", description="asinh keeps the colours of stars; two_stage: asinh, then one curve for sky and contrast.")
    preview_balance: Literal["none", "background", "bayer"] = Field(
        "none", description="background: the sky is made grey; bayer: also what is above it on the whole. For quick looks "
        "without a colour calibration.")
    preview_annotated: bool = Field(True, description="With a WCS, a picture with grid and objects too.")
    preview_scnr: Fraction = Field(0.0, description="Green noise to take away: 0 none, 1 all.")
    preview_saturation: float = Field(1.0, ge=0, le=5, description="Strength of the colours; 1 leaves them.")
    preview_matrix: Literal["mild", "vivid", "duo_band"] | list[list[float]] | None = Field(
        None, description="Colour matrix: mild or vivid colours, duo_band filters, or 3x3 with rows of sum 1.")
    variance: bool = Field(True, description="variance.fits: the variance of each pixel.")
    coverage: bool = Field(True, description="coverage.fits: how many frames each pixel has.")
    night_stacks: bool = Field(True, description="With several nights, a stack of each night too, on the same canvas.")
    report: bool = Field(True, description="artifacts/report.html, report.json and report.md at the end of the run.")

    @model_validator(mode="after")
    def _matrix_keeps_grey(self) -> Output:
        rows = self.preview_matrix
        if isinstance(rows, list) and (len(rows) != 3 or any(len(r) != 3 or abs(sum(r) - 1) > 1e-3 for r in rows)):
            raise ValueError("preview_matrix must be 3x3 and each of its rows must sum to 1")
        return self


class Runtime(Section):
    """Memory, cores, and what is kept for later."""

    memory_budget: str = Field("auto", description='"auto" (half of what is free) or a size such as "4 GiB".')
    workers: int = Field(0, ge=0, description="0: all cores.")
    executor: Literal["threads", "serial", "processes", "dask"] = Field(
        "threads", description="Where frames and blocks are worked on; the result is the same.")
    device: Literal["cpu", "gpu", "auto"] = Field(
        "cpu", description="gpu: warp, mean and co-addition by CuPy; without a GPU the processor does it, and a warning says so.")
    scheduler: str | None = Field(None, description="Address of a Dask scheduler (tcp://host:8786); None makes a local cluster.")
    keep_work: bool = Field(False, description="Keep the scratch folder work/ of a finished run.")
    cache: bool = Field(True, description="Keep measurements, transforms and masters beside the runs, for later runs of the "
                        "session.")
    cache_refresh: bool = Field(False, description="Make everything in the cache anew.")
    cache_size: str = Field("4 GiB", description="Largest size of the cache; what was used longest ago goes first.")
    keep_arrays: bool = Field(True, description="Keep the arrays of the stack, so that `resume --from-phase STACKING` need "
                              "not reconstruct it.")


class RunConfig(Section):
    """Everything that can be set, with its default."""

    input: Input = Input()
    engine: EngineConfig = EngineConfig()
    calibration: Calibration = Calibration()
    registration: Registration = Registration()
    canvas: Canvas = Canvas()
    normalization: Normalization = Normalization()
    tiles: Tiles = Tiles()
    metrics: Metrics = Metrics()
    weights: Weights = Weights()
    selection: Selection = Selection()
    stacking: Stacking = Stacking()
    reconstruction: Reconstruction = Reconstruction()
    clustering: Clustering = Clustering()
    debayer: Debayer = Debayer()
    astrometry: Astrometry = Astrometry()
    bge: Bge = Bge()
    pcc: Pcc = Pcc()
    validation: Validation = Validation()
    output: Output = Output()
    runtime: Runtime = Runtime()
