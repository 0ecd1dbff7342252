"""Runs of a project: all nights in one run, or one run per filter and their combination."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.combination.channels import Channel, ChannelRuns, is_begun, moved_roots
from orchestrator.combination.execute import IMPLICIT_PALETTES, CombinationPlan, execute_combination
from orchestrator.combination.palettes import LUMINANCE, coefficients
from orchestrator.combination.run import resume, run
from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.message import Message
from orchestrator.pipeline.result import RunResult
from orchestrator.pipeline.runner import find_run_files
from orchestrator.project.files import load_project
from orchestrator.project.model import Project
from orchestrator.project.nights import (
    Night,
    SettingsSources,
    night_folders,
    of_nights,
    palette_of,
    scan_project,
    trusted_config,
)
from orchestrator.project.results import write_channels, write_results
from orchestrator.project.validate import findings_of
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord, combination_of, is_combination
from orchestrator.rundir.listing import is_run, list_runs
from orchestrator.rundir.record import RunRecord
from orchestrator.runtime.events import Listener

__all__ = ["resume_project", "run_project", "runs_of"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Work:
    """The project, folders and callbacks of one run."""

    project: Project
    runs: Path
    results: Path
    listeners: tuple[Listener, ...]
    cancel: threading.Event | None


def run_project(path: str | Path, settings: SettingsSources | None = None, *, runs_dir: str | Path | None = None,
                run_id: str | None = None, dry_run: bool = False, listeners: tuple[Listener, ...] = (),
                cancel: threading.Event | None = None) -> RunResult:
    """Stack the nights of a project together. If their lights have several filters, each is stacked on the same pixel grid, and
    the stacks are combined.

    Parameters
    ----------
    path : folder or file of the project.
    settings : settings in addition to those of the project.
    runs_dir, run_id : location of the run; by default ``runs`` in the project folder, and a name made from time and project.
        With several filters each has its own run, named ``run_id-CHANNEL``.
    dry_run : scan and check only; write nothing.
    listeners, cancel : as in :func:`orchestrator.run`.

    Returns
    -------
    RunResult : its products include the final images, ``final`` and ``final_NIGHT`` or ``final_CHANNEL``, in ``results`` in the
        project folder or in ``runs_dir``. With several filters ``directory`` is the folder of their combination.

    Raises
    ------
    ConfigError, InputError : raised before anything is written. Later failures end the run with status ``failed``.
    """
    project = load_project(path)
    sources = settings or SettingsSources()
    config = find_run_files(trusted_config(project, sources.files, sources.preset, sources.overrides))
    nights = scan_project(project)
    errors = [f for f in findings_of(project, nights) if f.level == "error"]
    if errors:
        more = Message(" ({count} more: orchestrate project validate)", count=len(errors) - 1) if len(errors) > 1 else ""
        raise InputError(f"{errors[0].where}: {errors[0].message}{more}", errors[0].remedy)
    if project.channels and (palette := palette_of(project, config)) not in IMPLICIT_PALETTES:
        coefficients(palette, list(project.channels))
    work = _work(project, runs_dir, listeners, cancel)
    if dry_run:
        config = of_nights(project, config)
        return run([n.path for n in config.input.nights], config, runs_dir=work.runs, dry_run=True, listeners=listeners)
    name = run_id or run_directory.new_run_id(project.name, work.runs)
    logger.info("Project %s: run %s, %d nights, filters: %s", project.root, name, len(nights),
                ", ".join(project.channels) or "one")
    if project.channels:
        return _run_channels(work, config, name, nights)
    config = of_nights(project, config)
    if not project.final.pcc and not any(n.session.cfa for n in nights if n.session):
        config.pcc.enabled = False
    return _with_final_images(work, run([n.path for n in config.input.nights], config, runs_dir=work.runs, run_id=name,
                               listeners=listeners, cancel=cancel))


def runs_of(runs: Path) -> list[Path]:
    """The runs in the runs folder of a project, oldest first; none if the folder does not exist."""
    return [entry.directory for entry in list_runs(runs)] if runs.is_dir() else []


def resume_project(path: str | Path, *, runs_dir: str | Path | None = None, run_id: str | None = None,
                   from_phase: str | None = None, overrides: Sequence[str] = (), listeners: tuple[Listener, ...] = (),
                   cancel: threading.Event | None = None) -> RunResult:
    """Resume the last run of a project (or ``run_id``), also if the project folder was moved. The run of one filter stands
    for the runs of all filters.

    Its nights are those with which it was started. Parameters and errors are those of :func:`run_project` and
    :func:`orchestrator.resume`.
    """
    project = load_project(path)
    work = _work(project, runs_dir, listeners, cancel)
    found = runs_of(work.runs)
    if not found:
        raise ConfigError(Message("The project {project} has no runs in {runs}.", project=project.name, runs=work.runs),
                          Message("Start one: orchestrate project run {root}", root=project.root))
    directory = combination_of(work.runs / run_id if run_id else found[-1])
    _check_record(directory)
    logger.info("Project %s: resume of %s", project.root, directory)
    if project.channels:
        config = trusted_config(project, overrides=overrides)
        return _run_channels(work, config, directory.name, scan_project(project), from_phase, overrides)
    return _with_final_images(work, _resume(work, directory, from_phase, overrides))


def _work(project: Project, runs_dir: str | Path | None, listeners: tuple[Listener, ...],
          cancel: threading.Event | None) -> _Work:
    """Runs and results are in the project folder, or both in ``runs_dir``."""
    given = None if runs_dir is None else Path(runs_dir).expanduser().absolute()
    return _Work(project, given or project.root / "runs", (given or project.root) / "results", listeners, cancel)


def _check_record(run: Path) -> None:
    """Raise ConfigError if a run was made by a version whose runs this one cannot read, before its settings are read."""
    if is_combination(run):
        CombinationRecord.read(run)
    elif is_begun(run):
        RunRecord.read(run)


def _current_roots(run: Path, project: Project) -> tuple[Path, ...]:
    """The current folders of the nights of an existing run, according to the project."""
    _check_record(run)
    config = load_config([run / "config.yaml"]) if (run / "config.yaml").is_file() else RunConfig()
    places = {n.name: n.path for n in night_folders(project, project.nights)}
    return tuple(places.get(n.name, n.path) for n in config.input.nights)


def _resume(work: _Work, directory: Path, from_phase: str | None, overrides: Sequence[str]) -> RunResult:
    """Resume a run, or the runs of several filters, with the current folders of the nights."""
    current: tuple[Path, ...] = ()
    if is_combination(directory):
        current = _current_roots(directory, work.project)
        current = current if CombinationRecord.read(directory).roots != current else ()
    moved = current or (moved_roots(directory, _current_roots(directory, work.project)) if is_begun(directory) else ())
    return resume(directory, from_phase=from_phase, overrides=overrides, session=moved, listeners=work.listeners,
                  cancel=work.cancel)


def _run_channels(work: _Work, config: RunConfig, name: str, nights: Sequence[Night], from_phase: str | None = None,
                  overrides: Sequence[str] = ()) -> RunResult:
    """One run per channel, all on the pixel grid of the first one, and their combination. Existing runs are resumed."""
    project, directory = work.project, work.runs / name
    if not is_combination(directory):
        roots = tuple(n.path for n in night_folders(project))
        run_directory.create(work.runs, name, roots)
        CombinationRecord(directory, roots).write()
    with run_directory.lock(directory):
        record = CombinationRecord.read(directory)
        record.project = str(project.root)
        channels = _channels(work, config, name, nights)
        known = {e.channel: e for e in record.channels}
        record.channels = [known.get(c.name) or ChannelEntry(c.name, c.filter, f"{name}-{c.name}") for c in channels]
        record.pixels_of = record.pixels_of or channels[0].name
        settings = config.model_copy(deep=True)
        settings.pcc.enabled = config.pcc.enabled and project.final.pcc
        plan = CombinationPlan(ChannelRuns(work.runs, name, channels, overrides, from_phase), palette_of(project, config),
                               settings, listeners=work.listeners, cancel=work.cancel)
        result = execute_combination(plan, record)
    return _with_final_images(work, result)


def _channels(work: _Work, config: RunConfig, name: str, nights: Sequence[Night]) -> list[Channel]:
    """The channels; the first one defines the pixel grid: the luminance, else the channel with most lights."""
    project, found = work.project, []
    counts: dict[str, int] = {}
    for channel, wanted in project.channels.items():
        lights = {n.name: sum(count for f, count in n.filters.items() if f.lower() == wanted.lower()) for n in nights if n.use}
        counts[channel] = sum(lights.values())
        settings = config.model_copy(deep=True)
        settings.input.filter = wanted
        settings.input.nights = [n for n in night_folders(project) if lights.get(n.name)]
        run = work.runs / f"{name}-{channel}"
        roots = _current_roots(run, project) if is_run(run) else tuple(n.path for n in settings.input.nights)
        found.append(Channel(channel, wanted, roots, settings))
    return sorted(found, key=lambda c: (c.name != LUMINANCE, -counts[c.name]))


def _with_final_images(work: _Work, result: RunResult) -> RunResult:
    """Write the final images of a run to the results folder; with several filters those that could be stacked."""
    if result.channels and result.status != "aborted":
        return replace(result, products=result.products | _written(work, lambda: write_channels(work.project, result,
                                                                                                work.results)))
    if result.error is not None:
        return result
    return replace(result, products=result.products | _written(work, lambda: write_results(work.project, result, work.results)))


def _written(work: _Work, write: Callable[[], dict[str, Path]]) -> dict[str, Path]:
    """Call ``write``; raises RunError if the files cannot be written."""
    try:
        return write()
    except OSError as error:
        raise RunError(f"{error.filename or work.results}: {error.strerror or error}.",
                       "The run itself is complete; its files are in its run directory.") from error
