"""The session cache: what a run finds of frames serves the next one, and never changes a result."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import RunResult, run
from orchestrator.cli.main import cli
from orchestrator.config.load import load_config
from orchestrator.errors import ConfigError
from orchestrator.runtime.cache import KINDS, Cache
from tests.sharing import made_once

# Darks are found with bad pixels in the same places whatever lights there are.
BASE = ("engine.name=native", "astrometry.solver=none", "bge.enabled=false", "pcc.enabled=false")


def stack(session: Path, runs: Path, name: str, *overrides: str) -> RunResult:
    result = run(session, load_config(overrides=[*BASE, *overrides]), runs_dir=runs, run_id=name)
    assert result.error is None, result.error
    return result


def found(result: RunResult) -> dict[str, tuple[int, int]]:
    """(hits, misses) of each kind."""
    told: dict[str, tuple[int, int]] = {}
    for line in (result.directory / "logs" / "run_events.jsonl").read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "cache":
            told[event["kind"]] = (event["hits"], event["misses"])
    return told


def outputs(result: RunResult) -> dict[str, str]:
    folder = result.directory / "outputs"
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def session(simulated, tmp_path: Path) -> Path:
    return Path(shutil.copytree(simulated("tiny_osc")[0], tmp_path / "session"))


def test_frames_that_are_added_are_the_only_ones_measured(session: Path, tmp_path: Path) -> None:
    runs, aside = tmp_path / "runs", tmp_path / "aside"
    aside.mkdir()
    lights = sorted((session / "lights").iterdir())
    for path in lights[6:]:
        path.rename(aside / path.name)
    first = stack(session, runs, "six")
    assert found(first)["scores"] == (0, 6) and found(first)["masters"] == (0, 4)
    for path in lights[6:]:
        (aside / path.name).rename(path)
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in session.rglob("*")}
    more = stack(session, runs, "eight")
    assert found(more)["scores"] == (6, 2) and found(more)["masters"] == (4, 0)
    assert {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in session.rglob("*")} == before
    whole = stack(session, runs, "alone", "runtime.cache=false")
    assert not found(whole) and outputs(more) == outputs(whole)
    again = stack(session, runs, "again")
    assert all(misses == 0 for _, misses in found(again).values()) and set(found(again)) == set(KINDS)
    assert outputs(again) == outputs(whole)


def test_it_is_the_content_that_counts(session: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    stack(session, runs, "one")
    moved = session.rename(tmp_path / "elsewhere")
    light = sorted((moved / "lights").iterdir())[0]
    os.utime(light)
    assert found(stack(moved, runs, "moved"))["scores"] == (8, 0)
    raw = bytearray(light.read_bytes())
    raw[-2880 * 4] ^= 1  # one bit of one pixel
    light.write_bytes(raw)
    assert found(stack(moved, runs, "pixel"))["scores"] == (7, 1)
    dark = sorted((moved / "darks").iterdir())[0]
    raw = bytearray(dark.read_bytes())
    raw[2880 * 3] ^= 0x7F
    dark.write_bytes(raw)
    told = found(stack(moved, runs, "dark"))
    assert told["scores"] == (0, 8) and told["masters"][1] == 1, "the master dark is another one, and so are the frames"


@pytest.mark.parametrize(("override", "kind"), [
    ("registration.detection_sigma=6", "scores"), ("calibration.cosmetic=false", "scores"),
    ("calibration.rejection_sigma=2.5", "masters"), ("registration.transform=affine", "transforms"),
    ("runtime.cache_refresh=true", "scores"), ("runtime.cache_refresh=true", "masters")])
def test_other_settings_find_nothing_of_what_they_change(simulated, shared: Path, tmp_path: Path, override: str,
                                                         kind: str) -> None:
    session, _ = simulated("tiny_osc")
    runs = Path(shutil.copytree(made_once(shared / "cached", lambda folder: stack(session, folder, "one")), tmp_path / "runs"))
    assert found(stack(session, runs, "two", override))[kind][0] == 0


def test_a_damaged_entry_is_made_anew(session: Path, tmp_path: Path) -> None:
    first = stack(session, tmp_path, "one")
    for kind in ("scores", "transforms"):
        for i, path in enumerate(sorted((tmp_path / ".session-cache" / kind).iterdir())):
            raw = path.read_bytes()
            path.write_bytes(raw[: len(raw) // 2] if i % 2 else b"")
    second = stack(session, tmp_path, "two")
    assert found(second)["scores"] == (0, 8) and outputs(second) == outputs(first)
    assert found(stack(session, tmp_path, "three"))["scores"] == (8, 0)


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for i in range(4):
        cache.put("scores", f"k{i}", "x" * 1000)
        os.utime(tmp_path / ".session-cache" / "scores" / f"k{i}.npz", (i, i))
    assert cache.get("scores", "k0") == "x" * 1000  # used now
    size = cache.sizes()["scores"][1] // 4
    cache.trim(2 * size)
    assert [cache.get("scores", f"k{i}") is not None for i in range(4)] == [True, False, False, True]


def test_a_cap_holds_after_a_run(session: Path, tmp_path: Path) -> None:
    stack(session, tmp_path, "one", "runtime.cache_size=200 k")
    assert 0 < sum(size for _, size in Cache(tmp_path).sizes().values()) <= 200 * 1024
    with pytest.raises(ConfigError, match=r"runtime\.cache_size: 'much' is not a size"):
        stack(session, tmp_path, "two", "runtime.cache_size=much")
    assert not (tmp_path / "two").exists()


def test_show_and_clear(session: Path, tmp_path: Path) -> None:
    result = stack(session, tmp_path, "one")
    before = outputs(result)

    def counts() -> dict[str, int]:
        told = CliRunner().invoke(cli, ["cache", "show", "--runs-dir", str(tmp_path)])
        return {line.split()[0]: int(line.split()[1]) for line in told.stdout.splitlines()}

    assert counts()["scores"] == 8 and counts()["masters"] == 4 and counts()["transforms"] >= 7 and counts()["stack"] == 1
    for kind in ("scores", "stack"):
        assert CliRunner().invoke(cli, ["cache", "clear", f"--{kind}", "--runs-dir", str(tmp_path)]).exit_code == 0
        assert counts()[kind] == 0 and counts()["masters"] == 4
    told = CliRunner().invoke(cli, ["resume", str(result.directory), "--explain", "--from-phase", "STACKING"])
    assert "TILE_RECONSTRUCTION  repeated  its arrays were removed, STACKING needs them" in told.stdout
    assert CliRunner().invoke(cli, ["cache", "clear", "--runs-dir", str(tmp_path)]).exit_code == 0
    assert not any(counts().values()) and outputs(result) == before


def test_transforms_can_be_saved_and_loaded(session: Path, tmp_path: Path) -> None:
    file = tmp_path / "transforms.json"

    def command(name: str, *words: str) -> Any:
        sets = [word for override in BASE for word in ("--set", override)]
        return CliRunner().invoke(cli, ["run", str(session), "--runs-dir", str(tmp_path), "--run-id", name, *sets, *words])

    assert command("one", "--save-transforms", str(file)).exit_code == 0
    assert command("two", "--load-transforms", str(file), "--no-cache").exit_code == 0
    one, two = (json.loads((tmp_path / n / "artifacts" / "registration.json").read_text()) for n in ("one", "two"))
    assert [f["matrix"] for f in one["frames"]] == [f["matrix"] for f in two["frames"]]
    assert {f["method"] for f in two["frames"]} == {"given by transforms.json"}
    for name in ("stacked_rgb.fits", "variance.fits"):  # the headers record the setting
        pixels = [fits.getdata(tmp_path / n / "outputs" / name).tobytes() for n in ("one", "two")]
        assert pixels[0] == pixels[1]
    content = json.loads(file.read_text())
    for change, told in (({"reference": "none.fit"}, "none.fit"), ({"frames": 3}, "contains no transforms")):
        file.write_text(json.dumps({**content, **change}))
        bad = command(f"bad{told[:4]}", "--load-transforms", str(file))
        assert isinstance(bad.exception, ConfigError) and told in str(bad.exception)


def test_siril_frames_are_measured_once(simulated, siril: Path, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_mono")
    settings = ("engine.name=siril", f"engine.siril.executable={siril}")
    first = stack(folder, tmp_path, "one", *settings)
    second = stack(folder, tmp_path, "two", *settings)
    assert found(first)["scores"] == (0, 8) and found(second)["scores"] == (8, 0)
    assert outputs(first) == outputs(second)
