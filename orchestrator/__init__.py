"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all, ``resume("RUN")`` goes on with it."""

__version__ = "0.1.0"  # before the imports: modules of the package ask for it

from orchestrator.combination.filters import FilterLook, SessionFilters, look_at_filters
from orchestrator.combination.run import resume, run
from orchestrator.config.describe import Setting, SettingSection, check_settings, read_value, setting_sections
from orchestrator.config.load import preset_names, preset_settings
from orchestrator.config.models import RunConfig
from orchestrator.errors import ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.live.watch import watch
from orchestrator.phases.registry import phase_names
from orchestrator.project.discovery import find_nights
from orchestrator.project.files import add_nights, load_project, move_project, new_project, save_project
from orchestrator.project.model import Project, ProjectNight, check_project, project_settings
from orchestrator.project.nights import Night, new_nights, project_config, project_filters, scan_project
from orchestrator.project.run import resume_project, run_project, runs_of
from orchestrator.project.scripts import script_choices, script_sessions, write_project_scripts
from orchestrator.project.validate import Finding, validate_project
from orchestrator.report.before import before_and_after
from orchestrator.report.preview import picture_of, write_png
from orchestrator.run.exclude import exclude, plan_exclude
from orchestrator.run.listing import RunEntry, list_runs
from orchestrator.run.plan import Plan
from orchestrator.run.resume import plan_resume
from orchestrator.run.runner import RunResult
from orchestrator.scripting import ScriptOptions, check_script_file, plan_scripts, write_scripts
from orchestrator.session.discovery import ScanReport, scan
from orchestrator.session.model import Session
from orchestrator.session.survey import FrameLook, look_at, scores
from orchestrator.stack_session import StackConfig, StackResult, stack_session

__all__ = [
    "ConfigError", "ExitCode", "FilterLook", "Finding", "FrameLook", "InputError", "Night", "OrchestrateError", "Plan",
    "Project", "ProjectNight", "RunConfig", "RunEntry", "RunResult", "ScanReport", "ScriptOptions", "Session",
    "SessionFilters", "Setting", "SettingSection", "StackConfig", "StackResult", "add_nights", "before_and_after",
    "check_project", "check_script_file", "check_settings", "exclude", "find_nights", "list_runs", "load_project", "look_at",
    "look_at_filters", "move_project", "new_nights", "new_project", "phase_names", "picture_of", "plan_exclude", "plan_resume",
    "plan_scripts", "preset_names", "preset_settings", "project_config", "project_filters", "project_settings", "read_value",
    "resume", "resume_project", "run", "run_project", "runs_of", "save_project", "scan", "scan_project", "scores",
    "script_choices", "script_sessions", "setting_sections", "stack_session", "validate_project", "watch", "write_png",
    "write_project_scripts", "write_scripts",
]
