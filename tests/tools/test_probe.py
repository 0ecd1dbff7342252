"""How programs are found and asked for their versions; see also test_siril_probe.py."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.errors import ToolMissing
from orchestrator.tools.graxpert import find_graxpert
from orchestrator.tools.probe import ToolProbe


def program(path: Path, output: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def probe(tmp_path: Path) -> ToolProbe:
    """A probe of "Tool", whose usual folder is ``usual``."""
    return ToolProbe("Tool", "tool", ("tool-cli", "tool"), "Install Tool.", ("TOOL", "TOOL_OLD"),
                     lambda environ: [tmp_path / "usual"], "--version", re.compile(r"Tool v(?P<version>\S+)"))


def test_path_comes_before_the_usual_folders_and_the_preferred_name_first(probe: ToolProbe, tmp_path: Path) -> None:
    usual = program(tmp_path / "usual" / "tool-cli", "Tool v1.0")
    assert probe.find(environ={"PATH": str(tmp_path / "a")}).path == usual
    other = program(tmp_path / "a" / "tool", "Tool v1.1")
    environ = {"PATH": f"{tmp_path / 'a'}:{tmp_path / 'b'}"}
    found = probe.find(environ=environ)
    assert found.path == other and found.version == (1, 1) and found.text == "Tool v1.1"
    preferred = program(tmp_path / "b" / "tool-cli", "Tool v0.9")
    assert probe.find(environ=environ).path == preferred


@pytest.mark.parametrize("variable", ["TOOL", "TOOL_OLD"])
def test_a_variable_names_the_program_or_its_folder_and_is_used_alone(probe: ToolProbe, tmp_path: Path, variable: str) -> None:
    program(tmp_path / "usual" / "tool-cli", "Tool v1.0")
    chosen = program(tmp_path / "chosen" / "tool", "Tool v2.5")
    for value in (chosen, chosen.parent):
        assert probe.find(environ={"PATH": "", variable: str(value)}).path == chosen
    with pytest.raises(ToolMissing, match="nothing"):
        probe.find(environ={"PATH": "", variable: str(tmp_path / "nothing")})


def test_another_program_of_that_name_is_skipped_and_named_if_there_is_no_other(probe: ToolProbe, tmp_path: Path) -> None:
    stranger = program(tmp_path / "a" / "tool", "hello")
    with pytest.raises(ToolMissing) as caught:
        probe.find(environ={"PATH": str(stranger.parent)})
    assert f"{stranger} does not identify itself as Tool (exit status 0)" in caught.value.message
    assert caught.value.remedy == "Install Tool." and caught.value.last_lines == ("hello",)
    good = program(tmp_path / "usual" / "tool", "Tool v3")
    assert probe.find(environ={"PATH": str(stranger.parent)}).path == good


def test_an_old_version_and_a_missing_program_are_refused_with_the_reason(probe: ToolProbe, tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match=re.escape("Tool was not found (TOOL, PATH, usual folders).")):
        probe.find(environ={"PATH": ""})
    program(tmp_path / "usual" / "tool", "Tool v1.9")
    with pytest.raises(ToolMissing, match=r"is Tool v1\.9, which is too old: it has no command line\."):
        replace(probe, minimum=(2, 0), why_minimum="it has no command line").find(environ={"PATH": ""})


def test_a_program_that_is_not_asked_must_be_executable(tmp_path: Path) -> None:
    path = program(tmp_path / "GraXpert", "a window opens")
    assert find_graxpert(path).version == () and find_graxpert(environ={"GRAXPERT": str(path)}).path == path
    path.chmod(0o644)
    with pytest.raises(ToolMissing, match="is not an executable file"):
        find_graxpert(path)
