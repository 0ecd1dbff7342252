"""Siril's working directory as a session."""

from __future__ import annotations

from pathlib import Path

from orchestrator.errors import ConfigError

__all__ = ["check_session", "default_runs"]


def default_runs(session: Path) -> Path:
    """The folder ``runs`` next to the session; nothing is written to a folder of raw frames."""
    return session.absolute().parent / "runs"


def check_session(session: Path) -> None:
    """Refuse folders that can only be a mistake, before they are searched for frames.

    Raises
    ------
    ConfigError : Siril's working directory is the home folder or the root of a disk.
    """
    resolved = session.resolve()
    if resolved == resolved.parent or resolved == Path.home().resolve():
        raise ConfigError(f"Siril's working directory is {session}, which is not a session.",
                          "Choose the folder that contains lights/ as the working directory (the house button).")
