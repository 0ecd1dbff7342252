"""Plots of points as SVG, one below the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.report.write import write_text

__all__ = ["plot", "write_plots"]

FloatArray = NDArray[np.float64]

# Size (px) of a plot, and its margins.
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 760, 180, 60, 28, 24


def write_plots(path: Path, parts: list[str]) -> None:
    """Write plots as one page."""
    body = "\n".join(f'<g transform="translate(0 {i * (HEIGHT + TOP + BOTTOM)})">{p}</g>' for i, p in enumerate(parts))
    height = len(parts) * (HEIGHT + TOP + BOTTOM)
    write_text(path, f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + LEFT + 20} {height}" '
               f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n')


def plot(title: str, across: str, up: str, data: tuple[FloatArray, FloatArray, FloatArray | None], *, flipped: bool = False,
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
