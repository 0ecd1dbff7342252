"""Local-quality stacking of astronomical frames: ``run("SESSION")`` does it all, ``resume("RUN")`` goes on with it."""

__version__ = "0.1.0"  # before the imports: modules of the package ask for it

from orchestrator.config.describe import Setting, SettingSection, check_settings, read_value, setting_sections
from orchestrator.config.load import preset_names, preset_settings
from orchestrator.config.models import RunConfig
from orchestrator.errors import ConfigError, ExitCode, InputError, OrchestrateError
from orchestrator.phases.registry import phase_names
from orchestrator.report.before import before_and_after
from orchestrator.report.preview import picture_of, write_png
from orchestrator.run.exclude import exclude, plan_exclude
from orchestrator.run.listing import RunEntry, list_runs
from orchestrator.run.plan import Plan
from orchestrator.run.resume import plan_resume, resume
from orchestrator.run.runner import RunResult, run
from orchestrator.session.discovery import ScanReport, scan
from orchestrator.session.model import Session
from orchestrator.session.survey import FrameLook, look_at, scores

__all__ = [
    "ConfigError", "ExitCode", "FrameLook", "InputError", "OrchestrateError", "Plan", "RunConfig", "RunEntry", "RunResult",
    "ScanReport", "Session", "Setting", "SettingSection", "before_and_after", "check_settings", "exclude", "list_runs", "look_at",
    "phase_names", "picture_of", "plan_exclude", "plan_resume", "preset_names", "preset_settings", "read_value", "resume", "run",
    "scan", "scores", "setting_sections", "write_png",
]
