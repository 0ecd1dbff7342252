"""Input that means harm: nothing of it is executed, nothing outside the run directory is written, nothing fills up."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator import RunConfig, RunResult, run
from orchestrator.cli.main import cli
from orchestrator.config.load import load_config
from orchestrator.errors import ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.io import fits as fits_io
from orchestrator.session.discovery import scan
from tests.faults.helpers import snapshot

NATIVE = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"}})
ROOT = Path(__file__).parents[2]
NAMES = ["$(touch PWNED).fit", "`touch PWNED`.fit", ";touch PWNED;.fit", "a\ntouch PWNED\n.fit", "'; touch PWNED #.fit",
         "| touch PWNED.fit", "&& close #.fit", '"; exit #.fit']
OBJECTS = ["$(touch PWNED)", "../../PWNED", "/tmp/PWNED", "'; touch PWNED; '", "<script>PWNED</script>", "{{ PWNED }}", "%s%n%x",
           "a" * 60]


@pytest.fixture
def trapped(session: Path) -> Path:
    """The session with names in files and headers that shells, Siril, templates and paths would take for something else."""
    for path, name, called in zip(sorted((session / "lights").iterdir()), NAMES, OBJECTS, strict=True):
        fits.setval(path, "OBJECT", value=called)
        fits.setval(path, "FILTER", value="../L")
        fits.setval(path, "TELESCOP", value="<img src=x onerror=PWNED>")
        path.rename(path.with_name(name))
    return session


def written_outside(folder: Path, *allowed: Path) -> list[Path]:
    """Files below a folder that are in none of the allowed ones."""
    return [p for p in folder.rglob("*") if p.is_file() and not any(p.is_relative_to(a) for a in allowed)]


@pytest.mark.parametrize("engine", ["native", "siril"])
def test_names_and_headers_with_syntax_are_only_text(trapped: Path, tmp_path: Path, siril: Path, engine: str) -> None:
    before, runs, cwd = snapshot(trapped), tmp_path / "runs", tmp_path / "cwd"
    cwd.mkdir()
    environment = {**os.environ, "PATH": f"{siril.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", "run", str(trapped), "--engine", engine, "--runs-dir", str(runs), "--json",
         "--set", "engine.siril.fallback=false", "--set", "astrometry.solver=none"], cwd=cwd, env=environment,
        capture_output=True, text=True, timeout=300, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == 0 and told["status"] == "ok", done.stderr
    assert told["statistics"]["engine"] == engine and told["statistics"]["frames_used"] == 8
    assert snapshot(trapped) == before
    assert written_outside(tmp_path, trapped, runs) == []
    assert not [p for p in tmp_path.rglob("PWNED*") if p.name.startswith("PWNED")]
    header = fits.getheader(told["products"]["stacked"])
    assert str(header["OBJECT"]) in OBJECTS


def test_a_session_s_name_cannot_lead_a_run_elsewhere(session: Path, tmp_path: Path) -> None:
    odd = session.rename(session.with_name("..; touch PWNED"))
    result = run(odd, NATIVE, runs_dir=tmp_path / "runs")
    assert result.status == "ok" and result.directory.parent == (tmp_path / "runs").resolve()
    for name in ("../outside", "/tmp/outside", "a/b", "..", ".", "", "a\\..\\b" if sys.platform == "win32" else "a/../b"):
        if name:
            with pytest.raises(ConfigError):
                run(odd, NATIVE, runs_dir=tmp_path / "runs", run_id=name)
    assert written_outside(tmp_path, odd, tmp_path / "runs") == []


def test_links_in_a_session_are_read_and_never_written_through(session: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.move(session / "lights", elsewhere)
    (session / "lights").symlink_to(elsewhere)
    (session / "darks" / "loop").symlink_to(session)
    (session / "darks" / "nowhere.fit").symlink_to(tmp_path / "nothing")
    (session / "darks" / "device.fit").symlink_to("/dev/zero")
    before = snapshot(elsewhere)
    result = run(session, NATIVE, runs_dir=tmp_path / "runs")
    assert result.status == "ok" and result.statistics.frames_used == 8
    assert snapshot(elsewhere) == before
    told = " ".join(result.warnings)
    assert "device.fit" in told and "nowhere.fit" in told


def test_a_run_folder_prepared_with_links_is_not_written_through(session: Path, tmp_path: Path) -> None:
    prepared, before = tmp_path / "runs" / "one", snapshot(session)
    prepared.mkdir(parents=True)
    (prepared / "outputs").symlink_to(session / "lights")
    with pytest.raises(ConfigError, match="already exists"):
        run(session, NATIVE, runs_dir=tmp_path / "runs", run_id="one")
    (tmp_path / "runs" / "two").symlink_to(session)
    with pytest.raises(ConfigError, match="inside the session"):
        run(session, NATIVE, runs_dir=tmp_path / "runs", run_id="two")
    assert snapshot(session) == before


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(9))
YAML = {
    "python object": "stacking: !!python/object/apply:os.system ['touch PWNED']\n",
    "python name": "stacking: {sigma_low: !!python/name:os.system }\n",
    "python module": "!!python/module:os\n",
    "python new": "bge: {graxpert: !!python/object/new:pathlib.Path [PWNED]}\n",
    "unknown tag": "stacking: !secret {sigma_low: 3}\n",
    "billion laughs": BOMB,
    "merged laughs": "x: &x {sigma_low: 3}\nstacking: {<<: [" + ", ".join(["*x"] * 5000) + "]}\n",
    "endless": "stacking: &s\n  sigma_low: 3\n  again: *s\n",
    "deep": "a: " + "[" * 50_000,
    "deep mapping": "{a: " * 3_000 + "1" + "}" * 3_000,
    "a list": "- 1\n- 2\n",
    "a long number": "stacking: {sigma_low: " + "9" * 10_000 + "}\n",
    "a time": "stacking: {sigma_low: 2025-99-99 99:99:99}\n",
    "binary": "stacking: {rejection: !!binary aGVsbG8=}\n",
    "no text": "\x00\x01\x02",
    "infinite": "stacking: {sigma_low: .inf}\n",
    "not a number": "validation: {max_seam: .nan}\n",
}


@pytest.mark.parametrize("kind", sorted(YAML))
def test_a_configuration_constructs_nothing_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    path, began = tmp_path / "my.yaml", time.monotonic()
    path.write_text(YAML[kind], "utf-8")
    memory = psutil.Process().memory_info().rss
    with pytest.raises(ConfigError) as error:
        load_config([path])
    assert "my.yaml" in str(error.value) and len(str(error.value)) < 2000
    assert time.monotonic() - began < 10 and psutil.Process().memory_info().rss - memory < 500 << 20
    assert [p.name for p in tmp_path.iterdir()] == ["my.yaml"]


@pytest.mark.parametrize("value", ["!!python/object/apply:os.system ['touch PWNED']", "[" * 20_000, "&a [*a]", ".inf", "nan",
                                   ".nan", "-.inf", "9" * 5000])
def test_a_setting_of_the_command_line_constructs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as error:
        load_config(overrides=[f"stacking.sigma_low={value}"])
    assert "stacking.sigma_low" in str(error.value) and len(str(error.value)) < 2000
    assert not list(tmp_path.iterdir())


def bomb_gz(path: Path, frame: Path, size: int) -> None:
    """A whole frame, and then zeros without end."""
    with gzip.open(path, "wb", compresslevel=9) as out:
        out.write(frame.read_bytes())
        for _ in range(size >> 20):
            out.write(bytes(1 << 20))


def bomb_fz(path: Path, side: int) -> None:
    """A few bytes that promise a picture of side x side pixels: tiles of a small picture, declared as those of a large one."""
    fits.CompImageHDU(np.zeros((64, 64), np.int16), compression_type="RICE_1").writeto(path)
    raw = bytearray(path.read_bytes())
    for key in ("ZNAXIS1", "ZNAXIS2", "ZTILE1"):
        at = raw.index(key.ljust(8).encode() + b"=")
        raw[at: at + 80] = f"{key:8}= {side:20d}".ljust(80).encode()
    path.write_bytes(raw)


def test_a_frame_that_unpacks_without_end_fills_no_disk(session: Path, tmp_path: Path, small_disk) -> None:
    first, second, *_ = sorted((session / "lights").iterdir())
    for path in (first, second):
        bomb_gz(path.with_name(path.name + ".gz"), path, 1 << 28)
        path.unlink()
    disk, began = small_disk("20m"), time.monotonic()
    result = run(session, NATIVE, runs_dir=disk)
    assert result.status == "ok" and result.statistics.frames_used == 8, (result.error, result.warnings)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("side", [3_000, 90_000, 10**6, 2**31 - 1, 10**17])
def test_a_packed_frame_that_promises_too_much_is_left_out(session: Path, tmp_path: Path, side: int) -> None:
    bomb = session / "lights" / "bomb.fits.fz"
    bomb_fz(bomb, side)
    memory, began = psutil.Process().memory_info().rss, time.monotonic()
    report = scan((session,), NATIVE)
    assert len(report.session.lights) == 8 and [e.path for e in report.exclusions] == [bomb]
    with pytest.raises(InputError, match=r"bomb\.fits\.fz"):
        fits_io.decompress(bomb, tmp_path / "work")
    assert time.monotonic() - began < 20 and psutil.Process().memory_info().rss - memory < 1 << 30


def test_a_session_of_bombs_alone_ends_in_words(tmp_path: Path) -> None:
    (tmp_path / "s" / "lights").mkdir(parents=True)
    for i in range(4):
        bomb_fz(tmp_path / "s" / "lights" / f"{i}.fits.fz", 60_000)
    try:
        error: Any = run(tmp_path / "s", NATIVE, runs_dir=tmp_path / "runs").error
    except OrchestrateError as caught:
        error = caught
    assert error is not None and "Internal" not in str(error)


@pytest.mark.parametrize("arguments", [["run", "nowhere"], ["run", ".", "--set", "stacking.sigma_low=.inf"],
                                       ["run", ".", "--preset", "x"],
                                       ["run", ".", "--run-id", "../x"], ["run", ".", "--set", "runtime.memory_budget=none"],
                                       ["run", ".", "--config", "nowhere.yaml"]])
def test_errors_before_the_run_are_json_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, [*arguments, "--json"], standalone_mode=False)
    told = json.loads(result.stdout)
    assert told["status"] == "failed" and told["error"] and told["directory"] is None
    assert isinstance(result.exception, OrchestrateError) and told["exit_code"] == result.exception.exit_code
    assert set(told) == set(RunResult("ok", ExitCode.OK, tmp_path).to_dict())
