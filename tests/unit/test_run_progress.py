"""The progress of a run as people see it: shares, time left, words, and what a run ends with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestrator import RunResult
from orchestrator.cli.progress import Progress, time_left
from orchestrator.cli.result import show_forecast, show_result
from orchestrator.errors import ExitCode
from orchestrator.insiril.console import SirilConsole
from orchestrator.pipeline.forecast import EARLIER_RUNS, Forecast, expected_seconds
from orchestrator.pipeline.registry import phase_names
from orchestrator.report.phase_words import PHASE_WORDS, first_sentence
from orchestrator.rundir.format import REPORT
from orchestrator.runtime.kernels import kernels_ready
from orchestrator.runtime.run_progress import RunProgress
from tilecore.resample import warp
from tilecore.stack import reject


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def phase(name: str, event: str, **values: Any) -> dict[str, Any]:
    return {"event": event, "phase": name, **values}


def ended(name: str, seconds: float, **values: Any) -> dict[str, Any]:
    return phase(name, "phase_end", status="ok", seconds=seconds, summary={}, **values)


START = {"event": "run_start", "directory": "runs/a", "phases": ["A", "B", "C"]}
TIMES = {"event": "expected_time", "seconds": {"A": 2.0, "B": 6.0, "C": 2.0}}


def test_the_share_follows_the_expected_times_and_the_time_left_the_measured_speed() -> None:
    clock = Clock()
    run = RunProgress(clock)
    for event in (START, phase("A", "phase_start"), TIMES):
        run.listen(event)
    assert run.seconds_left == pytest.approx(10) and (run.number, run.total) == (1, 3)
    clock.now = 6
    run.listen(ended("A", 6.0))  # three times slower than expected
    assert run.fraction == pytest.approx(0.2) and run.seconds_left == pytest.approx(3 * 8)
    run.listen(phase("B", "phase_start"))
    run.listen(phase("B", "phase_progress", done=1, total=2))
    assert 0.4 < run.fraction < 0.5 and run.seconds_left == pytest.approx(3 * 10 * (1 - run.fraction))
    run.listen(phase("B", "phase_progress", done=1, total=200))  # the next step of the phase counts from the beginning
    assert run.fraction > 0.4
    for event in (ended("B", 18.0), phase("C", "phase_start"), ended("C", 6.0)):
        run.listen(event)
    assert run.fraction == 1 and run.seconds_left == 0 and run.number == 3


def test_a_phase_that_reports_nothing_advances_with_the_clock_but_does_not_end() -> None:
    clock = Clock()
    run = RunProgress(clock)
    for event in (START, TIMES, phase("B", "phase_start")):
        run.listen(event)
    clock.now = 3
    assert run.fraction == pytest.approx(0.3)
    clock.now = 1000
    assert run.fraction == pytest.approx(0.6 * 0.9)


def test_kept_phases_need_no_time() -> None:
    run = RunProgress(Clock())
    for event in (START, phase("A", "phase_kept", status="ok", summary={}), {**TIMES, "seconds": {"B": 6.0, "C": 2.0}}):
        run.listen(event)
    assert run.fraction == 0 and run.seconds_left == pytest.approx(8)


def test_filters_and_fields_are_equal_parts() -> None:
    clock = Clock()
    run = RunProgress(clock)
    shares = []
    for field in (1, 2):
        run.listen({"event": "field_start", "field": "M", "number": field, "total": 2})
        for channel in (1, 2):
            run.listen({"event": "channel_start", "filter": "R", "number": channel, "total": 2})
            run.listen(START)
            run.listen(TIMES)
            shares.append(run.fraction)
            clock.now += 10
            for name, seconds in (("A", 2), ("B", 6), ("C", 2)):
                run.listen(ended(name, seconds))
    assert shares == pytest.approx([0, 0.25, 0.5, 0.75]) and run.fraction == 1


def written(runs: Path, name: str, speed: float, lights: int = 10) -> None:
    log = runs / name / "logs" / "run_events.jsonl"
    log.parent.mkdir(parents=True)
    seconds, _ = expected_seconds(lights, (1000, 1000), Path("nowhere"))
    lines = [ended(n, speed * s) for n, s in seconds.items()]
    lines[0]["summary"] = {"light": lights, "shape": [1000, 1000]}
    log.write_text("\n".join(json.dumps(e) for e in lines) + "\n{unfinished")


def test_the_times_of_earlier_runs_correct_the_expected_ones(tmp_path: Path) -> None:
    plain, none = expected_seconds(100, (2000, 1000), tmp_path)
    assert none == 0 and list(plain) == [*phase_names(), REPORT] and plain["TILE_RECONSTRUCTION"] > plain["PREVIEW"] > 0
    for k in range(EARLIER_RUNS + 2):
        written(tmp_path, f"r{k}", speed=4.0)
    (tmp_path / "broken" / "logs").mkdir(parents=True)
    (tmp_path / "broken" / "logs" / "run_events.jsonl").write_text('{"event": "phase_end", "phase": 3}\nnonsense')
    slow, count = expected_seconds(100, (2000, 1000), tmp_path)
    assert count == EARLIER_RUNS and slow["TILE_RECONSTRUCTION"] == pytest.approx(4 * plain["TILE_RECONSTRUCTION"], rel=0.1)


def test_every_step_of_a_run_has_words_of_its_own() -> None:
    names = {*phase_names(), REPORT}
    assert names <= set(PHASE_WORDS) and len(set(PHASE_WORDS.values())) == len(PHASE_WORDS)
    assert not [w for w in PHASE_WORDS.values() if w != w.lower() or "_" in w or len(w) > 24]


@pytest.mark.parametrize(("text", "first"), [
    ("Two frames are left out. Check them.", "Two frames are left out"), ("a_1.fit: FWHM 3.2 px.", "a_1.fit: FWHM 3.2 px"),
    ("Is it dark? No.", "Is it dark"), ("one\n line", "one line"), ("", "")])
def test_the_first_sentence_of_a_message(text: str, first: str) -> None:
    assert first_sentence(text) == first


@pytest.mark.parametrize(("seconds", "words"), [
    (None, ""), (0.0, ", about 5 s left"), (43.0, ", about 45 s left"), (170.0, ", about 3 min left"),
    (3 * 3600.0, ", about 3 h 00 min left")])
def test_the_time_left_is_rounded(seconds: float | None, words: str) -> None:
    assert time_left(seconds) == words


def events_of_a_run() -> list[dict[str, Any]]:
    names = ["SCAN_INPUT", "REGISTRATION", REPORT]
    found: list[dict[str, Any]] = [{"event": "run_start", "directory": "runs/a", "phases": names}]
    for name in names:
        found += [phase(name, "phase_start"), phase(name, "phase_progress", done=1, total=4, message="x"), ended(name, 2.0)]
        if name == "SCAN_INPUT":
            found.append({"event": "expected_time", "seconds": dict.fromkeys(names, 2.0)})
    return [*found, {"event": "warning", "message": "[cloudy] One frame."}]


def test_a_pipe_gets_lines_with_percentages(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        for event in events_of_a_run():
            progress.listen(event)
    lines = capsys.readouterr().out.splitlines()
    shares = [int(line.split("%")[0]) for line in lines if "%" in line]
    assert shares == sorted(shares) and shares[-1] == 100 and len(shares) <= 8
    assert any("step 2 of 3, aligning the frames" in line and "left" in line for line in lines)
    assert lines[-1] == "! [cloudy] One frame." and "\x1b" not in "".join(lines)


def test_events_as_json_have_the_share_of_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(quiet=True, form="json") as progress:
        for event in events_of_a_run():
            progress.listen(event)
    out, errors = capsys.readouterr()
    events = [json.loads(line) for line in errors.splitlines()]
    assert not out and [e["event"] for e in events] == [e["event"] for e in events_of_a_run()]
    assert events[-1]["fraction"] == 1 and events[0]["phases"] == ["SCAN_INPUT", "REGISTRATION", REPORT]
    assert [e["fraction"] for e in events] == sorted(e["fraction"] for e in events)


@pytest.mark.parametrize("form", ["none", "json", "lines"])
def test_quiet_shows_nothing(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(silent=True, form=form)
    for event in events_of_a_run():
        progress.listen(event)
    assert capsys.readouterr() == ("", "")


def test_the_end_of_a_run_is_five_lines_and_the_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "runs" / "a b"
    (run / "artifacts").mkdir(parents=True)
    (run / "artifacts" / "report.html").touch()
    products = {name: run / "outputs" / f"{name}.fits" for name in ("stacked", "stacked_rgb", "stacked_rgb_bge")}
    products["preview"] = run / "outputs" / "preview.png"
    result = RunResult("ok", ExitCode.OK, run, products, warnings=["Too few stars. Point elsewhere.", "Too few stars. Or not."],
                       ran=("A",))
    show_result(result, {"ASTROMETRY": "no solver can be used"})
    assert capsys.readouterr().out.splitlines() == [
        "Picture:      runs/a b/outputs/preview.png", "Linear image: runs/a b/outputs/stacked_rgb_bge.fits",
        "Report:       runs/a b/artifacts/report.html", "Warnings:     1", "  ! Too few stars",
        "Not solved:   no solver can be used; `orchestrate doctor` shows how to install one",
        "Next:         process the linear image; `orchestrate runs show 'runs/a b'` for all figures"]
    show_result(result, {}, verbose=True)
    assert "Run a b: ok" in capsys.readouterr().out


def test_a_forecast_names_phases_time_memory_and_disk(capsys: pytest.CaptureFixture[str]) -> None:
    seconds, _ = expected_seconds(50, (4000, 6000), Path("nowhere"))
    needed = Forecast(seconds, 0, 400 << 20, 8 << 30, 900 << 20, 50 << 30)
    show_forecast(RunResult("ok", ExitCode.OK, Path("runs"), forecast=Forecast.together([needed, needed])))
    out = capsys.readouterr().out
    for text in ("expected time", "first estimate", *(PHASE_WORDS[n] for n in phase_names()), "at least 400 MiB",
                 "up to 1800 MiB in runs; 50 GiB are free", "Nothing was written"):
        assert text in out, (text, out)


def test_the_first_run_announces_that_kernels_are_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The cache of one kernel is that of another source, as after an update: announced; then that of this source."""
    from tilecore.stack import weighted_mean

    file = weighted_mean._accumulate._cache._cache_file  # type: ignore[attr-defined]
    monkeypatch.setattr(file, "_index_path", str(tmp_path / "index.nbi"))
    assert not kernels_ready()
    compiled = {("types", warp._warp.targetctx.codegen().magic_tuple()): "data"}  # type: ignore[attr-defined]
    others = [f._cache._cache_file for f in (warp._warp, reject._reject)]  # type: ignore[attr-defined]
    for other in others:
        monkeypatch.setattr(other, "_load_index", lambda: compiled)
    file._save_index({("types", ("another", "processor")): "data"})
    assert not kernels_ready()
    file._save_index(compiled)
    assert kernels_ready()
    monkeypatch.setattr(file, "_source_stamp", "another source")
    assert not kernels_ready()


