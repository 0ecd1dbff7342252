"""What docs/CONTRACT.md promises: each row names a test, and the small promises are shown here."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from PIL import Image

from orchestrator import RunConfig, ScriptOptions, StackConfig, plan_scripts, scan
from orchestrator.cli.main import cli
from orchestrator.pipeline.result import RunResult
from orchestrator.runtime.cache import Cache

ROOT = Path(__file__).parents[2]
PLAIN = {"engine": {"name": "native"}, "astrometry": {"solver": "none"}, "input": {"min_frames": 3}}


@pytest.fixture(scope="module")
def session(simulated) -> Path:
    folder, _ = simulated("tiny_mono", n_frames=5, n_dark=4, n_flat=4, n_bias=4)
    return Path(folder)


@pytest.fixture(scope="module")
def result(session: Path, finished) -> RunResult:
    found: RunResult = finished(session, PLAIN)
    return found


def test_each_row_of_the_contract_names_a_test() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (ROOT / "docs/CONTRACT.md").read_text("utf-8"))
    assert len(named) > 40
    for file, name in named:
        tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
        assert name in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}, f"{file}::{name}"


def test_the_manifest_has_scores_and_transforms(result: RunResult) -> None:
    frames = json.loads((result.directory / "manifest.json").read_text())["frames"]
    assert len(frames) == 5
    for frame in frames:
        assert frame["fwhm_px"] > 1 and np.isfinite(frame["score"]) and np.array(frame["matrix"]).shape == (3, 3)


def test_maps_of_the_report_are_pictures(result: RunResult) -> None:
    pictures = {path.stem: Image.open(path) for path in (result.directory / "artifacts/figures").glob("*.png")}
    assert any("effective_number" in name for name in pictures) and any("coverage" in name for name in pictures)
    assert all(picture.mode == "RGB" and max(picture.size) > 200 for picture in pictures.values())


def test_the_layout_of_dwarf_asks_for_asinh(tmp_path: Path) -> None:
    assert StackConfig().to_run_config(tmp_path).output.preview_stretch == "asinh"
    chosen = StackConfig(settings=("output.preview_stretch=two_stage",)).to_run_config(tmp_path)
    assert chosen.output.preview_stretch == "two_stage"
    assert StackConfig(reference="first").to_run_config(tmp_path).registration.reference == "first"


def test_a_dry_run_scores_the_lights_and_writes_nothing_else(session: Path, tmp_path: Path) -> None:
    words = ["run", str(session), "--runs-dir", str(tmp_path / "runs"), "--engine", "native", "--set", "input.min_frames=3"]
    done = CliRunner().invoke(cli, [*words, "--dry-run", "--report", str(tmp_path / "scores.json")], standalone_mode=False)
    assert done.exception is None, done.exception
    found = json.loads((tmp_path / "scores.json").read_text())
    assert (found["lights"], found["kept"], len(found["frames"])) == (5, 5, 5)
    assert all(frame["fwhm"] > 1 and len(frame["matrix"]) == 3 for frame in found["frames"])
    assert not [p for p in (tmp_path / "runs").glob("*") if p.name != ".session-cache"]
    for report, extra, match in (("scores.html", ["--dry-run"], "Markdown nor JSON"), ("scores.md", [], "belongs to --dry-run")):
        wrong = CliRunner().invoke(cli, [*words, *extra, "--report", str(tmp_path / report)], standalone_mode=False)
        assert wrong.exception is not None and re.search(match, str(wrong.exception))


def test_the_cache_knows_its_sessions(session: Path, result: RunResult, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for folder, values in (("M31", (1, 2)), ("M42", (3,))):
        other = Cache(tmp_path)
        for value in values:
            other.put("scores", f"key{value}", value)
        other.record_session([tmp_path / folder])
    assert cache.sizes()["scores"][0] == 3
    assert cache.sizes([tmp_path / "M31"])["scores"][0] == 2
    shown = CliRunner().invoke(cli, ["cache", "show", str(tmp_path / "M42"), "--runs-dir", str(tmp_path)], standalone_mode=False)
    assert re.search(r"scores +1 entries", shown.output)
    CliRunner().invoke(cli, ["cache", "clear", str(tmp_path / "M31"), "--runs-dir", str(tmp_path)], standalone_mode=False)
    assert (cache.sizes()["scores"][0], cache.get("scores", "key3"), cache.get("scores", "key1")) == (1, 3, None)
    # A run records what it used.
    used = Cache(result.directory.parent).sizes([session])
    assert used["scores"][0] == 5 and used["masters"][0] > 0


def test_packing_and_compression_of_scripts(session: Path, tmp_path: Path) -> None:
    from orchestrator import write_scripts

    night = scan([session], RunConfig.model_validate({"input": {"min_frames": 3}})).session
    for packing, above, wanted in (("auto", 4, "fitseq"), ("auto", 5, "none"), ("none", 4, "none"), ("ser", 4, "ser")):
        options = ScriptOptions(packing=packing, pack_above=above)
        assert {n.packing for n in plan_scripts([night], options).nights} == {wanted}
    texts = {}
    for result in (False, True):
        options = ScriptOptions(compression="gzip2", compress_result=result, reference="first")
        folder = tmp_path / str(result)
        texts[result] = "\n".join(p.read_text() for p in write_scripts([night], folder, options, "M31") if p.suffix == ".ssf")
    assert "# The result is not compressed." in texts[False] and "# The result is not compressed." not in texts[True]
    assert "setref" in texts[True], "the first light is the reference"


def test_the_conda_environment_installs_the_package() -> None:
    content = yaml.safe_load((ROOT / "environment.yaml").read_text("utf-8"))
    [pip] = [d["pip"] for d in content["dependencies"] if isinstance(d, dict)]
    extras = re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    wanted = re.fullmatch(r"\.\[([\w,]+)\]", pip[0])
    assert wanted is not None and set(wanted[1].split(",")) <= set(extras)
