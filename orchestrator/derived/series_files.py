"""Files of a series: tables, an animation, and a page of light curves as SVG."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from astropy.time import Time
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from orchestrator.io.atomic import whole_file
from orchestrator.report.same_pixels import stretched
from orchestrator.report.write import write_text
from tilecore.detect.light_curves import LightCurves

__all__ = ["draw_curves", "write_animation", "write_table"]

FloatArray = NDArray[np.float64]

# Milliseconds of a picture of the animation, and height (px) of its caption.
PICTURE_TIME = 150
CAPTION = 14
# Size (px) of a plot, its margins, and the most light curves that are drawn.
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 760, 180, 60, 28, 24
MOST_CURVES = 12


def write_table(path: Path, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table as CSV; values that are not known are empty."""
    def cell(value: Any) -> Any:
        if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
            return ""
        return round(float(value), 7) if isinstance(value, float | np.floating) else value

    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(names)
        writer.writerows([cell(v) for v in row] for row in rows)
        text.detach()


def write_animation(path: Path, pictures: list[NDArray[np.float32]], times: FloatArray, *, top_down: bool) -> None:
    """An animated WebP of linear pictures (C, h, w), C 1, 3 or 4, with one stretch and their times."""
    shown = []
    images = [p[0] if len(p) == 1 else p if len(p) == 3 else p.mean(axis=0) for p in pictures]
    for pixels, time in zip(stretched(images), times, strict=True):
        upright = pixels if top_down else pixels[::-1]
        upright = upright[..., ::-1] if upright.ndim == 3 else upright
        image = Image.fromarray(np.ascontiguousarray(upright)).convert("RGB")
        framed = Image.new("RGB", (image.width, image.height + CAPTION))
        framed.paste(image)
        ImageDraw.Draw(framed).text((3, image.height + 1), Time(time, format="mjd").isot[:16].replace("T", " "), fill=(220,) * 3)
        shown.append(framed)
    with whole_file(path) as stream:
        shown[0].save(stream, "WEBP", save_all=True, append_images=shown[1:], duration=PICTURE_TIME, loop=0, quality=75)


def draw_curves(path: Path, curves: LightCurves, times: FloatArray, flux: FloatArray) -> None:
    """The scatter of all stars against their brightness, and the light curves of the variables, most significant first; of the
    brightest star if there is none."""
    order = np.argsort(-np.nan_to_num(curves.significance, nan=-np.inf), kind="stable")
    chosen = [int(k) for k in order if curves.variable[k]][:MOST_CURVES] or [int(np.argmax(flux))] if len(flux) else []
    parts = [_scatter_plot(curves, flux)] if len(flux) else []
    parts += [_curve(curves, times, k) for k in chosen]
    body = "\n".join(f'<g transform="translate(0 {i * (HEIGHT + TOP + BOTTOM)})">{p}</g>' for i, p in enumerate(parts))
    height = len(parts) * (HEIGHT + TOP + BOTTOM)
    write_text(path, f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + LEFT + 20} {height}" '
               f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n')


def _curve(curves: LightCurves, times: FloatArray, star: int) -> str:
    good = np.isfinite(curves.magnitude[star])
    title = (f"star {star + 1}: {'variable, ' if curves.variable[star] else ''}scatter {curves.scatter[star]:.4f} mag, expected "
             f"{curves.expected[star]:.4f}")
    return _plot(title, "MJD", "magnitude", (times[good], curves.magnitude[star][good], curves.error[star][good]), flipped=True)


def _scatter_plot(curves: LightCurves, flux: FloatArray) -> str:
    good = np.isfinite(curves.scatter) & (curves.scatter > 0) & (flux > 0)
    instrumental = -2.5 * np.log10(flux[good])
    return _plot("scatter of each star against its magnitude; variables are filled", "instrumental magnitude",
                 "log10 of the scatter (mag)", (instrumental, np.log10(curves.scatter[good]), None), marked=curves.variable[good])


def _plot(title: str, across: str, up: str, data: tuple[FloatArray, FloatArray, FloatArray | None], *, flipped: bool = False,
          marked: NDArray[np.bool_] | None = None) -> str:
    """Points with error bars on axes with their extreme values."""
    x, y, error = data
    if not len(x):
        return f'<text x="{LEFT}" y="16">{title}: no data</text>'
    spread = 0.0 if error is None else float(np.median(error))
    low, high = float(y.min()) - spread, float(y.max()) + spread
    first, last = float(x.min()), float(x.max())

    def px(values: FloatArray) -> FloatArray:
        return LEFT + WIDTH * (values - first) / max(last - first, 1e-9)

    def py(values: FloatArray) -> FloatArray:
        part = (values - low) / max(high - low, 1e-9)
        return TOP + HEIGHT * (part if flipped else 1 - part)

    shown = [f'<text x="{LEFT}" y="16">{title}</text>',
             f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#888"/>']
    for value, text in ((low, f"{low:.3f}"), (high, f"{high:.3f}")):
        shown.append(f'<text x="{LEFT - 4}" y="{float(py(np.array(value))) + 4:.1f}" text-anchor="end">{text}</text>')
    shown.append(f'<text x="{LEFT}" y="{TOP + HEIGHT + 16}">{first:.4f}</text><text x="{LEFT + WIDTH}" y="{TOP + HEIGHT + 16}" '
                 f'text-anchor="end">{last:.4f}</text><text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 16}" '
                 f'text-anchor="middle">{across} (up: {up})</text>')
    for k, (a, b) in enumerate(zip(px(x), py(y), strict=True)):
        if error is not None:
            top, bottom = py(np.array([y[k] - error[k], y[k] + error[k]]))
            shown.append(f'<line x1="{a:.1f}" x2="{a:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" stroke="#9bc"/>')
        fill = "#06c" if marked is None or marked[k] else "none"
        shown.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.5" fill="{fill}" stroke="#06c"/>')
    return "".join(shown)
