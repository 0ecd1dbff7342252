"""Settings of the steps after stacking: background extraction, colour calibration, plate solving."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from orchestrator.config.section import NO_EFFECT_ON_RESULT, Positive, Section

__all__ = ["SOLVER_LIMITS", "SOLVER_SETTINGS", "Astrometry", "Bge", "Pcc", "Spcc"]


# Settings of plate solving that hold for lights as for the stack: where solvers and their catalogs are ...
SOLVER_SETTINGS = ("astap", "astap_data", "astap_database", "siril_catalog", "solve_field", "index_dir", "catalog")
# ... and limits of their use, which change no result.
SOLVER_LIMITS = ("timeout", "backoff", "max_instances", "min_interval")


class Astrometry(Section):
    """Plate solving of the stack, and the checks of its solution."""

    solver: Literal["auto", "astap", "faster_astap", "siril", "astrometry_net", "astrometry", "none"] = Field(
        "auto", description="Plate solver; auto tries the installed solvers that have a star catalog.")
    ra: float | None = Field(None, ge=0, lt=360,
        description="Right ascension of the field in degrees; None: from the header or the object.")
    dec: float | None = Field(None, ge=-90, le=90, description="Declination of the field in degrees.")
    scale: Positive | None = Field(None,
        description="Pixel scale of the stack in arcsec/px; None: from focal length and pixel size.")
    focal_length: Positive | None = Field(None, description="Focal length in mm, if the header has none or a wrong one.")
    pixel_size: Positive | None = Field(None, description="Pixel size of the stack in micrometres, if the header has none.")
    radius: Positive = Field(3.0, description="First search radius around the expected position in degrees.")
    max_radius: Positive = Field(30.0, description="Largest search radius in degrees before the whole sky is searched.")
    blind: bool = Field(True, description="Search the whole sky if the expected position is wrong or unknown.")
    sip: bool = Field(False, description="Describe optical distortion with SIP polynomials.")
    downsample: int = Field(0, ge=0, le=16, description="ASTAP: bin the image before detection; 0 lets ASTAP choose.")
    min_stars: int = Field(5, ge=4, description="Fewest detected stars for which a solver is started.")
    max_rms: Positive = Field(1.5, description="Largest rms distance of stars from their catalog positions in px.")
    timeout: Positive = Field(120.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Time limit for one attempt of a solver in seconds.")
    budget: Positive = Field(300.0, description="Time in seconds after which no further search is started.")
    attempts: int = Field(2, ge=1, le=10,
        description="Attempts with a solver that crashes or times out before the next solver is tried.")
    backoff: float = Field(1.0, ge=0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Pause before the second attempt in seconds; doubled before each further one.")
    max_instances: int = Field(2, ge=1, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Largest number of instances of one solver running at the same time.")
    min_interval: float = Field(0.0, ge=0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Shortest time between two starts of a solver in seconds.")
    catalog: Path | None = Field(None, description="Star catalog (Parquet, CSV, FITS) used to verify the solution.")
    astap: Path | None = Field(None, description="Path of astap_cli; None looks in ASTAP_EXE, PATH and the usual folders.")
    astap_data: Path | None = Field(None, description="Folder of the ASTAP star databases.")
    astap_database: str | None = Field(None, description="ASTAP database, such as d50; None: the deepest suitable one.")
    siril_catalog: Path | None = Field(None, description="Local Gaia catalog of Siril; None: as set in Siril.")
    solve_field: Path | None = Field(None, description="Path of solve-field (astrometry.net); None looks on PATH.")
    index_dir: Path | None = Field(None, description="Folder of the astrometry.net index files.")

    @model_validator(mode="after")
    def _position_is_whole(self) -> Astrometry:
        if (self.ra is None) != (self.dec is None):
            raise ValueError("ra and dec belong together: give both or neither")
        return self


class Bge(Section):
    """Background extraction: removes gradients, preserves star fluxes and nebulae."""

    enabled: bool = Field(True, description="Remove the sky gradient.")
    method: Literal["auto", "polynomial", "spline", "rbf", "mesh", "siril", "graxpert"] = Field(
        "polynomial", description="auto: the autotune chooses one of the four native methods; siril: subsky of Siril; "
        "graxpert: the "
        "GraXpert command line.")
    order: int = Field(2, ge=1, le=4, description="Order of the polynomial (siril too); starting point of the autotune.")
    loss: Literal["tukey", "huber"] = Field("tukey", description="Robust loss of the fits (IRLS).")
    kernel: Literal["thin_plate", "multiquadric", "gaussian"] = Field("thin_plate", description="Radial basis function.")
    smoothing: Positive = Field(1.0, description="Smoothing (lambda) of spline and rbf (graxpert: 0 to 1).")
    mesh_width: Positive = Field(2.0, description="mesh: range of a node in cells.")
    quantile: float = Field(0.2, gt=0, le=0.5,
        description="Quantile of the source-free pixels from which the sky level of a tile is estimated.")
    autotune: bool = Field(True, description="Choose order or smoothing by cross-validation.")
    max_evals: int = Field(24, ge=1, description="Largest number of candidates that the autotune tries.")
    residual_weight: float = Field(0.3, ge=0, description="Autotune: weight of the residual.")
    roughness_weight: float = Field(0.1, ge=0, description="Autotune: weight of the roughness of the model.")
    max_star_change: Positive = Field(2.0,
        description="Largest scatter in mmag that background extraction may add to star flux ratios.")
    protect_objects: bool = Field(True,
        description="Subtract only what can be a gradient: a model that may follow a nebula or a galaxy is replaced by a plane, "
        "or nothing is subtracted. False: always subtract the chosen model. Native methods only.")
    siril_rbf: bool = Field(False, description="siril: radial basis functions instead of a polynomial.")
    graxpert: Path | None = Field(None, description="Path of GraXpert; None looks in GRAXPERT, PATH and the usual folders.")
    timeout: Positive = Field(1800.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Time limit for an external program in seconds.")


Band = tuple[Annotated[float, Field(ge=380, le=700)], Annotated[float, Field(ge=1, le=40)]]


class Spcc(Section):
    """Camera, filters and catalog for spcc of Siril, with the names in its sensor database."""

    catalog: Path | None = Field(None, description="Folder of star spectra (siril_cat1_healpix8_xpsamp_*.dat); "
                                 "None: as set in Siril.")
    database: Path | None = Field(None, description="Folder siril-spcc-database; None: as set in Siril.")
    sensor: str | None = Field(None,
        description="Colour or mono sensor; None: the camera named in the header, if the database has it.")
    filter: str = Field("No filter", description="Filter in front of a colour sensor.")
    lowpass: str | None = Field(None, description="Low-pass filter of a DSLR.")
    filters: tuple[str, str, str] | None = Field(None, description="Filters of a mono sensor: red, green, blue.")
    narrowband: tuple[Band, Band, Band] | None = Field(
        None, description="Wavelength and bandwidth in nm shown as red, green and blue, instead of filters.")
    white_reference: str = Field("Average Spiral Galaxy", description="White reference, as named by spcc of Siril.")


class Pcc(Section):
    """Photometric colour calibration: channel gains from star colours."""

    enabled: bool = Field(True, description="Calibrate colours with stars.")
    method: Literal["auto", "catalog", "stars", "siril_pcc", "siril_spcc"] = Field(
        "auto", description="auto: a catalog if there is a WCS, otherwise the mean colour of the stars; catalog: only a catalog; "
        "siril_*: pcc or spcc of Siril.")
    dual_band: Literal["auto", "on", "off"] = Field(
        "auto", description="Separate H-alpha and [O III] of a colour camera instead of calibrating its colours; auto: if the "
        "filter in the headers is a dual-band filter.")
    catalog: Path | None = Field(None, description="CSV, ECSV, FITS or parquet with ra, dec and magnitudes in two bands; "
                                   "None looks in ORCHESTRATE_STAR_CATALOG.")
    columns: dict[str, str] = Field({}, description="Names of catalog columns, e.g. {ra: RA_deg, B: blue, V: visual}.")
    online: bool = Field(True, description="Without a catalog query Gaia DR3 online (needs astroquery).")
    white_reference: Literal["A0V", "F5V", "average_spiral", "G2V", "K2V", "M0V"] = Field(
        "G2V", description="White reference: a spectral type, or an average spiral galaxy.")
    background: Literal["median", "plane"] = Field("median", description="Estimate of the local sky of a star.")
    wavelengths: tuple[Positive, Positive, Positive] = Field(
        (600.0, 530.0, 460.0), description="Effective wavelengths of red, green and blue of the sensor in nm.")
    min_stars: int = Field(12, ge=3, description="With fewer usable stars the image is left unchanged.")
    max_scatter: Positive = Field(0.25, description="Largest residual of the stars in mag.")
    max_gain: float = Field(10.0, gt=1, description="Largest accepted gain; its inverse is the smallest.")
    siril_catalog: Path | None = Field(
        None, description="siril_pcc: local Gaia file (gaia_astrometric.dat); None: as set in Siril.")
    spcc: Spcc = Spcc()
    timeout: Positive = Field(600.0, json_schema_extra=NO_EFFECT_ON_RESULT,
        description="Time limit for an external program in seconds.")
