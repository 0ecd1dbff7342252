"""Cores too steep for Lanczos-4: which they are, that their light stays, and that nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from fixtures.judge import star_photometry
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.stacking.blocks import Block
from orchestrator.stacking.canvas import canvas_of
from orchestrator.stacking.frame_reading import FrameNormalization, Warping, read_block
from tilecore.register.lens import Lens
from tilecore.resample import steep_cores as steep
from tilecore.resample.warp import FrameRows, Slot, Window, warp_block

SIDE = 96
NOISE = 1e-3


def star(x: float, y: float, flux: float, fwhm: float, ceiling: float = np.inf) -> np.ndarray:
    """(SIDE, SIDE) a Gaussian star as pixels sample it (means of 5 x 5 points each), clipped at a ceiling."""
    points = (np.arange(5 * SIDE) - 2) / 5
    sigma = fwhm / 2.3548
    profile = [np.exp(-0.5 * ((points - c) / sigma) ** 2).reshape(SIDE, 5).mean(axis=1) for c in (y, x)]
    return np.minimum(flux / (2 * np.pi * sigma**2) * np.outer(*profile), ceiling).astype(np.float32)


def shift(dx: float, dy: float, degrees: float = 0.0, scale: float = 1.0) -> np.ndarray:
    """3x3: canvas pixel -> frame pixel, about the middle of the frame."""
    c, s, m = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees)), (SIDE - 1) / 2
    return np.array([[c, -s, m - c * m + s * m + dx], [s, c, m - s * m - c * m + dy], [0, 0, 1]])


class Plane:
    """Reads a frame from memory."""

    def __init__(self, plane: np.ndarray) -> None:
        self.plane, self.shape = plane, plane.shape

    def read(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        return self.plane[start:stop]


def about_the_middle(degrees: float, size: int) -> np.ndarray:
    c, s, m = np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), (size - 1) / 2
    return np.array([[c, -s, m - c * m + s * m + 0.3], [s, c, m - s * m - c * m - 0.4], [0, 0, 1]])


def taken(plane: np.ndarray, noise: float = NOISE) -> tuple[np.ndarray, steep.Cores]:
    """A plane without its cores, and these."""
    rest, [cores] = steep.take_cores(plane[None], np.array([noise]), 0, len(plane))
    return rest[0], cores


def resampled(plane: np.ndarray, matrix: np.ndarray, cores: steep.Cores | None = None) -> np.ndarray:
    """A plane on the canvas; ``cores`` are those that are not in it."""
    image, valid = warp_block(FrameRows(plane[None], plane.shape), matrix, Window(0, 0, *plane.shape))
    if cores is not None:
        steep.add_cores(image, cores, valid, maps(matrix, cores), (0, 0), 1.0)
    return image


def maps(matrix: np.ndarray, cores: steep.Cores) -> steep.LocalMaps:
    return steep.local_maps(matrix, cores.peak[:, ::-1].astype(float))


def depth(image: np.ndarray) -> float:
    """The darkest pixel, which is 0 without dips."""
    return float(image[12:-12, 12:-12].min())


@pytest.mark.parametrize("fwhm", [1.4, 1.6, 1.8])
@pytest.mark.parametrize("matrix", [shift(0.5, 0.5), shift(0.3, -0.4), shift(0.25, 0.4, 3.0), shift(0.5, 0.1, 40.0)])
def test_a_narrow_star_keeps_its_light_and_place_without_dips(fwhm: float, matrix: np.ndarray) -> None:
    plane = star(47.3, 48.6, 3.0, fwhm)
    rest, cores = taken(plane)
    assert len(cores.peak) == 1
    before, after = resampled(plane, matrix), resampled(rest, matrix, cores)
    assert after.sum() == pytest.approx(plane.sum(), rel=1e-3)
    assert depth(after) > max(0.25 * depth(before), -4 * NOISE) or depth(before) > -4 * NOISE
    y, x = np.mgrid[:SIDE, :SIDE]
    place = np.array([(after * x).sum(), (after * y).sum()]) / after.sum()
    there = np.linalg.inv(matrix) @ [47.3, 48.6, 1]
    assert np.abs(place - there[:2]).max() < 0.03


def test_the_light_of_a_clipped_star_stays_and_its_dips_end() -> None:
    plane = star(47.2, 48.7, 6.0, 1.8, ceiling=0.5)
    left, cores = taken(plane)
    matrix = shift(0.5, 0.5)
    before, after = resampled(plane, matrix), resampled(left, matrix, cores)
    assert depth(before) < -10 * NOISE
    assert depth(after) > 0.2 * depth(before)
    assert after.sum() == pytest.approx(plane.sum(), rel=1e-3)
    assert cores.which.tolist() == [0] and cores.rest.any()


@pytest.mark.parametrize("ratio", [1.0, 0.3])
@pytest.mark.parametrize("distance", [5.0, 6.0, 7.0, 7.3, 8.0, 9.0])
@pytest.mark.parametrize("ceiling", [np.inf, 0.7])
def test_pairs_of_stars_keep_their_light_and_height_without_deep_dips(ceiling: float, distance: float, ratio: float) -> None:
    x, y = np.array([45.3, 45.3 + 0.92 * distance]), np.array([46.6, 46.6 + 0.39 * distance])
    flux = 3.0 if ceiling == np.inf else 12.0
    plane = np.minimum(star(x[0], y[0], flux, 1.8) + star(x[1], y[1], ratio * flux, 1.8), ceiling)
    left, cores = taken(plane)
    assert len(cores.peak) >= 1
    for matrix in (shift(0.5, 0.5), shift(0.3, -0.4), shift(0.25, 0.4, 3.0), shift(0.5, 0.1, 40.0)):
        before, after = resampled(plane, matrix), resampled(left, matrix, cores)
        assert after.sum() == pytest.approx(plane.sum(), rel=1e-3)
        # Cores clipped at 700 sigma: at most 1.1 % of it; Lanczos-4 alone 8 %.
        assert depth(after) > (-3 if ceiling == np.inf else -8) * NOISE
        assert after.max() < 1.4 * plane.max()
        there = np.linalg.inv(matrix) @ [x, y, np.ones(2)]
        middle = there[:2].mean(axis=1)
        assert star_photometry(after, *middle, 14.0)[0] == pytest.approx(plane.sum(), rel=2e-3)
        # An aperture that cuts through the other star depends on how sharp that is.
        each = [star_photometry(image, there[0], there[1], 7.0) for image in (before, after)]
        assert np.abs(each[1] / each[0] - 1).max() < 0.015


def test_a_rest_whose_light_cancels_stays_as_it_is() -> None:
    plane = np.minimum(star(45.3, 46.6, 11.0, 1.8) + star(48.06, 47.77, 3.3, 1.8), 0.7)
    left, cores = taken(plane)
    height = np.abs(cores.rest).max(axis=(1, 2))
    assert any(abs(r.sum()) < h for r, h in zip(cores.rest, height, strict=True))
    for matrix in (shift(0.5, 0.5), shift(0.3, -0.4), shift(0.25, 0.4, 3.0), shift(0.5, 0.1, 40.0)):
        after = resampled(left, matrix, cores)
        assert after.sum() == pytest.approx(plane.sum(), rel=1e-3)
        assert depth(after) > -8 * NOISE and after.max() < 1.4 * 0.7


@pytest.mark.parametrize("fwhm", [5.0, 6.5, 8.0])
@pytest.mark.parametrize("excess", [1.5, 4.0, 20.0])
def test_wide_clipped_stars_keep_their_light_without_dips(fwhm: float, excess: float) -> None:
    plane = star(47.3, 48.6, 0.7 * excess * 2 * np.pi * (fwhm / 2.3548) ** 2, fwhm, ceiling=0.7)
    left, cores = taken(plane)
    for matrix in (shift(0.5, 0.5), shift(0.3, -0.4), shift(0.25, 0.4, 3.0), shift(0.5, 0.1, 40.0)):
        after = resampled(left, matrix, cores)
        assert depth(after) > -3 * NOISE
        assert after.sum() == pytest.approx(plane.sum(), rel=1e-3)
        assert after.max() < 1.2 * 0.7


def test_a_hot_pixel_is_not_taken_for_a_star_and_does_not_ring() -> None:
    plane = np.zeros((SIDE, SIDE), np.float32)
    plane[40, 50] = 0.5
    left, cores = taken(plane)
    assert cores.profile[0, 2] == 0
    after = resampled(left, shift(0.5, 0.0), cores)
    assert after[40, 49] == after[40, 50] == pytest.approx(0.25, rel=1e-5)
    assert depth(after) > -1e-6


def test_fluxes_stay_proportional() -> None:
    """The same star at a tenth of the light: neither is brighter or broader than the other."""
    matrix, images = shift(0.4, 0.3, 1.0), []
    for flux in (3.0, 0.3):
        plane = star(47.3, 48.6, flux, 1.4)
        left, cores = taken(plane)
        assert len(cores.peak) == 1
        images.append(resampled(left, matrix, cores) / flux)
    assert images[0].sum() == pytest.approx(images[1].sum(), rel=1e-3)
    assert np.abs(images[0] - images[1]).max() < 0.03 * images[0].max()


def test_frames_without_steep_cores_have_none() -> None:
    r = np.random.default_rng(3)
    plane = r.normal(0.05, NOISE, (SIDE, SIDE)).astype(np.float32)
    for x, y, flux in ((30.2, 30.7, 3.0), (60.5, 33.1, 1.0), (45.8, 62.4, 8.0)):
        plane += star(x, y, flux, 3.0)
    left, cores = taken(plane)
    assert len(cores.peak) == 0 and (left == plane).all()
    assert len(taken(plane + star(70.3, 70.2, 2.0, 1.3))[1].peak) == 1


def test_the_profile_is_the_closed_form_at_every_pixel() -> None:
    y, x = np.mgrid[:SIDE, :SIDE]
    dx, dy = x - 48.3, y - 47.8
    profile = 0.7 * (1 + 0.6 * dx**2 + 0.2 * dx * dy + 0.5 * dy**2) ** -steep.BETA
    left, cores = taken(profile.astype(np.float32))
    assert cores.profile[0, :6] == pytest.approx([0.3, -0.2, 0.7, 0.6, 0.1, 0.5], rel=1e-2)
    assert np.abs(left)[np.hypot(dx, dy) < steep.REACH / 2].max() < 2e-3
    far = np.hypot(dx, dy) > steep.REACH
    assert (left[far] == profile.astype(np.float32)[far]).all()


def crowded(seed: int) -> np.ndarray:
    """(260, SIDE) a plane full of steep cores, some of them clipped or in each other's wings."""
    r = np.random.default_rng(seed)
    plane = r.normal(0.05, NOISE, (260, SIDE))
    u = np.arange(SIDE)
    for _ in range(90):
        x, y, sigma = r.uniform(0, SIDE), r.uniform(0, 260), r.uniform(0.55, 0.9)
        plane += 0.1 * 30 ** r.uniform() * np.outer(np.exp(-0.5 * ((np.arange(260) - y) / sigma) ** 2),
                                                    np.exp(-0.5 * ((u - x) / sigma) ** 2))
    return np.minimum(plane, 0.9).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_cores_do_not_depend_on_the_rows_at_hand(seed: int) -> None:
    plane = crowded(seed)
    whole, cores = taken(plane)
    assert len(cores.peak) > 30 and len(cores.rest) > 5
    for first, stop in ((0, 130), (37, 183), (90, 260)):
        [part], [found] = steep.take_cores(plane[None, first:stop], np.array([NOISE]), first, len(plane))
        low, high = first + steep.DEPENDS if first else 0, stop - steep.DEPENDS if stop < 260 else 260
        inside = slice(low + steep.REACH if first else 0, high - steep.REACH if stop < 260 else 260)
        assert (part[inside.start - first: inside.stop - first] == whole[inside]).all()
        for one, other in ((cores, found), (found, cores)):
            there = {tuple(p): k for k, p in enumerate(other.peak)}
            for k, peak in enumerate(one.peak):
                if low <= peak[0] < high:
                    same = there[tuple(peak)]
                    assert (one.profile[k] == other.profile[same]).all()
                    assert (one.which[k] >= 0) == (other.which[same] >= 0)
                    if one.which[k] >= 0:
                        assert (one.rest[one.which[k]] == other.rest[other.which[same]]).all()


