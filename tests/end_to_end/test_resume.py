"""Resuming with other settings, after losses, and of what cannot be resumed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from orchestrator import RunConfig, exclude, plan_resume, resume, run
from orchestrator.cli.main import cli
from orchestrator.config.load import load_config
from orchestrator.errors import ConfigError, ExitCode, InputError, RunError
from orchestrator.pipeline.registry import PHASES
from orchestrator.report.compare import compare
from orchestrator.report.write import write_report
from orchestrator.rundir.directory import lock
from orchestrator.rundir.listing import run_entry
from orchestrator.rundir.statistics import RunStatistics

# No solver: the simulated field is not part of the real sky, and searching for it takes a minute.
NATIVE = RunConfig.model_validate({"engine": {"name": "native"}, "astrometry": {"solver": "none"},
                                   "runtime": {"cache": False}})
ALL = tuple(p.name for p in PHASES)
FROM_STACKING = ("STACKING", "DEBAYER", "ASTROMETRY", "BGE", "PCC", "PREVIEW", "VALIDATION")


def hashes(folder: Path) -> dict[str, str]:
    files = (*(folder / "outputs").rglob("*"), *(folder / "artifacts").rglob("*.npy"))
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.is_file()}


@pytest.fixture(scope="module")
def base(simulated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, which no test changes."""
    folder, _ = simulated("tiny_osc")
    return run(folder, NATIVE, runs_dir=tmp_path_factory.mktemp("runs"), run_id="base").directory


@pytest.fixture
def made(base: Path, tmp_path: Path) -> Path:
    """A copy of the run: it may be in another place than where it was made."""
    return Path(shutil.copytree(base, tmp_path / "moved"))


def fresh(simulated: Any, runs: Path, *overrides: str) -> Path:
    folder, _ = simulated("tiny_osc")
    config = load_config(overrides=["engine.name=native", "astrometry.solver=none", "runtime.cache=false", *overrides])
    return run(folder, config, runs_dir=runs, run_id="fresh").directory


@pytest.mark.parametrize(("override", "ran"), [
    ("output.preview_stretch=asinh", ("PREVIEW",)),
    pytest.param("validation.max_seam=0.4", ("VALIDATION",), marks=pytest.mark.slow),
    pytest.param("pcc.enabled=false", ("PCC", "PREVIEW"), marks=pytest.mark.slow),
    ("bge.order=1", ("BGE", "PCC", "PREVIEW")),
    pytest.param("output.variance=false", FROM_STACKING, marks=pytest.mark.slow),
    ("stacking.sigma_high=3.0", ("TILE_RECONSTRUCTION", "SYNTHETIC_FRAMES", *FROM_STACKING)),
    pytest.param("weights.mode=quality", ("LOCAL_METRICS", "TILE_RECONSTRUCTION", "STATE_CLUSTERING", "SYNTHETIC_FRAMES",
                                          *FROM_STACKING), marks=pytest.mark.slow),
    ("calibration.cosmetic=false", ALL[1:])])
def test_a_changed_setting_repeats_what_it_changes_and_nothing_else(simulated, made: Path, tmp_path: Path, override: str,
                                                                    ran: tuple[str, ...]) -> None:
    told = plan_resume(made, overrides=[override])
    assert tuple(told.repeated) == ran and override.partition("=")[0] in told.repeated[ran[0]]
    before = hashes(made)
    assert hashes(made) == before, "plan_resume changes nothing"
    result = resume(made, overrides=[override])
    assert result.error is None and result.ran == ran
    assert hashes(made) == hashes(fresh(simulated, tmp_path, override))
    assert not resume(made).ran
    # And back: settings are compared, not counted.
    resume(made, overrides=[f"{override.partition('=')[0]}={_default(override)}"])
    assert hashes(made) == before


def _default(override: str) -> str:
    value: Any = RunConfig()
    for name in override.partition("=")[0].split("."):
        value = getattr(value, name)
    return json.dumps(value)


def test_a_finished_run_has_nothing_to_do(made: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in made.rglob("*")}
    result = resume(made, overrides=["runtime.workers=1", "input.min_free_disk_factor=2"])
    assert result.ran == () and result.status == "ok" and result.products["stacked_rgb_pcc"].is_file()
    assert result.weights is not None and result.statistics.frames_used == 8
    assert {p: p.stat().st_mtime_ns for p in made.rglob("*")} == before


