"""The masters of a light among those of all groups and nights, and what rests on them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from astropy.io import fits

from orchestrator.checks import star_sample
from orchestrator.engines.base import Frame
from orchestrator.engines.calibrate_groups import has_flats, masters_of_light
from orchestrator.session.model import CalibrationGroup, FrameInfo, Role, Session
from orchestrator.stacking.state import RunState


def session(folder: Path, name: str, lights: int, *, groups: bool = False) -> Session:
    """A session of ``lights``, in two groups: even and odd numbers."""
    infos = tuple(FrameInfo(folder / f"{name}_{i}.fits", Role.LIGHT, (8, 8)) for i in range(lights))
    parts = tuple(CalibrationGroup(f"gain{100 * (k + 1)}", tuple(range(k, lights, 2))) for k in range(2)) if groups else ()
    return Session((folder,), name, {Role.LIGHT: infos}, groups=parts)


@pytest.mark.parametrize(("index", "suffix"), [(0, "gain100_n_1"), (1, "gain200_n_1"), (2, "gain100_n_1"), (3, "n_2"),
                                               (4, "n_2")])
def test_each_light_has_the_masters_of_its_group_and_night(index: int, suffix: str, tmp_path: Path) -> None:
    a, b = session(tmp_path, "n 1", 3, groups=True), session(tmp_path, "n 2", 2)
    merged = Session((tmp_path,), "both", {Role.LIGHT: (*a.lights, *b.lights)}, nights=(a, b))
    names = ("gain100", "gain200")
    masters = {f"{kind}_{own}": tmp_path / f"{kind}_{own}" for kind in ("flat", "bad_pixels")
               for own in [f"{n}_n_1" for n in names] + ["n_2"]}
    assert masters_of_light(merged, masters, index) == {k: tmp_path / f"{k}_{suffix}" for k in ("flat", "bad_pixels")}
    assert has_flats(masters) and not has_flats({"darkflat_n_2": tmp_path, "dark": tmp_path})


def test_the_check_of_star_light_divides_by_the_flat_of_the_group(tmp_path: Path) -> None:
    one = session(tmp_path, "one", 2, groups=True)
    paths: dict[str, Path] = {}
    for number, gain in enumerate(("gain100", "gain200")):
        flat = np.ones((8, 8), np.float32)
        flat[number] = 0.5
        fits.writeto(paths.setdefault(f"flat_{gain}", tmp_path / f"flat_{gain}.fits"), flat)
        fits.writeto(one.lights[number].path, (1000 * flat).astype(np.uint16))
    state = SimpleNamespace(session=one, calibrated=SimpleNamespace(masters=paths), frames=SimpleNamespace(engine="siril"))
    for index, info in enumerate(one.lights):
        frame = SimpleNamespace(info=info, index=index, pixels=object())
        raw, exact = star_sample._flat_fielded(cast(RunState, state), cast(Frame, frame), (8, 8))
        assert raw is not None and not exact
        assert np.ptp(raw) / np.median(raw) < 1e-3

