"""Writing of the report files of a run."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

from orchestrator.errors import OrchestrateError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.raw_guard import refuse_raw
from orchestrator.report.before_after import keep_before_after
from orchestrator.report.collect import collect
from orchestrator.report.figures import write_figures
from orchestrator.report.files import RunFiles
from orchestrator.report.methods_text import methods_text
from orchestrator.report.render import to_csv, to_html, to_json, to_markdown
from orchestrator.rundir.record import RunRecord

__all__ = ["write_report", "write_text"]

logger = logging.getLogger(__name__)


def write_report(directory: Path) -> Path:
    """Write report.html, report.json, report.md, frames.csv and methods.txt to the artifacts of a run; returns the HTML file.

    Raises InputError if the folder is not a run directory, RunError if a file cannot be written.
    """
    keep_before_after(directory)
    report = collect(directory)
    folder = directory / "artifacts"
    for name, text in (("report.json", to_json(report)), ("report.md", to_markdown(report)),
                       ("methods.txt", methods_text(RunFiles(directory))), ("frames.csv", to_csv(report)),
                       ("report.html", to_html(report))):
        write_text(folder / name, text)
    write_figures(report, folder / "figures")
    with contextlib.suppress(OrchestrateError, OSError, IndexError, KeyError):
        record = RunRecord.read(directory)
        if "reports" in record.attempts[-1]:  # the report of a finished run was written again
            record.keep_reports()
    logger.info("Report written: %s", folder / "report.html")
    return folder / "report.html"


def write_text(path: Path, text: str) -> None:
    """Write a file atomically. Raises RunError if that fails, ConfigError if it is refused (:mod:`orchestrator.io.raw_guard`)."""
    refuse_raw(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror or error}.", "Check the disk and the permissions.") from error
