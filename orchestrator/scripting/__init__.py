"""Standalone Siril scripts: a folder of commented scripts that run without this program, and a check of scripts."""

from orchestrator.scripting.check import check_script_file
from orchestrator.scripting.layout import Layout, plan_scripts
from orchestrator.scripting.options import ScriptOptions
from orchestrator.scripting.write import write_scripts

__all__ = ["Layout", "ScriptOptions", "check_script_file", "plan_scripts", "write_scripts"]
