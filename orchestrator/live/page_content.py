"""What the page of a watch shows, from the events of the watch and of the full run that follows it."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestrator.config.settings import ExcludedFrame, RunConfig
from orchestrator.message import translated, unpacked
from orchestrator.pipeline.result import RunResult
from orchestrator.report.phase_words import phase_words
from orchestrator.runtime.run_progress import RunProgress

__all__ = ["PageContent"]

# Frames and warnings that the page shows, the most recent ones.
MOST_FRAMES = 600
MOST_WARNINGS = 50


class PageContent:
    """A listener of events. All methods can be called from any thread.

    Parameters
    ----------
    name : heading of the page.
    control : whether frames may be excluded from the full run on the page.
    """

    def __init__(self, name: str, *, control: bool = False) -> None:
        self.name, self.control = name, control
        self._lock = threading.Lock()
        self._live: Path | None = None
        self._run: Path | None = None
        self._progress: RunProgress | None = None
        self._state, self._error = "watching", ""
        self._counts = {"stacked": 0, "left_out": 0, "waiting": 0}
        self._last = ""
        self._warnings: deque[str] = deque(maxlen=MOST_WARNINGS)
        self._excluded: list[str] = []
        self._artifact: tuple[int, dict[str, Any]] = (0, {})

    def listen(self, event: dict[str, Any]) -> None:
        """Take note of an event."""
        name = event["event"]
        with self._lock:
            if name == "watch_start":
                self._live = Path(event["directory"])
            elif name == "frame":
                self._counts = {key: int(event[key]) for key in self._counts}
                self._last = str(event["path"])
            elif name == "warning":
                self._warnings.append(unpacked((event.get("texts") or {}).get("message") or str(event["message"])))
            elif name == "run_start":
                # The first run is that of all filters and fields, if there are several.
                self._run, self._state = self._run or Path(event["directory"]), "stacking"
                self._progress = self._progress or RunProgress()
            if self._progress is not None:
                self._progress.listen(event)

    def end(self, result: RunResult | None, error: str = "") -> None:
        """Show that the watch, and the full run after it, has ended."""
        with self._lock:
            self._error = error or (result.error.text if result is not None and result.error is not None else "")
            self._state = "failed" if self._error else "ended"
            if result is not None and self._run is not None and result.directory != Path():
                self._run = result.directory

    def exclude(self, file: str, *, undo: bool = False) -> bool:
        """Leave a frame of the live stack out of the full run, or take that back; returns False if there is no such frame, or if
        the full run has begun."""
        with self._lock:
            if self._state != "watching" or file not in {f.get("file") for f in self._stacked()}:
                return False
            self._excluded = [f for f in self._excluded if f != file] + ([] if undo else [file])
            return True

    def without_excluded(self, config: RunConfig) -> RunConfig:
        """The settings of the full run: those of ``config``, and the frames that were excluded on the page."""
        with self._lock:
            entries = [ExcludedFrame(frame=f) for f in self._excluded]
        changed = config.model_copy(deep=True)
        changed.stacking.exclude = [*changed.stacking.exclude, *entries]
        return changed

    @property
    def preview(self) -> Path | None:
        """The most recent picture, or None."""
        pictures = (d / "outputs" / "preview.png" for d in (self._run, self._live) if d is not None)
        return next((p for p in pictures if p.is_file()), None)

    @property
    def last_frame(self) -> Path | None:
        """The light that arrived last, or None."""
        with self._lock:
            return Path(self._last) if self._last else None

    @property
    def top_down(self) -> bool:
        """Whether the first stored row of the lights is the upper one."""
        with self._lock:
            return bool(self._artifacts().get("top_down", True))

    @property
    def report(self) -> Path | None:
        """The report of the full run after its end, or None."""
        path = self._run / "artifacts" / "report.html" if self._run is not None and self._state != "stacking" else None
        return path if path is not None and path.is_file() else None

    def state(self, translate: Callable[[str], str] = str) -> dict[str, Any]:
        """Everything on the page, as JSON. ``translate`` gives the translation of a template, or the template itself."""
        preview, report = self.preview, self.report
        with self._lock:
            found, progress = self._artifacts(), self._progress
            frames = [{**f, "name": Path(str(f.get("file"))).name, "excluded": f.get("file") in self._excluded}
                      for f in found.get("frames", [])[-MOST_FRAMES:]]
            for frame in frames:
                frame["reason"] = translated(unpacked(frame.pop("reason_text", None) or frame.get("reason") or ""), translate)
            left = progress.seconds_left if progress is not None else None
            return {
                "name": self.name, "state": self._state, "error": translated(self._error, translate),
                "control": self.control and self._state == "watching", **self._counts,
                **{key: found.get(key) for key in ("exposure_s", "noise_adu", "fwhm_px", "filter")},
                "panels": len(found.get("panels") or []),
                "frames": frames, "total": len(found.get("frames", [])), "last": Path(self._last).name,
                "warnings": [translated(w, translate) for w in self._warnings],
                "picture": preview.stat().st_mtime_ns // 10**6 if preview is not None else None,
                "report": report.parent.parent.name if report is not None else None,
                "progress": None if progress is None else {
                    "share": progress.fraction, "seconds_left": left,
                    "step": translate(phase_words(progress.phase)) if progress.phase else ""}}

    def _stacked(self) -> list[dict[str, Any]]:
        return [f for f in self._artifacts().get("frames", []) if not f.get("reason")]

    def _artifacts(self) -> dict[str, Any]:
        """live.json, read again if it has changed."""
        path = self._live / "artifacts" / "live.json" if self._live is not None else None
        try:
            stamp = path.stat().st_mtime_ns if path is not None else 0
            if path is not None and stamp != self._artifact[0]:
                self._artifact = stamp, json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            pass
        return self._artifact[1]
