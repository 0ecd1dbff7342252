"""What a phase is: a step of a run that declares what its result depends on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

from orchestrator.runtime.context import RunContext
from orchestrator.stacking.state import RunState

__all__ = ["Phase", "PhaseResult"]


@dataclass(frozen=True)
class PhaseResult:
    """How a phase ended. ``status`` is "ok" or "skipped"; ``summary`` is what the person and the report see."""

    status: str = "ok"
    summary: dict[str, Any] = field(default_factory=dict)


class Phase(ABC):
    """A step of a run, and what its result depends on; tests hold these declarations against what it reads.

    ``settings`` are the keys and sections of the configuration that count, ``uses`` and ``makes`` the fields of
    :class:`RunState` that are read and set, ``after`` further phases whose files or statistics are read. ``pixels``: frames
    are read through their readers. ``takes_over``: what it made before is at hand when it is repeated
    (:attr:`RunContext.earlier`).
    """

    name: ClassVar[str]
    settings: ClassVar[tuple[str, ...]] = ()
    uses: ClassVar[tuple[str, ...]] = ()
    after: ClassVar[tuple[str, ...]] = ()
    makes: ClassVar[tuple[str, ...]] = ()
    pixels: ClassVar[bool] = False
    takes_over: ClassVar[bool] = False

    @abstractmethod
    def run(self, context: RunContext, state: RunState) -> PhaseResult: ...
