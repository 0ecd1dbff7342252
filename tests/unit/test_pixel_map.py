"""Maps of lenses: interpolated positions against the exact ones, warps against sums over the taps at exact positions, blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from astropy.wcs import WCS
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.engines.base import Frame
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.frame_map import FrameMap
from orchestrator.stacking.sky_grid import SkyGrid
from tilecore.register.lens import Lens
from tilecore.resample import array_backend as arrays
from tilecore.resample import warp
from tilecore.resample.pixel_map import Orientation, PixelMap, orientation_of, pixel_map

OTHER: Any = SimpleNamespace(**{name: getattr(np, name) for name in dir(np)})
SHAPE = (240, 330)
Mapping = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def turned(degrees: float, dx: float = 0.0, dy: float = 0.0, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """A rotation about the centre of the frame, and a shift."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    return np.array([[c, -s, x - c * x + s * y + dx], [s, c, y - s * x - c * y + dy], [0, 0, 1]])


def mappings(lens: Lens, matrix: np.ndarray) -> tuple[Mapping, Mapping]:
    """Canvas to frame and back, exactly."""
    back = np.linalg.inv(matrix)

    def moved(m: np.ndarray, points: np.ndarray) -> np.ndarray:
        d = m[2, 0] * points[:, 0] + m[2, 1] * points[:, 1] + m[2, 2]
        return np.stack([(m[i, 0] * points[:, 0] + m[i, 1] * points[:, 1] + m[i, 2]) / d for i in (0, 1)], 1)

    def to_frame(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = lens.on_frame(moved(back, np.stack([x.ravel(), y.ravel()], 1)))
        return found[:, 0].reshape(x.shape), found[:, 1].reshape(x.shape)

    def to_canvas(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = moved(matrix, lens.ideal(np.stack([x.ravel(), y.ravel()], 1)))
        return found[:, 0].reshape(x.shape), found[:, 1].reshape(x.shape)

    return to_frame, to_canvas


def lens_of(k: float, shape: tuple[int, int] = SHAPE) -> Lens:
    return Lens.radial(((shape[1] - 1) / 2 + 4.0, (shape[0] - 1) / 2 - 3.0), 0.5 * float(np.hypot(*shape)), k, -0.3 * k)


@settings(max_examples=40, deadline=None)
@given(k=st.floats(-0.02, 0.02), degrees=st.floats(0, 360), tilt=st.floats(-1e-4, 1e-4), y0=st.integers(-40, 460),
       x0=st.integers(-40, 600))
def test_interpolated_places_are_exact_to_a_thousandth_px(k: float, degrees: float, tilt: float, y0: int, x0: int) -> None:
    shape = (480, 640)
    matrix = turned(degrees, shape=shape)
    matrix[2, 0] = tilt
    to_frame, _ = mappings(lens_of(k, shape), matrix)
    made = pixel_map(to_frame, Orientation(False, False), shape, y0, y0 + 50, x0, x0 + 70)
    y, x = np.arange(y0, y0 + 50.0), np.arange(x0, x0 + 70.0)
    u, v = made.at(y, x)
    exact = to_frame(*np.meshgrid(x, y))
    inside = (exact[0] >= 0) & (exact[1] >= 0) & (exact[0] <= shape[1] - 1) & (exact[1] <= shape[0] - 1)
    assert np.hypot(u - exact[0], v - exact[1])[inside].max(initial=0) < 0.001
    rows = made.rows(y0, y0 + 50, x0, x0 + 70, shape, 0)
    if inside.any():
        assert rows is not None and rows[0] <= exact[1][inside].min() and rows[1] - 1 >= exact[1][inside].max()


def taken(image: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Lanczos-4 samples from the closed form at places whose taps are all inside."""
    def weights(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        first = np.floor(at).astype(int) - 3
        distance = np.abs(first[..., None] + np.arange(8) - at[..., None])
        w = np.where(distance < 4, np.sinc(distance) * np.sinc(distance / 4), 0)
        return first, w / w.sum(axis=-1, keepdims=True)

    (left, wx), (top, wy) = weights(x), weights(y)
    rows, columns = top[..., None] + np.arange(8), left[..., None] + np.arange(8)
    return np.einsum("...ij,...i,...j->...", image[rows[..., :, None], columns[..., None, :]], wy, wx)


def smooth(shape: tuple[int, int], planes: int = 1) -> np.ndarray:
    """Images without detail below two pixels, as telescopes make them."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    r = np.random.default_rng(3)
    result = np.zeros((planes, *shape))
    for _ in range(60):
        kx, ky, phase = r.uniform(-1.2, 1.2), r.uniform(-1.2, 1.2), r.uniform(0, 6.3)
        result += np.cos(kx * x + ky * y + phase) * r.uniform(0.5, 1, planes)[:, None, None]
    return (result / 20).astype(np.float32)


def warped(source: np.ndarray, to_frame: Mapping, orientation: Orientation, box: tuple[int, int, int, int],
           kernel: str = "lanczos4", rows: tuple[int, int] | None = None) -> tuple[np.ndarray, np.ndarray, PixelMap]:
    y0, y1, x0, x1 = box
    shape = source.shape[-2], source.shape[-1]
    made = pixel_map(to_frame, orientation, shape, y0, y1, x0, x1)
    rows = rows or made.rows(y0, y1, x0, x1, shape, 8)
    out = np.zeros((len(source), 1, y1 - y0, x1 - x0), np.float32)
    valid = np.zeros((1, y1 - y0, x1 - x0), np.float32)
    if rows is not None:
        r = np.random.default_rng(1)
        scale = np.array([1.0, 2, 0.5], np.float32)[: len(source)]
        levels = warp.Normalization(scale, r.normal(0, 0.1, (len(source), 3, 3)), shape)
        warp.warp_planes(warp.FrameRows(source[:, rows[0]: rows[1]], shape, rows[0]), made, (y0, x0), warp.Slot(out, valid, 0),
                         warp.Sampling(kernel, 6.0), levels)
    return out[:, 0], valid[0], made


@pytest.mark.parametrize(("degrees", "two_passes"), [(0.5, True), (181.2, True), (30, False), (180, True)])
@pytest.mark.parametrize("k", [0.01, -0.01, 0.003])
def test_the_warp_sums_the_taps_at_the_exact_places(degrees: float, two_passes: bool, k: float) -> None:
    image = smooth(SHAPE)
    to_frame, to_canvas = mappings(lens_of(k), turned(degrees, 3.3, -4.7))
    orientation = orientation_of(to_canvas, SHAPE)
    assert orientation == Orientation(two_passes and degrees > 90, two_passes)
    made = pixel_map(to_frame, orientation, SHAPE, 0, SHAPE[0], 0, SHAPE[1])
    out, valid = (np.zeros((1, 1, *SHAPE), np.float32), np.zeros((1, *SHAPE), np.float32))
    warp.warp_planes(warp.FrameRows(image, SHAPE), made, (0, 0), warp.Slot(out, valid, 0))
    x, y = to_frame(*np.meshgrid(np.arange(SHAPE[1], dtype=float), np.arange(SHAPE[0], dtype=float)))
    deep = (x > 8) & (y > 8) & (x < SHAPE[1] - 9) & (y < SHAPE[0] - 9)
    assert deep.mean() > 0.5
    expected = taken(image[0], x[deep], y[deep])
    # Two passes place the taps along a sheared column: up to 0.2 px from their exact places.
    assert np.abs(out[0, 0][deep] - expected).max() < (0.02 if two_passes else 0.002)
    assert np.sqrt(np.mean((out[0, 0][deep] - expected) ** 2)) < (0.003 if two_passes else 0.0005)
    inside = (x >= 0) & (y >= 0) & (x <= SHAPE[1] - 1) & (y <= SHAPE[0] - 1)
    assert ((valid[0] > 0) != inside).sum() <= 4  # places within rounding of the border


@pytest.mark.parametrize("degrees", [0.7, 181.5, 2.4, 33.0])
@pytest.mark.parametrize("kernel", ["lanczos4", "bicubic", "nearest"])
def test_blocks_anywhere_give_the_same_bytes(degrees: float, kernel: str) -> None:
    image = smooth(SHAPE, 3)
    to_frame, to_canvas = mappings(lens_of(0.01), turned(degrees, 20.3, -11.7))
    orientation = orientation_of(to_canvas, SHAPE)
    whole, valid, _ = warped(image, to_frame, orientation, (-20, 260, -10, 350), kernel)
    r = np.random.default_rng(0)
    for _ in range(30):
        y0, x0 = int(r.integers(-20, 230)), int(r.integers(-10, 320))
        y1, x1 = min(y0 + int(r.integers(1, 90)), 260), min(x0 + int(r.integers(1, 200)), 350)
        part, good, _ = warped(image, to_frame, orientation, (y0, y1, x0, x1), kernel)
        place = np.s_[y0 + 20: y1 + 20, x0 + 10: x1 + 10]
        assert part.tobytes() == np.ascontiguousarray(whole[(slice(None), *place)]).tobytes()
        assert good.tobytes() == np.ascontiguousarray(valid[place]).tobytes()


@pytest.mark.parametrize("degrees", [0.7, 181.5, 33.0])
@pytest.mark.parametrize("kernel", list(warp.KERNELS))
def test_whole_arrays_give_the_same_picture(degrees: float, kernel: str) -> None:
    image = smooth(SHAPE, 3)
    to_frame, to_canvas = mappings(lens_of(-0.01), turned(degrees, 2.3, -1.7))
    box = (10, 130, 40, 300)
    out, valid, made = warped(image, to_frame, orientation_of(to_canvas, SHAPE), box, kernel, rows=(0, SHAPE[0]))
    r = np.random.default_rng(1)
    levels = warp.Normalization(np.array([1.0, 2, 0.5], np.float32), r.normal(0, 0.1, (3, 3, 3)), SHAPE)
    pixels, good = arrays.warp_block(OTHER, warp.FrameRows(image, SHAPE), made, warp.Window(10, 40, 120, 260),
                                     warp.Sampling(kernel, 6.0), levels)
    assert np.abs(pixels - out).max() < 2e-5
    assert np.abs(good - valid).max() < 1e-6


def test_a_place_that_the_lens_does_not_show_has_no_data() -> None:
    to_frame, to_canvas = mappings(Lens.radial((164.5, 119.5), 204.0, -0.2), np.eye(3))
    made = pixel_map(to_frame, orientation_of(to_canvas, SHAPE), SHAPE, 0, 240, -2000, 2330)
    out, valid = np.zeros((1, 1, 240, 4330), np.float32), np.zeros((1, 240, 4330), np.float32)
    warp.warp_planes(warp.FrameRows(smooth(SHAPE), SHAPE), made, (0, -2000), warp.Slot(out, valid, 0))
    assert valid[0, :, 2060:2250].any() and not valid[0, :, :1900].any() and not valid[0, :, 2440:].any()
    assert np.isfinite(out).all()


@pytest.mark.parametrize("kind", ["TAN", "STG", "ZEA", "CAR"])
def test_a_projection_is_interpolated_exactly(kind: str) -> None:
    """A frame of 14 degrees: the map to it from a projection of the sky, and back, against astropy."""
    plane, grid = WCS(naxis=2), WCS(naxis=2)
    for wcs, name, turn, scale in ((plane, "TAN", 25.0, 120.0), (grid, kind, 0.0, 100.0)):
        c, s = np.cos(np.radians(turn)) * scale / 3600, np.sin(np.radians(turn)) * scale / 3600
        wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.cd = [f"RA---{name}", f"DEC--{name}"], [83.0, 41.0], [[-c, s], [s, c]]
    plane.wcs.crpix = [200.0, 150.0]
    sky = SkyGrid(str(grid.to_header().tostring("\n")), str(plane.to_header().tostring("\n")), 1.2)
    lens = Lens.radial((200.0, 150.0), 264.0, 0.01)
    frame = Frame(0, FrameInfo(Path("light.fits"), Role.LIGHT, (320, 420)), None, np.eye(3), lens=lens)
    grid_map = FrameMap(frame, (-250.0, -210.0), 1, sky=sky)
    u, v = (a.ravel() for a in np.meshgrid(np.linspace(0, 419, 23), np.linspace(0, 319, 17)))
    ideal = lens.ideal(np.stack([u, v], 1))
    expected = grid.wcs_world2pix(plane.wcs_pix2world(ideal, 0), 0) + np.array([250.0, 210.0])
    x, y = grid_map.to_grid(u, v)
    np.testing.assert_allclose(np.stack([x, y], 1), expected, atol=1e-6)
    np.testing.assert_allclose(np.stack(grid_map.to_frame(x, y), 1), np.stack([u, v], 1), atol=1e-6)
    made = grid_map.block((320, 420), 0, 430, 0, 520)
    rows, columns = np.arange(430.0), np.arange(520.0)
    exact = grid_map.to_frame(*np.meshgrid(columns, rows))
    inside = (exact[0] >= 0) & (exact[1] >= 0) & (exact[0] <= 419) & (exact[1] <= 319)
    assert inside.mean() > 0.4
    found = made.at(rows, columns)
    assert np.hypot(found[0] - exact[0], found[1] - exact[1])[inside].max() < 0.002
