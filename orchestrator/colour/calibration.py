"""Channel gains from stars: against a catalog with the image's WCS, or from the mean colour of the stars."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from orchestrator.astrometry.hints import read_hints
from orchestrator.astrometry.verify import field_circle
from orchestrator.colour.catalog import StarCatalog, gaia, has_astroquery, read_catalog
from orchestrator.colour.field_stars import FieldColour, field_colour
from orchestrator.colour.photometry import StarFluxes, clipping_level, measure_stars
from orchestrator.colour.result import ColourResult, Declined
from orchestrator.colour.siril import siril_gains
from orchestrator.colour.zero_point import MOST, ZeroPoints, fit_zero_points, total_fluxes
from orchestrator.config.postprocessing import Pcc
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ConfigError, InputError, OrchestrateError, ToolError
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.saturation_card import card_level
from orchestrator.io.wcs_header import read_wcs
from orchestrator.message import Message
from orchestrator.tools.environment import ToolEnvironment
from tilecore.colour import ChannelFit, balance, channel_ratio, fit_ratio, median_ratio, star_temperature, with_jackknife_error
from tilecore.sky import background_extraction as bge

__all__ = ["CATALOG_VARIABLE", "WHITE", "calibrate_colours"]

# Environment variable with a catalog for all runs, if the configuration names none.
CATALOG_VARIABLE = "ORCHESTRATE_STAR_CATALOG"
# B-V of main-sequence stars (Pecaut & Mamajek 2013, ApJS 208, 9); an average Sb-Sc galaxy has the colour of about an F8 star.
WHITE = {"A0V": 0.0, "F5V": 0.44, "average_spiral": 0.53, "G2V": 0.653, "K2V": 0.88, "M0V": 1.43}
# Share of the saturation level from which a star may be clipped: interpolation lowers the peaks of stars.
NEAR_SATURATION = 0.947
# Brightest stars that are measured.
MAX_STARS = 1000
# Scatter in mag of the stars of a field in one channel against green, from their different colours.
OWN_COLOURS = 0.6
# Signal-to-noise ratio from which a star is used for the FWHM.
FWHM_SNR = 20
# Signal-to-noise ratio in each channel, for the usual light of a star of its magnitude, from which a catalog star is used.
CATALOG_SNR = 7.0
# Relative error of what is assumed with a catalog: that stars radiate as black bodies and sensors as a typical one.
MODEL_ERROR = 0.007
# Catalog stars are read in a circle that is larger than the image by this factor.
CATALOG_MARGIN = 1.02
# Width in pixels of the border outside of the image in which catalog stars are kept.
BORDER = 20
# Radii of the rounds of matching in FWHM, and the smallest one in pixels.
MATCH_RADII = (4, 1.5, 1.0)
LEAST_MATCH_RADIUS = 2.0
# Magnitudes of a relative error (2.5 / ln 10), and its inverse.
MAG_PER_ERROR = 1.0857
ERROR_PER_MAG = 0.921
# Standard error (mag) of a factor from a catalog above which the mean colour of the stars is as good.
LARGEST_ERROR = 0.1
# Temperatures (K) of the median star of a picture, and the distance (mag) of its colour from the colours of stars in this range.
STAR_TEMPERATURES = (2800.0, 25000.0)
MOST_OFF_STARS = 0.2
# Figures of a calibration in the report.
FIGURES = ("source", "catalog_name", "system", "catalog_stars", "matched", "stars_used", "gains", "slopes", "slope_errors",
           "scatter_mag", "gain_errors", "condition", "median_star_off_mag")
# Slopes against the catalog that are believed.
SMALLEST_SLOPE = 0.2
LARGEST_SLOPE = 5


def calibrate_colours(image: NDArray[np.float32], header: fits.Header, config: RunConfig,
                      environment: ToolEnvironment, *, stars: NDArray[np.void] | None = None,
                      new: bge.NewImage | None = None) -> ColourResult:
    """White-balance a linear colour image (3, h, w); it is returned unchanged if its stars do not determine the gains.

    If Siril fails, the native photometry replaces it, and ``fallback`` in the report holds the reason.
    ``stars`` are those that :func:`tilecore.sky.background_extraction.object_mask` found in the image; by default they are
    searched. ``new`` makes the arrays of images, by default in memory.
    """
    settings = config.pcc
    report: dict[str, Any] = {"method": settings.method, "white_reference": settings.white_reference}
    covered = bge.has_data(image)
    try:
        mask, stars = bge.object_mask(image, covered, card_level(header), stars=stars, new=new)
        try:
            gains = siril_gains(image, header, config, environment, report) if settings.method.startswith("siril") else None
        except (ToolError, ConfigError) as error:
            gains, report["fallback"] = None, str(error)
        gains = gains or _native(image, header, stars, covered, config, report)
        for name, gain in zip(("red", "blue"), (gains[0], gains[2]), strict=True):
            if not 1 / settings.max_gain < gain < settings.max_gain:
                raise Declined(Message("the gain of {name} would be {gain:.3g}", name=name, gain=gain))
        red, green, blue = bge.sky_levels(image, mask)
    except (Declined, ValueError, OrchestrateError) as error:
        if isinstance(error, Cancelled):
            raise
        report.pop("zero_points", None)
        return ColourResult(image, str(error), {**report, "declined": str(error)})
    sky = (red, green, blue)
    if isinstance(points := report.get("zero_points"), ZeroPoints):
        report["zero_points"] = points.scaled(gains).to_dict()
    report["background_adu"] = [FULL_SCALE * s for s in sky]
    out = None if new is None else new(image.shape)
    return ColourResult(balance(image, gains, sky, covered, out), "", {**report, "declined": ""})


def _native(image: NDArray[np.float32], header: fits.Header, stars: NDArray[np.void], covered: NDArray[np.bool_],
            config: RunConfig, report: dict[str, Any]) -> tuple[float, float, float]:
    """Gains from the native photometry."""
    settings = config.pcc
    bright = stars[~stars["saturated"]][:MAX_STARS]
    if len(bright) < settings.min_stars:
        raise Declined(Message("only {count} stars were found, {min_stars} are needed", count=len(bright),
                               min_stars=settings.min_stars))
    sharp = bright["fwhm"][bright["snr"] > FWHM_SNR]
    fwhm = float(np.median(sharp if len(sharp) else bright["fwhm"]))
    fluxes = measure_stars(image, bright, fwhm, covered=covered, background=settings.background,
                           saturation=NEAR_SATURATION * clipping_level(image, stars, card_level(header)))
    report.update(stars_measured=int(fluxes.good.sum()), aperture_correction=fluxes.correction.tolist())
    wcs = read_wcs(header)
    try:
        catalog = _catalog(wcs, image.shape[1:], header, settings, report)
    except InputError as error:  # for example a catalog without colours
        if settings.method == "catalog":
            raise
        catalog, report["catalog_declined"] = None, {"reason": error.message}
    if catalog is not None and wcs is not None:  # there is no catalog without a WCS
        try:
            matched = _match(wcs, image.shape[1:], bright, catalog, fwhm)
            gains = _by_catalog(matched, catalog, fluxes, settings, report)
            report.update(_zero_points(image, bright, matched, catalog, fluxes))
            return gains
        except Declined as reason:
            if settings.method == "catalog":
                raise
            # The catalog does not settle the colours; the stars themselves may.
            report["catalog_declined"] = {"reason": str(reason), **_moved(report)}
    return _by_median_star(fluxes, field_colour(_position(header, image.shape[1:], config)), settings, report)


def _zero_points(image: NDArray[np.float32], stars: NDArray[np.void], matched: tuple[NDArray[np.intp], NDArray[np.intp]],
                 catalog: StarCatalog, fluxes: StarFluxes) -> dict[str, ZeroPoints]:
    """Zero points of the channels of ``image``, from the catalog stars without neighbours."""
    star, entry = (part[fluxes.good[matched[0]]][:MOST] for part in matched)
    found = fit_zero_points(total_fluxes(image, stars[star]), fluxes.error[:, star], catalog.magnitude[entry],
                            catalog.colour[entry], (catalog.band, catalog.system))
    return {} if found is None else {"zero_points": found}


def _moved(report: dict[str, Any]) -> dict[str, Any]:
    """The figures of a calibration that is not used, taken out of the report."""
    return {name: report.pop(name) for name in FIGURES if name in report}


def _by_catalog(matched: tuple[NDArray[np.intp], NDArray[np.intp]], catalog: StarCatalog, fluxes: StarFluxes, settings: Pcc,
                report: dict[str, Any]) -> tuple[float, float, float]:
    """Gains from the stars ``matched`` with entries of a catalog. Raises Declined if they do not determine them."""
    star, entry = matched
    report.update(source="catalog", catalog_name=catalog.source, system=catalog.system, catalog_stars=len(catalog),
                  matched=len(star))
    light = _light_by_catalog(star, catalog.magnitude[entry], fluxes)
    usable = fluxes.clean[star] & (fluxes.flux[:, star] > 0).all(axis=0) & (
        light > CATALOG_SNR * fluxes.error[:, star]).all(axis=0)
    found = _fits(star[usable], star_temperature(catalog.colour[entry[usable]], catalog.system), fluxes, settings,
                  light[:, usable])
    _check_fits(found, int(usable.sum()), settings, report)
    _check_factors(found, fluxes, settings, report)
    return found[0].gain, 1.0, found[1].gain


def _light_by_catalog(star: NDArray[np.intp], magnitude: NDArray[np.float64], fluxes: StarFluxes) -> NDArray[np.float64]:
    """(3, k) usual fluxes of stars of given ``magnitude`` (k,) of the catalog.

    Stars chosen or weighted by their own fluxes would be those with light of a nebula in their apertures, whose colour they take.
    """
    good = fluxes.clean[star] & np.isfinite(fluxes.flux[:, star]).all(axis=0)
    if not good.any():
        raise Declined(Message("none of the {count} catalog stars is free of clipping and neighbours", count=len(star)))
    relative = fluxes.flux[:, star[good]] * 10 ** (0.4 * magnitude[good])
    return np.asarray(np.median(relative, axis=1)[:, None] * 10 ** (-0.4 * magnitude))


def _by_median_star(fluxes: StarFluxes, usual: FieldColour, settings: Pcc, report: dict[str, Any]) -> tuple[float, float, float]:
    """Gains for which the median star has the ``usual`` colour of such fields. Raises Declined if there are too few stars."""
    chosen = np.flatnonzero(fluxes.good)
    report.update(source="stars", assumed_bv=usual.bv, assumed_bv_error=usual.spread, galactic_latitude=usual.latitude)
    temperatures = star_temperature(usual.bv + usual.spread * np.array([-1, 0, 1]), "B-V")
    white = _white_temperature(settings.white_reference)
    ratios = [channel_ratio(temperatures, c, white, settings.wavelengths) for c in (0, 2)]
    assumed = tuple(0.5 * ERROR_PER_MAG * float(np.ptp(ratio)) for ratio in ratios)
    try:
        _check_number(len(chosen), settings)
        magnitude = -2.5 * np.log10(fluxes.flux[:, chosen])
        red, blue = (median_ratio(magnitude[c] - magnitude[1], float(r[1])) for c, r in zip((0, 2), ratios, strict=True))
        found = (red, blue)
        _check_fits(found, len(chosen), settings, report, assumed)
    except Declined as reason:
        first = report.get("catalog_declined", {}).get("reason")
        raise Declined(Message("{first} (catalog); {reason} (mean colour of the stars)", first=first,
                               reason=reason) if first else str(reason)) from reason
    return found[0].gain, 1.0, found[1].gain


def _position(header: fits.Header, shape: tuple[int, ...], config: RunConfig) -> tuple[float, float] | None:
    """Where the picture points to (deg): by its WCS, else the settings, its header or the name of the object; None if unknown."""
    wcs, size = read_wcs(header), (shape[0], shape[1])
    if wcs is not None:
        return field_circle(wcs, size)[:2]
    hints = read_hints(header, size, config.astrometry)
    return None if hints.ra is None or hints.dec is None else (hints.ra, hints.dec)


def _fits(chosen: NDArray[np.intp], temperature: NDArray[np.float64], fluxes: StarFluxes, settings: Pcc,
          light: NDArray[np.float64]) -> tuple[ChannelFit, ChannelFit]:
    """Fits of red and blue against green to the ``chosen`` stars of known ``temperature``. Relative errors refer to ``light``
    (3, k)."""
    _check_number(len(chosen), settings)
    magnitude = -2.5 * np.log10(fluxes.flux[:, chosen])
    error = MAG_PER_ERROR * fluxes.error[:, chosen] / light
    white = _white_temperature(settings.white_reference)
    found = []
    for c in (0, 2):
        expected = channel_ratio(temperature, c, white, settings.wavelengths)
        data = (magnitude[c] - magnitude[1], expected, np.hypot(error[c], error[1]))
        found.append(with_jackknife_error(fit_ratio(*data), *data))
    return found[0], found[1]


def _check_number(stars: int, settings: Pcc) -> None:
    if stars < settings.min_stars:
        raise Declined(Message("only {stars} stars can be used, {min_stars} are needed", stars=stars,
                               min_stars=settings.min_stars))


def _check_factors(found: tuple[ChannelFit, ChannelFit], fluxes: StarFluxes, settings: Pcc, report: dict[str, Any]) -> None:
    """Check gains from a catalog against all stars of the picture, most of which the fit has not seen; raise Declined if they are
    uncertain, or if the median star would have a colour that stars do not have, for example green."""
    for name, fit in zip(("red", "blue"), found, strict=True):
        if fit.error > LARGEST_ERROR:
            raise Declined(Message("the factor of {name} is uncertain by {error_per_mag:.0f} %", name=name,
                                   error_per_mag=100 * ERROR_PER_MAG * fit.error))
    magnitude = -2.5 * np.log10(fluxes.flux[:, fluxes.good])
    median = np.median(magnitude[[0, 2]] - magnitude[1], axis=1)
    white = _white_temperature(settings.white_reference)
    temperatures = np.linspace(*STAR_TEMPERATURES, 400)
    off = np.hypot(*(m - f.zero - f.slope * channel_ratio(temperatures, c, white, settings.wavelengths)
                     for m, f, c in zip(median, found, (0, 2), strict=True)))
    report["median_star_off_mag"] = float(off.min())
    if off.min() > MOST_OFF_STARS + 3 * max(f.error for f in found):
        raise Declined(Message("the median of the {shape} stars would be {off:.2f} mag off the colours of real stars",
                               shape=magnitude.shape[1], off=off.min()))


def _white_temperature(name: str) -> float:
    return float(star_temperature(np.array([WHITE[name]]), "B-V")[0])


def _catalog(wcs: WCS | None, shape: tuple[int, int], header: fits.Header, settings: Pcc,
             report: dict[str, Any]) -> StarCatalog | None:
    """The catalog stars in the field; None to use the mean colour of the stars, with the reason in the report."""
    if settings.method == "stars":
        return None
    path = settings.catalog or (Path(os.environ[CATALOG_VARIABLE]) if os.environ.get(CATALOG_VARIABLE) else None)
    if wcs is None:
        return _without("the image has no WCS", settings, report)
    if path is None and not (settings.online and has_astroquery()):
        return _without(Message("there is no star catalog (pcc.catalog, {catalog_variable}; or install astroquery)",
                                catalog_variable=CATALOG_VARIABLE), settings, report)
    ra, dec, radius = field_circle(wcs, shape)
    radius *= CATALOG_MARGIN
    if path is not None:
        return read_catalog(path, settings.columns, _year(header)).within(ra, dec, radius)
    try:
        return gaia(ra, dec, radius)
    except OrchestrateError as error:
        return _without(error.message, settings, report)


def _without(reason: str, settings: Pcc, report: dict[str, Any]) -> StarCatalog | None:
    """Continue without a catalog if the method allows it."""
    if settings.method == "catalog":
        raise Declined(reason)
    report["no_catalog"] = reason
    return None


def _year(header: fits.Header) -> float | None:
    try:
        return float(str(header.get("DATE-OBS", ""))[:4])
    except ValueError:
        return None


def _match(wcs: WCS, shape: tuple[int, int], stars: NDArray[np.void], catalog: StarCatalog,
           fwhm: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of stars and of their catalog entries: mutual nearest neighbours after a common shift is removed."""
    if not len(catalog):
        raise Declined(Message("{source} has no stars in this field", source=catalog.source))
    x, y = wcs.all_world2pix(catalog.ra, catalog.dec, 0, quiet=True)
    inside = np.flatnonzero(np.isfinite(x) & (x > -BORDER) & (x < shape[1] + BORDER)
                            & (y > -BORDER) & (y < shape[0] + BORDER))
    if not len(inside):
        raise Declined(Message("{source} has no stars in this field", source=catalog.source))
    expected, seen = np.stack([x[inside], y[inside]], 1), np.stack([stars["x"], stars["y"]], 1)
    shift = np.zeros(2)
    for radius in (factor * fwhm for factor in MATCH_RADII):
        distance, i = cKDTree(seen).query(expected + shift, distance_upper_bound=max(radius, LEAST_MATCH_RADIUS))
        _, back = cKDTree(expected + shift).query(seen)
        entry = np.flatnonzero(np.isfinite(distance))
        entry = entry[back[i[entry]] == entry]
        if not len(entry):
            raise Declined(Message("no star is at a position that {source} and the WCS predict", source=catalog.source))
        shift = np.median(seen[i[entry]] - expected[entry], axis=0)
    return i[entry], inside[entry]


