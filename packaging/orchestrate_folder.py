"""The program of the folder build (packaging/orchestrate.spec): the verbs, and the Python of the program's own processes."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from pathlib import Path

from orchestrator.version import __version__


def kernel_folder() -> Path:
    """Where compiled kernels are kept: the folder of the program may not be writable."""
    if sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "orchestrate" / "kernels" / __version__


def main() -> None:
    multiprocessing.freeze_support()
    os.environ.setdefault("NUMBA_CACHE_DIR", str(kernel_folder()))
    # The program starts processes of its own with `sys.executable -P -m MODULE` (orchestrator/tools/python_process.py), and Siril
    # starts it with `-P -c CODE` (orchestrator/insiril/launcher.py).
    if sys.argv[1:2] == ["-P"] and len(sys.argv) > 3:
        form, text = sys.argv[2:4]
        sys.argv[:4] = [sys.argv[0]]
        if form == "-m":
            runpy.run_module(text, run_name="__main__", alter_sys=True)
        else:
            exec(text, {"__name__": "__main__"})
        return
    from orchestrator.cli.main import main as orchestrate

    orchestrate()


if __name__ == "__main__":
    main()
