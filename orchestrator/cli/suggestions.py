"""What was meant by a word that is not a verb."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Collection
from pathlib import Path

__all__ = ["suggestion"]

# Words for which people look -> what does it.
OTHER_WORDS = {
    "stack": "run", "process": "run", "start": "run", "go": "run", "integrate": "run", "live": "watch", "list": "runs list",
    "show": "runs show", "delete": "runs clean", "clean": "runs clean", "continue": "resume", "restart": "resume",
    "platesolve": "solve", "plate-solve": "solve", "gradient": "remove-background", "background": "remove-background",
    "color": "calibrate-color", "colour": "calibrate-color", "calibrate-colour": "calibrate-color", "window": "gui",
    "install": "insiril install", "info": "scan", "check": "scan", "demo": "simulate", "init": "config init",
    "settings": "config show", "nights": "project", "blink": "frames --blink", "version": "--version", "help": "--help",
}
PROJECT_FILES = ("project.yaml", "project.yml")


def suggestion(word: str, rest: Collection[str], verbs: Collection[str]) -> str:
    """A sentence that names the call that was meant by ``word`` and the words after it; "" if it is not clear."""
    path = Path(word).expanduser()
    words = shlex.join([word, *rest])
    if path.is_dir():
        verb = "project run" if any((path / name).is_file() for name in PROJECT_FILES) else "run"
        return f"It is a folder. To stack it: orchestrate {verb} {words}"
    if path.is_file() and path.name in PROJECT_FILES:
        return f"It is a project. To stack it: orchestrate project run {words}"
    if path.is_file():
        return f"It is a file. Stack a folder with `orchestrate run FOLDER`; for one image: orchestrate solve {words}"
    if word in OTHER_WORDS:
        return f"Did you mean: orchestrate {' '.join([OTHER_WORDS[word], shlex.join(rest)]).strip()}"
    near = difflib.get_close_matches(word, verbs, 2, 0.6)
    return f"Did you mean: {' or '.join(f'orchestrate {n}' for n in near)}" if near else "`orchestrate --help` lists all."
