"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all, ``resume("RUN")`` goes on with it."""

from orchestrator.config.models import RunConfig
from orchestrator.run.exclude import exclude, plan_exclude
from orchestrator.run.plan import Plan
from orchestrator.run.resume import plan_resume, resume
from orchestrator.run.runner import RunResult, run
from orchestrator.scripting import ScriptOptions, check_script_file, plan_scripts, write_scripts
from orchestrator.session.model import Session

__all__ = ["Plan", "RunConfig", "RunResult", "ScriptOptions", "Session", "check_script_file", "exclude", "plan_exclude",
           "plan_resume", "plan_scripts", "resume", "run", "write_scripts"]
__version__ = "0.1.0"
