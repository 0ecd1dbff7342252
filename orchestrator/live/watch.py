"""watch(): stack the frames of a folder while they arrive."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestrator.combination.run import run
from orchestrator.config.settings import RunConfig
from orchestrator.errors import Cancelled, ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.io.json_files import write_json
from orchestrator.live.arrivals import Arrivals, Stamp
from orchestrator.live.intake import Intake, NotReady
from orchestrator.live.page_content import PageContent
from orchestrator.live.page_server import PageOptions, serve
from orchestrator.live.panels import Panels
from orchestrator.live.products import publish
from orchestrator.live.state import FORMAT, START_AGAIN
from orchestrator.message import Message
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.runner import resolve_inputs
from orchestrator.report.wording import other_filters_note
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.statistics import RunStatistics
from orchestrator.runtime.context import RunContext
from orchestrator.runtime.events import EventLog, Listener
from orchestrator.runtime.logs import run_log
from orchestrator.runtime.resources import open_resources
from orchestrator.session.filter_names import same_filter

__all__ = ["WatchOptions", "watch"]

logger = logging.getLogger(__name__)

# Number of scans without a change after which an unreadable file is reported as damaged.
PATIENCE = 5
# Stars of other panels below which the place of a panel is uncertain, above all with a lens.
FEW_TIES = 12
MARK = "watch.json"
# Sections whose settings affect the frames in the stack.
SHAPING = ("input", "calibration", "registration", "canvas", "normalization", "tiles", "metrics", "weights", "stacking")


@dataclass(frozen=True)
class WatchOptions:
    """Options of :func:`watch`.

    Parameters
    ----------
    show : the filter that the live stack shows, if the lights have several; that of the first light if None. The others are kept
        for the full run.
    every : number of frames after which the state is saved and preview and page are updated.
    poll : seconds between two scans; a file is read if it is the same in two consecutive scans.
    idle : stop after this number of seconds without a new frame; None: only when cancelled.
    finish : end with a full run of the folder with all its filters; ``idle`` is then 0 if it is None.
    page : serve a local page during the watch, and after a full run until ``cancel`` is set; its address is the event
        ``page``. None: no page.

    Raises
    ------
    ConfigError : ``every`` or ``poll`` is not positive.
    """

    show: str | None = None
    every: int = 10
    poll: float = 2.0
    idle: float | None = None
    finish: bool = False
    page: PageOptions | None = None

    def __post_init__(self) -> None:
        if self.every < 1 or self.poll <= 0:
            raise ConfigError(Message("every={every}, poll={poll}: both must be above 0.", every=self.every,
                                      poll=self.poll), "Use --every 10 --poll 2.")


def watch(folder: str | Path, config: RunConfig | None = None, options: WatchOptions | None = None, *,
          runs_dir: str | Path = "runs", run_id: str | None = None, listeners: tuple[Listener, ...] = (),
          cancel: threading.Event | None = None) -> RunResult:
    """Stack the lights of a folder as they arrive. The stack is kept when the program stops or crashes.

    Parameters
    ----------
    folder : a session, scanned repeatedly for new lights; never written to.
    config : settings; the defaults if None. Masters, registration and rejection are those of the native engine.
    options : filter, intervals and end of the watch; the defaults if None.
    runs_dir, run_id : the live stack is in ``runs_dir/run_id`` (``live-FOLDER`` by default); an existing one is continued.
    listeners, cancel : as for :func:`orchestrator.run`.

    Returns
    -------
    RunResult : that of the full run with ``options.finish``, else that of the live stack.

    Raises
    ------
    ConfigError, InputError : invalid arguments, or settings that differ from those of the existing stack.
    """
    options, cancel = options or WatchOptions(), cancel or threading.Event()
    (root,), config = resolve_inputs(folder, config)
    name, runs = run_id or f"live-{root.name}", Path(runs_dir).expanduser()
    if options.page is None:
        return _watch(root, config, options, runs, name, listeners, cancel)
    content = PageContent(root.name, control=options.page.control)
    with serve(content, runs, options.page) as url:
        for listener in listeners:
            listener({"event": "page", "url": url})
        try:
            result = _watch(root, config, options, runs, name, (content.listen, *listeners), cancel, content)
        except OrchestrateError as error:
            content.end(None, str(error))
            raise
        content.end(result)
        if options.finish:
            cancel.wait()
        return result


def _watch(root: Path, config: RunConfig, options: WatchOptions, runs: Path, name: str, listeners: tuple[Listener, ...],
           cancel: threading.Event, content: PageContent | None = None) -> RunResult:
    """The watch, and the full run after it without the frames that were excluded on the page."""
    live = _settings(config)
    directory = _directory(runs, name, root, live)
    with open_resources(live) as resources, run_directory.lock(directory), run_log(directory / "logs"):
        events = EventLog(directory / "logs" / "watch_events.jsonl", listeners)
        events.phase = "WATCH"
        context = RunContext(live, directory, events, resources.budget, resources.workers, cancel, executor=resources.executor,
                             cache=resources.cache(runs, config))
        logger.info("Watching %s, live stack in %s", root, directory)
        events.emit("watch_start", directory=str(directory), folder=str(root))
        session = _WatchSession(root, Panels(context), context, options, name)
        idle = 0.0 if options.idle is None and options.finish else options.idle
        try:
            session.follow(options.poll, idle)
        finally:
            # Keep the frames added since the last save, whatever ended the watch.
            session.write()
        session.warn_panels()
        if context.cache is not None:
            context.cache.trim(resources.cache_size)
    if options.finish and not cancel.is_set():
        config = content.without_excluded(config) if content is not None else config
        return run(root, config, runs_dir=runs, listeners=listeners, cancel=cancel)
    return session.result()


def _settings(config: RunConfig) -> RunConfig:
    """Settings for frames that arrive one by one: a single light is enough, and a named reference may not have arrived yet."""
    live = config.model_copy(deep=True)
    live.input.allow_emergency_mode = True
    live.registration.reference = "auto"
    return live


def _directory(runs: Path, name: str, root: Path, config: RunConfig) -> Path:
    """The folder of the live stack: a new one, or that of an earlier watch of the same folder with the same settings."""
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
        raise ConfigError(Message("{mark} cannot be read: {error}.", mark=mark,
                                  error=error), "Remove that folder, or choose another --run-id.") from error
    if before != str(root):
        raise ConfigError(Message("{parent} contains the live stack of {before}.", parent=mark.parent,
                                  before=before), "Choose another --run-id.")
    if form != FORMAT:
        raise ConfigError(Message("{parent} contains a live stack that was written by another version of orchestrate.",
                                  parent=mark.parent), START_AGAIN)
    changed = [f"{s}.{k}" for s in SHAPING for k, v in settings[s].items() if old.get(s, {}).get(k) != v]
    if changed:
        raise ConfigError(Message("{changed} differ from those of the live stack in {parent}.", changed=", ".join(changed[:4]),
                                  parent=mark.parent),
                          "Continue with the same settings, or start a new live stack with another --run-id.")
    return mark.parent.resolve()


class _WatchSession:
    """One call of watch(): the state, the products, and the loop over new files."""

    def __init__(self, root: Path, panels: Panels, context: RunContext, options: WatchOptions, name: str) -> None:
        self._panels, self._context, self._every, self._name = panels, context, options.every, name
        show = options.show or context.config.input.filter
        self._intake = Intake(root, panels, context, show)
        shown = self._intake.shown
        if show and not same_filter(shown, show):
            raise ConfigError(Message("The live stack in {directory} shows the filter {shown}, not {show}.",
                                      directory=context.directory, shown=shown, show=show),
                              Message("Continue with --show {shown}, or start another live stack with --run-id.", shown=shown))
        self._arrivals = Arrivals(root, context.config, ((f.path, f.stamp) for f in panels.frames))
        self._written = self._seen = len(panels.frames)
        self._products: dict[str, Path] = {}
        self._warned: set[str] = set()
        self._error: OrchestrateError | None = None

    def follow(self, poll: float, idle: float | None) -> None:
        """Add frames until cancelled, or until there was no new one for ``idle`` seconds."""
        last = time.monotonic()
        with _end_on_stop(self._context):
            self._intake.update_pattern()  # may have been interrupted
            while not self._context.cancel.is_set():
                ready, growing = self._arrivals.scan()
                waiting = growing
                for path, stamp, scans in ready:
                    self._context.check()
                    if self._process(path, stamp, scans):
                        last = time.monotonic()
                    else:
                        waiting = True
                if waiting:
                    last = time.monotonic()
                if idle is not None and time.monotonic() - last >= idle and not waiting:
                    break
                self._context.cancel.wait(poll)
        if not self._context.cancel.is_set():
            with _end_on_stop(self._context):
                self._intake.begin(last=True)
                self._warn_waiting()
        logger.info("Watch ended: %d frames stacked, %d left out", len(self._panels.stacked), len(self._panels.left_out))

    def _process(self, path: Path, stamp: Stamp, scans: int) -> bool:
        """Process a file; returns False if it is not complete yet and has to be read again."""
        before = len(self._panels.frames) + self._intake.waiting
        try:
            reason = self._intake.take(path, stamp)
        except NotReady as error:
            if scans < PATIENCE:
                logger.debug("%s is not complete yet: %s", path, error)
                return False
            reason = Message("it cannot be read: {error}", error=error)
            self._intake.refuse(path, stamp, reason)
        self._arrivals.mark_processed(path, stamp)
        others, last = self._panels.others, self._panels.last.state.frames
        if reason and last[-1].other:
            self._warn_other_filter(last[-1].other)
        elif reason:
            self._context.warn(Message("{path} is left out: {reason}", path=path.name, reason=reason), path=str(path))
        count, waiting = len(self._panels.stacked), self._intake.waiting
        if len(self._panels.frames) + waiting != before:  # otherwise it is not a light
            self._context.events.emit("frame", path=str(path), stacked=count, left_out=len(self._panels.left_out),
                                      waiting=waiting, others=others, reason=reason or "")
        if len(self._panels.frames) + waiting - self._seen >= self._every:
            self._seen = len(self._panels.frames) + waiting
            self._intake.begin(last=False)
            self.write()
        self._intake.update_pattern()
        return True

    def _warn_other_filter(self, other: str) -> None:
        """Warn once for each filter that is not shown."""
        if other in self._warned:
            return
        self._warned.add(other)
        self._context.warn(Message("The live stack shows the filter {shown}; lights of {other} are {other_filters_note}.",
                                   shown=self._intake.shown, other=other,
                                   other_filters_note=other_filters_note(kept=not self._context.config.input.filter)))

    def _warn_waiting(self) -> None:
        """Name the lights that belong to nothing yet; the same watch reads them again when it continues."""
        if names := self._panels.names_waiting:
            self._context.warn(Message("Lights that share no star pattern with the others yet: {count} ({names}). They wait, and "
                                       "are added when lights that show the same stars arrive.", names=names,
                                       count=len(self._panels.lights_waiting)))

    def warn_panels(self) -> None:
        """Name the panels that are not in the picture, and those that few stars place."""
        begun = self._panels.begun
        if len(begun) < 2:
            return
        for panel in begun:
            frames = Message("{label} ({count} lights from {lead} on)", label=panel.label, count=len(panel.state.stacked),
                             lead=panel.lead[0].path.name)
            if panel.reason:
                self._context.warn(Message("{frames} is not in the picture: {reason}.", frames=frames, reason=panel.reason))
            elif 0 < panel.ties < FEW_TIES:
                self._context.warn(Message("Only {ties} stars of other panels place {frames}: its stars may be some tenths of "
                                           "a pixel off. The full run (--finish, or `orchestrate run`) compares all lights "
                                           "with each other.", ties=panel.ties, frames=frames))

    def write(self) -> None:
        """Write the state, then the products: the images never show more than the saved state contains."""
        if not self._panels.begun or (len(self._panels.frames) == self._written and self._products):
            return
        self._panels.save_all()
        self._written = len(self._panels.frames)
        try:
            self._products = publish(self._panels, self._context, self._name)
        except Cancelled:  # a stop does not wait for the picture of a mosaic; the next watch makes it
            logger.info("State saved, the pictures are those of the last update")
            return
        logger.info("State saved, pictures of %d stacked frames written to %s", len(self._panels.stacked), self._context.outputs)

    def result(self) -> RunResult:
        panels = self._panels
        statistics = RunStatistics(frames_stacked=len(panels.stacked), frames_left_out=len(panels.left_out),
                                   frames_waiting=self._intake.waiting, other_filters=panels.others)
        if panels.others:
            statistics.filter_shown = self._intake.shown
            statistics.other_filters_kept = not self._context.config.input.filter
        if panels.begun:
            statistics.reference = panels.begun[0].state.begun_base.reference.info.path.name
        return RunResult("ok", ExitCode.OK, self._context.directory, self._products, statistics,
                         list(self._context.events.warnings), ran=("WATCH",))


@contextmanager
def _end_on_stop(context: RunContext) -> Iterator[None]:
    """End the block quietly on a requested stop; a frame is added completely or not at all."""
    try:
        yield
    except Cancelled:
        context.events.emit("stopped")
    except InputError as error:
        context.warn(str(error))