def _check_fits(found: tuple[ChannelFit, ChannelFit], used: int, settings: Pcc, report: dict[str, Any],
                assumed: tuple[float, ...] = (MODEL_ERROR, MODEL_ERROR)) -> None:
    """Write the figures to the report, with the relative errors ``assumed`` of what the fits of red and blue assume; raise
    Declined if a fit cannot be trusted."""
    report.update(
        stars_used=min(int(f.used.sum()) for f in found), gains=[found[0].gain, 1.0, found[1].gain],
        slopes=[f.slope for f in found], slope_errors=[f.slope_error for f in found], scatter_mag=[f.scatter for f in found],
        gain_errors=[float(np.hypot(ERROR_PER_MAG * f.error, a)) * f.gain for f, a in zip(found, assumed, strict=True)],
        condition=[f.condition for f in found])
    for name, fit in zip(("red", "blue"), found, strict=True):
        if fit.used.sum() < settings.min_stars:
            raise Declined(Message("only {used} of {used2} stars agree in {name}, {min_stars} are needed",
                                   used=int(fit.used.sum()), used2=used, name=name, min_stars=settings.min_stars))
        # Without a catalog the stars' own colours are part of the scatter.
        allowed = settings.max_scatter if "catalog_stars" in report else max(settings.max_scatter, OWN_COLOURS)
        if fit.scatter > allowed:
            raise Declined(Message("the stars scatter by {scatter:.2f} mag in {name}, {allowed:g} are allowed",
                                   scatter=fit.scatter, name=name, allowed=allowed))
        if fit.condition > 1 and not SMALLEST_SLOPE < fit.slope < LARGEST_SLOPE:
            raise Declined(Message("the star colours do not follow the catalog in {name} (slope {slope:.2f}): wrong field?",
                                   name=name, slope=fit.slope))
