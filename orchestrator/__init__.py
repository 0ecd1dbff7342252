"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestrator.config.models import RunConfig

if TYPE_CHECKING:
    from orchestrator.run.runner import RunResult, run
    from orchestrator.session.model import Session

__all__ = ["RunConfig", "RunResult", "Session", "run"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Lazily, so that `orchestrate --help` does not wait for numba.
    if name in ("run", "RunResult"):
        from orchestrator.run import runner

        return getattr(runner, name)
    if name == "Session":
        from orchestrator.session.model import Session

        return Session
    raise AttributeError(name)
