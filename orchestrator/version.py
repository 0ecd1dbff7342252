"""The version of the program, in the one place that the build, the command line and the headers read; the way of its
installation."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["__version__", "install_command"]

__version__ = "0.2.0.dev0"

DISTRIBUTION = "orchestrate-astro"


def install_command(package: str) -> str:
    """What a person types to add a Python package to this installation.

    Parameters
    ----------
    package : name, with a version where one is needed: ``"rawpy"``, ``"PySide6-Essentials!=6.12.0"``.

    Returns
    -------
    str : a command; of the build that contains Python, whose packages are fixed, what to do instead. pipx and uv keep a program
        in an environment of its own, which pip does not reach; each leaves a file there.
    """
    quoted = f'"{package}"' if set(package) & set("<>=!") else package
    if getattr(sys, "frozen", False):
        return f"This build cannot be extended. Install {DISTRIBUTION} with Python, then: pip install {quoted}"
    prefix = Path(sys.prefix)
    if (prefix / "pipx_metadata.json").exists():
        return f"pipx inject {prefix.name} {quoted}"
    if (prefix / "uv-receipt.toml").exists():
        return f"uv tool install --upgrade {prefix.name} --with {quoted}"
    return f"pip install {quoted}"
