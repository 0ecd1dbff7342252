"""The check of the geometry in mosaics passes where the transforms have the sphere and the lens, and fails where not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from astropy.wcs import WCS

from fixtures.mosaics import pixels_of, tangent
from orchestrator.checks.geometry import geometry
from orchestrator.checks.loops import Link, open_loops
from orchestrator.checks.record import Check
from orchestrator.engines.base import Frame, FrameSet
from orchestrator.session.model import FrameInfo, Role
from orchestrator.stacking.canvas import canvas_of
from orchestrator.stacking.field_geometry import panels_of
from tilecore.detect.stars import STAR_DTYPE
from tilecore.register.align import fit
from tilecore.register.lens import Lens

SHAPE = (240, 320)
SCALE = 60.0
ERROR = 0.05


def panels(distortion: float = 0.0, seed: int = 1) -> tuple[list[Frame], list[SimpleNamespace], list[WCS]]:
    """2 x 2 panels of two frames, 10 x 7 degrees in all, with true transforms and lenses by astropy's WCS, and their stars."""
    r = np.random.default_rng(seed)
    ra, dec = r.uniform(48, 72, 9000), r.uniform(28, 42, 9000)
    reference = tangent(60.0, 35.0, SCALE, 0.0, SHAPE)
    radius = 0.5 * float(np.hypot(*SHAPE))
    frames, measured, skies = [], [], []
    for n in range(8):
        i, j = n // 2 % 2 - 0.5, n // 4 - 0.5
        sky = tangent(60 - i * 5.6 + 0.02 * (n % 2), 35 + j * 3.3, SCALE, r.normal(0, 1), SHAPE, distortion)
        flat = tangent(*sky.wcs.crval, SCALE, 0.0, SHAPE)
        flat.wcs.cd = sky.wcs.cd
        near = np.hypot((ra - sky.wcs.crval[0]) * np.cos(np.radians(dec)), dec - sky.wcs.crval[1]) < 4
        x, y = pixels_of(sky, ra[near], dec[near])
        seen = (x > 0) & (y > 0) & (x < SHAPE[1]) & (y < SHAPE[0])
        table = np.zeros(int(seen.sum()), STAR_DTYPE)
        table["x"], table["y"] = (p[seen] + ERROR * r.standard_normal(len(table)) for p in (x, y))
        table["snr"] = 50
        corners = np.array([[0, 0], [SHAPE[1], 0], [0, SHAPE[0]], [SHAPE[1], SHAPE[0]]], float)
        places = np.stack(reference.wcs_world2pix(*flat.wcs_pix2world(*corners.T, 0), 0), 1)
        lens = Lens.radial(((SHAPE[1] - 1) / 2, (SHAPE[0] - 1) / 2), radius, distortion) if distortion else None
        info = FrameInfo(Path(f"{n}.fit"), Role.LIGHT, SHAPE)
        frames.append(Frame(n, info, SimpleNamespace(shape=SHAPE), fit(corners, places, np.ones(4), "homography"), lens=lens))  # type: ignore[arg-type]
        measured.append(SimpleNamespace(stars=table))
        skies.append(sky)
    return frames, measured, skies


def checked(frames: list[Frame], measured: list[SimpleNamespace], model: str = "auto") -> Check:
    together = FrameSet(tuple(frames), 0, SHAPE, None, 1, "native")
    assert len(set(panels_of(together).tolist())) == 4
    plan = canvas_of(together, "mono", (-320, -240), (720, 960), 0.0, "lanczos4")
    return geometry(together, measured, plan, model)  # type: ignore[arg-type]


@pytest.mark.parametrize("distortion", [0.0, 0.01])
def test_true_transforms_pass_and_their_figures_are_those_of_the_stars(distortion: float) -> None:
    """No planar transform relates panels 5 degrees apart; the distances are those of two centroids."""
    frames, measured, _ = panels(distortion)
    check = checked(frames, measured)
    assert check.status == "passed", str(check)
    expected = ERROR * np.sqrt(2) * np.sqrt(2 * np.log(2))  # median distance in two coordinates
    assert expected / 1.5 < check.details["predicted_px"] < 1.5 * expected
    assert check.details["cross_panel_px"] < 0.15 and check.details["loop_px"] < 0.15
    assert len(check.details["loops"]) >= 1


def test_a_lens_that_is_not_followed_is_named_with_a_remedy_that_helps() -> None:
    frames, measured, _ = panels(0.02)
    lenses = [Lens.radial(((SHAPE[1] - 1) / 2, (SHAPE[0] - 1) / 2), 200.0, 0.004) for _ in frames]
    wrong = checked([replace(f, lens=k) for f, k in zip(frames, lenses, strict=True)], measured)
    assert wrong.status == "failed" and "place the same stars" in wrong.cause
    assert "does not follow the field" in wrong.remedy and "homography" not in wrong.remedy
    assert wrong.details["predicted_px"] > 0.1
    planar = checked([replace(f, lens=None) for f in frames], measured, "affine")
    assert planar.status == "failed" and "registration.transform=auto" in planar.remedy


def test_a_panel_that_is_registered_to_wrong_stars_is_misplaced_and_its_loops_are_open() -> None:
    frames, measured, _ = panels()
    for k in (2, 3):
        moved = np.eye(3)
        moved[:2, 2] = 2.0, 1.0
        frames[k] = replace(frames[k], matrix=moved @ frames[k].transform)
    check = checked(frames, measured)
    assert check.status == "failed" and "registered to wrong stars" in check.remedy and "--exclude" in check.remedy
    # All its neighbours are displaced by the same: the loops through it close, those pairs do not.
    assert check.details["cross_panel_px"] == pytest.approx(np.hypot(2, 1), rel=0.1)
    assert check.details["loop_px"] < 0.2


def test_loops_add_up() -> None:
    """A square of panels: a displacement that all others contradict opens its loop."""
    def link(one: int, other: int, x: float, y: float) -> Link:
        return Link(one, other, np.array([x, y]), 0.01)

    place = np.array([[0, 0], [0.4, 0.1], [0.2, -0.3], [0.7, 0.5]])
    links = [link(a, b, *(place[a] - place[b])) for a, b in ((0, 1), (1, 3), (3, 2), (2, 0), (3, 0))]
    loops = open_loops(links)
    assert len(loops) == 2 and max(k.closure for k in loops) < 1e-12
    links[1] = link(1, 3, *(place[1] - place[3] + [1.5, 0]))
    loops = open_loops(links)
    assert max(k.closure for k in loops) == pytest.approx(1.5) and max(loops, key=lambda k: k.closure).error < 0.03
    assert {1, 3} <= set(max(loops, key=lambda k: k.closure).panels)


def test_a_lens_that_differs_between_panels_opens_a_loop() -> None:
    frames, measured, _ = panels(0.01)
    frames[6:] = [replace(f, lens=Lens.radial((100.0, 60.0), 200.0, 0.03)) for f in frames[6:]]
    assert checked(frames, measured).details["loop_px"] > 0.25
