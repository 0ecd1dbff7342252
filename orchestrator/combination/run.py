"""run() and resume() for a session: the run of its field, or of each of its fields."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from orchestrator.combination.field_runs import dry_run_fields, resume_fields, run_fields
from orchestrator.combination.fields import find_fields
from orchestrator.combination.one_field import resume_field, run_field
from orchestrator.combination.watched import watched
from orchestrator.config.settings import RunConfig
from orchestrator.pipeline import runner
from orchestrator.pipeline.result import RunResult
from orchestrator.rundir import directory as run_directory
from orchestrator.rundir.combination_record import CombinationRecord, is_combination
from orchestrator.runtime.events import Listener
from orchestrator.session.read_once import headers_read_once

__all__ = ["resume", "run"]


def run(session: str | Path | Sequence[str | Path], config: RunConfig | None = None, *, runs_dir: str | Path = "runs",
        run_id: str | None = None, dry_run: bool = False, listeners: tuple[Listener, ...] = (),
        cancel: threading.Event | None = None) -> RunResult:
    """Stack a session. If its lights show several fields of the sky that do not touch, each is stacked; if those of a field have
    several filters, each is stacked on the same pixel grid, and the stacks are combined.

    Parameters
    ----------
    session : folder or folders of raw frames; never written to.
    config : settings; the defaults if None. With ``input.filter``, ``input.object`` or ``input.field`` only these are stacked.
    runs_dir, run_id : the run directory is ``runs_dir/run_id``; the id is made from time and session if None. With several
        fields or filters it lists or combines their runs, which are next to it: ``run_id-FIELD``, ``run_id-CHANNEL``,
        ``run_id-FIELD-CHANNEL``.
    dry_run : scan and check only; write nothing.
    listeners : called with each event (see :mod:`orchestrator.runtime.events`).
    cancel : set this event from another thread to stop.

    Returns
    -------
    RunResult : with several filters or fields ``channels`` holds the result of each.

    Raises
    ------
    ConfigError, InputError, Cancelled : raised before anything is written. Later failures end the run with status ``failed``
        or ``aborted``, or ``incomplete`` if some filters or fields could be stacked.
    """
    roots, config = runner.resolve_inputs(session, config)
    folder = Path(runs_dir).expanduser()
    if run_id is not None or not dry_run:  # before a scan, which may take minutes
        run_directory.check_new(folder, run_id or run_directory.new_run_id(roots[0].resolve().name, folder), roots)
    with headers_read_once():
        fields = find_fields(roots, config, watched(listeners, cancel))
        if fields.several and dry_run:
            return dry_run_fields(fields, roots, config, runs_dir=runs_dir, listeners=listeners)
        if fields.several:
            return run_fields(fields, roots, config, runs_dir=runs_dir, run_id=run_id, listeners=listeners, cancel=cancel)
        return run_field(roots, config, runs_dir=runs_dir, run_id=run_id, dry_run=dry_run, listeners=listeners, cancel=cancel)


def resume(directory: str | Path, *, from_phase: str | None = None, overrides: Sequence[str] = (),
           session: Sequence[str | Path] = (), listeners: tuple[Listener, ...] = (),
           cancel: threading.Event | None = None) -> RunResult:
    """Resume a run, or the runs of several filters and their combination, or those of several fields.

    Parameters, result and errors are those of :func:`orchestrator.pipeline.resume.resume`; with several filters or fields they
    apply to each run.
    """
    folder = Path(directory).expanduser().resolve()
    several = is_combination(folder) and CombinationRecord.read(folder).of == "fields"
    again = resume_fields if several else resume_field
    return again(directory, from_phase=from_phase, overrides=overrides, session=session, listeners=listeners, cancel=cancel)
