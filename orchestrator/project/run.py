"""Running a project: its nights in one run, or a run for each filter and then their combination."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrator.combination.channels import Channel, Channels, is_begun, moved_to
from orchestrator.combination.execute import AS_TOLD, Order, carry_out
from orchestrator.combination.palettes import LUMINANCE, coefficients
from orchestrator.combination.run import resume, run
from orchestrator.config.load import load_config
from orchestrator.config.settings import RunConfig
from orchestrator.errors import ConfigError, InputError, RunError
from orchestrator.pipeline.result import RunResult
from orchestrator.project.files import load_project
from orchestrator.project.model import Project
from orchestrator.project.nights import Night, night_folders, of_nights, palette_of, project_config, scan_project
from orchestrator.project.results import write_channels, write_results
from orchestrator.project.validate import findings_of
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import ChannelEntry, CombinationRecord, combination_of, is_combination
from orchestrator.rundir.listing import is_run, list_runs
from orchestrator.runtime.events import Listener

__all__ = ["resume_project", "run_project", "runs_of"]


@dataclass(frozen=True)
class _Work:
    """What a run of a project is done with."""

    project: Project
    runs: Path
    results: Path
    listeners: tuple[Listener, ...]
    cancel: threading.Event | None


def run_project(path: str | Path, *, runs_dir: str | Path | None = None, run_id: str | None = None, files: Sequence[Path] = (),
                preset: str | None = None, overrides: Sequence[str] = (), dry_run: bool = False,
                listeners: tuple[Listener, ...] = (), cancel: threading.Event | None = None) -> RunResult:
    """Stack the nights of a project together. Where their lights have several filters, each is stacked on the same pixels, and
    they are combined.

    Parameters
    ----------
    path : the project's folder or file.
    runs_dir, run_id : where the run goes; ``runs`` in the project's folder, and a name of time and project, by default. With
        several filters each has a run of its own, named ``run_id-CHANNEL``.
    files, preset, overrides : settings beside the project's own; the later ones win.
    dry_run : look and check only, write nothing.
    listeners, cancel : as in :func:`orchestrator.run`.

    Returns
    -------
    RunResult : its products have the finished files, ``final`` and ``final_NIGHT`` or ``final_CHANNEL``, which lie in ``results``
        in the project's folder or in ``runs_dir``. With several filters its folder is that of their combination.

    Raises
    ------
    ConfigError, InputError : before anything has been made. Later failures end the run with status ``failed``.
    """
    project = load_project(path)
    config = project_config(project, files, preset, overrides)
    nights = scan_project(project)
    errors = [f for f in findings_of(project, nights) if f.level == "error"]
    if errors:
        more = f" ({len(errors) - 1} more: orchestrate project validate)" if len(errors) > 1 else ""
        raise InputError(f"{errors[0].where}: {errors[0].message}{more}", errors[0].remedy)
    if project.channels and (palette := palette_of(project, config)) not in AS_TOLD:
        coefficients(palette, list(project.channels))
    work = _work(project, runs_dir, listeners, cancel)
    if dry_run:
        config = of_nights(project, config)
        return run([n.path for n in config.input.nights], config, runs_dir=work.runs, dry_run=True, listeners=listeners)
    name = run_id or run_directory.new_run_id(project.name, work.runs)
    if project.channels:
        return _run_channels(work, config, name, nights)
    config = of_nights(project, config)
    if not project.final.pcc and not any(n.session.cfa for n in nights if n.session):
        config.pcc.enabled = False
    return _finished(work, run([n.path for n in config.input.nights], config, runs_dir=work.runs, run_id=name,
                               listeners=listeners, cancel=cancel))


def runs_of(runs: Path) -> list[Path]:
    """The runs in a project's folder of runs, oldest first; none where there is no such folder."""
    return [entry.directory for entry in list_runs(runs)] if runs.is_dir() else []


