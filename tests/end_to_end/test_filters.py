"""Sessions of several filters: each stacked on the same pixels, combined, reported and resumed."""

from __future__ import annotations

import json
import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from fixtures.judge import fit_stars, good_stars, star_photometry
from orchestrator import RunConfig, RunResult, exclude, resume, run
from orchestrator.cli.main import cli
from orchestrator.errors import ConfigError, ExitCode
from orchestrator.report.compare import compare
from orchestrator.simulation import LRGB, PRESETS, SimulationTruth, simulate_filters

QUICK = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "bge": {"enabled": False},
         "output": {"variance": False, "coverage": False}}
CONFIG = replace(PRESETS["tiny_mono"], n_frames=4, n_stars=90, flux_min=12_000.0, flux_max=3_000_000.0, transparency_min=1.0,
                 dither=2.0, seeing_min=2.6, seeing_max=3.0)


def config(**more: Any) -> RunConfig:
    return RunConfig.model_validate(QUICK | more)


def settings() -> list[str]:
    return [w for s, values in QUICK.items() for k, v in values.items() for w in ("--set", f"{s}.{k}={str(v).lower()}")]


def pixels(path: Path) -> np.ndarray:
    return np.asarray(fits.getdata(path), np.float32)


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}


def shown(result: RunResult) -> tuple[slice, slice]:
    """The part of the stacks that the combined picture shows."""
    x0, y0, x1, y1 = json.loads((result.directory / "artifacts" / "combination.json").read_text())["crop"]
    return slice(y0, y1), slice(x0, x1)


def pixels_of(run: RunResult, truth: SimulationTruth) -> tuple[int, tuple[float, float]]:
    """The light whose pixel grid the stacks use, and the position of their first pixel in it."""
    registration = json.loads((run.directory / "artifacts" / "registration.json").read_text())
    box = json.loads((run.directory / "artifacts" / "geometry.json").read_text())["box"]
    return truth.lights.index(registration["reference"]), (box[0], box[1])


def far_from_clipped(truths: dict[str, SimulationTruth], on: str, run: RunResult, part: tuple[slice, slice]) -> np.ndarray:
    """Where in the combined picture, on the pixels of the filter ``on``, no star is near that any filter clips."""
    reference, origin = pixels_of(run, truths[on])
    x, y = truths[on].stars_in(reference)
    clipped = np.any([t.saturated(0.75) for t in truths.values()], axis=0)
    row, column = np.mgrid[part]
    distance = [np.hypot(column - u, row - v) for u, v in zip(x[clipped] - origin[0], y[clipped] - origin[1], strict=True)]
    return np.asarray(np.min(distance, axis=0) > 9)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, SimulationTruth]]:
    folder = tmp_path_factory.mktemp("lrgb") / "M 42"
    truths = simulate_filters(CONFIG, LRGB, folder)
    # A stray light of another filter makes no other session of it.
    stray = folder / "lights" / "light_Ha_00001.fit"
    shutil.copy(folder / "lights" / "light_R_00001.fit", stray)
    fits.setval(stray, "FILTER", value="Ha")
    return folder, truths


@pytest.fixture(scope="module")
def made(session: tuple[Path, dict[str, SimulationTruth]], tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, str]:
    """The run as a user starts it, and its output."""
    runs = tmp_path_factory.mktemp("runs")
    before = state_of(session[0])
    done = CliRunner().invoke(cli, ["run", str(session[0]), "--runs-dir", str(runs), "--run-id", "a", "-v", *settings()])
    assert done.exit_code == 0, done.output
    assert state_of(session[0]) == before, "raw folders are never written to"
    return resume(runs / "a"), done.output


