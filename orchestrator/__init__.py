"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all, ``resume("RUN")`` goes on with it."""

from orchestrator.config.models import RunConfig
from orchestrator.live.watch import watch
from orchestrator.run.exclude import exclude, plan_exclude
from orchestrator.run.plan import Plan
from orchestrator.run.resume import plan_resume, resume
from orchestrator.run.runner import RunResult, run
from orchestrator.session.model import Session

__all__ = ["Plan", "RunConfig", "RunResult", "Session", "exclude", "plan_exclude", "plan_resume", "resume", "run", "watch"]
__version__ = "0.1.0"
