"""Check that two half-stacks agree: in their noise with the expected noise, in the shapes and fluxes of their stars."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from orchestrator.checks.record import Check, Problem, not_measured, passed_or_failed
from orchestrator.checks.star_sample import StarSample, covered_pixels
from orchestrator.io.fits import FULL_SCALE
from orchestrator.message import Message
from orchestrator.stacking.state import Stack
from tilecore.detect.psf import aperture_share
from tilecore.detect.stars import aperture_flux, sky_ring
from tilecore.numerics.parts import Box, Computed, Pixels, parts, thinned
from tilecore.numerics.statistics import mad_sigma, median_and_error
from tilecore.stack.checks import growth_by_interpolation, noise_at_scales, usual_noise

__all__ = ["halves"]

FloatArray = NDArray[np.float64]

# Largest ratio of the measured noise, in squares of up to 4 px, to the expected noise.
LIMIT = 1.3
SCALE = 2
# Largest growth of the noise with the size of squares of 1, 2, 4 and 8 px that demosaicing and resampling give green.
MOST_GROWTH = (1.0, 2.0, 2.6, 2.9)
# Largest difference of the light within CORE radii of the apertures between the halves, as a fraction, and of the star fluxes.
CORE = 0.4
CORE_LIMIT = 0.08
FLUX_LIMIT = 0.02
LEAST_STARS = 8
ERRORS = 4.0
# Standard deviations of the difference that seeing makes between the cores in halves of frames which are drawn by chance.
SEEING_ERRORS = 2.0
# Fewest pixels without stars, as a share of those known, on which the noise is measured: stars vary with the seeing.
LEAST_SKY = 0.1
# Least share of the covered pixels that both halves must cover.
LEAST_COVERED = 0.05
# Moffat exponent with which the share of the light in the core is computed.
BETA = 3.0
# Cells (rows, columns) of the map of the noise.
MAP = (12, 16)
# Fewest known pixels of a cell.
LEAST_PIXELS = 50


def halves(stack: Stack, sample: StarSample, fwhm: tuple[float, ...] = ()) -> Check:
    """Compare the two interleaved half-stacks behind ``stack.noise``; ``fwhm`` (px of the canvas) of the frames in them."""
    green = sample.channel
    noise, variance = stack.noise[green], stack.variance[green]

    def known(part: Box) -> NDArray[np.bool_]:
        return np.asarray(np.isfinite(noise[part]) & (variance[part] > 0))

    def in_sky(part: Box) -> NDArray[np.bool_]:
        return np.asarray(known(part) & ~sample.light[part])

    def in_units(part: Box) -> NDArray[np.float32]:
        """The noise divided by the expected noise, so that places with few frames count alike."""
        sigma = _sigma(variance[part])
        return np.asarray(np.divide(noise[part], sigma, out=np.zeros_like(sigma), where=known(part)))

    relative, sky = Computed(noise.shape, in_units), Computed(noise.shape, in_sky)
    pixels = sum(int(np.count_nonzero(known(p.inside))) for p in parts(noise.shape))
    if pixels <= LEAST_COVERED * covered_pixels(stack.count[green]):
        return not_measured("halves", "one half of the frames covers too little of the picture")
    if sum(int(np.count_nonzero(sky[p.inside])) for p in parts(noise.shape)) < LEAST_SKY * pixels:
        return not_measured("halves", "stars cover the picture")
    usual = usual_noise(np.where(np.isfinite(thinned(noise)), thinned(variance), 0))
    measured = noise_at_scales(relative, sky)
    # Interpolated pixels share noise: that of larger squares is above what their own variance gives.
    interpolated = sample.plan.registered_pixels or sample.finer > 1
    growth = np.ones(len(measured))
    if sample.plan.mode == "rgb":
        # So do lights and master tiles that were demosaiced before; for raw frames it is known from the samples of their mosaic.
        growth = np.clip(growth_by_interpolation(relative, sky), 1, MOST_GROWTH)
    ratio = float(np.nanmax((measured / growth)[: 1 if interpolated else SCALE + 1]))
    problems = []
    if ratio > LIMIT:
        problems.append(Problem(ratio, LIMIT, Message("the half-stacks differ by {ratio:.2f} times the expected noise",
                                                      ratio=ratio),
                                "Frames differ by more than their noise: look for clouds, moving light or shifted frames."))
    values = _map(relative, Computed(noise.shape, known))
    one, other = _fluxes(stack, sample)
    cores = _change(one[0], other[0])
    allowed = CORE_LIMIT + SEEING_ERRORS * _seeing(fwhm, sample.radius)
    if cores is not None and abs(cores[0]) - ERRORS * cores[1] > allowed:
        problems.append(Problem(abs(cores[0]), allowed,
                                Message("the cores of stars are {cores:.0f} % brighter in one half-stack than in the other",
                                        cores=100 * abs(cores[0])),
                                "Look for frames that are registered badly or out of focus."))
    fluxes = _change(one[1], other[1])
    if fluxes is not None and abs(fluxes[0]) - ERRORS * fluxes[1] > FLUX_LIMIT:
        problems.append(Problem(abs(fluxes[0]), FLUX_LIMIT,
                                Message("star fluxes differ by {fluxes:.1f} % between the half-stacks",
                                        fluxes=100 * abs(fluxes[0])),
                                "Look for clouds or for frames of another exposure."))
    return passed_or_failed("halves", "times the expected noise", ratio, LIMIT, problems,
                            {"kind": "map", "values": values, "unit": "of the expected noise"},
                            {"noise_ratio_by_scale": np.round(measured, 4).tolist(),
                             "growth_by_interpolation": np.round(growth, 4).tolist(), "noise_adu_expected": usual * FULL_SCALE,
                             "core_difference": cores, "core_difference_allowed": allowed, "flux_difference": fluxes})


def _seeing(fwhm: tuple[float, ...], radius: float) -> float:
    """Standard deviation of the relative difference between the cores in two halves of frames whose seeing differs."""
    widths = np.array([w for w in fwhm if np.isfinite(w)], np.float64)
    if len(widths) < 2:
        return 0.0
    share = aperture_share(widths, BETA, CORE * radius, sky_ring(radius))
    return float(2 * np.std(share, ddof=1) / (np.mean(share) * np.sqrt(len(share))))


def _sigma(variance: NDArray[np.float32]) -> NDArray[np.float32]:
    sigma = np.maximum(variance, 0)
    return np.sqrt(sigma, out=sigma)


def _fluxes(stack: Stack, sample: StarSample) -> tuple[list[FloatArray], list[FloatArray]]:
    """Fluxes (n,) of the stars in their cores and in the apertures, in either half-stack."""
    mean, noise, variance = (a[sample.channel] for a in (stack.mean, stack.noise, stack.variance))
    (x, y), radii = sample.on_channel(sample.channel), [part * sample.radius_on_channel for part in (CORE, 1.0)]
    one, other = ([np.full(len(x), np.nan) for _ in radii] for _ in range(2))
    for part in parts(mean.shape, sky_ring(radii[1])[1] + 3):
        here = np.flatnonzero(part.holds(x, y))
        if not len(here):
            continue
        (rows, columns), change = part.around, noise[part.around]
        known = np.isfinite(change) & (variance[part.around] > 0)
        for flux, half in zip((one, other), (np.add, np.subtract), strict=True):
            image = half(mean[part.around], change, out=np.zeros(change.shape, np.float32), where=known)
            for values, radius in zip(flux, radii, strict=True):
                values[here] = aperture_flux(image, x[here] - columns.start, y[here] - rows.start, radius)
    return one, other


def _change(a: FloatArray, b: FloatArray) -> tuple[float, float] | None:
    """Median relative difference of the fluxes (n,) of stars in two images, and its error; None with too few stars."""
    good = np.isfinite(a) & np.isfinite(b) & (a > 0) & (b > 0)
    if good.sum() < LEAST_STARS:
        return None
    return median_and_error(a[good] / b[good] - 1)


def _map(relative: Pixels, known: Pixels) -> list[list[float | None]]:
    """Noise in cells of the field in units of the expected noise."""
    rows = np.linspace(0, relative.shape[0], MAP[0] + 1).astype(int)
    columns = np.linspace(0, relative.shape[1], MAP[1] + 1).astype(int)
    result: list[list[float | None]] = []
    for y0, y1 in pairwise(rows):
        line: list[float | None] = []
        for x0, x1 in pairwise(columns):
            values = relative[y0:y1, x0:x1][known[y0:y1, x0:x1]]
            line.append(round(float(mad_sigma(values)), 3) if len(values) >= LEAST_PIXELS else None)
        result.append(line)
    return result
