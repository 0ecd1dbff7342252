"""The typed configuration: the one source of defaults, validation, schema and documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from orchestrator.config.postprocessing import Astrometry, Bge, Pcc
from orchestrator.config.renamed import OLD_SETTINGS, old_settings_in
from orchestrator.config.section import NO_EFFECT_ON_RESULT, Fraction, Positive, Section
from orchestrator.config.selection_expression import Expression

__all__ = ["RunConfig"]


class NightFolder(Section):
    """A folder with the frames of one night, calibrated with its own masters."""

    path: Path
    name: str
    settings: dict[str, Any] = Field({}, description="Settings of the sections input and calibration for this night only.")


class Input(Section):
    """Which frames are used, and how many are enough."""

    workflow: Literal["auto", "single", "mosaic", "master_tiles"] = Field(
        "auto", description="auto: a mosaic is found from the pointing of the frames. single: one pointing. mosaic: a mosaic, "
        "also of single frames. master_tiles: the lights are finished stacks of the panels (docs/MOSAICS.md).")
    filter: str | None = Field(None,
        description="Use only lights taken through this filter (name as in the header or file name).")
    object: str | None = Field(None, description="Use only lights of this object.")
    field: str | None = Field(None, description="Use only lights of this field of the sky: its name or number, as scan lists "
                              "them; all: take the lights for one field, whatever their headers give as positions.")
    bayer_pattern: Literal["auto", "RGGB", "BGGR", "GRBG", "GBRG", "mono"] = Field(
        "auto", description="CFA pattern, as BAYERPAT would name it; auto reads BAYERPAT and ROWORDER.")
    min_frames: int = Field(3, ge=1, description="The run ends if fewer lights are usable.")
    min_frames_clustering: int = Field(50, ge=1, description="With fewer lights there are no clusters (reduced mode).")
    allow_emergency_mode: bool = Field(False, description="Continue with fewer than min_frames lights.")
    min_free_disk_factor: float = Field(1.2, ge=0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Required free disk space as a multiple of the expected size of the run.")
    devices: Path | None = Field(None, description="Properties of cameras and telescopes (YAML, as devices.yaml) for incomplete "
                                 "headers; None looks in the configuration folder.")
    temperature_tolerance: Positive = Field(3.0, description="Largest temperature difference between darks and lights in deg C.")
    rotation_tolerance: Positive = Field(1.0,
        description="Largest difference in rotator angle between flats and lights in degrees.")
    nights: list[NightFolder] = Field([], description="Nights that are calibrated with their own masters and stacked together "
                                      "(set by projects).")
    share_calibration: bool = Field(True,
        description="A night that lacks suitable calibration frames borrows them from another night.")

    @field_validator("field", mode="before")
    @classmethod
    def _field_may_be_a_number(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Calibration(Section):
    """Masters and cosmetic correction."""

    bias_master: Path | None = Field(None, description="Master bias file, or a folder of bias frames.")
    dark_master: Path | None = Field(None, description="Master dark file, or a folder of darks.")
    flat_master: Path | None = Field(None, description="Master flat file, or a folder of flats.")
    darkflat_master: Path | None = Field(None, description="Master dark-flat file, or a folder of dark-flats.")
    library: Path | None = Field(None, description="Folder of masters shared by all sessions; None looks in ORCHESTRATE_MASTERS.")
    save_to_library: bool = Field(False, description="Save the masters made by a run in the library.")
    synthetic_bias: float | None = Field(None, ge=0, description="Constant bias level in ADU, used if there are no bias frames.")
    dark_scaling: bool = Field(False, description="Scale the dark so that the noise is smallest (needs a bias).")
    equalize_cfa: bool = Field(True, description="Normalise the flat for each CFA colour, so that it does not change colours.")
    cosmetic: bool = Field(True, description="Replace bad pixels by the median of neighbours of the same colour.")
    hot_sigma: Positive = Field(5.0, description="Threshold of hot pixels in the master dark, in sigma of one light.")
    cold_sigma: Positive = Field(5.0, description="Threshold of cold pixels in the master dark, in sigma of one light.")
    fixed_pattern: Literal["auto", "none", "pixels", "lines", "all"] = Field(
        "auto", description="Sensor pattern that is measured in the lights and subtracted: auto (without darks: warm pixels, "
        "columns "
        "and rows), pixels, lines, all (amplifier glow too), none.")
    pattern_lights: int = Field(256, ge=3,
        description="Number of lights, spread over the session, used to measure the fixed pattern.")
    rejection_sigma: Positive = Field(3.0, description="Winsorized sigma clipping threshold for masters, in sigma.")


class Registration(Section):
    """Alignment to the reference frame."""

    transform: Literal["auto", "integer", "shift", "similarity", "affine", "homography"] = Field(
        "auto", description="Transform model; auto starts with a similarity and takes a more general model where the stars "
        "require it; "
        "integer shifts by whole pixels (by two on a CFA mosaic) without interpolation.")
    mount: Literal["auto", "alt_az", "equatorial"] = Field(
        "auto", description="auto detects it from the field rotation; alt_az with large rotation enlarges the canvas.")
    reference: str = Field("auto", description="auto (the best light), first, or the file name of the reference light.")
    transforms: Path | None = Field(None, description="Use the transforms of another run (its artifacts/registration.json).")
    match_grid_of: Path | None = Field(None,
        description="Make the stack on the pixel grid of another run (its artifacts/geometry.json).")
    min_inliers: int = Field(8, ge=3, description="Fewest stars that must agree with a transform (or a third of those matched).")
    max_residual: Positive = Field(1.0, description="Largest rms residual of the stars in px.")
    max_scale_change: Positive = Field(0.01, description="Largest relative difference in scale from the reference.")
    detection_sigma: Positive = Field(5.0, description="Star detection threshold in sigma of the noise.")
    max_stars: int = Field(500, ge=10, description="Number of brightest stars used.")
    max_canvas_growth: Positive = Field(2.5, description="Largest canvas area as a multiple of the area of a frame.")
    max_mosaic_growth: Positive | None = Field(None, description="The same for a mosaic of several panels; None: what disk and "
                                               "memory have room for.")
    interpolation: Literal["lanczos4", "lanczos3", "bicubic", "bilinear", "nearest"] = Field(
        "lanczos4", description="Interpolation used to warp frames.")


class Canvas(Section):
    """The pixel grid of the stack."""

    extent: Literal["auto", "reference", "union", "intersection"] = Field(
        "auto", description="auto: the reference frame; the union for a mosaic or a field with large rotation.")
    crop: Literal["auto", "none", "coverage"] = Field(
        "auto", description="coverage: crop to the largest rectangle covered by frames with at least min_coverage of the "
        "information. auto: coverage with 0.5 where the union was chosen automatically; for a mosaic, its panels "
        "without thin rims.")
    min_coverage: Fraction = Field(
        0.5, description="crop: coverage: fraction of the information of all frames that the frames covering a pixel must have.")
    crop_margin: int = Field(0, ge=0, description="Width in px that is cut off of the canvas on all four sides, unless another "
                             "run or a header gives the canvas.")
    feather: float = Field(16.0, ge=0, description="Width in px over which frame borders fade in.")

    @field_validator("crop", mode="before")
    @classmethod
    def _fraction_has_its_own_setting(cls, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("coverage "):
            raise ValueError(f"write 'crop: coverage' and 'min_coverage: {value.removeprefix('coverage ').strip()}'")
        return value

    @property
    def coverage(self) -> float:
        """Fraction of the information that the frames covering a pixel must have; 0 unless ``crop`` is coverage."""
        return self.min_coverage if self.crop == "coverage" else 0.0


class Mosaic(Section):
    """Position and projection of a mosaic on the sky."""

    solve: Literal["anchors", "all", "none"] = Field(
        "anchors", description="Lights that are plate solved before a mosaic is registered, if a solver and a star catalog are "
        "installed: one for each pointing, all, or none. Catalog stars then determine scale, orientation, lens and position.")
    projection: Literal["auto", "none", "TAN", "STG", "ZEA", "CAR"] = Field(
        "auto", description="auto: the plane of the reference, or STG if its position is known and the field is wider than 20 "
        "degrees; TAN or STG if another setting of this section is changed. none: always the plane of the reference.")
    scale: float | None = Field(None, gt=0, description="Pixel scale in arcsec; None: that of the reference.")
    north_up: bool = Field(False, description="Turn north up.")
    center: str = Field("auto", description="auto: the middle of the frames. Otherwise right ascension and declination in "
                        "degrees, as 83.8 -5.4.")
    header: Path | None = Field(
        None, description="FITS file, or text file with the cards of a header, whose WCS and size are those of the canvas.")

    @field_validator("center")
    @classmethod
    def _center_is_a_position(cls, value: str) -> str:
        if value != "auto":
            ra, dec = _two_numbers(value)
            if not (0 <= ra <= 360 and -90 <= dec <= 90):
                raise ValueError("write auto, or right ascension (0 to 360) and declination (-90 to 90) in degrees, as "
                                 "83.8 -5.4")
        return value

    @property
    def position(self) -> tuple[float, float]:
        """Right ascension and declination (degrees) of a ``center`` that is not auto."""
        return _two_numbers(self.center)


def _two_numbers(text: str) -> tuple[float, float]:
    try:
        one, other = (float(v) for v in text.replace(",", " ").split())
    except ValueError:
        return float("nan"), float("nan")
    return one, other


class TileCrop(Section):
    """Quality crop of master tiles: noisy rims of the stack of each panel are cut off."""

    enabled: bool = Field(True,
        description="Cut off the rims of master tiles that are noisier than the rest, of those written and of those read.")
    band: int = Field(32, ge=8, description="Width in px of the bands in which the noise is measured.")
    sigma: Positive = Field(2.0,
        description="A band is poor if its noise exceeds that of the tile by this multiple of its scatter.")
    run: int = Field(2, ge=1, description="Number of good bands in a row at which the rim ends.")
    margin: int = Field(8, ge=0, description="Width in px that is cut off in addition, on all four sides of the tile.")


class Normalization(Section):
    """Transparency and sky of each frame."""

    mode: Literal["photometric", "background", "none"] = Field(
        "photometric", description="photometric: by star fluxes. background: by the sky level only.")
    min_stars: int = Field(10, ge=1, description="With fewer matched stars, transparency comes from the exposure time only.")
    surface_order: int = Field(2, ge=0, le=4, description="Order of the polynomial surface fitted to the sky of each frame.")


class Tiles(Section):
    """Tile grid: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor))."""

    size_factor: Positive = Field(24.0, description="Tile size in FWHM.")
    min_size: int = Field(64, ge=16, description="Smallest tile in px.")
    max_divisor: int = Field(4, ge=1, description="Largest tile: the shorter side of the frame divided by this.")
    overlap: float = Field(0.5, ge=0, le=0.5, description="Overlap of neighbouring tiles as a fraction of their size.")


class Metrics(Section):
    """Quality scores of frames and tiles."""

    background_weight: Fraction = Field(0.4, description="Weight of a low background; the three weights add up to 1.")
    noise_weight: Fraction = Field(0.3, description="Weight of low noise.")
    gradient_weight: Fraction = Field(0.3, description="Weight of high gradient energy (sharpness).")
    adaptive: bool = Field(False, description="Make the weights proportional to the variance of each score.")
    exponent: Positive = Field(1.0, description="G = exp(exponent * clip(Q, -3, 3)).")
    star_min_count: int = Field(5, ge=1, description="Fewest stars for which a tile is scored by its stars.")

    @model_validator(mode="after")
    def _sum_is_one(self) -> Metrics:
        total = self.background_weight + self.noise_weight + self.gradient_weight
        if abs(total - 1) > 1e-6:
            raise ValueError(f"background_weight + noise_weight + gradient_weight must be 1, not {total:g}")
        return self


class Weights(Section):
    """The weight of each frame in each tile."""

    mode: Literal["best", "psf_snr", "snr", "quality", "uniform"] = Field(
        "best", description="best: most information on stars. psf_snr: sharper, a little less. snr: faint extended light. "
        "quality: the sharpest frames dominate. uniform: equal weights.")
    min_information: Fraction = Field(0.7,
        description="quality: soften the exponent until this fraction of the information is kept.")
    local: bool = Field(True, description="False: one weight for each whole frame.")


class Selection(Section):
    """Which lights are stacked; all by default, since poor frames get low weights. The report lists those left out and why."""

    keep_fraction: float = Field(1.0, gt=0, le=1,
        description="Keep this fraction of the lights, the best by score (G of GLOBAL_METRICS).")
    where: str = Field("",
        description="Keep only lights that meet a condition, e.g. fwhm < 3.2 and background < p90 (docs/FRAMES.md).")
    frames: Path | None = Field(None, description="Keep only the lights in this frame list, one file "
                                "name per line, or in this stack plan (.csv), which also names their panels (docs/MOSAICS.md).")

    @field_validator("where")
    @classmethod
    def _where_is_understood(cls, text: str) -> str:
        if text.strip():
            Expression(text)
        return text.strip()


class ExcludedFrame(Section):
    """A frame excluded by the user, everywhere or within a box."""

    frame: str = Field(description="File name of the light, with parent folders where the name is not unique.")
    box: tuple[int, int, int, int] | None = Field(
        None, description="x0, y0, x1, y1 in canvas pixels, 0-based, x1 and y1 exclusive; None: everywhere.")

    @model_validator(mode="after")
    def _box_has_an_area(self) -> ExcludedFrame:
        if self.box is not None and not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError("box must be x0, y0, x1, y1 with x0 < x1 and y0 < y1")
        return self


class Stacking(Section):
    """Rejection of outliers."""

    rejection: Literal["winsorized", "sigma", "mad", "linear_fit", "gesd", "percentile", "none"] = Field(
        "winsorized", description="Method that rejects satellites, aircraft and cosmic rays.")
    sigma_low: Positive = Field(4.0, description="Low threshold in sigma (percentile: in percent).")
    sigma_high: Positive = Field(3.5, description="High threshold in sigma (percentile: in percent).")
    max_iterations: int = Field(6, ge=1, le=20, description="Largest number of iterations of the iterative methods.")
    contrast_tolerance: float = Field(1.0, ge=0,
        description="eta: fraction of the local contrast that is added to the noise, which protects star cores.")
    grow: int = Field(1, ge=0, le=8, description="Radius in px by which rejected regions are enlarged.")
    min_survivors: int = Field(3, ge=1, description="Fewest frames that rejection leaves at a pixel.")
    trails: bool = Field(True,
        description="Detect trails of satellites and aircraft and reject them over their full width, faint ones too.")
    exclude: list[ExcludedFrame] = Field([], description="Frames excluded by hand, everywhere or in the tiles that overlap a "
                                         "box, e.g. [{frame: light_7.fits, box: [100, 80, 140, 95]}].")
    group_size: int = Field(128, ge=8, description="Largest number of frames compared with each other; larger sessions are split "
                            "into groups, each spread over the whole session, which bounds memory and cost.")
    extend: bool = Field(False, description="When a finished run is resumed after lights were added: keep transforms, scales and "
                         "weights of the lights in its stack, and add the new ones to it instead of stacking all again.")


class Reconstruction(Section):
    """How the frames are combined."""

    method: Literal["mean", "proper", "drizzle"] = Field(
        "mean", description="mean: weighted mean with tile weights. proper: co-addition with the PSF of each frame and tile. "
        "drizzle: for dithered, undersampled frames; mosaics without demosaicing.")
    target_fwhm: Positive | Literal["auto"] = Field(
        "auto", description="proper: FWHM of all stars in the stack in px; auto: the smallest that does not raise the noise.")
    scale: float = Field(1.0, ge=0.5, le=4, description="drizzle: output pixels per input pixel along each axis.")
    pixfrac: float = Field(0.9, gt=0, le=1, description="drizzle: size of a drop as a fraction of the input pixel.")
    kernel: Literal["square", "turbo", "point", "gaussian", "lanczos2", "lanczos3"] = Field(
        "square", description="drizzle: kernel; square is exact.")


class Clustering(Section):
    """Clusters of similar frames, and synthetic frames."""

    enabled: bool = Field(False,
        description="Cluster frames with similar sky conditions and stack one synthetic frame per cluster.")
    synthetic: Literal["global", "tile_weighted"] = Field(
        "tile_weighted", description="Weights in synthetic frames: one per frame (global) or one per tile.")
    weights: Literal["information", "quality"] = Field(
        "information", description="Weight of a synthetic frame: by its information or by its quality.")
    steepness: Positive = Field(1.0, description="quality: steepness of the weight.")
    max_ratio: Positive = Field(20.0, description="quality: largest weight as a multiple of the median weight.")
    seed: int = Field(1, description="Seed of the random numbers; the same seed gives the same clusters.")


class Debayer(Section):
    """When and how CFA frames are debayered."""

    stage: Literal["auto", "last", "first", "superpixel", "none"] = Field(
        "auto", description="last: stack the CFA mosaic, debayer once. first: debayer each frame. superpixel: each 2x2 cell "
        "becomes "
        "a pixel. none: the stack stays a CFA mosaic.")
    method: Literal["malvar", "bilinear", "menon", "vng", "superpixel", "siril"] = Field(
        "malvar", description="Debayer algorithm; superpixel halves the size, siril uses the RCD of Siril.")


class SirilEngine(Section):
    """How Siril is used."""

    executable: Path | None = Field(None, description="Path of siril-cli; None looks in SIRIL_CLI, PATH and the usual folders.")
    output: Literal["transforms", "frames"] = Field(
        "transforms", description="transforms: Siril calibrates and registers; frames are warped as they are read. "
        "frames: Siril exports registered frames.")
    templates: Path | None = Field(None, description="Folder with custom templates for Siril scripts; each replaces the "
                                   "built-in one of the same name.")
    timeout: Positive = Field(7200.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Time limit for one script in seconds.")
    fallback: bool = Field(True, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="If Siril fails, continue with the native engine.")


class EngineConfig(Section):
    """The engine that calibrates and registers."""

    name: Literal["auto", "siril", "native"] = Field(
        "auto", description="auto uses Siril 1.4 or newer if it is installed, otherwise the native engine.")
    siril: SirilEngine = SirilEngine()


class Validation(Section):
    """Limits of the final checks; a run that exceeds one ends as validation_failed and keeps its products."""

    max_fwhm_growth: Positive = Field(1.10, description="Largest FWHM relative to the plain mean.")
    max_noise_growth: Positive = Field(1.25, description="Largest noise in 4 px squares relative to the plain mean.")
    max_seam: Positive = Field(0.5, description="Largest step across tile borders in units of the noise.")
    max_flux_scatter: Positive = Field(0.05, description="Largest scatter of star fluxes against the plain mean in mag.")
    max_flux_drift: Positive = Field(0.03,
        description="Largest drift of star fluxes over the field against the plain mean in mag.")
    min_information: Fraction = Field(0.5, description="Smallest fraction of the information on point sources that is kept.")
    min_information_extended: Fraction = Field(0.4,
        description="Smallest fraction of the information on extended sources that is kept.")
    min_effective_share: Fraction = Field(0.1,
        description="Smallest number of effective frames (sum w)^2 / sum w^2 of a tile, as a fraction of the frames there.")


class Output(Section):
    """Which files are written. Settings of previews never change the linear products."""

    palette: str | dict[str, dict[str, float]] = Field(
        "auto", description="How the stacks of several filters are combined: auto (LRGB, RGB, SHO or HOO), none, HSO ..., or a "
        "linear combination for R, G and B.")
    preview: bool = Field(True, description="Write stretched pictures: preview.png and preview.tif.")
    preview_linked: bool = Field(False, description="Use one stretch for all channels; always the case after colour calibration.")
    preview_stretch: Literal["natural", "autostretch", "asinh", "two_stage"] = Field(
        "natural", description="natural: a dark neutral sky without colour noise; autostretch: as in Siril; asinh preserves star "
        "colours; two_stage: asinh, then one curve for sky and contrast.")
    preview_balance: Literal["none", "background", "bayer"] = Field(
        "none", description="White balance of a preview without colour calibration. background: neutral sky; bayer: also a "
        "neutral "
        "mean above the sky.")
    preview_annotated: bool = Field(True, description="With a WCS, also write a picture with grid and object names.")
    preview_scnr: Fraction = Field(0.0, description="Strength of green noise removal (SCNR): 0 none, 1 full.")
    preview_saturation: float = Field(1.0, ge=0, le=5, description="Colour saturation; 1 leaves it unchanged.")
    preview_matrix: Literal["mild", "vivid", "duo_band"] | list[list[float]] | None = Field(
        None, description="Colour matrix: mild or vivid colours, duo_band filters, or a 3x3 matrix whose rows add up to 1.")
    variance: bool = Field(True, description="Write variance.fits: the variance of each pixel.")
    coverage: bool = Field(True, description="Write coverage.fits: the number of frames at each pixel.")
    night_stacks: bool = Field(True, description="With several nights, also write a stack of each night on the same canvas.")
    export: Literal["none", "uint16", "float32"] = Field("none", description="Write another copy of the final linear image for "
        "other programs, outputs/export.fits: integers in ADU, or floating point with 1.0 = 65535 ADU.")
    export_axes: Literal["first", "last"] = Field("first", description="Where the colours are in export.fits: first (3, rows, "
        "columns) or last (rows, columns, 3), as numpy reads it.")
    hips: bool = Field(False, description="Write the final linear image as a HiPS for sky atlases, outputs/hips; needs a WCS and "
                       "the package reproject (docs/MOSAICS.md).")
    master_tiles: bool = Field(False, description="Write the stack of each panel of a mosaic, cropped to the panel: "
                               "outputs/master_tiles (docs/MOSAICS.md).")
    stack_plan: bool = Field(False, description="Write outputs/stack_plan.csv: the lights with their panels, to be edited and "
                             "given as selection.frames.")
    calibrated: bool = Field(False, description="Write the calibrated lights and their registration for Siril: "
                             "outputs/calibrated (docs/FORMATS.md).")
    synthetic: bool = Field(False, description="Write the synthetic frames of clustering: outputs/synthetic.")
    registered: bool = Field(False, description="Write the registered lights, on the pixels of the stack: outputs/registered.")
    report: bool = Field(True, description="Write artifacts/report.html, report.json and report.md at the end of the run.")

    @model_validator(mode="after")
    def _matrix_keeps_grey(self) -> Output:
        rows = self.preview_matrix
        if isinstance(rows, list) and (len(rows) != 3 or any(len(r) != 3 or abs(sum(r) - 1) > 1e-3 for r in rows)):
            raise ValueError("preview_matrix must be 3x3 and each row must add up to 1")
        return self


class Runtime(Section):
    """Memory, cores, cache and kept files."""

    memory_budget: str = Field("auto", description='"auto" (half of the free memory) or a size such as "4 GiB".')
    workers: int = Field(0, ge=0, description="Number of workers; 0: all cores.")
    executor: Literal["threads", "serial", "processes", "dask"] = Field(
        "threads", description="How work is spread over workers; the result is the same.")
    device: Literal["cpu", "gpu", "auto"] = Field(
        "cpu", description="gpu: warp, mean and co-addition with CuPy; without a GPU the CPU is used and a warning is shown.")
    scheduler: str | None = Field(None, description="Address of a Dask scheduler (tcp://host:8786); None starts a local cluster.")
    keep_work: bool = Field(False, description="Keep the scratch folder work/ of a finished run.")
    cache: bool = Field(True, description="Keep measurements, transforms and masters in a cache beside the runs, for later "
                        "runs of the session.")
    cache_refresh: bool = Field(False, description="Rebuild everything in the cache.")
    cache_size: str = Field("4 GiB", description="Largest size of the cache; the least recently used entries are deleted first.")
    keep_arrays: bool = Field(True, description="Keep the arrays of the stack, so that `resume --from-phase STACKING` does not "
                              "have to reconstruct it.")
    growing_picture: bool = Field(False, description="While a run works, report the measurements of its frames as events, and "
                                  "draw their mean so far: artifacts/growing.png. The window sets this.")


# Defaults with input.workflow master_tiles: stacks are calibrated, and outliers of their frames are rejected already.
MASTER_TILES: dict[str, dict[str, Any]] = {
    "input": {"min_frames": 2}, "engine": {"name": "native"}, "calibration": {"cosmetic": False, "fixed_pattern": "none"},
    "stacking": {"rejection": "none", "trails": False}}


class RunConfig(Section):
    """All settings with their defaults."""

    input: Input = Input()
    engine: EngineConfig = EngineConfig()
    calibration: Calibration = Calibration()
    registration: Registration = Registration()
    canvas: Canvas = Canvas()
    mosaic: Mosaic = Mosaic()
    tile_crop: TileCrop = TileCrop()
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

    @model_validator(mode="after")
    def _defaults_of_master_tiles(self) -> RunConfig:
        if self.input.workflow == "master_tiles":
            for section, values in MASTER_TILES.items():
                part = getattr(self, section)
                for name in values.keys() - part.model_fields_set:
                    setattr(part, name, values[name])
        return self

    @model_validator(mode="before")
    @classmethod
    def _no_old_names(cls, data: Any) -> Any:
        for old in map(".".join, old_settings_in(data) if isinstance(data, dict) else ()):
            raise ValueError(f"{old} is now called {OLD_SETTINGS[old]}")
        return data
