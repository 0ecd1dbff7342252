"""The scale and the sky that the frames of a mosaic have in common."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.linalg import cg

from orchestrator.config.settings import RunConfig
from orchestrator.engines.base import Frame, FrameReader, FrameSet
from orchestrator.phases import prewarp
from orchestrator.session.model import FrameInfo
from orchestrator.stacking import field_geometry
from orchestrator.stacking.field_geometry import panels_of
from orchestrator.stacking.frame_scores import score_frames
from orchestrator.stacking.scale_check import wide_radius
from tilecore.detect.metrics import FrameMeasurement
from tilecore.detect.psf import PsfModel
from tilecore.detect.psf_photometry import FIELD_TERMS, StarFits, field_terms, fit_stars, mean_field, width_changes
from tilecore.detect.stars import STAR_DTYPE
from tilecore.numerics.robust_surface import evaluate_surface
from tilecore.register import align
from tilecore.register import shared_stars as shared_module
from tilecore.sky import common_sky
from tilecore.sky.common_scale import SharedFluxes, common_scale, group_errors
from tilecore.sky.common_sky import SkySamples, common_surfaces

SHAPE = (100, 100)


def shifted(x: float, y: float = 0.0) -> align.Alignment:
    matrix = np.eye(3)
    matrix[:2, 2] = x, y
    return align.Alignment(matrix, 0.1, 20, 20, "shift", "star triangles")


def panel_fluxes(random: np.random.Generator, stars: int = 90, panels: int = 4, depth: int = 6, sky: float = 60.0,
                 gain: float = 1.0) -> tuple[SharedFluxes, np.ndarray, np.ndarray]:
    """Fluxes of ``panels`` in a row of which each shares a third of its stars with the next; true scales; panel of each."""
    per = 3 * stars // (2 * panels + 1)
    true = random.uniform(0.4, 1.2, panels * depth)
    star = 10 ** random.uniform(2.3, 4.5, stars)
    panel = np.repeat(np.arange(panels), depth)
    frame = np.concatenate([np.full(per, n) for n in range(len(true))])
    number = np.concatenate([np.arange(per) + panel[n] * (per * 2 // 3) for n in range(len(true))])
    expected = true[frame] * star[number]
    flux = expected + random.normal(0, 1, len(expected)) * np.sqrt(sky**2 + expected / gain)
    return SharedFluxes(frame, number, flux, np.full(len(flux), sky**2), len(true)), true, panel


def test_scales_follow_from_shared_stars_through_other_frames() -> None:
    shared, true, _ = panel_fluxes(np.random.default_rng(2))
    shared.flux[np.flatnonzero(shared.star == shared.star.max() - 3)[0]] *= 1.5
    # Another frame sees a star that no other does.
    lone = SharedFluxes(np.append(shared.frame, 24), np.append(shared.star, 200), np.append(shared.flux, 1e4),
                        np.append(shared.variance, 1.0), 25)
    found = common_scale(lone, 1)
    assert np.allclose(found.scale[:24], true / true[1], rtol=0.02) and found.scale[24] == 1
    assert found.used[:24].min() >= 20 and found.used[24] == 0


def test_errors_of_panels_are_as_told_and_near_the_limit() -> None:
    """Over many draws: no bias of faint stars, a spread that matches the errors, not far above the photon limit."""
    scaled, off, limit = [], [], []
    for seed in range(40):
        shared, true, panel = panel_fluxes(np.random.default_rng(seed))
        found = common_scale(shared, 0)
        error, stars = group_errors(shared, found, panel, 0, np.zeros((len(shared.flux), 1)), np.zeros((24, 1, 1)))
        rest = np.log(found.scale / true)
        mean = rest.reshape(4, 6).mean(axis=1)
        assert error[0] == 0 and stars.min() > 5
        off.append((mean - mean[0])[1:])
        scaled.append(off[-1] / error[1:])
        limit.append(photon_limit(shared, panel))
    assert np.abs(np.mean(off, axis=0)).max() < 4 * np.std(off) / np.sqrt(40), "faint stars cause no bias"
    assert 0.75 < np.sqrt(np.mean(np.square(scaled))) < 1.35
    assert np.sqrt(np.mean(np.square(off))) < 1.4 * np.sqrt(np.mean(np.square(limit)))


def photon_limit(shared: SharedFluxes, panel: np.ndarray) -> np.ndarray:
    """The Cramer-Rao bound of the logarithm of each panel's scale against the first one's, with true variances (gain 1)."""
    expected = np.array([shared.flux[shared.star == s].mean() for s in range(shared.stars)])[shared.star]
    information = np.zeros((shared.frames, shared.stars))
    information[shared.frame, shared.star] = expected**2 / (shared.variance + expected)
    share = information / np.maximum(information.sum(axis=0), 1e-30)
    covariance = np.linalg.pinv(np.diag(information.sum(axis=1)) - share @ information.T)
    contrast = np.array([(panel == k) / 6 - (panel == 0) / 6 for k in range(1, 4)])
    return np.sqrt(np.diag(contrast @ covariance @ contrast.T))


def test_a_star_that_varies_and_a_panel_that_nothing_ties() -> None:
    shared, true, panel = panel_fluxes(np.random.default_rng(5))
    common = next(s for s in range(shared.stars) if len(set(panel[shared.frame[shared.star == s]])) == 2)
    shared.flux[(shared.star == common) & (panel[shared.frame] == 1)] *= 1.6
    found = common_scale(shared, 0)
    assert np.allclose(found.scale, true / true[0], rtol=0.03)
    cut = shared.star + 1000 * (panel[shared.frame] == 3)  # the last panel has stars of its own
    apart = SharedFluxes(shared.frame, cut, shared.flux, shared.variance, shared.frames)
    found = common_scale(apart, 0)
    error, stars = group_errors(apart, found, panel, 0, np.zeros((len(cut), 1)), np.zeros((24, 1, 1)))
    assert np.isnan(error[3]) and stars[3] == 0 and np.isfinite(error[:3]).all()
    assert (found.used[18:] == 0).all() and np.allclose(found.scale[18:], 1)
    none = np.zeros(0, np.int64)
    assert common_scale(SharedFluxes(none, none, np.zeros(0), np.zeros(0), 3), 1).used.tolist() == [0, 0, 0], "no star at all"


def test_fluxes_are_fitted_through_blends_and_wrong_widths() -> None:
    """Stars on a slope of sky, one pair of them 1.3 FWHM apart, in frames whose PSF is known 2 % too wide or too narrow."""
    random, beta, size = np.random.default_rng(7), 3.5, 120
    x, y = (a.ravel() + random.uniform(-1, 1, 25) for a in np.meshgrid(np.linspace(15, 105, 5), np.linspace(15, 105, 5)))
    x, y = np.append(x, x[3] + 3.9), np.append(y, y[3])
    true = 10 ** random.uniform(3, 4.5, 26)
    columns = np.arange(size)
    fits, fwhm = [], (3.0, 2.7, 3.4, 3.1)
    for width in fwhm:
        image = np.full((size, size), 500.0) + columns * 0.3 + random.normal(0, 10, (size, size))
        for sx, sy, f in zip(x, y, true, strict=True):
            image += f * moffat(columns, sx, sy, width, beta)
        known = width * (0.98 if width > 3.05 else 1.02)
        psf = PsfModel(np.zeros((3, 0)), np.zeros((0, 0)), (size, size), known, beta)
        fits.append([fit_stars(image.astype(np.float32), np.ones((2, 2), np.uint8), x, y, psf, 60_000.0)])
    change, covariance = width_changes(fits, np.full((4, 1), 10.0))
    error = np.sqrt(covariance[:, 0, 0])
    assert error.max() < 0.01 and (np.abs(change[:, 0] - np.log([1 / 1.02, 1 / 1.02, 1 / 0.98, 1 / 0.98])) < 4 * error).all()
    corrected = np.array([f.flux * np.exp(f.slope * (f.terms @ c)) for (f,), c in zip(fits, change, strict=True)])
    error = np.sqrt(fits[0][0].area * 100 + true) / true
    assert (np.abs(corrected / true - 1) < 5 * error + 0.006).all()
    raw = np.array([f.flux for (f,) in fits])[:, :25]
    weight = true[:25]
    ratio = [float(np.average(a[1] / a[2], weights=weight)) for a in (raw, corrected[:, :25])]
    assert abs(ratio[0] - 1) > 0.03 and abs(ratio[1] - 1) < 0.006


def width_fits(random: np.random.Generator, true: NDArray[np.float64], own: float) -> list[list[StarFits]]:
    """A plane of each frame with the field ``true`` (N, T) of the width, whose 60 stars are the same ones: each is broadened by
    ``own`` (rms) in all frames; noise of the sky and of the photons."""
    flux, place = 10 ** random.uniform(3, 5, 60), random.uniform(0, 100, (2, 60))
    terms, broad = field_terms(*place, (101, 101)), random.normal(0, own, 60)
    error = np.sqrt((10.0**2 * 20 + flux) / flux**2)
    return [[StarFits(flux, np.full(60, 15.0), np.ones(60), flux * (terms @ field + broad + random.normal(0, error)),
                      np.full(60, 20.0), np.zeros(FIELD_TERMS), terms, flux)] for field in true]


def test_the_width_is_as_certain_as_its_stars() -> None:
    """Also of bright stars, whose photons limit them; broadening of single stars in all frames does not count as a field."""
    random = np.random.default_rng(11)
    true = np.zeros((12, FIELD_TERMS))
    true[:, 0] = random.normal(0, 0.03, 12)
    wrong, own = [], []
    for _ in range(3):
        change, covariance = width_changes(width_fits(random, true, 0.0), np.full((12, 1), 10.0), 12.0)
        wrong.append(mean_field(change - true))
        own.append(np.sqrt(covariance[:, 0, 0]))
    assert np.std(wrong) < 0.0012, "0.0009 follow from the noise"
    assert 0.4 < np.std(wrong) / np.mean(own) < 1.6
    change, _ = width_changes(width_fits(random, true, 0.01), np.full((12, 1), 10.0), 12.0)
    assert np.abs(change.mean(axis=0)[1:]).max() < 5e-4
    true[:, 5] += 0.05
    change, _ = width_changes(width_fits(random, true, 0.01), np.full((12, 1), 10.0), 12.0)
    assert abs(change.mean(axis=0)[5] - 0.05) < 0.01


def test_wide_apertures_hold_the_same_light_of_sharp_and_wide_stars() -> None:
    """Two telescopes on one canvas: 6 px are 1.5 times the width of the stars of one, and 2.5 times that of the other."""
    random, beta, size = np.random.default_rng(8), 3.5, 120
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(25, 95, 3), np.linspace(25, 95, 3)))
    wide = []
    for width in (2.4, 4.0):
        image = np.full((size, size), 500.0) + random.normal(0, 3, (size, size))
        for sx, sy in zip(x, y, strict=True):
            image += 5e4 * moffat(np.arange(size), sx, sy, width, beta)
        psf = PsfModel(np.zeros((3, 0)), np.zeros((0, 0)), (size, size), 1.01 * width, beta)
        wide.append(fit_stars(image.astype(np.float32), np.ones((2, 2), np.uint8), x, y, psf, 60_000.0, 6.0).wide)
    assert abs(np.median(wide[0] / wide[1]) - 1) < 0.006, "without the light outside the aperture 5 % are missing"
    assert abs(np.median(wide[1]) / 5e4 - 1) < 0.02
    frames = frames_at(np.zeros((2, 2)))
    coarse = replace(frames.frames[1], matrix=np.diag([1.5, 1.5, 1.0]))
    measured = [cast(FrameMeasurement, SimpleNamespace(fwhm=f)) for f in (3.0, 2.8)]
    assert wide_radius(replace(frames, frames=(frames.frames[0], coarse)), measured) == pytest.approx(2.5 * 1.5 * 2.8)


def moffat(pixel: np.ndarray, x: float, y: float, fwhm: float, beta: float) -> np.ndarray:
    """Unit flux, integrated over pixels by 5 x 5 points."""
    alpha2 = fwhm**2 / (4 * (2 ** (1 / beta) - 1))
    fine = (pixel[:, None] + (np.arange(5) - 2) / 5).ravel()
    value = (1 + ((fine[None, :] - x) ** 2 + (fine[:, None] - y) ** 2) / alpha2) ** -beta * (beta - 1) / (np.pi * alpha2)
    return np.asarray(value.reshape(len(pixel), 5, len(pixel), 5).mean(axis=(1, 3)))


def test_panels_are_frames_that_share_most_of_their_field() -> None:
    random = np.random.default_rng(3)
    places = np.repeat([[0, 0], [80, 0], [80, 75], [0, 75]], 6, axis=0) + random.uniform(-8, 8, (24, 2))
    frames = frames_at(places)
    assert panels_of(frames).tolist() == np.repeat(range(4), 6).tolist()
    assert panels_of(frames_at(random.uniform(-15, 15, (24, 2)))).tolist() == [0] * 24, "dithers are not panels"
    turns = np.arange(24) % 4
    assert panels_of(frames_at(places.reshape(4, 6, 2).swapaxes(0, 1).reshape(24, 2))).tolist() == turns.tolist()


def test_the_mosaic_is_found_once_for_all_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = frames_at(np.repeat(np.array([[0, 0], [0.8 * SHAPE[1], 0]]), 6, axis=0))
    calls: list[int] = []
    seen = field_geometry._seen
    monkeypatch.setattr(field_geometry, "_seen", lambda *args, **more: (calls.append(1), seen(*args, **more))[1])
    first = field_geometry.mosaic_of(frames)
    asked = len(calls)
    assert first is not None and asked and field_geometry.mosaic_of(frames) is first and len(calls) == asked
    assert field_geometry.mosaic_of(replace(frames, workflow="single")) is None
    moved = frames_at(np.zeros((12, 2)))
    assert field_geometry.mosaic_of(replace(frames, frames=moved.frames)) is None


def frames_at(places: np.ndarray) -> FrameSet:
    reader = cast(FrameReader, SimpleNamespace(shape=SHAPE))
    info = cast(FrameInfo, SimpleNamespace(shape=SHAPE, panel=""))
    return FrameSet(tuple(Frame(i, info, reader, shifted(*p).matrix) for i, p in enumerate(places)), 0, SHAPE, None, 1, "native")


def test_a_poor_panel_is_not_taken_for_a_cloudy_one() -> None:
    """Three panels, one with a third of the stars and half of the light (it is tied badly); a cloud passes over another."""
    panel = np.repeat(np.arange(3), 8)
    light = np.where(panel == 2, 0.5, 1.0) + np.random.default_rng(1).normal(0, 0.01, 24)
    light[3:5] *= 0.4
    frames = frames_at(np.stack([panel * 80.0, np.zeros(24)], 1)).frames
    info = SimpleNamespace(shape=SHAPE, path=Path("light.fit"), time=None, exposure=10.0, temperature=None)
    table = np.zeros(0, STAR_DTYPE)
    measured = [cast(FrameMeasurement, SimpleNamespace(stars=table, star_count=40 if p == 2 else 120, fwhm=3.0, wfwhm=3.0,
                                                       roundness=0.95, trails=())) for p in panel]
    levels = {name: np.ones((1, 24)) for name in ("background", "noise", "quality", "score")} | {"transparency": light[None]}
    scores = score_frames([replace(f, info=cast(FrameInfo, info)) for f in frames], measured, levels, SHAPE, panel.tolist())
    assert [i for i, s in enumerate(scores) if s.conditions] == [3, 4]


def test_skies_of_panels_become_one() -> None:
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, 30), np.linspace(0, 1, 8)))
    random = np.random.default_rng(4)
    truth = 100 + 5 * np.sin(6 * x)
    sky, level = np.full((9, x.size), np.nan), random.uniform(-30, 30, 9)
    for n in range(9):
        inside = (x >= n // 3 * 0.3) & (x <= n // 3 * 0.3 + 0.4)
        sky[n, inside] = (truth + level[n] + random.normal(0, 3) * (x - 0.5) + random.normal(0, 0.05, x.size))[inside]
    surface = common_surfaces(SkySamples.of(sky, x, y), 0, 1)
    flat = np.array([s - evaluate_surface(c, x, y) for s, c in zip(sky, surface, strict=True)])
    spread = np.nanstd(flat[:, np.isfinite(sky).sum(axis=0) > 1], axis=0)
    assert spread.max() < 0.3
    assert np.nanmean(flat[0]) == pytest.approx(np.nanmean(sky[0]), abs=1e-6), "the reference keeps its level"


def test_vignetting_that_all_frames_share_is_told_from_the_sky() -> None:
    """Three panels in a row, the sky of one twice as bright: without the pattern its dome stands out."""
    random = np.random.default_rng(6)
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, 40), np.linspace(0, 1, 14)))
    scene = 1000 + 30 * np.sin(4 * x)
    sky, pattern = np.full((12, x.size), np.nan), np.zeros((12, x.size, 1), np.float32)
    for n in range(12):
        u, v = (x - 0.2 - 0.3 * (n // 4) + random.normal(0, 0.01)) / 0.2, 2 * y - 1
        inside, level = np.abs(u) < 1, 2000.0 if n // 4 == 1 else 1000.0
        pattern[n] = np.where(inside, level * (u**2 + v**2), 0)[:, None]
        seen = scene + level * (1 - 0.06 * (u**2 + v**2)) + random.normal(0, 20) * u + random.normal(0, 1, x.size)
        sky[n, inside] = seen[inside]

    def spread(surface: np.ndarray) -> float:
        flat = np.array([s - evaluate_surface(c, x, y) for s, c in zip(sky, surface, strict=True)])
        return float(np.percentile(np.nanstd(flat[:, np.isfinite(sky).sum(axis=0) > 4], axis=0), 90))

    plain, shaded = (common_surfaces(SkySamples.of(sky, x, y, p), 0, 1) for p in (None, pattern))
    assert spread(shaded) < 2 < 4 < spread(plain)


@pytest.mark.parametrize(("free", "memory", "growth", "largest"), [
    (10**12, 10**10, None, 20_000), (10**9, 10**11, None, 112.5), (10**12, 10**9, None, 2000), (10**6, 10**5, None, 2.5),
    (10**9, 10**9, 40.0, 40)])
def test_a_mosaic_is_as_large_as_disk_and_memory_have_room_for(free: int, memory: int, growth: float | None, largest: float,
                                                               tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prewarp.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    monkeypatch.setattr(prewarp.psutil, "virtual_memory", lambda: SimpleNamespace(total=memory))
    config = RunConfig.model_validate({"registration": {"max_mosaic_growth": growth}})
    context = SimpleNamespace(outputs=tmp_path, config=config)
    frames, mosaic = SimpleNamespace(shape=(500, 500), cfa=None, channels=1), SimpleNamespace()
    found = prewarp._extent(context, frames, SimpleNamespace(), mosaic, whole=False)  # type: ignore[arg-type]
    assert found == ("mosaic", 0.0, pytest.approx(largest))


@pytest.mark.parametrize(("free", "extent", "text"), [
    (10**9, "mosaic", ""), (10**6, "mosaic", "are free at"), (10**9, "reference", ""), (10**9, "cropped", "on the disk"),
    (10**9, "margin", ""), (10**9, "coarse", "")])
def test_the_products_of_a_mosaic_need_room_on_the_disk(free: int, extent: str, text: str, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prewarp.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    warnings: list[str] = []
    margin = 50 if extent == "margin" else 0
    context = SimpleNamespace(outputs=tmp_path, warn=warnings.append, memory_budget=1,
                              config=RunConfig.model_validate({"canvas": {"crop_margin": margin}}))
    sky = SimpleNamespace(magnification=0.5) if extent == "coarse" else None
    plan = SimpleNamespace(shape=(1000 - 2 * margin,) * 2 if extent not in ("cropped", "coarse") else (500, 500), sky=sky)
    mosaic = SimpleNamespace(fields=(2.0, 2.0), text="mosaic of 2 x 2 fields")
    frames = SimpleNamespace(shape=(500, 500), cfa=None, channels=1)
    prewarp._warn_of_limits(context, frames, plan, mosaic, "reference" if extent == "reference" else "mosaic")  # type: ignore[arg-type]
    assert (len(warnings) == 1 and text in warnings[0]) if text else not warnings


def brute_shared_stars(points: list[np.ndarray], same: float) -> list[list[int]]:
    """The number of each detection: that of the known star which is nearest and has it as its nearest, else a new one."""
    totals: list[np.ndarray] = []
    seen: list[int] = []
    ids = []
    for own in points:
        means = np.array(totals).reshape(-1, 2) / np.array(seen).reshape(-1, 1)
        away = np.hypot(*(own[:, None] - means[None]).transpose(2, 0, 1)) if len(means) else np.full((len(own), 0), np.inf)
        number = []
        for k in range(len(own)):
            j = int(away[k].argmin()) if away.shape[1] else -1
            number.append(j if j >= 0 and away[k, j] < same and int(away[:, j].argmin()) == k else -1)
        for k, j in enumerate(number):
            if j < 0:
                number[k] = len(totals)
                totals.append(own[k].astype(float))
                seen.append(1)
            else:
                totals[j] = totals[j] + own[k]
                seen[j] += 1
        ids.append(number)
    return ids


def test_shared_stars_are_those_of_a_search_through_all(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    sky = random.uniform(0, 1000, (1200, 2))
    compared = []
    original = shared_module.mutual_pairs
    monkeypatch.setattr(shared_module, "mutual_pairs", lambda a, b, r: compared.append(len(b)) or original(a, b, r))
    frames = []
    for k in range(60):  # a row of panels, then all over again
        own = sky - ((k % 30) * 28.0, 300 + random.normal(0, 3))
        inside = (own > 0).all(axis=1) & (own < (160, 120)).all(axis=1) & (random.random(len(own)) < 0.9)
        frames.append(sky[inside] + random.normal(0, 0.4, (int(inside.sum()), 2)))
    frames.insert(20, np.zeros((0, 2)))
    found = shared_module.shared_stars(frames)
    assert [i.tolist() for i in found.ids] == brute_shared_stars(frames, shared_module.SAME_STAR)
    assert len(found.seen) == len(found.position) and found.seen.sum() == sum(map(len, frames))
    # Every frame is compared with the stars around it only, however many are known.
    assert max(compared) < 3 * max(map(len, frames)) < len(found.seen)


def test_the_sky_of_a_long_row_of_panels_is_solved_in_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors of slopes that add up along the row are solved at once, not passed on from panel to panel."""
    steps: list[int] = []

    def counted(matrix: object, right: np.ndarray, **options: object) -> tuple[np.ndarray, int]:
        steps.append(0)

        def step(_: np.ndarray) -> None:
            steps[-1] += 1

        return cast(tuple[np.ndarray, int], cg(matrix, right, callback=step, **options))

    monkeypatch.setattr(common_sky, "cg", counted)
    random, most = np.random.default_rng(5), []
    for panels in (4, 24):
        x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, 8 * panels), np.linspace(0, 1, 8)))
        sky, wide, slopes = np.full((3 * panels, x.size), np.nan), 1 / panels, random.normal(0, 20, panels)
        for n in range(len(sky)):
            left = (n // 3 - 0.1) * wide + random.uniform(-0.03, 0.03) * wide
            inside = (x >= left) & (x <= left + 1.2 * wide)
            sky[n, inside] = (100 + slopes[n // 3] * (x - left) / wide + random.normal(0, 0.5, x.size))[inside]
        surface = common_surfaces(SkySamples.of(sky, x, y), 0, 1)
        flat = np.array([s - evaluate_surface(c, x, y) for s, c in zip(sky, surface, strict=True)])
        shared = np.isfinite(sky).sum(axis=0) > 3
        assert np.nanstd(flat[:, shared], axis=0).mean() < 0.6, "panels agree where they overlap, to their noise"
        most.append(max(steps))
        steps.clear()
    assert max(most) < 30, most
