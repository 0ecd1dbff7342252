"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all, ``resume("RUN")`` goes on with it."""

from orchestrator.config.models import RunConfig
from orchestrator.run.exclude import exclude, plan_exclude
from orchestrator.run.plan import Plan
from orchestrator.run.resume import plan_resume, resume
from orchestrator.run.runner import RunResult, run
from orchestrator.session.model import Session
from orchestrator.stack_session import StackConfig, StackResult, stack_session

__all__ = ["Plan", "RunConfig", "RunResult", "Session", "StackConfig", "StackResult", "exclude", "plan_exclude", "plan_resume",
           "resume", "run", "stack_session"]
__version__ = "0.1.0"
