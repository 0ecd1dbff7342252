"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all, ``resume("RUN")`` goes on with it."""

from orchestrator.config.models import RunConfig
from orchestrator.live.watch import watch
from orchestrator.project.files import add_nights, load_project, new_project, save_project
from orchestrator.project.model import Project, ProjectNight
from orchestrator.project.nights import Night, new_nights, project_config, scan_project
from orchestrator.project.run import resume_project, run_project, runs_of
from orchestrator.project.validate import Finding, validate_project
from orchestrator.run.exclude import exclude, plan_exclude
from orchestrator.run.plan import Plan
from orchestrator.run.resume import plan_resume, resume
from orchestrator.run.runner import RunResult, run
from orchestrator.scripting import ScriptOptions, check_script_file, plan_scripts, write_scripts
from orchestrator.session.model import Session

__all__ = ["Finding", "Night", "Plan", "Project", "ProjectNight", "RunConfig", "RunResult", "ScriptOptions", "Session",
           "add_nights", "check_script_file", "exclude", "load_project", "new_nights", "new_project", "plan_exclude",
           "plan_resume", "plan_scripts", "project_config", "resume", "resume_project", "run", "run_project", "runs_of",
           "save_project", "scan_project", "validate_project", "watch",
           "write_scripts"]
__version__ = "0.1.0"
