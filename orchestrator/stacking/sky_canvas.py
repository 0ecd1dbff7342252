"""The canvas as a projection of the sky, from the settings ``mosaic`` and the WCS of the reference."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.config.settings import Mosaic, SirilEngine
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.errors import ConfigError, InputError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.io import frames as frame_files
from orchestrator.io.wcs_header import WCS_CARDS, read_wcs
from orchestrator.message import Message
from orchestrator.runtime.context import RunContext
from orchestrator.session.row_order import places_in_file
from orchestrator.stacking.canvas import CanvasPlan
from orchestrator.stacking.field_geometry import Box, outline
from orchestrator.stacking.sky_grid import SkyGrid, from_cards
from orchestrator.tools.environment import ToolEnvironment

if TYPE_CHECKING:
    from astropy.io.fits import Header
    from astropy.wcs import WCS, Sip

__all__ = ["product_wcs", "sky_canvas", "wcs_error"]

FloatArray = NDArray[np.float64]

# Field (degrees) above which auto leaves the gnomonic plane of the reference.
WIDE_FIELD = 20.0
# Largest error (px) with which a WCS must describe the reference.
MAX_MISFIT = 1.0
# Places along each axis of the reference at which its WCS is read.
SAMPLES = 9
# SIP orders that are tried where the lens stays in the picture.
SIP_ORDERS = (3, 4, 5)
# Error (px) with which the plane of a reference has its WCS by the registration.
EXACT = 0.05


def sky_canvas(context: RunContext, frames: FrameSet) -> tuple[SkyGrid, Box | None] | None:
    """The projection of the canvas, and its box if a header gives it; None for the plane of the reference.

    Raises
    ------
    ConfigError : the header cannot be used. InputError : it is not known where the reference is on the sky.
    """
    settings = context.config.mosaic
    wanted = settings.projection not in ("auto", "none") or settings.north_up or settings.header is not None
    wanted = wanted or settings.scale is not None or settings.center != "auto"
    border = np.concatenate([outline(f) for f in frames.usable])
    reference = frames.frames[frames.reference]
    wcs = read_wcs(frame_files.read_header(reference.info.path))
    # The stack of master tiles keeps their projection, and with it their WCS.
    kept = frames.workflow == "master_tiles" and wcs is not None
    if settings.projection == "none" or frames.registered_pixels or not (wanted or kept or _seems_wide(border, reference)):
        return None
    plane = _plane_of(context, reference, wcs, wanted)
    if plane is None:
        return None
    span = _span(plane.wcs_pix2world(border, 0))
    if not wanted and not kept and span <= WIDE_FIELD:
        return None
    if settings.header is not None:
        grid, box = _given(settings.header)
    elif not wanted and span <= WIDE_FIELD:  # tiles of one projection are moved by whole pixels
        grid, box = plane, None
    else:
        grid, box = _chosen(settings, plane, frames, span), None
    return SkyGrid(_text(grid), _text(plane), _pixel_of(plane) / _pixel_of(grid)), box


def _plane_of(context: RunContext, reference: Frame, written: WCS | None, wanted: bool) -> WCS | None:
    """The gnomonic WCS of the plane of the reference: by its registration on the sky, else the one ``written`` in its header,
    else, where it is ``wanted``, by plate solving. None if it is not known."""
    if reference.wcs:
        wcs, in_file = from_cards(reference.wcs), False
    else:
        wcs, in_file = written, True
        if wcs is None and wanted:
            wcs = _solved(context, reference)
    try:
        return None if wcs is None else _plane(wcs, reference, in_file)
    except InputError:
        if wanted:
            raise
        return None


def _seems_wide(border: FloatArray, reference: Frame) -> bool:
    """Whether the frames may cover a wide field, by the focal length and pixel size of the reference."""
    focal, pixel = reference.info.focal_length, reference.info.pixel_size
    return bool(focal and pixel and np.degrees(np.hypot(*np.ptp(border, axis=0)) * pixel / 1000 / focal) > WIDE_FIELD / 2)


def product_wcs(plan: CanvasPlan, frames: FrameSet, columns: int) -> WCS | None:
    """The WCS of a product of ``plan`` with that number of columns; None if the canvas is not a projection of the sky, and the
    place of the reference on the sky is not known by its registration."""
    finer = columns / plan.shape[1]
    wcs = plan.sky.wcs if plan.sky is not None else _reference_wcs(frames)
    if wcs is None:
        return None
    # Pixel centres are at integers from 1; superpixels and drizzled pixels share their borders with those of the canvas.
    wcs.wcs.crpix = (wcs.wcs.crpix - np.array(plan.origin) - 0.5) * finer + 0.5
    if wcs.wcs.has_cd():
        wcs.wcs.cd = wcs.wcs.cd / finer
    else:
        wcs.wcs.cdelt = wcs.wcs.cdelt / finer
    if wcs.sip is not None:
        wcs.sip = _finer_sip(wcs.sip, finer, wcs.wcs.crpix)
    wcs.wcs.set()
    return wcs


def wcs_error(wcs: WCS, plan: CanvasPlan, frames: FrameSet, columns: int) -> float:
    """Largest distance (px of a product with that number of columns) of pixels of the frames from where the WCS of the product
    has them, by the positions that registration gives them; 0 if it gives none.

    With the lens in the picture neighbouring panels put the same star at different places, and no WCS suits both.
    """
    finer, worst = columns / plan.shape[1], 0.0
    for frame in (f for f in frames.usable if f.wcs):
        points = _samples(frame.shape)
        x, y = ((frame.on_plane(points) - plan.origin + 0.5) * finer - 0.5).T
        off = np.stack(wcs.all_pix2world(x, y, 0)) - (sky := from_cards(frame.wcs).all_pix2world(points, 0).T)
        off[0] = (off[0] + 180) % 360 - 180
        worst = max(worst, float(np.hypot(off[0] * np.cos(np.radians(sky[1])), off[1]).max()))
    return worst / _pixel_of(wcs)


def _samples(shape: tuple[int, int]) -> FloatArray:
    """(SAMPLES^2, 2) pixels all over a frame of (rows, columns)."""
    x, y = np.meshgrid(np.linspace(0, shape[1] - 1, SAMPLES), np.linspace(0, shape[0] - 1, SAMPLES))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _reference_wcs(frames: FrameSet) -> WCS | None:
    """The WCS of the plane of the reference by the registration on the sky; with SIP terms if the lens was not removed from that
    plane (``registration.transform``). None if it is not known, or the frames do not agree on one."""
    reference = frames.frames[frames.reference]
    if not reference.wcs or frames.registered_pixels:
        return None
    wcs = from_cards(reference.wcs)
    try:
        return _plane(wcs, reference, False, EXACT)
    except InputError:
        return _fitted([f for f in frames.usable if f.wcs], wcs)


def _fitted(frames: Sequence[Frame], near: WCS) -> WCS | None:
    """The WCS near a given one that fits the places and positions of pixels of all frames; None if they differ by too much."""
    from orchestrator.astrometry.refine import best_wcs
    from orchestrator.catalogs.stars import StarTable

    places, sky = [], []
    for frame in frames:
        points = _samples(frame.shape)
        places.append(frame.on_plane(points))
        sky.append(from_cards(frame.wcs).all_pix2world(points, 0))
    pixels, (ra, dec) = np.concatenate(places), np.concatenate(sky).T
    # The order of equally bright stars is kept.
    table = StarTable.make(ra, dec, np.zeros(len(ra)))
    wcs = best_wcs(near, pixels + 1, table, SIP_ORDERS, int(np.ptp(pixels, axis=0).max()))
    off = np.hypot(*(np.stack(wcs.all_pix2world(*pixels.T, 0)) - [ra, dec]) * [np.cos(np.radians(dec)), np.ones(len(dec))])
    return wcs if np.sqrt(np.mean(off**2)) <= MAX_MISFIT * _pixel_of(wcs) else None


def _finer_sip(sip: Sip, finer: float, crpix: FloatArray) -> Sip:
    """SIP terms for pixels ``finer`` times as small."""
    from astropy.wcs import Sip

    def scaled(terms: FloatArray | None) -> FloatArray | None:
        if terms is None:
            return None
        i, j = np.indices(terms.shape)
        return np.asarray(terms * finer ** (1.0 - i - j))

    return Sip(scaled(sip.a), scaled(sip.b), scaled(sip.ap), scaled(sip.bp), crpix)


def _solved(context: RunContext, reference: Frame) -> WCS:
    """The WCS of the reference by plate solving."""
    from orchestrator.astrometry.light import light_settings
    from orchestrator.astrometry.solve import solve

    siril = SirilEngine(executable=context.config.engine.siril.executable)
    try:
        found = solve(reference.info.path, light_settings(context.config.astrometry, sip=False),
                      ToolEnvironment.of(context, "astrometry"), siril=siril)
        why = found.why
    except OrchestrateError as error:
        context.check()
        found, why = None, str(error)
    if found is None or found.wcs is None:
        raise InputError(Message("The position of the reference {info} on the sky is not known: its header has no WCS, and it "
                                 "could not be plate solved ({why}).", info=reference.info.path.name, why=why),
                         "Plate solve that light and write its WCS into it, choose another with registration.reference, or set "
                         "mosaic.projection to none.")
    return found.wcs


def _plane(wcs: WCS, reference: Frame, in_file: bool, most: float = MAX_MISFIT) -> WCS:
    """The gnomonic WCS of the plane of the reference, that of its pixels without the distortion of its lens, from the WCS of its
    pixels, as they are in the file or as they are read. InputError if they differ by more than ``most`` px."""
    points = _samples(reference.shape)
    ra, dec = wcs.all_pix2world(*(places_in_file(reference.info, points) if in_file else points).T, 0)
    places = reference.on_plane(points)
    # The plane touches the sky where the solution has it.
    at = (float(wcs.wcs.crval[0]), float(wcs.wcs.crval[1])) if "-TAN" in wcs.wcs.ctype[0] else (float(ra[len(ra) // 2]),
                                                                                              float(dec[len(dec) // 2]))
    tangent = _new(("RA---TAN", "DEC--TAN"), at, np.eye(2), (1.0, 1.0))
    world = tangent.wcs_world2pix(np.stack([ra, dec], axis=1), 0)
    design = np.column_stack([places, np.ones(len(places))])
    fit = np.linalg.lstsq(design, world, rcond=None)[0]
    cd = fit[:2].T
    misfit = float(np.hypot(*(design @ fit - world).T).max() / np.sqrt(abs(np.linalg.det(cd))))
    if not misfit <= most:
        raise InputError(Message("The WCS of the reference {info} differs by {misfit:.1f} px from that of a plane without the "
                                 "distortion of its lens.", info=reference.info.path.name,
                                 misfit=misfit), "Plate solve the light again, without or with distortion.")
    return _new(("RA---TAN", "DEC--TAN"), at, cd, tuple(1 - np.linalg.solve(cd, fit[2])))


def _new(types: tuple[str, str], centre: tuple[float, float], cd: FloatArray, crpix: tuple[float, ...]) -> WCS:
    from astropy.wcs import WCS

    wcs = WCS(naxis=2)
    wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.cd, wcs.wcs.crpix = list(types), list(centre), cd, list(crpix)
    wcs.wcs.cunit, wcs.wcs.radesys, wcs.wcs.equinox = ["deg", "deg"], "ICRS", 2000.0
    wcs.wcs.set()
    return wcs


def _chosen(settings: Mosaic, plane: WCS, frames: FrameSet, span: float) -> WCS:
    """The projection that the settings describe, with its centre at pixel (0, 0)."""
    kind: str = settings.projection
    if kind == "auto":
        kind = "TAN" if span <= WIDE_FIELD else "STG"
    reference = frames.frames[frames.reference]
    scale = settings.scale / 3600 if settings.scale else _pixel_of(plane)
    if settings.center == "auto":
        middles = np.concatenate([f.on_plane((np.array([f.shape[::-1]]) - 1) / 2) for f in frames.usable])
        vector = _vectors(plane.wcs_pix2world(middles, 0)).mean(axis=0)
        centre = (float(np.degrees(np.arctan2(vector[1], vector[0])) % 360),
                  float(np.degrees(np.arctan2(vector[2], np.hypot(vector[0], vector[1])))))
    else:
        centre = settings.position
    if settings.north_up:
        # The last row is on top unless the file has the first one there.
        cd = scale * np.diag([-1.0, -1.0 if reference.info.top_down else 1.0])
    else:
        cd = plane.pixel_scale_matrix * scale / _pixel_of(plane)
    return _new((f"RA---{kind}", f"DEC--{kind}"), centre, cd, (1.0, 1.0))


def _given(path: Path) -> tuple[WCS, Box]:
    """The WCS and the box of a FITS file, or of a text file with the cards of a header."""
    from astropy.io.fits import Header

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = path.expanduser()
            header: Any = fits_io.read_header(file) if fits_io.is_fits(file) else Header.fromtextfile(str(file))
    except (OSError, ValueError, InputError) as error:
        raise ConfigError(Message("mosaic.header: {path} cannot be read: {error}.", path=path, error=error),
                          "Give a FITS file or a text file of its header.") from error
    wcs = read_wcs(_plain(header))
    size = header.get("NAXIS1"), header.get("NAXIS2")
    if wcs is None or not all(isinstance(n, int) and n > 0 for n in size):
        raise ConfigError(Message("mosaic.header: {path} has no WCS of the sky with right ascension first, or no NAXIS1 and "
                                  "NAXIS2.", path=path),
                          "Give the header of a plate-solved image.")
    wcs.sip = None
    return wcs, (0, 0, int(size[0]), int(size[1]))


def _plain(header: Header) -> Header:
    """The header with its projection but without the distortion of a lens: the canvas has none."""
    cards = header.copy()
    for key in list(cards):
        if re.fullmatch(r"(A|B|AP|BP)_(ORDER|DMAX|\d_\d)", key):
            del cards[key]
    for key in ("CTYPE1", "CTYPE2"):
        cards[key] = str(cards.get(key, "")).removesuffix("-SIP")
    return cards


def _text(wcs: WCS) -> str:
    header = wcs.to_header()
    wanted = [c for c in header.cards if WCS_CARDS.fullmatch(c.keyword) or c.keyword in ("LONPOLE", "LATPOLE")]
    return "\n".join(str(c) for c in wanted)


def _pixel_of(wcs: WCS) -> float:
    """Degrees per pixel at the reference point."""
    return float(np.sqrt(abs(np.linalg.det(wcs.pixel_scale_matrix))))


def _vectors(sky: FloatArray) -> FloatArray:
    ra, dec = np.radians(sky).T
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)


def _span(sky: FloatArray) -> float:
    """Largest angle (degrees) between the places and their middle, twice."""
    vectors = _vectors(sky)
    middle = vectors.mean(axis=0)
    middle /= np.linalg.norm(middle)
    return float(2 * np.degrees(np.arccos(np.clip(vectors @ middle, -1, 1))).max())
