"""Lights placed by their WCS, compared with astropy at places between those that were fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from orchestrator.engines.base import CalibrationResult, Frame, FrameSet
from orchestrator.engines.wcs_transforms import register_by_wcs
from orchestrator.session.model import FrameInfo, Reading, Role, Session
from tilecore.register.align import apply

ROWS, COLUMNS = 120, 200


class Reader:
    shape = (ROWS, COLUMNS)
    saturation = 0.9

    def read(self, row_start: int = 0, row_stop: int | None = None) -> np.ndarray:
        return np.zeros((ROWS, COLUMNS), np.float32)[row_start:row_stop]


def write(path: Path, centre: tuple[float, float], angle: float = 0.0, *, solved: bool = True) -> Path:
    header = fits.Header()
    if solved:
        turn = np.radians(angle)
        cd = 0.002 * np.array([[-np.cos(turn), np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        header["CTYPE1"], header["CTYPE2"], header["CRVAL1"], header["CRVAL2"] = "RA---TAN", "DEC--TAN", *centre
        header["CRPIX1"], header["CRPIX2"] = 90.0, 61.0
        for (i, j), value in np.ndenumerate(cd):
            header[f"CD{i + 1}_{j + 1}"] = value
    fits.writeto(path, np.zeros((ROWS, COLUMNS), np.float32), header)
    return path


def placed(paths: list[Path], readings: dict[int, Reading] | None = None) -> FrameSet | None:
    lights = tuple(FrameInfo(p, Role.LIGHT, (ROWS, COLUMNS), reading=(readings or {}).get(k, Reading()))
                   for k, p in enumerate(paths))
    session = Session((paths[0].parent,), "tiles", {Role.LIGHT: lights}, {}, (), (), ())
    first = tuple(Frame(k, i, Reader(), np.eye(3) if k == 0 else None) for k, i in enumerate(lights))
    matched = FrameSet(first, 0, (ROWS, COLUMNS), None, 1, "native")
    return register_by_wcs(session, CalibrationResult({}, (Reader(),) * len(paths)), matched)


@pytest.mark.parametrize("flipped", [False, True])
def test_places_between_the_samples_agree_with_astropy(tmp_path: Path, flipped: bool) -> None:
    paths = [write(tmp_path / "a.fits", (83.8, -5.4)), write(tmp_path / "b.fits", (84.1, -5.2), 31.0),
             write(tmp_path / "c.fits", (0, 0), solved=False)]
    found = placed(paths, {1: Reading(flipped=True)} if flipped else None)
    assert found is not None and [f.index for f in found.usable] == [0, 1] and found.frames[2].reason == "its header has no WCS"
    points = np.array([[3.3, 7.7], [150.2, 100.9], [199.0, 0.0]])
    in_file = points.copy()
    if flipped:
        in_file[:, 1] = ROWS - 1 - in_file[:, 1]
    a, b = (WCS(fits.getheader(p)) for p in paths[:2])
    expected = a.wcs_world2pix(b.wcs_pix2world(in_file, 0), 0)
    np.testing.assert_allclose(apply(found.frames[1].transform, points), expected, atol=1e-4)


def test_stars_are_kept_if_they_place_as_many(tmp_path: Path) -> None:
    assert placed([write(tmp_path / "a.fits", (83.8, -5.4)), write(tmp_path / "b.fits", (0, 0), solved=False)]) is None


def test_a_tile_on_the_other_side_of_the_sky_is_named(tmp_path: Path) -> None:
    centres = {"a.fits": (83.8, -5.4), "b.fits": (83.9, -5.4), "c.fits": (263.8, 5.4)}
    paths = [write(tmp_path / name, centre) for name, centre in centres.items()]
    found = placed(paths)
    assert found is not None and "far from a.fits" in found.frames[2].reason
