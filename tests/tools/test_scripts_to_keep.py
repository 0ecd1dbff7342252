"""Scripts to keep: their text, and that the real Siril runs every kind of them, alone and to the same result as our run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import sep
from astropy.io import fits
from click.testing import CliRunner

from fixtures.judge import good_stars, star_photometry
from orchestrator import (
    RunConfig,
    ScriptOptions,
    Session,
    check_script_file,
    load_project,
    new_nights,
    new_project,
    plan_scripts,
    run,
    save_project,
    write_project_scripts,
    write_scripts,
)
from orchestrator.cli.main import cli, main
from orchestrator.errors import OrchestrateError
from orchestrator.io.package_data import templates
from orchestrator.scripting.write import render_scripts
from orchestrator.session.discovery import scan
from orchestrator.session.model import Role
from orchestrator.simulation import LRGB, PRESETS, simulate, simulate_filters
from orchestrator.tools.siril.cli import Expected, ScriptJob, SirilProgram, run_script

GOLDEN = Path(__file__).parent / "golden" / "scripts"
SKY = 500
# Steady sky and transparency, so that every stack has the sky of a frame.
STEADY = {"n_frames": 4, "sky_min": SKY, "sky_max": SKY, "transparency_min": 1.0, "transparency_max": 1.0,
          "n_bias": 3, "n_dark": 3, "n_flat": 3}
SECOND = {"noise_seed": 5, "start": datetime(2025, 1, 16, 20, tzinfo=UTC)}
Nights = Callable[[str], list[Session]]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """nights(kind): two sessions "first" and "second": mono, osc, or mixed (the second is cut to 180 x 140)."""
    base = tmp_path_factory.mktemp("raw")
    for kind, preset in (("mono", "tiny_mono"), ("osc", "tiny_osc")):
        config = replace(PRESETS[preset], **STEADY)
        simulate(config, base / kind / "first")
        simulate(replace(config, **SECOND), base / kind / "second")
    for path in (base / "mono" / "second").rglob("*.fit"):
        target = base / "mixed" / path.relative_to(base / "mono")
        target.parent.mkdir(parents=True, exist_ok=True)
        with fits.open(path) as file:
            fits.writeto(target, file[0].data[6:146, 8:188], file[0].header)
    shutil.copytree(base / "mono" / "first", base / "mixed" / "first")

    def make(kind: str) -> list[Session]:
        return [scan([base / kind / name], RunConfig()).session for name in ("first", "second")]

    return make


DRIZZLE: dict[str, object] = {"drizzle": True, "scale": 2.0, "pixfrac": 0.8, "kernel": "turbo"}
PACKED: dict[str, object] = {"packing": "fitseq", "pack_above": 2}

# name: kind of nights, options, size (rows, columns; None: as it comes), colour planes
VARIANTS: dict[str, tuple[str, dict[str, object], tuple[int, int] | None, int]] = {
    "plain": ("mono", {}, (160, 200), 1),
    "one pass": ("mono", {"registration": "1-pass", "reference": "first/lights/light_00003.fit", "rejection": "median"},
                 (160, 200), 1),
    "max": ("mono", {"framing": "max", "weights": "noise", "normalization": "addscale", "rejection": "sigma"}, None, 1),
    "min": ("mono", {"framing": "min", "copy_frames": True, "rejection": "percentile", "normalization": "none"}, None, 1),
    "cog": ("mono", {"framing": "cog", "transform": "homography", "interpolation": "bicubic", "rejection": "none"},
            (160, 200), 1),
    "drizzle max": ("mono", {**DRIZZLE, "framing": "max", "rejection": "linear_fit", "weights": "nbstars"}, None, 1),
    "osc drizzle": ("osc", {**DRIZZLE, "compression": "rice", "kernel": "square", "bits32": False}, (320, 400), 3),
    "osc drizzle one pass": ("osc", {"drizzle": True, "registration": "1-pass"}, (160, 200), 3),
    "rice": ("mono", {"compression": "rice", "rejection": "mad", "weights": "noise", "normalization": "none"}, (160, 200), 1),
    "gzip osc": ("osc", {"compression": "gzip2", "normalization": "mul"}, (160, 200), 3),
    "fitseq rice": ("mono", {**PACKED, "compression": "rice", "framing": "min", "rejection": "gesd", "weights": "none",
                             "normalization": "mulscale"}, None, 1),
    "fitseq drizzle": ("osc", {**PACKED, "drizzle": True}, (160, 200), 3),
    "ser": ("mono", {**PACKED, "packing": "ser", "bits32": False, "mirror": True}, (160, 200), 1),
    "ser osc": ("osc", {**PACKED, "packing": "ser", "mirror": True}, (160, 200), 3),
    "mixed sizes": ("mixed", {"registration": "1-pass", "compression": "rice"}, None, 1),
    "mixed sizes max": ("mixed", {"framing": "max"}, None, 1),
    "mixed sizes drizzle": ("mixed", {**DRIZZLE, "compression": "rice"}, None, 1),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_siril_runs_the_scripts_of_every_variant(nights: Nights, siril: SirilProgram, tmp_path: Path, variant: str) -> None:
    kind, changes, size, planes = VARIANTS[variant]
    sessions, options = nights(kind), ScriptOptions.of(**changes)
    before = raw_files(sessions)
    folder = tmp_path / "my scripts"
    made = write_scripts(sessions, folder, options, "all nights")
    assert [path.name for path in made] == ["run_project.ssf", "merge_nights.ssf", "first.ssf", "second.ssf"]
    for path in made:
        assert check_script_file(path, siril) == []
    # run_project does all; then what it has left serves for the merge alone; a night stands for itself.
    result = folder / "all_nights_final.fit"
    run_script(siril, ScriptJob(made[0], folder, tmp_path / "log", expected=[Expected(result, image=True)]))
    data, header = fits.getdata(result, header=True)
    assert header["STACKCNT"] == 8 and header["BITPIX"] == (16 if changes.get("bits32") is False else -32)
    assert data.shape[:-2] == ((3,) if planes == 3 else ()) and (size is None or data.shape[-2:] == size)
    level = np.median(data[1] if planes == 3 else data) / (65535 if header["BITPIX"] == 16 else 1)
    # "mulscale" brings the spread of the frames together, and their level with it.
    assert level * 65535 == pytest.approx(SKY, rel=0.3 if changes.get("normalization") == "mulscale" else 0.08)
    assert header.get("ROWORDER") == ("BOTTOM-UP" if changes.get("mirror") else "TOP-DOWN")
    assert raw_files(sessions) == before


def raw_files(sessions: list[Session]) -> dict[Path, tuple[int, int]]:
    paths = [p for s in sessions for root in s.roots for p in root.rglob("*")]
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in paths}


def test_scripts_run_again_alone_and_a_night_for_itself(nights: Nights, siril: SirilProgram, tmp_path: Path) -> None:
    made = write_scripts(nights("mono"), tmp_path / "s", name="n")
    result = tmp_path / "s" / "n_final.fit"
    first = []
    for script in ("run_project", "run_project", "merge_nights"):
        run_script(siril, ScriptJob(tmp_path / "s" / f"{script}.ssf", tmp_path / "s", tmp_path / "log",
                                    expected=[Expected(result)]))
        first.append(fits.getdata(result))
    # The star lists of the first time are used again, rounded: so that rejection may differ at single pixels.
    assert all((np.abs(again - first[0]) < 1e-5).mean() > 0.99 for again in first[1:])
    run_script(siril, ScriptJob(made[3], tmp_path / "s", tmp_path / "log"))
    stack = next((tmp_path / "s").glob("second_*_stack.fit"))
    assert stack.name == "second_Tiny_Field_4x30s_Simulated_Camera_g100_o50_b1x1_2025-01-16_stack.fit"
    assert fits.getheader(stack)["STACKCNT"] == 4
    # Other options of the stack: what was calibrated serves again.
    made = write_scripts(nights("mono"), tmp_path / "s", ScriptOptions.of(framing="max", rejection="none"), "n")
    run_script(siril, ScriptJob(made[1], tmp_path / "s", tmp_path / "log"))
    assert fits.getheader(result)["STACKCNT"] == 8 and fits.getdata(result).shape > first[0].shape
    write_scripts(nights("mono"), tmp_path / "s", ScriptOptions.of(RunConfig(calibration={"cosmetic": False})), "n")
    assert not (tmp_path / "s" / "first" / "process").exists()


def test_a_night_alone_and_many_nights_that_share_masters(nights: Nights, siril: SirilProgram, tmp_path: Path) -> None:
    session = nights("mono")[0]
    made = write_scripts([session], tmp_path / "one", name="one")
    assert [p.name for p in made] == ["run_project.ssf", "first.ssf"]
    run_script(siril, ScriptJob(made[0], tmp_path / "one", tmp_path / "log",
                                expected=[Expected(tmp_path / "one" / "one_final.fit")]))
    short = replace(session, frames={**session.frames, Role.LIGHT: session.lights[:2]})
    many = [replace(short, name=f"night {k} of a long campaign with a name") for k in range(1, 19)]
    layout = plan_scripts(many, name="many")
    assert len(layout.masters) == 3 and len(layout.merges) > 2 and len(layout.masters[0].nights) == 18
    made = write_scripts(many, tmp_path / "many", name="many")
    run_script(siril, ScriptJob(made[0], tmp_path / "many", tmp_path / "log"))
    assert fits.getheader(tmp_path / "many" / "many_final.fit")["STACKCNT"] == 36


def test_several_filters_become_stacks_on_the_same_pixels_and_their_picture(siril: SirilProgram, tmp_path: Path) -> None:
    session, folder = tmp_path / "M 42", tmp_path / "s"
    simulate_filters(replace(PRESETS["tiny_mono"], n_frames=4, n_stars=90, flux_min=12_000.0, flux_max=90_000.0, n_bias=3,
                             n_dark=3, n_flat=3, transparency_min=1.0), LRGB, session)
    result = CliRunner().invoke(cli, ["script", str(session), "-o", str(folder), "--name", "M-42"])
    assert result.exit_code == 0 and "combined as LRGB" in result.output and "M-42_final.fit)" in result.output, result.output
    assert {p.stem for p in folder.glob("*.ssf")} == {"run_project", "merge_nights", *(f"M_42_{c}" for c in "LRGB")}
    for script in folder.glob("*.ssf"):
        assert check_script_file(script, siril) == []
    for script in ("run_project", "merge_nights"):
        run_script(siril, ScriptJob(folder / f"{script}.ssf", folder, tmp_path / "log",
                   expected=[Expected(folder / "M-42_final.fit", image=True)]))
    planes = {c: fits.getdata(folder / f"M-42_{c}.fit").astype(np.float32) for c in "LRGB"}
    assert [fits.getheader(folder / f"M-42_{c}.fit")["STACKCNT"] for c in (*"LRGB", "final")] == [4, 4, 4, 4, 16]
    skies = {c: float(np.median(p)) * 65535 for c, p in planes.items()}
    assert all(LRGB[c]["sky_min"] - 20 < skies[c] < LRGB[c]["sky_max"] + 80 for c in "LRGB"), "each keeps its own sky"
    stars = np.sort(sep.extract(np.ascontiguousarray(planes["L"] - np.median(planes["L"])), 0.003), order="flux")[::-1]
    stars = stars[(abs(stars["x"] - 100) < 80) & (abs(stars["y"] - 80) < 60)][:12]
    x, y = stars["x"], stars["y"]
    there = centres(planes["L"], x, y)
    for c in "RGB":
        assert np.sqrt(((centres(planes[c], x, y) - there) ** 2).sum(axis=0).mean()) < 0.15, c
    picture = fits.getdata(folder / "M-42_final.fit").astype(np.float32)
    for a, b in ((0, 2), (1, 2)):
        off = picture[a] - picture[b] - (planes["RGB"[a]] - planes["RGB"[b]])
        assert np.abs(off).max() < 1e-5, "the colours are those of R, G, B"
    brightness = star_photometry(picture.sum(axis=0), x, y, 7.0) / star_photometry(planes["L"], x, y, 7.0)
    assert np.std(brightness) < 0.002 * np.mean(brightness), "the brightness is that of L"
    light = np.median([star_photometry(planes[c], x, y, 7.0) for c in "RGB"], axis=1).sum()
    assert np.median(star_photometry(picture.sum(axis=0), x, y, 7.0)) == pytest.approx(light, rel=0.1)


def test_narrowband_nights_of_a_project_and_other_palettes(siril: SirilProgram, tmp_path: Path) -> None:
    root = tmp_path / "M 8"
    config = replace(PRESETS["tiny_mono"], **STEADY)
    simulate_filters(config, {"Ha": {}, "OIII": {}}, root / "Session 1")
    simulate_filters(replace(config, **SECOND), {"OIII": {}}, root / "Session 2")
    project = new_project(root)
    project.final.mirror = "bottomup"
    save_project(project)
    for palette, words in (("auto", "rgbcomp colour_R channel_O channel_O"),
                           ({"R": {"H": 1}, "G": {"H": 0.3, "O": 0.7}, "B": {"O": 1}}, "0.3*$channel_H$+0.7*$channel_O$")):
        project.palette = palette
        folder = tmp_path / f"s {type(palette).__name__}"
        project.settings = {"canvas": {"extent": "union"}}
        made = write_project_scripts(project, folder)
        assert words in made[0].read_text() and check_script_file(made[0], siril) == []
    run_script(siril, ScriptJob(made[0], folder, tmp_path / "log", expected=[Expected(folder / "M_8_final.fit", image=True)]))
    h, o, picture = (fits.getdata(folder / f"M_8_{n}.fit").astype(np.float32) for n in ("H", "O", "final"))
    assert [fits.getheader(folder / f"M_8_{n}.fit")["STACKCNT"] for n in ("H", "O", "final")] == [4, 8, 12]
    assert fits.getheader(folder / "M_8_final.fit")["ROWORDER"] == fits.getheader(folder / "M_8_H.fit")["ROWORDER"] == "BOTTOM-UP"
    np.testing.assert_allclose(picture, [h, 0.3 * h + 0.7 * o, o], atol=1e-6)


def test_the_scripts_of_a_project_share_masters(
    siril: SirilProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "M 31"
    config = replace(PRESETS["tiny_mono"], **STEADY)
    simulate(config, root / "Session 1")
    simulate(replace(config, **SECOND, n_bias=0, n_dark=0, n_flat=0), root / "Session 2")
    project = new_project(root)
    project.final.mirror = "bottomup"
    save_project(project)
    monkeypatch.setattr("sys.argv", ["orchestrate", "project", "script", str(root)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code, capsys.readouterr().err
    folder = root / "scripts"
    result = folder / "M_31_final.fit"
    run_script(siril, ScriptJob(folder / "run_project.ssf", folder, tmp_path / "log", expected=[Expected(result, image=True)]))
    assert fits.getheader(result)["STACKCNT"] == 8 and fits.getheader(result)["ROWORDER"] == "BOTTOM-UP"
    assert len(list((folder / "masters").glob("*.fit"))) == 3
    assert len(new_nights(load_project(root))) == 0


GOLDENS = {"plain": ("mono", {}), "osc drizzle": ("osc", {**DRIZZLE, "compression": "rice"}),
           "ser": ("osc", {"packing": "ser", "pack_above": 2, "mirror": True, "bits32": False, "compression": "gzip1"}),
           "mixed": ("mixed", {"registration": "1-pass", "reference": "first/lights/light_00003.fit"})}


@pytest.mark.parametrize("name", GOLDENS)
def test_the_text_is_as_recorded(nights: Nights, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.scripting.write.__version__", "0.0.0")
    kind, changes = GOLDENS[name]
    sessions = nights(kind)
    for file, text in render_scripts(plan_scripts(sessions, ScriptOptions.of(**changes), "M 31")).items():
        assert text == (GOLDEN / name.replace(" ", "_") / file).read_text(encoding="utf-8"), file


def test_every_template_of_the_scripts_is_recorded() -> None:
    found = {f.name for f in (templates() / "siril/scripts").iterdir() if f.name.endswith(".j2")}
    assert found == {f"{n}.j2" for n in ("_steps", "night.ssf", "project.ssf")}


def test_a_pattern_that_the_headers_lack_is_written_into_copies(nights: Nights, siril: SirilProgram, tmp_path: Path) -> None:
    session = nights("osc")[0]
    for path in (f.path for f in session.lights):
        target = tmp_path / "raw" / "lights" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with fits.open(path) as file:
            del file[0].header["BAYERPAT"]
            file.writeto(target)
    bare = scan([tmp_path / "raw"], RunConfig.model_validate({"input": {"bayer_pattern": "RGGB"}})).session
    made = write_scripts([bare], tmp_path / "s", ScriptOptions.of(registration="1-pass"), "x")
    run_script(siril, ScriptJob(made[0], tmp_path / "s", tmp_path / "log"))
    assert fits.getdata(tmp_path / "s" / "x_final.fit").shape == (3, 160, 200)
    assert "BAYERPAT" not in fits.getheader(bare.lights[0].path)


def test_the_scripts_and_our_own_run_give_the_same_geometry_and_flux_scale(siril: SirilProgram, tmp_path: Path) -> None:
    base = replace(PRESETS["tiny_mono"], width=320, height=240, n_stars=90, n_frames=5, transparency_min=1.0)
    truth = simulate(base, tmp_path / "first")
    simulate(replace(base, **SECOND, sky_min=800, sky_max=900), tmp_path / "second")
    for path in (tmp_path / "second" / "lights").iterdir():
        path.rename(path.with_name(f"second_{path.name}"))
    config = RunConfig.model_validate({
        "engine": {"name": "siril", "siril": {"executable": str(siril.path), "fallback": False}},
        "registration": {"reference": "light_00003.fit"}})
    result = run([tmp_path / "first", tmp_path / "second"], config, runs_dir=tmp_path / "runs")
    assert result.error is None, result.error
    ours = fits.getdata(result.products["stacked"]).astype(np.float32)
    sessions = [scan([tmp_path / name], config).session for name in ("first", "second")]
    _, x, y = good_stars(truth, 2)
    bright = np.argsort(star_photometry(ours, x, y, 7.0))[-8:]
    # Siril's rejection does not know the seeing and takes some light from the cores of bright stars.
    for changes, most in (({"rejection": "none", "weights": "none"}, 25), ({}, 60)):
        made = write_scripts(sessions, tmp_path / f"scripts_{most}", ScriptOptions.of(config, **changes), "both")
        run_script(siril, ScriptJob(made[0], made[0].parent, tmp_path / "log"))
        theirs = fits.getdata(made[0].parent / "both_final.fit").astype(np.float32)
        assert ours.shape == theirs.shape
        assert np.sqrt(((centres(ours, x, y) - centres(theirs, x, y)) ** 2).sum(axis=0).mean()) < 0.06
        ratio = 2500 * np.log10(star_photometry(ours, x, y, 7.0) / star_photometry(theirs, x, y, 7.0))[bright]
        assert abs(np.median(ratio)) < most and np.std(ratio) < most / 2, ratio


def centres(image: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.stack(sep.winpos(np.ascontiguousarray(image - np.median(image)), x, y, np.full(len(x), 1.5))[:2])


@pytest.mark.parametrize(("kind", "changes", "word"), [
    ("mixed", {"framing": "cog"}, "centre of gravity"), ("mono", {"registration": "1-pass", "framing": "max"}, "2-pass"),
    ("mono", {"rejection": "gesd", "low": 3.0}, "fractions"), ("mono", {"reference": "light_00001.fit"}, "first and of second"),
    ("mono", {"reference": "light_9.fit"}, "there is no light"), ("mono", {"kernel": "round"}, "kernel")])
def test_what_does_not_go_together_is_refused(nights: Nights, kind: str, changes: dict[str, object], word: str) -> None:
    with pytest.raises(OrchestrateError, match=word):
        plan_scripts(nights(kind), ScriptOptions.of(**changes))


def test_nights_that_do_not_belong_together_are_refused(nights: Nights) -> None:
    mono, osc = nights("mono"), nights("osc")
    red, none = (replace(mono[1], frames={Role.LIGHT: tuple(replace(f, filter=name) for f in mono[1].lights)})
                 for name in ("R", None))
    for pair, word in (((mono[0], osc[0]), "mono, the other colour"), ((none, red), "have no filter name"),
                       ((mono[0], replace(mono[1], frames={Role.LIGHT: mono[1].lights[:1]})), "needs two")):  # fmt: skip
        with pytest.raises(OrchestrateError, match=word):
            plan_scripts(pair)
    green = replace(red, frames={Role.LIGHT: tuple(replace(f, filter="G") for f in mono[0].lights)})
    with pytest.raises(OrchestrateError, match="drizzle several filters"):
        plan_scripts([red, green], ScriptOptions(drizzle=True))
    with pytest.raises(OrchestrateError, match="same CFA pattern"):
        other = {Role.LIGHT: tuple(replace(f, cfa="GBRG") for f in osc[1].lights)}
        plan_scripts([osc[0], replace(osc[1], frames=other)], ScriptOptions(drizzle=True))


def test_a_folder_is_written_again_and_nothing_of_others_is_lost(nights: Nights, tmp_path: Path) -> None:
    sessions, folder = nights("mono"), tmp_path / "s"
    write_scripts(sessions[:1], folder, name="n")
    for name in ("first/process/pp_light_.seq", "process/all_.seq", "n_final.fit", "first/lights/mine.fit"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    write_scripts(sessions, folder, name="n")
    # The first night is unchanged and keeps its calibrated frames; the merge is repeated; results are kept.
    assert (folder / "first/process/pp_light_.seq").exists() and not (folder / "process/all_.seq").exists()
    assert (folder / "n_final.fit").exists() and len(list((folder / "second/lights").glob("*.fit"))) == 4
    fewer = replace(sessions[0], frames={**sessions[0].frames, Role.LIGHT: sessions[0].lights[:3]})
    write_scripts([fewer], folder, name="n")
    assert not (folder / "first/process").exists() and (folder / "first/lights/mine.fit").exists()
    assert sorted(p.name for p in (folder / "first/lights").glob("light_*.fit")) == [f"light_0000{k}.fit" for k in (1, 2, 3)]
    assert not (folder / "second.ssf").exists()
    with pytest.raises(OrchestrateError, match="is inside the session"):
        write_scripts(sessions, sessions[0].roots[0] / "siril")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    with pytest.raises(OrchestrateError, match="not empty"):
        write_scripts(sessions, tmp_path / "full")
