"""The record of a check: what was measured, its limit, and the cause and remedy if it failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.message import Message, joined

__all__ = ["CHECKS", "Check", "CheckName", "Problem", "Status", "not_measured", "passed_or_failed"]

CheckName = Literal["star_light", "calibration", "geometry", "scale", "halves", "rejection", "sky_surface"]
# In the order of the report.
CHECKS: tuple[CheckName, ...] = ("star_light", "calibration", "geometry", "scale", "halves", "rejection", "sky_surface")
Status = Literal["passed", "failed", "not_measured"]


@dataclass(frozen=True)
class Check:
    """One check of a run.

    Attributes
    ----------
    value, limit : if the check failed, the number furthest beyond its limit; else a typical one; both in ``unit``.
    cause : established cause of a failure, a sentence without a full stop; "" if the check did not fail.
    remedy : what helps in that case.
    why : why the check could not be made, "" if it was.
    files : names of the frames concerned.
    figure : data of the picture in the report: ``kind`` of figure and its content.
    details : further measurements.
    """

    name: CheckName
    status: Status
    value: float = float("nan")
    limit: float = float("nan")
    unit: str = ""
    cause: str = ""
    remedy: str = ""
    why: str = ""
    files: tuple[str, ...] = ()
    figure: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The cause and the remedy, as sentences."""
        return Message("{cause:C}. {remedy}", cause=self.cause, remedy=self.remedy) if self.remedy else Message(
            "{cause:C}.", cause=self.cause)

    def __str__(self) -> str:
        return f"{self.cause}. {self.remedy}".strip()


def not_measured(name: CheckName, why: str, **details: Any) -> Check:
    """A check for which the run lacks what it needs."""
    return Check(name, "not_measured", why=why, details=details)


@dataclass(frozen=True)
class Problem:
    """A reason to fail, with the value beyond its limit; the one with the largest ratio of both is the cause that is named."""

    value: float
    limit: float
    cause: str
    remedy: str
    files: tuple[str, ...] = ()


def passed_or_failed(name: CheckName, unit: str, value: float, limit: float, problems: list[Problem],
                     figure: dict[str, Any], details: dict[str, Any]) -> Check:
    """The check failed if there are problems; else ``value`` is what it measured."""
    if not problems:
        return Check(name, "passed", value, limit, unit, figure=figure, details=details)
    worst = max(problems, key=lambda p: p.value / max(p.limit, 1e-12))
    others = [p.cause for p in problems if p is not worst]
    cause = joined("; ", [worst.cause, *others]) if others else worst.cause
    return Check(name, "failed", worst.value, worst.limit, unit, cause, worst.remedy, "",
                 tuple(dict.fromkeys(f for p in problems for f in p.files)), figure, details)

