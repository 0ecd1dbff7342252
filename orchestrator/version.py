"""The version of the program, in the one place that the build, the command line and the headers read."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.2.0.dev0"
