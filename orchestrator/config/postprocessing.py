"""Sections of the configuration for what follows the stack: background, colours, plate solving."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from orchestrator.config.section import NO_EFFECT_ON_RESULT, Positive, Section

__all__ = ["Astrometry", "Bge", "Pcc", "Spcc"]


class Astrometry(Section):
    """Plate solving of the stack, and how far it is trusted."""

    solver: Literal["auto", "astap", "faster_astap", "siril", "astrometry_net", "astrometry", "none"] = Field(
        "auto", description="Who solves; auto tries those that are installed, with their star catalogs.")
    ra: float | None = Field(None, ge=0, lt=360, description="Right ascension of the field in degrees; None: header, object.")
    dec: float | None = Field(None, ge=-90, le=90, description="Declination of the field in degrees.")
    scale: Positive | None = Field(None, description="Arcsec a pixel of the stack; None: focal length and pixel size.")
    focal_length: Positive | None = Field(None, description="Focal length in mm, where the header has none or a wrong one.")
    pixel_size: Positive | None = Field(None, description="Size of a stack's pixel in micrometres, where the header has none.")
    radius: Positive = Field(3.0, description="First search radius about the expected position in degrees.")
    max_radius: Positive = Field(30.0, description="Widest search radius before the whole sky is searched.")
    blind: bool = Field(True, description="Search the whole sky when the expected position is wrong or unknown.")
    sip: bool = Field(False, description="Describe optical distortion by SIP polynomials.")
    downsample: int = Field(0, ge=0, le=16, description="ASTAP: bin the image before detection; 0 lets ASTAP choose.")
    min_stars: int = Field(5, ge=4, description="With fewer stars detected no solver is started.")
    max_rms: Positive = Field(1.5, description="Largest rms distance of stars to their catalog positions in pixels.")
    timeout: Positive = Field(120.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Seconds for one start of a solver.")
    budget: Positive = Field(300.0, description="Seconds after which no further search is begun.")
    attempts: int = Field(2, ge=1, le=10, description="Starts of a solver that crashes or does not end, before the next one.")
    backoff: float = Field(1.0, ge=0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Seconds before the second start; doubled before each further one.")
    max_instances: int = Field(2, ge=1, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Most solvers of a kind at work on this machine.")
    min_interval: float = Field(0.0, ge=0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Least seconds between two starts of a solver on this machine.")
    catalog: Path | None = Field(None, description="Star catalog (Parquet, CSV, FITS) to verify the solution against.")
    astap: Path | None = Field(None, description="astap_cli; None looks in ASTAP_EXE and others, PATH, the usual folders.")
    astap_data: Path | None = Field(None, description="Folder of ASTAP's star databases.")
    astap_database: str | None = Field(None, description="Database to use, such as d50; None: the deepest one that fits.")
    siril_catalog: Path | None = Field(None, description="Siril's local Gaia catalog; None: as set in Siril.")
    solve_field: Path | None = Field(None, description="astrometry.net's solve-field; None looks on PATH.")
    index_dir: Path | None = Field(None, description="Folder of astrometry.net's index files.")

    @model_validator(mode="after")
    def _position_is_whole(self) -> Astrometry:
        if (self.ra is None) != (self.dec is None):
            raise ValueError("ra and dec belong together: give both or none")
        return self


class Bge(Section):
    """Background extraction: gradients are taken away, star fluxes and nebulae stay."""

    enabled: bool = Field(True, description="Take the sky's gradient away.")
    method: Literal["auto", "polynomial", "spline", "rbf", "mesh", "siril", "graxpert"] = Field(
        "polynomial", description="auto: the autotune chooses among the four native ones; siril: its subsky; graxpert: its "
        "command line.")
    order: int = Field(2, ge=1, le=4, description="Order of the polynomial (siril too); the autotune starts here.")
    loss: Literal["tukey", "huber"] = Field("tukey", description="Robust loss of the fits (IRLS).")
    kernel: Literal["thin_plate", "multiquadric", "gaussian"] = Field("thin_plate", description="Radial basis function.")
    smoothing: Positive = Field(1.0, description="Lambda of spline and rbf (graxpert: 0 to 1).")
    mesh_width: Positive = Field(2.0, description="mesh: reach of a node in cells.")
    quantile: float = Field(0.2, gt=0, le=0.5, description="Sky level of a tile: from this quantile of its free pixels.")
    autotune: bool = Field(True, description="Choose order or smoothing by predicting held-out samples.")
    max_evals: int = Field(24, ge=1, description="Candidates that the autotune tries at most.")
    alpha: float = Field(0.3, ge=0, description="Autotune: weight of what the model leaves over.")
    beta: float = Field(0.1, ge=0, description="Autotune: weight of the model's roughness.")
    max_star_change: Positive = Field(2.0, description="Scatter in mmag that star flux ratios may gain.")
    siril_rbf: bool = Field(False, description="siril: radial basis functions instead of a polynomial.")
    graxpert: Path | None = Field(None, description="GraXpert's program; None looks in GRAXPERT, PATH and the usual folders.")
    timeout: Positive = Field(1800.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Seconds for an external program.")


Band = tuple[Annotated[float, Field(ge=380, le=700)], Annotated[float, Field(ge=1, le=40)]]


class Spcc(Section):
    """What Siril's spcc must know of the camera, by the names that its sensor database has."""

    catalog: Path | None = Field(None, description="Folder of star spectra (siril_cat1_healpix8_xpsamp_*.dat); "
                                 "None looks where Siril does.")
    database: Path | None = Field(None, description="Folder siril-spcc-database; None looks where Siril does.")
    sensor: str | None = Field(None, description="Colour or mono sensor; None: the camera of the header, if it is one.")
    filter: str = Field("No filter", description="Filter before a colour sensor.")
    lowpass: str | None = Field(None, description="Low-pass filter of a DSLR.")
    filters: tuple[str, str, str] | None = Field(None, description="Filters of a mono sensor: red, green, blue.")
    narrowband: tuple[Band, Band, Band] | None = Field(
        None, description="Wavelength and width (nm) of what is shown red, green and blue, instead of filters.")
    white_reference: str = Field("Average Spiral Galaxy", description="What shall be white, as Siril's spcc names it.")


