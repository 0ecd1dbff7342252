"""Local-quality stacking of astronomical frames: ``run("SESSION")`` makes a stack, ``resume("RUN")`` continues a run.

Public names are imported when they are first used (PEP 562), so that ``import orchestrator`` costs nothing.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from orchestrator.version import __version__ as __version__
from orchestrator.version import install_command as install_command

# The application decides where records go, see orchestrator/runtime/logs.py.
logging.getLogger(__name__).addHandler(logging.NullHandler())

if TYPE_CHECKING:
    from orchestrator.api.before_after import before_and_after as before_and_after
    from orchestrator.api.develop import Developer as Developer
    from orchestrator.api.develop import develop as develop
    from orchestrator.api.export import RunImage as RunImage
    from orchestrator.api.export import product_of as product_of
    from orchestrator.api.export import run_images as run_images
    from orchestrator.api.export_formats import read_ccddata as read_ccddata
    from orchestrator.api.export_picture import PICTURE_SUFFIXES as PICTURE_SUFFIXES
    from orchestrator.api.export_picture import export_picture as export_picture
    from orchestrator.api.inspection import inspect as inspect
    from orchestrator.api.overlays import MAPS as MAPS
    from orchestrator.api.overlays import Overlay as Overlay
    from orchestrator.api.overlays import map_overlay as map_overlay
    from orchestrator.api.overlays import maps_of as maps_of
    from orchestrator.api.overlays import sky_lines_of as sky_lines_of
    from orchestrator.api.overview import NightOverview as NightOverview
    from orchestrator.api.overview import ProjectOverview as ProjectOverview
    from orchestrator.api.overview import project_overview as project_overview
    from orchestrator.api.overview import sample_picture as sample_picture
    from orchestrator.api.picture_recipe import PictureRecipe as PictureRecipe
    from orchestrator.api.picture_recipe import default_recipe as default_recipe
    from orchestrator.api.picture_recipe import load_recipe as load_recipe
    from orchestrator.api.picture_recipe import recipe_beside as recipe_beside
    from orchestrator.api.picture_recipe import save_recipe as save_recipe
    from orchestrator.api.picture_source import ImageWindow as ImageWindow
    from orchestrator.api.picture_source import open_linear as open_linear
    from orchestrator.api.picture_source import read_window as read_window
    from orchestrator.api.picture_tiles import TILE as TILE
    from orchestrator.api.picture_tiles import TiledPicture as TiledPicture
    from orchestrator.api.run_scripts import check_written_scripts as check_written_scripts
    from orchestrator.api.run_scripts import run_written_scripts as run_written_scripts
    from orchestrator.api.run_scripts import script_settings as script_settings
    from orchestrator.api.siril_stacks import siril_stacks as siril_stacks
    from orchestrator.api.stack_session import StackConfig as StackConfig
    from orchestrator.api.stack_session import StackResult as StackResult
    from orchestrator.api.stack_session import stack_session as stack_session
    from orchestrator.api.star_facts import StarFacts as StarFacts
    from orchestrator.api.star_facts import star_at as star_at
    from orchestrator.api.steps import AlignedFrames as AlignedFrames
    from orchestrator.api.steps import CombinedFrames as CombinedFrames
    from orchestrator.api.steps import align_frames as align_frames
    from orchestrator.api.steps import asinh_stretch as asinh_stretch
    from orchestrator.api.steps import best_frames as best_frames
    from orchestrator.api.steps import combine_frames as combine_frames
    from orchestrator.api.steps import crop_to_coverage as crop_to_coverage
    from orchestrator.api.steps import debayer as debayer
    from orchestrator.api.steps import list_lights as list_lights
    from orchestrator.api.steps import read_frame as read_frame
    from orchestrator.api.steps import smooth as smooth
    from orchestrator.api.steps import white_balance as white_balance
    from orchestrator.api.steps import write_image as write_image
    from orchestrator.combination.fields import SessionFields as SessionFields
    from orchestrator.combination.fields import find_fields as find_fields
    from orchestrator.combination.filters import FilterGroup as FilterGroup
    from orchestrator.combination.filters import SessionFilters as SessionFilters
    from orchestrator.combination.filters import find_filters as find_filters
    from orchestrator.combination.run import resume as resume
    from orchestrator.combination.run import run as run
    from orchestrator.config.describe import Setting as Setting
    from orchestrator.config.describe import SettingSection as SettingSection
    from orchestrator.config.describe import check_settings as check_settings
    from orchestrator.config.describe import read_value as read_value
    from orchestrator.config.describe import setting_sections as setting_sections
    from orchestrator.config.goals import GOALS as GOALS
    from orchestrator.config.goals import goal_of as goal_of
    from orchestrator.config.goals import with_goal as with_goal
    from orchestrator.config.load import preset_names as preset_names
    from orchestrator.config.load import preset_settings as preset_settings
    from orchestrator.config.settings import RunConfig as RunConfig
    from orchestrator.errors import ConfigError as ConfigError
    from orchestrator.errors import ExitCode as ExitCode
    from orchestrator.errors import Finding as Finding
    from orchestrator.errors import InputError as InputError
    from orchestrator.errors import OrchestrateError as OrchestrateError
    from orchestrator.io.worker_protocol import MessageDecoder as MessageDecoder
    from orchestrator.io.worker_protocol import WorkerChannel as WorkerChannel
    from orchestrator.io.worker_protocol import encode_message as encode_message
    from orchestrator.live.page_server import PageOptions as PageOptions
    from orchestrator.live.watch import WatchOptions as WatchOptions
    from orchestrator.live.watch import watch as watch
    from orchestrator.message import Message as Message
    from orchestrator.message import packed as packed
    from orchestrator.message import packed_texts as packed_texts
    from orchestrator.message import translated as translated
    from orchestrator.message import unpacked as unpacked
    from orchestrator.pipeline.exclude import exclude as exclude
    from orchestrator.pipeline.exclude import plan_exclude as plan_exclude
    from orchestrator.pipeline.registry import phase_names as phase_names
    from orchestrator.pipeline.result import RunResult as RunResult
    from orchestrator.pipeline.resume import plan_resume as plan_resume
    from orchestrator.pipeline.resume_plan import Plan as Plan
    from orchestrator.project.discovery import find_nights as find_nights
    from orchestrator.project.files import add_nights as add_nights
    from orchestrator.project.files import is_project as is_project
    from orchestrator.project.files import load_project as load_project
    from orchestrator.project.files import move_project as move_project
    from orchestrator.project.files import new_project as new_project
    from orchestrator.project.files import save_project as save_project
    from orchestrator.project.model import Project as Project
    from orchestrator.project.model import ProjectNight as ProjectNight
    from orchestrator.project.model import check_project as check_project
    from orchestrator.project.model import project_settings as project_settings
    from orchestrator.project.nights import Night as Night
    from orchestrator.project.nights import SettingsSources as SettingsSources
    from orchestrator.project.nights import new_nights as new_nights
    from orchestrator.project.nights import project_config as project_config
    from orchestrator.project.nights import project_filters as project_filters
    from orchestrator.project.nights import scan_project as scan_project
    from orchestrator.project.nights import trusted_config as trusted_config
    from orchestrator.project.run import resume_project as resume_project
    from orchestrator.project.run import run_project as run_project
    from orchestrator.project.run import runs_of as runs_of
    from orchestrator.project.scripts import script_choices as script_choices
    from orchestrator.project.scripts import script_sessions as script_sessions
    from orchestrator.project.scripts import write_project_scripts as write_project_scripts
    from orchestrator.project.validate import validate_project as validate_project
    from orchestrator.report.compare import compare as compare
    from orchestrator.report.phase_words import PHASE_WORDS as PHASE_WORDS
    from orchestrator.report.phase_words import phase_words as phase_words
    from orchestrator.report.preview import picture_of as picture_of
    from orchestrator.report.preview import write_png as write_png
    from orchestrator.report.wording import statistics_rows as statistics_rows
    from orchestrator.report.wording import used_of_found as used_of_found
    from orchestrator.rundir.listing import RunEntry as RunEntry
    from orchestrator.rundir.listing import list_runs as list_runs
    from orchestrator.rundir.statistics import RunStatistics as RunStatistics
    from orchestrator.runtime.run_progress import RunProgress as RunProgress
    from orchestrator.scripting import ScriptOptions as ScriptOptions
    from orchestrator.scripting import check_script_file as check_script_file
    from orchestrator.scripting import plan_scripts as plan_scripts
    from orchestrator.scripting import write_scripts as write_scripts
    from orchestrator.session.discovery import ScanReport as ScanReport
    from orchestrator.session.discovery import scan as scan
    from orchestrator.session.frame_remarks import Remark as Remark
    from orchestrator.session.frame_remarks import frame_remarks as frame_remarks
    from orchestrator.session.frame_remarks import transparencies as transparencies
    from orchestrator.session.model import Session as Session
    from orchestrator.session.quick_look import FrameLook as FrameLook
    from orchestrator.session.quick_look import look_at as look_at
    from orchestrator.session.quick_look import picture_of_light as picture_of_light
    from orchestrator.session.quick_look import scores as scores
    from orchestrator.tools.siril.graphical import siril_window as siril_window
    from orchestrator.tools.siril.running_instance import ChannelSiril as ChannelSiril
    from orchestrator.tools.siril.running_instance import working_inside as working_inside

# Module -> the public names it defines.
_MODULES = {
    "orchestrator.api.siril_stacks": ("siril_stacks",),
    "orchestrator.api.star_facts": ("StarFacts", "star_at"),
    "orchestrator.api.overlays": ("MAPS", "Overlay", "map_overlay", "maps_of", "sky_lines_of"),
    "orchestrator.api.picture_tiles": ("TILE", "TiledPicture"),
    "orchestrator.api.export": ("RunImage", "product_of", "run_images"),
    "orchestrator.tools.siril.graphical": ("siril_window",),
    "orchestrator.combination.fields": ("SessionFields", "find_fields"),
    "orchestrator.combination.filters": ("FilterGroup", "SessionFilters", "find_filters"),
    "orchestrator.combination.run": ("resume", "run"),
    "orchestrator.config.describe": ("Setting", "SettingSection", "check_settings", "read_value", "setting_sections"),
    "orchestrator.config.load": ("preset_names", "preset_settings"),
    "orchestrator.config.settings": ("RunConfig",),
    "orchestrator.errors": ("ConfigError", "ExitCode", "Finding", "InputError", "OrchestrateError"),
    "orchestrator.message": ("Message", "packed", "packed_texts", "translated", "unpacked"),
    "orchestrator.io.worker_protocol": ("MessageDecoder", "WorkerChannel", "encode_message"),
    "orchestrator.live.page_server": ("PageOptions",),
    "orchestrator.live.watch": ("WatchOptions", "watch"),
    "orchestrator.pipeline.registry": ("phase_names",),
    "orchestrator.project.discovery": ("find_nights",),
    "orchestrator.project.files": ("add_nights", "is_project", "load_project", "move_project", "new_project", "save_project"),
    "orchestrator.project.model": ("Project", "ProjectNight", "check_project", "project_settings"),
    "orchestrator.project.nights": (
        "Night", "SettingsSources", "new_nights", "project_config", "project_filters", "scan_project",
        "trusted_config"),
    "orchestrator.project.run": ("resume_project", "run_project", "runs_of"),
    "orchestrator.project.scripts": ("script_choices", "script_sessions", "write_project_scripts"),
    "orchestrator.project.validate": ("validate_project",),
    "orchestrator.api.before_after": ("before_and_after",),
    "orchestrator.api.overview": ("NightOverview", "ProjectOverview", "project_overview", "sample_picture"),
    "orchestrator.config.goals": ("GOALS", "goal_of", "with_goal"),
    "orchestrator.report.phase_words": ("PHASE_WORDS", "phase_words"),
    "orchestrator.runtime.run_progress": ("RunProgress",),
    "orchestrator.api.export_formats": ("read_ccddata",),
    "orchestrator.api.develop": ("Developer", "develop"),
    "orchestrator.api.export_picture": ("PICTURE_SUFFIXES", "export_picture"),
    "orchestrator.api.picture_recipe": ("PictureRecipe", "default_recipe", "load_recipe", "recipe_beside", "save_recipe"),
    "orchestrator.api.picture_source": ("ImageWindow", "open_linear", "read_window"),
    "orchestrator.api.inspection": ("inspect",),
    "orchestrator.api.run_scripts": ("check_written_scripts", "run_written_scripts", "script_settings"),
    "orchestrator.report.compare": ("compare",),
    "orchestrator.report.preview": ("picture_of", "write_png"),
    "orchestrator.report.wording": ("statistics_rows", "used_of_found"),
    "orchestrator.pipeline.exclude": ("exclude", "plan_exclude"),
    "orchestrator.rundir.listing": ("RunEntry", "list_runs"),
    "orchestrator.rundir.statistics": ("RunStatistics",),
    "orchestrator.pipeline.resume_plan": ("Plan",),
    "orchestrator.pipeline.resume": ("plan_resume",),
    "orchestrator.pipeline.result": ("RunResult",),
    "orchestrator.scripting": ("ScriptOptions", "check_script_file", "plan_scripts", "write_scripts"),
    "orchestrator.session.discovery": ("ScanReport", "scan"),
    "orchestrator.session.frame_remarks": ("Remark", "frame_remarks", "transparencies"),
    "orchestrator.session.model": ("Session",),
    "orchestrator.session.quick_look": ("FrameLook", "look_at", "picture_of_light", "scores"),
    "orchestrator.api.steps": (
        "AlignedFrames", "CombinedFrames", "align_frames", "asinh_stretch", "best_frames", "combine_frames",
        "crop_to_coverage", "debayer", "list_lights", "read_frame", "smooth", "white_balance", "write_image"),
    "orchestrator.tools.siril.running_instance": ("ChannelSiril", "working_inside"),
    "orchestrator.api.stack_session": ("StackConfig", "StackResult", "stack_session"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "GOALS", "MAPS", "PHASE_WORDS", "PICTURE_SUFFIXES", "TILE", "AlignedFrames", "ChannelSiril", "CombinedFrames",
    "ConfigError", "Developer", "ExitCode", "FilterGroup", "Finding", "FrameLook", "ImageWindow", "InputError",
    "Message", "MessageDecoder", "Night", "NightOverview", "OrchestrateError", "Overlay", "PageOptions",
    "PictureRecipe", "Plan", "Project", "ProjectNight", "ProjectOverview", "Remark", "RunConfig", "RunEntry",
    "RunImage", "RunProgress", "RunResult", "RunStatistics", "ScanReport", "ScriptOptions", "Session",
    "SessionFields", "SessionFilters", "Setting", "SettingSection", "SettingsSources", "StackConfig", "StackResult",
    "StarFacts", "TiledPicture", "WatchOptions", "WorkerChannel", "add_nights", "align_frames", "asinh_stretch",
    "before_and_after", "best_frames", "check_project", "check_script_file", "check_settings",
    "check_written_scripts", "combine_frames", "compare", "crop_to_coverage", "debayer", "default_recipe", "develop",
    "encode_message", "exclude", "export_picture", "find_fields", "find_filters", "find_nights", "frame_remarks",
    "goal_of", "inspect", "is_project", "list_lights", "list_runs", "load_project", "load_recipe", "look_at",
    "map_overlay", "maps_of", "move_project", "new_nights", "new_project", "open_linear", "packed", "packed_texts",
    "phase_names", "phase_words", "picture_of", "picture_of_light", "plan_exclude", "plan_resume", "plan_scripts",
    "preset_names", "preset_settings", "product_of", "project_config", "project_filters", "project_overview",
    "project_settings", "read_ccddata", "read_frame", "read_value", "read_window", "recipe_beside", "resume",
    "resume_project", "run", "run_images", "run_project", "run_written_scripts", "runs_of", "sample_picture",
    "save_project", "save_recipe", "scan", "scan_project", "scores", "script_choices", "script_sessions",
    "script_settings", "setting_sections", "siril_stacks", "siril_window", "sky_lines_of", "smooth", "stack_session",
    "star_at", "statistics_rows", "translated", "transparencies", "trusted_config", "unpacked", "used_of_found",
    "validate_project", "watch", "white_balance", "with_goal", "working_inside", "write_image", "write_png",
    "write_project_scripts", "write_scripts",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
