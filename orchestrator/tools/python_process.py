"""Starts Python so that it imports nothing from the current folder, which may be the folder of a session of someone else."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["python_environment", "python_module", "safe_path"]


def python_module(module: str, *arguments: str | Path) -> list[str | Path]:
    """The command that runs a module of this program in another process. -P: the current folder is not on ``sys.path``."""
    return [sys.executable, "-P", "-m", module, *arguments]


def python_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of such a process: it finds this package first, and relative entries of PYTHONPATH and PATH are removed."""
    environ = os.environ if environ is None else environ
    packages = str(Path(__file__).resolve().parents[2])
    others = [p for p in environ.get("PYTHONPATH", "").split(os.pathsep) if Path(p).is_absolute() and p != packages]
    return {**environ, "PATH": safe_path(environ), "PYTHONPATH": os.pathsep.join([packages, *others])}


def safe_path(environ: Mapping[str, str] | None = None) -> str:
    """PATH without relative entries such as ".", which name other programs in every folder."""
    environ = os.environ if environ is None else environ
    return os.pathsep.join(p for p in environ.get("PATH", "").split(os.pathsep) if Path(p).is_absolute())
