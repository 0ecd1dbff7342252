"""Which filters a session has and what becomes of them; how stacks are combined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from orchestrator import RunConfig, SessionFilters, find_filters, run
from orchestrator.combination.palettes import auto_palette, channel_names, coefficients, suggest_channels
from orchestrator.combination.pixels import combine
from orchestrator.errors import ConfigError
from tilecore.detect.stars import detect

PLAIN = RunConfig()


def lights(folder: Path, cards: dict[str, Any] | None = None, **counts: int) -> Path:
    """``counts`` lights of each filter, and three flats for each."""
    for name, count in counts.items():
        for role, many in (("lights", count), ("flats", 3)):
            (folder / role).mkdir(parents=True, exist_ok=True)
            for i in range(many):
                data = np.random.default_rng(i).poisson(900, (40, 48)).astype(np.uint16)
                header = fits.Header({"FILTER": name.replace("_", "-"), "EXPTIME": 60.0, "GAIN": 100, **(cards or {})})
                fits.writeto(folder / role / f"{role}_{name}_{i}.fit", data, header)
    return folder


def look(folder: Path, **settings: Any) -> SessionFilters:
    return find_filters([folder], RunConfig.model_validate({"input": settings}))


def test_each_filter_has_its_lights_and_flats_and_the_luminance_gives_the_pixels(tmp_path: Path) -> None:
    found = look(lights(tmp_path, B=5, G=4, R=4, Lum=3))
    told = [(f.channel, f.filter, f.lights) for f in found.groups]
    assert told == [("L", "Lum", 3), ("R", "R", 4), ("G", "G", 4), ("B", "B", 5)]
    assert found.several and found.palette == "LRGB" and found.refusals() == [] and found.lost_palette == ""
    for one in found.stacked:
        assert one.report is not None and {len(v) for k, v in one.report.session.frames.items() if k == "flat"} == {3}
        assert not one.report.exclusions, "frames of other filters belong to their runs"


@pytest.mark.parametrize(("counts", "palette", "missed", "word"), [
    ({"L": 9, "R": 1}, "", "", ""),  # one mislabelled light does not make two stacks of one
    ({"L": 4, "Ha": 4}, "", "", "there is no palette for them"), ({"Ha": 4, "OIII": 4}, "HOO", "", "combined as HOO"),
    ({"R": 4, "G": 4, "B": 2}, "", "RGB", "B is not stacked: it has 2 lights"),
    ({"L": 2, "R": 4, "G": 4, "B": 4}, "RGB", "LRGB", "L is not stacked"),
    ({"R": 4, "G": 4, "B": 4, "Ha": 3}, "RGB", "", "Not part of it: Ha"),
    ({"R": 4, "G": 4, "B": 4, "Ha": 1}, "RGB", "", "Ha is not stacked")])
def test_what_is_made_is_told(tmp_path: Path, counts: dict[str, int], palette: str, missed: str, word: str) -> None:
    found = look(lights(tmp_path, **counts))
    assert found.several == (counts != {"L": 9, "R": 1})
    assert (found.palette, found.lost_palette) == (palette, missed)
    assert word in " ".join([found.describe(), *found.refusals()])


def test_another_palette_can_be_asked_for(tmp_path: Path) -> None:
    folder = lights(tmp_path / "s", Ha=4, OIII=3, SII=3)
    found = {p: find_filters([folder], RunConfig.model_validate({"output": {"palette": p}})) for p in ("auto", "hso", "none")}
    assert {p: f.palette for p, f in found.items()} == {"auto": "SHO", "hso": "HSO", "none": ""}
    assert "output.palette is none" in found["none"].describe()
    with pytest.raises(ConfigError, match=r"output.palette: 'LRGB' does not match the channels"):
        run(folder, RunConfig.model_validate({"output": {"palette": "LRGB"}}), runs_dir=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_filters_of_a_colour_camera_are_not_combined(tmp_path: Path) -> None:
    found = look(lights(tmp_path, {"BAYERPAT": "RGGB"}, IRCUT=4, LP=3))
    assert found.several and not found.palette and "colour images" in found.describe()
    assert not look(lights(tmp_path / "one", {"BAYERPAT": "RGGB"}, Duo_Band=4)).several, "one filter is a plain session"


def test_a_filter_that_is_asked_for_and_nights_make_a_plain_session(tmp_path: Path) -> None:
    folder = lights(tmp_path / "s", L=4, R=4)
    assert not look(folder, filter="L").groups
    transforms = tmp_path / "t.json"
    transforms.write_text("{}")
    with pytest.raises(ConfigError, match="several filters"):
        run(folder, RunConfig.model_validate({"registration": {"transforms": transforms}}), runs_dir=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_all_filters_show_one_object(tmp_path: Path) -> None:
    lights(tmp_path, {"OBJECT": "M 31"}, L=4)
    lights(tmp_path / "more", {"OBJECT": "M 33"}, R=5)
    for path in (tmp_path / "more").rglob("*.fit"):
        path.rename(tmp_path / "lights" / f"33_{path.name}")
    lights(tmp_path, {"OBJECT": "M31"}, R=4)
    found = look(tmp_path)
    assert [len(f.report.session.lights) for f in found.stacked if f.report] == [4, 4]
    assert {i.object for f in found.stacked if f.report for i in f.report.session.lights} == {"M 31", "M31"}


def test_channels_have_names_of_their_own() -> None:
    assert suggest_channels(["Ha 7nm", "O-III", "s2"]) == {"H": "Ha 7nm", "O": "O-III", "S": "s2"}
    assert channel_names(["H-alpha", "Ha", "IRCUT", "X/Y"]) == {"H": "H-alpha", "Ha": "Ha", "IRCUT": "IRCUT", "X_Y": "X/Y"}
    assert auto_palette("BGRLH") == "LRGB" and auto_palette("LH") == ""


@pytest.mark.parametrize(("scale", "sky"), [(0.3, 0.01), (4.0, -0.02)])
def test_the_luminance_is_brought_to_the_colours_by_stars_and_sky(scale: float, sky: float) -> None:
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:160, :160]
    stars = np.zeros((160, 160))
    for a in range(12, 160, 18):
        for b in range(12, 160, 18):
            stars += rng.uniform(0.05, 0.2) * np.exp(-((x - a - rng.uniform(-2, 2)) ** 2 + (y - b - rng.uniform(-2, 2)) ** 2) / 5)
    noise = rng.normal(0, 3e-4, (4, 160, 160))
    colour = {"R": 0.5, "G": 0.3, "B": 0.1}
    planes = {c: (k * stars + 0.03 * k + noise[i]).astype(np.float32) for i, (c, k) in enumerate(colour.items())}
    luminance = 0.3 * stars / scale + 0.03 + sky + noise[3] / scale
    planes["L"] = luminance.astype(np.float32)
    planes["L"][:5] = 0
    found = combine(planes, coefficients("LRGB", list(planes)))
    image, brought = found.image, found.scales
    assert found.cores == 0 and brought["L"].stars > 10 and abs(brought["L"].factor / scale - 1) < 0.02
    assert not image[:, :5].any() and np.isfinite(image).all()
    assert np.allclose(np.median(image[:, 5:], axis=(1, 2)), [0.015, 0.009, 0.003], atol=4e-4)
    assert len(detect(np.ascontiguousarray(image.mean(axis=0)))) >= 50
    one = combine(planes, coefficients("RGB", list(planes))).image
    assert np.array_equal(one, np.stack([planes[c] for c in "RGB"])), "RGB takes the stacks as they are"