# The kernels for the types of a run that are compiled by the processes beside it, and those that the run needs in addition.
AHEAD = """
import sys
from orchestrator.cli.warmup import warmup
from orchestrator.runtime import kernels

def compiled():
    # Co-addition is not what most runs do.
    return {(room, name, types) for room in list(sys.modules) if room.startswith(("tilecore.resample.", "tilecore.stack."))
            and "proper" not in room for name, kernel in vars(sys.modules[room]).items()
            if getattr(kernel, "__module__", "") == room  # not those of other rooms that it imports
            for types in getattr(kernel, "overloads", ())}

kernels.compile_warping()
kernels.compile_combining()
ahead = compiled()
warmup.main(["--progress", "none"], standalone_mode=False)
print("Not compiled ahead:", sorted(str(k) for k in compiled() - ahead))
"""


@pytest.mark.slow
def test_warmup_compiles_what_a_run_needs(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", AHEAD], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0 and "Ready after" in done.stdout and kernels_ready(), done.stderr
    assert "Not compiled ahead: []" in done.stdout, done.stdout
    assert not list(tmp_path.iterdir())


class Channel:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send(self, **message: Any) -> None:
        self.sent.append(message)


def test_the_progress_inside_siril_does_not_fall_when_the_report_is_written() -> None:
    channel = Channel()
    console = SirilConsole(channel)  # type: ignore[arg-type]
    for event in events_of_a_run():
        console.listen(event)
    shares = [m["share"] for m in channel.sent if "progress" in m]
    assert len(shares) == 6 and shares == sorted(shares) and shares[-1] > 0.66