def resume_project(path: str | Path, *, runs_dir: str | Path | None = None, run_id: str | None = None,
                   from_phase: str | None = None, overrides: Sequence[str] = (), listeners: tuple[Listener, ...] = (),
                   cancel: threading.Event | None = None) -> RunResult:
    """Go on with the last run of a project (or ``run_id``), wherever the project's folder lies now. The run of one filter stands
    for that of all.

    Its nights are those that it was begun with. Parameters and errors are those of :func:`run_project` and
    :func:`orchestrator.resume`.
    """
    project = load_project(path)
    work = _work(project, runs_dir, listeners, cancel)
    found = runs_of(work.runs)
    if not found:
        raise ConfigError(f"The project {project.name} has no runs in {work.runs}.",
                          f"Begin one: orchestrate project run {project.root}")
    directory = combination_of(work.runs / run_id if run_id else found[-1])
    if project.channels:
        config = project_config(project, overrides=overrides)
        return _run_channels(work, config, directory.name, scan_project(project), from_phase, overrides)
    return _finished(work, _go_on(work, directory, from_phase, overrides))


def _work(project: Project, runs_dir: str | Path | None, listeners: tuple[Listener, ...],
          cancel: threading.Event | None) -> _Work:
    """Runs and results lie in the project's folder, or both in the folder that is given."""
    given = None if runs_dir is None else Path(runs_dir).expanduser().absolute()
    return _Work(project, given or project.root / "runs", (given or project.root) / "results", listeners, cancel)


def _now(run: Path, project: Project) -> tuple[Path, ...]:
    """Where the nights of a run that was begun lie now, as the project has them."""
    config = load_config([run / "config.yaml"]) if (run / "config.yaml").is_file() else RunConfig()
    places = {n.name: n.path for n in night_folders(project, project.nights)}
    return tuple(places.get(n.name, n.path) for n in config.input.nights)


def _go_on(work: _Work, directory: Path, from_phase: str | None, overrides: Sequence[str]) -> RunResult:
    """Resume a run, or that of several filters; its nights are looked for where the project has them now."""
    now: tuple[Path, ...] = ()
    if is_combination(directory):
        now = _now(directory, work.project)
        now = now if CombinationRecord.read(directory).roots != now else ()
    moved = now or (moved_to(directory, _now(directory, work.project)) if is_begun(directory) else ())
    return resume(directory, from_phase=from_phase, overrides=overrides, session=moved, listeners=work.listeners,
                  cancel=work.cancel)


def _run_channels(work: _Work, config: RunConfig, name: str, nights: Sequence[Night], from_phase: str | None = None,
                  overrides: Sequence[str] = ()) -> RunResult:
    """A run for each channel, all laid onto the pixels of the first one, and their combination. Runs that are there are gone
    on with."""
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
        order = Order(Channels(work.runs, name, channels, overrides, from_phase), palette_of(project, config), settings,
                      listeners=work.listeners, cancel=work.cancel)
        result = carry_out(order, record)
    return _finished(work, result)


def _channels(work: _Work, config: RunConfig, name: str, nights: Sequence[Night]) -> list[Channel]:
    """The luminance first, else the channel with most lights: it gives the pixels."""
    project, found = work.project, []
    counts: dict[str, int] = {}
    for channel, wanted in project.channels.items():
        lights = {n.name: sum(count for f, count in n.filters.items() if f.lower() == wanted.lower()) for n in nights if n.use}
        counts[channel] = sum(lights.values())
        settings = config.model_copy(deep=True)
        settings.input.filter = wanted
        settings.input.nights = [n for n in night_folders(project) if lights.get(n.name)]
        run = work.runs / f"{name}-{channel}"
        roots = _now(run, project) if is_run(run) else tuple(n.path for n in settings.input.nights)
        found.append(Channel(channel, wanted, roots, settings))
    return sorted(found, key=lambda c: (c.name != LUMINANCE, -counts[c.name]))


def _finished(work: _Work, result: RunResult) -> RunResult:
    """Put the finished files of a run beside the runs: of several filters those that could be stacked."""
    if result.channels and result.status != "aborted":
        return replace(result, products=result.products | _written(work, lambda: write_channels(work.project, result,
                                                                                                work.results)))
    if result.error is not None:
        return result
    return replace(result, products=result.products | _written(work, lambda: write_results(work.project, result, work.results)))


def _written(work: _Work, write: Callable[[], dict[str, Path]]) -> dict[str, Path]:
    """The finished files; RunError where they cannot be written."""
    try:
        return write()
    except OSError as error:
        raise RunError(f"{error.filename or work.results}: {error.strerror or error}.",
                       "The run is whole; its files lie in its folder.") from error
