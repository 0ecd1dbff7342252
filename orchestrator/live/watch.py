"""watch(): stack the frames of a folder while they arrive."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestrator.combination.run import run
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.io.json_files import write_json
from orchestrator.live.arrivals import Arrivals, Stamp
from orchestrator.live.intake import Intake, Unready
from orchestrator.live.state import ANEW, FORMAT, LiveState, load, save, told_of, what_of_others
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.runner import resolve_inputs
from orchestrator.rundir import directory as run_directory
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.resources import working_with
from orchestrator.session.matching import plain_name

__all__ = ["watch"]

# A file that cannot be read is waited for during so many looks before it is called damaged.
PATIENCE = 5
MARK = "watch.json"
# Sections whose settings the frames in the stack depend on.
SHAPING = ("input", "calibration", "registration", "canvas", "normalization", "tiles", "metrics", "weights", "stacking")


def watch(folder: str | Path, config: RunConfig | None = None, *, runs_dir: str | Path = "runs", run_id: str | None = None,
          show: str | None = None, every: int = 10, poll: float = 2.0, idle: float | None = None, finish: bool = False,
          listeners: tuple[Listener, ...] = (), cancel: threading.Event | None = None) -> RunResult:
    """Stack the lights of a folder as they arrive; what was stacked before a stop or a crash is kept.

    Parameters
    ----------
    folder : a session; never written to. New lights are looked for in it again and again.
    config : settings; the defaults when None. The native engine's masters, registration and rejection are used.
    runs_dir, run_id : the live stack lies in ``runs_dir/run_id``, ``live-FOLDER`` by default, and is gone on with there.
    show : the filter that the live stack shows, where the lights have several; that of the first light when None. The others are
        kept for the full run.
    every : frames after which the state is saved, and preview and page are made anew.
    poll : seconds between two looks; a file is read when it stays the same from one look to the next.
    idle : end after so many seconds without a new frame; None: only when ``cancel`` is set.
    finish : end with a full run of the folder, all its filters (``idle`` is then 0 where it is None), whose result is returned.
    listeners, cancel : as for :func:`orchestrator.run`.

    Raises
    ------
    ConfigError, InputError : wrong arguments, or settings that differ from those of the stack so far.
    """
    if every < 1 or poll <= 0:
        raise ConfigError(f"every={every}, poll={poll}: both must be above 0.", "Use --every 10 --poll 2.")
    (root,), config = resolve_inputs(folder, config)
    name = run_id or f"live-{root.name}"
    runs = Path(runs_dir).expanduser()
    live = _settings(config)
    directory = _directory(runs, name, root, live)
    cancel = cancel or threading.Event()
    with working_with(live) as resources, run_directory.lock(directory):
        events = EventLog(directory / "logs" / "watch_events.jsonl", listeners)
        events.phase = "WATCH"
        context = RunContext(live, directory, events, resources.budget, resources.workers, cancel, executor=resources.executor,
                             cache=resources.cache(runs, config))
        session = _Watching(root, load(directory), context, every, name, show or config.input.filter)
        quiet = 0.0 if idle is None and finish else idle
        try:
            session.follow(poll, quiet)
        finally:
            # What was taken in since the last time is kept, whatever ended the watch.
            session.write()
        if context.cache is not None:
            context.cache.trim(resources.cache_size)
    if finish and not cancel.is_set():
        return run(root, config, runs_dir=runs_dir, listeners=listeners, cancel=cancel)
    return session.result()


def _settings(config: RunConfig) -> RunConfig:
    """Those for frames that come one by one: a single light is enough, and nothing is known of the lights to come."""
    live = config.model_copy(deep=True)
    live.input.allow_emergency_mode = True
    live.registration.reference = "auto"
    return live


def _directory(runs: Path, name: str, root: Path, config: RunConfig) -> Path:
    """The folder of the live stack, new or that of an earlier watch with the same folder and settings."""
    settings = {k: json.loads(getattr(config, k).model_dump_json()) for k in SHAPING}
    mark = runs / name / MARK
    if not mark.is_file():
        directory = run_directory.create(runs, name, (root,))
        write_json(directory / MARK, {"format": FORMAT, "folder": str(root), "settings": settings})
        return directory
    try:
        known = json.loads(mark.read_text(encoding="utf-8"))
        before, old, form = str(known["folder"]), dict(known["settings"]), known.get("format", 1)
    except (ValueError, KeyError, OSError) as error:
        raise ConfigError(f"{mark} cannot be read: {error}.", "Remove that folder, or choose another --run-id.") from error
    if before != str(root):
        raise ConfigError(f"{mark.parent} holds the live stack of {before}.", "Choose another --run-id.")
    if form != FORMAT:
        raise ConfigError(f"{mark.parent} holds a live stack of another version of orchestrate, which weighed frames otherwise.",
                          ANEW)
    changed = [f"{s}.{k}" for s in SHAPING for k, v in settings[s].items() if old.get(s, {}).get(k) != v]
    if changed:
        raise ConfigError(f"{', '.join(changed[:4])} differ from those of the live stack in {mark.parent}.",
                          "Go on with the same settings, or begin anew with another --run-id.")
    return mark.parent.resolve()


class _Watching:
    """One watch: what it knows, and how it goes on."""

    def __init__(self, root: Path, state: LiveState, context: RunContext, every: int, name: str, show: str | None) -> None:
        self._state, self._context, self._every, self._name = state, context, every, name
        self._intake = Intake(root, state, context, show)
        shown = self._intake.shown
        if show and plain_name(shown) != plain_name(show):
            raise ConfigError(f"The live stack in {context.directory} shows the filter {shown}, not {show}.",
                              f"Go on with --show {shown}, or begin another with --run-id.")
        self._arrivals = Arrivals(root, context.config, ((f.path, f.stamp) for f in state.frames))
        self._written = len(state.frames)
        self._products: dict[str, Path] = {}
        self._warned: set[str] = set()
        self._error: OrchestrateError | None = None

    def follow(self, poll: float, idle: float | None) -> None:
        """Take frames in until cancelled, or until none has come for ``idle`` seconds."""
        last = time.monotonic()
        with _stopping(self._context):
            self._intake.renew()  # that a kill prevented
            while not self._context.cancel.is_set():
                ready, growing = self._arrivals.look()
                waiting = growing
                for path, stamp, looks in ready:
                    self._context.check()
                    if self._one(path, stamp, looks):
                        last = time.monotonic()
                    else:
                        waiting = True
                if waiting:
                    last = time.monotonic()
                if idle is not None and time.monotonic() - last >= idle and not waiting:
                    break
                self._context.cancel.wait(poll)
        if not self._context.cancel.is_set():
            with _stopping(self._context):
                self._intake.begin()

    def _one(self, path: Path, stamp: Stamp, looks: int) -> bool:
        """Whether the file is dealt with; one that is not whole is looked at again."""
        before = len(self._state.frames) + self._intake.waiting
        try:
            reason = self._intake.take(path, stamp)
        except Unready as error:
            if looks < PATIENCE:
                return False
            reason = f"it cannot be read: {error}"
            self._intake.refuse(path, stamp, reason)
        self._arrivals.dealt_with(path, stamp)
        others = self._state.others
        if reason and self._state.frames[-1].other:
            self._tell_of(self._state.frames[-1].other)
        elif reason:
            self._context.warn(f"{path.name} is left out: {reason}", path=str(path))
        count, waiting = len(self._state.stacked), self._intake.waiting
        if len(self._state.frames) + waiting != before:  # else it is no light
            self._context.events.emit("frame", path=str(path), stacked=count, left_out=len(self._state.left_out),
                                      waiting=waiting, others=others, reason=reason or "")
        if len(self._state.frames) - self._written >= self._every:
            self.write()
        self._intake.renew()
        return True

    def _tell_of(self, other: str) -> None:
        """That a filter is not shown, once."""
        if other in self._warned:
            return
        self._warned.add(other)
        self._context.warn(f"The live stack shows the filter {self._intake.shown}; lights of {other} are "
                           f"{what_of_others(self._context.config)}.")

    def write(self) -> None:
        """State first: what the pictures show is then never more than what is kept."""
        if self._state.base is None or (len(self._state.frames) == self._written and self._products):
            return
        from orchestrator.live.products import publish  # here: its pages tell the package's version, and that imports us

        save(self._state, self._context.directory)
        self._written = len(self._state.frames)
        self._products = publish(self._state, self._context, self._name)

    def result(self) -> RunResult:
        state = self._state
        statistics: dict[str, Any] = {"frames stacked": len(state.stacked), "frames left out": len(state.left_out)}
        if others := state.others:
            statistics |= {"filter shown": self._intake.shown, what_of_others(self._context.config): told_of(others)}
        if self._intake.waiting:
            statistics["frames waiting"] = self._intake.waiting
        if state.base is not None:
            statistics["reference"] = state.base.reference.info.path.name
        return RunResult("ok", ExitCode.OK, self._context.directory, self._products, statistics,
                         list(self._context.events.warnings), ran=("WATCH",))


@contextmanager
def _stopping(context: RunContext) -> Iterator[None]:
    """A stop that was asked for ends the block; a frame is in the stack wholly or not at all."""
    try:
        yield
    except Cancelled:
        context.events.emit("stopped")
    except InputError as error:
        context.warn(str(error))
