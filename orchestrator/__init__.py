"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all."""

from orchestrator.config.models import RunConfig
from orchestrator.run.runner import RunResult, run
from orchestrator.session.model import Session

__all__ = ["RunConfig", "RunResult", "Session", "run"]
__version__ = "0.1.0"
