"""The page Run: the picture as it grows, progress in words, the frames as they arrive; start, abort, resume."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from orchestrator import ExitCode, OrchestrateError, RunProgress
from orchestrator.gui.background import Background, read_picture
from orchestrator.gui.document import Document
from orchestrator.gui.error_card import ErrorCard
from orchestrator.gui.formats import duration, in_language, phase_text, translated_text
from orchestrator.gui.frame_plot import FramePlot
from orchestrator.gui.icons import icon
from orchestrator.gui.image_view import ImageView
from orchestrator.gui.run_details import RunDetails
from orchestrator.gui.style import GAP, PAGE, SMALL_GAP, dim, heading, primary, set_level, title
from orchestrator.gui.translation import Translated
from orchestrator.gui.worker_client import WorkerClient

__all__ = ["RunPage"]

# Milliseconds between two updates of the elapsed time.
CLOCK = 500
# Parts of the progress bar.
PARTS = 1000


class RunPage(Translated):
    """One run at a time, in a separate process."""

    finished = Signal(str)  # run directory
    running_changed = Signal(bool)
    show_setting_requested = Signal()
    remedy_requested = Signal(str)  # a page: "nights", "settings" or "results"

    def __init__(self, document: Document, background: Background, scratch: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._background, self._scratch = document, background, scratch
        self.worker: WorkerClient | None = None
        self._problems = self._errors = 0
        self._began = 0.0
        self._stopping, self._first = False, True
        self._outcome: tuple[str, str, int] | None = None  # status, error, exit code
        self.directory: Path | None = None
        self.project: Path | None = None
        self._filters: dict[str, Any] = {}
        self._channel: tuple[str, int, int] | None = None  # current filter, its number, number of filters
        self._step, self._picture_frames = "", (0, 0)
        self._progress = RunProgress()
        self.start, self.abort, self.resume, self.result, self.scripts, self.more = (QPushButton(self) for _ in range(6))
        primary(self.result)
        self.result.setIcon(icon("results", "accent_text"))
        self.result.clicked.connect(lambda: self.remedy_requested.emit("results"))
        self.abort.setIcon(icon("stop"))
        self.resume.setIcon(icon("resume"))
        self.start.clicked.connect(self.begin)
        self.abort.clicked.connect(self.stop)
        self.resume.clicked.connect(lambda: self.resume_run())
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_details)
        self._name_label, self.name = QLabel(self), QLineEdit(self)
        self._name_label.setBuddy(self.name)
        self.show_invalid = QPushButton(self)
        self.show_invalid.setFlat(True)
        self.show_invalid.setIcon(icon("error", "error"))
        self.show_invalid.clicked.connect(self.show_setting_requested)
        self.heading, self.status = QLabel(self), QLabel(self)
        title(self.heading)
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.error = ErrorCard(self)
        self.error.resolved.connect(self._resolve)
        self.run_progress = QProgressBar(self)
        self.run_progress.setRange(0, PARTS)
        self.elapsed = QLabel(self)
        dim(self.elapsed)
        self.view, self.caption = ImageView(self), QLabel(self)
        dim(self.caption)
        self._frames_title, self.plot = QLabel(self), FramePlot(self)
        heading(self._frames_title)
        self.details = RunDetails(self)
        self.details.hide()
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK)
        self._clock.timeout.connect(self._tick)
        self._lay_out()
        document.changed.connect(self._show)
        self.retranslate()

    @property
    def log(self) -> Any:
        return self.details.log

    @property
    def states(self) -> dict[str, str]:
        """State of each phase of the current run."""
        return self.details.states

    def _lay_out(self) -> None:
        top, bar, bottom = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.heading, 1)
        for widget in (self.resume, self.abort, self.start, self.result):
            top.addWidget(widget)
        bar.addWidget(self.run_progress, 1)
        bar.addWidget(self.elapsed)
        for other in (self.more, self.scripts, self._name_label):
            bottom.addWidget(other)
        bottom.addWidget(self.name, 1)
        bottom.addStretch(0)
        left, right = QWidget(self), QWidget(self)
        for side, parts in ((left, (self.view, self.caption)), (right, (self._frames_title, self.plot))):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SMALL_GAP)
            for part in parts:
                column.addWidget(part, 1 if part in (self.view, self.plot) else 0)
        self._split = QSplitter(self)
        self._split.addWidget(left)
        self._split.addWidget(right)
        self._split.setSizes([760, 480])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE, PAGE, PAGE, PAGE)
        layout.setSpacing(GAP)
        layout.addLayout(top)
        layout.addWidget(self.status)
        layout.addWidget(self.show_invalid)
        layout.addLayout(bar)
        layout.addWidget(self.error)
        layout.addWidget(self._split, 2)
        layout.addWidget(self.details, 1)
        layout.addLayout(bottom)

    @property
    def running(self) -> bool:
        return self.worker is not None and self.worker.running

    def set_problems(self, count: int) -> None:
        """Set the number of invalid settings; a run cannot start while there are any."""
        self._problems = count
        self._show()

    def show_findings(self, found: list[dict[str, Any]]) -> None:
        """Take note of the findings of the scan; a run cannot start while one of them is an error."""
        self._errors = sum(f["level"] == "error" for f in found)
        self._show()

    def begin(self) -> None:
        """Stack the nights in use. A project that has a file is saved first; one without a file need not be saved."""
        if not self.start.isEnabled():
            return
        try:
            if self._document.path is None:
                self.project = self._document.copy_to(self._scratch / "project")
            else:
                self._document.save(self._document.path)
                self.project = self._document.path
        except OrchestrateError as error:
            self._outcome = ("failed", str(error), int(error.exit_code))
            self._show()
            return
        self._launch({"task": "run", "project": str(self.project), "runs_dir": str(self._document.runs_dir),
                      "run_id": self.name.text().strip() or None})

    def resume_run(self, directory: Path | None = None) -> None:
        """Resume a run; default: the last run of this window."""
        directory = directory or self.directory
        if directory is not None and not self.running:
            self.directory = directory
            project = self._document.path or self.project
            self._launch({"task": "resume", "directory": str(directory), "project": str(project) if project else None})

    def _launch(self, task: dict[str, Any]) -> None:
        self.details.clear()
        self.plot.clear()
        self.view.clear()
        self._channel, self._first, self._step, self._picture_frames = None, True, "", (0, 0)
        self._progress = RunProgress()
        self._outcome, self._stopping, self._began = None, False, time.monotonic()
        self.worker = WorkerClient(task, self, self._document.siril)
        self.worker.reported.connect(self._handle_event)
        self.worker.done.connect(self._end)
        self.worker.failed.connect(self._fail)
        self.worker.ended.connect(self._ended)
        self._clock.start()
        self._tick()
        self._show()
        if self.isVisible():  # not the button that comes after the one that is hidden now
            self.view.setFocus()
        self.running_changed.emit(True)

    def stop(self) -> None:
        """Request the run to stop; the second time, end it at once."""
        if self.worker is None or not self.running:
            return
        if self._stopping:
            self.worker.kill()
            return
        self._stopping = True
        self.worker.cancel()
        self._show()

    def shut(self) -> None:
        """End the worker: the window closes. Completed phases of a run are kept."""
        if self.worker is not None and self.worker.running:
            self.worker.end()

    def _handle_event(self, event: dict[str, Any]) -> None:
        kind, phase = event.get("event"), str(event.get("phase", ""))
        self._progress.listen(event)
        counted = phase != "REPORT"  # which is not a phase
        if kind == "run_start":
            if self._first:  # the combination's directory; the runs of its filters follow
                self.directory, self._first = Path(event["directory"]), False
            self.details.write(self.tr("Run {0}").format(event["directory"]))
        elif kind in ("field_start", "channel_start"):
            self._begin_part(event)
        elif kind == "note":
            self.details.write(in_language(event, "message"))
        elif kind == "frames_measured":
            self.plot.add(event["frames"], int(event["total"]))
        elif kind == "growing_picture":
            self._read_picture(Path(event["path"]), (int(event["frames"]), int(event["total"])))
        elif kind == "phase_start":
            self._step = phase_text(phase)
            if counted:
                self.details.begin_phase(phase)
        elif kind == "phase_progress":
            self._step = f"{phase_text(phase)} ({event['done']} / {event['total']})"
        elif kind in ("phase_end", "phase_kept") and counted:
            self.details.end_phase(phase, event)
        elif kind in ("warning", "error"):
            text = f"{in_language(event, 'message')} {in_language(event, 'remedy')}".strip()
            self.details.write(f"⚠ {phase_text(phase)}: {text}" if phase else f"⚠ {text}", warning=True)
        if kind in ("phase_start", "phase_progress", "phase_end", "phase_kept"):
            self._tick()

    def _begin_part(self, event: dict[str, Any]) -> None:
        self._channel = (str(event.get("field") or event.get("filter")), int(event["number"]), int(event["total"]))
        self.details.clear_phases()
        self.plot.clear()
        text = self.tr("Field {0} ({1} of {2})") if "field" in event else self.tr("Filter {0} ({1} of {2})")
        self.details.write(text.format(*self._channel))
        self._show()

    def _read_picture(self, path: Path, frames: tuple[int, int]) -> None:
        self._background.do(lambda: read_picture(str(path)), lambda image: self._picture_read(image, frames))

    def _picture_read(self, image: Any, frames: tuple[int, int]) -> None:
        if not image.isNull():
            self._picture_frames = frames
            self.view.show_picture(image)
            self._show_caption()

    def _show_caption(self) -> None:
        done, total = self._picture_frames
        if self._outcome is not None and self._outcome[0] == "ok":
            self.caption.setText(self.tr("The finished picture. The page Results develops and exports it."))
        else:
            self.caption.setText(self.tr("Mean of %n frame(s) of {0} so far", "", done).format(total) if done
                                 else self.tr("The picture appears with the first frames."))

    def _end(self, result: dict[str, Any]) -> None:
        error = translated_text(result.get("error_text") or result.get("error") or "")
        self._outcome = (result["status"], error, int(result["exit_code"]))
        self.directory = Path(result["directory"])

    def _fail(self, message: str, remedy: str) -> None:
        code = self.worker.exit_code if self.worker is not None else 0
        self._outcome = ("failed", f"{message} {remedy}".strip(), code or int(ExitCode.FAILED))

    def _ended(self) -> None:
        self._clock.stop()
        self.elapsed.setText(duration(time.monotonic() - self._began))
        self.details.end("aborted" if self._stopping else "failed")
        if self._outcome is None:
            self._outcome = ("aborted", "", int(ExitCode.CANCELLED))
        bad = self._outcome[0] not in ("ok", "aborted")
        self.details.write(f"{self._outcome_text()} {self._outcome[1]}".strip(), warning=bad)
        preview = self.directory / "outputs" / "preview.png" if self.directory is not None else None
        if preview is not None and preview.is_file():
            self._read_picture(preview, self._picture_frames)
        self._show()
        if self.isVisible() and self.result.isVisible():
            self.result.setFocus()
        self.running_changed.emit(False)
        if self.directory is not None and self.directory.is_dir():
            self.finished.emit(str(self.directory))

    def _resolve(self, remedy: str) -> None:
        """Do what the button of the error offers."""
        if remedy == "resume":
            self.resume_run()
        elif remedy == "native":
            self._document.set_values({"engine.name": "native"})
            self.begin()
        else:
            self.remedy_requested.emit(remedy)

    def _tick(self) -> None:
        self.elapsed.setText(self.tr("{0} so far").format(duration(time.monotonic() - self._began)))
        if self.running:
            left = self._progress.seconds_left
            self.run_progress.setValue(round(PARTS * self._progress.fraction))
            share = f"{100 * self._progress.fraction:.0f} %"
            self.run_progress.setFormat(share if left is None else self.tr("{0}, about {1} left").format(share, duration(left)))
            self._show_step()

    def _show_step(self) -> None:
        at = self.tr("Filter {0} ({1} of {2})").format(*self._channel) + ": " if self._channel is not None else ""
        self.status.setText(self.tr("Stopping …") if self._stopping else f"{at}{self._step or self.tr('starting')} …")

    def _outcome_text(self) -> str:
        texts = {"ok": self.tr("Finished."),
                 "aborted": self.tr("Aborted. Completed phases are kept; Resume continues from there."),
                 "validation_failed": self.tr("Finished, but a validation threshold was missed: see the report."),
                 "failed": self.tr("Failed."), "incomplete": self.tr("Finished, but a filter is missing.")}
        return texts.get(self._outcome[0], self._outcome[0]) if self._outcome is not None else ""

    def show_filters(self, found: dict[str, Any]) -> None:
        """Show the filters of the lights, and how they will be stacked and combined."""
        self._filters = found
        self._show()

    def _filter_lines(self) -> list[str]:
        channels = self._filters.get("channels", [])
        stacked = [c for c in channels if not c["problem"]]
        if len(stacked) < 2:
            return []
        names = ", ".join(f"{c['filter']} ({c['lights']})" for c in stacked)
        palette = self._filters["palette"]
        text = self.tr("Lights by filter: {0}. Each filter is stacked; the stacks are not combined.")
        if palette:
            text = self.tr("Lights by filter: {0}. Each filter is stacked on the same pixels; the stacks are combined as {1}.")
        return [text.format(names, palette), *(self.tr("{0} is not stacked: {1}").format(c["filter"], c["problem"])
                                               for c in channels if c["problem"])]

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)

    def _show(self) -> None:
        running, used, outcome = self.running, len(self._document.used), self._outcome
        self.start.setEnabled(not running and used > 0 and not self._problems and not self._errors)
        self.scripts.setEnabled(used > 0 and not self._problems)
        self.start.setVisible(not running)
        self.abort.setVisible(running)
        self.abort.setEnabled(running)
        self.abort.setText(self.tr("End now") if self._stopping and running else self.tr("&Abort"))
        resumable = not running and self.directory is not None and outcome is not None \
            and outcome[0] in ("aborted", "failed", "incomplete")
        self.resume.setEnabled(resumable)
        self.resume.setVisible(resumable)
        for widget in (self._name_label, self.name):
            widget.setVisible(not running)
        finished = not running and outcome is not None and outcome[0] == "ok"
        self.result.setVisible(finished)
        primary(self.start, on=not finished)
        self.start.setIcon(icon("run", "text" if finished else "accent_text"))
        shown = running or outcome is not None
        self.run_progress.setVisible(running)
        self.elapsed.setVisible(shown)
        self._split.setVisible(shown)
        self.show_invalid.setVisible(bool(self._problems))
        self.show_invalid.setText(self.tr("Show %n invalid setting(s)", "", self._problems))
        failed = outcome is not None and outcome[0] not in ("ok", "aborted") and not running
        message = outcome[1] or self._outcome_text() if failed and outcome is not None else ""
        self.error.show_error(message, outcome[2] if outcome is not None else 0, resumable=resumable)
        set_level(self.status, "error" if failed else "")
        name = self._document.name or self.tr("New project")
        idle = name if used else self.tr("Nothing to stack yet")
        self.heading.setText(self.tr("Stacking {0}").format(name) if running else idle)
        if running:
            self._show_step()
        elif outcome is not None:
            self.status.setText(self._outcome_text())
        elif not used:
            self.status.setText(self.tr("Add a folder of raw frames on the page Start."))
        else:
            ready = self.tr("%n night(s) will be stacked to {0}", "", used).format(self._document.runs_dir)
            self.status.setText("\n".join([ready, *self._filter_lines()]))
        self._show_caption()

    def retranslate(self) -> None:
        self.start.setText(self.tr("Stac&k"))
        self.resume.setText(self.tr("Res&ume"))
        self.result.setText(self.tr("Show the result"))
        self.scripts.setText(self.tr("Siril s&cripts …"))
        self.more.setText(self.tr("Deta&ils"))
        self._name_label.setText(self.tr("Na&me:"))
        self.name.setPlaceholderText(self.tr("name of the run; default: time and session"))
        self._frames_title.setText(self.tr("Frames"))
        self.run_progress.setAccessibleName(self.tr("Progress of the run"))
        self.view.setAccessibleName(self.tr("The picture as it grows"))
        self._show()