def test_a_phase_that_is_asked_for_is_repeated_with_the_same_bytes(base: Path, made: Path) -> None:
    assert resume(made, from_phase="BGE").ran == ("BGE", "PCC", "PREVIEW")
    assert hashes(made) == hashes(base)
    manifest = json.loads((made / "manifest.json").read_text())
    assert [p["phase"] for p in manifest["phases"]] == list(ALL)
    assert [p["phase"] for p in manifest["phases"] if not p["checkpoint"]] == ["BGE", "PCC", "PREVIEW"]
    assert [a["from_phase"] for a in manifest["attempts"][1:]] == ["BGE"]
    events = [json.loads(line) for line in (made / "logs" / "run_events.jsonl").read_text().splitlines()]
    assert [e["attempt"] for e in events if e["event"] == "run_start"] == [1, 2]
    assert len([e for e in events if e["event"] == "phase_kept"]) == len(ALL) - 3


def test_from_phase_does_not_pass_over_what_must_be_repeated_before_it(made: Path) -> None:
    with pytest.raises(ConfigError, match=r"TILE_RECONSTRUCTION comes before it.*stacking\.sigma_low 4.0 -> 3") as error:
        resume(made, from_phase="PCC", overrides=["stacking.sigma_low=3"])
    assert "--from-phase TILE_RECONSTRUCTION" in error.value.remedy
    with pytest.raises(ConfigError, match="'FOO' is not a phase") as error:
        plan_resume(made, from_phase="FOO")
    assert "BGE" in error.value.remedy


def test_what_a_person_lost_is_brought_back_or_made_anew(base: Path, made: Path) -> None:
    (made / "outputs" / "preview.png").unlink()
    (made / "artifacts" / "tile_grid.json").write_text("spoilt")
    assert plan_resume(made).repeated == {}
    (made / "outputs" / "background_model.fits").unlink()
    assert plan_resume(made).repeated["BGE"] == "outputs/background_model.fits is missing or was changed"
    resume(made)
    assert hashes(made) == hashes(base)
    with (made / "outputs" / "variance.fits").open("r+b") as stream:
        stream.seek(5000)  # in the header, which is written again
        stream.write(b"spoilt")
    assert plan_resume(made).repeated == {}
    resume(made)
    assert hashes(made) == hashes(base)
    with (made / "outputs" / "variance.fits").open("r+b") as stream:
        stream.seek(-5000, os.SEEK_END)
        stream.write(b"spoilt")
    assert next(iter(plan_resume(made).repeated)) == "STACKING"
    resume(made)
    assert hashes(made) == hashes(base)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "gone", "json"])
