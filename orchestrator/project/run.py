"""Running a project: its nights in one run, or a run for each filter and then the colours."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestrator.combination.palettes import LUMINANCE, coefficients
from orchestrator.config.load import load_config
from orchestrator.config.models import NightFolder, RunConfig
from orchestrator.errors import ConfigError, ExitCode, InputError, RunError
from orchestrator.project.files import load_project
from orchestrator.project.model import Project
from orchestrator.project.nights import Night, night_folders, project_config, scan_project
from orchestrator.project.results import write_colours, write_results
from orchestrator.project.validate import findings_of
from orchestrator.run.directory import new_run_id
from orchestrator.run.events import Listener
from orchestrator.run.listing import list_runs
from orchestrator.run.resume import resume
from orchestrator.run.runner import RunResult, run

__all__ = ["resume_project", "run_project", "runs_of"]

# The stack of a filter that goes into the colours, and the picture of a single run: the most finished one first.
STACKS = ("stacked_bge", "stacked")


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
    """Stack the nights of a project together.

    Parameters
    ----------
    path : the project's folder or file.
    runs_dir, run_id : where the run goes; ``runs`` in the project's folder, and a name of time and project, by default. With
        ``channels`` each filter has a run of its own, named ``run_id-CHANNEL``.
    files, preset, overrides : settings beside the project's own; the later ones win.
    dry_run : look and check only, write nothing.
    listeners, cancel : as in :func:`orchestrator.run`.

    Returns
    -------
    RunResult : its products have the finished files, ``final`` and ``final_NIGHT``, which lie in ``results`` in the project's
        folder or in ``runs_dir``. With channels its folder is that of the first channel's run.

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
    coefficients(project.palette, list(project.channels)) if project.channels else None
    if dry_run:
        config.input.nights = night_folders(project)
        return run([n.path for n in config.input.nights], config, dry_run=True, listeners=listeners)
    work = _work(project, runs_dir, listeners, cancel)
    name = run_id or new_run_id(project.name, work.runs)
    if project.channels:
        return _run_channels(work, config, name, nights)
    return _finished(work, _run_one(work, config, name, night_folders(project)))


def runs_of(runs: Path) -> list[Path]:
    """The runs in a project's folder of runs, oldest first; none where there is no such folder."""
    return [entry.directory for entry in list_runs(runs)] if runs.is_dir() else []


def resume_project(path: str | Path, *, runs_dir: str | Path | None = None, run_id: str | None = None,
                   from_phase: str | None = None, overrides: Sequence[str] = (), listeners: tuple[Listener, ...] = (),
                   cancel: threading.Event | None = None) -> RunResult:
    """Go on with the last run of a project (or ``run_id``), wherever the project's folder lies now.

    Its nights are those that it was begun with. Parameters and errors are those of :func:`run_project` and
    :func:`orchestrator.resume`.
    """
    project = load_project(path)
    work = _work(project, runs_dir, listeners, cancel)
    found = runs_of(work.runs)
    if not found:
        raise ConfigError(f"The project {project.name} has no runs in {work.runs}.",
                          f"Begin one: orchestrate project run {project.root}")
    if project.channels:
        name = run_id or _without_channel(found[-1].name, project)
        return _run_channels(work, project_config(project, overrides=overrides), name, scan_project(project), from_phase)
    directory = work.runs / run_id if run_id else found[-1]
    return _finished(work, _go_on(work, directory, from_phase, overrides))


def _work(project: Project, runs_dir: str | Path | None, listeners: tuple[Listener, ...],
          cancel: threading.Event | None) -> _Work:
    """Runs and results lie in the project's folder, or both in the folder that is given."""
    given = None if runs_dir is None else Path(runs_dir).expanduser().absolute()
    return _Work(project, given or project.root / "runs", (given or project.root) / "results", listeners, cancel)


def _without_channel(name: str, project: Project) -> str:
    stem, _, last = name.rpartition("-")
    return stem if last in project.channels else name


