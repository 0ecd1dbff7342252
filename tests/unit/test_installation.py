"""The command that adds a package is one that helps in the way the program was installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orchestrator.tools.doctor import _solver
from orchestrator.version import install_command


@pytest.mark.parametrize(("file", "command"), [
    ("pyvenv.cfg", "pip install rawpy"),
    ("pipx_metadata.json", "pipx inject stacker rawpy"),
    ("uv-receipt.toml", "uv tool install --upgrade stacker --with rawpy"),
])
def test_the_command_reaches_the_environment_of_the_program(tmp_path: Path, file: str, command: str,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stacker").mkdir()
    (tmp_path / "stacker" / file).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "stacker"))
    assert install_command("rawpy") == command


def test_versions_are_quoted_for_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/usr/no-such-prefix")
    assert install_command("PySide6-Essentials!=6.12.0") == 'pip install "PySide6-Essentials!=6.12.0"'


def test_a_build_with_its_own_python_is_not_told_to_use_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    remedy = _solver("a solver", "no_such_package_here", "no-such").remedy
    assert remedy.startswith("This build cannot be extended") and "orchestrate-astro" in remedy