def test_a_damaged_checkpoint_is_made_anew(base: Path, made: Path, damage: str) -> None:
    arrays = made / "checkpoints" / "LOCAL_METRICS.npz"
    if damage == "json":
        arrays.with_suffix(".json").write_text("{")
    elif damage == "gone":
        arrays.unlink()
    else:
        raw = bytearray(arrays.read_bytes())
        if damage == "flipped":
            raw[len(raw) // 2] ^= 0xFF
        arrays.write_bytes(raw if damage == "flipped" else raw[: len(raw) // 2])
    result = resume(made, from_phase="LOCAL_METRICS" if damage == "json" else "TILE_RECONSTRUCTION")
    assert result.error is None and "TILE_RECONSTRUCTION" in result.ran, result
    assert hashes(made) == hashes(base)


def test_arrays_that_were_not_kept_are_made_anew_when_they_are_needed(simulated, base: Path, tmp_path: Path) -> None:
    folder = fresh(simulated, tmp_path, "runtime.keep_arrays=false")
    assert not list((folder / "checkpoints").glob("*.large.npz"))
    assert tuple(plan_resume(folder, from_phase="PCC").repeated) == ("PCC", "PREVIEW")
    told = plan_resume(folder, from_phase="VALIDATION").repeated
    assert told == {"TILE_RECONSTRUCTION": "its arrays were removed, VALIDATION needs them",
                    "VALIDATION": "requested by --from-phase"}
    assert resume(folder, from_phase="VALIDATION").error is None
    assert hashes(folder) == hashes(base)


@pytest.mark.parametrize("what", ["changed", "missing", "new"])
def test_a_session_that_has_changed_is_stacked_anew(simulated, tmp_path: Path, what: str) -> None:
    session = tmp_path / "session"
    shutil.copytree(simulated("tiny_mono")[0], session)
    folder = run(session, NATIVE, runs_dir=tmp_path, run_id="one").directory
    light = sorted((session / "lights").iterdir())[3]
    if what == "changed":
        os.utime(light)
    elif what == "missing":
        light.unlink()
    else:
        shutil.copy(light, light.with_name("another.fit"))
    plan = plan_resume(folder)
    name = "another.fit" if what == "new" else light.name
    assert what in plan.repeated["SCAN_INPUT"] and name in plan.repeated["SCAN_INPUT"] and tuple(plan.repeated) == ALL
    assert resume(folder).ran == ALL
    assert hashes(folder) == hashes(run(session, NATIVE, runs_dir=tmp_path, run_id="two").directory)


def test_a_session_that_is_gone_is_told_unless_nothing_reads_it(simulated, tmp_path: Path) -> None:
    session = tmp_path / "session"
    shutil.copytree(simulated("tiny_osc")[0], session)
    folder = run(session, NATIVE, runs_dir=tmp_path, run_id="one").directory
    before = hashes(folder)
    session.rename(tmp_path / "elsewhere")
    missing = "session of one does not exist; TILE_RECONSTRUCTION reads it"
    with pytest.raises(InputError, match=missing) as error:
        resume(folder, overrides=["stacking.sigma_low=3"])
    assert f"orchestrate resume {folder} --session" in error.value.remedy
    assert hashes(folder) == before
    assert resume(folder, from_phase="BGE").ran == ("BGE", "PCC", "PREVIEW")
    assert hashes(folder) == before


def test_a_session_that_has_moved_is_found_again(simulated, tmp_path: Path) -> None:
    session, moved = tmp_path / "session", tmp_path / "disk" / "elsewhere"
    shutil.copytree(simulated("tiny_osc")[0], session)
    folder = run(session, NATIVE, runs_dir=tmp_path, run_id="one").directory
    before = hashes(folder)
    shutil.copytree(session, moved)
    shutil.rmtree(session)
    light = sorted((moved / "lights").iterdir())[0]
    os.utime(light)  # a copy may bear another time
    content = light.read_bytes()
    light.write_bytes(content[:-3000] + b"\x07" + content[-2999:])
    with pytest.raises(InputError, match=f"{light.name} is not the file that was {session}"):
        resume(folder, session=[moved])
    light.unlink()
    with pytest.raises(InputError, match=f"{light.name}, which was .* cannot be read"):
        resume(folder, session=[moved])
    with pytest.raises(ConfigError, match="was made of 1 folders, 2 are given"):
        resume(folder, session=[moved, moved])
    assert hashes(folder) == before
    light.write_bytes(content)
    told = CliRunner().invoke(cli, ["resume", str(folder), "--session", str(moved)])
    assert told.exit_code == 0, told.output
    assert hashes(folder) == before and not plan_resume(folder).repeated
    result = resume(folder, overrides=["stacking.sigma_low=3"])
    assert result.error is None and result.ran[0] == "TILE_RECONSTRUCTION"
    fresh = run(moved, load_config([folder / "config.yaml"]), runs_dir=tmp_path, run_id="two")
    assert hashes(folder) == hashes(fresh.directory)


def test_what_is_no_run_and_what_cannot_be_read_is_told(made: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        resume(tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="is not a run directory"):
        resume(tmp_path / "empty")
    record = made / "checkpoints" / "run.json"
    data = json.loads(record.read_text())
    record.write_text(json.dumps({**data, "schema": 99, "program": "9.0"}))
    with pytest.raises(ConfigError, match=r"made by orchestrate 9\.0 \(format 99") as error:
        resume(made)
    assert "newer" in error.value.remedy and error.value.exit_code is ExitCode.USAGE
    record.write_text("{")
    with pytest.raises(RunError, match=r"run\.json cannot be read"):
        resume(made)
    shutil.rmtree(made / "checkpoints")
    with pytest.raises(ConfigError, match="a run without checkpoints"):
        resume(made)


def test_a_run_of_version_01_is_refused_with_a_remedy(base: Path, made: Path) -> None:
    record, manifest = made / "checkpoints" / "run.json", made / "manifest.json"
    data, content = json.loads(record.read_text()), json.loads(manifest.read_text())
    record.write_text(json.dumps({**data, "schema": 1, "program": "0.1.0"}))
    content["statistics"] = {"frames used": 8, "FWHM of the stack (px)": 2.53, "information kept": "0.998 (as 8.0 frames of 8)"}
    content["versions"]["orchestrate"] = "0.1.0"
    manifest.write_text(json.dumps(content))
    for use in (lambda: resume(made), lambda: plan_resume(made), lambda: exclude(made, ["light_00001.fit"])):
        with pytest.raises(ConfigError, match=r"made by orchestrate 0\.1\.0; this version cannot read its checkpoints") as error:
            use()
        assert error.value.remedy.startswith(f"Run the session again: orchestrate run {data['roots'][0]}")
    for use in (lambda: write_report(made), lambda: compare(made, base)):
        with pytest.raises(ConfigError, match=r"made by orchestrate 0\.1\.0; this version cannot read its statistics") as refused:
            use()
        assert refused.value.remedy == f"Run the session again: orchestrate run {data['roots'][0]}"
    entry = run_entry(made)  # listing still shows that it exists
    assert entry.status == content["status"] and entry.statistics == RunStatistics()
    record.write_text(json.dumps(data))
    checkpoint = made / "checkpoints" / "PCC.json"
    checkpoint.write_text(json.dumps({**json.loads(checkpoint.read_text()), "schema": 1}))
    with pytest.raises(ConfigError, match=r"The checkpoint of PCC was made by an earlier version"):
        resume(made)


def test_checkpoints_of_another_version_are_told(made: Path) -> None:
    record = made / "checkpoints" / "run.json"
    data = json.loads(record.read_text())
    data["attempts"][0]["program"] = "0.0.1"
    record.write_text(json.dumps(data))
    assert any("were made by orchestrate 0.0.1" in w for w in resume(made, from_phase="PCC").warnings)


def test_nothing_in_a_checkpoint_is_run(made: Path) -> None:
    arrays = dict(np.load(made / "checkpoints" / "LOCAL_METRICS.npz"))
    with (made / "checkpoints" / "LOCAL_METRICS.npz").open("wb") as stream:
        np.savez(stream, **{name: np.array([object()], dtype=object) for name in arrays})
    assert resume(made, from_phase="TILE_RECONSTRUCTION").error is None
    assert dict(np.load(made / "checkpoints" / "LOCAL_METRICS.npz")).keys() == arrays.keys()


def test_two_processes_are_kept_out_of_one_run_and_a_dead_one_does_not_hold_it(made: Path) -> None:
    with lock(made), pytest.raises(RunError, match="Another process works in"):
        resume(made, from_phase="PCC")
    assert (made / ".lock").exists() and resume(made, from_phase="PCC").ran


def test_a_cancelled_run_goes_on(simulated, base: Path, tmp_path: Path) -> None:
    folder, _ = simulated("tiny_osc")
    cancel = threading.Event()

    def stop(event: dict[str, Any]) -> None:
        if event["event"] == "phase_start" and event["phase"] == "TILE_RECONSTRUCTION":
            cancel.set()

    first = run(folder, NATIVE, runs_dir=tmp_path, run_id="one", listeners=(stop,), cancel=cancel)
    assert first.status == "aborted"
    assert resume(first.directory).ran == ALL[ALL.index("TILE_RECONSTRUCTION"):]
    assert hashes(first.directory) == hashes(base)


def test_a_file_that_a_person_added_stays(made: Path) -> None:
    for name in ("outputs/mine.fits", "outputs/mine.png", "artifacts/notes.txt"):
        (made / name).write_text("mine")
    resume(made, overrides=["calibration.cosmetic=false"])
    assert all((made / name).read_text() == "mine" for name in ("outputs/mine.fits", "outputs/mine.png", "artifacts/notes.txt"))


def test_a_wrong_scheduler_leaves_no_folder(simulated, tmp_path: Path) -> None:
    config = load_config(overrides=["runtime.scheduler=tcp://127.0.0.1:1"])
    with pytest.raises(ConfigError, match=r"runtime\.scheduler"):
        run(simulated("tiny_mono")[0], config, runs_dir=tmp_path / "runs", run_id="one")
    assert not (tmp_path / "runs").exists()


def test_the_command_line(made: Path) -> None:
    told = CliRunner().invoke(cli, ["resume", str(made), "--explain", "--set", "bge.order=1"])
    assert told.exit_code == 0
    rows = {line.split()[0]: line.split(maxsplit=2)[1:] for line in map(str.strip, told.stdout.splitlines()) if line}
    assert rows["BGE"] == ["repeated", "bge.order 2 -> 1"] and rows["PCC"] == ["repeated", "it uses BGE"]
    assert rows["VALIDATION"] == ["kept"]
    asked = CliRunner().invoke(cli, ["resume", str(made), "--from-phase", "pcc", "--json"])
    assert asked.exit_code == 0 and json.loads(asked.stdout)["ran"] == ["PCC", "PREVIEW"]
    idle = CliRunner().invoke(cli, ["resume", str(made)])
    assert idle.exit_code == 0 and "Nothing to do" in idle.stdout
    as_json = CliRunner().invoke(cli, ["resume", str(made), "--explain", "--json"])
    assert {row["action"] for row in json.loads(as_json.stdout)} == {"kept"}
