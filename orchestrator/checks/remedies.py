"""Remedies for missed thresholds: only settings that differ from those in force."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from orchestrator.config.settings import RunConfig
from orchestrator.message import Message

__all__ = ["Step", "remedy"]


@dataclass(frozen=True)
class Step:
    """A setting that may help, and why (``note``). ``raised``: the value is a least one; a setting that has it is raised by half,
    up to ``most``."""

    setting: str
    value: str | float | bool
    note: str = ""
    raised: bool = False
    most: float = float("inf")

    def text(self, config: RunConfig) -> str:
        """The option that changes the setting, "" if it has the value."""
        section, name = self.setting.split(".")
        now, value = getattr(getattr(config, section), name), self.value
        if self.raised and isinstance(now, int | float) and isinstance(value, int | float) and now >= value:
            value = min(1.5 * now, self.most)
        if now == value or (self.raised and isinstance(now, int | float) and isinstance(value, int | float) and value <= now):
            return ""
        shown = str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else f"{value:g}"
        option = f"--set {self.setting}={shown}"
        return Message("{option} ({note})", option=option, note=Message(self.note)) if self.note else option


def remedy(config: RunConfig, *steps: Step, otherwise: str) -> str:
    """The steps that change something, joined by "or"; ``otherwise`` if none does."""
    found = [text for step in steps if (text := step.text(config))]
    return functools.reduce(lambda one, other: Message("{one}, or {other}", one=one, other=other), found) if found else otherwise
