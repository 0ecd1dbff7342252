"""Three nights under other skies, one turned by a meridian flip, one with other dust: stacked together as one."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from fixtures.judge import good_stars, information_kept, star_photometry
from orchestrator import RunResult, SettingsSources, new_project, run, run_project
from orchestrator.config.load import load_config
from orchestrator.simulation import PRESETS, SimulationConfig, SimulationTruth, simulate, twin
from orchestrator.simulation.camera import make_camera
from orchestrator.simulation.truth import join_nights

pytestmark = pytest.mark.slow
COMMON = ("engine.name=native", "astrometry.solver=none", "bge.enabled=false", "pcc.enabled=false", "output.preview=false",
          "output.report=false")
BASE = replace(
    PRESETS["osc_rotated"], width=400, height=300, n_frames=7, n_stars=110, flux_min=6000.0, flux_slope=0.5, nebula=0.0,
    rotation=1.0, drift=6.0, trails=0, cosmic_rays=2, dust=4, vignetting=0.25, hot_pixels=40, cold_pixels=15, sky_gradient=0.08)
NIGHTS = (
    replace(BASE, night=1, seeing_min=2.4, seeing_max=3.0, sky_min=300.0, sky_max=400.0, noise_seed=101,
            calibration_noise_seed=101),
    replace(BASE, night=2, seeing_min=3.0, seeing_max=4.2, sky_min=700.0, sky_max=1000.0, transparency_min=0.6,
            transparency_max=0.8, turn=180.0, noise_seed=102, calibration_noise_seed=102),
    replace(BASE, night=3, seeing_min=2.6, seeing_max=3.4, sky_min=450.0, sky_max=600.0, transparency_min=0.75,
            transparency_max=0.95, other_dust=True, noise_seed=103, calibration_noise_seed=103))
GREEN = 1


@dataclass(frozen=True)
class Stacked:
    """The project's run, one stack of all frames calibrated without any error, the truth of all frames, the reference's place."""

    project: RunResult
    perfect: RunResult
    truth: SimulationTruth
    reference: int


def _simulated(root: Path, nights: tuple[SimulationConfig, ...]) -> SimulationTruth:
    """The nights below ``root``, and all their lights as perfect masters would calibrate them in ``root.perfect/lights``."""
    truths = []
    for k, config in enumerate(nights, 1):
        truth = simulate(config, root / f"Session {k}")
        camera = make_camera(truth)
        target = root.with_suffix(".perfect") / "lights"
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted((root / f"Session {k}" / "lights").iterdir()):
            pixels, header = fits.getdata(path).astype(float), fits.getheader(path)
            signal = (pixels - camera.bias - camera.dark * config.exposure / config.gain) / camera.response
            for key in ("BZERO", "BSCALE"):
                header.remove(key, ignore_missing=True)
            fits.writeto(target / f"n{k}_{path.name}", (signal / 65535).astype(np.float32), header)
        truths.append(truth)
    return join_nights(truths)


def _stacked(root: Path, nights: tuple[SimulationConfig, ...], reference: str) -> Stacked:
    truth = _simulated(root, nights)
    new_project(root, "Sim")
    made = run_project(root, SettingsSources(overrides=[*COMMON, f"registration.reference={reference}"]), run_id="run")
    assert made.error is None, made.error
    found = Path(json.loads((made.directory / "artifacts" / "registration.json").read_text())["reference_file"])
    night = int(found.parts[-3].split()[-1])
    same = f"registration.reference=n{night}_{found.name}"
    perfect = run(root.with_suffix(".perfect"), load_config(overrides=[*COMMON, "calibration.cosmetic=false", same]),
                  runs_dir=root.parent / "perfect-runs", run_id=root.name)
    assert perfect.error is None, perfect.error
    index = (night - 1) * BASE.n_frames + truth.lights[:BASE.n_frames].index(found.name)
    return Stacked(made, perfect, truth, index)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Stacked, Stacked]:
    """The same nights twice, with other noise in lights and calibration frames."""
    base = tmp_path_factory.mktemp("nights")
    first = _stacked(base / "a", NIGHTS, "auto")
    files = json.loads((first.project.directory / "artifacts" / "registration.json").read_text())["reference_file"]
    return first, _stacked(base / "b", tuple(twin(n, calibration=True) for n in NIGHTS), "/".join(Path(files).parts[-3:]))


def _image(result: RunResult, product: str, channel: int = GREEN) -> np.ndarray:
    return fits.getdata(result.products[product])[channel].astype(np.float32)


def test_the_merged_stack_keeps_the_information_of_all_frames(twins: tuple[Stacked, Stacked]) -> None:
    a, b = twins
    truth, reference = a.truth, a.reference

    def kept(first: np.ndarray, second: np.ndarray) -> float:
        return information_kept(first, second, truth, reference, channel=GREEN).eta

    merged = kept(_image(a.project, "stacked_rgb"), _image(b.project, "stacked_rgb"))
    perfect = kept(_image(a.perfect, "stacked_rgb"), _image(b.perfect, "stacked_rgb"))
    assert merged >= 0.97 * perfect
    nights = [np.mean([_image(t.project, f"night_Session_{k}") for k in (1, 2, 3)], axis=0) for t in twins]
    assert merged > 1.2 * kept(*nights), "a plain mean of the nights' stacks wastes the good night"


def test_star_colours_agree_across_the_nights(twins: tuple[Stacked, Stacked]) -> None:
    first = twins[0]
    _, x, y = good_stars(first.truth, first.reference, channel=GREEN, count=16)
    colours = []
    for k in (1, 2, 3):
        flux = [star_photometry(_image(first.project, f"night_Session_{k}", c), x, y, 8.0) for c in range(3)]
        colours.append(np.array([-2500 * np.log10(flux[0] / flux[1]), -2500 * np.log10(flux[2] / flux[1])]))
    for one, other in ((0, 1), (0, 2), (1, 2)):
        difference = colours[one] - colours[other]
        assert np.abs(np.median(difference, axis=1)).max() < 10
        assert np.median(np.abs(difference), axis=1).max() < 10


def test_the_nights_are_told_apart_by_what_they_are_worth(twins: tuple[Stacked, Stacked]) -> None:
    rows = json.loads((twins[0].project.directory / "artifacts" / "nights.json").read_text())["nights"]
    assert [r["used"] for r in rows] == [7, 7, 7]
    clear, hazy, fair = (r["share"] for r in rows)
    assert clear > fair > hazy and abs(clear + fair + hazy - 1) < 1e-3
    matrices = [f["matrix"] for f in json.loads(
        (twins[0].project.directory / "artifacts" / "registration.json").read_text())["frames"]]
    assert all(np.sign(m[0][0]) == (-1 if 7 <= i < 14 else 1) * np.sign(matrices[0][0][0]) for i, m in enumerate(matrices))