def _run_one(work: _Work, config: RunConfig, name: str, nights: list[NightFolder]) -> RunResult:
    config = config.model_copy(deep=True)
    config.input.nights = nights
    return run([n.path for n in nights], config, runs_dir=work.runs, run_id=name, listeners=work.listeners, cancel=work.cancel)


def _go_on(work: _Work, directory: Path, from_phase: str | None, overrides: Sequence[str]) -> RunResult:
    """Resume a run; its nights are looked for where the project has them now."""
    config = load_config([directory / "config.yaml"]) if (directory / "config.yaml").is_file() else RunConfig()
    places = {n.name: n.path for n in night_folders(work.project, work.project.nights)}
    now = [places.get(n.name, n.path) for n in config.input.nights]
    moved = now != [n.path for n in config.input.nights]
    return resume(directory, from_phase=from_phase, overrides=overrides, session=now if moved else (), listeners=work.listeners,
                  cancel=work.cancel)


def _run_channels(work: _Work, config: RunConfig, name: str, nights: Sequence[Night], from_phase: str | None = None) -> RunResult:
    """A run for each channel, all laid onto the pixels of the first one, and their colours. Runs that are there are gone on
    with."""
    project = work.project
    counts = {c: sum(n.filters.get(f, 0) for n in nights if n.use for f in n.filters if f.lower() == w.lower())
              for c, w in project.channels.items()}
    # The luminance, else the channel with most lights, gives the pixels.
    order = sorted(project.channels, key=lambda c: (c != LUMINANCE, -counts[c]))
    results: dict[str, RunResult] = {}
    for channel in order:
        wanted = project.channels[channel]
        of = [n.name for n in nights if n.use and any(f.lower() == wanted.lower() for f in n.filters)]
        settings = config.model_copy(deep=True)
        settings.input.filter = wanted
        if results:
            settings.registration.onto = results[order[0]].directory / "artifacts" / "geometry.json"
        directory = work.runs / f"{name}-{channel}"
        entries = [n for n in night_folders(project) if n.name in of]
        result = (_go_on(work, directory, from_phase, ()) if (directory / "checkpoints" / "run.json").is_file()
                  else _run_one(work, settings, directory.name, entries))
        results[channel] = result
        if result.error is not None:
            return _together(results, {}, order)
    stacks = {c: next(r.products[s] for s in STACKS if s in r.products) for c, r in results.items()}
    products = write_colours(project, stacks, results[order[0]], config, work.results, work.cancel)
    return _together(results, products, order)


def _together(results: dict[str, RunResult], products: dict[str, Path], order: Sequence[str]) -> RunResult:
    """One result of the runs of all channels, with the worst of their ends."""
    bad = [r for r in results.values() if r.exit_code is not ExitCode.OK]
    worst = next((r for r in bad if r.error is not None), bad[0] if bad else results[order[0]])
    files = {f"{name}_{c}": path for c, r in results.items() for name, path in r.products.items()} | products
    statistics: dict[str, Any] = {f"{c}: {k}": v for c, r in results.items() for k, v in r.statistics.items()
                                  if k in ("lights found", "frames used", "exposure of the lights (s)", "seconds", "engine")}
    warnings = [f"{c}: {w}" for c, r in results.items() for w in r.warnings]
    return RunResult(worst.status, worst.exit_code, results[order[0]].directory, files, statistics, warnings,
                     results[order[0]].weights, worst.error, tuple(p for r in results.values() for p in r.ran))


def _finished(work: _Work, result: RunResult) -> RunResult:
    """Put the finished files of a run that ended well beside the runs."""
    if result.error is not None:
        return result
    try:
        return replace(result, products=result.products | write_results(work.project, result, work.results))
    except OSError as error:
        raise RunError(f"{error.filename or work.results}: {error.strerror or error}.",
                       "The run is whole; its files lie in its folder.") from error
