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

from orchestrator.derived.plots import plot, write_plots
from orchestrator.io.atomic import whole_file
from orchestrator.report.same_pixels import stretched
from tilecore.detect.light_curves import LightCurves

__all__ = ["draw_curves", "write_animation", "write_table"]

FloatArray = NDArray[np.float64]

# Milliseconds of a picture of the animation, and height (px) of its caption.
PICTURE_TIME = 150
CAPTION = 14
# The most light curves that are drawn.
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
    write_plots(path, parts)


def _curve(curves: LightCurves, times: FloatArray, star: int) -> str:
    good = np.isfinite(curves.magnitude[star])
    title = (f"star {star + 1}: {'variable, ' if curves.variable[star] else ''}scatter {curves.scatter[star]:.4f} mag, expected "
             f"{curves.expected[star]:.4f}")
    return plot(title, "MJD", "magnitude", (times[good], curves.magnitude[star][good], curves.error[star][good]), flipped=True)


def _scatter_plot(curves: LightCurves, flux: FloatArray) -> str:
    good = np.isfinite(curves.scatter) & (curves.scatter > 0) & (flux > 0)
    instrumental = -2.5 * np.log10(flux[good])
    return plot("scatter of each star against its magnitude; variables are filled", "instrumental magnitude",
                "log10 of the scatter (mag)", (instrumental, np.log10(curves.scatter[good]), None), marked=curves.variable[good])
