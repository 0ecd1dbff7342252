"""The base class of phases: steps of a run that declare what their results depend on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState

__all__ = ["Phase", "PhaseResult"]


@dataclass(frozen=True)
class PhaseResult:
    """How a phase ended. ``status`` is "ok", "skipped" or "validation_failed"; ``summary`` is data for the log, the manifest and
    the report."""

    status: str = "ok"
    summary: dict[str, Any] = field(default_factory=dict)


class Phase(ABC):
    """A step of a run, and what its result depends on. A test compares these declarations with what the phase reads.

    Attributes
    ----------
    settings : keys and sections of the configuration that affect the result.
    uses, makes : fields of :class:`RunState` that the phase reads, and that it sets. It sets all of them, also if it is skipped.
    after : other phases whose files or statistics it reads.
    pixels : it reads the pixels of frames.
    reuses_previous : its previous result is kept while it is repeated, see :attr:`RunContext.previous`.
    """

    name: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    uses: ClassVar[tuple[str, ...]] = ()
    after: ClassVar[tuple[str, ...]] = ()
    makes: ClassVar[tuple[str, ...]] = ()
    pixels: ClassVar[bool] = False
    reuses_previous: ClassVar[bool] = False

    @abstractmethod
    def run(self, context: RunContext, state: RunState) -> PhaseResult: ...