def test_all_filters_lie_on_the_same_pixels_with_the_right_colours(
        session: tuple[Path, dict[str, SimulationTruth]], made: tuple[RunResult, str]) -> None:
    truths, result = session[1], made[0]
    assert result.status == "ok" and result.ran == () and list(result.channels) == ["L", "R", "G", "B"]
    planes = {c: pixels(r.products["stacked"]) for c, r in result.channels.items()}
    reference, origin = pixels_of(result.channels["L"], truths["L"])
    index, x, y = good_stars(truths["L"], reference, shape=planes["L"].shape, offset=origin, count=15)
    assert len(index) >= 8
    for channel, plane in planes.items():
        found = fit_stars(plane, x, y)
        off = np.hypot(found["x"] - x, found["y"] - y)
        assert np.sqrt(np.mean(off**2)) < 0.1, f"{channel} is {off.max():.3f} px off"
    header = fits.getheader(result.products["stacked_rgb"])
    image, part = pixels(result.products["stacked_rgb"]), shown(result)
    assert (image != 0).all() and image.shape[1] * image.shape[2] > 0.8 * planes["L"].size, "what all filters see, and no gaps"
    assert (header["LTV1"], header["LTV2"]) == (-part[1].start, -part[0].start)
    x, y = x + header["LTV1"], y + header["LTV2"]
    planes = {c: p[part] for c, p in planes.items()}
    exact = far_from_clipped(truths, "L", result.channels["L"], part)
    assert exact.mean() > 0.7 and np.abs((image[0] - image[2]) - (planes["R"] - planes["B"]))[exact].max() < 1e-6
    flux = {c: star_photometry(p, x, y, 8.0) * 65535 for c, p in (*planes.items(), *zip("rgb", image, strict=True))}
    expected = {c: truths[c].star_flux[index, 0] for c in "LRGB"}
    ratio = np.median(flux["G"] / expected["G"])
    for a, b in (("R", "B"), ("R", "G")):
        colour = (flux[a.lower()] - flux[b.lower()]) / ratio
        assert np.abs(colour - (expected[a] - expected[b])).max() < 0.04 * expected["L"].max()
        assert abs(np.median(flux[a] / flux[b] / (expected[a] / expected[b])) - 1) < 0.02
    brightness = star_photometry(image.sum(axis=0), x, y, 8.0) * 65535 / flux["L"]
    assert np.std(brightness) < 0.002 * np.mean(brightness), "the brightness is that of L"
    assert abs(np.median((flux["r"] + flux["g"] + flux["b"]) / (flux["R"] + flux["G"] + flux["B"])) - 1) < 0.02
    skies = [float(np.median(p)) for p in image]
    own = [float(np.median(planes[c])) for c in "RGB"]
    assert np.allclose(skies, own, atol=25 / 65535), "the colours keep their own skies, whatever that of L is"


def test_clipped_stars_have_their_own_colour_to_the_rim(
        session: tuple[Path, dict[str, SimulationTruth]], made: tuple[RunResult, str]) -> None:
    truths, result = session[1], made[0]
    part, image = shown(result), pixels(result.products["stacked_rgb"])
    reference, origin = pixels_of(result.channels["L"], truths["L"])
    record = json.loads((result.directory / "artifacts" / "combination.json").read_text())
    factor = next(c["factor"] for c in record["channels"] if c["channel"] == "L")
    x, y = truths["L"].stars_in(reference)
    x, y = x - origin[0] - part[1].start, y - origin[1] - part[0].start

    def lrgb(of: dict[str, np.ndarray]) -> np.ndarray:
        return np.array([of[c] + factor * of["L"] - (of["R"] + of["G"] + of["B"]) / 3 for c in "RGB"])

    flux = lrgb({c: t.star_flux[:, 0] for c, t in truths.items()})
    untouched = lrgb({c: pixels(r.products["stacked"])[part] for c, r in result.channels.items()})
    row, column = np.mgrid[: image.shape[1], : image.shape[2]]
    wrong, before, seen = 0, 0, 0
    for s in np.flatnonzero(truths["L"].saturated() & (flux.sum(axis=0) > 100_000)):
        near = np.hypot(x - x[s], y - y[s]) < 14
        if flux[:, near].sum() > 1.05 * flux[:, s].sum() or not (9 < x[s] < image.shape[2] - 9 and 9 < y[s] < image.shape[1] - 9):
            continue  # others shine in
        place = np.hypot(column - x[s], row - y[s]) < 5
        own = flux[:, s] / flux[:, s].sum()
        light, plain = (p[:, place] - np.median(p, axis=(1, 2))[:, None] for p in (image, untouched))
        bright = light.sum(axis=0) > 1500 / 65535
        seen += int(bright.sum())
        wrong, before = (n + int((np.abs(v / v.sum(axis=0) / own[:, None] - 1).max(axis=0) > 0.15)[bright].sum())
                         for n, v in ((wrong, light), (before, plain)))
    assert seen > 200 and before > 10 and wrong == 0, (seen, before, wrong)
    assert image.max() <= 1 and "cores of" in str(fits.getheader(result.products["stacked_rgb"])["HISTORY"])
    assert record["cores"] >= 5 and all(60_000 < c["ceiling_adu"] <= 65535 for c in record["channels"] if c["run"])
    assert "have the colour of the light around them" in (result.directory / "artifacts" / "report.html").read_text()


