"""The events of a run as messages in Siril's console and in its progress bar."""

from __future__ import annotations

from orchestrator.io.worker_protocol import Message, WorkerChannel
from orchestrator.runtime.run_progress import RunProgress

__all__ = ["SirilConsole"]


class SirilConsole:
    """Sends ``log`` and ``progress`` messages for the events of one run."""

    def __init__(self, channel: WorkerChannel) -> None:
        self._channel, self._progress = channel, RunProgress()

    def listen(self, event: Message) -> None:
        """Show one event."""
        name, phase = event["event"], event.get("phase", "")
        self._progress.listen(event)
        if name == "run_start":
            self.log(f"run directory {event['directory']}")
        elif name == "field_start":
            self.log(f"field {event['field']} ({event['number']} of {event['total']})", "green")
        elif name == "channel_start":
            self.log(f"filter {event['filter']} ({event['number']} of {event['total']})", "green")
        elif name == "note":
            self.log(event["message"])
        elif name == "warning":
            self.log(event["message"], "salmon")
        elif name == "phase_start":
            self._channel.send(progress=phase, share=self._progress.fraction)
        elif name == "phase_progress":
            text = f"{phase}: {event['message']}" if event.get("message") else phase
            self._channel.send(progress=text, share=self._progress.fraction)
        elif name in ("phase_end", "phase_kept"):
            why = event["summary"].get("why", "") if event["status"] == "skipped" else ""
            seconds = f" {event['seconds']:.1f} s" if "seconds" in event else ""
            self.log(f"{phase} {event['status']}{seconds} {why}".rstrip())

    def log(self, text: str, colour: str = "default") -> None:
        """Show a message."""
        self._channel.send(log=text, colour=colour)