class Pcc(Section):
    """Photometric colour calibration: gains of the channels from stars."""

    enabled: bool = Field(True, description="Calibrate the colours by stars.")
    method: Literal["auto", "catalog", "stars", "siril_pcc", "siril_spcc"] = Field(
        "auto", description="auto: a catalog with a WCS, else the stars' mean colour; catalog: nothing else; siril_*: Siril's.")
    catalog: Path | None = Field(None, description="CSV, ECSV, FITS or parquet with ra, dec and magnitudes in two bands; "
                                   "None looks in ORCHESTRATE_STAR_CATALOG.")
    columns: dict[str, str] = Field({}, description="Columns with unusual names, e.g. {ra: RA_deg, B: blue, V: visual}.")
    online: bool = Field(True, description="Without a catalog ask Gaia DR3, where astroquery is installed.")
    white_reference: Literal["A0V", "F5V", "average_spiral", "G2V", "K2V", "M0V"] = Field(
        "G2V", description="What shall be white: the spectral type of a star, or a galaxy.")
    background: Literal["median", "plane"] = Field("median", description="Local sky of a star.")
    wavelengths: tuple[Positive, Positive, Positive] = Field(
        (600.0, 530.0, 460.0), description="Effective wavelengths (nm) of red, green and blue of the sensor, where known.")
    min_stars: int = Field(12, ge=3, description="Fewer usable stars: the image stays as it is.")
    max_scatter: Positive = Field(0.25, description="Largest residual of the stars in magnitudes.")
    max_gain: float = Field(10.0, gt=1, description="A gain beyond this, or below its inverse, is refused.")
    siril_catalog: Path | None = Field(
        None, description="siril_pcc: its local Gaia file (gaia_astrometric.dat); None looks where Siril does.")
    spcc: Spcc = Spcc()
    timeout: Positive = Field(600.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Seconds for an external program.")