def test_the_answer_and_the_report_tell_of_every_filter(made: tuple[RunResult, str]) -> None:
    result, told = made
    for line in (f"Linear image: {result.stack}", f"Picture: {result.products['preview']}",
                 "Ha is not stacked: it has 1 light (light_Ha_00001.fit), 3 are needed", "combined as │ LRGB",
                 *(f"{c}: {r.stack}" for c, r in result.channels.items())):
        assert line in told or re.search(line.replace(" ", r"\s+"), told), (line, told)
    header = fits.getheader(result.products["stacked_rgb"])
    assert header["STACKCNT"] == 16 and "FILTER" not in header and "R = 0.6667 R" in str(header["HISTORY"])
    folder = result.directory / "artifacts"
    page = (folder / "report.html").read_text()
    links = re.findall(r'<th scope="row"><a href="([^"]+)">', page)
    assert len(links) == 4 and all((folder / link).resolve().is_file() for link in links)
    assert "Palette: LRGB" in page and page.count("data:image/jpeg") >= 5
    report = json.loads((folder / "report.json").read_text())
    assert [s["id"] for s in report["sections"]][:3] == ["summary", "channels", "combination"]
    listed = json.loads(CliRunner().invoke(cli, ["runs", "list", "--runs-dir", str(result.directory.parent), "--json"]).output)
    assert {e["name"]: (e["frames_used"], e["lights_found"]) for e in listed}["a"] == (16, 16)
    shown = CliRunner().invoke(cli, ["runs", "show", str(result.directory)]).output
    assert "Scale and sky" in shown
    with pytest.raises(ConfigError, match="combines the runs of several filters: a-L, a-R, a-G, a-B"):
        exclude(result.directory, ["light_L_00001.fit"])


def test_one_filter_can_be_asked_for_and_scan_tells_what_will_be(
        session: tuple[Path, dict[str, SimulationTruth]], tmp_path: Path) -> None:
    scanned = CliRunner().invoke(cli, ["scan", str(session[0])])
    assert "the stacks are combined as LRGB" in scanned.output and "Ha is not stacked" in scanned.output
    looked = run(session[0], config(), runs_dir=tmp_path, dry_run=True)
    found = looked.statistics.filters["R"].files_found
    assert found["light"] == 4 and found["flat"] == 4 and not list(tmp_path.iterdir())
    alone = run(session[0], config(input={"filter": "G"}, output={"report": False, "preview": False}), runs_dir=tmp_path)
    assert alone.status == "ok" and alone.channels == {} and alone.statistics.lights_found == 4
    assert not any("Not used" in w for w in alone.warnings), "lights of other filters are not reported as faults"