def test_cores_that_touch_keep_their_light() -> None:
    plane = crowded(7)
    left, cores = taken(plane)
    matrix = shift(0.4, 0.3)
    image, valid = warp_block(FrameRows(left[None], left.shape), matrix, Window(0, 0, *left.shape))
    steep.add_cores(image, cores, valid, maps(matrix, cores), (0, 0), 1.0)
    inner = slice(20, -20), slice(20, -20)
    assert (image[inner] - 0.05).sum() == pytest.approx((plane[inner] - 0.05).sum(), rel=0.02)
    plain, _ = warp_block(FrameRows(plane[None], plane.shape), matrix, Window(0, 0, *plane.shape))
    assert image[inner].min() > 0.5 * plain[inner].min()


@pytest.mark.parametrize("first", [0, 37, 48, 52])
def test_blocks_do_not_matter(first: int) -> None:
    _, cores = taken(star(47.3, 48.6, 3.0, 1.4) + star(52.4, 51.2, 1.0, 1.4))
    assert len(cores.peak) == 2
    matrix, ones = shift(0.3, 0.4, 5.0), np.ones((SIDE, SIDE), np.float32)
    complete, block = np.zeros_like(ones), np.zeros_like(ones[first:, 45:])
    steep.add_cores(complete, cores, ones, maps(matrix, cores), (0, 0), 2.0)
    steep.add_cores(block, cores, ones[first:, 45:], maps(matrix, cores), (first, 45), 2.0)
    assert (block == complete[first:, 45:]).all()


