"""`orchestrate bench`: what is measured of programs, the judge of their stacks, the table."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from click.testing import CliRunner

from orchestrator.benchmark import run as bench_run
from orchestrator.benchmark.judge import information_of
from orchestrator.benchmark.programs import Orchestrate, Program, Stacked
from orchestrator.benchmark.session import BenchSession
from orchestrator.benchmark.spent import Spent, bytes_of, watch_children
from orchestrator.benchmark.table import BEGIN, END, Row, as_record, check_page, markdown, write_into
from orchestrator.cli.bench import bench
from orchestrator.errors import ConfigError, RunError
from orchestrator.simulation import PRESETS, SimulationTruth, simulate

MIB = 2**20
CHILD = """
import sys, time
held = bytearray(120 << 20)
held[::4096] = b"x" * len(held[::4096])
started = time.process_time()
while time.process_time() - started < 0.4: pass
open(sys.argv[1], "wb").write(bytes(3 << 20))
time.sleep(0.3)
"""


def mean_of(session: Path, frames: slice = slice(None)) -> np.ndarray:
    return np.mean([fits.getdata(p).astype(np.float32) for p in sorted((session / "lights").iterdir())[frames]], axis=0)


def test_time_memory_and_disk_of_a_program_are_measured(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(bytes(MIB))
    (tmp_path / "same").hardlink_to(tmp_path / "other")
    assert bytes_of(tmp_path) == MIB
    with watch_children(tmp_path) as spent:
        subprocess.run([sys.executable, "-c", CHILD, str(tmp_path / "file")], check=True)
    assert 0.4 <= spent.cpu < 1.5 and spent.seconds >= 0.7
    assert 120 * MIB < spent.memory < 180 * MIB and spent.disk == 4 * MIB


def test_sessions_have_the_size_that_is_asked_for() -> None:
    assert BenchSession(26, 12).size == (6248, 4176) and BenchSession(26, 12).name == "12 OSC of 6248x4176"
    for megapixels in (0.3, 6, 24):
        width, height = BenchSession(megapixels, 4).size
        assert width * height == pytest.approx(megapixels * 1e6, rel=0.01) and width % 2 == height % 2 == 0
    assert BenchSession(1, 4, mono=True).config.pattern is None and BenchSession(1, 4).config.pattern == "RGGB"


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationTruth]:
    """Six equal mono lights of a perfect sensor that stand still: their mean keeps all information."""
    folder = tmp_path_factory.mktemp("still")
    config = replace(PRESETS["tiny_mono"], width=640, height=480, n_frames=6, n_stars=150, flux_min=3000.0, drift=0.0,
                     rotation=0.0, seeing_min=2.8, seeing_max=2.8, transparency_min=1.0, sky_min=500.0, sky_max=500.0,
                     hot_pixels=0, cold_pixels=0, vignetting=0.0, bias_structure=0.0, n_bias=0, n_dark=0, n_flat=0)
    return folder, simulate(config, folder)


def test_the_mean_of_equal_frames_keeps_their_information(still: tuple[Path, SimulationTruth], tmp_path: Path) -> None:
    folder, truth = still
    found = {}
    for name, pixels in {"all": mean_of(folder), "half": mean_of(folder, slice(3)),
                         "turned": 3e-5 * mean_of(folder)[::-1] - 0.01}.items():
        fits.writeto(tmp_path / f"{name}.fits", np.asarray(pixels, np.float32))
        found[name] = information_of(tmp_path / f"{name}.fits", truth)
    assert found["all"] == pytest.approx(1, abs=0.1), found
    assert found["half"] == pytest.approx(0.5 * found["all"], rel=0.06), found
    assert found["turned"] == pytest.approx(found["all"], rel=1e-3), found


def test_a_picture_of_something_else_is_not_judged(still: tuple[Path, SimulationTruth], tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 1, (480, 640)).astype(np.float32)
    fits.writeto(tmp_path / "noise.fits", noise)
    assert information_of(tmp_path / "noise.fits", still[1]) is None


def test_the_table_has_ratios_to_the_first_program_of_each_session(tmp_path: Path) -> None:
    small, large = BenchSession(2, 20), BenchSession(26, 12)
    rows = [Row(small, "Siril 1.4.2", Spent(20, 10, 10**9, 2 * 10**9), 0.5),
            Row(small, "orchestrate, mean", Spent(10, 5, 1, 1), None),
            Row(large, "orchestrate, mean", Spent(30, 12, 1, 1), 0.8)]
    text = markdown(rows)
    assert "| Siril 1.4.2 | 20.0 | 10.0 | 2.00 | 4.1 | 1.00 | 2.00 | 0.50 | 1.00 |" in text
    assert "| orchestrate, mean | 10.0 | 5.0 | 4.00 | 8.3 | 0.00 | 0.00 | – | 0.50 |" in text
    assert text.count("relative to Siril 1.4.2") == 1 and text.count("relative to orchestrate") == 1
    assert as_record(rows)["rows"][2]["width"] == 6248
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n\n{BEGIN}\nold\n{END}\n\nrest\n")
    write_into(page, text)
    write_into(page, text)
    assert page.read_text() == f"# Title\n\n{BEGIN}\n{text}{END}\n\nrest\n"
    write_into(tmp_path / "new.md", text)
    check_page(tmp_path / "new.md")
    page.write_text("notes")
    with pytest.raises(ConfigError, match="other content"):
        check_page(page)


@dataclass
class Mean(Program):
    """Stands for a program: the mean of the raw lights."""

    name: str = "orchestrate, mean"

    def stack(self, session: Path, folder: Path, *, mono: bool) -> Stacked:
        folder.mkdir()
        fits.writeto(folder / "mean.fits", mean_of(session).astype(np.float32))
        return Stacked(folder / "mean.fits", Spent(2, 1, 10**8, 10**7))


def test_the_verb_prints_and_writes_the_table_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Orchestrate, "prepare", lambda *_, **__: None)
    monkeypatch.setattr(Orchestrate, "stack", lambda _, *given, **more: Mean().stack(*given, **more))
    work, page = tmp_path / "work", tmp_path / "bench.md"
    words = ["--alone", "--size", "0.06", "--frames", "4", "--frames", "5", "--camera", "mono", "--method", "mean",
             "--work", str(work), "-o", str(page), "--json"]
    done = CliRunner().invoke(bench, words)
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)["rows"]
    assert [row["frames"] for row in rows] == [4, 5] and rows[0]["cpu"] == 2
    assert "4 mono of 300x200" in page.read_text() and not any(work.iterdir())
    monkeypatch.setattr(bench_run, "disk_needed", lambda _: 10**18)
    refused = CliRunner().invoke(bench, words)
    assert isinstance(refused.exception, RunError) and "GB of disk" in str(refused.exception)
    wrong = CliRunner().invoke(bench, [*words, "--set", "bge.ordr=3"])
    assert isinstance(wrong.exception, ConfigError) and "bge.ordr" in str(wrong.exception)
