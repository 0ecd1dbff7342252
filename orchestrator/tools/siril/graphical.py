"""The window of Siril, to open an image in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from orchestrator.errors import ToolMissing
from orchestrator.tools.siril.cli import candidates

__all__ = ["siril_window"]

NAMES = ("siril", "siril.exe", "Siril")


def siril_window(image: Path, environ: Mapping[str, str] | None = None) -> list[str]:
    """The command that opens an image in the window of Siril: the program on PATH, else the one beside siril-cli.

    Raises
    ------
    ToolMissing : there is none.
    """
    environ = os.environ if environ is None else environ
    on_path = shutil.which("siril", path=environ.get("PATH", ""))
    if on_path is not None:
        return [on_path, str(image)]
    for path in candidates(environ=environ):
        if path.suffix == ".AppImage":
            return [str(path), str(image)]
        for name in NAMES:
            beside = path.resolve().with_name(name)
            if beside.is_file() and os.access(beside, os.X_OK):
                return [str(beside), str(image)]
    raise ToolMissing("The window of Siril was not found.", "Install Siril, so that `siril` is on PATH.")
