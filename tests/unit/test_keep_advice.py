"""Advice to leave frames out where that keeps more information."""

from __future__ import annotations

import numpy as np
import pytest

from orchestrator.checks.keep_advice import keep_advice


def frames(fwhm: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n = len(fwhm)
    return (np.ones((n, 2, 3)), np.ones(n), np.ones((n, 2, 3)), np.broadcast_to(np.array(fwhm)[:, None, None], (n, 2, 3)))


def test_equal_frames_are_all_kept() -> None:
    assert keep_advice(*frames([3.0] * 12)) is None


def test_equal_weights_of_sharp_and_blurred_frames_lose_information() -> None:
    advice = keep_advice(*frames([2.0] * 6 + [8.0] * 8))
    assert advice is not None and advice.keep == pytest.approx(6 / 14) and advice.frames_left_out == 8
    assert advice.information_kept > 0.9 > advice.information_all
    assert "--keep 0.43" in str(advice)


def test_the_best_weights_leave_nothing_to_advise() -> None:
    weights, a, noise, fwhm = frames([2.0] * 6 + [8.0] * 8)
    weights[6:] = 1 / 16
    assert keep_advice(weights, a, noise, fwhm) is None


def test_few_frames_are_not_left_out() -> None:
    assert keep_advice(*frames([2.0, 2.0, 8.0, 8.0, 8.0])) is None
