"""A grid of right ascension and declination, and the names of the objects in the field: as lines, and drawn on a preview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from orchestrator.catalogs.objects import SkyObject, sky_objects

if TYPE_CHECKING:
    from astropy.wcs import WCS  # slow to import

__all__ = ["SkyLine", "annotate", "objects_in_field", "sky_lines", "write_text"]

FloatArray = NDArray[np.float64]

# Colours of the grid and of the objects, RGB.
GRID = (110, 150, 190)
OBJECT = (255, 214, 90)
# Steps of the grid in degrees: of declination, and of right ascension (1 h = 15 degrees).
DEC_STEPS = (30, 15, 10, 5, 2, 1, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 360)
RA_STEPS = (90, 45, 30, 15, 7.5, 5, 2.5, 1.25, 1 / 2, 1 / 4, 1 / 8, 1 / 12, 1 / 24, 1 / 60, 1 / 120, 1 / 240)
LINES = 4  # approximate number of lines along an axis
MAX_OBJECTS = 60


@dataclass(frozen=True)
class SkyLine:
    """Part of a line of the grid, or the outline of an object (``is_object``): points (n, 2) x, y in pixels of an upright image,
    none for a label alone. The lower left corner of the label, if there is one, is at ``at``."""

    points: FloatArray
    label: str
    at: tuple[float, float]
    is_object: bool = False


def objects_in_field(wcs: WCS, shape: tuple[int, int]) -> list[tuple[SkyObject, float, float]]:
    """Objects whose centre is on an image (rows, columns), with x and y in array pixels; the best known first."""
    known = sky_objects()
    h, w = shape
    centre = wcs.all_pix2world((w - 1) / 2, (h - 1) / 2, 0)
    ra, dec = np.radians([o.ra for o in known]), np.radians([o.dec for o in known])
    a, d = np.radians(float(centre[0])), np.radians(float(centre[1]))
    # A tangential projection has a second image of the far hemisphere.
    near = np.flatnonzero(np.sin(dec) * np.sin(d) + np.cos(dec) * np.cos(d) * np.cos(ra - a) > 0.3)
    x, y = wcs.all_world2pix(np.degrees(ra[near]), np.degrees(dec[near]), 0, quiet=True)
    return [(known[n], float(px), float(py)) for n, px, py in zip(near, x, y, strict=True)
            if 0 <= px < w and 0 <= py < h][:MAX_OBJECTS]


class _Reduced:
    """A WCS in larger pixels: each is ``factor`` pixels of ``wcs`` wide."""

    def __init__(self, wcs: WCS, factor: int) -> None:
        self.wcs, self.factor = wcs, factor

    def all_pix2world(self, x: Any, y: Any, origin: int) -> Any:
        x, y = ((np.asarray(n) + 0.5) * self.factor - 0.5 for n in (x, y))
        return self.wcs.all_pix2world(x, y, origin)

    def all_world2pix(self, ra: Any, dec: Any, origin: int, **options: Any) -> list[Any]:
        return [(n + 0.5) / self.factor - 0.5 for n in self.wcs.all_world2pix(ra, dec, origin, **options)]


def annotate(picture: NDArray[np.uint8], wcs: Any, *, top_down: bool, factor: int = 1) -> NDArray[np.uint8]:
    """A copy (h, w, 3) of an image, grey or RGB, with grid and objects. ``wcs`` counts rows as in the FITS file, whose sides have
    ``factor`` times as many pixels."""
    canvas = picture.copy() if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    wcs = wcs if factor == 1 else _Reduced(wcs, factor)
    for line in sky_lines(wcs, (canvas.shape[0], canvas.shape[1]), top_down=top_down):
        colour = OBJECT if line.is_object else GRID
        if len(line.points):
            points = np.rint(8 * line.points).astype(np.int32)
            cv2.polylines(canvas, [points], line.is_object, colour, _width(canvas), cv2.LINE_AA, 3)
        if line.label:
            write_text(canvas, line.label, *line.at, colour, 1.0 if line.is_object else 0.8)
    return canvas


def sky_lines(wcs: WCS, shape: tuple[int, int], *, top_down: bool) -> Iterator[SkyLine]:
    """Grid and objects of an image of ``shape`` (rows, columns), the best known objects last. ``wcs`` counts rows as in the FITS
    file."""
    yield from _grid(wcs, shape, top_down)
    for sky_object, x, y in reversed(objects_in_field(wcs, shape)):
        yield _outline(wcs, shape, sky_object, (x, y), top_down)


def _flip(y: FloatArray, rows: int, top_down: bool) -> FloatArray:
    return y if top_down else rows - 1 - y


def _grid(wcs: WCS, shape: tuple[int, int], top_down: bool) -> Iterator[SkyLine]:
    h, w = shape
    edge = np.concatenate([np.stack([np.linspace(0, w - 1, 40), np.full(40, v)]) for v in (0, h - 1)]
                          + [np.stack([np.full(40, v), np.linspace(0, h - 1, 40)]) for v in (0, w - 1)], axis=1)
    ra, dec = wcs.all_pix2world(edge[0], edge[1], 0)
    middle = float(wcs.all_pix2world((w - 1) / 2, (h - 1) / 2, 0)[0])
    away = (ra - middle + 180) % 360 - 180
    low, high = float(dec.min()), float(dec.max())
    pole = next((p for p in (90.0, -90.0) if _holds(wcs, p, h, w)), None)
    if pole is not None:
        low, high, away = min(low, pole), max(high, pole), np.array([-180.0, 180.0])
    dec_step = next((s for s in reversed(DEC_STEPS) if (high - low) / s <= 1.6 * LINES), DEC_STEPS[0])
    ra_step = next((s for s in reversed(RA_STEPS) if np.ptp(away) / s <= 1.6 * LINES), RA_STEPS[0])
    fine_ra = middle + np.linspace(float(away.min()), float(away.max()), 400)
    fine_dec = np.linspace(low, high, 400)
    for value in np.arange(np.ceil(low / dec_step), np.floor(high / dec_step) + 1) * dec_step:
        if abs(value) < 90:
            yield from _line(wcs, shape, (fine_ra, np.full(400, value)), _dec_label(value), top_down, left=True)
    first = np.ceil((middle + float(away.min())) / ra_step) * ra_step
    count = round((float(np.ptp(away)) - 1e-9) // ra_step) + 1
    for value in first + ra_step * np.arange(min(count, round(360 / ra_step))):
        yield from _line(wcs, shape, (np.full(400, value), fine_dec), _ra_label(value), top_down, left=False)


def _holds(wcs: WCS, pole: float, h: int, w: int) -> bool:
    """Whether a celestial pole is on the image."""
    x, y = wcs.all_world2pix(0.0, pole, 0, quiet=True)
    if not (np.isfinite(x) and 0 <= x < w and 0 <= y < h):
        return False
    return abs(float(wcs.all_pix2world(x, y, 0)[1]) - pole) < 0.1


def _line(wcs: WCS, shape: tuple[int, int], places: tuple[FloatArray, FloatArray], label: str, top_down: bool, *,
          left: bool) -> Iterator[SkyLine]:
    """The parts of a line of the grid near the image; the last one has the label, at its left or lower end."""
    h, w = shape
    x, y = wcs.all_world2pix(places[0] % 360, places[1], 0, quiet=True)
    y = _flip(y, h, top_down)
    inside = np.isfinite(x) & (x > -0.2 * w) & (x < 1.2 * w) & (y > -0.2 * h) & (y < 1.2 * h)
    for run in np.split(np.arange(len(x)), np.flatnonzero(np.diff(inside.astype(int))) + 1):
        if len(run) > 1 and inside[run[0]]:
            yield SkyLine(np.stack([x[run], y[run]], 1), "", (0.0, 0.0))
    seen = np.flatnonzero((x >= 0) & (x < w) & (y >= 0) & (y < h))
    if len(seen):
        place = seen[np.argmin(x[seen])] if left else seen[np.argmax(y[seen])]
        yield SkyLine(np.zeros((0, 2)), label, (float(x[place]) + 3, float(y[place]) - 3))


def _outline(wcs: WCS, shape: tuple[int, int], item: SkyObject, centre: tuple[float, float], top_down: bool) -> SkyLine:
    h, w = shape
    x, y = centre
    # The ellipse is drawn from points on the sky, so that rotation, parity and distortion are correct.
    least = 6 * _pixel(wcs, item)
    major = max(item.major / 120, least)
    minor = max(item.minor / 120, least) if item.minor > 0 else major
    angle = np.radians(item.angle if np.isfinite(item.angle) else 0.0)
    turn = np.linspace(0, 2 * np.pi, 73)
    north, east = major * np.cos(turn), minor * np.sin(turn)
    d_dec = north * np.cos(angle) - east * np.sin(angle)
    d_ra = (north * np.sin(angle) + east * np.cos(angle)) / max(np.cos(np.radians(item.dec)), 0.02)
    px, py = wcs.all_world2pix((item.ra + d_ra) % 360, np.clip(item.dec + d_dec, -90, 90), 0, quiet=True)
    points = np.zeros((0, 2))
    if np.isfinite(px).all() and np.abs(px).max() < 20 * w and np.abs(py).max() < 20 * h:
        points = np.stack([px, _flip(py, h, top_down)], 1)
        x = float(np.clip(px.max(), x, w - 1))
    label = f"{item.name} {item.common}".strip() if item.name.startswith("M ") else item.name
    return SkyLine(points, label, (x + 4, float(_flip(np.array(y), h, top_down))), True)


def _pixel(wcs: WCS, item: SkyObject) -> float:
    """Size of a pixel at an object in degrees."""
    x, y = (float(v) for v in wcs.all_world2pix(item.ra, item.dec, 0, quiet=True))
    ra, dec = wcs.all_pix2world([x, x + 1], [y, y], 0)
    return float(np.hypot(((ra[1] - ra[0] + 180) % 360 - 180) * np.cos(np.radians(item.dec)), dec[1] - dec[0]))


def _width(canvas: NDArray[np.uint8]) -> int:
    return int(max(round(min(canvas.shape[:2]) / 900), 1))


def write_text(canvas: NDArray[np.uint8], text: str, x: float, y: float, colour: tuple[int, int, int], size: float) -> None:
    """Text with its lower left corner at x, y, moved so that all of it is on the image, with a dark outline."""
    h, w = canvas.shape[:2]
    scale = size * max(min(h, w) / 1400, 0.36)
    font, thick = cv2.FONT_HERSHEY_SIMPLEX, max(round(scale * 1.4), 1)
    (tw, th), base = cv2.getTextSize(text, font, scale, thick)
    place = (int(np.clip(x, 2, max(w - tw - 2, 2))), int(np.clip(y, th + 2, max(h - base - 2, th + 2))))
    for dx, dy in ((-1, -1), (-1, 1), (1, -1), (1, 1)):  # thicker text would be wider
        cv2.putText(canvas, text, (place[0] + dx, place[1] + dy), font, scale, (0, 0, 0), thick, cv2.LINE_AA)
    cv2.putText(canvas, text, place, font, scale, colour, thick, cv2.LINE_AA)


def _dec_label(value: float) -> str:
    seconds = round(abs(value) * 3600)
    degrees, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    text = f"{'-' if value < 0 and seconds else '+'}{degrees:02d}d" + (f"{minutes:02d}'" if minutes or rest else "")
    return text + (f'{rest:02d}"' if rest else "")


def _ra_label(value: float) -> str:
    seconds = round((value % 360) * 240)
    hours, minutes, rest = seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    return f"{hours:02d}h" + (f"{minutes:02d}m" if minutes or rest else "") + (f"{rest:02d}s" if rest else "")
