"""The words of the page Frames: titles of columns, kinds of frames, and what is unusual about a frame."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

__all__ = ["FrameWords"]


class FrameWords(QObject):
    """Texts in the current language."""

    def title(self, column: str) -> str:
        """The title of a column of the table."""
        return {"file": self.tr("File"), "night": self.tr("Night"), "role": self.tr("Kind"), "score": self.tr("Score (%)"),
                "fwhm": self.tr("FWHM (px)"), "stars": self.tr("Stars"), "roundness": self.tr("Roundness"),
                "background": self.tr("Sky (ADU)"), "noise": self.tr("Noise (ADU)"),
                "transparency": self.tr("Transparency (%)"), "note": self.tr("Remarks"), "exposure": self.tr("Exposure (s)"),
                "gain": self.tr("Gain"), "temperature": self.tr("Temp. (°C)"), "filter": self.tr("Filter"),
                "time": self.tr("Time (UTC)")}[column]

    def kind(self, role: str) -> str:
        """What kind of frame it is."""
        return {"light": self.tr("light"), "dark": self.tr("dark"), "flat": self.tr("flat"), "bias": self.tr("bias"),
                "darkflat": self.tr("dark-flat"), "refused": self.tr("not used")}.get(role, role)

    def remarks(self, remarks: list[dict[str, Any]]) -> str:
        """What is unusual about a frame, as sentences."""
        return " ".join(self._remark(remark["kind"], remark["value"], remark["usual"]) for remark in remarks)

    def _remark(self, kind: str, value: float, usual: float) -> str:
        if kind == "transparency":
            return self.tr("Clouds or haze: {0} % of the star light.").format(f"{100 * value:.0f}")
        text, digits = {"fwhm": (self.tr("Blurred stars: FWHM {0} px, usually {1}."), 2),
                        "roundness": (self.tr("Elongated stars: roundness {0}, usually {1}."), 2),
                        "stars": (self.tr("Few stars: {0}, usually {1}."), 0),
                        "background": (self.tr("Bright sky: {0} ADU, usually {1}."), 0),
                        "noise": (self.tr("More noise: {0} ADU, usually {1}."), 1)}[kind]
        return text.format(f"{value:.{digits}f}", f"{usual:.{digits}f}")