def test_pixels_without_data_get_no_light() -> None:
    _, cores = taken(star(47.3, 48.6, 3.0, 1.4))
    image, valid = np.zeros((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), np.float32)
    valid[:, 47:] = 0
    steep.add_cores(image, cores, valid, maps(shift(0.3, 0.4), cores), (0, 0), 1.0)
    assert image[:, :47].any() and not image[:, 47:].any()

@pytest.mark.parametrize("degrees", [0.0, 1.0, 181.0])
@pytest.mark.parametrize("bend", [0.0, 0.01, -0.02])
def test_frames_with_and_without_a_lens_have_no_dips_and_keep_their_light(bend: float, degrees: float) -> None:
    size, r = 360, np.random.default_rng(5)
    lens = Lens.radial((size / 2 + 3.5, size / 2 - 4.5), size / np.sqrt(2), bend) if bend else None
    x, y = (v.ravel().astype(float) + r.uniform(-4, 4, 64) for v in np.meshgrid(np.arange(40, 320, 36), np.arange(40, 320, 36)))
    u = np.arange(size)
    plane = np.zeros((size, size))
    for a, b in zip(x, y, strict=True):
        plane += 0.6 * np.outer(np.exp(-0.5 * ((u - b) / 0.6) ** 2), np.exp(-0.5 * ((u - a) / 0.6) ** 2))
    frame = Frame(0, None, Plane(plane.astype(np.float32)), about_the_middle(degrees, size), lens=lens)  # type: ignore[arg-type]
    plan = canvas_of(FrameSet((frame,), 0, (size, size), None, 1, "native"), "mono", (0, 0), (size, size), 0.0, "lanczos4")

    def read(noise: np.ndarray | None, block: Block) -> np.ndarray:
        cube, valid = np.empty((1, 1, *block.shape), np.float32), np.empty((1, *block.shape), np.float32)
        out = Slot(cube, valid, 0)
        read_block(plan, frame, block, FrameNormalization(np.ones(1, np.float32), np.zeros((1, 1, 1))), out,
                   Warping(noise=noise))
        return cube[0, 0]

    whole, noise = Block(0, size, 0, size), np.array([NOISE])
    before, after = read(None, whole), read(noise, whole)
    part = Block(131, 214, 57, 301)
    assert (read(noise, part) == after[part.y0: part.y1, part.x0: part.x1]).all()
    there = plan.on_channel(frame, np.stack([x, y], 1))
    seen = np.array([[image[round(b) - 8: round(b) + 9, round(a) - 8: round(a) + 9] for a, b in there]
                     for image in (before, after)], np.float64)
    lowest = seen.min(axis=(2, 3))
    assert lowest[0].min() < -15 * NOISE
    assert lowest[1].min() > 0.3 * lowest[0].min() and np.median(lowest[1]) > 0.25 * np.median(lowest[0])
    light = seen.sum(axis=(2, 3))
    assert np.abs(light[1] / light[0] - 1).max() < 5e-3
    v, w = np.mgrid[-8:9, -8:9]
    place = np.stack([(seen[1] * w).sum((1, 2)), (seen[1] * v).sum((1, 2))], 1) / light[1][:, None]
    assert np.abs(place - (there - np.rint(there))).max() < 0.05
