"""Frames chained to one another, and the scale and the sky that they have in common."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.engines.chained_registration import Found, chain, rebased
from tilecore import align
from tilecore.common_scale import common_scale, common_surfaces
from tilecore.normalize import evaluate_surface

SHAPE = (100, 100)


def shifted(x: float, y: float = 0.0) -> align.Alignment:
    matrix = np.eye(3)
    matrix[:2, 2] = x, y
    return align.Alignment(matrix, 0.1, 20, 20, "shift", "star triangles")


def chained(places: np.ndarray, reference: int, reach: float = 0.6) -> tuple[Found, frozenset[int], list[tuple[int, int]]]:
    """Frames at ``places`` (N, 2) that match where they are less than ``reach`` of a frame apart."""
    asked: list[tuple[int, int]] = []

    def match(index: int, anchor: int) -> align.Alignment | str:
        asked.append((index, anchor))
        away = places[index] - places[anchor]
        return shifted(*away) if np.abs(away).max() < reach * SHAPE[0] else "no star pattern in common"

    found: Found = [match(i, reference) for i in range(len(places))]
    asked.clear()
    return (*chain(found, [SHAPE] * len(places), np.ones(len(places), np.bool_), reference, match, 1), asked)


def test_a_chain_reaches_all_that_hang_together_and_nothing_else() -> None:
    places = np.array([[30.0 * i, 0] for i in range(20)] + [[0, 900.0]])
    result, tied, asked = chained(places, 10)
    assert tied == frozenset(range(20)) and result[20] == "no star pattern in common"
    for i, one in enumerate(result[:20]):
        assert isinstance(one, align.Alignment) and np.allclose(one.matrix[:2, 2], places[i] - places[10])
    assert result[0].residual > 0.2, "errors add up along the chain"  # type: ignore[union-attr]
    assert len(asked) == len(set(asked)) < len(places) ** 2 / 2, "no pair is tried twice, and not all are"
    moved = rebased(result, 3)
    assert isinstance(moved[4], align.Alignment) and np.allclose(moved[4].matrix[:2, 2], [30, 0])


def test_where_all_point_alike_nothing_more_is_tried() -> None:
    places = np.array([*np.random.default_rng(1).uniform(-10, 10, (30, 2)), [0, 500.0]])
    result, tied, asked = chained(places, 0)
    assert not asked and not tied and isinstance(result[30], str)


def test_scales_follow_from_shared_stars_through_other_frames() -> None:
    random = np.random.default_rng(2)
    true, star = random.uniform(0.4, 1.2, 12), 10 ** random.uniform(3.5, 5, 90)
    flux = true[:, None] * star * random.normal(1, 0.005, (12, 90))
    for n in range(12):  # each sees 30 stars, ten of them shared with the next panel
        outside = np.ones(90, np.bool_)
        outside[n // 3 * 20: n // 3 * 20 + 30] = False
        flux[n, outside] = np.nan
    flux[4, 25] *= 1.5
    lone = np.full((1, 90), np.nan)
    scale, used = common_scale(np.concatenate([flux, lone]), np.full(13, 10.0), 1)
    assert np.allclose(scale[:12], true / true[1], rtol=0.006) and scale[12] == 1
    assert used[:12].min() >= 25 and used[12] == 0


def test_skies_of_panels_become_one() -> None:
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, 30), np.linspace(0, 1, 8)))
    random = np.random.default_rng(4)
    truth = 100 + 5 * np.sin(6 * x)
    sky, level = np.full((9, x.size), np.nan), random.uniform(-30, 30, 9)
    for n in range(9):
        inside = (x >= n // 3 * 0.3) & (x <= n // 3 * 0.3 + 0.4)
        sky[n, inside] = (truth + level[n] + random.normal(0, 3) * (x - 0.5) + random.normal(0, 0.05, x.size))[inside]
    surface = common_surfaces(sky, x, y, 0, 1)
    flat = np.array([s - evaluate_surface(c, x, y) for s, c in zip(sky, surface, strict=True)])
    spread = np.nanstd(flat[:, np.isfinite(sky).sum(axis=0) > 1], axis=0)
    assert spread.max() < 0.3
    assert np.nanmean(flat[0]) == pytest.approx(np.nanmean(sky[0]), abs=1e-6), "the reference keeps its level"