def test_an_interrupted_run_goes_on_where_it_ended(
        session: tuple[Path, dict[str, SimulationTruth]], made: tuple[RunResult, str]) -> None:
    cancel, runs = threading.Event(), made[0].directory.parent

    def listen(event: dict[str, Any]) -> None:
        if event["event"] == "phase_start" and event["phase"] == "LOCAL_METRICS" and (runs / "b-R").is_dir():
            cancel.set()

    stopped = run(session[0], config(), runs_dir=runs, run_id="b", listeners=(listen,), cancel=cancel)
    assert stopped.status == "aborted" and stopped.exit_code is ExitCode.CANCELLED
    assert set(stopped.channels) == {"L", "R"} and not (runs / "b-G").exists() and "stacked_rgb" not in stopped.products
    result = resume(runs / "b")
    assert result.status == "ok" and result.channels["L"].ran == () and "REGISTRATION" not in result.channels["R"].ran
    for name in ("stacked_rgb", "stacked_rgb_pcc", "preview"):
        assert (name in result.products) == (name in made[0].products)
    assert np.array_equal(pixels(result.products["stacked_rgb"]), pixels(made[0].products["stacked_rgb"]))
    left = exclude(result.channels["R"].directory, ["light_R_00002.fit"])
    again = resume(runs / "b")
    assert left.status == "ok" and again.statistics.frames_used == 16
    assert not np.array_equal(pixels(again.products["stacked_rgb"]), pixels(made[0].products["stacked_rgb"]))
    compared = compare(runs / "a", runs / "b")
    assert len(compared.pictures) == 2 and compared.measures.rows[1][:3] == ("frames used", "16", "16")


def test_a_filter_that_fails_does_not_lose_the_others(
        session: tuple[Path, dict[str, SimulationTruth]], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(session[0], tmp_path / "s"))
    for path in (folder / "lights").glob("light_L_*.fit"):  # clouds: no stars
        header, data = fits.getheader(path), fits.getdata(path)
        for key in ("BZERO", "BSCALE"):
            header.remove(key, ignore_missing=True)
        noise = np.random.default_rng(int(path.stem[-1])).poisson(3000, data.shape)
        fits.writeto(path, noise.astype(np.uint16), header, overwrite=True)
    result = run(folder, config(), runs_dir=tmp_path / "runs", run_id="c")
    assert result.status == "incomplete" and result.exit_code is ExitCode.INPUT_REFUSED
    assert result.error is not None and "L could not be stacked" in str(result.error)
    assert result.statistics.combined_as == "RGB" and result.channels["L"].status == "failed"
    planes = np.array([pixels(result.channels[c].products["stacked"])[shown(result)] for c in "RGB"])
    exact = far_from_clipped(session[1], "R", result.channels["R"], shown(result))
    assert exact.mean() > 0.7 and np.array_equal(pixels(result.products["stacked_rgb"])[:, exact], planes[:, exact])
    assert "some filters could not be stacked" in (result.directory / "artifacts" / "report.html").read_text()


@pytest.mark.slow
def test_real_frames_become_a_picture_without_any_settings(real_data: Path, tmp_path: Path) -> None:
    """33 frames of M8 with the filter in the file name only, and one of them without stars."""
    result = run(real_data / "mono_lrgb_m8", RunConfig.model_validate({"engine": {"name": "native"}}), runs_dir=tmp_path)
    assert result.status == "ok", result.error
    assert result.statistics.combined_as == "LRGB" and result.statistics.frames_used == 32
    image = pixels(result.products["stacked_rgb_pcc"])
    assert (image != 0).all() and image[0].size > 0.95 * 580 * 752, "no border that some filters do not see"
    nebula = np.percentile(image.reshape(3, -1), 97, axis=1) - np.percentile(image.reshape(3, -1), 20, axis=1)
    # White is that of the usual median star, to 7 and 9 %; the stars of this cluster are bluer.
    assert nebula[0] > 1.5 * nebula[1] and nebula[0] > 0.9 * nebula[2], "the nebula is red, or magenta"
    sky = np.percentile(image.reshape(3, -1), 20, axis=1) * 65535
    assert np.ptp(sky) < 30, "and the sky grey"
