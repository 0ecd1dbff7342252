"""The words of the page of a watch, in English; ``{0}``, ``{1}`` are inserted by the page."""

from __future__ import annotations

__all__ = ["PAGE_WORDS"]

PAGE_WORDS = (
    "No frame has arrived yet.", "Open the report", "The stack", "Image: the stack", "The stack so far.",
    "The picture appears after the first frames.", "Last frame", "The last frame.", "Frames over time", "Warnings", "None.",
    "Frames", "Table of the frames", "Served by orchestrate {0} on this computer. Nothing is sent anywhere else.",
    "waiting for frames", "full stack", "ended", "failed", "the program has ended", "FWHM (px)", "transparency", "stars",
    "weight", "frame", "{0} of {1} frames: {2} to {3}.", "not in the full stack", "Use it", "Leave out", "Use {0}",
    "Leave out {0}", "{0} frames stacked", "filter {0}", "{0} left out", "{0} waiting", "{0} panels", "about {0} left",
    "The last {0} of {1} frames, the newest first.",
    "Frames that you leave out stay in this picture; the full stack does not use them.", "time", "remark",
)
