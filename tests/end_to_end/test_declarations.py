"""What phases declare of their dependencies is what they read: settings, state, files of other phases, pixels, raw frames.

A declaration that is missing would let a resumed run keep what a changed setting makes wrong.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from orchestrator import RunConfig
from orchestrator.config.no_effect import NO_EFFECT
from orchestrator.config.section import Section
from orchestrator.engines.native.engine import CalibratedReader
from orchestrator.io import fits as fits_io
from orchestrator.pipeline.registry import MAKERS, PHASES, needs
from orchestrator.pipeline.resume import READ_RAW
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog
from orchestrator.runtime.executor import ThreadWork
from orchestrator.stacking.state import RunState

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "mono": ("tiny_mono", {}),
    "last": ("tiny_osc", {"debayer": {"stage": "last"}, "normalization": {"mode": "background"}, "bge": {"method": "auto"}}),
    "clusters": ("tiny_osc", {"clustering": {"enabled": True, "synthetic": "global", "weights": "quality"},
                              "input": {"min_frames_clustering": 4}, "weights": {"mode": "quality"}}),
    "proper": ("tiny_mono", {"reconstruction": {"method": "proper"}, "canvas": {"extent": "union"},
                             "calibration": {"dark_scaling": True}}),
    "nights": ("tiny_osc", {"output": {"report": False}}),
    "drizzle": ("tiny_osc", {"reconstruction": {"method": "drizzle"}, "weights": {"local": False}, "bge": {"enabled": False}}),
}


class Reads:
    """What each phase reads."""

    def __init__(self) -> None:
        self.phase = ""
        self.found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def note(self, kind: str, what: str) -> None:
        self.found[kind][self.phase].add(what)


class WatchedDict(dict[str, Any]):
    """A dict that notes the phase which set each key that is read."""

    def __init__(self, reads: Reads) -> None:
        super().__init__()
        self.reads, self.maker = reads, dict[str, str]()

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self.maker[key] = self.reads.phase

    def _note(self, key: str) -> None:
        if key in self.maker:
            self.reads.note("others", self.maker[key])

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._note(str(key))
        return super().__contains__(key)

    def items(self) -> Any:
        for key in self:
            self._note(key)
        return super().items()


def watched_statistics(reads: Reads) -> RunStatistics:
    """Statistics that note the phase which set each field that is read."""
    makers: dict[str, str] = {}

    class Watched(RunStatistics):
        def __getattribute__(self, name: str) -> Any:
            if name in makers:
                reads.note("others", makers[name])
            return super().__getattribute__(name)

        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value)
            makers[name] = reads.phase

    return Watched()


def watched_state(roots: tuple[Path, ...], reads: Reads) -> RunState:
    class Watched(RunState):
        def __getattribute__(self, name: str) -> Any:
            if name in MAKERS:
                reads.note("fields", name)
            return super().__getattribute__(name)

        def __setattr__(self, name: str, value: Any) -> None:
            if name in MAKERS and reads.phase:
                reads.note("set", name)
            super().__setattr__(name, value)

    state = Watched(roots)
    state.products, state.statistics = WatchedDict(reads), watched_statistics(reads)
    return state


def watch(monkeypatch: pytest.MonkeyPatch, config: RunConfig, reads: Reads, raw: Path) -> None:
    names: dict[int, str] = {}

    def name_sections(section: Section, prefix: str) -> None:
        names[id(section)] = prefix
        for key in type(section).model_fields:
            value = object.__getattribute__(section, key)
            if isinstance(value, Section):
                name_sections(value, f"{prefix}{key}.")

    name_sections(config, "")

    def get(self: Section, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if name in type(self).model_fields and not isinstance(value, Section) and id(self) in names:
            reads.note("settings", names[id(self)] + name)
        return value

    monkeypatch.setattr(Section, "__getattribute__", get, raising=False)
    read, parse = CalibratedReader.read, fits_io.header_and_offset

    def read_pixels(self: CalibratedReader, *args: Any) -> Any:
        reads.note("pixels", "")
        return read(self, *args)

    def parse_raw(path: Path) -> Any:
        if path.is_relative_to(raw):
            reads.note("raw", str(path))
        return parse(path)

    monkeypatch.setattr(CalibratedReader, "read", read_pixels)
    monkeypatch.setattr(fits_io, "header_and_offset", parse_raw)


def before(name: str) -> set[str]:
    """The phases on which a phase rests, however far before it, and itself."""
    phase = next(p for p in PHASES if p.name == name)
    return {name}.union(*(before(n) for n in needs(phase)))


@pytest.mark.parametrize("case", CASES)
def test_phases_read_what_they_declare(simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    preset, settings = CASES[case]
    folder, _ = simulated(preset)
    if case == "nights":
        other, _ = simulated(preset, noise_seed=2)
        settings = {**settings, "input": {"nights": [{"path": folder, "name": "one"}, {"path": other, "name": "two"}]}}
    config = RunConfig.model_validate({"engine": {"name": "native"}, **settings})
    reads = Reads()
    context = RunContext(config, tmp_path, EventLog(None), 1 << 30, 2, threading.Event(), executor=ThreadWork(2))
    state = watched_state((folder,), reads)
    watch(monkeypatch, config, reads, folder)
    for phase in PHASES:
        reads.phase = phase.name
        phase.run(context, state)
    reads.phase = ""
    for phase in PHASES:
        name, rests_on = phase.name, before(phase.name)
        allowed = {key for p in PHASES if p.name in rests_on for key in p.settings} | NO_EFFECT
        undeclared = {key for key in reads.found["settings"][name]
                      if not any(key == a or key.startswith(f"{a}.") for a in allowed)}
        assert not undeclared, f"{name} reads the settings {undeclared}"
        fields = reads.found["fields"][name] - set(phase.uses) - set(phase.makes)
        assert not fields, f"{name} reads the fields {fields}"
        # A fallback of registration sets these again; nobody reads them after it.
        assert reads.found["set"][name] - {"engine", "calibrated"} <= set(phase.makes), name
        assert all(state.has(field) for field in phase.makes), f"{name} does not set all that it makes"
        assert reads.found["others"][name] <= rests_on, f"{name} reads files or statistics of {reads.found['others'][name]}"
        assert phase.pixels or name == "CALIBRATION" or not reads.found["pixels"][name], f"{name} reads pixels"
        assert name in READ_RAW or not reads.found["raw"][name], f"{name} reads {reads.found['raw'][name]}"


def test_every_declared_setting_exists() -> None:
    config = RunConfig()
    for phase in PHASES:
        for key in phase.settings:
            value: Any = config
            for name in key.split("."):
                value = getattr(value, name)


def test_phases_rest_on_earlier_ones_only() -> None:
    order = [p.name for p in PHASES]
    for i, phase in enumerate(PHASES):
        assert set(needs(phase)) <= set(order[:i]), phase.name
