"""Stars in frames of different PSFs keep their light; cosmic rays and trails beside them do not stay."""

from __future__ import annotations

import numpy as np
import pytest

from tilecore.stack.mixed_psf import MixedPsf, mixed_psf, pardon
from tilecore.stack.reject import reject, reject_from_median

SIDE, NOISE, FLUX, SHARP = 96, 0.0005, 0.8, 2.6
STARS = [(24.3, 30.1, 1.0), (60.2, 66.7, 0.3), (30.6, 74.0, 0.08)]
SKY = 0.01


def area(fwhm: float | np.ndarray) -> np.ndarray:
    return np.asarray(np.pi * np.asarray(fwhm) ** 2 / (2 * np.log(2)))


def frame(fwhm: float, length: float = 0.0, angle: float = 0.0) -> np.ndarray:
    """Stars of a Gaussian profile, trailed over ``length`` px."""
    y, x = np.mgrid[:SIDE, :SIDE]
    image = np.full((SIDE, SIDE), SKY)
    sigma = fwhm / 2.3548
    for row, column, share in STARS:
        for step in np.linspace(-0.5, 0.5, 15) * length:
            distance = (y - row - step * np.sin(angle)) ** 2 + (x - column - step * np.cos(angle)) ** 2
            image += share * FLUX / 15 * np.exp(-distance / (2 * sigma**2)) / (2 * np.pi * sigma**2)
    return image


def session(bad: int, kind: str, n: int = 14) -> tuple[np.ndarray, MixedPsf]:
    r = np.random.default_rng(4)
    widths, lengths = np.full(n, SHARP), np.zeros(n)
    if kind == "seeing":
        widths[:bad] = r.uniform(5, 6.5, bad)
    else:
        lengths[:bad] = r.uniform(8, 12, bad)
    frames = [frame(w, k, a) for w, k, a in zip(widths, lengths, r.uniform(0, np.pi, n), strict=True)]
    longest = np.maximum(widths, lengths)
    psf = mixed_psf(area(np.sqrt(widths * longest)), widths / longest)
    return (np.array(frames) + r.normal(0, NOISE, (n, SIDE, SIDE))).astype(np.float32), psf


def rejected(cube: np.ndarray, psf: MixedPsf) -> np.ndarray:
    valid, sigma = np.ones_like(cube), np.full(len(cube), NOISE, np.float32)
    mask, median = reject_from_median(cube, valid, sigma)
    pardon(mask, cube, valid, median, sigma, psf)
    return mask


def fluxes(cube: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Flux of each star in the mean of what is kept, over the true one."""
    mean = np.where(mask == 0, cube, 0).sum(axis=0) / np.maximum((mask == 0).sum(axis=0), 1)
    y, x = np.mgrid[:SIDE, :SIDE]
    return np.array([(mean - SKY)[np.hypot(y - row, x - column) < 14].sum() / (share * FLUX) for row, column, share in STARS])


@pytest.mark.parametrize("kind", ["trail", "seeing"])
@pytest.mark.parametrize("bad", [4, 8, 11])
def test_stars_keep_their_light(kind: str, bad: int) -> None:
    cube, psf = session(bad, kind)
    assert psf.reach and psf.differs.any()
    found = fluxes(cube, rejected(cube, psf))
    assert found == pytest.approx(1, abs=0.04)


def test_without_it_they_lose_light() -> None:
    cube, _ = session(8, "trail")
    assert fluxes(cube, reject(cube, np.ones_like(cube), np.full(14, NOISE, np.float32)))[:2].max() < 0.85


@pytest.mark.parametrize("victim", [2, 12])
def test_cosmic_rays_and_trails_beside_stars_stay_rejected(victim: int) -> None:
    cube, psf = session(8, "seeing")
    rays = [(27, 33), (58, 70), (80, 20), (50, 12)]
    for row, column in rays:
        cube[victim, row, column] += 0.05
    y, x = np.mgrid[:SIDE, :SIDE]
    trail = 0.02 * np.exp(-((y - 0.5 * x - 40) ** 2) / 3)
    cube[victim] += trail
    mask = rejected(cube, psf)
    assert all(mask[victim, row, column] for row, column in rays)
    assert mask[victim][trail > 0.01].mean() > 0.97


def test_a_trail_along_the_wing_of_a_bright_star_stays_rejected() -> None:
    """Six px from the centre a sharp frame has little light of the star, and the trail is far above that."""
    cube, psf = session(8, "seeing")
    cube[12, 30:34] += 0.02
    assert rejected(cube, psf)[12, 30:34].all()


def test_frames_of_one_psf_are_treated_as_ever() -> None:
    r = np.random.default_rng(1)
    widths = r.uniform(2.6, 2.9, 12)
    psf = mixed_psf(area(widths), r.uniform(0.9, 1, 12))
    assert psf.reach == 0 and not psf.differs.any()
    one = mixed_psf(area(np.where(np.arange(12) == 3, 5.0, widths)), np.ones(12))
    assert one.differs.tolist() == [k == 3 for k in range(12)]
    unknown = mixed_psf(np.full(5, np.nan), np.full(5, np.nan))
    assert unknown.reach == 0
